"""
紧急先办: an order executes at once and opens a debt of ratification; 补办 files it; the debt climbs (4.1b).

What was executed is never rewritten: the order keeps when it took effect, when its people say it was executed, when
the ratification was filed and when it was settled. A refused ratification opens a rectification.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.alarms import raise_alarm, start_alarm
from handlers.asked import names_asked
from handlers.context import Ctx
from handlers.effects import ENDINGS, Case
from handlers.explain import refusal_text
from handlers.filing import file_approval, order_of
from handlers.language.amounts import Amount, read_amount
from handlers.language.command import CommandLine
from handlers.language.dates import Moment, read_moment
from handlers.language.people import Found, directory_of, find_people
from handlers.promises import TaskOrder, open_task
from handlers.registry import Answer, Say, Topic
from handlers.seen import number_in, unknown, visible_item, words_after_number
from handlers.todo import row
from handlers.whom import person_meant
from notifications.texts import emergencies as texts
from notifications.texts.general import GROUP_URGENT
from policy.approval_kinds import RATIFICATION
from policy.deadlines import Due
from policy.decisions import Refusal
from policy.emergencies import (
    Emergency,
    EmergencyState,
    executives,
    next_above,
    ratify_by,
    refuse_order,
    told_of,
)
from policy.money import LARGEST
from policy.org import Person
from policy.terms import ItemState, Lane, Lateness, Noun, Post
from storage.queries import absences, approvals, emergencies, items
from storage.queries.items import OpenWork

topic = Topic("emergencies")

KIND, RECTIFY_KIND, BACKLOG_KIND = "emergency", "rectification", "emergency_backlog"
RATIFY, RECTIFY = "ratify", "rectify"
REMIND, OVERDUE = "emergency.remind", "emergency.overdue"
REASON_MOST, TEAM_MOST, NOTE_MOST = 500, 20, 500
_RECTIFY_DAYS = 7  # 6.2d


@dataclass(frozen=True)
class _Said:
    """An order as typed."""

    reason: str
    team: str
    amount: str


# --- the order --------------------------------------------------------------------------------------------


@topic.command(
    "紧急", "先办", group=GROUP_URGENT, usage=texts.USAGE, examples=texts.EXAMPLES, controls=("4.1b", "7.1b")
)
def urgent(line: CommandLine, ctx: Ctx) -> Answer:
    """Order something at once; without team and amount 紧急 is an alarm. Source: 4.1b."""
    said = _said(line)
    if not said.team and not said.amount and line.typed_word != texts.FIRST_WORD:
        return raise_alarm(line, ctx)
    if not (said.reason and said.team and said.amount):
        return Say(texts.missing(line.typed_word, said.reason, said.team, said.amount))
    if len(said.reason) > REASON_MOST:
        return Say(texts.too_long(texts.REASON, REASON_MOST))
    amount, more = _sum(said.amount)
    if amount is None:
        return Say(texts.bad_amount(said.amount, line.typed_word))
    team = _team(said.team, ctx)
    if isinstance(team, str):
        return Say(team)
    refused = refuse_order(ctx.person, team, amount, ctx.parameters)
    if refused is not None:
        if refused.code == "emergency.above_cap":
            return Say(texts.above_cap(amount, int(str(refused.data["cap"]))))
        return Say(texts.no_authority())
    return _order(ctx, f"{said.reason} {more}".strip(), team, amount, line.text)


def _said(line: CommandLine) -> _Said:
    def pair(keys: tuple[str, ...]) -> str:
        return next((line.pairs[key] for key in keys if line.pairs.get(key)), "")

    reason = pair(texts.REASON_KEYS) or " ".join(line.tokens)
    return _Said(reason.strip(), pair(texts.TEAM_KEYS).strip(), pair(texts.SUM_KEYS).strip())


def _leading(typed: str) -> Iterator[tuple[str, str]]:
    """Give every way to cut what stands behind a pair into its value and further words, the longest value first."""
    words = typed.split()
    for size in range(len(words), 0, -1):
        yield " ".join(words[:size]), " ".join(words[size:])


def _sum(typed: str) -> tuple[int | None, str]:
    """Return the sum in fen and the words behind it; None when it is no sum above nothing."""
    for value, rest in _leading(typed):
        amount = read_amount(value)
        if isinstance(amount, Amount) and 0 < amount.fen <= LARGEST:
            return amount.fen, rest
    return None, ""


def _team(typed: str, ctx: Ctx) -> list[Person] | str:
    found = find_people(typed, directory_of(ctx.org))
    if len(found) > TEAM_MOST:
        return texts.team_too_large(TEAM_MOST)
    team: list[Person] = []
    for who in found:
        if not isinstance(who, Found):
            return person_meant(who, ctx, texts.NOT_IN_EFFECT)
        team.append(ctx.org.people[who.userid])
    return team or texts.missing(texts.FIRST_WORD, "", "", "")


def _order(ctx: Ctx, reason: str, team: list[Person], fen: int, typed: str) -> Answer:
    # Two orders of one person at once: the second must see the debt of the first.
    absences.lock_person(ctx.unit, ctx.person.userid)
    debts = emergencies.open_orders_of(ctx.unit, ctx.person.userid)
    userids = tuple(person.userid for person in team)
    due_at = ratify_by(ctx.now, ctx.calendar, ctx.parameters)
    item, digest = ctx.file_item(
        Noun.EMERGENCY, kind=KIND, title=texts.title(reason),
        fields={"reason": reason, "fen": fen, "team": [person.name for person in team]}, original=typed,
        responsible=ctx.person.userid, state=ItemState.OPEN,
    )
    order = Emergency(
        item.number, EmergencyState.OPEN, 1, ctx.person.userid, fen, userids, ctx.now, due_at
    )
    emergencies.add_emergency(ctx.unit, order)
    items.add_open_work(
        ctx.unit, ctx.person.userid, item.number, RATIFY, item.title, ctx.now, fen=fen, due_at=due_at, urgent=True
    )
    ctx.remind(REMIND, item.number, 1, max(ctx.now, due_at - timedelta(days=1)))
    ctx.remind(OVERDUE, item.number, 1, due_at)
    told = told_of(ctx.org, ctx.person.userid, userids)
    names = [person.name for person in team]
    name = ctx.person.name
    for userid in told:
        ctx.post.text(
            userid, texts.for_chain(item.number, name, reason, fen, names, due_at),
            key=f"emergency:{item.number}:{userid}", number=item.number, lane=Lane.URGENT,
        )
    for userid in userids:
        if userid != ctx.person.userid:
            ctx.post.text(
                userid, texts.for_team(item.number, name, reason, fen, due_at),
                key=f"team:{item.number}:{userid}", number=item.number, lane=Lane.URGENT,
            )
    ctx.audit(
        "emergency.ordered", item.number, digest=digest, fen=fen, team=list(userids), told=list(told),
        due_at=due_at.isoformat(), debts=[debt.number for debt in debts],
    )
    answer = texts.effective(item.number, fen, names, due_at, [ctx.name(userid) for userid in told])
    if len(debts) >= ctx.parameters.open_debts:
        _alarm_of_debts(ctx, item.number, fen, debts)
        answer = f"{answer}\n{texts.note_debts(len(debts))}"
    return Say(answer)


def _alarm_of_debts(ctx: Ctx, number: str, fen: int, debts: list[Emergency]) -> None:
    """Another order on top of open debts takes effect; executives are alarmed, the records director clears up."""
    numbers = [debt.number for debt in debts]
    ceo = ctx.org.holder(Post.CEO)
    first = [] if ceo is None else [ceo.userid]
    ladder = [userid for userid in dict.fromkeys((*first, *executives(ctx.org))) if userid != ctx.person.userid]
    if ladder:
        start_alarm(ctx, ladder, texts.alarm_for_executives(number, ctx.person.name, fen, numbers), "")
    director = ctx.org.holder(Post.RECORDS_DIRECTOR)
    if director is not None:
        numbers.append(number)
        task, _ = open_task(
            ctx,
            TaskOrder(
                kind=BACKLOG_KIND, title=texts.backlog_title(ctx.person.name, len(numbers)), owner=director.userid,
                assigner=(ceo or director).userid, due_at=None, parent=number, source="", must_accept=False,
                checked=False, fields={"orders": numbers}, author=ceo or director,
            ),
        )
        ctx.post.text(
            director.userid, texts.backlog_task(task.number, ctx.person.name, numbers), key=f"backlog:{number}",
            number=task.number, lane=Lane.URGENT,
        )
    ctx.audit("emergency.alarmed", number, executives=list(executives(ctx.org)))


@topic.branch("撤回", Noun.EMERGENCY, controls=("4.1b",))
def withdraw(line: CommandLine, ctx: Ctx) -> Answer:
    """What has taken effect is not withdrawn; what happened is said in the ratification."""
    item = visible_item(ctx, number_in(line))
    return unknown(line, number_in(line)) if item is None else Say(texts.no_undo(item.number))


# --- 补办 --------------------------------------------------------------------------------------------


@topic.command(
    "补办", group=GROUP_URGENT, usage=texts.USAGE_RATIFY, examples=texts.EXAMPLES_RATIFY, controls=("4.1b",)
)
def ratify(line: CommandLine, ctx: Ctx) -> Answer:
    """File the approval of what an order has done, along the purchase chain, the true times kept apart."""
    number = number_in(line)
    item = visible_item(ctx, number)
    if item is None:
        return unknown(line, number)
    order = emergencies.lock_emergency(ctx.unit, number)
    if order is None:
        return Say(texts.not_an_order(number))
    if ctx.person.userid not in (order.orderer, item.responsible, *order.team):
        return Say(texts.not_yours(number, ctx.name(order.orderer)))
    refused = _cannot_ratify(ctx, order)
    if refused is not None:
        return Say(refused)
    typed_sum = next((line.pairs[key] for key in texts.SUM_KEYS if line.pairs.get(key)), "")
    spent, after_sum = _sum(typed_sum) if typed_sum else (order.fen, "")
    if spent is None:
        return Say(texts.bad_amount(typed_sum, line.word))
    executed = _executed(line, ctx)
    if isinstance(executed, str):
        return Say(executed)
    executed_at, after_time = executed
    note = " ".join(part for part in (_note(line), after_sum, after_time) if part)
    if len(note) > NOTE_MOST:
        return Say(texts.too_long(texts.NOTE, NOTE_MOST))
    return _file_ratification(ctx, order, spent, executed_at, note, line.text)


def _cannot_ratify(ctx: Ctx, order: Emergency) -> str | None:
    if order.state is not EmergencyState.OPEN:
        assert order.settled_at is not None
        return texts.settled(order.number, order.state is EmergencyState.RATIFIED, order.settled_at)
    running = approvals.load_approval(ctx.unit, order.ratification) if order.ratification else None
    if running is not None and running.state is ItemState.PENDING:
        return texts.running(order.number, order.ratification, "、".join(names_asked(ctx, running)))
    if running is not None and running.state is ItemState.RETURNED:
        return texts.waits_for_more(order.number, order.ratification)
    return None


def _executed(line: CommandLine, ctx: Ctx) -> tuple[datetime | None, str] | str:
    """Return when it was executed as its people say (None when they do not) and the words behind it."""
    typed = next((line.pairs[key] for key in texts.DONE_KEYS if line.pairs.get(key)), "")
    if not typed:
        return None, ""
    for value, rest in _leading(typed):
        read = read_moment(value, ctx.now, ctx.calendar, nearest=True)
        if isinstance(read, Moment) and read.time is not None and read.instant(ctx.calendar) <= ctx.now:
            return read.instant(ctx.calendar), rest
    return texts.not_done_yet(typed)


def _note(line: CommandLine) -> str:
    return next((line.pairs[key] for key in (texts.NOTE, *texts.REASON_KEYS) if line.pairs.get(key)), "") or " ".join(
        line.tokens[1:]
    )


def _file_ratification(
    ctx: Ctx, order: Emergency, spent: int, executed_at: datetime | None, note: str, typed: str
) -> Answer:
    revision = items.load_revision(ctx.unit, order.number, 1)
    assert revision is not None
    reason = str(revision.fields["reason"])
    fields: dict[str, object] = {
        "reason": f"{reason}\n{note}" if note else reason, "fen": spent, "order": order.number,
        "done": texts.already_done(order.effective_at, executed_at),
        "team": "、".join(ctx.name(userid) for userid in order.team),
    }
    if spent > order.fen:
        fields["over"] = texts.over_cap_row(order.fen)
    filed = file_approval(
        ctx, RATIFICATION, texts.ratification_title(reason), spent, fields, typed, parent=order.number
    )
    if isinstance(filed, Refusal):
        return Say(texts.no_way_yet(order.number, refusal_text(filed, ctx, "", None)))
    after = order.next(
        ratification=filed.item.number, filed_at=order.filed_at or ctx.now, executed_at=executed_at, spent=spent
    )
    emergencies.save_emergency(ctx.unit, after)
    ctx.audit(
        "emergency.filed", order.number, ratification=filed.item.number, spent=spent,
        executed_at=executed_at.isoformat() if executed_at is not None else "",
        effective_at=order.effective_at.isoformat(), late=int(max(0.0, (ctx.now - order.due_at).total_seconds())),
    )
    late = ctx.now - order.due_at if ctx.now > order.due_at else None
    return Say(
        texts.filed(
            order.number, filed.item.number, spent, order.fen, order.effective_at, executed_at,
            order_of(ctx, filed.approval), "、".join(names_asked(ctx, filed.approval)), late,
        )
    )


def ratification_ended(case: Case) -> None:
    """An approval made up afterwards has passed, failed or come back: the order's debt follows."""
    ctx, number = case.ctx, str(case.matter.fields.get("order", ""))
    order = emergencies.lock_emergency(ctx.unit, number)
    if order is None or order.state is not EmergencyState.OPEN:
        return
    if case.after.state is ItemState.APPROVED:
        emergencies.save_emergency(
            ctx.unit, order.next(state=EmergencyState.RATIFIED, settled_at=ctx.now, ratification=case.number)
        )
        _close(ctx, number, ItemState.APPROVED)
        ctx.audit("emergency.ratified", number, ratification=case.number)
        if ctx.org.person(order.orderer) is not None:
            case.tell(order.orderer, texts.ratified_told(number, case.number), "ratified")
    elif case.after.state is ItemState.REJECTED:
        emergencies.save_emergency(
            ctx.unit, order.next(state=EmergencyState.REFUSED, settled_at=ctx.now, ratification=case.number)
        )
        _close(ctx, number, ItemState.REJECTED)
        ctx.audit("emergency.refused", number, ratification=case.number)
        _open_rectification(case, order)


