"""Versions of the policy's figures (P.2): every record and decision names the one it was made under."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select

from policy.parameters import Parameters
from storage.canonical import from_json, to_json
from storage.moments import from_ms, to_ms
from storage.settings_kept import keep
from storage.statement import Statement
from storage.tables import POLICY_VERSION
from storage.unit import Unit

NEWEST = "policy_version"
VERSION_SAVED = "policy.version"

_IN_FORCE = Statement(
    select(POLICY_VERSION.c.version, POLICY_VERSION.c.parameters)
    .where(POLICY_VERSION.c.effective_at <= bindparam("now"))
    .order_by(POLICY_VERSION.c.version.desc())
    .limit(1)
)
_ALL = Statement(
    select(
        POLICY_VERSION.c.version, POLICY_VERSION.c.effective_at, POLICY_VERSION.c.parameters,
        POLICY_VERSION.c.approved_by, POLICY_VERSION.c.note,
    ).order_by(POLICY_VERSION.c.version)
)


def parameters_at(unit: Unit, now: datetime) -> Parameters | None:
    """Return the figures in force at a company instant, None before the first version."""
    row = unit.one(_IN_FORCE, now=to_ms(now))
    return None if row is None else Parameters.from_json(from_json(row[1]))


_ONE = Statement(select(POLICY_VERSION.c.parameters).where(POLICY_VERSION.c.version == bindparam("version")))


def parameters_of(unit: Unit, version: int) -> Parameters | None:
    """Return the figures of one version: a running approval keeps its own."""
    stored = unit.scalar(_ONE, version=version)
    return None if stored is None else Parameters.from_json(from_json(stored))


def versions(unit: Unit) -> list[tuple[int, datetime, Parameters, str, str]]:
    """Return every version: number, in force from, figures, who approved it, note."""
    return [
        (version, from_ms(at), Parameters.from_json(from_json(stored)), by, note)
        for version, at, stored, by, note in unit.all(_ALL)
    ]


def save_version(
    unit: Unit, parameters: Parameters, *, effective_at: datetime, approved_by: str, note: str, now: datetime
) -> None:
    """
    Add a version; none is ever changed.

    Raises:
        DuplicateKey: (by the store) that version exists.
    """
    unit.insert(
        POLICY_VERSION,
        {
            "version": parameters.version, "effective_at": to_ms(effective_at),
            "parameters": to_json(parameters.as_json()), "approved_by": approved_by, "note": note,
            "created_at": to_ms(now),
        },
    )
    keep(unit, NEWEST, str(parameters.version))
    unit.audit(now, approved_by, VERSION_SAVED, "", version=parameters.version)
