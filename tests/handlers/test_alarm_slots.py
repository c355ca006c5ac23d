"""All phones of an alarm's ladder rang as often as they may: it goes on the moment the first may ring again (7.1b)."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest

from bot.bootstrap import firing_kinds
from handlers.alarm_slots import FREED
from notifications.post import Frank, Post
from notifications.throttle import DEFAULT_LIMITS
from notifications.ticker import Ticker
from policy.alarms import AlarmState, Move, open_alarm, resume
from policy.terms import DeadlineState, Lane
from storage.queries.calls import CallOutcome, calls_of, change_call, load_call, mark_placing, want_call
from storage.queries.due import pending_of
from storage.queries.people import load_org
from storage.tables import DEADLINE
from storage.unit import Unit
from tests.handlers.office import Card, Office

NUMBER = "GJ-20261123-0001"
LADDER = ("luo", "gao", "zhao", "yan")  # of wei
BEFORE = "GJ-20261122-0001"
_MOMENT = timedelta(milliseconds=1)


def called(office: Office) -> list[str]:
    """Return who was called, in order."""
    return [userid for userid, _ in office.phones.calls]


def rang(office: Office, userid: str, *at: datetime) -> None:
    """Let somebody's number have been called at these instants."""

    def write(unit: Unit) -> None:
        for instant in at:
            call = load_call(unit, want_call(unit, BEFORE, userid, instant))
            assert call is not None
            mark_placing(unit, call, instant)
            change_call(unit, call.id, CallOutcome.FAILED)

    office.store.write(write)


def use_up(office: Office, frees: datetime) -> None:
    """Let every number of the ladder be at its limit of 3 in 15 minutes; they are free one after the other."""
    for serial, userid in enumerate(LADDER):
        first = frees - timedelta(minutes=15) + serial * timedelta(seconds=50)
        rang(office, userid, first, first + timedelta(seconds=1), first + timedelta(seconds=2))


def deadlines(office: Office) -> list[tuple[int, str]]:
    """Return (generation, state) of every promise of a call, in order."""
    statement = (
        DEADLINE.select().with_only_columns(DEADLINE.c.generation, DEADLINE.c.state)
        .where(DEADLINE.c.kind == FREED).order_by(DEADLINE.c.id)
    )
    return [(int(row[0]), str(row[1])) for row in office.ask(lambda unit: unit.all(statement))]


def waiting_alarm(office: Office) -> datetime:
    """Raise an alarm at 10:00 that nobody can be called for before the returned instant, 10:14:30."""
    for userid in office.phones.chats:
        office.enter(userid)
    frees = office.at(10, 14) + timedelta(seconds=30)
    use_up(office, frees)
    office.say("wei", "告警 数据库无法连接")
    office.skip()
    office.move(minutes=3)
    return frees


def test_the_moment_the_first_phone_may_ring_one_call_leaves_and_nothing_else(office_everywhere: Office) -> None:
    office = office_everywhere
    frees = waiting_alarm(office)
    assert called(office) == []
    assert office.read("wei") == [
        f"告警 {NUMBER} 罗主管 3 分钟没有应答，正在打电话。",
        f"告警 {NUMBER} 罗主管 短时间内已打过多次电话，已通知 高总监。",
        f"告警 {NUMBER} 高总监 短时间内已打过多次电话，已通知 赵总。",
        f"告警 {NUMBER} 赵总 短时间内已打过多次电话，已通知 严副总。",
        f"告警 {NUMBER} 严副总 短时间内已打过多次电话。名单上的电话都已到次数上限，11月23日 10:14 可再打时马上打电话，"
        "消息照常发送。",
    ]
    assert all(isinstance(office.read(userid)[0], Card) for userid in LADDER[1:])

    office.until(frees - _MOMENT)
    assert called(office) == []
    assert office.acts(NUMBER).count("alarm.phones_full") == 1
    assert deadlines(office) == [(1, DeadlineState.PENDING.value)]
    office.skip()
    office.until(frees)
    assert called(office) == ["luo"]
    office.silence()
    assert [act for act in office.acts(NUMBER) if not act.startswith("delivery.")][-2:] == [
        "alarm.resumed", "phone.placed",
    ]
    assert office.say("luo", "待办").startswith(f"等您处理的有 1 件：\n1. 【加急】告警 {NUMBER}")

    office.move(minutes=2, seconds=59)
    assert called(office) == ["luo"]
    office.silence()
    office.move(seconds=1)  # 10:17:30, a step after the call: the line goes on behind
    assert called(office) == ["luo", "gao"]


