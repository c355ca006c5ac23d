"""4.2e: done in time, late, or not done flows into the owner's evaluation: judged to the second, counted as a rate."""

from __future__ import annotations

from tests.controls.meeting_evidence import facts
from tests.controls.standing import in_force
from tests.handlers.meeting_life import SALES, begun, welcomed
from tests.handlers.office import Office


def test_promises_are_judged_and_counted_per_person_and_department(office: Office) -> None:
    welcomed(office)
    begun(office, "su")
    for what, owner, due in (("甲", "许专员", "11月25日"), ("乙", "许专员", "11月26日"), ("丙", "苏主管", "11月26日")):
        office.say("lin", f"决议 {SALES} {what} 责任人={owner} 截止={due}")
    office.say("xu", "完成 RW-20261124-0001 已办")
    office.say("lin", "确认完成 RW-20261124-0001")
    office.until(office.at(18, 0, days=2))
    office.move(minutes=90)
    office.say("xu", "完成 RW-20261124-0002 已办")
    office.say("lin", "确认完成 RW-20261124-0002")
    assert [(each["owner"], each["outcome"], each["late_seconds"]) for each in facts(office, "task.judged")] == [
        ("xu", "kept", 0), ("xu", "late", 5400),
    ]
    assert office.say("xu", "履约").split("\n")[:2] == [
        "许专员 2026年第4季度履约：按期完成 50.0%", "按期 1，逾期完成 1，逾期未完成 0；改过期 0，未到期 0",
    ]
    assert office.say("lin", "履约 销售部").split("\n")[:2] == [
        "销售部 2026年第4季度履约：按期完成 33.3%", "按期 1，逾期完成 1，逾期未完成 1；改过期 0，未到期 0",
    ]
    in_force(office, "4.2e", "command 完成", "command 履约", "deadline task.overdue", "button task.confirm.1")
