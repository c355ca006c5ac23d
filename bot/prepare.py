"""What is done once before any part starts: schema, identity, templates, figures, and the org of an empty database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import structlog

from bot.bootstrap import Part
from bot.house import House
from bot.org_files import read_org
from handlers import leavers, people
from policy.org import Department, Person
from policy.parameters import Parameters
from policy.templates import STARTING
from storage.identity import open_as
from storage.migrations import upgrade
from storage.queries.people import Changed, load_org, org_version, save_people
from storage.queries.policy import save_version, versions
from storage.queries.templates import save_templates
from storage.unit import Unit

LOG = structlog.get_logger(__name__)

SETTINGS = "settings"  # who approved figures that come from the settings file


def prepare(house: House) -> None:
    """
    Bring the database to this program's schema and fill in what it lacks. Leaves no connection open.

    Raises:
        WrongDatabase: another schema, another key, or born as the other kind.
        OrgRefused: the org file has faults.
        TryAgainLater: the database is away.
    """
    part = Part(house)
    try:
        upgrade(part.store.engine)
        now = house.clock.company_now()
        open_as(part.store, rehearsal=house.settings.rehearsal.enabled, now=now)
        part.store.write(lambda unit: save_templates(unit, STARTING, now=now, actor="system"))
        part.store.write(lambda unit: keep_figures(unit, house.settings.policy, now))
        org_file = house.settings.org.file
        if org_file is not None and part.store.read(org_version) == 0:
            departments, members = read_org(org_file)
            changed = import_org(part, departments, members, now)
            LOG.info("org.imported", file=org_file.name, people=len(changed.joined))
    finally:
        part.close()


def keep_figures(unit: Unit, figures: Parameters, now: datetime) -> None:
    """Save the settings' figures as a version of the policy when they are new (P.2)."""
    kept = versions(unit)
    if not kept:
        save_version(unit, replace(figures, version=1), effective_at=now, approved_by=SETTINGS, note="", now=now)
        return
    version, _, newest, approved_by, _ = kept[-1]
    # A revision that people approved stands above the file.
    if approved_by == SETTINGS and replace(figures, version=version, effective_on=newest.effective_on) != newest:
        save_version(
            unit, replace(figures, version=version + 1), effective_at=now, approved_by=SETTINGS, note="", now=now
        )


def import_org(part: Part, departments: Iterable[Department], members: Iterable[Person], now: datetime) -> Changed:
    """Make the org equal to a file's, and tell newcomers who had written before they were in it."""

    def work(unit: Unit) -> Changed:
        before = load_org(unit)
        changed = save_people(unit, departments, members, at=now, actor="system")
        ctx = part.context(unit, now)
        people.tell_newcomers(ctx, changed.joined)
        leavers.org_changed(ctx, before, changed.changed, changed.left, f"org-{ctx.org.version}")
        return changed

    return part.store.write(work)
