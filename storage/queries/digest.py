"""What the Monday digest counts: work due, what last week left open, how much was filed per region (4.2a, 1.1a)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, case, func, literal_column, select

from policy.terms import ItemState, Noun
from storage.moments import to_ms
from storage.queries.items import OpenWork, open_from
from storage.tables import ITEM, OPEN_WORK
from storage.unit import Unit

_UNSETTLED = (ItemState.PENDING.value, ItemState.RETURNED.value, ItemState.OPEN.value)
WEEK_MS = 7 * 24 * 3600 * 1000


def work_due(unit: Unit, userids: Collection[str] | None, before: datetime) -> list[OpenWork]:
    """
    Return what waits for these people (None: for everybody) and is due before an instant, the earliest first.

    An item that waits for several people comes once.
    """
    statement = (
        select(OPEN_WORK)
        .where(OPEN_WORK.c.due_at < to_ms(before))
        .order_by(OPEN_WORK.c.due_at, OPEN_WORK.c.number, OPEN_WORK.c.userid)
    )
    if userids is not None:
        statement = statement.where(OPEN_WORK.c.userid.in_(sorted(userids)))
    found: dict[tuple[str, str], OpenWork] = {}
    for row in unit.all(statement):
        work = open_from(row)
        found.setdefault((work.number, work.what), work)
    return list(found.values())


def left_open(
    unit: Unit, authors: Collection[str] | None, since: datetime, until: datetime
) -> list[tuple[Noun, int]]:
    """Return per noun how many items these people (None: everybody) filed in a span that are still not settled."""
    statement = (
        select(ITEM.c.noun, func.count())
        .where(
            ITEM.c.created_at >= to_ms(since), ITEM.c.created_at < to_ms(until), ITEM.c.state.in_(_UNSETTLED)
        )
        .group_by(ITEM.c.noun)
    )
    if authors is not None:
        statement = statement.where(ITEM.c.author.in_(sorted(authors)))
    return sorted(((Noun(noun), int(count)) for noun, count in unit.all(statement)), key=lambda row: (-row[1], row[0]))


def filed_by_region(
    unit: Unit, authors: Collection[str] | None, until: datetime, weeks: int
) -> dict[str, list[int]]:
    """Return per region how many records these people (None: everybody) filed in each week, the newest first."""
    end = to_ms(until)
    age: ColumnElement[int] = case(
        *(
            (ITEM.c.created_at >= end - (week + 1) * WEEK_MS, literal_column(str(week), BigInteger))
            for week in range(weeks)
        ),
        else_=literal_column(str(weeks), BigInteger),
    ).label("age")
    statement = (
        select(ITEM.c.region, age, func.count())
        .where(
            ITEM.c.noun == Noun.RECORD.value, ITEM.c.created_at >= end - weeks * WEEK_MS, ITEM.c.created_at < end
        )
        .group_by(ITEM.c.region, age)
    )
    if authors is not None:
        statement = statement.where(ITEM.c.author.in_(sorted(authors)))
    counts: dict[str, list[int]] = {}
    for region, week, count in unit.all(statement):
        counts.setdefault(region, [0] * weeks)[int(week)] = int(count)
    return counts


@dataclass(frozen=True)
class Standing:
    """How much a department has open, and how much of it is overdue."""

    department: str
    open: int
    overdue: int


def standing_by_department(unit: Unit, now: datetime) -> list[Standing]:
    """Return for each department with open items how many there are and how many are overdue (1.1a)."""
    late = func.count(func.distinct(case((OPEN_WORK.c.due_at < to_ms(now), OPEN_WORK.c.number))))
    statement = (
        select(ITEM.c.department, func.count(func.distinct(ITEM.c.number)), late)
        .join(OPEN_WORK, OPEN_WORK.c.number == ITEM.c.number)
        .group_by(ITEM.c.department)
    )
    rows = [Standing(department, int(count), int(overdue)) for department, count, overdue in unit.all(statement)]
    return sorted(rows, key=lambda row: (-row.overdue, -row.open, row.department))
