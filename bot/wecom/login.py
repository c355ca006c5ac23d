"""Who opens a page: OAuth2 in the WeCom client and in a browser (wecom-facts 7; doc 96441, doc 98171, doc 91023)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from bot.wecom.client import WeComClient
from bot.wecom.errcodes import LOGIN_CODE_SPENT
from notifications.errors import OutcomeUnknown, RefusedForever

IN_CLIENT = "https://open.weixin.qq.com"
IN_BROWSER = "https://login.work.weixin.qq.com"
_STATE = re.compile(r"[0-9A-Za-z]{1,128}")


@dataclass(frozen=True)
class Member:
    """A member of the company. userid as WeCom spells it; compare in lower case."""

    userid: str


@dataclass(frozen=True)
class Outsider:
    """Somebody who is no member of the company."""


@dataclass(frozen=True)
class CodeSpent:
    """The code was used, or is older than 5 minutes: start the login again."""


def client_address(corp_id: str, agent_id: int, redirect_uri: str, state: str, base: str = IN_CLIENT) -> str:
    """
    Return where a page inside WeCom sends people who are not logged in.

    Args:
        state: letters and digits, bound to the session.

    Raises:
        ValueError: the state is anything else.
    """
    query = urlencode(
        {
            "appid": corp_id, "redirect_uri": redirect_uri, "response_type": "code", "scope": "snsapi_base",
            "state": _checked(state), "agentid": agent_id,
        }
    )
    return f"{base.rstrip('/')}/connect/oauth2/authorize?{query}#wechat_redirect"


def browser_address(corp_id: str, agent_id: int, redirect_uri: str, state: str, base: str = IN_BROWSER) -> str:
    """Return the same for a browser outside WeCom."""
    query = urlencode(
        {
            "login_type": "CorpApp", "appid": corp_id, "agentid": agent_id, "redirect_uri": redirect_uri,
            "state": _checked(state), "lang": "zh",
        }
    )
    return f"{base.rstrip('/')}/wwlogin/sso/login?{query}"


def who(client: WeComClient, code: str) -> Member | Outsider | CodeSpent:
    """
    Return whose code it is; a code works once.

    Raises:
        SendError: the platform could not be asked.
    """
    try:
        answer = client.oauth.who(code)
    except RefusedForever as error:
        if error.errcode == LOGIN_CODE_SPENT:
            return CodeSpent()
        raise
    userid = answer.get("userid") or answer.get("UserId")
    if isinstance(userid, str) and userid:
        return Member(userid)
    if answer.get("openid") or answer.get("external_userid"):
        return Outsider()
    raise OutcomeUnknown(0, "auth/getuserinfo", "answer without userid")


def _checked(state: str) -> str:
    if _STATE.fullmatch(state) is None:
        raise ValueError("state: 1 to 128 letters and digits")
    return state
