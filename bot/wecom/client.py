"""
The API client on wechatpy (docs/decisions.md says what had to be replaced and why).

Every call, the token's included, goes to the base URL of the settings, with time-outs, without redirects or proxies
of the environment. A rejected token is refreshed once, by one process at a time; a wrong secret never.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, TypeVar

from wechatpy.work import WeChatClient

from bot.wecom import api
from bot.wecom.errcodes import reaction
from bot.wecom.tokens import PATH as TOKEN_PATH
from bot.wecom.tokens import TokenKeeper, TokenStore, token_name
from bot.wecom.wire import CONNECT_SECONDS, READ_SECONDS, Wire, checked, file_name
from notifications import limits
from notifications.errors import OutcomeUnknown, RetryLater, TokenRejected
from notifications.ports import Media, Sent

__all__ = ["TokenStore", "WeComClient"]
_ANSWER_MOST = 16 * 1024 * 1024
_MEDIA_MOST = limits.FILE_BYTES + 1024 * 1024
_MEDIA_BYTES = {
    "image": limits.IMAGE_BYTES, "voice": limits.VOICE_BYTES, "video": limits.VIDEO_BYTES, "file": limits.FILE_BYTES,
}
_JSON = {"Content-Type": "application/json; charset=utf-8"}
T = TypeVar("T")


class WeComClient(WeChatClient):  # type: ignore[misc]
    """
    One app's client; implements notifications.ports.Sender. Make it after forking; safe to share between threads.

    Args:
        base_url: without path, e.g. https://qyapi.weixin.qq.com.
        tokens: where every process finds the token.
        machine_now: the machine's clock, aware UTC.
        timeout: seconds to connect, and between two pieces of an answer.
    """

    # wechatpy makes these its own per client, before __init__.
    agent = api.AgentApi()
    department = api.DepartmentApi()
    media = api.MediaApi()
    menu = api.MenuApi()
    message = api.MessageApi()
    misc = api.MiscApi()
    oauth = api.LoginApi()
    phone = api.PhoneApi()
    user = api.UserApi()

    def __init__(
        self, *, corp_id: str, secret: str, agent_id: int, base_url: str, tokens: TokenStore,
        machine_now: Callable[[], datetime], timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS),
    ) -> None:
        self.API_BASE_URL = base_url.rstrip("/") + "/cgi-bin/"
        super().__init__(corp_id, secret, timeout=timeout, auto_retry=False)
        self.agent_id = agent_id
        self._wire = Wire(self._http, self.API_BASE_URL, timeout)
        name = token_name(corp_id, agent_id, secret)
        self._keeper = TokenKeeper(name, tokens, self._ask_for_token, machine_now)

    # -- notifications.ports.Sender

    def send(self, body: bytes) -> Sent:
        """Send the given bytes as message/send."""
        answer = self.message.send(body)
        invalid = tuple(name for name in str(answer.get("invaliduser") or "").lower().split("|") if name)
        return Sent(str(answer.get("msgid") or ""), str(answer.get("response_code") or ""), invalid)

    def update_card(self, body: bytes) -> tuple[str, ...]:
        """Send the given bytes as message/update_template_card; return the userids it did not take, lower case."""
        invalid = self.message.update_card(body).get("invaliduser") or []
        return tuple(str(name).lower() for name in invalid)

    def recall(self, msgid: str) -> None:
        """Take a message back."""
        self.message.recall(msgid)

    def download_media(self, media_id: str) -> Media:
        """Fetch a media file; at most 21 MiB."""
        path = "media/get"

        def get(token: str) -> Media:
            answer, content = self._wire.exchange(
                "get", path, _MEDIA_MOST, params={"access_token": token, "media_id": media_id}
            )
            disposition = answer.headers.get("Content-Disposition", "")
            if not disposition and content.lstrip()[:1] == b"{":
                checked(content, path)  # an error comes as JSON in the file's place
            kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            return Media(content, file_name(disposition), kind)

        return self._with_token(get)

    def upload_media(self, kind: str, name: str, content: bytes) -> str:
        """
        Upload a media file (image, voice, video, file); return its id.

        Its name goes as ASCII, since other spellings are not taken everywhere (wecom-facts 8.1).
        """
        path = "media/upload"
        if not limits.MEDIA_LEAST_BYTES <= len(content) <= _MEDIA_BYTES[kind]:
            raise reaction(45001, "", path)

        def post(token: str) -> str:
            _, body = self._wire.exchange(
                "post", path, _ANSWER_MOST, params={"access_token": token, "type": kind},
                files={"media": (_ascii_name(name), content, "application/octet-stream")},
            )
            return _wanted(checked(body, path), "media_id", path)

        return self._with_token(post)

    # -- the door of every other call

    def call(self, path: str, body: bytes | Mapping[str, Any], **parameters: str | int) -> dict[str, Any]:
        """
        POST a body (bytes go out unchanged) and return the answer.

        Raises:
            SendError: a subclass that says what to do.
        """
        data = body if isinstance(body, bytes) else _utf8(body)

        def post(token: str) -> dict[str, Any]:
            asked = {"access_token": token, **parameters}
            _, content = self._wire.exchange("post", path, _ANSWER_MOST, params=asked, data=data, headers=_JSON)
            return checked(content, path)

        return self._with_token(post)

    def fetch(self, path: str, **parameters: str | int) -> dict[str, Any]:
        """
        GET a path and return the answer.

        Raises:
            SendError: a subclass that says what to do.
        """

        def get(token: str) -> dict[str, Any]:
            asked = {"access_token": token, **parameters}
            _, content = self._wire.exchange("get", path, _ANSWER_MOST, params=asked)
            return checked(content, path)

        return self._with_token(get)

    def _request(
        self, method: str, url_or_endpoint: str, *, params: Mapping[str, Any] | None = None,
        data: bytes | Mapping[str, Any] | None = None, result_processor: Callable[[Any], Any] | None = None,
    ) -> Any:
        """
        Take the calls of wechatpy's own API classes through the same door.

        Raises:
            TypeError: (by the signature) one that uploads, or goes to a base URL of its own.
            ValueError: an absolute address.
        """
        if "://" in url_or_endpoint:
            raise ValueError("only paths below the base URL are called")
        if method == "get":
            answer = self.fetch(url_or_endpoint, **dict(params or {}))
        else:
            answer = self.call(url_or_endpoint, data or {}, **dict(params or {}))
        return answer if result_processor is None else result_processor(answer)

    # -- token

    @property
    def access_token(self) -> str:
        """Return a token that is good for at least two minutes."""
        return self._keeper.token()

    def fetch_access_token(self) -> None:
        """Look for a token; wechatpy's own call ignores the base URL and has no time-out."""
        self._keeper.token()

    def _ask_for_token(self) -> tuple[str, int]:
        asked = {"corpid": self.corp_id, "corpsecret": self.secret}
        _, content = self._wire.exchange("get", TOKEN_PATH, _ANSWER_MOST, params=asked)
        answer = checked(content, TOKEN_PATH)
        try:
            seconds = int(answer.get("expires_in") or 7200)
        except (TypeError, ValueError):
            seconds = 7200
        return _wanted(answer, "access_token", TOKEN_PATH), seconds

    def _with_token(self, act: Callable[[str], T]) -> T:
        token = self._keeper.token()
        try:
            return act(token)
        except TokenRejected:
            fresh = self._keeper.token(refused=token)
        try:
            return act(fresh)
        except TokenRejected as error:
            failure = RetryLater(error.errcode, error.path, error.hint, after_seconds=30.0)
        raise failure from None


def _utf8(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _wanted(answer: Mapping[str, Any], name: str, path: str) -> str:
    found = answer.get(name)
    if not isinstance(found, str) or not found:
        raise OutcomeUnknown(0, path, f"answer without {name}")
    return found


def _ascii_name(name: str) -> str:
    given = PurePosixPath(name.replace("\\", "/"))
    stem = "".join(char for char in given.stem if char.isascii() and char.isprintable() and char != '"').strip()
    suffix = given.suffix if given.suffix.isascii() else ""
    return f"{stem or 'file'}{suffix}"
