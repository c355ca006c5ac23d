"""What belongs together and reaches a limit that each stays below, as a table of cases (4.1a)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from policy.radars import Filing, split_hint

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
LIMIT = 5_000_000


def filing(
    number: str, fen: int, *, who: str = "xu", department: str = "sales", subject: str = "服务器", supplier: str = "",
    ago: timedelta = timedelta(0),
) -> Filing:
    return Filing(number, who, department, subject, supplier, fen, NOON - ago)


@pytest.mark.parametrize(
    ("earlier", "expected", "why"),
    [
        (filing("A", 2_000_000), ("A",), "together exactly the limit"),
        (filing("A", 1_999_999), None, "one fen below it"),
        (filing("A", 2_000_000, ago=timedelta(days=7)), ("A",), "seven days ago"),
        (filing("A", 2_000_000, ago=timedelta(days=7, seconds=1)), None, "longer ago"),
        (filing("A", LIMIT), None, "that one took the stricter path by itself"),
        (filing("A", 4_000_000, subject="显示器"), None, "another purpose"),
        (filing("A", 4_000_000, subject="服务器 第二批"), ("A",), "the second lot"),
        (filing("A", 4_000_000, who="su"), ("A",), "another of the department"),
        (filing("A", 4_000_000, who="wei", department="rd"), None, "another department"),
        (filing("A", 4_000_000, who="xu", department="rd"), ("A",), "the same applicant, then elsewhere"),
        (filing("A", 4_000_000, subject="123"), None, "a purpose without words"),
    ],
)
def test_what_belongs_together(earlier: Filing, expected: tuple[str, ...] | None, why: str) -> None:
    hint = split_hint(filing("N", 3_000_000), [earlier], LIMIT)
    assert (hint.numbers if hint is not None else None) == expected, why


def test_one_supplier_makes_one_matter_and_three_add_up() -> None:
    earlier = [
        filing("B", 1_500_000, subject="网线", supplier="晨光", ago=timedelta(days=1)),
        filing("A", 1_500_000, subject="机柜", supplier="晨光 ", ago=timedelta(days=2)),
    ]
    hint = split_hint(filing("N", 2_000_000, subject="交换机", supplier="晨光"), earlier, LIMIT)
    assert hint is not None
    assert (hint.numbers, hint.fen) == (("A", "B"), 5_000_000)


def test_what_takes_the_stricter_path_itself_needs_no_hint() -> None:
    assert split_hint(filing("N", LIMIT), [filing("A", 4_000_000)], LIMIT) is None
