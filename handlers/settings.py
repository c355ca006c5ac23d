"""设置: what a person sets for themselves; and the evening list of what is due tomorrow, for those who asked for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time, timedelta

from handlers.context import Ctx
from handlers.language.command import CommandLine
from handlers.registry import Answer, Say, Topic
from notifications.texts import settings as texts
from notifications.texts.general import GROUP_OTHER
from policy.deadlines import Due
from policy.numbering import noun_of
from policy.parameters import Parameters
from policy.schedules import Daily
from policy.terms import Lateness, Noun
from storage.queries import items
from storage.queries.preferences import preferences_of, set_preference, who_set

topic = Topic("settings")

_LIST_MOST = 10


@dataclass(frozen=True)
class Setting:
    """Something one may set: its values, the first of them holding for who never set it, and what it does."""

    values: tuple[str, ...]
    usage: Callable[[Parameters], str]


SETTINGS: Mapping[str, Setting] = {
    texts.EVENING: Setting((texts.OFF, texts.ON), lambda parameters: texts.evening_usage(parameters.evening_list_at)),
}


@topic.command("设置", group=GROUP_OTHER, usage=texts.USAGE, examples=texts.EXAMPLES)
def settings(line: CommandLine, ctx: Ctx) -> Answer:
    """Show what is set, or set one thing; each change stands in the trail."""
    own = preferences_of(ctx.unit, ctx.person.userid)
    words = [*line.tokens, *(word for pair in line.pairs.items() for word in pair)]
    if not words:
        rows = [
            (name, own.get(name, each.values[0]), each.usage(ctx.parameters), each.values)
            for name, each in SETTINGS.items()
        ]
        return Say(texts.all_settings(rows))
    name, value = words[0], words[1] if len(words) > 1 else ""
    setting = SETTINGS.get(name)
    if setting is None:
        return Say(texts.unknown_setting(name, list(SETTINGS)))
    if value not in setting.values:
        return Say(texts.which_value(name, setting.values, value))
    if own.get(name, setting.values[0]) == value:
        return Say(texts.set_already(name, value))
    set_preference(ctx.unit, ctx.person.userid, name, value, ctx.now)
    ctx.audit("preference.set", "", name=name, value=value)
    return Say(texts.set_to(name, value, setting.usage(ctx.parameters)))


@topic.every(
    "evening.list", lambda parameters: Daily(time.fromisoformat(parameters.evening_list_at)), lateness=Lateness.SKIP
)
def tell_evening(due: Due, ctx: Ctx) -> None:
    """Tell those who asked for it what is due tomorrow, working day or not; nothing due, nothing sent."""
    tomorrow = ctx.today + timedelta(days=1)
    begins, ends = (ctx.calendar.at(tomorrow + timedelta(days=days), time(0)) for days in (0, 1))
    for userid in who_set(ctx.unit, texts.EVENING, texts.ON):
        if ctx.org.person(userid) is None:
            continue
        waiting = [
            (work, work.due_at) for work in items.open_work_of(ctx.unit, userid)
            if work.due_at is not None and begins <= work.due_at < ends
        ]
        if not waiting:
            continue
        lines = [
            texts.evening_line(noun_of(work.number) or Noun.RECORD, work.number, work.title, due_at)
            for work, due_at in waiting[:_LIST_MOST]
        ]
        # They asked for it at this hour: quiet hours and rest days do not hold it.
        ctx.post.text(
            userid, texts.evening_list(tomorrow, lines, len(waiting) - len(lines)),
            key=f"evening:{due.generation}:{userid}", leave_at=ctx.now,
        )
