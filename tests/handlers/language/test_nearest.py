"""A typo finds the command that was meant; a sentence finds none; a quiet process does not pay for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from handlers.language.nearest import Near, nearest_commands
from tests.handlers.language.words import COMMANDS, VOCABULARY


@pytest.mark.parametrize(
    ("typed", "meant", "why"),
    [
        ("bz", "帮助", "initials"), ("cg", "采购", "initials"), ("BZ", "帮助", "initials in capitals"),
        ("caigou", "采购", "pinyin"), ("caigo", "采购", "pinyin with a slip"), ("hlep", "帮助", "an English slip"),
        ("会议记要", "纪要", "a wrong character of four"), ("采够", "采购", "the same sound"),
        ("带办", "待办", "the same sound"),
        ("代办", "待办", "a common mistake"), ("查寻", "查", "through its alias"), ("报肖", "报销", "the same sound"),
        ("撤消", "撤回", "through its alias"), ("追朔", "追溯", "a common misreading"),
        ("驳会", "驳回", "the same sound"),
        ("更证", "更正", "the same sound"), ("催半", "催办", "the same sound"), ("转教", "转交", "the same sound"),
        ("加鉴", "加签", "nearly the same sound"), ("告井", "告警", "the same sound"),
        ("决意", "决议", "the same sound"),
        ("有困男", "有困难", "three characters"), ("会议开使", "会议开始", "four characters"),
        ("通之", "通知", "the same sound"),
    ],
)
def test_a_typo_finds_what_was_meant_first(typed: str, meant: str, why: str) -> None:
    near = nearest_commands(typed, COMMANDS, VOCABULARY)
    assert near, why
    assert near[0].word == meant, why


@pytest.mark.parametrize(
    "typed",
    [
        "", "a", "采", "123", "ok", "hello", "test", "你好", "好的", "谢谢", "辛苦了", "在吗", "哈哈", "可以",
        "不行", "知道了",
        "老板好", "今天天气", "我想请假", "请假", "明天开会吗", "服务器坏了", "记录本用完了", "采购部在哪",
        "采购员", "会议室",
        "通讯录", "周报", "什么", "怎么办", "多少钱", "下班", "吃饭", "打印机", "经理", "公司", "同事", "完了", "休息",
        "这个月的报表什么时候交", "麻烦帮我看一下这张单子", "👍", "。。。",
    ],
)
def test_an_ordinary_sentence_finds_nothing(typed: str) -> None:
    assert nearest_commands(typed, COMMANDS, VOCABULARY) == []


def test_only_commands_that_may_be_used_are_offered() -> None:
    assert nearest_commands("采够", {"帮助"}, VOCABULARY) == []


def test_no_more_are_offered_than_asked_for() -> None:
    vocabulary = {"采购": "采购", "菜狗": "菜狗", "采够": "采够"}
    near = nearest_commands("采构", vocabulary.keys(), vocabulary, 2)
    assert len(near) == 2
    assert near == sorted(near, key=lambda each: (-each.score, each.word))
    assert all(isinstance(each, Near) and 0 <= each.score <= 100 for each in near)


def test_reading_commands_loads_neither_pinyin_nor_fuzzy_matching() -> None:
    """Start-up time and memory of processes that never meet a typo."""
    script = (
        "import sys\n"
        "import handlers.language.people, handlers.language.purchase, handlers.language.dates\n"
        "assert not {'pypinyin', 'rapidfuzz', 'cn2an', 'decimal', 'fractions'} & sys.modules.keys(), 'loaded early'\n"
        "from handlers.language.nearest import nearest_commands\n"
        "assert nearest_commands('采够', ['采购'], {'采购': '采购'})[0].word == '采购'\n"
        "from pypinyin.constants import PHRASES_DICT\n"
        "assert not PHRASES_DICT, 'the table of phrases costs 45 MB'\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
