"""
Check an exported audit bundle of liuhen without liuhen: needs Python 3.9 and nothing else, imports nothing of ours.

    python3 standalone_verifier.py BUNDLE [--anchor SEQ:HASH] …

The bundle (made by `liuhen audit export`) holds `audit.jsonl` and `access.jsonl` (two hash chains, one event a line),
`anchors.jsonl`, `manifest.json` and `rows/<table>.jsonl` (the evidence as it stands, one row a line). It is checked
that each event follows the one before it and has the hash it says; that every piece of evidence is as the newest event
that names it left it, that none is missing and none was slipped in; that signatures sign what is there; and that
the chain runs through every anchor.

An anchor is the sequence and hash that the directors' chat was told on some day. Type them from the chat, not from
the bundle: who can rewrite the database can rewrite its own list of anchors too. Without typed anchors a chain that
was made anew as a whole, or cut at its end, cannot be told from a true one, and the answer says so.

An event's hash is SHA-256 over these parts, each after its length in 4 bytes, big end first: label
("liuhen-audit-v1" or "liuhen-access-v1"), sequence, hash of the event before (32 zero bytes for the first), instant in
milliseconds, actor, act, number, body. A row's digest is SHA-256 over its line in the bundle.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import struct
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

GENESIS = bytes(32)
LABELS = {"audit": b"liuhen-audit-v1", "access": b"liuhen-access-v1"}
ANCHORED = "audit.anchored"
REHEARSED = "rehearsal.born"  # the first act of a rehearsal's trail
KNOWN_BODIES = (1,)
SHORTEST_ANCHOR = 16  # hex digits; 64 bits are enough against a rewriter who must hit them
MOST_FINDINGS = 200  # kept in words; all are counted


@dataclass(frozen=True)
class Event:
    """One event of a chain, as stored."""

    seq: int
    previous: bytes
    at: int
    actor: str
    act: str
    number: str
    body: str
    hash: bytes


@dataclass
class Report:
    """
    What a check found.

    Attributes:
        findings: in words, the first ones; empty when all is well.
        wrong: how many there are in all.
        anchored: the newest sequence that a typed anchor confirmed, 0 without.
        rehearsal: the trail says that it is one of a rehearsal.
    """

    events: int = 0
    accesses: int = 0
    rows: int = 0
    anchors: int = 0
    anchored: int = 0
    rehearsal: bool = False
    wrong: int = 0
    findings: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Return whether nothing is wrong."""
        return self.wrong == 0

    def add(self, finding: str) -> None:
        """Keep one finding."""
        self.wrong += 1
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(finding)


def event_hash(chain: str, event: Event) -> bytes:
    """Return the hash an event must have."""
    parts = (
        LABELS[chain], str(event.seq).encode(), event.previous, str(event.at).encode(), event.actor.encode(),
        event.act.encode(), event.number.encode(), event.body.encode(),
    )
    return hashlib.sha256(b"".join(struct.pack(">I", len(part)) + part for part in parts)).digest()


