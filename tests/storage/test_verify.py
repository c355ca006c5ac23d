"""A healthy trail verifies, on both databases, after everything that may rightly happen to it."""

from __future__ import annotations

import ast
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from policy.terms import Noun
from storage import standalone_verifier
from storage.anchoring import take_anchor
from storage.canonical import to_json
from storage.chain import BODY_VERSION, GENESIS, event_hash, head_of
from storage.export import VERIFIER, FolderNotEmpty, export_bundle
from storage.identity import KIND, open_as
from storage.standalone_verifier import KNOWN_BODIES, verify_bundle
from storage.store import Store
from storage.tables import REVISION
from storage.unit import Unit
from storage.verify import EVIDENCE_TABLES, verify_audit
from tests.storage.filing import NOW, file_record
from tests.storage.healthy import live_a_few_days


def test_an_empty_database_is_well(store: Store, tmp_path: Path) -> None:
    report = store.read(verify_audit)
    assert (report.ok, report.events, report.rows) == (True, 0, 0)
    store.read(lambda unit: export_bundle(unit, tmp_path / "bundle"))
    assert verify_bundle(tmp_path / "bundle").ok


def test_a_healthy_trail_verifies_in_the_database_and_in_its_bundle(store: Store, tmp_path: Path) -> None:
    anchors = live_a_few_days(store)
    typed = [(anchor.seq, anchor.hash[:16]) for anchor in anchors]
    report = store.read(lambda unit: verify_audit(unit, typed))
    assert report.findings == []
    assert report.events > 60
    assert report.accesses == 17
    assert report.rows > 80
    assert report.anchored == anchors[-1].seq < report.events
    bundle = store.read(lambda unit: export_bundle(unit, tmp_path / "bundle"))
    again = verify_bundle(tmp_path / "bundle", typed)
    assert again == report
    assert bundle.lines["audit.jsonl"] == report.events
    head = store.read(lambda unit: head_of(unit, "audit"))
    assert head is not None
    assert bundle.head == f"{head[0]}:{head[1].hex()}"


def test_every_kind_of_evidence_occurs_in_these_tests(store: Store) -> None:
    live_a_few_days(store)
    for table in EVIDENCE_TABLES:
        assert store.read(lambda unit, name=table.name: unit.scalar(text(f"SELECT count(*) FROM {name}"))) > 0, table


def test_erasing_a_persons_text_with_its_event_leaves_the_chain_whole(store: Store) -> None:
    live_a_few_days(store)

    def erase(unit: Unit) -> None:
        key = {"number": "JL-20261123-0002", "revision": 1}
        unit.change_one(REVISION, key, {"fields": "", "original": "", "reason": "", "salt": ""})
        unit.audit(NOW, "zhou", "record.disposed", "JL-20261123-0002")

    store.write(erase)
    assert store.read(verify_audit).findings == []


def test_a_number_typed_as_the_chat_shows_it_is_taken_in_either_case(store: Store) -> None:
    anchor = live_a_few_days(store)[0]
    assert store.read(lambda unit: verify_audit(unit, [(anchor.seq, anchor.hash[:20].upper())])).ok


def test_an_anchor_of_an_empty_chain_is_none_and_the_first_is_the_first_event(store: Store) -> None:
    assert store.write(lambda unit: take_anchor(unit, NOW)) is None
    store.write(lambda unit: file_record(unit, "拜访"))
    anchor = store.write(lambda unit: take_anchor(unit, NOW))
    assert anchor is not None
    assert anchor.seq == 1
    again = store.write(lambda unit: take_anchor(unit, NOW))
    assert again is not None
    assert again.seq == 2
    assert store.read(verify_audit).ok


def test_a_bundle_goes_into_an_empty_folder_for_its_owner_alone(sqlite_store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "bundle"
    sqlite_store.read(lambda unit: export_bundle(unit, folder))
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "audit.jsonl").stat().st_mode & 0o777 == 0o600
    with pytest.raises(FolderNotEmpty):
        sqlite_store.read(lambda unit: export_bundle(unit, folder))


def _run(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=60)


