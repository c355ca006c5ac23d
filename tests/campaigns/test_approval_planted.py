"""Bugs planted into the engine of approvals: the game must find each (design rule 18)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import pytest

import policy.approval_kinds
import policy.approvals
import policy.renewal
import policy.steps
from policy.approval_acts import Guard
from policy.approvals import Approval, Transition
from policy.chains import PlannedSeat, Role
from policy.org import Org, Person
from policy.steps import Step
from tests.campaigns.test_approval_game import play
from tests.policy.approval_game import Game, Memory

pytestmark = pytest.mark.campaign

Patch = pytest.MonkeyPatch


def _own(patch: Patch) -> None:
    def seat_for(org: Org, role: Role, holder: Person | None, applicant: str) -> PlannedSeat | None:
        return None if holder is None else PlannedSeat(holder.userid, (role,))

    patch.setattr(policy.approval_kinds, "seat_for", seat_for)


def _stale(patch: Patch) -> None:
    patch.setattr(policy.approvals, "stale", lambda approval, act: None)


def _old_round(patch: Patch) -> None:
    patch.setattr(policy.renewal, "concerned", lambda roles, matters, concerns: False)


def _anybody(patch: Patch) -> None:
    patch.setattr(policy.approvals, "right_person", lambda approval, act, who: None)


def _without(guard: Guard) -> Callable[[Patch], None]:
    def plant(patch: Patch) -> None:
        patch.setitem(policy.approvals.GUARDS, guard, lambda approval, act, moment: True)  # type: ignore[arg-type]

    return plant


def _siblings(patch: Patch) -> None:
    """Of three who must all agree, two suffice: counted by what is seen of the others, not by the step."""
    patch.setattr(Step, "must_agree", property(lambda step: max(1, len(step.seats) - 1)))


def _same_version(patch: Patch) -> None:
    real = policy.approvals.replace

    def frozen(approval: Approval, **changes: object) -> Approval:
        changes.pop("version", None)
        return real(approval, **changes)

    patch.setattr(policy.approvals, "replace", frozen)


PLANTED = {
    "own money": _own, "stale card accepted": _stale, "old round counted": _old_round, "anybody may act": _anybody,
    "one person suffices": _without(Guard.ENOUGH_PEOPLE), "passes by a removal": _without(
        Guard.REMOVING_LEAVES_ONE_OPEN
    ),
    "the same person twice": _without(Guard.NOT_SEATED), "taken back from under others": _without(
        Guard.NEXT_HAS_NOT_ACTED
    ),
    "taken back too late": _without(Guard.IN_TIME), "siblings recounted": _siblings,
    "version not raised": _same_version,
}


@pytest.mark.parametrize("name", sorted(PLANTED))
def test_the_game_finds_a_planted_bug(name: str, monkeypatch: Patch) -> None:
    PLANTED[name](monkeypatch)

    with pytest.raises((AssertionError, IndexError, KeyError)):
        play_many(60, 400)


def test_without_a_bug_it_finds_none() -> None:
    assert sum(play_many(20, 400).values()) > 500


def play_many(games: int, acts: int) -> Counter[Transition]:
    """Play games of a number of moves each; return the rows taken."""
    taken: Counter[Transition] = Counter()
    for seed in range(games):
        play(Game(Memory(), taken), random.Random(seed), acts)
    return taken
