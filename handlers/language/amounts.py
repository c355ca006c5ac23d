"""
Sums as people write them: 35000, 35,000.00, ¥3.5万, 3万5, 三万五千元, 5w, 1.2亿, 壹万贰仟元整, 12块5, 1200 RMB.

Integers only, exact. What could mean two sums (3,5000, 3万50, 3万左右, 3-5万) is a problem, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.language.normalize import normalize
from handlers.language.numerals import DIGITS, Unread, read_numeral
from policy.money import FEN_PER_YUAN, LARGEST, Fen

_MOST = 40  # characters; longer ones are sentences
_CURRENCY = "人民币|RMB|CNY|¥"
_TOTAL_WORDS = "金额|总价|总额|总计|合计|总共|一共|共计|共"
_FIGURE = re.compile(f"[0-9几十拾{''.join(DIGITS)}]")
_LEAD = re.compile(rf"(?:(?:{_TOTAL_WORDS}) ?:? ?)?(?:(?:{_CURRENCY}) ?)?", re.IGNORECASE)
_TAIL = re.compile(r" ?(?:人民币|RMB|CNY)$", re.IGNORECASE)
_SIGN = re.compile(r"([-+负]) ?")
_YUAN = re.compile(r"(.*?) ?[元块圆]钱?(.*)")
_DIGIT = f"[0-9{''.join(DIGITS)}]"
_CENTS = re.compile(rf"[零〇]?(?:({_DIGIT})[角毛])?[零〇]?(?:({_DIGIT})分)?[整正]?")
# 5分 alone is a mark or a minute, 伍分 is money.
_ONLY_CENTS = re.compile(rf"{_DIGIT}[角毛](?:{_DIGIT}分)?|[壹贰叁肆伍陆柒捌玖]分整?")
_ABOUT = re.compile(
    r"^(?:大约|大概|约|差不多|将近|近|不到|不超过|最多|至少)|(?:左右|上下|以内|以上|以下|不到|多|余|起)$|"
    r"(?<=[0-9十百])[多余来几](?=[十百千万亿])|(?:多|余)(?=[元块]$)"
)
_SOME = re.compile(r"(?:好?几|上|数)[十百千万亿]+[元块]?")
_OTHER_CURRENCY = "美元|美金|欧元|港币|港元|日元|英镑|USD|EUR|HKD|JPY|GBP|[$€£]"
_FOREIGN = re.compile(_OTHER_CURRENCY, re.IGNORECASE)
_RANGE = re.compile(r"([^-~至到]+)[-~至到]([^-~至到]+)")
_MARKED = re.compile(r"[万千百亿萬億仟佰元块圆wk¥]|RMB|人民币", re.IGNORECASE)
_WRITTEN_DATE = re.compile(r"20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_JOINS_NEXT = re.compile(rf"(?:{_TOTAL_WORDS}):?|{_CURRENCY}|{_OTHER_CURRENCY}", re.IGNORECASE)
_JOINS_BEFORE = re.compile(
    rf"[万千亿]?(?:元整?|块钱?|圆整?)|[万亿千wk]|RMB|CNY|人民币|{_OTHER_CURRENCY}", re.IGNORECASE
)


@dataclass(frozen=True)
class Amount:
    """A sum as understood, and the words it was read from."""

    fen: Fen
    text: str


@dataclass(frozen=True)
class AmountProblem:
    """
    Why no sum was taken.

    Attributes:
        code: none (nothing typed) | not_positive | too_many_decimals | too_large | ambiguous (a sum, but which) |
            unclear (no sum at all).
        text: the words in question.
    """

    code: str
    text: str


@dataclass(frozen=True)
class Placed:
    """What was read at tokens[first:after]."""

    read: Amount | AmountProblem
    first: int
    after: int

    @property
    def bare(self) -> bool:
        """Return whether nothing but figures was typed: it may also be a model's number."""
        return _MARKED.search(self.read.text) is None and self.read.text[:1] not in ("-", "负")


def read_amount(typed: str) -> Amount | AmountProblem:
    """Read a text that is a sum and nothing else. Never raises."""
    text = normalize(typed)
    if not text:
        return AmountProblem("none", typed)
    if len(text) > _MOST or _FIGURE.search(text) is None:
        return AmountProblem("unclear", text)
    read = _read(text)
    return Amount(Fen(read), text) if isinstance(read, int) else AmountProblem(read, text)


def looks_like_amount(typed: str) -> bool:
    """Return whether a token is meant as a sum, good or bad (so that it is explained, not taken as a name)."""
    return _meant(read_amount(typed))


def _meant(read: Amount | AmountProblem) -> bool:
    return isinstance(read, Amount) or read.code not in ("none", "unclear")


