"""Meetings, seats and promises are kept and read back equal; stale versions and doubled meetings are refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from policy.meetings import Meeting, Seat
from policy.promises import Promise
from policy.terms import ItemState, PromiseState
from storage.errors import DuplicateKey, StaleRow
from storage.queries import figures, meetings, promises
from storage.store import Store
from storage.unit import Unit

T0 = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
MEETING = Meeting(
    "HY-20261123-0001", "weekly", "weekly", "", 739_000, "周会", ItemState.PLANNED, 1, T0, T0 + timedelta(hours=1),
    T0 + timedelta(minutes=90), "system", "zhou", "zheng",
)
PROMISE = Promise(
    "RW-20261124-0001", "JY-20261124-0001", MEETING.number, "weekly", "清理台账", "xu", "zhou", "sales",
    PromiseState.OFFERED, 1, T0, T0 + timedelta(days=10), T0 + timedelta(days=10), T0 + timedelta(hours=24),
)


def keep(store: Store, *made: Meeting, people: tuple[str, ...] = ("zhou", "zheng", "su")) -> None:
    def work(unit: Unit) -> None:
        for meeting in made:
            meetings.insert_meeting(unit, meeting, people)
        unit.audit(T0, "system", "test")

    store.write(work)


def keep_promises(store: Store, *made: Promise) -> None:
    def work(unit: Unit) -> None:
        for promise in made:
            promises.insert_promise(unit, promise)
        unit.audit(T0, "system", "test")

    store.write(work)


def test_a_meeting_in_every_state_is_read_back_equal(store: Store) -> None:
    full = replace(
        MEETING, number="HY-20261123-0002", period=0, state=ItemState.DONE, began_at=T0, ended_at=T0, ended_by="su",
        first_ended_at=T0, owes="su", due_at=T0, overdue_at=T0, minutes_at=T0, late_seconds=2520, minutes_revision=3,
        place="三楼", rhythm="weekly 0 09:30",
    )
    keep(store, MEETING, full)
    for meeting in (MEETING, full):
        assert store.read(lambda unit, m=meeting: meetings.load_meeting(unit, m.number)) == meeting
        assert store.write(lambda unit, m=meeting: meetings.lock_meeting(unit, m.number)) == meeting
    assert store.read(lambda unit: meetings.load_meeting(unit, "HY-20261123-0009")) is None


def test_an_act_on_an_old_version_is_refused(store: Store) -> None:
    keep(store, MEETING)
    begun = replace(MEETING, state=ItemState.RUNNING, began_at=T0, version=2)

    def save(unit: Unit) -> None:
        meetings.save_meeting(unit, begun)
        unit.audit(T0, "system", "test")

    store.write(save)
    with pytest.raises(StaleRow):
        store.write(save)
    assert store.read(lambda unit: meetings.load_meeting(unit, MEETING.number)) == begun


def test_a_standing_meeting_exists_once_per_period_and_others_as_often_as_wanted(store: Store) -> None:
    keep(store, MEETING)
    with pytest.raises(DuplicateKey):
        keep(store, replace(MEETING, number="HY-20261123-0002"))
    keep(store, replace(MEETING, number="HY-20261123-0003", period=739_007))
    for serial in (4, 5):
        keep(store, replace(MEETING, number=f"HY-20261123-000{serial}", kind="meeting", period=0))
    assert store.read(lambda unit: meetings.standing_meeting(unit, "weekly", 739_000)) == MEETING.number
    assert store.read(lambda unit: meetings.standing_meeting(unit, "forum", 739_000)) is None


def test_seats_keep_answers_attendance_and_verdicts(store: Store) -> None:
    keep(store, MEETING)

    def work(unit: Unit) -> None:
        meetings.change_seat(unit, MEETING.number, "su", answer="yes")
        meetings.change_seat(unit, MEETING.number, "su", here_at=T0)
        meetings.change_seat(unit, MEETING.number, "zheng", verdict="confirmed")
        unit.audit(T0, "su", "test")

    store.write(work)
    assert store.read(lambda unit: meetings.seats_of(unit, MEETING.number)) == [
        Seat("su", "yes", T0), Seat("zheng", "", None, "confirmed"), Seat("zhou"),
    ]
    with pytest.raises(StaleRow):
        store.write(lambda unit: meetings.change_seat(unit, MEETING.number, "nobody", answer="yes"))


def test_lists_of_meetings(store: Store) -> None:
    held = replace(MEETING, state=ItemState.DONE, ended_at=T0 + timedelta(hours=1), began_at=T0)
    later = replace(MEETING, number="HY-20261130-0001", period=739_007, starts_at=T0 + timedelta(days=7), recorder="su")
    keep(store, held, later)
    assert store.read(lambda unit: meetings.meeting_before(unit, "weekly", later.starts_at)) == held
    assert store.read(lambda unit: meetings.meeting_before(unit, "weekly", T0)) is None
    assert store.read(lambda unit: meetings.recorder_turns(unit, "weekly")) == {
        "zheng": T0, "su": T0 + timedelta(days=7),
    }
    assert store.read(lambda unit: meetings.meetings_of(unit, "su", 5)) == [later]
    assert store.read(lambda unit: meetings.meetings_between(unit, T0, T0 + timedelta(days=7))) == [held]


def test_promises_are_read_back_equal_and_listed_by_owner_meeting_series_and_date(store: Store) -> None:
    closed = replace(
        PROMISE, number="RW-20261124-0002", state=PromiseState.LATE, closed_at=T0, finished_at=T0, moves=2,
        back_to=PromiseState.ACCEPTED, asked_due_at=T0, overdue_at=T0, accepted_at=T0, checked=False,
    )
    undated = replace(PROMISE, number="RW-20261124-0003", due_at=None, first_due_at=None, series="", meeting="")
    keep_promises(store, PROMISE, closed, undated)
    for promise in (PROMISE, closed, undated):
        assert store.read(lambda unit, p=promise: promises.load_promise(unit, p.number)) == promise
    assert store.read(lambda unit: promises.promises_of_meeting(unit, MEETING.number)) == [PROMISE, closed]
    assert store.read(lambda unit: promises.promises_of_series(unit, "weekly", T0)) == [PROMISE, closed]
    assert store.read(lambda unit: promises.promises_of_series(unit, "weekly", T0 + timedelta(1))) == [PROMISE]
    assert store.read(lambda unit: promises.promises_of_series(unit, "", T0)) == []
    assert store.read(lambda unit: promises.promises_due(unit, T0, T0 + timedelta(days=10))) == []
    assert store.read(lambda unit: promises.promises_due(unit, T0, T0 + timedelta(days=11))) == [PROMISE, closed]
    assert {each.number for each in store.read(lambda unit: promises.open_promises_of(unit, "xu"))} == {
        PROMISE.number, undated.number,
    }


def test_two_acts_on_one_promise_are_one(store: Store) -> None:
    keep_promises(store, PROMISE)
    accepted = replace(PROMISE, state=PromiseState.ACCEPTED, accepted_at=T0, version=2)

    def save(unit: Unit) -> None:
        promises.save_promise(unit, accepted)
        unit.audit(T0, "xu", "test")

    store.write(save)
    with pytest.raises(StaleRow):
        store.write(save)


def test_figures_of_an_empty_register_are_empty(store: Store) -> None:
    assert store.read(lambda unit: figures.items_by_department(unit, T0, T0 + timedelta(days=90))) == {}
    assert store.read(lambda unit: figures.approved_by_department(unit, T0, T0 + timedelta(days=90))) == {}


def test_what_is_overdue_and_open_is_listed_longest_first(store: Store) -> None:
    ended = replace(MEETING, state=ItemState.ENDED, ended_at=T0, due_at=T0, overdue_at=T0)
    keep(store, ended, replace(ended, number="HY-20261123-0002", period=0, state=ItemState.DONE),
         replace(ended, number="HY-20261123-0003", period=0, overdue_at=None))
    late = replace(PROMISE, overdue_at=T0)
    keep_promises(
        store, late, replace(late, number="RW-20261124-0002", finished_at=T0),
        replace(late, number="RW-20261124-0003", state=PromiseState.LATE),
        replace(late, number="RW-20261124-0004", due_at=T0),
    )
    assert [each.number for each in store.read(meetings.overdue_minutes)] == [MEETING.number]
    assert [each.number for each in store.read(promises.overdue_promises)] == ["RW-20261124-0004", PROMISE.number]
