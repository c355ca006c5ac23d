"""Every sentence a user reads keeps the same manner: one style of quotes, no IDs of ours, no English."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.all_topics import registry
from policy.controls import CONTROLS

TEXTS = Path(__file__).resolve().parents[2] / "notifications" / "texts"
FILES = sorted(TEXTS.glob("*.py"))
CHINESE = re.compile(r"[\u4e00-\u9fff]")
CONTROL_ID = re.compile(r"(?<![0-9.])(?:[1-8]\.[1-9][a-z]|P\.[1-3])(?![0-9])")
# What a Chinese office writes in Latin letters: product and field names, file kinds, the placeholders of our numbers.
LATIN_WORDS = frozenset({"WeCom", "IP", "WiFi", "PDF", "Excel", "XLSX", "CSV", "YYYYMMDD", "App"})
LATIN = re.compile(r"[A-Za-z]{3,}")
_ALIASES = {"hi", "hello", "thanks", "help"}  # what people type, not what we say


def spoken(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of every piece of a sentence: strings with Chinese in them, docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.lineno, node.value


def faults(path: Path) -> list[str]:
    found = []
    for line, text in spoken(path):
        where = f"{path.name}:{line}: {text!r}"
        if re.search("[“”‘’「」『』]", text):
            found.append(f"{where} has other quotes than \"…\"")
        if CONTROL_ID.search(text) and CHINESE.search(text):
            found.append(f"{where} shows one of our IDs")
        if CHINESE.search(text) and "liuhen " not in text and set(LATIN.findall(text)) - LATIN_WORDS - _ALIASES:
            found.append(f"{where} has English in it")
        if CHINESE.search(text) and re.search(r"[\u4e00-\u9fff][,;:!?](?!\S*=)", text):
            found.append(f"{where} mixes narrow punctuation into Chinese")
        if re.search(r"[！!]{1}$|😀|👍|🎉", text) and CHINESE.search(text):
            found.append(f"{where} shouts")
    return found


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_every_sentence_keeps_the_manner_of_the_house(path: Path) -> None:
    assert faults(path) == []


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("发“待办”看全部", "quotes"), ("按 3.1a 办理", "IDs"), ("请 retry 一次", "English"), ("好了,请看", "narrow"),
        ("太好了！", "shouts"),
    ],
)
def test_a_sentence_that_breaks_the_manner_is_found(tmp_path: Path, sentence: str, fault: str) -> None:
    path = tmp_path / "planted.py"
    path.write_text(f"WORDS = {sentence!r}\n", encoding="utf-8")

    assert [fault in each for each in faults(path)] == [True]


def test_what_the_help_shows_names_no_control() -> None:
    shown = [
        text
        for route in registry().commands.values()
        for text in (route.usage, route.group, *route.examples, *route.aliases)
    ]
    assert not [text for text in shown if any(f" {control}" in f" {text}" for control in CONTROLS)]
    assert not [text for text in shown if "“" in text]


def test_every_usage_begins_with_its_command() -> None:
    assert not [route.usage for route in registry().commands.values() if not route.usage.startswith(route.word)]
