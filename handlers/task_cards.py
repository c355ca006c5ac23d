"""Cards of a task: the offer to its owner, what the assigner must settle, what the assigner must check (4.2d, 4.2e)."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.actions import CardAction
from handlers.context import Ctx
from notifications.cards import Button, ButtonInteraction, MainTitle, Pair, TemplateCard
from notifications.texts import tasks as texts
from notifications.texts.words import shortened
from policy.promises import Promise
from policy.terms import PromiseState

OFFER, SETTLE, CHECK = "offer", "settle", "check"
_GREY = 0


@dataclass(frozen=True)
class Accept(CardAction, key="task.accept.1"):
    """接受."""

    number: str


@dataclass(frozen=True)
class AskOtherDate(CardAction, key="task.counter.1"):
    """改期: says how a date is asked for."""

    number: str


@dataclass(frozen=True)
class ReportHard(CardAction, key="task.hard.1"):
    """有困难: says how it is reported."""

    number: str


@dataclass(frozen=True)
class Agree(CardAction, key="task.agree.1"):
    """同意改期, of the question asked at one version."""

    number: str
    version: int


@dataclass(frozen=True)
class KeepAsIs(CardAction, key="task.keep.1"):
    """维持原定."""

    number: str
    version: int


@dataclass(frozen=True)
class GiveToOther(CardAction, key="task.give.1"):
    """改派: says how it is given to somebody else."""

    number: str


@dataclass(frozen=True)
class Drop(CardAction, key="task.drop.1"):
    """取消任务."""

    number: str
    version: int


@dataclass(frozen=True)
class ConfirmDone(CardAction, key="task.confirm.1"):
    """确认完成."""

    number: str
    version: int


@dataclass(frozen=True)
class NotDone(CardAction, key="task.return.1"):
    """退回: says how it is sent back with a reason."""

    number: str


def send_offer(ctx: Ctx, promise: Promise, source: str) -> None:
    """Offer a task to its owner: 接受 · 改期 · 有困难."""
    card = ButtonInteraction(
        task_id=ctx.new_token(), source=ctx.frank.source(texts.SOURCE_OFFER),
        main_title=MainTitle(shortened(promise.title, 36)),
        horizontal=(
            Pair(texts.ROW_NUMBER, promise.number), Pair(texts.ROW_SOURCE, shortened(source, 30)),
            Pair(texts.ROW_ASSIGNER, shortened(ctx.name(promise.assigner), 30)),
            Pair(texts.ROW_DUE, shortened(texts.due_words(promise.due_at), 30)),
        ),
        sub_title=texts.offer_words(promise.title, promise.accept_by),
        buttons=(
            Button(texts.BUTTON_ACCEPT, Accept(promise.number).pack(), style=1),
            Button(texts.BUTTON_COUNTER, AskOtherDate(promise.number).pack(), style=2),
            Button(texts.BUTTON_HARD, ReportHard(promise.number).pack(), style=2),
        ),
    )
    ctx.post.card(
        promise.owner, card, key=f"offer:{promise.number}:{promise.version}", number=promise.number, purpose=OFFER,
        round_=promise.version, summary=texts.offer_summary(promise.number, promise.title, promise.due_at),
    )


def send_question(ctx: Ctx, promise: Promise, reason: str) -> None:
    """Ask the assigner to settle another date, or a difficulty."""
    place = (promise.number, promise.version)
    countered = promise.state is PromiseState.COUNTERED
    buttons = [
        *([Button(texts.BUTTON_AGREE, Agree(*place).pack(), style=1)] if countered else []),
        Button(texts.BUTTON_KEEP, KeepAsIs(*place).pack(), style=2),
        Button(texts.BUTTON_GIVE, GiveToOther(promise.number).pack(), style=2),
        Button(texts.BUTTON_DROP, Drop(*place).pack(), style=3),
    ]
    rows = [
        Pair(texts.ROW_NUMBER, promise.number), Pair(texts.ROW_OWNER, shortened(ctx.name(promise.owner), 30)),
        Pair(texts.ROW_DUE, shortened(texts.due_words(promise.due_at), 30)),
    ]
    if promise.asked_due_at is not None:
        rows.append(Pair(texts.ROW_ASKED, shortened(texts.due_words(promise.asked_due_at), 30)))
    card = ButtonInteraction(
        task_id=ctx.new_token(), source=ctx.frank.source(texts.SOURCE_COUNTER if countered else texts.SOURCE_HARD),
        main_title=MainTitle(shortened(promise.title, 36)), horizontal=tuple(rows),
        sub_title=texts.question_words(reason), buttons=tuple(buttons),
    )
    ctx.post.card(
        promise.assigner, card, key=f"settle:{promise.number}:{promise.version}", number=promise.number,
        purpose=SETTLE, round_=promise.version,
        summary=texts.question_summary(promise.number, promise.title, ctx.name(promise.owner), countered),
    )


def send_check(ctx: Ctx, promise: Promise, note: str, attached: int) -> None:
    """Ask the assigner to confirm that a task is done, with what proves it."""
    card = ButtonInteraction(
        task_id=ctx.new_token(), source=ctx.frank.source(texts.SOURCE_CHECK),
        main_title=MainTitle(shortened(promise.title, 36)),
        horizontal=(
            Pair(texts.ROW_NUMBER, promise.number), Pair(texts.ROW_OWNER, shortened(ctx.name(promise.owner), 30)),
            Pair(texts.ROW_DUE, shortened(texts.due_words(promise.due_at), 30)),
            Pair(texts.ROW_FINISHED, texts.finished_words(promise.finished_at, promise.late_seconds)),
            Pair(texts.ROW_ATTACHED, texts.attached_count(attached)),
        ),
        sub_title=texts.check_words(note),
        buttons=(
            Button(texts.BUTTON_CONFIRM, ConfirmDone(promise.number, promise.version).pack(), style=1),
            Button(texts.BUTTON_RETURN, NotDone(promise.number).pack(), style=2),
        ),
    )
    ctx.post.card(
        promise.assigner, card, key=f"check:{promise.number}:{promise.version}", number=promise.number,
        purpose=CHECK, round_=promise.version,
        summary=texts.check_summary(promise.number, promise.title, ctx.name(promise.owner)),
    )


def face(ctx: Ctx, promise: Promise, task_id: str, outcome: str) -> TemplateCard:
    """Return what a settled card of a task shows: the outcome, where the task stands, a dead button."""
    word = shortened(outcome.split(" · ")[0], 10)
    return ButtonInteraction(
        task_id=task_id, source=ctx.frank.source(texts.SOURCE_DONE, _GREY),
        main_title=MainTitle(shortened(promise.title, 36)),
        horizontal=(
            Pair(texts.ROW_NUMBER, promise.number), Pair(texts.ROW_DUE, shortened(texts.due_words(promise.due_at), 30)),
        ),
        sub_title=f"{outcome}\n{texts.stands(promise.state, ctx.name(promise.owner), ctx.name(promise.assigner))}",
        buttons=(Button(word, "settled", style=4),), replace_text=word,
    )
