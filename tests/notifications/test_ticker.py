"""The ticker: every deadline once, in due order, whatever fails, however many tickers run (design rule 7)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from notifications.ticker import RHYTHM, FiringKind, Ticker
from policy.deadlines import Due
from policy.terms import DeadlineState, Lateness
from storage.canonical import from_json
from storage.queries.deadlines import cancel_deadlines, set_deadline
from storage.queries.due import earliest_due, next_due, take
from storage.store import Store
from storage.tables import AUDIT, CONVERSATION, DEADLINE
from storage.unit import Unit
from tests.notifications.hands import START, HandClock

WEEK = timedelta(days=7)
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


def put(store: Store, kind: str, subject: str, due_at: datetime, generation: int = 1, **data: object) -> None:
    store.write(lambda unit: set_deadline(unit, kind, subject, generation, due_at, data))


def states(store: Store, kind: str) -> list[tuple[str, int, str]]:
    """Return (subject, generation, state) of every deadline of a kind, by due instant."""
    statement = (
        DEADLINE.select().with_only_columns(DEADLINE.c.subject, DEADLINE.c.generation, DEADLINE.c.state)
        .where(DEADLINE.c.kind == kind).order_by(DEADLINE.c.due_at, DEADLINE.c.id)
    )
    return [(row[0], row[1], row[2]) for row in store.read(lambda unit: unit.all(statement))]


def events(store: Store, act: str) -> list[dict[str, object]]:
    statement = AUDIT.select().with_only_columns(AUDIT.c.body).where(AUDIT.c.act == act).order_by(AUDIT.c.seq)
    return [from_json(row[0])["facts"] for row in store.read(lambda unit: unit.all(statement))]


def noting(seen: list[Due]) -> Callable[[Unit, Due], None]:
    def fire(unit: Unit, due: Due) -> None:
        seen.append(due)

    return fire


def weekly(unit: Unit, due: Due, now: datetime) -> tuple[datetime, int]:
    """Mondays at 09:00 in Shanghai; the generation is the ordinal of the week since `MONDAY`."""
    week = (now - MONDAY) // WEEK + 1
    return MONDAY + week * WEEK, int(week)


def test_what_is_due_fires_in_the_order_of_its_instants_and_the_rest_waits(store: Store, clock: HandClock) -> None:
    seen: list[Due] = []
    ticker = Ticker(store, {"step": FiringKind(Lateness.EACH, noting(seen))}, clock)
    for minutes in (30, 10, 20, 61):
        put(store, "step", f"GJ-{minutes}", START + timedelta(minutes=minutes), note=minutes)
    assert ticker.tick() == 0
    clock.jump(hours=1)
    assert ticker.tick() == 3
    assert [due.subject for due in seen] == ["GJ-10", "GJ-20", "GJ-30"]
    assert [due.late_seconds for due in seen] == [3000, 2400, 1800]
    assert seen[0].data == {"note": 10}
    assert ticker.tick() == 0
    assert ticker.next_instant() == START + timedelta(minutes=61)


def test_a_firing_within_a_minute_of_its_instant_is_not_late(store: Store, clock: HandClock) -> None:
    seen: list[Due] = []
    ticker = Ticker(store, {"step": FiringKind(Lateness.SKIP, noting(seen))}, clock)
    put(store, "step", "A", START - timedelta(seconds=59))
    assert ticker.tick() == 1
    assert seen[0].late_seconds == 0


def test_a_ladder_that_sets_its_next_step_from_the_firing_moves_one_step_per_jump(
    store: Store, clock: HandClock
) -> None:
    seen: list[int] = []

    def climb(unit: Unit, due: Due) -> None:
        seen.append(due.generation)
        set_deadline(unit, "ladder", due.subject, due.generation + 1, clock.company + timedelta(hours=2), {})

    ticker = Ticker(store, {"ladder": FiringKind(Lateness.EACH, climb)}, clock)
    put(store, "ladder", "CG-20261123-0001", START + timedelta(hours=2))
    clock.jump(hours=48)
    assert ticker.tick() == 1
    assert seen == [1]
    clock.jump(hours=2)
    assert ticker.tick() == 1
    assert seen == [1, 2]


def test_a_deadline_that_a_firing_sets_in_the_past_fires_in_its_turn(store: Store, clock: HandClock) -> None:
    order: list[str] = []

    def fire(unit: Unit, due: Due) -> None:
        order.append(due.subject)
        if due.subject == "first":
            set_deadline(unit, "step", "between", 1, START - timedelta(minutes=5), {})

    ticker = Ticker(store, {"step": FiringKind(Lateness.EACH, fire)}, clock)
    put(store, "step", "first", START - timedelta(minutes=9))
    put(store, "step", "last", START - timedelta(minutes=1))
    assert ticker.tick() == 3
    assert order == ["first", "between", "last"]


def test_latest_supersedes_the_older_ones_of_the_same_subject_with_evidence(store: Store, clock: HandClock) -> None:
    seen: list[Due] = []
    ticker = Ticker(store, {"remind": FiringKind(Lateness.LATEST, noting(seen))}, clock)
    for generation in (1, 2, 3):
        put(store, "remind", "HY-1", START + timedelta(minutes=generation), generation)
    put(store, "remind", "HY-2", START + timedelta(minutes=2), 1)
    put(store, "remind", "HY-1", START + timedelta(days=1), 4)
    clock.jump(hours=1)
    assert ticker.tick() == 2
    assert [(due.subject, due.generation, due.missed) for due in seen] == [("HY-2", 1, 0), ("HY-1", 3, 2)]
    assert states(store, "remind") == [
        ("HY-1", 1, "superseded"), ("HY-1", 2, "superseded"), ("HY-2", 1, "fired"), ("HY-1", 3, "fired"),
        ("HY-1", 4, "pending"),
    ]
    assert [(event["generation"], event["by"]) for event in events(store, "deadline.superseded")] == [(1, 3), (2, 3)]


def test_skip_fires_on_time_and_is_closed_with_evidence_when_late(store: Store, clock: HandClock) -> None:
    seen: list[Due] = []
    ticker = Ticker(store, {"soon": FiringKind(Lateness.SKIP, noting(seen))}, clock)
    put(store, "soon", "A", START)
    put(store, "soon", "B", START + timedelta(minutes=1))
    assert ticker.tick() == 1
    clock.jump(hours=1)
    assert ticker.tick() == 0
    assert states(store, "soon") == [("A", 1, "fired"), ("B", 1, "skipped")]
    assert [event["late_seconds"] for event in events(store, "deadline.skipped")] == [3540]
    assert len(seen) == 1


def test_a_rhythm_is_seeded_once_and_sets_its_own_successor(store: Store, clock: HandClock) -> None:
    seen: list[Due] = []
    ticker = Ticker(store, {"digest": FiringKind(Lateness.LATEST, noting(seen), weekly)}, clock)
    for _ in range(3):
        store.write(lambda unit: ticker.ensure_rhythms(unit, clock.company))
    assert states(store, "digest") == [(RHYTHM, 1, "pending")]
    clock.company = MONDAY + WEEK
    assert ticker.tick() == 1
    assert seen[0].due_at == MONDAY + WEEK
    assert states(store, "digest") == [(RHYTHM, 1, "fired"), (RHYTHM, 2, "pending")]


def test_a_rhythm_down_for_weeks_fires_once_for_the_newest_missed_period(store: Store, clock: HandClock) -> None:
    seen: list[Due] = []
    ticker = Ticker(store, {"digest": FiringKind(Lateness.LATEST, noting(seen), weekly)}, clock)
    store.write(lambda unit: ticker.ensure_rhythms(unit, clock.company))
    clock.company = MONDAY + 4 * WEEK + timedelta(hours=3)
    store.write(lambda unit: ticker.ensure_rhythms(unit, clock.company))
    assert ticker.tick() == 1
    assert [(due.generation, due.missed, due.late_seconds) for due in seen] == [(4, 3, 10_800)]
    assert [state for _, _, state in states(store, "digest")] == ["superseded"] * 3 + ["fired", "pending"]
    assert [(event["by"], event["periods"]) for event in events(store, "deadline.superseded")] == [(4, 3)]
    assert ticker.tick() == 0


def test_a_rhythm_that_skips_goes_on_with_the_next_period(store: Store, clock: HandClock) -> None:
    seen: list[Due] = []
    ticker = Ticker(store, {"digest": FiringKind(Lateness.SKIP, noting(seen), weekly)}, clock)
    store.write(lambda unit: ticker.ensure_rhythms(unit, clock.company))
    clock.company = MONDAY + 2 * WEEK + timedelta(hours=3)
    assert ticker.tick() == 0
    assert states(store, "digest") == [(RHYTHM, 1, "skipped"), (RHYTHM, 3, "pending")]


def test_a_rhythm_follows_a_changed_calendar_without_losing_a_period(store: Store, clock: HandClock) -> None:
    moved = timedelta(0)

    def shifted(unit: Unit, due: Due, now: datetime) -> tuple[datetime, int]:
        due_at, week = weekly(unit, due, now - moved)
        return due_at + moved, week

    ticker = Ticker(store, {"digest": FiringKind(Lateness.LATEST, noting([]), shifted)}, clock)
    store.write(lambda unit: ticker.ensure_rhythms(unit, clock.company))
    moved = timedelta(hours=4)
    # This week's period (13:00 today) is now still to come, and next week's stays.
    store.write(lambda unit: ticker.ensure_rhythms(unit, clock.company))
    assert store.read(earliest_due) == MONDAY + moved
    clock.company = MONDAY + moved
    assert ticker.tick() == 1
    assert store.read(earliest_due) == MONDAY + WEEK + moved
    moved = timedelta(hours=8)
    # The period of today has fired: later today it must not fire again, and next week's only moves.
    store.write(lambda unit: ticker.ensure_rhythms(unit, clock.company))
    assert store.read(earliest_due) == MONDAY + WEEK + moved


def test_a_failed_firing_leaves_nothing_is_tried_again_and_holds_up_nobody(store: Store, clock: HandClock) -> None:
    seen: list[str] = []
    broken = True

    def fire(unit: Unit, due: Due) -> None:
        unit.insert(CONVERSATION, {"userid": due.subject, "purpose": "test", "until": 0, "state": "{}"})
        if due.subject == "poison" and broken:
            raise RuntimeError("what somebody wrote")
        seen.append(due.subject)

    ticker = Ticker(store, {"step": FiringKind(Lateness.EACH, fire)}, clock)
    put(store, "step", "poison", START - timedelta(minutes=9))
    put(store, "step", "good", START - timedelta(minutes=1))
    assert ticker.tick() == 1
    assert seen == ["good"]
    kept = store.read(lambda unit: unit.all(CONVERSATION.select().with_only_columns(CONVERSATION.c.userid)))
    assert [row[0] for row in kept] == ["good"]
    row = store.read(
        lambda unit: unit.one(
            DEADLINE.select().with_only_columns(DEADLINE.c.state, DEADLINE.c.attempt, DEADLINE.c.error)
            .where(DEADLINE.c.subject == "poison")
        )
    )
    assert row == (DeadlineState.PENDING.value, 1, "builtins.RuntimeError")
    assert ticker.tick() == 0
    clock.move(seconds=5)
    broken = False
    assert ticker.tick() == 1
    assert seen == ["good", "poison"]


def test_the_waits_of_a_failing_deadline_double_up_to_ten_minutes(store: Store, clock: HandClock) -> None:
    tries: list[datetime] = []

    def fire(unit: Unit, due: Due) -> None:
        tries.append(clock.machine)
        raise RuntimeError

    ticker = Ticker(store, {"step": FiringKind(Lateness.EACH, fire)}, clock)
    put(store, "step", "poison", START)
    for _ in range(2400):
        ticker.tick()
        clock.move(seconds=1)
    waits = [int((later - earlier).total_seconds()) for earlier, later in pairwise(tries)]
    assert waits == [5, 10, 20, 40, 80, 160, 320, 600, 600]


def test_a_kind_that_nothing_handles_is_kept_and_noted(store: Store, clock: HandClock) -> None:
    ticker = Ticker(store, {}, clock)
    put(store, "gone", "A", START)
    assert ticker.tick() == 0
    row = store.read(
        lambda unit: unit.one(DEADLINE.select().with_only_columns(DEADLINE.c.state, DEADLINE.c.error))
    )
    assert row == ("pending", "notifications.ticker.UnknownDeadline")


def test_a_cancelled_deadline_never_fires(store: Store, clock: HandClock) -> None:
    seen: list[Due] = []
    ticker = Ticker(store, {"step": FiringKind(Lateness.EACH, noting(seen))}, clock)
    put(store, "step", "A", START)
    store.write(lambda unit: cancel_deadlines(unit, "A"))
    assert ticker.tick() == 0
    assert seen == []


def test_five_tickers_at_once_fire_each_deadline_once_and_in_order(store: Store, clock: HandClock) -> None:
    order: list[str] = []

    def fire(unit: Unit, due: Due) -> None:
        # The unique key of this row is the witness: a second firing would be refused by the database.
        unit.insert(CONVERSATION, {"userid": due.subject, "purpose": "fired", "until": 0, "state": "{}"})
        order.append(due.subject)

    for index in range(60):
        put(store, "step", f"A-{index:03}", START + timedelta(seconds=index))
    clock.jump(hours=1)
    failures: list[BaseException] = []

    def run() -> None:
        ticker = Ticker(store, {"step": FiringKind(Lateness.EACH, fire)}, clock)
        try:
            while any(state == "pending" for _, _, state in states(store, "step")):
                ticker.tick(most=3)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
    assert order == [f"A-{index:03}" for index in range(60)]
    assert {state for _, _, state in states(store, "step")} == {"fired"}
    kept = store.read(lambda unit: unit.all(CONVERSATION.select().with_only_columns(CONVERSATION.c.userid)))
    assert len(kept) == 60


def test_a_deadline_that_is_settled_at_the_last_moment_is_not_taken(store: Store, clock: HandClock) -> None:
    put(store, "step", "A", START)

    def work(unit: Unit) -> bool:
        row = next_due(unit, clock.company, clock.machine)
        assert row is not None
        cancel_deadlines(unit, "A")
        return take(unit, row, DeadlineState.FIRED, clock.company)

    assert store.write(work) is False
    assert states(store, "step") == [("A", 1, "cancelled")]
