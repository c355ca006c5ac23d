"""A message as a command: its word, glued or not, free words, pairs and quotes (contract, Chat)."""

from __future__ import annotations

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.language.command import CommandLine, NotACommand, read_command, read_number
from policy.numbering import number_of
from policy.terms import Noun
from tests.handlers.language.words import VOCABULARY

NUMBER = "CG-20261123-0001"

COMMANDS = [
    ("采购 服务器 3.5万 扩容", "采购", ("服务器", "3.5万", "扩容"), "plain"),
    ("\u3000采购\u3000服务器\u3000３．５万\u3000扩容\u3000", "采购", ("服务器", "3.5万", "扩容"), "all of it wide"),
    ("采购：服务器 3.5万 扩容", "采购", ("服务器", "3.5万", "扩容"), "a colon after the word"),
    ("采购，服务器 3.5万 扩容", "采购", ("服务器", "3.5万", "扩容"), "a comma after the word"),
    ("申购 服务器", "采购", ("服务器",), "an alias"),
    ("HELP", "帮助", (), "capitals"),
    ("帮助", "帮助", (), "alone"),
    ("帮助？", "帮助", (), "with a question mark"),
    ("待办。", "待办", (), "with a full stop"),
    ("待办！！", "待办", (), "with force"),
    ("?", "帮助", (), "a mark that is a word"),
    ("？", "帮助", (), "the same, wide"),
    ("“待办”", "待办", (), "copied with its quotes"),
    (f'"撤回 {NUMBER}"', "撤回", (NUMBER,), "copied out of our own sentence"),
    ("/帮助", "帮助", (), "as in other programs"),
    ("采购服务器 3.5万", "采购", ("服务器", "3.5万"), "glued, and a sum shows what is meant"),
    ("采购服务器 单价=2000", "采购", ("服务器",), "glued, and a pair shows it"),
    ("待办3", "待办", ("3",), "glued to a list's number"),
    ("待办 3", "待办", ("3",), "not glued"),
    (f"追溯{NUMBER}", "追溯", (NUMBER,), "glued to a number"),
    (f"查{NUMBER}", "查", (NUMBER,), "a word of one character glued to a number"),
    ("同意 cg-20261123-0001", "同意", ("cg-20261123-0001",), "small letters"),
    (f"同意{NUMBER}可以", "同意", (NUMBER, "可以"), "glued on both sides"),
    (f"驳回 {NUMBER}：不在预算内", "驳回", (NUMBER, "不在预算内"), "a colon after the number"),
    (f"同意 {NUMBER}。", "同意", (NUMBER,), "a full stop after the number"),
    ("帮助采购", "帮助", ("采购",), "a word glued to a word"),
    ("会议开始 HY-20261201-0001", "会议开始", ("HY-20261201-0001",), "the longest word wins"),
    ("会议开始HY-20261201-0001", "会议开始", ("HY-20261201-0001",), "also when glued"),
    ("采购 “云 服务器” 3万 扩容", "采购", ("云 服务器", "3万", "扩容"), "a quoted string is one word"),
    ('采购 "云 服务器" 3万', "采购", ("云 服务器", "3万"), "narrow quotes"),
    ("采购\n服务器\n3.5万", "采购", ("服务器", "3.5万"), "one word per line"),
    ("告警：数据库无法连接！", "告警", ("数据库无法连接",), "an alarm in haste"),
]

