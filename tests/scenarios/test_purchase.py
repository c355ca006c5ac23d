"""A purchase from the first word to the last, through sealed callbacks and the strict platform."""

from __future__ import annotations

from sandbox.stage import Card, Stage

NUMBER = "CG-20261123-0001"


def test_a_purchase_passes_three_signers_and_everybody_is_told_once(stage: Stage) -> None:
    assert stage.say("xu", "采购 服务器 3.5万 扩容") == (
        f"已提交采购 {NUMBER}\n服务器 · ¥35,000.00（叁万伍仟元整）\n事由：扩容\n签字顺序：苏主管 → 钱总监 → 赵总\n"
        f'现在由 苏主管 审批。\n撤回请发"撤回 {NUMBER}"，提醒请发"催办 {NUMBER}"（每天最多 3 次）。\n'
        "第一次使用？发\"帮助\"看可以做什么。"
    )
    for who, words in (("su", "已同意 · 苏主管"), ("qian", "已同意 · 钱总监"), ("zhao", "已同意 · 赵总")):
        card = stage.card(who, "同意")
        assert (card.title, card.rows["编号"], card.rows["金额"]) == ("服务器", NUMBER, "¥35,000.00")
        after = stage.tap(who, "同意")
        assert words in str(after.json)
        assert after.dead
        assert len([each for each in stage.read(who) if isinstance(each, Card)]) == 1
    told = [str(each) for each in stage.read("xu")]
    assert len(told) == 3
    assert told[0].startswith(f"{NUMBER} 苏主管 已同意")
    assert told[1].startswith(f"{NUMBER} 钱总监 已同意")
    assert told[2].startswith(f"{NUMBER} 已通过")
    assert len(stage.read("he")) == 1
    assert stage.read("lin") == [
        f"抄送：许专员 提交采购 {NUMBER} 服务器 ¥35,000.00，部门一签由 苏主管 按制度四（一）代行，您无需操作。"
        f'要看经过请发"追溯 {NUMBER}"。'
    ]
    stage.silence()


def test_the_same_words_said_again_within_hours_arrive_again(stage: Stage) -> None:
    stage.say("xu", "采购 服务器 3.5万 扩容")
    for _ in range(3):
        stage.tap("su", "驳回")
        assert [str(each) for each in stage.read("su") if isinstance(each, str)] == [
            f'请先在"原因"里选一项再点驳回，或直接发：驳回 {NUMBER} 理由'
        ]
