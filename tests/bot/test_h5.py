"""The pages: login by WeCom, an item's whole text for those who may see it, every look kept (P.3, 6.1d)."""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from bot.h5.pages import LOGIN, SESSION
from bot.h5.session import LOGIN_FOR, SESSION_FOR, Cookies
from storage.keys import Keyring
from tests.bot.h5_visitors import OUTSIDE, app_of, come_in, looks
from tests.bot.wecom.platform import Platform, said
from tests.handlers.office import Office
from tools.browser import FLAGS, chromium

LONG = "扩容" * 240


def file(office: Office) -> str:
    """File a purchase with a long reason, signed by 苏主管; return its number."""
    office.enter("xu")
    number = office.say("xu", f"采购 服务器 3.5万 事由={LONG}<b>粗</b>").split()[1]
    office.tap("su", "同意")
    return number


def test_an_item_shows_its_whole_text_its_signatures_and_its_story(
    company: Office, app: Flask, platform: Platform
) -> None:
    number = file(company)
    page = come_in(app.test_client(), platform, "Su", f"/h5/items/{number}")
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    for piece in (number, "审批中", "¥35,000.00（叁万伍仟元整）", LONG, "&lt;b&gt;粗&lt;/b&gt;", "许专员",
                  "销售部", "苏主管", "部门负责人，按四（一）代行", "同意", "签于第 1 版内容", "没有附件",
                  "待签：赵总（总经理）"):
        assert piece in text, piece
    assert "<b>粗" not in text
    digests = re.findall(r"<code>([0-9a-f]{64})</code>", text)
    assert len(digests) == 2
    assert len(set(digests)) == 1
    assert "演练" not in text
    assert looks(company)[-1] == ("su", "page", number, "203.0.113.9")


def test_corrections_pictures_and_opinions_are_there(company: Office, app: Flask, platform: Platform) -> None:
    company.enter("xu")
    number = company.say("xu", "记录 客户服务 客户=华东机械 内容=上门检修 结果=已解决").split("\n")[0].split()[-1]
    number = re.search(r"JL-\d{8}-\d{4}", number).group()  # type: ignore[union-attr]
    company.picture("xu", name="现场.jpg")
    company.say("xu", f"更正 {number} 结果=待回访 原因=填错了")
    text = come_in(app.test_client(), platform, "xu", f"/h5/items/{number}").get_data(as_text=True)
    for piece in ("以前的版本（1）", "待回访", "已解决", "填错了", "图片", "第 2 版"):
        assert piece in text, piece


@pytest.mark.parametrize("userid", ["wei", "tang"])
def test_who_may_not_see_it_reads_the_same_as_of_one_that_does_not_exist(
    company: Office, app: Flask, platform: Platform, userid: str
) -> None:
    number = file(company)
    client = app.test_client()
    refused = come_in(client, platform, userid, f"/h5/items/{number}")
    assert looks(company)[-1] == (userid, "refused", number, "203.0.113.9")
    missing = client.get("/h5/items/CG-20200101-0001")
    assert (refused.status_code, missing.status_code) == (404, 404)
    assert refused.data == missing.data
    assert number not in refused.get_data(as_text=True)
    for path in ("/h5/items/x", "/h5/items/CG", f"/h5/items/{'9' * 200}"):
        assert client.get(path).status_code == 404


def test_a_lower_case_number_is_understood(company: Office, app: Flask, platform: Platform) -> None:
    number = file(company)
    assert come_in(app.test_client(), platform, "su", f"/h5/items/{number.lower()}").status_code == 200


@pytest.mark.parametrize(
    ("proxies", "forwarded", "kept"),
    [
        (0, "198.51.100.7", "203.0.113.9"), (1, "198.51.100.7", "198.51.100.7"),
        (1, "10.0.0.1, 198.51.100.7", "198.51.100.7"), (2, "198.51.100.7, 10.0.0.2", "198.51.100.7"),
    ],
)
def test_the_address_that_is_kept_is_the_persons_and_not_the_proxys_nor_a_forged_one(
    company: Office, platform: Platform, proxies: int, forwarded: str, kept: str
) -> None:
    number = file(company)
    client = app_of(company, proxies).test_client()
    come_in(client, platform, "su", f"/h5/items/{number}")
    client.get(f"/h5/items/{number}", headers={"X-Forwarded-For": forwarded}, environ_overrides=OUTSIDE)
    assert looks(company)[-1] == ("su", "page", number, kept)
    local = client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"})
    assert local.status_code == 403


