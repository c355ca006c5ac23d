"""What is unusual is shown first and leaves only with 确认发送; 修改 drops it (contract, Chat)."""

from __future__ import annotations

from dataclasses import replace

from handlers.context import Ctx
from handlers.language.command import CommandLine
from handlers.registry import Answer, Say, Topic
from notifications.texts import previews as texts
from notifications.texts.general import GROUP_OTHER
from notifications.texts.purchases import NOTHING_TO_CONFIRM, USAGE_CONFIRM
from storage.queries import conversations

topic = Topic("previews")

_PURPOSE = "confirm"


def show_first(ctx: Ctx, name: str, kept: object, typed: str, words: str) -> Answer:
    """
    Answer with a preview and keep what it shows until 确认发送.

    Args:
        name: the `topic.preview` that sends it.
        kept: JSON-ready; handed to that handler as it is.
        typed: what the person wrote, given back by 修改.
        words: the preview.
    """
    state = {"name": name, "kept": kept, "typed": typed}
    conversations.remember(
        ctx.unit, ctx.person.userid, _PURPOSE, state, ctx.later(minutes=ctx.parameters.attach_minutes)
    )
    return Say(words)


@topic.command("确认发送", group=GROUP_OTHER, usage=USAGE_CONFIRM)
def confirm(line: CommandLine, ctx: Ctx) -> Answer:
    """Send what was shown as a preview, once."""
    state = conversations.recall(ctx.unit, ctx.person.userid, _PURPOSE, ctx.now)
    if state is None:
        return Say(NOTHING_TO_CONFIRM)
    conversations.end(ctx.unit, ctx.person.userid, _PURPOSE)
    return ctx.registry.previews[state["name"]](state["kept"], ctx)


def drop(ctx: Ctx) -> str | None:
    """Forget the person's preview; return what they had typed, None when there was none."""
    state = conversations.recall(ctx.unit, ctx.person.userid, _PURPOSE, ctx.now)
    if state is None:
        return None
    conversations.end(ctx.unit, ctx.person.userid, _PURPOSE)
    return str(state["typed"])


@topic.command("修改", group=GROUP_OTHER, usage=texts.USAGE_CHANGE)
def change(line: CommandLine, ctx: Ctx) -> Answer:
    """Drop a preview and give back what was typed; with more behind it, it is another word for 更正."""
    if line.tokens or line.pairs:
        correct = ctx.registry.commands[texts.CORRECT_WORD]
        return correct.handler(replace(line, word=correct.word), ctx)
    typed = drop(ctx)
    return Say(NOTHING_TO_CONFIRM) if typed is None else Say(texts.dropped(typed))
