"""
The cards of an approval: the question a signer gets, and the faces it takes when the question is settled (3.1a).

Sources: contract, Cards; template_card button_interaction [doc 90236].
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.actions import CardAction
from handlers.context import Ctx
from notifications.cards import (
    Button,
    ButtonInteraction,
    ButtonSelection,
    MainTitle,
    Option,
    Pair,
    Source,
    TemplateCard,
)
from notifications.texts import purchases as texts
from notifications.texts.sums import figures, in_capitals
from notifications.texts.words import chapters, shortened
from policy.approvals import Approval, Decision
from policy.terms import CardState, ItemState, Lane, Verb
from storage.queries import items
from storage.queries.cards import SentCard
from storage.queries.items import Item

PURPOSE = "decide"
QUESTION_KEY = "reason"
_REASON_CHARACTERS = 150  # of the 160 a sub title may have
_GREY, _RED, _GREEN = 0, 2, 3


@dataclass(frozen=True)
class Approve(CardAction, key="approval.approve.1"):
    """同意 on a card of one round, step and revision."""

    number: str
    round: int
    step: int
    revision: int


@dataclass(frozen=True)
class Return(CardAction, key="approval.return.1"):
    """退回补充."""

    number: str
    round: int
    step: int
    revision: int


@dataclass(frozen=True)
class Reject(CardAction, key="approval.reject.1"):
    """驳回."""

    number: str
    round: int
    step: int
    revision: int


def send_question(
    ctx: Ctx, item: Item, approval: Approval, reason: str, digest: str, *, times: int = 0,
    urgent: bool = False, key: str = "",
) -> datetime:
    """
    Send the open step's signer the card with 同意, 退回补充, 驳回; return when it may leave.

    Args:
        times: 0 for the first card of a step, n for its n-th reminder.
        urgent: at once, quiet hours or not.
        key: names this sending when it is neither the first nor a reminder.
    """
    step = approval.open_step
    assert step is not None
    at = approval.position
    place = (item.number, approval.round, at, approval.revision)
    names = [ctx.name(each.signer) for each in approval.steps]
    attached = len(items.attachments_of(ctx.unit, item.number)) if times or at or approval.round > 1 else 0
    fen = approval.fen or 0
    card = ButtonInteraction(
        task_id=ctx.new_token(),
        source=Source(
            texts.card_source(ctx.frank.rehearsal, bool(approval.facts.get("urgent")), times > 0),
            _RED if approval.facts.get("urgent") else _GREY,
        ),
        main_title=MainTitle(
            shortened(item.title, 36),
            shortened(texts.card_desc(ctx.name(item.author), _department(ctx, item), item.created_at), 44),
        ),
        horizontal=(
            Pair(texts.ROW_NUMBER, item.number),
            Pair(texts.ROW_SUM, figures(fen)),
            Pair(texts.ROW_CAPITALS, shortened(in_capitals(fen), 30)),
            Pair(texts.ROW_ORDER, shortened(texts.order_for(names, at), 30)),
            Pair(texts.ROW_BASIS, chapters("3.1a", "4.1a")),
            Pair(texts.ROW_ATTACHED, texts.attached_count(attached)),
        ),
        sub_title=texts.card_reason(reason, item.number, digest, _REASON_CHARACTERS),
        selection=ButtonSelection(
            QUESTION_KEY,
            texts.REASON_TITLE,
            tuple(Option(key, text) for key, text in texts.REASONS),
            texts.REASONS[0][0],
        ),
        buttons=(
            Button(texts.BUTTON_APPROVE, Approve(*place).pack(), style=1),
            Button(texts.BUTTON_RETURN, Return(*place).pack(), style=2),
            Button(texts.BUTTON_REJECT, Reject(*place).pack(), style=3),
        ),
    )
    return ctx.post.card(
        step.signer, card, number=item.number,
        key=key or f"ask:{item.number}:{approval.round}:{approval.version}:{times}",
        purpose=PURPOSE, round_=approval.round, step=at, lane=Lane.URGENT if urgent else Lane.DEFAULT,
        summary=texts.card_summary(item.number, ctx.name(item.author), item.title),
    )


def face(
    ctx: Ctx, item: Item, approval: Approval, task_id: str, verb: Verb, name: str, at: datetime
) -> TemplateCard:
    """Return what a settled card shows: the outcome, who has it now, and a dead button."""
    step = approval.open_step
    second = texts.outcome_next(
        ctx.name(step.signer) if step is not None else None, approval.state, ctx.name(approval.applicant)
    )
    return ButtonInteraction(
        task_id=task_id,
        source=Source(
            texts.card_source_done(ctx.frank.rehearsal), _GREEN if verb is Verb.APPROVE else _GREY
        ),
        main_title=MainTitle(
            shortened(item.title, 36),
            shortened(texts.card_desc(ctx.name(item.author), _department(ctx, item), item.created_at), 44),
        ),
        horizontal=(Pair(texts.ROW_NUMBER, item.number), Pair(texts.ROW_SUM, figures(approval.fen or 0))),
        sub_title=f"{texts.outcome(verb, name, at)}\n{second}",
        buttons=(Button(texts.outcome_word(verb), "settled", style=4),),
        replace_text=texts.outcome_word(verb),
    )


def face_of_decision(ctx: Ctx, item: Item, approval: Approval, task_id: str, decision: Decision) -> TemplateCard:
    """Return the face of a card whose step was decided."""
    return face(ctx, item, approval, task_id, decision.verb, ctx.name(decision.actor), decision.at)


def face_as_it_stands(ctx: Ctx, item: Item, approval: Approval, task_id: str, card: SentCard | None) -> TemplateCard:
    """Return the face of an old card: what has happened since to the step it asked about."""
    if card is not None and card.round == approval.round and card.step < len(approval.steps):
        decision = approval.steps[card.step].decision
        if decision is not None:
            return face_of_decision(ctx, item, approval, task_id, decision)
    if approval.state is ItemState.WITHDRAWN:
        return face(ctx, item, approval, task_id, Verb.WITHDRAW, ctx.name(approval.applicant), item.updated_at)
    if card is not None and card.round != approval.round:
        return face(ctx, item, approval, task_id, Verb.AMEND, ctx.name(approval.applicant), item.updated_at)
    decision = approval.last_decision
    if decision is not None:
        return face_of_decision(ctx, item, approval, task_id, decision)
    return face(ctx, item, approval, task_id, Verb.TAKE_BACK, ctx.name(approval.applicant), item.updated_at)


def settle_step(ctx: Ctx, item: Item, approval: Approval, step: int, decision: Decision) -> None:
    """Give every live card of a decided step its outcome, on every phone that holds one."""
    ctx.post.settle_cards(
        item.number,
        CardState.SETTLED,
        lambda card: face_of_decision(ctx, item, approval, card.task_id, decision),
        lambda card: card.purpose == PURPOSE and card.step == step,
    )


def void_cards(ctx: Ctx, item: Item, approval: Approval, verb: Verb, name: str) -> None:
    """Close every live card of an approval because its question is gone."""
    ctx.post.settle_cards(
        item.number,
        CardState.VOID,
        lambda card: face(ctx, item, approval, card.task_id, verb, name, ctx.now),
        lambda card: card.purpose == PURPOSE,
    )


def _department(ctx: Ctx, item: Item) -> str:
    department = ctx.org.departments.get(item.department)
    return department.name if department is not None else item.department
