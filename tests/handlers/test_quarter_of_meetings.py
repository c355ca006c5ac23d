"""A quarter of the company's meetings on the working calendar, with every control's evidence (3.2d, 4.2a–e, 8b)."""

from __future__ import annotations

import time as machine_time
from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest

from policy.meetings import FORUM, STRATEGY, WEEKLY, Meeting
from storage.queries import evidence, items, meetings, promises
from storage.verify import verify_audit
from tests.handlers.meeting_life import welcomed
from tests.handlers.office import Office

MOST_SECONDS = 60
# Mondays of the fourth quarter 2026; the first falls into the National Day week, which is worked from Thursday on.
WEEKLY_DAYS = [date(2026, 10, 8), *(date(2026, 10, 12) + timedelta(weeks=at) for at in range(12))]


@pytest.fixture
def quarter(office: Office) -> Office:
    """Return the company on 1 October 2026, 08:00."""
    office.clock.company = office.clock.machine = office.house.calendar.at(date(2026, 10, 1), time(8))
    office.store.write(lambda unit: office.ticker.ensure_rhythms(unit, office.clock.company_now()))
    return welcomed(office)


def standing(office: Office) -> list[Meeting]:
    begin, end = (office.house.calendar.at(day, time(0)) for day in (date(2026, 10, 1), date(2027, 1, 1)))
    return list(office.ask(lambda unit: meetings.meetings_between(unit, begin, end)))


def hold(office: Office, meeting: Meeting, late: timedelta, owner: str) -> None:
    """Hold a meeting as its chair and recorder do; the minutes come `late` after their two hours (or before)."""
    number = meeting.number
    office.until(meeting.starts_at)
    answer = office.say(meeting.chair, f"会议开始 {number}")
    assert "已开始" in answer, answer
    away = [seat for seat in office.ask(lambda unit: meetings.seats_of(unit, number)) if not seat.here]
    for seat in away[: len(away) // 2]:
        office.tap(seat.userid, "我已到会")
    day = office.house.calendar.local(meeting.starts_at) + timedelta(days=4)
    office.say(meeting.chair, f"决议 {number} 第 {day:%j} 号事项 责任人={owner} 截止={day.month}月{day.day}日")
    office.until(meeting.ends_at)
    office.say(meeting.chair, f"会议结束 {number}")
    office.until(meeting.ends_at + timedelta(hours=2) + late)
    answer = office.say(meeting.recorder, f"纪要 {number} 一、上周问题。二、本周任务。")
    assert ("按时" in answer) == (late <= timedelta(0)), answer


def test_a_quarter_of_meetings_plays_with_every_control_s_evidence(quarter: Office) -> None:
    office = quarter
    began = machine_time.monotonic()
    held: list[Meeting] = []
    known: set[str] = set()
    end = office.house.calendar.at(date(2027, 1, 1), time(0))
    turn = 0
    while office.clock.company_now() < end:
        soon = office.clock.company_now() + timedelta(hours=12)
        waiting = [each for each in standing(office) if each.number not in known and each.starts_at < soon]
        if not waiting:
            office.until(office.house.calendar.next_at(office.clock.company_now(), time(8, 36)))
            continue
        meeting = waiting[0]
        known.add(meeting.number)
        late = timedelta(minutes=25, seconds=turn) if turn % 4 == 3 else timedelta(minutes=-30)
        owner = ("苏主管", "高总监", "宋主管")[turn % 3]
        hold(office, meeting, late, owner)
        held.append(meeting)
        task = office.ask(lambda unit, n=meeting.number: promises.promises_of_meeting(unit, n))[0]
        office.say(task.owner, f"接受 {task.number}")
        if turn % 5 != 4:  # each fifth promise is left undone
            office.say(task.owner, f"完成 {task.number} 已办")
            office.say(task.assigner, f"确认完成 {task.number}")
        turn += 1
    spent = machine_time.monotonic() - began

    days = {kind: [office.house.calendar.local(each.starts_at) for each in held if each.kind == kind]
            for kind in (WEEKLY, STRATEGY, FORUM)}
    assert [(each.date(), each.time()) for each in days[WEEKLY]] == [(day, time(9, 30)) for day in WEEKLY_DAYS]
    assert days[STRATEGY] == [datetime(2026, 12, 31, 14, tzinfo=office.house.calendar.zone)]
    assert days[FORUM] == [datetime(2026, 11, 16, 15, tzinfo=office.house.calendar.zone)]
    assert {(each.chair, each.recorder) for each in held if each.kind == WEEKLY} == {("zhou", "zheng")}
    assert {(each.chair, each.recorder) for each in held if each.kind == STRATEGY} == {("zhao", "zhou")}
    people = {seat.userid for seat in office.ask(lambda unit: meetings.seats_of(unit, held[0].number))}
    assert people == {
        "zhou", "wu", "zheng", "lin", "su", "he", "pan", "gao", "luo", "qian", "song", "ren", "jia", "zhao",
    }

    after = [office.ask(lambda unit, n=each.number: meetings.load_meeting(unit, n)) for each in held]
    assert [each.late_seconds for each in after] == [
        25 * 60 + at if at % 4 == 3 else 0 for at in range(len(after))  # 3.2d: to the second
    ]
    late = [each for each in after if each.late_seconds]
    for each in late:
        acts = Counter(event.act for event in office.ask(lambda unit, n=each.number: evidence.trail_of(unit, n)))
        assert acts["minutes.reminded"] == 2
        assert acts["minutes.overdue"] == 1
        assert acts["minutes.escalated"] == 1  # one superior within the 25 minutes
    (strategy,) = [each for each in after if each.kind == STRATEGY]
    (pack,) = [child for child in office.ask(lambda unit: items.children_of(unit, strategy.number))
               if child.kind == "strategy_pack"]
    assert pack.title == "2026年第四季度 经营数据包（取自业务记录）"
    acts = Counter(office.acts())
    assert acts["meeting.begun"] == acts["meeting.ended"] == len(held) == 15
    assert acts["minutes.given"] == 15
    assert acts["meeting.attended"] >= 13 * 6
    assert acts["decision.registered"] == acts["task.accepted"] == 15
    assert acts["meeting.reviewed"] == 12  # every weekly meeting after the first opened with what was promised
    assert acts["task.judged"] == 12
    assert acts["task.overdue"] == 2  # the third one's date lies in the next quarter
    said = office.say("zhao", "履约 研发部 2026年第四季度").split("\n")
    assert said[:2] == [
        "研发部 2026年第4季度履约：按期完成 75.0%", "按期 3，逾期完成 0，逾期未完成 1；改过期 0，未到期 0",
    ]
    assert office.store.read(verify_audit).wrong == 0
    assert spent < MOST_SECONDS, spent
    print(f"a quarter of {len(held)} meetings in {spent:.1f} s")
