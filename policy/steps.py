"""
The parts of an approval: seats, steps with a rule of counting, decisions; and what follows from them (3.1a).

A step waits for one or more people at once; its mode says how many of them must agree. A seat is one person's place
in a step, with an id that is never used again in its round; cards and signatures name it. Everything is a value.

Source: research/approvals (d) 2, 3, 9, 16, 17, 22.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from policy.chains import Mode, Role
from policy.terms import ItemState, Verb

SEATS_USED = "seats_used"  # fact: the first seat id that is free, kept when a seat is removed


class Verdict(StrEnum):
    """Where a step's counting stands."""

    OPEN = "open"  # 未定
    PASSED = "passed"  # 通过
    FAILED = "failed"  # 不通过


@dataclass(frozen=True)
class Decision:
    """
    What a signer decided.

    Attributes:
        revision: the one the signature is bound to.
        generation: counts decisions taken back before it on the same seat.
        carried_from: the round it was signed in, when its content has not changed for this signer since; 0 = this one.
        acting_for: userid of the signer in whose seat the actor stood in, "" for the signer in person (4.1c).
    """

    verb: Verb
    actor: str
    at: datetime
    opinion: str
    revision: int
    generation: int = 0
    carried_from: int = 0
    acting_for: str = ""


@dataclass(frozen=True)
class Seat:
    """
    One person's place in a step.

    Attributes:
        id: unique in the round, never used again.
        signer: userid of who holds it now.
        roles: the capacities signed for.
        instead_of: whom this person was climbed, moved or forwarded to from, oldest first.
        added_by: who added it by 加签, "" for a planned seat.
        forwarded: True once a person (not the system) has given it to another.
    """

    id: int
    signer: str
    roles: tuple[Role, ...]
    instead_of: tuple[str, ...] = ()
    added_by: str = ""
    forwarded: bool = False
    generation: int = 0
    decision: Decision | None = None

    @property
    def is_open(self) -> bool:
        """Return whether nobody has decided here."""
        return self.decision is None


@dataclass(frozen=True)
class Step:
    """
    People who are asked at the same time.

    Attributes:
        needed: people for COUNT, percent for RATIO, else 0.
        entered_at: since when it waits; None before and after a return to an earlier one.
    """

    seats: tuple[Seat, ...]
    mode: Mode = Mode.ALL
    needed: int = 0
    entered_at: datetime | None = None

    @property
    def must_agree(self) -> int:
        """Return how many of the seats must agree; added seats count, since they sit in the step."""
        most = len(self.seats)
        if self.mode is Mode.ANY:
            return 1
        if self.mode is Mode.COUNT:
            return max(1, min(self.needed, most))
        if self.mode is Mode.RATIO:
            return max(1, -(-most * self.needed // 100))
        return most

    @property
    def verdict(self) -> Verdict:
        """
        Return where the counting stands, ended early both ways.

        或签: the first decision decides, for or against. Otherwise it fails once too many are against.
        """
        agreed = sum(_is(seat, Verb.APPROVE) for seat in self.seats)
        against = sum(_is(seat, Verb.REJECT) for seat in self.seats)
        if agreed >= self.must_agree:
            return Verdict.PASSED
        if against > (0 if self.mode is Mode.ANY else len(self.seats) - self.must_agree):
            return Verdict.FAILED
        return Verdict.OPEN

    @property
    def waiting(self) -> tuple[Seat, ...]:
        """Return the seats nobody has decided on."""
        return tuple(seat for seat in self.seats if seat.is_open)

    @property
    def last_decision(self) -> Decision | None:
        """Return the newest decision of the step."""
        # Of two in one second the later seat's.
        made = [seat.decision for seat in reversed(self.seats) if seat.decision is not None]
        return max(made, key=lambda decision: decision.at, default=None)

    # One seat is what most steps have; what follows speaks of the first that waits, else of the first.

    @property
    def first(self) -> Seat:
        """Return the first seat that waits, else the first."""
        return next((seat for seat in self.seats if seat.is_open), self.seats[0])

    @property
    def signer(self) -> str:
        """Return who holds the first seat that waits."""
        return self.first.signer

    @property
    def signers(self) -> tuple[str, ...]:
        """Return everyone who sits in the step."""
        return tuple(seat.signer for seat in self.seats)

    @property
    def roles(self) -> tuple[Role, ...]:
        """Return the capacities of the first seat that waits."""
        return self.first.roles

    def with_seat(self, changed: Seat) -> Step:
        """Return the step with one seat changed."""
        return replace(self, seats=tuple(changed if seat.id == changed.id else seat for seat in self.seats))


def _is(seat: Seat, verb: Verb) -> bool:
    return seat.decision is not None and seat.decision.verb is verb


@dataclass(frozen=True)
class Approval:
    """
    One approval as it stands.

    Attributes:
        version: rises with every act; the compare-and-set of storage.
        round: rises with every resubmission and return to an earlier signer; older rounds never count.
        position: index of the open step; len(steps) when none is open.
        facts: kind, tier, limit, copies, policy version, question, urgency (design rule 10).
    """

    number: str
    state: ItemState
    version: int
    round: int
    revision: int
    applicant: str
    fen: int | None
    steps: tuple[Step, ...]
    position: int = 0
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def open_step(self) -> Step | None:
        """Return the step that waits, None when the approval is not pending."""
        if self.state is not ItemState.PENDING or self.position >= len(self.steps):
            return None
        return self.steps[self.position]

    @cached_property
    def waiting(self) -> tuple[Seat, ...]:
        """Return the seats that are asked now; worked out once, since all that follows from an act asks for them."""
        step = self.open_step
        return () if step is None else step.waiting

    @property
    def last_decision(self) -> Decision | None:
        """Return the newest decision of this round."""
        made = [step.last_decision for step in reversed(self.steps)]
        return max((one for one in made if one is not None), key=lambda decision: decision.at, default=None)

    @property
    def seats(self) -> tuple[Seat, ...]:
        """Return every seat of the round in order."""
        return tuple(seat for step in self.steps for seat in step.seats)

    def seat(self, id_: int) -> Seat | None:
        """Return a seat by its id."""
        return next((seat for seat in self.seats if seat.id == id_), None)

    def step_of(self, id_: int) -> int:
        """
        Return the index of the step a seat sits in.

        Raises:
            KeyError: no such seat in this round.
        """
        for at, step in enumerate(self.steps):
            if any(seat.id == id_ for seat in step.seats):
                return at
        raise KeyError(id_)

    def seat_of(self, userid: str) -> Seat | None:
        """Return the seat somebody is asked for now."""
        return next((seat for seat in self.waiting if seat.signer == userid), None)

    @property
    def next_seat_id(self) -> int:
        """Return an id that was never used in this round, not even by a seat that was removed."""
        return max(1 + max((seat.id for seat in self.seats), default=-1), int(str(self.facts.get(SEATS_USED, 0))))

    def with_step(self, at: int, step: Step) -> Approval:
        """Return the approval with one step changed."""
        return replace(self, steps=(*self.steps[:at], step, *self.steps[at + 1 :]))

    def with_seat(self, seat: Seat) -> Approval:
        """Return the approval with one seat changed."""
        at = self.step_of(seat.id)
        return self.with_step(at, self.steps[at].with_seat(seat))


def deciders(steps: Iterable[Step]) -> frozenset[str]:
    """Return the different people who agreed."""
    return frozenset(
        seat.decision.actor for step in steps for seat in step.seats
        if seat.decision is not None and seat.decision.verb is Verb.APPROVE
    )
