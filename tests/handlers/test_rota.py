"""值班: who is woken by an alarm of a kind, and swaps (7.1b)."""

from __future__ import annotations

import pytest

from tests.handlers.office import Card, Office


@pytest.fixture
def calm(office: Office) -> Office:
    """Return the company with everybody greeted."""
    for userid in office.phones.chats:
        office.enter(userid)
    office.skip()
    return office


def test_an_alarm_of_a_kind_goes_to_who_is_on_call_then_up_that_line(calm: Office) -> None:
    assert calm.say("luo", "值班 安排 系统 魏工 11月23日 11月29日") == (
        "已安排 魏工 值班：系统，11月23日（周一）至11月29日（周日）（7 天），已告知本人。"
    )
    assert calm.read("wei") == [
        '罗主管 安排您值班：系统，11月23日（周一）至11月29日（周日）。这期间的"系统"告警先通知您；'
        "有事请发：值班 换 人 日期"
    ]
    answer = calm.say("xu", "告警 系统登录不了")
    assert "正在通知 魏工" in answer
    assert "仍无人应答将通知 罗主管" in answer
    assert isinstance(calm.read("wei")[0], Card)
    calm.move(minutes=6)
    assert [userid for userid, _ in calm.phones.calls] == ["wei", "luo"]
    # Another kind climbs the sender's own line; so does every kind after the week.
    assert "正在通知 苏主管" in calm.say("xu", "告警 仓库漏水")
    calm.say("xu", "撤回 GJ-20261123-0001")
    calm.say("xu", "撤回 GJ-20261123-0002")
    calm.move(days=7)
    assert "正在通知 苏主管" in calm.say("xu", "告警 系统登录不了")


def test_the_kind_can_be_named(calm: Office) -> None:
    calm.say("luo", "值班 安排 系统 魏工 今天")
    assert "正在通知 魏工" in calm.say("xu", "告警 登录不了 类别=系统")


def test_who_is_on_call_and_raises_it_goes_to_the_superior(calm: Office) -> None:
    calm.say("luo", "值班 安排 系统 魏工 今天")
    assert "正在通知 罗主管" in calm.say("wei", "告警 系统登录不了")


def test_a_swap_holds_once_the_other_agrees(calm: Office) -> None:
    calm.say("luo", "值班 安排 系统 魏工 11月23日 11月29日")
    calm.skip()
    assert calm.say("wei", "值班 换 罗主管 11月25日") == (
        "已请 罗主管 接 11月25日（周三） 的值班（系统）。对方同意前仍由您值班。"
    )
    (card,) = calm.read("luo")
    assert isinstance(card, Card)
    assert card.rows == {"类别": "系统", "日期": "11月25日（周三）", "原值班": "魏工"}
    assert calm.tap("luo", "接班").json["replace_text"] == "已接班"
    assert calm.read("wei") == ['罗主管 已接 11月25日（周三） 的"系统"值班。']
    assert calm.say("xu", "值班") == (
        "今后 14 天的值班：\n"
        "系统：11月23日（周一）至11月24日（周二） 魏工、11月25日（周三） 罗主管、"
        "11月26日（周四）至11月29日（周日） 魏工\n"
        "换班请发：值班 换 人 日期"
    )


def test_a_swap_that_is_declined_changes_nothing(calm: Office) -> None:
    calm.say("luo", "值班 安排 系统 魏工 11月25日")
    calm.say("wei", "值班 换 罗主管 11月25日")
    calm.skip()
    assert calm.tap("luo", "不接").json["replace_text"] == "未接班"
    assert calm.read("wei") == ['罗主管 没有接 11月25日（周三） 的"系统"值班，仍由您值班。']


def test_a_swap_asked_of_two_is_taken_by_the_first(calm: Office) -> None:
    calm.say("luo", "值班 安排 系统 魏工 11月25日")
    calm.say("wei", "值班 换 罗主管 11月25日")
    calm.say("wei", "值班 换 高总监 11月25日")
    calm.skip()
    calm.tap("gao", "接班")
    calm.tap("luo", "接班")
    assert calm.read("luo") == ['11月25日（周三） 的"系统"值班已有变动，这次操作没有生效。发"值班"看值班表。']
    assert "高总监" in calm.say("xu", "值班")


@pytest.mark.parametrize(
    ("userid", "typed", "answer"),
    [
        ("xu", "值班", "还没有值班安排，告警按上级顺序通知。主管以上可发：值班 安排 类别 人 起 止"),
        (
            "xu", "值班 安排 系统 魏工 今天",
            "值班由主管及以上安排（制度七（一）），没有改动。要换班请发：值班 换 人 日期",
        ),
        ("luo", "值班 安排 系统 诸葛亮 今天", '名册里没有认出"诸葛亮"是哪一位，没有改动。请写全名或账号。'),
        ("luo", "值班 安排 系统 魏工 随便", '没看懂日期"随便"，没有改动。日期可以写 11月25日、周五、明天。'),
        ("luo", "值班 安排 系统 魏工 2026-11-20", "11月20日（周五） 已经过去，没有改动。"),
        ("luo", "值班 安排 系统 魏工 2026-11-25 2027-11-25", "一次最多安排 92 天，没有改动。"),
        ("wei", "值班 换 罗主管 11月25日", '11月25日（周三） 您没有值班，没有改动。发"值班"看值班表。'),
        ("wei", "值班 换 魏工 11月25日", "不能和自己换班，没有改动。请发：值班 换 人 日期"),
        (
            "wei", "值班 换",
            "没看懂，没有改动。请发其中一种：\n值班\n值班 安排 系统 罗主管 11月23日 11月29日\n值班 换 魏工 11月25日",
        ),
    ],
)
def test_what_cannot_be_arranged_is_said_and_changes_nothing(
    calm: Office, userid: str, typed: str, answer: str
) -> None:
    assert calm.say(userid, typed) == answer
    calm.silence()
    assert calm.counts()["duty"] == 0
