"""Bodies of calls: the exact bytes, what is escaped, and how long texts are cut and split (design rules 5, 14)."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import limits, messages
from notifications.cards import Button, ButtonInteraction, MainTitle
from notifications.fates import DUPLICATE_WINDOW
from notifications.messages import Article, MessageLimit

AGENT = 1000002
CARD = ButtonInteraction("task-1", MainTitle("服务\u202e器\x07"), (Button("同意", "a|1"),))
TAIL = '"enable_duplicate_check":1,"duplicate_check_interval":14400}'


class TestBytes:
    def test_a_text_is_these_bytes_and_no_others(self) -> None:
        assert messages.text_body("ZhangSan", AGENT, "待办 1 件").decode() == (
            '{"touser":"ZhangSan","msgtype":"text","agentid":1000002,"text":{"content":"待办 1 件"},' + TAIL
        )

    def test_the_same_words_said_again_are_another_request_and_a_retry_is_none(self) -> None:
        first, again = (messages.text_body("a", AGENT, "正在打电话。", f"moved:GJ-1:{step}") for step in (2, 6))
        assert first != again
        assert first == messages.text_body("a", AGENT, "正在打电话。", "moved:GJ-1:2")
        for body in (first, again):
            asked = json.loads(body)["duplicate_check_interval"]
            assert DUPLICATE_WINDOW.total_seconds() <= asked <= limits.DUPLICATE_WINDOW_SECONDS

    @pytest.mark.parametrize(
        ("body", "kind", "content"),
        [
            (messages.markdown_body("a", AGENT, "**待办**"), "markdown", {"content": "**待办**"}),
            (
                messages.textcard_body("a", AGENT, "标题", "说明", "https://x/1", "详情"), "textcard",
                {"title": "标题", "description": "说明", "url": "https://x/1", "btntxt": "详情"},
            ),
            (messages.image_body("a", AGENT, "m1"), "image", {"media_id": "m1"}),
            (messages.file_body("a", AGENT, "m2"), "file", {"media_id": "m2"}),
            (
                messages.news_body("a", AGENT, [Article("题", "https://x/1", "文", "https://x/p"), Article("二", "https://x/2")]),
                "news",
                {
                    "articles": [
                        {"title": "题", "description": "文", "url": "https://x/1", "picurl": "https://x/p"},
                        {"title": "二", "url": "https://x/2"},
                    ]
                },
            ),
        ],
        ids=["markdown", "textcard", "image", "file", "news"],
    )
    def test_each_type_has_its_object_and_the_duplicate_check(
        self, body: bytes, kind: str, content: dict[str, object]
    ) -> None:
        assert json.loads(body) == {
            "touser": "a", "msgtype": kind, "agentid": AGENT, kind: content, "enable_duplicate_check": 1,
            "duplicate_check_interval": 14400,
        }
        assert body == json.dumps(json.loads(body), ensure_ascii=False, separators=(",", ":")).encode()

    def test_a_card_goes_without_control_characters(self) -> None:
        body = json.loads(messages.card_body("a", AGENT, CARD))
        assert body["msgtype"] == "template_card"
        assert body["template_card"]["main_title"]["title"] == "服务器"
        assert body["template_card"]["button_list"] == [{"text": "同意", "style": 1, "key": "a|1"}]

    def test_chinese_goes_as_utf8_not_as_escapes(self) -> None:
        assert b"\\u" not in messages.text_body("a", AGENT, "采购 😀")

    def test_several_people_are_joined_and_counted(self) -> None:
        assert messages.recipients(["a", "b"]) == "a|b"
        messages.recipients(["a"] * 1000)
        for wrong in ([], ["a"] * 1001):
            with pytest.raises(MessageLimit):
                messages.recipients(wrong)


class TestUpdates:
    def test_a_kept_update_becomes_a_body_once_its_code_is_known(self) -> None:
        kept = messages.card_update_body(["Su", "Qian"], AGENT, CARD, "task-1")
        assert messages.task_of(kept) == "task-1"
        body = json.loads(messages.with_code(kept, "code-1"))
        assert list(body) == ["userids", "agentid", "template_card", "response_code"]
        assert (body["userids"], body["agentid"], body["response_code"]) == (["Su", "Qian"], AGENT, "code-1")
        assert body["template_card"]["card_type"] == "button_interaction"

    def test_the_same_kept_update_and_code_are_the_same_bytes(self) -> None:
        kept = messages.card_update_body(["Su"], AGENT, CARD, "task-1")
        assert messages.with_code(kept, "c") == messages.with_code(kept, "c")

    def test_an_update_may_only_grey_the_buttons(self) -> None:
        kept = messages.button_update_body(["Su"], AGENT, "已同意", "task-1")
        assert json.loads(messages.with_code(kept, "c")) == {
            "userids": ["Su"], "agentid": AGENT, "button": {"replace_name": "已同意"}, "response_code": "c",
        }

    @pytest.mark.parametrize("people", [[], ["a"] * 1001])
    def test_an_update_names_1_to_1000_people(self, people: list[str]) -> None:
        with pytest.raises(MessageLimit):
            messages.card_update_body(people, AGENT, CARD, "task-1")


class TestEscaping:
    @pytest.mark.parametrize(
        ("typed", "shown"),
        [
            ('<a href="https://evil">点</a>', '＜a href="https://evil"＞点＜/a＞'),
            ("&lt;a href=x&gt;", "＆lt;a href=x＆gt;"),
            ("&#60;a", "＆#60;a"),
            ("R&D; a & b", "R＆D; a & b"),
            ("R&D", "R&D"),
            ("a\x00b\x1bc\rd", "abcd"),
            ("一\n二\t三", "一\n二\t三"),
            ("金额\u202e00.05", "金额00.05"),
            ("a\u2028b\u2066c\ufeff", "abc"),
            ("半\ud800个", "半个"),
            ("👨‍👩‍👧", "👨‍👩‍👧"),
        ],
    )
    def test_text_is_shown_as_typed_and_does_nothing(self, typed: str, shown: str) -> None:
        assert messages.plain_text(typed) == shown

    @given(st.text(alphabet=st.characters(), max_size=60))
    def test_escaping_twice_changes_nothing_more_and_leaves_no_markup(self, typed: str) -> None:
        once = messages.plain_text(typed)
        assert messages.plain_text(once) == once
        assert "<" not in once
        once.encode()

    def test_what_was_typed_stays_plain_inside_markdown(self) -> None:
        typed = "[点](https://evil) **粗** `码` # 题 > 引 <font>"
        shown = messages.markdown_text(typed)
        assert not set("[]*`#><") & set(shown)

    @pytest.mark.parametrize("build", [messages.textcard_body])
    def test_a_textcard_shows_markup_as_text(self, build: Callable[..., bytes]) -> None:
        card = json.loads(build("a", AGENT, "<b>", '<div class="highlight">x</div>', "https://x"))["textcard"]
        assert card["title"] == "＜b＞"
        assert "<" not in card["description"]


class TestCutting:
    @pytest.mark.parametrize(
        ("content", "most", "shown"),
        [("字" * 682, 2048, "字" * 682), ("字" * 683, 2048, "字" * 681 + "…"), ("a" * 2049, 2048, "a" * 2045 + "…")],
    )
    def test_text_is_cut_between_characters(self, content: str, most: int, shown: str) -> None:
        assert messages.cut_bytes(content, most) == shown

    @given(st.text(max_size=40), st.integers(3, 60))
    def test_no_cut_is_too_long_or_breaks_a_character(self, content: str, most: int) -> None:
        shown = messages.cut_bytes(content, most)
        assert len(shown.encode()) <= most
        assert content.startswith(shown.removesuffix("…"))

    def test_every_body_keeps_its_limits(self) -> None:
        long = "字" * 3000
        text = json.loads(messages.text_body("a", AGENT, long))["text"]["content"]
        mark = json.loads(messages.markdown_body("a", AGENT, long))["markdown"]["content"]
        card = json.loads(messages.textcard_body("a", AGENT, long, long, "https://x"))["textcard"]
        article = json.loads(messages.news_body("a", AGENT, [Article(long, "https://x", long)]))["news"]["articles"][0]
        measured = [text, mark, card["title"], card["description"], article["title"], article["description"]]
        # 3-byte characters and the mark of the cut do not fill every limit to its last byte.
        for content, most in zip(measured, (2048, 2048, 128, 512, 128, 512), strict=True):
            assert most - 2 <= len(content.encode()) <= most

    @pytest.mark.parametrize(
        "build",
        [
            lambda url: messages.textcard_body("a", AGENT, "t", "d", url),
            lambda url: messages.news_body("a", AGENT, [Article("t", url)]),
            lambda url: messages.news_body("a", AGENT, [Article("t", "https://x", picture_url=url)]),
        ],
    )
    @pytest.mark.parametrize("url", ["x", "javascript:1", "https://" + "x" * 2041])
    def test_an_address_is_whole_or_refused(self, build: Callable[[str], bytes], url: str) -> None:
        build("https://" + "x" * 2040)
        with pytest.raises(MessageLimit):
            build(url)

    def test_news_has_1_to_8_articles(self) -> None:
        messages.news_body("a", AGENT, [Article("t", "https://x")] * 8)
        for count in (0, 9):
            with pytest.raises(MessageLimit):
                messages.news_body("a", AGENT, [Article("t", "https://x")] * count)

    def test_a_textcards_button_has_4_characters(self) -> None:
        messages.textcard_body("a", AGENT, "t", "d", "https://x", "查看全部")
        with pytest.raises(MessageLimit):
            messages.textcard_body("a", AGENT, "t", "d", "https://x", "查看全部吧")


class TestSplitting:
    def test_what_fits_is_one_part_without_a_number(self) -> None:
        assert messages.split_text("字" * 682) == ["字" * 682]

    def test_parts_break_at_lines_and_are_numbered(self) -> None:
        lines = [f"{number}. {'字' * 100}" for number in range(20)]
        parts = messages.split_text("\n".join(lines))
        assert len(parts) == 4
        assert [part.split("\n")[0] for part in parts] == ["(1/4)", "(2/4)", "(3/4)", "(4/4)"]
        assert [line for part in parts for line in part.split("\n")[1:]] == lines

    def test_blank_lines_stay(self) -> None:
        content = "\n\n一\n\n\n" + "字" * 700
        parts = messages.split_text(content)
        assert "\n".join(part.partition("\n")[2] for part in parts) == "\n\n一\n\n\n" + "字" * 679 + "\n" + "字" * 21

    def test_each_part_survives_being_sent_as_a_text_message(self) -> None:
        """Escaping makes text longer: it comes before the cut."""
        content = "<" * 3000
        for part in messages.split_text(content):
            sent = json.loads(messages.text_body("a", AGENT, part))["text"]["content"]
            assert sent == part

    @given(st.text(alphabet="字a<\n😀", max_size=400), st.integers(40, 200))
    def test_nothing_is_lost_and_no_part_is_too_long(self, content: str, most: int) -> None:
        parts = messages.split_text(content, most)
        assert all(len(part.encode()) <= most for part in parts)
        told = parts if len(parts) == 1 else [part.partition("\n")[2] for part in parts]
        assert "".join(told).replace("\n", "") == messages.plain_text(content).replace("\n", "")
        if len(parts) > 1:
            assert [part.partition("\n")[0] for part in parts] == [
                f"({number}/{len(parts)})" for number in range(1, len(parts) + 1)
            ]


def test_every_limit_names_its_page() -> None:
    with open(limits.__file__, encoding="utf-8") as source:
        lines = [line for line in source if "=" in line and not line.startswith(("#", '"', "W"))]
    assert len(lines) > 40
    assert [line for line in lines if "[doc " not in line] == []
