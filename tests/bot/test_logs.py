"""Logs: JSON lines, and no secret or words of a person in them, a failure's trace included."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = """
import logging, structlog
from bot.logs import start_logging
start_logging("{level}")
LOG = structlog.get_logger("x")
def deep(secret, words):
    raise ValueError("half-way")
LOG.debug("quiet")
LOG.info("loud", kind="text")
try:
    deep("the-" + "secret", "采购" + "服务器")
except ValueError as error:
    LOG.error("broke", reference="E-1", exc_info=error)
{more}
logging.getLogger("library").info("chatter")
"""


def lines(level: str, more: str = "") -> list[str]:
    said = subprocess.run(
        [sys.executable, "-c", CODE.format(level=level, more=more)], cwd=ROOT, capture_output=True, check=True
    )
    assert said.stdout == b""
    return said.stderr.decode().splitlines()


def test_a_line_is_json_and_a_trace_shows_where_but_not_what() -> None:
    loud, broke = map(json.loads, lines("info"))
    assert (loud["event"], loud["kind"], loud["level"]) == ("loud", "text", "info")
    assert broke["reference"] == "E-1"
    assert [frame["name"] for frame in broke["exception"][0]["frames"]] == ["<module>", "deep"]
    text = json.dumps(broke, ensure_ascii=False)
    assert "the-secret" not in text
    assert "采购服务器" not in text


def test_a_line_says_when_in_utc() -> None:
    line = json.loads(lines("info", "import time; LOG.info('now', seconds=time.time())")[-1])
    assert line["timestamp"].endswith("Z")
    assert abs(datetime.fromisoformat(line["timestamp"]).timestamp() - line["seconds"]) < 60


def test_chinese_stays_readable() -> None:
    assert "盘点室" in lines("info", 'LOG.info("seen", room="盘点室")')[-1]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("1 << 70", 1 << 70),
        ("'\\ud800'", "\ud800"),
        ("b'\\xff'", "b'\\xff'"),
        ("{1: {'a'}}", {"1": "{'a'}"}),
        ("{(1, 'a'): 2}", "{(1, 'a'): 2}"),
        ("round", "[[...]]"),
        ("('a', 2)", ["a", 2]),
        ("Pair('a', 2)", ["a", 2]),
        ("datetime(2026, 9, 1, tzinfo=UTC)", "2026-09-01 00:00:00+00:00"),
        ("Path('/a/b')", "/a/b"),
        ("ValueError('no')", "no"),
        ("float('inf')", None),
    ],
)
def test_no_value_is_too_odd_for_a_line(value: str, shown: object) -> None:
    more = (
        "from collections import namedtuple; from datetime import UTC, datetime; from pathlib import Path\n"
        f"Pair = namedtuple('Pair', 'a b')\nround = []\nround.append(round)\nLOG.info('odd', value={value})"
    )
    assert json.loads(lines("info", more)[-1])["value"] == shown


def test_the_level_is_kept() -> None:
    assert [json.loads(line)["event"] for line in lines("error")] == ["broke"]
