"""催办, 加急, 问 and 答: what moves a waiting approval without deciding it (3.1a)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from typing import Any

from handlers.approval_cards import send_question
from handlers.context import Ctx
from handlers.explain import refusal_text
from handlers.language.command import CommandLine
from handlers.registry import Answer, Say, Topic
from handlers.seen import number_in, unknown, visible_item, words_after_number
from notifications.texts import approvals as texts
from notifications.texts import purchases as purchase_texts
from notifications.texts.general import GROUP_SIGN
from policy.approvals import Act, Approval, Done, perform
from policy.deadlines import Due
from policy.decisions import Refusal
from policy.quiet import MORNING
from policy.terms import Lateness, Verb
from storage.queries import approvals, conversations, items
from storage.queries.items import Item

topic = Topic("nudging")

WORDS_MOST = 500


@topic.command("催办", "催", "催一下", group=GROUP_SIGN, usage=texts.USAGE_URGE, controls=("3.1a",))
def urge(line: CommandLine, ctx: Ctx) -> Answer:
    """Remind the signer: three times a day per item, ten per signer, then bundled into the next morning."""
    got = _act(line, ctx, Verb.URGE)
    if not isinstance(got, tuple):
        return got
    item, done = got
    step = done.approval.open_step
    assert step is not None
    signer = step.signer
    today = f"{ctx.today:%Y%m%d}"
    of_item = _count(ctx, signer, f"urged:{item.number}", today)
    if of_item >= ctx.parameters.urges_per_item:
        return Say(texts.urged_too_often(item.number, ctx.parameters.urges_per_item))
    of_signer = _count(ctx, signer, "urged", today)
    _keep_count(ctx, signer, f"urged:{item.number}", today, of_item + 1)
    _keep_count(ctx, signer, "urged", today, of_signer + 1)
    bundled = of_signer >= ctx.parameters.urges_per_signer
    when = ctx.post.text(
        signer, texts.urge_text(item.number, item.title, ctx.person.name, of_item + 1),
        key=f"urge:{item.number}:{today}:{of_item + 1}", number=item.number,
        leave_at=_next_morning(ctx) if bundled else None,
    )
    approvals.save_approval(ctx.unit, done.approval)
    ctx.audit("approval.urged", item.number, times=of_item + 1, signer=signer)
    name = ctx.name(signer)
    if bundled:
        return Say(texts.urged_bundled(name))
    told = texts.urged(name, of_item + 1, ctx.parameters.urges_per_item - of_item - 1)
    return Say(told if when <= ctx.now else f"{told}\n{texts.urged_held(name, when)}")


@topic.command("加急", group=GROUP_SIGN, usage=texts.USAGE_HASTEN, controls=("3.1a",))
def hasten(line: CommandLine, ctx: Ctx) -> Answer:
    """Send the card at once, quiet hours or not, and lift the item to the top of the list; once per item."""
    got = _act(line, ctx, Verb.HASTEN)
    if not isinstance(got, tuple):
        return got
    item, done = got
    if done.approval.facts.get("urgent"):
        return Say(texts.hastened_already(item.number))
    after = replace(done.approval, facts={**done.approval.facts, "urgent": True})
    approvals.save_approval(ctx.unit, after)
    items.mark_urgent(ctx.unit, item.number)
    _send_again(ctx, item, after, times=0, urgent=True)
    step = after.open_step
    assert step is not None
    ctx.audit("approval.hastened", item.number, signer=step.signer)
    return Say(texts.hastened(item.number, ctx.name(step.signer)))


@topic.command("问", "提问", group=GROUP_SIGN, usage=texts.USAGE_ASK, controls=("3.1a",))
def ask(line: CommandLine, ctx: Ctx) -> Answer:
    """The signer asks the applicant; the question stands on the record and the reminders pause."""
    got = _act(line, ctx, Verb.ASK)
    if not isinstance(got, tuple):
        return got
    item, done = got
    words = words_after_number(line)
    after = replace(done.approval, facts={**done.approval.facts, "question": ctx.person.userid})
    approvals.save_approval(ctx.unit, after)
    items.close_open_work(ctx.unit, item.number, "question")
    items.add_open_work(ctx.unit, after.applicant, item.number, "question", item.title, ctx.now, fen=after.fen)
    _say_on_record(ctx, item, words, line.text)
    ctx.post.text(
        after.applicant, texts.question_for_applicant(item.number, ctx.person.name, words),
        key=f"ask:{item.number}:q{after.version}", number=item.number,
    )
    ctx.audit("approval.asked", item.number, version=after.version)
    return Say(texts.asked(item.number, ctx.name(after.applicant)))


@topic.command("答", "答复", group=GROUP_SIGN, usage=texts.USAGE_ANSWER, controls=("3.1a",))
def answer(line: CommandLine, ctx: Ctx) -> Answer:
    """The applicant answers; the signer's reminders go on."""
    got = _act(line, ctx, Verb.ANSWER)
    if not isinstance(got, tuple):
        return got
    item, done = got
    asker = done.approval.facts.get("question")
    if not asker:
        return Say(texts.no_question(item.number))
    words = words_after_number(line)
    facts = {name: value for name, value in done.approval.facts.items() if name != "question"}
    after = replace(done.approval, facts=facts)
    approvals.save_approval(ctx.unit, after)
    items.close_open_work(ctx.unit, item.number, "question")
    _say_on_record(ctx, item, words, line.text)
    ctx.post.text(
        str(asker), texts.answer_for_signer(item.number, ctx.person.name, words),
        key=f"answer:{item.number}:q{after.version}", number=item.number,
    )
    ctx.audit("approval.answered", item.number, version=after.version)
    return Say(texts.answered(item.number, ctx.name(str(asker))))


