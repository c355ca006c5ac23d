"""接受, 改期, 有困难, 完成 and what the assigner answers: commands and buttons of the task engine (4.2c–e, 3.1a)."""

from __future__ import annotations

from handlers.choosing import ask_which
from handlers.context import Ctx
from handlers.language.command import CommandLine
from handlers.language.dates import Moment
from handlers.last_item import written_to
from handlers.meeting_reading import Ambiguous, read_ahead, read_one
from handlers.promises import TaskOrder, act, open_task, refusal, with_reachable_assigner
from handlers.purchase_content import Content
from handlers.registry import Answer, Say, Show, Topic
from handlers.seen import number_in, unknown, visible_item, words_after_number
from handlers.task_cards import (
    Accept,
    Agree,
    AskOtherDate,
    ConfirmDone,
    Drop,
    GiveToOther,
    KeepAsIs,
    NotDone,
    ReportHard,
    face,
)
from handlers.todo import row
from notifications.texts import purchases as purchase_texts
from notifications.texts import records as texts
from notifications.texts import tasks as task_texts
from notifications.texts.general import GROUP_MEETING
from policy.decisions import Refusal
from policy.promises import Promise
from policy.terms import DepartmentKind, Noun, PromiseState, PromiseVerb
from storage.queries import items, promises
from storage.queries.items import Item, OpenWork

topic = Topic("tasks")

KIND = "purchase_task"
NOTE_MOST = 500


def open_purchase_task(ctx: Ctx, purchase: Item, content: Content) -> Item | None:
    """Give the procurement head the task to buy; None while that seat is empty (then the applicant is told so)."""
    buyer = ctx.org.head_of_kind(DepartmentKind.PROCUREMENT)
    if buyer is None:
        return None
    author = ctx.org.people[purchase.author]
    task, _ = open_task(
        ctx,
        TaskOrder(
            kind=KIND, title=purchase_texts.task_title(content.subject), owner=buyer.userid, assigner=author.userid,
            due_at=None, parent=purchase.number, source="", must_accept=False, checked=False, author=author,
            fields={"purchase": purchase.number, "subject": content.subject, "fen": content.fen}, fen=content.fen,
        ),
    )
    department = ctx.org.departments.get(purchase.department)
    ctx.post.text(
        buyer.userid,
        purchase_texts.task_to_buy(
            task.number, purchase.number, content.subject, content.fen, author.name,
            department.name if department is not None else "",
        ),
        key=f"task:{task.number}", number=task.number,
    )
    return task


# --- the owner ------------------------------------------------------------------------------------------------------


@topic.command("接受", "接受任务", group=GROUP_MEETING, usage=task_texts.USAGE_ACCEPT, controls=("4.2d",))
def accept(line: CommandLine, ctx: Ctx) -> Answer:
    """Accept a task. Source: 4.2d."""
    got = _locked(line, ctx)
    if not isinstance(got, Promise):
        return got
    after = _accept(ctx, got)
    return Say(after) if isinstance(after, str) else Say(task_texts.accepted(got.number, after.due_at))


@topic.tap(Accept, controls=("4.2d",))
def tap_accept(tap: Accept, ctx: Ctx) -> Answer:
    """Accept a task by card."""
    promise = _of_card(tap.number, ctx)
    after = _accept(ctx, promise)
    if isinstance(after, str):
        return _as_it_stands(ctx, promise, after)
    ctx.post.text(
        ctx.person.userid, task_texts.accepted(after.number, after.due_at), key=f"accepted:{ctx.event_key}",
        number=after.number, leave_at=ctx.now,
    )
    return _show(ctx, after, PromiseVerb.ACCEPT)


def _accept(ctx: Ctx, promise: Promise) -> Promise | str:
    after = act(ctx, promise, PromiseVerb.ACCEPT)
    if isinstance(after, Refusal):
        return refusal(ctx, promise, after)
    written_to(ctx, promise.number)
    _tell(ctx, after, after.assigner, task_texts.accepted_told(after.number, after.title, ctx.person.name))
    return after


