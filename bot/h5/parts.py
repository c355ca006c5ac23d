"""What the pages need, made after forking."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.h5.session import Cookies
from bot.wecom.client import WeComClient
from handlers.context import Ctx
from notifications.clock import Clock
from storage.store import Store
from storage.unit import Unit


@dataclass(frozen=True)
class PageParts:
    """
    What the pages need.

    Attributes:
        context: makes the surroundings of a unit at an instant of company time, with nobody acting.
        open_file: decrypts an attachment by its id and its path in the vault, piece by piece.
        new_token: makes a fresh random id.
        public_url: ours, where WeCom sends people back to.
        login_base_url: where they log in; "" = WeCom's own addresses.
    """

    store: Store
    clock: Clock
    cookies: Cookies
    client: WeComClient
    context: Callable[[Unit, datetime], Ctx]
    open_file: Callable[[int, str], Iterator[bytes]]
    new_token: Callable[[], str]
    corp_id: str
    agent_id: int
    company: str
    rehearsal: bool
    public_url: str
    login_base_url: str = ""