ENDINGS[RATIFICATION.id] = ratification_ended


def _close(ctx: Ctx, number: str, state: ItemState) -> None:
    items.close_open_work(ctx.unit, number)
    ctx.forget_reminders(number)
    items.change_item(ctx.unit, number, ctx.now, state=state)


# --- a refused one --------------------------------------------------------------------------------------------


def _open_rectification(case: Case, order: Emergency) -> None:
    ctx = case.ctx
    owner = ctx.org.person(order.orderer) or ctx.org.superior_of(order.orderer)
    director = ctx.org.holder(Post.RECORDS_DIRECTOR)
    responsible = owner or director
    if responsible is None:
        return
    due_at = ctx.later(days=_RECTIFY_DAYS)
    item, digest = ctx.file_item(
        Noun.RECTIFICATION, kind=RECTIFY_KIND, title=texts.rectification_title(order.number),
        fields={"order": order.number, "ratification": case.number, "fen": order.spent or order.fen}, original="",
        responsible=responsible.userid, state=ItemState.OPEN, parent=order.number, author=responsible,
    )
    items.add_open_work(
        ctx.unit, responsible.userid, item.number, RECTIFY, item.title, ctx.now, fen=order.spent or order.fen,
        due_at=due_at,
    )
    ctx.audit("rectification.opened", item.number, digest=digest, order=order.number, owner=responsible.userid)
    case.tell(
        responsible.userid, texts.refused_told(order.number, case.number, item.number, due_at), "refused_order"
    )
    if director is not None and director.userid != responsible.userid:
        words = texts.rectification_told(item.number, order.number, ctx.name(order.orderer), order.spent or order.fen)
        case.tell(director.userid, words, "rectification")


