"""
Alarms (7.1b): who is woken, in which order, when the phone rings, and when it goes on to the next.

An alarm's ladder is fixed when it starts. The first person gets the message, then after a step the phone call; each
further one gets both at once. It goes round until somebody answers. When in doubt it calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from policy.decisions import Refusal
from policy.org import Org, Person
from policy.terms import Grade

CONTROL = "7.1b"
BUNDLE_WITHIN = timedelta(minutes=1)  # further alarms of one person join the first one
BUNDLE_AFTER = timedelta(seconds=10)  # what joined is told together
TEXT_MOST = 500

# pstncc itself takes 3 calls in 8 minutes and 8 in 24 hours [doc 97116]; a phone that rings more often is turned off.
CALLS_AT_ONCE, CALLS_WITHIN = 3, timedelta(minutes=15)
CALLS_A_DAY, CALLS_DAY = 8, timedelta(hours=24)


class AlarmState(StrEnum):
    """Where an alarm stands."""

    OPEN = "open"  # somebody is being woken
    ACKNOWLEDGED = "acknowledged"  # 已应答
    RESOLVED = "resolved"  # 已解除
    WITHDRAWN = "withdrawn"  # 已撤回


@dataclass(frozen=True)
class Alarm:
    """
    An alarm as it stands.

    Attributes:
        kind: of the on-call rota; "" when it climbs the line of report.
        ladder: userids in the order they are woken; told: those who got it so far.
        position, round: whose turn it is, and the how many-eth time round (from 1).
        called: the person at `position` was to be called.
        steps: moves so far; the generation of the pending deadline.
        version: rises with every change, for compare-and-set.
    """

    number: str
    state: AlarmState
    version: int
    sender: str
    kind: str
    ladder: tuple[str, ...]
    told: tuple[str, ...]
    position: int
    round: int
    called: bool
    steps: int
    raised_at: datetime
    acknowledged_by: str = ""
    acknowledged_at: datetime | None = None

    @property
    def holder(self) -> str:
        """Return whose turn it is."""
        return self.ladder[self.position]


@dataclass(frozen=True)
class Move:
    """What a step does: the alarm after it, and whether the one whose turn it is now gets the message, the call."""

    alarm: Alarm
    chat: bool
    call: bool


def ladder_of(org: Org, sender: str, on_call: str | None) -> tuple[str, ...]:
    """
    Return who is woken by an alarm, in order, the sender never among them; empty when there is nobody else.

    The on-call person or the sender's superior first, then that line up, then the executives (2.1a).
    """
    found: list[str] = []

    def add(person: Person | None) -> None:
        if person is not None and person.active and person.userid != sender and person.userid not in found:
            found.append(person.userid)

    add(org.person(on_call))
    for above in org.line_above(found[0] if found else sender):
        add(above)
    everyone = org.active_people()
    for person in everyone:
        if person.grade is Grade.EXECUTIVE:
            add(person)
    if not found:
        for grade in (Grade.DIRECTOR, Grade.SUPERVISOR):
            for person in everyone:
                if person.grade is grade:
                    add(person)
    return tuple(found)


def open_alarm(number: str, sender: str, kind: str, ladder: Sequence[str], now: datetime) -> Move:
    """Start an alarm: the first person gets the message."""
    alarm = Alarm(
        number, AlarmState.OPEN, 1, sender, kind, tuple(ladder), (ladder[0],), 0, 1, called=False, steps=1,
        raised_at=now,
    )
    return Move(alarm, chat=True, call=False)


def advance(alarm: Alarm) -> Move:
    """Nobody answered within a step: call, or go on to the next with message and call, again from the start."""
    if not alarm.called:
        return Move(_changed(alarm, called=True, steps=alarm.steps + 1), chat=False, call=True)
    last = alarm.position + 1 == len(alarm.ladder)
    moved = _changed(
        alarm, position=0 if last else alarm.position + 1, round=alarm.round + last, steps=alarm.steps + 1
    )
    return Move(_told(moved), chat=True, call=True)


def resume(alarm: Alarm, userid: str) -> Move:
    """Somebody of the ladder may be called again after no one could be: the call goes there, the line on behind."""
    at = alarm.ladder.index(userid)
    moved = _changed(
        alarm, position=at, round=alarm.round + (at < alarm.position), called=True, steps=alarm.steps + 1
    )
    return Move(_told(moved), chat=userid not in alarm.told, call=True)


def may_skip(alarm: Alarm) -> bool:
    """Return whether someone who cannot be reached is passed over at once: not at the end of a round."""
    return alarm.position + 1 < len(alarm.ladder)


def next_in_line(alarm: Alarm) -> tuple[str, int] | None:
    """Return who comes next, and after how many steps from now; None when the line has no other."""
    if len(alarm.ladder) == 1:
        return None
    at = (alarm.position + 1) % len(alarm.ladder)
    return alarm.ladder[at], 1 if alarm.called else 2


def acknowledge(alarm: Alarm, userid: str, now: datetime) -> Alarm | Refusal:
    """Somebody of the ladder answers; the first one counts."""
    refusal = _not_open(alarm)
    if refusal is not None:
        return refusal
    if userid not in alarm.ladder:
        return Refusal("alarm.not_yours", CONTROL, {"holder": alarm.holder})
    return _changed(alarm, state=AlarmState.ACKNOWLEDGED, acknowledged_by=userid, acknowledged_at=now)


def hand_over(alarm: Alarm, userid: str, to: str) -> Move | Refusal:
    """Somebody of the ladder names another: that person gets message and call at once, the line goes on behind."""
    if alarm.state in (AlarmState.RESOLVED, AlarmState.WITHDRAWN):
        return _over(alarm)
    if userid not in alarm.ladder and userid != alarm.acknowledged_by:
        return Refusal("alarm.not_yours", CONTROL, {"holder": alarm.holder})
    if to == alarm.sender:
        return Refusal("alarm.to_sender", CONTROL, {})
    if to == userid:
        return Refusal("alarm.to_self", CONTROL, {})
    after = alarm.position + 1
    ladder = [*alarm.ladder[:after], to, *(each for each in alarm.ladder[after:] if each != to)]
    moved = _changed(
        alarm, state=AlarmState.OPEN, ladder=tuple(ladder), position=after, called=True, steps=alarm.steps + 1,
        acknowledged_by="", acknowledged_at=None,
    )
    return Move(_told(moved), chat=True, call=True)


def wake_again(alarm: Alarm) -> Move:
    """Who answered did nothing: the alarm is open again, with that person first, message and call at once."""
    at = alarm.ladder.index(alarm.acknowledged_by) if alarm.acknowledged_by in alarm.ladder else 0
    moved = _changed(
        alarm, state=AlarmState.OPEN, position=at, round=alarm.round + 1, called=True, steps=alarm.steps + 1,
        acknowledged_by="", acknowledged_at=None,
    )
    return Move(_told(moved), chat=True, call=True)


def resolve(alarm: Alarm, userid: str) -> Alarm | Refusal:
    """The sender or somebody of the ladder ends it."""
    if alarm.state in (AlarmState.RESOLVED, AlarmState.WITHDRAWN):
        return _over(alarm)
    if userid != alarm.sender and userid not in alarm.ladder:
        return Refusal("alarm.not_yours", CONTROL, {"holder": alarm.acknowledged_by or alarm.holder})
    return _changed(alarm, state=AlarmState.RESOLVED)


def withdraw(alarm: Alarm, userid: str) -> Alarm | Refusal:
    """The sender takes it back."""
    if alarm.state in (AlarmState.RESOLVED, AlarmState.WITHDRAWN):
        return _over(alarm)
    if userid != alarm.sender:
        return Refusal("alarm.not_sender", CONTROL, {"sender": alarm.sender})
    return _changed(alarm, state=AlarmState.WITHDRAWN)


def call_from(placed: Sequence[datetime], now: datetime) -> datetime:
    """
    Return when one number may be called: `now`, or later while its limits are used up.

    Args:
        placed: machine time of the calls of the last 24 hours.
    """
    at = now
    for most, within in ((CALLS_AT_ONCE, CALLS_WITHIN), (CALLS_A_DAY, CALLS_DAY)):
        recent = sorted(instant for instant in placed if instant > now - within)
        if len(recent) >= most:
            at = max(at, recent[-most] + within)
    return at


def _changed(alarm: Alarm, **changes: object) -> Alarm:
    return replace(alarm, version=alarm.version + 1, **changes)  # type: ignore[arg-type]


def _told(alarm: Alarm) -> Alarm:
    return alarm if alarm.holder in alarm.told else replace(alarm, told=(*alarm.told, alarm.holder))


def _not_open(alarm: Alarm) -> Refusal | None:
    if alarm.state is AlarmState.OPEN:
        return None
    return _over(alarm)


def _over(alarm: Alarm) -> Refusal:
    return Refusal(f"alarm.{alarm.state.value}", CONTROL, {"by": alarm.acknowledged_by, "at": alarm.acknowledged_at})
