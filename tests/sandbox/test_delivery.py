"""Callbacks: sealed, sent again as WeCom does, and their answers turned into what a phone shows (wecom-facts 1, 2)."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from sandbox.platform.hands import Impossible
from tests.sandbox.platform_bed import AGENT, CORP, Bed, card

pytest_plugins = ["tests.sandbox.platform_bed"]


def text_reply(bed: Bed, words: str, to: str = "xu") -> bytes:
    return bed.reply(
        f"<xml><ToUserName>{to}</ToUserName><FromUserName>{CORP}</FromUserName><CreateTime>1</CreateTime>"
        f"<MsgType>text</MsgType><Content><![CDATA[{words}]]></Content></xml>"
    )


def live_card(bed: Bed, **more: object) -> int:
    bed.send("su", msgtype="template_card", text=None, template_card=card(**more))
    return int(bed.chat("su")[-1]["id"])


def test_a_text_is_sealed_signed_and_carries_the_members_own_spelling(bed: Bed) -> None:
    bed.platform.hands.text("su", "你好 ]]> <b>")
    address, body = bed.taken[0]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    sealed = body.decode().split("<Encrypt><![CDATA[")[1].split("]]>")[0]
    assert asked["msg_signature"] == bed.codec.signature(asked["timestamp"], asked["nonce"], sealed)
    inner = bed.opened()
    assert "<FromUserName><![CDATA[Su]]></FromUserName>" in inner
    assert "<Content><![CDATA[你好 ]]]]><![CDATA[> <b>]]></Content>" in inner
    assert f"<AgentID>{AGENT}</AgentID>" in inner
    assert re.search(r"<MsgId>\d{19}</MsgId>", inner)


def test_an_answer_is_shown_and_an_unsealed_or_foreign_one_is_not(bed: Bed) -> None:
    bed.answers = [
        (200, text_reply(bed, "收到")), (200, b"<xml><Content>plain</Content></xml>"), (200, b"success"),
        (200, text_reply(bed, "给别人的", to="zhao")),
    ]
    outcomes = [bed.platform.hands.text("xu", f"{number}") for number in range(4)]
    assert [message["text"] for message in bed.chat("xu") if message["direction"] == "out"] == ["收到"]
    assert outcomes[0].reply is not None
    assert outcomes[1].toast
    assert outcomes[2].toast == ""
    assert outcomes[3].toast


@pytest.mark.parametrize(("reading", "sends"), [("3", 3), ("4", 4)])
def test_without_an_answer_it_is_sent_again_as_often_as_the_reading_says(bed: Bed, reading: str, sends: int) -> None:
    bed.platform.set_readings({"attempts": reading})
    bed.answers = [None] * 10
    outcome = bed.platform.hands.text("xu", "在吗")
    assert not outcome.delivered
    assert len(bed.taken) == sends
    attempts = [entry["attempt"] for entry in bed.platform.traffic.entries(kind="text")]
    assert attempts == list(range(1, sends + 1))


@pytest.mark.parametrize(("reading", "sends"), [("yes", 2), ("no", 1)])
def test_an_answer_that_is_not_200_is_retried_or_not(bed: Bed, reading: str, sends: int) -> None:
    bed.platform.set_readings({"retry_on_error": reading})
    bed.answers = [(503, b""), (200, b"")]
    assert bed.platform.hands.text("xu", "在吗").delivered == (reading == "yes")
    assert len(bed.taken) == sends


@pytest.mark.parametrize("reading", ["same", "fresh"])
def test_a_retry_carries_the_same_bytes_or_is_sealed_anew(bed: Bed, reading: str) -> None:
    bed.platform.set_readings({"retry_body": reading})
    bed.answers = [None, (200, b"")]
    bed.platform.hands.text("xu", "在吗")
    assert (bed.taken[0] == bed.taken[1]) == (reading == "same")
    assert bed.opened(0) == bed.opened(1)


def test_a_duplicate_is_sent_after_the_answer_and_its_own_answer_is_not_shown(bed: Bed) -> None:
    bed.platform.set_faults({"duplicate": 100})
    bed.answers = [(200, text_reply(bed, "收到")), (200, text_reply(bed, "收到"))]
    bed.platform.hands.text("xu", "在吗")
    assert len(bed.taken) == 2
    assert [message["text"] for message in bed.chat("xu")] == ["在吗", "收到"]


def test_out_of_order_a_callback_comes_after_the_next_one(bed: Bed) -> None:
    bed.platform.set_faults({"disorder": 100})
    bed.platform.hands.text("xu", "一")
    bed.platform.set_faults({"disorder": 0})
    bed.platform.hands.text("xu", "二")
    assert ["二" in bed.opened(0), "一" in bed.opened(1)] == [True, True]


def test_a_tap_carries_the_key_a_fresh_code_and_the_first_option_when_nothing_was_chosen(bed: Bed) -> None:
    message_id = live_card(bed)
    bed.platform.hands.tap("su", message_id, "no", {})
    bed.platform.hands.tap("su", message_id, "no", {"reason": ["b"]})
    first, second = bed.opened(0), bed.opened(1)
    assert "<Event><![CDATA[template_card_event]]></Event><EventKey><![CDATA[no]]></EventKey>" in first
    assert "<OptionId><![CDATA[none]]></OptionId>" in first
    assert "<OptionId><![CDATA[b]]></OptionId>" in second
    codes = [inner.split("<ResponseCode><![CDATA[")[1].split("]]>")[0] for inner in (first, second)]
    assert codes[0] != codes[1]


CARD_XML = (
    "<xml><ToUserName>su</ToUserName><FromUserName>wwbed</FromUserName><MsgType>update_template_card</MsgType>"
    "<TemplateCard><CardType>button_interaction</CardType><MainTitle><Title>服务器</Title></MainTitle>"
    "<ReplaceText>已同意</ReplaceText>{more}</TemplateCard></xml>"
)


@pytest.mark.parametrize(("reading", "state"), [("shown", "dead"), ("ignored", "live")])
def test_the_card_in_the_answer_is_shown_or_ignored(bed: Bed, reading: str, state: str) -> None:
    bed.platform.set_readings({"passive_update": reading})
    message_id = live_card(bed)
    bed.answers = [(200, bed.reply(CARD_XML.format(more="")))]
    bed.platform.hands.tap("su", message_id, "yes", {})
    assert bed.chat("su")[0]["card_state"] == state


@pytest.mark.parametrize(("reading", "kept"), [("keep", "t1"), ("drop", None)])
def test_a_new_face_without_task_id_keeps_or_drops_the_old_one(bed: Bed, reading: str, kept: str | None) -> None:
    bed.platform.set_readings({"task_id_after_update": reading})
    message_id = live_card(bed)
    bed.answers = [(200, bed.reply(CARD_XML.format(more="")))]
    bed.platform.hands.tap("su", message_id, "yes", {})
    assert bed.chat("su")[0]["task_id"] == kept


@pytest.mark.parametrize(("reading", "errcode"), [("yes", 0), ("no", 60140)])
def test_after_an_answer_the_taps_code_is_still_good_or_spent(bed: Bed, reading: str, errcode: int) -> None:
    bed.platform.set_readings({"both_updates": reading})
    message_id = live_card(bed)
    bed.answers = [(200, bed.reply(CARD_XML.format(more="")))]
    bed.platform.hands.tap("su", message_id, "yes", {})
    code = bed.opened().split("<ResponseCode><![CDATA[")[1].split("]]>")[0]
    body = {"userids": ["su"], "agentid": AGENT, "response_code": code, "button": {"replace_name": "x"}}
    assert bed.post("message/update_template_card", body)["errcode"] == errcode


def test_a_text_is_no_answer_to_a_tap(bed: Bed) -> None:
    message_id = live_card(bed)
    bed.answers = [(200, text_reply(bed, "好", to="su"))]
    outcome = bed.platform.hands.tap("su", message_id, "yes", {})
    assert outcome.toast
    assert len(bed.chat("su")) == 1


def test_what_cannot_be_done_on_a_phone_is_refused_and_sends_nothing(bed: Bed) -> None:
    message_id = live_card(bed)
    bed.platform.world.change("su", bed.chat("su")[0], card_state="dead", card=card(replace_text="已同意"))
    for act in (
        lambda: bed.platform.hands.text("xu", "  "), lambda: bed.platform.hands.tap("su", message_id, "yes", {}),
        lambda: bed.platform.hands.tap("su", 999, "yes", {}), lambda: bed.platform.hands.call("su", "none", "answer"),
        lambda: bed.platform.hands.card_menu("su", message_id, "menu"),
    ):
        with pytest.raises(Impossible):
            act()
    assert bed.taken == []
    bed.platform.hands.tap("su", message_id, "yes", {}, stale=True)
    assert len(bed.taken) == 1


@pytest.mark.parametrize(("reading", "said"), [("yes", True), ("no", False)])
def test_a_voice_message_carries_its_words_or_not(bed: Bed, reading: str, said: bool) -> None:
    bed.platform.set_readings({"voice_text": reading})
    bed.platform.hands.voice("xu", "采购 服务器")
    assert ("<Recognition><![CDATA[采购 服务器]]></Recognition>" in bed.opened()) is said


def test_pictures_files_places_menus_and_entering_are_their_own_events(bed: Bed) -> None:
    hands = bed.platform.hands
    hands.media("xu", "image", "a.png", b"123456")
    hands.media("xu", "file", "报价.pdf", b"123456")
    hands.location("xu", "公司", 31.23, 121.47)
    hands.menu("xu", "todo")
    hands.enter("xu")
    inner = [bed.opened(number) for number in range(5)]
    assert ["PicUrl" in inner[0], "<FileName><![CDATA[报价.pdf]]>" in inner[1], "Location_X" in inner[2]] == [True] * 3
    assert "<EventKey><![CDATA[todo]]>" in inner[3]
    assert "<Event><![CDATA[enter_agent]]>" in inner[4]
    assert "MsgId" not in inner[3]
