"""What the radars read: spending near an application, decisions and tallies of a span, on both databases."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from policy.chains import Role
from policy.radars import Decided, Spending, Tally, cores_of
from policy.steps import Approval, Seat, Step
from policy.terms import ItemState, Noun, Verb
from storage.queries import radars
from storage.queries.approvals import Signature, insert_approval, insert_signature
from storage.queries.items import add_revision, change_item
from storage.queries.radars import decisions_between, remember_cores, spending_between, spending_like, tallies
from storage.statement import POSTGRESQL, SQLITE
from storage.store import Store
from storage.unit import Unit
from tests.storage.filing import NOW, TODAY, file_record

WEEK = timedelta(days=7)


def spent(
    unit: Unit, title: str, fen: int | None, *, day: date = TODAY, author: str = "xu", department: str = "sales",
    noun: Noun = Noun.PURCHASE, state: ItemState = ItemState.PENDING, supplier: str = "",
) -> str:
    fields: dict[str, object] = {"subject": title, "reason": "扩容", **({"supplier": supplier} if supplier else {})}
    number = file_record(
        unit, title, fields, author=author, department=department, noun=noun, state=ItemState.PENDING, day=day
    )
    step = Step((Seat(0, "su", (Role.SUPERVISOR,)),))
    insert_approval(unit, Approval(number, state, 1, 1, 1, author, fen, (step,), 0, {}))
    remember_cores(unit, number, department, author, cores_of(title, "扩容", supplier))
    unit.audit(NOW, author, "approval.filed", number)
    return number


def signed(
    unit: Unit, number: str, at: datetime, verb: Verb = Verb.APPROVE, *, actor: str = "su", seat: int = 0
) -> None:
    insert_signature(
        unit, Signature(number, 1, seat, 0, actor, "苏主管", ("supervisor",), verb, "", 1, "0" * 64, 1, at)
    )
    unit.audit(at, actor, "approval.approved", number)


def like(unit: Unit, number: str, since: datetime = NOW - WEEK, until: datetime = NOW + WEEK) -> list[Spending]:
    """Return what shares a key with an application that was filed."""
    (own,) = [one for one in spending_between(unit, NOW - 2 * WEEK, NOW + 2 * WEEK) if one.number == number]
    return spending_like(unit, own, since, until)


def test_what_is_like_of_a_person_or_the_department_is_read_with_its_words_and_nothing_else(store: Store) -> None:
    def work(unit: Unit) -> dict[str, str]:
        file_record(unit, "服务器")
        spent(unit, "服务器", None, noun=Noun.APPROVAL)
        spent(unit, "服务器", 100, author="wei", department="rd")
        spent(unit, "机柜", 100)
        return {
            "own": spent(unit, "服务器", 3_500_000, supplier="晨光"),
            "thing": spent(unit, "第二批服务器", 200, author="su"),
            "firm": spent(unit, "键盘", 300, department="rd", supplier="晨光公司", state=ItemState.WITHDRAWN),
        }

    numbers = store.write(work)
    found = {one.number: one for one in store.read(lambda unit: like(unit, numbers["own"]))}
    assert set(found) == {numbers["thing"], numbers["firm"]}
    thing, firm = found[numbers["thing"]], found[numbers["firm"]]
    assert (thing.title, thing.reason, thing.supplier, thing.fen, thing.state, thing.at) == (
        "第二批服务器", "扩容", "", 200, ItemState.PENDING, NOW,
    )
    assert (firm.applicant, firm.department, firm.state) == ("xu", "rd", ItemState.WITHDRAWN)


def test_both_ends_of_the_span_are_in_and_the_present_revision_is_read(store: Store) -> None:
    def work(unit: Unit) -> list[str]:
        numbers = [spent(unit, "服务器", 100, day=TODAY + timedelta(days=days)) for days in (-8, -7, 0, 7, 8)]
        add_revision(unit, numbers[2], 2, "xu", {"reason": "换新", "supplier": "得力"}, "", "s", "", NOW)
        change_item(unit, numbers[2], NOW, revision=2, title="交换机")
        unit.audit(NOW, "xu", "approval.amended", numbers[2])
        return numbers

    numbers = store.write(work)
    found = store.read(lambda unit: like(unit, numbers[1]))
    assert sorted(one.number for one in found) == sorted(numbers[2:4])
    everybody = store.read(lambda unit: spending_between(unit, NOW - WEEK, NOW + WEEK))
    assert [one.number for one in everybody] == sorted(numbers[1:4])
    (present,) = [one for one in everybody if one.number == numbers[2]]
    assert (present.title, present.reason, present.supplier) == ("交换机", "换新", "得力")


def test_decisions_and_tallies_of_a_span(store: Store) -> None:
    def work(unit: Unit) -> list[str]:
        numbers = [spent(unit, f"物品{at}", 100, author=author) for at, author in enumerate(("xu", "xu", "su", "xu"))]
        signed(unit, numbers[0], NOW - timedelta(seconds=1))
        signed(unit, numbers[1], NOW)
        signed(unit, numbers[2], NOW, actor="lin")
        signed(unit, numbers[3], NOW + timedelta(seconds=5), Verb.RETURN)
        signed(unit, numbers[3], NOW + timedelta(seconds=9), actor="qian", seat=1)
        return numbers

    one, two, three, four = store.write(work)
    until = NOW + timedelta(seconds=9)
    assert store.read(lambda unit: decisions_between(unit, NOW, until)) == [
        Decided("su", two, NOW), Decided("lin", three, NOW), Decided("su", four, NOW + timedelta(seconds=5)),
    ]

    def told(least: int) -> list[Tally]:
        found = store.read(lambda unit: tallies(unit, NOW - WEEK, until, least))
        return sorted(found, key=lambda tally: (tally.signer, tally.applicant))

    assert told(1) == [Tally("lin", "su", 1, 0, three), Tally("su", "xu", 3, 1, four)]
    assert told(3) == [Tally("su", "xu", 3, 1, four)]
    assert told(4) == []
    assert one < two


def test_the_reading_on_the_way_of_a_filing_goes_by_the_keys(store: Store) -> None:
    text, fixed = radars._ALIKE.prepared(store.read(lambda unit: unit.dialect))
    given = {
        **fixed, "core": "thing:a", "low": "CG-1", "high": "CG-2", "department": "sales",
        "author": "xu",
    }

    def plan(unit: Unit) -> str:
        lead = {SQLITE: "EXPLAIN QUERY PLAN ", POSTGRESQL: "EXPLAIN "}[unit.dialect]
        if unit.dialect == POSTGRESQL:
            unit.cursor.execute("SET LOCAL enable_seqscan = off")
        unit.cursor.execute(lead + text, given)
        return " ".join(str(row) for row in unit.cursor.fetchall())

    told = store.read(plan)
    assert "PRIMARY KEY" in told or "pk_likeness" in told
    assert "SCAN" not in told
    assert "Seq Scan" not in told
