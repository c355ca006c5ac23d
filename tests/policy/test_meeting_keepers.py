"""Who keeps a meeting when chair or minutes taker is away: a table of cases (4.2a, 4.2b, 3.2d, 4.1c)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from policy.absences import Absence, AbsenceKind
from policy.meeting_keepers import Keeping, Replacement, Why, applied, owing, replacements, unkept
from policy.meetings import Meeting, Seat
from policy.org import Department, Org, Person
from policy.terms import DepartmentKind, Grade, ItemState

START = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
SEATS = (Seat("gao"), Seat("lin", "yes"), Seat("su"), Seat("wei"), Seat("xu"))
PEOPLE = (
    Person("zhao", "赵总", "office", Grade.EXECUTIVE),
    Person("lin", "林总监", "sales", Grade.DIRECTOR, manager="zhao"),
    Person("bai", "白总监", "sales", Grade.DIRECTOR),
    Person("su", "苏主管", "sales", Grade.SUPERVISOR, manager="lin"),
    Person("xu", "许专员", "sales", Grade.SPECIALIST, manager="su"),
    Person("gao", "高总监", "rd", Grade.DIRECTOR, manager="zhao"),
    Person("wei", "魏工", "rd", Grade.SPECIALIST, manager="gao"),
)
DEPARTMENTS = tuple(
    Department(each, each, kind)
    for each, kind in (("office", DepartmentKind.EXECUTIVE), ("sales", DepartmentKind.SALES), ("rd", DepartmentKind.RD))
)


def away(
    person: str, by: str | None = None, *, kind: AbsenceKind = AbsenceKind.LEAVE, starts: int = -1440, ends: int = 60
) -> Absence:
    """Return an absence from so many minutes after the meeting's start to so many."""
    return Absence(
        f"QX-{person}", kind, person, by, START + timedelta(minutes=starts), START + timedelta(minutes=ends)
    )


def company(absences: tuple[Absence, ...], left: tuple[str, ...] = ()) -> Org:
    people = [
        Person(p.userid, p.name, p.department, p.grade, manager=p.manager, active=p.userid not in left) for p in PEOPLE
    ]
    return Org.of(1, DEPARTMENTS, people, absences)


def meeting(chair: str, recorder: str) -> Meeting:
    return Meeting(
        "HY-20261123-0001", "meeting", "", "", 0, "月会", ItemState.PLANNED, 1, START, START + timedelta(hours=1),
        START + timedelta(minutes=90), "wei", chair, recorder,
    )


CASES = {
    "everybody is there": ("lin", "xu", (), (), ("lin", "xu")),
    "the leave ends at the start": ("lin", "xu", (away("lin", "gao", ends=0),), (), ("lin", "xu")),
    "the stand-in chairs": ("lin", "xu", (away("lin", "gao"),), (), ("gao", "xu")),
    "who delegates is here": ("lin", "xu", (away("lin", "gao", kind=AbsenceKind.DELEGATION),), (), ("lin", "xu")),
    "a stand-in who is away too is passed over": ("lin", "xu", (away("lin", "gao"), away("gao")), (), ("zhao", "xu")),
    "a stand-in who has left is passed over": ("lin", "xu", (away("lin", "gao"),), ("gao",), ("zhao", "xu")),
    "the superior chairs": ("su", "xu", (away("su"),), (), ("lin", "xu")),
    "a superior away is climbed over": ("su", "xu", (away("su"), away("lin")), (), ("zhao", "xu")),
    "the line is away: a director of the department": (
        "su", "xu", (away("su"), away("lin"), away("zhao")), (), ("bai", "xu"),
    ),
    "nobody is left to chair": ("zhao", "xu", (away("zhao"),), (), ("zhao", "xu")),
    "a chair who has left": ("lin", "xu", (), ("lin",), ("zhao", "xu")),
    "the taker's stand-in": ("lin", "xu", (away("xu", "wei"),), (), ("lin", "wei")),
    "the taker's department": ("lin", "xu", (away("xu"),), (), ("lin", "su")),
    "not the chair, even as stand-in": ("lin", "xu", (away("xu", "lin"),), (), ("lin", "su")),
    "another department before the chair": ("lin", "xu", (away("xu"), away("su")), (), ("lin", "gao")),
    "the chair at last": ("lin", "xu", (away("xu"),), ("su", "gao", "wei"), ("lin", "lin")),
    "chair and taker in one": ("lin", "lin", (away("lin", "gao"),), (), ("gao", "su")),
    "chair and taker away": ("lin", "xu", (away("lin"), away("xu")), (), ("zhao", "su")),
}