class TestLogin:
    def test_sends_people_to_the_platform_with_a_state_bound_to_the_browser(
        self, app: Flask, platform: Platform
    ) -> None:
        answer = app.test_client().get("/h5/items/CG-20261123-0001")
        assert answer.location.startswith(f"{platform.url}/connect/oauth2/authorize?appid=ww1&redirect_uri=")
        query = parse_qs(urlsplit(answer.location).query)
        assert query["redirect_uri"] == ["http://127.0.0.1:8600/h5/login"]
        assert re.fullmatch(r"[0-9a-f]{32}", query["state"][0])
        cookie = answer.headers["Set-Cookie"]
        for piece in (LOGIN, "HttpOnly", "SameSite=Lax", "Path=/h5", f"Max-Age={LOGIN_FOR.seconds}"):
            assert piece in cookie

    def test_a_state_of_another_browser_or_none_is_refused_and_nobody_is_asked(
        self, app: Flask, platform: Platform
    ) -> None:
        platform.lay_out("auth/getuserinfo", said(userid="zhao"))
        mine, other = app.test_client(), app.test_client()
        state = parse_qs(urlsplit(mine.get("/h5/items/CG-1").location).query)["state"][0]
        other.get("/h5/items/CG-1")
        for client, query in (
            (other, f"code=c&state={state}"), (app.test_client(), f"code=c&state={state}"), (mine, "code=c"),
            (mine, f"state={state}"), (mine, f"code=&state={state}"), (mine, f"code={'c' * 513}&state={state}"),
            (mine, f"code=c&code=d&state={state}"), (mine, f"code=c&state={state}0"),
        ):
            answer = client.get(f"/h5/login?{query}")
            assert answer.status_code == 400
            assert "登录已失效" in answer.get_data(as_text=True)
            assert SESSION not in answer.headers.get("Set-Cookie", "")
        assert platform.calls("auth/getuserinfo") == []

    def test_an_outsider_a_spent_code_and_a_silent_platform_each_have_their_page(
        self, app: Flask, platform: Platform
    ) -> None:
        for laid, status, words in (
            (said(openid="o1"), 403, "这里只对本公司员工开放"), (said(40029, "invalid code"), 400, "登录已失效"),
            (said(-1, "busy"), 503, "暂时无法确认您的身份"),
        ):
            client = app.test_client()
            platform.lay_out("auth/getuserinfo", laid)
            state = parse_qs(urlsplit(client.get("/h5/items/CG-1").location).query)["state"][0]
            answer = client.get(f"/h5/login?code=c&state={state}")
            assert (answer.status_code, words in answer.get_data(as_text=True)) == (status, True)

    def test_a_member_who_is_not_in_the_org_is_told_and_it_is_kept(
        self, company: Office, app: Flask, platform: Platform
    ) -> None:
        number = file(company)
        answer = come_in(app.test_client(), platform, "Stranger", f"/h5/items/{number}")
        assert answer.status_code == 403
        assert "您还没有登记在册" in answer.get_data(as_text=True)
        assert looks(company)[-1] == ("stranger", "refused", number, "203.0.113.9")

    def test_a_session_ends_after_half_an_hour_of_machine_time(
        self, company: Office, app: Flask, platform: Platform
    ) -> None:
        number = file(company)
        client = app.test_client()
        come_in(client, platform, "su", f"/h5/items/{number}")
        company.clock.move(seconds=SESSION_FOR.seconds - 1)
        assert client.get(f"/h5/items/{number}").status_code == 200
        company.clock.move(seconds=2)
        assert client.get(f"/h5/items/{number}").status_code == 302

    def test_only_pages_of_ours_are_come_back_to(self, app: Flask) -> None:
        answer = app.test_client().get("/h5/items/..%2f..%2fevil.example.com")
        assert answer.status_code == 404


class TestCookies:
    NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

    def cookies(self) -> Cookies:
        return Cookies(Keyring({"k1": bytes(range(32))}, "k1"))

    def test_nobody_can_make_or_change_one(self) -> None:
        cookies = self.cookies()
        good = cookies.session("su", self.NOW)
        found = cookies.read_session(good, self.NOW)
        assert found is not None
        assert found.userid == "su"
        assert "su" not in base64.urlsafe_b64decode(good).decode("latin-1")
        flipped = base64.urlsafe_b64encode(
            bytes([*base64.urlsafe_b64decode(good)[:-1], base64.urlsafe_b64decode(good)[-1] ^ 1])
        ).decode()
        other = Cookies(Keyring({"k1": bytes(range(1, 33))}, "k1")).session("su", self.NOW)
        for bad in (flipped, other, "", "x", "%", good[:-4], good * 20, cookies.login("s", "/h5/items/x", self.NOW)):
            assert cookies.read_session(bad, self.NOW) is None

    def test_a_login_holds_for_ten_minutes_and_one_state(self) -> None:
        cookies = self.cookies()
        made = cookies.login("abc", "/h5/items/x", self.NOW)
        found = cookies.read_login(made, "abc", self.NOW + timedelta(minutes=9))
        assert found is not None
        assert found.page == "/h5/items/x"
        assert cookies.read_login(made, "abd", self.NOW) is None
        assert cookies.read_login(made, "留", self.NOW) is None
        assert cookies.read_login(made, "abc", self.NOW + LOGIN_FOR) is None


def test_every_page_forbids_what_it_does_not_need(app: Flask, platform: Platform) -> None:
    for path in ("/h5/items/CG-1", "/h5/login", "/h5/static/h5.css"):
        headers = app.test_client().get(path).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
        assert headers["Content-Security-Policy"].endswith(f"frame-ancestors 'self' {platform.url}")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store" or path.endswith("css")


@pytest.mark.chromium
def test_a_phone_shows_it_without_scrolling_sideways_and_asks_nobody_else(
    office_with: Callable[..., Office], tmp_path: Path
) -> None:
    office = office_with(rehearsal={"enabled": True})
    number = file(office)
    server = make_server("127.0.0.1", 0, app_of(office), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    cookie: Any = {
        "name": SESSION, "value": Cookies(office.house.keyring).session("su", office.clock.machine_now()),
        "url": f"{address}/h5",
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        context = browser.new_context(viewport={"width": 375, "height": 812}, locale="zh-CN")
        context.add_cookies([cookie])
        page = context.new_page()
        asked: list[str] = []
        complaints: list[str] = []
        page.on("request", lambda each: asked.append(each.url))
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        page.goto(f"{address}/h5/items/{number}")
        assert page.title() == f"{number} · 示例公司"
        assert "演练" in page.locator(".rehearsal").inner_text()
        assert page.locator("h1").inner_text() == "服务器"
        assert page.evaluate("document.documentElement.scrollWidth") == 375
        assert page.evaluate("getComputedStyle(document.querySelector('.cells div')).display") == "flex"
        page.screenshot(path=str(tmp_path / "item.png"), full_page=True)
        browser.close()
    server.shutdown()
    thread.join()
    assert complaints == []
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(address).netloc}
