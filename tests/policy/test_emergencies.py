"""紧急先办: authority, cap, date of the ratification, who is told, as tables of cases (4.1b)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from policy.calendar import WorkingCalendar
from policy.emergencies import executives, next_above, ratify_by, refuse_order, told_of
from policy.org import Department, Org, Person
from policy.parameters import Parameters
from policy.terms import DepartmentKind, Grade, Post

ZHAO = Person("zhao", "赵总", "office", Grade.EXECUTIVE, posts=frozenset({Post.CEO}))
YAN = Person("yan", "严副总", "office", Grade.EXECUTIVE, manager="zhao")
GAO = Person("gao", "高总监", "rd", Grade.DIRECTOR, manager="zhao")
LUO = Person("luo", "罗主管", "rd", Grade.SUPERVISOR, manager="gao")
WEI = Person("wei", "魏工", "rd", Grade.SPECIALIST, manager="luo")
QIAN = Person("qian", "钱总监", "finance", Grade.DIRECTOR, manager="zhao", posts=frozenset({Post.FINANCE_APPROVER}))
ORG = Org.of(1, [Department("rd", "研发部", DepartmentKind.RD, "gao")], [ZHAO, YAN, GAO, LUO, WEI, QIAN])
CAP = 5_000_000


@pytest.mark.parametrize(
    ("orderer", "team", "fen", "code", "why"),
    [
        (LUO, (WEI,), 100, None, "a supervisor orders"), (WEI, (LUO,), 100, None, "a supervisor in the team"),
        (WEI, (WEI,), 100, "emergency.no_authority", "specialists alone"),
        (LUO, (WEI,), CAP, None, "at most the cap"), (LUO, (WEI,), CAP + 1, "emergency.above_cap", "one fen above"),
        (GAO, (LUO,), CAP + 1, "emergency.above_cap", "a director is no executive"),
        (LUO, (YAN,), CAP + 1, None, "an executive in the team"), (ZHAO, (WEI,), 10 * CAP, None, "an executive orders"),
        (WEI, (), CAP + 1, "emergency.above_cap", "the cap first"),
    ],
)
def test_who_may_order_what(orderer: Person, team: tuple[Person, ...], fen: int, code: str | None, why: str) -> None:
    refused = refuse_order(orderer, team, fen, Parameters())
    assert (refused.code if refused is not None else None) == code, why


@pytest.mark.parametrize(
    ("ordered", "due", "why"),
    [
        (datetime(2026, 11, 23, 18, 30, tzinfo=UTC), datetime(2026, 11, 26, 18, 30, tzinfo=UTC), "72 hours"),
        (datetime(2026, 11, 27, 2, 0, tzinfo=UTC), datetime(2026, 12, 1, 10, 0, tzinfo=UTC), "Friday: Tuesday 18:00"),
        (datetime(2026, 11, 28, 2, 0, tzinfo=UTC), datetime(2026, 12, 1, 10, 0, tzinfo=UTC), "Saturday: the same"),
        (datetime(2026, 9, 30, 2, 0, tzinfo=UTC), datetime(2026, 10, 9, 10, 0, tzinfo=UTC), "before the holidays"),
    ],
)
def test_when_it_is_to_be_ratified(ordered: datetime, due: datetime, why: str) -> None:
    holidays = frozenset(date(2026, 10, day) for day in range(1, 8))
    assert ratify_by(ordered, WorkingCalendar(rest_days=holidays), Parameters()) == due, why


@pytest.mark.parametrize(
    ("orderer", "team", "told"),
    [
        ("wei", ("wei", "luo"), ("gao", "qian", "zhao")), ("wei", (), ("luo", "gao", "qian", "zhao")),
        ("zhao", ("wei",), ("qian",)), ("qian", ("wei",), ("zhao",)), ("wei", ("zhao",), ("luo", "gao", "qian")),
    ],
)
def test_the_whole_chain_is_told_but_not_those_who_know(
    orderer: str, team: tuple[str, ...], told: tuple[str, ...]
) -> None:
    assert told_of(ORG, orderer, team) == told


def test_it_climbs_one_superior_at_a_time_to_the_top() -> None:
    climbed = [next_above(ORG, "wei", step) for step in range(4)]
    assert [person.userid if person is not None else None for person in climbed] == ["luo", "gao", "zhao", None]
    assert executives(ORG) == ("yan", "zhao")
