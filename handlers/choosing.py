"""Two people of one name: a card asks which, and the command goes on with the one that was tapped (contract, Chat)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from handlers.actions import CardAction
from handlers.context import Ctx
from handlers.language.command import CommandLine, NotACommand
from handlers.registry import Answer, Say, Show, Topic
from notifications.cards import Button, ButtonInteraction, MainTitle
from notifications.texts import meetings as texts
from notifications.texts.words import shortened
from policy.terms import CardState, Lane
from storage.queries import conversations

topic = Topic("choosing")

_PURPOSE = "which"
_PICKED = "picked"
_MOST = 6  # buttons of a card


@dataclass(frozen=True)
class PickPerson(CardAction, key="person.pick.1"):
    """One of several people of a name. `group` is how the question is found again."""

    group: str
    userid: str


def picked(ctx: Ctx, userids: Sequence[str]) -> str | None:
    """Return whom the person picked from these within the last minutes, None when nobody was."""
    kept: Any = conversations.recall(ctx.unit, ctx.person.userid, _PICKED, ctx.now)
    return None if kept is None else kept.get(_group(userids))


def ask_which(ctx: Ctx, line: CommandLine, userids: Sequence[str]) -> Answer:
    """Ask by card which of several people is meant, and keep the command until then."""
    until = ctx.later(minutes=ctx.parameters.attach_minutes)
    conversations.remember(ctx.unit, ctx.person.userid, _PURPOSE, line.text, until)
    group = _group(userids)
    card = ButtonInteraction(
        task_id=ctx.new_token(), source=ctx.frank.source(texts.CHOOSE_SOURCE),
        main_title=MainTitle(shortened(texts.choose_title(ctx.name(userids[0])), 36)),
        buttons=tuple(
            Button(_shown(ctx, userid), PickPerson(group, userid).pack(), style=1) for userid in userids[:_MOST]
        ),
    )
    ctx.post.card(
        ctx.person.userid, card, key=f"which:{ctx.event_key}:{group[:60]}", number="", purpose=_PURPOSE,
        lane=Lane.URGENT, summary=texts.CHOOSE_SENT,
    )
    return Say(texts.CHOOSE_SENT)


@topic.tap(PickPerson)
def pick(tap: PickPerson, ctx: Ctx) -> Answer:
    """Go on with the command that named somebody of a name that several have."""
    text: Any = conversations.recall(ctx.unit, ctx.person.userid, _PURPOSE, ctx.now)
    if text is None:
        return Say(texts.CHOOSE_EXPIRED)
    kept: Any = conversations.recall(ctx.unit, ctx.person.userid, _PICKED, ctx.now) or {}
    until = ctx.later(minutes=ctx.parameters.attach_minutes)
    conversations.remember(ctx.unit, ctx.person.userid, _PICKED, {**kept, tap.group: tap.userid}, until)
    conversations.end(ctx.unit, ctx.person.userid, _PURPOSE)
    line = ctx.registry.read(str(text))
    assert not isinstance(line, NotACommand)
    answer = ctx.registry.handler_of(line)(line, ctx)
    if isinstance(answer, Say):
        ctx.post.text(ctx.person.userid, answer.text, key=f"picked:{ctx.event_key}", lane=Lane.URGENT)
    ctx.post.settle_cards("", CardState.SETTLED, lambda card: None, lambda card: card.task_id == ctx.task_id)
    return Show(
        ButtonInteraction(
            task_id=ctx.task_id, source=ctx.frank.source(texts.CHOOSE_SOURCE),
            main_title=MainTitle(shortened(texts.choose_title(ctx.name(tap.userid)), 36)),
            sub_title=f"{texts.CHOSEN}：{_shown(ctx, tap.userid, 40)}",
            buttons=(Button(texts.CHOSEN, "settled", style=4),), replace_text=texts.CHOSEN,
        )
    )


def _group(userids: Sequence[str]) -> str:
    return ",".join(sorted(userids))[:200]


def _shown(ctx: Ctx, userid: str, most: int = 10) -> str:
    department = ctx.org.department_of(userid)
    return shortened(f"{department.name if department is not None else ''}{ctx.name(userid)}", most)
