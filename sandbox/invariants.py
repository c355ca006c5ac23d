"""What must be true of a company whatever happened to it: checked on a stage that has come to rest."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import func, select

from policy.terms import DeliveryKind, DeliveryState, ItemState
from sandbox.stage import Stage
from storage.queries.due import earliest_due
from storage.tables import APPROVAL, AUDIT, ITEM, OUTBOX, SIGNATURE
from storage.verify import verify_audit

Json = dict[str, Any]
_ON_ITS_WAY = (DeliveryState.PENDING.value, DeliveryState.LEASED.value, DeliveryState.UNKNOWN.value)


def broken(stage: Stage, filed: Sequence[tuple[str, str]]) -> list[str]:
    """
    Return what does not hold, in words; nothing when all is well.

    Args:
        filed: numbers people were told, with who was told.
    """
    checks = (
        _nothing_lost(stage, filed), _nothing_left_over(stage), _told_once(stage), _trail(stage),
        _no_card_for_what_is_settled(stage), _one_decision_per_step(stage),
    )
    return [finding for check in checks for finding in check]


def _nothing_lost(stage: Stage, filed: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Whatever number somebody was told exists, and is theirs."""
    rows = stage.ask(lambda unit: unit.all(select(ITEM.c.number, ITEM.c.author)))
    authors = {str(number): str(author) for number, author in rows}
    for number, who in filed:
        if authors.get(number) != who:
            yield f"{who} was told {number}, and it is not kept"
    if stage.platform.world.dropped:
        yield f"WeCom dropped {len(stage.platform.world.dropped)} messages silently"


def _nothing_left_over(stage: Stage) -> Iterator[str]:
    """Nothing waits for ever, nothing failed, no deadline that has passed is pending."""
    rows = stage.ask(lambda unit: unit.all(select(OUTBOX.c.state, func.count()).group_by(OUTBOX.c.state)))
    counts = {str(state): int(count) for state, count in rows}
    for state in (*_ON_ITS_WAY, DeliveryState.FAILED.value):
        if counts.get(state):
            yield f"{counts[state]} deliveries are {state}"
    due = stage.ask(earliest_due)
    if due is not None and due <= stage.clock.now():
        yield f"a deadline of {due.isoformat()} has not fired"


def _told_once(stage: Stage) -> Iterator[str]:
    """What was sent is on the phones: each message once, and no other."""
    wanted: Counter[tuple[str, str]] = Counter()
    kinds = (OUTBOX.c.kind == DeliveryKind.MESSAGE.value, OUTBOX.c.state == DeliveryState.SENT.value)
    for (raw,) in stage.ask(lambda unit: unit.all(select(OUTBOX.c.body).where(*kinds))):
        body = json.loads(bytes(raw))
        people = list(stage.platform.world.chats) if body["touser"] == "@all" else body["touser"].lower().split("|")
        wanted.update((who, _content(body)) for who in people)
    shown: Counter[tuple[str, str]] = Counter()
    for who, chat in stage.platform.world.chats.items():
        shown.update((who, _shown(each)) for each in chat if each["direction"] == "out" and each["via"] == "send")
    for (who, words), count in (wanted - shown).items():
        yield f"{who} never got {words[:60]!r} ({count})"
    for (who, words), count in (shown - wanted).items():
        yield f"{who} got {words[:60]!r} {count} times too often"


def _content(body: Json) -> str:
    content = body[body["msgtype"]]
    return str(content.get("task_id") or content.get("content") or content.get("title") or content)


def _shown(message: Json) -> str:
    card = message.get("card")
    return str(message.get("sent_task_id") or message.get("task_id")) if card is not None else str(message.get("text"))


def _trail(stage: Stage) -> Iterator[str]:
    report = stage.ask(verify_audit)
    if not report.ok:
        yield from (f"the audit trail: {finding}" for finding in report.findings)


def _no_card_for_what_is_settled(stage: Stage) -> Iterator[str]:
    """No phone shows buttons for a purchase that does not wait for a signature."""
    rows = stage.ask(lambda unit: unit.all(select(APPROVAL.c.number, APPROVAL.c.state)))
    states = {str(number): str(state) for number, state in rows}
    for who in stage.platform.world.chats:
        for card in stage.cards(who):
            number = card.rows.get("编号", "")
            if "同意" in card.buttons and number in states and states[number] != ItemState.PENDING.value:
                yield f"{who} can still tap on {number}, which is {states[number]}"


def _one_decision_per_step(stage: Stage) -> Iterator[str]:
    """Each signature has one event in the trail; nobody signs twice in a round, nobody their own."""
    rows = stage.ask(
        lambda unit: unit.all(
            select(SIGNATURE.c.number, SIGNATURE.c.round, SIGNATURE.c.step, SIGNATURE.c.actor, APPROVAL.c.applicant)
            .join(APPROVAL, APPROVAL.c.number == SIGNATURE.c.number)
        )
    )
    signed = Counter((number, turn, step) for number, turn, step, _, _ in rows)
    for (number, turn, step), count in signed.items():
        if count > 1:
            yield f"{number}: step {step} of round {turn} was decided {count} times"
    for number, _, _, actor, applicant in rows:
        if actor == applicant:
            yield f"{number}: {actor} signed their own"
    told = ("approval.approved", "approval.returned", "approval.rejected")
    events = stage.ask(
        lambda unit: unit.scalar(select(func.count()).select_from(AUDIT).where(AUDIT.c.act.in_(told)))
    )
    if int(events or 0) != len(rows):
        yield f"{len(rows)} signatures, {events} events of them"
