"""No query of the queue walks through all messages ever sent: the clock asks these several times a second (SQLite)."""

from __future__ import annotations

import re

import pytest

from storage.engine import open_embedded
from storage.migrations import upgrade
from storage.queries import alarms, backlog, calls, deliveries, due, notices
from storage.statement import SQLITE, Statement
from storage.store import Store
from storage.unit import Unit
from tests.databases import KEY

# Whole, or along the index of every message ever sent.
_WALKS = re.compile(
    r"SCAN (outbox|deadline|phone_call|notice_reader|outbox_member|o|m|q|earlier)"
    r"($| USING (COVERING )?INDEX (ix_outbox_recent|sqlite_autoindex_outbox_1))"
)
QUERIES = [
    pytest.param(statement, id=f"{module.__name__.rpartition('.')[2]}{name}")
    for module in (alarms, backlog, calls, deliveries, due, notices)
    for name, statement in sorted(vars(module).items())
    if isinstance(statement, Statement) and name not in ("_LOCK", "_PATIENCE")  # PostgreSQL's alone
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    engine = open_embedded(tmp_path_factory.mktemp("plans"), KEY)
    upgrade(engine)
    return Store(engine)


@pytest.mark.parametrize("statement", QUERIES)
def test_a_query_of_the_queue_walks_no_big_table(store: Store, statement: Statement) -> None:
    text, fixed = statement.prepared(SQLITE)
    values = dict.fromkeys(re.findall(r":(\w+)", text), 1) | fixed | {"names": "[]"}

    def plan(unit: Unit) -> list[str]:
        unit.cursor.execute(f"EXPLAIN QUERY PLAN {text}", {n: v for n, v in values.items() if f":{n}" in text})
        return [str(row[3]) for row in unit.cursor.fetchall()]

    steps = store.read(plan)
    assert [step for step in steps if _WALKS.match(step)] == []
