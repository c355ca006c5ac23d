"""Who sits in a signer's seat: delegations, leaves, limits and the line above, as tables of cases (4.1a, 4.1c)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from policy.absences import Absence, AbsenceKind, refuse_period
from policy.calendar import WorkingCalendar
from policy.org import Department, Org, Person
from policy.parameters import Parameters
from policy.standing_in import Asked, Question, who_is_asked
from policy.terms import DepartmentKind, Grade, Post

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # Tuesday 12:00 in Shanghai
DAY = timedelta(days=1)
LIMIT = Parameters().director_from
PEOPLE = (
    Person("zhao", "赵总", "office", Grade.EXECUTIVE, posts=frozenset({Post.CEO})),
    Person("yan", "严副总", "office", Grade.EXECUTIVE, manager="zhao", posts=frozenset({Post.COUNTER_SIGNER})),
    Person("lin", "林总监", "sales", Grade.DIRECTOR, manager="zhao"),
    Person("su", "苏主管", "sales", Grade.SUPERVISOR, manager="lin"),
    Person("luo", "罗主管", "rd", Grade.SUPERVISOR, manager="zhao"),
    Person("xu", "许专员", "sales", Grade.SPECIALIST, manager="su"),
    Person("qian", "钱总监", "office", Grade.DIRECTOR, manager="zhao", posts=frozenset({Post.FINANCE_APPROVER})),
)
DELEGATION, LEAVE = AbsenceKind.DELEGATION, AbsenceKind.LEAVE


def org(*absences: tuple[AbsenceKind, str, str | None], gone: str = "") -> Org:
    running = [
        Absence(f"QX-{at}", kind, person, by, NOON - DAY, NOON + 5 * DAY)
        for at, (kind, person, by) in enumerate(absences)
    ]
    people = [replace(person, active=person.userid != gone) for person in PEOPLE]
    return Org.of(1, [Department("sales", "销售部", DepartmentKind.SALES, "lin")], people, running)


def asked(
    where: Org, signer: str, *, fen: int | None = 100, applicant: str = "xu",
    others: tuple[str, ...] = ("qian", "zhao"), waited: timedelta = timedelta(0), now: datetime = NOON,
) -> list[str]:
    question = Question(signer, applicant, fen, others, now - waited)
    seats = who_is_asked(where, question, now, WorkingCalendar(), Parameters())
    return [f"{seat.userid}/{seat.acting_for}" for seat in seats]


@pytest.mark.parametrize(
    ("absences", "question", "expected", "why"),
    [
        ((), {"signer": "su"}, ["su/"], "nobody is away"),
        (((DELEGATION, "su", "luo"),), {"signer": "su"}, ["luo/su"], "a delegate signs"),
        (((DELEGATION, "lin", "luo"),), {"signer": "su"}, ["su/"], "somebody else's delegation"),
        (((DELEGATION, "su", "luo"), (DELEGATION, "luo", "yan")), {"signer": "su"}, ["luo/su"], "depth one"),
        (((DELEGATION, "su", "luo"), (DELEGATION, "luo", "yan")), {"signer": "luo"}, ["yan/luo"], "the delegate's own"),
        (((DELEGATION, "su", "luo"),), {"signer": "su", "applicant": "luo"}, ["su/"], "never the applicant"),
        (((DELEGATION, "su", "luo"),), {"signer": "su", "fen": LIMIT}, ["luo/su"], "a supervisor's seat, any sum"),
        (((DELEGATION, "lin", "luo"),), {"signer": "lin", "fen": LIMIT - 1}, ["luo/lin"], "below the limit"),
        (((DELEGATION, "lin", "luo"),), {"signer": "lin", "fen": LIMIT}, ["lin/"], "the lower limit counts"),
        (((DELEGATION, "lin", "yan"),), {"signer": "lin", "fen": LIMIT}, ["yan/lin"], "an executive may"),
        (((DELEGATION, "lin", "luo"),), {"signer": "lin", "fen": None}, ["luo/lin"], "no sum, no limit"),
        (((DELEGATION, "su", "xu"),), {"signer": "su", "applicant": "luo"}, ["su/"], "a specialist signs nothing"),
        (((DELEGATION, "lin", "qian"),), {"signer": "lin", "fen": LIMIT}, ["lin/"], "no second seat above the limit"),
        (((DELEGATION, "lin", "qian"),), {"signer": "lin"}, ["qian/lin"], "below it two others remain"),
        (((DELEGATION, "lin", "qian"),), {"signer": "lin", "others": ("qian",)}, ["lin/"], "two people must remain"),
        (((DELEGATION, "su", "luo"), (LEAVE, "luo", None)), {"signer": "su"}, ["su/"], "the delegate is away"),
        (((LEAVE, "su", "luo"),), {"signer": "su"}, ["luo/su"], "a deputy on leave signs"),
        (((LEAVE, "su", None),), {"signer": "su"}, ["su/"], "nobody named, just come"),
        (((LEAVE, "su", None),), {"signer": "su", "waited": DAY}, ["su/", "lin/su"], "eight working hours later"),
        (((LEAVE, "su", "luo"),), {"signer": "su", "applicant": "luo", "waited": DAY}, ["su/", "lin/su"],
         "the deputy's own"),
        (((LEAVE, "su", None), (LEAVE, "lin", None)), {"signer": "su", "waited": DAY, "others": ("qian",)},
         ["su/", "zhao/su"], "the superior is away too"),
        (((LEAVE, "lin", None),), {"signer": "lin", "waited": DAY, "fen": LIMIT}, ["lin/", "yan/lin"],
         "above the limit the CEO signs already: the counter-signer"),
        (((LEAVE, "zhao", None),), {"signer": "zhao", "waited": DAY, "others": ("su", "qian")}, ["zhao/", "yan/zhao"],
         "nobody above the top: the counter-signer"),
        (((DELEGATION, "su", None),), {"signer": "su", "waited": DAY}, ["su/"], "only a leave asks the line above"),
    ],
)
def test_who_is_asked(
    absences: tuple[tuple[AbsenceKind, str, str | None], ...], question: dict[str, object], expected: list[str],
    why: str,
) -> None:
    assert asked(org(*absences), **question) == expected, why  # type: ignore[arg-type]


def test_a_delegate_who_has_left_is_not_asked() -> None:
    assert asked(org((DELEGATION, "su", "luo"), gone="luo"), "su") == ["su/"]


@pytest.mark.parametrize(
    ("at", "expected"),
    [(NOON - DAY - timedelta(seconds=1), "su"), (NOON - DAY, "luo"), (NOON + 5 * DAY - timedelta(seconds=1), "luo"),
     (NOON + 5 * DAY, "su")],
)
def test_a_period_includes_its_start_and_not_its_end(at: datetime, expected: str) -> None:
    seats = who_is_asked(
        org((DELEGATION, "su", "luo")), Question("su", "xu", 100, (), at), at, WorkingCalendar(), Parameters()
    )
    assert seats == (Asked(expected, *(("su", "QX-0") if expected == "luo" else ())),)


def test_the_eight_hours_are_working_hours_counted_from_when_both_hold() -> None:
    where = org((LEAVE, "su", None))
    came = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # Tuesday 16:00: two hours that day, six the next
    before, after = datetime(2026, 11, 25, 6, 59, tzinfo=UTC), datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
    assert asked(where, "su", now=before, waited=before - came) == ["su/"]
    assert asked(where, "su", now=after, waited=after - came) == ["su/", "lin/su"]


@pytest.mark.parametrize(
    ("starts", "ends", "code"),
    [
        (timedelta(0), DAY, None), (2 * DAY, 3 * DAY, None), (-2 * DAY, -DAY, "absence.past"),
        (DAY, DAY, "absence.past"), (timedelta(0), 61 * DAY, "absence.too_long"),
        (9 * DAY, 11 * DAY, "absence.overlaps"), (12 * DAY, 13 * DAY, None), (10 * DAY, 12 * DAY, "absence.overlaps"),
        (8 * DAY, 10 * DAY, None),
    ],
)
def test_a_period_lies_ahead_has_an_end_and_overlaps_no_other(
    starts: timedelta, ends: timedelta, code: str | None
) -> None:
    existing = [Absence("QX-1", DELEGATION, "su", "luo", NOON + 10 * DAY, NOON + 12 * DAY)]
    refused = refuse_period(existing, "su", NOON + starts, NOON + ends, now=NOON, most_days=60)
    assert (refused.code if refused is not None else None) == code
    assert refuse_period(existing, "lin", NOON + 10 * DAY, NOON + 12 * DAY, now=NOON, most_days=60) is None
