"""Logs: JSON lines, and no secret or words of a person in them, a failure's trace included."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

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
logging.getLogger("library").info("chatter")
"""


def lines(level: str) -> list[str]:
    said = subprocess.run(
        [sys.executable, "-c", CODE.format(level=level)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout == ""
    return said.stderr.splitlines()


def test_a_line_is_json_and_a_trace_shows_where_but_not_what() -> None:
    loud, broke = map(json.loads, lines("info"))
    assert (loud["event"], loud["kind"], loud["level"]) == ("loud", "text", "info")
    assert broke["reference"] == "E-1"
    assert [frame["name"] for frame in broke["exception"][0]["frames"]] == ["<module>", "deep"]
    text = json.dumps(broke, ensure_ascii=False)
    assert "the-secret" not in text
    assert "采购服务器" not in text


def test_the_level_is_kept() -> None:
    assert [json.loads(line)["event"] for line in lines("error")] == ["broke"]
