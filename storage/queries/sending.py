"""
Whether anything may leave at all: an operator's hold (after a restore), and the circuit that a wrong configuration
opens. Both are rows, so every process sees them and a restart does not forget them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from storage.canonical import from_json, to_json
from storage.moments import from_ms, to_ms
from storage.settings_kept import keep
from storage.statement import Statement
from storage.tables import SETTING
from storage.unit import Unit

HOLD = "sending_hold"  # until `liuhen outbox release`
CIRCUIT = "sending_circuit"  # until an instant


@dataclass(frozen=True)
class Pause:
    """
    Nothing leaves now.

    Attributes:
        reason: for operators, English.
        until: machine time; None = until a person releases it.
    """

    reason: str
    until: datetime | None


_READ = Statement(
    select(SETTING.c.name, SETTING.c.value).where(SETTING.c.name.in_([bindparam("hold"), bindparam("circuit")]))
)
_DROP = Statement(SETTING.delete().where(SETTING.c.name == bindparam("of_name")))


def pause_of(unit: Unit, now: datetime) -> Pause | None:
    """Return why nothing may leave at this instant (machine time), None when all may."""
    kept = _kept(unit)
    if HOLD in kept:
        return Pause(kept[HOLD]["reason"], None)
    if CIRCUIT in kept and kept[CIRCUIT]["until"] > to_ms(now):
        return Pause(kept[CIRCUIT]["reason"], from_ms(kept[CIRCUIT]["until"]))
    return None


def circuit_failures(unit: Unit) -> int:
    """Return how often in a row the circuit was opened; 0 when it is closed."""
    kept = _kept(unit)
    return int(kept[CIRCUIT]["failures"]) if CIRCUIT in kept else 0


def hold_sending(unit: Unit, reason: str) -> None:
    """Let nothing leave until `release_sending`."""
    keep(unit, HOLD, to_json({"reason": reason}))


def release_sending(unit: Unit) -> bool:
    """End a hold and close the circuit; return whether there was one."""
    return unit.run(_DROP, of_name=HOLD) + unit.run(_DROP, of_name=CIRCUIT) > 0


def open_circuit(unit: Unit, until: datetime, reason: str, failures: int) -> None:
    """Let nothing leave until an instant (machine time)."""
    keep(unit, CIRCUIT, to_json({"until": to_ms(until), "reason": reason, "failures": failures}))


def close_circuit(unit: Unit) -> bool:
    """Say that calls succeed again; return whether the circuit was open."""
    return unit.run(_DROP, of_name=CIRCUIT) > 0


def _kept(unit: Unit) -> dict[str, Any]:
    return {name: from_json(value) for name, value in unit.all(_READ, hold=HOLD, circuit=CIRCUIT)}
