"""
Ways to tamper with a trail, for one who holds the file, the key and the program: each changes a healthy database.

A tamper gets a unit whose guards are down and dice for the place; it says where it was. `seen_by` is "database" when
the database alone shows it, "anchor" when only what a person typed from the chat does.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Integer, Table, and_, delete, func, insert, select, update

from storage.canonical import from_json, revision_digest, row_digest, to_json
from storage.chain import GENESIS, event_hash
from storage.tables import ACCESS, ANCHOR, AUDIT, METADATA, REVISION, SIGNATURE
from storage.unit import EVIDENCE, Unit, evidence_columns, key_text

Way = Callable[[Unit, random.Random], str]


@dataclass(frozen=True)
class Tamper:
    """One way of tampering."""

    name: str
    way: Way
    seen_by: str = "database"


def guards_down(unit: Unit) -> None:
    """Do what an administrator can: take the triggers off."""
    if unit.dialect == "sqlite":
        unit.cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'", {})
        for (name,) in unit.cursor.fetchall():
            unit.cursor.execute(f"DROP TRIGGER {name}", {})
    else:
        for name in ("audit", "access", "anchor", "signature", "policy_version", "template", "revision", "note"):
            unit.cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER", {})


def _anchored(unit: Unit) -> int:
    return int(unit.scalar(select(func.max(ANCHOR.c.seq))))


def _anchored_of(unit: Unit, chain: Table) -> int:
    """Return the newest sequence of a chain that an anchor covers."""
    if chain is AUDIT:
        return _anchored(unit)
    body = unit.scalar(select(AUDIT.c.body).where(AUDIT.c.act == "audit.anchored").order_by(AUDIT.c.seq.desc()))
    return int(from_json(body)["facts"]["access_seq"])


def _some_seq(unit: Unit, chain: Table, dice: random.Random) -> int:
    return dice.randint(1, int(unit.scalar(select(func.max(chain.c.seq)))))


def _event(unit: Unit, chain: Table, seq: int) -> dict[str, Any]:
    row = unit.one(select(chain).where(chain.c.seq == seq))
    assert row is not None
    return dict(zip((column.name for column in chain.columns), row, strict=True))


def _other(value: object, dice: random.Random) -> object:
    if isinstance(value, bytes | memoryview):
        flipped = bytearray(bytes(value))
        flipped[dice.randrange(len(flipped))] ^= 1 << dice.randrange(8)
        return bytes(flipped)
    if isinstance(value, int):
        return value + dice.choice([-1, 1, 1000])
    if value is None:
        return None
    text = str(value)
    at = dice.randrange(len(text) + 1)
    return text[:at] + "假" + text[at + 1 :] if len(text) < 20 else text[:at] + text[at + 1 :]


# --- the chains -----------------------------------------------------------------------------------------------------


def _edit(chain: Table, column: str) -> Way:
    def way(unit: Unit, dice: random.Random) -> str:
        seq = _some_seq(unit, chain, dice)
        event = _event(unit, chain, seq)
        changed = _other(event[column], dice)
        if changed == event[column]:
            changed = "假"
        if column == "seq":
            changed = seq + 1_000
        unit.run(update(chain).where(chain.c.seq == seq).values({column: changed}))
        return f"{column} of {seq}"

    return way


def _edit_and_rehash(chain: Table, links: int) -> Way:
    """Change an event, make its hash fit, and the next ones' links, but stop half-way."""

    def way(unit: Unit, dice: random.Random) -> str:
        last = int(unit.scalar(select(func.max(chain.c.seq))))
        seq = dice.randint(1, last - links - 1)
        unit.run(update(chain).where(chain.c.seq == seq).values(actor="somebody"))
        _recompute(unit, chain, seq, seq + links)
        return f"{seq} to {seq + links}"

    return way


def _recompute(unit: Unit, chain: Table, first: int, last: int) -> None:
    before = unit.scalar(select(chain.c.hash).where(chain.c.seq == first - 1))
    previous = GENESIS if before is None else bytes(before)
    events = unit.all(select(chain).where(chain.c.seq >= first, chain.c.seq <= last).order_by(chain.c.seq))
    for seq, _, at, actor, act, number, body, _ in events:
        hashed = event_hash(chain.name, seq, previous, at, actor, act, number, body)
        unit.run(update(chain).where(chain.c.seq == seq).values(previous=previous, hash=hashed))
        previous = hashed


