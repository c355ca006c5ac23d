"""What a person says, taps or picks, to the one handler that answers it (contract, Chat)."""

from __future__ import annotations

from handlers import people
from handlers.actions import UnreadableKey, unpack
from handlers.attachments import attach
from handlers.context import Ctx
from handlers.explain import refusal_text
from handlers.help import may_use, not_understood, refuse_grade, small_talk
from handlers.language.command import NotACommand
from handlers.minutes import collect
from handlers.records import continue_asking, still_asking
from handlers.registry import Answer, Say
from notifications.texts import general as texts
from notifications.texts import records as record_texts
from policy.decisions import Refusal


def text(typed: str, ctx: Ctx) -> Answer:
    """Answer a message; whoever writes for the first time is greeted too (2.1a)."""
    greeting = people.welcome(ctx)
    if not typed.strip():
        return Say(greeting or texts.EMPTY_TEXT)
    collected = collect(typed, ctx)
    if not isinstance(collected, bool):
        return collected
    line = ctx.registry.read(typed)
    if isinstance(line, NotACommand):
        return _not_a_command(typed, line, greeting, ctx)
    route = ctx.registry.commands[line.word]
    answer = ctx.registry.handler_of(line)(line, ctx) if may_use(route, ctx) else refuse_grade(route)
    if not isinstance(answer, Say):
        return answer
    # A record is being filled in and something else was asked in between: say so, the next free words belong to it.
    asking = "" if line.word in (record_texts.WORD_RECORD, record_texts.CANCEL_WORD) else still_asking(ctx)
    first = texts.FIRST_TIME if greeting is not None else ""
    return Say("\n".join(part for part in (answer.text, asking, first) if part))


def voice(recognised: str, media_id: str, ctx: Ctx) -> Answer:
    """Take a voice message's text as if it were typed; without one it says nothing that could be kept."""
    return text(recognised, ctx) if recognised.strip() else Say(texts.VOICE_NOT_TEXT)


def media(kind: str, media_id: str, name: str, ctx: Ctx) -> Answer:
    """Attach a picture or a file to the sender's last open item."""
    people.welcome(ctx)
    return attach(kind, media_id, name, ctx)


def menu(key: str, ctx: Ctx) -> Answer:
    """Answer an entry of the app's menu."""
    people.welcome(ctx)
    handler = ctx.registry.menus.get(key)
    return Say(texts.MENU_CHANGED) if handler is None else handler(ctx)


def tap(key: str, ctx: Ctx) -> Answer:
    """Answer a button."""
    try:
        action = unpack(key)
    except UnreadableKey:
        return Say(texts.UNREADABLE_CARD)
    route = ctx.registry.taps.get(type(action))
    return Say(texts.UNREADABLE_CARD) if route is None else route.handler(action, ctx)


def entered(ctx: Ctx) -> Answer:
    """Greet on first contact, and only then: the app's chat may be opened many times a day."""
    greeting = people.welcome(ctx)
    return None if greeting is None else Say(greeting)


def refused(answer: Refusal, ctx: Ctx) -> str:
    """Return the words of a refusal that a handler gave back as a value."""
    return refusal_text(answer, ctx, "", None)


def _not_a_command(typed: str, said: NotACommand, greeting: str | None, ctx: Ctx) -> Answer:
    asked = continue_asking(typed, ctx)
    if not isinstance(asked, bool):
        return asked
    small = small_talk(typed, ctx)
    if not isinstance(small, bool):
        return small if greeting is None else Say(greeting)
    return not_understood(said, ctx) if greeting is None else Say(f"{texts.not_understood(said.text)}\n{greeting}")
