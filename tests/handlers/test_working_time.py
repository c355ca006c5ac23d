"""Working time as people feel it: reminders by the working calendar, quiet hours, what was held comes as one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

import pytest

from tests.controls.standing import greeted
from tests.handlers.office import Card, Office

NUMBER = "CG-{}-0001"


def at(office: Office, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    calendar = office.house.calendar
    return calendar.at(datetime(2026, month, day).date(), time(hour, minute))


def sent(office: Office, userid: str) -> list[tuple[str, str]]:
    """Return (kind, words) of what came since the last read: a card by its source line, a text by its first line."""
    return [
        ("card", said.json["source"]["desc"]) if isinstance(said, Card) else ("text", said.split("\n")[0])
        for said in office.read(userid)
    ]


def instants(office: Office, userid: str, until: datetime) -> list[str]:
    """Let time pass and return when cards reached somebody, in company time."""
    found = []
    while (following := office.ticker.next_instant()) is not None and following <= until:
        office.until(following)
        if any(kind == "card" and words.startswith("采购") for kind, words in sent(office, userid)):
            found.append(f"{office.house.calendar.local(office.clock.company_now()):%m-%d %H:%M}")
    office.until(until)
    return found


REMINDERS = [
    ((11, 23, 10, 0), {}, (11, 26, 23), ["11-23 14:00", "11-24 10:00", "11-25 10:00", "11-26 10:00"],
     "four working hours, then each working day at 10:00"),
    ((11, 23, 15, 30), {}, (11, 25, 9), ["11-24 10:30"], "the night does not count"),
    ((11, 27, 16, 0), {}, (12, 1, 12), ["11-30 11:00", "12-01 10:00"], "the weekend does not count"),
    ((11, 27, 16, 0), {"rest_days": ["2026-11-30"]}, (12, 2, 12), ["12-01 11:00", "12-02 10:00"],
     "a holiday does not count"),
    ((11, 27, 16, 0), {"work_days": ["2026-11-28"]}, (11, 30, 12), ["11-28 11:00", "11-30 10:00"],
     "a Saturday that is worked counts"),
]


@pytest.mark.parametrize(("filed", "calendar", "until", "expected", "why"), REMINDERS, ids=[c[4] for c in REMINDERS])
def test_a_card_that_waits_is_reminded_of_in_working_time(
    office_with: Callable[..., Office], filed: tuple[int, ...], calendar: dict[str, list[str]],
    until: tuple[int, ...], expected: list[str], why: str,
) -> None:
    office = office_with(calendar=calendar)
    greeted(office)
    office.until(at(office, *filed))
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.skip()

    assert instants(office, "su", at(office, *until)) == expected


def test_after_three_reminders_the_superior_is_told_once(office: Office) -> None:
    greeted(office)
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.skip()

    office.until(at(office, 11, 27, 12))

    told = [words for kind, words in sent(office, "lin") if kind == "text"]
    assert told == [
        "苏主管 的审批已等待多日：CG-20261123-0001（服务器），11月23日 10:00 送达，已提醒 3 次。请协助安排处理。"
    ]


def test_once_decided_nobody_is_reminded_any_more(office: Office) -> None:
    greeted(office)
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.move(hours=3)
    office.tap("su", "退回补充", choose="依据不足")
    office.skip()

    assert instants(office, "su", at(office, 11, 26, 12)) == []


# --- quiet hours ----------------------------------------------------------------------------------------------------


def test_what_is_held_over_night_comes_as_one_in_the_morning(office: Office) -> None:
    greeted(office)
    office.say("xu", "记录 客户服务 客户=甲 内容=回访 结果=满意")
    office.say("xu", "记录 客户服务 客户=乙 内容=回访 结果=满意")
    office.until(at(office, 11, 23, 22))
    office.skip()
    office.say("lin", "更正 JL-20261123-0001 结果=一般 原因=核对")
    office.move(minutes=5)
    office.say("lin", "更正 JL-20261123-0002 结果=一般 原因=核对")
    office.until(at(office, 11, 24, 8, 29))
    office.silence()

    office.until(at(office, 11, 24, 8, 31))

    assert office.read("xu") == [
        "休息时段有 2 条消息，按时间先后：\n"
        '1. 11月23日 22:00 林总监 更正了您的记录 JL-20261123-0001，原因：核对。发"追溯 JL-20261123-0001"看前后对比。\n'
        '2. 11月23日 22:05 林总监 更正了您的记录 JL-20261123-0002，原因：核对。发"追溯 JL-20261123-0002"看前后对比。\n'
        '发"待办"看等您处理的事，发"查 编号"看详情。'
    ]


def test_one_held_message_comes_as_it_is(office: Office) -> None:
    greeted(office)
    office.say("xu", "记录 客户服务 客户=甲 内容=回访 结果=满意")
    office.until(at(office, 11, 28, 12))
    office.skip()
    office.say("lin", "更正 JL-20261123-0001 结果=一般 原因=核对")
    office.until(at(office, 11, 30, 8, 29))
    office.silence()

    office.until(at(office, 11, 30, 8, 31))

    assert office.read("xu") == [
        '林总监 更正了您的记录 JL-20261123-0001，原因：核对。发"追溯 JL-20261123-0001"看前后对比。'
    ]


EDGES = [
    ((11, 23, 21, 59), True), ((11, 23, 22, 0), False), ((11, 24, 8, 29), False), ((11, 24, 8, 30), True),
    ((11, 28, 12, 0), False),
]


@pytest.mark.parametrize(("when", "at_once"), EDGES, ids=[f"{c[0][1]} at {c[0][2]}:{c[0][3]:02d}" for c in EDGES])
def test_quiet_hours_begin_at_22_and_end_at_half_past_eight_of_a_working_day(
    office: Office, when: tuple[int, ...], at_once: bool
) -> None:
    greeted(office)
    office.until(at(office, *when))
    office.skip()

    answer = office.say("xu", "采购 服务器 3.5万 扩容")

    assert bool(sent(office, "su")) is at_once
    assert ("会在" not in answer) is at_once


def test_what_is_urgent_does_not_wait_and_who_waits_is_told_until_when(office: Office) -> None:
    greeted(office)
    office.until(at(office, 11, 28, 10))
    office.skip()
    number = NUMBER.format("20261128")

    assert (
        f'今天是休息日，苏主管 会在 11月30日（周一）08:30 收到。急事请发"加急 {number}"。'
        in office.say("xu", "采购 服务器 3.5万 扩容").split("\n")
    )
    assert sent(office, "su") == []
    assert office.say("xu", f"加急 {number}") == f"已加急 {number}，马上送到 苏主管。"
    assert sent(office, "su") == [("card", "加急 · 采购 · 待您审批")]


def test_what_is_asked_at_night_is_answered_at_once(office: Office) -> None:
    greeted(office)
    office.until(at(office, 11, 23, 23, 30))
    office.skip()

    assert office.say("xu", "待办") == "现在没有等您处理的事。"
    assert office.say("xu", "记录 客户服务 客户=甲 内容=回访 结果=满意").startswith("已登记客户服务记录")
    office.silence()


# --- what is unusual is shown first ---------------------------------------------------------------------------------


def test_ten_times_the_usual_sum_is_shown_first_and_filed_when_confirmed(office: Office) -> None:
    greeted(office)
    for _ in range(3):
        office.say("xu", "采购 打印纸 100元 日常")
        for signer in ("su", "qian", "zhao"):
            office.tap(signer, "同意")
    office.skip()

    assert office.say("xu", "采购 墨盒 1000元 日常").startswith("已提交采购 CG-20261123-0004\n")
    office.skip()
    preview = office.say("xu", "采购 服务器 1000.01元 扩容")
    assert preview.startswith("请确认：服务器 · ¥1,000.01（壹仟元零壹分）\n比您平时的采购（平均 ¥100.00）高出很多，"
                              "还没有提交。\n")
    assert preview.endswith('确认请发"确认发送"，要改请发"修改"。')
    assert office.acts("CG-20261123-0005") == []
    office.silence()
    assert office.say("xu", "修改") == "没有发出。请改好后重新发送，原文：\n采购 服务器 1000.01元 扩容"
    assert office.say("xu", "采购 服务器 1000.01元 扩容") == preview
    assert office.say("xu", "取消") == "已取消，刚才预览的内容没有发出。"
    assert office.say("xu", "采购 服务器 1000.01元 扩容") == preview
    assert office.say("xu", "确认发送").startswith("已提交采购 CG-20261123-0005\n服务器 · ¥1,000.01")
    assert office.say("xu", "确认发送") == "现在没有等您确认的内容。"


def test_a_preview_that_nobody_confirms_is_forgotten(office: Office) -> None:
    greeted(office)
    for _ in range(3):
        office.say("xu", "采购 打印纸 100元 日常")
        for signer in ("su", "qian", "zhao"):
            office.tap(signer, "同意")
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.move(minutes=11)

    assert office.say("xu", "确认发送") == "现在没有等您确认的内容。"
    assert office.acts("CG-20261123-0004") == []
