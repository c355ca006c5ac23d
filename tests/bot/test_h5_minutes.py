"""Minutes written on a page: the same rules and the same act as in the chat, each form once (3.2d, 4.2c)."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from bot.h5.minutes import BODY_MOST
from bot.h5.session import FORM_FOR, SESSION_FOR, Cookies, FormToken
from bot.h5.visits import SESSION
from handlers.minutes_page import DRAFT
from storage.queries import conversations, items, meetings
from tests.bot.h5_visitors import OUTSIDE, app_of, come_in, looks
from tests.bot.wecom.platform import Platform
from tests.handlers.meeting_life import SALES, begun, ended
from tests.handlers.office import Card, Office
from tools.browser import FLAGS, chromium

PATH = f"/h5/minutes/{SALES}"
TEXT = "一、本月回款 320 万\n二、清理客户台账"
NOTHING: dict[str, str] = {}


def visit(office: Office, userid: str, app: Flask | None = None) -> FlaskClient:
    """Return a browser in which somebody is logged in."""
    client = (app or app_of(office)).test_client()
    client.set_cookie(SESSION, Cookies(office.house.keyring).session(userid, office.clock.machine_now()))
    return client


def hidden(page: TestResponse) -> dict[str, str]:
    """Return the hidden fields of the page."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.get_data(as_text=True)))


def send(client: FlaskClient, page: TestResponse, text: str = TEXT, **more: str) -> TestResponse:
    """Submit the form of a page as a browser does."""
    return client.post(
        PATH, data={**hidden(page), "text": text.replace("\n", "\r\n"), **more},
        content_type="multipart/form-data", environ_overrides=OUTSIDE,
    )


def shown(page: TestResponse) -> str:
    """Return what a reader sees of a page."""
    return html.unescape(re.sub(r"<[^>]+>", "", page.get_data(as_text=True)))


def typed(page: TestResponse) -> str:
    """Return what stands in the text area."""
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page.get_data(as_text=True), re.S)
    assert found is not None
    return html.unescape(found.group(1))


def kept(office: Office) -> list[str]:
    """Return the minutes of every revision that has any."""
    revisions = office.ask(lambda unit: items.revisions_of(unit, SALES))
    return [str(each.fields["纪要"]) for each in revisions if "纪要" in each.fields]


def test_who_owes_them_is_told_where_writes_them_and_the_others_are_asked_to_confirm(
    company: Office, app: Flask, platform: Platform
) -> None:
    begun(company, "su")
    company.move(hours=1)
    told = company.say("lin", f"会议结束 {SALES}")
    assert told == (
        f'会议"销售月会"（{SALES}）已结束（11月24日 10:30）。请在 12:30 前提交纪要，由您负责。'
        f'发"纪要 {SALES} 正文"，或在页面上写：http://127.0.0.1:8600{PATH}'
    )
    company.say("lin", "待办")
    assert company.say("lin", "待办 1").endswith(f'请发"纪要 {SALES} 正文"，或在页面上写：http://127.0.0.1:8600{PATH}')
    company.skip()
    client = app.test_client()
    page = come_in(client, platform, "lin", PATH)
    assert page.status_code == 200
    for piece in (
        SALES, "销售月会", "11月24日（周二）09:30–10:30", "11月24日 12:30", "最多 20,000 字", "提交纪要"
    ):
        assert piece in shown(page), piece
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]
    answer = send(client, page, what1="清理客户台账", owner1="许专员", due1="12月4日")
    assert answer.status_code == 200
    for piece in (
        "纪要已收到（按时）。", "请 1 位参会人在 11月25日 10:30 前确认。", "JY-20261124-0001", "看会议全部内容"
    ):
        assert piece in shown(answer), piece
    assert kept(company) == [f"{TEXT}\n决议：清理客户台账 责任人=许专员 截止=12月4日"]
    company.run()
    (card,) = [each for each in company.read("su") if isinstance(each, Card)]
    assert (card.title, card.buttons) == ("纪要：销售月会", ["确认", "有异议"])
    assert [each.title for each in company.read("xu") if isinstance(each, Card)] == ["清理客户台账"]
    assert "minutes.given" in company.acts(SALES)
    assert looks(company)[-1][:3] == ("lin", "minutes", SALES)


