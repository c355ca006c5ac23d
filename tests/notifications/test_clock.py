"""The two clocks: rehearsal moves one of them, and only by whole seconds from a file."""

from __future__ import annotations

import time
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from notifications.clock import Clock, RehearsalClock, SystemClock


def shift(clock: Clock) -> float:
    """Return how far company time is ahead of machine time, in seconds."""
    return (clock.company_now() - clock.machine_now()).total_seconds()


def test_the_system_clock_has_one_time_in_utc() -> None:
    clock = SystemClock()
    assert clock.company_now().tzinfo is UTC
    assert abs(shift(clock)) < 1
    assert clock.offsets() == (0, 0)


def test_an_absent_file_is_no_offset(tmp_path: Path) -> None:
    clock = RehearsalClock(tmp_path / "offset")
    assert abs(shift(clock)) < 1
    assert clock.offsets() == (0, 0)


@pytest.mark.parametrize(("content", "seconds"), [("86400", 86_400), (" 120\n", 120), ("-60\n", -60), ("+7", 7)])
def test_the_file_moves_company_time_by_whole_seconds(tmp_path: Path, content: str, seconds: int) -> None:
    file = tmp_path / "offset"
    file.write_text(content)
    clock = RehearsalClock(file)
    assert shift(clock) == pytest.approx(seconds, abs=1)
    assert clock.offsets() == (seconds, seconds)


def test_a_change_is_seen_within_half_a_second_without_being_asked(tmp_path: Path) -> None:
    file = tmp_path / "offset"
    clock = RehearsalClock(file)
    clock.company_now()
    file.write_text("3600")
    changed = time.monotonic()
    while shift(clock) < 3000:
        assert time.monotonic() - changed < 0.5
    assert clock.machine_now() - clock.company_now() < timedelta(0)


def test_a_refresh_sees_the_change_at_once_and_keeps_the_previous_offset(tmp_path: Path) -> None:
    file = tmp_path / "offset"
    file.write_text("100")
    clock = RehearsalClock(file)
    file.write_text("7300")
    clock.refresh()
    assert clock.offsets() == (7300, 100)
    clock.refresh()
    assert clock.offsets() == (7300, 100)
    file.unlink()
    clock.refresh()
    assert clock.offsets() == (0, 7300)


@pytest.mark.parametrize("bad", [b"", b"soon", b"1.5", b"\xff\xfe", b"9" * 65, b"9" * 40, b"12 13"])
def test_a_bad_content_keeps_the_old_offset(tmp_path: Path, bad: bytes) -> None:
    file = tmp_path / "offset"
    file.write_text("600")
    clock = RehearsalClock(file)
    file.write_bytes(bad)
    clock.refresh()
    assert clock.offsets() == (600, 600)
    file.write_text("601")
    clock.refresh()
    assert clock.offsets() == (601, 600)


def test_a_folder_in_place_of_the_file_keeps_the_old_offset(tmp_path: Path) -> None:
    file = tmp_path / "offset"
    file.write_text("600")
    clock = RehearsalClock(file)
    file.unlink()
    file.mkdir()
    clock.refresh()
    assert clock.offsets() == (600, 600)
