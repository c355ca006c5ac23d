"""Passive replies: their XML, and which event takes which (wecom-facts 2.3)."""

from __future__ import annotations

import pytest

from bot.wecom import replies
from bot.wecom.events import EVENTS
from bot.wecom.replies import ReplyKind, reply_allowed
from bot.wecom.xml import Fields, group_of, parse, text_of
from notifications.cards import (
    ActionMenu,
    Button,
    ButtonInteraction,
    ButtonSelection,
    CardImage,
    Jump,
    MainTitle,
    MenuAction,
    MultipleInteraction,
    NewsNotice,
    Option,
    Pair,
    Quote,
    Source,
    Target,
    TemplateCard,
    Vertical,
    VoteInteraction,
)
from notifications.messages import Article, MessageLimit
from tests.bot.wecom import desk

TO, CORP, AT = "ZhangSan", desk.CORP, 1795400000
HEAD: Fields = {"ToUserName": TO, "FromUserName": CORP, "CreateTime": "1795400000"}
CHOICES = (Option("a", "甲"), Option("b", "乙", True))


def card_of(card: TemplateCard) -> Fields:
    reply = parse(replies.card_reply(TO, CORP, AT, card))
    assert {**reply, "TemplateCard": ""} == {**HEAD, "MsgType": "update_template_card", "TemplateCard": ""}
    return group_of(reply, "TemplateCard")


class TestKinds:
    def test_a_text_is_these_bytes(self) -> None:
        assert replies.text_reply(TO, CORP, AT, "已提交").decode() == (
            "<xml><ToUserName><![CDATA[ZhangSan]]></ToUserName><FromUserName><![CDATA[wx5823bf96d3bd56c7]]></FromUserName>"
            "<CreateTime>1795400000</CreateTime><MsgType><![CDATA[text]]></MsgType>"
            "<Content><![CDATA[已提交]]></Content></xml>"
        )

    @pytest.mark.parametrize(
        ("typed", "shown"),
        [
            ("a]]>b", "a]]＞b"), ("]]]]>>", "]]]]＞＞"), ('<a href="x">', '＜a href="x"＞'), ("a\x00\ufffeb", "ab"),
            ("&amp;", "＆amp;"),
        ],
    )
    def test_what_was_typed_cannot_leave_its_place(self, typed: str, shown: str) -> None:
        assert parse(replies.text_reply(TO, CORP, AT, typed)) == {**HEAD, "MsgType": "text", "Content": shown}

    def test_a_text_is_cut_to_2048_bytes(self) -> None:
        content = text_of(parse(replies.text_reply(TO, CORP, AT, "字" * 700)), "Content")
        assert content == "字" * 681 + "…"

    def test_a_picture(self) -> None:
        assert parse(replies.image_reply(TO, CORP, AT, "m1")) == {
            **HEAD, "MsgType": "image", "Image": {"MediaId": "m1"},
        }

    def test_news_of_two_articles(self) -> None:
        articles = [Article("题", "https://x/1?a=1&b=2", "文", "https://x/p"), Article("二", "https://x/2")]
        assert parse(replies.news_reply(TO, CORP, AT, articles)) == {
            **HEAD, "MsgType": "news", "ArticleCount": "2",
            "Articles": {
                "item": [
                    {"Title": "题", "Description": "文", "PicUrl": "https://x/p", "Url": "https://x/1?a=1&b=2"},
                    {"Title": "二", "Description": "", "PicUrl": "", "Url": "https://x/2"},
                ]
            },
        }

    @pytest.mark.parametrize("count", [0, 9])
    def test_news_has_1_to_8_articles(self, count: int) -> None:
        replies.news_reply(TO, CORP, AT, [Article("t", "https://x")] * 8)
        with pytest.raises(MessageLimit):
            replies.news_reply(TO, CORP, AT, [Article("t", "https://x")] * count)

    def test_greyed_buttons(self) -> None:
        assert parse(replies.button_reply(TO, CORP, AT, "已同意]]>")) == {
            **HEAD, "MsgType": "update_button", "Button": {"ReplaceName": "已同意]]>"},
        }