@pytest.mark.parametrize("case", list(CASES))
def test_who_is_away_at_the_start_is_replaced(case: str) -> None:
    chair, recorder, absences, left, expected = CASES[case]
    found = replacements(company(absences, left), meeting(chair, recorder), SEATS, {}, START)
    now = {change.keeping: change.now for change in found}
    assert (now.get(Keeping.CHAIR, chair), now.get(Keeping.TAKER, recorder)) == expected
    assert all(change.was != change.now for change in found)


def test_who_said_no_is_not_asked_instead() -> None:
    seats = (Seat("gao", "no"), Seat("lin"), Seat("su", "no"), Seat("wei"), Seat("xu"))
    found = replacements(company((away("lin", "gao"), away("xu"))), meeting("lin", "xu"), seats, {}, START)
    assert [change.now for change in found] == ["zhao", "wei"]


def test_who_begins_the_meeting_is_there() -> None:
    assert replacements(company((away("lin", "gao"),)), meeting("lin", "xu"), SEATS, {}, START, present="lin") == ()


@pytest.mark.parametrize(
    ("kind", "again"), [(Why.LEAVE, Why.LEAVE_OVER), (Why.LEFT, None)]
)
def test_who_is_back_has_it_again_and_who_left_has_not(kind: Why, again: Why | None) -> None:
    earlier = {Keeping.CHAIR: Replacement(Keeping.CHAIR, "lin", "gao", kind, "QX-lin")}
    found = replacements(company(()), meeting("gao", "xu"), SEATS, earlier, START)
    assert [change.why for change in found] == ([again] if again is not None else [])
    assert [change.now for change in found] == (["lin"] if again is not None else [])


def test_a_chair_named_by_hand_meanwhile_stays() -> None:
    earlier = {Keeping.CHAIR: Replacement(Keeping.CHAIR, "lin", "gao", Why.LEAVE, "QX-lin")}
    assert replacements(company(()), meeting("su", "xu"), SEATS, earlier, START) == ()


def test_each_replacement_is_a_version_of_its_own() -> None:
    planned = meeting("lin", "xu")
    after = applied(planned, replacements(company((away("lin"), away("xu"))), planned, SEATS, {}, START))
    assert (after.chair, after.recorder, after.version) == ("zhao", "su", planned.version + 2)


OWED = {
    "they are there": ((), (), SEATS, None),
    "a delegation hands over signatures alone": (
        (away("xu", "gao", kind=AbsenceKind.DELEGATION),), (), SEATS, None,
    ),
    "the own department": ((away("xu"),), (), SEATS, "su"),
    "who was there comes first": ((away("xu"),), (), (Seat("gao", here_at=START), Seat("lin"), Seat("su")), "gao"),
    "the stand-in who was there before all": (
        (away("xu", "wei"),), (), (Seat("su", here_at=START), Seat("wei", here_at=START)), "wei",
    ),
    "the chair who was there before who was not": (
        (away("xu"),), (), (Seat("gao"), Seat("lin", here_at=START)), "lin",
    ),
    "the chair after the others who were there": (
        (away("xu"),), (), (Seat("gao", here_at=START), Seat("lin", here_at=START)), "gao",
    ),
    "who said no and came": ((away("xu"),), (), (Seat("gao"), Seat("su", "no", here_at=START)), "su"),
    "who said no and stayed away": ((away("xu"),), (), (Seat("gao"), Seat("su", "no")), "gao"),
    "nobody but the chair": ((away("xu"),), (), (Seat("lin"), Seat("xu")), "lin"),
    "who came although on leave": ((away("xu"),), (), (Seat("su"), Seat("xu", here_at=START)), None),
    "the leave began after they had come": (
        (away("xu", starts=10),), (), (Seat("su"), Seat("xu", here_at=START)), "su",
    ),
    "a leaver": ((), ("xu",), SEATS, "su"),
    "of a leaver the superior where nobody else is": ((away("lin"),), ("xu",), (Seat("lin"), Seat("xu")), "su"),
    "nobody at all": ((away("xu"), away("lin")), (), (Seat("lin"), Seat("xu")), ""),
}


@pytest.mark.parametrize("case", list(OWED))
def test_minutes_that_are_owed_pass_on_by_the_rule_of_the_taker(case: str) -> None:
    absences, left, seats, expected = OWED[case]
    over = replace(meeting("lin", "xu"), state=ItemState.ENDED, owes="xu")
    found = owing(company(absences, left), over, seats, START + timedelta(minutes=30))
    assert (found.now if found is not None else None) == expected


def test_whom_nobody_can_replace_is_named() -> None:
    org = company((away("zhao"), away("xu"), away("lin")), ("su", "gao", "wei"))
    assert [(each.keeping, each.was, each.now) for each in unkept(org, meeting("zhao", "xu"), SEATS, START)] == [
        (Keeping.CHAIR, "zhao", ""), (Keeping.TAKER, "xu", ""),
    ]
    assert unkept(company((away("lin", "gao"),)), meeting("lin", "xu"), SEATS, START) == ()
