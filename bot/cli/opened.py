"""A command's own look into the product's database, opened and closed around it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot import bootstrap
from bot.bootstrap import Part
from bot.settings import Settings
from storage.engine import DATABASE_FILE, EMBEDDED
from storage.errors import WrongDatabase
from storage.identity import open_as


@contextmanager
def opened(settings: Settings) -> Iterator[Part]:
    """
    Open the database as it is: nothing is migrated and no key is made.

    Raises:
        WrongDatabase: there is none yet, or it is not one of this program as these settings ask for it.
        KeysUnusable: its keys are missing.
    """
    if settings.database_url == EMBEDDED and not (settings.data_dir / DATABASE_FILE).exists():
        raise WrongDatabase(f"there is no database in {settings.data_dir} yet; start `liuhen up` once")
    house = bootstrap.build_house(settings)
    part = Part(house)
    try:
        open_as(part.store, rehearsal=settings.rehearsal.enabled, now=house.clock.company_now())
        yield part
    finally:
        part.close()
