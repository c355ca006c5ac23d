"""
Statements: written with SQLAlchemy's typed tables, compiled once to SQL text, run on the driver's own cursor.

Compiling and result processing cost several times the query itself on the callback's path (docs/decisions.md),
so each statement is compiled once per dialect and rows come back as plain tuples in column order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ClauseElement, Table, and_, bindparam, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler

SQLITE = "sqlite"
POSTGRESQL = "postgresql"


def dialect_named(name: str) -> Dialect:
    """Return a compiler dialect whose parameters are named, as both drivers take them in a mapping."""
    if name == SQLITE:
        return sqlite.dialect(paramstyle="named")
    if name == POSTGRESQL:
        return postgresql.psycopg.dialect()  # type: ignore[no-untyped-call]
    raise ValueError(f"no such database: {name}")


_DIALECTS = {name: dialect_named(name) for name in (SQLITE, POSTGRESQL)}


class Statement:
    """A Core statement (or raw SQL per dialect) that is compiled at most once per dialect."""

    __slots__ = ("_core", "_texts")

    def __init__(self, core: ClauseElement | Mapping[str, str]) -> None:
        self._texts: dict[str, tuple[str, dict[str, Any]]] = {}
        self._core: ClauseElement | None = None
        if isinstance(core, Mapping):
            self._texts = {name: (text, {}) for name, text in core.items()}
        else:
            self._core = core

    def prepared(self, dialect: str) -> tuple[str, dict[str, Any]]:
        """Return SQL text and the values fixed in it (literals of the statement)."""
        found = self._texts.get(dialect)
        if found is None:
            assert self._core is not None, f"no SQL for {dialect}"
            found = self._texts[dialect] = compile_now(self._core, dialect)
        return found


def compile_now(core: ClauseElement, dialect: str) -> tuple[str, dict[str, Any]]:
    """Compile a statement, IN-lists included; the fixed values are those that are not open parameters."""
    compiled = core.compile(dialect=_DIALECTS[dialect], compile_kwargs={"render_postcompile": True})
    assert isinstance(compiled, SQLCompiler)
    fixed = {
        name: compiled.params[name]
        for name, parameter in compiled.binds.items()
        if not parameter.required and name in compiled.params
    }
    fixed.update({name: value for name, value in compiled.params.items() if name not in compiled.binds})
    text = str(compiled)
    return (_with_plain_limits(text, fixed) if dialect == SQLITE else text), fixed


# SQLite looks at a bound LIMIT when it plans, and so plans the statement anew each time it runs.
_LIMIT = re.compile(r"\b(LIMIT|OFFSET) :(\w+)")


def _with_plain_limits(text: str, fixed: dict[str, Any]) -> str:
    def plain(found: re.Match[str]) -> str:
        word, name = found.groups()
        return f"{word} {fixed.pop(name)}" if name in fixed else found.group()

    return _LIMIT.sub(plain, text)


_PLACED: dict[tuple[str, tuple[str, ...]], str] = {}


def placed_insert(table: Table, columns: tuple[str, ...]) -> str:
    """Return SQLite's insert of those columns, values by place: looking names up costs as much as the insert."""
    key = (table.name, columns)
    found = _PLACED.get(key)
    if found is None:
        quoted = _DIALECTS[SQLITE].identifier_preparer.quote
        names, places = ", ".join(map(quoted, columns)), ", ".join("?" * len(columns))
        found = _PLACED[key] = f"INSERT INTO {quoted(table.name)} ({names}) VALUES ({places})"
    return found


_INSERTS: dict[tuple[str, tuple[str, ...], bool], Statement] = {}
_UPDATES: dict[tuple[str, tuple[str, ...], tuple[str, ...]], Statement] = {}


def insert_into(table: Table, columns: tuple[str, ...], *, returning_id: bool = False) -> Statement:
    """Return the insert of those columns, made once."""
    key = (table.name, columns, returning_id)
    found = _INSERTS.get(key)
    if found is None:
        core = insert(table).values({name: bindparam(name, type_=table.c[name].type) for name in columns})
        found = _INSERTS[key] = Statement(core.returning(table.c.id) if returning_id else core)
    return found


def update_of(table: Table, changed: tuple[str, ...], where: tuple[str, ...]) -> Statement:
    """Return the update of `changed` where every column of `where` equals; parameters are set_x and key_x."""
    key = (table.name, changed, where)
    found = _UPDATES.get(key)
    if found is None:
        core = (
            update(table)
            .where(and_(*(table.c[name] == bindparam(f"key_{name}", type_=table.c[name].type) for name in where)))
            .values({name: bindparam(f"set_{name}", type_=table.c[name].type) for name in changed})
        )
        found = _UPDATES[key] = Statement(core)
    return found
