"""
The ticker: fires deadlines that are due, in due order, one transaction each (design rule 7).

Firing is one conditional update that takes the row, with the handler's effects in the same transaction: a crash
leaves both or neither. Any number of tickers may run. What a late firing does is declared by its kind. Handlers are
handed in as a mapping; this module knows none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from notifications.clock import Clock
from policy.deadlines import Due
from policy.errors import ProjectError
from policy.terms import DeadlineState, Lateness
from storage.errors import TryAgainLater
from storage.queries import due as rows
from storage.queries.deadlines import set_deadline
from storage.queries.due import DueRow
from storage.store import Store
from storage.unit import Unit

LOG = structlog.get_logger(__name__)

SYSTEM = "system"
RHYTHM = "rhythm"  # the subject of every rhythm's deadlines
ON_TIME_SECONDS = 60  # a firing this close to its instant is not late
FIRST_RETRY_SECONDS = 5
LAST_RETRY_SECONDS = 600
_MOST_PERIODS = 40_000  # a century of days: no calendar may walk for ever
_ERROR_LENGTH = 300

Fire = Callable[[Unit, Due], None]
Successor = Callable[[Unit, Due, datetime], tuple[datetime, int] | None]


@dataclass(frozen=True)
class FiringKind:
    """
    What one kind of deadline does.

    Attributes:
        lateness: what a late firing does.
        fire: writes the effects into the firing's own unit; any exception undoes the firing and is tried again.
        successor: for rhythms: (due instant, generation) of the first period after an instant (company time), None
            when the rhythm ends. A kind that has one is seeded by `ensure_rhythms`.
    """

    lateness: Lateness
    fire: Fire
    successor: Successor | None = None


class UnknownDeadline(ProjectError):
    """A deadline of a kind that nothing handles: declare the kind again, or cancel the row."""


@dataclass
class _Attempt:
    """Which row a unit was at, so that a failure can be noted after the rollback."""

    row: DueRow | None = None


class Ticker:
    """
    Fires deadlines.

    Args:
        kinds: per kind of deadline what it does.
        clock: company time decides what is due, machine time when a failed firing is tried again.
    """

    def __init__(self, store: Store, kinds: Mapping[str, FiringKind], clock: Clock) -> None:
        self._store = store
        self._kinds = kinds
        self._clock = clock

    def tick(self, most: int = 1000) -> int:
        """
        Fire what is due, in due order, new ones included that a firing sets; return how many fired.

        A firing that fails is undone, noted and tried again later (5 s, doubling to 10 min); the others go on.
        Stops early when the database is away or another ticker is at work.

        Args:
            most: rows handled at most; call again when as many were handled.
        """
        fired = 0
        for _ in range(most):
            step = self._step()
            if step is None:
                break
            fired += step
        return fired

    def tick_if_due(self, most: int = 1000) -> int:
        """As `tick`, for whoever asks often: looks first, and writes only when something is due."""
        try:
            following = self.next_instant()
        except TryAgainLater as error:
            LOG.warning("ticker.database_away", error=str(error))
            return 0
        if following is None or following > self._clock.company_now():
            return 0
        return self.tick(most)

    def ensure_rhythms(self, unit: Unit, now: datetime) -> None:
        """
        Seed the first deadline of each rhythm, and move those not yet due to what the calendar now says.

        Call it at start and after a change of parameters. A rhythm whose missed period is still pending is left
        alone: it fires late, once.
        """
        for name, kind in self._kinds.items():
            if kind.successor is None:
                continue
            pending = rows.pending_of(unit, name, RHYTHM)
            if pending is None:
                wanted = self._next_free(unit, name, kind.successor, now)
            else:
                row_id, generation, due_at = pending
                if due_at <= now:
                    continue
                wanted = self._next_free(unit, name, kind.successor, now, spare=generation)
                if wanted is not None and wanted != (due_at, generation):
                    rows.move_due(unit, row_id, *wanted)
                continue
            if wanted is not None:
                set_deadline(unit, name, RHYTHM, wanted[1], wanted[0], {})

    def next_instant(self) -> datetime | None:
        """Return the earliest pending instant, company time; it may have passed. None: nothing is pending."""
        return self._store.read(rows.earliest_due)

    # -- inside

    def _step(self) -> int | None:
        """Handle one row: 1 when it fired, 0 when it was closed otherwise or failed, None when nothing is due."""
        attempt = _Attempt()
        now, machine_now = self._clock.company_now(), self._clock.machine_now()
        try:
            return self._store.write(lambda unit: self._handle(unit, now, machine_now, attempt))
        except Exception as error:
            if attempt.row is None:
                if not isinstance(error, TryAgainLater):
                    raise
                LOG.warning("ticker.database_away", error=str(error))
                return None
            return self._note_failure(attempt.row, machine_now, error)

    def _handle(self, unit: Unit, now: datetime, machine_now: datetime, attempt: _Attempt) -> int | None:
        attempt.row = None
        if not rows.hold_the_floor(unit):
            return None
        row = attempt.row = rows.next_due(unit, now, machine_now)
        if row is None:
            return None
        kind = self._kinds.get(row.kind)
        if kind is None:
            raise UnknownDeadline(row.kind)
        late = _late_seconds(row, now)
        if kind.lateness is Lateness.LATEST and self._superseded(unit, row, kind, now):
            return 0
        if kind.lateness is Lateness.SKIP and late:
            if rows.take(unit, row, DeadlineState.SKIPPED, now):
                _evidence(unit, now, "deadline.skipped", row, late_seconds=late)
                self._succeed(unit, row, kind, now)
            return 0
        if not rows.take(unit, row, DeadlineState.FIRED, now):
            return 0
        missed = rows.missed_before(unit, row) if kind.lateness is Lateness.LATEST else 0
        kind.fire(unit, _as_due(row, late, missed))
        self._succeed(unit, row, kind, now)
        return 1

    def _superseded(self, unit: Unit, row: DueRow, kind: FiringKind, now: datetime) -> bool:
        """Close a row for which a newer one of its subject is due as well; True when it was closed."""
        newer = rows.newer_due(unit, row, now)
        periods = [] if newer is not None else self._missed_periods(unit, row, kind, now)
        if newer is None and not periods:
            return False
        if not rows.take(unit, row, DeadlineState.SUPERSEDED, now):
            return True
        for due_at, generation in periods[:-1]:
            rows.add_superseded(unit, row, generation, due_at, now)
        if periods:
            due_at, newer = periods[-1]
            set_deadline(unit, row.kind, row.subject, newer, due_at, row.data)
        _evidence(unit, now, "deadline.superseded", row, by=newer, periods=max(1, len(periods)))
        return True

    def _missed_periods(
        self, unit: Unit, row: DueRow, kind: FiringKind, now: datetime
    ) -> list[tuple[datetime, int]]:
        """Return the periods of a rhythm that passed after this row's own while no clock ran, oldest first."""
        if kind.successor is None:
            return []
        found: list[tuple[datetime, int]] = []
        after = _as_due(row, 0, 0)
        while len(found) < _MOST_PERIODS:
            following = kind.successor(unit, after, after.due_at)
            if following is None or following[0] > now:
                break
            if not rows.generation_exists(unit, row.kind, row.subject, following[1]):
                found.append(following)
            after = Due(row.kind, row.subject, following[1], following[0], row.data)
        return found

    def _succeed(self, unit: Unit, row: DueRow, kind: FiringKind, now: datetime) -> None:
        """Set a rhythm's next deadline; it counts from the firing, not from the missed instant."""
        if kind.successor is None:
            return
        following = self._next_free(unit, row.kind, kind.successor, max(now, row.due_at), row)
        if following is not None:
            set_deadline(unit, row.kind, row.subject, following[1], following[0], row.data)

    def _next_free(
        self, unit: Unit, name: str, successor: Successor, now: datetime, row: DueRow | None = None,
        spare: int | None = None,
    ) -> tuple[datetime, int] | None:
        """Return the first period after `now` that was never set before (`spare` counts as never set)."""
        subject = RHYTHM if row is None else row.subject
        due = Due(name, subject, 0, now) if row is None else _as_due(row, 0, 0)
        following = successor(unit, due, now)
        for _ in range(_MOST_PERIODS):
            if following is None or following[1] == spare:
                return following
            if not rows.generation_exists(unit, name, subject, following[1]):
                return following
            following = successor(unit, due, following[0])
        return None

    def _note_failure(self, row: DueRow, machine_now: datetime, error: Exception) -> int | None:
        attempt = row.attempt + 1
        wait = min(FIRST_RETRY_SECONDS * 2 ** (attempt - 1), LAST_RETRY_SECONDS)
        LOG.error(
            "ticker.firing_failed", kind=row.kind, subject=row.subject, generation=row.generation, attempt=attempt,
            retry_seconds=wait, exc_info=error,
        )
        # Only the exception's name is kept: its message may hold what people wrote.
        named = f"{type(error).__module__}.{type(error).__name__}"[:_ERROR_LENGTH]
        retry_at = machine_now + timedelta(seconds=wait)
        try:
            self._store.write(lambda unit: rows.postpone(unit, row.id, attempt, retry_at, named))
        except TryAgainLater as away:
            LOG.warning("ticker.database_away", error=str(away))
            return None
        return 0


def _as_due(row: DueRow, late_seconds: int, missed: int) -> Due:
    return Due(row.kind, row.subject, row.generation, row.due_at, row.data, late_seconds, missed)


def _late_seconds(row: DueRow, now: datetime) -> int:
    seconds = int((now - row.due_at).total_seconds())
    return seconds if seconds >= ON_TIME_SECONDS else 0


def _evidence(unit: Unit, now: datetime, act: str, row: DueRow, **facts: object) -> None:
    unit.audit(
        now, SYSTEM, act, "", kind=row.kind, subject=row.subject, generation=row.generation,
        due_at=row.due_at.isoformat(), **facts,
    )
