"""Where people are sent to log in, and who comes back (wecom-facts 7.1, 7.2)."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from bot.wecom.client import WeComClient
from bot.wecom.login import CodeSpent, Member, Outsider, browser_address, client_address, who
from notifications.errors import OutcomeUnknown, RetryLater
from tests.bot.wecom.platform import AGENT, CORP, Platform, said

BACK = "https://liuhen.example.com/h5/login?next=/h5/todo"


def test_inside_wecom_the_address_is_the_documented_one() -> None:
    address = client_address(CORP, AGENT, BACK, "abc123")
    assert address.startswith("https://open.weixin.qq.com/connect/oauth2/authorize?appid=ww5823bf96d3bd56c7&redirect_uri=")
    assert address.endswith("#wechat_redirect")
    assert parse_qs(urlsplit(address).query) == {
        "appid": [CORP], "redirect_uri": [BACK], "response_type": ["code"], "scope": ["snsapi_base"],
        "state": ["abc123"], "agentid": ["1000002"],
    }


def test_in_a_browser_it_is_the_scan_page_and_the_base_is_a_setting() -> None:
    address = browser_address(CORP, AGENT, BACK, "abc123", "http://127.0.0.1:8000/")
    assert address.startswith("http://127.0.0.1:8000/wwlogin/sso/login?login_type=CorpApp&")
    assert parse_qs(urlsplit(address).query)["redirect_uri"] == [BACK]


@pytest.mark.parametrize("state", ["", "a b", "a&b", "x" * 129, "留"])
def test_a_state_that_wecom_would_not_carry_is_refused(state: str) -> None:
    with pytest.raises(ValueError, match="state"):
        client_address(CORP, AGENT, BACK, state)
    with pytest.raises(ValueError, match="state"):
        browser_address(CORP, AGENT, BACK, state)


@pytest.mark.parametrize("field", ["userid", "UserId"])
def test_a_member_comes_back_as_spelled(client: WeComClient, platform: Platform, field: str) -> None:
    platform.lay_out("auth/getuserinfo", said(**{field: "ZhangSan"}))
    assert who(client, "code-1") == Member("ZhangSan")
    assert platform.calls("auth/getuserinfo")[0].query["code"] == "code-1"


def test_an_outsider_is_no_member(client: WeComClient, platform: Platform) -> None:
    platform.lay_out("auth/getuserinfo", said(openid="o-1", external_userid="w-1"))
    assert who(client, "code-1") == Outsider()


def test_a_spent_code_starts_the_login_again(client: WeComClient, platform: Platform) -> None:
    platform.lay_out("auth/getuserinfo", said(40029, "invalid code"))
    assert who(client, "code-1") == CodeSpent()


def test_an_answer_about_nobody_and_a_busy_platform_log_nobody_in(client: WeComClient, platform: Platform) -> None:
    platform.lay_out("auth/getuserinfo", said(), said(-1, "busy"))
    with pytest.raises(OutcomeUnknown):
        who(client, "code-1")
    with pytest.raises(RetryLater):
        who(client, "code-1")
