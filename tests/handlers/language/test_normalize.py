"""Wide, invisible and odd characters are made one; what was meant stays."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.language.normalize import normalize, tidy


@pytest.mark.parametrize(
    ("typed", "read", "why"),
    [
        ("１２００", "1200", "wide figures"),
        ("ＡＢＣ", "ABC", "wide letters"),
        ("￥12，000", "¥12,000", "wide sign and comma"),
        ("金额：3万（含税）", "金额:3万(含税)", "wide punctuation"),
        ("“云”服务器", '"云"服务器', "Chinese quotes"),
        ("采购\u3000服务器", "采购 服务器", "ideographic space"),
        ("采购\xa0\xa0服务器", "采购 服务器", "no-break spaces"),
        ("采购\t服务器", "采购 服务器", "a tab"),
        ("采\u200b购\ufeff", "采购", "zero-width characters"),
        ("采购\u202e服务器", "采购服务器", "a direction mark"),
        ("采购\x07服务器", "采购服务器", "a control character"),
        ("好的。", "好的", "a full stop at the end"),
        ("好的！！", "好的", "exclamation marks"),
        ("第一行 \r\n 第二行", "第一行\n第二行", "line breaks of Windows"),
        ("−3", "-3", "mathematical minus"),
        ("⼀⼆", "一二", "radicals copied out of a PDF"),
        ("10m²", "10m²", "never m2: the figure would change"),
        ("①核对②归档", "①核对②归档", "never 1核对2归档"),
        ("½", "½", "never 1⁄2"),
        ("完成👍", "完成👍", "emoji stay"),
        ("👨‍👩‍👧", "👨‍👩‍👧", "a joiner between emoji is part of the picture"),
        ("采\u200d购", "采购", "a joiner between letters is not"),
        ("é", "é", "composed"),
    ],
)
def test_values_are_read_in_one_form(typed: str, read: str, why: str) -> None:
    assert normalize(typed) == read, why


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("扩容，附报价。", "扩容，附报价。"), ("“云”服务器（含税）：两台；急！", "“云”服务器（含税）：两台；急！"),
        ("第一段\n\n第二段", "第一段\n\n第二段"), ("数量＝４", "数量=4"), ("\u3000采购\u3000", "采购"),
    ],
)
def test_prose_keeps_its_punctuation(typed: str, kept: str) -> None:
    """What becomes a record's text or minutes is not rewritten."""
    assert tidy(typed) == kept


@given(st.text())
def test_reading_twice_reads_the_same(typed: str) -> None:
    assert tidy(tidy(typed)) == tidy(typed)
    assert normalize(normalize(typed)) == normalize(typed)
    assert normalize(tidy(typed)) == normalize(typed)


@given(st.text())
def test_nothing_invisible_is_left(typed: str) -> None:
    kept = tidy(typed)
    assert not any(ord(character) < 32 and character != "\n" for character in kept)
    assert "\u200b" not in kept
    assert "\r" not in kept


@given(st.text(st.sampled_from("好1。.!！~～ \n\t\r\x0b\x1c\x85\u2028\u3000\u200b")))
def test_no_mark_of_an_end_and_no_space_of_any_kind_is_left_at_the_end(typed: str) -> None:
    read = normalize(typed)
    assert re.sub(r"[。.!！~～\s]+$", "", read) == read
    assert read.strip() == read
