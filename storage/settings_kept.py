"""Facts the database keeps about itself: what it was born as, when the company went live, versions of the org."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from storage.errors import WrongDatabase
from storage.statement import Statement
from storage.store import Store
from storage.tables import SETTING
from storage.unit import Unit

KIND = "database_kind"
REAL, REHEARSAL = "real", "rehearsal"

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


def open_as(store: Store, *, rehearsal: bool) -> None:
    """
    Mark a new database as real or rehearsal, and refuse to open one as the other (contract, Rehearsal).

    Raises:
        WrongDatabase: it was born as the other kind.
    """
    wanted = REHEARSAL if rehearsal else REAL

    def work(unit: Unit) -> str:
        born = kept(unit, KIND)
        if born is None:
            keep(unit, KIND, wanted)
            return wanted
        return born

    born = store.write(work)
    if born != wanted:
        raise WrongDatabase(
            f"this database is a {born} one and was asked to open as {wanted}; "
            "use another data_dir (or database.url), or change rehearsal.enabled back"
        )
