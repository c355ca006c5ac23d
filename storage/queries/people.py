"""People and departments: the snapshot that rules read, and changes of it with their evidence (2.1a)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from policy.org import Department, Org, Person
from policy.terms import DepartmentKind, Grade, Post
from storage.canonical import from_json, to_json
from storage.moments import to_ms
from storage.queries.absences import absences
from storage.rights_tables import SIGHT
from storage.settings_kept import keep, kept
from storage.statement import POSTGRESQL, Statement
from storage.tables import DEPARTMENT, PERSON, SETTING
from storage.unit import Unit

ORG_VERSION = "org_version"
ORG_CHANGED = "org.changed"

_PERSON_COLUMNS = tuple(column.name for column in PERSON.columns)
_DEPARTMENTS = Statement(select(DEPARTMENT))
_PEOPLE = Statement(select(PERSON))
_LOCK_VERSION = Statement(select(SETTING.c.value).where(SETTING.c.name == bindparam("name")).with_for_update())
_SIGHTS = Statement(select(SIGHT.c.userid, SIGHT.c.department))
_WELCOMED = Statement(select(PERSON.c.welcomed_at).where(PERSON.c.userid == bindparam("userid")))


@dataclass(frozen=True)
class Changed:
    """What an import changed: userids by what happened to them."""

    joined: tuple[str, ...]
    changed: tuple[str, ...]
    left: tuple[str, ...]


def org_version(unit: Unit) -> int:
    """Return the version of the org, 0 while it is empty."""
    return int(kept(unit, ORG_VERSION) or 0)


def raise_org_version(unit: Unit) -> int:
    """Let every process read the org anew; return the new version. The caller audits with it."""
    if unit.dialect == POSTGRESQL:
        unit.one(_LOCK_VERSION, name=ORG_VERSION)
    version = org_version(unit) + 1
    keep(unit, ORG_VERSION, str(version))
    unit.org_changed = True
    return version


def load_org(unit: Unit) -> Org:
    """Return everyone, those who left included (inactive)."""
    departments = [
        Department(id_, name, DepartmentKind(kind), head, parent)
        for id_, name, kind, head, parent in unit.all(_DEPARTMENTS)
    ]
    people = [_as_person(dict(zip(_PERSON_COLUMNS, row, strict=True))) for row in unit.all(_PEOPLE)]
    seen: dict[str, set[str]] = {}
    for userid, department in unit.all(_SIGHTS):
        seen.setdefault(userid, set()).add(department)
    sights = {userid: frozenset(found) for userid, found in seen.items()}
    return Org.of(org_version(unit), departments, people, absences(unit), sights)


def save_people(
    unit: Unit, departments: Iterable[Department], people: Iterable[Person], *, at: datetime, actor: str
) -> Changed:
    """
    Make the org equal to what is handed in: newcomers in, changes applied, who is missing becomes inactive.

    Nobody is deleted: past signatures keep their person. All of it is one audit event, none when nothing changed.

    Args:
        at: company time.
    """
    before = load_org(unit)
    wanted = {person.userid: person for person in (_canonical(person) for person in people)}
    regrouped = []
    for department in (_canonical_department(department) for department in departments):
        row: dict[str, object] = {
            "name": department.name, "kind": department.kind.value, "head": department.head,
            "parent": department.parent,
        }
        if department.id not in before.departments:
            unit.insert(DEPARTMENT, {"id": department.id, **row})
        elif before.departments[department.id] != department:
            unit.change_one(DEPARTMENT, {"id": department.id}, row)
        else:
            continue
        regrouped.append(department.id)
    joined, changed, left = [], [], []
    for userid, person in wanted.items():
        row = _as_row(person)
        if userid not in before.people:
            unit.insert(PERSON, {"userid": userid, **row, "welcomed_at": None})
            joined.append(userid)
        elif before.people[userid] != person:
            unit.change_one(PERSON, {"userid": userid}, row)
            changed.append(userid)
    for userid, person in before.people.items():
        if userid not in wanted and person.active:
            unit.change_one(PERSON, {"userid": userid}, {"active": 0})
            left.append(userid)
    if joined or changed or left or regrouped:
        unit.audit(
            at, actor, ORG_CHANGED, "", version=raise_org_version(unit), joined=joined, changed=changed, left=left,
            departments=regrouped,
        )
    return Changed(tuple(joined), tuple(changed), tuple(left))


def compared(before: Org, people: Iterable[Person]) -> Changed:
    """Return what saving these people would change; nothing is written."""
    wanted = {person.userid: person for person in (_canonical(person) for person in people)}
    return Changed(
        tuple(userid for userid in wanted if userid not in before.people),
        tuple(userid for userid, each in wanted.items() if before.people.get(userid, each) != each),
        tuple(each.userid for each in before.active_people() if each.userid not in wanted),
    )


def save_person(unit: Unit, person: Person) -> None:
    """Store one known person as they are from now on; the caller raises the org's version and audits."""
    unit.change_one(PERSON, {"userid": person.userid}, _as_row(person))


