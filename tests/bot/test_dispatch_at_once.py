"""The same event many times at once, events that look alike, opposite taps in one moment (design rules 1, 3, 4)."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from bot.dispatch import Outcome
from policy.terms import Verb
from storage.queries import approvals
from storage.queries.items import open_work_on
from storage.tables import INBOX, SIGNATURE
from tests.bot.at_once import at_once
from tests.campaigns.scale import Campaign
from tests.handlers.office import AGENT, Card, Office

DELIVERIES = 4


@pytest.fixture
def campaign(request: pytest.FixtureRequest) -> Campaign:
    return Campaign(str(request.node.originalname).removeprefix("test_"))


def fields(office: Office, userid: str, **more: Any) -> dict[str, Any]:
    """Return an event's fields; all of one instant have the same second."""
    second = str(int(office.clock.company_now().timestamp()))
    return {"ToUserName": "ww1", "FromUserName": userid, "AgentID": str(AGENT), "CreateTime": second, **more}


def words(outcome: Outcome) -> str:
    return (ET.fromstring(outcome.answer).findtext("Content") or "") if outcome.answer else ""


def inbox_size(office: Office) -> int:
    return len(office.ask(lambda unit: unit.all(INBOX.select().with_only_columns(INBOX.c.id))))


@pytest.mark.campaign
def test_one_callback_four_times_at_once_has_one_effect_and_one_answer(
    office_everywhere: Office, campaign: Campaign
) -> None:
    office = office_everywhere
    office.enter("xu")
    rounds = campaign.size(300)
    for index in range(rounds):
        event = fields(office, "xu", MsgType="text", Content=f"采购 服务器{index} 3.5万 扩容", MsgId=str(index))
        before, size = office.counts(), inbox_size(office)
        answers = at_once([lambda event=event: office.dispatch.handle(event, "127.0.0.1")] * DELIVERIES)  # type: ignore[misc]
        assert len({outcome.answer for outcome in answers}) == 1
        assert words(answers[0]).startswith(f"已提交采购 CG-20261123-{index + 1:04d}\n")
        assert sorted(outcome.repeated for outcome in answers) == [False, True, True, True]
        after = office.counts()
        assert (after["item"] - before["item"], after["approval"] - before["approval"]) == (1, 1)
        assert inbox_size(office) == size + 1
        late = office.dispatch.handle({**event, "CreateTime": str(int(event["CreateTime"]) + 5)}, "127.0.0.1")
        assert (late.repeated, late.answer) == (True, answers[0].answer)
    office.run()
    assert office.counts()["card"] == rounds
    campaign.found(rounds=rounds, deliveries=DELIVERIES * rounds, effects=rounds)


Pair = tuple[Mapping[str, Any], Mapping[str, Any]]
_TEXT = {"MsgType": "text"}
_CLICK = {"MsgType": "event", "Event": "click"}
_TAP = {"MsgType": "event", "Event": "template_card_event", "CardType": "button_interaction"}
LOOK_ALIKE: Mapping[str, Callable[[int], Pair]] = {
    "one MsgId, other content": lambda at: (
        {**_TEXT, "MsgId": f"a{at}", "Content": f"查 甲{at}"}, {**_TEXT, "MsgId": f"a{at}", "Content": f"查 乙{at}"},
    ),
    "one content, other MsgId": lambda at: (
        {**_TEXT, "MsgId": f"b{at}", "Content": "待办"}, {**_TEXT, "MsgId": f"b{at}x", "Content": "待办"},
    ),
    "one MsgId, other type": lambda at: (
        {**_TEXT, "MsgId": f"c{at}", "Content": f"查 丙{at}"},
        {"MsgType": "location", "MsgId": f"c{at}", "Location_X": "1", "Location_Y": "2", "Label": "x"},
    ),
    "content that differs by a space": lambda at: (
        {**_TEXT, "MsgId": f"d{at}", "Content": f"查 丁{at}"}, {**_TEXT, "MsgId": f"d{at}", "Content": f"查  丁{at}"},
    ),
    "two entries of the menu in one second": lambda at: (
        {**_CLICK, "EventKey": f"todo{at}"}, {**_CLICK, "EventKey": f"mine{at}"},
    ),
    "two buttons of one card in one second": lambda at: (
        {**_TAP, "TaskId": f"t{at}", "EventKey": "x", "ResponseCode": f"r{at}"},
        {**_TAP, "TaskId": f"t{at}", "EventKey": "y", "ResponseCode": f"r{at}"},
    ),
    "one button of two cards in one second": lambda at: (
        {**_TAP, "TaskId": f"u{at}", "EventKey": "x", "ResponseCode": ""},
        {**_TAP, "TaskId": f"u{at}x", "EventKey": "x", "ResponseCode": ""},
    ),
}


@pytest.mark.campaign
def test_no_event_that_only_looks_like_another_is_dropped(office_everywhere: Office, campaign: Campaign) -> None:
    office = office_everywhere
    office.enter("xu")
    size, pairs, kinds = inbox_size(office), campaign.size(700), Counter[str]()
    for index in range(pairs):
        name = list(LOOK_ALIKE)[index % len(LOOK_ALIKE)]
        first, second = (fields(office, "xu", **each) for each in LOOK_ALIKE[name](index))
        taken = at_once([functools.partial(office.dispatch.handle, each, "127.0.0.1") for each in (first, second)])
        assert [outcome.repeated for outcome in taken] == [False, False], name
        for each, outcome in ((first, taken[0]), (second, taken[1])):
            again = office.dispatch.handle(dict(reversed(each.items())), "127.0.0.1")
            assert (again.repeated, again.answer) == (True, outcome.answer), name
        kinds[name] += 1
    assert inbox_size(office) == size + 2 * pairs
    campaign.found(pairs=pairs, dropped=0, kinds=dict(kinds))


