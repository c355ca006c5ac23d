"""催办, 加急, 问 and 答: what moves a waiting approval without deciding it (3.1a)."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from handlers.approval_cards import send_question
from handlers.asked import all_asked, asked_name, asked_now, in_whose_seat, names_asked
from handlers.context import SYSTEM, Ctx
from handlers.effects import QUESTION, REMINDER, carry_out
from handlers.explain import refusal_text
from handlers.language.command import CommandLine
from handlers.matter import figures_of, matter_of
from handlers.registry import Answer, Say, Topic
from handlers.seating import real_holder
from handlers.seen import number_in, unknown, visible_item, words_after_number
from notifications.texts import approvals as texts
from notifications.texts import purchases as purchase_texts
from notifications.texts.general import GROUP_SIGN, GROUP_SUBMIT
from policy.approvals import Act, Approval, Done, perform
from policy.deadlines import Due
from policy.decisions import Refusal
from policy.quiet import MORNING
from policy.standing_in import Asked
from policy.steps import Seat
from policy.terms import Lateness, Verb
from storage.queries import approvals, conversations, items
from storage.queries.items import Item

topic = Topic("nudging")

WORDS_MOST = 500


@topic.command(
    "催办", "催", "催一下", group=GROUP_SUBMIT, usage=texts.USAGE_URGE, examples=texts.EXAMPLES_URGE,
    controls=("3.1a",),
)
def urge(line: CommandLine, ctx: Ctx) -> Answer:
    """Remind the signer: three times a day per item, ten per signer, then bundled into the next morning."""
    got = _act(line, ctx, Verb.URGE)
    if not isinstance(got, tuple):
        return got
    item, done = got
    today = f"{ctx.today:%Y%m%d}"
    asked = [asked_now(ctx, done.approval, seat)[0] for seat in done.approval.waiting]
    signers = [one.userid for one in asked]
    of_item = max(_count(ctx, signer, f"urged:{item.number}", today) for signer in signers)
    if of_item >= ctx.parameters.urges_per_item:
        return Say(texts.urged_too_often(item.number, ctx.parameters.urges_per_item))
    answers = [_urge_one(ctx, item, one, of_item + 1, today) for one in asked]
    approvals.save_approval(ctx.unit, done.approval)
    ctx.audit("approval.urged", item.number, times=of_item + 1, signer=signers[0], signers=signers)
    return Say("\n".join(answers))


def _urge_one(ctx: Ctx, item: Item, asked: Asked, times: int, today: str) -> str:
    signer = asked.userid
    of_signer = _count(ctx, signer, "urged", today)
    _keep_count(ctx, signer, f"urged:{item.number}", today, times)
    _keep_count(ctx, signer, "urged", today, of_signer + 1)
    bundled = of_signer >= ctx.parameters.urges_per_signer
    when = ctx.post.text(
        signer, texts.urge_text(item.number, item.title, ctx.person.name, times),
        key=f"urge:{item.number}:{today}:{times}:{signer}", number=item.number,
        leave_at=_next_morning(ctx) if bundled else None,
    )
    name = asked_name(ctx, asked)
    if bundled:
        return texts.urged_bundled(name)
    told = texts.urged(name, times, ctx.parameters.urges_per_item - times)
    return told if when <= ctx.now else f"{told}\n{texts.urged_held(name, when)}"


@topic.command(
    "加急", group=GROUP_SUBMIT, usage=texts.USAGE_HASTEN, examples=texts.EXAMPLES_HASTEN, controls=("3.1a",)
)
def hasten(line: CommandLine, ctx: Ctx) -> Answer:
    """Send the card at once, quiet hours or not, and lift the item to the top of the list; once per item."""
    got = _act(line, ctx, Verb.HASTEN)
    if not isinstance(got, tuple):
        return got
    item, done = got
    approvals.save_approval(ctx.unit, done.approval)
    items.mark_urgent(ctx.unit, item.number)
    ctx.post.take_back_held(item.number)
    waiting = done.approval.waiting
    for seat in waiting:
        _send_again(ctx, item, done.approval, seat, times=0, urgent=True)
    ctx.audit("approval.hastened", item.number, signer=all_asked(ctx, done.approval)[0].userid)
    return Say(texts.hastened(item.number, purchase_texts.several(names_asked(ctx, done.approval))))


@topic.command("问", "提问", group=GROUP_SIGN, usage=texts.USAGE_ASK, examples=texts.EXAMPLES_ASK, controls=("3.1a",))
def ask(line: CommandLine, ctx: Ctx) -> Answer:
    """The signer asks the applicant; the question stands on the record and the signer's reminders pause."""
    got = _act(line, ctx, Verb.ASK)
    if not isinstance(got, tuple):
        return got
    item, done = got
    words, after = words_after_number(line), done.approval
    approvals.save_approval(ctx.unit, after)
    items.close_open_work(ctx.unit, item.number, QUESTION)
    items.add_open_work(ctx.unit, after.applicant, item.number, QUESTION, item.title, ctx.now, fen=after.fen)
    _say_on_record(ctx, item, words, line.text)
    ctx.post.text(
        after.applicant, texts.question_for_applicant(item.number, ctx.person.name, words),
        key=f"ask:{item.number}:q{after.version}", number=item.number,
    )
    ctx.audit("approval.asked", item.number, version=after.version)
    return Say(texts.asked(item.number, ctx.name(after.applicant)))


