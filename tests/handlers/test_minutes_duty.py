"""Minutes that are owed pass on when who owes them goes on leave or leaves, as everyone reads it (3.2d, 4.2a, 4.1c)."""

from __future__ import annotations

import pytest

from tests.handlers.meeting_life import SALES, arranged, welcomed
from tests.handlers.office import Office
from tests.handlers.test_meeting_keepers import NAMED, SOON, WITH_TAKER, kept, replaced, texts

OF = f'会议"销售月会"（{SALES}）的纪要'
QX = "QX-20261124-0001"
HOW = f'请发"纪要 {SALES} 正文"，或只发"纪要 {SALES}"分几条写。'


@pytest.fixture
def company(office: Office) -> Office:
    return welcomed(office)


def held(office: Office, *there: str, words: str = WITH_TAKER) -> None:
    """Let the meeting run from 09:30, these signed in beside the chair."""
    arranged(office, words)
    office.until(office.at(9, 30, days=1))
    office.tap("lin", "会议开始")
    for userid in there:
        office.tap(userid, "我已到会")
    office.skip()


def over(office: Office, *there: str, words: str = WITH_TAKER) -> None:
    """Let it end at 10:30, its minutes owed by 许专员 until 12:30."""
    held(office, *there, words=words)
    office.until(office.at(10, 30))
    office.say("lin", f"会议结束 {SALES}")
    office.skip()


def test_a_leave_that_begins_now_passes_the_minutes_on_and_both_are_told_once(office_everywhere: Office) -> None:
    office = welcomed(office_everywhere)
    over(office, "su", "xu")
    office.until(office.at(11, 0))
    assert office.say("xu", "休假 今天 周五").startswith(f"休假已登记 {QX}")

    assert texts(office, "su") == [
        f"许专员 休假（{QX}），{OF}改由您负责，时限 11月24日 12:30。{HOW}",
        f"许专员 11月24日 11:00 至 11月27日（周五） 休假（{QX}），没有代理人，超时未签的会同时请您代签。",
    ]
    assert texts(office, "xu") == [f"您休假（{QX}），{OF}改由 苏主管 负责，不用您提交了。"]
    assert texts(office, "zhou") == [f"{OF}由 许专员 改为 苏主管 负责：许专员 休假（{QX}）。"]
    assert "会议" not in office.say("xu", "待办")
    assert f"{SALES} 销售月会" in office.say("su", "待办")
    assert f"纪要由 许专员 改为 苏主管 负责：许专员 休假（{QX}）" in office.say("lin", f"追溯 {SALES}")

    office.until(office.at(11, 30))
    assert texts(office, "su") == [f"还有 1 小时：{SALES} 的纪要 12:30 到期。"]
    assert texts(office, "xu") == []
    assert office.say("su", f"纪要 {SALES} 一、回款。").startswith("纪要已收到（按时）。")


def test_a_leave_that_begins_by_itself_passes_them_on_too(company: Office) -> None:
    company.say("xu", "休假 11月24日 11:00 11月26日")
    over(company, "gao", "xu")
    company.until(company.at(11, 0))
    # 高总监 was there, 苏主管 of the own department was not.
    assert kept(company).owes == "gao"
    assert texts(company, "gao") == [
        f"许专员 休假（QX-20261123-0001），{OF}改由您负责，时限 11月24日 12:30。{HOW}"
    ]
    assert texts(company, "xu") == [f"您休假（QX-20261123-0001），{OF}改由 高总监 负责，不用您提交了。"]
    assert texts(company, "zhou") == [f"{OF}由 许专员 改为 高总监 负责：许专员 休假（QX-20261123-0001）。"]
    company.move(minutes=20)
    company.silence()


def test_a_leave_that_began_during_the_meeting_is_seen_at_its_end(company: Office) -> None:
    held(company, "su", "xu")
    company.until(company.at(10, 0))
    company.say("xu", "休假 今天 周五")
    company.skip()
    company.until(company.at(10, 30))
    due = f'会议"销售月会"（{SALES}）已结束（11月24日 10:30）。请在 12:30 前提交纪要，'
    assert company.say("lin", f"会议结束 {SALES}") == (
        f"许专员 休假（{QX}），纪要改由 苏主管 负责。{due}由 苏主管 负责。已告知本人。"
    )
    assert texts(company, "su") == [f"许专员 休假（{QX}），纪要改由您负责。{due}由您负责。{HOW.removeprefix('请')}"]
    assert texts(company, "xu") == [f"您休假（{QX}），{OF}改由 苏主管 负责，不用您提交了。"]
    assert texts(company, "zhou") == [f"{OF}由 许专员 改为 苏主管 负责：许专员 休假（{QX}）。"]
    assert kept(company).owes == "su"


