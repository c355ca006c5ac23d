"""
Who may see and change what. What is not written here is refused (design rule 13, P.3, 1.1a).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from policy.org import Org, Person
from policy.terms import DepartmentKind, Post


@dataclass(frozen=True)
class Scope:
    """
    What a person may see, for queries that select by it.

    Attributes:
        everything: members of the records department (1.1a) and the top of the line.
        authors: userids whose items are seen: the own and those of everyone below.
        departments: departments this person heads, or was granted sight of (4.1c).
    """

    everything: bool
    authors: frozenset[str]
    departments: frozenset[str]


def scope_of(org: Org, person: Person) -> Scope:
    """Return what a person may see. Source: 1.1a (the records department sees all), 2.1a (the line sees below)."""
    department = org.departments.get(person.department)
    in_records = department is not None and department.kind is DepartmentKind.RECORDS
    headed = frozenset(each.id for each in org.departments.values() if each.head == person.userid)
    below = frozenset(each.userid for each in org.everyone_below(person.userid))
    return Scope(in_records, below | {person.userid}, headed | org.sights.get(person.userid, frozenset()))


def may_see(scope: Scope, userid: str, author: str, department: str, involved: Collection[str]) -> bool:
    """Return whether somebody may see an item: in scope, or one of those it went through (signers, owners)."""
    return scope.everything or author in scope.authors or department in scope.departments or userid in involved


# Kinds whose files are the records director's alone (3.2c); nobody else, the one who filed it included.
SENSITIVE_KINDS = frozenset({"contract"})


def may_open_files(person: Person, kind: str) -> bool:
    """Return whether somebody who may see an item may open its files (3.2c)."""
    return kind not in SENSITIVE_KINDS or Post.RECORDS_DIRECTOR in person.posts


def may_correct(org: Org, person: Person, author: str) -> bool:
    """Return whether somebody may correct a record: the author and those above in the line (P.3, 2.1b)."""
    return person.userid == author or any(above.userid == person.userid for above in org.line_above(author))
