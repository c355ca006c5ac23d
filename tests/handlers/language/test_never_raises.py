"""Whatever somebody types, every reader answers with a value."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.language.amounts import Amount, AmountProblem, find_amount, read_amount
from handlers.language.command import CommandLine, NotACommand, read_command, read_number
from handlers.language.dates import DateProblem, Moment, Span, read_duration, read_moment, read_span
from handlers.language.nearest import nearest_commands
from handlers.language.normalize import normalize, tidy
from handlers.language.people import Found, Listed, NotFound, Several, find_people, find_person
from handlers.language.purchase import PurchaseLine, PurchaseProblem, read_purchase
from policy.calendar import WorkingCalendar
from tests.handlers.language.words import COMMANDS, GLUED, VOCABULARY

NOW = datetime(2026, 11, 23, 6, 5, tzinfo=UTC)
CALENDAR = WorkingCalendar()
PEOPLE = (Listed("xu", "许专员", ("小许",), "销售部", True), Listed("lin", "林总监", (), "销售部", False))

anything = st.text(max_size=80)
office = st.lists(
    st.sampled_from([
        *"0123456789一二两三五十百千万亿零半点块元角分年月日号周前后早晚上下到至=：，。、 \n\t",
        *"-~/.,:¥￥@“”()（）wk台个２",
        "采购", "待办", "同意", "星期", "下周", "下午", "工作日", "小时", "分钟", "月底", "单价=", "数量=",
        "金额=", "事由=",
        "CG-20261123-0001", "许专员", "服务器", "3.5万", "12月1日", "14:30", "RMB", "总价", "每台", "约", "负",
        "告警", "着火", "无法连接", "吗", "\u200b", "👍",
    ]),
    max_size=12,
).map("".join)
typed_texts = st.one_of(anything, office)


@settings(max_examples=600)
@given(typed_texts)
def test_every_reader_answers_any_text(typed: str) -> None:
    assert isinstance(read_amount(typed), Amount | AmountProblem)
    assert isinstance(read_moment(typed, NOW, CALENDAR), Moment | DateProblem)
    assert isinstance(read_moment(typed, NOW, CALENDAR, nearest=True), Moment | DateProblem)
    assert isinstance(read_span(typed, NOW, CALENDAR), Span | DateProblem)
    assert isinstance(read_duration(typed), timedelta | None)
    assert isinstance(read_number(typed), str | None)
    assert isinstance(normalize(typed), str)
    assert isinstance(tidy(typed), str)
    assert isinstance(find_person(typed, PEOPLE), Found | Several | NotFound)
    assert all(isinstance(who, Found | Several | NotFound) for who in find_people(typed, PEOPLE))
    assert len(nearest_commands(typed, COMMANDS, VOCABULARY)) <= 3
    read, others = find_amount(typed.split())
    assert isinstance(read, Amount | AmountProblem)
    assert len(others) <= len(typed.split())


@settings(max_examples=600)
@given(typed_texts)
def test_every_message_is_a_command_or_none_and_every_purchase_is_read_or_refused(typed: str) -> None:
    for text in (typed, f"采购 {typed}"):
        line = read_command(text, VOCABULARY, GLUED)
        assert isinstance(line, CommandLine | NotACommand)
        if isinstance(line, CommandLine):
            assert line.word in COMMANDS
            assert isinstance(read_purchase(line), PurchaseLine | PurchaseProblem)


@settings(max_examples=300)
@given(typed_texts)
def test_what_is_read_can_be_turned_into_an_instant(typed: str) -> None:
    read = read_moment(typed, NOW, CALENDAR)
    if isinstance(read, Moment):
        assert read.instant(CALENDAR).tzinfo is UTC
    span = read_span(typed, NOW, CALENDAR)
    if isinstance(span, Span):
        assert span.start.date <= span.end.date