def canonical(value: object) -> bytes:
    """Return the one way a JSON value is written for hashing."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


class Checker:
    """
    Takes both chains, then the anchors, then the rows, each in order; `finish` closes the account.

    Args:
        typed: anchors as typed by a person: sequence and the hash's beginning in hex.
    """

    def __init__(self, typed: Sequence[tuple[int, str]] = ()) -> None:
        self.report = Report()
        self._typed = typed
        self._digests: dict[str, dict[str, bytes]] = {}  # by table and key; half a kilobyte of memory an event
        self._anchored_by_event: dict[int, str] = {}
        self._access_at: dict[int, str] = {}
        self._revisions: dict[tuple[str, int], str] = {}
        self._hashes: dict[int, bytes] = {}
        self._wanted: set[int] = set()

    # -- chains

    def anchors_to_come(self, anchors: Iterable[int]) -> None:
        """Say which sequences anchors will name; must come before the audit chain."""
        self._wanted = {*anchors, *(seq for seq, _ in self._typed)}

    def audit(self, events: Iterable[Event]) -> None:
        """Check the chain of changes."""
        for event in self._links("audit", events):
            self.report.events += 1
            self.report.rehearsal |= event.act == REHEARSED
            if event.seq in self._wanted:
                self._hashes[event.seq] = event.hash
            self._read_body(event)
        for seq, typed in self._typed:
            self.report.anchors += 1
            found = self._hashes.get(seq)
            if found is None:
                self.report.add(f"anchor {seq}: the chain ends at {self.report.events}; its end was cut off")
            elif len(typed) < SHORTEST_ANCHOR or not found.hex().startswith(typed.lower()):
                self.report.add(f"anchor {seq}: the chat says {typed}, the chain says {found.hex()}; it was rewritten")
            else:
                self.report.anchored = max(self.report.anchored, seq)

    def access(self, events: Iterable[Event]) -> None:
        """Check the chain of accesses; its heads stand in the anchors' events of the other chain."""
        for event in self._links("access", events):
            self.report.accesses += 1
            expected = self._access_at.pop(event.seq, None)
            if expected is not None and expected != event.hash.hex():
                self.report.add(f"access {event.seq}: not the hash that was anchored; the chain was rewritten")
        for seq in sorted(self._access_at):
            if seq > 0:
                self.report.add(f"access {seq}: was anchored and is gone; the chain's end was cut off")

    def _links(self, chain: str, events: Iterable[Event]) -> Iterator[Event]:
        previous, expected = GENESIS, 1
        for event in events:
            if event.seq != expected:
                self.report.add(f"{chain} {expected}: the next event is {event.seq}; events are missing or doubled")
            if event.previous != previous:
                self.report.add(f"{chain} {event.seq}: does not follow the event before it")
            if event_hash(chain, event) != event.hash:
                self.report.add(f"{chain} {event.seq}: the event was changed, its hash does not fit")
            previous, expected = event.hash, event.seq + 1
            yield event

    def _read_body(self, event: Event) -> None:
        try:
            body = json.loads(event.body)
            if body["v"] not in KNOWN_BODIES:
                self.report.add(f"audit {event.seq}: body version {body['v']} is newer than this verifier")
                return
            for table, key, digest in body.get("rows", ()):
                self._digests.setdefault(table, {})[key] = bytes.fromhex(digest)
            if event.act == ANCHORED:
                facts = body["facts"]
                if facts["seq"] >= event.seq:
                    self.report.add(f"audit {event.seq}: anchors an event that is not before it")
                self._anchored_by_event[facts["seq"]] = facts["hash"]
                self._access_at[facts["access_seq"]] = facts["access_hash"]
        except (ValueError, KeyError, TypeError):
            self.report.add(f"audit {event.seq}: the body cannot be read")

    # -- anchors

    def anchors(self, rows: Iterable[tuple[int, int, str]]) -> None:
        """Check the stored list of anchors: sequence, count, hash in hex."""
        for seq, count, hashed in rows:
            self.report.anchors += 1
            found = self._hashes.get(seq)
            if found is None:
                self.report.add(f"stored anchor {seq}: no such event; the chain's end was cut off")
            elif found.hex() != hashed:
                self.report.add(f"stored anchor {seq}: the event has another hash; the chain was rewritten")
            if count != seq:
                self.report.add(f"stored anchor {seq}: counted {count} events, must be {seq}")
            if self._anchored_by_event.pop(seq, None) != hashed:
                self.report.add(f"stored anchor {seq}: no event tells of it")
        for seq in sorted(self._anchored_by_event):
            self.report.add(f"stored anchor {seq}: an event tells of it and it is gone")

    # -- evidence

    def row(self, table: str, key: str, digest: bytes) -> None:
        """Check one row of evidence against the newest event that names it."""
        self.report.rows += 1
        expected = self._digests.get(table, {}).pop(key, None)
        if expected is None:
            self.report.add(f"{table} {key}: no event tells of this row, or it is there twice")
        elif expected != digest:
            self.report.add(f"{table} {key}: changed after the last event that tells of it")

    def commitment(self, table: str, row: dict[str, Any]) -> None:
        """Check what a row says about itself: its text against its own commitment, a signature against its revision."""
        if table == "revision":
            self._revisions[row["number"], row["revision"]] = row["digest"]
            if row["fields"] or row["salt"]:
                self._committed(table, row, self._parsed(table, row))
        elif table == "note" and (row["words"] or row["salt"]):
            self._committed(table, row, {"words": row["words"]})
        elif table == "signature":
            signed = self._revisions.get((row["number"], row["revision"]))
            if signed != row["revision_digest"]:
                self.report.add(f"signature on {row['number']}: signs another text than revision {row['revision']}")

    def _parsed(self, table: str, row: dict[str, Any]) -> object:
        try:
            return json.loads(row["fields"])
        except ValueError:
            self.report.add(f"{table} {row['number']}: the fields cannot be read")
            return None

    def _committed(self, table: str, row: dict[str, Any], fields: object) -> None:
        if hashlib.sha256(canonical({"fields": fields, "salt": row["salt"]})).hexdigest() != row["digest"]:
            self.report.add(f"{table} {row['number']}: the text is not the one its digest was made of")

    def finish(self) -> Report:
        """Return the report; rows that events name and that are gone are found here."""
        for table, key in ((table, key) for table, keys in self._digests.items() for key in keys):
            self.report.add(f"{table} {key}: an event tells of this row and it is gone")
        return self.report


