"""
A message as a command: its word, free tokens, and 字=值 pairs (contract, Chat).

The word may be glued to what follows (待办3, 追溯CG-20261123-0001, 采购服务器 3.5万), but only when what follows shows
that it is one: 记录本用完了 is a sentence, and a sentence is answered with a question, not with a filed record.
What shows it besides a sum, a pair or a number is a mark on the command's declaration: 告警数据库无法连接.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType

from handlers.language.amounts import looks_like_amount
from handlers.language.normalize import normalize, tidy
from policy.terms import Noun

_KEY = r"(?![0-9]+\s*[:：=])\w{1,12}"  # 09:30 and 2=3 are no fields
# a==b, a>=b are no pairs.
_PAIR = re.compile(rf"(?:^|(?<=[\s，,；;]))({_KEY})\s*=(?![=])\s*")
_FIRST_IN_LINE = re.compile(rf"\s*({_KEY})\s*[:：=](?![=/\\])\s*")
_NUMBER = re.compile(r"([A-Za-z]{2})[-_ ]?([0-9]{8})[-_ ]?([0-9]{1,6})")
_GLUED_NUMBER = re.compile(
    r"([A-Za-z]{2}[-_]?[0-9]{8}[-_][0-9]{1,6})(?=[\u4e00-\u9fff，,、。：:！!？?（(])[，,、。：:！!？?]*"
)
_TOKEN = re.compile(r'"([^"\n]*)"|“([^”\n]*)”|「([^」\n]*)」|(\S+)')
_QUOTES = {'"': '"', "“": "”", "「": "」"}
_MORE_THAN_WORDS = re.compile(f"[\n={''.join(_QUOTES)}]")
_WORD_END = re.compile(r"[\s,，:：、。;；!！?？=]")
_NOTHING_SAID = re.compile(r"[\s=?？。,，.…~～]*")
_AFTER_WORD = " \t,，:：、。;；!！"
_TAIL = re.compile(r"[。!！~～\s]+$")
_SENTENCE_END = re.compile(r"[。！!？?\n]")
_NUMBER_FOLLOWS = re.compile(r"(?:[A-Za-z]{2}[-_]?[0-9]{8}|[0-9]{1,3}$)")

# 会议室, 采购部, 记录本, 报警器, 会议费: other words than the command they begin with.
_OTHER_WORD = re.compile(
    r"[部室员单本表书人器者处科费款金额价率度来的了是吗呢吧怎什已还没不在有要会能可想一这那我你您他她]"
    r"|经理|主管|总监|系统|流程|制度"
)
_ASKS = re.compile(r"[吗呢吧谁哪啥？?]|什么|怎么|为何|几时|多少|是否|能不能|可不可")
_MOST_GLUED = 20  # characters glued to a command's word; more are a sentence

Meant = Callable[[str], bool]
"""Given what follows a command's word without a space: whether the command is clearly meant."""
_NONE: Mapping[str, Meant] = MappingProxyType({})


@dataclass(frozen=True)
class CommandLine:
    """
    A command as typed.

    Attributes:
        word: the command's own word; typed_word: the word or alias as typed.
        text: the whole message in tidy form; body: what follows the word, line breaks kept.
        tokens: free words in order, pairs taken out; a quoted string is one token.
        pairs: 字=值; of a name typed twice the last value, and the earlier ones in `repeated`.
    """

    word: str
    typed_word: str
    text: str
    body: str
    tokens: tuple[str, ...]
    pairs: Mapping[str, str] = field(default_factory=dict)
    repeated: tuple[tuple[str, str], ...] = ()

    @classmethod
    def bare(cls, word: str) -> CommandLine:
        """Return a command without anything after it."""
        return cls(word, word, word, "", ())

    def with_colons(self, names: Collection[str]) -> CommandLine:
        """Return the line read again with 物品：服务器 taken as a pair anywhere, for the names a command knows."""
        if ":" not in self.body and "：" not in self.body:
            return self
        marked = _named(tuple(sorted(names, key=len, reverse=True))).sub(r"\1=", self.body)
        tokens, pairs, repeated = _arguments(marked)
        return replace(self, tokens=tokens, pairs=pairs, repeated=repeated)


@dataclass(frozen=True)
class NotACommand:
    """
    A message that begins with no known word.

    Attributes:
        typed_word: its first piece; body: what follows it.
        begins: the command whose word the first piece begins with (采购显示器 → 采购), "" when none or when it is
            clearly another word (采购部); to be asked about, never to be run. glued: what follows it there (显示器).
    """

    typed_word: str
    text: str
    body: str
    begins: str = ""
    glued: str = ""


