"""
Approvals raced: two to eight acts on each in the same moment, over four web processes.

Sealed callbacks over HTTP. One decision each, losers told by whom and when, in words or on their cards, and a history
that equals a serial order. In full 1,000 approvals on PostgreSQL and 200 on SQLCipher.
"""

from __future__ import annotations

import http.client
import itertools
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bot.wecom.codec import Codec, cdata
from bot.wecom.dedupe import dedupe_key, name_of
from handlers.approval_cards import Approve, Reject
from notifications.texts.purchases import outcome, outcome_word
from policy.approval_acts import Act, Place
from policy.approvals import Approval, Done, perform
from policy.parameters import Parameters
from policy.terms import ItemState, Verb
from storage.canonical import from_json
from storage.queries import approvals
from storage.queries.people import load_org
from storage.tables import AUDIT, OUTBOX
from storage.unit import Unit
from tests.bot.at_once import at_once
from tests.campaigns.scale import FULL, Campaign
from tests.databases import PostgresServer
from tests.handlers.office import AGENT, Office, open_office
from tests.notifications.hands import START

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(3600 if FULL else 240)]

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = 4
DELIVERIES = 4  # the first and WeCom's three repeats
SIGNERS = {"xu": "su", "zheng": "wu", "tang": "pan", "wei": "luo", "tao": "song"}
OTHERS = {"su": "lin", "wu": "zhou", "pan": "he", "luo": "gao", "song": "yan", "zhao": "yan"}
ACTS = {
    "approval.approved": Verb.APPROVE, "approval.rejected": Verb.REJECT, "approval.returned": Verb.RETURN,
    "approval.withdrawn": Verb.WITHDRAW, "approval.forwarded": Verb.FORWARD, "approval.added": Verb.ADD,
}
WON = ("已同意", "已驳回", "已退回", "已把", "已加签", "已记下")
ASKED = "请先在\"原因\"里选一项"  # 驳回 by a button alone needs a reason first
TOLD = ("已由 ", "现在由 ", "已撤回，", "已经在 ")


