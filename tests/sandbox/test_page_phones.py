"""The phones of the sandbox page in a real browser."""

from __future__ import annotations

import re
import threading

import pytest
from playwright.sync_api import expect

from tests.sandbox import page_fixture_data as data
from tests.sandbox.page_fixture_screen import Screen, until

pytestmark = pytest.mark.chromium
pytest_plugins = ["tests.sandbox.page_fixture_browser"]


class TestTheDesk:
    def test_three_phones_fit_the_screen_without_scrolling(self, screen: Screen) -> None:
        for slot, name in enumerate(("许专员", "苏主管", "赵总")):
            box = screen.phone(slot).locator(".device").bounding_box()
            assert box is not None
            assert box["width"] >= 270
            assert box["y"] >= 0
            assert box["y"] + box["height"] <= 900
            assert box["x"] + box["width"] <= 1440
            expect(screen.phone(slot).locator(".plate-name")).to_have_text(name)
        assert screen.page.evaluate(
            "[document.scrollingElement.scrollHeight, document.scrollingElement.scrollWidth]"
        ) == [900, 1440]

    def test_phones_begin_at_their_newest_message(self, screen: Screen) -> None:
        expect(screen.button(1, "同意")).to_be_in_viewport()
        expect(screen.phone(0).get_by_text("查看附件")).to_be_in_viewport()

    def test_folding_the_traffic_away_gives_the_phones_its_room(self, screen: Screen) -> None:
        device = screen.phone(0).locator(".device")
        before = device.bounding_box()
        screen.page.get_by_role("button", name="收发记录", exact=True).click()
        after = device.bounding_box()
        assert before is not None
        assert after is not None
        assert after["width"] > before["width"] + 50


class TestTyping:
    def test_a_message_shows_at_once_and_stays_single_when_it_has_arrived(self, screen: Screen) -> None:
        gate = threading.Event()
        said = screen.bed.say

        def late(userid: str, direction: str, kind: str, **more: object) -> dict[str, object]:
            gate.wait(10)
            return said(userid, direction, kind, **more)

        screen.bed.say = late  # type: ignore[method-assign]
        screen.type_into(0, "采购 服务器 3.5万 扩容再扩容")
        screen.page.keyboard.press("Enter")
        expect(screen.phone(0).locator(".is-sending .bubble")).to_have_text("采购 服务器 3.5万 扩容再扩容")
        expect(screen.phone(0).locator("textarea")).to_have_value("")
        gate.set()
        expect(screen.phone(0).get_by_text("收到：采购 服务器 3.5万 扩容再扩容")).to_be_visible()
        # Counted at once: the answer came after the message itself, which must have taken the waiting bubble's place.
        assert screen.phone(0).locator(".mine .bubble", has_text="扩容再扩容").count() == 1
        assert screen.posted("chat/xu/text") == [{"content": "采购 服务器 3.5万 扩容再扩容"}]

    def test_shift_enter_breaks_the_line_instead_of_sending(self, screen: Screen) -> None:
        screen.type_into(0, "纪要")
        screen.page.keyboard.press("Shift+Enter")
        screen.page.keyboard.type("第二行")
        screen.page.keyboard.press("Enter")
        until(lambda: screen.posted("chat/xu/text") == [{"content": "纪要\n第二行"}])

    def test_a_callback_that_failed_is_told_with_its_status_and_time(self, screen: Screen) -> None:
        screen.bed.callback_status = 502
        screen.type_into(0, "待办")
        screen.page.keyboard.press("Enter")
        expect(screen.page.locator(".toast")).to_contain_text("没有送到：回调 502，用时 5001 ms")

    def test_a_file_a_voice_message_and_a_place_can_be_sent(self, screen: Screen) -> None:
        phone = screen.phone(0)
        phone.locator(".plus").click()
        with screen.page.expect_file_chooser() as chosen:
            phone.locator(".plus-item", has_text="文件").click()
        chosen.value.set_files({"name": "发票.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 invoice"})
        expect(phone.locator(".bubble.file", has_text="发票.pdf")).to_have_count(1)
        for item, hint, text in (("语音", "语音里说的话", "明天下午三点开会"), ("位置", "地点名称", "一号楼")):
            phone.locator(".plus").click()
            phone.locator(".plus-item", has_text=item).click()
            phone.get_by_label(hint).fill(text)
            screen.page.keyboard.press("Enter")
            expect(phone.locator(".mine .bubble", has_text=text)).to_have_count(1)
        assert screen.posted("chat/xu/file") == [{"file": "发票.pdf"}]
        assert screen.posted("chat/xu/voice") == [{"content": "明天下午三点开会"}]
        assert screen.posted("chat/xu/location")[0]["label"] == "一号楼"

    def test_the_menu_sends_its_key(self, screen: Screen) -> None:
        phone = screen.phone(1)
        phone.get_by_role("button", name="发起").click()
        phone.get_by_role("menuitem", name="记一笔").click()
        phone.get_by_role("button", name="待办").click()
        until(lambda: screen.posted("chat/su/menu") == [{"key": "start:record"}, {"key": "todo"}])
        expect(phone.get_by_text("这是菜单的回答。")).to_have_count(2)


