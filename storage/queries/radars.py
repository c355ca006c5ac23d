"""What the radars look at: applications with a sum near each other, and decisions of a span (3.1a, 4.1a)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, case, func, or_, select, union
from sqlalchemy import text as sql_text

from policy.radars import Decided, Spending, Tally
from policy.terms import ItemState, Verb
from storage.canonical import from_json
from storage.moments import from_ms, to_ms
from storage.statement import Statement
from storage.tables import APPROVAL, ITEM, REVISION, SIGNATURE
from storage.unit import Row, Unit

_NEAR_MOST = 200  # of the newest; a hint that sums up more than so many says nothing to a signer
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
_SPAN = (ITEM.c.created_at >= bindparam("since"), ITEM.c.created_at <= bindparam("until"))
_OF_DEPARTMENT = _SPENT.where(ITEM.c.department == bindparam("department"), *_SPAN)
_OF_AUTHOR = _SPENT.where(ITEM.c.author == bindparam("author"), *_SPAN)
_NEAR_BY = union(_OF_DEPARTMENT, _OF_AUTHOR).subquery("near_by")
_NEAR = Statement(select(_NEAR_BY).order_by(_NEAR_BY.c.number.desc()).limit(_NEAR_MOST))
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


def spending_near(unit: Unit, department: str, author: str, since: datetime, until: datetime) -> list[Spending]:
    """Return what a department or a person asked for, with a sum, in a span; both ends included."""
    rows = unit.all(_NEAR, department=department, author=author, since=to_ms(since), until=to_ms(until))
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
    return f"{instant + timedelta(days=days):%Y%m%d}"
