"""Heartbeats: each part says that it lives, machine time (design rule 8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from storage.canonical import from_json, to_json
from storage.moments import from_ms, to_ms
from storage.statement import Statement
from storage.tables import HEARTBEAT
from storage.unit import Unit


@dataclass(frozen=True)
class Beat:
    """When a part was last alive (machine time), and what it said."""

    part: str
    at: datetime
    detail: Mapping[str, Any]


_BEAT = Statement(
    {
        "sqlite": "INSERT INTO heartbeat (part, at, detail) VALUES (:part, :at, :detail) "
                  "ON CONFLICT (part) DO UPDATE SET at = excluded.at, detail = excluded.detail",
        "postgresql": "INSERT INTO heartbeat (part, at, detail) VALUES (%(part)s, %(at)s, %(detail)s) "
                      "ON CONFLICT (part) DO UPDATE SET at = excluded.at, detail = excluded.detail",
    }
)
_ALL = Statement(select(HEARTBEAT.c.part, HEARTBEAT.c.at, HEARTBEAT.c.detail).order_by(HEARTBEAT.c.part))
_END = Statement(HEARTBEAT.delete().where(HEARTBEAT.c.part == bindparam("ended")))
_FORGET = Statement(HEARTBEAT.delete().where(HEARTBEAT.c.at < bindparam("before")))


def beat(unit: Unit, part: str, machine_now: datetime, detail: Mapping[str, object]) -> None:
    """Say that a part is alive."""
    unit.run(_BEAT, part=part, at=to_ms(machine_now), detail=to_json(dict(detail)))


def beats(unit: Unit) -> list[Beat]:
    """Return every part's last beat."""
    return [Beat(part, from_ms(at), from_json(detail)) for part, at, detail in unit.all(_ALL)]


def end_beat(unit: Unit, part: str) -> None:
    """Say that a part has ended as it should; who is killed says nothing, and its silence shows."""
    unit.run(_END, ended=part)


def forget_beats(unit: Unit, before: datetime) -> None:
    """Drop parts that have been gone for long."""
    unit.run(_FORGET, before=to_ms(before))