class TestCards:
    def test_a_tap_changes_the_card_where_it_stands(self, screen: Screen) -> None:
        row = screen.phone(1).locator("[data-message='12']")
        row.evaluate("node => { node.known = true; }")
        screen.button(1, "同意").click()
        expect(row.locator(".source-desc")).to_have_text("采购 · 已同意")
        assert row.evaluate("node => node.known === true")
        over = row.locator(".card-button")
        expect(over).to_have_count(1)
        expect(over).to_have_text("已同意")
        expect(over).to_be_disabled()
        expect(row).to_have_class("row theirs wide is-changed")
        assert screen.posted("chat/su/tap") == [{"message_id": 12, "key": "approve", "selected": {}}]

    def test_the_chosen_reason_goes_with_the_tap(self, screen: Screen) -> None:
        select = screen.phone(1).get_by_label("原因（退回、驳回时选）")
        expect(select).to_have_value("none")
        select.select_option("不在预算内")
        screen.button(1, "驳回").click()
        until(
            lambda: (
                screen.posted("chat/su/tap")
                == [{"message_id": 12, "key": "reject", "selected": {"reason": ["budget"]}}]
            )
        )
        expect(select).to_have_value("budget")

    def test_a_vote_waits_for_a_choice_and_sends_all_of_them(self, screen: Screen) -> None:
        card = screen.phone(2).locator("[data-message='22'] .card")
        card.get_by_role("button", name="提交").click()
        expect(screen.page.locator(".toast")).to_contain_text("请先选一项")
        card.get_by_label("很有帮助").check()
        card.get_by_label("太长了").check()
        card.get_by_role("button", name="提交").click()
        until(
            lambda: (
                screen.posted("chat/zhao/tap")
                == [{"message_id": 22, "key": "vote", "selected": {"useful": ["a", "c"]}}]
            )
        )

    def test_a_list_of_drop_downs_begins_with_what_the_card_selects(self, screen: Screen) -> None:
        card = screen.phone(2).locator("[data-message='23'] .card")
        expect(card.get_by_label("时间")).to_have_value("t2")
        card.get_by_label("会议室").select_option("二号")
        card.get_by_role("button", name="提交").click()
        until(
            lambda: (
                screen.posted("chat/zhao/tap") == [{"message_id": 23, "key": "choose", "selected": {"room": ["r2"]}}]
            )
        )

    def test_the_menu_of_a_card_sends_its_key(self, screen: Screen) -> None:
        screen.phone(1).get_by_role("button", name="更多操作").click()
        screen.phone(1).get_by_role("menuitem", name="转交他人").click()
        until(lambda: screen.posted("chat/su/card_menu") == [{"message_id": 12, "key": "menu:forward"}])

    def test_the_parts_of_a_notice_are_all_there(self, screen: Screen) -> None:
        card = screen.phone(2).locator("[data-message='21'] .card")
        expect(card.locator(".source-desc")).to_have_class("source-desc colour-3")
        expect(card.locator(".emphasis-title")).to_have_text("128 件")
        expect(card.locator(".quote-text")).to_contain_text("当日录入")
        expect(card.locator(".card-row")).to_have_count(2)
        expect(card.locator(".card-jump")).to_have_text("看全部")

    def test_what_the_platform_cut_is_marked_and_tells_the_original(self, screen: Screen) -> None:
        mark = screen.phone(2).locator("[data-message='21'] .cut")
        expect(mark).to_have_count(1)
        original = data.NOTICE_CARD["cut"]["horizontal_content_list[1].value"]
        expect(mark).to_have_attribute("title", f"平台截断了，原文：{original}")

    def test_a_recalled_message_leaves_only_a_line(self, screen: Screen) -> None:
        expect(screen.phone(2).get_by_text("留痕撤回了一条消息")).to_have_count(1)
        expect(screen.page.get_by_text("这条会被撤回")).to_have_count(0)


