"""
Numbers of items: two letters, the company's date, the day's serial (contract, Chat).

`JL-20261123-0001`; the serial has four digits and more when a day needs them.
"""

from __future__ import annotations

import re
from datetime import date

from policy.terms import Noun

_NUMBER = re.compile(r"([A-Z]{2})-(\d{8})-(\d{4,})")


def day_prefix(noun: Noun, day: date) -> str:
    """Return what every number of one noun and one company day begins with."""
    return f"{noun}-{day.isoformat().replace('-', '')}-"


def number_of(noun: Noun, day: date, serial: int) -> str:
    """Return the number of the day's serial-th item of a noun; serial starts at 1."""
    return f"{day_prefix(noun, day)}{serial:04d}"


def serial_of(number: str) -> int:
    """Return the serial of a well-formed number."""
    return int(number.rsplit("-", 1)[1])


def noun_of(number: str) -> Noun | None:
    """Return the noun of a number, None when it is not a number of ours."""
    found = _NUMBER.fullmatch(number)
    if found is None:
        return None
    try:
        return Noun(found.group(1))
    except ValueError:
        return None