NOT_COMMANDS = [
    ("记录本用完了", "记录本用完了", "", "a notebook"),
    ("会议室明天下午3点有人吗", "会议室明天下午3点有人吗", "", "a room"),
    ("采购部 3万 花完了", "采购部", "", "a department, beside a sum"),
    ("采购单 CG-20261123-0001 呢", "采购单", "", "a paper, beside a number"),
    ("采购经理在哪", "采购经理在哪", "", "a post"),
    ("报警器响了", "报警器响了", "", "a thing"),
    ("通知书 3万份", "通知书", "", "a paper"),
    ("会议费 3000", "会议费", "", "a fee"),
    ("同意吗？", "同意吗", "", "a question"),
    ("撤回了 CG-20261123-0001", "撤回了", "", "a report of what was done"),
    ("问题不大", "问题不大", "", "one character is no beginning"),
    ("问题 3万", "问题", "", "not even beside a sum"),
    ("采购显示器", "采购显示器", "采购", "a thing follows, but nothing shows an order"),
    ("告警数据库无法连接", "告警数据库无法连接", "告警", "without its mark a command is asked about"),
    ("采够 服务器 三万五", "采够", "", "a typo"),
    ("请假", "请假", "", "unknown"),
    ("你好", "你好", "", "a greeting"),
    ("", "", "", "nothing"),
    ("。。。", "", "", "marks"),
    ("👍", "👍", "", "an emoji"),
]


@pytest.mark.parametrize(("typed", "word", "tokens", "why"), COMMANDS)
def test_a_command_is_read_with_its_words(typed: str, word: str, tokens: tuple[str, ...], why: str) -> None:
    read = read_command(typed, VOCABULARY)
    assert isinstance(read, CommandLine), why
    assert (read.word, read.tokens) == (word, tokens), why


@pytest.mark.parametrize(("typed", "first", "begins", "why"), NOT_COMMANDS)
def test_a_sentence_is_not_taken_for_a_command(typed: str, first: str, begins: str, why: str) -> None:
    read = read_command(typed, VOCABULARY)
    assert isinstance(read, NotACommand), why
    assert (read.typed_word, read.begins) == (first, begins), why
    assert read.glued == (first.removeprefix(begins) if begins else ""), why


@pytest.mark.parametrize(
    ("body", "tokens", "pairs", "why"),
    [
        ("显示器 单价=2000 数量=4 事由=换新", ("显示器",), {"单价": "2000", "数量": "4", "事由": "换新"}, "plain"),
        ("显示器 数量＝4", ("显示器",), {"数量": "4"}, "wide sign"),
        ("显示器 数量 = 4 单价 = 2000", ("显示器",), {"数量": "4", "单价": "2000"}, "spaces around"),
        ("事由=新 员工 用 数量=4", (), {"事由": "新 员工 用", "数量": "4"}, "a value up to the next name"),
        ("数量=4，单价=2000", (), {"数量": "4", "单价": "2000"}, "a comma between"),
        ("事由=扩容，附报价", (), {"事由": "扩容，附报价"}, "a comma inside"),
        ("事由=“扩容 急”", (), {"事由": "扩容 急"}, "a quoted value"),
        ("事由= 金额=3万", (), {"事由": "", "金额": "3万"}, "nothing after the sign"),
        ("数量=4 数量=5", (), {"数量": "5"}, "the last one wins"),
        ("客户服务\n客户：张三\n结果=好", ("客户服务",), {"客户": "张三", "结果": "好"}, "one per line, both signs"),
        ("客户服务\n客户: 张三\n内容=第一行\n第二行\n结果：好", ("客户服务",),
         {"客户": "张三", "内容": "第一行\n第二行", "结果": "好"}, "a value of two lines"),
        ("客户服务\n客户=张三 结果=好", ("客户服务",), {"客户": "张三", "结果": "好"}, "two on a line"),
        ("a==b", ("a==b",), {}, "no pair"),
        ("https://a.b/?x=1", ("https://a.b/?x=1",), {}, "an address"),
        ("物品\nhttps://a.b/c", ("物品", "https://a.b/c"), {}, "an address on its line"),
        ("周会\n09:30 开始", ("周会", "09:30", "开始"), {}, "a time is no name"),
        ("周会 参会=许专员、林总监 时长=1小时", ("周会",), {"参会": "许专员、林总监", "时长": "1小时"}, "people"),
    ],
)
def test_pairs_are_taken_out_of_the_words(body: str, tokens: tuple[str, ...], pairs: dict[str, str], why: str) -> None:
    read = read_command(f"采购 {body}", VOCABULARY)
    assert isinstance(read, CommandLine)
    assert (read.tokens, dict(read.pairs)) == (tokens, pairs), why


