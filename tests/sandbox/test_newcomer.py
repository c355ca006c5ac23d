"""The newcomer's story in a real Chromium, with the real product and the real platform behind the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tools.screenshot import DESK, newcomers_purchase, phone, put, running_demo, write

pytest_plugins = ["tests.sandbox.page_fixture_browser"]
NUMBER = "CG-20261123-0001"


def opened(browser: Browser, address: str) -> Page:
    page = browser.new_page(viewport=DESK, locale="zh-CN")
    page.set_default_timeout(30_000)
    page.goto(address)
    page.wait_for_selector("#desk[data-ready]")
    return page


@pytest.mark.chromium
@pytest.mark.timeout(300)
def test_a_newcomer_lives_a_purchase_and_finds_everything_again_after_a_restart(
    page_browser: Browser, tmp_path: Path
) -> None:
    expect.set_options(timeout=30_000)
    with running_demo(tmp_path / "demo") as address:
        page = opened(page_browser, address)
        assert "token" not in page.url
        newcomers_purchase(page)
        expect(phone(page, 0)).to_contain_text("已转 何总监 执行采购")
        put(page, "he", 1)
        expect(phone(page, 1)).to_contain_text(f"来自 {NUMBER}")
        write(page, 0, f"追溯 {NUMBER}")
        expect(phone(page, 0)).to_contain_text("后续：任务 RW-20261123-0001")
        write(page, 0, "采购 打印纸 300元 日常消耗")
        put(page, "su", 1)
        expect(phone(page, 1).locator(".card-button", has_text="同意").last).to_be_visible()
        page.get_by_text("选择…").click()
        page.locator(".time-form input").fill("2026-11-24T11:00")
        page.locator(".time-form button").click()
        expect(phone(page, 1)).to_contain_text(re.compile("打印纸.*(还在等|等您|提醒|待您)", re.DOTALL))
        expect(page.locator(".entry").last).to_be_visible()
        rows = phone(page, 0).locator(".row").count()
        page.close()
    with running_demo(tmp_path / "demo") as address:
        page = opened(page_browser, address)
        expect(phone(page, 0).locator(".row")).to_have_count(rows)
        expect(phone(page, 1).locator(".card.is-dead").first).to_contain_text("已同意")
        write(page, 0, "我提交的")
        expect(phone(page, 0).locator(".row")).to_have_count(rows + 2)
        page.get_by_text("演示场景").first.click()
        page.get_by_label("4×").check(force=True)
        page.locator("[data-story='purchase-approved']").click()
        expect(page.locator(".storybar")).to_have_attribute("data-state", "over", timeout=90_000)
        expect(page.locator(".story-caption")).to_contain_text("追溯")
        expect(page.locator(".story-caption")).not_to_contain_text("没有等到")
        page.close()
