"""
An approval played by many people: every act anyone may try, with the invariants checked after each (design rule 11).

`Game` keeps the company, the clock and a record of what was done beside the engine; `Table` is where the approval
lies: in memory, or in a database.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from policy.approval_acts import Act, Fresh, Place
from policy.approval_kinds import DEFAULTS, PURCHASE, Kind, KindField, Money, Source, StepRule, plan_of
from policy.approvals import TRANSITIONS, Done, Transition, open_approval, perform
from policy.capacity import able
from policy.chains import Mode, Plan, Role
from policy.decisions import Refusal
from policy.org import Org
from policy.parameters import Parameters
from policy.renewal import concerned
from policy.seats import successor
from policy.steps import Approval, Verdict, deciders
from policy.terms import ItemState, Verb
from tests.storage.sample_org import sample_org

NUMBER = "CG-20261123-0001"
START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DEPARTMENTS, PEOPLE = sample_org()
USERIDS = sorted(person.userid for person in PEOPLE)
VOTES = Kind(
    "votes", "表决", "事由", Money.OPTIONAL, (KindField("note", "备注"),),
    (
        StepRule(Source.TEAM, Role.FINANCE, "finance", Mode.ANY),
        StepRule(Source.PERSON, Role.NAMED, "luo,gao,wei", Mode.COUNT, 2),
        StepRule(Source.PERSON, Role.NAMED, "pan,tang,he,ren", Mode.RATIO, 60),
        StepRule(Source.PERSON, Role.NAMED, "zhou,zheng"), StepRule(Source.SUPERIOR, Role.SUPERVISOR),
    ),
    concerns={"note": (Role.SUPERVISOR,)},
)
KINDS = (PURCHASE, VOTES, *DEFAULTS)
FIELDS = ("reason", "supplier", "subject", "attachment", "note")
VERBS = (
    Verb.APPROVE, Verb.APPROVE, Verb.APPROVE, Verb.APPROVE, Verb.REJECT, Verb.RETURN, Verb.TAKE_BACK, Verb.WITHDRAW,
    Verb.AMEND, Verb.ATTACH, Verb.REFILE, Verb.URGE, Verb.HASTEN, Verb.ASK, Verb.ANSWER, Verb.FORWARD, Verb.ADD,
    Verb.REMOVE,
)


class Table(Protocol):
    """Where the approval lies."""

    def put(self, approval: Approval) -> None: ...
    def get(self) -> Approval: ...
    def act(self, act: Act, now: datetime, parameters: Parameters) -> Done | Refusal: ...


class Memory:
    """On nothing but a name."""

    def __init__(self) -> None:
        self._approval: Approval | None = None

    def put(self, approval: Approval) -> None:
        self._approval = approval

    def get(self) -> Approval:
        assert self._approval is not None
        return self._approval

    def act(self, act: Act, now: datetime, parameters: Parameters) -> Done | Refusal:
        done = perform(self.get(), act, now=now, parameters=parameters)
        if isinstance(done, Done):
            self._approval = done.approval
        return done


@dataclass
class Game:
    """One approval from filing to its end, and again."""

    table: Table
    taken: Counter[Transition] = field(default_factory=Counter)
    steps: int = 0
    parameters: Parameters = field(default_factory=Parameters)
    now: datetime = START
    gone: set[str] = field(default_factory=set)
    serial: int = 0

    def __post_init__(self) -> None:
        self.file(3, 0, 3_500_000)

    @property
    def org(self) -> Org:
        people = [replace(person, active=person.userid not in self.gone) for person in PEOPLE]
        return Org.of(1, DEPARTMENTS, people)

    @property
    def approval(self) -> Approval:
        return self.table.get()

    # -- moves

    def file(self, who: int, kind: int, fen: int) -> None:
        """Somebody files; where no way exists it is refused and the former approval stays."""
        applicant = USERIDS[who % len(USERIDS)]
        chosen = KINDS[kind % len(KINDS)]
        sum_ = None if chosen.money is Money.NONE else fen
        plan = plan_of(self.org, chosen, applicant, sum_, self.parameters)
        if isinstance(plan, Refusal) or applicant in self.gone:
            assert self.serial or applicant in self.gone or isinstance(plan, Refusal)
            return
        self.serial += 1
        self.kind, self.plan = chosen, plan
        approval = open_approval(
            f"CG-20261123-{self.serial:04d}", plan, applicant, sum_, now=self.now, kind=chosen.id
        )
        self.table.put(approval)
        self.first, self.log, self.seen = approval, list[tuple[Act, datetime]](), set[tuple[int, int, int]]()
        self.check()

    def move(self, minutes: int) -> None:
        """Time passes, or jumps; reminders find who can sign for those who cannot."""
        self.now += timedelta(minutes=minutes)
        self.remind()

    def leave(self, who: int) -> None:
        """Somebody leaves; only a few at a time, else nobody is left to play."""
        if len(self.gone) < 4:
            self.gone.add(USERIDS[who % len(USERIDS)])
        else:
            self.gone.clear()

    def remind(self) -> None:
        """Do what the clock does to a step that waits."""
        for seat in self.approval.waiting:
            seated = {other.signer for other in self.approval.seats if other.id != seat.id}
            holder = successor(self.org, seat.signer, self.approval.applicant, seated)
            if holder.userid not in ("", seat.signer):
                self.do(
                    Act(
                        Verb.REASSIGN, "system", holder.why.value, round=self.approval.round, seat=seat.id,
                        to=holder.userid,
                    )
                )
        for seat in self.approval.waiting:
            assert self.org.person(seat.signer) is not None, "an open seat whose owner nobody can reach"

    def act(self, verb: int, who: int, to: int, place: int, card: int, fen: int, changed: int) -> None:
        """Somebody tries something: often who may, sometimes who may not; by a fresh card, an old one, or words."""
        approval, wanted = self.approval, VERBS[verb % len(VERBS)]
        actor = self._actor(wanted, who)
        if actor in self.gone:
            return
        target = USERIDS[to % len(USERIDS)]
        if wanted is Verb.RETURN and to % 3:
            signed = sorted({seat.decision.actor for seat in approval.seats if seat.decision is not None})
            target = signed[to % len(signed)] if signed and to % 3 == 1 else ""
        if wanted is Verb.REMOVE:
            added = [seat for seat in approval.seats if seat.added_by]
            if added:
                target = added[to % len(added)].signer
                actor = added[to % len(added)].added_by if who % 4 else actor
        act = Act(wanted, actor, "理由" if who % 11 else "", to=target, place=list(Place)[place % 3])
        if wanted in (Verb.APPROVE, Verb.REJECT, Verb.RETURN) and card % 3:
            seats = approval.seats
            seat = approval.seat_of(actor) if card % 3 == 1 else seats[card % len(seats)]
            if seat is not None:
                old = card % 13 == 0
                act = replace(
                    act, seat=seat.id, round=approval.round - old, revision=approval.revision - (card % 17 == 0)
                )
        if wanted is Verb.FORWARD:
            mine, person = approval.seat_of(actor), self.org.person(target)
            if person is None:
                return
            act = replace(act, able=mine is None or able(self.org, person, mine.roles))
        if wanted is Verb.ADD and target in self.gone:
            return
        if wanted in (Verb.AMEND, Verb.ATTACH):
            fresh = self._fresh(wanted, fen, changed)
            if fresh is None:
                return
            act = replace(act, fresh=fresh)
        self.do(act)
        if card % 5 == 0:
            self.do(act)  # the same tap delivered again, or a second thumb

    def _actor(self, verb: Verb, who: int) -> str:
        approval = self.approval
        if who % 5 == 4:
            return USERIDS[who % len(USERIDS)]
        if verb in (Verb.APPROVE, Verb.REJECT, Verb.RETURN, Verb.ASK, Verb.FORWARD, Verb.ADD):
            waiting = approval.waiting
            return waiting[who % len(waiting)].signer if waiting else USERIDS[who % len(USERIDS)]
        if verb is Verb.TAKE_BACK:
            signed = [seat.decision.actor for seat in approval.seats if seat.decision is not None]
            return signed[who % len(signed)] if signed else approval.applicant
        return approval.applicant

    def _fresh(self, verb: Verb, fen: int, changed: int) -> Fresh | None:
        approval = self.approval
        names = {"attachment"} if verb is Verb.ATTACH else {FIELDS[changed % len(FIELDS)]}
        sum_ = approval.fen
        if verb is Verb.AMEND and approval.fen is not None and changed % 2:
            sum_ = fen
            names.add("fen")
            if fen == approval.fen:
                return None
        plan = plan_of(self.org, self.kind, approval.applicant, sum_, self.parameters)
        if isinstance(plan, Refusal):
            return None
        return Fresh(plan, sum_, approval.revision + 1, frozenset(names), self.kind.concerns)

    # -- what must hold

    def do(self, act: Act) -> Done | Refusal:
        """Perform one act and check everything."""
        before = self.approval
        self.steps += 1
        done = self.table.act(act, self.now, self.parameters)
        after = self.approval
        if isinstance(done, Refusal):
            assert after == before, "a refusal changed something"
            return done
        self.taken[done.transition] += 1
        self.log.append((act, self.now))
        assert after == done.approval
        assert after.version == before.version + 1
        if act.verb in (Verb.APPROVE, Verb.REJECT, Verb.RETURN):
            self._check_decision(before, act, done)
        if act.verb is Verb.TAKE_BACK:
            self._check_taken_back(before, done)
        if act.verb in (Verb.AMEND, Verb.ATTACH) and act.fresh is not None and after.round != before.round:
            self.plan = act.fresh.plan
            self._check_carried(before, after, act.fresh)
        self.check()
        return done

    def _check_taken_back(self, before: Approval, done: Done) -> None:
        assert done.seat is not None
        held = before.seat(done.seat.id)
        assert held is not None
        assert held.decision is not None
        assert self.now - held.decision.at <= timedelta(minutes=self.parameters.take_back_minutes), "too late"
        later = [seat for step in before.steps[before.step_of(held.id) + 1 :] for seat in step.seats]
        made = [seat for seat in later if seat.decision is not None and not seat.decision.carried_from]
        assert not made, "a signature taken back from under those who signed after it"

    def _check_decision(self, before: Approval, act: Act, done: Done) -> None:
        assert done.seat is not None
        assert done.seat.decision is not None
        held = before.seat(done.seat.id)
        assert held is not None
        assert held.is_open, "a second decision on one seat"
        assert held in before.waiting, "a decision before or after its turn"
        assert held.signer == act.actor, "somebody else's seat"
        if act.round is not None:
            assert (act.round, act.revision) == (before.round, before.revision), "a stale card decided"
        key = (before.round, held.id, held.generation)
        assert key not in self.seen, "one seat decided twice"
        self.seen.add(key)

    def _check_carried(self, before: Approval, after: Approval, fresh: Fresh) -> None:
        falls = fresh.fen is not None and before.fen is not None and fresh.fen < before.fen
        matters = fresh.changed - {"fen"} if falls else fresh.changed
        for seat in after.seats:
            if seat.decision is not None:
                assert seat.decision.carried_from, "a signature of an older round counted as one of this"
                assert not concerned(seat.roles, matters, fresh.concerns), "a signature kept though its matter changed"
        assert after.waiting, "a renewal passed by itself"

    def check(self) -> None:
        """Check what must hold at every moment."""
        approval = self.approval
        ids = [seat.id for seat in approval.seats]
        assert len(set(ids)) == len(ids)
        for seat in approval.seats:
            assert seat.signer != approval.applicant, "the applicant sits in the chain"
            if seat.decision is not None:
                assert seat.decision.actor != approval.applicant, "somebody signed their own"
        if approval.state is ItemState.PENDING:
            assert approval.waiting, "pending, and nobody is asked"
            assert all(step.verdict is Verdict.PASSED for step in approval.steps[: approval.position])
            assert approval.steps[approval.position].verdict is Verdict.OPEN
            assert approval.steps[approval.position].entered_at is not None
        if approval.state is ItemState.APPROVED:
            self._check_approved(approval)

    def _check_approved(self, approval: Approval) -> None:
        assert all(step.verdict is Verdict.PASSED for step in approval.steps)
        if approval.fen is not None:
            assert len(deciders(approval.steps)) >= 2, "money moved with one person's word"
        agreed = [
            role for step in approval.steps for seat in step.seats
            if seat.decision is not None and seat.decision.verb is Verb.APPROVE for role in seat.roles
        ]
        for planned in self.plan.steps:
            if planned.mode is Mode.ALL:
                for seat in planned.seats:
                    assert set(seat.roles) <= set(agreed), "passed without the people its tier demands"

    def check_replay(self) -> None:
        """Perform the history again from the start: it ends in the same state."""
        approval = self.first
        for act, at in self.log:
            done = perform(approval, act, now=at, parameters=self.parameters)
            assert isinstance(done, Done)
            approval = done.approval
        assert approval == self.approval


ALL_ROWS = frozenset(TRANSITIONS)
EMPTY_PLAN = Plan((), (), "", 0, ())
