"""Split orders are noticed: a hint on the signers' card and to the records director, nothing else (4.1a)."""

from __future__ import annotations

from tests.controls.standing import greeted
from tests.handlers.office import Card, Office


def test_orders_that_reach_the_limit_together_are_hinted_at(office_everywhere: Office) -> None:
    office = office_everywhere
    greeted(office)
    office.say("xu", "采购 服务器 3万 扩容")
    assert "提示" not in office.card("su").outcome
    office.move(days=2)
    office.skip()
    assert office.say("xu", "采购 服务器第二批 2.5万 扩容").startswith("已提交采购 CG-20261125-0001")
    card = office.card("su", "同意")
    assert card.outcome.startswith(
        "提示：近 7 天同类 2 单合计 ¥55,000.00（CG-20261123-0001），请留意是否应合并\n事由：扩容\n"
    )
    assert [each for each in office.read("zhou") if not isinstance(each, Card)] == [
        "提示：CG-20261125-0001 与近 7 天的 CG-20261123-0001 同类，合计 ¥55,000.00，各单都在限额以下（制度四（一））。"
        '仅供留意，不影响审批。要看经过请发"追溯 CG-20261125-0001"。'
    ]
    office.tap("su", "同意")
    assert "提示：近 7 天同类 2 单" in office.card("qian", "同意").outcome


def test_withdrawn_and_other_orders_give_no_hint(office: Office) -> None:
    greeted(office)
    office.say("xu", "采购 服务器 3万 扩容")
    office.say("xu", "撤回 CG-20261123-0001")
    office.say("xu", "采购 服务器 3万 扩容")
    office.say("xu", "采购 显示器 3万 扩容")
    assert office.acts().count("approval.filed") == 3
    assert "approval.hinted" not in office.acts()