class Web:
    """Four gunicorns in front of one database, asked over HTTP with sealed callbacks."""

    def __init__(self, office: Office, folder: Path, kind: str) -> None:
        self.office = office
        wecom = office.house.settings.wecom
        self._codec = Codec(
            wecom.token.get_secret_value(), wecom.encoding_aes_key.get_secret_value(), wecom.corp_id
        )
        self._serial = itertools.count(1)
        self._log = folder / "webs.log"
        with self._log.open("w") as log:
            self._processes = [
                subprocess.Popen(
                    [sys.executable, "-m", "tests.campaigns.racers", str(folder), kind], cwd=ROOT,
                    stdout=subprocess.PIPE, stderr=log, text=True,
                )
                for _ in range(PROCESSES)
            ]
        self._ports = [self._port_of(process) for process in self._processes]

    def _port_of(self, process: subprocess.Popen[str]) -> int:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, self.log
        return int(line)

    @property
    def log(self) -> str:
        """Return the newest that the processes said."""
        return self._log.read_text()[-8_000:]

    def race(self, events: list[dict[str, str]]) -> list[str]:
        """Deliver events in the same moment, spread over the processes; return their answers in order."""
        return at_once(
            [
                partial(self._deliver, self._ports[index % PROCESSES], fields)
                for index, fields in enumerate(events)
            ]
        )

    def _deliver(self, port: int, fields: dict[str, str]) -> str:
        """Deliver an event, and again when it could not be kept, as WeCom does; return the opened answer."""
        inner = "".join(f"<{name}>{cdata(value)}</{name}>" for name, value in fields.items())
        for _ in range(DELIVERIES):
            sealed = self._codec.encrypt(f"<xml>{inner}</xml>".encode())
            at, nonce = str(int(START.timestamp())), str(next(self._serial))
            path = f"/wecom/callback?msg_signature={self._codec.sign(at, nonce, sealed)}&timestamp={at}&nonce={nonce}"
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("POST", path, f"<xml><Encrypt>{cdata(sealed)}</Encrypt></xml>".encode())
            response = connection.getresponse()
            content = response.read()
            connection.close()
            if response.status == 200:
                found = re.search(rb"<Encrypt><!\[CDATA\[(.+?)\]\]></Encrypt>", content)
                return "" if found is None else self._codec.decrypt(found.group(1).decode()).decode()
            assert response.status == 503, (response.status, self.log)
        raise AssertionError(f"not kept in {DELIVERIES} deliveries: {self.log}")

    def event(self, sender: str, **fields: str) -> dict[str, str]:
        """Return the fields of an event."""
        return {
            "ToUserName": "ww1", "FromUserName": sender, "AgentID": str(AGENT), "CreateTime": "1795000000", **fields
        }

    def says(self, sender: str, text: str) -> dict[str, str]:
        """Return a text message."""
        return self.event(sender, MsgType="text", Content=text, MsgId=f"race{next(self._serial)}")

    def taps(self, sender: str, key: str) -> dict[str, str]:
        """Return a tap on a card."""
        return self.event(
            sender, MsgType="event", Event="template_card_event", EventKey=key, TaskId=f"t{next(self._serial)}",
            CardType="button_interaction", ResponseCode=f"c{next(self._serial)}",
        )

    def close(self) -> None:
        """End the processes."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.wait(30)
            assert process.stdout is not None
            process.stdout.close()


def test_a_thousand_approvals_are_raced_on_postgresql(
    campaign: Campaign, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    with postgres_server.database() as url, _web(tmp_path, None, url) as web:
        _race_many(campaign, web, campaign.size(1_000))


def test_two_hundred_approvals_are_raced_on_sqlcipher(
    campaign: Campaign, embedded_template: Path, tmp_path: Path
) -> None:
    with _web(tmp_path, embedded_template, "embedded") as web:
        _race_many(campaign, web, campaign.size(200))


@contextmanager
def _web(folder: Path, template: Path | None, url: str) -> Iterator[Web]:
    office = open_office(folder, template, url)
    web = Web(office, folder, "embedded" if template is not None else "postgresql")
    try:
        yield web
    finally:
        web.close()
        office.close()


def _race_many(campaign: Campaign, web: Web, count: int) -> None:
    dice = campaign.dice
    office = web.office
    for userid in office.phones.chats:
        office.enter(userid)
    acts = losers = 0
    states: dict[str, int] = {}
    for _ in range(count):
        applicant = dice.choice(sorted(SIGNERS))
        outcome = office.dispatch.handle(web.says(applicant, "采购 服务器 3.5万 扩容"), "127.0.0.1")
        number = _words(outcome.answer.decode()).split("\n")[0].rsplit(" ", 1)[-1]
        filed = office.ask(lambda unit, number=number: approvals.load_approval(unit, number))
        signer = SIGNERS[applicant]
        if dice.random() < 0.4:  # the last signature is raced too
            for earlier in (signer, "qian"):
                office.dispatch.handle(web.says(earlier, f"同意 {number}"), "127.0.0.1")
            signer = "zhao"
            filed = office.ask(lambda unit, number=number: approvals.load_approval(unit, number))
        events = _acts(web, dice, applicant, signer, number, filed.waiting[0].id)
        answers = web.race(events)
        acts += len(events)
        after = office.ask(lambda unit, number=number: approvals.load_approval(unit, number))
        changes = _history(office, number)
        _replay(filed, changes, after)
        losers += _check_answers(office, events, answers, number, web.log)
        _check_signatures(office, number, after)
        states[after.state.value] = states.get(after.state.value, 0) + 1
    campaign.found(approvals=count, acts=acts, losers=losers, states=states)


def _acts(
    web: Web, dice: random.Random, applicant: str, signer: str, number: str, seat: int
) -> list[dict[str, str]]:
    possible = [
        lambda: web.taps(signer, Approve(number, 1, seat, 1).pack()), lambda: web.says(signer, f"同意 {number}"),
        lambda: web.says(signer, f"驳回 {number} 不在预算内"), lambda: web.says(signer, f"退回 {number} 请附报价"),
        lambda: web.says(applicant, f"撤回 {number}"), lambda: web.says(signer, f"转交 {number} {OTHERS[signer]}"),
        lambda: web.says(signer, f"加签 {number} ren 并"), lambda: web.taps(signer, Reject(number, 1, seat, 1).pack()),
    ]
    return [dice.choice(possible)() for _ in range(dice.randint(2, 8))]


def _history(office: Office, number: str) -> list[tuple[str, str, dict[str, object]]]:
    def read(unit: Unit) -> list[tuple[str, str, dict[str, object]]]:
        statement = AUDIT.select().with_only_columns(AUDIT.c.act, AUDIT.c.actor, AUDIT.c.body).order_by(AUDIT.c.seq)
        rows = unit.all(statement.where(AUDIT.c.number == number))
        return [(act, actor, from_json(body)["facts"]) for act, actor, body in rows if act in ACTS]

    return list(office.ask(read))


def _replay(filed: Approval, changes: list[tuple[str, str, dict[str, object]]], after: Approval) -> None:
    """Perform the acts of the trail one after the other: the same approval comes out, version by version."""
    approval = filed
    changes = [one for one in changes if int(str(one[2]["version"])) > filed.version]
    assert [facts["version"] for _, _, facts in changes] == list(range(filed.version + 1, after.version + 1))
    for act, actor, facts in changes:
        done = perform(
            approval,
            Act(
                ACTS[act], actor, "" if ACTS[act] is Verb.APPROVE else "理由", to=str(facts.get("to", "")),
                place=Place(str(facts.get("place", "before"))),
            ),
            now=filed.steps[0].entered_at,  # type: ignore[arg-type]
            parameters=Parameters(),
        )
        assert isinstance(done, Done), (act, actor, done)
        assert done.approval.state.value == facts["state"]
        approval = done.approval
    assert (approval.state, approval.version, approval.position) == (after.state, after.version, after.position)
    assert [seat.signer for seat in approval.seats] == [seat.signer for seat in after.seats]
    assert [seat.is_open for seat in approval.seats] == [seat.is_open for seat in after.seats]


def _check_answers(
    office: Office, events: list[dict[str, str]], answers: list[str], number: str, log: str
) -> int:
    losers = 0
    outcomes = _outcomes(office, number)
    for event, answer in zip(events, answers, strict=True):
        if event["MsgType"] == "event":
            losers += _check_tap(office, event, answer, outcomes)
            continue
        words = _words(answer)
        if words.startswith(WON) or words.startswith(f"{number} 已撤回，内容已保留"):
            continue
        losers += 1
        assert any(told in words for told in TOLD), (words, log)
    return losers


def _check_tap(office: Office, event: dict[str, str], answer: str, outcomes: set[str]) -> int:
    """Check what a tap was answered with, the card as it stands or words beside it; return 1 when it came too late."""
    own = Verb.APPROVE if event["EventKey"].startswith("approval.approve") else Verb.REJECT
    if answer:
        shown = (ET.fromstring(answer).findtext("TemplateCard/SubTitleText") or "").split("\n")[0]
        assert shown in outcomes, (shown, outcomes)
        return int(not shown.startswith(outcome_word(own)))
    name = name_of(dedupe_key(dict(event), str(AGENT)))
    statement = OUTBOX.select().with_only_columns(OUTBOX.c.recipient, OUTBOX.c.summary)
    rows = office.ask(lambda unit: unit.all(statement.where(OUTBOX.c.dedupe_key.endswith(name))))
    assert [row[0] for row in rows] == [event["FromUserName"]], (event, rows)
    words = rows[0][1]
    assert words.startswith(WON) or any(told in words for told in TOLD) or ASKED in words, words
    return int(not words.startswith(WON) and ASKED not in words)


def _outcomes(office: Office, number: str) -> set[str]:
    """Return what a card of this approval may truthfully show: the outcome, whose it is and when."""
    org = office.ask(load_org)
    return {
        outcome(ACTS[act], org.name_of(str(facts.get("to") or actor)), START)
        for act, actor, facts in _history(office, number)
    }


def _check_signatures(office: Office, number: str, after: Approval) -> None:
    signed = office.ask(lambda unit: approvals.signatures_of(unit, number))
    places = [(one.round, one.step, one.generation) for one in signed]
    assert len(set(places)) == len(places), "two decisions on one seat"
    if after.state in (ItemState.REJECTED, ItemState.RETURNED):
        assert signed[-1].verb.value == {"rejected": "reject", "returned": "return"}[after.state.value]


def _words(answer: str) -> str:
    return (ET.fromstring(answer).findtext("Content") or "") if answer else ""
