"""
停用, and what a change of the org means for what lies open (4.1c, 2.1a; research/approvals (d) 12, 14).

Rights end at once; open steps and tasks go on along the line, the people concerned are told why; past signatures keep
name and title as they were. Who changes department or line keeps the open steps unless the seat is gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from handlers import meeting_keepers
from handlers.context import SYSTEM, Ctx
from handlers.effects import Case, carry_out
from handlers.language.command import CommandLine
from handlers.people import hr_contact
from handlers.registry import Answer, Say, Topic
from handlers.reseating import above, reseat_all, waiting_for, with_fresh_org
from handlers.seating import real_holder
from handlers.whom import person_named
from notifications.texts import leavers as texts
from notifications.texts.general import GROUP_ADMIN
from policy.approval_acts import Act
from policy.org import Org, Person
from policy.seats import mender
from policy.standing_in import post_of
from policy.terms import DepartmentKind, Grade, ItemState, Noun, Post, Verb
from storage.queries import absences, approvals, items, promises
from storage.queries.people import deactivate, raise_org_version

topic = Topic("leavers")

_APPROVAL = "approval"
_ONLY_THE_APPLICANT = frozenset({"returned", "question"})
REASON_MOST = 200


@topic.command("停用", "离职停用", group=GROUP_ADMIN, usage=texts.USAGE, examples=texts.EXAMPLES, controls=("4.1c",))
def disable(line: CommandLine, ctx: Ctx) -> Answer:
    """End a leaver's rights at once; HR from supervisor up, or the records director. Source: 4.1c."""
    if not entitled(ctx.org, ctx.person):
        contact = hr_contact(ctx.org)
        return Say(texts.not_entitled(contact.name if contact is not None else ""))
    if not line.tokens:
        return Say(texts.who_missing())
    who = person_named(line.tokens[0], ctx, line, texts.NOT_DONE)
    if isinstance(who, str):
        return Say(who)
    if who.userid == ctx.person.userid:
        return Say(texts.not_oneself())
    absences.lock_person(ctx.unit, who.userid)
    reason = " ".join([*line.tokens[1:], *line.pairs.values()])[:REASON_MOST]
    item, digest = ctx.file_item(
        Noun.PERMISSION, kind="leaver", title=texts.title(who.name), fields={"person": who.userid, "reason": reason},
        original=line.text, responsible=ctx.person.userid, state=ItemState.DONE,
    )
    deactivate(ctx.unit, who.userid)
    version = raise_org_version(ctx.unit)
    ctx.audit("person.left", item.number, digest=digest, person=who.userid, title=who.title, org=version)
    moved, tasks, empty = see_off(with_fresh_org(ctx), who.userid, item.number)
    return Say(texts.done(item.number, who.name, moved, tasks, empty))


def entitled(org: Org, person: Person) -> bool:
    """Return whether somebody may end a leaver's rights."""
    department = org.departments.get(person.department)
    in_hr = department is not None and department.kind is DepartmentKind.HR
    return (in_hr and person.grade.rank >= Grade.SUPERVISOR.rank) or Post.RECORDS_DIRECTOR in person.posts


# --- somebody has left ----------------------------------------------------------------------------------------------


def see_off(ctx: Ctx, userid: str, cause: str) -> tuple[int, int, list[str]]:
    """
    Let everything that lies with somebody who has left go on.

    Args:
        ctx: with the org in which the person is inactive already.
        cause: names this leaving in the keys of what is sent.

    Returns:
        How many approvals and other things moved, and the names of the seats that are empty now.
    """
    leaver = ctx.org.people[userid]
    _end_absences(ctx, leaver)
    moved = _hand_over_steps(ctx, userid)
    minutes = meeting_keepers.hand_over(with_fresh_org(ctx), userid)
    tasks = _hand_over_work(ctx, leaver, cause) + minutes
    empty = _tell_of_empty_seats(ctx, leaver, cause)
    return moved, tasks, empty


