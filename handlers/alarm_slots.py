"""When the phones of an alarm's ladder may ring again, once all of them rang as often as they may (7.1b)."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.context import Ctx
from policy.alarms import CALLS_DAY, Alarm, call_from
from storage.queries import calls
from storage.queries.calls import CallOutcome
from storage.queries.deadlines import next_generation
from storage.queries.due import pending_of

FREED = "alarm.freed"  # a kind of deadline; subjects: the alarm's number
_AT_LEAST = timedelta(milliseconds=1)  # how finely instants are kept
_SAME = timedelta(seconds=1)


def first_free(ctx: Ctx, alarm: Alarm) -> tuple[str, datetime]:
    """
    Return whose phone may ring first, and when (company time, `ctx.now` for at once); the ladder's order decides ties.

    Other alarms' calls that are wanted and not placed yet count as placed now: two alarms never take the same slot.
    """
    found = [(_free_at(ctx, userid, alarm.number), at, userid) for at, userid in enumerate(alarm.ladder)]
    at, _, userid = min(found)
    # Limits follow machine time, deadlines company time; between jumps of a rehearsal both pass alike.
    return userid, ctx.now + (at - ctx.machine_now)


def promise_call(ctx: Ctx, alarm: Alarm) -> datetime | None:
    """
    See that the ladder goes on the moment a phone may ring again; the alarm is locked by the caller.

    Returns:
        That instant, company time; None when one may ring already: the next step will let it.
    """
    _, at = first_free(ctx, alarm)
    if at <= ctx.now:
        return None
    at = max(at, ctx.now + _AT_LEAST)
    pending = pending_of(ctx.unit, FREED, alarm.number)
    if pending is not None and abs(pending[2] - at) < _SAME:
        return pending[2]
    ctx.forget_reminders(alarm.number, FREED)
    ctx.remind(FREED, alarm.number, next_generation(ctx.unit, FREED, alarm.number), at)
    if at - ctx.now >= _SAME:
        ctx.audit("alarm.phones_full", alarm.number, until=at.isoformat())
    return at


def passed_over(ctx: Ctx, alarm: Alarm) -> str:
    """
    Return who was passed over because of the limits and may be called by now, "" for nobody or while a phone rings.

    A call waits up to ten seconds for its message; in that time a number further up the ladder may become free, and
    without this it would ring no sooner than the line comes round to it.
    """
    if rings_now(ctx, alarm.number):
        return ""
    newest = {call.userid: call.state for call in calls.calls_of(ctx.unit, alarm.number)}
    return next(
        (
            userid for userid in alarm.ladder
            if newest.get(userid) is CallOutcome.LIMITED and _free_at(ctx, userid, alarm.number) <= ctx.machine_now
        ),
        "",
    )


def rings_now(ctx: Ctx, number: str) -> bool:
    """Return whether somebody's phone rings for an alarm, is talked on, or is about to ring."""
    for call in calls.calls_of(ctx.unit, number):
        if call.state in (CallOutcome.RINGING, CallOutcome.TALKING):
            return True
        if call.state is CallOutcome.WANTED and (
            call.placed_at is not None or _free_at(ctx, call.userid, number) <= ctx.machine_now
        ):
            return True
    return False


def _free_at(ctx: Ctx, userid: str, number: str) -> datetime:
    placed = calls.placed_since(ctx.unit, userid, ctx.machine_now - CALLS_DAY)
    placed += [ctx.machine_now] * calls.count_unplaced(ctx.unit, userid, but=number)
    return call_from(placed, ctx.machine_now)
