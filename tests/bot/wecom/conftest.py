"""A platform on a port of its own and a client that knows no other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.wecom.client import WeComClient
from tests.bot.wecom.platform import AGENT, CORP, SECRET, Drawer, Platform, Watch, running


@pytest.fixture
def platform() -> Iterator[Platform]:
    with running() as served:
        yield served


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def drawer() -> Drawer:
    return Drawer()


@pytest.fixture
def client(platform: Platform, watch: Watch, drawer: Drawer) -> WeComClient:
    return WeComClient(
        corp_id=CORP, secret=SECRET, agent_id=AGENT, base_url=platform.url, tokens=drawer, machine_now=watch,
        timeout=(2.0, 2.0),
    )
