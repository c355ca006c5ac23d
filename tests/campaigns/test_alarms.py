"""
Alarms under failures of chat and phone, in virtual time (7.1b; RP-1.4, RP-1.5 of the reliability notes).

No alarm that nobody answered is without a call attempt within its step and 60 s; no call is placed later than 5 s after
an answer; no number rings more than 3 times in 15 minutes.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from notifications.calls import Errand, Result, Verdict
from notifications.errors import OutcomeUnknown, RetryLater
from notifications.phoning import Telephone
from policy.terms import DeliveryKind
from storage.alarm_tables import ALARM
from storage.queries.alarms import load_alarm
from storage.queries.calls import calls_of
from tests.campaigns.big_company import big_org, open_big_office
from tests.campaigns.scale import FULL, Campaign
from tests.handlers.office import Office

STEP = timedelta(minutes=3)
TICK_SECONDS = 5
TEAMS = 500 if FULL else 50  # a number may ring 8 times a day: each superior gets one or two alarms


@dataclass
class Placed:
    """A call attempt that left us."""

    number: str
    userid: str
    at: datetime
    may_ring: bool


@dataclass
class Watcher:
    """Sits at the moment of calling: keeps every attempt, and now and then lets an answer slip in right before it."""

    office: Office
    dice: random.Random
    real: Telephone
    slip: float
    attempts: list[Placed] = field(default_factory=list)
    slipped: set[str] = field(default_factory=set)  # answered between the claim and the call

    def prepare(self, *arguments: object) -> Errand | None:
        return self.real.prepare(*arguments)  # type: ignore[arg-type]

    def make(self, errand: Errand) -> Result:
        delivery = errand.delivery
        if delivery.kind is DeliveryKind.CALL_CHECK:
            return self.real.make(errand)
        if self.dice.random() < self.slip:
            # The worker was held up between its claim and the call; meanwhile somebody answered.
            self.slipped.add(delivery.number)
            answer(self.office, delivery.recipient, delivery.number)
            self.office.clock.move(seconds=self.dice.choice((1, 4, 9)))
        before = len(self.office.phones.calls) + len(self.refused)
        made = self.real.make(errand)
        if len(self.office.phones.calls) + len(self.refused) > before:
            may_ring = made.verdict in (Verdict.DONE, Verdict.LOST)
            now = self.office.clock.machine_now()
            self.attempts.append(Placed(delivery.number, delivery.recipient, now, may_ring))
        return made

    @property
    def refused(self) -> list[str]:
        return self.office.phones.refused_calls  # type: ignore[attr-defined,no-any-return]


def answer(office: Office, userid: str, number: str) -> None:
    """Answer by chat without letting anything else happen."""
    office.dispatch.handle(
        {
            "ToUserName": "ww1", "FromUserName": userid, "AgentID": "1000002", "MsgType": "text",
            "CreateTime": str(int(office.clock.company_now().timestamp())), "Content": f"收到 {number}",
            "MsgId": office._token(),
        },
        "127.0.0.1",
    )


@pytest.fixture
def company(embedded_template: Path, tmp_path: Path, campaign: Campaign) -> Iterator[tuple[Office, Watcher]]:
    office = open_big_office(tmp_path, embedded_template, big_org(TEAMS, 1))
    _break_phones(office, campaign.dice)
    watcher = Watcher(office, campaign.dice, office.courier._telephone, 0.05)
    office.courier._telephone = watcher  # type: ignore[assignment]
    yield office, watcher
    office.close()


def _break_phones(office: Office, dice: random.Random) -> None:
    """Let chat and phone fail in every way they can."""
    phones = office.phones
    send, call, ends = phones.send, phones.call, phones.ends
    phones.refused_calls = []  # type: ignore[attr-defined]

    def broken_send(body: bytes) -> object:
        chance = dice.random()
        if chance < 0.05:
            send(body)
            raise OutcomeUnknown(0, "message/send", "no answer")
        if chance < 0.15:
            raise RetryLater(-1, "message/send", after_seconds=dice.choice((0, 5, 30)))
        return send(body)

    def broken_call(userids: list[str]) -> object:
        chance = dice.random()
        if chance < 0.3:
            phones.refused_calls.append(userids[0])  # type: ignore[attr-defined]
        if chance < 0.1:
            raise OutcomeUnknown(0, "pstncc/call", "no answer")
        if chance < 0.2:
            raise RetryLater(-1, "pstncc/call", after_seconds=5)
        phones.call_refusals = {userids[0].lower(): 60111} if chance < 0.3 else {}
        started = call(userids)
        if chance > 0.8:
            ends(userids[0].lower(), dice.choice((5, 8, 9, 12, 13)))
        return started

    phones.send, phones.call = broken_send, broken_call  # type: ignore[method-assign,assignment]


@pytest.mark.campaign
@pytest.mark.timeout(3000 if FULL else 240)
def test_no_unanswered_alarm_is_without_a_call_and_no_call_comes_after_an_answer(
    campaign: Campaign, company: tuple[Office, Watcher]
) -> None:
    office, watcher = company
    dice, count = campaign.dice, campaign.size(500)
    span = campaign.size(4 * 3600)
    begins = sorted(dice.uniform(0, span) for _ in range(count))
    senders = dice.sample(range(TEAMS), TEAMS)
    answers: dict[int, list[tuple[str, str]]] = {}  # tick -> (who, what they say)
    raised = ticks = 0
    while raised < count or ticks * TICK_SECONDS < span + 40 * 60:
        while raised < count and begins[raised] <= ticks * TICK_SECONDS:
            _raise(office, dice, f"e{senders[raised % TEAMS]}-0", f"第 {raised} 件急事", answers, ticks)
            raised += 1
        for who, words in answers.pop(ticks, ()):
            office.say(who, words)
        office.move(seconds=TICK_SECONDS)
        ticks += 1
    _check(campaign, office, watcher, count)


def _raise(
    office: Office, dice: random.Random, sender: str, words: str, answers: dict[int, list[tuple[str, str]]], tick: int
) -> None:
    said = office.say(sender, f"告警 {words}")
    number = said.split(" ")[1]
    assert number.startswith("GJ-"), said
    alarm = office.ask(lambda unit: load_alarm(unit, number))
    if alarm is None:
        return  # joined another one
    after = tick + dice.randrange(12, 18 * 60 // TICK_SECONDS)
    if dice.random() < 0.1:
        answers.setdefault(after, []).append((sender, f"撤回 {number}"))
        return
    # Whoever was told by then; somebody not yet told answers too, as people do who heard of it.
    answers.setdefault(after, []).append((dice.choice(alarm.ladder[:3]), f"收到 {number}"))
    answers.setdefault(after + 24, []).append((alarm.ladder[0], f"解除 {number}"))


def _check(campaign: Campaign, office: Office, watcher: Watcher, count: int) -> None:
    rows = office.ask(lambda unit: unit.all(ALARM.select().with_only_columns(ALARM.c.number)))
    ended = _first_answers(office)
    first: dict[str, datetime] = {}
    for attempt in watcher.attempts:
        first.setdefault(attempt.number, attempt.at)
    late, wanted, latest_after = [], 0, 0.0
    for (number,) in rows:
        alarm = office.ask(lambda unit, number=number: load_alarm(unit, number))
        limit = alarm.raised_at + STEP + timedelta(seconds=60)
        if number in ended and (ended[number] <= alarm.raised_at + STEP or number in watcher.slipped):
            continue
        wanted += 1
        if first.get(number, limit + STEP) > limit:
            late.append((number, first.get(number), [c.state for c in office.ask(lambda u, n=number: calls_of(u, n))]))
    assert late == []
    for attempt in watcher.attempts:
        if attempt.number in ended:
            latest_after = max(latest_after, (attempt.at - ended[attempt.number]).total_seconds())
    assert latest_after <= 5
    most = _most_in_a_quarter(watcher)
    assert most <= 3
    states = Counter(row[0] for row in office.ask(_call_states))
    campaign.found(
        alarms=count, of_their_own=len(rows), wanted_a_call=wanted, attempts=len(watcher.attempts),
        call_states=dict(states), answered_at_the_moment_of_calling=len(watcher.slipped), without_a_call=0,
        latest_call_after_an_answer_seconds=latest_after, most_calls_to_a_number_in_15_minutes=most,
    )


def _first_answers(office: Office) -> dict[str, datetime]:
    """Return when each alarm was first answered, ended or taken back."""
    from storage.moments import from_ms
    from storage.tables import AUDIT

    acts = ("alarm.acknowledged", "alarm.resolved", "alarm.withdrawn")
    statement = (
        AUDIT.select().with_only_columns(AUDIT.c.number, AUDIT.c.at).where(AUDIT.c.act.in_(acts))
        .order_by(AUDIT.c.seq.desc())
    )
    # An answered alarm wakes again after half an hour; these are ended before that.
    return {number: from_ms(at) for number, at in office.ask(lambda unit: unit.all(statement))}


def _most_in_a_quarter(watcher: Watcher) -> int:
    times: dict[str, list[datetime]] = {}
    for attempt in filter(lambda one: one.may_ring, watcher.attempts):
        times.setdefault(attempt.userid, []).append(attempt.at)
    return max(
        (
            sum(start <= at < start + timedelta(minutes=15) for at in instants)
            for instants in times.values() for start in instants
        ),
        default=0,
    )


def _call_states(unit: object) -> list[tuple[str]]:
    from storage.alarm_tables import PHONE_CALL

    return unit.all(PHONE_CALL.select().with_only_columns(PHONE_CALL.c.state))  # type: ignore[attr-defined,no-any-return]


# --- a company of a thousand ------------------------------------------------------------------------------------------


@pytest.mark.campaign
@pytest.mark.timeout(3000 if FULL else 240)
def test_a_company_of_a_thousand_gets_notices_and_digests_with_the_fewest_calls(
    campaign: Campaign, embedded_template: Path, tmp_path: Path
) -> None:
    teams = max(2, campaign.size(1000) // 10)
    org = big_org(teams, 9)
    office = open_big_office(tmp_path, embedded_template, org)
    try:
        calls: list[tuple[datetime, list[str]]] = []
        send = office.phones.send

        def counted(body: bytes) -> object:
            calls.append((office.clock.machine_now(), json.loads(body)["touser"].lower().split("|")))
            return send(body)

        office.phones.send = counted  # type: ignore[method-assign,assignment]
        everybody = len(office.phones.chats)
        if everybody - 1 > 20:
            assert f"共 {everybody - 1} 人" in office.say("zhao", "通知 重要 对象=全员 周五18:00机房停电")
            office.say("zhao", "确认发送")
        else:
            office.say("zhao", "通知 重要 对象=全员 周五18:00机房停电")
        office.move(minutes=2)
        fewest = -(-(everybody - 1) // 1000)
        to_all = [people for _, people in calls if len(people) > 1]
        assert (sum(map(len, to_all)), len(to_all)) == (everybody - 1, fewest)
        office.move(hours=4)  # nobody has read it: all are reminded, once more in one call
        to_all = [people for _, people in calls if len(people) > 1]
        assert (sum(map(len, to_all)), len(to_all)) == (2 * (everybody - 1), 2 * fewest)
        del calls[:]
        office.until(office.at(9, 10, days=7))
        monday = [people[0] for at, people in calls if len(people) == 1 and at >= office.at(9)]
        leaders = [person["userid"] for person in org["people"] if person["grade"] != "specialist"]
        assert set(leaders) <= set(monday)
        assert not set(monday) & {person["userid"] for person in org["people"] if person["grade"] == "specialist"}
        digests = Counter(monday)
        most = _most_in_a_minute(calls)
        assert most <= 25
        campaign.found(
            people=everybody, calls_for_a_notice=fewest, calls_for_its_reminder=fewest, digests=len(leaders),
            calls_on_monday_morning=len(monday), most_to_one_in_a_minute=most, most_to_one=max(digests.values()),
        )
    finally:
        office.close()


def _most_in_a_minute(calls: list[tuple[datetime, list[str]]]) -> int:
    times: dict[str, list[datetime]] = {}
    for at, people in calls:
        for userid in people:
            times.setdefault(userid, []).append(at)
    return max(
        sum(start <= at < start + timedelta(minutes=1) for at in instants)
        for instants in times.values() for start in instants
    )
