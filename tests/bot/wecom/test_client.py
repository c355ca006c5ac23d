"""The client against a platform on the loopback: what leaves, what comes back, and what each failure means."""

from __future__ import annotations

import socket
import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.wecom.client import WeComClient
from bot.wecom.tokens import token_name
from notifications.errors import (
    CardCodeSpent,
    ConfigurationWrong,
    OutcomeUnknown,
    RecipientGone,
    RefusedForever,
    RetryLater,
    SendError,
)
from notifications.messages import text_body
from notifications.ports import Media, Sender, Sent
from tests.bot.wecom.platform import AGENT, CORP, CUT, NOW, SECRET, Answer, Drawer, Platform, Watch, said

BODY = text_body("ZhangSan", AGENT, "待办 1 件")
PDF = {"Content-Type": "application/pdf", "Content-Disposition": 'attachment; filename="a.pdf"'}


def client_of(url: str, drawer: Drawer | None = None) -> WeComClient:
    return WeComClient(
        corp_id=CORP, secret=SECRET, agent_id=AGENT, base_url=url, tokens=drawer or Drawer(), machine_now=Watch(),
        timeout=(1.0, 0.3),
    )


class TestSending:
    def test_the_kept_bytes_leave_unchanged_with_the_token_in_the_query(
        self, client: WeComClient, platform: Platform
    ) -> None:
        odd = b'{"touser": "a" ,"msgtype":"text", "text":{"content":"\xe4\xbd\xa0"}}'
        client.send(odd)
        sent = platform.calls("message/send")[0]
        assert (sent.method, sent.body, sent.query) == ("POST", odd, {"access_token": "token-1"})
        assert sent.headers["Content-Type"] == "application/json; charset=utf-8"

    def test_the_answer_gives_msgid_code_and_who_was_not_reached(self, client: WeComClient, platform: Platform) -> None:
        platform.lay_out("message/send", said(msgid="m1", response_code="c1", invaliduser="LiSi|wangwu"))
        assert client.send(BODY) == Sent("m1", "c1", ("lisi", "wangwu"))

    def test_an_answer_without_these_is_taken(self, client: WeComClient, platform: Platform) -> None:
        platform.lay_out("message/send", said(invaliduser=None, msgid=None))
        assert client.send(BODY) == Sent()

    def test_a_card_update_returns_the_list_of_those_not_reached(self, client: WeComClient, platform: Platform) -> None:
        platform.lay_out("message/update_template_card", said(invaliduser=["LiSi"]))
        assert client.update_card(b"{}") == ("lisi",)

    def test_a_recall_names_the_message(self, client: WeComClient, platform: Platform) -> None:
        client.recall("m1")
        assert platform.calls("message/recall")[0].json == {"msgid": "m1"}

    def test_it_is_a_sender(self, client: WeComClient) -> None:
        sender: Sender = client
        assert sender.send(BODY) == Sent()

    @pytest.mark.parametrize(
        ("code", "kind"),
        [
            (60140, CardCodeSpent), (81013, RecipientGone), (40035, RefusedForever), (45009, RetryLater),
            (-1, RetryLater), (60020, ConfigurationWrong), (48002, ConfigurationWrong),
        ],
    )
    def test_a_code_becomes_its_reaction_and_is_not_tried_again(
        self, client: WeComClient, platform: Platform, code: int, kind: type[SendError]
    ) -> None:
        platform.lay_out("message/send", said(code, "no"))
        with pytest.raises(kind) as caught:
            client.send(BODY)
        assert (caught.value.errcode, caught.value.path) == (code, "message/send")
        assert platform.counted() == {"gettoken": 1, "message/send": 1}


