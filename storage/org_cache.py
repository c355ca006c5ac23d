"""The org and the figures in force, read again only when they changed (one cheap statement per event, 2.1a, P.2)."""

from __future__ import annotations

import threading
from datetime import datetime

from sqlalchemy import select

from policy.org import Org
from policy.parameters import Parameters
from storage.queries.people import ORG_VERSION, load_org
from storage.queries.policy import NEWEST, VERSION_SAVED, parameters_at
from storage.statement import Statement
from storage.tables import SETTING
from storage.unit import Unit

_VERSIONS = Statement(select(SETTING.c.name, SETTING.c.value).where(SETTING.c.name.in_([ORG_VERSION, NEWEST])))
_EMPTY = Org.of(0, (), ())


class OrgCache:
    """Snapshots by version; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._org: tuple[str, Org] = ("", _EMPTY)
        self._parameters: tuple[tuple[str, int], Parameters] = (("", 0), Parameters())

    def read(self, unit: Unit, now: datetime) -> tuple[Org, Parameters]:
        """Return the org and the figures in force at a company instant."""
        versions: dict[str, str] = dict(unit.all(_VERSIONS))
        org_version = versions.get(ORG_VERSION, "0")
        # A version may come into force at midnight without anyone writing: look again every minute.
        policy_version = (versions.get(NEWEST, "0"), int(now.timestamp()) // 60)
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
