"""演练: every card, the trail and its anchor say that it is a rehearsal; a real company's never do (contract)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import handlers
from tests.handlers.meeting_life import SALES, ended
from tests.handlers.office import Office

NUMBER = "CG-20261123-0001"

# Their words for the head of a card take the rehearsal themselves; every other card's head is the post room's.
OWN_WORDS = {"approval_cards.py", "batch.py", "revisions.py"}


def live(office: Office) -> None:
    """Let cards of many kinds be sent and answered until the evening of the second day."""
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.tap("su", "同意")
    office.say("su", "通知 对象=许专员 明天停电")
    office.say("wei", "告警 数据库无法连接")
    ended(office, "su", "xu")
    office.say("lin", f"纪要 {SALES} 回顾了上月")
    office.say("lin", f"决议 {SALES} 清理客户台账 责任人=许专员 截止=12月4日")
    office.tap("xu", "接受")
    office.until(office.at(18, 30))


def heads(office: Office) -> set[str]:
    """Return the line above every card in every look it had."""
    shown = [message.card for chat in office.phones.chats.values() for message in chat if message.card is not None]
    return {str(face["source"]["desc"]) for card in shown for face in card.faces}


@pytest.mark.parametrize("rehearsal", [True, False])
def test_every_card_the_trail_and_its_anchor_say_what_they_belong_to(
    office_with: Callable[..., Office], rehearsal: bool
) -> None:
    office = office_with(rehearsal={"enabled": rehearsal})
    live(office)
    found = heads(office)
    assert len(found) >= 10
    assert [head for head in found if head.startswith("演练") is not rehearsal] == []
    assert any("会议 · 邀请" in head for head in found)
    assert any("任务 · 请答复" in head for head in found)
    mark = "演练 · " if rehearsal else ""
    assert office.say("xu", f"追溯 {NUMBER}").splitlines()[0] == f"{mark}采购 {NUMBER}（审批中）"
    anchor = next(said for said in reversed(office.read("zhou")) if isinstance(said, str) and "留痕存证" in said)
    assert anchor.splitlines()[0] == f"{mark}留痕存证 11月24日 18:00"
    assert ("rehearsal.born" in office.acts()) is rehearsal


def test_no_handler_makes_the_head_of_a_card_without_the_word_for_a_rehearsal() -> None:
    folder = Path(handlers.__file__).parent
    assert {path.name for path in folder.rglob("*.py") if "=Source(" in path.read_text()} == OWN_WORDS
