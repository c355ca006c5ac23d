"""The app's menu: 发起 | 待办 | 更多 (wecom-facts 8.2; doc 90231). Limits are checked when it is built."""

from __future__ import annotations

from bot.wecom.client import WeComClient
from notifications import limits
from notifications.texts import general as texts
from policy.errors import ProjectError


class MenuLimit(ProjectError):
    """An entry breaks one of WeCom's limits; shorten it."""


def app_menu() -> dict[str, object]:
    """Return the body of menu/create."""
    return {
        "button": [
            _top(texts.MENU_START, [_entry(texts.MENU_PURCHASE, "purchase"), _entry(texts.MENU_RECORD, "record")]),
            _entry(texts.MENU_TODO, "todo", limits.MENU_TOP_BYTES),
            _top(
                texts.MENU_MORE,
                [
                    _entry(texts.MENU_MINE, "mine"),
                    _entry(texts.MENU_FIND, "find"),
                    _entry(texts.MENU_HELP, "help"),
                ],
            ),
        ]
    }


def install(client: WeComClient) -> None:
    """Put the menu in place, whatever was there."""
    client.call(f"menu/create?agentid={client.agent_id}", app_menu())


def _top(name: str, entries: list[dict[str, object]]) -> dict[str, object]:
    _within(name, limits.MENU_TOP_BYTES)
    if not 1 <= len(entries) <= 5:
        raise MenuLimit(f"{name}: 1 to 5 entries")
    return {"name": name, "sub_button": entries}


def _entry(name: str, key: str, most: int = limits.MENU_SUB_BYTES) -> dict[str, object]:
    _within(name, most)
    _within(key, limits.MENU_KEY_BYTES)
    return {"type": "click", "name": name, "key": key}


def _within(text: str, most: int) -> None:
    if not 0 < len(text.encode()) <= most:
        raise MenuLimit(f"{text}: 1 to {most} bytes")
