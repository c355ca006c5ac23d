"""Whatever is tampered with is found, and what rightly happens never looks like tampering (RP-5.1, RP-5.2)."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from storage.export import export_bundle
from storage.standalone_verifier import Report, verify_bundle
from storage.store import Store
from storage.unit import EVIDENCE, Unit
from storage.verify import verify_audit
from tests.campaigns.scale import Campaign
from tests.storage.healthy import live_a_few_days
from tests.storage.tampers import Tamper, every_tamper, guards_down


class Undone(Exception):
    """Rolls a tamper back."""


@contextmanager
def _tampered(store: Store, tamper: Tamper, dice: random.Random) -> Iterator[tuple[Unit, str]]:
    """Give a unit in which the tamper has happened; it is rolled back afterwards."""
    with store._connection() as connection:
        cursor = connection.cursor()
        if store.dialect == "sqlite":
            cursor.execute("BEGIN IMMEDIATE")
        unit = Unit(store.dialect, cursor, writing=True)
        try:
            guards_down(unit)
            yield unit, f"{tamper.name}: {tamper.way(unit, dice)}"
        finally:
            connection.rollback()


def test_every_way_of_tampering_is_found_wherever_it_is_done(store: Store) -> None:
    campaign = Campaign(f"tampers_{store.dialect}")
    anchors = live_a_few_days(store)
    typed = [(anchor.seq, anchor.hash[:16]) for anchor in anchors]
    assert store.read(lambda unit: verify_audit(unit, typed)).findings == []
    ways = list(every_tamper())
    campaign.dice.shuffle(ways)
    done, missed = 0, []
    while done < campaign.size(500):
        for tamper in ways[: campaign.size(500) - done]:
            with _tampered(store, tamper, campaign.dice) as (unit, what):
                found = verify_audit(unit, typed if tamper.seen_by == "anchor" else ())
            if found.ok:
                missed.append(what)
            done += 1
    assert missed == []
    assert store.read(lambda unit: verify_audit(unit, typed)).findings == []
    campaign.found(tampers=done, ways=len(ways), missed=0)


@pytest.mark.parametrize("name", [tamper.name for tamper in every_tamper() if tamper.seen_by == "anchor"])
def test_a_perfect_forgery_shows_by_typed_anchors_alone(sqlite_store: Store, name: str) -> None:
    """Otherwise the forgery would not be perfect, and the test before this one would prove less than it says."""
    anchors = live_a_few_days(sqlite_store)
    tamper = next(each for each in every_tamper() if each.name == name)
    for seed in range(5):
        with _tampered(sqlite_store, tamper, random.Random(seed)) as (unit, what):
            assert verify_audit(unit).findings == [], what
            found = verify_audit(unit, [(anchor.seq, anchor.hash) for anchor in anchors])
        assert not found.ok, what
        assert any("rewritten" in finding or "cut off" in finding for finding in found.findings)


def test_the_bundle_shows_each_tamper_as_the_database_does(sqlite_store: Store, tmp_path: Path) -> None:
    live_a_few_days(sqlite_store)
    dice = random.Random(5)
    for at, tamper in enumerate(list(every_tamper())[::9]):
        with _tampered(sqlite_store, tamper, dice) as (unit, what):
            here = verify_audit(unit)
            export_bundle(unit, tmp_path / str(at))
        there = verify_bundle(tmp_path / str(at))
        assert (there.wrong, there.findings) == (here.wrong, here.findings), what


def _rewrite(folder: Path, name: str, lines: list[bytes], *, manifest_too: bool) -> None:
    whole = b"".join(line + b"\n" for line in lines)
    (folder / name).write_bytes(whole)
    if manifest_too:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
        manifest["files"][name]["sha256"] = hashlib.sha256(whole).hexdigest()
        (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize("manifest_too", [False, True], ids=["file alone", "file and manifest"])
def test_a_bundle_that_was_changed_on_its_way_is_found(
    sqlite_store: Store, tmp_path: Path, manifest_too: bool
) -> None:
    live_a_few_days(sqlite_store)
    folder = tmp_path / "bundle"
    sqlite_store.read(lambda unit: export_bundle(unit, folder))
    names = list(json.loads((folder / "manifest.json").read_text())["files"])
    dice = random.Random(7)

    def check() -> Report | None:
        try:
            return verify_bundle(folder)
        except (ValueError, KeyError, TypeError):
            return None  # not even readable

    assert len(names) == 3 + len(EVIDENCE)
    for name in names:
        kept = (folder / name).read_bytes().splitlines()
        manifest = (folder / "manifest.json").read_bytes()
        at = dice.randrange(len(kept))
        other = kept[at].replace(b'":"', b'":"7', 1)
        for lines in (
            [*kept[:at], other, *kept[at + 1 :]],
            [*kept[:at], *kept[at + 1 :]],
            [*kept[:at], kept[at], *kept[at:]],
            kept[: len(kept) // 2],
        ):
            _rewrite(folder, name, lines, manifest_too=manifest_too)
            report = check()
            assert report is None or not report.ok, (name, at)
            (folder / name).write_bytes(b"".join(line + b"\n" for line in kept))
            (folder / "manifest.json").write_bytes(manifest)
    assert verify_bundle(folder).ok
