"""What is unusual is shown first; and a command that means another thing for another kind of number."""

from __future__ import annotations

import pytest

from handlers.registry import Registry, Say, Topic
from policy.terms import Noun
from tests.handlers.office import Office


def _file_usual(office: Office) -> None:
    for _ in range(3):
        office.say("xu", "采购 文具 100 办公")
        for signer in ("su", "qian", "zhao"):
            office.tap(signer, "同意")
    office.skip()


def test_an_unusual_sum_is_shown_first_and_filed_once_when_confirmed(office: Office) -> None:
    office.enter("xu")
    _file_usual(office)
    shown = office.say("xu", "采购 服务器 3.5万 扩容")
    assert shown.startswith("请确认：服务器 · ¥35,000.00（叁万伍仟元整）")
    office.silence()
    assert office.say("xu", "确认发送").startswith("已提交采购 CG-20261123-0004")
    office.skip()
    assert office.say("xu", "确认发送") == "现在没有等您确认的内容。"


def test_change_drops_the_preview_and_gives_back_what_was_typed(office: Office) -> None:
    office.enter("xu")
    _file_usual(office)
    office.say("xu", "采购 服务器 3.5万 扩容")
    assert office.say("xu", "修改") == "没有发出。请改好后重新发送，原文：\n采购 服务器 3.5万 扩容"
    assert office.say("xu", "确认发送") == "现在没有等您确认的内容。"


def test_a_preview_is_forgotten_after_ten_minutes(office: Office) -> None:
    office.enter("xu")
    _file_usual(office)
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.move(minutes=11)
    assert office.say("xu", "确认发送") == "现在没有等您确认的内容。"


def test_a_branch_of_a_command_that_nobody_declares_is_refused() -> None:
    topic = Topic("one")
    topic.branch("没有", Noun.ALARM)(lambda line, ctx: Say(""))
    with pytest.raises(ValueError, match="nobody declares"):
        Registry([topic])


def test_two_branches_for_one_noun_are_refused() -> None:
    first, second = Topic("one"), Topic("two")
    first.command("撤回", group="", usage="")(lambda line, ctx: Say(""))
    for topic in (first, second):
        topic.branch("撤回", Noun.ALARM)(lambda line, ctx: Say(""))
    with pytest.raises(ValueError, match="two branches"):
        Registry([first, second])
