"""
Checking the audit trail of a living database, as `liuhen audit verify` does (3.1f, design rule 12).

The checks themselves are the stand-alone verifier's; here the rows are read from the database in portions, within one
consistent view.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Table, and_, bindparam, select, tuple_

from storage.canonical import to_json
from storage.standalone_verifier import Checker, Event, Report
from storage.statement import Statement
from storage.tables import ACCESS, ANCHOR, AUDIT, METADATA
from storage.unit import EVIDENCE, Unit, evidence_columns, key_text

PORTION = 2000

# Revisions before signatures: a signature is held against the revision it signs.
EVIDENCE_TABLES: tuple[Table, ...] = tuple(METADATA.tables[name] for name in EVIDENCE)


def verify_audit(unit: Unit, typed: Sequence[tuple[int, str]] = ()) -> Report:
    """
    Check both chains, the anchors and every row of evidence.

    Args:
        unit: a reader; it sees one moment for as long as this takes.
        typed: anchors as a person typed them from the chat: sequence and the hash's beginning in hex.
    """
    checker = Checker(typed)
    anchors = stored_anchors(unit)
    checker.anchors_to_come(seq for seq, _, _ in anchors)
    checker.audit(events(unit, AUDIT))
    checker.anchors(anchors)
    checker.access(events(unit, ACCESS))
    for table in EVIDENCE_TABLES:
        for row in evidence_rows(unit, table):
            digest = hashlib.sha256(to_json(row).encode()).digest()
            checker.row(table.name, key_text(table.name, row), digest)
            checker.commitment(table.name, row)
    return checker.finish()


def stored_anchors(unit: Unit) -> list[tuple[int, int, str]]:
    """Return the database's own list of anchors: sequence, count, hash in hex."""
    rows = unit.all(select(ANCHOR.c.seq, ANCHOR.c.count, ANCHOR.c.hash).order_by(ANCHOR.c.seq))
    return [(int(seq), int(count), bytes(hashed).hex()) for seq, count, hashed in rows]


def events(unit: Unit, chain: Table) -> Iterator[Event]:
    """Yield the events of a chain in order."""
    page = Statement(
        select(chain).where(chain.c.seq > bindparam("after")).order_by(chain.c.seq).limit(bindparam("most"))
    )
    after = -(2**62)
    while rows := unit.all(page, after=after, most=PORTION):
        for seq, previous, at, actor, act, number, body, hashed in rows:
            yield Event(seq, bytes(previous), at, actor, act, number, body, bytes(hashed))
        after = rows[-1][0]


def evidence_rows(unit: Unit, table: Table) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table of evidence with the columns that their digests cover."""
    keys = list(table.primary_key.columns)
    names = evidence_columns(table)
    core = select(*keys, *(table.c[name] for name in names)).order_by(*keys).limit(bindparam("most"))
    after = [bindparam(f"after_{key.name}", type_=key.type) for key in keys]
    first, following = Statement(core), Statement(core.where(and_(tuple_(*keys) > tuple_(*after))))
    rows = unit.all(first, most=PORTION)
    while rows:
        for row in rows:
            yield dict(zip(names, row[len(keys) :], strict=True))
        last = {f"after_{key.name}": value for key, value in zip(keys, rows[-1], strict=False)}
        rows = unit.all(following, most=PORTION, **last)
