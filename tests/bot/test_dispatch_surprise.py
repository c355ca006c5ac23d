"""A handler that breaks half-way: nothing stays, the person gets a number that the log knows (design rule 1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from xml.etree import ElementTree as ET

import pytest
import structlog

from bot.dispatch import Dispatch, Outcome
from handlers.all_topics import registry
from handlers.context import Ctx
from handlers.language.command import CommandLine
from handlers.registry import Answer, Registry, Say, Topic
from policy.terms import ItemState, Lane, Noun
from storage.errors import TryAgainLater
from storage.tables import INBOX
from tests.bot.test_dispatch_at_once import fields, tap_fields
from tests.handlers.office import Office


class Broken:
    """A command that does half of what it should, and then breaks."""

    def __init__(self) -> None:
        self.topic = Topic("broken")
        self.error: Exception | None = ZeroDivisionError("half-way")

        @self.topic.command("坏掉", group="x", usage="坏掉")
        def break_down(line: CommandLine, ctx: Ctx) -> Answer:
            item, _ = ctx.file_item(
                Noun.RECORD, kind="service", title="x", fields={"客户": "x"}, original="x", responsible="xu",
                state=ItemState.FILED,
            )
            ctx.audit("record.filed", item.number, version=1)
            ctx.post.text("su", "不该收到", key=f"broken:{ctx.event_key}", lane=Lane.URGENT)
            ctx.remind("step", item.number, 1, ctx.later(hours=1))
            ctx.access("trace", item.number)
            if self.error:
                raise self.error
            return Say("好了")


def dispatch_of(office: Office, joined: Registry) -> Dispatch:
    tokens = (f"{0xABCD + at:04x}{at:028x}" for at in count())
    return Dispatch(
        store=office.store, registry=joined, orgs=office.orgs, clock=office.clock, calendar=office.house.calendar,
        frank=office.house.frank, corp_id="ww1", new_token=lambda: next(tokens),
    )


def dispatch_with(office: Office, broken: Broken) -> Dispatch:
    return dispatch_of(office, Registry([*registry().topics, broken.topic]))


def words(outcome: Outcome) -> str:
    return ET.fromstring(outcome.answer).findtext("Content") or ""


def test_nothing_stays_the_apology_has_a_number_and_the_same_event_gets_the_same_answer(
    office_everywhere: Office,
) -> None:
    office, broken = office_everywhere, Broken()
    office.enter("xu")
    dispatch = dispatch_with(office, broken)
    event = fields(office, "xu", MsgType="text", Content="坏掉 了", MsgId="1")
    before = office.counts()
    with structlog.testing.capture_logs() as logs:
        outcome = dispatch.handle(event, "203.0.113.9")
    assert outcome.state == "failed"
    assert outcome.incident is not None
    assert words(outcome) == (
        f"操作没有成功，内容没有任何改动。请稍后再试；仍不行，请把编号 {outcome.incident} 发给管理员。"
    )
    (logged,) = [line for line in logs if line["log_level"] == "error"]
    assert logged["incident"] == outcome.incident
    assert isinstance(logged["exc_info"], ZeroDivisionError)
    assert "坏掉" not in str(logged)
    assert office.counts() == {**before, "inbox": before["inbox"] + 1}
    office.run()
    assert office.read("su") == []

    broken.error = None
    again = dispatch.handle(event, "127.0.0.1")
    assert (again.repeated, again.answer) == (True, outcome.answer)
    kept = office.ask(lambda unit: unit.all(
        INBOX.select().with_only_columns(INBOX.c.state, INBOX.c.incident, INBOX.c.source).order_by(INBOX.c.id.desc())
    ))[0]
    assert kept == ("failed", outcome.incident, "203.0.113.9")
    fresh = dispatch.handle({**event, "MsgId": "2"}, "127.0.0.1")
    assert words(fresh) == "好了"


@pytest.mark.parametrize("make", [lambda: KeyError("x"), lambda: RecursionError("deep"), lambda: AssertionError("no")])
def test_whatever_breaks_is_caught(office_everywhere: Office, make: Callable[[], Exception]) -> None:
    office, broken = office_everywhere, Broken()
    broken.error = make()
    outcome = dispatch_with(office, broken).handle(
        fields(office, "xu", MsgType="text", Content="坏掉", MsgId="1"), "127.0.0.1"
    )
    assert outcome.state == "failed"
    assert "E-" in words(outcome)


def test_a_database_that_is_away_is_no_answer_at_all_and_the_event_may_come_again(office_everywhere: Office) -> None:
    office, broken = office_everywhere, Broken()
    broken.error = TryAgainLater("away")
    dispatch, event = dispatch_with(office, broken), fields(office, "xu", MsgType="text", Content="坏掉", MsgId="1")
    before = office.counts()
    with pytest.raises(TryAgainLater):
        dispatch.handle(event, "127.0.0.1")
    assert office.counts() == before
    broken.error = None
    assert dispatch.handle(event, "127.0.0.1").state == "handled"


def test_a_tap_that_breaks_leaves_the_card_and_sends_the_apology_beside_it(office_everywhere: Office) -> None:
    office = office_everywhere
    office.enter("xu")
    office.say("xu", "采购 服务器 3.5万 扩容")
    card = office.card("su", "同意")
    office.skip()

    def half(tap: object, ctx: Ctx) -> Answer:
        ctx.post.text("xu", "不该收到", key=f"half:{ctx.event_key}")
        raise ZeroDivisionError

    topics = [
        replace(topic, taps=[replace(route, handler=half) for route in topic.taps]) for topic in registry().topics
    ]
    event, before = tap_fields(office, "su", card, "同意"), office.counts()
    outcome = dispatch_of(office, Registry(topics)).handle(event, "127.0.0.1")
    assert (outcome.state, outcome.answer) == ("failed", b"")
    assert office.counts() == {**before, "inbox": before["inbox"] + 1, "outbox": before["outbox"] + 1}
    office.run()
    assert office.read("su") == [
        f"操作没有成功，内容没有任何改动。请稍后再试；仍不行，请把编号 {outcome.incident} 发给管理员。"
    ]
    assert card.buttons == ["同意", "退回补充", "驳回"]
    office.silence()
