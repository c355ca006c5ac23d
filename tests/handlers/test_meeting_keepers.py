"""A meeting whose chair or minutes taker is away at its start, as everyone concerned reads it (4.2a, 3.2d, 4.1c)."""

from __future__ import annotations

import pytest

from policy.meetings import Meeting
from storage.queries import evidence, items, meetings
from tests.handlers.company import leave
from tests.handlers.meeting_life import SALES, arranged, welcomed
from tests.handlers.office import Card, Office

WITH_TAKER = "会议 销售月会 明天 09:30 参会=苏主管、许专员、高总监 记录=许专员 时长=1小时"
NAMED = f'会议"销售月会"（{SALES}，11月24日（周二）09:30–10:30）'
SOON = f"10 分钟后开会：销售月会（{SALES}），11月24日（周二）09:30–10:30。"
QX = "QX-20261123-0001"


@pytest.fixture
def company(office: Office) -> Office:
    return welcomed(office)


def kept(office: Office) -> Meeting:
    meeting: Meeting = office.ask(lambda unit: meetings.load_meeting(unit, SALES))
    return meeting


def texts(office: Office, userid: str) -> list[str]:
    """What somebody read, the daily anchor and the morning's summary left out."""
    return [
        each for each in office.read(userid)
        if isinstance(each, str) and not each.startswith(("留痕存证", "早上好"))
    ]


def replaced(office: Office, act: str) -> list[tuple[str, str, str]]:
    trail = office.ask(lambda unit: evidence.trail_of(unit, SALES))
    return [(event.facts["was"], event.facts["now"], event.facts["why"]) for event in trail if event.act == act]


def to_the_reminder(office: Office) -> None:
    """Let it become 09:20 of the next day; what came before is read."""
    office.until(office.at(9, 19, days=1))
    office.skip()
    office.until(office.at(9, 20))


def test_the_stand_in_of_a_leave_chairs_and_everyone_concerned_is_told_once(office_everywhere: Office) -> None:
    office = welcomed(office_everywhere)
    arranged(office, WITH_TAKER)
    office.say("lin", "休假 今天 周五 代理=何总监")
    to_the_reminder(office)

    assert texts(office, "lin") == [
        f"您休假（{QX}），{NAMED}改由 何总监 主持；开会前结束休假，仍由您主持。", SOON,
    ]
    told, soon, card = office.read("he")
    assert (told, soon) == (f"林总监 休假（{QX}），{NAMED}请您主持。", SOON)
    assert isinstance(card, Card)
    assert card.buttons == ["会议开始"]
    assert texts(office, "zhou") == [f"{NAMED}的主持由 林总监 改为 何总监：林总监 休假（{QX}）。"]
    item = office.ask(lambda unit: items.load_item(unit, SALES))
    assert item.responsible == "he"

    office.until(office.at(9, 30))
    office.tap("he", "会议开始")
    assert replaced(office, "meeting.chair_replaced") == [("lin", "he", "leave")]
    assert (kept(office).chair, kept(office).recorder) == ("he", "xu")
    assert f"主持由 林总监 改为 何总监：林总监 休假（{QX}）" in office.say("su", f"追溯 {SALES}")
    office.move(hours=1)
    assert office.say("he", f"会议结束 {SALES}") == (
        f'会议"销售月会"（{SALES}）已结束（11月24日 10:30）。请在 12:30 前提交纪要，由 许专员 负责。已告知本人。'
    )


def test_without_a_stand_in_the_nearest_superior_chairs(company: Office) -> None:
    arranged(company, "会议 客户会 明天 09:30 参会=许专员、高总监 记录=许专员 时长=1小时", by="su")
    company.say("su", "休假 今天 周五")
    to_the_reminder(company)
    named = NAMED.replace("销售月会", "客户会")
    assert texts(company, "lin")[0] == f"苏主管 休假（{QX}），{named}请您主持。"
    assert texts(company, "su")[0] == f"您休假（{QX}），{named}改由 林总监 主持；开会前结束休假，仍由您主持。"
    assert kept(company).chair == "lin"


def test_a_superior_who_is_away_too_is_climbed_over(company: Office) -> None:
    arranged(company, "会议 客户会 明天 09:30 参会=许专员、高总监 记录=许专员 时长=1小时", by="su")
    company.say("su", "休假 今天 周五")
    company.say("lin", "休假 今天 周五")
    to_the_reminder(company)
    assert kept(company).chair == "zhao"


def test_nobody_above_and_no_stand_in_leaves_it_to_a_director_of_the_department(company: Office) -> None:
    arranged(company, "会议 经营会 明天 09:30 参会=高总监、钱总监 记录=高总监 时长=1小时", by="zhao")
    leave(company, "zhao")
    to_the_reminder(company)
    named = NAMED.replace("销售月会", "经营会")
    assert texts(company, "yan")[0] == f"赵总 已离职，{named}请您主持。"
    assert kept(company).chair == "yan"