class TestPeopleAndUnread:
    def test_unread_counts_stand_on_list_and_phone_until_the_phone_is_used(self, screen: Screen) -> None:
        person = screen.page.locator(".person[data-userid='su'] .badge")
        plate = screen.phone(1).locator(".plate .badge")
        expect(person).to_have_text("2")
        expect(plate).to_have_text("2")
        screen.phone(1).locator(".talk-scroll").click()
        expect(plate).to_have_count(0)
        expect(person).to_have_count(0)
        until(lambda: screen.posted("chat/su/read"))

    def test_a_message_lights_up_a_phone_nobody_looks_at(self, screen: Screen) -> None:
        screen.bed.say("zhao", "out", "text", text="何总监 已办结")
        expect(screen.phone(2)).to_have_class("phone is-lit has-unread")
        expect(screen.phone(2).get_by_text("何总监 已办结")).to_be_visible()

    def test_a_click_puts_a_person_into_the_phone_last_used(self, screen: Screen) -> None:
        screen.phone(1).locator(".talk-scroll").click()
        screen.page.locator(".person[data-userid='qian']").click()
        expect(screen.phone(1).locator(".plate-name")).to_have_text("钱总监")
        expect(screen.phone(0).locator(".plate-name")).to_have_text("许专员")
        until(lambda: len(screen.posted("chat/qian/open")) == 1)

    def test_a_person_can_be_dragged_onto_a_phone(self, screen: Screen) -> None:
        screen.page.locator(".person[data-userid='gao']").drag_to(screen.phone(2).locator(".talk-scroll"))
        expect(screen.phone(2).locator(".plate-name")).to_have_text("高总监")

    def test_two_phones_change_places_when_one_is_dragged_onto_the_other(self, screen: Screen) -> None:
        screen.phone(0).locator(".plate-words").drag_to(screen.phone(2).locator(".talk-scroll"))
        expect(screen.phone(2).locator(".plate-name")).to_have_text("许专员")
        expect(screen.phone(0).locator(".plate-name")).to_have_text("赵总")

    def test_the_search_finds_by_name_and_by_department(self, screen: Screen) -> None:
        screen.page.get_by_label("搜索通讯录").fill("研发")
        expect(screen.page.locator(".person")).to_have_count(3)
        screen.page.get_by_label("搜索通讯录").fill("没有这个人")
        expect(screen.page.get_by_text("没有找到人。")).to_be_visible()


    def test_somebody_without_a_department_is_listed_last(self, screen: Screen) -> None:
        screen.bed.people["yan"]["department"] = "nowhere"
        screen.open()
        last = screen.page.locator(".department").last
        expect(last.locator("h3")).to_have_text("其他")
        expect(last.locator(".person-name")).to_have_text("严副总")


class TestCallsAndPages:
    def test_a_called_phone_rings_and_can_be_answered(self, screen: Screen) -> None:
        screen.bed.ring("zhao")
        phone = screen.phone(2)
        expect(phone.get_by_role("alertdialog", name="来电")).to_be_visible()
        expect(phone).to_have_class("phone is-called")
        expect(phone.get_by_role("button", name="铃声已关")).to_have_attribute("aria-pressed", "false")
        phone.get_by_role("button", name="接听").click()
        until(lambda: screen.posted("chat/zhao/call") == [{"callid": "call-1", "act": "answer"}])
        expect(phone.get_by_role("alertdialog", name="通话中")).to_be_visible()

    def test_a_refused_call_leaves_the_chat_as_it_was(self, screen: Screen) -> None:
        screen.bed.ring("zhao")
        screen.phone(2).get_by_role("button", name="拒接").click()
        expect(screen.phone(2).locator(".call")).to_have_count(0)
        expect(screen.button(2, "收到")).to_be_enabled()

    def test_somebody_in_no_phone_gets_one_when_called(self, screen: Screen) -> None:
        screen.bed.ring("gao")
        expect(screen.page.locator(".phone.is-called .plate-name")).to_have_text("高总监")

    def test_a_link_opens_its_page_in_the_phone(self, screen: Screen) -> None:
        phone = screen.phone(0)
        phone.get_by_text("查看附件").click()
        expect(phone.frame_locator("iframe").get_by_text("服务器 · ¥35,000.00")).to_be_visible()
        screen.page.keyboard.press("Escape")
        expect(phone.locator("iframe")).to_have_count(0)
        expect(phone.get_by_text("查看附件")).to_be_focused()

    def test_a_page_is_opened_for_the_owner_of_its_phone_and_closes_those_of_others(self, screen: Screen) -> None:
        for slot, userid, link in ((0, "xu", "查看附件"), (1, "su", "打开卡片页")):
            screen.phone(slot).get_by_text(link).click()
            frame = screen.phone(slot).locator("iframe")
            expect(frame).to_have_attribute("src", re.compile(rf"^/connect/open\?phone={userid}&url=http.*%2Fpage$"))
            expect(screen.page.locator("iframe")).to_have_count(1)


class TestHostileWords:
    def test_markup_in_messages_is_shown_as_text(self, screen: Screen) -> None:
        screen.page.locator(".person[data-userid='wei']").click()
        talk = screen.phone(0).locator(".talk-list")
        expect(talk.locator(".bubble").first).to_have_text(data.HOSTILE)
        expect(talk.locator(".card-title")).to_have_text(data.HOSTILE)
        expect(talk.locator("img, script, b")).to_have_count(0)
        expect(talk.locator("a", has_text="点我")).to_have_count(0)
        assert screen.page.evaluate("window.hacked") is None
