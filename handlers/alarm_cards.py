"""The card of an alarm: 收到 and 转交他人, and the face it takes once somebody has answered (7.1b)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.actions import CardAction
from handlers.context import Ctx
from notifications.cards import (
    Button,
    ButtonInteraction,
    ButtonSelection,
    MainTitle,
    Option,
    Pair,
    TemplateCard,
)
from notifications.texts import alarms as texts
from notifications.texts.words import shortened
from policy.alarms import Alarm, next_in_line
from policy.org import Person
from policy.terms import CardState, Lane
from storage.queries.items import Item

PURPOSE = "alarm"
QUESTION_KEY = "hand_to"
NOBODY = "none"
_HAND_MOST = 9  # of the ten a drop-down may have; the first is 请选择
_RED, _GREEN, _GREY = 2, 3, 0


@dataclass(frozen=True)
class Acknowledge(CardAction, key="alarm.acknowledge.1"):
    """收到."""

    number: str


@dataclass(frozen=True)
class HandOver(CardAction, key="alarm.hand.1"):
    """转交他人."""

    number: str


def send_alarm(ctx: Ctx, item: Item, alarm: Alarm, words: str) -> None:
    """Send the one whose turn it is the urgent card; a long text follows whole."""
    userid = alarm.holder
    others = _hand_to(ctx, alarm)
    following = next_in_line(alarm)
    pairs = [
        Pair(texts.ROW_NUMBER, item.number),
        Pair(texts.ROW_SENDER, shortened(texts.sender_row(ctx.name(alarm.sender), alarm.raised_at), 30)),
    ]
    if following is not None:
        at = ctx.now + following[1] * timedelta(minutes=ctx.parameters.alarm_step_minutes)
        pairs.append(Pair(texts.ROW_NEXT, shortened(texts.next_row(ctx.name(following[0]), at), 30)))
    buttons = [Button(texts.BUTTON_ACK, Acknowledge(item.number).pack(), style=1)]
    selection = None
    if others:
        buttons.append(Button(texts.BUTTON_HAND, HandOver(item.number).pack(), style=2))
        options = [Option(NOBODY, texts.HAND_NONE)]
        options += [Option(person.userid, shortened(person.name, 16)) for person in others]
        selection = ButtonSelection(QUESTION_KEY, texts.HAND_TITLE, tuple(options), NOBODY)
    card = ButtonInteraction(
        task_id=ctx.new_token(),
        source=ctx.frank.source(texts.SOURCE, _RED),
        main_title=MainTitle(shortened(words.replace("\n", " "), 36), ""),
        horizontal=tuple(pairs),
        sub_title=shortened(words, 160) if len(words) > 36 else "",
        selection=selection,
        buttons=tuple(buttons),
    )
    ctx.post.card(
        userid, card, key=f"alarm:{item.number}:{alarm.steps}", number=item.number, purpose=PURPOSE,
        round_=alarm.round, step=alarm.steps, lane=Lane.URGENT,
        summary=texts.summary(item.number, ctx.name(alarm.sender), words),
    )
    if len(words) > 160:
        ctx.post.text(
            userid, texts.whole(item.number, words), key=f"alarm:{item.number}:{alarm.steps}:whole",
            number=item.number, lane=Lane.URGENT,
        )


def settle_alarm(ctx: Ctx, item: Item, alarm: Alarm, name: str) -> None:
    """Give every card of an alarm its outcome, on every phone that holds one."""
    ctx.post.settle_cards(
        item.number, CardState.SETTLED,
        lambda card: alarm_face(ctx, item, alarm, card.task_id, name, ctx.now),
        lambda card: card.purpose == PURPOSE,
    )


def alarm_face(ctx: Ctx, item: Item, alarm: Alarm, task_id: str, name: str, at: datetime) -> TemplateCard:
    """Return what a settled card shows."""
    word = texts.DONE_WORDS[alarm.state.value]
    return ButtonInteraction(
        task_id=task_id,
        source=ctx.frank.source(texts.SOURCE_DONE, _GREEN),
        main_title=MainTitle(shortened(item.title, 36), ""),
        horizontal=(Pair(texts.ROW_NUMBER, item.number),),
        sub_title=texts.face(alarm.state.value, name, at),
        buttons=(Button(word, "settled", style=4),),
        replace_text=word,
    )


def _hand_to(ctx: Ctx, alarm: Alarm) -> list[Person]:
    """Return whom the card offers: those who report to its holder, then the rest of the ladder."""
    found = [person for person in ctx.org.reports_of(alarm.holder) if person.userid != alarm.sender]
    for userid in alarm.ladder:
        person = ctx.org.person(userid)
        if person is not None and userid != alarm.holder and person not in found:
            found.append(person)
    return found[:_HAND_MOST]
