"""One of several web processes that answer for the same company: reads events on stdin, answers on stdout."""

from __future__ import annotations

import itertools
import json
import os
import sys
from functools import partial
from pathlib import Path

from bot.bootstrap import calendar_of
from bot.dispatch import Dispatch
from bot.house import House
from bot.settings_sources import load
from handlers.all_topics import registry
from notifications.post import Frank
from storage.engine import open_engine
from storage.errors import TryAgainLater
from storage.keys import Keyring
from storage.org_cache import OrgCache
from storage.store import Store
from tests.bot.at_once import at_once
from tests.databases import KEY
from tests.handlers.office import AGENT
from tests.notifications.hands import HandClock

DELIVERIES = 4  # the first and WeCom's three repeats


def main(folder: Path, embedded: bool, name: str) -> None:
    """Answer batches: each line a JSON list of events to take in the same moment, each answer a JSON list."""
    loaded = load(folder / "config.yaml", {})
    house = House(
        settings=loaded, keyring=Keyring({"k1": os.urandom(32)}, "k1"), database_key=KEY if embedded else None,
        registry=registry(), clock=HandClock(), calendar=calendar_of(loaded), frank=Frank(AGENT),
        redis_url="unix:///nowhere",
    )
    serial = itertools.count(1)
    dispatch = Dispatch(
        store=Store(open_engine(house.settings.database_url, house.data_dir, house.database_key)),
        registry=house.registry, orgs=OrgCache(), clock=house.clock, calendar=house.calendar, frank=house.frank,
        corp_id="ww1", new_token=lambda: f"{name}{next(serial):030x}",
    )

    def deliver(fields: dict[str, str]) -> str:
        """Deliver an event, and again when it could not be kept, as WeCom does."""
        for _ in range(DELIVERIES - 1):
            try:
                return dispatch.handle(fields, "127.0.0.1").answer.decode()
            except TryAgainLater:
                continue
        return dispatch.handle(fields, "127.0.0.1").answer.decode()

    print("ready", flush=True)
    for line in sys.stdin:
        works = [partial(deliver, fields) for fields in json.loads(line)]
        print(json.dumps(at_once(works) if works else []), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] == "embedded", sys.argv[3])