@topic.due("approval.reminder", lateness=Lateness.LATEST, controls=("3.1a", "2.1a"))
def remind(due: Due, ctx: Ctx) -> None:
    """
    A card waits: send it again, then each working day at 10:00; after three the superior is told (2.1a).

    Nothing is sent while a question is open, nor for a step that has been decided since.
    """
    approval = approvals.lock_approval(ctx.unit, due.subject)
    item = items.load_item(ctx.unit, due.subject)
    step = approval.open_step if approval is not None else None
    if approval is None or item is None or step is None:
        return
    if approval.position != due.data["step"] or approval.round != due.data["round"]:
        return
    times = int(due.data["times"])
    if not approval.facts.get("question"):
        _send_again(ctx, item, approval, times=times, urgent=False)
        superior = ctx.org.superior_of(step.signer)
        if times == ctx.parameters.reminders_before_superior and superior is not None:
            ctx.post.text(
                superior.userid,
                texts.reminder_for_superior(
                    item.number, item.title, ctx.name(step.signer), step.entered_at or item.created_at, times
                ),
                key=f"superior:{item.number}:{approval.round}:{approval.position}:{step.generation}",
                number=item.number,
            )
        times += 1
    ctx.remind(
        due.kind, due.subject, due.generation + 1, _tomorrow_at_ten(ctx), step=approval.position,
        round=approval.round, times=times,
    )
    ctx.audit("approval.reminded", item.number, signer=step.signer, times=times - 1, late=due.late_seconds)


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
        return Say(purchase_texts.too_long(texts.WORDS, WORDS_MOST))
    done = perform(approval, Act(verb, ctx.person.userid, words), now=ctx.now, parameters=ctx.parameters)
    if isinstance(done, Refusal):
        if done.code == "approval.reason_missing":
            return Say(texts.words_missing(line.word, number))
        return Say(refusal_text(done, ctx, number, approval))
    return item, done


def _send_again(ctx: Ctx, item: Item, approval: Approval, *, times: int, urgent: bool) -> None:
    revision = items.load_revision(ctx.unit, item.number, item.revision)
    assert revision is not None
    send_question(ctx, item, approval, str(revision.fields["reason"]), revision.digest, times=times, urgent=urgent)


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
