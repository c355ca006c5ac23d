"""What was held over night says each moment once."""

from datetime import UTC, datetime

import pytest

from notifications.texts import morning
from notifications.texts.trace import anchored

SENT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def test_the_head_of_the_chain_says_its_moment_once() -> None:
    held = anchored(SENT, 7, "0123456789abcdef99", rehearsal=False)

    assert morning.entry(2, SENT, held) == f"2. {held}"
    assert morning.short_entry(2, SENT, held) == "2. 留痕存证 11月23日 18:00…"


@pytest.mark.parametrize("content", ["任务已完成", "请在 11月23日 18:00 前确认", "留痕存证 11月22日 18:00"])
def test_another_message_is_led_by_the_moment_it_was_sent(content: str) -> None:
    assert morning.entry(1, SENT, content) == f"1. 11月23日 18:00 {content}"
    assert morning.short_entry(1, SENT, content) == f"1. 11月23日 18:00 {content}"
