"""
Who really gets a seat's card now: the one place where that is decided (2.1a, 4.1a).

Asked when a step is entered and again at every reminder, so that somebody who has left, moved or is away is found
out then. The system's own moves are acts of the table too (Verb.REASSIGN) and recorded as the system's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from handlers.context import SYSTEM, Ctx
from handlers.matter import figures_of, kind_in
from policy.approval_kinds import plan_of
from policy.decisions import Refusal
from policy.seats import Holder, Why, successor
from policy.steps import Approval, Seat


@dataclass(frozen=True)
class Move:
    """One seat that went to another person than it stood for. `by` is the system."""

    seat: int
    was: str
    now: str
    why: Why
    by: str = SYSTEM


def real_holder(ctx: Ctx, approval: Approval, seat: Seat, *, entering: bool) -> Holder:
    """
    Return who gets this seat's card now, and why.

    Args:
        entering: the step is entered now; later only somebody who cannot sign is replaced.
    """
    seated = {other.signer for other in approval.seats if other.id != seat.id}
    routed = _by_present_line(ctx, approval, seat) if entering else None
    if routed is not None and routed != seat.signer and routed not in seated:
        return Holder(routed, Why.ROUTE)
    return successor(ctx.org, seat.signer, approval.applicant, seated)


def seated_now(ctx: Ctx, approval: Approval, *, entering: bool = True) -> tuple[Approval, tuple[Move, ...]]:
    """Return the approval with the open step's seats given to whoever signs for them now."""
    moves: list[Move] = []
    for seat in approval.waiting:
        holder = real_holder(ctx, approval, seat, entering=entering)
        if holder.userid in ("", seat.signer):
            if not holder.userid:
                moves.append(Move(seat.id, seat.signer, "", Why.EMPTY))
            continue
        moved = replace(seat, signer=holder.userid, instead_of=(*seat.instead_of, seat.signer))
        approval = approval.with_seat(moved)
        moves.append(Move(seat.id, seat.signer, holder.userid, holder.why))
    return approval, tuple(moves)


def _by_present_line(ctx: Ctx, approval: Approval, seat: Seat) -> str | None:
    """
    Return who stands in this seat's capacities by today's org, None where that says nothing.

    Signers are fixed when a step is entered; later steps follow the line as it stands then
    (research/approvals (d) 14). Seats that a person has moved or added stay where they were put.
    """
    if seat.added_by or seat.forwarded or ctx.org.person(approval.applicant) is None:
        return None
    plan = plan_of(ctx.org, kind_in(ctx, approval), approval.applicant, approval.fen, figures_of(ctx, approval))
    if isinstance(plan, Refusal):
        return None
    fitting = [one for step in plan.steps if len(step.seats) == 1 for one in step.seats if one.roles == seat.roles]
    return fitting[0].signer if len(fitting) == 1 else None