@topic.command(
    "改期", group=GROUP_MEETING, usage=task_texts.USAGE_COUNTER, examples=task_texts.EXAMPLES_COUNTER,
    controls=("4.2d",),
)
def counter(line: CommandLine, ctx: Ctx) -> Answer:
    """Ask the assigner for another date, with a reason. Source: 4.2d."""
    got = _locked(line, ctx)
    if not isinstance(got, Promise):
        return got
    words = words_after_number(line).split()
    moment, reason = None, ""
    for cut in range(len(words), 0, -1):
        read = read_ahead(" ".join(words[:cut]), ctx)
        if isinstance(read, Moment):
            moment, reason = read, " ".join(words[cut:])
            break
    if not words or (moment is not None and not reason):
        return Say(task_texts.counter_usage(got.number))
    if moment is None:
        return Say(task_texts.date_unclear(got.number, words[0]))
    if len(reason) > task_texts.REASON_MOST:
        return Say(purchase_texts.too_long(texts.FIELD_REASON, task_texts.REASON_MOST))
    asked = moment.instant(ctx.calendar)
    after = act(ctx, got, PromiseVerb.COUNTER, words=reason, typed=line.text, due_at=asked)
    if isinstance(after, Refusal):
        return Say(refusal(ctx, got, after))
    return Say(task_texts.countered(got.number, asked, ctx.name(after.assigner)))


@topic.tap(AskOtherDate, controls=("4.2d",))
def tap_counter(tap: AskOtherDate, ctx: Ctx) -> Answer:
    """Another date needs the date and a reason: say how they are sent; the card stays as it is."""
    return _usage(ctx, tap.number, task_texts.counter_usage(tap.number))


@topic.command(
    "有困难", "困难", group=GROUP_MEETING, usage=task_texts.USAGE_HARD, examples=task_texts.EXAMPLES_HARD,
    controls=("4.2d",),
)
def hard(line: CommandLine, ctx: Ctx) -> Answer:
    """Report a difficulty, which the assigner must settle. Source: 4.2d."""
    got = _locked(line, ctx)
    if not isinstance(got, Promise):
        return got
    reason = words_after_number(line)
    if not reason:
        return Say(task_texts.hard_usage(got.number))
    if len(reason) > task_texts.REASON_MOST:
        return Say(purchase_texts.too_long(texts.FIELD_REASON, task_texts.REASON_MOST))
    after = act(ctx, got, PromiseVerb.REPORT, words=reason, typed=line.text)
    if isinstance(after, Refusal):
        return Say(refusal(ctx, got, after))
    return Say(task_texts.hard(got.number, ctx.name(after.assigner)))


@topic.tap(ReportHard, controls=("4.2d",))
def tap_hard(tap: ReportHard, ctx: Ctx) -> Answer:
    """A difficulty needs words: say how they are sent; the card stays as it is."""
    return _usage(ctx, tap.number, task_texts.hard_usage(tap.number))


@topic.command(
    "完成", "办结", group=GROUP_MEETING, usage=texts.USAGE_DONE, examples=texts.EXAMPLES_DONE,
    controls=("3.1a", "4.2e"),
)
def done(line: CommandLine, ctx: Ctx) -> Answer:
    """The owner says how a task was done; who assigned it confirms, or (a purchase) is told."""
    if not line.tokens:
        return Say(texts.TASK_NUMBER)
    number = number_in(line)
    item = visible_item(ctx, number)
    if item is None:
        return unknown(line, number)
    promise = promises.lock_promise(ctx.unit, number)
    if item.noun is not Noun.TASK or promise is None:
        return Say(texts.not_a_task(number))
    if promise.owner != ctx.person.userid:
        return Say(texts.task_not_owner(number, ctx.name(promise.owner)))
    if promise.closed or promise.state is PromiseState.CHECKING:
        return Say(texts.task_not_open(number, item.state))
    note = words_after_number(line)
    if not note:
        return Say(texts.task_note_missing(number))
    if len(note) > NOTE_MOST:
        return Say(texts.task_note_long(NOTE_MOST))
    revision = items.load_revision(ctx.unit, number, item.revision)
    assert revision is not None
    items.add_revision(
        ctx.unit, number, item.revision + 1, ctx.person.userid, {**revision.fields, "note": note}, line.text,
        ctx.new_token(), "", ctx.now,
    )
    items.change_item(ctx.unit, number, ctx.now, revision=item.revision + 1)
    after = act(ctx, promise, PromiseVerb.FINISH, words=note)
    assert isinstance(after, Promise)
    if after.checked:
        written_to(ctx, number)
        return Say(task_texts.finished(number, ctx.name(after.assigner), after.late_seconds))
    if item.author != ctx.person.userid:
        ctx.post.text(
            item.author, texts.task_done_told(number, item.parent or "", ctx.person.name, note),
            key=f"done:{number}", number=number,
        )
    return Say(texts.task_done(number, ctx.name(item.author) if item.author != ctx.person.userid else ""))


# --- the assigner ---------------------------------------------------------------------------------------------------