@topic.command(
    "答", "答复", group=GROUP_SUBMIT, usage=texts.USAGE_ANSWER, examples=texts.EXAMPLES_ANSWER, controls=("3.1a",)
)
def answer(line: CommandLine, ctx: Ctx) -> Answer:
    """The applicant answers; the signer's reminders go on."""
    got = _act(line, ctx, Verb.ANSWER)
    if not isinstance(got, tuple):
        return got
    item, done = got
    locked = approvals.load_approval(ctx.unit, item.number)
    assert locked is not None
    askers = _askers(locked)
    words, after = words_after_number(line), done.approval
    approvals.save_approval(ctx.unit, after)
    items.close_open_work(ctx.unit, item.number, QUESTION)
    _say_on_record(ctx, item, words, line.text)
    for asker in askers:
        ctx.post.text(
            asker, texts.answer_for_signer(item.number, ctx.person.name, words),
            key=f"answer:{item.number}:q{after.version}:{asker}", number=item.number,
        )
    ctx.audit("approval.answered", item.number, version=after.version)
    return Say(texts.answered(item.number, purchase_texts.several([ctx.name(asker) for asker in askers])))


@topic.due(REMINDER, lateness=Lateness.LATEST, controls=("3.1a", "2.1a"))
def remind(due: Due, ctx: Ctx) -> None:
    """
    A card waits: send it again, then each working day at 10:00; after three the superior is told (2.1a).

    Nobody is reminded while an own question is open, nor of a step that has been decided since. Who has left
    meanwhile is replaced, which the trail keeps as the system's act; it never passes by itself.
    """
    approval = approvals.lock_approval(ctx.unit, due.subject)
    item = items.load_item(ctx.unit, due.subject)
    if approval is None or item is None or approval.round != due.data["round"]:
        return
    if all(seat.id != due.data["seat"] for seat in _step_seats(approval)):
        return
    approval, moved = _replaced(ctx, item, approval)
    times = int(due.data["times"])
    asking = _askers(approval)
    reminded = [
        seat for seat in approval.waiting if seat.signer not in asking and ctx.org.person(seat.signer) is not None
    ]
    for seat in reminded:
        if seat.id not in moved:  # who has just got it has a card of this minute
            _send_again(ctx, item, approval, seat, times=times, urgent=False)
        if times == ctx.parameters.reminders_before_superior:
            _tell_superior(ctx, item, approval, seat, times)
    times += bool(reminded)
    ctx.remind(
        due.kind, due.subject, due.generation + 1, _tomorrow_at_ten(ctx), seat=due.data["seat"],
        round=approval.round, times=times,
    )
    waiting = all_asked(ctx, approval)[0].userid
    ctx.audit("approval.reminded", item.number, signer=waiting, times=times - 1, late=due.late_seconds)