@topic.branch("完成", Noun.RECTIFICATION, controls=("4.1b",))
def rectified(line: CommandLine, ctx: Ctx) -> Answer:
    """The owner closes a rectification and says how; the records director is told."""
    number = number_in(line)
    item = visible_item(ctx, number)
    if item is None or item.kind != RECTIFY_KIND:
        return unknown(line, number)
    if item.responsible != ctx.person.userid:
        return Say(texts.rectify_not_owner(number, ctx.name(item.responsible)))
    if item.state is not ItemState.OPEN:
        return Say(texts.rectify_closed(number))
    note = words_after_number(line)
    if not note:
        return Say(texts.rectify_note_missing(number))
    if len(note) > NOTE_MOST:
        return Say(texts.too_long(texts.NOTE, NOTE_MOST))
    revision = items.load_revision(ctx.unit, number, item.revision)
    assert revision is not None
    items.add_revision(
        ctx.unit, number, item.revision + 1, ctx.person.userid, {**revision.fields, "note": note}, line.text,
        ctx.new_token(), "", ctx.now,
    )
    items.change_item(ctx.unit, number, ctx.now, state=ItemState.DONE, revision=item.revision + 1)
    items.close_open_work(ctx.unit, number)
    director = ctx.org.holder(Post.RECORDS_DIRECTOR)
    if director is not None and director.userid != ctx.person.userid:
        ctx.post.text(
            director.userid, texts.rectified_told(number, ctx.person.name, note), key=f"rectified:{number}",
            number=number,
        )
    ctx.audit("rectification.done", number)
    return Say(texts.rectified(number))


