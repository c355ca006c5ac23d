"""What the tests of the meetings' controls share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from storage.queries import evidence
from storage.tables import AUDIT
from tests.handlers.office import Office


def facts(office: Office, act: str, number: str = "") -> list[Mapping[str, Any]]:
    """Return the facts of every event of an act, of one item or all, oldest first."""
    numbers = [number] if number else sorted(set(_numbers(office, act)))
    return [
        event.facts
        for each in numbers
        for event in office.ask(lambda unit, each=each: evidence.trail_of(unit, each)) if event.act == act
    ]


def _numbers(office: Office, act: str) -> list[str]:
    statement = AUDIT.select().with_only_columns(AUDIT.c.number).where(AUDIT.c.act == act)
    return [row[0] for row in office.ask(lambda unit: unit.all(statement))]


def go_to(office: Office, day: date, hour: int, minute: int = 0) -> None:
    """Let time pass until a company day and time."""
    office.until(office.house.calendar.at(day, time(hour, minute)))


def number_of(office: Office, act: str) -> str:
    """Return the number of the newest event of an act."""
    return _numbers(office, act)[-1]
