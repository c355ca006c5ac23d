"""Notices as rows, and who has read them (7.1a). Instants are company time, aware UTC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from storage.alarm_tables import NOTICE, NOTICE_READER
from storage.moments import from_ms, to_ms
from storage.statement import Statement
from storage.unit import Unit

SENT, RECALLED = "sent", "recalled"


@dataclass(frozen=True)
class Notice:
    """One notice. `leaves_at` is when it may leave: later than its making in quiet hours."""

    number: str
    state: str
    sender: str
    important: bool
    audience: str
    leaves_at: datetime


@dataclass(frozen=True)
class Reader:
    """One recipient. `reached` is False when the platform did not take the recipient."""

    userid: str
    read_at: datetime | None
    reached: bool


_ONE = Statement(
    select(
        NOTICE.c.number, NOTICE.c.state, NOTICE.c.sender, NOTICE.c.important, NOTICE.c.audience, NOTICE.c.leaves_at
    ).where(NOTICE.c.number == bindparam("number"))
)
_READERS = Statement(
    select(NOTICE_READER.c.userid, NOTICE_READER.c.read_at, NOTICE_READER.c.reached)
    .where(NOTICE_READER.c.number == bindparam("number")).order_by(NOTICE_READER.c.userid)
)
_READ = Statement(
    NOTICE_READER.update()
    .where(
        NOTICE_READER.c.number == bindparam("of_number"), NOTICE_READER.c.userid == bindparam("of_userid"),
        NOTICE_READER.c.read_at.is_(None),
    )
    .values(read_at=bindparam("at"))
)
_READER = Statement(
    select(NOTICE_READER.c.userid, NOTICE_READER.c.read_at, NOTICE_READER.c.reached)
    .where(NOTICE_READER.c.number == bindparam("number"), NOTICE_READER.c.userid == bindparam("userid"))
)
# The serial may have five digits on a busy day, so the newest is told by when it left.
_NEWEST_UNREAD = Statement(
    select(NOTICE.c.number)
    .select_from(NOTICE_READER.join(NOTICE, NOTICE.c.number == NOTICE_READER.c.number))
    .where(
        NOTICE_READER.c.userid == bindparam("userid"), NOTICE_READER.c.read_at.is_(None), NOTICE.c.state == SENT,
        NOTICE.c.leaves_at <= bindparam("now"),
    )
    .order_by(NOTICE.c.leaves_at.desc(), NOTICE.c.number.desc()).limit(1)
)


def add_notice(unit: Unit, notice: Notice, readers: Sequence[str]) -> None:
    """Insert a notice and everybody it is for; the caller audits."""
    unit.insert(
        NOTICE,
        {
            "number": notice.number, "state": notice.state, "sender": notice.sender,
            "important": int(notice.important), "audience": notice.audience, "leaves_at": to_ms(notice.leaves_at),
        },
    )
    add_readers(unit, notice.number, readers)


def add_readers(unit: Unit, number: str, readers: Sequence[str]) -> None:
    """Insert everybody whose confirmation is kept: of a notice, or of a drill's message."""
    for userid in readers:
        unit.insert(NOTICE_READER, {"number": number, "userid": userid, "read_at": None, "reached": 1})


def load_notice(unit: Unit, number: str) -> Notice | None:
    """Return a notice."""
    row = unit.one(_ONE, number=number)
    if row is None:
        return None
    return Notice(row[0], row[1], row[2], bool(row[3]), row[4], from_ms(row[5]))


def recall_notice(unit: Unit, number: str) -> bool:
    """Say that a notice was taken back; False when it was before."""
    return unit.update(NOTICE, {"number": number, "state": SENT}, {"state": RECALLED}) == 1


def readers_of(unit: Unit, number: str) -> list[Reader]:
    """Return everybody a notice is for."""
    return [_as_reader(row) for row in unit.all(_READERS, number=number)]


def reader_of(unit: Unit, number: str, userid: str) -> Reader | None:
    """Return one of those a notice is for, None when it is not for them."""
    row = unit.one(_READER, number=number, userid=userid)
    return None if row is None else _as_reader(row)


def mark_read(unit: Unit, number: str, userid: str, at: datetime) -> bool:
    """Keep that somebody has read a notice; False when they had before, or it is not for them."""
    return unit.run(_READ, of_number=number, of_userid=userid, at=to_ms(at)) == 1


def mark_unreached(unit: Unit, number: str, userids: Sequence[str]) -> None:
    """Keep whom the platform did not take."""
    for userid in userids:
        unit.update(NOTICE_READER, {"number": number, "userid": userid}, {"reached": 0})


def newest_unread(unit: Unit, userid: str, now: datetime) -> str | None:
    """Return the number of the newest notice that has reached somebody and that they have not confirmed."""
    found = unit.scalar(_NEWEST_UNREAD, userid=userid, now=to_ms(now))
    return None if found is None else str(found)


def _as_reader(row: tuple[object, ...]) -> Reader:
    userid, read_at, reached = row
    return Reader(str(userid), None if read_at is None else from_ms(int(str(read_at))), bool(reached))
