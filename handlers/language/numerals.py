"""
Numerals as people write them: 35000, 12.5, 三万五千, 3万5, 壹万贰仟, 2千5, 1亿2千万, 三点五万, 5w.

Exact: a numeral is an integer over a power of ten. A lone last digit after 万, 千 or 百 counts the next lower unit
(三万五 is 35,000), as it does in speech. What could be two figures is VAGUE, what is none is NONE; nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

DIGITS = {
    "零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
    "壹": 1, "贰": 2, "貳": 2, "叁": 3, "參": 3, "肆": 4, "伍": 5, "陆": 6, "陸": 6, "柒": 7, "捌": 8, "玖": 9,
}
_CHARACTERS = "".join(DIGITS) + "十百千万亿拾佰仟萬億"
_ONE_FORM = str.maketrans("拾佰仟萬億wWkK", "十百千万亿万万千千")
_UNITS = {"亿": 100_000_000, "万": 10_000, "千": 1000, "百": 100, "十": 10}
_BELOW_10000 = ("千", "百", "十")
_MOST = 40  # characters; longer ones are no numerals

_PLAIN = re.compile(r"(0|[1-9][0-9]*)(?:\.([0-9]+))?")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_ODD = re.compile(r"[0-9]+(?:,[0-9]*)+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]*){2,}")
_DATE = re.compile(r"[0-9]{4}\.[0-9]{1,2}\.[0-9]{1,2}")
_SPOKEN_POINT = re.compile(rf"([{_CHARACTERS}]+)点([{''.join(DIGITS)}]+)(?=[万亿千百]|$)")
_SHAPE = re.compile(rf"[0-9.,{_CHARACTERS}wWkK ]+")
_INNER_SPACE = re.compile(r"(?<=[0-9]) (?=[万亿千百萬億wWkK])")


class Unread(StrEnum):
    """Why no figure was taken."""

    NONE = "none"
    VAGUE = "vague"


@dataclass(frozen=True, slots=True)
class Numeral:
    """An exact figure: `scaled` / 10 ** `places`."""

    scaled: int
    places: int = 0

    def times(self, factor: int) -> int | None:
        """Return the figure times `factor` as an integer, None when it is not whole."""
        whole, rest = divmod(self.scaled * factor, 10**self.places)
        return None if rest else whole


def read_numeral(text: str) -> Numeral | Unread:
    """
    Read a text that is one numeral and nothing else. No sign, no currency. Never raises.

    Args:
        text: in normalized form.
    """
    if len(text) > _MOST or _SHAPE.fullmatch(text) is None:
        return _with_point(text) if "点" in text and len(text) <= _MOST else Unread.NONE
    plain = _PLAIN.fullmatch(text)
    if plain is not None:
        return _scaled(plain.group(1), plain.group(2) or "")
    if _GROUPED.fullmatch(text):
        head, _, decimals = text.replace(",", "").partition(".")
        return _scaled(head, decimals)
    if _ODD.fullmatch(text):
        return Unread.NONE if _DATE.fullmatch(text) else Unread.VAGUE
    if " " in text:
        text = _INNER_SPACE.sub("", text)
        if " " in text:
            return Unread.NONE
    return _large(text.translate(_ONE_FORM))


def read_whole(text: str) -> int | None:
    """Return a whole number in figures or Chinese, None when it is none. Never raises."""
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= _MOST else None
    read = read_numeral(text)
    return read.times(1) if isinstance(read, Numeral) else None


def _scaled(head: str, decimals: str) -> Numeral:
    decimals = decimals.rstrip("0")
    return Numeral(int(head + decimals), len(decimals))


def _with_point(text: str) -> Numeral | Unread:
    """Read 三点五万: the point as it is spoken."""
    found = _SPOKEN_POINT.match(text)
    if found is None:
        return Unread.NONE
    head = read_whole(found.group(1))
    if head is None:
        return Unread.NONE
    decimals = "".join(str(DIGITS[character]) for character in found.group(2))
    return read_numeral(f"{head}.{decimals}{text[found.end():]}")


def _large(text: str) -> Numeral | Unread:
    """Read what has 亿 or 万 in it, else what is below 10,000."""
    for unit in ("亿", "万"):
        head_text, found, tail = text.rpartition(unit) if unit == "亿" else text.partition(unit)
        if not found:
            continue
        head = read_numeral(head_text) if unit == "亿" else _head(head_text)
        if isinstance(head, Unread):
            return head
        if not head_text or not head.scaled:
            return Unread.NONE
        return _joined(head, _UNITS[unit], tail)
    return _small(text)


def _head(text: str) -> Numeral | Unread:
    """Read what stands before 万: 12, 12.5, 1,200, 一百二十, 3千."""
    plain = _PLAIN.fullmatch(text)
    if plain is not None:
        return _scaled(plain.group(1), plain.group(2) or "")
    if _GROUPED.fullmatch(text) or _ODD.fullmatch(text):
        return read_numeral(text)
    if len(text) == 2 and all(DIGITS.get(character) for character in text):
        return Unread.VAGUE  # 三四万
    return _small(text)


def _joined(head: Numeral, unit: int, tail: str) -> Numeral | Unread:
    if not tail:
        # Not reduced: 1.23456万 is 12345.6.
        return Numeral(head.scaled * unit, head.places)
    whole = head.times(unit)
    if head.places or whole is None:
        return Unread.VAGUE
    if unit == 10_000 and head.scaled >= 100 and len(tail) == 1:
        return Unread.VAGUE  # 三千万五: nobody can say five of what
    rest = _tail(tail, unit)
    return rest if isinstance(rest, Unread) else Numeral(whole + rest)


def _tail(text: str, unit: int) -> int | Unread:
    """Read what follows a unit: 5 and 五 are the next lower unit, 零五 and 05 are ones, 5000 is in full."""
    if len(text) == 1 and (text in DIGITS or text.isdigit()):
        digit = DIGITS[text] if text in DIGITS else int(text)
        return digit * (unit // 10) if digit else Unread.NONE
    if text[0] in "零〇":
        read = read_whole(text[1:]) if text[1:] else None
        return Unread.NONE if read is None or not 0 < read < unit // 10 else read
    if text.isdigit():
        # 3万5000 says it in full; 3万50 could be 35,000 or 30,050.
        return int(text) if len(text) == len(str(unit)) - 1 else Unread.VAGUE
    read_rest = _large(text)
    if isinstance(read_rest, Unread):
        return read_rest
    value = read_rest.times(1)
    if value is None:
        return Unread.VAGUE
    return value if 0 < value < unit else Unread.NONE


def _small(text: str) -> Numeral | Unread:
    """Read what is below 10,000: 三千五百二十一, 2千5, 十五, 一百零五."""
    for unit in _BELOW_10000:
        head, found, tail = text.partition(unit)
        if not found:
            continue
        figure = _one(head, unit)
        if isinstance(figure, Unread):
            return figure
        return _joined(figure, _UNITS[unit], tail) if unit != "十" else _tens(figure, tail)
    if text in DIGITS:
        return Numeral(DIGITS[text])
    if len(text) > 1 and all(character in DIGITS for character in text):
        # 三四 (three or four) and 二〇二六 (spelled out) are no sums.
        return Unread.NONE
    return Unread.NONE if _PLAIN.fullmatch(text) is None else read_numeral(text)


def _one(head: str, unit: str) -> Numeral | Unread:
    """Read the figure before 千, 百 or 十: one Chinese digit, or figures before 千 and 百."""
    if head in DIGITS:
        return Numeral(DIGITS[head]) if DIGITS[head] else Unread.NONE
    if not head:
        return Numeral(1) if unit == "十" else Unread.NONE
    plain = _PLAIN.fullmatch(head)
    if plain is not None and unit != "十":
        return _scaled(plain.group(1), plain.group(2) or "") if int(head.replace(".", "")) else Unread.NONE
    if len(head) == 2 and all(DIGITS.get(character) for character in head):
        return Unread.VAGUE  # 三四千
    return Unread.NONE


def _tens(figure: Numeral, tail: str) -> Numeral | Unread:
    tens = figure.scaled * 10
    if not tail:
        return Numeral(tens)
    if len(tail) == 1 and DIGITS.get(tail):
        return Numeral(tens + DIGITS[tail])
    return Unread.NONE
