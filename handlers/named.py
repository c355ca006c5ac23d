"""People named in an act on an approval: by @name, name or userid; one clear sentence when it is nobody or several."""

from __future__ import annotations

from handlers.context import Ctx
from handlers.language.people import Found, Several, directory_of, find_person
from notifications.texts import acts as texts
from policy.org import Person
from policy.steps import Approval


def person_named(ctx: Ctx, typed: str, example: str) -> Person | str:
    """
    Return the active person somebody means, or the sentence that asks for more.

    Args:
        example: what was typed, with {who} where the name stands.
    """
    found = find_person(typed, directory_of(ctx.org))
    if isinstance(found, Found):
        return ctx.org.people[found.userid]
    if isinstance(found, Several):
        choices = [(_with_department(ctx, userid), example.format(who=userid)) for userid in found.userids]
        return texts.several_people(typed, choices)
    if found.left:
        return texts.person_left(ctx.name(found.left[0]), example.format(who=""))
    near = [ctx.name(userid) for userid in found.nearest]
    return texts.unknown_person(typed, near, example.format(who=near[0] if near else "").strip())


def _with_department(ctx: Ctx, userid: str) -> str:
    department = ctx.org.department_of(userid)
    return f"{ctx.name(userid)}（{department.name if department is not None else ''}）"


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
