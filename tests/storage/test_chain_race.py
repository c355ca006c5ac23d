"""Eight processes at one chain: gapless, without a fork, and every write is there (RP-5.4, RP-4.1)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import func, select

from storage.engine import open_embedded, open_postgresql
from storage.errors import TryAgainLater
from storage.settings_kept import keep, kept
from storage.store import Store
from storage.tables import AUDIT, SETTING
from storage.unit import Unit
from storage.verify import verify_audit
from tests.campaigns.scale import Campaign
from tests.databases import KEY
from tests.storage.filing import NOW

PROCESSES = 8


def _count(unit: Unit) -> None:
    # A row lock that every process wants, so that a lost update would show; the chain's head comes after it.
    unit.one(select(SETTING.c.value).where(SETTING.c.name == "n").with_for_update()
             if unit.dialect == "postgresql" else select(SETTING.c.value).where(SETTING.c.name == "n"))
    n = int(kept(unit, "n") or 0) + 1
    keep(unit, "n", str(n))
    unit.audit(NOW, "system", "test.counted", "", n=n)
    unit.access(NOW, "system", "test.looked", "", n=n)


@pytest.mark.campaign
def test_eight_processes_write_one_gapless_chain_and_lose_no_update(store: Store, tmp_path: Path) -> None:
    campaign = Campaign(f"chain_race_{store.dialect}")
    each = campaign.size(2_000)
    store.write(lambda unit: keep(unit, "n", "0"))
    url = store.engine.url.render_as_string(hide_password=False)
    store.close()
    children = []
    for _ in range(PROCESSES):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                own = Store(open_embedded(tmp_path, KEY) if store.dialect == "sqlite" else open_postgresql(url))
                done = 0
                while done < each:
                    try:
                        own.write(_count)
                        done += 1
                    except TryAgainLater:
                        continue  # nothing was changed; a worker would ring again
                own.close()
                status = 0
            finally:
                os._exit(status)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * PROCESSES
    wanted = PROCESSES * each
    assert int(store.read(lambda unit: kept(unit, "n")) or 0) == wanted
    assert store.read(lambda unit: unit.scalar(select(func.max(AUDIT.c.seq)))) == wanted
    report = store.read(verify_audit)
    assert report.findings == []
    assert (report.events, report.accesses) == (wanted, wanted)
    campaign.found(processes=PROCESSES, writes=wanted, forks=0, gaps=0, lost=0)