def test_who_has_given_a_delegation_is_here_and_keeps_the_meeting(company: Office) -> None:
    arranged(company, WITH_TAKER)
    company.say("lin", "委托 何总监 今天 周三")
    to_the_reminder(company)
    assert kept(company).chair == "lin"
    assert replaced(company, "meeting.chair_replaced") == []


def test_the_minutes_follow_whoever_takes_them_instead(company: Office) -> None:
    arranged(company, WITH_TAKER)
    company.say("xu", "休假 今天 周五")
    to_the_reminder(company)
    assert texts(company, "su")[0] == f"许专员 休假（{QX}），{NAMED}请您记录，会后两小时内交纪要。"
    assert texts(company, "xu")[0] == f"您休假（{QX}），{NAMED}改由 苏主管 记录；开会前结束休假，仍由您记录。"
    assert texts(company, "zhou") == [f"{NAMED}的记录由 许专员 改为 苏主管：许专员 休假（{QX}）。"]
    assert replaced(company, "meeting.taker_replaced") == [("xu", "su", "leave")]

    company.until(company.at(9, 30))
    company.tap("lin", "会议开始")
    company.until(company.at(10, 30))
    company.say("lin", f"会议结束 {SALES}")
    assert kept(company).owes == "su"
    company.skip()
    company.until(company.at(11, 30))
    assert len(texts(company, "su")) == 1
    assert texts(company, "xu") == []
    assert f"记录由 许专员 改为 苏主管：许专员 休假（{QX}）" in company.say("su", f"追溯 {SALES}")


def test_the_chair_takes_the_minutes_only_when_nobody_else_is_left(company: Office) -> None:
    arranged(company, "会议 碰头会 明天 09:30 参会=许专员 记录=许专员 时长=1小时")
    leave(company, "xu")
    to_the_reminder(company)
    assert (kept(company).chair, kept(company).recorder) == ("lin", "lin")
    assert replaced(company, "meeting.taker_replaced") == [("xu", "lin", "left")]


def test_who_chairs_and_takes_the_minutes_is_replaced_by_two_people(company: Office) -> None:
    arranged(company, "会议 销售月会 明天 09:30 参会=苏主管、许专员 时长=1小时")
    company.say("lin", "休假 今天 周五 代理=何总监")
    to_the_reminder(company)
    assert (kept(company).chair, kept(company).recorder) == ("he", "su")


def test_a_chair_who_has_left_is_replaced_and_not_written_to(company: Office) -> None:
    arranged(company, WITH_TAKER)
    leave(company, "lin")
    to_the_reminder(company)
    assert texts(company, "zhao")[0] == f"林总监 已离职，{NAMED}请您主持。"
    assert texts(company, "zhou")[0] == f"{NAMED}的主持由 林总监 改为 赵总：林总监 已离职。"
    assert texts(company, "lin") == []
    assert replaced(company, "meeting.chair_replaced") == [("lin", "zhao", "left")]


def test_a_leave_over_before_the_start_or_back_before_the_reminder_replaces_nobody(company: Office) -> None:
    arranged(company, WITH_TAKER)
    company.say("lin", "休假 今天 周五 代理=何总监")
    company.until(company.at(9, 0, days=1))
    company.say("lin", "休假 结束")
    company.until(company.at(9, 40))
    assert kept(company).chair == "lin"
    assert replaced(company, "meeting.chair_replaced") == []


def test_back_between_reminder_and_start_the_original_chair_has_it_again(company: Office) -> None:
    arranged(company, WITH_TAKER)
    company.say("lin", "休假 今天 周五 代理=何总监")
    to_the_reminder(company)
    theirs = company.card("he", "会议开始")
    company.until(company.at(9, 25))
    company.say("lin", "休假 结束")
    company.skip()
    company.until(company.at(9, 30))

    told, card = company.read("lin")
    assert told == f"您的休假已结束（{QX}），{NAMED}仍由您主持。"
    assert isinstance(card, Card)
    assert card.buttons == ["会议开始"]
    assert texts(company, "he") == [f"林总监 休假已结束（{QX}），{NAMED}仍由 林总监 主持，不用您主持了。"]
    assert theirs.outcome == "已改由 林总监 主持"
    assert texts(company, "zhou") == [f"{NAMED}的主持由 何总监 改为 林总监：林总监 休假已结束（{QX}）。"]
    company.move(minutes=5)
    company.silence()
    assert replaced(company, "meeting.chair_replaced") == [("lin", "he", "leave"), ("he", "lin", "leave_over")]
    assert f"主持由 何总监 改为 林总监：林总监 休假已结束（{QX}）" in company.say("su", f"追溯 {SALES}")
    assert company.say("he", f"会议开始 {SALES}").startswith(f"{SALES} 由 林总监、许专员 主持或记录")
    company.tap("lin", "会议开始")
    assert kept(company).chair == "lin"


