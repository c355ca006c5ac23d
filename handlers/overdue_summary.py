"""
The daily summary: what a superior was told of once, and is still overdue, stands in one message each working day.

Each superior is told once as the matter climbs (3.2d, 4.2e); from the next working day on it comes only here.
"""

from __future__ import annotations

from handlers.context import Ctx
from handlers.registry import Topic
from notifications.texts import overdue_summary as texts
from policy.deadlines import Due
from policy.schedules import Daily
from policy.terms import Lateness
from storage.queries import evidence, meetings, promises

topic = Topic("overdue_summary")

_ESCALATED = frozenset({"minutes.escalated", "task.escalated"})
_ROWS = 10


@topic.every(
    "overdue.summary", lambda parameters: Daily(texts.AT, working_days_only=True), lateness=Lateness.LATEST,
    controls=("3.2d", "4.2e"),
)
def summarise(due: Due, ctx: Ctx) -> None:
    """Tell each superior what is still overdue of all that they were told of before today."""
    rows: dict[str, list[str]] = {}
    for meeting in meetings.overdue_minutes(ctx.unit):
        assert meeting.due_at is not None
        words = texts.minutes_row(meeting.number, meeting.subject, ctx.name(meeting.owes), meeting.due_at)
        for superior in _told_before(ctx, meeting.number):
            rows.setdefault(superior, []).append(words)
    for promise in promises.overdue_promises(ctx.unit):
        assert promise.due_at is not None
        words = texts.task_row(promise.number, promise.title, ctx.name(promise.owner), promise.due_at)
        for superior in _told_before(ctx, promise.number):
            rows.setdefault(superior, []).append(words)
    for superior, listed in sorted(rows.items()):
        if ctx.org.person(superior) is not None:
            ctx.post.text(
                superior, texts.summary(ctx.today, listed[:_ROWS], len(listed)),
                key=f"overdue:{due.generation}:{superior}",
            )
    if rows:
        ctx.audit("overdue.summarised", "", superiors=sorted(rows), rows=sum(map(len, rows.values())))


def _told_before(ctx: Ctx, number: str) -> list[str]:
    """Return who was told of an overdue matter on a day before today, each once."""
    told = [
        str(event.facts["superior"]) for event in evidence.trail_of(ctx.unit, number)
        if event.act in _ESCALATED and ctx.calendar.today(event.at) < ctx.today
    ]
    return list(dict.fromkeys(told))
