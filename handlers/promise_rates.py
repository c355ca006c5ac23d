"""履约: how many promises a person or a department kept, and what is still open (4.2e)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handlers.context import Ctx
from handlers.language.command import CommandLine
from handlers.language.people import Found, directory_of, find_person
from handlers.promise_review import row
from handlers.registry import Answer, Say, Topic
from notifications.texts import tasks as texts
from notifications.texts.general import GROUP_MEETING
from policy.permissions import scope_of
from policy.promises import Promise, Rate, rate_of
from storage.queries import promises

topic = Topic("promise_rates")

_ROWS = 5
_MONTH = re.compile(r"(?:([0-9]{4})年)?([0-9]{1,2})月|(本|上)个?月|(本|上)个?季度?|([0-9]{4})年第?([1-4一二三四])季度?")
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}


@dataclass(frozen=True)
class Period:
    """A month or a quarter of the company: [since, until), aware UTC, and its name."""

    since: datetime
    until: datetime
    name: str


def rates(ctx: Ctx, since: datetime, until: datetime) -> tuple[dict[str, Rate], dict[str, Rate]]:
    """
    Return the kept-promise rate of everyone and of every department over promises due in [since, until) (4.2e).

    Promises count for whoever owns them and for the department the owner belonged to when they were offered.
    """
    due = promises.promises_due(ctx.unit, since, until)
    people: dict[str, list[Promise]] = {}
    departments: dict[str, list[Promise]] = {}
    for promise in due:
        people.setdefault(promise.owner, []).append(promise)
        departments.setdefault(promise.department, []).append(promise)
    return (
        {userid: rate_of(listed, ctx.now) for userid, listed in people.items()},
        {department: rate_of(listed, ctx.now) for department, listed in departments.items()},
    )


@topic.command(
    "履约", "履约率", group=GROUP_MEETING, usage=texts.USAGE_RATE, examples=texts.EXAMPLES_RATE, controls=("4.2e",)
)
def show(line: CommandLine, ctx: Ctx) -> Answer:
    """Show the rate of oneself, of somebody below, or of a department, and what is open."""
    period = quarter_of(ctx, ctx.today)
    userid, department = ctx.person.userid, ""
    for token in line.tokens:
        asked = _period(ctx, token)
        if asked is not None:
            period = asked
            continue
        found = next((each for each in ctx.org.departments.values() if token in _names(each.name)), None)
        who = find_person(token, directory_of(ctx.org)) if found is None else None
        if found is not None:
            department = found.id
        elif isinstance(who, Found):
            userid = who.userid
        else:
            return Say(texts.rate_unknown(token))
    scope = scope_of(ctx.org, ctx.person)
    name = ctx.org.departments[department].name if department else ctx.name(userid)
    may = scope.everything or (department in scope.departments if department else userid in scope.authors)
    if not may and not (department and _leads_all(ctx, department)):
        ctx.access("refused", "")
        return Say(texts.rate_refused(name))
    due = [
        promise for promise in promises.promises_due(ctx.unit, period.since, period.until)
        if (promise.department == department if department else promise.owner == userid)
    ]
    rate = rate_of(due, ctx.now)
    ctx.access("rate", "")
    return Say(
        texts.rate(
            name, period.name, rate.on_time, rate.late, rate.not_done, rate.moved, rate.ahead, rate.per_mille,
            [row(ctx, promise) for promise in due if not promise.closed][:_ROWS],
        )
    )


def quarter_of(ctx: Ctx, day: date) -> Period:
    """Return the quarter that a company day lies in."""
    first = day.replace(day=1, month=(day.month - 1) // 3 * 3 + 1)
    after = _month_after(_month_after(_month_after(first)))
    return _between(ctx, first, after, f"{first.year}年第{(first.month - 1) // 3 + 1}季度")


def _period(ctx: Ctx, typed: str) -> Period | None:
    found = _MONTH.fullmatch(typed)
    if found is None:
        return None
    today = ctx.today
    if found[5]:
        quarter = _QUARTERS.get(found[6]) or int(found[6])
        return quarter_of(ctx, date(int(found[5]), quarter * 3, 1))
    if found[4]:
        this = quarter_of(ctx, today)
        return this if found[4] == "本" else quarter_of(ctx, ctx.calendar.today(this.since) - timedelta(days=1))
    if found[3]:
        first = today.replace(day=1)
        first = first if found[3] == "本" else (first - timedelta(days=1)).replace(day=1)
    else:
        month = int(found[2])
        if not 1 <= month <= 12:
            return None
        # 12月 said in November is the one to come, said in January the one just past.
        ahead = (month - today.month + 5) % 12 - 5
        year = int(found[1]) if found[1] else today.year + (today.month + ahead - month) // 12
        first = date(year, month, 1)
    return _between(ctx, first, _month_after(first), f"{first.year}年{first.month}月")


def _between(ctx: Ctx, first: date, after: date, name: str) -> Period:
    return Period(ctx.calendar.at(first, time(0)), ctx.calendar.at(after, time(0)), name)


def _month_after(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def _names(name: str) -> Sequence[str]:
    return (name, name.removesuffix("部"))


def _leads_all(ctx: Ctx, department: str) -> bool:
    """Return whether everyone of a department stands below the person (executives)."""
    below = {person.userid for person in ctx.org.everyone_below(ctx.person.userid)}
    members = [person.userid for person in ctx.org.active_people() if person.department == department]
    return bool(members) and all(member in below for member in members)
