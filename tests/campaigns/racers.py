"""One of several web processes that answer for the same company: gunicorn on a port of its own, printed first."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bot.bootstrap import calendar_of, web_app
from bot.house import House
from bot.logs import start_logging
from bot.server import WebServer, listen
from bot.settings_sources import load
from handlers.all_topics import registry
from notifications.post import Frank
from storage.keys import Keyring
from tests.databases import KEY
from tests.handlers.office import AGENT
from tests.notifications.hands import HandClock

THREADS = 24


def main(folder: Path, embedded: bool) -> None:
    """Serve until SIGTERM; the clocks stand still at the tests' Monday."""
    loaded = load(folder / "config.yaml", {})
    start_logging("warning")
    house = House(
        settings=loaded, keyring=Keyring({"k1": os.urandom(32)}, "k1"), database_key=KEY if embedded else None,
        registry=registry(), clock=HandClock(), calendar=calendar_of(loaded), frank=Frank(AGENT),
        redis_url="unix:///nowhere",
    )
    listener = listen("127.0.0.1", 0)
    print(listener.getsockname()[1], flush=True)
    WebServer(lambda: web_app(house), listener, THREADS).run()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] == "embedded")
