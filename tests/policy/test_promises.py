"""Promises: every act in every state, judgement to the second, reminders, the ladder, the rate (4.2c–e)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.decisions import Refusal
from policy.org import Department, Org, Person
from policy.promises import CLOSED, TRANSITIONS, Party, Promise, Rate, ladder, perform, rate_of, reminders
from policy.terms import DepartmentKind, Grade, PromiseState, PromiseVerb
from tests.policy.test_calendar import CALENDAR

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
DUE = datetime(2026, 12, 4, 10, 0, tzinfo=UTC)
OFFERED = Promise(
    "RW-20261124-0001", "JY-20261124-0001", "HY-20261124-0001", "", "清理台账", "xu", "lin", "sales",
    PromiseState.OFFERED, 1, NOW, DUE, DUE, NOW + timedelta(hours=24),
)


def act(promise: Promise, verb: PromiseVerb, now: datetime = NOW) -> Promise | Refusal:
    owner = "su" if verb is PromiseVerb.GIVE else ""
    who = next(row.who for row in TRANSITIONS if row.verb is verb)
    actor = promise.owner if who is Party.OWNER else promise.assigner
    return perform(
        promise, verb, actor, now=now, due_at=DUE + timedelta(days=4), owner=owner, department="sales",
        accept_by=now + timedelta(hours=24),
    )


def in_state(state: PromiseState) -> Promise:
    back = PromiseState.ACCEPTED if state in (PromiseState.COUNTERED, PromiseState.HARD) else None
    finished = NOW if state in (PromiseState.CHECKING, PromiseState.KEPT, PromiseState.LATE) else None
    closed = NOW if state in CLOSED else None
    asked = DUE + timedelta(days=4) if state is PromiseState.COUNTERED else None
    return replace(
        OFFERED, state=state, back_to=back, finished_at=finished, closed_at=closed, asked_due_at=asked
    )


@pytest.mark.parametrize("state", list(PromiseState))
@pytest.mark.parametrize("verb", list(PromiseVerb))
def test_every_act_in_every_state_is_what_the_table_says(state: PromiseState, verb: PromiseVerb) -> None:
    promise = in_state(state)
    row = next((each for each in TRANSITIONS if each.state is state and each.verb is verb), None)
    after = act(promise, verb)
    if row is None:
        assert isinstance(after, Refusal)
        assert after.code in ("task.closed", "task.already", "task.not_now")
        return
    assert isinstance(after, Promise)
    assert after.state is (row.to or promise.back_to)
    assert after.version == promise.version + 1


@pytest.mark.parametrize("row", TRANSITIONS, ids=[f"{row.state.value} {row.verb.value}" for row in TRANSITIONS])
def test_nobody_else_acts(row: object) -> None:
    assert hasattr(row, "state")
    refused = perform(in_state(row.state), row.verb, "somebody", now=NOW, due_at=DUE, owner="su")
    assert isinstance(refused, Refusal)
    assert refused.code in ("task.not_owner", "task.not_assigner")


@pytest.mark.parametrize(
    ("asked", "code"),
    [(NOW, "task.date_past"), (NOW - timedelta(days=1), "task.date_past"), (None, "task.date_past"),
     (DUE, "task.date_same")],
)
def test_another_date_lies_ahead_and_is_another(asked: datetime | None, code: str) -> None:
    refused = perform(OFFERED, PromiseVerb.COUNTER, "xu", now=NOW, due_at=asked)
    assert isinstance(refused, Refusal)
    assert refused.code == code


@pytest.mark.parametrize(
    ("seconds", "state", "late"),
    [(-1, PromiseState.KEPT, 0), (0, PromiseState.KEPT, 0), (1, PromiseState.LATE, 1)],
)
def test_a_promise_is_judged_by_when_it_was_finished_not_by_when_that_was_confirmed(
    seconds: int, state: PromiseState, late: int
) -> None:
    finished = act(in_state(PromiseState.ACCEPTED), PromiseVerb.FINISH, DUE + timedelta(seconds=seconds))
    assert isinstance(finished, Promise)
    closed = act(finished, PromiseVerb.CONFIRM, DUE + timedelta(days=9))
    assert isinstance(closed, Promise)
    assert (closed.state, closed.late_seconds) == (state, late)


def test_what_needs_no_check_closes_at_once() -> None:
    done = act(replace(in_state(PromiseState.ACCEPTED), checked=False), PromiseVerb.FINISH)
    assert isinstance(done, Promise)
    assert done.state is PromiseState.KEPT


def test_a_moved_date_is_kept_beside_the_first() -> None:
    moved = act(in_state(PromiseState.COUNTERED), PromiseVerb.AGREE)
    assert isinstance(moved, Promise)
    assert (moved.due_at, moved.first_due_at, moved.moves) == (DUE + timedelta(days=4), DUE, 1)


@given(st.lists(st.tuples(st.sampled_from(list(PromiseVerb)), st.integers(0, 400)), max_size=30))
def test_no_history_leads_outside_the_table(steps: list[tuple[PromiseVerb, int]]) -> None:
    promise, now = OFFERED, NOW
    for verb, hours in steps:
        now += timedelta(hours=hours)
        before, after = promise, act(promise, verb, now)
        if isinstance(after, Refusal):
            continue
        assert after.version == before.version + 1
        assert not before.closed
        assert (after.closed_at is not None) == after.closed
        assert (after.asked_due_at is not None) == (after.state is PromiseState.COUNTERED)
        assert after.first_due_at == DUE
        promise = after


@pytest.mark.parametrize(
    ("now", "due", "expected"),
    [
        ("11-24 10:00", "12-04 18:00", ["12-03 10:00", "12-04 16:00"]),
        ("11-24 10:00", "11-30 18:00", ["11-27 10:00", "11-30 16:00"]),  # Monday: reminded on Friday
        ("11-24 10:00", "11-24 18:00", ["11-24 16:00"]),
        ("11-24 17:00", "11-24 18:00", []),
        ("11-24 10:00", "11-25 09:00", ["11-25 07:00"]),
    ],
)
def test_reminders_come_the_working_day_before_and_two_hours_before(now: str, due: str, expected: list[str]) -> None:
    def at(text: str) -> datetime:
        day, clock = text.split(" ")
        return CALENDAR.at(date.fromisoformat(f"2026-{day}"), time.fromisoformat(clock))

    found = [f"{CALENDAR.local(each):%m-%d %H:%M}" for each in reminders(at(now), at(due), CALENDAR)]
    assert found == expected


def org() -> Org:
    def one(userid: str, manager: str | None, active: bool = True) -> Person:
        return Person(userid, userid, "d", Grade.SPECIALIST, manager=manager, active=active)

    people = [one("zhao", None), one("lin", "zhao"), one("su", "lin", active=False), one("xu", "su")]
    return Org.of(1, [Department("d", "d", DepartmentKind.OTHER)], people)


def test_the_ladder_is_the_line_each_once_whoever_left_passed_over_never_the_debtor() -> None:
    assert ladder(org(), "xu") == ["lin", "zhao"]
    assert ladder(org(), "xu", ("zhao",)) == ["zhao", "lin"]
    assert ladder(org(), "xu", ("su", "xu")) == ["lin", "zhao"]
    assert ladder(org(), "zhao") == []


def test_a_rate_counts_what_is_judged_or_overdue_and_nothing_else() -> None:
    kept, late = in_state(PromiseState.KEPT), in_state(PromiseState.LATE)
    listed = [
        kept, replace(kept, moves=1), late, in_state(PromiseState.ACCEPTED), in_state(PromiseState.DROPPED),
        replace(kept, due_at=None), replace(in_state(PromiseState.CHECKING), finished_at=DUE),
    ]
    before = rate_of(listed, DUE)
    assert before == Rate(on_time=2, late=1, not_done=0, moved=1, ahead=2)
    after = rate_of(listed, DUE + timedelta(seconds=1))
    assert after == Rate(on_time=2, late=1, not_done=1, moved=1, ahead=1)  # said done in time: still ahead
    assert (before.per_mille, after.per_mille, Rate().per_mille) == (666, 500, None)
