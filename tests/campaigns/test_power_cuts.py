"""
50 power cuts of the real `up` family under sealed callbacks; in `make test` 5.

After each the data folder is what its synced writes make of it, with later ones whole, torn or lost (see
`tests/campaigns/power.py`); it must open, be whole, hold every acknowledged number and signature, and verify.
"""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import bootstrap
from bot.settings_sources import load
from storage.engine import DATABASE_FILE, open_embedded
from storage.store import Store
from storage.tables import ITEM, SIGNATURE
from storage.verify import verify_audit
from tests.campaigns.power import Operation, read_journal, rebuild
from tests.campaigns.product import Product
from tests.campaigns.scale import FULL, Campaign
from tests.campaigns.town import Town
from tests.campaigns.wecom_http import HttpPlatform

WORK_SECONDS = 5.0
CUTS_PER_START = 5


@pytest.fixture
def town(tmp_path: Path, campaign: Campaign) -> Iterator[Town]:
    journal = tmp_path / "journal"
    journal.touch()
    platform = HttpPlatform(campaign.dice)
    product = Product(tmp_path, platform.url, ("tests.campaigns.power", str(journal)))
    made = Town(product, platform, campaign, lambda: journal.stat().st_size)
    yield made
    made.over.set()
    product.close()
    platform.close()


@pytest.mark.campaign
@pytest.mark.timeout(3600 if FULL else 240)
def test_a_power_cut_loses_nothing_acknowledged_and_breaks_nothing(
    campaign: Campaign, town: Town, tmp_path: Path
) -> None:
    journal = tmp_path / "journal"
    data, before = town.product.data, tmp_path / "before"
    before.mkdir()
    counts: Counter[str] = Counter()
    for _ in range(campaign.size(10)):
        journal.write_bytes(b"")
        town.forget()
        kept = set() if not any(before.iterdir()) else _numbers(before, town.product)
        town.product.start()
        town.wake_up()
        time.sleep(WORK_SECONDS)
        town.fall_asleep()
        town.product.kill_all()
        operations = read_journal(journal)
        counts["starts"] += 1
        counts["purchases_acknowledged"] += len(town.numbers)
        counts["syncs"] += sum(operation.kind == ord("S") for operation in operations)
        for position in _moments(campaign, town, operations):
            after = tmp_path / "after"
            shutil.rmtree(after, ignore_errors=True)
            after.mkdir()
            counts["cuts"] += 1
            counts["writes_of_open_fate"] += rebuild(before, after, operations, position, campaign.dice)
            counts["numbers_checked"] += _check(after, town, position, kept)
        # The next start is the one after the last cut.
        for name in (DATABASE_FILE, f"{DATABASE_FILE}-wal", f"{DATABASE_FILE}-shm"):
            (data / name).unlink(missing_ok=True)
        shutil.rmtree(before)
        shutil.copytree(after, before)
        for file in after.iterdir():
            shutil.copy(file, data / file.name)
    campaign.found(**counts, lost=0, broken=0)


def _moments(campaign: Campaign, town: Town, operations: list[Operation]) -> list[int]:
    """Return where the power goes: right after an acknowledgement, or in the middle of anything; the latest last."""
    dice, acknowledged = campaign.dice, sorted({*town.marks.values(), *town.tapped.values()})
    assert len(acknowledged) >= CUTS_PER_START, "nobody did anything"
    at_once = dice.sample(acknowledged, 2)
    anywhere = [dice.choice(operations).end for _ in range(CUTS_PER_START - len(at_once) - 1)]
    return [*at_once, *anywhere, dice.choice(acknowledged[len(acknowledged) // 2 :])]


def _check(folder: Path, town: Town, position: int, kept: set[str]) -> int:
    wanted = {number for number, mark in town.marks.items() if mark <= position}
    signed = {number for number, mark in town.tapped.items() if mark <= position}
    if not wanted and not (folder / DATABASE_FILE).exists():
        return 0  # before anything was promised there may be nothing
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    store = _open(folder, town.product)
    try:
        verdict = store.read(lambda unit: unit.cursor.execute("PRAGMA integrity_check").fetchall())
        assert [row[0] for row in verdict] == ["ok"]
        if wanted | kept:
            numbers = set(store.read(lambda unit: _column(unit, ITEM.c.number)))
            assert wanted | kept <= numbers
            assert signed <= set(store.read(lambda unit: _column(unit, SIGNATURE.c.number)))
            report = store.read(verify_audit)
            assert report.ok, report.findings
    finally:
        store.close()
    # The look itself must not be what the next start works on.
    for file in folder.iterdir():
        file.unlink()
    for name, content in before.items():
        (folder / name).write_bytes(content)
    return len(wanted)


def _numbers(folder: Path, product: Product) -> set[str]:
    copy = folder.parent / "look"
    shutil.copytree(folder, copy)
    store = _open(copy, product)
    try:
        return set(store.read(lambda unit: _column(unit, ITEM.c.number)))
    finally:
        store.close()
        shutil.rmtree(copy)


def _open(folder: Path, product: Product) -> Store:
    house = bootstrap.build_house(load(product.config, {}))
    assert house.database_key is not None
    return Store(open_embedded(folder, house.database_key))


def _column(unit, column):  # type: ignore[no-untyped-def]
    return [row[0] for row in unit.all(column.table.select().with_only_columns(column))]
