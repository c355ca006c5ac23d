"""Sums as office people type them. Each line says why it is in the table."""

from __future__ import annotations

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.language.amounts import (
    Amount,
    AmountProblem,
    find_amount,
    find_amounts,
    looks_like_amount,
    read_amount,
)
from policy.money import LARGEST, format_yuan

READ = [
    ("35000", 3_500_000, "plain"),
    ("35,000.00", 3_500_000, "grouped, as a form shows it"),
    ("¥3.5万", 3_500_000, "sign and 万"),
    ("3万5", 3_500_000, "spoken short: 5 is 千"),
    ("三万五", 3_500_000, "the same in characters; libraries read 30,005"),
    ("三万五千元", 3_500_000, "in full"),
    ("三万五千块钱", 3_500_000, "spoken in full"),
    ("3.5万元整", 3_500_000, "with 整"),
    ("3.5 万", 3_500_000, "a space before the unit"),
    ("三点五万", 3_500_000, "dictated point"),
    ("3万5千", 3_500_000, "units mixed with figures"),
    ("3万5000", 3_500_000, "the rest in full"),
    ("2千5", 250_000, "5 is 百"),
    ("2万3千", 2_300_000, "libraries read 43,000"),
    ("十二万五", 12_500_000, "libraries read 120,005"),
    ("二十万五", 20_500_000, "still the unit below 万"),
    ("5w", 5_000_000, "w for 万"),
    ("5W", 5_000_000, "capital"),
    ("3.5k", 350_000, "k for 千"),
    ("2k5", 250_000, "k and the next unit"),
    ("1.2亿", 12_000_000_000, "亿"),
    ("1亿2千万", 12_000_000_000, "亿 with a rest"),
    ("1.5千万", 1_500_000_000, "two units in a row"),
    ("1,200万", 1_200_000_000, "grouped before the unit"),
    ("壹万贰仟元整", 1_200_000, "financial characters"),
    ("人民币壹万贰仟元整", 1_200_000, "as on a cheque"),
    ("叁万伍仟元零伍分", 3_500_005, "零 before fen"),
    ("两千五", 250_000, "两"),
    ("一百五", 15_000, "5 is 十"),
    ("一百零五", 10_500, "零 makes it ones"),
    ("二千零五十", 205_000, "零 in the middle"),
    ("十五", 1_500, "十 without 一"),
    ("十万", 10_000_000, "no digit at all"),
    ("拾万元整", 10_000_000, "the same, financial"),
    ("一百二十元五角", 12_050, "角"),
    ("12块5", 1_250, "5 is 角"),
    ("12块50", 1_250, "two figures are fen"),
    ("12元05", 1_205, "two figures with zero"),
    ("三块半", 350, "half a yuan"),
    ("5毛3分", 53, "no yuan at all"),
    ("5角", 50, "角 alone"),
    ("0.01", 1, "one fen"),
    ("12.30", 1_230, "trailing zero"),
    ("12.300", 1_230, "a zero more is no third decimal"),
    ("3万零500", 3_050_000, "零 between figures"),
    ("1200 RMB", 120_000, "currency after"),
    ("rmb1200", 120_000, "currency before, small letters"),
    ("人民币3000元", 300_000, "both"),
    ("￥12，000", 1_200_000, "wide sign and wide comma"),
    ("１２００．５０", 120_050, "wide figures"),
    ("＋500", 50_000, "plus sign"),
    ("总价8000", 800_000, "the word for total"),
    ("金额：3.5万", 3_500_000, "with its label"),
    ("3.5万。", 3_500_000, "full stop at the end"),
    ("\u200b35000\ufeff", 3_500_000, "invisible characters from a copy"),
    ("99999999999.99", LARGEST, "the largest"),
]