# --- time --------------------------------------------------------------------------------------------


@topic.due(REMIND, lateness=Lateness.LATEST, controls=("4.1b",))
def remind(due: Due, ctx: Ctx) -> None:
    """A day before: remind who owes the ratification, at any hour."""
    order, item = emergencies.lock_emergency(ctx.unit, due.subject), items.load_item(ctx.unit, due.subject)
    if order is None or item is None or order.state is not EmergencyState.OPEN or ctx.now >= order.due_at:
        return
    ctx.post.text(
        item.responsible, texts.reminder(order.number, order.due_at, order.ratification),
        key=f"ratify:{order.number}:remind", number=order.number, lane=Lane.URGENT,
    )


@topic.due(OVERDUE, lateness=Lateness.LATEST, controls=("4.1b", "2.1a"))
def climb(due: Due, ctx: Ctx) -> None:
    """Not ratified in time: one superior more is told at each firing, up to the top; the debt stays in the lists."""
    order, item = emergencies.lock_emergency(ctx.unit, due.subject), items.load_item(ctx.unit, due.subject)
    if order is None or item is None or order.state is not EmergencyState.OPEN:
        return
    superior = next_above(ctx.org, order.orderer, order.climbed)
    if order.climbed == 0:
        ctx.post.text(
            item.responsible,
            texts.overdue(order.number, order.due_at, superior.name if superior is not None else ""),
            key=f"ratify:{order.number}:overdue", number=order.number, lane=Lane.URGENT,
        )
    ctx.audit(
        "emergency.overdue", order.number, step=order.climbed + 1, late=due.late_seconds,
        told=superior.userid if superior is not None else "",
    )
    if superior is None:
        return
    words = texts.overdue_for_superior(
        order.number, item.title, ctx.name(order.orderer), order.fen, order.due_at, order.ratification
    )
    ctx.post.text(
        superior.userid, words, key=f"ratify:{order.number}:{superior.userid}", number=order.number
    )
    after = order.next(climbed=order.climbed + 1)
    emergencies.save_emergency(ctx.unit, after)
    ctx.audit("emergency.climbed", order.number, step=after.climbed)
    if next_above(ctx.org, order.orderer, after.climbed) is not None:
        ctx.remind(
            OVERDUE, order.number, due.generation + 1, ctx.later(hours=ctx.parameters.ratify_escalate_hours)
        )


# --- 待办 --------------------------------------------------------------------------------------------


@topic.waiting(RATIFY, texts.WAITS_RATIFY)
def open_ratify(work: OpenWork, ctx: Ctx) -> Answer:
    """Say how a debt is filed."""
    return Say(f"{row(work, ctx)}\n{texts.hint_ratify(work.number)}")


@topic.waiting(RECTIFY, texts.WAITS_RECTIFY)
def open_rectify(work: OpenWork, ctx: Ctx) -> Answer:
    """Say how a rectification is closed."""
    return Say(f"{row(work, ctx)}\n{texts.hint_rectify(work.number)}")


