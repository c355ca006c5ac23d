"""What a database is: real or rehearsal since its birth, and of which schema (contract, Rehearsal)."""

from __future__ import annotations

from datetime import datetime

from storage.errors import WrongDatabase
from storage.migrations import current, head, known
from storage.settings_kept import keep, kept
from storage.standalone_verifier import REHEARSED
from storage.store import Store
from storage.unit import Unit

KIND = "database_kind"
REAL, REHEARSAL = "real", "rehearsal"


def open_as(store: Store, *, rehearsal: bool, now: datetime) -> None:
    """
    Refuse a database of another schema; mark a new one as real or rehearsal, and refuse to open it as the other.

    The trail of a rehearsal begins with saying what it is (contract, Rehearsal).

    Args:
        now: company time, aware UTC.

    Raises:
        WrongDatabase: the schema is older or newer than this program, or it was born as the other kind.
    """
    check_schema(store)
    wanted = REHEARSAL if rehearsal else REAL

    def work(unit: Unit) -> str:
        born = kept(unit, KIND)
        if born is None:
            keep(unit, KIND, wanted)
            if rehearsal:
                unit.audit(now, "system", REHEARSED)
            return wanted
        return born

    born = store.read(lambda unit: kept(unit, KIND)) or store.write(work)
    if born != wanted:
        raise WrongDatabase(
            f"this database was born as a {born} one and was asked to open as {wanted}; "
            "use another data_dir (or database.url), or change rehearsal.enabled back"
        )


def check_schema(store: Store) -> None:
    """
    Refuse a database whose schema is not exactly this program's.

    Raises:
        WrongDatabase: older (migrate first) or newer (this program is old); the message names the mend.
    """
    found = current(store.engine)
    if found == head():
        return
    if found is None or found in known():
        raise WrongDatabase(
            f"the database has schema {found or 'none'}, this program needs {head()}; "
            "run `liuhen up` once, it migrates before anything else"
        )
    raise WrongDatabase(f"the database has schema {found}, newer than this program; install the newer program")