@topic.command(
    "裁定", group=GROUP_MEETING, usage=task_texts.USAGE_SETTLE, examples=task_texts.EXAMPLES_SETTLE,
    controls=("4.2d",),
)
def settle(line: CommandLine, ctx: Ctx) -> Answer:
    """Settle another date or a difficulty by command. Source: 4.2d."""
    got = _locked(line, ctx)
    if not isinstance(got, Promise):
        return got
    word, _, reason = words_after_number(line).partition(" ")
    verb = task_texts.SETTLE_WORDS.get(word)
    if verb is None:
        return Say(task_texts.settle_usage(got.number))
    if len(reason) > task_texts.REASON_MOST:
        return Say(purchase_texts.too_long(texts.FIELD_REASON, task_texts.REASON_MOST))
    after = _settle(ctx, got, verb, reason.strip(), line.text)
    return Say(after) if isinstance(after, str) else Say(
        task_texts.settled(got.number, verb, ctx.name(after.owner), after.due_at)
    )


@topic.tap(Agree, controls=("4.2d",))
def tap_agree(tap: Agree, ctx: Ctx) -> Answer:
    """Agree to another date by card."""
    return _settled_by_card(ctx, tap.number, tap.version, PromiseVerb.AGREE)


@topic.tap(KeepAsIs, controls=("4.2d",))
def tap_keep(tap: KeepAsIs, ctx: Ctx) -> Answer:
    """Leave it as it was by card."""
    return _settled_by_card(ctx, tap.number, tap.version, PromiseVerb.KEEP)


@topic.tap(Drop, controls=("4.2d",))
def tap_drop(tap: Drop, ctx: Ctx) -> Answer:
    """Take a task back by card."""
    return _settled_by_card(ctx, tap.number, tap.version, PromiseVerb.DROP)


def _settled_by_card(ctx: Ctx, number: str, version: int, verb: PromiseVerb) -> Answer:
    promise = _of_card(number, ctx)
    if promise.version != version:
        return _as_it_stands(ctx, promise, task_texts.not_now(number, promise.state))
    after = _settle(ctx, promise, verb, "", "")
    return Say(after) if isinstance(after, str) else _show(ctx, after, verb)


def _settle(ctx: Ctx, promise: Promise, verb: PromiseVerb, reason: str, typed: str) -> Promise | str:
    after = act(ctx, promise, verb, words=reason, typed=typed)
    if isinstance(after, Refusal):
        return refusal(ctx, with_reachable_assigner(ctx, promise), after)
    words = task_texts.settled_told(after.number, after.title, verb, ctx.person.name, after.due_at, reason)
    _tell(ctx, after, after.owner, words)
    return after


@topic.command(
    "改派", group=GROUP_MEETING, usage=task_texts.USAGE_GIVE, examples=task_texts.EXAMPLES_GIVE, controls=("4.2d",)
)
def give(line: CommandLine, ctx: Ctx) -> Answer:
    """Give a task to somebody else, who has 24 hours to answer. Source: 4.2d."""
    got = _locked(line, ctx)
    if not isinstance(got, Promise):
        return got
    typed = words_after_number(line)
    if not typed:
        return Say(task_texts.give_usage(got.number))
    who = read_one(typed, task_texts.FIELD_OWNER, ctx)
    if isinstance(who, Ambiguous):
        return ask_which(ctx, line, who.userids)
    if who not in ctx.org.people:
        return Say(who)
    after = act(ctx, got, PromiseVerb.GIVE, owner=who)
    if isinstance(after, Refusal):
        return Say(refusal(ctx, with_reachable_assigner(ctx, got), after))
    words = task_texts.settled_told(after.number, after.title, PromiseVerb.GIVE, ctx.person.name, after.due_at, "")
    _tell(ctx, after, got.owner, words)
    return Say(task_texts.given(got.number, ctx.name(who)))


@topic.tap(GiveToOther, controls=("4.2d",))
def tap_give(tap: GiveToOther, ctx: Ctx) -> Answer:
    """Giving it on needs a name: say how it is sent; the card stays as it is."""
    return _usage(ctx, tap.number, task_texts.give_usage(tap.number))


@topic.command("确认完成", "验收", group=GROUP_MEETING, usage=task_texts.USAGE_CONFIRM, controls=("4.2e",))
def confirm(line: CommandLine, ctx: Ctx) -> Answer:
    """Confirm that a task is done: kept or late, to the second. Source: 4.2e."""
    got = _locked(line, ctx)
    if not isinstance(got, Promise):
        return got
    after = _confirm(ctx, got)
    return Say(after) if isinstance(after, str) else Say(
        task_texts.confirmed(got.number, ctx.name(after.owner), after.late_seconds)
    )


