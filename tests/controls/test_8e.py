"""8e: a change of the policy is drafted, shown on past records, approved by the director, published, and in force."""

from __future__ import annotations

from tests.controls.standing import greeted, in_force
from tests.handlers.office import Card, Office


def test_a_revision_goes_its_whole_way_and_everybody_is_asked_to_confirm(office_everywhere: Office) -> None:
    office = office_everywhere
    greeted(office)
    office.say("xu", "采购 服务器 6万 扩容")
    office.skip()

    draft = office.say("wu", "修订 总监审批起点=10万 理由=业务规模扩大")

    assert "近 90 天 1 单中 1 单签字顺序会不同：多签 0 次、少签 1 次，涉及 ¥60,000.00。" in draft
    office.tap("zhou", "同意")
    for userid in ("xu", "su", "zhao", "tao"):
        cards = [said for said in office.read(userid) if isinstance(said, Card)]
        assert [card.buttons for card in cards if card.buttons == ["已读"]] == [["已读"]], userid
    assert "签字顺序：苏主管 → 钱总监 → 赵总" in office.say("xu", "采购 机柜 6万 扩容").split("\n")
    in_force(office, "8e", "command 修订", "button revision.approve.1")
