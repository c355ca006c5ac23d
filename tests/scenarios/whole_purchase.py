"""One purchase from the first word to the last, whatever the weather; then who was told what, and how often."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress

from sandbox.platform.play import NotSo
from sandbox.stage import Stage

NUMBER = "CG-20261123-0001"
SIGNERS = (("su", "苏主管"), ("qian", "钱总监"), ("zhao", "赵总"))
_TRIES = 6  # of a person whose tap did not arrive


def buy(stage: Stage) -> None:
    """File a purchase and let all three sign; people try again what their phone says has not arrived."""
    stage.platform.hands.text("xu", "采购 服务器 3.5万 扩容")
    stage.settle()
    for signed, (who, _) in enumerate(SIGNERS, 1):
        for _ in range(_TRIES):
            with suppress(NotSo):
                stage.tap(who, "同意")
            stage.settle()
            if stage.acts(NUMBER).count("approval.approved") == signed:
                break
        else:
            raise AssertionError(f"{who} could not sign")


def texts(stage: Stage, userid: str) -> list[str]:
    """Return every text on somebody's phone."""
    chat = stage.platform.world.chats[userid]
    return [str(each["text"]) for each in chat if each["direction"] == "out" and "card" not in each]


def told_once(stage: Stage) -> None:
    """Check that everybody got what concerns them, exactly once, and nobody anything else."""
    assert Counter(map(_kind, texts(stage, "xu"))) == {
        "filed": 1, "苏主管 signed": 1, "钱总监 signed": 1, "passed": 1,
    }
    for who, _ in SIGNERS:
        cards = stage.cards(who)
        assert [card.rows["编号"] for card in cards] == [NUMBER]
        assert texts(stage, who) == []
    assert len(texts(stage, "he")) == 1
    assert len(texts(stage, "lin")) == 1
    concerned = {"xu", "su", "qian", "zhao", "he", "lin"}
    others = {who: chat for who, chat in stage.platform.world.chats.items() if chat and who not in concerned}
    assert not others
    acts = Counter(stage.acts(NUMBER))
    assert acts["approval.filed"] == 1
    assert acts["approval.approved"] == len(SIGNERS)
    assert stage.platform.world.dropped == []


def _kind(text: str) -> str:
    if text.startswith(f"已提交采购 {NUMBER}"):
        return "filed"
    if text.startswith(f"{NUMBER} 已通过"):
        return "passed"
    for _, name in SIGNERS:
        if text.startswith(f"{NUMBER} {name} 已同意"):
            return f"{name} signed"
    return text
