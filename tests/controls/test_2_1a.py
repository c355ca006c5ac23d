"""2.1a: specialist, supervisor, director, executives; each escalation climbs exactly the reporting line."""

from __future__ import annotations

from tests.controls.standing import greeted, in_force, standing
from tests.handlers.office import Office


def told(office: Office, userid: str) -> list[str]:
    return [said for said in office.read(userid) if isinstance(said, str)]


def test_a_card_that_waits_climbs_to_the_signers_superior_and_to_nobody_else(office: Office) -> None:
    greeted(office)
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.skip()
    office.until(office.at(9, 59, days=2))
    assert told(office, "lin") == []

    office.until(office.at(10, 1))

    (said,) = told(office, "lin")
    assert "CG-20261123-0001" in said
    assert "苏主管" in said
    assert [userid for userid in ("qian", "gao", "he", "jia") if told(office, userid)] == []
    assert office.acts("CG-20261123-0001").count("approval.reminded") == 3
    state = standing(office, "2.1a")
    assert state.missing == ()
    assert state.count >= 3
    assert "deadline approval.reminder" in state.triggers


def test_the_next_signature_climbs_the_applicants_own_line(office_everywhere: Office) -> None:
    office = office_everywhere
    greeted(office)
    # 苏主管's own purchase: nobody signs their own, so the line above signs for the department.
    answer = office.say("su", "采购 投影仪 8000 培训")

    assert "签字顺序：林总监 → 钱总监 → 赵总" in answer.split("\n")
    in_force(office, "2.1a", "command 采购")