def test_the_same_form_sent_twice_or_by_two_fingers_at_once_has_one_effect(office_everywhere: Office) -> None:
    office = office_everywhere
    ended(office, "su")
    client = visit(office, "lin")
    page = client.get(PATH)
    app, answers = client.application, []
    more = {"what1": "清理客户台账", "owner1": "许专员", "due1": "12月4日"}
    ready = threading.Barrier(2)

    def one() -> None:
        mine = visit(office, "lin", app)
        ready.wait()
        answers.append(send(mine, page, **more))

    fingers = [threading.Thread(target=one) for _ in range(2)]
    for finger in fingers:
        finger.start()
    for finger in fingers:
        finger.join()
    answers.append(send(client, page, **more))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.data for answer in answers}) == 1
    assert len(kept(office)) == 1
    assert office.acts().count("decision.registered") == 1


@pytest.mark.parametrize(
    ("text", "more", "problem"),
    [
        ("", NOTHING, "正文还没写，没有提交。请写好正文再提交。"),
        (" \n\u200b ", NOTHING, "正文还没写，没有提交。请写好正文再提交。"),
        ("字" * 20_001, NOTHING, "正文连同决议共 20,001 字，最多 20,000 字，没有提交。请精简，或把附件发成文件。"),
        (TEXT, {"what1": "清理台账", "due1": "12月4日"},
         "第 1 条决议：还缺责任人，没有提交。决议须写明责任人和截止（制度四（二）），请补上后再提交。"),
        (TEXT, {"owner2": "许专员", "due2": "12月4日"}, "第 2 条决议：还缺内容，没有提交。"),
        (TEXT, {"what1": "清理台账"}, "第 1 条决议：还缺责任人、截止，没有提交。"),
        (TEXT, {"what1": "清理台账", "owner1": "慕容复", "due1": "12月4日"}, '第 1 条决议：没有找到"慕容复"'),
        (TEXT, {"what1": "清理台账", "owner1": "许专员", "due1": "11月1日"},
         "第 1 条决议：截止日期 "),
        (TEXT, {"what1": "清理台账", "owner1": "许专员", "due1": "改天"},
         '第 1 条决议：没看懂截止日期"改天"，尚未登记。日期例如 12月4日、下周三、月底。'),
        (TEXT, {"what1": "把 责任人=林总监 写上", "owner1": "许专员", "due1": "12月4日"}, "里有等号、引号或冒号"),
        (TEXT, {"what3": "清" * 400, "owner3": "许专员", "due3": "12月4日"}, "第 3 条决议："),
    ],
)
def test_what_is_wrong_is_said_in_the_page_with_all_that_was_typed(
    company: Office, text: str, more: dict[str, str], problem: str
) -> None:
    ended(company, "su")
    client = visit(company, "lin")
    page = client.get(PATH)
    before = company.counts()
    answer = send(client, page, text, **more)
    assert answer.status_code == 422
    assert problem in shown(answer)
    assert typed(answer) == text
    for value in more.values():
        assert f'value="{html.escape(value)}"' in answer.get_data(as_text=True)
    assert company.counts() == before
    again = send(client, answer)
    assert (again.status_code, "纪要已收到（按时）" in shown(again)) == (200, True)


def test_what_was_typed_is_shown_as_text_and_never_as_markup(company: Office) -> None:
    ended(company, "su")
    client = visit(company, "lin")
    nasty = "</textarea><script>alert(1)</script>\n{{ 7*7 }} & <b>"
    answer = send(client, client.get(PATH), nasty, owner1="\"><img src=x onerror=alert(1)>")
    assert (answer.status_code, typed(answer)) == (422, nasty)
    assert "<script" not in answer.get_data(as_text=True)
    assert "<img" not in answer.get_data(as_text=True)


