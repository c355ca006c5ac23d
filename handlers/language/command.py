"""
A message as a command: its word, free tokens, and 字=值 pairs (contract, Chat).

The word may be glued to what follows (待办3, 追溯CG-20261123-0001, 采购服务器 3.5万). Inside an ordinary sentence
(记录本用完了) it is not taken as a command: that is answered with a question, not with a filed record.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.language.normalize import normalize
from policy.terms import Noun

_PAIR = re.compile(r"(?:(?<=\s)|^)([\w\u4e00-\u9fff]{1,12})\s*=\s*")
_LINE_PAIR = re.compile(r"^([\u4e00-\u9fff\w]{1,12})\s*[:=]\s*(.*)$")
_NUMBER = re.compile(r"([A-Za-z]{2})[-_ ]?(\d{8})[-_ ]?(\d{1,6})")
_TOKEN = re.compile(r'"([^"]*)"|(\S+)')
_WORD_END = re.compile(r"[\s,，:：、。!?]+")
_GLUED_NUMBER = re.compile(r"(?:[A-Za-z]{2}[-_]?\d{8}|\d{1,3}$)")
_MOST_GLUED = 4


@dataclass(frozen=True)
class CommandLine:
    """
    A command as typed.

    Attributes:
        word: the command's own word; typed_word: the word or alias as typed.
        text: the whole message, normalized; body: what follows the word, line breaks kept.
        tokens: free words in order, pairs taken out; a quoted string is one token.
        pairs: 字=值, the last one wins.
    """

    word: str
    typed_word: str
    text: str
    body: str
    tokens: tuple[str, ...]
    pairs: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def bare(cls, word: str) -> CommandLine:
        """Return a command without anything after it."""
        return cls(word, word, word, "", ())


@dataclass(frozen=True)
class NotACommand:
    """A message that begins with no known word; typed_word is its first piece."""

    typed_word: str
    text: str
    body: str


def read_command(typed: str, vocabulary: Mapping[str, str]) -> CommandLine | NotACommand:
    """
    Read a message. Never raises.

    Args:
        vocabulary: word or alias → the command's own word.
    """
    text = normalize(typed)
    first = _WORD_END.split(text, maxsplit=1)[0]
    word = first if first in vocabulary else first.lower() if first.lower() in vocabulary else _glued(first, vocabulary)
    if not word:
        return NotACommand(first, text, text[len(first) :].strip())
    body = text[len(word) :].lstrip(" ,，:：、")
    tokens, pairs = _arguments(body)
    return CommandLine(vocabulary[word], text[: len(word)], text, body.strip(), tokens, pairs)


def read_number(typed: str) -> str | None:
    """Return an item's number in its canonical form: cg20261123-1 → CG-20261123-0001; None when it is none."""
    found = _NUMBER.fullmatch(normalize(typed))
    if found is None:
        return None
    try:
        noun = Noun(found.group(1).upper())
    except ValueError:
        return None
    day = found.group(2)
    return f"{noun.value}-{day}-{int(found.group(3)):04d}"


def _glued(first: str, vocabulary: Mapping[str, str]) -> str:
    """Return the longest known word that `first` begins with, if what is glued to it is an argument."""
    for size in range(min(_MOST_GLUED, len(first) - 1), 0, -1):
        word = first[:size]
        if word not in vocabulary:
            continue
        rest = first[size:]
        if _GLUED_NUMBER.match(rest) or (size >= 2 and vocabulary[word] in _TAKES_GLUED and not _sentence(rest)):
            return word
    return ""


# 采购服务器 3.5万 is a command; 记录本用完了 is not.
_TAKES_GLUED = frozenset({"采购", "查", "帮助"})
_PARTICLES = ("了", "吗", "呢", "吧", "的", "部", "员", "单", "经理", "什么", "怎么")


def _sentence(rest: str) -> bool:
    return rest.endswith(_PARTICLES) or rest.startswith(("部", "员", "的", "了", "单", "经理"))


def _arguments(body: str) -> tuple[tuple[str, ...], dict[str, str]]:
    if "=" not in body and ":" not in body and '"' not in body:
        return tuple(body.split()), {}
    pairs: dict[str, str] = {}
    free: list[str] = []
    for line in body.split("\n"):
        whole = _LINE_PAIR.match(line.strip()) if "\n" in body else None
        if whole is not None and "=" not in whole.group(2) and not whole.group(2).startswith("//"):
            pairs[whole.group(1)] = _unquoted(whole.group(2))
            continue
        places = list(_PAIR.finditer(line))
        head = line[: places[0].start()] if places else line
        free += [quoted or plain for quoted, plain in _TOKEN.findall(head)]
        for at, place in enumerate(places):
            end = places[at + 1].start() if at + 1 < len(places) else len(line)
            pairs[place.group(1)] = _unquoted(line[place.end() : end])
    return tuple(free), pairs


def _unquoted(value: str) -> str:
    value = value.strip().rstrip(",，;；")
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value


