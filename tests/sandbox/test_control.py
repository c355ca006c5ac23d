"""The control API behind the page: who is let in, what is refused, and that acts reach the product as callbacks."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sandbox.platform.control import create_app
from sandbox.platform.door import COOKIE
from sandbox.platform.player import Player
from sandbox.platform.stories import story_of
from tests.sandbox.platform_bed import CORP, PAGE_TOKEN, Bed, Json, card

pytest_plugins = ["tests.sandbox.platform_bed"]
ACT = {"X-Sandbox": "1"}
STORY = story_of({"id": "s", "title": "一句话", "steps": [{"say": {"who": "xu", "text": "在吗"}}]})


def http(bed: Bed, *, inside: bool = True) -> FlaskClient:
    client = create_app(bed.platform, Player(bed.platform, lambda: [STORY])).test_client()
    if inside:
        client.set_cookie(COOKIE, PAGE_TOKEN)
    return client


def do(client: FlaskClient, path: str, body: Json | None = None, **headers: str) -> TestResponse:
    answer: TestResponse = client.post(f"/sandbox/api/{path}", json=body or {}, headers={**ACT, **headers})
    return answer


# --- the door --------------------------------------------------------------------------------------------------------


def test_the_printed_address_lets_in_and_its_token_leaves_the_address_bar(bed: Bed) -> None:
    client = http(bed, inside=False)
    answer = client.get(f"/sandbox/?token={PAGE_TOKEN}")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sandbox/")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert client.get("/sandbox/").status_code == 200
    assert client.get("/sandbox/api/state").status_code == 200


@pytest.mark.parametrize(
    "path", ["", "?token=wrong", "?token=", "static/app.js", "api/state", "api/events", "api/chat/xu"]
)
def test_without_the_token_nothing_is_shown(bed: Bed, path: str) -> None:
    assert http(bed, inside=False).get(f"/sandbox/{path}").status_code == 403


def test_a_platform_without_a_token_is_shut(bed: Bed) -> None:
    shut = Bed(page_token="")
    client = http(shut, inside=False)
    client.set_cookie(COOKIE, "")
    assert client.get("/sandbox/?token=").status_code == 403
    assert client.get("/sandbox/api/state").status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:80"])
def test_another_host_name_is_refused_for_the_page_and_for_the_api(bed: Bed, host: str) -> None:
    client = http(bed)
    assert client.get("/sandbox/api/state", headers={"Host": host}).status_code == 403
    assert client.get("/cgi-bin/gettoken", headers={"Host": host}).status_code == 403


def test_this_machine_by_each_of_its_names_is_let_in(bed: Bed) -> None:
    client = create_app(bed.platform, Player(bed.platform, list)).test_client(use_cookies=False)
    for host in ("127.0.0.1:8600", "localhost:8600", "[::1]:8600"):
        headers = {"Host": host, "Cookie": f"{COOKIE}={PAGE_TOKEN}"}
        assert client.get("/sandbox/api/state", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_what_another_page_asks_is_refused(bed: Bed, headers: dict[str, str]) -> None:
    assert do(http(bed), "chat/xu/text", {"content": "在吗"}, **headers).status_code == 403
    assert bed.taken == []


def test_an_act_without_the_pages_own_header_is_refused(bed: Bed) -> None:
    assert http(bed).post("/sandbox/api/chat/xu/text", json={"content": "在吗"}).status_code == 403
    assert bed.taken == []


# --- acts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "body", "inner"),
    [
        ("text", {"content": "在吗"}, "<Content><![CDATA[在吗]]>"),
        ("voice", {"content": "在吗"}, "<Recognition><![CDATA[在吗]]>"),
        ("location", {"label": "公司", "x": 31.2, "y": 121.4}, "<Label><![CDATA[公司]]>"),
        ("menu", {"key": "todo"}, "<EventKey><![CDATA[todo]]>"), ("open", {}, "<Event><![CDATA[enter_agent]]>"),
    ],
)
def test_an_act_on_the_page_is_a_sealed_callback(bed: Bed, act: str, body: Json, inner: str) -> None:
    answer = do(http(bed), f"chat/Xu/{act}", body).get_json()
    assert answer["delivered"] is True
    assert inner in bed.opened()
    entry = http(bed).get(f"/sandbox/api/traffic/{answer['traffic_id']}").get_json()
    assert inner in entry["open"]["request"]
    assert "<Encrypt>" in entry["sealed"]["body"]
    assert entry["curl"].startswith("curl -X POST ")


def test_a_tap_is_posted_with_what_was_chosen(bed: Bed) -> None:
    bed.send("su", msgtype="template_card", text=None, template_card=card())
    message_id = bed.chat("su")[0]["id"]
    body = {"message_id": message_id, "key": "no", "selected": {"reason": ["b"]}}
    assert do(http(bed), "chat/su/tap", body).get_json()["delivered"] is True
    assert "<OptionId><![CDATA[b]]></OptionId>" in bed.opened()


def test_a_file_is_kept_and_can_be_looked_at_but_never_runs_here(bed: Bed) -> None:
    client = http(bed)
    file = (io.BytesIO(b"<script>alert(1)</script>"), "报价.html")
    answer = client.post("/sandbox/api/chat/xu/file", data={"file": file}, headers=ACT)
    assert answer.get_json()["delivered"] is True
    kept = client.get(bed.chat("xu")[0]["file"]["url"])
    assert kept.get_data() == b"<script>alert(1)</script>"
    assert kept.mimetype == "application/octet-stream"
    assert kept.headers["Content-Disposition"] == "attachment"
    assert kept.headers["Content-Security-Policy"].startswith("sandbox")


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("chat/nobody/text", {"content": "在吗"}, 404), ("chat/xu/dance", {}, 404),
        ("chat/xu/text", {"content": " "}, 400), ("chat/xu/text", {}, 400),
        ("chat/xu/file", {}, 400), ("chat/xu/tap", {"message_id": 7, "key": "k"}, 400),
        ("chat/xu/tap", {"message_id": "x"}, 400), ("chat/xu/call", {"callid": "c", "act": "answer"}, 400),
        ("time", {"to": "2020-01-01T00:00:00+08:00"}, 400), ("time", {"to": "bald"}, 400),
        ("time", {"to": "2027-01-01T00:00:00"}, 400), ("faults", {"storm": 1}, 400),
        ("time", {"advance": "soon"}, 400), ("readings", {"attempts": "9"}, 400),
        ("stories/none/start", {}, 404), ("story/dance", {}, 404), ("traffic/none/replay", {}, 404),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_word_and_sends_nothing(
    bed: Bed, path: str, body: Json, status: int
) -> None:
    answer = do(http(bed), path, body)
    assert answer.status_code == status
    assert answer.get_json()["error"]
    assert bed.taken == []


def test_an_undelivered_message_says_so(bed: Bed) -> None:
    bed.answers = [None] * 3
    answer = do(http(bed), "chat/xu/text", {"content": "在吗"}).get_json()
    assert (answer["delivered"], answer["status"]) == (False, 0)


# --- the desk --------------------------------------------------------------------------------------------------------


def test_state_tells_everything_the_page_begins_with(bed: Bed) -> None:
    state = http(bed).get("/sandbox/api/state").get_json()
    assert [person["userid"] for person in state["people"]] == ["su", "xu", "zhao"]
    assert state["now"].startswith("2026-11-23T10:00:00")
    assert {"name": "busy", "label": "系统繁忙"} in state["fault_names"]
    assert state["stories"] == [{"id": "s", "title": "一句话", "about": "", "steps": 1}]
    assert state["story"] is None


def test_time_moves_forward(bed: Bed) -> None:
    assert do(http(bed), "time", {"advance": 600}).get_json()["offset_seconds"] == 600
    told = do(http(bed), "time", {"to": "2026-11-23T12:00:00+08:00"}).get_json()
    assert told["now"].startswith("2026-11-23T12:00:00")


def test_faults_and_readings_are_set_and_told_to_every_page(bed: Bed) -> None:
    assert do(http(bed), "faults", {"busy": 30}).get_json()["faults"]["busy"] == 30
    assert do(http(bed), "readings", {"attempts": "4"}).get_json()["readings"]["attempts"] == "4"
    stream = bed.platform.events.listen(0)
    next(stream)
    told = next(stream)
    assert '"type": "faults"' in told
    assert '"type": "readings"' in told


def test_a_replay_sends_the_very_same_bytes(bed: Bed) -> None:
    client = http(bed)
    traffic_id = do(client, "chat/xu/text", {"content": "在吗"}).get_json()["traffic_id"]
    assert do(client, f"traffic/{traffic_id}/replay").get_json()["delivered"] is True
    assert bed.taken[0] == bed.taken[1]


def test_the_last_minutes_become_a_story_file(bed: Bed) -> None:
    client = http(bed)
    do(client, "chat/xu/text", {"content": "同意 CG-20261123-0001"})
    bed.send("zhao", text={"content": "CG-20261123-0001 已同意 11月23日 10:00\n完"})
    do(client, "time", {"to": "2026-11-23T12:00:00+08:00"})
    saved = do(client, "save", {"minutes": 5}).get_json()["yaml"]
    steps = yaml.safe_load(saved)["steps"]
    assert steps == [
        {"say": {"who": "xu", "text": "同意 {CG}"}},
        {"expect": {"who": "zhao", "text": "{CG} 已同意 {*}\n完"}},
        {"until": "2026-11-23 12:00"}, {"silence": "all"},
    ]
    assert story_of(yaml.safe_load(saved)).steps[2].verb == "until"


def test_a_story_plays_in_its_own_thread_and_can_be_stopped(bed: Bed) -> None:
    client = http(bed)
    assert do(client, "stories/s/start", {"speed": 20}).get_json()["story"]["state"] == "playing"
    do(client, "story/stop")
    assert client.get("/sandbox/api/state").get_json()["story"]["state"] in ("stopped", "finished")


def authorize(client: FlaskClient, **asked: Any) -> TestResponse:
    query = {"appid": CORP, "redirect_uri": "http://127.0.0.1:1/h5/?a=1", "state": "s1", "phone": "SU", **asked}
    answer: TestResponse = client.get("/connect/oauth2/authorize", query_string=query)
    return answer


def test_a_page_opened_in_a_phone_is_logged_in_as_its_owner(bed: Bed) -> None:
    answer = authorize(http(bed))
    target = answer.headers["Location"]
    assert target.startswith("http://127.0.0.1:1/h5/?a=1&code=")
    assert target.endswith("&state=s1")
    code = target.split("code=")[1].split("&")[0]
    assert bed.get("auth/getuserinfo", access_token=bed.token, code=code)["userid"] == "Su"


@pytest.mark.parametrize(
    "asked", [{"appid": "other"}, {"redirect_uri": "http://evil.example/h5"}, {"redirect_uri": ""}, {"phone": "nobody"}]
)
def test_a_login_for_another_app_place_or_person_is_refused(bed: Bed, asked: Json) -> None:
    assert authorize(http(bed), **asked).status_code == 400


def test_opening_a_page_in_another_phone_ends_the_login_of_before() -> None:
    client = http(Bed(page_cookies=(("session", "/h5"),)))
    answer = client.get("/connect/open", query_string={"phone": "SU", "url": "http://127.0.0.1:1/h5/items/x"})
    assert answer.headers["Location"] == "http://127.0.0.1:1/h5/items/x"
    ended, owner = answer.headers.getlist("Set-Cookie")
    assert ended.startswith("session=; ")
    assert "Max-Age=0" in ended
    assert "Path=/h5" in ended
    assert owner.startswith("phone=su; ")


@pytest.mark.parametrize("asked", [{"phone": "nobody"}, {"url": "javascript:alert(1)"}, {"url": ""}])
def test_what_is_no_page_is_not_opened(bed: Bed, asked: Json) -> None:
    query = {"phone": "su", "url": "http://127.0.0.1:1/h5", **asked}
    assert http(bed).get("/connect/open", query_string=query).status_code == 400


def test_a_login_from_outside_the_page_is_refused(bed: Bed) -> None:
    assert authorize(http(bed, inside=False)).status_code == 403


# --- surviving -------------------------------------------------------------------------------------------------------


def test_chats_cards_codes_and_files_survive_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "platform.json"
    first = Bed(state_file=state)
    code = first.send("su", msgtype="template_card", text=None, template_card=card())["response_code"]
    first.platform.hands.media("xu", "file", "a.pdf", b"123456")
    first.platform.close()
    second = Bed(state_file=state)
    assert [message["type"] for message in second.chat("su")] == ["template_card"]
    assert second.platform.world.unread == {"su": 1, "xu": 0, "zhao": 0}
    body = {"userids": ["su"], "agentid": 1000002, "response_code": code, "button": {"replace_name": "x"}}
    assert second.post("message/update_template_card", body, token=first.token)["errcode"] == 0
    (kept,) = second.platform.world.files.values()
    assert kept == b"123456"
    assert second.platform.world.serial() > first.chat("xu")[0]["id"]
