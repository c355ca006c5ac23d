"""When a row is tried again, and when it is not: tables (design rule 5)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from notifications.fates import circuit_wait, may_resend, next_try, resend_at
from policy.terms import DeliveryKind, Lane

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def waits(lane: Lane, jitter: float = 0.5) -> list[float]:
    found: list[float] = []
    while (at := next_try(lane, len(found) + 1, NOW, jitter)) is not None:
        found.append((at - NOW).total_seconds())
    return found


def test_ordinary_messages_are_tried_twelve_times_with_growing_waits() -> None:
    found = waits(Lane.DEFAULT)
    assert found == [1, 4, 15, 60, 300, 900, 1800, 3600, 3600, 3600, 3600]
    assert waits(Lane.BULK) == found


def test_urgent_messages_are_tried_within_seconds_and_for_hours() -> None:
    found = waits(Lane.URGENT)
    assert sum(found[:5]) == 30
    assert max(found[:20]) == 30
    assert sum(found) > 6 * 3600


@pytest.mark.parametrize("jitter", [0.0, 0.999])
def test_jitter_moves_a_wait_by_a_quarter_at_most(jitter: float) -> None:
    for moved, plain in zip(waits(Lane.DEFAULT, jitter), waits(Lane.DEFAULT), strict=True):
        assert 0.75 * plain <= moved <= 1.25 * plain


def test_the_platforms_own_wait_is_kept() -> None:
    assert next_try(Lane.DEFAULT, 1, NOW, 0.5, not_before=timedelta(seconds=60)) == NOW + timedelta(seconds=60)


@pytest.mark.parametrize(
    ("lane", "kind", "minutes", "allowed"),
    [
        (Lane.DEFAULT, DeliveryKind.MESSAGE, 0, True),
        (Lane.DEFAULT, DeliveryKind.MESSAGE, 213, True),
        (Lane.DEFAULT, DeliveryKind.MESSAGE, 214, False),
        (Lane.BULK, DeliveryKind.MESSAGE, 214, False),
        (Lane.URGENT, DeliveryKind.MESSAGE, 600, True),
        (Lane.DEFAULT, DeliveryKind.CARD_UPDATE, 600, True),
        (Lane.DEFAULT, DeliveryKind.DOWNLOAD, 600, True),
        (Lane.DEFAULT, DeliveryKind.RECALL, 600, True),
    ],
)
def test_a_message_of_unknown_fate_leaves_again_only_while_wecom_drops_the_second_copy(
    lane: Lane, kind: DeliveryKind, minutes: int, allowed: bool
) -> None:
    assert may_resend(lane, kind, NOW - timedelta(minutes=minutes), NOW) is allowed


def test_a_resend_that_would_leave_after_the_window_is_not_made() -> None:
    early = NOW - timedelta(hours=3)
    assert resend_at(Lane.DEFAULT, DeliveryKind.MESSAGE, early, 1, NOW, 0.5) == NOW + timedelta(seconds=1)
    assert resend_at(Lane.DEFAULT, DeliveryKind.MESSAGE, early, 8, NOW, 0.5) is None


def test_the_circuit_stays_open_longer_each_time_up_to_ten_minutes() -> None:
    assert [circuit_wait(count).total_seconds() for count in range(1, 8)] == [30, 60, 120, 300, 600, 600, 600]