def test_the_verifier_in_the_bundle_runs_alone_and_says_what_it_proved(sqlite_store: Store, tmp_path: Path) -> None:
    anchor = live_a_few_days(sqlite_store)[-1]
    folder = tmp_path / "bundle"
    sqlite_store.read(lambda unit: export_bundle(unit, folder))
    good = _run(folder / VERIFIER, folder, "--anchor", f"{anchor.seq}:{anchor.hash}", cwd=tmp_path)
    assert (good.returncode, good.stderr) == (0, "")
    assert "all is well" in good.stdout
    assert f"Proved by typed anchors up to event {anchor.seq}" in good.stdout
    unanchored = _run(folder / VERIFIER, folder, cwd=tmp_path)
    assert unanchored.returncode == 0
    assert "rewritten as a whole or cut at its end would not show" in unanchored.stdout
    wrong = _run(folder / VERIFIER, folder, "--anchor", f"{anchor.seq}:{'0' * 64}", cwd=tmp_path)
    assert wrong.returncode == 1
    assert "WRONG" in wrong.stdout
    for nonsense in ("1", "1:abc", "x:" + "0" * 64):
        assert _run(folder / VERIFIER, folder, "--anchor", nonsense, cwd=tmp_path).returncode == 2
    (folder / "audit.jsonl").write_text("{")
    broken = _run(folder / VERIFIER, folder, cwd=tmp_path)
    assert broken.returncode == 2
    assert "Traceback" not in broken.stderr
    assert _run(folder / VERIFIER, tmp_path / "nowhere", cwd=tmp_path).returncode == 2


def test_a_rehearsals_trail_says_so_and_a_real_one_does_not(store: Store, tmp_path: Path) -> None:
    open_as(store, rehearsal=False, now=datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    assert not store.read(verify_audit).rehearsal
    with store.engine.begin() as connection:
        connection.execute(text("DELETE FROM setting WHERE name = :name"), {"name": KIND})
    open_as(store, rehearsal=True, now=datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    report = store.read(verify_audit)
    assert (report.ok, report.rehearsal, report.events) == (True, True, 1)
    store.read(lambda unit: export_bundle(unit, tmp_path / "bundle"))
    alone = _run(tmp_path / "bundle" / VERIFIER, tmp_path / "bundle", cwd=tmp_path)
    assert alone.stdout.startswith("A rehearsal (演练): what it holds is not official.\n")


def test_the_verifier_imports_the_standard_library_and_nothing_of_ours() -> None:
    tree = ast.parse(Path(standalone_verifier.__file__).read_text())
    names = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import)
            else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        )
    }
    assert names <= sys.stdlib_module_names


def test_the_verifier_knows_the_bodies_that_are_written_today() -> None:
    assert BODY_VERSION in KNOWN_BODIES


def test_the_hash_of_an_event_is_this_one_for_ever() -> None:
    """A published vector: changing the format must be noticed here and by everyone who wrote a verifier."""
    body = to_json({"v": 1, "facts": {"金额": 3500000}, "rows": [["item", "CG-20261123-0001", "00" * 32]]})
    assert body == '{"facts":{"金额":3500000},"rows":[["item","CG-20261123-0001","' + "00" * 32 + '"]],"v":1}'
    hashed = event_hash("audit", 1, GENESIS, 1795413900000, "xu", "approval.filed", "CG-20261123-0001", body)
    assert hashed.hex() == "e6a595fca1575fdb4f10075f1143862d6b92c9dfc912bdbba0512e91fa644aa1"
    assert hashed != event_hash("access", 1, GENESIS, 1795413900000, "xu", "approval.filed", "CG-20261123-0001", body)


def test_a_long_trail_is_checked_fast_enough_for_a_million_events(sqlite_store: Store) -> None:
    def work(unit: Unit) -> None:
        for _ in range(500):
            file_record(unit, "同样的记录", {"客户": "华东电子", "内容": "来访"}, noun=Noun.RECORD)

    for _ in range(10):
        sqlite_store.write(work)
    begun = time.process_time()
    report = sqlite_store.read(verify_audit)
    spent = time.process_time() - begun
    assert (report.ok, report.events, report.rows) == (True, 5000, 10000)
    print(f"{spent / 5000 * 1e6:.0f} µs an event with two rows")
    assert spent / 5000 * 1_000_000 < 90
