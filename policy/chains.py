"""
Who signs a purchase, in which order, and why (3.1a, 4.1a).

A plan is a list of steps; a step has one signer and the roles this person signs for. Nobody signs their own:
a role that would fall to the applicant climbs the line above. One person in two steps is shown once, at the later
one, with both roles. Where fewer than two different signers are left the post `counter_signer` signs first.
An empty seat never passes by itself: the plan is refused and names what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    RECORDS = "records"  # 业务记录部总监
    ADDED = "added"  # 加签
    NAMED = "named"  # 指定签字人


class Mode(StrEnum):
    """How many of a step's people must agree."""

    ALL = "all"  # 会签
    ANY = "any"  # 或签
    COUNT = "count"  # n 人通过
    RATIO = "ratio"  # 按比例通过


@dataclass(frozen=True)
class PlannedSeat:
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
class PlannedStep:
    """People who are asked at the same time; `needed` is for COUNT (people) and RATIO (percent)."""

    seats: tuple[PlannedSeat, ...]
    mode: Mode = Mode.ALL
    needed: int = 0

    @property
    def signers(self) -> tuple[str, ...]:
        """Return everyone who is asked."""
        return tuple(seat.signer for seat in self.seats)


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
        director = director_in_line(org, applicant) or head
        if superior is not None and (director is None or superior.userid != director.userid):
            wanted.append((Role.SUPERVISOR, superior))
        wanted.append((Role.DIRECTOR, director))
    finance = org.holder(Post.FINANCE_APPROVER)
    ceo = org.holder(Post.CEO)
    if finance is None:
        return no_way(org, Role.FINANCE)
    if ceo is None:
        return no_way(org, Role.CEO)
    wanted += [(Role.FINANCE, finance), (Role.CEO, ceo)]

    seats = [seat for role, holder in wanted if (seat := seat_for(org, role, holder, applicant)) is not None]
    if superior is not None and not any(role in seat.roles for seat in seats for role in _DEPARTMENT_ROLES):
        return no_way(org, wanted[0][0])
    tier = "below" if below else "from"
    return whole_plan(org, [PlannedStep((seat,)) for seat in seats], applicant, copies, tier, parameters.director_from)


def whole_plan(
    org: Org, steps: Sequence[PlannedStep], applicant: str, copies: Sequence[str], tier: str, limit: int, *,
    two_people: bool = True,
) -> Plan | Refusal:
    """
    Return the plan of wanted steps: each person once, and two different people where money is moved.

    Args:
        two_people: add the counter-signer where fewer than two different people are left.
    """
    kept, merged = _merge(steps)
    signers = {seat.signer for step in kept for seat in step.seats}
    if (len(signers) < 2 and two_people) or not signers:
        counter = org.holder(Post.COUNTER_SIGNER)
        if counter is None or counter.userid == applicant or counter.userid in signers:
            return no_way(org, Role.COUNTER)
        # Those who remain sign after the counter-signer, unless the applicant stands at the very top.
        added = PlannedStep((PlannedSeat(counter.userid, (Role.COUNTER,)),))
        kept = [*kept, added] if kept and org.superior_of(applicant) is None else [added, *kept]
        signers.add(counter.userid)
    told = tuple(dict.fromkeys(userid for userid in copies if userid not in signers and userid != applicant))
    return Plan(tuple(kept), told, tier, limit, merged)


_DEPARTMENT_ROLES = (Role.SUPERVISOR, Role.HEAD_BY_SUPERVISOR, Role.HEAD, Role.DIRECTOR)


def seat_for(org: Org, role: Role, holder: Person | None, applicant: str) -> PlannedSeat | None:
    """Return the seat of a role: its holder, the applicant's superior where that is the applicant, None when empty."""
    if holder is None:
        return None
    if holder.userid != applicant:
        return PlannedSeat(holder.userid, (role,))
    above = org.superior_of(applicant)
    return None if above is None else PlannedSeat(above.userid, (role,), (applicant,))


def _merge(steps: Sequence[PlannedStep]) -> tuple[list[PlannedStep], tuple[str, ...]]:
    """
    Show each person once, at the last of their steps, with all roles (research/approvals (d) 8, 9).

    Only where every seat of a step must agree: a vote among several stays a vote of its own.
    """
    signers = [seat.signer for step in steps for seat in step.seats]
    if len(set(signers)) == len(signers):
        return list(steps), ()
    kept: list[PlannedStep] = []
    merged: list[str] = []
    for position, step in enumerate(steps):
        if step.mode is not Mode.ALL:
            kept.append(replace(step, seats=_each_once(step.seats)))
            continue
        seats: list[PlannedSeat] = []
        for seat in _each_once(step.seats):
            if any(seat.signer in later.signers and later.mode is Mode.ALL for later in steps[position + 1 :]):
                continue
            same = [
                earlier for before in steps[:position] if before.mode is Mode.ALL for earlier in before.seats
                if earlier.signer == seat.signer
            ]
            if same and seat.signer not in merged:
                merged.append(seat.signer)
            roles = tuple(dict.fromkeys(role for part in (*same, seat) for role in part.roles))
            instead = tuple(dict.fromkeys(userid for part in (*same, seat) for userid in part.instead_of))
            seats.append(replace(seat, roles=roles, instead_of=instead))
        if seats:
            kept.append(replace(step, seats=tuple(seats)))
    return kept, tuple(merged)


def _each_once(seats: Sequence[PlannedSeat]) -> tuple[PlannedSeat, ...]:
    found: dict[str, PlannedSeat] = {}
    for seat in seats:
        same = found.get(seat.signer)
        found[seat.signer] = seat if same is None else replace(same, roles=(*same.roles, *seat.roles))
    return tuple(found.values())


def _department(org: Org, userid: str) -> str:
    person = org.people.get(userid)
    return person.department if person is not None else ""


def _not_applicant(org: Org, head: Person | None, applicant: str) -> Person | None:
    if head is not None and head.userid == applicant:
        return org.superior_of(applicant)
    return head


def director_in_line(org: Org, applicant: str) -> Person | None:
    """Return the nearest director above somebody."""
    return next((person for person in org.line_above(applicant) if person.grade.rank >= Grade.DIRECTOR.rank), None)


def no_way(org: Org, role: Role) -> Refusal:
    """Return the refusal of a chain with an empty seat; it names who can mend it."""
    mender = org.holder(Post.RECORDS_DIRECTOR) or org.holder(Post.CEO)
    return Refusal(
        "chain.no_way", "4.1a", {"role": role.value, "mender": mender.userid if mender is not None else ""}
    )
