"""What the radars look at: applications with a sum near each other, and decisions of a span (3.1a, 4.1a)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, case, func, or_, select
from sqlalchemy import text as sql_text

from policy.radars import Decided, Spending, Tally
from policy.terms import ItemState, Verb
from storage.canonical import from_json
from storage.moments import from_ms, to_ms
from storage.radar_tables import LIKENESS
from storage.statement import POSTGRESQL, SQLITE, Statement
from storage.tables import APPROVAL, ITEM, REVISION, SIGNATURE
from storage.unit import Row, Unit

_NEAR_MOST = 20  # of the newest; a hint that sums up more than so many says nothing to a signer
# In words: SQLite takes a partial index for nothing less.
_ASKED = sql_text("item.noun IN ('CG', 'SP')")
_COLUMNS = (
    ITEM.c.number, ITEM.c.kind, ITEM.c.author, ITEM.c.department, ITEM.c.title, APPROVAL.c.fen, APPROVAL.c.state,
    ITEM.c.created_at, REVISION.c.fields,
)
_JOINED = ITEM.join(APPROVAL, APPROVAL.c.number == ITEM.c.number).join(
    REVISION, (REVISION.c.number == ITEM.c.number) & (REVISION.c.revision == ITEM.c.revision)
)
_SPENT = select(*_COLUMNS).select_from(_JOINED).where(_ASKED, APPROVAL.c.fen.is_not(None))
_ALIKE = Statement(
    select(LIKENESS.c.number)
    .where(
        LIKENESS.c.core == bindparam("core"),
        LIKENESS.c.number >= bindparam("low"), LIKENESS.c.number < bindparam("high"),
        or_(LIKENESS.c.department == bindparam("department"), LIKENESS.c.author == bindparam("author")),
    )
    .order_by(LIKENESS.c.number.desc()).limit(_NEAR_MOST)
)
_REMEMBER = Statement(
    {
        SQLITE: "INSERT INTO likeness (core, number, department, author) "
        "VALUES (:core, :number, :department, :author) ON CONFLICT DO NOTHING",
        POSTGRESQL: "INSERT INTO likeness (core, number, department, author) "
        "VALUES (%(core)s, %(number)s, %(department)s, %(author)s) ON CONFLICT DO NOTHING",
    }
)
_SPAN = (ITEM.c.created_at >= bindparam("since"), ITEM.c.created_at <= bindparam("until"))
_BETWEEN = Statement(
    _SPENT.where(ITEM.c.number >= bindparam("first"), ITEM.c.number < bindparam("after"), *_SPAN)
    .order_by(ITEM.c.number)
)
_DECIDING = or_(*(SIGNATURE.c.verb == verb.value for verb in (Verb.APPROVE, Verb.RETURN, Verb.REJECT)))
_SIGNED = (SIGNATURE.c.at >= bindparam("since"), SIGNATURE.c.at < bindparam("until"), _DECIDING)
_DECIDED = Statement(
    select(SIGNATURE.c.actor, SIGNATURE.c.number, SIGNATURE.c.at).where(*_SIGNED).order_by(SIGNATURE.c.id)
)
_TALLY = Statement(
    select(
        SIGNATURE.c.actor, APPROVAL.c.applicant, func.count(),
        func.sum(case((SIGNATURE.c.verb == Verb.APPROVE.value, 0), else_=1)), func.max(SIGNATURE.c.number),
    )
    .select_from(SIGNATURE.join(APPROVAL, APPROVAL.c.number == SIGNATURE.c.number))
    .where(*_SIGNED).group_by(SIGNATURE.c.actor, APPROVAL.c.applicant).having(func.count() >= bindparam("least"))
)


def remember_cores(unit: Unit, number: str, department: str, author: str, cores: Sequence[str]) -> None:
    """Keep the keys by which an application is found again; those of its older revisions stay."""
    for core in cores:
        unit.run(_REMEMBER, core=core, number=number, department=department, author=author)


def spending_like(unit: Unit, own: Spending, since: datetime, until: datetime) -> list[Spending]:
    """
    Return the newest that share a key with an application, of its noun and of its person or department, in a span.

    Reads only those, however much the company files; what they say now is for the caller to compare.
    """
    noun = own.number[:2]
    low, high = f"{noun}-{_day(since, -1)}", f"{noun}-{_day(until, 2)}"
    # A key at a time: each reads its newest off the index and stops.
    found = {
        str(number) for core in own.cores
        for (number,) in unit.all(
            _ALIKE, core=core, department=own.department, author=own.applicant, low=low, high=high
        )
    }
    numbers = sorted(found - {own.number})
    if not numbers:
        return []
    inside = ITEM.c.created_at.between(to_ms(since), to_ms(until))
    rows = unit.all(_SPENT.where(ITEM.c.number.in_(numbers), inside))
    return [_spending(row) for row in rows]


def spending_between(unit: Unit, since: datetime, until: datetime) -> list[Spending]:
    """Return what everybody asked for, with a sum, in a span; both ends included."""
    found = []
    for noun in ("CG", "SP"):
        # A number's day is the company's, at most a day beside the instant's own in UTC.
        rows = unit.all(
            _BETWEEN, first=f"{noun}-{_day(since, -1)}", after=f"{noun}-{_day(until, 2)}", since=to_ms(since),
            until=to_ms(until),
        )
        found += [_spending(row) for row in rows]
    return found


def decisions_between(unit: Unit, since: datetime, until: datetime) -> list[Decided]:
    """Return every 同意, 退回 and 驳回 signed in [since, until), in the order of signing."""
    return [
        Decided(actor, number, from_ms(at))
        for actor, number, at in unit.all(_DECIDED, since=to_ms(since), until=to_ms(until))
    ]


def tallies(unit: Unit, since: datetime, until: datetime, least: int) -> list[Tally]:
    """Return per signer and applicant what was decided in [since, until), those with `least` decisions or more."""
    rows = unit.all(_TALLY, since=to_ms(since), until=to_ms(until), least=least)
    return [Tally(signer, applicant, int(count), int(refused), one) for signer, applicant, count, refused, one in rows]


def _spending(row: Row) -> Spending:
    number, kind, author, department, title, fen, state, created_at, fields = row
    said = from_json(fields) if fields else {}
    return Spending(
        number, kind, author, department, title, str(said.get("reason", "")), str(said.get("supplier", "")), int(fen),
        ItemState(state), from_ms(created_at),
    )


def _day(instant: datetime, days: int) -> str:
    day = instant + timedelta(days=days)
    return f"{day.year}{day.month:02}{day.day:02}"  # strftime takes four times as long
