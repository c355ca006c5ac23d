"""
Story files (演示场景): what people do and what must come of it. Played in the page, and on the stage as tests.

A file is YAML: `id`, `title`, `about`, optional `begin` (a moment as below; default: the next working hour unless it is
one), and `steps`. A step is a mapping with ONE verb, and beside it, if wanted, `caption` (what is shown while it plays;
chapter marks in it show as tags) and `controls` (a list such as [3.1a, 4.1a]).

    - {say: {who: xu, text: 采购 服务器 3.5万 扩容}}         a text message; also voice
    - {picture: {who: xu, name: 报价.png}}                    also file
    - {tap: {who: su, button: 同意}}                          the newest card that shows the button; also
      {tap: {who: su, button: 驳回, choose: 金额有误, title: 服务器, old: true}}   old: on the card as first sent
    - {menu: {who: xu, entry: 待办}} · {enter: {who: xu}}     the app's menu · opening the chat
    - {answer: {who: gao}} · {decline: {who: luo}}            a phone that rings
    - {move: {hours: 4}}                                      days, hours, minutes, seconds
    - {until: 周一 09:00}             the next such moment; also 18:30, 明天 08:30, 2026-12-01 14:30
    - {fault: {busy: 30}} · {reading: {attempts: "4"}}        shares in percent · which reading holds
    - {expect: {who: xu, text: "{CG} 苏主管 已同意{*}"}}       a message not yet expected: the whole text
    - {expect: {who: su, card: {title: 服务器, rows: {金额: "¥35,000.00"}, buttons: [同意, 退回补充, 驳回]}}}
      also source, desc, text (sub_title_text), replace (the dead button's words), dead: true
    - {expect: {who: gao, call: ringing}}                     or talking, ended
    - {silence: all} · {silence: [xu, su]}                    every message has been expected

In texts `{CG}` stands for a number of that kind: the first use learns it, later uses mean the same one, also in what
people say; `{CG2}` is another. `{*}` is anything, of any length. `{{` and `}}` are braces. Everything else is literal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Json = dict[str, Any]
_NAMES: dict[str, frozenset[str]] = {
    "say": frozenset({"who", "text"}), "voice": frozenset({"who", "text"}), "picture": frozenset({"who", "name"}),
    "file": frozenset({"who", "name"}), "tap": frozenset({"who", "button", "choose", "title", "old"}),
    "menu": frozenset({"who", "entry"}), "enter": frozenset({"who"}), "answer": frozenset({"who"}),
    "decline": frozenset({"who"}), "expect": frozenset({"who", "text", "card", "call"}),
}
_CARD = frozenset({"title", "desc", "source", "rows", "text", "buttons", "replace", "dead"})
_OTHERS = frozenset({"move", "until", "fault", "reading", "silence"})
VERBS = frozenset(_NAMES) | _OTHERS
_HOLE = re.compile(r"\{\{|\}\}|\{(\*|[A-Z]{2}\d*)\}")


class StoryWrong(Exception):
    """A story file cannot be used; says where."""


@dataclass(frozen=True)
class Step:
    """One step: its verb, what belongs to it, and what is shown meanwhile."""

    verb: str
    value: Any
    caption: str = ""
    controls: tuple[str, ...] = ()


@dataclass(frozen=True)
class Story:
    """One story as its file tells it."""

    id: str
    title: str
    about: str
    steps: tuple[Step, ...]
    begin: str = ""


def read_stories(folder: Path) -> list[Story]:
    """
    Return the stories of a folder, by file name.

    Raises:
        StoryWrong: a file has a fault.
    """
    return [read_story(path) for path in sorted(folder.glob("*.yaml"))]


def read_story(path: Path) -> Story:
    """Return one story; raises StoryWrong."""
    try:
        return story_of(yaml.safe_load(path.read_text()))
    except (StoryWrong, yaml.YAMLError) as error:
        raise StoryWrong(f"{path.name}: {error}") from None


def story_of(told: Any) -> Story:
    """Return a story from what its file holds; raises StoryWrong."""
    if not isinstance(told, Mapping) or not told.get("id") or not told.get("title"):
        raise StoryWrong("id and title are needed")
    steps = told.get("steps")
    if not isinstance(steps, Sequence) or not steps:
        raise StoryWrong("steps are needed")
    return Story(
        str(told["id"]), str(told["title"]), str(told.get("about", "")),
        tuple(_step(number, step) for number, step in enumerate(steps, 1)), str(told.get("begin", "")),
    )


def _step(number: int, told: Any) -> Step:
    if not isinstance(told, Mapping):
        raise StoryWrong(f"step {number}: a mapping is needed")
    beside = {"caption", "controls"}
    verbs = [name for name in told if name not in beside]
    if len(verbs) != 1 or verbs[0] not in VERBS:
        raise StoryWrong(f"step {number}: one verb is needed, not {', '.join(map(str, verbs)) or 'none'}")
    verb = str(verbs[0])
    value = told[verb]
    if verb in _NAMES:
        _check_names(number, verb, value)
    return Step(verb, value, str(told.get("caption", "")), tuple(str(each) for each in told.get("controls", ())))


def _check_names(number: int, verb: str, value: Any) -> None:
    if not isinstance(value, Mapping) or "who" not in value:
        raise StoryWrong(f"step {number}: {verb} needs `who`")
    unknown = set(value) - _NAMES[verb]
    if isinstance(value.get("card"), Mapping):
        unknown |= set(value["card"]) - _CARD
    if unknown:
        raise StoryWrong(f"step {number}: {verb} does not know {', '.join(sorted(map(str, unknown)))}")


class Numbers:
    """The numbers a story has learnt."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    def said(self, text: str) -> str:
        """Return a text with its numbers put in; raises StoryWrong for one not yet learnt."""

        def put(found: re.Match[str]) -> str:
            name = found.group(1)
            if name is None:
                return found.group(0)[0]
            if name not in self.known:
                raise StoryWrong(f"nothing has shown {{{name}}} yet")
            return self.known[name]

        return _HOLE.sub(put, text)

    def matches(self, pattern: str, text: str) -> bool:
        """Return whether a text is as expected; learns the numbers it shows then."""
        pieces, at, fresh = [], 0, []
        for found in _HOLE.finditer(pattern):
            pieces.append(re.escape(pattern[at : found.start()]))
            at, name = found.end(), found.group(1)
            if name is None:
                pieces.append(re.escape(found.group(0)[0]))
            elif name == "*":
                pieces.append(".*?")
            elif name in self.known:
                pieces.append(re.escape(self.known[name]))
            elif name in fresh:
                pieces.append(f"(?P={name})")
            else:
                fresh.append(name)
                pieces.append(f"(?P<{name}>{name[:2]}-\\d{{8}}-\\d{{4,}})")
        pieces.append(re.escape(pattern[at:]))
        matched = re.fullmatch("".join(pieces), text, re.DOTALL)
        if matched is None:
            return False
        self.known.update(matched.groupdict())
        return True
