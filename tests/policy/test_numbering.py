"""Numbers of items say noun, company day and serial."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from policy.numbering import day_prefix, noun_of, number_of, serial_of
from policy.terms import Noun


def test_a_number_holds_the_company_day_and_four_figures_or_more() -> None:
    assert number_of(Noun.PURCHASE, date(2026, 11, 3), 7) == "CG-20261103-0007"
    assert number_of(Noun.PURCHASE, date(2026, 11, 3), 12_345) == "CG-20261103-12345"


@given(st.sampled_from(Noun), st.dates(min_value=date(1000, 1, 1)), st.integers(1, 99_999))
def test_a_number_is_read_back_as_it_was_made(noun: Noun, day: date, serial: int) -> None:
    number = number_of(noun, day, serial)
    assert number.startswith(day_prefix(noun, day))
    assert day_prefix(noun, day) == f"{noun.value}-{day:%Y%m%d}-"
    assert (noun_of(number), serial_of(number)) == (noun, serial)