def save_department(unit: Unit, department: Department) -> None:
    """Store one known department as it is from now on; the caller raises the org's version and audits."""
    row: dict[str, object] = {
        "name": department.name, "kind": department.kind.value, "head": department.head, "parent": department.parent,
    }
    unit.change_one(DEPARTMENT, {"id": department.id}, row)


def deactivate(unit: Unit, userid: str) -> None:
    """
    Say that somebody has left; the caller raises the org's version and audits.

    Raises:
        StaleRow: gone already.
    """
    unit.change_one(PERSON, {"userid": userid, "active": 1}, {"active": 0})


def welcomed(unit: Unit, userid: str) -> bool:
    """Return whether a person has been greeted."""
    return unit.scalar(_WELCOMED, userid=userid) is not None


def mark_welcomed(unit: Unit, userid: str, at: datetime) -> None:
    """Keep that a person was greeted; the caller audits."""
    unit.update(PERSON, {"userid": userid}, {"welcomed_at": to_ms(at)})


def _canonical(person: Person) -> Person:
    """Return a person as the database gives them back, so that importing the same file twice changes nothing."""
    return replace(
        person, userid=person.userid.lower(), shown_id=person.shown_id or person.userid,
        manager=_lower(person.manager), deputy=_lower(person.deputy),
    )


def _canonical_department(department: Department) -> Department:
    return replace(department, head=_lower(department.head))


def _lower(userid: str | None) -> str | None:
    return None if userid is None else userid.lower()


def _as_row(person: Person) -> dict[str, object]:
    return {
        "shown_id": person.shown_id, "name": person.name, "department": person.department,
        "grade": person.grade.value, "manager": person.manager, "deputy": person.deputy,
        "posts": to_json(sorted(post.value for post in person.posts)), "regions": to_json(list(person.regions)),
        "title": person.title, "aliases": to_json(list(person.aliases)),
        "joined": None if person.joined is None else person.joined.isoformat(),
        "post_since": None if person.post_since is None else person.post_since.isoformat(),
        "email": person.email, "mobile": person.mobile, "active": int(person.active),
    }


def _as_person(got: dict[str, Any]) -> Person:
    return Person(
        userid=got["userid"], name=got["name"], department=got["department"], grade=Grade(got["grade"]),
        shown_id=got["shown_id"], manager=got["manager"], deputy=got["deputy"],
        posts=frozenset(Post(post) for post in from_json(got["posts"])), regions=tuple(from_json(got["regions"])),
        title=got["title"], aliases=tuple(from_json(got["aliases"])), joined=_date(got["joined"]),
        post_since=_date(got["post_since"]), email=got["email"], mobile=got["mobile"], active=bool(got["active"]),
    )


def _date(stored: str | None) -> date | None:
    return None if stored is None else date.fromisoformat(stored)
