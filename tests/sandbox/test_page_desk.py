"""The desk around the phones: time, faults, readings, stories, traffic, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.sandbox import page_fixture_data as data
from tests.sandbox.page_fixture import BedServer
from tests.sandbox.page_fixture_screen import Screen, until

pytestmark = pytest.mark.chromium
pytest_plugins = ["tests.sandbox.page_fixture_browser"]


class TestTime:
    def test_the_buttons_move_company_time(self, screen: Screen) -> None:
        screen.page.get_by_role("button", name="+10分钟").click()
        expect(screen.page.locator(".time-clock")).to_have_text("14:15")
        screen.page.get_by_role("button", name="+2小时").click()
        expect(screen.page.locator(".time-clock")).to_have_text("16:15")
        screen.page.get_by_role("button", name="下周一9:00").click()
        expect(screen.page.locator(".time-date")).to_have_text("2026-11-30 周一")
        assert screen.posted("time") == [{"advance": 600}, {"advance": 7200}, {"to": "2026-11-30T09:00:00+08:00"}]

    def test_a_moment_can_be_chosen_and_only_a_later_one(self, screen: Screen) -> None:
        screen.page.get_by_role("button", name="选择时间").click()
        screen.page.get_by_label("新的公司时间").fill("2026-12-01T08:30")
        screen.page.get_by_role("button", name="前往").click()
        expect(screen.page.locator(".time-date")).to_have_text("2026-12-01 周二")
        assert screen.posted("time") == [{"to": "2026-12-01T08:30:00+08:00"}]

    def test_the_next_due_moment_is_one_click_away(self, screen: Screen) -> None:
        screen.page.get_by_role("button", name="选择时间").click()
        screen.page.get_by_role("button", name="到下一个到期时刻").click()
        expect(screen.page.locator(".time-clock")).to_have_text("16:05")

    def test_the_lines_between_messages_follow_the_day(self, screen: Screen) -> None:
        line = screen.phone(1).locator(".is-time").first
        expect(line).to_have_text("09:00")
        screen.bed.offset = 86400
        screen.bed.push("time", now=screen.bed.now.isoformat(), offset_seconds=86400, next_due=None)
        expect(line).to_have_text("昨天 09:00")
        screen.bed.offset = 86400 * 3
        screen.bed.push("time", now=screen.bed.now.isoformat(), offset_seconds=86400 * 3, next_due=None)
        expect(line).to_have_text("11月23日 09:00")


class TestFaultsAndReadings:
    def test_a_slider_sets_the_share_of_a_fault(self, screen: Screen) -> None:
        screen.page.get_by_role("button", name="故障模拟").click()
        slider = screen.page.get_by_label("应答丢失")
        slider.focus()
        screen.page.keyboard.press("ArrowRight")
        screen.page.keyboard.press("ArrowRight")
        until(lambda: screen.posted("faults")[-1:] == [{"lost": 10}])
        expect(screen.page.locator(".bar .count")).to_have_text("1")
        screen.page.get_by_role("button", name="全部关闭").click()
        until(lambda: set(screen.bed.faults.values()) == {0})
        expect(slider).to_have_value("0")

    def test_a_reading_of_the_documents_can_be_switched(self, screen: Screen) -> None:
        screen.page.get_by_role("button", name="口径").click()
        group = screen.page.get_by_role("radiogroup", name="一次点击后，被动更新之外还能再主动更新卡片")
        expect(group.get_by_role("radio", name="可以", exact=True)).to_be_checked()
        group.get_by_role("radio", name="不可以").check(force=True)
        until(lambda: screen.bed.readings["both_updates"] == "no")


class TestStories:
    def test_a_story_plays_with_its_caption_and_the_control_at_work(self, screen: Screen) -> None:
        screen.page.get_by_role("button", name="演示场景").click()
        screen.page.locator("[data-story='purchase']").click()
        bar = screen.page.locator(".storybar")
        expect(bar.locator(".story-count")).to_have_text("1 / 6")
        expect(bar.locator(".chapter")).to_have_text(["制度三（一）"])
        bar.get_by_label("走一步").click()
        expect(bar.locator(".story-count")).to_have_text("2 / 6")
        expect(bar.locator(".story-caption")).to_have_text("苏主管同意：四（一）代行部门负责人")
        expect(bar.locator(".chapter")).to_have_text(["制度四（一）"])
        bar.get_by_label("暂停").click()
        bar.get_by_label("继续").click()
        bar.get_by_label("停止").click()
        bar.get_by_label("关闭").click()
        expect(bar).to_be_hidden()
        assert [path for path, _ in screen.bed.posts if path.startswith("stor")] == [
            "stories/purchase/start",
            "story/step",
            "story/pause",
            "story/resume",
            "story/stop",
        ]

    def test_who_acts_in_a_story_comes_into_a_phone_and_is_marked(self, screen: Screen) -> None:
        screen.bed.story = {"id": "purchase", "state": "playing", "step": 1, "steps": 6, "caption": "钱总监同意"}
        screen.bed.push("story", story=screen.bed.story)
        screen.bed.deliver("qian", "event:template_card_event", "approve")
        expect(screen.page.locator(".phone.is-acting .plate-name")).to_have_text("钱总监")
        screen.bed.deliver("gao", "text", "待办")
        expect(screen.page.locator(".phone.is-active .plate-name")).to_have_text("高总监")
        assert sorted(screen.page.locator(".plate-name").all_text_contents()) == sorted(["钱总监", "高总监", "赵总"])


class TestTraffic:
    def test_an_entry_opens_with_plain_and_sealed_text(self, screen: Screen) -> None:
        screen.page.locator("[data-entry='t1']").click()
        detail = screen.page.get_by_role("region", name="收发详情")
        expect(detail.locator("pre").first).to_contain_text("<FromUserName><![CDATA[xu]]></FromUserName>")
        detail.get_by_role("radio", name="原文").check(force=True)
        expect(detail).to_contain_text("msg_signature=5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3")
        expect(detail).to_contain_text("RypEvHKD8QQKFhvQ6QleEB4J58t")
        detail.get_by_role("button", name="重放").click()
        until(lambda: screen.posted("traffic/t1/replay") == [{}])
        screen.page.keyboard.press("Escape")
        expect(detail).to_be_hidden()
        expect(screen.page.locator("[data-entry='t1']")).to_be_focused()

    def test_the_newest_is_in_sight_after_a_reload_too_unless_one_reads_further_up(self, screen: Screen) -> None:
        entries = screen.page.locator(".entry")
        for number in range(40):
            screen.bed.deliver("xu", "text", f"第{number}条")
        expect(entries.last).to_contain_text("第39条")
        expect(entries.last).to_be_in_viewport()
        screen.page.reload()
        expect(entries.last).to_be_in_viewport()
        screen.bed.deliver("xu", "text", "又一条")
        expect(entries.last).to_contain_text("又一条")
        expect(entries.last).to_be_in_viewport()
        entries.first.scroll_into_view_if_needed()
        expect(entries.last).not_to_be_in_viewport()
        screen.bed.deliver("xu", "text", "最后一条")
        expect(entries.last).to_contain_text("最后一条")
        expect(entries.first).to_be_in_viewport()

    def test_a_failed_call_shows_its_error_code(self, screen: Screen) -> None:
        entry = screen.page.locator(".entry.is-bad")
        expect(entry).to_have_count(1)
        expect(entry).to_contain_text("45009")

    def test_the_list_can_be_narrowed_to_a_person_and_a_kind(self, screen: Screen) -> None:
        entries = screen.page.locator(".entry")
        expect(entries).to_have_count(4)
        screen.page.get_by_label("按人筛选").select_option("许专员")
        expect(entries).to_have_count(2)
        screen.page.get_by_label("按类型筛选").select_option("way:callback")
        expect(entries).to_have_count(1)
        screen.bed.deliver("xu", "text", "待办")
        expect(entries).to_have_count(2)
        screen.bed.deliver("su", "text", "待办")
        screen.bed.deliver("xu", "text", "帮助")
        expect(entries).to_have_count(3)

    @pytest.mark.parametrize("page_context", [{"permissions": ["clipboard-read", "clipboard-write"]}], indirect=True)
    def test_the_curl_line_goes_to_the_clipboard(self, screen: Screen) -> None:
        screen.page.locator("[data-entry='t1']").click()
        screen.page.get_by_role("button", name="复制curl").click()
        expect(screen.page.locator(".toast")).to_contain_text("已复制")
        assert (
            screen.page.evaluate("navigator.clipboard.readText()") == "curl -X POST 'http://127.0.0.1/wecom/callback'"
        )

    def test_the_last_minutes_become_a_story_file(self, screen: Screen) -> None:
        screen.page.get_by_role("button", name="存成场景").click()
        screen.page.get_by_label("最近几分钟").fill("15")
        screen.page.get_by_role("button", name="生成").click()
        expect(screen.page.locator(".yaml")).to_have_text(data.STORY_YAML)
        assert screen.posted("save") == [{"minutes": 15}]
        with screen.page.expect_download() as taken:
            screen.page.get_by_role("button", name="下载").click()
        assert taken.value.suggested_filename == "story.yaml"


class TestLastingThroughRestarts:
    def test_the_page_finds_the_platform_again_and_reads_everything_anew(
        self, page_context: BrowserContext, page_server: BedServer
    ) -> None:
        shown = Screen(page_context.new_page(), page_server)
        shown.open()
        for n in range(5):
            page_server.bed.say("xu", "out", "text", text=f"第 {n} 条")
        expect(shown.phone(0).get_by_text("第 4 条")).to_be_visible()
        port = page_server.server.server_port
        page_server.close()
        expect(shown.page.get_by_text("正在重新连接…")).to_be_visible()
        again = BedServer(port)
        again.bed.chats["xu"].append(
            {
                "id": 900,
                "at": "2026-11-23T14:05:30+08:00",
                "direction": "out",
                "via": "send",
                "type": "text",
                "text": "重启后的消息",
            }
        )
        again.start()
        try:
            expect(shown.phone(0).get_by_text("重启后的消息")).to_be_visible()
            expect(shown.page.get_by_text("正在重新连接…")).to_have_count(0)
            assert len(again.bed.events) < len(page_server.bed.events)
            again.bed.say("xu", "out", "text", text="又连上了")
            expect(shown.phone(0).get_by_text("又连上了")).to_be_visible()
        finally:
            again.close()

    def test_an_address_no_longer_valid_says_what_to_do(
        self, page_context: BrowserContext, page_server: BedServer
    ) -> None:
        page = page_context.new_page()
        page.route("**/sandbox/api/state", lambda route: route.fulfill(status=403, json={"error": "no"}))
        page.goto(f"{page_server.address}/sandbox/")
        expect(page.get_by_text("这个地址已失效，请用命令行里打印的新地址打开。")).to_be_visible()