# --- reading a bundle -----------------------------------------------------------------------------------------------


def lines_of(path: Path) -> Iterator[bytes]:
    """Yield a file's lines without their ends."""
    with path.open("rb") as file:
        for line in file:
            yield line.rstrip(b"\n")


def events_of(path: Path) -> Iterator[Event]:
    """Yield the events of a chain's file."""
    for line in lines_of(path):
        read = json.loads(line)
        read["previous"], read["hash"] = bytes.fromhex(read["previous"]), bytes.fromhex(read["hash"])
        yield Event(**read)


def verify_bundle(folder: Path, typed: Sequence[tuple[int, str]] = ()) -> Report:
    """
    Check a whole bundle.

    Raises:
        OSError, ValueError, KeyError, TypeError: it is not a bundle, or cannot be read.
    """
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    if manifest["format"] != "liuhen-audit-bundle" or manifest["version"] != 1:
        raise ValueError("not a bundle of version 1")
    checker = Checker(typed)
    for name, expected in manifest["files"].items():
        whole = hashlib.sha256()
        for line in lines_of(folder / name):
            whole.update(line + b"\n")
        if whole.hexdigest() != expected["sha256"]:
            checker.report.add(f"{name}: not the file the manifest was written for")
    anchors = [json.loads(line) for line in lines_of(folder / "anchors.jsonl")]
    checker.anchors_to_come(each["seq"] for each in anchors)
    checker.audit(events_of(folder / "audit.jsonl"))
    checker.anchors((each["seq"], each["count"], each["hash"]) for each in anchors)
    checker.access(events_of(folder / "access.jsonl"))
    for table, key in manifest["evidence"].items():
        for line in lines_of(folder / "rows" / f"{table}.jsonl"):
            row = json.loads(line)
            checker.row(table, "/".join(str(row[name]) for name in key), hashlib.sha256(line).digest())
            checker.commitment(table, row)
    return checker.finish()


def _anchor(typed: str) -> tuple[int, str]:
    seq, _, hashed = typed.partition(":")
    if re.fullmatch(rf"[0-9]+:[0-9a-fA-F]{{{SHORTEST_ANCHOR},64}}", typed) is None:
        raise argparse.ArgumentTypeError(f"{typed!r} is not SEQ:HASH with at least {SHORTEST_ANCHOR} hex digits")
    return int(seq), hashed


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; 0 all is well, 1 something is wrong, 2 the bundle cannot be read."""
    parser = argparse.ArgumentParser(description="Check an exported audit bundle of liuhen.")
    parser.add_argument("bundle", type=Path, help="folder made by `liuhen audit export`")
    parser.add_argument("--anchor", type=_anchor, action="append", default=[], metavar="SEQ:HASH",
                        help="an anchor as the directors' chat was told; give several to narrow down where it broke")
    asked = parser.parse_args(arguments)
    try:
        report = verify_bundle(asked.bundle, asked.anchor)
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"This bundle cannot be read: {type(error).__name__}: {error}")
        return 2
    if report.rehearsal:
        print("A rehearsal (演练): what it holds is not official.")
    for finding in report.findings:
        print(f"WRONG  {finding}")
    print(f"{report.events} changes, {report.accesses} accesses, {report.rows} rows, {report.anchors} anchors: "
          + ("all is well" if report.ok else f"{report.wrong} things are wrong"))
    if report.anchored:
        print(f"Proved by typed anchors up to event {report.anchored}; "
              f"{report.events - report.anchored} younger events rest on the database's own word.")
    else:
        print("No typed anchor: a chain that was rewritten as a whole or cut at its end would not show.")
    return 0 if report.ok else 1


if __name__ == "__main__":
    sys.exit(main())
