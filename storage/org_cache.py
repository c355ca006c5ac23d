"""The org and the figures in force, read again only when they changed (one cheap statement per event, 2.1a, P.2)."""

from __future__ import annotations

import threading
from datetime import datetime

from sqlalchemy import ScalarSelect, select

from policy.org import Org
from policy.parameters import Parameters
from storage.queries.people import ORG_VERSION, load_org
from storage.queries.policy import NEWEST, VERSION_SAVED, parameters_at
from storage.statement import Statement
from storage.tables import SETTING
from storage.unit import Unit


def _setting(name: str) -> ScalarSelect[str]:
    return select(SETTING.c.value).where(SETTING.c.name == name).scalar_subquery()


# Two look-ups in one row: for an IN, SQLite makes a table each time.
_VERSIONS = Statement(select(_setting(ORG_VERSION), _setting(NEWEST)))
_EMPTY = Org.of(0, (), ())


class OrgCache:
    """Snapshots by version; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._org: tuple[str, Org] = ("", _EMPTY)
        self._parameters: tuple[tuple[str, int], Parameters] = (("", 0), Parameters())

    def read(self, unit: Unit, now: datetime) -> tuple[Org, Parameters]:
        """Return the org and the figures in force at a company instant."""
        found = unit.one(_VERSIONS)
        assert found is not None, "a select of two values has one row"
        org_version, newest = (value or "0" for value in found)
        # A version may come into force at midnight without anyone writing: look again every minute.
        policy_version = (newest, int(now.timestamp()) // 60)
        with self._lock:
            cached_org, cached_parameters = self._org, self._parameters
        if cached_org[0] != org_version:
            cached_org = (org_version, load_org(unit))
        if cached_parameters[0] != policy_version:
            cached_parameters = (policy_version, parameters_at(unit, now) or Parameters())
        # What this unit itself has changed may yet be rolled back: nobody else sees it from here.
        if not unit.org_changed and not any(draft.act == VERSION_SAVED for draft in unit.audits):
            with self._lock:
                self._org, self._parameters = cached_org, cached_parameters
        return cached_org[1], cached_parameters[1]
