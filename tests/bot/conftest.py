"""Fixtures of the process tests: an encrypted database, a live clock, a real Valkey."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from notifications.clock import SystemClock
from storage.engine import open_embedded
from storage.migrations import upgrade
from storage.store import Store
from tests.bot.valkey import Valkey
from tests.notifications.house import PostOffice


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    server = Valkey()
    server.start()
    yield server
    server.close()


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Store]:
    engine = open_embedded(tmp_path, bytes(range(32)))
    upgrade(engine)
    store = Store(engine)
    yield store
    store.close()


@pytest.fixture
def office(embedded: Store) -> Iterator[PostOffice[SystemClock]]:
    made = PostOffice(embedded, SystemClock())
    yield made
    made.close()
