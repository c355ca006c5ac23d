"""Meetings that exist by themselves: the weekly one, the quarter's strategy meeting with its figures, the forum."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from handlers.context import Ctx
from handlers.meeting_room import open_meeting
from handlers.promise_rates import rates
from handlers.registry import Topic
from notifications.texts import meetings as texts
from notifications.texts import tasks as task_texts
from notifications.texts.sums import figures
from policy import meetings as rules
from policy.deadlines import Due
from policy.meetings import Meeting
from policy.org import Person
from policy.promises import Rate
from policy.schedules import Daily
from policy.terms import ItemState, Lateness, Noun, Post
from storage.queries import figures as figure_queries
from storage.queries import items, meetings

topic = Topic("standing_meetings")

OPENED_AT = time(8, 35)
_AHEAD = {rules.WEEKLY: 1, rules.STRATEGY: 5, rules.FORUM: 5}  # working days before, when they are opened
_DEPARTMENTS = 10  # named in the message; all are in the kept numbers
PACK_KIND = "strategy_pack"


@topic.every(
    "meeting.plan", lambda parameters: Daily(OPENED_AT, working_days_only=True), lateness=Lateness.LATEST,
    controls=("4.2a", "4.2b", "8b"),
)
def plan(due: Due, ctx: Ctx) -> None:
    """Open the standing meetings that come near, each once per week or quarter whatever happens; send the figures."""
    for kind, ahead in _AHEAD.items():
        until = ctx.calendar.add_working_days(ctx.today, ahead)
        for day in _days(ctx.today, until):
            _open_if_missing(ctx, kind, day)
    for meeting in meetings.meetings_between(
        ctx.unit, ctx.now, ctx.calendar.at(ctx.today + timedelta(days=1), time(0))
    ):
        if meeting.kind == rules.STRATEGY and meeting.state is ItemState.PLANNED:
            prepare_pack(ctx, meeting)


def _open_if_missing(ctx: Ctx, kind: str, day: date) -> None:
    found = rules.standing_day(kind, day, ctx.calendar)
    if found is None or found[0] != day:
        return
    held, period = found
    at, minutes = {
        rules.WEEKLY: (ctx.parameters.weekly_meeting_at, ctx.parameters.weekly_minutes),
        rules.STRATEGY: (ctx.parameters.strategy_at, ctx.parameters.strategy_minutes),
        rules.FORUM: (ctx.parameters.forum_at, ctx.parameters.forum_minutes),
    }[kind]
    starts_at = ctx.calendar.at(held, time.fromisoformat(at))
    if starts_at <= ctx.now or meetings.standing_meeting(ctx.unit, kind, period) is not None:
        return
    seats = seats_for(ctx, kind)
    if seats is None:
        ctx.audit("meeting.not_possible", "", kind=kind, day=held.isoformat())
        return
    chair, recorder, people = seats
    meeting = open_meeting(
        ctx, subject=texts.STANDING_SUBJECT[kind], starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes), people=people, chair=chair, recorder=recorder,
        opener=rules.SYSTEM, kind=kind, series=kind, period=period,
        # Everyone knows the weekly meeting: its card comes on the day; until then it takes agenda items.
        invite_at=ctx.calendar.at(held, OPENED_AT) if kind == rules.WEEKLY else None,
    )
    if kind == rules.FORUM:
        ctx.audit("meeting.forum_opened", meeting.number, period=period)


def seats_for(ctx: Ctx, kind: str) -> tuple[str, str, list[str]] | None:
    """
    Return chair, recorder and everyone of a standing meeting; None while a seat that it needs is empty.

    Weekly: records director, a records specialist in turn, heads and supervisors of all departments (4.2a).
    Strategy: CEO, records director, executives (4.2b). Forum: records director, a specialist in turn, liaisons (8b).
    """
    director = ctx.org.holder(Post.RECORDS_DIRECTOR)
    if director is None:
        return None
    if kind == rules.STRATEGY:
        ceo = ctx.org.holder(Post.CEO)
        if ceo is None:
            return None
        return _seated(ceo, director, rules.executives_of(ctx.org))
    here = [person for person in rules.recorders_of(ctx.org) if ctx.org.absence_of(person.userid, ctx.now) is None]
    recorder = rules.in_turn(here, meetings.recorder_turns(ctx.unit, kind)) or director
    invited = rules.managers_of_all(ctx.org) if kind == rules.WEEKLY else rules.liaisons_of(ctx.org)
    return _seated(director, recorder, invited)


def _seated(chair: Person, recorder: Person, invited: tuple[Person, ...]) -> tuple[str, str, list[str]] | None:
    everyone = list(dict.fromkeys((chair.userid, recorder.userid, *(person.userid for person in invited))))
    return (chair.userid, recorder.userid, everyone) if len(everyone) > 1 else None


def prepare_pack(ctx: Ctx, meeting: Meeting) -> None:
    """Put the quarter's figures into the register and send them to everyone of the strategy meeting (4.2b)."""
    if any(child.kind == PACK_KIND for child in items.children_of(ctx.unit, meeting.number)):
        return
    quarter = date.fromordinal(meeting.period)
    since = ctx.calendar.at(quarter, time(0))
    words, numbers = pack_words(ctx, quarter, since, ctx.now)
    chair = ctx.org.people[meeting.chair]
    item, digest = ctx.file_item(
        Noun.REPORT, kind=PACK_KIND, title=texts.pack_head(texts.quarter_name(quarter)), fields=numbers,
        original=words, responsible=meeting.recorder, state=ItemState.FILED, parent=meeting.number, author=chair,
    )
    ctx.audit("meeting.pack", item.number, digest=digest, meeting=meeting.number)
    ctx.audit("meeting.pack_sent", meeting.number, pack=item.number)
    for seat in meetings.seats_of(ctx.unit, meeting.number):
        ctx.post.text(
            seat.userid, f"{words}\n{item.number}", key=f"pack:{meeting.number}:{seat.userid}", number=item.number
        )


