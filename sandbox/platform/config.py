"""What a platform is made with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Department:
    """A department as the page lists it. head: a userid, None while the seat is empty."""

    id: str
    name: str
    head: str | None = None


@dataclass(frozen=True)
class Member:
    """A member of the company; whoever is not listed cannot be written to (81013)."""

    userid: str
    name: str
    department: str
    title: str = ""
    grade: str = ""


@dataclass(frozen=True)
class PlatformConfig:
    """
    One company with one app.

    Attributes:
        callback_url: the product's address, with its path.
        page_token: opens the page; "" leaves the page closed.
        state_file: chats and codes survive a restart here; None keeps them in memory.
        page_cookies: names and paths of the product's cookies; on one desk all phones share them, so that opening a
            page in another phone ends the login of before.
        phones: who is in the page's phones at first.
    """

    corp_id: str
    agent_id: int
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    callback_url: str
    company: str
    members: Sequence[Member]
    departments: Sequence[Department]
    page_token: str = field(default="", repr=False)
    state_file: Path | None = None
    phones: tuple[str, ...] = ()
    page_cookies: tuple[tuple[str, str], ...] = ()