def test_a_meeting_that_ends_by_itself_sees_it_too(company: Office) -> None:
    held(company, "su", "xu")
    company.until(company.at(10, 0))
    company.say("xu", "休假 今天 周五")
    company.skip()
    company.until(company.at(11, 15))
    assert kept(company).owes == "su"
    (_, told) = texts(company, "su")
    assert told.startswith(f'许专员 休假（{QX}），纪要改由您负责。会议"销售月会"（{SALES}）已结束')


def test_who_came_although_on_leave_already_writes_the_minutes(company: Office) -> None:
    arranged(company, WITH_TAKER)
    company.say("xu", "休假 今天 周五")
    company.until(company.at(9, 0, days=1))
    company.say("xu", f"会议开始 {SALES}")
    company.until(company.at(10, 0))
    company.say("lin", f"会议结束 {SALES}")
    assert kept(company).owes == "xu"
    assert replaced(company, "minutes.passed_on") == []


def test_who_only_delegates_signatures_keeps_the_minutes(company: Office) -> None:
    over(company, "su", "xu", words=WITH_TAKER.replace("记录=许专员", "记录=苏主管"))
    company.say("su", "委托 何总监 今天 周三")
    assert kept(company).owes == "su"


def test_back_from_leave_nothing_goes_to_and_fro_and_a_second_leave_passes_them_further(company: Office) -> None:
    over(company, "su", "xu", "gao")
    company.say("xu", "休假 今天 周五")
    company.move(minutes=10)
    company.say("xu", "休假 结束")
    company.move(minutes=10)
    assert kept(company).owes == "su"
    company.say("su", "休假 今天 周五")
    assert kept(company).owes == "xu"
    assert replaced(company, "minutes.passed_on") == [("xu", "su", "leave"), ("su", "xu", "leave")]


def test_a_leaver_s_minutes_go_to_who_was_there_and_may_write_them(company: Office) -> None:
    over(company, "gao", "xu")
    company.until(company.at(11, 0))
    assert company.say("jia", "停用 许专员 离职") == (
        f"已停用 许专员（{QX}），权限即时终止，以往签字保留原姓名、职务。\n"
        "手上的 1 件事项已转给接手人并告知有关的人。"
    )
    assert texts(company, "gao") == [
        f"许专员 已离职，{OF}改由您负责，时限 11月24日 12:30。{HOW}"
    ]
    assert texts(company, "zhou") == [f"{OF}由 许专员 改为 高总监 负责：许专员 已离职。"]
    assert "转由您负责" not in "".join(texts(company, "su"))
    assert company.say("gao", f"纪要 {SALES} 一、回款。").startswith("纪要已收到（按时）。")


def test_when_nobody_else_is_there_a_leaver_s_superior_owes_them_and_may_write_them(company: Office) -> None:
    over(company, "xu", words="会议 销售月会 明天 09:30 参会=许专员 记录=许专员 时长=1小时")
    company.say("lin", "休假 今天 周五")
    company.skip()
    company.say("jia", "停用 许专员 离职")
    assert kept(company).owes == "su"
    assert company.say("su", f"纪要 {SALES} 一、回款。").startswith("纪要已收到（按时）。")


def test_who_leaves_during_the_meeting_is_replaced_at_once(company: Office) -> None:
    held(company, "su", "xu")
    company.say("jia", "停用 许专员 离职")
    assert (kept(company).recorder, replaced(company, "meeting.taker_replaced")) == ("su", [("xu", "su", "left")])
    assert texts(company, "su") == [f"许专员 已离职，{NAMED}请您记录，会后两小时内交纪要。"]
    company.say("jia", "停用 林总监 离职")
    assert (kept(company).chair, replaced(company, "meeting.chair_replaced")) == ("zhao", [("lin", "zhao", "left")])
    company.until(company.at(10, 30))
    company.say("zhao", f"会议结束 {SALES}")
    assert kept(company).owes == "su"


def test_overdue_minutes_climb_on_along_the_new_line_without_telling_anybody_twice(company: Office) -> None:
    over(company, "su", "xu")
    company.until(company.at(13, 0))
    assert f'"销售月会"（{SALES}）的纪要逾期未交，负责人 许专员，应于 11月24日 12:30 前提交。' in texts(company, "su")
    company.skip()
    company.say("xu", "休假 今天 周五")
    assert texts(company, "su")[0] == (
        f"许专员 休假（{QX}），{OF}改由您负责，已于 11月24日 12:30 逾期。{HOW}"
    )
    company.until(company.at(17, 0))
    words = f'"销售月会"（{SALES}）的纪要逾期未交，负责人 苏主管，应于 11月24日 12:30 前提交。'
    assert [texts(company, userid).count(words) for userid in ("su", "lin", "zhao")] == [0, 1, 1]