def _delete_event(chain: Table) -> Way:
    def way(unit: Unit, dice: random.Random) -> str:
        seq = dice.randint(1, _anchored_of(unit, chain))
        unit.run(delete(chain).where(chain.c.seq == seq))
        return str(seq)

    return way


def _delete_and_close_the_gap(chain: Table) -> Way:
    def way(unit: Unit, dice: random.Random) -> str:
        seq = dice.randint(1, _anchored_of(unit, chain) - 1)
        gone = _event(unit, chain, seq)
        unit.run(delete(chain).where(chain.c.seq == seq))
        unit.run(update(chain).where(chain.c.seq == seq + 1).values(previous=bytes(gone["previous"])))
        for (later,) in unit.all(select(chain.c.seq).where(chain.c.seq > seq).order_by(chain.c.seq)):
            unit.run(update(chain).where(chain.c.seq == later).values(seq=later - 1))
        return str(seq)

    return way


def _swap(chain: Table) -> Way:
    def way(unit: Unit, dice: random.Random) -> str:
        last = int(unit.scalar(select(func.max(chain.c.seq))))
        first, second = sorted(dice.sample(range(1, last + 1), 2))
        one, two = _event(unit, chain, first), _event(unit, chain, second)
        kept = ("at", "actor", "act", "number", "body", "hash")
        unit.run(update(chain).where(chain.c.seq == first).values({name: two[name] for name in kept}))
        unit.run(update(chain).where(chain.c.seq == second).values({name: one[name] for name in kept}))
        return f"{first} and {second}"

    return way


def _double(chain: Table) -> Way:
    def way(unit: Unit, dice: random.Random) -> str:
        seq = _some_seq(unit, chain, dice)
        last = int(unit.scalar(select(func.max(chain.c.seq))))
        event = _event(unit, chain, seq)
        unit.run(insert(chain).values({**event, "seq": last + 1, "previous": b"d" * 32}))
        return f"{seq} as {last + 1}"

    return way


def _slip_in(chain: Table) -> Way:
    """Insert a back-dated event and move the later ones up, without making their hashes anew."""

    def way(unit: Unit, dice: random.Random) -> str:
        seq = dice.randint(1, _anchored_of(unit, chain))
        for (later,) in unit.all(select(chain.c.seq).where(chain.c.seq >= seq).order_by(chain.c.seq.desc())):
            unit.run(update(chain).where(chain.c.seq == later).values(seq=later + 1))
        event = _event(unit, chain, seq + 1)
        hashed = event_hash(chain.name, seq, b"s" * 32, 1, "xu", "test", "", event["body"])
        unit.run(
            insert(chain).values(
                seq=seq, previous=b"s" * 32, at=1, actor="xu", act="test", number="", body=event["body"], hash=hashed
            )
        )
        return str(seq)

    return way


def _cut(chain: Table) -> Way:
    """Cut the end off, an anchored event with it; the stored anchors stay."""

    def way(unit: Unit, dice: random.Random) -> str:
        seq = dice.randint(1, _anchored_of(unit, chain))
        unit.run(delete(chain).where(chain.c.seq >= seq))
        return f"from {seq}"

    return way


def _hide_anchors(unit: Unit, seq: int) -> None:
    unit.run(delete(ANCHOR).where(ANCHOR.c.seq >= seq))


def _cut_with_everything(unit: Unit, dice: random.Random) -> str:
    """Take back the last events, the stored anchors and what the events wrote, as if it had never been."""
    seq = dice.randint(_anchored(unit) - 3, _anchored(unit))
    unit.run(delete(AUDIT).where(AUDIT.c.seq >= seq))
    _hide_anchors(unit, seq)
    _make_evidence_fit(unit)
    return f"from {seq}"


