"""Fixtures of the process tests: an encrypted database, a live clock, a real Valkey."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from notifications.clock import SystemClock
from storage.engine import open_embedded
from storage.migrations import upgrade
from storage.store import Store
from tests.bot.h5_visitors import app_of, settings_for
from tests.bot.valkey import Valkey
from tests.bot.wecom.platform import Platform, running
from tests.handlers.office import Office
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


@pytest.fixture
def platform() -> Iterator[Platform]:
    with running() as served:
        yield served


@pytest.fixture
def company(office_with: Callable[..., Office], platform: Platform) -> Office:
    """Return a company whose messages lead to its pages."""
    return office_with(pages=True, wecom=settings_for(platform))


@pytest.fixture
def app(company: Office) -> Flask:
    return app_of(company)
