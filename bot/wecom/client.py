"""
The API client on wechatpy (docs/decisions.md says what had to be replaced and why).

Every call, the token's included, goes to the base URL of the settings, with a timeout, without redirects or proxies
of the environment. A rejected token is refreshed once, by one process at a time; a wrong secret never, since WeCom
blocks the address for an hour. What is raised carries code, path and hint only, `from None`: addresses hold tokens.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

import requests
from wechatpy.client.api.base import BaseWeChatAPI
from wechatpy.work import WeChatClient

from bot.wecom.errcodes import reaction
from notifications.errors import OutcomeUnknown, RetryLater, SendError, TokenRejected
from notifications.ports import Media, Sent

CONNECT_SECONDS, READ_SECONDS = 3.0, 5.0
_EARLY = timedelta(seconds=120)  # a token is renewed this long before it expires
_LEASE = timedelta(seconds=15)
_WAITS = 60
_FILE_NAME = re.compile(r"filename=\"?([^\";]+)\"?")
_MEDIA_MOST = 25 * 1024 * 1024


class TokenStore(Protocol):
    """Where every process finds the token. Instants are machine time, aware UTC."""

    def load(self, name: str) -> tuple[str, datetime] | None:
        """Return token and expiry."""

    def save(self, name: str, token: str, expires_at: datetime) -> None:
        """Keep a fresh token, give up the lock."""

    def try_lock(self, name: str, now: datetime, until: datetime) -> bool:
        """Become the one who refreshes."""

    def unlock(self, name: str) -> None:
        """Give up the lock."""


class MessageApi(BaseWeChatAPI):  # type: ignore[misc]
    """message/…: bytes go out exactly as they are kept."""

    def send_bytes(self, body: bytes) -> dict[str, Any]:
        """POST message/send."""
        return self._client.call("message/send", body)  # type: ignore[no-any-return]

    def update_card_bytes(self, body: bytes) -> dict[str, Any]:
        """POST message/update_template_card."""
        return self._client.call("message/update_template_card", body)  # type: ignore[no-any-return]

    def recall(self, msgid: str) -> dict[str, Any]:
        """POST message/recall."""
        return self._client.call("message/recall", {"msgid": msgid})  # type: ignore[no-any-return]


class PhoneApi(BaseWeChatAPI):  # type: ignore[misc]
    """pstncc/…: phone calls of the 紧急通知 app (wecom-facts 5)."""

    def call(self, userid: str) -> dict[str, Any]:
        """POST pstncc/call."""
        return self._client.call("pstncc/call", {"callee_userid": [userid]})  # type: ignore[no-any-return]

    def state(self, userid: str, callid: str) -> dict[str, Any]:
        """POST pstncc/getstates."""
        return self._client.call(  # type: ignore[no-any-return]
            "pstncc/getstates", {"callee_userid": userid, "callid": callid}
        )


class WeComClient(WeChatClient):  # type: ignore[misc]
    """
    One app's client; implements notifications.ports.Sender. Safe to share between threads.

    Args:
        base_url: without path, e.g. https://qyapi.weixin.qq.com.
        machine_now: the machine's clock, aware UTC.
    """

    cards = MessageApi()
    phone = PhoneApi()

    def __init__(
        self, *, corp_id: str, secret: str, agent_id: int, base_url: str, tokens: TokenStore,
        machine_now: Callable[[], datetime], timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS),
    ) -> None:
        self.API_BASE_URL = base_url.rstrip("/") + "/cgi-bin/"
        super().__init__(corp_id, secret, timeout=timeout, auto_retry=False)
        self.agent_id = agent_id
        self._tokens = tokens
        self._machine_now = machine_now
        # Keyed by the secret's hash: two apps of one company have two tokens (wecom-facts 10.17).
        self._name = f"{corp_id}:{agent_id}:{hashlib.sha256(secret.encode()).hexdigest()[:16]}"
        self._http.trust_env = False
        self._cached: tuple[str, datetime] | None = None
        self._lock = threading.Lock()

    # -- notifications.ports.Sender

    def send(self, body: bytes) -> Sent:
        """Send the given bytes as message/send."""
        answer = self.cards.send_bytes(body)
        invalid = tuple(name for name in str(answer.get("invaliduser") or "").lower().split("|") if name)
        return Sent(str(answer.get("msgid", "")), str(answer.get("response_code", "")), invalid)

    def update_card(self, body: bytes) -> tuple[str, ...]:
        """Send the given bytes as message/update_template_card."""
        invalid = self.cards.update_card_bytes(body).get("invaliduser") or []
        return tuple(str(name).lower() for name in invalid)

    def recall(self, msgid: str) -> None:
        """Take a message back."""
        self.cards.recall(msgid)

    def download_media(self, media_id: str) -> Media:
        """Fetch a media file; at most 25 MiB."""
        answer = self._with_token(
            lambda token: self._exchange(
                "get", "media/get", params={"access_token": token, "media_id": media_id}, stream=True
            )
        )
        with answer:
            kind = answer.headers.get("Content-Type", "")
            content = answer.raw.read(_MEDIA_MOST + 1, decode_content=True)
        if kind.startswith(("application/json", "text/")):
            self._checked(content, "media/get")
        if len(content) > _MEDIA_MOST:
            raise reaction(45001, "too large", "media/get") from None
        named = _FILE_NAME.search(answer.headers.get("Content-disposition", ""))
        return Media(content, named.group(1) if named else "", kind)

    def upload_media(self, kind: str, name: str, content: bytes) -> str:
        """Upload a media file; its name goes as ASCII, since other forms are refused (wecom-facts 8.1)."""
        plain = name.encode("ascii", "ignore").decode() or "file"

        def post(token: str) -> dict[str, Any]:
            answer = self._exchange(
                "post", "media/upload", params={"access_token": token, "type": kind},
                files={"media": (plain, content, "application/octet-stream")},
            )
            return self._checked(answer.content, "media/upload")

        return str(self._with_token(post)["media_id"])

    # -- other calls

    def call(self, path: str, body: bytes | dict[str, Any]) -> dict[str, Any]:
        """
        POST a body (bytes go out unchanged) and return the answer.

        Raises:
            SendError: a subclass that says what to do.
        """
        data = body if isinstance(body, bytes) else _utf8(body)

        def post(token: str) -> dict[str, Any]:
            answer = self._exchange(
                "post", path, params={"access_token": token}, data=data,
                headers={"Content-Type": "application/json; charset=utf-8"},
            )
            return self._checked(answer.content, path)

        return self._with_token(post)

    def fetch(self, path: str, **parameters: str | int) -> dict[str, Any]:
        """GET a path and return the answer."""

        def get(token: str) -> dict[str, Any]:
            answer = self._exchange("get", path, params={"access_token": token, **parameters})
            return self._checked(answer.content, path)

        return self._with_token(get)

    # -- token

    @property
    def access_token(self) -> str:
        """Return a token that is good for at least two minutes."""
        return self._token(refused=None)

    def fetch_access_token(self) -> None:
        """Replaced: wechatpy's own call ignores the base URL and has no timeout."""
        self._token(refused=self._cached[0] if self._cached else None)

    def _with_token(self, act: Callable[[str], Any]) -> Any:
        token = self._token(refused=None)
        try:
            return act(token)
        except TokenRejected:
            fresh = self._token(refused=token)
        try:
            return act(fresh)
        except TokenRejected as error:
            raise RetryLater(error.errcode, error.path, error.hint, after_seconds=30.0) from None

    def _token(self, refused: str | None) -> str:
        with self._lock:
            for _ in range(_WAITS):
                now = self._machine_now()
                held = self._cached
                if held is None or held[0] == refused or held[1] - now < _EARLY:
                    held = self._tokens.load(self._name)
                if held is not None and held[0] != refused and held[1] - now >= _EARLY:
                    self._cached = held
                    return held[0]
                if self._tokens.try_lock(self._name, now, now + _LEASE):
                    return self._refresh()
                time.sleep(0.1)  # another process is asking for it this moment
        raise RetryLater(0, "gettoken", "another process is refreshing")

    def _refresh(self) -> str:
        try:
            answer = self._exchange(
                "get", "gettoken", params={"corpid": self.corp_id, "corpsecret": self.secret}
            )
            found = self._checked(answer.content, "gettoken")
        except SendError:
            self._tokens.unlock(self._name)
            raise
        expires = self._machine_now() + timedelta(seconds=int(found.get("expires_in", 7200)))
        self._cached = (str(found["access_token"]), expires)
        self._tokens.save(self._name, *self._cached)
        return self._cached[0]

    # -- the wire

    def _request(self, method: str, url_or_endpoint: str, **options: Any) -> Any:
        """Let wechatpy's own API classes go through the same door."""
        path = url_or_endpoint.removeprefix(self.API_BASE_URL)
        options.pop("result_processor", None)
        data = options.pop("data", None)
        if method == "post":
            return self.call(path, data if isinstance(data, bytes) else dict(data or {}))
        return self.fetch(path, **(options.get("params") or {}))

    def _exchange(self, method: str, path: str, **options: Any) -> requests.Response:
        try:
            answer = self._http.request(
                method, self.API_BASE_URL + path, timeout=self.timeout, allow_redirects=False, **options
            )
        except requests.ConnectTimeout:
            raise RetryLater(0, path, "no connection") from None
        except requests.ConnectionError as error:
            if "NewConnectionError" in repr(error) or "Connection refused" in repr(error):
                raise RetryLater(0, path, "no connection") from None
            raise OutcomeUnknown(0, path, "connection lost") from None
        except requests.RequestException:
            raise OutcomeUnknown(0, path, "no answer") from None
        if answer.status_code >= 500 or answer.status_code == 429:
            raise RetryLater(answer.status_code, path, "http")
        if answer.status_code != 200:
            raise reaction(40035, "", f"{path} http {answer.status_code}")
        return answer

    def _checked(self, content: bytes, path: str) -> dict[str, Any]:
        try:
            answer = json.loads(content)
        except ValueError:
            raise OutcomeUnknown(0, path, "unreadable answer") from None
        if not isinstance(answer, dict):
            raise OutcomeUnknown(0, path, "unreadable answer")
        code = int(answer.get("errcode", 0) or 0)
        if code:
            raise reaction(code, str(answer.get("errmsg", "")), path)
        return answer


def _utf8(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
