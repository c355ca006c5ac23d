"""
Who chairs a meeting and who takes its minutes when the one named is away at its start (4.2a, 4.2b, 3.2d, 4.1c).

Away is who is on leave or has left; a delegation hands over signatures, its giver is here.
Values in, values out: no clock, no database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from policy.absences import AbsenceKind
from policy.meetings import NO, YES, Meeting, Seat
from policy.org import Org, Person
from policy.terms import Grade


class Keeping(StrEnum):
    """What somebody does for a meeting."""

    CHAIR = "chair"
    TAKER = "taker"


class Why(StrEnum):
    """Why somebody else keeps a meeting."""

    LEAVE = "leave"
    LEFT = "left"
    LEAVE_OVER = "leave_over"  # the one named has it again


_OVER = {Why.LEAVE: Why.LEAVE_OVER}
COMES_BACK = frozenset(_OVER)
AGAIN = frozenset(_OVER.values())


@dataclass(frozen=True)
class Replacement:
    """
    One change of who keeps a meeting.

    Attributes:
        was, now: userids; now is "" where nobody is found.
        under: QX-… of the leave, "" for who has left.
    """

    keeping: Keeping
    was: str
    now: str
    why: Why
    under: str = ""


def replacements(
    org: Org, meeting: Meeting, seats: Sequence[Seat], earlier: Mapping[Keeping, Replacement], at: datetime, *,
    present: str = "",
) -> tuple[Replacement, ...]:
    """
    Return who has to be replaced for a meeting to be kept at an instant, chair first; () when everybody is there.

    Where nobody can be found the meeting stays as it is; see `unkept`.

    Args:
        earlier: the newest replacement of each keeping, for giving it back.
        at: aware UTC, when the meeting starts.
        present: userid of whoever acts right now; who acts is there, whatever is registered.
    """
    return tuple(change for change in _changes(org, meeting, seats, earlier, at, present) if change.now)


def unkept(org: Org, meeting: Meeting, seats: Sequence[Seat], at: datetime) -> tuple[Replacement, ...]:
    """Return the keepings of those who are away at an instant and for whom nobody is found; `now` is ""."""
    return tuple(change for change in _changes(org, meeting, seats, {}, at, "") if not change.now)


def is_there(org: Org, userid: str, at: datetime) -> bool:
    """Return whether somebody works here and is not on leave at an instant."""
    return _away(org, userid, at) is None


def owing(org: Org, meeting: Meeting, seats: Sequence[Seat], at: datetime) -> Replacement | None:
    """
    Return who owes the minutes of a meeting that is over in place of who does, by the rule of the minutes taker.

    Returns:
        None while who owes them is there, as is who came to the meeting although on leave already. `now` is "" where
        nobody is found; of somebody who has left it is the superior at last, since a leaver owes nothing.
    """
    reason = _away(org, meeting.owes, at)
    if reason is None or _came_all_the_same(org, meeting.owes, seats, at):
        return None
    why, under = reason
    successor = next(_takers(org, replace(meeting, recorder=meeting.owes), seats, at, ""), "")
    if not successor and why is Why.LEFT:
        superior = org.superior_of(meeting.owes)
        successor = superior.userid if superior is not None else ""
    return Replacement(Keeping.TAKER, meeting.owes, successor, why, under)


def _changes(
    org: Org, meeting: Meeting, seats: Sequence[Seat], earlier: Mapping[Keeping, Replacement], at: datetime,
    present: str,
) -> Iterator[Replacement]:
    """Yield what changes for each keeping; `now` is "" where somebody is away and nobody is found."""
    now = meeting
    for keeping in Keeping:
        held = holder(now, keeping)
        change = _back(org, earlier.get(keeping), held, at)
        if change is None and held != present and (reason := _away(org, held, at)) is not None:
            why, under = reason
            candidates = (_chairs if keeping is Keeping.CHAIR else _takers)(org, now, seats, at, present)
            change = Replacement(keeping, held, next(candidates, ""), why, under)
        if change is not None:
            yield change
            if change.now:
                now = _changed(now, change)


def applied(meeting: Meeting, changes: Sequence[Replacement]) -> Meeting:
    """Return a meeting with these replacements; each is a version of its own."""
    for change in changes:
        meeting = _changed(meeting, change)
    return meeting


def _changed(meeting: Meeting, change: Replacement) -> Meeting:
    version = meeting.version + 1
    if change.keeping is Keeping.CHAIR:
        return replace(meeting, version=version, chair=change.now)
    return replace(meeting, version=version, recorder=change.now)


def holder(meeting: Meeting, keeping: Keeping) -> str:
    """Return the userid of who keeps a meeting."""
    return meeting.chair if keeping is Keeping.CHAIR else meeting.recorder


def _back(org: Org, earlier: Replacement | None, held: str, at: datetime) -> Replacement | None:
    """Return the change that gives a keeping back to who was away and is there again."""
    if earlier is None or earlier.now != held or earlier.why not in COMES_BACK:
        return None
    if _away(org, earlier.was, at) is not None:
        return None
    return Replacement(earlier.keeping, held, earlier.was, _OVER[earlier.why], earlier.under)


def _away(org: Org, userid: str, at: datetime) -> tuple[Why, str] | None:
    """Return why somebody is away at an instant and under which number, None when they are there."""
    if org.person(userid) is None:
        return Why.LEFT, ""
    absence = org.absence_of(userid, at)
    if absence is None or absence.kind is not AbsenceKind.LEAVE:
        return None
    return Why.LEAVE, absence.number


def _came_all_the_same(org: Org, userid: str, seats: Sequence[Seat], at: datetime) -> bool:
    """Return whether somebody signed in after their leave had begun: who comes is there, whatever is registered."""
    absence = org.absence_of(userid, at)
    seat = next((seat for seat in seats if seat.userid == userid), None)
    return absence is not None and seat is not None and seat.here_at is not None and seat.here_at >= absence.starts_at


def _chairs(org: Org, meeting: Meeting, seats: Sequence[Seat], at: datetime, present: str) -> Iterator[str]:
    """Yield who may chair instead, best first: the stand-in, the line above, a director of the department."""
    named = org.people.get(meeting.chair)
    department = named.department if named is not None else ""
    directors = [
        person for person in org.active_people()
        if person.department == department and person.grade.rank >= Grade.DIRECTOR.rank
    ]
    wanted = [*_stand_in(org, meeting.chair, at), *org.line_above(meeting.chair), *directors]
    yield from _there(org, wanted, meeting.chair, seats, at, present)


def _takers(org: Org, meeting: Meeting, seats: Sequence[Seat], at: datetime, present: str) -> Iterator[str]:
    """
    Yield who may take the minutes instead: the stand-in, the department, the others, the chair at last.

    Once people have signed in, those who were there, the chair at last, come before those who were not: they know
    what was said.
    """
    named = org.people.get(meeting.recorder)
    department = named.department if named is not None else ""
    ranked = sorted(seats, key=lambda seat: (seat.answer != YES, seat.userid))
    invited = [person for seat in ranked if (person := org.person(seat.userid)) is not None]
    own = [person for person in invited if person.department == department]
    chair = org.person(meeting.chair)
    last = [chair] if chair is not None else []
    wanted = [
        *(each for each in (*_stand_in(org, meeting.recorder, at), *own, *invited) if each.userid != meeting.chair),
        *last,
    ]
    here = {seat.userid for seat in seats if seat.here}
    wanted.sort(key=lambda person: person.userid not in here)
    yield from _there(org, wanted, meeting.recorder, seats, at, present)


def _stand_in(org: Org, userid: str, at: datetime) -> list[Person]:
    absence = org.absence_of(userid, at)
    stand_in = org.person(absence.by) if absence is not None else None
    return [stand_in] if stand_in is not None else []


def _there(
    org: Org, people: Sequence[Person], instead_of: str, seats: Sequence[Seat], at: datetime, present: str
) -> Iterator[str]:
    """Yield those who are neither away nor have said that they do not come and stayed away."""
    declined = {seat.userid for seat in seats if seat.answer == NO and not seat.here}
    for person in people:
        if person.userid == instead_of or person.userid in declined:
            continue
        if person.userid == present or _away(org, person.userid, at) is None:
            yield person.userid