@pytest.mark.parametrize(
    ("userid", "words"),
    [
        ("gao", f"收到 {NUMBER}"), ("luo", f"处理 {NUMBER} 正在重启"), ("zhao", f"解除 {NUMBER}"),
        ("wei", f"撤回 {NUMBER}"),
    ],
)
def test_answered_or_taken_back_in_between_nobody_is_called_after_all(
    office: Office, userid: str, words: str
) -> None:
    frees = waiting_alarm(office)
    office.until(frees - _MOMENT)
    office.say(userid, words)
    assert deadlines(office) == [(1, DeadlineState.CANCELLED.value)]
    office.skip()
    office.move(minutes=15)
    assert called(office) == []
    office.silence()


def test_answered_at_the_very_moment_of_calling_nobody_is_called(office: Office) -> None:
    frees = waiting_alarm(office)
    office.until(frees - _MOMENT)
    office.clock.move(milliseconds=1)
    assert office.ticker.tick() == 1  # the call is promised, and has not left
    office.say("luo", f"收到 {NUMBER}")
    assert called(office) == []
    (last,) = office.ask(lambda unit: [call for call in calls_of(unit, NUMBER) if call.state is CallOutcome.DROPPED])
    assert last.userid == "luo"


def test_a_late_clock_makes_one_call(office: Office) -> None:
    waiting_alarm(office)
    office.clock.move(hours=5)  # no clock ran; the next step is late as well
    office.run()
    assert called(office) == ["luo"]
    office.run()
    assert called(office) == ["luo"]
    assert office.ask(lambda unit: pending_of(unit, FREED, NUMBER)) is None