def test_a_name_typed_twice_keeps_its_earlier_value_too() -> None:
    read = read_command("采购 数量=4 数量=5 数量=6", VOCABULARY)
    assert isinstance(read, CommandLine)
    assert (dict(read.pairs), read.repeated) == ({"数量": "6"}, (("数量", "4"), ("数量", "5")))


def test_known_names_with_colons_are_pairs_anywhere_on_request() -> None:
    read = read_command("采购 物品：服务器 金额: 3.5万 备注：急", VOCABULARY)
    assert isinstance(read, CommandLine)
    assert read.pairs == {}
    again = read.with_colons(("物品", "金额"))
    assert dict(again.pairs) == {"物品": "服务器", "金额": "3.5万 备注：急"}
    assert again.body == read.body


def test_minutes_keep_their_punctuation_and_lines() -> None:
    text = "纪要 HY-20261201-0001 第一条：清理“客户台账”，由许专员负责。\n\n第二条：下周检查。"
    read = read_command(text, VOCABULARY)
    assert isinstance(read, CommandLine)
    assert read.body == text.removeprefix("纪要 ")
    assert read.text == text


def test_the_whole_text_and_the_word_as_typed_are_kept() -> None:
    read = read_command("申购　服务器", VOCABULARY)
    assert isinstance(read, CommandLine)
    assert (read.word, read.typed_word, read.text, read.body) == ("采购", "申购", "申购 服务器", "服务器")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("CG-20261123-0001", NUMBER), ("cg-20261123-0001", NUMBER), ("cg20261123-1", NUMBER),
        ("CG202611230001", NUMBER),
        ("cg 20261123 1", NUMBER), ("ＣＧ－２０２６１１２３－０００１", NUMBER), ("CG—20261123—0001。", NUMBER),
        ("\u200bCG-20261123-0001", NUMBER), ("CG-20261123-12345", "CG-20261123-12345"),
        ("ZZ-20261123-0001", None), ("CG-20261123-0000", None), ("CG-20261123", None), ("CG-2026112-0001", None),
        ("服务器", None), ("", None), ("CG-20261123-0001-2", None),
    ],
)
def test_an_items_number_is_read_in_any_spelling(typed: str, number: str | None) -> None:
    assert read_number(typed) == number


WIDE = str.maketrans(string.ascii_letters + string.digits + "-", "".join(
    chr(ord(character) + 0xFEE0) for character in string.ascii_letters + string.digits + "-"
))


@given(st.sampled_from(Noun), st.dates(date(2020, 1, 1), date(2099, 12, 31)), st.integers(1, 999_999))
def test_every_number_we_give_reads_back_in_every_spelling(noun: Noun, day: date, serial: int) -> None:
    number = number_of(noun, day, serial)
    for typed in (number, number.lower(), number.translate(WIDE), number.replace("-", " "), f"{number}。"):
        assert read_number(typed) == number
    read = read_command(f"追溯{number.lower()}", VOCABULARY)
    assert isinstance(read, CommandLine)
    assert read_number(read.tokens[0]) == number


names = st.text(alphabet="物品金额事由客户内容结果数量", min_size=1, max_size=4)
values = st.text(alphabet="张三服务器扩容abc123，。 ", min_size=1, max_size=12).map(str.strip).filter(
    lambda value: value.strip("。， ") != "" and value.rstrip("。 ")[-1] != "，"
)


@given(st.dictionaries(names, values, min_size=1, max_size=5))
def test_pairs_read_back_on_one_line_and_on_many(pairs: dict[str, str]) -> None:
    one_line = " ".join(f"{name}={value}" for name, value in pairs.items())
    many_lines = "\n".join(f"{name}：{value}" for name, value in pairs.items())
    for typed in (f"记录 客户服务 {one_line}", f"记录 客户服务\n{many_lines}"):
        read = read_command(typed, VOCABULARY)
        assert isinstance(read, CommandLine)
        assert read.tokens == ("客户服务",)
        # The last value may lose the full stop that ends the whole message.
        assert {name: value.rstrip("。 ") for name, value in read.pairs.items()} == {
            name: value.rstrip("。 ") for name, value in pairs.items()
        }
