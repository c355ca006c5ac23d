"""Cards we sent: whose, about what, still deciding or not, and the code that can change them (design rule 4)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from policy.terms import CardState
from storage.alarm_tables import CARD_HOLDER
from storage.statement import Statement
from storage.tables import CARD
from storage.unit import Unit


@dataclass(frozen=True)
class SentCard:
    """One card on somebody's phone (`userid` "" = on several). `code_ms` is machine time in milliseconds."""

    task_id: str
    number: str
    userid: str
    purpose: str
    round: int
    step: int
    state: CardState
    outbox_id: int
    response_code: str = ""
    tap_code: str = ""
    code_ms: int = 0


_ONE = Statement(select(CARD).where(CARD.c.task_id == bindparam("task_id")))
_LIVE = Statement(
    select(CARD).where(CARD.c.number == bindparam("number"), CARD.c.state == CardState.LIVE.value)
)


_HOLDER = Statement(select(CARD.c.userid).where(CARD.c.task_id == bindparam("task_id")))


def add_card(unit: Unit, card: SentCard) -> None:
    """Keep a card that is on its way."""
    unit.insert(
        CARD,
        {
            "task_id": card.task_id, "number": card.number, "userid": card.userid, "purpose": card.purpose,
            "round": card.round, "step": card.step, "state": card.state.value, "outbox_id": card.outbox_id,
            "response_code": card.response_code, "tap_code": card.tap_code, "code_at": card.code_ms,
        },
    )


def load_card(unit: Unit, task_id: str) -> SentCard | None:
    """Return a card by its task id."""
    row = unit.one(_ONE, task_id=task_id)
    return None if row is None else _as_card(row)


def live_cards(unit: Unit, number: str) -> list[SentCard]:
    """Return the cards about an item whose buttons still decide something."""
    return [_as_card(row) for row in unit.all(_LIVE, number=number)]


def keep_send_code(unit: Unit, task_id: str, response_code: str, machine_ms: int) -> None:
    """Keep the code that the send answered with; "" once it is used (one use, 72 h)."""
    unit.update(CARD, {"task_id": task_id}, {"response_code": response_code, "code_at": machine_ms})


def keep_tap_code(unit: Unit, task_id: str, response_code: str, machine_ms: int, holder: str = "") -> None:
    """
    Keep the newest tap's code; "" once it is used (one use, 72 h).

    Args:
        holder: who tapped; of a card that several people got, each keeps a code of their own.
    """
    codes = {"tap_code": response_code, "code_at": machine_ms}
    if holder and unit.scalar(_HOLDER, task_id=task_id) == "":
        key = {"task_id": task_id, "userid": holder}
        if unit.update(CARD_HOLDER, key, codes) == 0:
            unit.insert(CARD_HOLDER, {**key, **codes})
        return
    unit.update(CARD, {"task_id": task_id}, codes)


def set_card_state(unit: Unit, task_id: str, state: CardState) -> None:
    """Say that a card's question is answered or gone."""
    unit.update(CARD, {"task_id": task_id}, {"state": state.value})


def _as_card(row: tuple[object, ...]) -> SentCard:
    task_id, number, userid, purpose, round_, step, state, outbox_id, code, tap_code, code_at = row
    return SentCard(
        str(task_id), str(number), str(userid), str(purpose), int(str(round_)), int(str(step)),
        CardState(str(state)), int(str(outbox_id)), str(code), str(tap_code), int(str(code_at)),
    )
