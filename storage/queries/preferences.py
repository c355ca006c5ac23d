"""What people have set for themselves; the newest value replaces the older, the trail keeps both (3.1f)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, select

from storage.moments import to_ms
from storage.statement import POSTGRESQL, SQLITE, Statement
from storage.tables import PREFERENCE
from storage.unit import Unit

_OF = Statement(select(PREFERENCE.c.name, PREFERENCE.c.value).where(PREFERENCE.c.userid == bindparam("userid")))
_WHO = Statement(
    select(PREFERENCE.c.userid)
    .where(PREFERENCE.c.name == bindparam("name"), PREFERENCE.c.value == bindparam("value"))
    .order_by(PREFERENCE.c.userid)
)
_PUT = "INSERT INTO preference (userid, name, value, set_at) VALUES ({}) " \
       "ON CONFLICT (userid, name) DO UPDATE SET value = excluded.value, set_at = excluded.set_at"
_SET = Statement(
    {
        SQLITE: _PUT.format(":userid, :name, :value, :set_at"),
        POSTGRESQL: _PUT.format("%(userid)s, %(name)s, %(value)s, %(set_at)s"),
    }
)


def preferences_of(unit: Unit, userid: str) -> Mapping[str, str]:
    """Return what somebody has set, by name; what was never set is not in it."""
    return {str(name): str(value) for name, value in unit.all(_OF, userid=userid)}


def who_set(unit: Unit, name: str, value: str) -> list[str]:
    """Return everyone who has set something to a value, by userid."""
    return [userid for (userid,) in unit.all(_WHO, name=name, value=value)]


def set_preference(unit: Unit, userid: str, name: str, value: str, now: datetime) -> None:
    """Set something for somebody; company time."""
    unit.run(_SET, userid=userid, name=name, value=value, set_at=to_ms(now))
