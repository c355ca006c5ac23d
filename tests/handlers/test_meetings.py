"""A meeting from its arrangement to its end, as everyone concerned reads it (4.2a)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from storage.queries import meetings
from tests.handlers.meeting_life import SALES, arranged, begun, welcomed
from tests.handlers.office import ORG, Card, Office


@pytest.fixture
def company(office: Office) -> Office:
    return welcomed(office)


def cards(office: Office, userid: str) -> list[Card]:
    return [message for message in office.read(userid) if isinstance(message, Card)]


def test_a_meeting_is_arranged_answered_begun_attended_and_ended(office_everywhere: Office) -> None:
    office = welcomed(office_everywhere)
    assert office.say("lin", "会议 销售月会 明天 09:30 参会=苏主管、许专员 时长=1小时 地点=三楼会议室") == (
        "已安排会议 HY-20261123-0001\n"
        "销售月会 · 11月24日（周二）09:30–10:30 · 地点 三楼会议室\n"
        "主持 林总监，记录 林总监（会后两小时内交纪要）\n"
        "参会 3 人：林总监、苏主管、许专员\n"
        "邀请已发出，11月24日 09:20 再提醒一次。\n"
        '加议题请发"议题 HY-20261123-0001 内容"，改时间请发"改时间 HY-20261123-0001 时间"，'
        '不开了请发"取消会议 HY-20261123-0001 原因"。'
    )
    (card,) = cards(office, "su")
    assert card.title == "销售月会"
    assert card.json["main_title"]["desc"] == "11月24日（周二）09:30–10:30"
    assert card.rows == {
        "编号": SALES, "地点": "三楼会议室", "主持": "林总监", "记录": "林总监", "参会": "3 人",
    }
    assert card.buttons == ["参加", "不能参加"]
    assert office.tap("su", "参加").outcome == f'已答复：参加 · 11月23日 10:00\n要改请发"不能参加 {SALES}"'
    assert office.say("xu", f"不能参加 {SALES} 当天出差") == f"已答复 {SALES}（销售月会）：不能参加。"
    assert office.read("lin") == [f"许专员 不能参加 {SALES}（销售月会），原因：当天出差。"]
    assert office.say("su", f"议题 {SALES} 客户台账") == f"已加入 {SALES} 议题 1：客户台账"

    office.until(office.at(9, 20, days=1))
    office.skip("zhao", "zhou")
    soon = f"10 分钟后开会：销售月会（{SALES}），11月24日（周二）09:30–10:30，三楼会议室。\n议题 1. 客户台账"
    assert office.read("su") == [soon]
    assert [message for message in office.read("xu") if isinstance(message, str)] == []  # declined: not reminded
    texts = office.read("lin")
    assert texts[0] == soon
    office.until(office.at(9, 31))
    assert office.tap("lin", "会议开始").outcome == "已开始 · 林总监 · 11月24日 09:31"
    assert office.read("lin") == [
        f"会议 {SALES}（销售月会）已开始（11月24日 09:31），签到卡已发给 1 人。\n"
        f'散会请发"会议结束 {SALES}"；有决议请发"决议 {SALES} 内容 责任人= 截止="。'
    ]
    assert office.tap("su", "我已到会").outcome == "已签到 · 11月24日 09:31"
    office.until(office.at(10, 30))
    assert office.say("lin", f"会议结束 {SALES}") == (
        f'会议"销售月会"（{SALES}）已结束（11月24日 10:30）。请在 12:30 前提交纪要，由您负责。'
        f'发"纪要 {SALES} 正文"，或只发"纪要 {SALES}"分几条写。'
    )
    seats = {seat.userid: (seat.answer, seat.here) for seat in office.ask(lambda u: meetings.seats_of(u, SALES))}
    assert seats == {"lin": ("yes", True), "su": ("yes", True), "xu": ("no", False)}


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("会议 销售月会 11月20日 09:30 参会=苏主管",
         "会议时间 11月20日（周五）09:30 已经过去，没有安排。请改成以后的时间：\n"
         "会议 销售月会 11月20日 09:30 参会=苏主管"),
        ("会议 销售月会 明天 参会=苏主管",
         "会议在 11月24日（周二） 几点还没写，没有安排。请补上后发送：\n会议 销售月会 明天 参会=苏主管"),
        ("会议 销售月会 明天3点 参会=苏主管",
         '时间"明天3点"有两种理解，没有安排。请写明上午还是下午，例如 下午3点 或 15:00：\n'
         "会议 销售月会 明天3点 参会=苏主管"),
        ("会议 销售月会 2月30日 10:00 参会=苏主管",
         '没有"2月30日 10:00"这个时间，没有安排。请核对日期：\n会议 销售月会 2月30日 10:00 参会=苏主管'),
        ("会议 销售月会 明天10点", "会议还缺参会，没有安排。请补上后发送：\n会议 销售月会 明天10点 参会="),
        ("会议 销售月会 参会=苏主管", "会议还缺时间，没有安排。请补上后发送：\n会议 销售月会 时间= 参会=苏主管"),
        ("会议 独白 明天10点 参会=林总监", "会议至少要有两个人，没有安排。请写明参会人，例如：参会=苏主管、许专员"),
        ("会议 月会 明天10点 参会=许专元", '没有找到"许专元"，没有登记。您是指 许专员 吗？'),
        ("会议 月会 明天10点 参会=慕容复", '没有找到"慕容复"，没有登记。请核对姓名。'),
        ("会议 月会 明天10点 参会=苏主管 时长=3天",
         '没看懂时长"3天"，没有安排。时长在 5 分钟到 12 小时之间，例如 时长=1小时、时长=90分钟。'),
        ("会议 月会 明天10点 参会=苏主管 费用=100",
         '会议没有"费用"这一项，没有安排。可以填：主题、时间、参会、时长、主持、记录、地点。'),
        ("会议 月会 明天10点 参会=苏主管 主持=苏主管、许专员", "主持只能写一个人，没有登记。"),
        (f"会议 {'长' * 61} 明天10点 参会=苏主管", "主题太长，最多 60 字，没有登记。请改短后再发。"),
        ("会议 月会 每月32日 10:00 参会=苏主管",
         '没有"每月32日 10:00"这个时间，没有安排。请核对日期：\n会议 月会 每月32日 10:00 参会=苏主管'),
    ],
)
def test_a_meeting_that_cannot_be_gets_one_clear_sentence_and_leaves_nothing(
    company: Office, words: str, answer: str
) -> None:
    before = company.counts()
    assert company.say("lin", words) == answer
    after = company.counts()
    kept = {name for name in before if before[name] != after[name]}
    assert kept <= {"inbox"}
    company.silence()


@pytest.mark.parametrize(
    ("by", "words", "answer"),
    [
        ("lin", "会议结束 {}", "{} 还没有开始，没有改动。开会时请先发：会议开始 {}"),
        ("lin", "会议结束 {} 10:20", "{} 还没有开始，没有改动。开会时请先发：会议开始 {}"),
        ("lin", "会议开始 {}", "{} 定在 11月24日（周二）09:30，还早，没有开始。提前开请先发：改时间 {} 新时间"),
        ("su", "会议开始 {}", "{} 由 林总监 主持或记录，请他们来操作，没有改动。"),
        ("su", "签到 {}", "{} 还没有开始，没有签到。开始后会发签到卡。"),
        ("lin", "议题 {}", "请写议题内容，例如：议题 {} 客户台账清理进度"),
        ("lin", "取消会议 {}", "取消会议要写原因，没有取消。例如：取消会议 {} 客户来访，改期另约"),
        ("lin", "取消会议 {} 没空 整个系列", '{} 不是系列会议，没有取消。只取消这一次请去掉"整个系列"。'),
        ("lin", "改会议 {}", "请写要改什么，例如：改时间 {} 12月2日 10:00，或：改会议 {} 记录=许专员。没有改动。"),
        ("lin", "改时间 {} 11月2日 10:00",
         "会议时间 11月2日（周一）10:00 已经过去，没有安排。请改成以后的时间：\n改时间 {} 11月2日 10:00"),
        ("lin", "邀请 {} 苏主管", "苏主管 已经在 {} 的参会名单里，没有重复邀请。"),
        ("wei", "参加 {}", '没有找到 {}，或者它不在您可以查看的范围内。请核对编号，或发"查 关键词"。'),
        ("lin", "会议结束 HY-20261123-0009",
         '没有找到 HY-20261123-0009，或者它不在您可以查看的范围内。请核对编号，或发"查 关键词"。'),
    ],
)
def test_an_act_at_the_wrong_time_or_by_the_wrong_person_changes_nothing(
    company: Office, by: str, words: str, answer: str
) -> None:
    arranged(company)
    before = {name: count for name, count in company.counts().items() if name not in ("inbox", "access")}
    said = company.say(by, words.format(SALES, SALES)).replace("“", '"').replace("”", '"')
    assert said == answer.format(SALES, SALES)
    after = {name: count for name, count in company.counts().items() if name not in ("inbox", "access")}
    assert after == before


def test_a_meeting_nobody_begins_is_kept_as_not_held(company: Office) -> None:
    arranged(company)
    company.until(company.at(10, 59, days=1))
    company.skip()
    company.move(minutes=1)
    assert company.read("lin") == [
        f'会议"销售月会"（{SALES}）原定 11月24日 09:30，没有人宣布开始，已记为未召开。'
        "要另开请再发：会议 主题 时间 参会=…"
    ]
    assert company.say("lin", f"会议开始 {SALES}") == f"{SALES} 未召开，没有改动。"


def test_a_meeting_nobody_ends_asks_the_chair_and_then_ends_itself(company: Office) -> None:
    begun(company, "su")
    company.until(company.at(10, 50))
    (card,) = cards(company, "lin")
    assert card.title == "销售月会 结束了吗？"
    assert card.outcome == '不处理的话，11月24日 11:00 自动结束；还没开完请点"再开 30 分钟"。'
    assert company.tap("lin", "再开 30 分钟").outcome == "延到 11月24日 11:30 · 林总监"
    company.until(company.at(11, 20))
    assert len(cards(company, "lin")) == 1
    company.until(company.at(11, 30))
    assert company.read("lin") == [
        f'会议"销售月会"（{SALES}）没有人宣布结束，已于 11月24日 11:30 自动结束。'
        f'实际结束时间不同请发"会议结束 {SALES} 时间"（可更正一次）。',
        f'会议"销售月会"（{SALES}）已结束（11月24日 11:30）。请在 13:30 前提交纪要，由您负责。'
        f'发"纪要 {SALES} 正文"，或只发"纪要 {SALES}"分几条写。',
    ]
    assert company.say("lin", f"会议结束 {SALES} 10:40") == (
        f"{SALES} 的结束时间已由 11月24日 11:30 更正为 11月24日 10:40，两个时间都保留。纪要时限 11月24日 12:40。"
    )
    meeting = company.ask(lambda unit: meetings.load_meeting(unit, SALES))
    assert meeting.first_ended_at - meeting.ended_at == timedelta(minutes=50)
    assert company.say("lin", f"会议结束 {SALES} 10:50") == (
        f"{SALES} 的结束时间已更正过一次（11月24日 11:30 → 11月24日 10:40），不能再改，没有改动。"
    )


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("10:40", "结束时间还没到，没有改动。现在散会请发：会议结束 {}"),
        ("09:00", "{} 在 11月24日 09:30 才开始，结束时间不能更早，没有改动。"),
        ("10:30", "{} 的结束时间就是 11月24日 10:30，没有改动。"),
        ("不久前", "没看懂结束时间，没有改动。例如：会议结束 {} 10:20"),
        ("", "{} 已由 林总监 于 11月24日 10:30 结束，没有改动。更正结束时间请发\"会议结束 {} 时间\"。"),
    ],
)
def test_an_end_is_corrected_only_to_a_moment_that_can_be(company: Office, typed: str, answer: str) -> None:
    begun(company, "su")
    company.move(hours=1)
    company.say("lin", f"会议结束 {SALES}")
    assert company.say("lin", f"会议结束 {SALES} {typed}") == answer.format(SALES, SALES)


def test_a_meeting_that_is_moved_asks_everyone_again(company: Office) -> None:
    arranged(company)
    old = company.card("su", "参加")
    company.tap("su", "参加")
    company.skip()
    assert company.say("lin", f"改时间 {SALES} 11月25日 14:00") == (
        f"已更改 {SALES}：时间改为 11月25日（周三）14:00–15:00。已告知参会人。"
    )
    assert company.read("su")[-1] == f"会议 {SALES}（销售月会）有变动：时间改为 11月25日（周三）14:00–15:00。"
    assert company.card("su", "参加") is not old
    company.until(company.at(9, 20, days=1))
    assert [message for message in company.read("su") if isinstance(message, str)] == []
    company.until(company.at(13, 50, days=1))
    assert company.read("su") == [f"10 分钟后开会：销售月会（{SALES}），11月25日（周三）14:00–15:00。"]


def test_recorder_and_place_are_changed_and_the_new_recorder_is_invited(company: Office) -> None:
    arranged(company)
    assert company.say("lin", f"改会议 {SALES} 记录=魏工 地点=二楼") == (
        f"已更改 {SALES}：记录改为 魏工；地点改为 二楼。已告知参会人。"
    )
    assert "参加" in company.card("wei").buttons
    assert company.ask(lambda unit: meetings.load_meeting(unit, SALES)).recorder == "wei"


def test_a_meeting_is_called_off_with_its_reason(company: Office) -> None:
    arranged(company)
    assert company.say("lin", f"取消会议 {SALES} 客户来访") == f"已取消 {SALES}，已告知参会人。"
    assert company.read("su") == [f"会议取消：销售月会（{SALES}），原定 11月24日（周二）09:30–10:30。林总监：客户来访"]
    assert company.card("su").buttons == []
    company.skip()
    company.until(company.at(12, 0, days=1))
    company.skip("zhao", "zhou")
    company.silence()


def test_more_people_are_invited_later_and_those_of_a_running_meeting_sign_in(company: Office) -> None:
    arranged(company)
    assert company.say("lin", f"邀请 {SALES} 高总监、研发部") == f"已邀请 高总监、罗主管、魏工 参加 {SALES}。"
    company.until(company.at(9, 30, days=1))
    company.tap("lin", "会议开始")
    company.say("lin", f"邀请 {SALES} 任总监")
    assert company.tap("ren", "我已到会").outcome == "已签到 · 11月24日 09:30"


def test_two_people_of_one_name_are_chosen_by_card(office_with: Callable[..., Office], tmp_path: Path) -> None:
    org = yaml.safe_load(ORG.read_text())
    org["people"].append(
        {"userid": "wei2", "name": "魏工", "department": "finance", "grade": "specialist", "manager": "song"}
    )
    path = tmp_path / "org.yaml"
    path.write_text(yaml.safe_dump(org, allow_unicode=True))
    office = office_with(org={"file": str(path)})
    office.phones.chats["wei2"] = []
    office._read["wei2"] = 0
    welcomed(office)
    assert office.say("lin", "会议 对账 明天 10:00 参会=魏工") == "有不止一位同名，已发卡片，请点一下您指的是哪一位。"
    assert office.card("lin").buttons == ["研发部魏工", "财务部魏工"]
    assert office.tap("lin", "财务部魏工").outcome == "已选：财务部魏工"
    (answer,) = [message for message in office.read("lin") if isinstance(message, str)]
    assert answer.startswith("已安排会议 HY-20261123-0001\n")
    seats = office.ask(lambda unit: [seat.userid for seat in meetings.seats_of(unit, SALES)])
    assert seats == ["lin", "wei2"]


def test_a_series_opens_its_next_meeting_by_itself_until_it_is_called_off(company: Office) -> None:
    answer = company.say("lin", "会议 销售周会 每周三 10:00 参会=销售部 记录=许专员")
    assert "系列会议：每周三 10:00，下一次 12月2日（周三）10:00，到时自动安排。" in answer
    company.until(company.at(10, 0, days=2))
    company.say("lin", "会议开始 HY-20261123-0001")
    company.skip()
    company.until(company.at(11, 0))
    following = company.card("su", "参加")
    assert following.json["main_title"]["desc"] == "12月2日（周三）10:00–11:00"
    number = following.rows["编号"]
    assert company.say("lin", f"取消会议 {number} 并入月会 整个系列") == (
        f"已取消 {number}，以后各次也不再安排，已告知参会人。"
    )
    company.skip()
    company.until(company.at(12, 0, days=14))
    listed = company.ask(lambda unit: meetings.meetings_of(unit, "su", 20))
    assert all(meeting.subject != "销售周会" or meeting.number == SALES for meeting in listed)


def test_somebody_s_meetings_are_listed(company: Office) -> None:
    assert company.say("xu", "会议") == (
        "您现在没有会议。安排会议例如：会议 销售月会 12月1日 09:30 参会=苏主管、许专员 时长=1小时"
    )
    arranged(company)
    assert company.say("xu", "会议") == f"您的会议 1 个：\n1. {SALES} 销售月会 · 11月24日（周二）09:30–10:30（待召开）"


def test_the_second_of_two_who_end_a_meeting_is_told_who_was_quicker(office_everywhere: Office) -> None:
    office = welcomed(office_everywhere)
    arranged(office, "会议 销售月会 明天 09:30 参会=苏主管、许专员 记录=苏主管")
    office.until(office.at(9, 30, days=1))
    office.tap("lin", "会议开始")
    office.move(minutes=30)
    office.say("su", f"会议结束 {SALES}")
    assert office.say("lin", f"会议结束 {SALES}") == (
        f'{SALES} 已由 苏主管 于 11月24日 10:00 结束，没有改动。更正结束时间请发"会议结束 {SALES} 时间"。'
    )
    assert office.acts(SALES).count("meeting.ended") == 1


def test_a_settled_card_goes_on_saying_which_card_it_is(company: Office) -> None:
    arranged(company)
    company.tap("su", "参加")
    company.until(company.at(9, 30, days=1))
    company.tap("lin", "会议开始")
    company.tap("su", "我已到会")
    company.move(hours=1)
    company.say("lin", f"会议结束 {SALES}")

    def heads(userid: str) -> list[list[str]]:
        sent = [message.card for message in company.phones.chats[userid] if message.card is not None]
        return [[str(face["source"]["desc"]) for face in card.faces] for card in sent]

    assert heads("su") == [["会议 · 邀请", *["会议 · 已答复"] * 2], ["会议 · 签到"] * 3]
    assert heads("xu") == [["会议 · 邀请", "会议 · 邀请"], ["会议 · 签到"]]