class TestCards:
    def test_a_question_in_wecoms_spelling_with_lists_as_repeated_elements(self) -> None:
        card = ButtonInteraction(
            "task-1", MainTitle("服务]]>器", "许\x07专员"),
            (Button("同意", "a"), Button("查看", url="https://x", style=4)),
            source=Source("采购", 2, "https://x/i.png"),
            action_menu=ActionMenu((MenuAction("静音", "m1"), MenuAction("关注", "m2")), "更多"),
            quote=Quote("原话", "出处", Target(appid="wx1", pagepath="/p")),
            horizontal=(Pair("编号", "CG-1"), Pair("附件", "a.pdf", media_id="m"), Pair("提出", "许", userid="Xu")),
            sub_title="事由", selection=ButtonSelection("reason", "原因", CHOICES[:1], "a", disabled=True),
            opens=Target(appid="wx2", pagepath="/q"), replace_text="已同意",
        )
        assert card_of(card) == {
            "CardType": "button_interaction",
            "Source": {"IconUrl": "https://x/i.png", "Desc": "采购", "DescColor": "2"},
            "ActionMenu": {
                "Desc": "更多", "ActionList": [{"Text": "静音", "Key": "m1"}, {"Text": "关注", "Key": "m2"}],
            },
            "MainTitle": {"Title": "服务]]>器", "Desc": "许专员"},
            "QuoteArea": {"Type": "2", "Appid": "wx1", "PagePath": "/p", "Title": "出处", "QuoteText": "原话"},
            "SubTitleText": "事由",
            "ButtonSelection": {
                "QuestionKey": "reason", "Title": "原因", "OptionList": {"Id": "a", "Text": "甲"}, "SelectedId": "a",
                "Disable": "true",
            },
            "ButtonList": [
                {"Text": "同意", "Style": "1", "Key": "a"},
                {"Type": "1", "Text": "查看", "Style": "4", "Url": "https://x"},
            ],
            "HorizontalContentList": [
                {"KeyName": "编号", "Value": "CG-1"},
                {"Type": "2", "KeyName": "附件", "Value": "a.pdf", "MediaId": "m"},
                {"Type": "3", "KeyName": "提出", "Value": "许", "UserId": "Xu"},
            ],
            "CardAction": {"Type": "2", "AppId": "wx2", "PagePath": "/q"},
            "TaskId": "task-1",
            "ReplaceText": "已同意",
        }

    def test_a_notice_with_picture_blocks_and_jumps(self) -> None:
        page = Target("https://x/1")
        card = NewsNotice(
            "", MainTitle("题"), image=CardImage("https://x/p.png", 2.25), opens=page,
            verticals=(Vertical("一", "甲"),), jumps=(Jump("去看", page),),
        )
        assert card_of(card) == {
            "CardType": "news_notice", "MainTitle": {"Title": "题"},
            "CardImage": {"Url": "https://x/p.png", "AspectRatio": "2.25"},
            "VerticalContentList": {"Title": "一", "Desc": "甲"},
            "CardAction": {"Type": "1", "Url": "https://x/1"},
            "JumpList": {"Type": "1", "Url": "https://x/1", "Title": "去看"},
        }

    def test_a_vote_and_a_form(self) -> None:
        vote = VoteInteraction("t", MainTitle("题"), "q", CHOICES, "提交", "s", disabled=True)
        assert card_of(vote)["CheckBox"] == {
            "QuestionKey": "q", "Mode": "0",
            "OptionList": [{"Id": "a", "Text": "甲"}, {"Id": "b", "Text": "乙", "IsChecked": "true"}],
            "Disable": "true",
        }
        form = MultipleInteraction("t", MainTitle("题"), (ButtonSelection("q", "问", CHOICES[:1]),), "提交", "s")
        assert card_of(form)["SelectList"] == {
            "QuestionKey": "q", "Title": "问", "OptionList": {"Id": "a", "Text": "甲"},
        }
        assert card_of(form)["SubmitButton"] == {"Text": "提交", "Key": "s"}


class TestWhoTakesWhat:
    def test_every_message_takes_an_ordinary_answer(self) -> None:
        assert reply_allowed(None) is ReplyKind.ORDINARY

    @pytest.mark.parametrize("event", sorted(EVENTS))
    def test_each_event_takes_what_doc_90241_says(self, event: str) -> None:
        ordinary = {
            "subscribe", "enter_agent", "location", "click", "view", "view_miniprogram", "scancode_waitmsg",
            "template_card_menu_event",
        }
        expected = ReplyKind.ORDINARY if event in ordinary else None
        if event == "template_card_event":
            expected = ReplyKind.CARD_UPDATE
        assert reply_allowed(event) is expected
        assert reply_allowed(event.upper()) is expected

    def test_an_event_nobody_knows_takes_none(self) -> None:
        assert reply_allowed("brand_new_event") is None
