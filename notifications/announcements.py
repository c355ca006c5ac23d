"""
Says what could not be delivered: to operators, to the author of the item, to the sender of a lost file.

An announcement that itself cannot be delivered is not announced again: it stays in the list of undelivered rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from notifications.post import Post
from notifications.recording import Undeliverable
from notifications.texts import undelivered as texts
from policy.org import Org
from policy.terms import DeliveryKind, DeliveryState
from policy.terms import Post as OrgPost
from storage.moments import to_ms
from storage.queries.items import load_item
from storage.unit import Unit

PREFIX = "undelivered:"
ROWS_SHOWN = 8

PostFor = Callable[[Unit, datetime, datetime], Post]


class PostedAnnouncer:
    """
    Announces through the ordinary post room.

    Args:
        post_for: makes the post room of a unit from company and machine time.
    """

    def __init__(self, post_for: PostFor) -> None:
        self._post_for = post_for

    def announce(self, unit: Unit, lost: Sequence[Undeliverable], now: datetime, machine_now: datetime) -> None:
        """Promise the messages, within the unit. `now` is company time."""
        worth = [one for one in lost if not one.delivery.dedupe_key.startswith(PREFIX)]
        if not worth:
            return
        post = self._post_for(unit, now, machine_now)
        # One row fails once per instant, so the key is fresh even after a retry by hand.
        round_ = f"{worth[0].delivery.id}:{to_ms(machine_now)}"
        operators = operators_of(post.org)
        for userid in operators:
            shown = [_row(post.org, one) for one in worth[:ROWS_SHOWN]]
            post.text(userid, texts.to_operator(shown, len(worth)), key=f"{PREFIX}{round_}:{userid}")
        for one in worth:
            self._tell_side(post, one, operators)

    def _tell_side(self, post: Post, one: Undeliverable, operators: Sequence[str]) -> None:
        delivery = one.delivery
        key = f"{PREFIX}{delivery.id}:{to_ms(post.machine_now)}:side"
        if delivery.kind is DeliveryKind.DOWNLOAD:
            if one.state is DeliveryState.FAILED and post.org.person(delivery.recipient) is not None:
                words = texts.attachment(delivery.number, post.now)
                post.text(delivery.recipient, words, key=key, number=delivery.number)
            return
        item = load_item(post.unit, delivery.number) if one.gone and delivery.number else None
        if item is None or item.author == delivery.recipient or item.author in operators:
            return
        if post.org.person(item.author) is not None:
            name = post.org.name_of(delivery.recipient) or texts.MANY
            post.text(item.author, texts.to_author(name, item.number), key=key, number=item.number)


def operators_of(org: Org) -> tuple[str, ...]:
    """Return who decides about undelivered messages: the records director, else the general manager."""
    for seat in (OrgPost.RECORDS_DIRECTOR, OrgPost.CEO):
        holder = org.holder(seat)
        if holder is not None:
            return (holder.userid,)
    return ()


def _row(org: Org, one: Undeliverable) -> str:
    reason = texts.GONE if one.gone else texts.REFUSED
    if one.state is DeliveryState.UNKNOWN:
        reason = texts.UNSURE
    delivery = one.delivery
    name = org.name_of(delivery.recipient) or texts.MANY
    return texts.row(delivery.id, name, delivery.number, delivery.summary, reason)
