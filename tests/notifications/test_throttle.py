"""Quotas as tables: who may be written to now, and when the others may (design rule 6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.throttle import Candidate, Limits, crowded, plan
from policy.terms import DeliveryKind, Lane

NOW = datetime(2026, 11, 23, 2, 7, 20, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def message(id_: int, recipient: str = "xu", lane: Lane = Lane.DEFAULT, digest: bool = False) -> Candidate:
    return Candidate(id_, recipient, lane, DeliveryKind.MESSAGE, digest)


def sent(count: int, newest: float = 1.0, step: float = 1.0) -> list[datetime]:
    """Return instants that many, the newest so many seconds ago, each `step` seconds before the next."""
    return [NOW - timedelta(seconds=newest + step * index) for index in range(count)]


@pytest.mark.parametrize(
    ("lane", "already", "goes"),
    [
        (Lane.DEFAULT, 19, True), (Lane.DEFAULT, 20, False), (Lane.BULK, 20, False),
        (Lane.URGENT, 20, True), (Lane.URGENT, 24, True), (Lane.URGENT, 25, False),
    ],
)
def test_a_member_gets_25_a_minute_of_which_five_are_kept_for_what_is_urgent(
    lane: Lane, already: int, goes: bool
) -> None:
    made = plan([message(1, lane=lane)], {"xu": sent(already)}, 0, NOW)
    assert (made.leave == (1,)) is goes
    assert set(made.leave) | set(made.later) == {1}


def test_a_full_minute_says_exactly_when_the_next_may_go() -> None:
    times = sent(20, newest=5)
    slot = plan([message(1)], {"xu": times}, 0, NOW).later[1]
    assert slot == min(times) + 60 * SECOND + timedelta(milliseconds=1)
    assert plan([message(1)], {"xu": times}, 0, slot).leave == (1,)
    assert plan([message(1)], {"xu": times}, 0, slot - timedelta(milliseconds=2)).leave == ()


def test_a_full_hour_says_when_the_next_may_go() -> None:
    times = sent(800, newest=61, step=4)
    slot = plan([message(1)], {"xu": times}, 0, NOW).later[1]
    assert slot == min(times) + timedelta(hours=1, milliseconds=1)
    assert plan([message(1, lane=Lane.URGENT)], {"xu": times}, 0, NOW).leave == (1,)


def test_one_full_member_holds_up_nobody_else() -> None:
    made = plan([message(1), message(2, "su")], {"xu": sent(25)}, 0, NOW)
    assert made.leave == (2,)


def test_what_leaves_in_a_plan_counts_in_the_same_plan() -> None:
    made = plan([message(index) for index in range(1, 5)], {"xu": sent(18)}, 0, NOW)
    assert made.leave == (1, 2)
    assert set(made.later) == {3, 4}


def test_urgent_ones_leave_first_then_the_oldest() -> None:
    candidates = [message(3, "a"), message(1, "b"), message(9, "c", Lane.URGENT)]
    assert plan(candidates, {}, 0, NOW).leave == (9, 1, 3)


def test_card_updates_touch_no_members_quota() -> None:
    update = Candidate(1, "xu", Lane.DEFAULT, DeliveryKind.CARD_UPDATE)
    assert plan([update], {"xu": sent(25)}, 0, NOW).leave == (1,)


@pytest.mark.parametrize(
    ("lane", "in_flight", "goes"),
    [(Lane.DEFAULT, 23, True), (Lane.DEFAULT, 24, False), (Lane.URGENT, 24, True), (Lane.URGENT, 32, False)],
)
def test_calls_at_once_are_limited_for_the_whole_app(lane: Lane, in_flight: int, goes: bool) -> None:
    made = plan([message(1, lane=lane)], {}, in_flight, NOW)
    assert (made.leave == (1,)) is goes
    assert goes or NOW < made.later[1] <= NOW + SECOND


@pytest.mark.parametrize("minute", [0, 30])
def test_bulk_waits_for_the_end_of_a_crowded_minute_and_other_lanes_do_not(minute: int) -> None:
    at = NOW.replace(minute=minute)
    made = plan([message(1, lane=Lane.BULK), message(2, "su"), message(3, "he", Lane.URGENT)], {}, 0, at)
    assert made.leave == (3, 2)
    assert made.later == {1: at.replace(minute=minute + 1, second=0)}
    assert crowded(Lane.BULK, at)
    assert not crowded(Lane.DEFAULT, at)


def test_digests_leave_in_a_crowded_minute_but_spread() -> None:
    at = NOW.replace(minute=0)
    made = plan([message(index, f"user{index}", Lane.BULK, True) for index in range(1, 13)], {}, 0, at)
    assert made.leave == (1, 2, 3, 4, 5)
    assert set(made.later.values()) == {at + SECOND}


@given(
    ages=st.lists(st.floats(0, 4000), max_size=120),
    lanes=st.lists(st.sampled_from(list(Lane)), min_size=1, max_size=40),
)
def test_no_member_ever_gets_more_than_25_within_any_minute_and_nothing_is_dropped(
    ages: list[float], lanes: list[Lane]
) -> None:
    limits = Limits(hour=60, hour_kept=10)
    before = [NOW - timedelta(seconds=age) for age in ages]
    made = plan([message(index, lane=lane) for index, lane in enumerate(lanes)], {"xu": before}, 0, NOW, limits)
    assert sorted([*made.leave, *made.later]) == list(range(len(lanes)))
    last_minute = sum(instant > NOW - timedelta(minutes=1) for instant in before)
    last_hour = sum(instant > NOW - timedelta(hours=1) for instant in before)
    assert not made.leave or last_minute + len(made.leave) <= 25
    assert not made.leave or last_hour + len(made.leave) <= 60
    assert all(slot > NOW for slot in made.later.values())