class TestWhatFailingMeans:
    def send(self, url: str) -> SendError:
        with pytest.raises(SendError) as caught:
            client_of(url).send(BODY)
        return caught.value

    def test_nobody_listening_means_that_nothing_left_us(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{free.getsockname()[1]}"
        assert isinstance(self.send(url), RetryLater)

    def test_a_name_that_is_not_known_means_that_nothing_left_us(self) -> None:
        assert isinstance(self.send("http://nowhere.invalid"), RetryLater)

    def test_a_connection_cut_before_the_answer_leaves_the_fate_unknown(self, platform: Platform) -> None:
        platform.lay_out("message/send", CUT)
        assert isinstance(self.send(platform.url), OutcomeUnknown)
        assert platform.counted()["message/send"] == 1

    def test_an_answer_that_does_not_come_leaves_the_fate_unknown(self) -> None:
        """Somebody listens, takes the request and says nothing."""
        with socket.create_server(("127.0.0.1", 0)) as mute:
            drawer = Drawer({token_name(CORP, AGENT, SECRET): ("token-1", NOW + timedelta(hours=1))})
            with pytest.raises(OutcomeUnknown):
                client_of(f"http://127.0.0.1:{mute.getsockname()[1]}", drawer).send(BODY)

    @pytest.mark.parametrize(
        "answer",
        [
            Answer(b"{", promised=1000), Answer(b"<html>gateway</html>"), Answer(b"[]"), Answer(b"null"), Answer(b""),
            Answer(b'{"errcode":"soon"}'), Answer(b"[" * 100_000), Answer(b"\xff\xfe"), Answer(status=500),
            Answer(status=502),
        ],
        ids=lambda answer: f"{answer.status} {answer.body[:20]!r}",
    )
    def test_an_answer_that_cannot_be_read_leaves_the_fate_unknown(self, platform: Platform, answer: Answer) -> None:
        platform.lay_out("message/send", answer)
        assert isinstance(self.send(platform.url), OutcomeUnknown)

    @pytest.mark.parametrize("status", [429, 503])
    def test_a_server_that_asks_to_come_later_did_nothing(self, platform: Platform, status: int) -> None:
        platform.lay_out("message/send", Answer(status=status))
        assert isinstance(self.send(platform.url), RetryLater)

    @pytest.mark.parametrize("status", [401, 403, 404, 407])
    def test_an_address_that_is_not_the_platforms_is_for_an_administrator(
        self, platform: Platform, status: int
    ) -> None:
        platform.lay_out("message/send", Answer(status=status))
        assert isinstance(self.send(platform.url), ConfigurationWrong)

    def test_a_redirect_is_not_followed(self, platform: Platform) -> None:
        """The token would follow it."""
        platform.lay_out("message/send", Answer(status=302, headers={"Location": f"{platform.url}/cgi-bin/elsewhere"}))
        assert isinstance(self.send(platform.url), ConfigurationWrong)
        assert platform.counted()["elsewhere"] == 0

    def test_a_body_the_server_will_not_take_stays_refused(self, platform: Platform) -> None:
        platform.lay_out("message/send", Answer(status=413))
        assert isinstance(self.send(platform.url), RefusedForever)

    def test_a_get_that_failed_may_be_asked_again(self, client: WeComClient, platform: Platform) -> None:
        platform.lay_out("agent/get", Answer(status=502))
        with pytest.raises(RetryLater):
            client.agent.get(AGENT)

    def test_proxies_of_the_environment_are_not_used(
        self, client: WeComClient, platform: Platform, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, "http://nowhere.invalid:9")
        monkeypatch.setenv("NO_PROXY", "")
        monkeypatch.setenv("no_proxy", "")
        assert client.send(BODY) == Sent()
        assert platform.counted()["message/send"] == 1


class TestNoSecretIsTold:
    @pytest.mark.parametrize(
        "spoil",
        [
            lambda platform: platform.lay_out("message/send", said(40035, "bad access_token=token-1")),
            lambda platform: platform.lay_out("message/send", CUT),
            lambda platform: platform.lay_out("message/send", Answer(b"{", promised=1000)),
            lambda platform: platform.lay_out("message/send", Answer(status=404)),
            lambda platform: platform.lay_out("message/send", Answer(b"<html>token-1")),
            lambda platform: platform.lay_out("gettoken", CUT),
            lambda platform: platform.lay_out("gettoken", said(40001, f"secret {SECRET}")),
            lambda platform: platform.lay_out("gettoken", Answer(b"nothing")),
        ],
    )
    def test_neither_the_error_nor_what_it_came_from_holds_token_or_secret(
        self, client: WeComClient, platform: Platform, spoil: Callable[[Platform], None]
    ) -> None:
        spoil(platform)
        with pytest.raises(SendError) as caught:
            client.send(BODY)
        shown = "".join(traceback.format_exception(caught.value))
        assert "token-1" not in shown
        assert SECRET not in shown
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None or caught.value.__suppress_context__


class TestMedia:
    def test_a_file_comes_with_its_name_and_type(self, client: WeComClient, platform: Platform) -> None:
        platform.lay_out("media/get", Answer(b"%PDF-1.7", headers=PDF))
        assert client.download_media("media-1") == Media(b"%PDF-1.7", "a.pdf", "application/pdf")
        assert platform.calls("media/get")[0].query["media_id"] == "media-1"

    @pytest.mark.parametrize(
        ("disposition", "name"),
        [
            ("attachment; filename=a.pdf", "a.pdf"),
            ('attachment; filename="合同;一.pdf"'.encode().decode("latin-1"), "合同;一.pdf"),
            ("attachment; filename=\"x\"; filename*=UTF-8''%E5%90%88%E5%90%8C.pdf", "合同.pdf"),
            ('attachment; filename="../../etc/passwd"', "passwd"),
            ('attachment; filename="C:\\temp\\a.pdf"', "a.pdf"),
            ("attachment", ""),
        ],
    )
    def test_the_name_is_read_as_it_is_spelled_and_never_a_path(
        self, client: WeComClient, platform: Platform, disposition: str, name: str
    ) -> None:
        platform.lay_out("media/get", Answer(b"content", headers={**PDF, "Content-Disposition": disposition}))
        assert client.download_media("media-1").name == name

    def test_an_error_in_the_files_place_is_an_error(self, client: WeComClient, platform: Platform) -> None:
        platform.lay_out("media/get", said(40007, "invalid media_id"))
        with pytest.raises(RefusedForever) as caught:
            client.download_media("media-1")
        assert caught.value.errcode == 40007

    def test_a_text_or_json_file_is_a_file(self, client: WeComClient, platform: Platform) -> None:
        for kind in ("text/plain", "application/json"):
            headers = {"Content-Type": kind, "Content-Disposition": 'attachment; filename="n.txt"'}
            platform.lay_out("media/get", Answer(b'{"errcode": 40007}', headers=headers))
            assert client.download_media("media-1") == Media(b'{"errcode": 40007}', "n.txt", kind)

    def test_a_void_token_is_refreshed_for_a_download_as_well(
        self, client: WeComClient, platform: Platform
    ) -> None:
        client.send(BODY)
        platform.good_token = "token-2"
        platform.lay_out("media/get", Answer(b"content", headers=PDF))
        assert client.download_media("media-1").content == b"content"

    def test_a_file_over_the_limit_is_refused(self, client: WeComClient, platform: Platform) -> None:
        platform.lay_out("media/get", Answer(b"x" * (21 * 1024 * 1024 + 1), headers=PDF))
        with pytest.raises(RefusedForever):
            client.download_media("media-1")

    def test_a_download_that_breaks_off_raises_nothing_foreign(self, client: WeComClient, platform: Platform) -> None:
        platform.lay_out("media/get", Answer(b"%PDF", headers=PDF, promised=4000))
        with pytest.raises(OutcomeUnknown):
            client.download_media("media-1")

    @pytest.mark.parametrize(
        ("name", "shown"),
        [("JL-1.xlsx", "JL-1.xlsx"), ("合同.pdf", "file.pdf"), ('a"b.txt', "ab.txt"), ("../x.txt", "x.txt")],
    )
    def test_an_upload_goes_as_a_form_with_an_ascii_name(
        self, client: WeComClient, platform: Platform, name: str, shown: str
    ) -> None:
        platform.lay_out("media/upload", said(type="file", media_id="media-9", created_at="1795400000"))
        assert client.upload_media("file", name, b"content") == "media-9"
        sent = platform.calls("media/upload")[0]
        assert sent.query["type"] == "file"
        assert f'name="media"; filename="{shown}"'.encode() in sent.body
        assert b"\r\n\r\ncontent\r\n" in sent.body

    @pytest.mark.parametrize(
        ("kind", "size"), [("file", 5), ("file", 20 * 1024 * 1024 + 1), ("image", 10 * 1024 * 1024 + 1)]
    )
    def test_a_file_of_a_size_that_is_not_taken_does_not_leave(
        self, client: WeComClient, platform: Platform, kind: str, size: int
    ) -> None:
        with pytest.raises(RefusedForever):
            client.upload_media(kind, "a", b"x" * size)
        assert platform.counted() == {}


class TestOtherCalls:
    def test_each_call_goes_to_its_path(self, client: WeComClient, platform: Platform) -> None:
        platform.lay_out("department/list", said(department=[]))
        platform.lay_out("user/list", said(userlist=[]))
        platform.lay_out("getcallbackip", said(ip_list=["101.226.103.*"]))
        client.agent.get(AGENT)
        client.department.list()
        client.user.list(2)
        client.user.get("ZhangSan")
        assert client.misc.callback_addresses() == ("101.226.103.*",)
        asked = [(one.method, one.path, {**one.query, "access_token": ""}) for one in platform.seen[1:]]
        assert asked == [
            ("GET", "agent/get", {"access_token": "", "agentid": "1000002"}),
            ("GET", "department/list", {"access_token": ""}),
            ("GET", "user/list", {"access_token": "", "department_id": "2"}),
            ("GET", "user/get", {"access_token": "", "userid": "ZhangSan"}),
            ("GET", "getcallbackip", {"access_token": ""}),
        ]

    def test_wechatpys_own_calls_go_through_the_same_door(self, client: WeComClient, platform: Platform) -> None:
        platform.lay_out("tag/list", said(taglist=[{"tagid": 1, "tagname": "x"}]))
        assert client.tag.list() == [{"tagid": 1, "tagname": "x"}]
        client.tag.create("甲")
        assert platform.calls("tag/create")[0].body == '{"tagname":"甲"}'.encode()
        assert {one.query["access_token"] for one in platform.seen[1:]} == {"token-1"}

    @pytest.mark.parametrize(
        "act",
        [
            lambda client: client.get("https://qyapi.weixin.qq.com/cgi-bin/agent/get"),
            lambda client: client.post("media/upload", files={"media": b"x"}),
        ],
    )
    def test_a_call_that_would_go_another_way_is_refused(
        self, client: WeComClient, platform: Platform, act: Callable[[Any], None]
    ) -> None:
        with pytest.raises((ValueError, TypeError)):
            act(client)
        assert platform.counted() == {}

    def test_no_inherited_call_knows_an_address_of_its_own(self, client: WeComClient) -> None:
        """wechatpy's media calls go to a literal address; ours have replaced them."""
        assert type(client.media).__module__ == "bot.wecom.api"
        assert not hasattr(client.media, "get_url")
