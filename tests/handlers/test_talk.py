"""帮助, what is not understood, small talk, other kinds of messages, first contact, people who are not in the org."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.org_files import read_org
from bot.prepare import import_org
from tests.handlers.office import ORG, Office

UNKNOWN = '没看懂"{}"。发"帮助"看可以做什么，发"待办"看等您处理的事。'


@pytest.fixture
def known(office: Office) -> Office:
    for userid in ("xu", "su", "zhao"):
        office.enter(userid)
    return office


# --- 帮助 -----------------------------------------------------------------------------------------------------------


def test_help_groups_what_one_may_do_by_what_one_does(known: Office) -> None:
    lines = known.say("xu", "帮助").split("\n")

    assert lines[0] == '您可以这样发（怎么用请发"帮助 提交"，例子请发"帮助 采购"）：'
    assert [line.partition("：")[0] for line in lines[1:-1]] == [
        "提交", "会议与任务", "紧急与通知", "记录", "查看", "其他"
    ]
    assert lines[1].startswith("提交：采购、")
    assert lines[-1] == "金额写 3.5万、35000、三万五 都行；日期写 下周三 14:30、月底 都行。"
    assert len(lines) <= 12
    assert known.menu("xu", "help") == known.say("xu", "帮助")


def groups(known: Office, userid: str) -> list[str]:
    return [line.partition("：")[0] for line in known.say(userid, "帮助").split("\n")[1:-1]]


def test_signing_is_listed_for_who_leads_or_is_asked_and_managing_for_the_offices_that_run_the_policy(
    known: Office,
) -> None:
    assert "审批" in groups(known, "su")
    assert "管理" not in groups(known, "su")
    assert "管理" in groups(known, "zhou")
    assert "审批" not in groups(known, "tang")
    known.say("xu", "采购 显示器 8000 更换")
    known.say("su", "加签 CG-20261123-0001 唐专员 看看型号")
    assert "审批" in groups(known, "tang")


def test_help_about_a_command_shows_its_use_and_examples(known: Office) -> None:
    assert known.say("xu", "帮助 记录") == (
        "记录 模板 字段=值…：登记一条业务记录\n"
        "也可以说：登记、记一笔\n"
        "例如：\n"
        "记录 客户服务 客户=华东机械 内容=电话回访，设备运行正常 结果=满意\n"
        "记录 客户服务\n"
        "记录"
    )
    assert known.say("xu", "帮助 申购") == known.say("xu", "帮助 采购")
    assert known.say("xu", "帮助 记路") == '没有"记路"这个命令。您是要看"帮助 记录"吗？'
    assert known.say("xu", "帮助 飞行") == '没有"飞行"这个命令。发"帮助"看全部。'


@pytest.mark.parametrize("group", ["提交", "审批", "会议与任务", "查看", "其他"])
def test_help_about_a_group_shows_how_each_of_its_commands_is_used(known: Office, group: str) -> None:
    lines = known.say("su", f"帮助 {group}").split("\n")
    words = known.say("su", "帮助").split("\n")
    listed = next(line.partition("：")[2] for line in words if line.startswith(f"{group}："))

    assert lines[0] == f"{group}："
    assert len(lines) == 1 + len(listed.split("、"))
    assert all(line.startswith("· ") for line in lines[1:])


def test_every_example_of_ones_own_commands_is_understood(known: Office) -> None:
    for word in ("记录", "更正", "查", "追溯", "待办", "完成", "我提交的", "取消"):
        for example in known.house.registry.commands[word].examples:
            assert not known.say("xu", example).startswith("没看懂"), example


# --- not understood -------------------------------------------------------------------------------------------------

NOT_UNDERSTOOD = [
    ("采够 服务器 三万五",
     '没看懂"采够"，您是要发"采购"吗？金额按 ¥35,000.00 理解，还缺事由。\n请补上事由后发送：\n采购 服务器 35000 事由='),
    ("带办", '没看懂"带办"，您是要发"待办"吗？\n是的话请发送：\n待办'),
    ("追朔 CG-20261123-0001", '没看懂"追朔"，您是要发"追溯"吗？\n是的话请发送：\n追溯 CG-20261123-0001'),
    ("gengzheng JL-20261123-0001 结果=好",
     '没看懂"gengzheng"，您是要发"更正"吗？\n是的话请发送：\n更正 JL-20261123-0001 结果=好'),
    ("客户服务 客户=华东机械",
     '没看懂"客户服务"，您是要发"记录"吗？\n是的话请发送：\n记录 客户服务 客户=华东机械'),
    ("cg20261123-1", '没看懂"cg20261123-1"，您是要发"追溯"吗？\n是的话请发送：\n追溯 CG-20261123-0001'),
    ("采购显示器",
     '没看懂"采购显示器"，您是要发"采购"吗？还缺金额、事由。\n请补上金额、事由后发送：\n采购 显示器 金额= 事由='),
    ("今天天气不错", UNKNOWN.format("今天天气不错")),
    ("!!!", UNKNOWN.format("!!!")),
    ("长" * 900, UNKNOWN.format("长" * 29 + "…")),
    ("   ", '没有收到文字。发"帮助"看可以做什么。'),
    ("请假", '请假请在"工作台 › 审批"里办理；如要请人代为审批，请发：委托 人 起 止'),
]


@pytest.mark.parametrize(
    ("typed", "answer"), NOT_UNDERSTOOD, ids=[case[0][:30] for case in NOT_UNDERSTOOD]
)
def test_what_is_not_understood_gets_the_nearest_command_filled_with_what_was_typed(
    known: Office, typed: str, answer: str
) -> None:
    before = known.counts()
    assert known.say("xu", typed) == answer
    after = known.counts()
    assert {name for name in after if after[name] != before[name]} <= {"inbox"}
    known.silence()


def test_an_endless_mistyped_command_is_not_given_back_cut_in_the_middle(known: Office) -> None:
    assert known.say("xu", "追朔 " + "长" * 900) == (
        '没看懂"追朔"，您是要发"追溯"吗？是的话请把开头改成"追溯"，再发一次。'
    )


# --- small talk -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("你好", '您好，发"待办"看等您处理的事，发"帮助"看可以做什么。'), ("谢谢！", "不客气。"), ("好的。", "好的。"),
        ("OK", "好的。"),
    ],
)
def test_small_talk_is_answered_once_an_hour(known: Office, typed: str, answer: str) -> None:
    assert known.say("xu", typed) == answer
    assert known.say("xu", "谢谢") == ""
    known.move(minutes=61)
    assert known.say("xu", typed) == answer


# --- other kinds of messages ----------------------------------------------------------------------------------------

OTHERS: list[tuple[dict[str, Any], str]] = [
    ({"MsgType": "voice", "MediaId": "m1", "Format": "amr"}, '语音没有转成文字，请发文字。发"帮助"看可以做什么。'),
    ({"MsgType": "voice", "MediaId": "m1", "Recognition": "待办。"}, "现在没有等您处理的事。"),
    ({"MsgType": "location", "Location_X": "31.2", "Location_Y": "121.4", "Scale": "15", "Label": "上海"},
     '位置已收到，但目前没有事项要用到位置。发"帮助"看可以做什么。'),
    ({"MsgType": "link", "Title": "报价", "Description": "", "Url": "https://example.com", "PicUrl": ""},
     "链接已收到，但链接本身不能作记录。要登记请发：记录"),
    ({"MsgType": "event", "Event": "click", "EventKey": "purchase"},
     "请发：采购 物品 金额 事由\n例如：采购 服务器 3.5万 扩容"),
    ({"MsgType": "event", "Event": "click", "EventKey": "find"}, "请发：查 词或编号\n例如：查 华东机械"),
    ({"MsgType": "event", "Event": "click", "EventKey": "mine"}, "您还没有提交过内容。"),
    ({"MsgType": "event", "Event": "click", "EventKey": "todo"}, "现在没有等您处理的事。"),
    ({"MsgType": "event", "Event": "click", "EventKey": "of last year"},
     '这个菜单已更新，请退出会话再进来一次。发"帮助"看可以做什么。'),
]


@pytest.mark.parametrize(("fields", "answer"), OTHERS, ids=[str(list(case[0].values())[:4]) for case in OTHERS])
def test_every_kind_of_message_is_answered(known: Office, fields: dict[str, Any], answer: str) -> None:
    assert known._text(known.event("xu", MsgId="900001", **fields)) == answer


def test_the_menu_lists_the_templates(known: Office) -> None:
    assert known.menu("xu", "record") == known.say("xu", "记录")


def test_a_voice_message_that_was_recognised_files_a_record(known: Office) -> None:
    said = "记录 客户服务 客户=华东机械 内容=回访 结果=满意"
    outcome = known.event("xu", MsgType="voice", MediaId="m", Recognition=said, MsgId="900002")

    assert known._text(outcome).startswith("已登记客户服务记录 JL-20261123-0001\n")


# --- first contact --------------------------------------------------------------------------------------------------


def test_everyone_is_greeted_once_by_role(office: Office) -> None:
    assert office.enter("xu") == (
        "许专员，您好，我是留痕，帮大家把业务记录制度落到每一步。\n"
        "登记记录、提交采购，发一句话就行。\n"
        '例如发：采购 服务器 3.5万 扩容；发"帮助"看全部。'
    )
    office.move(seconds=1)
    assert office.enter("xu") == ""
    assert office.say("su", "你好") == (
        "苏主管，您好，我是留痕，帮大家把业务记录制度落到每一步。\n"
        "等您审批的单子会以卡片送到这里，点一下就能签。\n"
        '发"待办"看等您处理的事；发"帮助"看全部。'
    )
    assert office.say("lin", "待办") == '现在没有等您处理的事。\n第一次使用？发"帮助"看可以做什么。'
    assert office.say("wei", "采够").startswith('没看懂"采够"')
    assert office.enter("wei") == ""
    assert office.acts().count("person.welcomed") == 4


# --- not in the org -------------------------------------------------------------------------------------------------


def test_somebody_not_in_the_org_is_refused_politely_and_told_once_registered(office: Office, tmp_path: Path) -> None:
    refused = "您还没有登记在册，已通知 人力资源部 贾主管；登记后会马上告诉您。"
    office.phones.chats["NewOne"] = []
    office.phones.chats["newone"] = office.phones.chats["NewOne"]

    assert office.say("NewOne", "采购 服务器 3.5万 扩容") == refused
    assert office.say("NewOne", "你好") == refused
    assert office.read("jia") == ["企业微信成员 NewOne 发来消息，但还没有登记在册。请核对身份并在人员名单里登记。"]
    assert office.acts("CG-20261123-0001") == []

    newcomer = {"userid": "NewOne", "name": "新同事", "department": "sales", "grade": "specialist", "manager": "su"}
    register(office, tmp_path, newcomer)

    assert office.phones.chats["newone"][-1].text == (
        '新同事，您已登记在册，可以开始使用了。发"帮助"看可以做什么。'
    )
    assert office.say("NewOne", "待办") == '现在没有等您处理的事。\n第一次使用？发"帮助"看可以做什么。'


def register(office: Office, tmp_path: Path, person: dict[str, str]) -> None:
    content = yaml.safe_load(ORG.read_text())
    content["people"].append(person)
    (tmp_path / "org.yaml").write_text(yaml.safe_dump(content, allow_unicode=True))
    import_org(office, *read_org(tmp_path / "org.yaml"), office.clock.company_now())
    office.run()