def test_back_after_the_reminder_the_original_chair_may_begin_it_before_its_time(company: Office) -> None:
    arranged(company, WITH_TAKER)
    company.say("lin", "休假 今天 周五 代理=何总监")
    to_the_reminder(company)
    company.say("lin", "休假 结束")
    company.skip()
    company.say("lin", f"会议开始 {SALES}")
    assert kept(company).chair == "lin"
    assert texts(company, "lin") == [f"您的休假已结束（{QX}），{NAMED}仍由您主持。"]


def test_the_original_has_it_again_also_when_the_stand_in_was_replaced_meanwhile(company: Office) -> None:
    arranged(company, WITH_TAKER)
    company.say("lin", "休假 今天 周五 代理=何总监")
    to_the_reminder(company)
    company.say("he", "休假 今天 周五 代理=潘主管")
    company.say("xu", f"改时间 {SALES} 11月24日 11:00")
    company.until(company.at(10, 50))
    assert kept(company).chair == "pan"
    company.say("lin", "休假 结束")
    company.until(company.at(11, 0))
    assert kept(company).chair == "lin"
    assert replaced(company, "meeting.chair_replaced") == [
        ("lin", "he", "leave"), ("he", "pan", "leave"), ("pan", "lin", "leave_over"),
    ]


def test_a_leave_registered_after_the_reminder_is_seen_at_the_start(company: Office) -> None:
    arranged(company, WITH_TAKER)
    to_the_reminder(company)
    company.say("lin", "休假 今天 周五 代理=何总监")
    company.skip()
    company.until(company.at(9, 30))
    assert texts(company, "he") == [f"林总监 休假（{QX.replace('1123', '1124')}），{NAMED}请您主持。"]
    assert texts(company, "lin") == [f"您休假（{QX.replace('1123', '1124')}），{NAMED}改由 何总监 主持。"]
    assert company.card("he", "会议开始")


def test_the_stand_in_may_begin_it_before_the_reminder(company: Office) -> None:
    arranged(company, WITH_TAKER)
    company.say("lin", "休假 今天 周五 代理=何总监")
    company.say("he", f"参加 {SALES}")
    company.say("lin", f"邀请 {SALES} 何总监")
    company.until(company.at(9, 0, days=1))
    company.skip()
    company.say("he", f"会议开始 {SALES}")
    assert replaced(company, "meeting.chair_replaced") == [("lin", "he", "leave")]
    assert texts(company, "lin") == [f"您休假（{QX}），{NAMED}改由 何总监 主持。"]
    company.until(company.at(9, 40))
    assert texts(company, "lin") == []
    assert kept(company).began_at == company.at(9, 0)


def test_who_begins_a_meeting_is_there_whatever_is_registered(company: Office) -> None:
    arranged(company, WITH_TAKER)
    company.say("lin", "休假 今天 周五 代理=何总监")
    company.until(company.at(9, 0, days=1))
    assert company.say("su", f"会议开始 {SALES}").endswith("请他们来操作，没有改动。")
    assert replaced(company, "meeting.chair_replaced") == []
    company.say("lin", f"会议开始 {SALES}")
    assert kept(company).chair == "lin"
    assert replaced(company, "meeting.chair_replaced") == []


def test_the_next_of_a_series_is_chaired_as_named_and_the_stand_in_has_no_seat_in_it(company: Office) -> None:
    arranged(company, "会议 销售周会 每周二 09:30 参会=苏主管、许专员 记录=许专员 时长=1小时")
    company.say("lin", "休假 今天 周五 代理=何总监")
    to_the_reminder(company)
    company.until(company.at(10, 30))
    following = company.ask(lambda unit: meetings.load_meeting(unit, "HY-20261124-0001"))
    assert kept(company).chair == "he"
    assert (following.chair, following.recorder) == ("lin", "xu")
    seated = company.ask(lambda unit: meetings.seats_of(unit, following.number))
    assert [seat.userid for seat in seated] == ["lin", "su", "xu"]


def test_the_weekly_meeting_is_chaired_by_the_stand_in_of_the_records_director(company: Office) -> None:
    company.until(company.at(9, 0, days=4))
    company.say("zhou", "休假 11月30日 12月1日 代理=吴主管")
    company.until(company.at(9, 19, days=3))
    company.skip()
    company.until(company.at(9, 20))
    weekly = next(
        each for each in company.ask(lambda unit: meetings.meetings_between(unit, company.at(9), company.at(10)))
        if each.kind == "weekly"
    )
    assert (weekly.chair, weekly.recorder) == ("wu", "zheng")
    named = f'会议"部门周会"（{weekly.number}，11月30日（周一）09:30–10:30）'
    leave_words = "休假（QX-20261127-0001）"
    assert f"周总监 {leave_words}，{named}请您主持。" in texts(company, "wu")
    assert f"您{leave_words}，{named}改由 吴主管 主持；开会前结束休假，仍由您主持。" in texts(company, "zhou")
