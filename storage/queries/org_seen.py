"""The company as it was when something was filed: one row per version of the org that a filing has seen (P.2)."""

from __future__ import annotations

import zlib
from typing import Any

from sqlalchemy import bindparam, select

from policy.org import Department, Org, Person
from policy.terms import DepartmentKind, Grade, Post
from storage.canonical import from_json, to_json
from storage.policy_tables import ORG_SEEN
from storage.statement import Statement
from storage.unit import Unit

_THERE = Statement(select(ORG_SEEN.c.version).where(ORG_SEEN.c.version == bindparam("version")))
_CONTENT = Statement(select(ORG_SEEN.c.content).where(ORG_SEEN.c.version == bindparam("version")))


def keep_seen(unit: Unit, org: Org) -> None:
    """Keep what rules need of an org, once per version; mail, mobile and the like are not kept."""
    if unit.scalar(_THERE, version=org.version) is not None:
        return
    departments = [
        [each.id, each.name, each.kind.value, each.head, each.parent] for each in org.departments.values()
    ]
    people = [
        [
            each.userid, each.name, each.department, each.grade.value, each.manager, each.deputy,
            sorted(post.value for post in each.posts), int(each.active),
        ]
        for each in org.people.values()
    ]
    content = zlib.compress(to_json({"departments": departments, "people": people}).encode(), 6)
    unit.insert(ORG_SEEN, {"version": org.version, "content": content})


def load_seen(unit: Unit, version: int) -> Org | None:
    """Return the org of a version as a filing saw it."""
    content = unit.scalar(_CONTENT, version=version)
    if content is None:
        return None
    stored: dict[str, Any] = from_json(zlib.decompress(content).decode())
    departments = [
        Department(id_, name, DepartmentKind(kind), head, parent)
        for id_, name, kind, head, parent in stored["departments"]
    ]
    people = [
        Person(
            userid, name, department, Grade(grade), userid, manager, deputy,
            posts=frozenset(Post(post) for post in posts), active=bool(active),
        )
        for userid, name, department, grade, manager, deputy, posts, active in stored["people"]
    ]
    return Org.of(version, departments, people)
