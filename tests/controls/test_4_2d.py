"""4.2d: each decision has 24 hours until its owner accepts; then the assigner is told, then the line."""

from __future__ import annotations

from tests.controls.meeting_evidence import facts
from tests.controls.standing import standing
from tests.handlers.meeting_life import SALES, begun, welcomed
from tests.handlers.office import Office

TASK = "RW-20261124-0001"


def test_24_hours_without_an_answer_climb_and_an_acceptance_ends_it(office_everywhere: Office) -> None:
    office = welcomed(office_everywhere)
    begun(office, "su")  # 24 November, 09:30
    office.say("lin", f"决议 {SALES} 清理客户台账 责任人=许专员 截止=12月4日")
    office.until(office.at(9, 29, days=1))
    assert facts(office, "task.not_accepted", TASK) == []
    office.move(minutes=1)
    (missed,) = facts(office, "task.not_accepted", TASK)
    assert (missed["owner"], missed["line"]) == ("xu", ["lin", "su", "zhao"])
    office.say("xu", f"接受 {TASK}")
    office.move(hours=48)
    assert [each["superior"] for each in facts(office, "task.escalated", TASK)] == ["lin"]
    state = standing(office, "4.2d")
    assert state.missing == ()
    assert {"command 接受", "button task.accept.1", "deadline task.accept", "command 改期", "command 有困难"} <= set(
        state.triggers
    )