REFUSED = [
    ("", "none", "nothing"),
    (" \u3000", "none", "only spaces"),
    ("0", "not_positive", "zero"),
    ("0.00", "not_positive", "zero with decimals"),
    ("零元", "not_positive", "zero in words"),
    ("-3", "not_positive", "negative"),
    ("－3", "not_positive", "wide minus"),
    ("−500", "not_positive", "mathematical minus"),
    ("负500", "not_positive", "libraries lose the sign"),
    ("¥-500", "not_positive", "minus after the sign"),
    ("-¥500.00", "not_positive", "as we write it ourselves"),
    ("12.345", "too_many_decimals", "a third decimal"),
    ("0.001", "too_many_decimals", "less than a fen"),
    ("1.23456789万", "too_many_decimals", "a fraction of a fen"),
    ("1000亿", "too_large", "above the ceiling"),
    ("1万亿", "too_large", "far above it"),
    ("99999999999999999999", "too_large", "absurd"),
    ("3,5000", "ambiguous", "grouped by four"),
    ("35,00", "ambiguous", "grouped by two"),
    ("1.234.5", "ambiguous", "two points"),
    ("3万50", "ambiguous", "35,000 or 30,050"),
    ("3万500", "ambiguous", "35,000 or 30,500"),
    ("3.5万5", "ambiguous", "a decimal and a rest"),
    ("三千万五", "ambiguous", "five of what"),
    ("三四万", "ambiguous", "three or four"),
    ("3-5万", "ambiguous", "a range"),
    ("3万到5万", "ambiguous", "a range in words"),
    ("约3万", "ambiguous", "about"),
    ("3万左右", "ambiguous", "about, after"),
    ("3万多", "ambiguous", "and some"),
    ("30多万", "ambiguous", "and some, inside"),
    ("十几万", "ambiguous", "ten and some"),
    ("几万", "ambiguous", "some"),
    ("500美元", "ambiguous", "another currency"),
    ("$500", "ambiguous", "another currency's sign"),
    ("20261201", "ambiguous", "a day in the sum's place"),
    ("12.5元5角", "ambiguous", "decimals and 角"),
    ("服务器", "unclear", "a thing"),
    ("百万", "unclear", "a unit alone"),
    ("万元", "unclear", "a unit alone"),
    ("007", "unclear", "a code"),
    ("二〇二六", "unclear", "a year"),
    ("1e5", "unclear", "a float of programmers"),
    ("1_000", "unclear", "a literal of programmers"),
    ("10²", "unclear", "never 102"),
    ("②", "unclear", "a list's mark, not 2"),
    ("٣٥", "unclear", "figures of another script"),
    ("5台", "unclear", "a quantity"),
    ("12-1", "unclear", "a date"),
    ("2026.12.1", "unclear", "a date with points"),
    ("CG-20261123-0001", "unclear", "a number of ours"),
    ("3" * 60, "unclear", "too long to be meant"),
]


@pytest.mark.parametrize(("typed", "fen", "why"), READ)
def test_a_sum_is_read_as_it_was_meant(typed: str, fen: int, why: str) -> None:
    read = read_amount(typed)
    assert isinstance(read, Amount), why
    assert read.fen == fen, why


@pytest.mark.parametrize(("typed", "code", "why"), REFUSED)
def test_what_is_no_single_positive_sum_is_refused_with_its_reason(typed: str, code: str, why: str) -> None:
    read = read_amount(typed)
    assert isinstance(read, AmountProblem), why
    assert read.code == code, why


def test_a_bad_sum_still_looks_like_one_and_a_word_does_not() -> None:
    assert looks_like_amount("-3")
    assert looks_like_amount("3,5000")
    assert not looks_like_amount("服务器")
    assert not looks_like_amount("")


@pytest.mark.parametrize(
    ("tokens", "fen", "others"),
    [
        (["报销", "1200", "差旅"], 120_000, ("报销", "差旅")),
        (["1200", "RMB", "差旅"], 120_000, ("差旅",)),
        (["差旅", "3.5", "万元"], 3_500_000, ("差旅",)),
        (["总价", "8000", "差旅"], 800_000, ("差旅",)),
        (["人民币", "8000"], 800_000, ()),
        (["一", "共", "8000", "元"], 800_000, ("一",)),
    ],
)
def test_the_one_sum_among_words_is_found(tokens: list[str], fen: int, others: tuple[str, ...]) -> None:
    read, left = find_amount(tokens)
    assert isinstance(read, Amount)
    assert (read.fen, left) == (fen, others)


