"""Keyboard, two languages, two themes, small screens, calm movement, readable colours."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.sandbox.page_fixture_screen import Screen, until

pytestmark = pytest.mark.chromium
pytest_plugins = ["tests.sandbox.page_fixture_browser"]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
# Every visible text against what it stands on: the contrast ratio of WCAG 2, 4.5 for text, 3 for large text.
LOW_CONTRAST = """() => {
  const channel = (v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255];
  };
  const over = (top, below) => [0, 1, 2].map((n) => top[n] * top[3] + below[n] * (1 - top[3]));
  const ground = (node) => {
    const layers = [];
    for (let at = node; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] > 0) layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
  };
  const poor = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode.parentElement;
    const words = walk.currentNode.textContent.trim();
    if (!words || !node.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (node.closest('button:disabled, .unseen, option, noscript')) continue;
    const style = getComputedStyle(node);
    const below = ground(node);
    const [one, two] = [light(over(rgba(style.color), below)), light(below)].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (two + 0.05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5)) poor.push(`${ratio.toFixed(2)} ${node.className} ${words.slice(0, 20)}`);
  }
  return [...new Set(poor)];
}"""


def _press(screen: Screen, *keys: str) -> None:
    for key in keys:
        screen.page.keyboard.press(key)


def _focused(screen: Screen) -> dict[str, Any]:
    found: dict[str, Any] = screen.page.evaluate(
        """() => {
          const node = document.activeElement;
          return { text: node.textContent.trim(), ring: getComputedStyle(node).outlineStyle };
        }"""
    )
    return found


class TestKeyboardOnly:
    def test_finding_a_person_writing_and_deciding_need_no_pointer(self, screen: Screen) -> None:
        _press(screen, "/")
        screen.page.keyboard.insert_text("魏")
        _press(screen, "ArrowDown", "3")
        expect(screen.phone(2).locator(".plate-name")).to_have_text("魏工")
        _press(screen, "Alt+3")
        screen.page.keyboard.insert_text("告警 数据库无法连接")
        _press(screen, "Enter")
        until(lambda: screen.posted("chat/wei/text") == [{"content": "告警 数据库无法连接"}])
        screen.phone(1).locator(".talk-scroll").focus()
        for _ in range(12):
            _press(screen, "Tab")
            if _focused(screen)["text"] == "同意":
                break
        assert _focused(screen) == {"text": "同意", "ring": "solid"}
        _press(screen, "Enter")
        expect(screen.phone(1).locator("[data-message='12'] .source-desc")).to_have_text("采购 · 已同意")
        assert screen.page.evaluate("document.activeElement.closest('[data-message]')?.dataset.message") == "12"

    def test_a_menu_opens_moves_and_closes_by_keys_and_gives_the_focus_back(self, screen: Screen) -> None:
        opener = screen.phone(0).get_by_role("button", name="发起")
        opener.focus()
        _press(screen, "Enter")
        expect(screen.phone(0).get_by_role("menuitem", name="采购")).to_be_focused()
        _press(screen, "Escape")
        expect(opener).to_be_focused()
        _press(screen, "Enter", "ArrowDown", "Enter")
        until(lambda: screen.posted("chat/xu/menu") == [{"key": "start:record"}])

    def test_the_list_of_keys_holds_the_focus_until_it_is_closed(self, screen: Screen) -> None:
        screen.page.get_by_role("button", name="收发记录", exact=True).focus()
        _press(screen, "?")
        dialog = screen.page.get_by_role("dialog", name="快捷键")
        expect(dialog).to_be_visible()
        for _ in range(4):
            _press(screen, "Tab")
            outside = screen.page.evaluate(
                "() => { const a = document.activeElement; return a !== document.body && !a.closest('dialog'); }"
            )
            assert outside is False
        _press(screen, "Escape")
        expect(dialog).to_have_count(0)
        expect(screen.page.get_by_role("button", name="收发记录", exact=True)).to_be_focused()

    def test_single_letters_are_letters_while_somebody_types(self, screen: Screen) -> None:
        screen.type_into(0, "")
        screen.page.keyboard.type("t?s/")
        expect(screen.phone(0).locator("textarea")).to_have_value("t?s/")
        expect(screen.page.get_by_role("complementary", name="收发记录")).to_be_visible()

    def test_a_panel_closes_with_escape_and_gives_the_focus_back(self, screen: Screen) -> None:
        _press(screen, "f")
        expect(screen.page.get_by_label("系统繁忙")).to_be_visible()
        _press(screen, "Escape")
        expect(screen.page.get_by_label("系统繁忙")).to_be_hidden()
        expect(screen.page.get_by_role("button", name="故障模拟")).to_be_focused()

    def test_every_control_has_a_name(self, screen: Screen) -> None:
        nameless = screen.page.evaluate(
            """() => {
              const controls = [...document.querySelectorAll('button, input, select, textarea, a[href], iframe')];
              const labels = (node) => [...(node.labels ?? [])].map((label) => label.textContent).join('');
              const name = (node) => node.getAttribute('aria-label') || node.textContent || node.title || labels(node);
              return controls.filter((node) => !name(node).trim()).map((node) => node.outerHTML.slice(0, 120));
            }"""
        )
        assert nameless == []


class TestLanguageAndTheme:
    def test_the_page_speaks_english_and_remembers_it(self, screen: Screen) -> None:
        screen.type_into(0, "写到一半")
        screen.page.get_by_role("button", name="Switch to English").click()
        expect(screen.page.get_by_role("button", name="+10 min")).to_be_visible()
        expect(screen.page.locator("html")).to_have_attribute("lang", "en")
        expect(screen.phone(0).locator("textarea")).to_have_value("写到一半")
        screen.open()
        expect(screen.page.get_by_role("navigation", name="People")).to_be_visible()
        screen.bed.say("xu", "out", "text", text="只来一次")
        expect(screen.phone(0).get_by_text("只来一次")).to_have_count(1)

    def test_both_languages_have_every_word_with_the_same_blanks(self, screen: Screen) -> None:
        differing = screen.page.evaluate(
            """async () => {
              const { WORDS: { zh, en } } = await import('/sandbox/static/words.js');
              const either = ['name', 'month']; // a month is a number in one language and a name in the other
              const blanks = (text) => [...String(text).matchAll(/\\{(\\w+)\\}/g)].map((m) => m[1]);
              const sign = (text) => blanks(text).filter((blank) => !either.includes(blank)).sort().join();
              const keys = [...new Set([...Object.keys(zh), ...Object.keys(en)])];
              return keys.filter((key) => !(key in zh) || !(key in en) || sign(zh[key]) !== sign(en[key]));
            }"""
        )
        assert differing == []

    def test_the_dark_theme_is_dark_and_remembered(self, screen: Screen) -> None:
        screen.page.get_by_role("button", name="深色").click()
        expect(screen.page.locator("html")).to_have_attribute("data-theme", "dark")
        assert screen.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(14, 16, 19)"
        screen.open()
        expect(screen.page.locator("html")).to_have_attribute("data-theme", "dark")

    @pytest.mark.parametrize("page_context", [{"color_scheme": "dark"}], indirect=True)
    def test_without_a_choice_the_theme_follows_the_system(self, screen: Screen) -> None:
        expect(screen.page.locator("html")).to_have_attribute("data-theme", "dark")

    @pytest.mark.parametrize(
        "page_context", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True, ids=["light", "dark"]
    )
    def test_every_text_is_readable_on_its_ground(self, screen: Screen) -> None:
        screen.page.locator(".person[data-userid='wei']").click()
        screen.bed.ring("zhao")
        screen.page.locator("[data-entry='t1']").click()
        expect(screen.page.locator(".detail-body pre").first).to_be_visible()
        assert screen.page.evaluate(LOW_CONTRAST) == []
        for panel in ("故障模拟", "演示场景", "口径", "选择时间"):
            screen.page.get_by_role("button", name=panel).click()
            assert screen.page.evaluate(LOW_CONTRAST) == []
            _press(screen, "Escape")

    @pytest.mark.parametrize("page_context", [{"reduced_motion": "reduce"}], indirect=True)
    def test_who_asked_for_less_movement_gets_it(self, screen: Screen) -> None:
        screen.bed.ring("zhao")
        screen.button(1, "同意").click()
        expect(screen.phone(1).locator(".source-desc").last).to_have_text("采购 · 已同意")
        moving = screen.page.evaluate(
            "document.getAnimations().filter((one) => one.effect.getComputedTiming().activeDuration > 50).length"
        )
        assert moving == 0


@pytest.mark.parametrize("page_context", [PHONE], indirect=True)
class TestOnARealPhone:
    def test_one_phone_fills_the_screen_and_the_switcher_changes_it(self, screen: Screen) -> None:
        expect(screen.page.locator(".phone:visible")).to_have_count(1)
        box = screen.phone(0).locator(".device").bounding_box()
        assert box is not None
        assert (box["x"], box["width"]) == (0, 390)
        assert 840 <= box["y"] + box["height"] <= 844
        screen.page.get_by_role("tab", name="苏主管").click()
        expect(screen.button(1, "同意")).to_be_in_viewport()
        screen.button(1, "同意").click()
        expect(screen.phone(1).locator("[data-message='12'] .source-desc")).to_have_text("采购 · 已同意")
        assert screen.page.evaluate("document.scrollingElement.scrollWidth") == 390

    def test_people_traffic_and_controls_come_in_drawers(self, screen: Screen) -> None:
        bar = screen.page.locator(".bar")
        bar.get_by_role("button", name="通讯录").click()
        screen.page.locator(".person[data-userid='gao']").click()
        expect(screen.page.get_by_role("navigation", name="通讯录")).to_be_hidden()
        expect(screen.page.get_by_role("tab", name="高总监")).to_have_attribute("aria-selected", "true")
        bar.get_by_role("button", name="收发记录").first.click()
        expect(screen.page.get_by_role("complementary", name="收发记录")).to_be_visible()
        screen.page.get_by_label("收起收发记录").click()
        expect(screen.page.get_by_role("complementary", name="收发记录")).to_be_hidden()
        bar.get_by_role("button", name="控制").click()
        screen.page.get_by_role("button", name="+10分钟").click()
        expect(screen.page.locator(".time-clock")).to_have_text("14:15")
        _press(screen, "Escape")
        expect(screen.page.get_by_role("button", name="+10分钟")).to_be_hidden()
