"""
A unit of work: one transaction's view of the database, and the list of what must be true when it commits.

Units are made by `storage.store.Store`. Nothing here commits. Evidence (see `EVIDENCE`) may only change together
with an audit event; the store appends those events as the last statements before COMMIT (design rule 12).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Protocol

from sqlalchemy import ClauseElement, Select, Table, bindparam, select

from policy.terms import Lane
from storage.canonical import row_digest
from storage.errors import StaleRow, UnauditedWrite
from storage.statement import SQLITE, Statement, compile_now, insert_into, placed_insert, update_of

Row = tuple[Any, ...]


class Cursor(Protocol):
    """What we use of a DBAPI cursor."""

    rowcount: int
    lastrowid: int | None  # SQLite's alone

    def execute(self, sql: str, parameters: Mapping[str, Any] | Sequence[Any] = ..., /) -> Any: ...
    def fetchall(self) -> list[Row]: ...
    def fetchone(self) -> Row | None: ...


# Rows whose digests the audit chain carries.
EVIDENCE: Mapping[str, tuple[str, ...]] = {
    "item": ("number",),
    "revision": ("number", "revision"),
    "approval": ("number",),
    "signature": ("number", "round", "step", "generation"),
    "note": ("number", "digest"),
    "attachment": ("number", "media_id"),
    "person": ("userid",),
    "department": ("id",),
    "policy_version": ("version",),
    "template": ("id", "version"),
    "meeting": ("number",),
    "meeting_seat": ("number", "userid"),
    "promise": ("number",),
    "absence": ("number",),
    "permission_change": ("number",),
    "emergency": ("number",),
}


@dataclass(frozen=True)
class AuditDraft:
    """
    One event on its way into the chain.

    Attributes:
        at: company time, aware UTC.
        actor: userid or "system".
        facts: plain values; never free text of a person (that stands in `revision`, behind a salted digest).
        rows: (table, key, digest) of every piece of evidence this event wrote.
    """

    at: datetime
    actor: str
    act: str
    number: str
    facts: Mapping[str, object]
    rows: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class AccessDraft:
    """One look at something, or a refused one, on its way into the access chain (6.1d)."""

    at: datetime
    actor: str
    act: str
    number: str
    facts: Mapping[str, object]


@dataclass
class Unit:
    """
    One transaction. Statements run at once on the driver's cursor; parameters are named.

    Attributes:
        dialect: "sqlite" or "postgresql".
        writing: False on a reader; the database refuses its writes.
        lanes: lanes whose bell must ring after the commit.
        org_changed: this unit itself has changed people, their rights or their absences.
    """

    dialect: str
    cursor: Cursor
    writing: bool
    lanes: set[Lane] = field(default_factory=set)
    audits: list[AuditDraft] = field(default_factory=list)
    accesses: list[AccessDraft] = field(default_factory=list)
    org_changed: bool = False
    _touched: dict[tuple[str, str], str | tuple[Table, dict[str, object]]] = field(default_factory=dict)

    # -- reading

    def all(self, statement: Statement | ClauseElement, **parameters: object) -> list[Row]:
        """Return every row as a tuple."""
        self._execute(statement, parameters)
        return self.cursor.fetchall()

    def one(self, statement: Statement | ClauseElement, **parameters: object) -> Row | None:
        """Return the first row, None when there is none."""
        self._execute(statement, parameters)
        return self.cursor.fetchone()

    def scalar(self, statement: Statement | ClauseElement, **parameters: object) -> Any:
        """Return the first column of the first row, None when there is none."""
        row = self.one(statement, **parameters)
        return None if row is None else row[0]

    # -- writing

    def run(self, statement: Statement | ClauseElement, **parameters: object) -> int:
        """Run a statement that returns no rows; return how many rows it changed."""
        self._execute(statement, parameters)
        return self.cursor.rowcount

    def insert(self, table: Table, row: Mapping[str, object]) -> None:
        """
        Insert one row; columns left out are NULL.

        Raises:
            DuplicateKey: by the store, for the whole unit.
        """
        if self.dialect == SQLITE:
            self.cursor.execute(placed_insert(table, tuple(row)), tuple(row.values()))
        else:
            self.cursor.execute(*self._ready(insert_into(table, tuple(row)), row))
        if table.name in EVIDENCE:
            self._touch(table, row)

    def insert_id(self, table: Table, row: Mapping[str, object]) -> int:
        """Insert one row and return its new id."""
        if self.dialect == SQLITE:
            # RETURNING there collects its rows in a table made for it: half as dear as the insert itself.
            self.insert(table, row)
            assert self.cursor.lastrowid is not None
            return self.cursor.lastrowid
        self.cursor.execute(*self._ready(insert_into(table, tuple(row), returning_id=True), row))
        found = self.cursor.fetchall()
        if table.name in EVIDENCE:
            self._touch(table, row)
        return int(found[0][0])

    def update(self, table: Table, key: Mapping[str, object], changes: Mapping[str, object]) -> int:
        """Change the rows in which every column of `key` equals; return how many."""
        statement = update_of(table, tuple(changes), tuple(key))
        parameters: dict[str, object] = {f"set_{name}": value for name, value in changes.items()}
        parameters.update({f"key_{name}": value for name, value in key.items()})
        self.cursor.execute(*self._ready(statement, parameters))
        changed = self.cursor.rowcount
        if changed and table.name in EVIDENCE:
            self._touch_later(table, key)
        return changed

    def change_one(self, table: Table, key: Mapping[str, object], changes: Mapping[str, object]) -> None:
        """
        Compare-and-set: change exactly one row.

        Raises:
            StaleRow: no row matched; somebody was quicker.
        """
        if self.update(table, key, changes) != 1:
            raise StaleRow(f"{table.name} {dict(key)}")

    def note_change(self, table: Table, key: Mapping[str, object]) -> None:
        """Say that a statement of the caller's own changed a row of evidence (its digest is taken at the event)."""
        self._touch_later(table, key)

    # -- evidence

    def audit(self, at: datetime, actor: str, act: str, number: str = "", **facts: object) -> None:
        """Add an event to the chain; it carries the digests of all evidence written since the last one (3.1f)."""
        rows = tuple(
            (table, key, digest if isinstance(digest, str) else self._digest_now(*digest))
            for (table, key), digest in self._touched.items()
        )
        self._touched.clear()
        self.audits.append(AuditDraft(at, actor, act, number, facts, rows))

    def access(self, at: datetime, actor: str, act: str, number: str = "", **facts: object) -> None:
        """Add a look, or a refused one, to the access chain (6.1d)."""
        self.accesses.append(AccessDraft(at, actor, act, number, facts))

    def check_audited(self) -> None:
        """
        Refuse a commit that would change evidence silently.

        Raises:
            UnauditedWrite: evidence changed after the last audit event.
        """
        if self._touched:
            raise UnauditedWrite(", ".join(f"{table} {key}" for table, key in self._touched))

    # -- inside

    def _execute(self, statement: Statement | ClauseElement, parameters: Mapping[str, object]) -> None:
        self.cursor.execute(*self._ready(statement, parameters))

    def _ready(
        self, statement: Statement | ClauseElement, parameters: Mapping[str, object]
    ) -> tuple[str, Mapping[str, object]]:
        if isinstance(statement, Statement):
            text, fixed = statement.prepared(self.dialect)
        else:
            text, fixed = compile_now(statement, self.dialect)
        if fixed:
            return text, {**fixed, **parameters}
        return text, parameters

    def _touch(self, table: Table, row: Mapping[str, object]) -> None:
        full = {name: row.get(name) for name in evidence_columns(table)}
        self._touched[table.name, key_text(table.name, row)] = row_digest(full)

    def _touch_later(self, table: Table, key: Mapping[str, object]) -> None:
        names = EVIDENCE[table.name]
        kept = {name: key[name] for name in names}
        self._touched[table.name, key_text(table.name, kept)] = (table, kept)

    def _digest_now(self, table: Table, key: Mapping[str, object]) -> str:
        row = self.one(_whole_row(table), **{f"key_{name}": value for name, value in key.items()})
        assert row is not None, f"{table.name} {key} is gone"
        names = evidence_columns(table)
        return row_digest(dict(zip(names, row, strict=True)))


def key_text(table: str, row: Mapping[str, object]) -> str:
    """Return the key of a row of evidence as one text, e.g. "CG-20261123-0001/1"."""
    return "/".join(str(row[name]) for name in EVIDENCE[table])


@cache
def evidence_columns(table: Table) -> Sequence[str]:
    """Return the columns that a digest covers: all but a surrogate id that the database gave."""
    natural = EVIDENCE[table.name]
    # SQLAlchemy's names are strings of their own kind, which orjson takes for values only.
    return tuple(str(column.name) for column in table.columns if column.name != "id" or "id" in natural)


_WHOLE: dict[str, Statement] = {}


def _whole_row(table: Table) -> Statement:
    found = _WHOLE.get(table.name)
    if found is None:
        core: Select[Any] = select(*(table.c[name] for name in evidence_columns(table)))
        for name in EVIDENCE[table.name]:
            core = core.where(table.c[name] == bindparam(f"key_{name}", type_=table.c[name].type))
        found = _WHOLE[table.name] = Statement(core)
    return found

