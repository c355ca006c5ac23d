"""What a person is in the middle of: the last list, fields being asked for, the last item written to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from storage.canonical import from_json, to_json
from storage.moments import from_ms, to_ms
from storage.statement import Statement
from storage.tables import CONVERSATION
from storage.unit import Unit

_ONE = Statement(
    select(CONVERSATION.c.state, CONVERSATION.c.until).where(
        CONVERSATION.c.userid == bindparam("userid"), CONVERSATION.c.purpose == bindparam("purpose")
    )
)
_PUT = Statement(
    {
        "sqlite": (
            "INSERT INTO conversation (userid, purpose, until, state) VALUES (:userid, :purpose, :until, :state) "
            "ON CONFLICT (userid, purpose) DO UPDATE SET until = excluded.until, state = excluded.state"
        ),
        "postgresql": (
            "INSERT INTO conversation (userid, purpose, until, state) "
            "VALUES (%(userid)s, %(purpose)s, %(until)s, %(state)s) "
            "ON CONFLICT (userid, purpose) DO UPDATE SET until = excluded.until, state = excluded.state"
        ),
    }
)
_END = Statement(
    CONVERSATION.delete().where(
        CONVERSATION.c.userid == bindparam("userid"), CONVERSATION.c.purpose == bindparam("purpose")
    )
)


def remember(unit: Unit, userid: str, purpose: str, state: object, until: datetime) -> None:
    """Remember something about a person until a company instant; the newest replaces the older."""
    unit.run(_PUT, userid=userid, purpose=purpose, until=to_ms(until), state=to_json(state))


def recall(unit: Unit, userid: str, purpose: str, now: datetime) -> Any | None:
    """Return what is remembered, None when nothing is or it has expired."""
    found = recall_until(unit, userid, purpose, now)
    return None if found is None else found[0]


def recall_until(unit: Unit, userid: str, purpose: str, now: datetime) -> tuple[Any, datetime] | None:
    """Return what is remembered and until when, None when nothing is or it has expired."""
    row = unit.one(_ONE, userid=userid, purpose=purpose)
    if row is None or row[1] < to_ms(now):
        return None
    return from_json(row[0]), from_ms(row[1])


def end(unit: Unit, userid: str, purpose: str) -> None:
    """Forget it."""
    unit.run(_END, userid=userid, purpose=purpose)
