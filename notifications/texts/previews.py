"""确认发送, 修改: what is shown before it leaves."""

from __future__ import annotations

from notifications.texts.words import shortened

USAGE_CHANGE = "修改：刚才预览的内容先不发"
CORRECT_WORD = "更正"


def dropped(typed: str) -> str:
    """Answer 修改: nothing left; what was typed comes back to be changed."""
    return f"没有发出。请改好后重新发送，原文：\n{shortened(typed, 500)}"