@topic.tap(ConfirmDone, controls=("4.2e",))
def tap_confirm(tap: ConfirmDone, ctx: Ctx) -> Answer:
    """Confirm by card."""
    promise = _of_card(tap.number, ctx)
    if promise.version != tap.version:
        return _as_it_stands(ctx, promise, task_texts.not_now(tap.number, promise.state))
    after = _confirm(ctx, promise)
    return Say(after) if isinstance(after, str) else _show(ctx, after, PromiseVerb.CONFIRM)


def _confirm(ctx: Ctx, promise: Promise) -> Promise | str:
    after = act(ctx, promise, PromiseVerb.CONFIRM)
    if isinstance(after, Refusal):
        return refusal(ctx, with_reachable_assigner(ctx, promise), after)
    _tell(
        ctx, after, after.owner,
        task_texts.confirmed_told(after.number, after.title, ctx.person.name, after.late_seconds),
    )
    return after


@topic.tap(NotDone, controls=("4.2e",))
def tap_not_done(tap: NotDone, ctx: Ctx) -> Answer:
    """Sending it back needs a reason: say how it is sent; the card stays as it is."""
    return _usage(ctx, tap.number, task_texts.return_usage(tap.number))


@topic.branch("退回", Noun.TASK, controls=("4.2e",))
def send_back(line: CommandLine, ctx: Ctx) -> Answer:
    """Send a task that is said to be done back to its owner, with a reason. Source: 4.2e."""
    got = _locked(line, ctx)
    if not isinstance(got, Promise):
        return got
    reason = words_after_number(line)
    if not reason:
        return Say(task_texts.return_usage(got.number))
    if len(reason) > task_texts.REASON_MOST:
        return Say(purchase_texts.too_long(texts.FIELD_REASON, task_texts.REASON_MOST))
    after = act(ctx, got, PromiseVerb.SEND_BACK, words=reason, typed=line.text)
    if isinstance(after, Refusal):
        return Say(refusal(ctx, with_reachable_assigner(ctx, got), after))
    _tell(ctx, after, after.owner, task_texts.returned_told(after.number, after.title, ctx.person.name, reason))
    return Say(task_texts.returned(got.number, ctx.name(after.owner)))


# --- the list -------------------------------------------------------------------------------------------------------


@topic.waiting("accept", task_texts.WAITS_ACCEPT)
def open_offer(work: OpenWork, ctx: Ctx) -> Answer:
    """Say how an offer is answered."""
    return Say(f"{row(work, ctx)}\n{task_texts.hint_accept(work.number)}")


@topic.waiting("settle", task_texts.WAITS_SETTLE)
def open_question(work: OpenWork, ctx: Ctx) -> Answer:
    """Say how another date or a difficulty is settled."""
    return Say(f"{row(work, ctx)}\n{task_texts.hint_settle(work.number)}")


@topic.waiting("check", task_texts.WAITS_CHECK)
def open_check(work: OpenWork, ctx: Ctx) -> Answer:
    """Say how a task that is said to be done is checked."""
    return Say(f"{row(work, ctx)}\n{task_texts.hint_check(work.number)}")


# --- inside ---------------------------------------------------------------------------------------------------------


def _locked(line: CommandLine, ctx: Ctx) -> Promise | Answer:
    number = number_in(line)
    item = visible_item(ctx, number)
    if item is None:
        return unknown(line, number)
    promise = promises.lock_promise(ctx.unit, number)
    return promise if promise is not None else Say(texts.not_a_task(number))


def _of_card(number: str, ctx: Ctx) -> Promise:
    promise = promises.lock_promise(ctx.unit, number)
    assert promise is not None
    return promise


def _tell(ctx: Ctx, promise: Promise, userid: str, words: str) -> None:
    if userid != ctx.person.userid and ctx.org.person(userid) is not None:
        ctx.post.text(
            userid, words, key=f"task:{promise.number}:{promise.version}:{userid}", number=promise.number
        )


def _usage(ctx: Ctx, number: str, words: str) -> Answer:
    ctx.post.text(
        ctx.person.userid, words, key=f"usage:{ctx.event_key}", number=number, leave_at=ctx.now
    )
    return None


def _show(ctx: Ctx, promise: Promise, verb: PromiseVerb) -> Answer:
    return Show(face(ctx, promise, ctx.task_id, task_texts.outcome(verb, ctx.person.name, ctx.now)))


def _as_it_stands(ctx: Ctx, promise: Promise, words: str) -> Answer:
    """Answer a tap on an old card: the words beside it, and on it what has happened since; nothing changes."""
    ctx.post.text(
        ctx.person.userid, words, key=f"late:{ctx.event_key}", number=promise.number, leave_at=ctx.now
    )
    return Show(face(ctx, promise, ctx.task_id, task_texts.STATES[promise.state]))


