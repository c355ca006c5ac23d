"""The page as somebody sees it: short names for what the tests look at."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page

from tests.sandbox.page_fixture import BedServer, Json, PageBed

PATIENCE_S = 10.0


class Screen:
    """The page as somebody sees it."""

    def __init__(self, page: Page, server: BedServer) -> None:
        self.page = page
        self.server = server
        self.complaints: list[str] = []
        self.outside: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        page.on("request", lambda asked: self._asked(asked.url))

    @property
    def bed(self) -> PageBed:
        """The bed behind the page."""
        return self.server.bed

    def open(self) -> None:
        """Load the page and wait until it is drawn and listens."""
        before = self.bed.streams
        self.page.goto(f"{self.server.address}/sandbox/")
        self.page.wait_for_selector("#desk[data-ready]")
        until(lambda: self.bed.streams > before)

    def phone(self, slot: int) -> Locator:
        """The phone of that place, counted from 0."""
        return self.page.locator(f".phone[data-slot='{slot}']")

    def button(self, slot: int, text: str) -> Locator:
        """A button of a card in a phone."""
        return self.phone(slot).locator(".card-button", has_text=text)

    def type_into(self, slot: int, text: str) -> None:
        """Write into a phone's input."""
        phone = self.phone(slot)
        phone.locator("textarea").fill(text)

    def posted(self, path: str) -> list[Json]:
        """What the page posted to a path so far."""
        return [body for where, body in self.bed.posts if where == path]

    def _asked(self, url: str) -> None:
        if not url.startswith((self.server.address, "data:", "blob:")):
            self.outside.append(url)


def until(true: Callable[[], Any], seconds: float = PATIENCE_S) -> None:
    """Return when the condition holds; fail when it does not in time."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not true within {seconds} s"
        time.sleep(0.02)
