"""A link opens the page inside the phone, logged in as its owner, whoever's phone was used before."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tools.screenshot import DESK, phone, put, running_demo, sign, write

pytest_plugins = ["tests.sandbox.page_fixture_browser"]
MEETING = "HY-20261123-0001"
LONG = "扩容" * 120


def opened_from_card(page: Page, at: int) -> FrameLocator:
    """Tap the newest card itself in a phone; return the page that opens in it."""
    phone(page, at).locator(".card-title .card-link").last.click()
    return phone(page, at).frame_locator("iframe.sheet-frame")


@pytest.mark.chromium
@pytest.mark.timeout(240)
def test_a_card_opens_its_page_in_each_phone_as_the_phones_owner(page_browser: Browser, tmp_path: Path) -> None:
    expect.set_options(timeout=30_000)
    with running_demo(tmp_path / "demo") as address:
        page = page_browser.new_page(viewport=DESK, locale="zh-CN")
        page.set_default_timeout(30_000)
        page.goto(address)
        page.wait_for_selector("#desk[data-ready]")
        put(page, "su", 1)
        write(page, 0, f"采购 服务器 3.5万 事由={LONG}")
        expect(phone(page, 1)).to_contain_text("…全文见卡片页")
        inside = opened_from_card(page, 1)
        expect(inside.locator("h1")).to_have_text("服务器")
        expect(inside.locator("main")).to_contain_text(LONG)
        assert inside.locator("html").evaluate("root => root.scrollWidth <= root.clientWidth")
        page.screenshot(path=str(tmp_path / "phone.png"))
        expect(inside.locator("footer")).to_have_text("苏主管，本次查看已按制度留痕")
        phone(page, 1).locator(".sheet-close").first.click()
        sign(page, 1)
        put(page, "qian", 2)
        other = opened_from_card(page, 2)
        expect(other.locator("footer")).to_have_text("钱总监，本次查看已按制度留痕")
        again = opened_from_card(page, 1)
        expect(again.locator("footer")).to_have_text("苏主管，本次查看已按制度留痕")
        expect(phone(page, 2).locator(".sheet")).to_have_count(0)  # it would go on as 苏主管
        expect(phone(page, 1).locator(".sheet.is-loaded")).to_be_visible()
        page.screenshot(path=str(tmp_path / "phones.png"))
        page.close()


@pytest.mark.chromium
@pytest.mark.timeout(240)
def test_minutes_are_written_on_the_page_that_the_message_leads_to(page_browser: Browser, tmp_path: Path) -> None:
    expect.set_options(timeout=30_000)
    with running_demo(tmp_path / "demo") as address:
        page = page_browser.new_page(viewport={"width": 390, "height": 844}, locale="zh-CN")
        page.set_default_timeout(30_000)
        page.goto(address)
        page.wait_for_selector("#desk[data-ready]")
        write(page, 0, "会议 销售月会 今天 14:30 参会=苏主管")
        expect(phone(page, 0)).to_contain_text(f"已安排会议 {MEETING}")
        write(page, 0, f"会议开始 {MEETING}")
        expect(phone(page, 0)).to_contain_text("已开始")
        write(page, 0, f"会议结束 {MEETING}")
        phone(page, 0).get_by_role("link", name=f"/h5/minutes/{MEETING}").click()
        inside = phone(page, 0).frame_locator("iframe.sheet-frame")
        expect(inside.locator("footer")).to_have_text("许专员，本次查看已按制度留痕")
        inside.get_by_label("正文").fill("一、本月回款 320 万")
        inside.get_by_label("内容").first.fill("清理客户台账")
        inside.get_by_label("责任人").first.fill("苏主管")
        inside.get_by_label("截止").first.fill("12月4日")
        expect(phone(page, 0).locator(".sheet.is-loaded")).to_be_visible()
        page.screenshot(path=str(tmp_path / "writing.png"))
        inside.get_by_role("button", name="提交纪要").click()
        expect(inside.locator("h1")).to_have_text("纪要已收到（按时）。")
        page.screenshot(path=str(tmp_path / "written.png"))
        inside.get_by_role("link", name="看会议全部内容").click()
        expect(inside.locator("main")).to_contain_text("一、本月回款 320 万")
        page.close()
