"""
The post room of one event: turns "tell her this" into outbox rows inside the event's own transaction.

Quiet hours are applied here (design rule 6), urgency overrides them; a card is kept with its outbox row, so that
it can be changed later. Nothing leaves the machine from here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from notifications import limits, messages
from notifications.card_parts import Source
from notifications.cards import TemplateCard
from notifications.messages import call_body
from notifications.texts.words import in_rehearsal
from policy.calendar import WorkingCalendar
from policy.org import Org
from policy.quiet import may_leave_at
from policy.terms import CardState, DeliveryKind, Lane
from storage.queries.cards import SentCard, add_card, live_cards, set_card_state
from storage.queries.deliveries import members_of
from storage.queries.outbox import Promise, cancel_held, messages_to_several, put_promise, take_back_promise
from storage.unit import Unit


@dataclass(frozen=True)
class Frank:
    """
    What every message of this company carries.

    Attributes:
        agent_id: WeCom's id of the app.
        rehearsal: cards say 演练.
        card_update: both | reply | api (design rule 4).
        public_url: where people reach our pages, without a path; "" = nowhere.
    """

    agent_id: int
    rehearsal: bool = False
    card_update: str = "both"
    public_url: str = ""

    def page_url(self, number: str) -> str:
        """Return the address of an item's page (whole text, signatures, story), "" where there are no pages."""
        return f"{self.public_url}/h5/items/{number}" if self.public_url else ""

    def source(self, desc: str, color: int = 0) -> Source:
        """Return the line above a card; in rehearsal it says so (contract, Rehearsal)."""
        return Source(in_rehearsal(desc) if self.rehearsal else desc, color)

    def minutes_url(self, number: str) -> str:
        """Return where a meeting's minutes are written on a page, "" where there are no pages."""
        return f"{self.public_url}/h5/minutes/{number}" if self.public_url else ""