def test_somebody_who_was_quicker_is_named_and_the_second_becomes_a_revision(company: Office) -> None:
    ended(company, "su")
    mine, theirs = visit(company, "lin"), visit(company, "su")
    first, second = mine.get(PATH), theirs.get(PATH)
    assert send(theirs, second, "苏主管写的").status_code == 200
    answer = send(mine, first)
    assert answer.status_code == 422
    assert "您打开页面之后，苏主管 已提交第 2 版，您这次的没有提交。" in shown(answer)
    assert typed(answer) == TEXT
    again = send(mine, answer)
    assert f"{SALES} 的纪要已更新（第 3 版，旧版保留）。" in shown(again)
    assert kept(company) == ["苏主管写的", TEXT]
    later = mine.get(PATH)
    assert (typed(later), "提交新一版" in shown(later)) == (TEXT, True)
    assert f"最多 20,000 字，打开时 {len(TEXT)} 字" in shown(later)


class TestRefusals:
    @pytest.mark.parametrize(
        ("userid", "status", "said"),
        [
            ("xu", 403, "您没有参加 HY-20261123-0001"), ("wei", 403, "您没有参加 HY-20261123-0001"),
            ("stranger", 403, "您还没有登记在册"),
        ],
    )
    def test_who_was_not_there_writes_nothing(self, company: Office, userid: str, status: int, said: str) -> None:
        ended(company, "su")
        page = visit(company, "lin").get(PATH)
        client = visit(company, userid)
        refused = client.get(PATH)
        assert (refused.status_code, said in shown(refused)) == (status, True)
        stolen = send(client, page)  # the form of somebody else
        assert stolen.status_code == 401
        own = FormToken(userid, SALES, "0" * 32)
        made = Cookies(company.house.keyring).form(own, company.clock.machine_now())
        answer = client.post(PATH, data={"form": made, "revision": "0", "text": TEXT})
        assert (answer.status_code, said in shown(answer)) == (status, True)
        assert kept(company) == []

    def test_a_meeting_that_still_runs_and_one_that_is_none(self, company: Office) -> None:
        begun(company, "su")
        client = visit(company, "lin")
        assert client.get(PATH).status_code == 403
        for path in ("HY-20200101-0001", "CG-20261123-0001", "x", "HY", "HY-20261123-0001x", "9" * 300, "%00"):
            assert client.get(f"/h5/minutes/{path}").status_code in (403, 404), path
            assert client.post(f"/h5/minutes/{path}").status_code in (400, 404), path

    def test_a_form_of_nobody_of_another_meeting_or_too_old_is_refused_and_nothing_is_kept(
        self, company: Office
    ) -> None:
        ended(company, "su")
        client = visit(company, "lin")
        cookies, now = Cookies(company.house.keyring), company.clock.machine_now()
        good = cookies.form(FormToken("lin", SALES, "a"), now)
        before = company.counts()
        for token in (
            "", "x", good[:-4], good[:-1] + ("A" if good[-1] != "A" else "B"), cookies.session("lin", now), good * 20,
            cookies.form(FormToken("lin", "HY-20261123-0002", "a"), now),
            cookies.form(FormToken("lin", SALES, "a"), now - FORM_FOR),
        ):
            answer = client.post(PATH, data={"form": token, "revision": "0", "text": TEXT})
            assert (answer.status_code, "这个页面已失效" in shown(answer)) == (400, True), token
        assert company.counts() == before

    def test_a_huge_body_and_a_broken_one_are_refused(self, company: Office) -> None:
        ended(company, "su")
        client = visit(company, "lin")
        page = client.get(PATH)
        huge = send(client, page, "x" * BODY_MOST)
        assert (huge.status_code, "内容太长，没有收下" in shown(huge)) == (413, True)
        many = client.post(PATH, data={f"f{at}": "1" for at in range(30)}, content_type="multipart/form-data")
        assert many.status_code == 413
        for body in (b"", b"--x\r\n", b"\xff\xfe"):
            assert client.post(PATH, data=body, content_type="multipart/form-data; boundary=x").status_code == 400
        for revision in ("-1", "9" * 5000, "\uff11", "x", ""):
            fields = {**hidden(page), "revision": revision, "text": ""}
            assert client.post(PATH, data=fields).status_code == 422
        assert kept(company) == []


