"""Updates of cards: the send's code first, the newest tap's next, and then a quiet end (design rule 4)."""

from __future__ import annotations

from notifications.cards import Button, ButtonInteraction, MainTitle
from notifications.errors import OutcomeUnknown, RefusedForever, RetryLater
from policy.terms import CardState
from storage.queries.cards import SentCard, keep_tap_code, load_card
from storage.tables import OUTBOX
from storage.unit import Unit
from tests.notifications.hands import HandClock
from tests.notifications.house import House

NUMBER = "CG-20261123-0001"
TASK = "task-1"


def face(title: str) -> ButtonInteraction:
    return ButtonInteraction(TASK, MainTitle(title), (Button("同意", "approve|1"),))


def send_card(house: House) -> None:
    def work(unit: Unit) -> None:
        post = house.post_for(unit, house.clock.company, house.clock.machine)
        post.card("su", face("服务器"), key="card:su", number=NUMBER, purpose="decide")

    house.store.write(work)


def settle(house: House) -> int:
    """Close the card and queue its new face; return the update's row."""

    def work(unit: Unit) -> None:
        post = house.post_for(unit, house.clock.company, house.clock.machine)
        post.settle_cards(NUMBER, CardState.SETTLED, lambda card: face("已同意"))

    house.store.write(work)
    statement = OUTBOX.select().with_only_columns(OUTBOX.c.id).where(OUTBOX.c.kind == "card_update")
    return int(house.store.read(lambda unit: unit.scalar(statement)))


def card(house: House) -> SentCard:
    found = house.store.read(lambda unit: load_card(unit, TASK))
    assert found is not None
    return found


def tap(house: House, code: str) -> None:
    house.platform.good_codes.add(code)
    house.store.write(lambda unit: keep_tap_code(unit, TASK, code, 0))


def updates(house: House) -> list[str]:
    """Return the titles that updates showed."""
    return [
        arrival.json["template_card"]["main_title"]["title"] for arrival in house.platform.arrivals
        if arrival.path == "message/update_template_card"
    ]


def test_the_send_keeps_the_cards_code_and_the_update_uses_it_once(house: House) -> None:
    send_card(house)
    house.drain()
    assert card(house).response_code == "code-0"
    row = settle(house)
    house.drain()
    assert updates(house) == ["已同意"]
    assert house.state(row) == "sent"
    assert card(house).response_code == ""


def test_a_spent_code_gives_way_to_the_newest_taps(house: House) -> None:
    send_card(house)
    house.drain()
    house.platform.good_codes.clear()
    tap(house, "tap-1")
    row = settle(house)
    house.drain()
    assert updates(house) == ["已同意"]
    assert house.state(row) == "sent"
    assert (card(house).response_code, card(house).tap_code) == ("", "")


def test_without_any_good_code_the_update_ends_quietly_as_superseded(house: House) -> None:
    send_card(house)
    house.drain()
    house.platform.good_codes.clear()
    row = settle(house)
    house.drain()
    house.drain()
    kept = house.row(row)
    assert (kept["state"], kept["error"]) == ("cancelled", "superseded")
    assert card(house).response_code == ""
    assert house.platform.shown_to("Zhou") == []


def test_an_update_waits_until_its_card_has_left(house: House, clock: HandClock) -> None:
    house.platform.answers.append(RetryLater(-1, "message/send", after_seconds=30))
    send_card(house)
    row = settle(house)
    house.drain()
    assert house.state(row) == "pending"
    for _ in range(40):
        clock.move(seconds=1)
        house.drain()
    assert [arrival.path for arrival in house.platform.arrivals] == ["message/send", "message/update_template_card"]
    assert house.state(row) == "sent"
    assert house.row(row)["attempt"] == 1


def test_an_update_of_a_card_that_never_left_is_closed(house: House) -> None:
    house.platform.answers.append(RefusedForever(40058, "message/send"))
    send_card(house)
    row = settle(house)
    house.drain()
    house.clock.move(seconds=3)
    house.drain()
    assert house.state(row) == "cancelled"
    assert updates(house) == []


def test_a_lost_answer_to_an_update_is_tried_again_and_ends_without_alarm(house: House) -> None:
    send_card(house)
    house.drain()
    row = settle(house)
    house.platform.answers.append(OutcomeUnknown(0, "message/update_template_card"))
    house.drain()
    assert house.state(row) == "unknown"
    assert card(house).response_code == "code-0"
    house.clock.move(seconds=2)
    house.drain()
    assert house.state(row) == "sent"
    assert updates(house) == ["已同意"]


def test_a_tap_that_comes_during_the_update_keeps_its_newer_code(house: House) -> None:
    send_card(house)
    house.drain()
    house.platform.good_codes.clear()
    tap(house, "tap-1")
    row = settle(house)
    delivered = house.platform.update_card

    def tapped_meanwhile(body: bytes) -> tuple[str, ...]:
        answer = delivered(body)
        tap(house, "tap-2")
        return answer

    house.platform.update_card = tapped_meanwhile  # type: ignore[method-assign]
    house.drain()
    assert house.state(row) == "sent"
    assert card(house).tap_code == "tap-2"



def test_a_refused_update_alarms_nobody(house: House) -> None:
    send_card(house)
    house.drain()
    row = settle(house)
    house.platform.answers.append(RefusedForever(40058, "message/update_template_card"))
    house.drain()
    house.clock.move(hours=1)
    house.drain()
    assert house.state(row) == "failed"
    assert house.platform.shown_to("Zhou") == []
