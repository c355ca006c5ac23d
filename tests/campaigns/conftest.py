"""A house on an encrypted database for campaigns in virtual time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.engine import open_embedded
from storage.migrations import upgrade
from storage.store import Store
from tests.campaigns.scale import Campaign
from tests.notifications.hands import HandClock
from tests.notifications.house import House


@pytest.fixture
def campaign(request: pytest.FixtureRequest) -> Campaign:
    return Campaign(str(request.node.name).removeprefix("test_"))


@pytest.fixture
def quiet_house(tmp_path: Path) -> Iterator[House]:
    engine = open_embedded(tmp_path, bytes(range(32)))
    upgrade(engine)
    store = Store(engine)
    made = House(store, HandClock())
    yield made
    made.close()
    store.close()
