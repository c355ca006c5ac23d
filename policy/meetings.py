"""
Meetings as values: begun, ended, corrected, moved, and who owes and may hand in the minutes (3.2d, 4.2a, 4.2b, 8b).

Instants are aware UTC, company time. Values in, values out: no clock, no database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from policy.calendar import WorkingCalendar
from policy.decisions import Refusal
from policy.org import Org, Person
from policy.parameters import Parameters
from policy.terms import DepartmentKind, Grade, ItemState, Post

EARLY = timedelta(minutes=60)  # a meeting may begin so long before its time; earlier it is moved first
ASKED_BEFORE = timedelta(minutes=10)  # the chair is asked so long before a meeting is ended by itself
REMINDED_BEFORE = timedelta(minutes=10)
MINUTES_REMINDERS = (timedelta(minutes=60), timedelta(minutes=105))

ORDINARY, WEEKLY, STRATEGY, FORUM = "meeting", "weekly", "strategy", "forum"
YES, NO = "yes", "no"
CONFIRMED, OBJECTED = "confirmed", "objected"
SYSTEM = "system"

_BEGINS = frozenset({ItemState.PLANNED})
_OVER = frozenset({ItemState.ENDED, ItemState.DONE})


@dataclass(frozen=True)
class Seat:
    """
    One person of a meeting.

    Attributes:
        answer: "" | yes | no, to the invitation.
        here_at: when the person signed in, None = did not.
        verdict: "" | confirmed | objected, to the minutes of `verdict_revision`.
    """

    userid: str
    answer: str = ""
    here_at: datetime | None = None
    verdict: str = ""

    @property
    def here(self) -> bool:
        """Return whether the person was there."""
        return self.here_at is not None


@dataclass(frozen=True)
class Meeting:
    """
    One meeting as it stands.

    Attributes:
        kind: meeting | weekly | strategy | forum.
        series: what it belongs to: weekly, strategy, forum, or the number of a series' first meeting; "" for single.
        rhythm: how the series goes on, as text of `policy.rhythms`; "" when it does not.
        period: of standing meetings, the ordinal of the day they stand for; else 0.
        version: rises with every act; the compare-and-set of storage.
        starts_at, ends_at: as planned; limit_at: when it is ended by itself.
        first_ended_at: the end before its one correction.
        due_at: of the minutes; minutes_at: when they were handed in first; late_seconds: how much too late.
        minutes_revision: the item's revision that holds the newest minutes, 0 = none.
    """

    number: str
    kind: str
    series: str
    rhythm: str
    period: int
    subject: str
    state: ItemState
    version: int
    starts_at: datetime
    ends_at: datetime
    limit_at: datetime
    opener: str
    chair: str
    recorder: str
    place: str = ""
    began_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str = ""
    first_ended_at: datetime | None = None
    owes: str = ""
    due_at: datetime | None = None
    overdue_at: datetime | None = None
    minutes_at: datetime | None = None
    late_seconds: int = 0
    minutes_revision: int = 0

    @property
    def keepers(self) -> tuple[str, ...]:
        """Return who may begin, end and change it: chair, recorder, who opened it."""
        return tuple(dict.fromkeys(each for each in (self.chair, self.recorder, self.opener) if each != SYSTEM))

    @property
    def waits_for_minutes(self) -> bool:
        """Return whether it is over and its minutes have not come."""
        return self.state is ItemState.ENDED and self.minutes_at is None


def begin(meeting: Meeting, actor: str, now: datetime) -> Meeting | Refusal:
    """
    Begin a meeting.

    Returns:
        The meeting running, or meeting.running (at), meeting.over, meeting.not_keeper (who),
        meeting.early (at).
    """
    if meeting.state is ItemState.RUNNING:
        return Refusal("meeting.running", "4.2a", {"at": meeting.began_at})
    if meeting.state not in _BEGINS:
        return _over(meeting)
    if actor not in meeting.keepers:
        return Refusal("meeting.not_keeper", "4.2a", {"who": meeting.keepers})
    if now < meeting.starts_at - EARLY:
        return Refusal("meeting.early", "4.2a", {"at": meeting.starts_at})
    return replace(meeting, state=ItemState.RUNNING, version=meeting.version + 1, began_at=now)


def extend(meeting: Meeting, actor: str, parameters: Parameters) -> Meeting | Refusal:
    """Let a running meeting go on for another while before it is ended by itself."""
    if meeting.state is not ItemState.RUNNING:
        return Refusal("meeting.not_begun") if meeting.state is ItemState.PLANNED else _over(meeting)
    if actor not in meeting.keepers:
        return Refusal("meeting.not_keeper", "4.2a", {"who": meeting.keepers})
    later = meeting.limit_at + timedelta(minutes=parameters.overrun_minutes)
    return replace(meeting, version=meeting.version + 1, limit_at=later)


def end(
    meeting: Meeting, seats: Sequence[Seat], actor: str, now: datetime, parameters: Parameters
) -> Meeting | Refusal:
    """
    End a meeting; its minutes are due from now on (3.2d).

    Args:
        actor: a keeper, or "system" when nobody ended it.

    Returns:
        The meeting ended, or meeting.not_begun, meeting.ended (by, at), meeting.over, meeting.not_keeper.
    """
    if meeting.state is ItemState.PLANNED:
        return Refusal("meeting.not_begun", "3.2d")
    if meeting.state is not ItemState.RUNNING:
        return _over(meeting)
    if actor != SYSTEM and actor not in meeting.keepers:
        return Refusal("meeting.not_keeper", "3.2d", {"who": meeting.keepers})
    return replace(
        meeting, state=ItemState.ENDED, version=meeting.version + 1, ended_at=now, ended_by=actor,
        owes=who_owes(meeting, seats), due_at=now + timedelta(hours=parameters.minutes_hours),
    )


def correct_end(
    meeting: Meeting, actor: str, at: datetime, now: datetime, parameters: Parameters
) -> Meeting | Refusal:
    """
    Correct the end of a meeting, once; both ends are kept and the minutes are due from the corrected one (3.2d).

    Returns:
        The meeting, or meeting.not_begun, meeting.still_running, meeting.over, meeting.not_keeper,
        meeting.corrected (first, at), meeting.end_ahead, meeting.end_before_begin (at), meeting.end_same (at).
    """
    if meeting.state is ItemState.PLANNED:
        return Refusal("meeting.not_begun", "3.2d")
    if meeting.state is ItemState.RUNNING:
        return Refusal("meeting.still_running", "3.2d")
    if meeting.state not in _OVER or meeting.ended_at is None or meeting.began_at is None:
        return _over(meeting)
    if actor not in meeting.keepers:
        return Refusal("meeting.not_keeper", "3.2d", {"who": meeting.keepers})
    if meeting.first_ended_at is not None:
        return Refusal("meeting.corrected", "3.2d", {"first": meeting.first_ended_at, "at": meeting.ended_at})
    if at > now:
        return Refusal("meeting.end_ahead", "3.2d")
    if at < meeting.began_at:
        return Refusal("meeting.end_before_begin", "3.2d", {"at": meeting.began_at})
    if at == meeting.ended_at:
        return Refusal("meeting.end_same", "3.2d", {"at": at})
    due_at = at + timedelta(hours=parameters.minutes_hours)
    late = lateness(due_at, meeting.minutes_at) if meeting.minutes_at is not None else 0
    return replace(
        meeting, version=meeting.version + 1, first_ended_at=meeting.ended_at, ended_at=at, due_at=due_at,
        late_seconds=late, overdue_at=None,
    )


def lapse(meeting: Meeting) -> Meeting | None:
    """Return a meeting that was never begun as not held; None when it was, or is gone."""
    if meeting.state is not ItemState.PLANNED:
        return None
    return replace(meeting, state=ItemState.LAPSED, version=meeting.version + 1)


def change(
    meeting: Meeting, actor: str, *, now: datetime, starts_at: datetime | None = None,
    length: timedelta | None = None, chair: str = "", recorder: str = "", place: str = "", parameters: Parameters,
) -> Meeting | Refusal:
    """
    Change time, length, chair, recorder or place of a meeting that has not begun (people of one that has not ended).

    Returns:
        The meeting, or meeting.not_keeper, meeting.begun, meeting.over, meeting.past (at).
    """
    if meeting.state not in (ItemState.PLANNED, ItemState.RUNNING):
        return _over(meeting)
    if actor not in meeting.keepers:
        return Refusal("meeting.not_keeper", "4.2a", {"who": meeting.keepers})
    if (starts_at is not None or length is not None) and meeting.state is not ItemState.PLANNED:
        return Refusal("meeting.running", "4.2a", {"at": meeting.began_at})
    first = starts_at or meeting.starts_at
    last = first + (length or meeting.ends_at - meeting.starts_at)
    if starts_at is not None and starts_at <= now:
        return Refusal("meeting.past", "", {"at": starts_at})
    moved = starts_at is not None or length is not None
    return replace(
        meeting, version=meeting.version + 1, starts_at=first, ends_at=last, place=place or meeting.place,
        limit_at=last + timedelta(minutes=parameters.overrun_minutes) if moved else meeting.limit_at,
        chair=chair or meeting.chair, recorder=recorder or meeting.recorder,
    )


def cancel(meeting: Meeting, actor: str, *, whole_series: bool) -> Meeting | Refusal:
    """Call a meeting off that has not begun; with the whole series, none follows."""
    if meeting.state is ItemState.RUNNING:
        return Refusal("meeting.running", "4.2a", {"at": meeting.began_at})
    if meeting.state is not ItemState.PLANNED:
        return _over(meeting)
    if actor not in meeting.keepers:
        return Refusal("meeting.not_keeper", "4.2a", {"who": meeting.keepers})
    rhythm = "" if whole_series else meeting.rhythm
    return replace(meeting, state=ItemState.CANCELLED, version=meeting.version + 1, rhythm=rhythm)


# --- minutes --------------------------------------------------------------------------------------------------------


def who_owes(meeting: Meeting, seats: Sequence[Seat]) -> str:
    """Return who owes the minutes: the recorder, or the chair when the recorder said no and did not come."""
    recorder = next((seat for seat in seats if seat.userid == meeting.recorder), None)
    stayed_away = recorder is not None and recorder.answer == NO and not recorder.here
    return meeting.chair if stayed_away else meeting.recorder


def may_hand_in(meeting: Meeting, seats: Sequence[Seat], actor: str) -> Refusal | None:
    """
    Say whether somebody may hand in, or change, the minutes: who was there, and who owes them.

    Returns:
        None, or meeting.not_begun, meeting.still_running, meeting.over, minutes.not_there (who).
    """
    if meeting.state is ItemState.PLANNED:
        return Refusal("meeting.not_begun", "3.2d")
    if meeting.state is ItemState.RUNNING:
        return Refusal("meeting.still_running", "3.2d")
    if meeting.state not in _OVER:
        return _over(meeting)
    there = attendees(meeting, seats)
    if actor in there:
        return None
    return Refusal("minutes.not_there", "3.2d", {"who": tuple(dict.fromkeys((meeting.owes, *there)))})


def attendees(meeting: Meeting, seats: Sequence[Seat]) -> tuple[str, ...]:
    """Return who was there: those who signed in, and chair and recorder unless they said no."""
    return tuple(
        seat.userid for seat in seats
        if seat.here or (seat.userid in (meeting.chair, meeting.recorder, meeting.owes) and seat.answer != NO)
    )


def hand_in(meeting: Meeting, revision: int, now: datetime) -> Meeting:
    """Return a meeting with its minutes; the first hand-in decides about lateness, later ones are revisions."""
    if meeting.minutes_at is not None:
        return replace(meeting, version=meeting.version + 1, minutes_revision=revision)
    assert meeting.due_at is not None
    return replace(
        meeting, state=ItemState.DONE, version=meeting.version + 1, minutes_at=now, minutes_revision=revision,
        late_seconds=lateness(meeting.due_at, now),
    )


def lateness(due_at: datetime, at: datetime) -> int:
    """Return whole seconds from due to done, 0 when in time (3.2d: lateness is kept to the second)."""
    return max(0, int((at - due_at).total_seconds()))


# --- meetings that exist by themselves ------------------------------------------------------------------------------


def managers_of_all(org: Org) -> tuple[Person, ...]:
    """Return heads and supervisors of every department (4.2a)."""
    heads = {department.head for department in org.departments.values() if department.head}
    return tuple(
        person for person in org.active_people()
        if person.userid in heads or person.grade in (Grade.SUPERVISOR, Grade.DIRECTOR)
    )


def executives_of(org: Org) -> tuple[Person, ...]:
    """Return the executives (4.2b)."""
    return tuple(person for person in org.active_people() if person.grade is Grade.EXECUTIVE)


def liaisons_of(org: Org) -> tuple[Person, ...]:
    """Return the departments' liaisons and supervisors (8b)."""
    return tuple(
        person for person in org.active_people()
        if Post.LIAISON in person.posts or person.grade is Grade.SUPERVISOR
    )


