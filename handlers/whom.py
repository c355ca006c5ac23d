"""The one person a typed name means, or the sentence that asks which."""

from __future__ import annotations

from handlers.choosing import ask_which, picked
from handlers.context import Ctx
from handlers.language.command import CommandLine
from handlers.language.people import Found, NotFound, Several, directory_of, find_person
from handlers.registry import Say
from notifications.texts import stand_ins as texts
from policy.org import Person


def person_named(typed: str, ctx: Ctx, line: CommandLine, nothing_done: str) -> Person | str:
    """
    Return who is meant, else one sentence; of two of one name a card asks which, and the command goes on with it.

    Args:
        line: the command as typed, kept until the card is tapped.
        nothing_done: what has not happened, e.g. 没有登记.
    """
    found = find_person(typed, directory_of(ctx.org))
    if isinstance(found, Found):
        return ctx.org.people[found.userid]
    if isinstance(found, Several):
        chosen = picked(ctx, found.userids)
        if chosen is not None:
            return ctx.org.people[chosen]
        asked = ask_which(ctx, line, found.userids)
        assert isinstance(asked, Say)
        return asked.text
    return person_meant(found, ctx, nothing_done)


def person_meant(found: Several | NotFound, ctx: Ctx, nothing_done: str) -> str:
    """Return the sentence for a name that means nobody, or more than one."""
    if isinstance(found, Several):
        names = [f"{ctx.name(userid)}（{_department(ctx, userid)}，{userid}）" for userid in found.userids]
        return texts.several_people(ctx.name(found.userids[0]), names, nothing_done, found.userids[0])
    nearest = [ctx.name(userid) for userid in found.nearest]
    return texts.unknown_person(found.typed, nearest, bool(found.left), nothing_done)


def _department(ctx: Ctx, userid: str) -> str:
    department = ctx.org.department_of(userid)
    return department.name if department is not None else ""
