"""The app's menu: its body, its limits, and how it gets there (wecom-facts 8.2)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.wecom.client import WeComClient
from bot.wecom.menu import AppMenu, MenuEntry, MenuGroup, MenuLimit, install
from tests.bot.wecom.platform import AGENT, Platform, said

MENU = AppMenu(
    (
        MenuGroup("发起", (MenuEntry("提交采购", "purchase"), MenuEntry("登记记录", "record"))),
        MenuEntry("待办", "todo"),
        MenuGroup("更多", (MenuEntry("帮助", "help"), MenuEntry("我的页面", url="https://liuhen.example.com/h5/"))),
    )
)
BODY = {
    "button": [
        {
            "name": "发起",
            "sub_button": [
                {"type": "click", "name": "提交采购", "key": "purchase"},
                {"type": "click", "name": "登记记录", "key": "record"},
            ],
        },
        {"type": "click", "name": "待办", "key": "todo"},
        {
            "name": "更多",
            "sub_button": [
                {"type": "click", "name": "帮助", "key": "help"},
                {"type": "view", "name": "我的页面", "url": "https://liuhen.example.com/h5/"},
            ],
        },
    ]
}


def test_the_menu_goes_out_as_one_body_for_this_app(client: WeComClient, platform: Platform) -> None:
    install(client, MENU)
    sent = platform.calls("menu/create")[0]
    assert (sent.method, sent.query["agentid"], sent.json) == ("POST", "1000002", BODY)
    assert "发起".encode() in sent.body


def test_what_wecom_keeps_can_be_read_and_no_menu_is_none(client: WeComClient, platform: Platform) -> None:
    platform.lay_out("menu/get", said(**BODY), said(46003, "not set"))
    kept = client.menu.get(AGENT)
    assert kept is not None
    assert kept["button"] == BODY["button"]
    assert client.menu.get(AGENT) is None


def test_its_keys_are_those_that_come_back_as_clicks() -> None:
    assert MENU.keys == {"purchase", "record", "todo", "help"}


def entry(number: int) -> MenuEntry:
    return MenuEntry(f"第{number}", f"k{number}")


@pytest.mark.parametrize(
    ("most", "beyond"),
    [
        (lambda: AppMenu((MenuEntry("字" * 5 + "a", "k"),)), lambda: AppMenu((MenuEntry("字" * 5 + "ab", "k"),))),
        (lambda: MenuGroup("a" * 16, (entry(1),)), lambda: MenuGroup("a" * 17, (entry(1),))),
        (lambda: MenuEntry("字" * 13 + "a", "k"), lambda: MenuEntry("字" * 13 + "ab", "k")),
        (lambda: MenuEntry("a", "k" * 128), lambda: MenuEntry("a", "k" * 129)),
        (
            lambda: MenuEntry("a", url="https://" + "x" * 1016),
            lambda: MenuEntry("a", url="https://" + "x" * 1017),
        ),
        (
            lambda: MenuGroup("a", tuple(map(entry, range(5)))),
            lambda: MenuGroup("a", tuple(map(entry, range(6)))),
        ),
        (lambda: AppMenu(tuple(map(entry, range(3)))), lambda: AppMenu(tuple(map(entry, range(4))))),
        (lambda: MenuGroup("a", (entry(1),)), lambda: MenuGroup("a", ())),
        (lambda: AppMenu((entry(1),)), lambda: AppMenu(())),
        (lambda: AppMenu((entry(1), entry(2))), lambda: AppMenu((entry(1), entry(1)))),
        (lambda: MenuEntry("a", "k"), lambda: MenuEntry("", "k")),
        (lambda: MenuEntry("a", "k"), lambda: MenuEntry("a")),
        (lambda: MenuEntry("a", url="http://x"), lambda: MenuEntry("a", url="ftp://x")),
        (lambda: MenuEntry("a", url="http://x"), lambda: MenuEntry("a", "k", "http://x")),
    ],
)
def test_each_limit_is_kept_and_one_beyond_is_refused(most: Callable[[], object], beyond: Callable[[], object]) -> None:
    most()
    with pytest.raises(MenuLimit):
        beyond()