def recorders_of(org: Org) -> tuple[Person, ...]:
    """Return who may record the weekly meeting: the records department's specialists, else its supervisors."""
    records = [
        person for person in org.active_people()
        if (department := org.departments.get(person.department)) is not None
        and department.kind is DepartmentKind.RECORDS
    ]
    specialists = tuple(person for person in records if person.grade is Grade.SPECIALIST)
    return specialists or tuple(person for person in records if person.grade is Grade.SUPERVISOR)


def in_turn(candidates: Sequence[Person], last_served: dict[str, datetime]) -> Person | None:
    """Return whose turn it is: who never served before (by userid), else whose last time is longest ago."""
    never = [person for person in candidates if person.userid not in last_served]
    if never:
        return min(never, key=lambda person: person.userid)
    return min(candidates, key=lambda person: (last_served[person.userid], person.userid), default=None)


def standing_day(kind: str, day: date, calendar: WorkingCalendar) -> tuple[date, int] | None:
    """
    Return on which day the standing meeting of the week or quarter that `day` lies in is held, and its period.

    The period is the ordinal of the Monday (weekly) or of the quarter's first day; moved by the working calendar.
    None: a week without a working day has no meeting; the next week's speaks for both.
    """
    if kind == WEEKLY:
        monday = day - timedelta(days=day.weekday())
        held = calendar.next_working_day(monday, inclusive=True)
        return (held, monday.toordinal()) if held < monday + timedelta(days=7) else None
    first = day.replace(day=1, month=(day.month - 1) // 3 * 3 + 1)
    if kind == STRATEGY:
        return calendar.last_working_day_of_quarter(day), first.toordinal()
    middle = first.replace(month=first.month + 1, day=15)
    return calendar.next_working_day(middle, inclusive=True), first.toordinal()


def _over(meeting: Meeting) -> Refusal:
    if meeting.ended_at is not None:
        return Refusal("meeting.ended", "3.2d", {"by": meeting.ended_by, "at": meeting.ended_at})
    return Refusal("meeting.over", "", {"state": meeting.state.value})