def find_amounts(tokens: Sequence[str]) -> list[Placed]:
    """
    Return every sum among free words, good or bad, in order; "1200 RMB" and "总价 8000" are one each.

    A lone Chinese digit (一, 两) is a word, not a sum.
    """
    found: list[Placed] = []
    at = 0
    while at < len(tokens):
        placed = _at(tokens, at)
        if placed is not None:
            found.append(placed)
            at = placed.after
        else:
            at += 1
    return found


def find_amount(tokens: Sequence[str]) -> tuple[Amount | AmountProblem, tuple[str, ...]]:
    """
    Return the one sum among free words, and the other words.

    Several sums are AmountProblem("ambiguous") whose text names them all; none is AmountProblem("none").
    """
    found = find_amounts(tokens)
    taken = {at for placed in found for at in range(placed.first, placed.after)}
    others = tuple(token for at, token in enumerate(tokens) if at not in taken)
    if not found:
        return AmountProblem("none", ""), others
    if len(found) > 1:
        return AmountProblem("ambiguous", "、".join(placed.read.text for placed in found)), others
    return found[0].read, others


def _at(tokens: Sequence[str], at: int) -> Placed | None:
    token = tokens[at]
    if _JOINS_NEXT.fullmatch(token) and at + 1 < len(tokens):
        rest = _at(tokens, at + 1)
        if rest is None:
            return None
        read = read_amount(f"{token} {rest.read.text}")
        # USD 5999 is a sum, but none in yuan.
        foreign = isinstance(rest.read, Amount) and _FOREIGN.fullmatch(token) is not None
        return Placed(read if isinstance(read, Amount) or foreign else rest.read, at, rest.after)
    own = read_amount(token)
    if token in DIGITS or not _meant(own):
        return None
    if at + 1 < len(tokens) and _JOINS_BEFORE.fullmatch(tokens[at + 1]):
        joined = read_amount(f"{token} {tokens[at + 1]}")
        if isinstance(joined, Amount) or joined.code != "unclear":
            return Placed(joined, at, at + 2)
    return Placed(own, at, at + 1)


def _read(text: str) -> int | str:
    """Return fen, or the code of what is wrong."""
    body = _TAIL.sub("", text[_LEAD.match(text).end() :])  # type: ignore[union-attr]  # matches the empty text too
    signed = _SIGN.match(body)
    if signed is not None:
        body = body[signed.end() :]
        body = body[_LEAD.match(body).end() :]  # type: ignore[union-attr]
    fen = _fen(body)
    if fen == "unclear":
        return "ambiguous" if _vague(text) else "unclear"
    if isinstance(fen, str):
        return fen
    if fen <= 0 or (signed is not None and signed.group(1) != "+"):
        return "not_positive"
    if fen > LARGEST:
        return "too_large"
    # Eight figures that are a day could be a day typed in the wrong place.
    return "ambiguous" if _WRITTEN_DATE.fullmatch(text) else fen


def _fen(body: str) -> int | str:
    whole, cents_text = body, ""
    split = _YUAN.fullmatch(body)
    if split is not None:
        whole, cents_text = split.group(1), split.group(2)
    elif _ONLY_CENTS.fullmatch(body):
        return _cents(body) or "unclear"
    numeral = read_numeral(whole)
    if isinstance(numeral, Unread):
        return "ambiguous" if numeral is Unread.VAGUE else "unclear"
    cents = _cents(cents_text.strip())
    if cents is None:
        return "unclear"
    if cents and numeral.places:
        return "ambiguous"  # 12.5元5角
    fen = numeral.times(FEN_PER_YUAN)
    return "too_many_decimals" if fen is None else fen + cents


def _cents(text: str) -> int | None:
    """Read what follows 元 in fen: 整, 5角, 5毛3分, 5 (= 5角), 50 (= 50分)."""
    if text in ("", "整", "正"):
        return 0
    if text == "半":
        return 50
    if text in DIGITS or (len(text) == 1 and text.isdecimal()):
        return _digit(text) * 10
    if len(text) == 2 and text.isdecimal():
        return int(text)
    found = _CENTS.fullmatch(text)
    if found is None or not (found.group(1) or found.group(2)):
        return None
    return _digit(found.group(1)) * 10 + _digit(found.group(2))


def _digit(text: str | None) -> int:
    return 0 if text is None else DIGITS[text] if text in DIGITS else int(text)


def _vague(text: str) -> bool:
    """Return whether a text is a sum, but no exact one in yuan: 约3万, 3万多, 十几万, 3-5万, 500美元."""
    if _SOME.fullmatch(text):
        return True
    range_ = _RANGE.fullmatch(text)
    if range_ is not None:
        sides = [_fen(side) for side in range_.groups()]
        return _MARKED.search(text) is not None and all(isinstance(side, int) for side in sides)
    exact = _FOREIGN.sub("", _ABOUT.sub("", text)).strip()
    return exact != text and isinstance(_read(exact), int)