@dataclass(frozen=True)
class Post:
    """Sending, within one unit of work. Instants are aware UTC."""

    unit: Unit
    org: Org
    calendar: WorkingCalendar
    frank: Frank
    now: datetime
    machine_now: datetime

    def text(
        self, userid: str, content: str, *, key: str, number: str = "", lane: Lane = Lane.DEFAULT,
        leave_at: datetime | None = None,
    ) -> datetime:
        """
        Tell somebody something; return when it may leave.

        Args:
            key: who + what + which round: the same key is never sent twice.
            leave_at: overrides quiet hours (the Monday digest).
        """
        body = messages.text_body(self._shown(userid), self.frank.agent_id, content, key)
        return self._promise(userid, body, key, DeliveryKind.MESSAGE, lane, number, content, leave_at)[0]

    def card(
        self, userid: str, card: TemplateCard, *, key: str, number: str, purpose: str, round_: int = 0,
        step: int = 0, lane: Lane = Lane.DEFAULT, summary: str = "", leave_at: datetime | None = None,
    ) -> datetime:
        """
        Send somebody a card whose buttons come back to us; return when it may leave.

        Args:
            leave_at: overrides quiet hours (who owes something is reminded at any hour).
        """
        body = messages.card_body(self._shown(userid), self.frank.agent_id, card)
        leaves, outbox_id = self._promise(
            userid, body, key, DeliveryKind.MESSAGE, lane, number, summary, leave_at
        )
        if card.task_id:
            add_card(
                self.unit,
                SentCard(card.task_id, number, userid, purpose, round_, step, CardState.LIVE, outbox_id),
            )
        return leaves

    def text_to_many(
        self, userids: Sequence[str], content: str, *, key: str, number: str, lane: Lane = Lane.BULK,
        leave_at: datetime | None = None,
    ) -> datetime:
        """Tell many people the same in as few calls as the platform allows; return when it may leave."""
        leaves = self.now
        for at, part in enumerate(_parts(userids)):
            touser = messages.recipients([self._shown(userid) for userid in part])
            body = messages.text_body(touser, self.frank.agent_id, content, key)
            leaves, _ = self._promise(
                "", body, f"{key}:{at}", DeliveryKind.MESSAGE, lane, number, content, leave_at, tuple(part)
            )
        return leaves

    def card_to_many(
        self, userids: Sequence[str], make: Callable[[str], TemplateCard], new_token: Callable[[], str], *, key: str,
        number: str, purpose: str, lane: Lane = Lane.BULK, summary: str = "", leave_at: datetime | None = None,
    ) -> datetime:
        """
        Send many people the same card, a thousand in a call; return when it may leave.

        Args:
            make: returns the card of a task id; each call needs one of its own.
        """
        leaves = self.now
        for at, part in enumerate(_parts(userids)):
            card = make(new_token())
            body = messages.card_body(
                messages.recipients([self._shown(userid) for userid in part]), self.frank.agent_id, card
            )
            leaves, outbox_id = self._promise(
                "", body, f"{key}:{at}", DeliveryKind.MESSAGE, lane, number, summary, leave_at, tuple(part)
            )
            add_card(
                self.unit, SentCard(card.task_id, number, "", purpose, 0, at, CardState.LIVE, outbox_id)
            )
        return leaves

    def take_back(self, number: str) -> int:
        """Take back what went to several people about an item: unsent rows are cancelled, the others recalled."""
        rows = messages_to_several(self.unit, number)
        for outbox_id, _ in rows:
            if not take_back_promise(self.unit, outbox_id):
                self._promise(
                    "", str(outbox_id).encode(), f"recall:{outbox_id}", DeliveryKind.RECALL, Lane.DEFAULT, number, "",
                    self.now,
                )
        return len(rows)

    def call(self, userid: str, call_id: int, *, number: str) -> None:
        """Have somebody called on the phone, at any hour; the message is promised before it (7.1b)."""
        self._promise(
            userid, call_body(call_id, self._shown(userid)), f"call:{call_id}:0", DeliveryKind.CALL, Lane.URGENT,
            number, "",
        )

    def ask_after_call(self, userid: str, call_id: int, generation: int, *, number: str) -> None:
        """Have the platform asked how a call stands."""
        self._promise(
            userid, call_body(call_id, self._shown(userid)), f"call:{call_id}:{generation}", DeliveryKind.CALL_CHECK,
            Lane.URGENT, number, "",
        )

    def settle_cards(
        self, number: str, state: CardState, face: Callable[[SentCard], TemplateCard | None],
        wanted: Callable[[SentCard], bool] = lambda card: True,
    ) -> None:
        """
        Close every live card about an item (that `wanted` picks) and queue its new face for all who hold it.

        A card that quiet hours still hold is not sent at all.
        `face` returns what the card shows from now on, None to leave it as it is.
        """
        for card in live_cards(self.unit, number):
            if not wanted(card):
                continue
            set_card_state(self.unit, card.task_id, state)
            if cancel_held(self.unit, card.outbox_id):
                continue  # it never left: nobody holds it
            shown = face(card)
            if shown is None or self.frank.card_update == "reply":
                continue
            holders = (card.userid,) if card.userid else members_of(self.unit, [card.outbox_id])[card.outbox_id]
            body = messages.card_update_body(
                [self._shown(userid) for userid in holders], self.frank.agent_id, shown, card.task_id
            )
            self._promise(
                card.userid, body, f"card:{card.task_id}:{state.value}", DeliveryKind.CARD_UPDATE, Lane.DEFAULT,
                number, "", self.now,
            )

    def take_back_held(self, number: str) -> None:
        """Take back the cards about an item that quiet hours still hold: a newer one goes out now."""
        for card in live_cards(self.unit, number):
            if cancel_held(self.unit, card.outbox_id):
                set_card_state(self.unit, card.task_id, CardState.VOID)

    def may_leave_at(self) -> datetime:
        """Return when a message that is not urgent would leave."""
        return may_leave_at(self.now, self.calendar)

    def _promise(
        self, userid: str, body: bytes, key: str, kind: DeliveryKind, lane: Lane, number: str, summary: str,
        leave_at: datetime | None = None, members: tuple[str, ...] = (),
    ) -> tuple[datetime, int]:
        if leave_at is None:
            leave_at = self.now if lane is Lane.URGENT else may_leave_at(self.now, self.calendar)
        promise = Promise(key, kind, lane, userid, number, body, summary, leave_at, members)
        return leave_at, put_promise(self.unit, promise, now=self.now, machine_now=self.machine_now)

    def _shown(self, userid: str) -> str:
        person = self.org.people.get(userid)
        return person.shown_id or userid if person is not None else userid


def _parts(userids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(userids), limits.RECIPIENTS):
        yield userids[start : start + limits.RECIPIENTS]
