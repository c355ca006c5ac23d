"""
批量: who signs many small ones ticks them on one card; each tick is a signature of its own (3.1a, 4.1a).

Nothing above the single limit is offered. Once a working day whoever has many waiting gets the card by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from handlers.actions import CardAction
from handlers.context import Ctx
from handlers.effects import APPROVAL, Case, carry_out
from handlers.explain import refusal_text
from handlers.language.command import CommandLine
from handlers.registry import Answer, Say, Show, Topic
from notifications.cards import MainTitle, Option, Source, VoteInteraction
from notifications.texts import batch as texts
from notifications.texts.general import GROUP_SIGN
from policy.approval_acts import Act
from policy.deadlines import Due
from policy.numbering import noun_of
from policy.schedules import Daily
from policy.terms import Lane, Lateness, Noun, Verb
from storage.queries import approvals, items
from storage.queries.items import OpenWork

topic = Topic("batch")

QUESTION = "ticked"
NOTHING = "none"
PURPOSE = "batch"
MOST = 19  # of the 20 options of a card; the first stands for nothing
AT = time(9, 30)


@dataclass(frozen=True)
class SignTicked(CardAction, key="approval.batch.1"):
    """同意所选 on a card of several."""

    day: str


@topic.command(
    "批量", "批量审批", "批量同意", group=GROUP_SIGN, usage=texts.USAGE, examples=texts.EXAMPLES, controls=("3.1a",)
)
def batch(line: CommandLine, ctx: Ctx) -> Answer:
    """List what may be signed together and send the card to tick it on."""
    offered, large = _small(ctx, ctx.person.userid)
    if not offered:
        return Say(texts.nothing(len(large), ctx.parameters.batch_single_most))
    _send(ctx, ctx.person.userid, offered[:MOST], key=f"batch:{ctx.event_key}", lane=Lane.URGENT)
    rows = [
        texts.row(at, work.number, work.title, work.fen, ctx.name(_applicant(ctx, work))) for at, work in
        enumerate(offered[:MOST], 1)
    ]
    more = max(0, len(offered) - MOST)
    return Say(texts.listed(rows, _sum(offered[:MOST]), more, len(large), ctx.parameters.batch_single_most))


@topic.every("approval.batch", lambda parameters: Daily(AT, working_days_only=True), lateness=Lateness.LATEST)
def each_morning(due: Due, ctx: Ctx) -> None:
    """Send whoever has many small ones waiting one card for them all."""
    sent = 0
    for person in ctx.org.active_people():
        offered, _ = _small(ctx, person.userid)
        if len(offered) < ctx.parameters.batch_from:
            continue
        _send(ctx, person.userid, offered[:MOST], key=f"batch:{due.generation}:{person.userid}", lane=Lane.DEFAULT)
        sent += 1
    if sent:
        ctx.audit("approval.batch_offered", "", people=sent)


@topic.tap(SignTicked, controls=("3.1a", "4.1a"))
def tick(tap: SignTicked, ctx: Ctx) -> Answer:
    """Sign each ticked one: a signature, a hash and an event each; what has changed since is told and not signed."""
    ticked = [option for option in ctx.selected.get(QUESTION, ()) if option.count("|") == 3]
    if not ticked:
        ctx.post.text(ctx.person.userid, texts.NOTHING_TICKED, key=f"batch:{ctx.event_key}", lane=Lane.URGENT)
        return None
    signed: list[str] = []
    refused: list[str] = []
    for option in ticked:
        number, round_, seat, revision = option.split("|")
        item = items.load_item(ctx.unit, number)
        approval = approvals.lock_approval(ctx.unit, number)
        if item is None or approval is None:
            continue
        if approval.fen is not None and approval.fen > ctx.parameters.batch_single_most:
            refused.append(texts.too_large(number, ctx.parameters.batch_single_most))
            continue
        act = Act(
            Verb.APPROVE, ctx.person.userid, round=int(round_), seat=int(seat), revision=int(revision)
        )
        done = carry_out(ctx, item, approval, act)
        if isinstance(done, Case):
            signed.append(number)
        else:
            refused.append(f"{number}：{refusal_text(done, ctx, number, approval)}")
    if refused:
        ctx.post.text(
            ctx.person.userid, texts.refused(refused), key=f"batch:{ctx.event_key}", lane=Lane.URGENT
        )
    return Show(_settled(ctx, signed, len(ticked)))


def _small(ctx: Ctx, userid: str) -> tuple[list[OpenWork], list[OpenWork]]:
    """Return what of a person's list may be signed together, and what is too large for it."""
    waiting = [
        work for work in items.open_work_of(ctx.unit, userid)
        # What somebody signs for another is signed on its own card, which says for whom.
        if work.what == APPROVAL and _in_person(ctx, work.number, userid)
    ]
    most = ctx.parameters.batch_single_most
    small = [work for work in waiting if work.fen is not None and work.fen <= most]
    return small, [work for work in waiting if work.fen is not None and work.fen > most]


def _in_person(ctx: Ctx, number: str, userid: str) -> bool:
    approval = approvals.load_approval(ctx.unit, number)
    return approval is not None and approval.seat_of(userid) is not None


def _applicant(ctx: Ctx, work: OpenWork) -> str:
    item = items.load_item(ctx.unit, work.number)
    return item.author if item is not None else ""


def _sum(offered: list[OpenWork]) -> int:
    return sum(work.fen or 0 for work in offered)


def _send(ctx: Ctx, userid: str, offered: list[OpenWork], *, key: str, lane: Lane) -> None:
    options = [Option(NOTHING, texts.FIRST)]
    for at, work in enumerate(offered, 1):
        approval = approvals.load_approval(ctx.unit, work.number)
        seat = approval.seat_of(userid) if approval is not None else None
        if approval is None or seat is None:
            continue
        place = f"{work.number}|{approval.round}|{seat.id}|{approval.revision}"
        options.append(Option(place, texts.option(at, work.title, work.fen or 0)))
    only_purchases = all(noun_of(work.number) is Noun.PURCHASE for work in offered)
    card = VoteInteraction(
        ctx.new_token(), MainTitle(texts.title(len(options) - 1, only_purchases), texts.desc(_sum(offered))),
        QUESTION, tuple(options), texts.SUBMIT, SignTicked(f"{ctx.today:%Y%m%d}").pack(), several=True,
        source=Source(texts.source(ctx.frank.rehearsal)),
    )
    ctx.post.card(
        userid, card, key=key, number="", purpose=PURPOSE, lane=lane,
        summary=texts.title(len(options) - 1, only_purchases),
    )


def _settled(ctx: Ctx, signed: list[str], ticked: int) -> VoteInteraction:
    shown = tuple(Option(number, number, checked=True) for number in signed) or (Option(NOTHING, texts.NONE_SIGNED),)
    return VoteInteraction(
        ctx.task_id, MainTitle(texts.signed(len(signed), ticked), texts.signed_desc(ctx.person.name, ctx.now)),
        QUESTION, shown, texts.DONE, "settled", several=True, disabled=True,
        source=Source(texts.source_done(ctx.frank.rehearsal)), replace_text=texts.DONE,
    )

