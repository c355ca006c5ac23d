"""值班: the on-call rota of alarms, by kind and day, with swaps (7.1b)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.actions import CardAction
from handlers.context import Ctx
from handlers.language.command import CommandLine
from handlers.language.dates import DateProblem, read_moment
from handlers.language.people import Found, directory_of, find_person
from handlers.registry import Answer, Say, Show, Topic
from notifications.cards import Button, ButtonInteraction, MainTitle, Pair, TemplateCard
from notifications.texts import rota as texts
from notifications.texts.general import GROUP_URGENT
from notifications.texts.moments import day_with_weekday
from notifications.texts.words import shortened
from policy.terms import Grade
from storage.queries import duty

topic = Topic("rota")

_SHOWN_DAYS = 14
_PURPOSE = "swap"


@dataclass(frozen=True)
class TakeOver(CardAction, key="duty.take.1"):
    """接班. `day` is an ISO company date; `was` the userid who asks."""

    kind: str
    day: str
    was: str


@dataclass(frozen=True)
class LeaveIt(CardAction, key="duty.leave.1"):
    """不接."""

    kind: str
    day: str
    was: str


def on_call_for(ctx: Ctx, typed_kind: str, words: str) -> tuple[str, str | None]:
    """
    Return the kind of an alarm and who is on call for it today: ("", None) when the line of report is climbed.

    Args:
        typed_kind: 类别=…, or "" (then a text that begins with a kind's name is of that kind).
    """
    for kind in duty.duty_kinds(ctx.unit):
        if kind == typed_kind or (not typed_kind and words.startswith(kind)):
            userid = duty.on_duty(ctx.unit, kind, ctx.today)
            if userid is not None and ctx.org.person(userid) is not None:
                return kind, userid
    return "", None


@topic.command("值班", "值班表", group=GROUP_URGENT, usage=texts.USAGE, examples=texts.EXAMPLES, controls=("7.1b",))
def rota(line: CommandLine, ctx: Ctx) -> Answer:
    """Show the rota, name who is on call, or ask somebody to take over a day."""
    if not line.tokens:
        return _show(ctx)
    if line.tokens[0] == texts.ARRANGE and len(line.tokens) >= 4:
        return _arrange(line.tokens[1], line.tokens[2], line.tokens[3:], ctx)
    if line.tokens[0] == texts.SWAP and len(line.tokens) >= 3:
        return _ask_swap(line.tokens[1], " ".join(line.tokens[2:]), ctx)
    return Say(texts.unclear())


def _show(ctx: Ctx) -> Answer:
    duties = duty.duties_between(ctx.unit, ctx.today, ctx.today + timedelta(days=_SHOWN_DAYS - 1))
    if not duties:
        return Say(texts.EMPTY)
    rows: list[tuple[str, str]] = []
    for kind in dict.fromkeys(kind for kind, _, _ in duties):
        days = [(day, userid) for each, day, userid in duties if each == kind]
        rows.append((kind, "、".join(_stretches(ctx, days))))
    return Say(shortened(texts.table(rows, _SHOWN_DAYS), 650))


def _stretches(ctx: Ctx, days: Sequence[tuple[date, str]]) -> list[str]:
    runs: list[tuple[date, date, str]] = []
    for day, userid in days:
        if runs and runs[-1][2] == userid and runs[-1][1] + timedelta(days=1) == day:
            runs[-1] = (runs[-1][0], day, userid)
        else:
            runs.append((day, day, userid))
    return [texts.stretch(first, last, ctx.name(userid)) for first, last, userid in runs]


def _arrange(kind: str, typed: str, days: Sequence[str], ctx: Ctx) -> Answer:
    if ctx.person.grade.rank < Grade.SUPERVISOR.rank:
        return Say(texts.not_allowed())
    if len(kind) > texts.KIND_MOST or "|" in kind:
        return Say(texts.bad_kind(kind))
    who = find_person(typed, directory_of(ctx.org))
    if not isinstance(who, Found):
        return Say(texts.unknown_person(typed))
    first = _day(days[0], ctx)
    last = _day(days[1], ctx) if len(days) > 1 else first
    if isinstance(first, str) or isinstance(last, str):
        return Say(first if isinstance(first, str) else str(last))
    if last < first:
        return Say(texts.bad_day(days[1]))
    count = (last - first).days + 1
    if count > texts.DAYS_MOST:
        return Say(texts.too_many_days(texts.DAYS_MOST))
    for offset in range(count):
        duty.set_duty(
            ctx.unit, kind, first + timedelta(days=offset), who.userid, by=ctx.person.userid, now=ctx.now
        )
    if who.userid != ctx.person.userid:
        ctx.post.text(who.userid, texts.told(kind, first, last, ctx.person.name), key=f"duty:{ctx.event_key}")
    ctx.audit("duty.arranged", "", kind=kind, userid=who.userid, first=first.isoformat(), last=last.isoformat())
    return Say(texts.arranged(kind, ctx.name(who.userid), first, last, count))


def _ask_swap(typed: str, day_typed: str, ctx: Ctx) -> Answer:
    who = find_person(typed, directory_of(ctx.org))
    if not isinstance(who, Found):
        return Say(texts.unknown_person(typed))
    if who.userid == ctx.person.userid:
        return Say(texts.swap_with_self())
    day = _day(day_typed, ctx)
    if isinstance(day, str):
        return Say(day)
    mine = [kind for kind, _, userid in duty.duties_between(ctx.unit, day, day) if userid == ctx.person.userid]
    if not mine:
        return Say(texts.not_on_duty(day))
    for kind in mine:
        place = (kind, day.isoformat(), ctx.person.userid)
        card = ButtonInteraction(
            task_id=ctx.new_token(), source=ctx.frank.source(texts.SWAP_SOURCE, 0),
            main_title=MainTitle(shortened(f"{day_with_weekday(day)} {kind}", 36), texts.swap_desc(ctx.person.name)),
            horizontal=_pairs(ctx, *place),
            buttons=(
                Button(texts.BUTTON_TAKE, TakeOver(*place).pack(), style=1),
                Button(texts.BUTTON_LEAVE, LeaveIt(*place).pack(), style=2),
            ),
        )
        ctx.post.card(
            who.userid, card, key=f"swap:{ctx.event_key}:{kind}", number="", purpose=_PURPOSE,
            summary=texts.swap_desc(ctx.person.name),
        )
    ctx.audit("duty.swap_asked", "", kinds=mine, day=day.isoformat(), of=who.userid)
    return Say(texts.swap_asked(ctx.name(who.userid), day, mine))


@topic.tap(TakeOver, controls=("7.1b",))
def take_over(tap: TakeOver, ctx: Ctx) -> Answer:
    """Take over a day, as long as who asked still has it."""
    day = date.fromisoformat(tap.day)
    if not _stands(tap, ctx):
        return _gone(tap, ctx)
    duty.set_duty(ctx.unit, tap.kind, day, ctx.person.userid, by=tap.was, now=ctx.now)
    ctx.post.text(tap.was, texts.swap_taken(ctx.person.name, tap.kind, day), key=f"swapped:{ctx.event_key}")
    ctx.audit("duty.swapped", "", kind=tap.kind, day=tap.day, was=tap.was)
    return Show(_face(tap, ctx, texts.TAKEN))


@topic.tap(LeaveIt, controls=("7.1b",))
def leave_it(tap: LeaveIt, ctx: Ctx) -> Answer:
    """Leave a day with who asked."""
    if not _stands(tap, ctx):
        return _gone(tap, ctx)
    day = date.fromisoformat(tap.day)
    ctx.post.text(tap.was, texts.swap_left(ctx.person.name, tap.kind, day), key=f"swapped:{ctx.event_key}")
    ctx.audit("duty.swap_declined", "", kind=tap.kind, day=tap.day, was=tap.was)
    return Show(_face(tap, ctx, texts.LEFT))


def _stands(tap: TakeOver | LeaveIt, ctx: Ctx) -> bool:
    day = date.fromisoformat(tap.day)
    return day >= ctx.today and duty.on_duty(ctx.unit, tap.kind, day) == tap.was


def _gone(tap: TakeOver | LeaveIt, ctx: Ctx) -> Answer:
    if duty.on_duty(ctx.unit, tap.kind, date.fromisoformat(tap.day)) != ctx.person.userid:
        ctx.post.text(
            ctx.person.userid, texts.swap_gone(tap.kind, date.fromisoformat(tap.day)), key=f"gone:{ctx.event_key}"
        )
        return Show(_face(tap, ctx, texts.LEFT))
    return Show(_face(tap, ctx, texts.TAKEN))


def _face(tap: TakeOver | LeaveIt, ctx: Ctx, word: str) -> TemplateCard:
    day = day_with_weekday(date.fromisoformat(tap.day))
    return ButtonInteraction(
        task_id=ctx.task_id, source=ctx.frank.source(texts.SWAP_SOURCE, 0),
        main_title=MainTitle(shortened(f"{day} {tap.kind}", 36), texts.swap_desc(ctx.name(tap.was))),
        horizontal=_pairs(ctx, tap.kind, tap.day, tap.was), buttons=(Button(word, "settled", style=4),),
        replace_text=word,
    )


def _pairs(ctx: Ctx, kind: str, day: str, was: str) -> tuple[Pair, ...]:
    return (
        Pair(texts.ROW_KIND, kind), Pair(texts.ROW_DAY, day_with_weekday(date.fromisoformat(day))),
        Pair(texts.ROW_WAS, shortened(ctx.name(was), 30)),
    )


def _day(typed: str, ctx: Ctx) -> date | str:
    """Return the day, or the sentence that says what is wrong with it."""
    read = read_moment(typed, ctx.now, ctx.calendar)
    if isinstance(read, DateProblem):
        return texts.bad_day(typed)
    return read.date if read.date >= ctx.today else texts.past_day(read.date)
