"""What people did and what came of it, so that the last minutes can become a story file (存成场景)."""

from __future__ import annotations

import re
import threading
from collections import deque
from typing import Any

import yaml

from sandbox.platform.world import World

Json = dict[str, Any]
_KEPT = 2000
_NUMBER = re.compile(r"([A-Z]{2})-\d{8}-\d{4,}")
_WHEN = re.compile(r"\d{1,2}月\d{1,2}日( \d{2}:\d{2})?(（周.）)?")


class Journal:
    """Acts in order, with the serial of the world at each; safe between threads."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._lock = threading.Lock()
        self._acts: deque[tuple[float, int, Json]] = deque(maxlen=_KEPT)

    def act(self, verb: str, **more: Any) -> None:
        """Note an act."""
        self._note({verb: more})

    def moved(self, moment: str) -> None:
        """Note that company time was moved."""
        self._note({"until": moment})

    def _note(self, step: Json) -> None:
        with self._lock:
            self._acts.append((self._world.seconds(), self._world.serial(), step))

    def as_story(self, minutes: float) -> str:
        """Return the last minutes (machine time) as a story file."""
        oldest = self._world.seconds() - minutes * 60
        with self._lock:
            steps = [(serial, step) for at, serial, step in self._acts if at >= oldest]
        first = steps[0][0] if steps else 0
        for userid, chat in list(self._world.chats.items()):
            for message in list(chat):
                if message["direction"] == "out" and message["machine"] >= oldest and message["id"] >= first:
                    steps.append((message["id"], {"expect": _expected(userid, message)}))
        names = _Numbers()
        ordered = [names.replaced(step) for _, step in sorted(steps, key=lambda each: each[0])]
        story = {"id": "saved", "title": "存下的场景", "about": "", "steps": [*ordered, {"silence": "all"}]}
        return yaml.dump(story, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=1000)


def _expected(userid: str, message: Json) -> Json:
    card = message.get("card")
    if card is None:
        return {"who": userid, "text": message.get("text", "")}
    return {"who": userid, "card": {"title": (card.get("main_title") or {}).get("title", "")}}


class _Plain(yaml.SafeDumper):
    """Writes texts of several lines as people would."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Plain.add_representer(str, _text)


class _Numbers:
    """CG-20261123-0001 becomes {CG}, the next of its kind {CG2}; moments become {*}."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def replaced(self, step: Json) -> Json:
        return {verb: self._value(value, verb == "expect") for verb, value in step.items()}

    def _value(self, value: Any, expected: bool) -> Any:
        if isinstance(value, dict):
            return {name: self._value(each, expected) for name, each in value.items()}
        if not isinstance(value, str):
            return value
        numbered = _NUMBER.sub(self._name, value)
        return _WHEN.sub("{*}", numbered) if expected else numbered

    def _name(self, found: re.Match[str]) -> str:
        number, kind = found.group(0), found.group(1)
        if number not in self._names:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._names[number] = kind if self._counts[kind] == 1 else f"{kind}{self._counts[kind]}"
        return f"{{{self._names[number]}}}"


