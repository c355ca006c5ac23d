"""
The calls we use, under the names wechatpy gives its own: those are replaced where they would go another way.

wechatpy's media calls go to a literal address without time-outs, its login call to an old path, its message call
builds its own body.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wechatpy.client.api.base import BaseWeChatAPI

from bot.wecom.errcodes import MENU_NOT_SET
from notifications.errors import RefusedForever
from notifications.ports import Media

Answer = Mapping[str, Any]


class Api(BaseWeChatAPI):  # type: ignore[misc]
    """Calls through the client's one door; every method raises SendError subclasses."""

    def _call(self, path: str, body: bytes | Mapping[str, Any], **parameters: str | int) -> Answer:
        return self._client.call(path, body, **parameters)  # type: ignore[no-any-return]

    def _fetch(self, path: str, **parameters: str | int) -> Answer:
        return self._client.fetch(path, **parameters)  # type: ignore[no-any-return]


class MessageApi(Api):
    """message/… [doc 90236, doc 94888, doc 94867]: bytes go out exactly as they are kept."""

    def send(self, body: bytes) -> Answer:
        """POST message/send."""
        return self._call("message/send", body)

    def update_card(self, body: bytes) -> Answer:
        """POST message/update_template_card."""
        return self._call("message/update_template_card", body)

    def recall(self, msgid: str) -> Answer:
        """POST message/recall."""
        return self._call("message/recall", {"msgid": msgid})


class PhoneApi(Api):
    """pstncc/…: phone calls of the 紧急通知 app [doc 97115, doc 97116]."""

    def call(self, userids: Sequence[str]) -> Answer:
        """POST pstncc/call."""
        return self._call("pstncc/call", {"callee_userid": list(userids)})

    def state(self, userid: str, callid: str) -> Answer:
        """POST pstncc/getstates."""
        return self._call("pstncc/getstates", {"callee_userid": userid, "callid": callid})


class MenuApi(Api):
    """menu/… [doc 90231–90233]."""

    def create(self, agent_id: int, body: Mapping[str, Any]) -> None:
        """Put the menu in place, whatever was there."""
        self._call("menu/create", body, agentid=agent_id)

    def get(self, agent_id: int) -> Answer | None:
        """Return the menu as WeCom keeps it, None when there is none."""
        try:
            return self._fetch("menu/get", agentid=agent_id)
        except RefusedForever as error:
            if error.errcode == MENU_NOT_SET:
                return None
            raise


class MediaApi(Api):
    """media/… [doc 90253, doc 90254]."""

    def upload(self, kind: str, name: str, content: bytes) -> str:
        """Upload a file for 3 days; return its id."""
        return self._client.upload_media(kind, name, content)  # type: ignore[no-any-return]

    def download(self, media_id: str) -> Media:
        """Fetch a file."""
        return self._client.download_media(media_id)  # type: ignore[no-any-return]


class AgentApi(Api):
    """agent/… [doc 90227]."""

    def get(self, agent_id: int) -> Answer:
        """Return the app as WeCom knows it: name, visible range, callback settings."""
        return self._fetch("agent/get", agentid=agent_id)


class DepartmentApi(Api):
    """department/… [doc 90208]."""

    def list(self) -> Sequence[Answer]:
        """Return every department in the app's visible range."""
        found: Sequence[Answer] = self._fetch("department/list")["department"]
        return found


class UserApi(Api):
    """user/… [doc 90201, doc 90196]."""

    def list(self, department: int) -> Sequence[Answer]:
        """Return the members of one department, without those below it."""
        found: Sequence[Answer] = self._fetch("user/list", department_id=department)["userlist"]
        return found

    def get(self, userid: str) -> Answer:
        """Return one member."""
        return self._fetch("user/get", userid=userid)


class LoginApi(Api):
    """auth/… [doc 91023]."""

    def who(self, code: str) -> Answer:
        """GET auth/getuserinfo; bot.wecom.login reads the answer."""
        return self._fetch("auth/getuserinfo", code=code)


class MiscApi(Api):
    """Addresses of the platform [doc 90238, doc 92520]."""

    def callback_addresses(self) -> tuple[str, ...]:
        """Return where callbacks come from; an entry may be 101.226.103.*."""
        return tuple(self._fetch("getcallbackip").get("ip_list", ()))
