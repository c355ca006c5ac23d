"""
Who may sign in which capacity, when a seat is handed to somebody else (4.1a): never to a lower authority.

Source: research/approvals (d) 11: the lower limit counts.
"""

from __future__ import annotations

from policy.chains import Role
from policy.org import Org, Person
from policy.terms import DepartmentKind, Grade, Post


def able(org: Org, person: Person, roles: tuple[Role, ...]) -> bool:
    """Return whether somebody may sign in all these capacities."""
    return all(_able(org, person, role) for role in roles)


def _able(org: Org, person: Person, role: Role) -> bool:
    if role in _GRADES:
        return person.grade.rank >= _GRADES[role].rank
    department = org.departments.get(person.department)
    kind = department.kind if department is not None else DepartmentKind.OTHER
    if role is Role.FINANCE:
        own = kind is DepartmentKind.FINANCE and person.grade.rank >= Grade.SUPERVISOR.rank
        return own or person.grade is Grade.EXECUTIVE
    if role is Role.RECORDS:
        # 3.2c: only the director opens a contract, so nobody else can confirm that the file agrees.
        return Post.RECORDS_DIRECTOR in person.posts
    return True


_GRADES = {
    Role.SUPERVISOR: Grade.SUPERVISOR, Role.HEAD_BY_SUPERVISOR: Grade.SUPERVISOR, Role.HEAD: Grade.DIRECTOR,
    Role.DIRECTOR: Grade.DIRECTOR, Role.CEO: Grade.EXECUTIVE, Role.COUNTER: Grade.EXECUTIVE,
}
