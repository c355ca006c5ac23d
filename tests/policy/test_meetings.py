"""Meetings as values: every act in every state, whose turn it is, and on which day standing meetings fall."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from policy import meetings as rules
from policy.decisions import Refusal
from policy.meetings import Meeting, Seat
from policy.org import Person
from policy.parameters import Parameters
from policy.terms import Grade, ItemState
from tests.policy.test_calendar import CALENDAR

P = Parameters()
T0 = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
PLANNED = Meeting(
    "HY-20261123-0001", "meeting", "", "", 0, "月会", ItemState.PLANNED, 1, T0, T0 + timedelta(hours=1),
    T0 + timedelta(minutes=90), "lin", "lin", "xu",
)
SEATS = (Seat("lin", "yes", T0), Seat("su", "yes", T0), Seat("xu", "", None), Seat("wei", "no", None))
RUNNING = replace(PLANNED, state=ItemState.RUNNING, began_at=T0, version=2)
ENDED = replace(
    RUNNING, state=ItemState.ENDED, version=3, ended_at=T0 + timedelta(hours=1), ended_by="lin", owes="xu",
    due_at=T0 + timedelta(hours=3),
)
DONE = replace(ENDED, state=ItemState.DONE, version=4, minutes_at=T0 + timedelta(hours=2), minutes_revision=2)
LAPSED = replace(PLANNED, state=ItemState.LAPSED, version=2)
CANCELLED = replace(PLANNED, state=ItemState.CANCELLED, version=2)


def code(result: object) -> str:
    return result.code if isinstance(result, Refusal) else "ok"


ACTS = {
    "begin": lambda m: rules.begin(m, "lin", T0),
    "extend": lambda m: rules.extend(m, "lin", P),
    "end": lambda m: rules.end(m, SEATS, "lin", T0 + timedelta(hours=1), P),
    "correct": lambda m: rules.correct_end(m, "lin", T0 + timedelta(minutes=50), T0 + timedelta(hours=2), P),
    "change": lambda m: rules.change(m, "lin", now=T0, place="二楼", parameters=P),
    "cancel": lambda m: rules.cancel(m, "lin", whole_series=False),
    "hand in": lambda m: rules.may_hand_in(m, SEATS, "lin") or m,
}
EXPECTED = {
    "begin": ("ok", "meeting.running", "meeting.ended", "meeting.ended", "meeting.over", "meeting.over"),
    "extend": ("meeting.not_begun", "ok", "meeting.ended", "meeting.ended", "meeting.over", "meeting.over"),
    "end": ("meeting.not_begun", "ok", "meeting.ended", "meeting.ended", "meeting.over", "meeting.over"),
    "correct": ("meeting.not_begun", "meeting.still_running", "ok", "ok", "meeting.over", "meeting.over"),
    "change": ("ok", "ok", "meeting.ended", "meeting.ended", "meeting.over", "meeting.over"),
    "cancel": ("ok", "meeting.running", "meeting.ended", "meeting.ended", "meeting.over", "meeting.over"),
    "hand in": ("meeting.not_begun", "meeting.still_running", "ok", "ok", "meeting.over", "meeting.over"),
}


@pytest.mark.parametrize("act", list(ACTS))
def test_every_act_in_every_state_holds_or_is_refused_by_name(act: str) -> None:
    states = (PLANNED, RUNNING, ENDED, DONE, LAPSED, CANCELLED)
    assert tuple(code(ACTS[act](meeting)) for meeting in states) == EXPECTED[act]


@pytest.mark.parametrize("act", ["begin", "extend", "end", "correct", "change", "cancel"])
def test_only_chair_recorder_and_opener_keep_a_meeting(act: str) -> None:
    meeting = {"begin": PLANNED, "change": PLANNED, "cancel": PLANNED, "correct": ENDED}.get(act, RUNNING)
    strangers = {
        "begin": lambda m: rules.begin(m, "su", T0), "extend": lambda m: rules.extend(m, "su", P),
        "end": lambda m: rules.end(m, SEATS, "su", T0, P),
        "correct": lambda m: rules.correct_end(m, "su", T0, T0, P),
        "change": lambda m: rules.change(m, "su", now=T0, place="二楼", parameters=P),
        "cancel": lambda m: rules.cancel(m, "su", whole_series=False),
    }
    assert code(strangers[act](meeting)) == "meeting.not_keeper"
    assert code(ACTS[act](replace(meeting, chair="zhou", opener="lin"))) == "ok"


def test_a_meeting_begins_at_most_an_hour_early() -> None:
    assert code(rules.begin(PLANNED, "lin", T0 - timedelta(minutes=60))) == "ok"
    assert code(rules.begin(PLANNED, "lin", T0 - timedelta(minutes=60, seconds=1))) == "meeting.early"


@pytest.mark.parametrize(
    ("seconds", "late"), [(-1, 0), (0, 0), (1, 1), (2520, 2520)], ids=["before", "on the second", "a second", "42 min"]
)
def test_lateness_is_counted_from_the_due_second(seconds: int, late: int) -> None:
    assert ENDED.due_at is not None
    after = rules.hand_in(ENDED, 2, ENDED.due_at + timedelta(seconds=seconds))
    assert (after.late_seconds, after.state) == (late, ItemState.DONE)


def test_a_revision_changes_nothing_about_when_they_came() -> None:
    later = rules.hand_in(DONE, 3, T0 + timedelta(days=2))
    assert (later.minutes_at, later.late_seconds, later.minutes_revision) == (DONE.minutes_at, 0, 3)


def test_a_correction_counts_minutes_anew_and_is_possible_once() -> None:
    earlier = rules.correct_end(DONE, "lin", T0 + timedelta(minutes=-0) , T0 + timedelta(hours=3), P)
    assert isinstance(earlier, Meeting)
    assert (earlier.first_ended_at, earlier.late_seconds) == (DONE.ended_at, 0)
    late = rules.correct_end(
        replace(DONE, minutes_at=T0 + timedelta(hours=2, minutes=1)), "lin", T0, T0 + timedelta(hours=3), P
    )
    assert isinstance(late, Meeting)
    assert late.late_seconds == 60
    assert code(rules.correct_end(earlier, "lin", T0 + timedelta(minutes=5), T0 + timedelta(hours=3), P)) == (
        "meeting.corrected"
    )


@pytest.mark.parametrize(
    ("seats", "owes"),
    [
        (SEATS, "xu"),
        ((Seat("lin"), Seat("xu", "no")), "lin"),
        ((Seat("lin"), Seat("xu", "no", T0)), "xu"),
    ],
    ids=["recorder", "recorder said no", "said no and came"],
)
def test_who_owes_the_minutes(seats: tuple[Seat, ...], owes: str) -> None:
    assert rules.who_owes(PLANNED, seats) == owes


@pytest.mark.parametrize(("who", "may"), [("lin", True), ("su", True), ("xu", True), ("wei", False), ("he", False)])
def test_minutes_come_from_whoever_was_there(who: str, may: bool) -> None:
    refused = rules.may_hand_in(ENDED, SEATS, who)
    assert (refused is None) is may
    if refused is not None:
        assert refused.code == "minutes.not_there"
        assert refused.data["who"] == ("xu", "lin", "su")


def person(userid: str) -> Person:
    return Person(userid, userid, "records", Grade.SPECIALIST)


@pytest.mark.parametrize(
    ("served", "turn"),
    [
        ({}, "a"), ({"a": T0}, "b"), ({"a": T0, "b": T0 + timedelta(days=7)}, "c"),
        ({"a": T0, "b": T0 + timedelta(days=7), "c": T0 + timedelta(days=14)}, "a"),
        ({"a": T0 + timedelta(days=21), "b": T0 + timedelta(days=7), "c": T0 + timedelta(days=14)}, "b"),
    ],
)
def test_recorders_take_turns(served: dict[str, datetime], turn: str) -> None:
    chosen = rules.in_turn([person(name) for name in "abc"], served)
    assert chosen is not None
    assert chosen.userid == turn
    assert rules.in_turn([], served) is None


@pytest.mark.parametrize(
    ("kind", "day", "held"),
    [
        ("weekly", "2026-11-26", "2026-11-23"),
        ("weekly", "2026-10-06", "2026-10-08"),  # National Day: Thursday
        ("weekly", "2026-05-06", "2026-05-06"),  # Labour Day until Tuesday
        ("weekly", "2026-02-18", None),  # the whole week of the Spring Festival rests
        ("weekly", "2026-02-25", "2026-02-24"),
        ("weekly", "2026-09-27", "2026-09-21"),
        ("strategy", "2026-10-01", "2026-12-31"), ("strategy", "2026-09-02", "2026-09-30"),
        ("forum", "2026-10-01", "2026-11-16"), ("forum", "2026-02-01", "2026-02-24"),
        ("forum", "2026-05-30", "2026-05-15"),
    ],
)
def test_standing_meetings_move_by_the_working_calendar(kind: str, day: str, held: str | None) -> None:
    found = rules.standing_day(kind, date.fromisoformat(day), CALENDAR)
    assert (None if found is None else found[0].isoformat()) == held
    if found is not None:
        assert CALENDAR.is_working_day(found[0])


def test_a_year_of_mondays_has_one_meeting_a_worked_week_and_no_two_on_a_day() -> None:
    days = [date(2026, 1, 1) + timedelta(days=at) for at in range(365)]
    found = [rules.standing_day("weekly", day, CALENDAR) for day in days]
    held = {each[0] for each in found if each is not None}
    periods = {each[1] for each in found if each is not None}
    assert len(held) == len(periods)
    assert len({day - timedelta(days=day.weekday()) for day in held}) == len(held)
