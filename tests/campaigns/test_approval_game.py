"""Approvals attacked: several people, double taps, races, withdrawals, leavers and clock jumps (design rule 11)."""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import datetime

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from policy.approval_acts import Act
from policy.approvals import Done, Transition, perform
from policy.decisions import Refusal
from policy.parameters import Parameters
from policy.steps import Approval
from policy.terms import Verb
from storage.errors import StaleRow
from storage.queries import approvals
from storage.queries.approvals import Signature
from storage.store import Store
from storage.unit import Unit
from tests.campaigns.scale import FULL, Campaign
from tests.policy.approval_game import ALL_ROWS, Game, Memory

_TAKEN: Counter[Transition] = Counter()
_STEPS = [0]
_SUMS = st.sampled_from([1, 100_00, 4_999_999, 5_000_000, 5_000_001, 9_000_000])
_ANY = st.integers(0, 9_999)


class People(RuleBasedStateMachine):
    """Everybody tries everything."""

    def __init__(self) -> None:
        super().__init__()
        self.game = Game(Memory(), _TAKEN)

    @rule(verb=_ANY, who=_ANY, to=_ANY, place=_ANY, card=_ANY, fen=_SUMS, changed=_ANY)
    def act(self, verb: int, who: int, to: int, place: int, card: int, fen: int, changed: int) -> None:
        self.game.act(verb, who, to, place, card, fen, changed)

    @rule(verb=st.integers(0, 3), who=st.integers(0, 3), card=_ANY)
    def sign(self, verb: int, who: int, card: int) -> None:
        self.game.act(verb, who, 0, 0, card, 0, 0)

    @rule(verb=st.integers(4, 17), who=st.integers(0, 3), to=_ANY, place=_ANY, fen=_SUMS, changed=_ANY)
    def vary(self, verb: int, who: int, to: int, place: int, fen: int, changed: int) -> None:
        self.game.act(verb, who, to, place, 0, fen, changed)

    @rule(who=_ANY, kind=_ANY, fen=_SUMS)
    def file(self, who: int, kind: int, fen: int) -> None:
        self.game.file(who, kind, fen)

    @rule(minutes=st.sampled_from([0, 1, 9, 10, 11, 240, 60 * 24, 60 * 80]))
    def move(self, minutes: int) -> None:
        self.game.move(minutes)

    @rule(who=_ANY)
    def leave(self, who: int) -> None:
        self.game.leave(who)
        self.game.remind()

    @invariant()
    def holds(self) -> None:
        self.game.check()

    def teardown(self) -> None:
        self.game.check_replay()
        _STEPS[0] += self.game.steps


@pytest.mark.campaign
@pytest.mark.timeout(1800 if FULL else 240)
def test_whatever_people_try_the_invariants_hold() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        People,
        settings=settings(
            max_examples=2_000 if FULL else 120, stateful_step_count=60, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert _STEPS[0] > 1_500
    print(f"acts: {_STEPS[0]}, rows: {len(_TAKEN)}")


@pytest.mark.campaign
@pytest.mark.timeout(1800 if FULL else 240)
def test_twenty_thousand_acts_take_every_row_of_the_table(campaign: Campaign) -> None:
    taken: Counter[Transition] = Counter()
    wanted, played = 200_000 if FULL else 20_000, 0
    while played < wanted:
        game = Game(Memory(), taken)
        play(game, campaign.dice, 80)
        game.check_replay()
        played += game.steps
    assert ALL_ROWS - set(taken) == frozenset()
    campaign.found(acts=played, rows=len(taken), rarest=min(taken.values()))


def play(game: Game, dice: random.Random, acts: int) -> None:
    """Play a number of random moves."""
    for _ in range(acts):
        turn = dice.randrange(100)
        if turn < 4:
            game.file(dice.randrange(10_000), dice.randrange(10_000), dice.choice([100, 4_999_999, 5_000_000]))
        elif turn < 10:
            game.move(dice.choice([0, 1, 11, 300, 4_800]))
        elif turn < 13:
            game.leave(dice.randrange(10_000))
            game.remind()
        else:
            game.act(*(dice.randrange(10_000) for _ in range(5)), dice.choice([100, 4_999_999, 5_000_000]),
                     dice.randrange(10_000))


class Kept:
    """In a database, each act in a transaction of its own, as handlers do it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._number = ""

    def put(self, approval: Approval) -> None:
        self._number = approval.number

        def insert(unit: Unit) -> None:
            approvals.insert_approval(unit, approval)
            unit.audit(approval.steps[0].entered_at or datetime.min, approval.applicant, "approval.filed", self._number)

        self._store.write(insert)

    def get(self) -> Approval:
        found = self._store.read(lambda unit: approvals.load_approval(unit, self._number))
        assert found is not None
        return found

    def act(self, act: Act, now: datetime, parameters: Parameters) -> Done | Refusal:
        def one(unit: Unit) -> Done | Refusal:
            approval = approvals.lock_approval(unit, self._number)
            assert approval is not None
            done = perform(approval, act, now=now, parameters=parameters)
            if isinstance(done, Refusal):
                return done
            if act.verb in (Verb.APPROVE, Verb.REJECT, Verb.RETURN):
                seat = done.seat
                assert seat is not None
                assert seat.decision is not None
                approvals.insert_signature(
                    unit,
                    Signature(
                        self._number, approval.round, seat.id, seat.decision.generation, act.actor, act.actor,
                        tuple(role.value for role in seat.roles), act.verb, act.opinion, approval.revision, "d", 1, now,
                    ),
                )
            approvals.save_approval(unit, done.approval)
            unit.audit(now, act.actor, "approval.act", self._number, verb=act.verb.value)
            return done

        return self._store.write(one)


@pytest.mark.campaign
@pytest.mark.timeout(1800 if FULL else 240)
def test_the_same_holds_in_a_database(campaign: Campaign, store: Store) -> None:
    taken: Counter[Transition] = Counter()
    wanted, played = 20_000 if FULL else 2_000, 0
    table = Kept(store)
    serial = 0
    while played < wanted:
        game = Game(table, taken, serial=serial)
        play(game, campaign.dice, 80)
        game.check_replay()
        serial = game.serial
        played += game.steps
    campaign.found(acts=played, rows=len(taken))


def test_who_acts_on_what_somebody_else_has_changed_is_told_to_look_again(store: Store) -> None:
    game = Game(Kept(store))
    old = game.approval
    game.act(0, 0, 0, 0, 0, 0, 0)
    assert game.approval.version == old.version + 1

    def late(unit: Unit) -> None:
        done = perform(old, Act(Verb.WITHDRAW, old.applicant), now=game.now, parameters=Parameters())
        assert isinstance(done, Done)
        approvals.save_approval(unit, done.approval)
        unit.audit(game.now, old.applicant, "approval.withdrawn", old.number)

    with pytest.raises(StaleRow):
        store.write(late)


def test_an_approval_is_read_back_as_it_was_stored(store: Store) -> None:
    game = Game(Kept(store))
    dice = random.Random(7)
    for _ in range(6):
        play(game, dice, 10)
        stored = game.approval
        assert json.dumps([str(step) for step in stored.steps]) == json.dumps([str(s) for s in game.table.get().steps])
