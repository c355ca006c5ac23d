"""The app's menu as a value (wecom-facts 8.2; doc 90231). Limits are checked when it is built."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.wecom.client import WeComClient
from notifications import limits
from policy.errors import ProjectError


class MenuLimit(ProjectError):
    """An entry breaks one of WeCom's limits; shorten it, or leave one out."""


@dataclass(frozen=True)
class MenuEntry:
    """An entry that calls back (`key`, comes as click) or opens a page (`url`)."""

    name: str
    key: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        _within("name", self.name, limits.MENU_SUB_BYTES)
        if bool(self.key) == bool(self.url):
            raise MenuLimit(f"{self.name}: either key or url is needed")
        if self.key:
            _within("key", self.key, limits.MENU_KEY_BYTES)
        else:
            _within("url", self.url, limits.MENU_URL_BYTES)
            if not self.url.startswith(("http://", "https://")):
                raise MenuLimit(f"{self.name}: url must begin with http:// or https://")

    def to_json(self) -> dict[str, object]:
        """Return the JSON of the entry."""
        if self.url:
            return {"type": "view", "name": self.name, "url": self.url}
        return {"type": "click", "name": self.name, "key": self.key}


@dataclass(frozen=True)
class MenuGroup:
    """A top entry that opens a list of 1 to 5."""

    name: str
    entries: tuple[MenuEntry, ...]

    def __post_init__(self) -> None:
        _within("name", self.name, limits.MENU_TOP_BYTES)
        if not 1 <= len(self.entries) <= limits.MENU_SUBS:
            raise MenuLimit(f"{self.name}: 1 to {limits.MENU_SUBS} entries")

    def to_json(self) -> dict[str, object]:
        """Return the JSON of the group."""
        return {"name": self.name, "sub_button": [entry.to_json() for entry in self.entries]}


@dataclass(frozen=True)
class AppMenu:
    """1 to 3 entries side by side; keys all different, since a click tells only its key."""

    tops: tuple[MenuEntry | MenuGroup, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.tops) <= limits.MENU_TOPS:
            raise MenuLimit(f"1 to {limits.MENU_TOPS} entries side by side")
        for top in self.tops:
            _within("name", top.name, limits.MENU_TOP_BYTES)
        keys = [entry.key for entry in _entries(self.tops) if entry.key]
        if len(set(keys)) != len(keys):
            raise MenuLimit("keys must differ")

    @property
    def keys(self) -> frozenset[str]:
        """Return the keys that may come back as clicks."""
        return frozenset(entry.key for entry in _entries(self.tops) if entry.key)

    def to_json(self) -> dict[str, object]:
        """Return the body of menu/create."""
        return {"button": [top.to_json() for top in self.tops]}


def install(client: WeComClient, menu: AppMenu) -> None:
    """
    Put the menu in place, whatever was there.

    Raises:
        SendError: WeCom did not take it.
    """
    client.menu.create(client.agent_id, menu.to_json())


def _entries(tops: Sequence[MenuEntry | MenuGroup]) -> list[MenuEntry]:
    return [entry for top in tops for entry in (top.entries if isinstance(top, MenuGroup) else (top,))]


def _within(what: str, text: str, most: int) -> None:
    if not 0 < len(text.encode()) <= most:
        raise MenuLimit(f"{what} {text!r}: 1 to {most} bytes")
