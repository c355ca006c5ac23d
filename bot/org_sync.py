"""
The org as WeCom's address book would have it (contract, `org sync`).

The book knows names, departments, leaders and titles. What only the policy knows (grades, posts, regions, deputies,
dates) is kept; a newcomer's grade is read off the title and said, so that somebody confirms it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.wecom.address_book import AddressBook, BookDepartment, BookMember
from policy.errors import ProjectError
from policy.org import Department, Org, Person
from policy.terms import DepartmentKind, Grade

DISABLED, LEFT = 2, 5
ROOT = 1
MOST_LEAVING = 0.2  # of the people; more is a visible range that has shrunk, not a company that did
_TITLES = (
    ("总经理", Grade.EXECUTIVE), ("总裁", Grade.EXECUTIVE), ("副总", Grade.EXECUTIVE), ("总监", Grade.DIRECTOR),
    ("主管", Grade.SUPERVISOR), ("经理", Grade.SUPERVISOR),
)


class SyncRefused(ProjectError):
    """The address book cannot be taken as it is seen; the message says what to do."""


@dataclass(frozen=True)
class Synced:
    """
    What the org would be.

    Attributes:
        notes: what somebody should look at, one line each.
    """

    departments: tuple[Department, ...]
    people: tuple[Person, ...]
    notes: tuple[str, ...]


def merged(org: Org, book: AddressBook, *, many_may_leave: bool = False) -> Synced:
    """
    Lay the address book over the org.

    Raises:
        SyncRefused: nobody is visible, or more people would leave than can be.
    """
    here = {userid: member for userid, member in book.members.items() if member.status not in (DISABLED, LEFT)}
    if not here:
        raise SyncRefused("the address book shows nobody; widen the app's visible range (应用管理 › 可见范围)")
    leaving = [person for person in org.active_people() if person.userid not in here]
    if not many_may_leave and len(leaving) > max(1, MOST_LEAVING * len(org.active_people())):
        raise SyncRefused(
            f"{len(leaving)} of {len(org.active_people())} people are not visible and would leave; widen the app's "
            "visible range (应用管理 › 可见范围), or say --many-may-leave"
        )
    ids = {each.id: _id_of(org, each) for each in book.departments.values()}
    notes: list[str] = []
    departments = [_department(org, each, ids, here, notes) for each in book.departments.values()]
    heads = {each.id: each.head for each in departments}
    people = [_person(org, userid, member, ids, here, heads, notes) for userid, member in sorted(here.items())]
    return Synced(tuple(departments), tuple(people), tuple(notes))


def _id_of(org: Org, seen: BookDepartment) -> str:
    """Return a department's id with us: that of the same name, or one made of the book's number."""
    own = f"wecom-{seen.id}"
    if own in org.departments:
        return own
    return next((each.id for each in org.departments.values() if each.name == seen.name), own)


def _department(
    org: Org, seen: BookDepartment, ids: Mapping[int, str], here: Mapping[str, BookMember], notes: list[str]
) -> Department:
    known = org.departments.get(ids[seen.id])
    leaders = [leader for leader in seen.leaders if leader in here]
    leaders += [userid for userid, member in sorted(here.items()) if seen.id in member.leads]
    head = leaders[0] if leaders else known.head if known is not None and known.head in here else None
    if known is None and seen.id != ROOT:
        notes.append(f"new department {seen.name}: give its kind in an org file (finance, procurement …)")
    return Department(
        ids[seen.id], seen.name, known.kind if known is not None else DepartmentKind.OTHER, head,
        ids.get(seen.parent),
    )


def _person(
    org: Org, userid: str, seen: BookMember, ids: Mapping[int, str], here: Mapping[str, BookMember],
    heads: Mapping[str, str | None], notes: list[str],
) -> Person:
    known = org.people.get(userid)
    numbers = [*([] if seen.main_department is None else [seen.main_department]), *seen.departments]
    department = next((ids[each] for each in numbers if each in ids), known.department if known is not None else "")
    kept = known.manager if known is not None and known.manager in here else None
    manager = next((each for each in seen.direct_leaders if each in here and each != userid), kept)
    head = heads.get(department)
    if manager is None and head is not None and head != userid:
        manager = head
    if known is None:
        grade = _grade(seen)
        notes.append(f"new person {seen.name} ({seen.userid}): grade taken as {grade.value}; confirm it in an org file")
        return Person(userid, seen.name, department, grade, seen.userid, manager, title=seen.position)
    return replace(
        known, name=seen.name or known.name, department=department, shown_id=seen.userid, manager=manager,
        title=seen.position or known.title, active=True,
        deputy=known.deputy if known.deputy in here else None,
    )


def _grade(seen: BookMember) -> Grade:
    for word, grade in _TITLES:
        if word in seen.position:
            return grade
    return Grade.SUPERVISOR if seen.leads else Grade.SPECIALIST
