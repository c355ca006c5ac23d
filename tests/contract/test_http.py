"""What the outside relies on over HTTP (contract, HTTP), asked of a real `liuhen up`."""

from __future__ import annotations

import time
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.bot.wecom.platform import said
from tests.contract.product import Product, soon


@pytest.mark.parametrize("path", ["/wecom/callback", "/wecom/callback/"])
def test_the_address_is_verified_within_a_second_in_both_forms(running_product: Product, path: str) -> None:
    begun = time.monotonic()
    answer = running_product.verify("5927782489442352469", path)
    assert time.monotonic() - begun < 1
    assert (answer.status_code, answer.content) == (200, b"5927782489442352469")


@pytest.mark.parametrize("path", ["/wecom/callback", "/wecom/callback/"])
def test_a_purchase_is_answered_with_its_number_and_the_card_reaches_the_first_signer(
    running_product: Product, path: str
) -> None:
    words = running_product.say("xu", f"采购 服务器{path.count('/')} 3.5万 扩容", path=path)
    assert words.startswith("已提交采购 CG-"), words
    assert "¥35,000.00（叁万伍仟元整）" in words
    assert "签字顺序：苏主管 → 钱总监 → 赵总" in words
    number = words.split()[1]
    soon(lambda: any(number in str(body) for body in running_product.sent_to("su")))
    (card,) = [body for body in running_product.sent_to("su") if number in str(body)]
    assert card["msgtype"] == "template_card"
    buttons = card["template_card"]["button_list"]  # type: ignore[index]
    assert [button["text"] for button in buttons] == ["同意", "退回补充", "驳回"]


def test_health_and_readiness_say_no_more_than_a_word(running_product: Product) -> None:
    assert [(answer.status_code, answer.text) for answer in map(running_product.get, ("/healthz", "/readyz"))] == [
        (200, "ok"), (200, "ready"),
    ]


def test_metrics_are_for_this_machine(running_product: Product) -> None:
    answer = running_product.get("/metrics")
    assert answer.status_code == 200
    for name in ("liuhen_callbacks_total", "liuhen_callbacks_refused_total", "liuhen_outbox_ripe"):
        assert name in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "203.0.113.7"}, {"Forwarded": "for=203.0.113.7"}, {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-For": "203.0.113.7", "Authorization": "Bearer "},
        {"X-Forwarded-For": "203.0.113.7", "Authorization": "Bearer wrong"},
    ],
)
def test_metrics_are_refused_to_whom_a_proxy_speaks_for(running_product: Product, headers: dict[str, str]) -> None:
    answer = running_product.get("/metrics", headers=headers)
    assert (answer.status_code, answer.content) == (403, b"")


@pytest.mark.parametrize("path", ["/sandbox/", "/sandbox", "/", "/admin", "/wecom", "/wecom/callback/x", "/h5/"])
def test_what_is_not_there_is_404_and_says_nothing(running_product: Product, path: str) -> None:
    answer = running_product.get(path)
    assert (answer.status_code, answer.content) == (404, b"")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(running_product: Product, method: str) -> None:
    answer = requests.request(method, f"{running_product.address}/wecom/callback", timeout=30)
    assert answer.status_code in (405, 200)
    assert answer.content == b""


def test_no_answer_tells_which_software_or_version_it_is(running_product: Product) -> None:
    for path in ("/healthz", "/nothing", "/metrics"):
        said = str(dict(running_product.get(path).headers)).lower()
        assert "werkzeug" not in said
        assert "python" not in said


def test_an_items_page_is_opened_after_a_login_at_the_platform(running_product: Product) -> None:
    number = running_product.say("xu", "采购 投影仪 3.5万 会议室").split()[1]
    running_product.platform.lay_out("auth/getuserinfo", said(userid="su"))
    with requests.Session() as browser:
        page = f"{running_product.address}/h5/items/{number}"
        to_login = browser.get(page, allow_redirects=False, timeout=30)
        assert to_login.status_code == 302
        assert to_login.headers["Location"].startswith(f"{running_product.platform.url}/connect/oauth2/authorize?")
        state = parse_qs(urlsplit(to_login.headers["Location"]).query)["state"][0]
        shown = browser.get(f"{running_product.address}/h5/login?code=c&state={state}", timeout=30)
    assert (shown.status_code, shown.url) == (200, page)
    assert number in shown.text
    assert "演练" in shown.text
    style = running_product.get("/h5/static/h5.css")
    assert (style.status_code, style.headers["Content-Type"]) == (200, "text/css; charset=utf-8")
