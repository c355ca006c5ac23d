"""
Who signs again when the content changes (P.3, 4.1a): the materiality of each field, seat by seat.

A signature answers for the fields that concern its capacities. When none of them changed it is carried into the new
round, marked with the round it was signed in; else it is asked again. A fall in the sum concerns nobody by itself, a
rise concerns everyone. Something is always signed anew: no renewal passes by itself.

Source: research/approvals (d) 19, 20, 21, 22.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from policy.chains import Plan, PlannedSeat, Role
from policy.steps import Approval, Decision, Seat, Step, Verdict
from policy.terms import ItemState, Verb

SUM = "fen"


def renewed(
    approval: Approval, plan: Plan, fen: int | None, revision: int, changed: frozenset[str],
    concerns: Mapping[str, tuple[Role, ...]],
) -> Approval:
    """
    Return the approval in its next round with the new plan; whoever is not concerned keeps the signature.

    Args:
        concerns: field → capacities; a field that is not listed concerns everyone.

    The caller enters the first step that has not passed.
    """
    falls = fen is not None and approval.fen is not None and fen < approval.fen
    # A smaller sum asks nobody again.
    matters = changed - {SUM} if falls else changed
    signed = {seat.decision.actor: seat for seat in approval.seats if _agreed(seat) and seat.decision is not None}
    serial = 0
    steps: list[Step] = []
    for planned in plan.steps:
        seats: list[Seat] = []
        for want in planned.seats:
            seats.append(_seat(serial, want, signed.get(want.signer), matters, concerns, approval.round))
            serial += 1
        steps.append(Step(tuple(seats), planned.mode, planned.needed))
    steps = _with_added(approval, steps, serial)
    if all(step.verdict is Verdict.PASSED for step in steps):
        last = steps[-1]
        steps[-1] = replace(last, seats=tuple(replace(seat, decision=None) for seat in last.seats))
    facts = {name: value for name, value in approval.facts.items() if name != "question"}
    facts.update(
        {"tier": plan.tier, "limit": plan.limit, "copies": list(plan.copies), "merged": list(plan.merged)}
    )
    return replace(
        approval, state=ItemState.PENDING, round=approval.round + 1, revision=revision, fen=fen, steps=tuple(steps),
        position=-1, facts=facts,
    )


def concerned(
    roles: tuple[Role, ...], matters: frozenset[str], concerns: Mapping[str, tuple[Role, ...]]
) -> bool:
    """Return whether a change of these fields concerns somebody who signs in these capacities."""
    return any(name not in concerns or any(role in concerns[name] for role in roles) for name in matters)


def _seat(
    id_: int, want: PlannedSeat, signed: Seat | None, matters: frozenset[str],
    concerns: Mapping[str, tuple[Role, ...]], round_: int,
) -> Seat:
    fresh = Seat(id_, want.signer, want.roles, want.instead_of)
    if signed is None or signed.decision is None or not set(want.roles) <= set(signed.roles):
        return fresh
    if concerned(want.roles, matters, concerns):
        return fresh
    return replace(fresh, decision=_carried(signed.decision, round_))


def _carried(decision: Decision, round_: int) -> Decision:
    return replace(decision, carried_from=decision.carried_from or round_)


def _agreed(seat: Seat) -> bool:
    return seat.decision is not None and seat.decision.verb is Verb.APPROVE


def _with_added(approval: Approval, steps: list[Step], serial: int) -> list[Step]:
    """Seat those who were added beside their adder again; they sign anew. Whose adder is gone falls away."""
    again = list(steps)
    for at, old in enumerate(approval.steps):
        for seat in old.seats:
            if not seat.added_by or any(seat.signer == one.signer for step in again for one in step.seats):
                continue
            place = next(
                (i for i, step in enumerate(again) if any(one.signer == seat.added_by for one in step.seats)), None
            )
            if place is None:
                continue
            added = Seat(serial, seat.signer, seat.roles, added_by=seat.added_by)
            serial += 1
            own = next(
                (i for i, step in enumerate(approval.steps) if any(s.signer == seat.added_by for s in step.seats)), at
            )
            if own == at and len(old.seats) > 1:
                again[place] = replace(again[place], seats=(*again[place].seats, added))
            else:
                again.insert(place if at < own else place + 1, Step((added,)))
    return again
