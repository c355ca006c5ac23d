"""Facts the database keeps about itself: what it was born as, when the company went live, versions of the org."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from storage.statement import Statement
from storage.tables import SETTING
from storage.unit import Unit

_GET = Statement(select(SETTING.c.value).where(SETTING.c.name == bindparam("wanted")))
_PUT = Statement(
    {
        "sqlite": "INSERT INTO setting (name, value) VALUES (:name, :value) "
                  "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        "postgresql": "INSERT INTO setting (name, value) VALUES (%(name)s, %(value)s) "
                      "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    }
)


def kept(unit: Unit, name: str) -> str | None:
    """Return a kept fact."""
    found = unit.scalar(_GET, wanted=name)
    return None if found is None else str(found)


def keep(unit: Unit, name: str, value: str) -> None:
    """Keep a fact, the newest value wins."""
    unit.run(_PUT, name=name, value=value)
