"""4.2a: the weekly meeting exists by itself each Monday 09:30, is attended and ended in chat, and has its minutes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from policy.meetings import WEEKLY, standing_day
from tests.controls.meeting_evidence import facts, go_to, number_of
from tests.controls.standing import in_force, standing
from tests.handlers.meeting_life import welcomed
from tests.handlers.office import Office


def test_the_weekly_meeting_is_opened_attended_ended_and_its_minutes_come(office_everywhere: Office) -> None:
    office = welcomed(office_everywhere)
    go_to(office, date(2026, 11, 30), 9, 30)
    (opened,) = facts(office, "meeting.opened")
    assert (opened["kind"], opened["chair"], opened["recorder"], opened["people"]) == ("weekly", "zhou", "zheng", 14)
    number = number_of(office, "meeting.opened")
    office.tap("zhou", "会议开始")
    for userid in ("su", "lin", "qian"):
        office.tap(userid, "我已到会")
    go_to(office, date(2026, 11, 30), 10, 30)
    office.say("zhou", f"会议结束 {number}")
    (ended,) = facts(office, "meeting.ended", number)
    assert (ended["owes"], ended["here"]) == ("zheng", ["lin", "qian", "su", "zhou"])
    assert "由您负责" in [said for said in office.read("zheng") if isinstance(said, str)][-1]
    go_to(office, date(2026, 11, 30), 11, 0)
    assert office.say("zheng", f"纪要 {number} 一、上周问题。").startswith("纪要已收到（按时）")
    state = standing(office, "4.2a")
    assert state.missing == ()
    assert {"deadline meeting.plan", "command 会议开始", "button meeting.here.1", "command 纪要"} <= set(state.triggers)
    assert facts(office, "minutes.given", number)[0]["late_seconds"] == 0


def test_who_is_away_on_monday_is_replaced_and_both_replacements_are_evidence(office_everywhere: Office) -> None:
    office = welcomed(office_everywhere)
    go_to(office, date(2026, 11, 27), 9)
    office.say("zhou", "休假 11月30日 12月1日 代理=吴主管")
    office.say("zheng", "休假 11月30日 12月1日")
    go_to(office, date(2026, 11, 30), 9, 19)
    before = standing(office, "4.2a").count
    go_to(office, date(2026, 11, 30), 9, 20)
    number = number_of(office, "meeting.opened")
    replaced = [facts(office, f"meeting.{who}_replaced", number) for who in ("chair", "taker")]
    assert [[(each["was"], each["now"], each["why"]) for each in acts] for acts in replaced] == [
        [("zhou", "wu", "leave")], [("zheng", "gao", "leave")],
    ]
    state = in_force(office, "4.2a", "deadline meeting.reminder", "deadline meeting.start")
    assert state.count == before + 2


def test_a_holiday_monday_moves_the_meeting_and_the_week_has_one(office: Office) -> None:
    calendar = replace(office.house.calendar, rest_days=office.house.calendar.rest_days | {date(2026, 11, 30)})
    assert standing_day(WEEKLY, date(2026, 11, 30), calendar) == (date(2026, 12, 1), date(2026, 11, 30).toordinal())
    assert standing_day(WEEKLY, date(2026, 12, 3), calendar) == (date(2026, 12, 1), date(2026, 11, 30).toordinal())


def test_the_recorder_is_a_records_specialist_in_turn(office: Office) -> None:
    welcomed(office)
    go_to(office, date(2026, 12, 8), 8, 0)
    recorders = [each["recorder"] for each in facts(office, "meeting.opened")]
    assert recorders == ["zheng", "zheng"]  # the sample company has one