# --- opposite acts in one moment --------------------------------------------------------------------------------------


def tap_fields(office: Office, userid: str, card: Card, button: str, reason: str = "") -> dict[str, Any]:
    key = next(each["key"] for each in card.json["button_list"] if each["text"] == button)
    selection = card.json["button_selection"]
    chosen = next((each["id"] for each in selection["option_list"] if each["text"] == reason), "0")
    return fields(
        office, userid, MsgType="event", Event="template_card_event", EventKey=key, TaskId=card.task_id,
        CardType="button_interaction", ResponseCode=f"{userid}{button}",
        SelectedItems={"SelectedItem": {"QuestionKey": selection["question_key"], "OptionIds": {"OptionId": chosen}}},
    )


def file(office: Office, index: int) -> tuple[str, Card]:
    """File a purchase; return its number and the first signer's card."""
    answer = office.say("xu", f"采购 服务器{index} 3.5万 扩容")
    office.skip("xu", "lin", "su")
    return answer.split()[1], office.card("su", "同意")


def signatures(office: Office, number: str) -> list[tuple[str, str]]:
    statement = SIGNATURE.select().with_only_columns(SIGNATURE.c.actor, SIGNATURE.c.verb)
    return [tuple(row) for row in office.ask(lambda unit: unit.all(statement.where(SIGNATURE.c.number == number)))]


@pytest.mark.campaign
def test_opposite_taps_of_one_signer_make_one_decision_and_both_phones_show_it(
    office_everywhere: Office, campaign: Campaign
) -> None:
    office = office_everywhere
    office.enter("xu")
    won: Counter[str] = Counter()
    for index in range(campaign.size(100)):
        number, card = file(office, index)
        works = [tap_fields(office, "su", card, "同意"), tap_fields(office, "su", card, "驳回", "不在预算内")]
        campaign.dice.shuffle(works)
        taken = at_once([functools.partial(office.dispatch.handle, each, "127.0.0.1") for each in works])
        (signature,) = signatures(office, number)
        assert signature[0] == "su"
        word = {"approve": "已同意", "reject": "已驳回"}[signature[1]]
        for outcome in taken:  # whichever device lost reads who decided, what and when
            shown = ET.fromstring(outcome.answer).find("TemplateCard")
            assert shown is not None
            assert (shown.findtext("SubTitleText") or "").startswith(f"{word} · 苏主管 · 11月23日 10:00"), shown
        won[word] += 1
        office.run()
        state = office.ask(lambda unit, number=number: approvals.load_approval(unit, number))
        assert (state.position, state.version) == ((1, 2) if signature[1] == "approve" else (0, 2))
        waiting = office.ask(lambda unit, number=number: open_work_on(unit, number))
        assert [work.userid for work in waiting] == (["qian"] if signature[1] == "approve" else [])
    campaign.found(races=sum(won.values()), decisions=sum(won.values()), won=dict(won))


@pytest.mark.campaign
def test_a_signature_against_a_withdrawal_leaves_one_of_them_and_the_loser_is_told(
    office_everywhere: Office, campaign: Campaign
) -> None:
    office = office_everywhere
    office.enter("xu")
    won: Counter[str] = Counter()
    for index in range(campaign.size(100)):
        number, card = file(office, index)
        reject = tap_fields(office, "su", card, "驳回", "不在预算内")
        back = fields(office, "xu", MsgType="text", Content=f"撤回 {number}", MsgId=f"w{index}")
        works = [reject, back]
        campaign.dice.shuffle(works)
        taken = at_once([functools.partial(office.dispatch.handle, each, "127.0.0.1") for each in works])
        said = taken[works.index(back)]
        office.run()
        state = office.ask(lambda unit, number=number: approvals.load_approval(unit, number)).state.value
        won[state] += 1
        if state == "rejected":
            assert signatures(office, number) == [("su", Verb.REJECT.value)]
            assert words(said) == "这张单已由 苏主管 于 11月23日 10:00 驳回，无需再处理。"
        else:
            assert state == "withdrawn"
            assert signatures(office, number) == []
            (told,) = [each for each in office.read("su") if isinstance(each, str) and number in each]
            assert "撤回" in told
    campaign.found(races=sum(won.values()), won=dict(won))


def test_somebody_elses_tap_beside_the_signers_changes_nothing_and_says_who_has_it(office_everywhere: Office) -> None:
    office = office_everywhere
    office.enter("xu")
    number, card = file(office, 1)
    works = [tap_fields(office, "su", card, "同意"), tap_fields(office, "qian", card, "驳回", "不在预算内")]
    at_once([functools.partial(office.dispatch.handle, each, "127.0.0.1") for each in works])
    office.run()
    assert signatures(office, number) == [("su", "approve")]
    assert any(isinstance(each, str) and number in each for each in office.read("qian"))