def test_several_sums_are_a_problem_that_names_them_all() -> None:
    assert find_amount(["报销", "3.5万", "2000", "差旅"]) == (
        AmountProblem("ambiguous", "3.5万、2000"), ("报销", "差旅"),
    )


def test_no_sum_among_words_is_said_so() -> None:
    assert find_amount(["报销", "差旅"]) == (AmountProblem("none", ""), ("报销", "差旅"))


def test_a_bad_sum_among_words_is_found_too() -> None:
    (placed,) = find_amounts(["报销", "-3", "差旅"])
    assert (placed.read, placed.first, placed.after) == (AmountProblem("not_positive", "-3"), 1, 2)


@pytest.mark.parametrize(
    ("token", "bare"),
    [("16", True), ("2000.50", True), ("16元", False), ("1.6万", False), ("¥16", False), ("5w", False), ("-3", False)],
)
def test_figures_without_a_unit_may_be_a_models_number(token: str, bare: bool) -> None:
    (placed,) = find_amounts([token])
    assert placed.bare is bare


# --- what we write reads back -------------------------------------------------------------------------------------

sums = st.integers(min_value=1, max_value=LARGEST)
whole_yuan = st.integers(min_value=1, max_value=LARGEST // 100)
WIDE = str.maketrans("0123456789.,", "０１２３４５６７８９．，")


def plain(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def in_wan(fen: int) -> str:
    whole, rest = divmod(fen, 1_000_000)
    return f"{whole}.{rest:06d}万"


@pytest.mark.parametrize(
    "write",
    [
        format_yuan, lambda fen: format_yuan(fen).translate(WIDE), lambda fen: f"{plain(fen)}元",
        lambda fen: f"人民币{plain(fen)}", lambda fen: f"{plain(fen)} RMB", in_wan, lambda fen: f"{in_wan(fen)}元",
        lambda fen: str(cn2an.an2cn(plain(fen), "rmb")),
    ],
    ids=["form", "wide", "yuan", "rmb before", "rmb after", "wan", "wan yuan", "capitals"],
)
@given(fen=sums)
def test_every_writing_of_a_sum_reads_back_as_that_sum(write: object, fen: int) -> None:
    assert callable(write)
    read = read_amount(write(fen))
    assert isinstance(read, Amount)
    assert read.fen == fen


@given(whole_yuan)
def test_chinese_numerals_read_back_as_they_were_written(yuan: int) -> None:
    written = str(cn2an.an2cn(yuan, "low"))
    for text in (f"{written}元", f"{written}块"):
        read = read_amount(text)
        assert isinstance(read, Amount)
        assert read.fen == yuan * 100


@given(st.integers(1, 99), st.integers(1, 9))
def test_a_lone_figure_after_wan_is_thousands(head: int, digit: int) -> None:
    characters = str(cn2an.an2cn(head, "low"))
    for text in (f"{head}万{digit}", f"{characters}万{cn2an.an2cn(digit, 'low')}", f"{head}w{digit}"):
        read = read_amount(text)
        assert isinstance(read, Amount)
        assert read.fen == (head * 10 + digit) * 100_000


@given(sums)
def test_a_sum_made_negative_is_never_taken(fen: int) -> None:
    for text in (f"-{plain(fen)}", f"负{plain(fen)}", format_yuan(-fen)):
        read = read_amount(text)
        assert isinstance(read, AmountProblem)
        assert read.code == "not_positive"


@given(st.text(alphabet="0123456789,.万千百十亿零一二三五两元块角分半-¥ wk", max_size=12))
def test_whatever_is_taken_is_a_possible_sum(typed: str) -> None:
    read = read_amount(typed)
    if isinstance(read, Amount):
        assert 0 < read.fen <= LARGEST
        assert isinstance(read.fen, int)