def _end_absences(ctx: Ctx, leaver: Person) -> None:
    for absence in absences.absences(ctx.unit):
        if leaver.userid not in (absence.person, absence.by):
            continue
        absences.end_absence(ctx.unit, absence.number, max(ctx.now, absence.starts_at))
        items.change_item(ctx.unit, absence.number, ctx.now, state=ItemState.CANCELLED)
        ctx.forget_reminders(absence.number)
        version = raise_org_version(ctx.unit)
        ctx.audit("absence.ended", absence.number, person=absence.person, state="cancelled", org=version)
        if absence.by is not None and ctx.org.person(absence.by) is not None:
            ctx.post.text(
                absence.by, texts.giver_left(absence.number, leaver.name), key=f"giver_left:{absence.number}",
                number=absence.number,
            )
        if absence.by == leaver.userid and ctx.org.person(absence.person) is not None:
            fresh = with_fresh_org(ctx)
            numbers = waiting_for(fresh, absence.person, [leaver.userid])
            reseat_all(fresh, numbers, f"{absence.number}:left", texts.why_left(leaver.name))
            ctx.post.text(
                absence.person, texts.delegation_over(absence.number, leaver.name), key=f"left:{absence.number}",
                number=absence.number,
            )


def _hand_over_steps(ctx: Ctx, signer: str) -> int:
    """Give the open seats of somebody who cannot sign any more to whoever does now: the system's own acts."""
    ctx = with_fresh_org(ctx)
    return sum(_reassign(ctx, number, signer) for number in waiting_for(ctx, signer, above(ctx, signer)))


def _reassign(ctx: Ctx, number: str, signer: str) -> bool:
    approval = approvals.lock_approval(ctx.unit, number)
    item = items.load_item(ctx.unit, number)
    seat = approval.seat_of(signer) if approval is not None else None
    if approval is None or item is None or seat is None:
        return False  # it went on while we waited for its lock
    holder = real_holder(ctx, approval, seat, entering=True)
    if holder.userid in ("", signer):
        if not holder.userid:
            _tell_stuck(ctx, number, approval.applicant, signer)
        return False
    act = Act(Verb.REASSIGN, SYSTEM, holder.why.value, seat=seat.id, round=approval.round, to=holder.userid)
    return isinstance(carry_out(replace(ctx, actor=None), item, approval, act), Case)


def _tell_stuck(ctx: Ctx, number: str, applicant: str, signer: str) -> None:
    words = texts.no_successor(number, ctx.name(signer))
    for userid in sorted({applicant, mender(ctx.org)}):
        if ctx.org.person(userid) is not None:
            ctx.post.text(userid, words, key=f"stuck:{number}:{signer}:{userid}", number=number)
    ctx.audit("approval.stuck", number, signer=signer)


def _hand_over_work(ctx: Ctx, leaver: Person, cause: str) -> int:
    taker = ctx.org.superior_of(leaver.userid)
    moved: list[str] = []
    own: list[str] = []
    if taker is not None:
        for promise in promises.open_promises_of(ctx.unit, leaver.userid):
            held = promises.lock_promise(ctx.unit, promise.number)
            if held is not None and held.owner == leaver.userid and not held.closed:
                promises.save_promise(
                    ctx.unit,
                    replace(held, owner=taker.userid, department=taker.department, version=held.version + 1),
                )
                ctx.audit("task.given", held.number, owner=taker.userid, was=leaver.userid, cause=cause)
    for work in items.open_work_of(ctx.unit, leaver.userid):
        if work.what == _APPROVAL:
            continue
        if work.what in _ONLY_THE_APPLICANT:
            own.append(work.number)
            continue
        if taker is None:
            continue
        items.move_open_work(ctx.unit, work, taker.userid)
        item = items.load_item(ctx.unit, work.number)
        if item is not None and item.responsible == leaver.userid:
            ctx.hand_to(work.number, taker.userid)
        ctx.audit("work.handed_over", work.number, was=leaver.userid, now=taker.userid, what=work.what, cause=cause)
        giver = ctx.org.person(item.author) if item is not None else None
        if giver is not None and giver.userid != taker.userid:
            ctx.post.text(
                giver.userid, texts.task_moved(work.number, leaver.name, taker.name),
                key=f"handed:{work.number}:{cause}", number=work.number,
            )
        moved.append(texts.row(work.number, work.title))
    if taker is not None and moved:
        ctx.post.text(taker.userid, texts.taken_over(leaver.name, moved), key=f"over:{cause}:{leaver.userid}")
    if taker is not None and own:
        ctx.post.text(taker.userid, texts.own_left_open(leaver.name, own), key=f"own:{cause}:{leaver.userid}")
    return len(moved)


