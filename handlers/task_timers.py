"""What time does to a promise: 24 hours to accept, reminders, overdue, then up the line, each once (4.2d, 4.2e)."""

from __future__ import annotations

from dataclasses import replace

from handlers.context import Ctx
from handlers.promises import who_is_told, with_reachable_assigner
from handlers.registry import Topic
from notifications.texts import tasks as texts
from policy.deadlines import Due
from policy.promises import QUESTIONED, Promise, ladder
from policy.terms import Lateness, PromiseState
from storage.queries import promises

topic = Topic("task_timers")

_ACCEPT, _OVERDUE, _SETTLE = "accept", "overdue", "settle"


@topic.due("task.accept", lateness=Lateness.EACH, controls=("4.2d", "2.1a"))
def not_accepted(due: Due, ctx: Ctx) -> None:
    """24 hours without an answer: owner and assigner are told, then one step up the line per day (4.2d)."""
    promise = promises.lock_promise(ctx.unit, due.subject)
    if promise is None or promise.state is not PromiseState.OFFERED or _left(ctx, promise):
        return
    line = who_is_told(ctx, promise)
    ctx.audit("task.not_accepted", promise.number, owner=promise.owner, line=line, due_at=due.due_at.isoformat())
    told = ctx.name(line[0]) if line else ctx.name(promise.assigner)
    _to_owner(ctx, promise, texts.not_accepted(promise.number, promise.title, told), _ACCEPT)
    _climb(ctx, promise, _ACCEPT, line, 0)


@topic.due("task.settle", lateness=Lateness.EACH, controls=("4.2d",))
def not_settled(due: Due, ctx: Ctx) -> None:
    """24 hours without a settlement: the assigner is told, then the assigner's line (4.2d)."""
    promise = promises.lock_promise(ctx.unit, due.subject)
    if promise is None or promise.state not in QUESTIONED:
        return
    assigner = with_reachable_assigner(ctx, promise).assigner
    line = ladder(ctx.org, assigner)
    ctx.audit("task.not_settled", promise.number, assigner=assigner, line=line, due_at=due.due_at.isoformat())
    ctx.post.text(
        assigner, texts.settle_late(promise.number, promise.title, ctx.name(line[0]) if line else ""),
        key=f"task:{promise.number}:{promise.version}:settle", number=promise.number, leave_at=ctx.now,
    )
    _climb(ctx, promise, _SETTLE, line, 0)


@topic.due("task.remind", lateness=Lateness.SKIP, controls=("4.2e",))
def remind(due: Due, ctx: Ctx) -> None:
    """Before the date: the owner, at any hour."""
    promise = promises.load_promise(ctx.unit, due.subject)
    if promise is None or promise.closed or promise.due_at is None or promise.finished_at is not None:
        return
    _to_owner(ctx, promise, texts.reminder(promise.number, promise.title, promise.due_at), f"remind{due.generation}")
    ctx.audit("task.reminded", promise.number, owner=promise.owner)


@topic.due("task.overdue", lateness=Lateness.EACH, controls=("4.2e", "2.1a"))
def overdue(due: Due, ctx: Ctx) -> None:
    """The date has passed: it is kept, owner and assigner are told, then one step up the line per day (4.2e)."""
    promise = promises.lock_promise(ctx.unit, due.subject)
    if promise is None or promise.closed or promise.due_at is None or promise.finished_at is not None:
        return
    if _left(ctx, promise):
        return
    after = replace(promise, version=promise.version + 1, overdue_at=ctx.now)
    promises.save_promise(ctx.unit, after)
    line = who_is_told(ctx, after)
    ctx.audit(
        "task.overdue", promise.number, owner=promise.owner, department=promise.department, line=line,
        due_at=promise.due_at.isoformat(),
    )
    told = ctx.name(line[0]) if line else ""
    _to_owner(ctx, after, texts.overdue(promise.number, promise.title, promise.due_at, told), _OVERDUE)
    _climb(ctx, after, _OVERDUE, line, 0)


@topic.due("task.climb", lateness=Lateness.LATEST, controls=("4.2d", "4.2e", "2.1a"))
def climb(due: Due, ctx: Ctx) -> None:
    """Still so a day later: the next one up the line, each once; at the top it stays in the daily summary."""
    promise = promises.lock_promise(ctx.unit, str(due.data["number"]))
    why = str(due.data["why"])
    if promise is None or promise.closed:
        return
    if why == _ACCEPT and promise.state is PromiseState.OFFERED:
        line = who_is_told(ctx, promise)
    elif why == _SETTLE and promise.state in QUESTIONED:
        line = ladder(ctx.org, with_reachable_assigner(ctx, promise).assigner)
    elif why == _OVERDUE and promise.overdue_at is not None and promise.finished_at is None:
        line = who_is_told(ctx, promise)
    else:
        return
    _climb(ctx, promise, why, line, int(due.data["step"]))


def _climb(ctx: Ctx, promise: Promise, why: str, line: list[str], step: int) -> None:
    if step >= len(line):
        return
    superior = line[step]
    owner = ctx.name(promise.owner)
    if why == _OVERDUE:
        assert promise.due_at is not None
        words = texts.overdue_told(promise.number, promise.title, owner, promise.due_at)
    elif why == _ACCEPT:
        words = texts.not_accepted_told(promise.number, promise.title, owner)
    else:
        assigner = with_reachable_assigner(ctx, promise).assigner
        words = texts.not_settled(promise.number, promise.title, ctx.name(assigner))
    ctx.post.text(
        superior, words, key=f"task:{promise.number}:{why}:{promise.version}:{superior}", number=promise.number
    )
    ctx.audit("task.escalated", promise.number, why=why, superior=superior, step=step)
    if step + 1 < len(line):
        ctx.remind(
            "task.climb", f"{promise.number}:{why}", promise.version * 100 + step + 1,
            ctx.later(hours=ctx.parameters.task_climb_hours), why=why, step=step + 1, number=promise.number,
        )


def _to_owner(ctx: Ctx, promise: Promise, words: str, what: str) -> None:
    ctx.post.text(
        promise.owner, words, key=f"task:{promise.number}:{promise.version}:{what}", number=promise.number,
        leave_at=ctx.now,
    )


def _left(ctx: Ctx, promise: Promise) -> bool:
    """Tell the assigner when the owner has left: the task waits to be given to somebody else."""
    if ctx.org.person(promise.owner) is not None:
        return False
    assigner = with_reachable_assigner(ctx, promise).assigner
    ctx.post.text(
        assigner, texts.owner_left(promise.number, promise.title, ctx.name(promise.owner)),
        key=f"task:{promise.number}:{promise.version}:left", number=promise.number,
    )
    ctx.audit("task.owner_left", promise.number, owner=promise.owner, assigner=assigner)
    return True
