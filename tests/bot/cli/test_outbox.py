"""`outbox`: what did not arrive, sent again, given up, or released after sending was held."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot import bootstrap
from bot.bootstrap import Part
from bot.settings_sources import load
from notifications.messages import text_body
from policy.terms import DeliveryKind, Lane
from storage.queries.outbox import Promise, put_promise
from storage.queries.sending import hold_sending, pause_of
from storage.tables import AUDIT, OUTBOX
from storage.unit import Unit
from tests.bot.cli.conftest import Company


@pytest.fixture
def part(company: Company) -> Iterator[Part]:
    made = Part(bootstrap.build_house(load(company.config, {})))
    yield made
    made.close()


def fail(part: Part, state: str = "failed") -> int:
    """Leave one message that did not arrive; return its id."""
    now = part.house.clock.company_now()

    def work(unit: Unit) -> int:
        body = text_body("su", 1000002, "请审批")
        promise = Promise(f"test:{state}", DeliveryKind.MESSAGE, Lane.DEFAULT, "su", "CG-1", body, "请审批", now)
        put_promise(unit, promise, now=now, machine_now=now)
        unit.update(OUTBOX, {"dedupe_key": f"test:{state}"}, {"state": state, "error": "81013", "attempt": 3})
        return int(unit.scalar(OUTBOX.select().with_only_columns(OUTBOX.c.id)))

    return part.store.write(work)


def state_of(part: Part) -> str:
    return str(part.store.read(lambda unit: unit.scalar(OUTBOX.select().with_only_columns(OUTBOX.c.state))))


def newest_event(unit: Unit) -> list[tuple[str, ...]]:
    columns = AUDIT.select().with_only_columns(AUDIT.c.actor, AUDIT.c.act)
    return unit.all(columns.order_by(AUDIT.c.seq.desc()).limit(1))


def test_what_failed_is_listed_with_its_reason(company: Company, part: Part) -> None:
    number = fail(part)
    (line,) = [line for line in company("outbox", "list").out.splitlines() if "81013" in line]
    for piece in (str(number), "failed", "su", "CG-1", "请审批", "3"):
        assert piece in line


@pytest.mark.parametrize(("command", "words", "state"), [
    ("retry", "will be sent again", "pending"), ("drop", "is given up", "cancelled"),
])
def test_it_is_sent_again_or_given_up_once_with_evidence(
    company: Company, part: Part, command: str, words: str, state: str
) -> None:
    number = fail(part)
    assert company("outbox", command, str(number)).out == f"message {number} {words}\n"
    assert state_of(part) == state
    assert company("outbox", command, str(number)).code == 1
    past = {"retry": "retried", "drop": "dropped"}[command]
    assert part.store.read(newest_event) == [("operator", f"outbox.{past}")]


def test_held_sending_is_said_and_released(company: Company, part: Part) -> None:
    part.store.write(lambda unit: hold_sending(unit, "restored"))
    assert company("outbox", "list").out.splitlines()[0] == (
        "sending is held: restored; continue with: liuhen outbox release"
    )
    assert company("outbox", "release").out == "messages leave again\n"
    assert part.store.read(lambda unit: pause_of(unit, part.house.clock.machine_now())) is None
