"""
The cards of an approval: the question a signer gets, and the faces it takes when the question is settled (3.1a).

Sources: contract, Cards; template_card button_interaction [doc 90236].
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from handlers.actions import CardAction
from handlers.asked import asked_now, decided_by, names_asked
from handlers.context import Ctx
from handlers.matter import Matter, kind_in
from handlers.page_link import page_of
from handlers.split_hints import hint_line
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
from notifications.texts.words import chapters, in_seat, shortened
from policy.chains import Role
from policy.standing_in import Asked
from policy.steps import Approval, Decision, Seat, Step, Verdict
from policy.terms import CardState, ItemState, Lane, Verb
from storage.queries import approvals, items
from storage.queries.cards import SentCard
from storage.queries.items import Item

PURPOSE = "decide"
QUESTION_KEY = "reason"
_REASON_CHARS = 150  # of the 160 a sub title may have
_ROWS = 6
_GREY, _RED, _GREEN = 0, 2, 3


_REASONS = ButtonSelection(
    QUESTION_KEY, texts.REASON_TITLE, tuple(Option(key, text) for key, text in texts.REASONS), texts.REASONS[0][0]
)
_BASIS = Pair(texts.ROW_BASIS, chapters("3.1a", "4.1a"))


@dataclass(frozen=True)
class Approve(CardAction, key="approval.approve.1"):
    """同意 on a card of one round, seat and revision."""

    number: str
    round: int
    seat: int
    revision: int


@dataclass(frozen=True)
class Return(CardAction, key="approval.return.1"):
    """退回补充."""

    number: str
    round: int
    seat: int
    revision: int


@dataclass(frozen=True)
class Reject(CardAction, key="approval.reject.1"):
    """驳回."""

    number: str
    round: int
    seat: int
    revision: int


def send_question(
    ctx: Ctx, item: Item, approval: Approval, seat: Seat, matter: Matter, *, times: int = 0,
    urgent: bool = False, key: str = "", only: str = "",
) -> datetime:
    """
    Send who is asked about a seat the card with 同意, 退回补充, 驳回; return when it may leave.

    Args:
        times: 0 for the first card of a seat, n for its n-th reminder.
        urgent: at once, quiet hours or not.
        key: names this sending when it is neither the first nor a reminder.
        only: to this one of them.
    """
    leaves = [
        _send_to(ctx, asked, item, approval, seat, matter, times, urgent, key)
        for asked in asked_now(ctx, approval, seat) if only in ("", asked.userid)
    ]
    return min(leaves, default=ctx.now)


def _send_to(
    ctx: Ctx, asked: Asked, item: Item, approval: Approval, seat: Seat, matter: Matter, times: int, urgent: bool,
    key: str,
) -> datetime:
    place = (item.number, approval.round, seat.id, approval.revision)
    rows = _rows(ctx, item, approval, seat, matter, asked)
    shown = {row.name for row in rows}
    page = page_of(ctx, item.number)
    words = [f"{matter.kind.subject_word}：{matter.reason}"]
    words += [f"{label}：{value}" for label, value in matter.rows if label not in shown]
    card = ButtonInteraction(
        task_id=ctx.new_token(),
        source=Source(
            texts.card_source(
                matter.kind.name, ctx.frank.rehearsal, urgent=bool(approval.facts.get("urgent")), again=times > 0
            ),
            _RED if approval.facts.get("urgent") else _GREY,
        ),
        main_title=MainTitle(
            shortened(item.title, 36),
            shortened(texts.card_desc(ctx.name(item.author), _department(ctx, item), item.created_at), 44),
        ),
        horizontal=rows,
        sub_title=_words(ctx, item, approval, matter, "\n".join(words), on_page=page is not None),
        opens=page,
        selection=_REASONS,
        buttons=(
            Button(texts.BUTTON_APPROVE, Approve(*place).pack(), style=1),
            Button(texts.BUTTON_RETURN, Return(*place).pack(), style=2),
            Button(texts.BUTTON_REJECT, Reject(*place).pack(), style=3),
        ),
    )
    return ctx.post.card(
        asked.userid, card, number=item.number,
        key=(key or f"ask:{item.number}:{approval.round}:{approval.version}:{seat.id}:{times}") + (
            f":{asked.userid}" if asked.acting_for else ""
        ),
        purpose=PURPOSE, round_=approval.round, step=seat.id, lane=Lane.URGENT if urgent else Lane.DEFAULT,
        summary=texts.card_summary(item.number, ctx.name(item.author), item.title),
    )


def _words(ctx: Ctx, item: Item, approval: Approval, matter: Matter, words: str, *, on_page: bool) -> str:
    """Return the words below the title; a hint stands last and is never cut (4.1a)."""
    hint = hint_line(ctx, item, approval, matter)
    room = _REASON_CHARS - len(hint)
    return texts.card_reason(words, item.number, matter.digest, room, on_page=on_page) + hint


def _rows(
    ctx: Ctx, item: Item, approval: Approval, seat: Seat, matter: Matter, asked: Asked
) -> tuple[Pair, ...]:
    """Return at most six rows; where a kind has much to say, the basis and the capitals give way."""
    order = texts.order_for(
        [names_of(ctx, step, seat, asked) for step in approval.steps], approval.step_of(seat.id)
    )
    attached = items.attachments_of(ctx.unit, item.number) if approval.version > 1 else []
    mark = _file_mark(ctx, item, matter) if attached else ""
    first = [Pair(texts.ROW_NUMBER, item.number)]
    capitals: list[Pair] = []
    if approval.fen is not None:
        first.append(Pair(texts.ROW_SUM, figures(approval.fen)))
        capitals = [Pair(texts.ROW_CAPITALS, shortened(in_capitals(approval.fen), 30))]
    own = [Pair(label, shortened(value, 30)) for label, value in matter.rows]
    last = [
        Pair(texts.ROW_ORDER, shortened(order, 30)), _BASIS,
        Pair(texts.ROW_ATTACHED, texts.attached_count(len(attached), mark)),
    ]
    if len(first) + len(capitals) + len(own) + len(last) > _ROWS:
        capitals = []
    if len(first) + len(own) + len(last) > _ROWS:
        del last[1]
    return (*first, *capitals, *own[: _ROWS - len(first) - len(capitals) - len(last)], *last)


def _file_mark(ctx: Ctx, item: Item, matter: Matter) -> str:
    """Return the newest file's hash where somebody must confirm that the file agrees (3.2c), else ""."""
    if all(rule.role is not Role.RECORDS for rule in matter.kind.steps):
        return ""
    hashes = approvals.file_hashes(ctx.unit, item.number)
    return hashes[-1] if hashes else ""


