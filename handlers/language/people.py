"""People as others name them: @name, name, userid, alias; two of one name are never guessed between."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from handlers.language.normalize import normalize

_SPLIT = re.compile(r"[、,，/;；\s]+")


class Entry(Protocol):
    """What is needed of a person."""

    @property
    def userid(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def aliases(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Found:
    """Exactly one person."""

    userid: str


@dataclass(frozen=True)
class Several:
    """More than one person of that name; a card asks which."""

    userids: tuple[str, ...]


@dataclass(frozen=True)
class NotFound:
    """Nobody of that name."""

    typed: str


def find_person(typed: str, people: Iterable[Entry]) -> Found | Several | NotFound:
    """Return who is meant. Never raises."""
    wanted = normalize(typed).lstrip("@").strip().lower()
    if not wanted:
        return NotFound(typed)
    everyone = list(people)
    for matches in (
        [one.userid for one in everyone if one.userid == wanted],
        [one.userid for one in everyone if one.name.lower() == wanted],
        [one.userid for one in everyone if wanted in (alias.lower() for alias in one.aliases)],
    ):
        if len(matches) == 1:
            return Found(matches[0])
        if matches:
            return Several(tuple(sorted(matches)))
    return NotFound(typed)


def find_people(typed: str, people: Iterable[Entry]) -> list[Found | Several | NotFound]:
    """Return who is meant by a list of names separated by 、 , / or spaces."""
    everyone = list(people)
    return [find_person(part, everyone) for part in _SPLIT.split(normalize(typed)) if part]