def _tell_of_empty_seats(ctx: Ctx, leaver: Person, cause: str) -> list[str]:
    empty = [
        texts.POST_WORDS[post.value] for post in sorted(leaver.posts)
        if post is not Post.LIAISON and ctx.org.holder(post) is None
    ]
    empty += [
        texts.head_of(department.name) for department in ctx.org.departments.values()
        if department.head == leaver.userid
    ]
    if empty and mender(ctx.org):
        ctx.post.text(mender(ctx.org), texts.empty_seats(leaver.name, empty), key=f"empty:{cause}:{leaver.userid}")
    contact = hr_contact(ctx.org)
    below = [person.name for person in ctx.org.active_people() if person.manager == leaver.userid]
    if below and contact is not None:
        ctx.post.text(contact.userid, texts.reports_left(leaver.name, below), key=f"below:{cause}:{leaver.userid}")
    return empty


def left_the_address_book(ctx: Ctx, userid: str) -> None:
    """The address book says that somebody has gone; nothing follows for who is not in the org."""
    who = ctx.org.person(userid)
    if who is None:
        return
    absences.lock_person(ctx.unit, who.userid)
    deactivate(ctx.unit, who.userid)
    version = raise_org_version(ctx.unit)
    ctx.audit("person.left", "", person=who.userid, title=who.title, org=version)
    see_off(with_fresh_org(ctx), who.userid, f"left-{version}")


# --- somebody has changed place -------------------------------------------------------------------------------------


def org_changed(ctx: Ctx, before: Org, changed: Iterable[str], left: Iterable[str], cause: str) -> None:
    """
    After a change of many people at once: see off who has left, keep or move the open steps of who changed place.

    Args:
        ctx: with the org after the change; before: the org before it.
    """
    for userid in left:
        see_off(ctx, userid, cause)
    for userid in changed:
        was, now = before.people.get(userid), ctx.org.person(userid)
        if was is not None and now is not None and was.active:
            _moved_within(ctx, was, now, cause)


def _moved_within(ctx: Ctx, was: Person, now: Person, cause: str) -> None:
    what = [
        word for word, differs in (
            (texts.DEPARTMENT, was.department != now.department), (texts.LINE, was.manager != now.manager),
            (texts.GRADE, was.grade is not now.grade), (texts.POSTS, was.posts != now.posts),
        ) if differs
    ]
    if not what:
        return
    lost = was.posts - now.posts
    kept: list[str] = []
    gone: list[str] = []
    for number in waiting_for(ctx, now.userid, ()):
        approval = approvals.load_approval(ctx.unit, number)
        seat = approval.seat_of(now.userid) if approval is not None else None
        post = post_of(seat.roles) if seat is not None else None
        (gone if post is not None and post in lost else kept).append(number)
    for number in gone:
        _reassign(ctx, number, now.userid)
    own = [item.number for item in items.newest_of(ctx.unit, now.userid, 20) if item.state is ItemState.PENDING]
    if kept or own or gone:
        ctx.post.text(
            now.userid, texts.moved_within("、".join(what), kept, own), key=f"within:{cause}:{now.userid}"
        )