def _rewrite_everything(unit: Unit, dice: random.Random) -> str:
    """Change an event and make every later hash, link and stored anchor anew: the perfect forgery."""
    last = int(unit.scalar(select(func.max(AUDIT.c.seq))))
    seq = dice.randint(1, _anchored(unit))
    unit.run(update(AUDIT).where(AUDIT.c.seq == seq).values(actor="somebody"))
    _recompute(unit, AUDIT, seq, last)
    for (anchored,) in unit.all(select(ANCHOR.c.seq).where(ANCHOR.c.seq >= seq).order_by(ANCHOR.c.seq)):
        hashed = bytes(unit.scalar(select(AUDIT.c.hash).where(AUDIT.c.seq == anchored)))
        unit.run(update(ANCHOR).where(ANCHOR.c.seq == anchored).values(hash=hashed))
        told = unit.one(
            select(AUDIT.c.seq, AUDIT.c.body).where(AUDIT.c.act == "audit.anchored", AUDIT.c.seq > anchored)
            .order_by(AUDIT.c.seq).limit(1)
        )
        assert told is not None
        body = from_json(told[1])
        body["facts"]["hash"] = hashed.hex()
        unit.run(update(AUDIT).where(AUDIT.c.seq == told[0]).values(body=to_json(body)))
        _recompute(unit, AUDIT, int(told[0]), last)
    return f"from {seq}"


def _make_evidence_fit(unit: Unit) -> None:
    """Let the newest event that is left tell of every row as it stands, and forget rows no event tells of."""
    told: dict[tuple[str, str], str] = {}
    for (body,) in unit.all(select(AUDIT.c.body).order_by(AUDIT.c.seq)):
        told.update({(table, key): digest for table, key, digest in from_json(body).get("rows", ())})
    fits: dict[tuple[str, str], str] = {}
    for name, key in EVIDENCE.items():
        table = METADATA.tables[name]
        names = evidence_columns(table)
        for row in unit.all(select(*(table.c[each] for each in names))):
            full = dict(zip(names, row, strict=True))
            kept = key_text(name, full)
            if (name, kept) in told:
                fits[name, kept] = row_digest(full)
            else:
                unit.run(delete(table).where(and_(*(table.c[each] == full[each] for each in key))))
    last = int(unit.scalar(select(func.max(AUDIT.c.seq))))
    body = from_json(unit.scalar(select(AUDIT.c.body).where(AUDIT.c.seq == last)))
    body["rows"] = [[table, key, digest] for (table, key), digest in fits.items()]
    unit.run(update(AUDIT).where(AUDIT.c.seq == last).values(body=to_json(body)))
    _recompute(unit, AUDIT, last, last)


# --- evidence -------------------------------------------------------------------------------------------------------


def _row(unit: Unit, table: Table, dice: random.Random) -> tuple[dict[str, Any], Any]:
    names = [column.name for column in table.columns]
    rows = unit.all(select(table).order_by(*table.primary_key.columns))
    row = dict(zip(names, dice.choice(rows), strict=True))
    return row, and_(*(column == row[column.name] for column in table.primary_key.columns))


def _edit_row(table: Table, column: str) -> Way:
    def way(unit: Unit, dice: random.Random) -> str:
        row, here = _row(unit, table, dice)
        if isinstance(table.c[column].type, BigInteger | Integer):
            changed: object = (row[column] or 0) + 1000
        else:
            changed = str(_other(row[column] or "", dice))[: getattr(table.c[column].type, "length", None)]
            if changed == row[column]:
                changed = "假"
        unit.run(update(table).where(here).values({column: changed}))
        return f"{column} of {key_text(table.name, row)}"

    return way


def _delete_row(table: Table) -> Way:
    def way(unit: Unit, dice: random.Random) -> str:
        row, here = _row(unit, table, dice)
        unit.run(delete(table).where(here))
        return key_text(table.name, row)

    return way


def _invent_row(table: Table) -> Way:
    """Slip in a row that looks like another one."""

    def way(unit: Unit, dice: random.Random) -> str:
        row, _ = _row(unit, table, dice)
        # What a unique index holds must differ too: the database itself would refuse the copy.
        unique = {column.name for index in table.indexes if index.unique for column in index.columns}
        for name in sorted({*EVIDENCE[table.name], *(column.name for column in table.primary_key.columns), *unique}):
            row[name] = 900 + dice.randrange(100) if isinstance(row[name], int) else f"X{dice.randrange(10**6)}"
        unit.run(insert(table).values(row))
        return key_text(table.name, row)

    return way


def _other_text_with_its_own_commitment(unit: Unit, dice: random.Random) -> str:
    row, here = _row(unit, REVISION, dice)
    fields = {"事由": "别的"}
    unit.run(
        update(REVISION).where(here).values(
            fields=to_json(fields), salt="s", digest=revision_digest("s", fields)
        )
    )
    return key_text("revision", row)


