"""The app's menu, 发起 | 待办 | 更多, put into WeCom when it has changed (contract, Chat)."""

from __future__ import annotations

import hashlib
import json
import threading
import time

import structlog

from bot.wecom.client import WeComClient
from bot.wecom.menu import AppMenu, MenuEntry, MenuGroup, install
from notifications.delivery import Stop
from notifications.errors import SendError
from notifications.texts import general as texts
from storage.errors import TryAgainLater
from storage.settings_kept import keep, kept
from storage.store import Store

LOG = structlog.get_logger(__name__)

INSTALLED = "app_menu"
AGAIN_SECONDS = 60.0

MENU = AppMenu(
    (
        MenuGroup(
            texts.MENU_START, (MenuEntry(texts.MENU_PURCHASE, "purchase"), MenuEntry(texts.MENU_RECORD, "record"))
        ),
        MenuEntry(texts.MENU_TODO, "todo"),
        MenuGroup(
            texts.MENU_MORE,
            (
                MenuEntry(texts.MENU_MINE, "mine"), MenuEntry(texts.MENU_FIND, "find"),
                MenuEntry(texts.MENU_HELP, "help"),
            ),
        ),
    )
)


def ensure_menu(store: Store, client: WeComClient, app: str) -> bool:
    """
    Install the menu unless this very menu stands already; return whether it was installed now.

    Args:
        app: names the app and its company, since a database may be pointed at another one.

    Raises:
        SendError: WeCom did not take it.
        TryAgainLater: the database is away.
    """
    wanted = hashlib.sha256((app + json.dumps(MENU.to_json(), sort_keys=True)).encode()).hexdigest()
    if store.read(lambda unit: kept(unit, INSTALLED)) == wanted:
        return False
    install(client, MENU)
    store.write(lambda unit: keep(unit, INSTALLED, wanted))
    return True


def keep_installed(store: Store, client: WeComClient, app: str, stop: Stop) -> threading.Thread:
    """Install the menu beside the clock's duties; where WeCom cannot be reached, try each minute."""

    def run() -> None:
        while not stop():
            try:
                if ensure_menu(store, client, app):
                    LOG.info("menu.installed")
                return
            except (SendError, TryAgainLater) as error:
                LOG.warning("menu.not_installed", error=str(error))
            until = time.monotonic() + AGAIN_SECONDS
            while time.monotonic() < until and not stop():
                time.sleep(0.2)

    thread = threading.Thread(target=run, name="menu", daemon=True)
    thread.start()
    return thread
