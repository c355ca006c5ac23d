"""
周一早上: each manager's digest at 09:00 of the week's first working day (4.2a), the records department's of all (1.1a).

A rhythm sets one deadline per manager and week; each of them is an event of its own, so a company of any size is told
in small transactions, once per manager and week whatever restarts, and a missed one comes on return, marked late.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from handlers.context import Ctx
from handlers.digest_view import DigestView
from handlers.registry import DigestPlace, Topic
from handlers.todo import LIST_MOST, remember_list
from notifications.texts import digest as texts
from notifications.texts.digest import DigestContent
from notifications.texts.records import WAITS
from notifications.throttle import DIGEST_PREFIX
from policy.deadlines import Due
from policy.digest import Week, gets_digest, sharpest_drop, spread, watched_by
from policy.numbering import noun_of
from policy.org import Person
from policy.parameters import Parameters
from policy.permissions import scope_of
from policy.quiet import may_leave_at
from policy.schedules import Weekly
from policy.terms import Lane, Lateness, Noun
from storage.moments import from_ms, to_ms
from storage.queries import digest as counted
from storage.queries import items
from storage.queries.items import OpenWork

topic = Topic("digest")

_MONDAY = 0
_AT_ONCE = 5  # digests a second, as the throttle lets them go in a crowded minute
_TRIES = 8  # generations kept for one week's digest of one manager
_WEEKS_COUNTED = 5
_MOST_DEPARTMENTS = 8
_LATE = timedelta(minutes=5)


def _rhythm(parameters: Parameters) -> Weekly:
    return Weekly(_MONDAY, time.fromisoformat(parameters.digest_at))


@topic.every("digest.week", _rhythm, lateness=Lateness.LATEST, controls=("4.2a", "1.1a"))
def begin_week(due: Due, ctx: Ctx) -> None:
    """Set a deadline for each manager's digest, a few a second; at night they wait for the morning."""
    managers = [person for person in ctx.org.active_people() if gets_digest(ctx.org, person)]
    first = may_leave_at(ctx.now, ctx.calendar)
    for person, seconds in zip(managers, spread(len(managers), ctx.parameters.digest_within, _AT_ONCE), strict=True):
        ctx.remind(
            "digest.one", person.userid, due.generation * _TRIES, first + timedelta(seconds=seconds),
            week=due.generation, due=to_ms(due.due_at),
        )
    ctx.audit("digest.week", "", week=due.generation, managers=len(managers), late=due.late_seconds)


@topic.due("digest.one", lateness=Lateness.LATEST, controls=("4.2a", "1.1a"))
def send_digest(due: Due, ctx: Ctx) -> None:
    """Tell one manager how the week begins, as it stands now."""
    manager = ctx.org.person(due.subject)
    if manager is None or not gets_digest(ctx.org, manager):
        return
    morning = may_leave_at(ctx.now, ctx.calendar)
    if morning > ctx.now:
        # Fired late, at night: what it would say now is not what is true in the morning.
        ctx.remind(due.kind, due.subject, due.generation + 1, morning, **due.data)
        return
    ordinal = int(due.data["week"])
    week = Week.of(date.fromordinal(ordinal), ctx.calendar)
    view = DigestView(manager, _watched(ctx, manager), week)
    waiting = items.open_work_of(ctx.unit, manager.userid)
    content = _content(ctx, view, waiting, from_ms(due.data["due"]))
    remember_list(ctx, manager.userid, waiting[:LIST_MOST])
    ctx.post.text(
        manager.userid, texts.digest(content), key=f"{DIGEST_PREFIX}{ordinal}:{manager.userid}", lane=Lane.BULK,
        leave_at=ctx.now,
    )
    ctx.audit(
        "digest.sent", "", userid=manager.userid, week=ordinal, waiting=content.waiting, overdue=content.overdue,
        due=content.due, late=int(content.late.total_seconds()),
    )


def _watched(ctx: Ctx, manager: Person) -> frozenset[str] | None:
    return None if scope_of(ctx.org, manager).everything else watched_by(ctx.org, manager)