def pack_words(ctx: Ctx, quarter: date, since: datetime, until: datetime) -> tuple[str, dict[str, object]]:
    """Return the quarter's figures as a text and as plain numbers, all from the register."""
    counted = figure_queries.items_by_department(ctx.unit, since, until)
    spent = figure_queries.approved_by_department(ctx.unit, since, until)
    held = [each for each in meetings.meetings_between(ctx.unit, since, until) if each.ended_at is not None]
    _, kept = rates(ctx, since, until)
    lines = [texts.pack_head(texts.quarter_name(quarter))]
    departments = sorted(ctx.org.departments.values(), key=lambda each: each.id)
    for department in departments[:_DEPARTMENTS]:
        purchases, fen = spent.get(department.id, (0, 0))
        lines.append(
            texts.pack_department(
                department.name, counted.get((department.id, Noun.RECORD.value), 0), purchases,
                figures(fen) if fen else "", task_texts.rate_words(kept.get(department.id, Rate()).per_mille),
            )
        )
    if len(departments) > _DEPARTMENTS:
        lines.append(texts.pack_more(len(departments) - _DEPARTMENTS))
    late = sum(each.minutes_at is None or each.late_seconds > 0 for each in held)
    records = sum(count for (_, noun), count in counted.items() if noun == Noun.RECORD.value)
    passed, total = (sum(row[at] for row in spent.values()) for at in (0, 1))
    lines.append(texts.pack_total(records, passed, figures(total), len(held), len(held) - late, late))
    numbers: dict[str, object] = {
        "records": records, "purchases": passed, "fen": total, "meetings": len(held), "minutes_late": late,
        "per_mille": {name: rate.per_mille for name, rate in kept.items()},
    }
    return "\n".join(lines), numbers


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=at) for at in range((last - first).days + 1)]
