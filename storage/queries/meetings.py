"""Meetings and who sits in them. Every change of a meeting is a compare-and-set on its version (3.2d, 4.2a)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from policy.meetings import Meeting, Seat
from policy.terms import ItemState
from storage.meeting_tables import MEETING, MEETING_SEAT
from storage.moments import from_ms, to_ms
from storage.statement import POSTGRESQL, Statement
from storage.unit import Unit

_COLUMNS = tuple(column.name for column in MEETING.columns)
_MOMENTS = frozenset(name for name in _COLUMNS if name.endswith("_at"))
_ONE_CORE = select(MEETING).where(MEETING.c.number == bindparam("number"))
_ONE = Statement(_ONE_CORE)
_ONE_LOCKED = Statement(_ONE_CORE.with_for_update())
_STANDING = Statement(
    select(MEETING.c.number).where(MEETING.c.kind == bindparam("of_kind"), MEETING.c.period == bindparam("of_period"))
)
_BEFORE = Statement(
    select(MEETING)
    .where(
        MEETING.c.series == bindparam("of_series"), MEETING.c.starts_at < bindparam("before"),
        MEETING.c.ended_at.is_not(None),
    )
    .order_by(MEETING.c.starts_at.desc())
    .limit(1)
)
_TURNS = Statement(
    select(MEETING.c.recorder, func.max(MEETING.c.starts_at)).where(MEETING.c.kind == bindparam("of_kind"))
    .group_by(MEETING.c.recorder)
)
_OF_PERSON = Statement(
    select(MEETING)
    .join(MEETING_SEAT, MEETING.c.number == MEETING_SEAT.c.number)
    .where(
        MEETING_SEAT.c.userid == bindparam("of_userid"),
        or_(*(MEETING.c.state == state.value for state in (ItemState.PLANNED, ItemState.RUNNING, ItemState.ENDED))),
    )
    .order_by(MEETING.c.starts_at, MEETING.c.number)
    .limit(bindparam("most"))
)
_BETWEEN = Statement(
    select(MEETING)
    .where(MEETING.c.starts_at >= bindparam("since"), MEETING.c.starts_at < bindparam("until"))
    .order_by(MEETING.c.starts_at, MEETING.c.number)
)

_OVERDUE = Statement(
    select(MEETING)
    .where(MEETING.c.state == ItemState.ENDED.value, MEETING.c.overdue_at.is_not(None))
    .order_by(MEETING.c.due_at, MEETING.c.number)
)


def insert_meeting(unit: Unit, meeting: Meeting, people: Iterable[str]) -> None:
    """
    Insert a meeting with its seats.

    Raises:
        DuplicateKey: (by the store) this standing meeting exists already.
    """
    unit.insert(MEETING, _as_row(meeting))
    for userid in people:
        add_seat(unit, meeting.number, userid)


def lock_meeting(unit: Unit, number: str) -> Meeting | None:
    """Read a meeting to act on it: nobody else changes it until this unit ends."""
    row = unit.one(_ONE_LOCKED if unit.dialect == POSTGRESQL else _ONE, number=number)
    return None if row is None else _as_meeting(row)


def load_meeting(unit: Unit, number: str) -> Meeting | None:
    """Read a meeting to show it."""
    row = unit.one(_ONE, number=number)
    return None if row is None else _as_meeting(row)


def save_meeting(unit: Unit, meeting: Meeting) -> None:
    """
    Store a meeting whose version was raised by exactly one act.

    Raises:
        StaleRow: another act was stored first.
    """
    row = _as_row(meeting)
    unit.change_one(MEETING, {"number": row.pop("number"), "version": meeting.version - 1}, row)


def standing_meeting(unit: Unit, kind: str, period: int) -> str | None:
    """Return the number of a standing meeting of a period, None while there is none."""
    found = unit.scalar(_STANDING, of_kind=kind, of_period=period)
    return None if found is None else str(found)


def meeting_before(unit: Unit, series: str, before: datetime) -> Meeting | None:
    """Return the last meeting of a series that was held and began before an instant."""
    row = unit.one(_BEFORE, of_series=series, before=to_ms(before))
    return None if row is None else _as_meeting(row)


def recorder_turns(unit: Unit, kind: str) -> dict[str, datetime]:
    """Return for each person who ever recorded a kind of meeting the newest one's time."""
    return {str(userid): from_ms(int(at)) for userid, at in unit.all(_TURNS, of_kind=kind)}


def meetings_of(unit: Unit, userid: str, most: int) -> list[Meeting]:
    """Return somebody's meetings that are planned, running, or wait for minutes, soonest first."""
    return [_as_meeting(row) for row in unit.all(_OF_PERSON, of_userid=userid, most=most)]


def meetings_between(unit: Unit, since: datetime, until: datetime) -> list[Meeting]:
    """Return the meetings planned to start in [since, until), in order."""
    return [_as_meeting(row) for row in unit.all(_BETWEEN, since=to_ms(since), until=to_ms(until))]


def overdue_minutes(unit: Unit) -> list[Meeting]:
    """Return the meetings whose minutes are overdue and have not come, longest overdue first."""
    return [_as_meeting(row) for row in unit.all(_OVERDUE)]


# --- seats ----------------------------------------------------------------------------------------------------------

_SEATS = Statement(
    select(MEETING_SEAT.c.userid, MEETING_SEAT.c.answer, MEETING_SEAT.c.here_at, MEETING_SEAT.c.verdict)
    .where(MEETING_SEAT.c.number == bindparam("number")).order_by(MEETING_SEAT.c.userid)
)


def add_seat(unit: Unit, number: str, userid: str) -> None:
    """
    Invite somebody.

    Raises:
        DuplicateKey: (by the store) invited already.
    """
    unit.insert(
        MEETING_SEAT, {"number": number, "userid": userid, "answer": "", "here_at": None, "verdict": ""}
    )


def seats_of(unit: Unit, number: str) -> list[Seat]:
    """Return who is invited, by userid."""
    return [
        Seat(userid, answer, None if here_at is None else from_ms(here_at), verdict)
        for userid, answer, here_at, verdict in unit.all(_SEATS, number=number)
    ]


def change_seat(
    unit: Unit, number: str, userid: str, *, answer: str | None = None, here_at: datetime | None = None,
    verdict: str | None = None,
) -> None:
    """Keep what somebody answered; what is None stays."""
    changes: dict[str, object] = {}
    if answer is not None:
        changes["answer"] = answer
    if here_at is not None:
        changes["here_at"] = to_ms(here_at)
    if verdict is not None:
        changes["verdict"] = verdict
    unit.change_one(MEETING_SEAT, {"number": number, "userid": userid}, changes)


def _as_row(meeting: Meeting) -> dict[str, object]:
    row: dict[str, object] = {}
    for name in _COLUMNS:
        value = getattr(meeting, name)
        if name in _MOMENTS:
            value = None if value is None else to_ms(value)
        row[name] = getattr(value, "value", value)
    return row


def _as_meeting(row: Sequence[Any]) -> Meeting:
    got = dict(zip(_COLUMNS, row, strict=True))
    for name in _MOMENTS:
        got[name] = None if got[name] is None else from_ms(got[name])
    got["state"] = ItemState(got["state"])
    return Meeting(**got)