def _replaced(ctx: Ctx, item: Item, approval: Approval) -> tuple[Approval, set[int]]:
    """Give the seats of those who cannot sign to whoever can: the system's own act."""
    moved: set[int] = set()
    for seat in approval.waiting:
        holder = real_holder(ctx, approval, seat, entering=False)
        if holder.userid in ("", seat.signer):
            continue
        act = Act(Verb.REASSIGN, SYSTEM, holder.why.value, seat=seat.id, round=approval.round, to=holder.userid)
        case = carry_out(ctx, item, approval, act)
        if not isinstance(case, Refusal):
            approval = case.after
            moved.add(seat.id)
    return approval, moved


def _tell_superior(ctx: Ctx, item: Item, approval: Approval, seat: Seat, times: int) -> None:
    asked = asked_now(ctx, approval, seat)[0]
    superior = ctx.org.superior_present(asked.userid, ctx.now)
    step = approval.open_step
    if superior is None or step is None:
        return
    ctx.post.text(
        superior.userid,
        texts.reminder_for_superior(
            item.number, item.title, asked_name(ctx, asked), step.entered_at or item.created_at, times
        ),
        key=f"superior:{item.number}:{approval.round}:{seat.id}:{seat.generation}", number=item.number,
    )


# --- shared by the above --------------------------------------------------------------------------------------------


def _act(line: CommandLine, ctx: Ctx, verb: Verb) -> tuple[Item, Done] | Answer:
    number = number_in(line)
    item = visible_item(ctx, number)
    if item is None:
        return unknown(line, number)
    approval = approvals.lock_approval(ctx.unit, number)
    if approval is None:
        return Say(texts.not_an_approval(number))
    words = words_after_number(line)
    if len(words) > WORDS_MOST:
        return Say(texts.words_too_long(WORDS_MOST))
    act = in_whose_seat(ctx, approval, Act(verb, ctx.person.userid, words))
    done = perform(approval, act, now=ctx.now, parameters=figures_of(ctx, approval))
    if isinstance(done, Refusal):
        if done.code == "approval.reason_missing":
            return Say(texts.words_missing(line.word, number))
        return Say(refusal_text(done, ctx, number, approval))
    return item, done


def _step_seats(approval: Approval) -> tuple[Seat, ...]:
    step = approval.open_step
    return () if step is None else step.seats


def _askers(approval: Approval) -> list[str]:
    asking = approval.facts.get("question")
    return list(map(str, asking)) if isinstance(asking, list) else []


def _send_again(ctx: Ctx, item: Item, approval: Approval, seat: Seat, *, times: int, urgent: bool) -> None:
    send_question(ctx, item, approval, seat, matter_of(ctx, item, approval), times=times, urgent=urgent)


def _say_on_record(ctx: Ctx, item: Item, words: str, typed: str) -> None:
    """Keep question and answer as conversation on the item's record, behind the salted digest of a note."""
    items.add_note(ctx.unit, item.number, ctx.person.userid, words, typed, ctx.new_token(), ctx.now)


def _count(ctx: Ctx, userid: str, purpose: str, today: str) -> int:
    kept: Any = conversations.recall(ctx.unit, userid, purpose, ctx.now)
    return int(kept["count"]) if kept and kept["day"] == today else 0


def _keep_count(ctx: Ctx, userid: str, purpose: str, today: str, count: int) -> None:
    conversations.remember(ctx.unit, userid, purpose, {"day": today, "count": count}, ctx.later(days=1))


def _next_morning(ctx: Ctx) -> datetime:
    return ctx.calendar.at(ctx.calendar.next_working_day(ctx.today), MORNING)


def _tomorrow_at_ten(ctx: Ctx) -> datetime:
    return ctx.calendar.at(ctx.calendar.next_working_day(ctx.today), time(10, 0))
