"""雷达: what is a hint and what is not, as tables of cases (3.1a, 4.1a)."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from policy.radars import Decided, Spending, Split, Tally, bursts, core_of, pairs_never_refusing, split_with, splits
from policy.terms import ItemState

LIMIT = 5_000_000
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
OTHER = Spending(
    "CG-1", "purchase", "xu", "sales", "服务器", "扩容", "", 3_500_000, ItemState.PENDING, NOW - timedelta(days=1)
)
FILED = replace(OTHER, number="CG-2", fen=3_300_000, at=NOW)


@pytest.mark.parametrize(
    ("words", "core"),
    [
        ("服务器", "服务器"), ("服务器 2台", "服务器"), ("服务器（第二批）", "服务器"), ("服务器 首批", "服务器"),
        ("服务器A", "服务器"), ("ＳＥＲＶＥＲ", "server"), ("显示器支架", "显示器支架"), ("2026", "2026"), ("！？", ""),
    ],
)
def test_what_tells_the_parts_of_one_order_apart_is_left_out(words: str, core: str) -> None:
    assert core_of(words) == core


def test_letters_and_figures_of_every_script_stay_and_nothing_else() -> None:
    for code in range(0x30000):
        folded = unicodedata.normalize("NFKC", chr(code)).casefold()
        if not any(figure in folded for figure in "0123456789"):  # they tell parts of an order apart
            kept = "".join(char for char in folded if char.isalnum())
            assert core_of(f"甲{chr(code)}乙") == f"甲{kept}乙", hex(code)


@pytest.mark.parametrize(
    ("other", "filed", "expected"),
    [
        ({}, {}, True),
        ({"title": "服务器 第一批"}, {"title": "服务器（第二批）"}, True),
        ({"title": "显示器"}, {}, False),
        ({"title": "！"}, {"title": "？"}, False),
        ({"title": "显示器"}, {"title": "显示器支架"}, False),
        ({"title": "显示器", "supplier": "晨光有限公司"}, {"supplier": "晨光"}, True),
        ({"title": "显示器", "supplier": "晨光"}, {"supplier": "得力"}, False),
        ({"title": "显示器", "reason": "华东机房二期扩容"}, {"reason": "华东机房二期扩容。"}, True),
        ({"title": "显示器", "reason": "扩容"}, {"reason": "扩容"}, False),
        ({"applicant": "su"}, {}, True),
        ({"applicant": "wei", "department": "rd"}, {}, False),
        ({"department": "rd"}, {}, True),
        ({"kind": "payment"}, {}, False),
        ({"fen": 1_700_000}, {}, True),
        ({"fen": 1_699_999}, {}, False),
        ({"fen": LIMIT}, {}, False),
        ({"fen": 1_700_000, "title": "123"}, {}, False),
        ({"fen": LIMIT - 1}, {"fen": LIMIT - 1}, True),
        ({}, {"fen": LIMIT}, False),
        ({"at": NOW - timedelta(days=7)}, {}, True),
        ({"at": NOW - timedelta(days=7, seconds=1)}, {}, False),
        ({"at": NOW + timedelta(days=7)}, {}, True),
        ({"state": ItemState.WITHDRAWN}, {}, False),
        ({"state": ItemState.REJECTED}, {}, False),
        ({"state": ItemState.RETURNED}, {}, True),
        ({"state": ItemState.APPROVED}, {}, True),
        ({}, {"state": ItemState.WITHDRAWN}, False),
        ({"number": "CG-2"}, {}, False),
    ],
)
def test_two_are_a_split_where_like_things_reach_the_limit_together(
    other: dict[str, object], filed: dict[str, object], expected: bool
) -> None:
    one, two = replace(OTHER, **other), replace(FILED, **filed)  # type: ignore[arg-type]
    found = split_with(two, [one], limit=LIMIT, days=7)
    assert (found is not None) is expected
    if found is not None:
        assert found.fen == one.fen + two.fen
        assert set(found.numbers) == {"CG-1", "CG-2"}


def test_a_window_never_spans_more_than_its_days() -> None:
    before = replace(OTHER, fen=2_000_000, at=NOW - timedelta(days=6))
    after = replace(OTHER, number="CG-3", fen=2_000_000, at=NOW + timedelta(days=6))
    filed = replace(FILED, fen=2_000_000)
    assert split_with(filed, [before, after], limit=LIMIT, days=7) is None
    assert split_with(filed, [before, after], limit=LIMIT, days=12) == Split(("CG-1", "CG-2", "CG-3"), 6_000_000)


def test_three_of_one_supplier_add_up() -> None:
    one = replace(OTHER, number="CG-1", title="网线", supplier="晨光", fen=1_500_000)
    two = replace(OTHER, number="CG-2", title="机柜", supplier="晨光 ", fen=1_500_000)
    filed = replace(FILED, number="CG-3", title="交换机", supplier="晨光", fen=2_000_000)
    assert split_with(filed, [two, one], limit=LIMIT, days=7) == Split(("CG-1", "CG-2", "CG-3"), 5_000_000)


def test_one_read_twice_counts_once_and_a_split_is_told_once() -> None:
    assert split_with(FILED, [OTHER, OTHER, FILED], limit=LIMIT, days=7) == Split(("CG-1", "CG-2"), 6_800_000)
    third = replace(OTHER, number="CG-3", title="显示器", fen=4_900_000)
    assert splits([OTHER, FILED, third], limit=LIMIT, days=7) == [Split(("CG-1", "CG-2"), 6_800_000)]


def _made(*seconds: float, signer: str = "su") -> list[Decided]:
    return [Decided(signer, f"CG-{serial}", NOW + timedelta(seconds=at)) for serial, at in enumerate(seconds, 1)]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        ((), []),
        ((0, 10, 20), [3]),
        ((0, 10), []),
        ((0, 10, 31), []),
        ((0, 10, 30), [3]),
        ((0, 10, 20, 30, 40), [5]),
        ((0, 10, 20, 500, 510, 520), [3, 3]),
        ((0, 40, 50, 60), [3]),
        ((0, 0, 0, 0), []),
        ((0, 0, 0, 5, 10), []),
        ((0, 0, 5, 10, 15), [3]),
    ],
)
def test_decisions_seconds_apart_are_found_and_one_tap_on_a_list_is_none(
    seconds: tuple[float, ...], expected: list[int]
) -> None:
    assert [len(burst.numbers) for burst in bursts(_made(*seconds), least=3, seconds=30)] == expected


def test_a_burst_is_one_signers_own_and_says_its_numbers_beginning_and_length() -> None:
    mixed = [*_made(0, 20, signer="su"), *_made(10, 30, signer="qian")]
    assert bursts(mixed, least=3, seconds=60) == []
    (burst,) = bursts(_made(0, 20, 25), least=3, seconds=30)
    assert (burst.signer, burst.numbers, burst.began, burst.seconds) == ("su", ("CG-1", "CG-2", "CG-3"), NOW, 25)


@pytest.mark.parametrize(
    ("count", "refused", "expected"), [(3, 0, True), (20, 0, True), (2, 0, False), (3, 1, False), (20, 20, False)]
)
def test_a_pair_is_told_when_there_was_enough_to_decide_and_never_a_no(
    count: int, refused: int, expected: bool
) -> None:
    tally = Tally("su", "xu", count, refused, "CG-1")
    assert pairs_never_refusing([tally], least=3) == ([tally] if expected else [])


def test_the_pairs_with_the_most_decisions_come_first() -> None:
    few, many = Tally("su", "xu", 3, 0, "CG-1"), Tally("qian", "xu", 9, 0, "CG-2")
    assert pairs_never_refusing([few, many], least=3) == [many, few]
