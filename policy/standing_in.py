"""
Who sits in a signer's seat at an instant: the signer, or who stands in (4.1a, 4.1c; research/approvals (d) 7, 10, 11).

Depth one: a stand-in's own stand-in is never asked. Nobody is asked about their own. The lower of the two limits
counts: who stands in needs a grade that may sign the sum in that seat. Where nobody
fits, the seat waits for its signer; on leave the line above is asked too after some working hours. Never an
automatic yes.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from policy.absences import Absence, AbsenceKind
from policy.calendar import WorkingCalendar
from policy.chains import Role
from policy.org import Org, Person
from policy.parameters import Parameters
from policy.terms import Grade, Post

LEAST_SIGNERS = 2  # different people that remain whoever stands in (4.1a)


@dataclass(frozen=True)
class Asked:
    """
    Somebody who is asked to decide.

    Attributes:
        userid: who is asked.
        acting_for: userid of the signer stood in for, "" for the signer in person.
        under: QX-… of the delegation or leave, "" for the signer in person.
    """

    userid: str
    acting_for: str = ""
    under: str = ""


@dataclass(frozen=True)
class Question:
    """
    What is to be decided, as far as it bears on who may stand in.

    Attributes:
        signer: userid whose seat it is.
        others: userids of the item's other signers: who decided, else who will be asked.
        since: when the step began to wait, aware UTC.
    """

    signer: str
    applicant: str
    fen: int | None
    others: Collection[str]
    since: datetime


def who_is_asked(
    org: Org, question: Question, now: datetime, calendar: WorkingCalendar, parameters: Parameters
) -> tuple[Asked, ...]:
    """Return who is asked now, at least one; several when a superior is asked beside an absent signer."""
    own = Asked(question.signer)
    absence = org.absence_of(question.signer, now)
    if absence is None:
        return (own,)
    stand_in = org.person(absence.by)
    if stand_in is not None and fits(org, stand_in, question, now, parameters):
        return (Asked(stand_in.userid, question.signer, absence.number),)
    if absence.kind is AbsenceKind.LEAVE and now >= superior_asked_at(absence, question.since, calendar, parameters):
        above = stand_in_above(org, question, now, parameters)
        if above is not None:
            return (own, Asked(above.userid, question.signer, absence.number))
    return (own,)


def superior_asked_at(
    absence: Absence, since: datetime, calendar: WorkingCalendar, parameters: Parameters
) -> datetime:
    """Return when the line above is asked beside somebody on leave whom nobody stands in for."""
    return calendar.add_working_hours(max(absence.starts_at, since), parameters.stand_in_after_hours)


def stand_in_above(org: Org, question: Question, now: datetime, parameters: Parameters) -> Person | None:
    """Return the nearest superior who may stand in, else the counter-signer, else None."""
    for above in org.line_above(question.signer):
        if fits(org, above, question, now, parameters):
            return above
    counter = org.holder(Post.COUNTER_SIGNER)
    return counter if counter is not None and fits(org, counter, question, now, parameters) else None


def fits(org: Org, stand_in: Person, question: Question, now: datetime, parameters: Parameters) -> bool:
    """Return whether somebody may sign in that seat."""
    if stand_in.userid in (question.applicant, question.signer):
        return False
    absence = org.absence_of(stand_in.userid, now)
    if absence is not None and absence.kind is AbsenceKind.LEAVE:
        return False
    signer = org.people[question.signer]
    if not may_sign(stand_in, question.fen, parameters, instead_of=signer):
        return False
    if stand_in.userid not in question.others:
        return True
    large = question.fen is not None and question.fen >= parameters.director_from
    return not large and len({*question.others}) >= LEAST_SIGNERS


def may_sign(person: Person, fen: int | None, parameters: Parameters, *, instead_of: Person) -> bool:
    """
    Return whether a person's grade may sign a sum in somebody's seat.

    Supervisors sign below the limit of 4.1a; from it on only who has a director's grade, unless the seat itself is
    a supervisor's (then the director signs beside it anyway).
    """
    needed = Grade.SUPERVISOR
    if fen is not None and fen >= parameters.director_from and instead_of.grade.rank >= Grade.DIRECTOR.rank:
        needed = Grade.DIRECTOR
    return person.grade.rank >= needed.rank


def post_of(roles: Collection[Role]) -> Post | None:
    """Return the post whose holder signs in one of these capacities, None for those of the line of report."""
    return next((_POSTS[role] for role in roles if role in _POSTS), None)


_POSTS = {Role.FINANCE: Post.FINANCE_APPROVER, Role.CEO: Post.CEO, Role.COUNTER: Post.COUNTER_SIGNER}
