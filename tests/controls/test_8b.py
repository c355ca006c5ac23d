"""8b: a forum each quarter, with minutes as any meeting."""

from __future__ import annotations

from datetime import date, time

from tests.controls.meeting_evidence import facts, go_to, number_of
from tests.controls.standing import standing
from tests.handlers.meeting_life import welcomed
from tests.handlers.office import Office


def test_the_forum_exists_by_itself_in_the_quarter_s_second_month_and_leaves_minutes(office: Office) -> None:
    office.clock.company = office.clock.machine = office.house.calendar.at(date(2026, 11, 9), time(8))
    office.store.write(lambda unit: office.ticker.ensure_rhythms(unit, office.clock.company_now()))
    welcomed(office)
    go_to(office, date(2026, 11, 16), 15)  # the 15th is a Sunday
    number = number_of(office, "meeting.forum_opened")
    assert "参加" in office.card("su", "参加").buttons
    office.tap("zhou", "会议开始")
    go_to(office, date(2026, 11, 16), 16, 30)
    office.say("zhou", f"会议结束 {number}")
    go_to(office, date(2026, 11, 16), 18, 31)
    assert office.say("zheng", f"纪要 {number} 痛点三条。").startswith("纪要已收到（比时限晚 1 分钟）")
    assert facts(office, "meeting.forum_minutes", number)[0]["late_seconds"] == 60
    state = standing(office, "8b")
    assert state.missing == ()
    assert "deadline meeting.plan" in state.triggers
