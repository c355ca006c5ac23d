"""Two hours for the minutes, to the second; late ones climb the line; those present confirm (3.2d)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.queries import evidence, items, meetings
from storage.queries.people import load_org, save_people
from tests.handlers.meeting_life import SALES, arranged, begun, ended, welcomed
from tests.handlers.office import Card, Office

TEXT = "一、本月回款 320 万。二、下月清理客户台账。"


@pytest.fixture
def company(office: Office) -> Office:
    return welcomed(office)


def events(office: Office, act: str) -> list[dict[str, object]]:
    return [
        dict(event.facts)
        for event in office.ask(lambda unit: evidence.trail_of(unit, SALES)) if event.act == act
    ]


def test_minutes_in_time_are_confirmed_by_those_who_were_there(office_everywhere: Office) -> None:
    office = welcomed(office_everywhere)
    ended(office, "su", "xu")
    office.move(minutes=50)
    assert office.say("lin", f"纪要 {SALES} {TEXT}") == "纪要已收到（按时）。请 2 位参会人在 11月25日 11:20 前确认。"
    (card,) = office.read("su")
    assert isinstance(card, Card)
    assert card.title == "纪要：销售月会"
    assert card.rows == {"编号": SALES, "提交": "林总监", "确认至": "11月25日 11:20"}
    assert card.outcome == f"{TEXT}\n全文发：查看纪要 {SALES}"
    assert office.tap("su", "确认").outcome == "已确认 · 11月24日 11:20"
    office.tap("xu", "有异议")
    assert office.read("xu")[-1] == f"请写明哪里不同意，例如：异议 {SALES} 第二条的数字应为 120 万"
    assert office.say("xu", f"异议 {SALES} 回款应为 310 万") == f"已记下您对 {SALES} 纪要的异议，已告知 林总监。"
    assert office.read("lin") == [
        f'许专员 对 {SALES}（销售月会）的纪要有异议：回款应为 310 万\n要改请发"纪要 {SALES} 正文"，旧版保留。'
    ]
    assert office.say("lin", f"纪要 {SALES} {TEXT.replace('320', '310')}") == (
        f"{SALES} 的纪要已更新（第 3 版，旧版保留）。请 2 位参会人在 11月25日 11:20 前重新确认。"
    )
    office.skip()
    office.tap("su", "确认")
    office.move(hours=24)
    assert f"{SALES}（销售月会）的纪要确认截止：确认 1，异议 0，未答复 1。" in office.read("lin")
    assert events(office, "minutes.given")[0]["late_seconds"] == 0
    assert office.ask(lambda unit: items.open_work_on(unit, SALES)) == []


def test_late_minutes_are_reminded_of_recorded_to_the_second_and_climb_the_line(company: Office) -> None:
    arranged(company, "会议 销售月会 明天 09:30 参会=苏主管、许专员 记录=许专员")
    company.until(company.at(9, 30, days=1))
    company.tap("lin", "会议开始")
    company.move(hours=1)
    company.say("lin", f"会议结束 {SALES}")
    assert company.read("xu")[-1] == (
        f'会议"销售月会"（{SALES}）已结束（11月24日 10:30）。请在 12:30 前提交纪要，由您负责。'
        f'发"纪要 {SALES} 正文"，或只发"纪要 {SALES}"分几条写。'
    )
    (work,) = company.ask(lambda unit: items.open_work_of(unit, "xu"))
    assert (work.what, work.due_at) == ("minutes", company.at(12, 30))
    company.skip()
    company.move(minutes=60)
    assert company.read("xu") == [f"还有 1 小时：{SALES} 的纪要 12:30 到期。"]
    company.move(minutes=45)
    assert company.read("xu") == [f"还有 15 分钟：{SALES} 的纪要 12:30 到期。"]
    company.move(minutes=14, seconds=59)
    company.silence()
    company.move(seconds=1)
    told = f'"销售月会"（{SALES}）的纪要逾期未交，负责人 许专员，应于 11月24日 12:30 前提交。'
    assert company.read("xu") == [f"{SALES} 的纪要已逾期（12:30），请尽快补交。按制度三（二）已同步 苏主管。"]
    assert company.read("su") == [told]
    company.move(hours=2)
    assert company.read("lin") == [told]
    company.move(hours=2)
    assert company.read("zhao") == [told]
    company.move(minutes=42, seconds=7)
    assert company.say("xu", f"纪要 {SALES} {TEXT}") == (
        "纪要已收到（比时限晚 4 小时 42 分）。请 1 位参会人在 11月25日 17:12 前确认。"
    )
    assert events(company, "minutes.given")[0]["late_seconds"] == 4 * 3600 + 42 * 60 + 7
    company.skip()
    company.move(hours=20)
    company.skip("lin", "xu", "zhao", "zhou")  # the confirmation's end, the day's anchor
    company.silence()
    assert [each["superior"] for each in events(company, "minutes.escalated")] == ["su", "lin", "zhao"]


def test_superiors_are_told_of_the_night_in_the_morning_each_once_and_as_it_stands_then(company: Office) -> None:
    arranged(company, "会议 夜会 今天 19:30 参会=苏主管、许专员 记录=许专员")
    company.until(company.at(19, 30))
    company.tap("lin", "会议开始")
    company.move(hours=1)
    company.say("lin", f"会议结束 {SALES}")
    company.skip()
    company.until(company.at(22, 30))
    assert company.read("xu")[-1] == (
        f"{SALES} 的纪要已逾期（22:30），请尽快补交。按制度三（二），11月24日 08:30 将同步 苏主管。"
    )
    company.move(hours=1)
    company.say("xu", f"纪要 {SALES} {TEXT}")  # late, before the superior could be told
    company.until(company.at(8, 30, days=1))
    assert (
        f'"夜会"（{SALES}）的纪要逾期，负责人 许专员，应于 11月23日 22:30 前提交；已于 11月23日 23:30 补交，晚 1 小时。'
    ) in company.read("su")
    told = [message for message in company.read("lin") if isinstance(message, str) and "逾期" in message]
    assert told == []


def test_minutes_missing_all_night_reach_everyone_of_the_line_at_half_past_eight(company: Office) -> None:
    arranged(company, "会议 夜会 今天 19:30 参会=苏主管、许专员 记录=许专员")
    company.until(company.at(19, 30))
    company.tap("lin", "会议开始")
    company.move(hours=1)
    company.say("lin", f"会议结束 {SALES}")
    company.until(company.at(8, 29, days=1))
    company.skip()
    company.move(minutes=1)
    told = f'"夜会"（{SALES}）的纪要逾期未交，负责人 许专员，应于 11月23日 22:30 前提交。'
    assert [told in company.read(userid) for userid in ("su", "lin", "zhao")] == [True, True, True]
    company.until(company.at(18, 0, days=1))
    assert [told in company.read(userid) for userid in ("su", "lin", "zhao")] == [False, False, False]


def test_a_corrected_end_moves_the_two_hours_and_keeps_both(company: Office) -> None:
    ended(company, "su")
    company.until(company.at(12, 10))
    company.skip()
    company.say("lin", f"会议结束 {SALES} 10:00")
    company.run()
    assert company.read("lin") == [f"{SALES} 的纪要已逾期（12:00），请尽快补交。按制度三（二）已同步 赵总。"]
    company.say("lin", f"纪要 {SALES} {TEXT}")
    assert events(company, "minutes.given")[0]["late_seconds"] == 600
    assert company.ask(lambda unit: meetings.load_meeting(unit, SALES)).first_ended_at == company.at(10, 30)


def test_minutes_are_collected_in_pieces_until_done_and_a_command_between_is_asked_about(company: Office) -> None:
    ended(company, "su")
    assert company.say("lin", f"纪要 {SALES}") == (
        f'请开始发 {SALES}（销售月会）的纪要，文字、图片都可以分几条发。写完发"完毕"，不写了发"取消"。'
    )
    assert company.say("lin", "完毕") == f'还没有收到 {SALES} 的纪要正文，没有提交。请发正文，或发"取消"。'
    assert company.say("lin", "一、回款") == '已收第 1 条（共 4 字）。写完发"完毕"。'
    assert company.picture("lin") == f'图片已附到 {SALES}（销售月会，共 1 个附件）。不是它请回复"不是"。'
    assert company.say("lin", "采购 打印机 下月再议") == (
        f'正在收 {SALES} 的纪要。"采购 打印机 下月再议"像是一条命令：写进纪要请发"记入"，照命令办请发"执行"。'
    )
    assert company.say("lin", "记入") == '已收第 2 条（共 15 字）。写完发"完毕"。'
    company.say("lin", "待办")
    assert company.say("lin", "执行").startswith("等您处理的有 1 件：")
    assert company.say("lin", "完毕") == "纪要已收到（按时）。请 1 位参会人在 11月25日 10:30 前确认。"
    assert company.say("su", f"查看纪要 {SALES}") == (
        f"{SALES} 销售月会 纪要（第 2 版，11月24日 10:30）\n一、回款\n采购 打印机 下月再议"
    )
    assert company.say("lin", "完毕").startswith("没看懂")


def test_collecting_is_called_off(company: Office) -> None:
    ended(company, "su")
    company.say("lin", f"纪要 {SALES}")
    company.say("lin", "一、回款")
    assert company.say("lin", "取消") == f"已停止收 {SALES} 的纪要，没有提交。"
    assert company.ask(lambda unit: meetings.load_meeting(unit, SALES)).minutes_at is None


def test_help_and_alarms_are_never_held_back_by_minutes_being_collected(company: Office) -> None:
    ended(company, "su")
    company.say("lin", f"纪要 {SALES}")
    assert "会议" in company.say("lin", "帮助 会议")
    assert company.say("lin", "一、回款") == '已收第 1 条（共 4 字）。写完发"完毕"。'


@pytest.mark.parametrize("who", ["wei", "xu"])
def test_minutes_from_somebody_who_was_not_there_are_refused_naming_who_may(company: Office, who: str) -> None:
    ended(company, "su")
    before = {name: count for name, count in company.counts().items() if name not in ("inbox", "access")}
    answer = company.say(who, f"纪要 {SALES} {TEXT}")
    assert answer.startswith(f"您没有参加 {SALES}，纪要须由参会人提交（制度三（二）），没有收下。可以提交的有：林总监")
    assert {name: count for name, count in company.counts().items() if name not in ("inbox", "access")} == before


@pytest.mark.parametrize(
    ("when", "answer"),
    [
        ("planned", "{} 还没有开始，没有改动。开会时请先发：会议开始 {}"),
        ("running", "{} 还在进行，没有改动。散会请先发：会议结束 {}"),
    ],
)
def test_minutes_come_after_the_end(company: Office, when: str, answer: str) -> None:
    if when == "planned":
        arranged(company)
    else:
        begun(company)
    assert company.say("lin", f"纪要 {SALES} {TEXT}") == answer.format(SALES, SALES)


def test_minutes_that_are_too_long_are_refused(company: Office) -> None:
    ended(company, "su")
    assert company.say("lin", f"纪要 {SALES} {'长' * 20_001}") == (
        f"{SALES} 的纪要太长，最多 20000 字，这一条没有收下。请精简，或把附件发成文件。"
    )


def test_the_same_minutes_twice_are_one(office_everywhere: Office) -> None:
    office = welcomed(office_everywhere)
    ended(office, "su")
    office.say("lin", f"纪要 {SALES} {TEXT}")
    office.skip()
    assert office.say("lin", f"纪要 {SALES} {TEXT}") == f"{SALES} 的纪要已收到过，内容相同，没有改动。"
    office.silence()
    assert office.acts(SALES).count("minutes.given") == 1
    assert "minutes.revised" not in office.acts(SALES)


def test_who_records_and_said_no_leaves_the_minutes_to_the_chair(company: Office) -> None:
    arranged(company, "会议 销售月会 明天 09:30 参会=苏主管、许专员 记录=许专员")
    company.say("xu", f"不能参加 {SALES} 出差")
    company.until(company.at(9, 30, days=1))
    company.tap("lin", "会议开始")
    company.move(hours=1)
    assert "由您负责" in company.say("lin", f"会议结束 {SALES}")


def test_decisions_written_in_the_minutes_are_registered_and_one_without_owner_is_refused(company: Office) -> None:
    ended(company, "su", "xu")
    answer = company.say(
        "lin",
        f"纪要 {SALES} 一、回款。\n决议：清理客户台账 责任人=许专员 截止=12月4日\n决议：更新报价单 截止=12月4日",
    )
    assert answer == (
        "纪要已收到（按时）。请 2 位参会人在 11月25日 10:30 前确认。\n"
        "决议 JY-20261124-0001 清理客户台账 已交 许专员（RW-20261124-0001）。\n"
        f"决议需要写明责任人（制度四（二）），尚未登记。请补上后发送：决议 {SALES} 更新报价单 责任人= 截止=12月4日"
    )
    again = company.say(
        "lin", f"纪要 {SALES} 一、回款 310 万。\n决议：清理客户台账 责任人=许专员 截止=12月4日"
    )
    assert again.count("JY-") == 0
    assert company.acts().count("decision.registered") == 1


def test_minutes_after_a_clock_jump_climb_one_step_at_a_time(company: Office) -> None:
    arranged(company, "会议 销售月会 明天 09:30 参会=苏主管、许专员 记录=许专员")
    company.until(company.at(9, 30, days=1))
    company.tap("lin", "会议开始")
    company.move(minutes=30)
    company.say("lin", f"会议结束 {SALES}")
    company.skip()
    company.clock.move(seconds=timedelta(hours=7).total_seconds())  # no clock ran for seven hours
    company.run()
    assert [len(company.read(userid)) for userid in ("su", "lin", "zhao")] == [1, 0, 0]
    company.move(hours=2)
    assert len([m for m in company.read("lin") if isinstance(m, str) and "逾期未交" in m]) == 1


def test_long_minutes_are_read_in_pages_and_nothing_is_lost(company: Office) -> None:
    ended(company, "su")
    text = "\n".join([f"第 {at} 条：{'内容' * 40}" for at in range(1, 40)] + ["无断行" * 900])
    company.say("lin", f"纪要 {SALES} {text}")
    pages, at = [], 1
    while True:
        head, _, rest = company.say("su", f"查看纪要 {SALES} {at}").partition("\n")
        assert head == f"{SALES} 销售月会 纪要（第 2 版，11月24日 10:30）"
        body, _, foot = rest.rpartition("\n")
        pages.append(body)
        if foot.endswith("完"):
            break
        at += 1
        assert foot == f'第 {at - 1}/{foot.split("/")[1].split(" ")[0]} 页，下一页请发"查看纪要 {SALES} {at}"'
    assert "".join(pages).replace("\n", "") == text.replace("\n", "")


def test_pictures_that_follow_the_minutes_join_them(company: Office) -> None:
    ended(company, "su")
    company.say("lin", f"纪要 {SALES} {TEXT}")
    assert company.picture("lin") == f'图片已附到 {SALES}（销售月会，共 1 个附件）。不是它请回复"不是"。'


def test_minutes_are_never_owed_by_somebody_who_has_left(company: Office) -> None:
    arranged(company, "会议 销售月会 明天 09:30 参会=苏主管、许专员 记录=许专员")
    org = company.ask(load_org)
    stay = [person for person in org.people.values() if person.userid != "xu"]
    company.store.write(
        lambda unit: save_people(unit, org.departments.values(), stay, at=company.clock.company_now(), actor="system")
    )
    company.until(company.at(9, 30, days=1))
    company.tap("lin", "会议开始")
    company.until(company.at(11, 0))
    meeting = company.ask(lambda unit: meetings.load_meeting(unit, SALES))
    assert (meeting.ended_by, meeting.owes) == ("system", "su")
