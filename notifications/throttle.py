"""
Who may be written to now, and when the others may (design rule 6). Pure: counts come in, a plan goes out.

WeCom drops silently above 30 messages a minute and 1,000 an hour per member [doc 90236]; we stay at 25 and 900, of
which a part is kept for what is urgent. Nothing is ever dropped here: what may not go now gets an instant.
All instants are machine time, aware UTC.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from policy.terms import DeliveryKind, Lane

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
CROWDED_MINUTES = (0, 30)  # "avoid minute 0 and 30 of each hour" [doc 90236]; the company's zone is a whole hour off
DIGEST_PREFIX = "digest:"  # dedupe keys of the Monday digest, the only bulk that may leave in a crowded minute


@dataclass(frozen=True)
class Limits:
    """
    How much may leave.

    Attributes:
        minute, hour: messages per member, all lanes together.
        minute_kept, hour_kept: how many of those only urgent ones may use.
        at_once: calls in flight, all processes together; at_once_kept of them only for urgent ones.
        digests_at_once: digests per plan in a crowded minute, so that they spread.
    """

    minute: int = 25
    minute_kept: int = 5
    hour: int = 900
    hour_kept: int = 100
    at_once: int = 32
    at_once_kept: int = 8
    digests_at_once: int = 5


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class Candidate:
    """
    A claimed row, as much of it as the plan needs.

    Attributes:
        recipient: "" when no one member's quota is touched; members: everybody a message to several goes to.
    """

    id: int
    recipient: str
    lane: Lane
    kind: DeliveryKind
    digest: bool = False
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """Which rows leave now, in order, and when each of the others may be tried."""

    leave: tuple[int, ...]
    later: Mapping[int, datetime] = field(default_factory=dict)


def plan(
    candidates: Sequence[Candidate], sent: Mapping[str, Sequence[datetime]], in_flight: int, now: datetime,
    limits: Limits = DEFAULT_LIMITS,
) -> Plan:
    """
    Decide which of the claimed rows leave now.

    Args:
        candidates: urgent ones are taken first, then by id.
        sent: per recipient the instants of what left or may have left within the last hour.
        in_flight: calls of other batches that are under way.
    """
    leave: list[int] = []
    later: dict[int, datetime] = {}
    counted = {recipient: sorted(times) for recipient, times in sent.items()}
    digests = 0
    for candidate in sorted(candidates, key=lambda one: (one.lane is not Lane.URGENT, one.id)):
        urgent = candidate.lane is Lane.URGENT
        crowd = None if urgent else _after_the_crowd(candidate, now)
        if crowd is not None:
            later[candidate.id] = crowd
            continue
        if candidate.digest and now.minute in CROWDED_MINUTES:
            digests += 1
            if digests > limits.digests_at_once:
                later[candidate.id] = now + timedelta(seconds=1)
                continue
        room = limits.at_once - (0 if urgent else limits.at_once_kept) - in_flight - len(leave)
        if room <= 0:
            later[candidate.id] = now + timedelta(milliseconds=250)
            continue
        people = candidate.members or ((candidate.recipient,) if candidate.recipient else ())
        if candidate.kind is DeliveryKind.MESSAGE and people:
            # A message to several waits for the one whose quota has room last: its bytes name all of them.
            slot = max(_member_slot(counted.setdefault(one, []), urgent, now, limits) for one in people)
            if slot > now:
                later[candidate.id] = slot
                continue
            for one in people:
                counted[one].append(now)
        leave.append(candidate.id)
    return Plan(tuple(leave), later)


def crowded(lane: Lane, now: datetime) -> bool:
    """Return whether a lane sends nothing but digests in this minute."""
    return lane is Lane.BULK and now.minute in CROWDED_MINUTES


def _after_the_crowd(candidate: Candidate, now: datetime) -> datetime | None:
    if candidate.digest or not crowded(candidate.lane, now):
        return None
    return now.replace(second=0, microsecond=0) + MINUTE


def _member_slot(times: Sequence[datetime], urgent: bool, now: datetime, limits: Limits) -> datetime:
    """Return when one more message to a member keeps both windows; `now` when it does already."""
    minute = limits.minute - (0 if urgent else limits.minute_kept)
    hour = limits.hour - (0 if urgent else limits.hour_kept)
    return max(now, _window_slot(times, MINUTE, minute, now), _window_slot(times, HOUR, hour, now))


def _window_slot(times: Sequence[datetime], window: timedelta, most: int, now: datetime) -> datetime:
    recent = [instant for instant in times if instant > now - window]
    if len(recent) < most:
        return now
    # Once this one leaves the window, most - 1 are left in it. A millisecond more: the edge itself still counts.
    return recent[-most] + window + timedelta(milliseconds=1)