def names_of(ctx: Ctx, step: Step, reader: Seat | None = None, asked: Asked | None = None) -> str:
    """Return a step's people as one word: 苏主管, 甲 或 乙, 甲、乙（2 人）; the reader as 您."""
    names = [
        _you(ctx, asked) if reader is not None and seat.id == reader.id else ctx.name(seat.signer)
        for seat in step.seats
    ]
    return texts.together(names, step.mode, step.needed)


def _you(ctx: Ctx, asked: Asked | None) -> str:
    return in_seat(texts.YOU, ctx.name(asked.acting_for) if asked is not None and asked.acting_for else "")


def face(
    ctx: Ctx, item: Item, approval: Approval, task_id: str, verb: Verb, name: str, at: datetime
) -> TemplateCard:
    """Return what a settled card shows: the outcome, who has it now, and a dead button."""
    waiting = names_asked(ctx, approval)
    word = texts.outcome_word(verb)
    second = texts.outcome_next(texts.several(waiting), approval.state, ctx.name(approval.applicant))
    # Where the outcome ended it, the second line would only say it again.
    told = [texts.outcome(verb, name, at)] + ([] if second == word else [second])
    rows = [Pair(texts.ROW_NUMBER, item.number)]
    if approval.fen is not None:
        rows.append(Pair(texts.ROW_SUM, figures(approval.fen)))
    return ButtonInteraction(
        task_id=task_id,
        source=Source(
            texts.card_source_done(kind_in(ctx, approval).name, ctx.frank.rehearsal),
            _GREEN if verb is Verb.APPROVE else _GREY,
        ),
        main_title=MainTitle(
            shortened(item.title, 36),
            shortened(texts.card_desc(ctx.name(item.author), _department(ctx, item), item.created_at), 44),
        ),
        horizontal=tuple(rows),
        sub_title="\n".join(told),
        opens=page_of(ctx, item.number),
        buttons=(Button(word, "settled", style=4),),
        replace_text=word,
    )


def face_of_decision(ctx: Ctx, item: Item, approval: Approval, task_id: str, decision: Decision) -> TemplateCard:
    """Return the face of a card whose seat was decided."""
    return face(ctx, item, approval, task_id, decision.verb, decided_by(ctx, decision), decision.at)


def face_as_it_stands(ctx: Ctx, item: Item, approval: Approval, task_id: str, card: SentCard | None) -> TemplateCard:
    """Return the face of an old card: what has happened since to the seat it asked about."""
    if card is not None and card.round == approval.round:
        seat = approval.seat(card.step)
        if seat is not None and seat.decision is not None:
            return face_of_decision(ctx, item, approval, task_id, seat.decision)
        if seat is not None and seat.signer != card.userid:
            return face(ctx, item, approval, task_id, Verb.FORWARD, ctx.name(seat.signer), item.updated_at)
        step = approval.steps[approval.step_of(card.step)] if seat is not None else None
        if step is not None and step.verdict is not Verdict.OPEN and step.last_decision is not None:
            return face_of_decision(ctx, item, approval, task_id, step.last_decision)
    if approval.state is ItemState.WITHDRAWN:
        return face(ctx, item, approval, task_id, Verb.WITHDRAW, ctx.name(approval.applicant), item.updated_at)
    if card is not None and card.round != approval.round:
        signed = [
            one for one in approvals.signatures_of(ctx.unit, item.number)
            if (one.round, one.step) == (card.round, card.step)
        ]
        if signed and (signed[-1].verb is not Verb.RETURN or signed[-1].revision == approval.revision):
            return face(ctx, item, approval, task_id, signed[-1].verb, signed[-1].actor_name, signed[-1].at)
        return face(ctx, item, approval, task_id, Verb.AMEND, ctx.name(approval.applicant), item.updated_at)
    decision = approval.last_decision
    if decision is not None:
        return face_of_decision(ctx, item, approval, task_id, decision)
    return face(ctx, item, approval, task_id, Verb.TAKE_BACK, ctx.name(approval.applicant), item.updated_at)


def settle_seats(
    ctx: Ctx, item: Item, approval: Approval, seats: Collection[int], verb: Verb, name: str, at: datetime,
    round_: int,
) -> None:
    """Give every live card of these seats the outcome, on every phone that holds one."""
    ctx.post.settle_cards(
        item.number,
        CardState.SETTLED,
        lambda card: face(ctx, item, approval, card.task_id, verb, name, at),
        lambda card: card.purpose == PURPOSE and card.round == round_ and card.step in seats,
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