def test_two_clocks_at_once_make_one_call(office_everywhere: Office) -> None:
    office = office_everywhere
    frees = waiting_alarm(office)
    office.until(frees - _MOMENT)
    office.clock.move(milliseconds=1)
    tickers = [Ticker(office.store, firing_kinds(office), office.clock) for _ in range(3)]
    threads = [threading.Thread(target=ticker.tick) for ticker in tickers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    office.run()
    assert called(office) == ["luo"]
    assert office.acts(NUMBER).count("alarm.resumed") == 1
    assert deadlines(office) == [(1, DeadlineState.FIRED.value)]


def test_a_rehearsal_that_is_moved_on_waits_for_the_phone_all_the_same(office: Office) -> None:
    waiting_alarm(office)  # at 10:03; the phone is free in 11 minutes and a half of the machine's time
    office.clock.jump(hours=2)
    office.run()
    assert called(office) == []
    assert [state for _, state in deadlines(office)] == [DeadlineState.FIRED.value, DeadlineState.PENDING.value]
    office.until(office.clock.company_now() + timedelta(minutes=11, seconds=30) - _MOMENT)
    assert called(office) == []
    office.skip()
    office.move(milliseconds=1)
    assert called(office) == ["luo"]
    office.silence()


def crowd(office: Office, userid: str) -> None:
    """Let somebody have had all the messages of a minute, so that the next one waits."""

    def write(unit: Unit) -> None:
        now = office.clock.company_now()
        post = Post(unit, load_org(unit), office.house.calendar, Frank(1), now, office.clock.machine_now())
        for serial in range(DEFAULT_LIMITS.minute):
            post.text(userid, f"{serial}", key=f"crowd:{serial}", number="", lane=Lane.URGENT)

    office.store.write(write)
    office.run()


def test_a_phone_that_frees_while_the_last_call_waits_for_its_message_rings_right_after_it(
    office_everywhere: Office,
) -> None:
    office = office_everywhere
    for userid in office.phones.chats:
        office.enter(userid)
    frees = office.at(10, 3) + timedelta(seconds=5)
    use_up(office, frees)
    office.say("wei", "告警 数据库无法连接")
    office.until(office.at(10, 2) + timedelta(seconds=30))
    crowd(office, "yan")  # until 10:03:30, so the call of the line's last one waits from 10:03:00 to 10:03:10
    office.skip()
    office.until(office.at(10, 3) + timedelta(seconds=9))
    assert called(office) == []
    office.move(seconds=2)
    assert called(office) == ["luo"]
    done = [act for act in office.acts(NUMBER) if not act.startswith("delivery.")]
    assert done[-3:] == ["phone.limited", "alarm.resumed", "phone.placed"]
    assert deadlines(office) == []
    assert office.read("wei") == [
        f"告警 {NUMBER} 罗主管 3 分钟没有应答，正在打电话。",
        f"告警 {NUMBER} 罗主管 短时间内已打过多次电话，已通知 高总监。",
        f"告警 {NUMBER} 高总监 短时间内已打过多次电话，已通知 赵总。",
        f"告警 {NUMBER} 赵总 短时间内已打过多次电话，已通知 严副总。",
        f"告警 {NUMBER} 严副总 短时间内已打过多次电话。罗主管 现在可以再打，正在打电话。",
    ]

    office.until(office.at(10, 6))
    assert called(office) == ["luo"]
    office.move(seconds=15)  # a step after the call the line goes on behind, to who is free again as well
    assert called(office) == ["luo", "gao"]


def test_two_alarms_that_wait_share_what_becomes_free(office: Office) -> None:
    frees = waiting_alarm(office)
    office.say("wei", "告警 机房冒烟")
    while office.clock.company_now() < frees - timedelta(seconds=10):
        office.move(seconds=10)  # calls that wait for their message are looked at in between
    office.until(frees - _MOMENT)
    assert called(office) == []
    office.until(frees)
    assert called(office) == ["luo"]
    # The second slot is luo's too, a second later: whose number rang earlier is free earlier.
    office.move(seconds=1)
    assert called(office) == ["luo", "luo"]
    assert [office.acts(each).count("phone.placed") for each in (NUMBER, "GJ-20261123-0002")] == [1, 1]


def test_the_days_limit_is_waited_for_too(office: Office) -> None:
    for userid in office.phones.chats:
        office.enter(userid)
    for serial, userid in enumerate(LADDER):
        first = office.at(10, 20) - timedelta(days=1) + serial * timedelta(minutes=5)
        rang(office, userid, *(first + each * timedelta(minutes=20) for each in range(8)))
    office.say("wei", "告警 数据库无法连接")
    office.until(office.at(10, 20) - _MOMENT)
    assert called(office) == []
    office.move(milliseconds=1)
    assert called(office) == ["luo"]


def test_one_phone_that_may_ring_is_left_to_the_next_step(office: Office) -> None:
    for userid in office.phones.chats:
        office.enter(userid)
    for userid in LADDER[1:]:
        rang(office, userid, *(office.at(9, 58) + each * timedelta(seconds=1) for each in range(3)))
    office.say("wei", "告警 数据库无法连接")
    office.move(minutes=6)
    assert called(office) == ["luo"]
    assert office.read("wei")[-1] == f"告警 {NUMBER} 严副总 短时间内已打过多次电话，稍后再次通知。"
    assert deadlines(office) == []
    office.move(minutes=3)
    assert called(office) == ["luo", "luo"]


def test_its_story_tells_of_the_limit_and_of_the_call(office: Office) -> None:
    frees = waiting_alarm(office)
    office.until(frees - _MOMENT)
    office.until(frees)
    story = "\n".join(office.say("wei", f"追溯 {NUMBER} {page}".removesuffix(" 1")) for page in (1, 2, 3))
    assert "名单上的电话都已到次数上限，11月23日 10:14 可再打" in story
    assert "可再打电话，通知 罗主管（电话）" in story
    assert "打电话给 罗主管" in story


@pytest.mark.parametrize(
    ("holder", "userid", "round_", "chat"),
    [("d", "a", 2, False), ("d", "d", 1, False), ("a", "c", 1, True), ("b", "b", 1, False)],
)
def test_who_may_be_called_again_takes_the_turn(holder: str, userid: str, round_: int, chat: bool) -> None:
    alarm = open_alarm(NUMBER, "s", "", "abcd", datetime(2026, 11, 23, 2)).alarm
    position = "abcd".index(holder)
    alarm = type(alarm)(**{**vars(alarm), "position": position, "told": tuple("abcd"[: position + 1])})
    move = resume(alarm, userid)
    assert (move.alarm.holder, move.alarm.round, move.chat, move.call) == (userid, round_, chat, True)
    assert (move.alarm.steps, move.alarm.called, move.alarm.state) == (2, True, AlarmState.OPEN)
    assert userid in move.alarm.told
    assert isinstance(move, Move)
