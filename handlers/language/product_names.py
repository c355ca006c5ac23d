"""The number in a product's name, iPhone 15 or Office 365, told from a sum and from a quantity."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.language.amounts import Amount, Placed
from handlers.language.normalize import normalize
from policy.money import FEN_PER_YUAN

# A name ends in letters alone; X1 and T14 have their number, so what follows them may count.
_NAME = re.compile(r"(?:.*[\u4e00-\u9fff])?(?P<latin>[A-Za-z][A-Za-z.&+'-]*[A-Za-z])")
_ABBREVIATION = re.compile(r"[A-Z]{1,4}")  # CPU 12, LED 15: things that are counted
_MODEL = re.compile(r"[xX]1|X[1-9][0-9]{1,3}")  # ThinkPad X1, X13; iPhone X2 is two of them
_NUMBER = re.compile(r"[1-9][0-9]{1,2}")  # one figure alone is rather how many: iPhone 2 12000
# Currencies, units and things that are counted, for who types them small.
_NO_NAME = re.compile(
    "usd|eur|hkd|jpy|gbp|rmb|cny|aud|cad|chf|krw|sgd|twd|yuan|pcs?|sets?|box|kg|gb|tb|mb|mm|cm|inch|ml|hz|kw|no|num|qty"
    "|cpu|gpu|ssd|hdd|led|lcd|oled|tv|ups|usb(?:-c)?|type(?:-c)?|hdmi|vga|ddr|ram|nas|sim|ic|pos|ip|ap|vip|app|kvm|pdu"
    "|nvr|dvr|poe|(?:switch|box)(?:es)?|(?:router|server|monitor|laptop|notebook|desktop|printer|keyboard|cable|phone"
    "|pad|tablet|camera|disk|t-shirt|user|seat|port|token|account|licen[cs]e|day|month|year|hour)s?|mouse|mice|total"
    "|price|about|max|min|each|per",
    re.IGNORECASE,
)
# Behind the number these say what it, or the sum, counts: iPhone 15 USD 5999, iPhone 15 pcs 5999.
_COUNTS = re.compile(
    "usd|eur|hkd|jpy|gbp|rmb|cny|aud|cad|chf|krw|sgd|twd|yuan|wan|pcs?|pieces?|units?|sets?|box(?:es)?|qty|total|sum"
    "|price|about|each|per|x",
    re.IGNORECASE,
)
_LEAST = 100 * FEN_PER_YUAN
# iPhone 15 128: the size of its memory rather than a sum.
_CAPACITIES = frozenset(size * FEN_PER_YUAN for size in (128, 256, 512, 1024, 2048))


def with_models_joined(words: Sequence[str]) -> list[str]:
    """Return the words with ThinkPad X1 as one, so that X1 is no quantity there; 显示器 X2 stays two words."""
    joined: list[str] = []
    for at, word in enumerate(words):
        if at and word[:1] in ("x", "X") and _MODEL.fullmatch(word) and _is_name(words[at - 1]):
            joined[-1] += f" {word}"
        else:
            joined.append(word)
    return joined


def with_names_joined(words: Sequence[str], sums: Sequence[Placed], *, priced: bool) -> list[str]:
    """
    Return the words with a product's name and its number as one: iPhone, 15, 5999 → iPhone 15, 5999.

    Only a bare number of two or three figures right behind a Latin name, and only where a sum stands behind it: one
    marked as money, or bare, larger, of at least 100 yuan and no size of a memory. Neither does the name go on with a
    currency or with what is counted. Everything else stays as typed, so that it is asked.

    Args:
        sums: what `find_amounts` finds in the words.
        priced: the sum is given by a unit price and a quantity, so nothing else has to stand behind.
    """
    joined: list[str] = []
    named = False  # the last of `joined` holds a name's number
    for at, word in enumerate(words):
        of_name = _belongs(words, sums, at, priced=priced)
        more = named and _latin(word) != ""  # iPhone 15 Pro
        if joined and (of_name or more):
            joined[-1] += f" {word}"
        else:
            joined.append(word)
        named = of_name or more
    return joined


def _belongs(words: Sequence[str], sums: Sequence[Placed], at: int, *, priced: bool) -> bool:
    if at == 0 or not _is_name(words[at - 1]):
        return False
    found = next((placed for placed in sums if (placed.first, placed.after) == (at, at + 1)), None)
    if found is None or _NUMBER.fullmatch(found.read.text) is None or _counts(words[at + 1 :]):
        return False
    return priced or any(_may_be_the_sum(placed, int(found.read.text)) for placed in sums if placed.first > at)


def _counts(behind: Sequence[str]) -> bool:
    """Return whether a Latin word right behind the number, or among those that follow it, says what is counted."""
    for word in map(normalize, behind):
        if _COUNTS.fullmatch(word) is not None:
            return True
        if not _latin(word):
            return False
    return False


def _may_be_the_sum(placed: Placed, above: int) -> bool:
    if not placed.bare:
        return True
    if not isinstance(placed.read, Amount):
        return False
    fen = int(placed.read.fen)
    return fen >= _LEAST and fen > above * FEN_PER_YUAN and fen not in _CAPACITIES


def _is_name(word: str) -> bool:
    latin = _latin(word)
    return bool(latin) and _ABBREVIATION.fullmatch(latin) is None and _NO_NAME.fullmatch(latin) is None


def _latin(word: str) -> str:
    found = _NAME.fullmatch(normalize(word))
    return found["latin"] if found is not None else ""
