"""Changes of the company during a test: who leaves, who moves, who takes over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from policy.org import Department, Org, Person
from storage.queries.people import load_org, save_people
from storage.unit import Unit
from tests.handlers.office import Office


def change(
    office: Office, people: Callable[[Person], Person | None] = lambda person: person,
    departments: Callable[[Department], Department] = lambda department: department,
) -> None:
    """Apply a change to everybody who works here; None lets them leave."""

    def apply(unit: Unit) -> None:
        org: Org = load_org(unit)
        kept = [changed for person in org.active_people() if (changed := people(person)) is not None]
        wanted = [departments(org.departments[key]) for key in sorted(org.departments)]
        save_people(unit, wanted, kept, at=office.clock.company_now(), actor="jia")

    office.store.write(apply)


def leave(office: Office, *userids: str) -> None:
    """Let people leave the company."""
    change(office, lambda person: None if person.userid in userids else person)


def move(office: Office, userid: str, **changes: object) -> None:
    """Change somebody's department, manager, posts …"""
    change(office, lambda person: replace(person, **changes) if person.userid == userid else person)  # type: ignore[arg-type]
