"""4.2c: a decision becomes minutes with a person responsible; one without an owner is refused."""

from __future__ import annotations

from storage.queries import items
from tests.controls.meeting_evidence import facts
from tests.controls.standing import in_force
from tests.handlers.meeting_life import SALES, begun, welcomed
from tests.handlers.office import Office


def test_a_decision_names_its_owner_or_is_not_registered(office_everywhere: Office) -> None:
    office = welcomed(office_everywhere)
    begun(office, "su")
    refused = office.say("lin", f"决议 {SALES} 清理客户台账 截止=12月4日")
    assert refused.startswith("决议需要写明责任人（制度四（二）），尚未登记。")
    assert facts(office, "decision.registered") == []
    office.say("lin", f"决议 {SALES} 清理客户台账 责任人=许专员 截止=12月4日")
    (registered,) = facts(office, "decision.registered")
    assert (registered["meeting"], registered["owner"]) == (SALES, "xu")
    (decision,) = office.ask(lambda unit: items.children_of(unit, SALES))
    assert (decision.responsible, decision.parent) == ("xu", SALES)
    in_force(office, "4.2c", "command 决议")


def test_a_decision_for_somebody_on_leave_names_who_stands_in(office: Office) -> None:
    welcomed(office)
    begun(office, "su")
    assert "休假" in office.say("xu", "休假 11月24日 11月30日 代理=苏主管")
    office.run()
    said = office.say("lin", f"决议 {SALES} 清理客户台账 责任人=许专员 截止=12月4日")
    assert said == (
        "许专员 休假至 12月1日 00:00，尚未登记。代理人是 苏主管，请改由在岗的人负责："
        f"决议 {SALES} 清理客户台账 责任人=许专员 截止=12月4日"
    )
    assert facts(office, "decision.registered") == []
