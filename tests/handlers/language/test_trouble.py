"""告警 written without a space: what is taken for an alarm, and what is asked about because it may be none (7.1b)."""

from __future__ import annotations

import pytest

from handlers.language.command import CommandLine, NotACommand, read_command
from tests.handlers.language.words import GLUED, VOCABULARY

ALARMS = [
    ("告警", "数据库无法连接", "the contract's own"),
    ("报警", "仓库漏水，在抢搬资料", "more after a comma"),
    ("告警", "着火了", "an event needs no subject"),
    ("告警", "3号楼着火了，谁能来？", "help is asked for once the trouble is told"),
    ("告警", "3号机房，漏水了", "the trouble behind a comma"),
    ("告警", "仓库 漏水", "the trouble behind a space"),
    ("紧急求助", "有人晕倒", "an alias; somebody"),
    ("紧急上报", "一楼大厅停电", "an alias; a place"),
    ("告警", "我们公司官网打不开", "we"),
    ("告警", "会议室漏水", "a room that does not belong to the word"),
    ("告警", "员工受伤", "staff"),
    ("告警", "机房空调故障", "a thing that failed"),
    ("告警", "生产线停了", "a line, not an alarm's"),
    ("告警", "漏水已经1小时了", "an hour is no condition"),
    ("告警", "已经漏水了", "already"),
    ("告警", "没电断网了", "without power"),
    ("告警", "不明气体泄漏", "不 is part of the word"),
    ("告警", "机房漏水请通知物业", "who is to be told"),
    ("告警", "三号楼五层机房精密空调漏水已经流到走廊请马上派人过来", "longer than a word glued to another"),
]

ASKED_OR_TALK = [
    ("告警器坏了", "", "a thing"),
    ("报警器响了", "", "a thing that did its work"),
    ("报警铃失灵", "告警", "a bell"),
    ("报警阀漏水", "告警", "a valve"),
    ("报警人昏倒", "", "who called"),
    ("告警系统故障", "", "a system"),
    ("告警邮件服务失败了吗", "", "a question"),
    ("告警短信收不到，网络异常", "告警", "a message"),
    ("告警怎么发", "", "how"),
    ("告警电话是多少", "", "which number"),
    ("告警电话打不通", "告警", "a telephone"),
    ("告警失败", "告警", "the alarm itself"),
    ("告警打不开", "告警", "the alarm itself"),
    ("告警今天又失败了", "告警", "the alarm itself, with words of time"),
    ("告警丢失了", "告警", "the alarm itself"),
    ("告警数据库", "告警", "no trouble is told"),
    ("告警数据库无法连接？", "告警", "a question by its mark"),
    ("告警机房漏水吗", "", "a question by its word"),
    ("告警着火时通知主管", "告警", "a condition"),
    ("告警如果着火就发", "告警", "a supposition"),
    ("告警数据库无法连接的单子", "告警", "a paper about it"),
    ("告警数据库恢复了，刚才无法连接", "告警", "it is over"),
    ("告警误报，机房漏水", "告警", "it was none"),
    ("告警演练失败", "告警", "a drill"),
    ("告警发错了，机房漏水是假的", "告警", "sent by mistake"),
    ("告警服务器异常已排除", "告警", "it is put right"),
    ("告警已经失败", "", "the alarm itself, already"),
    ("告警停电通知", "告警", "a notice"),
    ("告警火灾险续保", "告警", "an insurance"),
    ("告警数据库故障率下降", "告警", "a rate"),
    ("告警昨天漏水的后续", "告警", "what came of it"),
    ("告警无人受伤", "告警", "nobody"),
    ("告警没有着火", "", "it is denied"),
    ("告警了，漏水", "", "it was done"),
    ("告警" + "机房漏水" * 60, "告警", "a whole text"),
    ("会议室在哪", "", "a room"),
    ("会议室漏水", "", "trouble behind a word that is not marked"),
    ("记录本丢了", "", "a notebook"),
    ("通知数据库无法连接", "通知", "trouble behind another word that is not marked"),
]


@pytest.mark.parametrize(("word", "trouble", "why"), ALARMS)
def test_trouble_behind_an_alarms_word_is_an_alarm_with_or_without_a_space(word: str, trouble: str, why: str) -> None:
    glued, apart = (read_command(f"{word}{space}{trouble}", VOCABULARY, GLUED) for space in ("", " "))
    assert isinstance(glued, CommandLine), why
    assert isinstance(apart, CommandLine)
    assert (glued.word, glued.typed_word, glued.body) == ("告警", word, apart.body), why
    assert (glued.tokens, dict(glued.pairs)) == (apart.tokens, dict(apart.pairs)), why


@pytest.mark.parametrize(("typed", "begins", "why"), ASKED_OR_TALK)
def test_what_may_be_another_word_or_talk_is_no_alarm(typed: str, begins: str, why: str) -> None:
    read = read_command(typed, VOCABULARY, GLUED)
    assert isinstance(read, NotACommand), why
    assert read.begins == begins, why
