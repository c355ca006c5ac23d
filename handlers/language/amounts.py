"""
Sums as people write them: 35000, 35,000.00, ¥3.5万, 3万5, 三万五千元, 5w, 1.2亿, 壹万贰仟元整, 12块5.

Exact integers only. A single digit after 万 (千, 百) counts the next lower unit: 三万五 is 35,000. What could mean two
things is a problem, never a guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from handlers.language.normalize import normalize
from policy.money import LARGEST, Fen

_DIGITS = {
    "零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
    "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9, "俩": 2, "仨": 3, "弍": 2, "參": 3,
}
_SMALL = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_LARGE = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000, "w": 10_000, "W": 10_000, "k": 1000,
          "K": 1000}
_CHINESE = "".join(_DIGITS) + "".join(_SMALL) + "万萬亿億"
_LEAD = re.compile(r"^(?:人民币|RMB|rmb|CNY|cny|¥|共|合计|总价|总共|约)*\s*")
_TAIL = re.compile(r"\s*(?:人民币|RMB|rmb|CNY|cny)$")
_SIGN = re.compile(r"^(-|负|\+)\s*")
_YUAN = re.compile(r"(?:块钱|元钱|圆整|元整|块整|元|圆|块)")
_PLAIN = re.compile(r"\d+(?:\.\d+)?")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_UNITED = re.compile(r"(\d+(?:\.\d+)?)\s*([万萬亿億千百wWkK])(?:\s*(\d+(?:\.\d+)?)\s*([万萬千百])?)?(?:\s*(\d+)\s*(百)?)?")
_BELOW = {"亿": 10_000_000, "億": 10_000_000, "万": 1000, "萬": 1000, "千": 100, "百": 10, "w": 1000, "W": 1000,
          "k": 100, "K": 100}
_UNITS = {**_LARGE, "千": 1000, "百": 100}


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
        code: none | not_positive | too_many_decimals | too_large | ambiguous | unclear.
    """

    code: str
    text: str


def read_amount(typed: str) -> Amount | AmountProblem:
    """Read a text that is a sum and nothing else. Never raises."""
    text = normalize(typed)
    if not text:
        return AmountProblem("none", typed)
    body = _TAIL.sub("", _LEAD.sub("", text))
    signed = _SIGN.match(body)
    negative = signed is not None and signed.group(1) != "+"
    if signed is not None:
        body = _LEAD.sub("", body[signed.end() :])
    value = _value(body)
    if isinstance(value, str):
        return AmountProblem(value, text)
    fen = value * 100
    if negative or fen <= 0:
        return AmountProblem("not_positive", text)
    if fen.denominator != 1:
        return AmountProblem("too_many_decimals", text)
    if fen > LARGEST:
        return AmountProblem("too_large", text)
    return Amount(Fen(int(fen)), text)


def looks_like_amount(typed: str) -> bool:
    """Return whether a token is meant as a sum, good or bad (so that it is explained, not taken as a name)."""
    problem = read_amount(typed)
    return isinstance(problem, Amount) or problem.code not in ("none", "unclear")


def _value(body: str) -> Fraction | str:
    """Return yuan, or the code of what is wrong."""
    if len(body) > 40:
        return "unclear"
    if _PLAIN.fullmatch(body):
        return Fraction(body)
    if _GROUPED.fullmatch(body):
        return Fraction(body.replace(",", ""))
    if re.fullmatch(r"\d[\d,]*(?:\.\d+)?", body) or re.fullmatch(r"\d+(?:\.\d*){2,}", body):
        return "ambiguous"
    parts = _YUAN.split(body, maxsplit=1)
    if len(parts) == 2:
        whole = _value(parts[0]) if parts[0] else "unclear"
        if isinstance(whole, str):
            return whole
        cents = _cents(parts[1].strip())
        return "unclear" if cents is None else whole + cents
    united = _UNITED.fullmatch(body)
    if united is not None:
        return _united(*united.groups())
    if all(character in _CHINESE for character in body):
        return _chinese(body)
    half = re.fullmatch(rf"([\d.{_CHINESE}]+)半", body)
    mixed = re.fullmatch(r"(\d+(?:\.\d+)?)([十百千万亿]+)", body)
    if mixed is not None:
        factor = 1
        for unit in mixed.group(2):
            factor *= _SMALL.get(unit) or _LARGE.get(unit, 1)
        return Fraction(mixed.group(1)) * factor
    return "unclear" if half is None else "ambiguous"


def _united(head: str, unit: str, rest: str | None, rest_unit: str | None, last: str | None, last_unit: str | None
            ) -> Fraction | str:
    total = Fraction(head) * _UNITS[unit]
    if rest is None:
        return total
    if rest_unit is not None:
        total += Fraction(rest) * _UNITS[rest_unit]
        if last is not None:
            below = 100 if last_unit else _BELOW[rest_unit]
            if last_unit is None and len(last) > 1:
                below = 1
            total += int(last) * below
        return total
    if "." in rest or last is not None:
        return "ambiguous"
    # 3万5 is 35,000 as in speech; 3万5000 says it in full; 3万50 could be either.
    if len(rest) == 1:
        return total + int(rest) * _BELOW[unit]
    if len(rest) == len(str(_UNITS[unit])) - 1:
        return total + int(rest)
    return "ambiguous"


def _cents(text: str) -> Fraction | None:
    """Read what follows 元: 整, 5角, 5毛3分, 5 (= 5角)."""
    if text in ("", "整", "正", "钱"):
        return Fraction(0)
    found = re.fullmatch(rf"零?(?:([\d{''.join(_DIGITS)}])[角毛])?零?(?:([\d{''.join(_DIGITS)}])分)?整?", text)
    if found is not None and (found.group(1) or found.group(2)):
        return Fraction(_digit(found.group(1)), 10) + Fraction(_digit(found.group(2)), 100)
    if len(text) == 1 and (text.isdecimal() or text in _DIGITS):
        return Fraction(_digit(text), 10)
    return None


def _digit(text: str | None) -> int:
    if text is None:
        return 0
    return _DIGITS[text] if text in _DIGITS else int(text)


def _chinese(text: str) -> Fraction | str:
    """Read a Chinese numeral; a lone last digit counts the unit below the last one named (三万五)."""
    total, section, digit = 0, 0, -1
    last_unit, after_zero = 1, False
    for character in text:
        if character in _DIGITS:
            if digit > 0 or (digit == 0 and _DIGITS[character] == 0):
                return "unclear"
            digit = _DIGITS[character]
            if digit == 0:
                after_zero, digit = True, -1
            continue
        if character in _SMALL:
            unit = _SMALL[character]
            if digit < 0:
                if unit != 10 or section % 100 or (section and not after_zero):
                    return "unclear"
                digit = 1
            if section and section % (unit * 10):
                return "unclear"
            section += digit * unit
        else:
            unit = _LARGE[character]
            section += max(digit, 0)
            if section == 0 and total == 0:
                return "unclear"
            if unit > 10_000:
                total = (total + section) * unit
            else:
                total += section * unit
            section = 0
        last_unit, digit, after_zero = unit, -1, False
    if digit > 0:
        spoken = last_unit > 10 and not after_zero
        section += digit * (last_unit // 10 if spoken else 1)
    return Fraction(total + section)
