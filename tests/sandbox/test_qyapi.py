"""The API as strict as WeCom's: each refusal with its code, and the limits (wecom-facts 3 to 8)."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from tests.sandbox.platform_bed import AGENT, CORP, SECRET, Bed, Json, card

pytest_plugins = ["tests.sandbox.platform_bed"]


def sent_card(bed: Bed, to: str = "su", **more: Any) -> Json:
    return bed.send(to, msgtype="template_card", text=None, template_card=card(**more))


# --- tokens ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"corpsecret": SECRET}, 41002), ({"corpid": CORP}, 41004), ({"corpid": "other", "corpsecret": SECRET}, 40013),
        ({"corpid": CORP, "corpsecret": "wrong"}, 40001), ({"corpid": CORP, "corpsecret": SECRET}, 0),
    ],
)
def test_gettoken_refuses_each_wrong_half(bed: Bed, asked: Json, code: int) -> None:
    assert bed.get("gettoken", **asked)["errcode"] == code


def test_a_wrong_secret_several_times_blocks_the_address(bed: Bed) -> None:
    for _ in range(5):
        assert bed.get("gettoken", corpid=CORP, corpsecret="wrong")["errcode"] == 40001
    assert bed.get("gettoken", corpid=CORP, corpsecret=SECRET)["errcode"] == 45009


def test_a_token_is_the_same_until_it_expires_after_two_hours(bed: Bed) -> None:
    first = bed.token
    assert bed.get("gettoken", corpid=CORP, corpsecret=SECRET)["access_token"] == first
    bed.clock.pass_by(seconds=7201)
    assert bed.post("message/send", {}, token=first)["errcode"] == 42001
    assert bed.get("gettoken", corpid=CORP, corpsecret=SECRET)["access_token"] != first


@pytest.mark.parametrize(("token", "code"), [("", 41001), ("made-up", 40014)])
def test_a_call_without_a_good_token_is_refused(bed: Bed, token: str, code: int) -> None:
    assert bed.post("message/send", {}, token=token)["errcode"] == code


def test_the_answer_names_its_hint_and_address_as_wecom_does(bed: Bed) -> None:
    said = bed.post("message/send", {}, token="made-up")["errmsg"]
    assert "hint: [" in said
    assert "from ip: 127.0.0.1" in said
    assert "query?e=40014" in said


def test_an_unknown_path_is_refused_with_status_200(bed: Bed) -> None:
    answer = bed.http.get("/cgi-bin/nothing")
    assert (answer.status_code, answer.get_json()["errcode"]) == (200, 40035)


# --- message/send ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 0), ({"agentid": None}, 41011), ({"agentid": 7}, 301002), ({"touser": None}, 82001),
        ({"touser": "nobody"}, 81013), ({"touser": "|".join(["su"] * 1001)}, 40032), ({"msgtype": "dance"}, 40008),
        ({"text": {"content": ""}}, 44004), ({"text": "好"}, 40058),
        ({"msgtype": "textcard", "textcard": {"title": "a", "description": "b", "url": "ftp://x"}}, 40058),
        ({"msgtype": "textcard", "textcard": {"title": "a", "url": "http://x"}}, 40063),
        ({"msgtype": "image", "image": {"media_id": "none"}}, 40007),
        ({"msgtype": "news", "news": {"articles": []}}, 40058),
        ({"msgtype": "template_card", "template_card": card()}, 0),
        ({"msgtype": "template_card", "template_card": card(card_type="dance")}, 40058),
        ({"msgtype": "template_card", "template_card": card(task_id="mit Leerzeichen")}, 40058),
        ({"msgtype": "template_card", "template_card": card(surprise=1)}, 40058),
        ({"msgtype": "template_card", "template_card": card(main_title={})}, 40063),
        ({"msgtype": "template_card", "template_card": card(jump_list=[])}, 40058),
        ({"msgtype": "template_card", "template_card": card(button_list=[])}, 40058),
        ({"msgtype": "template_card", "template_card": card(button_list=[{"text": "a", "key": "k"}] * 2)}, 40058),
        ({"msgtype": "template_card", "template_card": card(button_list=[{"key": "k"}])}, 40063),
        ({"msgtype": "template_card", "template_card": card(horizontal_content_list=[{"keyname": "a"}] * 7)}, 40058),
        ({"msgtype": "template_card", "template_card": card(horizontal_content_list=[{"value": "a"}])}, 40063),
    ],
)
def test_send_refuses_what_wecom_refuses(bed: Bed, body: Json, code: int) -> None:
    assert bed.send(**body)["errcode"] == code
    assert (len(bed.chat("su")) == 1) == (code == 0)


def test_characters_written_as_escapes_and_broken_json_are_refused(bed: Bed) -> None:
    escaped = json.dumps({"touser": "su", "msgtype": "text", "agentid": AGENT, "text": {"content": "好"}}).encode()
    assert bed.post("message/send", escaped)["errcode"] == 40035
    assert bed.post("message/send", b"{")["errcode"] == 40035
    assert bed.post("message/send", b"[]")["errcode"] == 40035


def test_userids_are_taken_in_any_case_and_answered_in_lower_case(bed: Bed) -> None:
    answer = bed.send("SU|NoBody")
    assert (answer["errcode"], answer["invaliduser"]) == (0, "nobody")
    assert len(bed.chat("su")) == 1


def test_a_text_beyond_2048_bytes_is_cut_and_marked(bed: Bed) -> None:
    bed.send(text={"content": "记" * 1000})
    message = bed.chat("su")[0]
    assert len(message["text"].encode()) <= 2048
    assert message["cut"] is True


def test_what_a_card_is_too_long_for_is_cut_and_the_whole_kept(bed: Bed) -> None:
    long = "很长" * 30
    sent_card(bed, main_title={"title": long})
    shown = bed.chat("su")[0]["card"]
    assert len(shown["main_title"]["title"]) == 36
    assert shown["cut"] == {"main_title.title": long}


def test_a_task_id_is_taken_once(bed: Bed) -> None:
    assert sent_card(bed)["errcode"] == 0
    assert sent_card(bed, to="zhao")["errcode"] == 40058


def test_the_same_request_within_the_interval_is_answered_and_not_shown_again(bed: Bed) -> None:
    again = {"enable_duplicate_check": 1, "duplicate_check_interval": 600}
    for _ in range(2):
        assert bed.send(**again)["errcode"] == 0
    assert len(bed.chat("su")) == 1
    bed.send(**again, text={"content": "另一条"})
    assert len(bed.chat("su")) == 2
    bed.clock.pass_by(seconds=601)
    bed.send(**again)
    assert len(bed.chat("su")) == 3


def test_without_the_check_the_same_request_is_shown_twice(bed: Bed) -> None:
    bed.send()
    bed.send()
    assert len(bed.chat("su")) == 2


def test_a_refused_request_is_no_duplicate_of_itself(bed: Bed) -> None:
    sent_card(bed)
    body = {"msgtype": "template_card", "text": None, "template_card": card(), "enable_duplicate_check": 1}
    assert bed.send("zhao", **body)["errcode"] == 40058
    assert bed.send("zhao", **body)["errcode"] == 40058


def test_beyond_thirty_a_minute_messages_are_dropped_without_a_word(bed: Bed) -> None:
    for number in range(33):
        assert bed.send(text={"content": f"{number}"})["errcode"] == 0
    assert len(bed.chat("su")) == 30
    assert bed.platform.world.dropped == ["su"] * 3
    bed.clock.pass_by(seconds=61)
    bed.send()
    assert len(bed.chat("su")) == 31


# --- cards, codes, recall --------------------------------------------------------------------------------------------


def update(bed: Bed, code: str, **more: Any) -> int:
    face = {"template_card": card(replace_text="已同意", task_id="t1")}
    body = {"userids": ["su"], "agentid": AGENT, "response_code": code, **(more or face)}
    return int(bed.post("message/update_template_card", body)["errcode"])


def test_a_response_code_changes_a_card_once(bed: Bed) -> None:
    code = sent_card(bed)["response_code"]
    assert update(bed, code) == 0
    assert bed.chat("su")[0]["card_state"] == "dead"
    assert update(bed, code) == 60140


def test_a_response_code_lives_72_hours(bed: Bed) -> None:
    code = sent_card(bed)["response_code"]
    bed.clock.pass_by(hours=72, seconds=1)
    bed._token = ""
    assert update(bed, code) == 60140


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"button": {"replace_name": "已处理"}}, 0),
        ({"button": {"replace_name": "a"}, "template_card": card()}, 40058), ({"userids": ["su"]}, 40058),
        ({"userids": [], "button": {"replace_name": "a"}}, 82001),
    ],
)
def test_an_update_needs_one_new_face_and_whom(bed: Bed, more: Json, code: int) -> None:
    assert update(bed, sent_card(bed)["response_code"], **more) == code


def test_an_update_without_a_code_is_refused(bed: Bed) -> None:
    assert update(bed, "") == 40063
    assert update(bed, "made-up") == 60140


def test_only_cards_that_call_back_have_a_code(bed: Bed) -> None:
    notice = {
        "card_type": "text_notice", "main_title": {"title": "周报"}, "card_action": {"type": 1, "url": "http://x"},
    }
    answer = bed.send(msgtype="template_card", text=None, template_card=notice)
    assert answer["errcode"] == 0
    assert "response_code" not in answer


def test_a_message_is_taken_back_within_a_day(bed: Bed) -> None:
    msgid = bed.send()["msgid"]
    assert bed.post("message/recall", {"msgid": msgid})["errcode"] == 0
    assert bed.chat("su")[0]["recalled"] is True
    late = bed.send()["msgid"]
    bed.clock.pass_by(hours=24, seconds=1)
    bed._token = ""
    assert bed.post("message/recall", {"msgid": late})["errcode"] != 0
    assert bed.post("message/recall", {"msgid": "none"})["errcode"] != 0


# --- media, menu, phone, login ---------------------------------------------------------------------------------------


def upload(bed: Bed, kind: str, content: bytes) -> Json:
    answer: Json = bed.http.post(
        "/cgi-bin/media/upload", query_string={"access_token": bed.token, "type": kind},
        data={"media": (io.BytesIO(content), "a.png")}, content_type="multipart/form-data",
    ).get_json()
    return answer


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [("dance", b"123456", 40004), ("file", b"12345", 44001), ("voice", b"x" * ((2 << 20) + 1), 45001)],
)
def test_media_that_wecom_would_not_take_is_refused(bed: Bed, kind: str, content: bytes, code: int) -> None:
    assert upload(bed, kind, content)["errcode"] == code


def test_media_lives_three_days(bed: Bed) -> None:
    media_id = upload(bed, "image", b"123456")["media_id"]
    asked = {"access_token": bed.token, "media_id": media_id}
    assert bed.http.get("/cgi-bin/media/get", query_string=asked).get_data() == b"123456"
    assert bed.send(msgtype="image", text=None, image={"media_id": media_id})["errcode"] == 0
    bed.clock.pass_by(days=3, seconds=1)
    bed._token = ""
    assert bed.get("media/get", access_token=bed.token, media_id=media_id)["errcode"] == 40007


ENTRY = {"type": "click", "name": "待办", "key": "todo"}


@pytest.mark.parametrize(
    ("buttons", "code"),
    [
        ([ENTRY], 0), ([], 40016), ([ENTRY] * 4, 40016), ([{**ENTRY, "name": "六个汉字太长"}], 40018),
        ([{**ENTRY, "type": "dance"}], 40017), ([{"name": "更多", "sub_button": [ENTRY] * 6}], 40016),
        ([{**ENTRY, "key": "k" * 129}], 40019),
    ],
)
def test_a_menu_within_the_limits_is_taken(bed: Bed, buttons: list[Json], code: int) -> None:
    assert bed.post("menu/create", {"button": buttons}, agentid=AGENT)["errcode"] == code
    assert bed.get("menu/get", access_token=bed.token)["errcode"] == (0 if code == 0 else 46003)


def call(bed: Bed, userid: str = "su") -> Json:
    state: Json = bed.post("pstncc/call", {"callee_userid": [userid]})["states"][0]
    return state


def reason(bed: Bed, callid: str) -> tuple[int, int]:
    told = bed.post("pstncc/getstates", {"callee_userid": "su", "callid": callid})
    return told["istalked"], told["reason"]


def test_a_phone_rings_is_answered_and_ends(bed: Bed) -> None:
    callid = call(bed)["callid"]
    assert reason(bed, callid) == (0, 1)
    assert bed.platform.phones.act("su", callid, "answer")
    assert reason(bed, callid) == (1, 3)
    bed.clock.pass_by(seconds=20)
    assert reason(bed, callid) == (1, 0)


def test_a_phone_that_nobody_answers_stops_after_a_minute_and_one_refused_says_so(bed: Bed) -> None:
    callid = call(bed)["callid"]
    bed.clock.pass_by(seconds=61)
    assert reason(bed, callid) == (0, 12)
    second = call(bed)["callid"]
    assert bed.platform.phones.act("su", second, "reject")
    assert reason(bed, second) == (0, 7)
    assert not bed.platform.phones.act("su", second, "answer")


def test_a_fourth_call_within_eight_minutes_is_over_the_limit(bed: Bed) -> None:
    for _ in range(3):
        bed.platform.phones.act("su", call(bed)["callid"], "reject")
    assert reason(bed, call(bed)["callid"]) == (0, 13)
    bed.clock.pass_by(minutes=8)
    assert reason(bed, call(bed)["callid"]) == (0, 1)


def test_nobody_rings_for_a_stranger(bed: Bed) -> None:
    assert call(bed, "nobody")["code"] == 60111
    assert bed.post("pstncc/call", {"callee_userid": []})["errcode"] == 40063


def test_a_login_code_tells_once_and_within_five_minutes_who_it_is(bed: Bed) -> None:
    code = bed.platform.world.new_login("Su")
    assert bed.get("auth/getuserinfo", access_token=bed.token, code=code)["userid"] == "Su"
    assert bed.get("auth/getuserinfo", access_token=bed.token, code=code)["errcode"] == 40029
    late = bed.platform.world.new_login("Su")
    bed.clock.pass_by(seconds=301)
    assert bed.get("auth/getuserinfo", access_token=bed.token, code=late)["errcode"] == 40029


def test_the_address_book_shows_members_and_departments_without_numbers(bed: Bed) -> None:
    shown = bed.get("user/get", access_token=bed.token, userid="SU")
    assert (shown["name"], shown["is_leader_in_dept"]) == ("苏主管", [1])
    assert "mobile" not in shown
    assert bed.get("user/get", access_token=bed.token, userid="nobody")["errcode"] == 60111
    names = [each["name"] for each in bed.get("department/list", access_token=bed.token)["department"]]
    assert names == ["示例公司", "销售部", "总经办"]


# --- faults ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "code"), [("busy", -1), ("token", 42001), ("quota", 45009), ("address", 60020), ("slow", 0)]
)
def test_a_fault_at_a_hundred_percent_always_happens(bed: Bed, fault: str, code: int) -> None:
    token = bed.token
    bed.platform.set_faults({fault: 100})
    body = {"touser": "su", "msgtype": "text", "agentid": AGENT, "text": {"content": "好"}}
    assert bed.post("message/send", body, token=token)["errcode"] == code
    assert bed.clock.slept == (3.0 if fault == "slow" else 0.0)


@pytest.mark.parametrize("wanted", [{"storm": 10}, {"busy": 101}, {"busy": -1}, {"busy": True}, {"busy": "10"}])
def test_faults_that_make_no_sense_are_refused(bed: Bed, wanted: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        bed.platform.set_faults(wanted)