def read_command(
    typed: str, vocabulary: Mapping[str, str], glued_words: Mapping[str, Meant] = _NONE
) -> CommandLine | NotACommand:
    """
    Read a message. Never raises.

    Args:
        vocabulary: word or alias → the command's own word.
        glued_words: the commands' own words whose free text may follow without a space → what shows that it does.
    """
    text = _unwrapped(tidy(typed))
    end = _WORD_END.search(text)
    first = text if end is None else text[: end.start()]
    if first in vocabulary:
        return _line(first, vocabulary[first], text, len(first))
    if first.lower() in vocabulary:
        return _line(first, vocabulary[first.lower()], text, len(first))
    if not first:  # "?" is a word too
        whole = normalize(text)
        return _line(text, vocabulary[whole], text, len(text)) if whole in vocabulary else NotACommand("", text, text)
    begins = _begins(first, vocabulary)
    glued, rest = first[len(begins) :], text[len(first) :]
    if begins and (_NUMBER_FOLLOWS.match(glued) or glued in vocabulary):
        return _line(begins, vocabulary[begins], text, len(begins))
    meant = glued_words.get(vocabulary.get(begins, ""))
    if meant is not None and meant(text[len(begins) :]):
        return _line(begins, vocabulary[begins], text, len(begins))
    body = rest.strip(_AFTER_WORD + "\n")
    # Of words that are made for free text the question comes however much follows.
    too_much = meant is None and len(glued) > _MOST_GLUED
    if len(begins) < 2 or too_much or _OTHER_WORD.match(glued) or _ASKS.search(glued):
        return NotACommand(first, text, body)
    # What comes after must look like arguments: a sum, a pair, an item's number. Before a noun alone it may be talk.
    if any("=" in token or looks_like_amount(token) or read_number(token) for token in rest.split()):
        return _line(begins, vocabulary[begins], text, len(begins))
    return NotACommand(first, text, body, vocabulary[begins], glued)


def read_number(typed: str) -> str | None:
    """Return an item's number in its canonical form: cg20261123-1 → CG-20261123-0001; None when it is none."""
    found = _NUMBER.fullmatch(normalize(typed))
    if found is None:
        return None
    prefix, serial = found.group(1).upper(), int(found.group(3))
    if prefix not in _PREFIXES or not serial:
        return None
    return f"{prefix}-{found.group(2)}-{serial:04d}"


_PREFIXES = frozenset(noun.value for noun in Noun)


def _line(typed_word: str, word: str, text: str, size: int) -> CommandLine:
    body = text[size:].lstrip(_AFTER_WORD).strip()
    tail = _TAIL.search(body)
    # One sentence needs no full stop; a text of several keeps its own.
    if tail is not None and not _SENTENCE_END.search(body, 0, tail.start()):
        body = body[: tail.start()]
    if _NOTHING_SAID.fullmatch(body):
        body = ""
    tokens, pairs, repeated = _arguments(body)
    return CommandLine(word, typed_word, text, body, tokens, pairs, repeated)


def _unwrapped(text: str) -> str:
    """Return a message without the quotes it was copied with: “待办”, /帮助."""
    closing = _QUOTES.get(text[:1])
    if closing is not None and len(text) > 2 and text.endswith(closing):
        inner = text[1:-1]
        return inner.strip() if closing not in inner else text
    return text[1:].lstrip() if text[:1] in ("/", "#") else text


def _begins(first: str, vocabulary: Mapping[str, str]) -> str:
    """Return the longest known word that `first` begins with, "" when there is none."""
    for size in range(min(len(first) - 1, _longest(frozenset(vocabulary))), 0, -1):
        if first[:size] in vocabulary:
            return first[:size]
    return ""


@lru_cache(maxsize=8)
def _longest(words: frozenset[str]) -> int:
    return max((len(word) for word in words), default=0)


@lru_cache(maxsize=64)
def _named(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?:^|(?<=[\s，,；;]))({'|'.join(map(re.escape, names))})[^\S\n]*[:：][^\S\n]*")


def _arguments(body: str) -> tuple[tuple[str, ...], dict[str, str], tuple[tuple[str, str], ...]]:
    if _MORE_THAN_WORDS.search(body) is None:
        free = body.split()
        if free and free[0][0].isascii():
            free[:1] = _apart(free[0])
        return tuple(free), {}, ()
    repeated: list[tuple[str, str]] = []
    pairs: dict[str, str] = {}
    tokens: list[str] = []
    several = "\n" in body
    open_key = ""  # a value that began its line goes on until the next one
    for line in body.split("\n"):
        places = _places(line, several)
        head = line[: places[0][1]] if places else line
        if head.strip() and open_key:
            pairs[open_key] = f"{pairs[open_key]}\n{head.strip()}".strip()
        else:
            tokens += _tokens(head)
        for at, (key, _, start) in enumerate(places):
            end = places[at + 1][1] if at + 1 < len(places) else len(line)
            if key in pairs:
                repeated.append((key, pairs[key]))
            pairs[key] = _unquoted(line[start:end])
            open_key = key if several and at == 0 and not head.strip() else ""
    return tuple(tokens), pairs, tuple(repeated)


def _places(line: str, several: bool) -> list[tuple[str, int, int]]:
    """Return (name, where it begins, where its value begins) of every pair in a line."""
    places = [(found.group(1), found.start(), found.end()) for found in _PAIR.finditer(line)]
    if several:
        first = _FIRST_IN_LINE.match(line)
        if first is not None and (not places or places[0][1] >= first.end()):
            places.insert(0, (first.group(1), 0, first.end()))
    return places


def _tokens(text: str) -> list[str]:
    if not text.strip():
        return []
    tokens: list[str] = []
    for found in _TOKEN.finditer(text):
        plain = found.group(4)
        if plain is None:
            tokens.append(next(quoted for quoted in found.groups() if quoted is not None).strip())
        else:
            tokens += _apart(plain)
    return [token for token in tokens if token]


def _apart(token: str) -> list[str]:
    """Return CG-20261123-0001可以 as the number and the words."""
    found = _GLUED_NUMBER.match(token)
    if found is None:
        return [token]
    return [piece for piece in (found.group(1), token[found.end() :]) if piece]


def _unquoted(value: str) -> str:
    value = value.strip().rstrip(",，;；").strip()
    closing = _QUOTES.get(value[:1])
    return value[1:-1].strip() if closing is not None and len(value) > 1 and value.endswith(closing) else value
