"""3.1a: purchases need three signatures in order: department, finance, CEO; then procurement gets the task to buy."""

from __future__ import annotations

from policy.terms import Verb
from storage.queries.approvals import signatures_of
from tests.controls.standing import greeted, in_force
from tests.handlers.office import Office

NUMBER = "CG-20261123-0001"


def test_three_sign_in_order_and_nothing_is_bought_before_the_last(office_everywhere: Office) -> None:
    office = office_everywhere
    greeted(office)
    office.say("xu", "采购 服务器 3.5万 扩容")
    for early in ("qian", "zhao"):
        assert office.say(early, f"同意 {NUMBER}") == f"{NUMBER} 现在由 苏主管 审批，您这次的操作没有生效。"
    office.tap("su", "同意")
    office.move(minutes=3)
    office.say("qian", f"同意 {NUMBER} 预算内")
    assert office.acts("RW-20261123-0001") == []
    office.move(minutes=3)
    office.tap("zhao", "同意")

    signed = office.ask(lambda unit: signatures_of(unit, NUMBER))
    assert [(each.actor_name, each.verb, each.opinion) for each in signed] == [
        ("苏主管", Verb.APPROVE, ""), ("钱总监", Verb.APPROVE, "预算内"), ("赵总", Verb.APPROVE, ""),
    ]
    assert [each.at for each in signed] == [office.at(10, 0), office.at(10, 3), office.at(10, 6)]
    assert len({each.revision_digest for each in signed}) == 1
    assert "CG-20261123-0001 已通过" in str(office.read("xu")[-1])
    assert "采购任务 RW-20261123-0001：服务器 ¥35,000.00" in str(office.read("he")[-1])
    in_force(office, "3.1a", "command 采购", "button approval.approve.1")


def test_a_refusal_at_any_step_ends_it_with_its_reason(office: Office) -> None:
    greeted(office)
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.tap("su", "同意")
    office.say("qian", f"驳回 {NUMBER} 不在预算内")

    assert [each.verb for each in office.ask(lambda unit: signatures_of(unit, NUMBER))] == [Verb.APPROVE, Verb.REJECT]
    assert office.acts("RW-20261123-0001") == []
    in_force(office, "3.1a", "command 采购")
