"""What a card cannot show is one tap away: cards lead to the item's page where there are pages (design rule 11)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.handlers.meeting_life import SALES, ended
from tests.handlers.office import Office

NUMBER = "CG-20261123-0001"
ADDRESS = "http://127.0.0.1:8600/h5/items"
LONG = "扩容" * 240


@pytest.fixture
def paged(office_with: Callable[..., Office]) -> Office:
    return office_with(pages=True)


@pytest.mark.parametrize("reason", ["扩容", LONG])
def test_an_approval_card_leads_to_its_page_before_and_after_the_decision(paged: Office, reason: str) -> None:
    paged.say("xu", f"采购 服务器 3.5万 事由={reason}")
    card = paged.card("su", "同意")
    assert card.json["card_action"] == {"type": 1, "url": f"{ADDRESS}/{NUMBER}"}
    cut = f"{reason[:126]}…全文见卡片页" if len(reason) > 150 else reason
    assert card.outcome.rpartition("\n")[0] == f"事由：{cut}"
    assert len(card.outcome) <= 150
    paged.tap("su", "同意")
    assert card.json["card_action"] == {"type": 1, "url": f"{ADDRESS}/{NUMBER}"}
    assert card.outcome == "已同意 · 苏主管 · 11月23日 10:00\n现在由 钱总监 审批"


def test_without_pages_a_card_leads_nowhere_and_names_the_command(office: Office) -> None:
    office.say("xu", f"采购 服务器 3.5万 事由={LONG}")
    card = office.card("su", "同意")
    assert "card_action" not in card.json
    assert f'…全文请发"追溯 {NUMBER}"\n内容校验 ' in card.outcome


def test_the_card_that_asks_to_confirm_minutes_leads_to_the_meetings_page(paged: Office) -> None:
    ended(paged, "su")
    paged.say("lin", f"纪要 {SALES} 一、本月回款 320 万")
    card = paged.card("su", "确认")
    assert card.json["card_action"] == {"type": 1, "url": f"{ADDRESS}/{SALES}"}
    assert card.outcome == "一、本月回款 320 万\n全文见卡片页"
    assert paged.tap("su", "确认").json["card_action"] == {"type": 1, "url": f"{ADDRESS}/{SALES}"}
