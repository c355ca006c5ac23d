"""Fixtures of the queue tests: each runs on an encrypted SQLite file and on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from storage.store import Store
from tests.notifications.hands import HandClock
from tests.notifications.house import House


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def house(store: Store, clock: HandClock) -> Iterator[House]:
    made = House(store, clock)
    yield made
    made.close()
