"""Who writes for the first time, who is not in the org, and who has just come into it (2.1a)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from handlers.context import Ctx
from notifications.post import Post
from notifications.texts import general as texts
from notifications.texts import leavers as leaver_texts
from policy.org import Org, Person
from policy.terms import DepartmentKind, Grade
from storage.queries import conversations
from storage.queries.people import mark_welcomed, welcomed

STRANGER = "stranger"  # remembered of somebody who wrote and is not in the org
STRANGERS = "strangers"  # remembered of the HR contact: who was told of today
REMEMBERED = timedelta(days=365)
MOST_TOLD = 10  # a day; more is not a person who is missing but an org that was not imported


def welcome(ctx: Ctx) -> str | None:
    """Return the greeting for somebody's first contact and keep that it was given; None afterwards."""
    if welcomed(ctx.unit, ctx.person.userid):
        return None
    mark_welcomed(ctx.unit, ctx.person.userid, ctx.now)
    ctx.audit("person.welcomed", "", userid=ctx.person.userid)
    return texts.welcome(ctx.person.name, ctx.org.is_manager(ctx.person.userid))


def greet_stranger(post: Post, shown_id: str) -> str:
    """
    Return the polite refusal for somebody who is not in the org; tell HR of them once a day.

    Args:
        shown_id: the userid as WeCom spells it.
    """
    userid = shown_id.lower()[:64]
    if userid in post.org.people:  # known, so it has left
        return leaver_texts.disabled()
    contact = hr_contact(post.org)
    if contact is None:
        return texts.not_in_org("", "")
    conversations.remember(post.unit, userid, STRANGER, shown_id, post.now + REMEMBERED)
    told = list(conversations.recall(post.unit, contact.userid, STRANGERS, post.now) or ())
    if userid not in told and len(told) < MOST_TOLD:
        conversations.remember(post.unit, contact.userid, STRANGERS, [*told, userid], _end_of_day(post))
        day = post.calendar.today(post.now)
        post.text(contact.userid, texts.stranger_told(shown_id[:64]), key=f"stranger:{userid}:{day.isoformat()}")
    department = post.org.department_of(contact.userid)
    return texts.not_in_org(department.name if department is not None else "", contact.name)


def tell_newcomers(ctx: Ctx, joined: Iterable[str]) -> None:
    """Tell those who had written before they were in the org that they are in it now."""
    for userid in joined:
        if conversations.recall(ctx.unit, userid, STRANGER, ctx.now) is None:
            continue
        conversations.end(ctx.unit, userid, STRANGER)
        ctx.post.text(userid, texts.now_registered(ctx.name(userid)), key=f"registered:{userid}:{ctx.org.version}")


def hr_contact(org: Org) -> Person | None:
    """Return who registers people: a supervisor of the HR department, else its head, else nobody."""
    head = org.head_of_kind(DepartmentKind.HR)
    if head is None:
        return None
    supervisors = [
        person for person in org.active_people()
        if person.department == head.department and person.grade is Grade.SUPERVISOR
    ]
    return min(supervisors, key=lambda person: person.userid, default=head)


def _end_of_day(post: Post) -> datetime:
    return post.calendar.at(post.calendar.today(post.now) + timedelta(days=1), time(0))
