"""
The audit bundle: both chains, the anchors and all evidence as text files, with the verifier beside them (3.1f).

The bundle is not encrypted and holds what the records hold: its folder is for its owner alone, and who makes one is
told so.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from policy.errors import ProjectError
from storage import standalone_verifier
from storage.canonical import to_json
from storage.chain import head_of
from storage.tables import ACCESS, AUDIT
from storage.unit import EVIDENCE, Unit
from storage.verify import EVIDENCE_TABLES, events, evidence_rows, stored_anchors

VERIFIER = "standalone_verifier.py"


class FolderNotEmpty(ProjectError):
    """The folder holds something already: name a new one."""


@dataclass(frozen=True)
class Bundle:
    """What was exported: how many lines by file, and the head of the chain of changes as SEQ:HASH ("" if empty)."""

    lines: Mapping[str, int]
    head: str


def export_bundle(unit: Unit, folder: Path) -> Bundle:
    """
    Write a bundle into a new or empty folder; `python3 standalone_verifier.py FOLDER` checks it anywhere.

    Args:
        unit: a reader; the bundle is one moment.

    Raises:
        FolderNotEmpty: there is something in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FolderNotEmpty(f"{folder} is not empty; name a new folder")
    folder.chmod(0o700)
    (folder / "rows").mkdir(mode=0o700)
    files: dict[str, dict[str, object]] = {}
    for chain in (AUDIT, ACCESS):
        _write(
            files, folder, f"{chain.name}.jsonl",
            (
                {**vars(event), "previous": event.previous.hex(), "hash": event.hash.hex()}
                for event in events(unit, chain)
            ),
        )
    anchors = stored_anchors(unit)
    _write(
        files, folder, "anchors.jsonl",
        ({"seq": seq, "count": count, "hash": hashed} for seq, count, hashed in anchors),
    )
    for table in EVIDENCE_TABLES:
        _write(files, folder, f"rows/{table.name}.jsonl", evidence_rows(unit, table))
    head = head_of(unit, "audit")
    manifest = {
        "format": "liuhen-audit-bundle", "version": 1, "files": files,
        "evidence": {table.name: list(EVIDENCE[table.name]) for table in EVIDENCE_TABLES},
    }
    _create(folder / "manifest.json", [to_json(manifest).encode()])
    shutil.copyfile(standalone_verifier.__file__, folder / VERIFIER)
    lines = {name: int(str(kept["lines"])) for name, kept in files.items()}
    return Bundle(lines, "" if head is None else f"{head[0]}:{head[1].hex()}")


def _write(
    files: dict[str, dict[str, object]], folder: Path, name: str, rows: Iterable[Mapping[str, object]]
) -> None:
    whole, many = hashlib.sha256(), 0

    def lines() -> Iterable[bytes]:
        nonlocal many
        for row in rows:
            line = to_json(row).encode() + b"\n"
            whole.update(line)
            many += 1
            yield line

    _create(folder / name, lines())
    files[name] = {"lines": many, "sha256": whole.hexdigest()}


def _create(path: Path, pieces: Iterable[bytes]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
