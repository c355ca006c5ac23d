"""
Buttons as types: one declaration for the one who writes a card's key and the one who reads the tap.

A key is `name.version|value|value…`. Cards stay on phones for weeks: keep the old class while old cards live.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self

from policy.errors import ProjectError

KEY_BYTES = 1024  # limit of a button key [doc 90236]
_SEPARATOR = "|"
_ACTIONS: dict[str, type[CardAction]] = {}


class UnreadableKey(ProjectError):
    """A tap's key is none of ours, or was damaged; answer politely, change nothing."""


@dataclass(frozen=True)
class CardAction:
    """
    Base of every button. Subclass as a frozen dataclass of str and int fields with `key="topic.verb.1"`.

    Raises (on declaration):
        ValueError: the key is taken.
    """

    key: ClassVar[str] = ""

    def __init_subclass__(cls, key: str = "", **options: Any) -> None:
        super().__init_subclass__(**options)
        if key in _ACTIONS:
            raise ValueError(f"button key {key} is declared twice")
        cls.key = key
        _ACTIONS[key] = cls

    def pack(self) -> str:
        """
        Return the button's key.

        Raises:
            ValueError: a value holds the separator, or the key is over WeCom's 1,024 bytes.
        """
        parts = [str(value) for value in vars(self).values()]  # in the order of the declaration
        if _SEPARATOR in "".join(parts):
            raise ValueError(f"a button value may not hold {_SEPARATOR!r}: {parts}")
        packed = _SEPARATOR.join([self.key, *parts])
        if len(packed.encode()) > KEY_BYTES:
            raise ValueError(f"button key over {KEY_BYTES} bytes")
        return packed

    @classmethod
    def _of(cls, parts: list[str]) -> Self:
        wanted = fields(cls)
        if len(parts) != len(wanted):
            raise UnreadableKey(cls.key)
        try:
            values = [
                int(part) if item.type in (int, "int") else part for item, part in zip(wanted, parts, strict=True)
            ]
        except ValueError:
            raise UnreadableKey(cls.key) from None
        return cls(*values)


def unpack(packed: str) -> CardAction:
    """
    Read a tap's key.

    Raises:
        UnreadableKey: not one of our keys.
    """
    name, *parts = packed.split(_SEPARATOR)
    action = _ACTIONS.get(name)
    if action is None:
        raise UnreadableKey(name[:64])
    return action._of(parts)
