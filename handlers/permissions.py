"""
权限: grants and revocations, decided by the records director by card, from now or from a date, listed publicly (4.1c).

What is approved takes effect in the org itself, as a new version of it; nobody edits files. Nobody decides about a
change they asked for or that concerns them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from handlers.actions import CardAction
from handlers.context import Ctx
from handlers.language.command import CommandLine
from handlers.language.dates import Moment, read_moment
from handlers.leavers import org_changed
from handlers.registry import Answer, Say, Show, Topic
from handlers.reseating import with_fresh_org
from handlers.seen import number_in, unknown, words_after_number
from handlers.whom import person_named
from notifications.cards import Button, ButtonInteraction, ButtonSelection, MainTitle, Option, Pair
from notifications.texts import permissions as texts
from notifications.texts import stand_ins as absence_texts
from notifications.texts.general import GROUP_LOOK
from notifications.texts.leavers import POST_WORDS
from notifications.texts.words import GRADES, chapter, shortened
from policy.absences import AbsenceKind
from policy.deadlines import Due
from policy.org import Org, Person
from policy.rights import ChangeAct, ChangeState, Right, RightKind, applied, approver_of, refuse_change
from policy.terms import CardState, ItemState, Lateness, Noun, Post
from storage.queries import absences, items, permissions
from storage.queries.items import OpenWork
from storage.queries.people import raise_org_version
from storage.queries.permissions import Change

topic = Topic("permissions")

KIND = PURPOSE = WAITING = "permission"
STARTS, REMINDER = "permission.starts", "permission.reminder"
QUESTION = "reason"
REASON_MOST, REGION_MOST, HISTORY_MOST, NEWEST_MOST = 200, 20, 8, 5
_CONTROLS = ("4.1c",)
_NO_REASON = frozenset({"none", "other", ""})
_REASON_WORDS = dict(texts.REASONS)
_GREY, _GREEN = 0, 3


@dataclass(frozen=True)
class ApproveChange(CardAction, key="permission.approve.1"):
    """同意."""

    number: str


@dataclass(frozen=True)
class RejectChange(CardAction, key="permission.reject.1"):
    """驳回."""

    number: str


# --- asking and looking ---------------------------------------------------------------------------------------------


@topic.command("权限", group=GROUP_LOOK, usage=texts.USAGE, examples=texts.EXAMPLES, controls=_CONTROLS)
def permission(line: CommandLine, ctx: Ctx) -> Answer:
    """Show who may do what, or ask for a change. Source: 4.1c."""
    if not line.tokens and not line.pairs:
        return Say(_listing(ctx))
    first = line.tokens[0] if line.tokens else ""
    if first in texts.GRANT_WORDS or first in texts.REVOKE_WORDS:
        act = ChangeAct.GRANT if first in texts.GRANT_WORDS else ChangeAct.REVOKE
        return _request(line, act, ctx)
    if line.pairs:
        return Say(texts.usage_missing())
    who = person_named(first, ctx, line, texts.NOT_DONE)
    return Say(who if isinstance(who, str) else _of_person(ctx, who))


def _request(line: CommandLine, act: ChangeAct, ctx: Ctx) -> Answer:
    named = [key for key in texts.KIND_KEYS if line.pairs.get(key)]
    if len(line.tokens) < 2 or not named:
        return Say(texts.usage_missing())
    if len(named) > 1:
        return Say(texts.one_right_only())
    who = person_named(line.tokens[1], ctx, line, texts.NOT_DONE)
    if isinstance(who, str):
        return Say(who)
    right = _right(named[0], line.pairs[named[0]], ctx.org)
    if isinstance(right, str):
        return Say(right)
    day = _day(line, ctx)
    if isinstance(day, str):
        return Say(day)
    said = next((line.pairs[key] for key in texts.REASON_KEYS if line.pairs.get(key)), "")
    reason = said or " ".join(line.tokens[2:])
    if len(reason) > REASON_MOST:
        return Say(texts.too_long(REASON_MOST))
    refused = refuse_change(ctx.org, act, right, who)
    if refused is not None:
        what = _right_words(ctx, right)
        return Say(
            {
                "permission.has": texts.has_already(who.name, what), "permission.lacks": texts.has_not(who.name, what),
                "permission.grade_stays": texts.grade_stays(),
            }[refused.code]
        )
    approver = approver_of(ctx.org, ctx.person.userid, who.userid)
    if approver is None:
        return Say(texts.nobody_decides())
    return _file(ctx, act, right, who, day, reason, approver, line.text)


def _right(key: str, typed: str, org: Org) -> Right | str:
    kind, value = texts.KIND_KEYS[key], typed.strip()
    if kind is RightKind.REGION:
        return Right(kind, value[:REGION_MOST])
    if kind in (RightKind.POST, RightKind.GRADE):
        words = texts.POSTS if kind is RightKind.POST else texts.GRADE_WORDS
        found = words.get(value) or (value if value in words.values() else None)
        return Right(kind, found) if found is not None else texts.unknown_value(key, value, list(words))
    for department in org.departments.values():
        if value in (department.id, department.name, department.name.removesuffix("部")):
            return Right(kind, department.id)
    return texts.unknown_value(key, value, [department.name for department in org.departments.values()])


def _day(line: CommandLine, ctx: Ctx) -> date | str | None:
    typed = next((line.pairs[key] for key in texts.START_KEYS if line.pairs.get(key)), "")
    if not typed:
        return None
    read = read_moment(typed, ctx.now, ctx.calendar)
    if not isinstance(read, Moment) or read.date < ctx.today or (read.date - ctx.today).days > 366:
        return texts.bad_day(typed)
    return None if read.date == ctx.today else read.date


def _file(
    ctx: Ctx, act: ChangeAct, right: Right, who: Person, day: date | None, reason: str, approver: Person, typed: str
) -> Answer:
    title = texts.title(act, who.name, _right_words(ctx, right))
    item, digest = ctx.file_item(
        Noun.PERMISSION, kind=KIND, title=title,
        fields={
            "person": who.userid, "act": act.value, "right": right.kind.value, "value": right.value,
            "starts": day.isoformat() if day is not None else "", "reason": reason,
        },
        original=typed, responsible=approver.userid, state=ItemState.PENDING, reason=reason,
    )
    change = Change(
        item.number, ChangeState.PENDING, 1, act, right, who.userid, ctx.person.userid, approver.userid, day, ctx.now
    )
    permissions.add_change(ctx.unit, change)
    items.add_open_work(ctx.unit, approver.userid, item.number, WAITING, title, ctx.now)
    ctx.audit(
        "permission.requested", item.number, digest=digest, change=act.value, right=right.kind.value, value=right.value,
        person=who.userid, starts=day.isoformat() if day is not None else "",
    )
    _ask(ctx, change, title, reason, f"permission:{item.number}")
    ctx.remind(REMINDER, item.number, 1, _next_ten(ctx))
    return Say(texts.requested(item.number, title, day, approver.name))


def _ask(ctx: Ctx, change: Change, title: str, reason: str, key: str) -> None:
    card = ButtonInteraction(
        task_id=ctx.new_token(), source=ctx.frank.source(texts.CARD_SOURCE, _GREY),
        main_title=MainTitle(shortened(title, 36), ""), horizontal=_rows(ctx, change),
        sub_title=shortened(reason, 160),
        selection=ButtonSelection(
            QUESTION, texts.REASON_TITLE, tuple(Option(key_, text) for key_, text in texts.REASONS),
            texts.REASONS[0][0],
        ),
        buttons=(
            Button(texts.BUTTON_APPROVE, ApproveChange(change.number).pack(), style=1),
            Button(texts.BUTTON_REJECT, RejectChange(change.number).pack(), style=3),
        ),
    )
    ctx.post.card(
        change.signer, card, key=key, number=change.number, purpose=PURPOSE, summary=f"{change.number} {title}"
    )


def _rows(ctx: Ctx, change: Change) -> tuple[Pair, ...]:
    what = texts.change_words(change.act, _right_words(ctx, change.right))
    return (
        Pair(texts.ROW_NUMBER, change.number), Pair(texts.ROW_WHO, ctx.name(change.person)),
        Pair(texts.ROW_WHAT, shortened(what, 30)), Pair(texts.ROW_FROM, texts.starts(change.starts_on)),
        Pair(texts.ROW_BY, ctx.name(change.requested_by)), Pair(texts.ROW_BASIS, chapter("4.1c")),
    )


def _right_words(ctx: Ctx, right: Right) -> str:
    department = ctx.org.departments.get(right.value)
    return texts.right_words(right, department.name if department is not None else "")


def _title(ctx: Ctx, change: Change) -> str:
    return texts.title(change.act, ctx.name(change.person), _right_words(ctx, change.right))


# --- deciding -------------------------------------------------------------------------------------------------------


@topic.tap(ApproveChange, controls=_CONTROLS)
def tap_approve(tap: ApproveChange, ctx: Ctx) -> Answer:
    """Approve by card."""
    return _tapped(tap.number, ctx, approved=True, reason="")


@topic.tap(RejectChange, controls=_CONTROLS)
def tap_reject(tap: RejectChange, ctx: Ctx) -> Answer:
    """Reject by card, the reason chosen on it."""
    chosen = ctx.selected.get(QUESTION, ())
    key = chosen[0] if chosen else ""
    return _tapped(tap.number, ctx, approved=False, reason="" if key in _NO_REASON else _REASON_WORDS.get(key, ""))


def _tapped(number: str, ctx: Ctx, *, approved: bool, reason: str) -> Answer:
    done, said = _decide(number, ctx, approved=approved, reason=reason)
    if not done:
        ctx.post.text(ctx.person.userid, said, key=f"permission:{ctx.event_key}", number=number)
    change = permissions.load_change(ctx.unit, number)
    if change is None or change.state is ChangeState.PENDING:
        return None
    return Show(_face(ctx, change, ctx.task_id))


@topic.branch("同意", Noun.PERMISSION, controls=_CONTROLS)
def approve(line: CommandLine, ctx: Ctx) -> Answer:
    """Approve by number."""
    number = number_in(line)
    if permissions.load_change(ctx.unit, number) is None:
        return unknown(line, number)
    return Say(_decide(number, ctx, approved=True, reason="")[1])


@topic.branch("驳回", Noun.PERMISSION, controls=_CONTROLS)
def reject(line: CommandLine, ctx: Ctx) -> Answer:
    """Reject by number with a reason in words."""
    number = number_in(line)
    if permissions.load_change(ctx.unit, number) is None:
        return unknown(line, number)
    reason = words_after_number(line)
    if len(reason) > REASON_MOST:
        return Say(texts.too_long(REASON_MOST))
    return Say(_decide(number, ctx, approved=False, reason=reason)[1])


def _decide(number: str, ctx: Ctx, *, approved: bool, reason: str) -> tuple[bool, str]:
    change = permissions.lock_change(ctx.unit, number)
    assert change is not None
    if change.state is not ChangeState.PENDING:
        by = ctx.name(change.decided_by or change.requested_by)
        return False, texts.decided_already(number, change.state, by, change.decided_at)
    if change.signer != ctx.person.userid:
        return False, texts.not_approver(number, ctx.name(change.signer))
    if not approved and not reason:
        return False, texts.reason_missing(number)
    decided = change.next(
        state=ChangeState.APPROVED if approved else ChangeState.REJECTED, decided_by=ctx.person.userid,
        decided_at=ctx.now,
    )
    permissions.save_change(ctx.unit, decided)
    items.close_open_work(ctx.unit, number)
    ctx.forget_reminders(number)
    title = _title(ctx, change)
    if not approved:
        items.change_item(ctx.unit, number, ctx.now, state=ItemState.REJECTED)
        ctx.audit("permission.rejected", number)
        ctx.post.text(
            change.requested_by, texts.rejected_told(number, title, ctx.person.name, reason),
            key=f"permission:{number}:decided", number=number,
        )
        _settle(ctx, decided)
        return True, texts.rejected(number, ctx.name(change.requested_by))
    items.change_item(ctx.unit, number, ctx.now, state=ItemState.APPROVED)
    ctx.audit("permission.approved", number, starts=change.starts_on.isoformat() if change.starts_on else "")
    at_once = change.starts_on is None or change.starts_on <= ctx.today
    if at_once:
        decided = _put_in_force(ctx, decided)
    else:
        assert change.starts_on is not None
        ctx.remind(STARTS, number, 1, ctx.calendar.at(change.starts_on, time(0)))
        for userid in sorted({change.requested_by, change.person} - {ctx.person.userid}):
            ctx.post.text(
                userid, texts.approved_told(number, title, ctx.person.name, change.starts_on),
                key=f"permission:{number}:decided:{userid}", number=number,
            )
    _settle(ctx, decided)
    return True, texts.approved(number, change.starts_on, at_once)


@topic.due(STARTS, lateness=Lateness.EACH, controls=_CONTROLS)
def start(due: Due, ctx: Ctx) -> None:
    """The day of an approved change has come."""
    change = permissions.lock_change(ctx.unit, due.subject)
    if change is not None and change.state is ChangeState.APPROVED:
        _put_in_force(ctx, change)


def _put_in_force(ctx: Ctx, change: Change) -> Change:
    """Let a change take effect in the org, tell everyone it touches, move what lies open."""
    absences.lock_person(ctx.unit, change.person)
    before = with_fresh_org(ctx).org
    person = before.person(change.person)
    title = _title(ctx, change)
    if person is None or refuse_change(before, change.act, change.right, person) is not None:
        failed = change.next(state=ChangeState.FAILED)
        permissions.save_change(ctx.unit, failed)
        items.change_item(ctx.unit, change.number, ctx.now, state=ItemState.CANCELLED)
        ctx.audit("permission.failed", change.number)
        for userid in sorted({change.requested_by, change.signer}):
            if ctx.org.person(userid) is not None:
                ctx.post.text(
                    userid, texts.failed_told(change.number, title), key=f"permission:{change.number}:failed:{userid}",
                    number=change.number,
                )
        return failed
    made = applied(before, change.act, change.right, person)
    permissions.put_in_force(ctx.unit, made)
    version = raise_org_version(ctx.unit)
    done = change.next(state=ChangeState.IN_FORCE, in_force_at=ctx.now, before=made.former)
    permissions.save_change(ctx.unit, done)
    items.change_item(ctx.unit, change.number, ctx.now, state=ItemState.DONE)
    ctx.audit(
        "permission.in_force", change.number, change=change.act.value, right=change.right.kind.value,
        value=change.right.value, person=change.person, former=made.former, org=version,
    )
    _announce(ctx, change, title, made.former)
    changed = [each.userid for each in made.people]
    org_changed(with_fresh_org(ctx), before, changed, (), change.number)
    return done


def _announce(ctx: Ctx, change: Change, title: str, former: str) -> None:
    superior = ctx.org.superior_of(change.person)
    told = {change.person, change.requested_by, *([superior.userid] if superior is not None else [])}
    for userid in sorted(told - {former, ctx.actor_id}):
        if ctx.org.person(userid) is not None:
            ctx.post.text(
                userid, texts.in_force_told(change.number, title), key=f"permission:{change.number}:{userid}",
                number=change.number,
            )
    if former and ctx.org.person(former) is not None:
        words = texts.former_told(change.number, _right_words(ctx, change.right), ctx.name(change.person))
        ctx.post.text(former, words, key=f"permission:{change.number}:{former}", number=change.number)


@topic.branch("撤回", Noun.PERMISSION, controls=_CONTROLS)
def withdraw(line: CommandLine, ctx: Ctx) -> Answer:
    """Who asked takes a change back while nobody has decided."""
    number = number_in(line)
    change = permissions.lock_change(ctx.unit, number)
    if change is None or change.requested_by != ctx.person.userid:
        return unknown(line, number)
    if change.state is not ChangeState.PENDING:
        by = ctx.name(change.decided_by or change.requested_by)
        return Say(texts.decided_already(number, change.state, by, change.decided_at))
    after = change.next(state=ChangeState.WITHDRAWN, decided_at=ctx.now)
    permissions.save_change(ctx.unit, after)
    items.close_open_work(ctx.unit, number)
    items.change_item(ctx.unit, number, ctx.now, state=ItemState.WITHDRAWN)
    ctx.forget_reminders(number)
    ctx.audit("permission.withdrawn", number)
    _settle(ctx, after)
    return Say(texts.withdrawn(number))


def _settle(ctx: Ctx, change: Change) -> None:
    ctx.post.settle_cards(
        change.number, CardState.SETTLED, lambda card: _face(ctx, change, card.task_id),
        lambda card: card.purpose == PURPOSE,
    )


def _face(ctx: Ctx, change: Change, task_id: str) -> ButtonInteraction:
    good = change.state in (ChangeState.APPROVED, ChangeState.IN_FORCE)
    word = texts.STATE_WORDS[ChangeState.APPROVED if good else change.state].partition("，")[0]
    by = ctx.name(change.decided_by or change.requested_by)
    said = texts.outcome(change.state, by, change.decided_at or ctx.now, change.starts_on)
    return ButtonInteraction(
        task_id=task_id, source=ctx.frank.source(texts.CARD_SOURCE_DONE, _GREEN if good else _GREY),
        main_title=MainTitle(shortened(_title(ctx, change), 36), ""), horizontal=_rows(ctx, change)[:4],
        sub_title=said, buttons=(Button(word, "settled", style=4),), replace_text=word,
    )


# --- waiting --------------------------------------------------------------------------------------------------------


@topic.due(REMINDER, lateness=Lateness.LATEST, controls=_CONTROLS)
def remind(due: Due, ctx: Ctx) -> None:
    """Remind who decides, every working day at 10:00; it never passes by itself."""
    change = permissions.load_change(ctx.unit, due.subject)
    if change is None or change.state is not ChangeState.PENDING:
        return
    ctx.post.text(
        change.signer, texts.reminder(change.number, _title(ctx, change), ctx.name(change.requested_by)),
        key=f"permission:{change.number}:reminder:{due.generation}", number=change.number,
    )
    ctx.remind(REMINDER, change.number, due.generation + 1, _next_ten(ctx))
    ctx.audit("permission.reminded", change.number, times=due.generation)


@topic.waiting(WAITING, texts.WAITS)
def open_waiting(work: OpenWork, ctx: Ctx) -> Answer:
    """待办 3: the card comes again."""
    change = permissions.load_change(ctx.unit, work.number)
    revision = items.load_revision(ctx.unit, work.number, 1)
    assert change is not None
    assert revision is not None
    title = _title(ctx, change)
    _ask(ctx, change, title, str(revision.fields.get("reason", "")), f"permission:{work.number}:{ctx.event_key}")
    return Say(texts.reminder(change.number, title, ctx.name(change.requested_by)))


def _next_ten(ctx: Ctx) -> datetime:
    return ctx.calendar.at(ctx.calendar.next_working_day(ctx.today), time(10, 0))


# --- the public list ------------------------------------------------------------------------------------------------


def _listing(ctx: Ctx) -> str:
    org = ctx.org
    posts = []
    for post in Post:
        if post is Post.LIAISON:
            continue
        holder = org.holder(post)
        posts.append((POST_WORDS[post.value], holder.name if holder is not None else texts.VACANT))
    heads = []
    for department in org.departments.values():
        head = org.person(department.head)
        heads.append((department.name, head.name if head is not None else texts.VACANT))
    sights = [
        (org.name_of(userid), "、".join(org.departments[each].name for each in sorted(seen)))
        for userid, seen in sorted(org.sights.items()) if org.person(userid) is not None
    ]
    running = [_running(ctx, absence_at) for absence_at in range(len(org.absences))][:NEWEST_MOST]
    newest = [_history(ctx, change, named=True) for change in permissions.newest_changes(ctx.unit, NEWEST_MOST)]
    return texts.listing(posts, heads, sights, running, newest)


def _running(ctx: Ctx, at: int) -> str:
    one = ctx.org.absences[at]
    leave = one.kind is AbsenceKind.LEAVE
    title = absence_texts.title(leave, ctx.name(one.person), ctx.name(one.by) if one.by is not None else "")
    return texts.running_row(one.number, f"{title}，{absence_texts.period(one.starts_at, one.ends_at)}")


def _history(ctx: Ctx, change: Change, *, named: bool) -> str:
    what = texts.change_words(change.act, _right_words(ctx, change.right))
    words = f"{ctx.name(change.person)} {what}" if named else what
    at = change.in_force_at or change.decided_at or change.created_at
    by = ctx.name(change.decided_by) if change.decided_by else ""
    return texts.history_row(change.number, words, change.state, at, by)


def _of_person(ctx: Ctx, who: Person) -> str:
    org = ctx.org
    facts = [f"{texts.GRADE_WORD} {GRADES[who.grade]}"]
    facts += [texts.right_words(Right(RightKind.POST, post.value)) for post in sorted(who.posts)]
    facts += [texts.right_words(Right(RightKind.REGION, region)) for region in who.regions]
    facts += [
        texts.right_words(Right(RightKind.HEAD, department.id), department.name)
        for department in org.departments.values() if department.head == who.userid
    ]
    facts += [
        texts.right_words(Right(RightKind.SIGHT, each), org.departments[each].name)
        for each in sorted(org.sights.get(who.userid, ()))
    ]
    running = [_running(ctx, at) for at, one in enumerate(org.absences) if who.userid in (one.person, one.by)]
    changes = permissions.changes_of(ctx.unit, who.userid, HISTORY_MOST)
    history = [_history(ctx, change, named=False) for change in changes]
    return texts.of_person(who.name, facts, running, history)
