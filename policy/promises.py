"""
Promises: a task with one owner, from the offer to the judgement, as one table of transitions (4.2c, 4.2d, 4.2e).

What the table does not list is refused. Values in, values out: no clock, no database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from policy.calendar import WorkingCalendar
from policy.decisions import Refusal
from policy.org import Org
from policy.terms import PromiseState, PromiseVerb

REMINDED_ON_THE_DAY_BEFORE = time(10, 0)
REMINDED_BEFORE = timedelta(hours=2)


class Party(StrEnum):
    """Who may act."""

    OWNER = "owner"  # 责任人
    ASSIGNER = "assigner"  # 交办人


@dataclass(frozen=True)
class Row:
    """One row of the table; `to` None leads back to where the promise stood before it was questioned."""

    state: PromiseState
    verb: PromiseVerb
    who: Party
    to: PromiseState | None
    control: str


_S, _V = PromiseState, PromiseVerb
TRANSITIONS: tuple[Row, ...] = (
    Row(_S.OFFERED, _V.ACCEPT, Party.OWNER, _S.ACCEPTED, "4.2d"),
    Row(_S.OFFERED, _V.COUNTER, Party.OWNER, _S.COUNTERED, "4.2d"),
    Row(_S.OFFERED, _V.REPORT, Party.OWNER, _S.HARD, "4.2d"),
    Row(_S.ACCEPTED, _V.COUNTER, Party.OWNER, _S.COUNTERED, "4.2d"),
    Row(_S.ACCEPTED, _V.REPORT, Party.OWNER, _S.HARD, "4.2d"),
    Row(_S.COUNTERED, _V.AGREE, Party.ASSIGNER, _S.ACCEPTED, "4.2d"),
    Row(_S.COUNTERED, _V.KEEP, Party.ASSIGNER, None, "4.2d"),
    Row(_S.HARD, _V.KEEP, Party.ASSIGNER, None, "4.2d"),
    Row(_S.OFFERED, _V.GIVE, Party.ASSIGNER, _S.OFFERED, "4.2d"),
    Row(_S.ACCEPTED, _V.GIVE, Party.ASSIGNER, _S.OFFERED, "4.2d"),
    Row(_S.COUNTERED, _V.GIVE, Party.ASSIGNER, _S.OFFERED, "4.2d"),
    Row(_S.HARD, _V.GIVE, Party.ASSIGNER, _S.OFFERED, "4.2d"),
    Row(_S.OFFERED, _V.DROP, Party.ASSIGNER, _S.DROPPED, "4.2d"),
    Row(_S.ACCEPTED, _V.DROP, Party.ASSIGNER, _S.DROPPED, "4.2d"),
    Row(_S.COUNTERED, _V.DROP, Party.ASSIGNER, _S.DROPPED, "4.2d"),
    Row(_S.HARD, _V.DROP, Party.ASSIGNER, _S.DROPPED, "4.2d"),
    Row(_S.OFFERED, _V.FINISH, Party.OWNER, _S.CHECKING, "4.2e"),
    Row(_S.ACCEPTED, _V.FINISH, Party.OWNER, _S.CHECKING, "4.2e"),
    Row(_S.COUNTERED, _V.FINISH, Party.OWNER, _S.CHECKING, "4.2e"),
    Row(_S.HARD, _V.FINISH, Party.OWNER, _S.CHECKING, "4.2e"),
    Row(_S.CHECKING, _V.CONFIRM, Party.ASSIGNER, _S.KEPT, "4.2e"),
    Row(_S.CHECKING, _V.SEND_BACK, Party.ASSIGNER, _S.ACCEPTED, "4.2e"),
)
QUESTIONED = frozenset({_S.COUNTERED, _S.HARD})
CLOSED = frozenset({_S.KEPT, _S.LATE, _S.DROPPED})


@dataclass(frozen=True)
class Promise:
    """
    One promise as it stands. Instants are aware UTC, company time.

    Attributes:
        number: of its task (RW-…); decision and meeting are "" for tasks that come from elsewhere.
        series: of the meeting it was made in, "" for none.
        department: the owner's when it was offered; rates count there.
        due_at: None = no date was set.
        first_due_at: before it was ever moved.
        accept_by: until when the owner must have answered; None when no answer is asked for.
        back_to: where it stood before it was questioned.
        asked_due_at: the date asked for while it is countered.
        moves: how often the date was moved by agreement.
        checked: whether somebody must confirm that it is done.
        overdue_at: when it was found overdue, None = never.
    """

    number: str
    decision: str
    meeting: str
    series: str
    title: str
    owner: str
    assigner: str
    department: str
    state: PromiseState
    version: int
    offered_at: datetime
    due_at: datetime | None = None
    first_due_at: datetime | None = None
    accept_by: datetime | None = None
    accepted_at: datetime | None = None
    back_to: PromiseState | None = None
    asked_due_at: datetime | None = None
    moves: int = 0
    checked: bool = True
    overdue_at: datetime | None = None
    finished_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def closed(self) -> bool:
        """Return whether nothing is awaited any more."""
        return self.state in CLOSED

    @property
    def late_seconds(self) -> int:
        """Return by how much it was finished too late, to the second."""
        if self.due_at is None or self.finished_at is None:
            return 0
        return max(0, int((self.finished_at - self.due_at).total_seconds()))


def perform(
    promise: Promise, verb: PromiseVerb, actor: str, *, now: datetime, due_at: datetime | None = None,
    owner: str = "", department: str = "", accept_by: datetime | None = None,
) -> Promise | Refusal:
    """
    Execute one act.

    Args:
        due_at: the date asked for (COUNTER).
        owner, department, accept_by: who gets it and until when to answer (GIVE; accept_by also for KEEP).

    Returns:
        The promise after the act, version raised, or task.closed (state, at), task.already (state), task.not_now
        (state), task.not_owner (owner), task.not_assigner (assigner), task.date_past, task.date_same (at).

    Source: 4.2c, 4.2d, 4.2e.
    """
    if promise.closed:
        return Refusal("task.closed", "4.2e", {"state": promise.state.value, "at": promise.closed_at})
    rows = [row for row in TRANSITIONS if row.verb is verb]
    party = rows[0].who
    if party is Party.OWNER and actor != promise.owner:
        return Refusal("task.not_owner", "4.2c", {"owner": promise.owner})
    if party is Party.ASSIGNER and actor != promise.assigner:
        return Refusal("task.not_assigner", "4.2d", {"assigner": promise.assigner})
    row = next((each for each in rows if each.state is promise.state), None)
    if row is None:
        code = "task.already" if any(each.to is promise.state for each in rows) else "task.not_now"
        return Refusal(code, "4.2d", {"state": promise.state.value})
    after = replace(promise, version=promise.version + 1)
    if verb is PromiseVerb.ACCEPT:
        return replace(after, state=PromiseState.ACCEPTED, accepted_at=now)
    if verb is PromiseVerb.COUNTER:
        if due_at is None or due_at <= now:
            return Refusal("task.date_past", "4.2d", {"at": due_at})
        if due_at == promise.due_at:
            return Refusal("task.date_same", "4.2d", {"at": due_at})
        return replace(after, state=PromiseState.COUNTERED, back_to=promise.state, asked_due_at=due_at)
    if verb is PromiseVerb.REPORT:
        return replace(after, state=PromiseState.HARD, back_to=promise.state)
    if verb is PromiseVerb.AGREE:
        return replace(
            after, state=PromiseState.ACCEPTED, accepted_at=promise.accepted_at or now, due_at=promise.asked_due_at,
            asked_due_at=None, back_to=None, moves=promise.moves + 1, overdue_at=None,
        )
    if verb is PromiseVerb.KEEP:
        back = promise.back_to or PromiseState.OFFERED
        return replace(
            after, state=back, back_to=None, asked_due_at=None,
            accept_by=accept_by if back is PromiseState.OFFERED else promise.accept_by,
        )
    if verb is PromiseVerb.GIVE:
        if owner == promise.owner:
            return Refusal("task.same_owner", "4.2d", {"owner": owner})
        return replace(
            after, state=PromiseState.OFFERED, owner=owner, department=department, offered_at=now,
            accept_by=accept_by, accepted_at=None, back_to=None, asked_due_at=None, overdue_at=None,
        )
    if verb is PromiseVerb.DROP:
        return replace(after, state=PromiseState.DROPPED, closed_at=now, back_to=None, asked_due_at=None)
    if verb is PromiseVerb.FINISH:
        done = replace(
            after, state=PromiseState.CHECKING, finished_at=now, accepted_at=promise.accepted_at or now,
            back_to=None, asked_due_at=None,
        )
        return done if promise.checked else judged(done, now)
    if verb is PromiseVerb.CONFIRM:
        return judged(after, now)
    assert verb is PromiseVerb.SEND_BACK
    return replace(after, state=PromiseState.ACCEPTED, finished_at=None)


def judged(promise: Promise, now: datetime) -> Promise:
    """Return a finished promise with its judgement: kept when it was finished by its date, else late (4.2e)."""
    state = PromiseState.LATE if promise.late_seconds else PromiseState.KEPT
    return replace(promise, state=state, closed_at=now)


def reminders(now: datetime, due_at: datetime, calendar: WorkingCalendar) -> list[datetime]:
    """Return when the owner is reminded of a date: 10:00 of the working day before, and 2 hours before; all ahead."""
    day = calendar.local(due_at).date()
    wanted = [
        calendar.at(calendar.previous_working_day(day), REMINDED_ON_THE_DAY_BEFORE), due_at - REMINDED_BEFORE,
    ]
    return sorted(instant for instant in wanted if now < instant < due_at)


def ladder(org: Org, userid: str, first: Iterable[str] = ()) -> list[str]:
    """
    Return who is told of a matter that somebody owes, in order, each once: `first`, then the line above (2.1a).

    The debtor is never told as a superior; whoever has left is passed over.
    """
    named = [*first, *(person.userid for person in org.line_above(userid))]
    return [each for each in dict.fromkeys(named) if each != userid and org.person(each) is not None]


@dataclass(frozen=True)
class Rate:
    """
    How many promises were kept (4.2e). Only promises that are judged, or overdue and still open, count.

    Attributes:
        on_time, late, not_done: judged kept, judged late, overdue and open.
        moved: of all these, how many had their date moved by agreement.
        ahead: open and not yet due; they count nowhere.
    """

    on_time: int = 0
    late: int = 0
    not_done: int = 0
    moved: int = 0
    ahead: int = 0

    @property
    def counted(self) -> int:
        """Return how many promises the rate rests on."""
        return self.on_time + self.late + self.not_done

    @property
    def per_mille(self) -> int | None:
        """Return kept promises in per mille of those counted, rounded down; None with nothing to count."""
        return None if not self.counted else self.on_time * 1000 // self.counted


def rate_of(promises: Sequence[Promise], now: datetime) -> Rate:
    """Return the rate of some promises; those dropped by the one who assigned count nowhere, nor do undated ones."""
    on_time = late = not_done = moved = ahead = 0
    for promise in promises:
        if promise.state is PromiseState.DROPPED or promise.due_at is None:
            continue
        on_time += promise.state is PromiseState.KEPT
        late += promise.state is PromiseState.LATE
        waiting = not promise.closed
        done_by = promise.finished_at if promise.finished_at is not None else now
        not_done += waiting and done_by > promise.due_at
        ahead += waiting and done_by <= promise.due_at
        moved += promise.moves > 0 and not (waiting and done_by <= promise.due_at)
    return Rate(on_time, late, not_done, moved, ahead)