def _content(ctx: Ctx, view: DigestView, waiting: Sequence[OpenWork], was_due: datetime) -> DigestContent:
    due = counted.work_due(ctx.unit, view.watched, view.week.ends)
    overdue = [work for work in due if work.due_at is not None and work.due_at < ctx.now]
    ahead = [work for work in due if work not in overdue]
    numbered = {(work.number, work.what) for work in waiting[:LIST_MOST]}
    others = [work for work in overdue if (work.number, work.what) not in numbered]
    later = [work for work in ahead if (work.number, work.what) not in numbered]
    late = ctx.now - was_due
    return DigestContent(
        name=view.manager.name, today=ctx.today, waiting=len(waiting), overdue=len(overdue), due=len(ahead),
        waiting_lines=[_waiting_line(ctx, work) for work in waiting],
        overdue_lines=[texts.overdue_line(*_named(ctx, work)) for work in others],
        due_lines=[texts.due_line(*_named(ctx, work)) for work in later],
        other_lines=_own_lines(ctx, view, DigestPlace.WAITING), problems=_problems(ctx, view), hint=_hint(ctx, view),
        notes=_own_lines(ctx, view, DigestPlace.NOTE),
        departments=_departments(ctx) if view.watched is None else (), meeting=_meeting(ctx),
        was_due=was_due if late > _LATE else None, late=late if late > _LATE else timedelta(0),
    )


def _waiting_line(ctx: Ctx, work: OpenWork) -> str:
    route = ctx.registry.waits.get(work.what)
    return texts.waiting_line(
        route.words if route is not None else WAITS, noun_of(work.number) or Noun.RECORD, work.number, work.title,
        work.since, work.fen, work.urgent, work.due_at,
    )


def _named(ctx: Ctx, work: OpenWork) -> tuple[Noun, str, str, str, datetime]:
    assert work.due_at is not None
    noun = noun_of(work.number) or Noun.RECORD
    return noun, work.number, work.title, ctx.name(work.userid), work.due_at


def _problems(ctx: Ctx, view: DigestView) -> list[str]:
    left = counted.left_open(ctx.unit, view.watched, view.week.last_begins, view.week.begins)
    return [*(texts.left_open(noun, count) for noun, count in left), *_own_lines(ctx, view, DigestPlace.PROBLEM)]


def _hint(ctx: Ctx, view: DigestView) -> str:
    own = _own_lines(ctx, view, DigestPlace.HINT)
    if own:
        return own[0]
    filed = counted.filed_by_region(ctx.unit, view.watched, view.week.begins, _WEEKS_COUNTED)
    drop = sharpest_drop(filed, ctx.parameters.filing_drop, ctx.parameters.filing_least)
    return texts.filing_drop(drop.region, drop.percent) if drop is not None else ""


def _departments(ctx: Ctx) -> list[str]:
    standing = counted.standing_by_department(ctx.unit, ctx.now)
    named = []
    for row in standing[:_MOST_DEPARTMENTS]:
        department = ctx.org.departments.get(row.department)
        named.append(texts.department(department.name if department else row.department, row.open, row.overdue))
    if len(standing) > _MOST_DEPARTMENTS:
        named.append(texts.more_departments(len(standing) - _MOST_DEPARTMENTS))
    return named


def _meeting(ctx: Ctx) -> str:
    """Return the weekly meeting's time while it is still ahead: the first working day's, as the digest's own day."""
    at = ctx.parameters.weekly_meeting_at
    monday = ctx.today - timedelta(days=ctx.today.weekday())
    first = ctx.calendar.next_working_day(monday, inclusive=True)
    ahead = ctx.now < ctx.calendar.at(ctx.today, time.fromisoformat(at))
    return at if ahead and ctx.today == first else ""


def _own_lines(ctx: Ctx, view: DigestView, place: DigestPlace) -> list[str]:
    return [said for said in (line(view, ctx) for line in ctx.registry.digest_lines(place)) if said]
