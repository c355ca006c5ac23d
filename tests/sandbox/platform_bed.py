"""A platform alone, without a product: a clock in hand, and callbacks that land in a list."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.platform.codec import PlatformCodec
from sandbox.platform.config import Department, Member, PlatformConfig
from sandbox.platform.delivery import NoAnswer
from sandbox.platform.platform import Platform

Json = dict[str, Any]
SECRET = "s" * 40
AGENT = 1000002
CORP = "wwbed"
TOKEN, KEY = "token", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
PAGE_TOKEN = "page-token"


class BedClock:
    """Stands still until moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
        self.offset = 0
        self.slept = 0.0

    def machine_now(self) -> datetime:
        return self.at

    def now(self) -> datetime:
        return self.at + timedelta(seconds=self.offset)

    def due(self) -> datetime | None:
        return None

    def move_to(self, target: datetime) -> None:
        if target < self.now():
            raise ValueError("时间只能往前走")
        self.offset += round((target - self.now()).total_seconds())

    def walking(self) -> bool:
        return False

    def sleep(self, seconds: float) -> None:
        self.slept += seconds

    def listen(self, told: Callable[[], None]) -> None:
        pass

    def pass_by(self, **span: float) -> None:
        """Let machine time pass."""
        self.at += timedelta(**span)


class Bed:
    """The platform, its API by test client, and a product that answers what it is told to."""

    def __init__(self, **config: Any) -> None:
        self.clock = BedClock()
        self.taken: list[tuple[str, bytes]] = []
        self.answers: list[tuple[int, bytes] | None] = []
        told: Json = {
            "corp_id": CORP, "agent_id": AGENT, "secret": SECRET, "token": TOKEN, "aes_key": KEY,
            "callback_url": "http://127.0.0.1:1/wecom/callback", "company": "示例公司", "page_token": PAGE_TOKEN,
            "members": [
                Member("Su", "苏主管", "sales"), Member("xu", "许专员", "sales"), Member("zhao", "赵总", "office"),
            ],
            "departments": [Department("sales", "销售部", "Su"), Department("office", "总经办", "zhao")],
        }
        self.platform = Platform(PlatformConfig(**{**told, **config}), self.clock, self._post)
        self.codec = PlatformCodec(TOKEN, KEY, CORP)
        self.http = self.platform.app().test_client()
        self._token = ""

    @property
    def token(self) -> str:
        """A good token."""
        if not self._token:
            self._token = self.get("gettoken", corpid=CORP, corpsecret=SECRET)["access_token"]
        return self._token

    def get(self, path: str, **asked: Any) -> Json:
        answer: Json = self.http.get(f"/cgi-bin/{path}", query_string=asked).get_json()
        return answer

    def post(self, path: str, body: Json | bytes, token: str | None = None, **asked: Any) -> Json:
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        query = {"access_token": self.token if token is None else token, **asked}
        answer: Json = self.http.post(f"/cgi-bin/{path}", query_string=query, data=data).get_json()
        return answer

    def send(self, to: str = "su", **body: Any) -> Json:
        """message/send; a text unless the body says otherwise."""
        told = {"touser": to, "msgtype": "text", "agentid": AGENT, "text": {"content": "好"}, **body}
        return self.post("message/send", {name: value for name, value in told.items() if value is not None})

    def chat(self, userid: str) -> list[Json]:
        return self.platform.world.chats[userid]

    def opened(self, at: int = -1) -> str:
        """The inner XML of a callback taken."""
        body = self.taken[at][1].decode()
        return self.codec.open(body.split("<Encrypt><![CDATA[")[1].split("]]>")[0])

    def reply(self, inner: str) -> bytes:
        """A sealed answer."""
        sealed = self.codec.seal(inner)
        signature = self.codec.signature("1795399200", "1", sealed)
        return (
            f"<xml><Encrypt>{sealed}</Encrypt><MsgSignature>{signature}</MsgSignature>"
            "<TimeStamp>1795399200</TimeStamp><Nonce>1</Nonce></xml>"
        ).encode()

    def _post(self, address: str, body: bytes) -> tuple[int, bytes]:
        self.taken.append((address, body))
        answer = self.answers.pop(0) if self.answers else (200, b"")
        if answer is None:
            raise NoAnswer
        return answer


def card(task_id: str = "t1", **more: Any) -> Json:
    """A card with three buttons and a drop-down."""
    return {
        "card_type": "button_interaction", "main_title": {"title": "服务器"}, "task_id": task_id,
        "button_selection": {
            "question_key": "reason",
            "option_list": [{"id": "none", "text": "请选择"}, {"id": "b", "text": "不在预算内"}],
        },
        "button_list": [{"text": "同意", "key": "yes"}, {"text": "驳回", "key": "no", "style": 3}], **more,
    }


@pytest.fixture
def bed() -> Bed:
    """A fresh platform."""
    return Bed()