def test_what_was_written_outlasts_the_login_and_a_change_of_person_on_the_device(
    company: Office, app: Flask, platform: Platform
) -> None:
    ended(company, "su")
    client = visit(company, "lin", app)
    page = client.get(PATH)
    company.clock.move(seconds=SESSION_FOR.seconds)
    answer = send(client, page, what1="清理", owner1="许专员")
    assert (answer.status_code, "没有提交，内容已为您留着" in shown(answer)) == (401, True)
    assert f'href="{PATH}"' in answer.get_data(as_text=True)
    client.set_cookie(SESSION, Cookies(company.house.keyring).session("su", company.clock.machine_now()))
    assert typed(client.get(PATH)) == ""  # a draft is its writer's alone
    client.set_cookie(SESSION, "")
    again = come_in(client, platform, "lin", PATH)
    assert (typed(again), "还没有提交" in shown(again)) == (TEXT, True)
    assert 'value="清理"' in again.get_data(as_text=True)
    assert send(client, again).status_code == 200
    now = company.clock.company_now()
    assert company.ask(lambda unit: conversations.recall(unit, "lin", DRAFT, now)) is None


def test_a_surprise_keeps_what_was_typed_and_changes_nothing(company: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    ended(company, "su")
    client = visit(company, "lin")
    page = client.get(PATH)

    def breaks(*args: object, **more: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(meetings, "save_meeting", breaks)
    before = company.counts()
    answer = send(client, page)
    assert answer.status_code == 500
    assert re.search(r"操作没有成功。内容没有任何改动。.*编号 E-[0-9A-F]{4} ", shown(answer))
    assert typed(answer) == TEXT
    assert company.counts() == before
    monkeypatch.undo()
    assert send(client, answer).status_code == 200
    assert kept(company) == [TEXT]


def test_late_minutes_are_late_to_the_second(company: Office) -> None:
    ended(company, "su")
    company.move(hours=2, minutes=42)
    page = visit(company, "lin").get(PATH)
    assert "11月24日 12:30（已逾期）" in shown(page)
    client = visit(company, "lin")
    assert "纪要已收到（比时限晚 42 分钟）。" in shown(send(client, client.get(PATH)))


@pytest.mark.chromium
def test_on_a_phone_without_script_minutes_are_written_mended_and_handed_in(
    office_with: Callable[..., Office], tmp_path: Path
) -> None:
    office = office_with(pages=True, rehearsal={"enabled": True})
    ended(office, "su")
    office.say("lin", "好的")
    server = make_server("127.0.0.1", 0, app_of(office), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    cookie: Any = {
        "name": SESSION, "value": Cookies(office.house.keyring).session("lin", office.clock.machine_now()),
        "url": address,
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, locale="zh-CN", java_script_enabled=False, has_touch=True
        )
        context.add_cookies([cookie])
        page = context.new_page()
        asked: list[str] = []
        complaints: list[str] = []
        page.on("request", lambda each: asked.append(each.url))
        page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
        page.goto(f"{address}{PATH}")
        page.screenshot(path=str(tmp_path / "minutes.png"))
        page.get_by_label("正文").fill(TEXT)
        page.get_by_label("内容").first.fill("清理客户台账")
        page.get_by_role("button", name="提交纪要").click()
        assert "责任人" in page.get_by_role("alert").inner_text()
        assert page.get_by_label("正文").input_value() == TEXT
        page.screenshot(path=str(tmp_path / "problem.png"), full_page=True)
        for box in (page.locator("main").bounding_box(), page.locator("textarea").bounding_box()):
            assert box is not None
            assert (box["x"] >= 0, box["x"] + box["width"] <= 390) == (True, True)
        page.get_by_label("责任人").first.fill("许专员")
        page.get_by_label("截止").first.fill("12月4日")
        page.get_by_role("button", name="提交纪要").click()
        assert page.locator("h1").inner_text() == "纪要已收到（按时）。"
        page.screenshot(path=str(tmp_path / "done.png"))
        page.get_by_role("link", name="看会议全部内容").click()
        assert "清理客户台账" in page.locator("main").inner_text()
        browser.close()
    server.shutdown()
    thread.join()
    assert complaints == []
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(address).netloc}
    assert kept(office) == [f"{TEXT}\n决议：清理客户台账 责任人=许专员 截止=12月4日"]
