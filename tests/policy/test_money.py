"""Money is whole fen, written one way everywhere."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import policy.money as money
from policy.money import LARGEST, format_yuan, parse_setting, short_yuan


@pytest.mark.parametrize(
    ("fen", "shown"),
    [
        (0, "¥0.00"), (1, "¥0.01"), (10, "¥0.10"), (100, "¥1.00"), (3_500_000, "¥35,000.00"),
        (123_456_789, "¥1,234,567.89"),
        (-50_000, "-¥500.00"),
        (-1, "-¥0.01"),
        (LARGEST, "¥99,999,999,999.99"),
    ],
)
def test_a_sum_is_written_with_its_sign_before_the_yuan_and_two_decimals(fen: int, shown: str) -> None:
    assert format_yuan(fen) == shown


@pytest.mark.parametrize(
    ("fen", "shown", "why"),
    [
        (0, "0元", "nothing"), (80_000, "800元", "whole yuan"), (80_050, "800.50元", "with fen"),
        (999_999, "9,999.99元", "exact below 10,000"), (1_000_000, "1万元", "the first 万"),
        (3_500_000, "3.5万元", "one decimal"), (3_512_345, "3.51万元", "rounded down"),
        (3_515_000, "3.52万元", "half goes up"), (9_999_949_999, "9999.95万元", "the last 万"),
        (9_999_999_999, "1亿元", "never 10000万"),
        (12_000_000_000, "1.2亿元", "亿"),
        (-3_500_000, "-3.5万元", "negative"),
    ],
)
def test_headlines_show_the_short_form(fen: int, shown: str, why: str) -> None:
    assert short_yuan(fen) == shown, why


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("50000元", 5_000_000),
        ("50000", 5_000_000),
        (" 50,000.5 ", 5_000_050),
        ("0.01", 1),
        ("0", 0),
        ("1,234,567.89元", 123_456_789), ("99999999999.99", LARGEST),
    ],
)
def test_settings_write_plain_sums(typed: str, fen: int) -> None:
    assert parse_setting(typed) == fen


@pytest.mark.parametrize(
    "typed", ["", "元", "-1", "5万", "1.234", "1,2", "5,0000", "1e5", "١٢٣", "99999999999999", "100000000000", "５００"]
)
def test_anything_else_in_a_setting_is_refused_with_how_to_write_it(typed: str) -> None:
    with pytest.raises(ValueError, match="write it like 50000元"):
        parse_setting(typed)


@given(st.integers(min_value=0, max_value=LARGEST))
def test_what_is_written_in_full_reads_back_as_the_same_sum(fen: int) -> None:
    assert parse_setting(format_yuan(fen).lstrip("¥")) == fen


@given(st.integers(min_value=-LARGEST, max_value=LARGEST))
def test_the_short_form_is_within_half_a_hundredth_of_its_unit(fen: int) -> None:
    shown = short_yuan(fen).removesuffix("元")
    unit = {"万": 10_000, "亿": 100_000_000}.get(shown[-1], 1)
    whole, _, decimals = shown.rstrip("万亿").replace(",", "").lstrip("-").partition(".")
    read = int(whole + (decimals + "00")[:2]) * unit
    assert abs(read - abs(fen)) * 2 <= unit
    assert shown.startswith("-") == (fen < 0)


def test_no_float_touches_money() -> None:
    tree = ast.parse(Path(money.__file__).read_text(encoding="utf-8"))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    divisions = [node for node in ast.walk(tree) if isinstance(node, ast.Div)]
    floats = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, float)]
    assert "float" not in names
    assert not divisions
    assert not floats
