"""Cards of a meeting: invitation, attendance, the chair's questions, and the faces they take (4.2a)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.actions import CardAction
from handlers.context import Ctx
from notifications.cards import Button, ButtonInteraction, MainTitle, Pair, TemplateCard
from notifications.texts import meetings as texts
from notifications.texts.words import shortened
from policy.meetings import Meeting
from policy.terms import CardState
from storage.queries.cards import SentCard

INVITE, HERE, KEEP = "invite", "attend", "keep"
_HEADS = {INVITE: texts.SOURCE_INVITE, HERE: texts.SOURCE_HERE, KEEP: texts.SOURCE_KEEP}
_GREY, _GREEN = 0, 3


@dataclass(frozen=True)
class Join(CardAction, key="meeting.join.1"):
    """参加."""

    number: str


@dataclass(frozen=True)
class Decline(CardAction, key="meeting.decline.1"):
    """不能参加."""

    number: str


@dataclass(frozen=True)
class SignIn(CardAction, key="meeting.here.1"):
    """我已到会."""

    number: str


@dataclass(frozen=True)
class Begin(CardAction, key="meeting.begin.1"):
    """会议开始."""

    number: str


@dataclass(frozen=True)
class End(CardAction, key="meeting.end.1"):
    """结束."""

    number: str


@dataclass(frozen=True)
class Extend(CardAction, key="meeting.extend.1"):
    """再开 30 分钟. `version` names the meeting as it was asked about: a second tap extends nothing."""

    number: str
    version: int


def send_invitation(ctx: Ctx, meeting: Meeting, userid: str, count: int) -> None:
    """Ask somebody whether they come."""
    card = ButtonInteraction(
        task_id=ctx.new_token(), source=ctx.frank.source(texts.SOURCE_INVITE),
        main_title=MainTitle(
            shortened(meeting.subject, 36), shortened(texts.when(meeting.starts_at, meeting.ends_at), 44)
        ),
        horizontal=_rows(ctx, meeting, count),
        buttons=(
            Button(texts.BUTTON_YES, Join(meeting.number).pack(), style=1),
            Button(texts.BUTTON_NO, Decline(meeting.number).pack(), style=2),
        ),
    )
    ctx.post.card(
        userid, card, key=f"invite:{meeting.number}:{meeting.version}:{userid}", number=meeting.number, purpose=INVITE,
        round_=meeting.version,
        summary=texts.card_summary(meeting.number, meeting.subject, texts.when(meeting.starts_at, meeting.ends_at)),
    )


def send_sign_in(ctx: Ctx, meeting: Meeting, userid: str) -> None:
    """Ask somebody to sign in, at once: the meeting is running."""
    _send_now(
        ctx, meeting, userid, HERE, texts.SOURCE_HERE, texts.here_title(meeting.subject),
        (Button(texts.BUTTON_HERE, SignIn(meeting.number).pack(), style=1),), "",
    )


def send_begin(ctx: Ctx, meeting: Meeting, userid: str) -> None:
    """Give the chair the button that begins the meeting, at once."""
    _send_now(
        ctx, meeting, userid, KEEP, texts.SOURCE_KEEP, shortened(meeting.subject, 36),
        (Button(texts.BUTTON_BEGIN, Begin(meeting.number).pack(), style=1),), texts.begin_hint(meeting.number),
    )


def send_ask_end(ctx: Ctx, meeting: Meeting, userid: str) -> None:
    """Ask the chair whether the meeting is over, at once."""
    minutes = ctx.parameters.overrun_minutes
    _send_now(
        ctx, meeting, userid, KEEP, texts.SOURCE_KEEP, texts.ask_title(meeting.subject),
        (
            Button(texts.BUTTON_END, End(meeting.number).pack(), style=1),
            Button(texts.button_extend(minutes), Extend(meeting.number, meeting.version).pack(), style=2),
        ),
        texts.ask_words(meeting.limit_at, minutes),
    )


def face(
    ctx: Ctx, meeting: Meeting, task_id: str, outcome: str, purpose: str, *, hint: str = "", good: bool = False
) -> TemplateCard:
    """
    Return what a settled card of a meeting shows: the outcome and a dead button.

    Args:
        purpose: INVITE | HERE | KEEP; the line above goes on saying which card it is.
        hint: how an invitation's answer is changed; with one it is answered.
    """
    return ButtonInteraction(
        task_id=task_id,
        source=ctx.frank.source(texts.SOURCE_INVITE_DONE if hint else _HEADS[purpose], _GREEN if good else _GREY),
        main_title=MainTitle(
            shortened(meeting.subject, 36), shortened(texts.when(meeting.starts_at, meeting.ends_at), 44)
        ),
        horizontal=(Pair(texts.ROW_NUMBER, meeting.number),), sub_title=f"{outcome}\n{hint}" if hint else outcome,
        buttons=(Button(shortened(outcome.split(" · ")[0], 10), "settled", style=4),),
        replace_text=shortened(outcome.split(" · ")[0], 10),
    )


def settle(
    ctx: Ctx, meeting: Meeting, outcome: str, *purposes: str, only: str = "", state: CardState, hint: str = "",
    good: bool = False,
) -> None:
    """Close live cards of a meeting (of these purposes, of one person if `only`) with an outcome."""

    def wanted(card: SentCard) -> bool:
        return card.purpose in purposes and (not only or card.userid == only)

    ctx.post.settle_cards(
        meeting.number, state,
        lambda card: face(ctx, meeting, card.task_id, outcome, card.purpose, hint=hint, good=good), wanted,
    )


def _send_now(
    ctx: Ctx, meeting: Meeting, userid: str, purpose: str, source: str, title: str, buttons: tuple[Button, ...],
    words: str,
) -> datetime:
    card = ButtonInteraction(
        task_id=ctx.new_token(), source=ctx.frank.source(source),
        main_title=MainTitle(title, shortened(texts.when(meeting.starts_at, meeting.ends_at), 44)),
        horizontal=(Pair(texts.ROW_NUMBER, meeting.number),), sub_title=words, buttons=buttons,
    )
    return ctx.post.card(
        userid, card, key=f"{purpose}:{meeting.number}:{meeting.version}:{userid}", number=meeting.number,
        purpose=purpose, round_=meeting.version, leave_at=ctx.now,
        summary=texts.card_summary(meeting.number, meeting.subject, texts.when(meeting.starts_at, meeting.ends_at)),
    )


def _rows(ctx: Ctx, meeting: Meeting, count: int) -> tuple[Pair, ...]:
    return (
        Pair(texts.ROW_NUMBER, meeting.number),
        Pair(texts.ROW_PLACE, shortened(meeting.place or texts.NOT_SAID, 30)),
        Pair(texts.ROW_CHAIR, shortened(ctx.name(meeting.chair), 30)),
        Pair(texts.ROW_RECORDER, shortened(ctx.name(meeting.recorder), 30)),
        Pair(texts.ROW_PEOPLE, texts.people_count(count)),
    )
