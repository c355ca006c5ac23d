"""
Changes of permission: a right is a post, a grade, a region, the head's seat of a department, or sight of one (4.1c).

Pure: what a change makes of the org, and why it cannot be. Approved by the records director, never by who asks for it
or whom it concerns.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from policy.decisions import Refusal
from policy.org import Department, Org, Person
from policy.terms import Grade, Post


class RightKind(StrEnum):
    """What somebody may have."""

    POST = "post"  # 岗位
    GRADE = "grade"  # 级别
    REGION = "region"  # 区域
    HEAD = "head"  # 部门负责人
    SIGHT = "sight"  # 查看部门


class ChangeAct(StrEnum):
    """What a change does with it."""

    GRANT = "grant"  # 申请
    REVOKE = "revoke"  # 收回


class ChangeState(StrEnum):
    """Where a change stands."""

    PENDING = "pending"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    APPROVED = "approved"  # its day has not come
    IN_FORCE = "in_force"
    FAILED = "failed"  # its day came and it could not be


@dataclass(frozen=True)
class Right:
    """One right. value: a post, grade or region as stored, or a department's id."""

    kind: RightKind
    value: str


@dataclass(frozen=True)
class Applied:
    """
    What a change makes of the org.

    Attributes:
        people: as they are afterwards; department: likewise, None when none changes.
        sight: (userid, department, seen from now on), None when no sight changes.
        former: userid of who held the seat before, "" when nobody lost it.
    """

    people: tuple[Person, ...] = ()
    department: Department | None = None
    sight: tuple[str, str, bool] | None = None
    former: str = ""


_MANY_HOLDERS = frozenset({Post.LIAISON})


def has(org: Org, person: Person, right: Right) -> bool:
    """Return whether somebody has a right."""
    if right.kind is RightKind.POST:
        return Post(right.value) in person.posts
    if right.kind is RightKind.GRADE:
        return person.grade is Grade(right.value)
    if right.kind is RightKind.REGION:
        return right.value in person.regions
    if right.kind is RightKind.HEAD:
        return org.departments[right.value].head == person.userid
    return right.value in org.sights.get(person.userid, frozenset())


def refuse_change(org: Org, act: ChangeAct, right: Right, person: Person) -> Refusal | None:
    """Return permission.has, permission.lacks or permission.grade_stays when the change would change nothing."""
    if act is ChangeAct.REVOKE and right.kind is RightKind.GRADE:
        return Refusal("permission.grade_stays", "4.1c")
    if act is ChangeAct.GRANT and has(org, person, right):
        return Refusal("permission.has", "4.1c")
    if act is ChangeAct.REVOKE and not has(org, person, right):
        return Refusal("permission.lacks", "4.1c")
    return None


def applied(org: Org, act: ChangeAct, right: Right, person: Person) -> Applied:
    """Return what a change makes of the org; a post of one holder and a head's seat leave their former holder."""
    grant = act is ChangeAct.GRANT
    if right.kind is RightKind.SIGHT:
        return Applied(sight=(person.userid, right.value, grant))
    if right.kind is RightKind.GRADE:
        return Applied((replace(person, grade=Grade(right.value)),))
    if right.kind is RightKind.REGION:
        kept = tuple(region for region in person.regions if region != right.value)
        return Applied((replace(person, regions=(*kept, right.value) if grant else kept),))
    if right.kind is RightKind.HEAD:
        department = org.departments[right.value]
        former = department.head if grant and department.head is not None else ""
        return Applied(department=replace(department, head=person.userid if grant else None), former=former)
    post = Post(right.value)
    if not grant:
        return Applied((replace(person, posts=person.posts - {post}),))
    holder = None if post in _MANY_HOLDERS else org.holder(post)
    changed = [replace(person, posts=person.posts | {post})]
    if holder is not None:
        changed.append(replace(holder, posts=holder.posts - {post}))
    return Applied(tuple(changed), former=holder.userid if holder is not None else "")


def approver_of(org: Org, requested_by: str, person: str) -> Person | None:
    """Return whose decision a change is: the records director's, else the CEO's, else the counter-signer's."""
    for post in (Post.RECORDS_DIRECTOR, Post.CEO, Post.COUNTER_SIGNER):
        holder = org.holder(post)
        if holder is not None and holder.userid not in (requested_by, person):
            return holder
    return None