def test_whoever_stands_in_both_lines_is_told_once_and_the_climb_goes_past_them(company: Office) -> None:
    over(company, "gao", "xu", words="会议 销售月会 明天 09:30 参会=许专员、高总监、苏主管 记录=苏主管 时长=1小时")
    company.until(company.at(13, 0))
    late = f'"销售月会"（{SALES}）的纪要逾期未交，负责人'
    assert any(text.startswith(f"{late} 苏主管，") for text in texts(company, "lin"))
    company.skip()
    company.say("su", "休假 今天 周五")
    assert kept(company).owes == "xu"
    company.until(company.at(18, 0))
    told = {userid: [text for text in texts(company, userid) if text.startswith(late)] for userid in ("lin", "zhao")}
    assert {userid: len(words) for userid, words in told.items()} == {"lin": 0, "zhao": 1}


def test_a_line_that_had_come_to_its_end_leaves_out_nobody_of_the_new_one(company: Office) -> None:
    over(company, "xu", words="会议 销售月会 明天 09:30 参会=许专员 记录=林总监 时长=1小时")
    company.until(company.at(9, 0, days=1))
    company.skip()
    company.say("lin", "休假 今天 周五")
    assert kept(company).owes == "xu"
    company.until(company.at(11, 0))
    late = f'"销售月会"（{SALES}）的纪要逾期未交，负责人 许专员，应于 11月24日 12:30 前提交。'
    assert texts(company, "su") == [late]
    company.until(company.at(18, 0))
    assert late not in texts(company, "zhao")


def test_a_superior_who_owes_them_by_the_morning_is_not_told_of_themselves(company: Office) -> None:
    arranged(company, "会议 销售月会 明天 20:00 参会=苏主管、许专员 记录=许专员 时长=1小时")
    company.until(company.at(20, 0, days=1))
    company.tap("lin", "会议开始")
    company.tap("su", "我已到会")
    company.tap("xu", "我已到会")
    company.until(company.at(21, 0))
    company.say("lin", f"会议结束 {SALES}")
    company.until(company.at(23, 10))
    company.say("xu", "休假 今天 周五")
    assert kept(company).owes == "su"
    company.skip()
    company.until(company.at(9, 0, days=1))
    assert not [text for text in texts(company, "su") if "逾期未交，负责人 苏主管" in text]


def test_nobody_to_take_the_minutes_is_told_to_the_records_director_once(company: Office) -> None:
    over(company, "xu", words="会议 销售月会 明天 09:30 参会=许专员 记录=许专员 时长=1小时")
    company.say("lin", "休假 今天 周五")
    company.skip()
    company.say("xu", "休假 今天 周五")
    assert texts(company, "zhou") == [
        f'许专员 休假（QX-20261124-0002），{OF}没有找到可以接手的人，仍由 许专员 负责。'
        f'请您协调，由参会的人发"纪要 {SALES} 正文"。'
    ]
    assert kept(company).owes == "xu"
    story = company.say("lin", f"追溯 {SALES}")
    assert "没有找到可以接替 许专员 提交纪要的人：许专员 休假（QX-20261124-0002）" in story
    company.say("xu", "休假 结束")
    company.say("xu", "休假 今天 周五")
    assert texts(company, "zhou") == []


def test_nobody_to_chair_is_told_once_to_who_can_change_it_and_to_the_records_director(company: Office) -> None:
    arranged(company, "会议 销售月会 明天 09:30 参会=高总监、钱总监 记录=高总监 时长=1小时", by="zhao")
    company.say("yan", "休假 今天 周五")
    company.say("zhao", "休假 今天 周五")
    company.until(company.at(9, 19, days=1))
    company.skip()
    company.until(company.at(9, 20))
    under = "QX-20261123-0002"
    assert texts(company, "gao") == [
        f'赵总 休假（{under}），{NAMED}没有找到可以接替主持的人。请您定一位，发"改会议 {SALES} 主持=姓名"。', SOON,
    ]
    assert texts(company, "zhou") == [f"赵总 休假（{under}），{NAMED}没有找到可以接替主持的人。已请 高总监 定人。"]
    company.until(company.at(9, 31))
    assert [texts(company, userid) for userid in ("gao", "zhou")] == [[], []]
    assert f"没有找到可以接替 赵总 主持的人：赵总 休假（{under}）" in company.say("gao", f"追溯 {SALES}")
    company.say("gao", f"改会议 {SALES} 主持=钱总监")
    assert kept(company).chair == "qian"
