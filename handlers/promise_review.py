"""The next meeting of a series opens with what was promised: kept, late, renegotiated, open (4.2c, 4.2e)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handlers.context import Ctx
from notifications.texts import meetings as texts
from notifications.texts import tasks as task_texts
from policy.meetings import Meeting
from policy.promises import Promise
from policy.terms import PromiseState
from storage.queries import meetings, promises

_ROWS = 8


def open_with_promises(ctx: Ctx, meeting: Meeting, people: Sequence[str]) -> None:
    """Tell everyone in a meeting of a series what became of what was promised in it."""
    before = meetings.meeting_before(ctx.unit, meeting.series, meeting.starts_at)
    if before is None:
        return
    since = before.began_at or before.starts_at
    told = promises.promises_of_series(ctx.unit, meeting.series, since)
    words = review_words(ctx, meeting.subject, told)
    for userid in people:
        ctx.post.text(
            userid, words, key=f"promised:{meeting.number}:{userid}", number=meeting.number, leave_at=ctx.now
        )
    ctx.audit(
        "meeting.reviewed", meeting.number, before=before.number,
        kept=_count(told, PromiseState.KEPT), late=_count(told, PromiseState.LATE),
        moved=sum(each.moves > 0 for each in told), open=sum(not each.closed for each in told),
    )


def review_words(ctx: Ctx, subject: str, told: Sequence[Promise]) -> str:
    """Return what became of some promises; what is open stands first."""
    listed = [each for each in told if each.state is not PromiseState.DROPPED]
    if not listed:
        return f"{subject}：{texts.NOTHING_CARRIED}"
    ordered = sorted(listed, key=lambda each: (each.closed, each.due_at or ctx.now, each.number))
    rows = [row(ctx, each) for each in ordered[:_ROWS]]
    return texts.carried_over(
        subject, _count(listed, PromiseState.KEPT), _count(listed, PromiseState.LATE),
        sum(each.moves > 0 for each in listed), sum(not each.closed for each in listed), rows,
        max(0, len(ordered) - _ROWS),
    )


def row(ctx: Ctx, promise: Promise) -> str:
    """Return one promise in a line."""
    return texts.carried_row(
        promise.number, promise.title, ctx.name(promise.owner), task_texts.due_words(promise.due_at),
        task_texts.state_words(promise.state, promise.moves, overdue=is_overdue(promise, ctx.now)),
    )


def is_overdue(promise: Promise, now: datetime) -> bool:
    """Return whether a promise is open after its date."""
    if promise.closed or promise.due_at is None:
        return False
    return (promise.finished_at or now) > promise.due_at


def _count(listed: Sequence[Promise], state: PromiseState) -> int:
    return sum(each.state is state for each in listed)
