"""
The audit chain: each event holds the hash of the one before it (3.1f, design rule 12).

hash = SHA-256 over the length-prefixed parts: the label, sequence, previous hash, instant in milliseconds, actor,
act, number, body. The body is canonical JSON with its own version. Two chains are kept alike: `audit` for what
changed, `access` for what was looked at. The stand-alone verifier recomputes both from an exported bundle.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import Table, select

from storage import tables
from storage.canonical import length_prefixed, to_json
from storage.moments import to_ms
from storage.statement import POSTGRESQL, Statement, insert_into
from storage.unit import AccessDraft, AuditDraft, Unit

BODY_VERSION = 1
GENESIS = bytes(32)
_LABELS = {"audit": b"liuhen-audit-v1", "access": b"liuhen-access-v1"}
_LOCK_KEYS = {"audit": 7_061_001, "access": 7_061_002}


def _head(table: Table) -> Statement:
    return Statement(select(table.c.seq, table.c.hash).order_by(table.c.seq.desc()).limit(1))


_HEADS = {"audit": _head(tables.AUDIT), "access": _head(tables.ACCESS)}
_LOCK = Statement({POSTGRESQL: "SELECT pg_advisory_xact_lock(%(key)s)"})
_COLUMNS = ("seq", "previous", "at", "actor", "act", "number", "body", "hash")


def event_hash(
    chain: str, seq: int, previous: bytes, at_ms: int, actor: str, act: str, number: str, body: str
) -> bytes:
    """Return the hash of one event; `chain` is "audit" or "access"."""
    parts = (
        _LABELS[chain],
        str(seq).encode(),
        previous,
        str(at_ms).encode(),
        actor.encode(),
        act.encode(),
        number.encode(),
        body.encode(),
    )
    return hashlib.sha256(length_prefixed(parts)).digest()


def head_of(unit: Unit, chain: str) -> tuple[int, bytes] | None:
    """Return sequence and hash of a chain's newest event, None while it is empty; `chain` is "audit" or "access"."""
    row = unit.one(_HEADS[chain])
    return None if row is None else (int(row[0]), bytes(row[1]))


def append(unit: Unit) -> None:
    """
    Append the unit's events to their chains; called by the store as the last thing before COMMIT.

    Raises:
        UnauditedWrite: evidence was changed without an event.
    """
    unit.check_audited()
    if unit.audits:
        _append(unit, "audit", tables.AUDIT, unit.audits)
    if unit.accesses:
        _append(unit, "access", tables.ACCESS, unit.accesses)


def _append(unit: Unit, chain: str, table: Table, drafts: Sequence[AuditDraft | AccessDraft]) -> None:
    if unit.dialect == POSTGRESQL:
        unit.one(_LOCK, key=_LOCK_KEYS[chain])
    seq, previous = head_of(unit, chain) or (0, GENESIS)
    for draft in drafts:
        seq += 1
        body: dict[str, object] = {"v": BODY_VERSION, "facts": dict(draft.facts)}
        if isinstance(draft, AuditDraft) and draft.rows:
            body["rows"] = [list(row) for row in draft.rows]
        text = to_json(body)
        at_ms = to_ms(draft.at)
        hashed = event_hash(chain, seq, previous, at_ms, draft.actor, draft.act, draft.number, text)
        unit.run(
            insert_into(table, _COLUMNS),
            seq=seq, previous=previous, at=at_ms, actor=draft.actor, act=draft.act, number=draft.number,
            body=text, hash=hashed,
        )
        previous = hashed
