"""
Who signs a purchase, in which order, and why (3.1a, 4.1a).

A plan is a list of steps; a step has one signer and the roles this person signs for. Nobody signs their own:
a role that would fall to the applicant climbs the line above. One person in two steps is shown once, at the later
one, with both roles. Where fewer than two different signers are left the post `counter_signer` signs first.
An empty seat never passes by itself: the plan is refused and names what is missing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from policy.decisions import Refusal
from policy.org import Org, Person
from policy.parameters import Parameters
from policy.terms import Grade, Post


class Role(StrEnum):
    """The capacity in which somebody signs."""

    SUPERVISOR = "supervisor"  # 主管
    HEAD_BY_SUPERVISOR = "head_by_supervisor"  # 部门负责人，由主管按四（一）代行
    HEAD = "head"  # 部门负责人
    DIRECTOR = "director"  # 总监
    FINANCE = "finance"  # 财务
    CEO = "ceo"  # 总经理
    COUNTER = "counter"  # 复核签字人


@dataclass(frozen=True)
class PlannedStep:
    """
    One signer.

    Attributes:
        signer: userid.
        roles: the capacities signed for, in the order of the policy.
        instead_of: userids this person was climbed to from (the applicant, an empty seat's last holder).
    """

    signer: str
    roles: tuple[Role, ...]
    instead_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """
    The whole chain of one purchase.

    Attributes:
        steps: in signing order, at least two different people.
        copies: userids who get a copy (the head, where the supervisor signs for the head).
        tier: "below" or "from" the limit of 4.1a.
        limit: fen, the limit that was applied.
        merged: userids that stand in several roles and sign once.
    """

    steps: tuple[PlannedStep, ...]
    copies: tuple[str, ...]
    tier: str
    limit: int
    merged: tuple[str, ...]


def plan_purchase(org: Org, applicant: str, fen: int, parameters: Parameters) -> Plan | Refusal:
    """
    Return who signs a purchase of `fen` filed by `applicant`.

    Returns:
        A plan, or a refusal "chain.no_way" whose data name the missing role ("role") and the one who can mend it
        ("mender", a userid or "").

    Source: 3.1a, 4.1a; an amount exactly at the limit takes the stricter path.
    """
    below = fen < parameters.director_from
    wanted: list[tuple[Role, Person | None]] = []
    copies: tuple[str, ...] = ()
    head = _not_applicant(org, org.head_of(_department(org, applicant)), applicant)
    superior = org.superior_of(applicant)
    if parameters.department_signature == "always_head":
        wanted.append((Role.HEAD, head))
    elif below:
        if superior is not None and head is not None and superior.userid != head.userid:
            wanted.append((Role.HEAD_BY_SUPERVISOR, superior))
            copies = (head.userid,)
        else:
            wanted.append((Role.HEAD, superior if superior is not None else head))
    else:
        director = _director_in_line(org, applicant) or head
        if superior is not None and (director is None or superior.userid != director.userid):
            wanted.append((Role.SUPERVISOR, superior))
        wanted.append((Role.DIRECTOR, director))
    finance = org.holder(Post.FINANCE_APPROVER)
    ceo = org.holder(Post.CEO)
    if finance is None:
        return _no_way(org, Role.FINANCE)
    if ceo is None:
        return _no_way(org, Role.CEO)
    wanted += [(Role.FINANCE, finance), (Role.CEO, ceo)]

    steps: list[PlannedStep] = []
    for role, holder in wanted:
        step = _step(org, role, holder, applicant)
        if step is not None:
            steps.append(step)
    if not any(role in step.roles for step in steps for role in _DEPARTMENT_ROLES) and org.superior_of(applicant):
        return _no_way(org, wanted[0][0])
    steps, merged = _merge(steps)
    if len(steps) < 2:
        counter = org.holder(Post.COUNTER_SIGNER)
        if counter is None or counter.userid == applicant or any(s.signer == counter.userid for s in steps):
            return _no_way(org, Role.COUNTER)
        # Those who remain sign after the counter-signer, unless the applicant stands at the very top.
        added = PlannedStep(counter.userid, (Role.COUNTER,))
        steps = [*steps, added] if steps and org.superior_of(applicant) is None else [added, *steps]
    signers = {step.signer for step in steps}
    return Plan(
        tuple(steps),
        tuple(userid for userid in copies if userid not in signers),
        "below" if below else "from",
        parameters.director_from,
        merged,
    )


_DEPARTMENT_ROLES = (Role.SUPERVISOR, Role.HEAD_BY_SUPERVISOR, Role.HEAD, Role.DIRECTOR)


def successor_of(org: Org, signer: str, applicant: str) -> Person | None:
    """
    Return who signs in place of someone who has left or may not sign: the next active superior.

    The applicant is climbed over; None when nobody is left (then the administrator must act).
    """
    person = org.person(signer)
    if person is not None and person.userid != applicant:
        return person
    for above in org.line_above(signer):
        if above.userid != applicant:
            return above
    return None


def _step(org: Org, role: Role, holder: Person | None, applicant: str) -> PlannedStep | None:
    if holder is None:
        return None
    if holder.userid != applicant:
        return PlannedStep(holder.userid, (role,))
    above = org.superior_of(applicant)
    return None if above is None else PlannedStep(above.userid, (role,), (applicant,))


def _merge(steps: list[PlannedStep]) -> tuple[list[PlannedStep], tuple[str, ...]]:
    """Show each person once, at the last of their steps, with all roles (research/approvals (d) 8, 9)."""
    kept: list[PlannedStep] = []
    merged: list[str] = []
    for position, step in enumerate(steps):
        if any(later.signer == step.signer for later in steps[position + 1 :]):
            continue
        same = [earlier for earlier in steps[:position] if earlier.signer == step.signer]
        if same:
            merged.append(step.signer)
        roles = tuple(dict.fromkeys(role for part in (*same, step) for role in part.roles))
        instead = tuple(dict.fromkeys(userid for part in (*same, step) for userid in part.instead_of))
        kept.append(replace(step, roles=roles, instead_of=instead))
    return kept, tuple(merged)


def _department(org: Org, userid: str) -> str:
    person = org.people.get(userid)
    return person.department if person is not None else ""


def _not_applicant(org: Org, head: Person | None, applicant: str) -> Person | None:
    if head is not None and head.userid == applicant:
        return org.superior_of(applicant)
    return head


def _director_in_line(org: Org, applicant: str) -> Person | None:
    return next((person for person in org.line_above(applicant) if person.grade.rank >= Grade.DIRECTOR.rank), None)


def _no_way(org: Org, role: Role) -> Refusal:
    mender = org.holder(Post.RECORDS_DIRECTOR) or org.holder(Post.CEO)
    return Refusal(
        "chain.no_way", "4.1a", {"role": role.value, "mender": mender.userid if mender is not None else ""}
    )
