"""A real Chromium on the page's test bed (a plugin of the page's tests)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.sandbox.page_fixture import BedServer, Json
from tests.sandbox.page_fixture_screen import PATIENCE_S, Screen
from tools.browser import FLAGS, chromium

DESK = {"width": 1440, "height": 900}


@pytest.fixture(scope="session")
def page_browser() -> Iterator[Browser]:
    """One browser for all tests of the page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def page_server() -> Iterator[BedServer]:
    """A fresh bed."""
    server = BedServer()
    server.start()
    yield server
    server.close()


@pytest.fixture
def page_context(page_browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A fresh browser profile; a desk's screen unless the test asks for another (indirect parameter)."""
    wanted: Json = {"viewport": DESK, "locale": "zh-CN", **getattr(request, "param", {})}
    context = page_browser.new_context(**wanted)
    context.set_default_timeout(PATIENCE_S * 1000)
    yield context
    context.close()


@pytest.fixture
def screen(page_context: BrowserContext, page_server: BedServer) -> Iterator[Screen]:
    """The page, open; at the end it must not have complained nor asked anybody else for anything."""
    shown = Screen(page_context.new_page(), page_server)
    shown.open()
    yield shown
    assert shown.complaints == []
    assert shown.outside == []
