"""
From one opened event to one plain answer, in one transaction (design rule 1).

Inbox row, facts, audit, outbox and deadlines are committed together; the same event delivered again gets the answer
it was given. A handler's surprise is rolled back, and a second transaction keeps the event with an incident number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.wecom import received as arrived
from bot.wecom.contact_events import MemberChanged
from bot.wecom.dedupe import dedupe_key, name_of
from bot.wecom.events import CardTap, EnteredAgent, MenuClick, Subscribed
from bot.wecom.inbound import parse
from bot.wecom.received import Inbound
from bot.wecom.replies import ReplyKind, card_reply, reply_allowed, text_reply
from bot.wecom.xml import Fields, text_of
from handlers import conversation, leavers, people
from handlers.context import Ctx
from handlers.registry import Answer, Registry, Say, Show
from notifications.clock import Clock
from notifications.messages import card_update_body
from notifications.post import Frank, Post
from notifications.texts import general as texts
from policy.calendar import WorkingCalendar
from policy.org import Org, Person
from policy.parameters import Parameters
from policy.terms import DeliveryKind, Lane
from storage.canonical import to_json
from storage.errors import DuplicateKey, StaleRow, TryAgainLater
from storage.moments import to_ms
from storage.org_cache import OrgCache
from storage.queries import cards, inbox
from storage.queries.inbox import Received
from storage.queries.outbox import Promise, put_promise
from storage.store import Store
from storage.unit import Unit

LOG = structlog.get_logger(__name__)

NOTHING = b""
TRIES = 3  # two events may race for one row; the second run sees what the first has done
HANDLED, FAILED, STRANGER, UNKNOWN = "handled", "failed", "refused", "unknown"
_LEFT_THE_COMPANY = 5  # status of a member (doc 90240)
SYSTEM_SENDERS = frozenset({"", "sys"})


@dataclass(frozen=True)
class Event:
    """One opened event and when and whence it came. now: company time; both instants aware UTC."""

    inbound: Inbound
    key: bytes
    now: datetime
    machine_now: datetime
    source: str

    @property
    def kind(self) -> str:
        """Return its kind for metrics and logs."""
        return UNKNOWN if isinstance(self.inbound, arrived.Unknown) else self.inbound.kind

    @property
    def name(self) -> str:
        """Return what names this event in the keys of what it sends."""
        return name_of(self.key)


@dataclass(frozen=True)
class Outcome:
    """
    What became of an event.

    Attributes:
        answer: the plain inner XML of the reply, b"" when there is nothing to say.
        kind: text, event:click …; "unknown" for what is not documented, so that metrics keep few names.
        state: handled | refused | failed | unknown.
        repeated: it had come before; nothing was done.
        incident: the number a user sees when a handler broke, else None.
    """

    answer: bytes
    kind: str
    state: str
    repeated: bool = False
    incident: str | None = None


class Dispatch:
    """
    Takes opened events. Safe to share between threads.

    Args:
        new_token: makes a fresh random id.
        calendar: working days.
    """

    def __init__(
        self, *, store: Store, registry: Registry, orgs: OrgCache, clock: Clock, calendar: WorkingCalendar,
        frank: Frank, corp_id: str, new_token: Callable[[], str],
    ) -> None:
        self._store = store
        self._registry = registry
        self._orgs = orgs
        self._clock = clock
        self._calendar = calendar
        self._frank = frank
        self._corp_id = corp_id
        self._new_token = new_token

    def handle(self, fields: Fields, source: str) -> Outcome:
        """
        Handle one event and commit.

        Args:
            fields: the inner XML's.
            source: address of the caller, for the access log.

        Raises:
            TryAgainLater: nothing could be kept; the answer must not be 200.
        """
        event = Event(
            parse(fields), dedupe_key(fields, str(self._frank.agent_id)), self._clock.company_now(),
            self._clock.machine_now(), source,
        )
        for attempt in range(1, TRIES + 1):
            try:
                return self._store.write(lambda unit: self._once(unit, event))
            except TryAgainLater:
                raise
            except (DuplicateKey, StaleRow) as error:
                if attempt == TRIES:
                    return self._keep_failure(event, error)
            except Exception as error:
                return self._keep_failure(event, error)
        raise AssertionError("unreachable")

    # -- one transaction

    def _once(self, unit: Unit, event: Event) -> Outcome:
        given = inbox.answer_given(unit, event.key)
        if given is not None:
            return Outcome(given, event.kind, HANDLED, repeated=True)
        org, parameters = self._orgs.read(unit, event.now)
        answer, state = self._answer(unit, event, org, parameters)
        inbox.keep(unit, self._received(event, state, answer))
        return Outcome(answer, event.kind, state)

    def _answer(self, unit: Unit, event: Event, org: Org, parameters: Parameters) -> tuple[bytes, str]:
        inbound = event.inbound
        if isinstance(inbound, arrived.Unknown):
            return NOTHING, UNKNOWN
        if isinstance(inbound, MemberChanged):
            self._member_changed(unit, event, org, parameters, inbound)
            return NOTHING, HANDLED
        person = org.person(inbound.sender_id)
        if person is None:
            return self._stranger(unit, event, org)
        ctx = self._context(unit, event, org, parameters, person)
        if isinstance(inbound, CardTap):
            return self._tapped(ctx, inbound), HANDLED
        return self._reply(ctx, inbound, _route(ctx, inbound)), HANDLED

    def _context(self, unit: Unit, event: Event, org: Org, parameters: Parameters, person: Person | None
    ) -> Ctx:
        tap = event.inbound if isinstance(event.inbound, CardTap) else None
        return Ctx(
            unit=unit, actor=person, org=org, parameters=parameters, calendar=self._calendar, now=event.now,
            machine_now=event.machine_now, frank=self._frank, registry=self._registry, new_token=self._new_token,
            source=event.source, task_id="" if tap is None else tap.task_id,
            selected={} if tap is None else tap.selected, event_key=event.name,
        )

    def _member_changed(
        self, unit: Unit, event: Event, org: Org, parameters: Parameters, changed: MemberChanged
    ) -> None:
        """Somebody was taken out of the address book, or has left the company: the rights end at once (4.1c)."""
        if changed.change == "delete" or changed.status == _LEFT_THE_COMPANY:
            leavers.left_the_address_book(self._context(unit, event, org, parameters, None), changed.userid)

    def _tapped(self, ctx: Ctx, tap: CardTap) -> bytes:
        if tap.task_id and tap.response_code:
            cards.keep_tap_code(
                ctx.unit, tap.task_id, tap.response_code, to_ms(ctx.machine_now), ctx.person.userid
            )
        answer = conversation.tap(tap.key, ctx)
        if not isinstance(answer, Show):
            return self._reply(ctx, tap, answer)
        if self._frank.card_update == "api":
            self._update_by_api(ctx, answer)
            return NOTHING
        if tap.from_menu:  # that exchange takes only an ordinary reply
            self._update_by_api(ctx, answer)
            return NOTHING
        return card_reply(tap.sender, self._corp_id, _created(tap, ctx.now), answer.card)

    def _update_by_api(self, ctx: Ctx, answer: Show) -> None:
        body = card_update_body([ctx.person.shown_id], self._frank.agent_id, answer.card, ctx.task_id)
        promise = Promise(
            f"tap:{ctx.event_key}", DeliveryKind.CARD_UPDATE, Lane.URGENT, ctx.person.userid, "", body, "", ctx.now
        )
        put_promise(ctx.unit, promise, now=ctx.now, machine_now=ctx.machine_now)

    def _reply(self, ctx: Ctx, inbound: Inbound, answer: Answer) -> bytes:
        """Return the passive reply, or send the words beside it where WeCom takes none."""
        assert not isinstance(answer, Show), "only a tap can show a card"
        if answer is None:
            return NOTHING
        words = answer.text if isinstance(answer, Say) else conversation.refused(answer, ctx)
        if reply_allowed(_event_name(inbound)) is ReplyKind.ORDINARY:
            return text_reply(inbound.sender, self._corp_id, _created(inbound, ctx.now), words)
        ctx.post.text(ctx.person.userid, words, key=f"answer:{ctx.event_key}", lane=Lane.URGENT)
        return NOTHING

    def _stranger(self, unit: Unit, event: Event, org: Org) -> tuple[bytes, str]:
        inbound = event.inbound
        if inbound.sender_id in SYSTEM_SENDERS or _event_name(inbound) not in (None, "enter_agent", "click"):
            return NOTHING, HANDLED
        post = Post(unit, org, self._calendar, self._frank, event.now, event.machine_now)
        words = people.greet_stranger(post, inbound.sender)
        unit.access(event.now, inbound.sender_id[:64], "refused", source=event.source, kind=inbound.kind)
        return text_reply(inbound.sender, self._corp_id, _created(inbound, event.now), words), STRANGER

    def _received(self, event: Event, state: str, answer: bytes, incident: str | None = None) -> Received:
        inbound = event.inbound
        return Received(
            event.key, to_ms(event.machine_now), inbound.sender_id, inbound.kind, event.source, state,
            to_json(inbound.fields), answer, incident,
        )

    # -- the second transaction

    def _keep_failure(self, event: Event, error: Exception) -> Outcome:
        """
        Keep an event whose handler broke, with the apology as its answer.

        Raises:
            TryAgainLater: nothing could be kept.
        """
        incident = f"E-{self._new_token()[-4:].upper()}"
        LOG.error("dispatch.surprise", incident=incident, kind=event.inbound.kind, exc_info=error)

        def keep(unit: Unit) -> Outcome:
            given = inbox.answer_given(unit, event.key)
            if given is not None:
                return Outcome(given, event.kind, HANDLED, repeated=True)
            answer = self._apology(unit, event, texts.incident(incident))
            inbox.keep(unit, self._received(event, FAILED, answer, incident))
            return Outcome(answer, event.kind, FAILED, incident=incident)

        try:
            return self._store.write(keep)
        except DuplicateKey:
            return self._store.write(keep)

    def _apology(self, unit: Unit, event: Event, words: str) -> bytes:
        inbound = event.inbound
        allowed = reply_allowed(_event_name(inbound))
        if allowed is ReplyKind.ORDINARY:
            return text_reply(inbound.sender, self._corp_id, _created(inbound, event.now), words)
        if allowed is ReplyKind.CARD_UPDATE:
            org, _ = self._orgs.read(unit, event.now)
            if org.person(inbound.sender_id) is not None:
                post = Post(unit, org, self._calendar, self._frank, event.now, event.machine_now)
                post.text(inbound.sender_id, words, key=f"incident:{event.name}", lane=Lane.URGENT)
        return NOTHING


def _route(ctx: Ctx, inbound: Inbound) -> Answer:
    for kind, take in _TAKERS.items():
        if isinstance(inbound, kind):
            return take(ctx, inbound)
    return None  # known and kept; nothing follows from it


_TAKERS: Mapping[type[Inbound], Callable[[Ctx, Inbound], Answer]] = {
    arrived.TextMessage: lambda ctx, it: conversation.text(text_of(it.fields, "Content"), ctx),
    arrived.VoiceMessage: lambda ctx, it: conversation.voice(
        text_of(it.fields, "Recognition"), text_of(it.fields, "MediaId"), ctx
    ),
    arrived.MediaMessage: lambda ctx, it: conversation.media(
        it.kind, text_of(it.fields, "MediaId"), text_of(it.fields, "FileName"), ctx
    ),
    arrived.LocationMessage: lambda ctx, it: Say(texts.LOCATION_KEPT),
    arrived.LinkMessage: lambda ctx, it: Say(texts.LINK_KEPT),
    MenuClick: lambda ctx, it: conversation.menu(text_of(it.fields, "EventKey"), ctx),
    EnteredAgent: lambda ctx, it: conversation.entered(ctx),
    Subscribed: lambda ctx, it: conversation.entered(ctx),
}


def _event_name(inbound: Inbound) -> str | None:
    """Return the event's name in lower case, None for a message."""
    kind = inbound.kind
    return kind.removeprefix("event:") if kind.startswith("event:") else None


def _created(inbound: Inbound, now: datetime) -> int:
    return int(now.timestamp())