def _tell_of_a_changed_revision(unit: Unit, dice: random.Random) -> str:
    """Rewrite what was signed, with a new event that tells of the row: the chain fits, the signatures do not."""
    number = dice.choice([each for (each,) in unit.all(select(SIGNATURE.c.number).distinct())])
    fields = {"事由": "别的"}
    here = and_(REVISION.c.number == number, REVISION.c.revision == 1)
    unit.run(update(REVISION).where(here).values(fields=to_json(fields), digest=revision_digest("s", fields), salt="s"))
    names = evidence_columns(REVISION)
    row = unit.one(select(*(REVISION.c[name] for name in names)).where(here))
    assert row is not None
    digest = row_digest(dict(zip(names, row, strict=True)))
    head = unit.one(select(AUDIT.c.seq, AUDIT.c.hash).order_by(AUDIT.c.seq.desc()).limit(1))
    assert head is not None
    body = to_json({"v": 1, "facts": {}, "rows": [["revision", f"{number}/1", digest]]})
    seq, previous = int(head[0]) + 1, bytes(head[1])
    hashed = event_hash("audit", seq, previous, 1, "xu", "test", number, body)
    unit.run(
        insert(AUDIT).values(
            seq=seq, previous=previous, at=1, actor="xu", act="test", number=number, body=body, hash=hashed
        )
    )
    return number


# --- anchors --------------------------------------------------------------------------------------------------------


def _edit_anchor(column: str) -> Way:
    def way(unit: Unit, dice: random.Random) -> str:
        row, here = _row(unit, ANCHOR, dice)
        unit.run(update(ANCHOR).where(here).values({column: _other(row[column], dice)}))
        return f"{column} of {row['seq']}"

    return way


def _delete_anchor(unit: Unit, dice: random.Random) -> str:
    row, here = _row(unit, ANCHOR, dice)
    unit.run(delete(ANCHOR).where(here))
    return str(row["seq"])


def _invent_anchor(unit: Unit, dice: random.Random) -> str:
    taken = {seq for (seq,) in unit.all(select(ANCHOR.c.seq))}
    seq = dice.choice([each for each in range(1, _anchored(unit)) if each not in taken])
    hashed = bytes(unit.scalar(select(AUDIT.c.hash).where(AUDIT.c.seq == seq)))
    unit.run(insert(ANCHOR).values(seq=seq, count=seq, hash=hashed, at=1))
    return str(seq)


def every_tamper() -> Iterator[Tamper]:
    """Yield every way, once."""
    for chain in (AUDIT, ACCESS):
        for column in chain.columns:
            yield Tamper(f"{chain.name}: edit {column.name}", _edit(chain, column.name))
        for links in (0, 1, 3):
            yield Tamper(f"{chain.name}: edit and rehash {links + 1}", _edit_and_rehash(chain, links))
        yield Tamper(f"{chain.name}: delete", _delete_event(chain))
        yield Tamper(f"{chain.name}: delete and close the gap", _delete_and_close_the_gap(chain))
        yield Tamper(f"{chain.name}: swap", _swap(chain))
        yield Tamper(f"{chain.name}: double", _double(chain))
        yield Tamper(f"{chain.name}: slip in", _slip_in(chain))
        yield Tamper(f"{chain.name}: cut", _cut(chain))
    yield Tamper("cut with everything it wrote", _cut_with_everything, "anchor")
    yield Tamper("rewritten as a whole", _rewrite_everything, "anchor")
    for name in EVIDENCE:
        table = METADATA.tables[name]
        for column_name in evidence_columns(table):
            yield Tamper(f"{name}: edit {column_name}", _edit_row(table, column_name))
        yield Tamper(f"{name}: delete", _delete_row(table))
        yield Tamper(f"{name}: invent", _invent_row(table))
    yield Tamper("revision: other text with its own commitment", _other_text_with_its_own_commitment)
    yield Tamper("revision: rewritten under its signatures, with an event", _tell_of_a_changed_revision)
    for column_name in ("seq", "count", "hash"):
        yield Tamper(f"anchor: edit {column_name}", _edit_anchor(column_name))
    yield Tamper("anchor: delete", _delete_anchor)
    yield Tamper("anchor: invent", _invent_anchor)
