"""Template cards: every limit of wecom-facts 3.3 at its edge and one beyond, and the JSON that goes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from notifications.cards import (
    ActionMenu,
    Button,
    ButtonInteraction,
    ButtonSelection,
    CardImage,
    CardLimit,
    Emphasis,
    ImageText,
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
    TextNotice,
    Vertical,
    VoteInteraction,
    cut,
)

PAGE = Target("https://liuhen.example.com/h5/item/1")
TITLE = MainTitle("服务器")
OK = Button("同意", "ok")
CHOICES = (Option("a", "甲"), Option("b", "乙"))


def options(count: int) -> tuple[Option, ...]:
    return tuple(Option(f"o{number}", "甲") for number in range(count))


def pairs(count: int) -> tuple[Pair, ...]:
    return tuple(Pair("编号", str(number)) for number in range(count))


def buttons(count: int) -> tuple[Button, ...]:
    return tuple(Button("同意", f"k{number}") for number in range(count))


def selects(count: int) -> tuple[ButtonSelection, ...]:
    return tuple(ButtonSelection(f"q{number}", "原因", CHOICES) for number in range(count))


def question(**fields: Any) -> ButtonInteraction:
    named = {"buttons": (OK,), **fields}
    return ButtonInteraction(named.pop("task_id", "t"), named.pop("title", TITLE), **named)


def notice(**fields: Any) -> TextNotice:
    return TextNotice(fields.pop("task_id", ""), fields.pop("title", TITLE), opens=fields.pop("opens", PAGE), **fields)


def news(**fields: Any) -> NewsNotice:
    image = fields.pop("image", CardImage("https://x/p.png"))
    return NewsNotice("", fields.pop("title", TITLE), image=image, opens=fields.pop("opens", PAGE), **fields)


def vote(**fields: Any) -> VoteInteraction:
    named = {"question_key": "q", "options": CHOICES, "submit_text": "提交", "submit_key": "s", **fields}
    return VoteInteraction(named.pop("task_id", "t"), named.pop("title", TITLE), **named)


def form(**fields: Any) -> MultipleInteraction:
    named = {"selects": selects(1), "submit_text": "提交", "submit_key": "s", **fields}
    return MultipleInteraction(named.pop("task_id", "t"), named.pop("title", TITLE), **named)


def menu(count: int) -> ActionMenu:
    return ActionMenu(tuple(MenuAction("静音", f"m{number}") for number in range(count)))


# field as WeCom calls it, limit, how to build a card with that many
SIZES: list[tuple[str, int, Callable[[int], object]]] = [
    ("source.desc", 20, lambda n: Source("字" * n)),
    ("action_list", 3, menu),
    ("action_list.key", 1024, lambda n: MenuAction("静音", "k" * n)),
    ("task_id", 128, lambda n: question(task_id="t" * n)),
    ("main_title.title", 36, lambda n: MainTitle("字" * n)),
    ("main_title.desc", 44, lambda n: MainTitle("题", "字" * n)),
    ("horizontal_content_list", 6, lambda n: question(horizontal=pairs(n))),
    ("horizontal_content_list", 6, lambda n: notice(horizontal=pairs(n))),
    ("horizontal_content_list.keyname", 5, lambda n: Pair("字" * n, "")),
    ("horizontal_content_list.value", 30, lambda n: Pair("编号", "字" * n)),
    ("jump_list", 3, lambda n: notice(jumps=(Jump("去看"),) * n)),
    ("jump_list", 3, lambda n: news(jumps=(Jump("去看"),) * n)),
    ("jump_list.title", 18, lambda n: Jump("字" * n)),
    ("emphasis_content.title", 14, lambda n: Emphasis("字" * n)),
    ("emphasis_content.desc", 22, lambda n: Emphasis("题", "字" * n)),
    ("sub_title_text", 160, lambda n: notice(sub_title="字" * n)),
    ("sub_title_text", 160, lambda n: question(sub_title="字" * n)),
    ("vertical_content_list", 4, lambda n: news(verticals=(Vertical("题"),) * n)),
    ("vertical_content_list.title", 38, lambda n: Vertical("字" * n)),
    ("vertical_content_list.desc", 160, lambda n: Vertical("题", "字" * n)),
    ("question_key", 1024, lambda n: ButtonSelection("q" * n, "", CHOICES)),
    ("selection.option_list", 10, lambda n: ButtonSelection("q", "", options(n))),
    ("selection.option_list.id", 128, lambda n: ButtonSelection("q", "", (Option("i" * n, "甲"),))),
    ("selection.option_list.text", 16, lambda n: ButtonSelection("q", "", (Option("i", "字" * n),))),
    ("button_list", 6, lambda n: question(buttons=buttons(n))),
    ("button_list.text", 10, lambda n: Button("字" * n, "k")),
    ("button_list.key", 1024, lambda n: Button("同意", "k" * n)),
    ("checkbox.question_key", 1024, lambda n: vote(question_key="q" * n)),
    ("checkbox.option_list", 20, lambda n: vote(options=options(n))),
    ("checkbox.option_list.id", 128, lambda n: vote(options=(Option("i" * n, "甲"),))),
    ("checkbox.option_list.text", 17, lambda n: vote(options=(Option("i", "字" * n),))),
    ("submit_button.text", 10, lambda n: vote(submit_text="字" * n)),
    ("submit_button.text", 10, lambda n: form(submit_text="字" * n)),
    ("submit_button.key", 1024, lambda n: vote(submit_key="k" * n)),
    ("submit_button.key", 1024, lambda n: form(submit_key="k" * n)),
    ("select_list", 3, lambda n: form(selects=selects(n))),
]


@pytest.mark.parametrize(("field", "most", "build"), SIZES, ids=[f"{field} {most}" for field, most, _ in SIZES])
def test_at_the_limit_a_card_is_built_and_one_beyond_names_the_field(
    field: str, most: int, build: Callable[[int], object]
) -> None:
    build(most)
    with pytest.raises(CardLimit) as caught:
        build(most + 1)
    assert caught.value.field == field
    assert field in str(caught.value)


@pytest.mark.parametrize("key", ["k" * 1021 + "字", "字" * 341 + "k"])
def test_keys_are_counted_in_bytes(key: str) -> None:
    assert len(key.encode()) == 1024
    Button("同意", key)
    with pytest.raises(CardLimit):
        Button("同意", key + "k")


@pytest.mark.parametrize("ratio", [1.3, 2.25])
def test_a_picture_may_be_so_wide(ratio: float) -> None:
    assert CardImage("https://x/p.png", ratio).to_json() == {"url": "https://x/p.png", "aspect_ratio": ratio}


WRONG: list[tuple[str, Callable[[], object]]] = [
    ("card_image.aspect_ratio", lambda: CardImage("https://x", 1.29)),
    ("card_image.aspect_ratio", lambda: CardImage("https://x", 2.26)),
    ("card_image.url", lambda: CardImage("p.png")),
    ("image_text_area.image_url", lambda: ImageText("p.png")),
    ("source.desc_color", lambda: Source("采购", 4)),
    ("source.icon_url", lambda: Source("采购", icon_url="x")),
    ("url", lambda: Target("javascript:alert(1)")),
    ("url", lambda: Target()),
    ("url", lambda: Target("https://x", "wx1")),
    ("action_list", lambda: ActionMenu(())),
    ("action_list.text", lambda: MenuAction("", "k")),
    ("action_list.key", lambda: MenuAction("静音", "")),
    ("action_list.key", lambda: ActionMenu((MenuAction("甲", "k"), MenuAction("乙", "k")))),
    ("task_id", lambda: question(task_id="")),
    ("task_id", lambda: vote(task_id="")),
    ("task_id", lambda: form(task_id="")),
    ("task_id", lambda: notice(action_menu=menu(1))),
    ("task_id", lambda: question(task_id="CG 1")),
    ("task_id", lambda: question(task_id="采购")),
    ("task_id", lambda: question(task_id="a|b")),
    ("main_title.title", lambda: question(title=MainTitle())),
    ("main_title.title", lambda: news(title=MainTitle())),
    ("main_title.title", lambda: vote(title=MainTitle())),
    ("main_title.title", lambda: form(title=MainTitle())),
    ("main_title.title", lambda: notice(title=MainTitle())),
    ("horizontal_content_list.keyname", lambda: Pair("", "x")),
    ("horizontal_content_list.url", lambda: Pair("附件", "x", url="x")),
    ("horizontal_content_list.type", lambda: Pair("附件", "x", url="https://x", userid="a")),
    ("horizontal_content_list.value", lambda: Pair("附件", "", media_id="m")),
    ("jump_list.title", lambda: Jump("")),
    ("emphasis_content", lambda: notice(emphasis=Emphasis("1"), quote=Quote("引"))),
    ("card_action", lambda: notice(opens=None)),
    ("card_action", lambda: news(opens=None)),
    ("card_image", lambda: news(image=None)),
    ("vertical_content_list.title", lambda: Vertical("")),
    ("selection.option_list", lambda: ButtonSelection("q", "", ())),
    ("selection.option_list.id", lambda: ButtonSelection("q", "", (Option("a", "甲"), Option("a", "乙")))),
    ("selection.option_list.id", lambda: ButtonSelection("q", "", (Option("", "甲"),))),
    ("selection.option_list.text", lambda: ButtonSelection("q", "", (Option("a", ""),))),
    ("selected_id", lambda: ButtonSelection("q", "", CHOICES, "c")),
    ("question_key", lambda: ButtonSelection("", "", CHOICES)),
    ("button_list", lambda: question(buttons=())),
    ("button_list.key", lambda: question(buttons=(Button("同意", "k"), Button("驳回", "k")))),
    ("button_list.key", lambda: Button("同意")),
    ("button_list.url", lambda: Button("查看", url="x")),
    ("button_list.text", lambda: Button("", "k")),
    ("button_list.style", lambda: Button("同意", "k", style=5)),
    ("checkbox.option_list", lambda: vote(options=())),
    ("checkbox.option_list.id", lambda: vote(options=(Option("a", "甲"), Option("a", "乙")))),
    ("checkbox.option_list.is_checked", lambda: vote(options=(Option("a", "甲", True), Option("b", "乙", True)))),
    ("submit_button.text", lambda: vote(submit_text="")),
    ("submit_button.key", lambda: form(submit_key="")),
    ("select_list", lambda: form(selects=())),
    ("select_list.question_key", lambda: form(selects=(*selects(1), *selects(1)))),
]


@pytest.mark.parametrize(("field", "build"), WRONG, ids=[f"{at} {field}" for at, (field, _) in enumerate(WRONG)])
def test_what_wecom_would_refuse_is_not_built(field: str, build: Callable[[], object]) -> None:
    with pytest.raises(CardLimit) as caught:
        build()
    assert caught.value.field == field


class TestJson:
    def test_a_question_with_everything(self) -> None:
        card = ButtonInteraction(
            "task-1", MainTitle("服务器", "许专员 · 销售部"),
            (Button("同意", "a", style=1), Button("驳回", "r", style=3), Button("查看", url="https://x/1", style=4)),
            source=Source("采购 · 待您审批", 2, "https://x/i.png"),
            action_menu=ActionMenu((MenuAction("静音", "m"),), "更多"),
            quote=Quote("原话", "出处", PAGE),
            horizontal=(
                Pair("编号", "CG-1"), Pair("制度", "原文", url="https://x/2"), Pair("附件", "a.pdf", media_id="m1"),
                Pair("提出", "许专员", userid="Xu"),
            ),
            sub_title="事由：扩容", selection=ButtonSelection("reason", "原因", CHOICES, "a", disabled=True),
            opens=Target(appid="wx1", pagepath="/p"), replace_text="已同意",
        )
        assert card.to_json() == {
            "card_type": "button_interaction",
            "source": {"icon_url": "https://x/i.png", "desc": "采购 · 待您审批", "desc_color": 2},
            "action_menu": {"desc": "更多", "action_list": [{"text": "静音", "key": "m"}]},
            "main_title": {"title": "服务器", "desc": "许专员 · 销售部"},
            "quote_area": {"type": 1, "url": PAGE.url, "title": "出处", "quote_text": "原话"},
            "sub_title_text": "事由：扩容",
            "button_selection": {
                "question_key": "reason", "title": "原因",
                "option_list": [{"id": "a", "text": "甲"}, {"id": "b", "text": "乙"}], "selected_id": "a",
                "disable": True,
            },
            "button_list": [
                {"text": "同意", "style": 1, "key": "a"}, {"text": "驳回", "style": 3, "key": "r"},
                {"type": 1, "text": "查看", "style": 4, "url": "https://x/1"},
            ],
            "horizontal_content_list": [
                {"keyname": "编号", "value": "CG-1"},
                {"type": 1, "keyname": "制度", "value": "原文", "url": "https://x/2"},
                {"type": 2, "keyname": "附件", "value": "a.pdf", "media_id": "m1"},
                {"type": 3, "keyname": "提出", "value": "许专员", "userid": "Xu"},
            ],
            "card_action": {"type": 2, "appid": "wx1", "pagepath": "/p"},
            "task_id": "task-1",
            "replace_text": "已同意",
        }

    def test_a_notice_says_only_what_it_has(self) -> None:
        assert notice(title=MainTitle(), sub_title="正文").to_json() == {
            "card_type": "text_notice", "sub_title_text": "正文", "card_action": {"type": 1, "url": PAGE.url},
        }

    def test_a_notice_with_a_figure_and_jumps(self) -> None:
        card = notice(emphasis=Emphasis("41%", "少于前四周"), jumps=(Jump("去看", PAGE), Jump("只读")))
        assert card.to_json() == {
            "card_type": "text_notice", "main_title": {"title": "服务器"},
            "emphasis_content": {"title": "41%", "desc": "少于前四周"},
            "card_action": {"type": 1, "url": PAGE.url},
            "jump_list": [{"type": 1, "url": PAGE.url, "title": "去看"}, {"type": 0, "title": "只读"}],
        }

    def test_news_with_picture_text_and_blocks(self) -> None:
        card = news(
            image=CardImage("https://x/p.png", 2), image_text=ImageText("https://x/q.png", "题", "文", PAGE),
            verticals=(Vertical("一", "甲"), Vertical("二")),
        )
        assert card.to_json() == {
            "card_type": "news_notice", "main_title": {"title": "服务器"},
            "card_image": {"url": "https://x/p.png", "aspect_ratio": 2},
            "image_text_area": {
                "type": 1, "url": PAGE.url, "title": "题", "desc": "文", "image_url": "https://x/q.png",
            },
            "vertical_content_list": [{"title": "一", "desc": "甲"}, {"title": "二"}],
            "card_action": {"type": 1, "url": PAGE.url},
        }

    def test_a_vote_for_one_and_for_several(self) -> None:
        assert vote(options=(Option("a", "甲", True), Option("b", "乙"))).to_json() == {
            "card_type": "vote_interaction", "main_title": {"title": "服务器"},
            "checkbox": {
                "question_key": "q", "mode": 0,
                "option_list": [{"id": "a", "text": "甲", "is_checked": True}, {"id": "b", "text": "乙"}],
            },
            "submit_button": {"text": "提交", "key": "s"}, "task_id": "t",
        }
        box = vote(several=True, disabled=True).to_json()["checkbox"]
        assert isinstance(box, dict)
        assert (box["mode"], box["disable"]) == (1, True)

    def test_a_form_of_drop_downs(self) -> None:
        assert form(selects=(ButtonSelection("q1", "部门", CHOICES),)).to_json() == {
            "card_type": "multiple_interaction", "main_title": {"title": "服务器"},
            "select_list": [
                {
                    "question_key": "q1", "title": "部门",
                    "option_list": [{"id": "a", "text": "甲"}, {"id": "b", "text": "乙"}],
                }
            ],
            "submit_button": {"text": "提交", "key": "s"}, "task_id": "t",
        }

    def test_two_buttons_that_open_pages_need_no_keys(self) -> None:
        card = question(buttons=(Button("一", url="https://x/1"), Button("二", url="https://x/2")))
        assert len(card.to_json()["button_list"]) == 2  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "most", "shown"), [("服务器", 3, "服务器"), ("服务器", 2, "服…"), ("", 3, ""), ("abcdef", 1, "…")]
)
def test_a_text_is_cut_where_one_can_see_it(text: str, most: int, shown: str) -> None:
    assert cut(text, most) == shown
