"""
The end of quiet hours: what was held for a person comes as one message, cards come as they are (design rule 6).

One transaction per person: the summary is promised and the originals are closed with a pointer to it, or neither.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime

from notifications import limits
from notifications.messages import plain_text, text_body
from notifications.post import Post
from notifications.texts import morning as texts
from notifications.throttle import DIGEST_PREFIX
from policy.terms import DeliveryKind, Lane
from storage.queries import backlog
from storage.queries.backlog import Held
from storage.queries.outbox import Promise, put_promise
from storage.unit import Unit

PostFor = Callable[[Unit, datetime, datetime], Post]


def wake_person(unit: Unit, post_for: PostFor, recipient: str, now: datetime, machine_now: datetime) -> int:
    """
    Let a person's held rows leave: two texts or more become one message, all else leaves as it is.

    Args:
        now: company time, aware UTC; rows held until later stay.

    Returns:
        How many held rows were dealt with.
    """
    held = backlog.held_of(unit, recipient, now)
    bundled = [row for row in held if _may_be_bundled(row)]
    if len(bundled) < 2:
        bundled = []
    for row in held:
        if row not in bundled:
            backlog.wake(unit, row, machine_now)
    if bundled:
        _bundle(unit, post_for(unit, now, machine_now), recipient, bundled)
    return len(held)


def _bundle(unit: Unit, post: Post, recipient: str, held: Sequence[Held]) -> None:
    lane = Lane.DEFAULT if any(row.lane is not Lane.BULK for row in held) else Lane.BULK
    covered = 0
    for count, content in pack(held):
        part = held[covered : covered + count]
        covered += count
        person = post.org.people.get(recipient)
        key = f"morning:{part[0].id}"
        body = text_body(person.shown_id or recipient if person else recipient, post.frank.agent_id, content, key)
        promise = Promise(
            key, DeliveryKind.MESSAGE, lane, recipient, "", body, content, post.now
        )
        outbox_id = put_promise(unit, promise, now=post.now, machine_now=post.machine_now)
        for row in part:
            backlog.bundle_into(unit, row, outbox_id)


def pack(held: Sequence[Held]) -> list[tuple[int, str]]:
    """
    Return messages that say everything held, with how many rows each covers; one when it fits in 2,048 bytes.

    Whole texts if all of them fit into one message, else their first lines, in as many messages as it takes.
    """
    whole = [texts.entry(at, row.created_at, row.summary) for at, row in enumerate(held, 1)]
    message = _joined(len(held), whole)
    if _fits(message):
        return [(len(held), message)]
    short = [texts.short_entry(at, row.created_at, row.summary) for at, row in enumerate(held, 1)]
    packed: list[tuple[int, str]] = []
    current: list[str] = []
    for line in short:
        if current and not _fits(_joined(len(held), [*current, line])):
            packed.append((len(current), _joined(len(held), current)))
            current = []
        current.append(line)
    packed.append((len(current), _joined(len(held), current)))
    return packed


def _joined(count: int, lines: Sequence[str]) -> str:
    return "\n".join([texts.head(count), *lines, texts.FOOT])


def _fits(message: str) -> bool:
    return len(plain_text(message).encode()) <= limits.TEXT_BYTES


def _may_be_bundled(row: Held) -> bool:
    if row.kind is not DeliveryKind.MESSAGE or not row.recipient or row.dedupe_key.startswith(DIGEST_PREFIX):
        return False
    return bool(json.loads(row.body).get("msgtype") == "text" and row.summary)
