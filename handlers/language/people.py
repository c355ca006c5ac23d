"""
People as others name them: @name, name, userid, alias, 王芳（财务部）; two of one name are never guessed between.

Only people who still work here are found; who has left, and who sounds like what was typed, is told apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from handlers.language.nearest import nearest_names
from handlers.language.normalize import normalize
from policy.org import Org

_LISTED = re.compile(r"[、,/;\n]+")
_SPACES = re.compile(r"\s+")
_AND = re.compile(r"以及|和|与|跟|及")
_GLUED_AT = re.compile(r"(?<=[^\s、,/;@])@")
_WITH_DEPARTMENT = re.compile(r"([^()@]+)(?:\(([^()]+)\)|@([^()@]+))")
_MOST_NEAREST = 3


class Entry(Protocol):
    """What is needed of a person. `userid` in lower case."""

    @property
    def userid(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def aliases(self) -> tuple[str, ...]: ...
    @property
    def department_name(self) -> str: ...
    @property
    def active(self) -> bool: ...


class Directory(Protocol):
    """The people to look among."""

    def __iter__(self) -> Iterator[Entry]: ...


@dataclass(frozen=True, slots=True)
class Listed:
    """A person of the org, with the name of the department instead of its id."""

    userid: str
    name: str
    aliases: tuple[str, ...]
    department_name: str
    active: bool


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
    """
    Nobody of that name.

    Attributes:
        nearest: userids of people who sound or look like it, best first; a suggestion, never taken by itself.
        left: userids of people of that name who no longer work here.
    """

    typed: str
    nearest: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


Who = Found | Several | NotFound


def directory_of(org: Org) -> tuple[Listed, ...]:
    """Return the org's people as a directory, those who left included."""
    names = {key: department.name for key, department in org.departments.items()}
    return tuple(
        Listed(one.userid, one.name, one.aliases, names.get(one.department, ""), one.active)
        for one in org.people.values()
    )


def find_person(typed: str, directory: Directory) -> Who:
    """Return who is meant. Never raises."""
    return _find(typed, tuple(directory))


def find_people(typed: str, directory: Directory) -> list[Who]:
    """
    Return who is meant by a list of names separated by 、 , / ; spaces or 和, each once, in the order typed.

    A name that itself contains a space or 和 is found whole first. Never raises.
    """
    everyone = tuple(directory)
    found: list[Who] = []
    for part in _LISTED.split(_GLUED_AT.sub(" @", normalize(typed))):
        if part.strip():
            found += [who for who in _among(part.strip(), everyone) if who not in found]
    return found


def _among(part: str, everyone: tuple[Entry, ...]) -> list[Who]:
    for split in (None, _SPACES, _AND):
        pieces = [part] if split is None else [piece for piece in split.split(part) if piece.strip("@ ")]
        whos = [_exact(piece, everyone) for piece in pieces]
        if whos and not any(isinstance(who, NotFound) for who in whos):
            return whos
    return [who for piece in _SPACES.split(part) if piece.strip("@") for who in _by_and(piece, everyone)]


def _by_and(piece: str, everyone: tuple[Entry, ...]) -> list[Who]:
    whole = _exact(piece, everyone)
    if not isinstance(whole, NotFound):
        return [whole]
    # 张和和林总监: the first 和 that has a whole name before it.
    for cut in _AND.finditer(piece):
        first = _exact(piece[: cut.start()], everyone)
        if not isinstance(first, NotFound) and piece[cut.end() :]:
            return [first, *_by_and(piece[cut.end() :], everyone)]
    parts = [_exact(part, everyone) for part in _AND.split(piece) if part.strip("@ ")]
    if len(parts) > 1 and any(not isinstance(who, NotFound) for who in parts):
        return [_find(who.typed, everyone) if isinstance(who, NotFound) else who for who in parts]
    return [_find(piece, everyone)]


def _find(typed: str, everyone: tuple[Entry, ...]) -> Who:
    who = _exact(typed, everyone)
    if not isinstance(who, NotFound) or who.left or not who.typed:
        return who
    near = nearest_names(who.typed, ((one.userid, (one.name, *one.aliases)) for one in everyone if one.active))
    return NotFound(who.typed, tuple(near[:_MOST_NEAREST]))


def _exact(typed: str, everyone: tuple[Entry, ...]) -> Who:
    name = normalize(typed).lstrip("@ ").strip()
    wanted = name.lower()
    if not wanted:
        return NotFound(name)
    matches = _matching(wanted, everyone)
    if not matches:
        matches = _in_department(wanted, everyone)
    active = tuple(sorted(one.userid for one in matches if one.active))
    if len(active) == 1:
        return Found(active[0])
    if active:
        return Several(active)
    return NotFound(name, left=tuple(sorted(one.userid for one in matches)))


def _matching(wanted: str, everyone: Iterable[Entry]) -> list[Entry]:
    """Return who matches by userid, else by name, else by alias; who works here goes before who has left."""
    by_id: list[Entry] = []
    by_name: list[Entry] = []
    by_alias: list[Entry] = []
    for one in everyone:
        if one.userid.lower() == wanted:
            by_id.append(one)
        elif one.name.lower() == wanted:
            by_name.append(one)
        elif any(alias.lower() == wanted for alias in one.aliases):
            by_alias.append(one)
    groups = (by_id, by_name, by_alias)
    working = next((group for group in groups if any(one.active for one in group)), None)
    return working or by_id or by_name or by_alias


def _in_department(wanted: str, everyone: tuple[Entry, ...]) -> list[Entry]:
    """Return who matches 王芳(财务部), 王芳@财务部 or 财务部王芳."""
    marked = _WITH_DEPARTMENT.fullmatch(wanted)
    if marked is not None:
        name, department = marked.group(1).strip(), (marked.group(2) or marked.group(3)).strip()
        return [one for one in _matching(name, everyone) if _same(department, one.department_name)]
    return [
        one
        for one in everyone
        if one.department_name
        for prefix in (one.department_name.lower(), one.department_name.lower().removesuffix("部"))
        if wanted.startswith(prefix) and wanted[len(prefix) :].strip() == one.name.lower()
    ]


def _same(typed: str, department: str) -> bool:
    return bool(typed) and department.lower().removesuffix("部") == typed.removesuffix("部")
