"""Whom a return goes to, as people write it (3.1a)."""

from __future__ import annotations

from handlers.context import Ctx
from handlers.language.people import Found, directory_of, find_person
from policy.steps import Approval


def earlier_signer_in(ctx: Ctx, approval: Approval, opinion: str) -> tuple[str, str]:
    """
    Return whom a return goes to and the reason: "退回 CG-… 苏主管 请核价" names an earlier signer first.

    The first word counts as a name only when it is one of those who have signed this, or begins with @ or 给.
    """
    first, _, rest = opinion.strip().partition(" ")
    name = first.lstrip("@给")
    signed = {seat.decision.actor for seat in approval.seats if seat.decision is not None}
    for userid in sorted(signed | {approval.applicant}):
        person = ctx.org.people.get(userid)
        if person is not None and name.lower() in (person.name.lower(), userid):
            return userid, rest.strip()
    if first.startswith(("@", "给")) and name:
        found = find_person(name, directory_of(ctx.org))
        if isinstance(found, Found):
            return found.userid, rest.strip()
    return "", opinion
