"""告警 as everyone concerned lives it: chat, phone, the next in line, until somebody answers (7.1b)."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from notifications.calls import Errand, Result
from notifications.errors import ConfigurationWrong, OutcomeUnknown, RetryLater
from notifications.phoning import Telephone
from notifications.texts import alarms as texts
from storage.queries.sending import hold_sending, open_circuit
from tests.handlers.office import Card, Office

NUMBER = "GJ-20261123-0001"


def called(office: Office) -> list[str]:
    """Return who was called, in order."""
    return [userid for userid, _ in office.phones.calls]


@pytest.fixture
def calm(office: Office) -> Office:
    """Return the company with everybody greeted."""
    for userid in office.phones.chats:
        office.enter(userid)
    office.skip()
    return office


def test_an_alarm_climbs_from_chat_to_phone_to_the_next_in_line_until_somebody_answers(
    office_everywhere: Office,
) -> None:
    office = office_everywhere
    for userid in office.phones.chats:
        office.enter(userid)
    office.move(hours=16, minutes=10)  # 24 November, 02:10: quiet hours hold nothing of this
    office.skip()
    number = "GJ-20261124-0001"
    answer = office.say("wei", "告警 数据库无法连接")
    assert answer == (
        f"告警 {number} 已发出：数据库无法连接。正在通知 罗主管，3 分钟无人应答会打电话；仍无人应答将通知 高总监。"
        f'发错了请发"撤回 {number}"。'
    )
    (card,) = office.read("luo")
    assert isinstance(card, Card)
    assert card.json["source"] == {"desc": "紧急告警", "desc_color": 2}
    assert card.title == "数据库无法连接"
    assert card.rows == {"编号": number, "上报": "魏工 11月24日 02:10", "下一位": "高总监 02:16"}
    assert card.buttons == ["收到", "转交他人"]
    assert called(office) == []
    office.silence()

    office.move(minutes=3)
    assert called(office) == ["luo"]
    assert office.read("wei") == [f"告警 {number} 罗主管 3 分钟没有应答，正在打电话。"]
    office.silence()

    office.move(minutes=3)
    assert called(office) == ["luo", "gao"]
    assert office.read("wei") == [f"告警 {number} 罗主管 没有应答，已通知 高总监（消息和电话）。"]
    (card,) = office.read("gao")
    assert isinstance(card, Card)
    assert card.rows == {"编号": number, "上报": "魏工 11月24日 02:10", "下一位": "赵总 02:19"}

    office.move(minutes=1)
    assert office.tap("gao", "收到").outcome == "高总监 已应答 · 11月24日 02:17"
    told = f"告警 {number} 高总监 已应答（11月24日 02:17），不再打电话。"
    assert office.read("wei") == [told]
    assert office.read("luo") == [told]
    assert office.read("gao") == [
        f"已应答告警 {number}：数据库无法连接。不再打电话。\n"
        f"请在 30 分钟内说明进展：处理 {number} 内容；处理好了请发：解除 {number}"
    ]
    assert office.card("luo").outcome == "高总监 已应答 · 11月24日 02:17"
    assert office.say("gao", f"解除 {number} 已切换备用库") == f"告警 {number} 已解除，历时 7 分钟。"
    told = f"告警 {number} 高总监 已解除（11月24日 02:17）：已切换备用库。"
    assert office.read("wei") == [told]
    assert office.read("luo") == [told]
    office.move(hours=1)
    assert called(office) == ["luo", "gao"]
    office.silence()
    acts = [act for act in office.acts(number) if not act.startswith("delivery.")]
    assert acts == [
        "alarm.raised", "alarm.moved", "phone.placed", "alarm.moved", "phone.placed", "alarm.acknowledged",
        "alarm.resolved",
    ]


def test_an_alarm_is_not_lost_to_a_missing_space(calm: Office) -> None:
    assert calm.say("wei", "告警数据库无法连接") == (
        f"告警 {NUMBER} 已发出：数据库无法连接。正在通知 罗主管，3 分钟无人应答会打电话；仍无人应答将通知 高总监。"
        f'发错了请发"撤回 {NUMBER}"。'
    )
    (card,) = calm.read("luo")
    assert isinstance(card, Card)
    assert card.title == "数据库无法连接"
    assert card.rows == {"编号": NUMBER, "上报": "魏工 11月23日 10:00", "下一位": "高总监 10:06"}
    assert called(calm) == []
    calm.move(minutes=3)
    assert called(calm) == ["luo"]


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("告警数据库", '没看懂"告警数据库"，您是要发"告警"吗？\n是的话请发送：\n告警 数据库'),
        ("告警电话打不通", '没看懂"告警电话打不通"，您是要发"告警"吗？\n是的话请发送：\n告警 电话打不通'),
        ("报警器坏了", '没看懂"报警器坏了"。发"帮助"看可以做什么，发"待办"看等您处理的事。'),
        ("告警怎么发", '没看懂"告警怎么发"。发"帮助"看可以做什么，发"待办"看等您处理的事。'),
    ],
)
def test_what_is_not_clearly_an_alarm_is_asked_about_and_rings_nobody(calm: Office, typed: str, answer: str) -> None:
    assert calm.say("wei", typed) == answer
    calm.move(minutes=10)
    assert called(calm) == []
    calm.silence()


def test_nobody_answers_and_it_goes_round_again(calm: Office) -> None:
    calm.say("wei", "告警 数据库无法连接")
    calm.move(minutes=18)
    # 10:03 luo, 10:06 gao, 10:09 赵总, 10:12 严副总, 10:15 and from the start.
    assert called(calm) == ["luo", "gao", "zhao", "yan", "luo", "gao"]
    assert calm.read("wei")[-2:] == [
        f"告警 {NUMBER} 所有人都没有应答，从头再次通知 罗主管（消息和电话）。",
        f"告警 {NUMBER} 罗主管 没有应答，已通知 高总监（消息和电话）。",
    ]


@pytest.mark.parametrize("word", ["告警", "紧急上报", "报警", "紧急求助", "紧急"])
def test_every_word_for_it_raises_it(calm: Office, word: str) -> None:
    assert calm.say("wei", f"{word} 机房冒烟").startswith(f"告警 {NUMBER} 已发出：机房冒烟。")
    assert isinstance(calm.read("luo")[0], Card)


@pytest.mark.parametrize("typed", ["告警", "告警！", "报警 ", "紧急？"])
def test_an_alarm_without_words_is_refused_with_an_example_and_leaves_nothing(calm: Office, typed: str) -> None:
    before = calm.counts()
    assert calm.say("wei", typed) == "请写明发生了什么，还没有上报。例如：告警 数据库无法连接"
    calm.silence()
    assert calm.counts()["alarm"] == before["alarm"] == 0
    assert calm.counts()["item"] == before["item"]


def test_too_long_an_alarm_is_refused(calm: Office) -> None:
    assert calm.say("wei", "告警 " + "火" * 501) == (
        "内容超过 500 字，还没有上报。请先用一句话上报，再补充，例如：告警 数据库无法连接"
    )
    assert calm.counts()["alarm"] == 0


def test_a_long_alarm_shows_its_beginning_on_the_card_and_follows_whole(calm: Office) -> None:
    words = "火" * 400
    calm.say("wei", f"告警 {words}")
    card, whole = calm.read("luo")
    assert isinstance(card, Card)
    assert card.title == "火" * 35 + "…"
    assert whole == f"告警 {NUMBER} 全文：{words}"


def test_a_bare_received_takes_the_one_open_alarm(calm: Office) -> None:
    calm.say("wei", "告警 数据库无法连接")
    assert calm.say("luo", "收到").startswith(f"已应答告警 {NUMBER}：数据库无法连接。")
    calm.move(minutes=20)
    assert called(calm) == []


def test_a_bare_received_with_two_open_alarms_asks_which(calm: Office) -> None:
    calm.say("wei", "告警 数据库无法连接")
    calm.move(seconds=61)
    calm.say("wei", "告警 机房冒烟")
    assert calm.say("luo", "收到") == (
        "您有 2 条告警没有应答，请发其中一条：\n"
        "收到 GJ-20261123-0001（数据库无法连接）\n收到 GJ-20261123-0002（机房冒烟）"
    )
    assert calm.say("luo", "收到 GJ-20261123-0002").startswith("已应答告警 GJ-20261123-0002：机房冒烟。")


def test_a_bare_received_without_any_is_small_talk(calm: Office) -> None:
    assert calm.say("luo", "收到") == "好的。"


def test_the_second_who_answers_is_told_who_did(calm: Office) -> None:
    calm.say("wei", "告警 数据库无法连接")
    calm.move(minutes=6)
    calm.skip()
    calm.tap("luo", "收到")
    calm.skip()
    # gao's own card was changed by the API; a tap on its old face comes too late.
    card = calm.card("gao")
    assert card.outcome == "罗主管 已应答 · 11月23日 10:06"
    card.json = card.faces[0]
    assert calm.tap("gao", "收到", card=card).outcome == "罗主管 已应答 · 11月23日 10:06"
    assert calm.read("gao") == [f"告警 {NUMBER} 已由 罗主管 于 11月23日 10:06 应答，不用再处理。"]
    assert calm.say("gao", f"收到 {NUMBER}") == f"告警 {NUMBER} 已由 罗主管 于 11月23日 10:06 应答，不用再处理。"


def test_somebody_it_never_concerned_cannot_answer_it(calm: Office) -> None:
    calm.say("wei", "告警 数据库无法连接")
    assert calm.say("xu", f"收到 {NUMBER}") == f"告警 {NUMBER} 没有通知到您，现在由 罗主管 处理，没有改动。"
    assert calm.say("wei", f"收到 {NUMBER}") == f"告警 {NUMBER} 没有通知到您，现在由 罗主管 处理，没有改动。"
    gone = "没有找到 GJ-20261123-0099，或者它不在您可以查看的范围内。"
    assert calm.say("xu", "收到 GJ-20261123-0099").startswith(gone)


def test_the_sender_takes_it_back_and_nobody_is_called(calm: Office) -> None:
    calm.say("wei", "告警 数据库无法连接")
    calm.move(minutes=3)
    calm.skip()
    assert calm.say("wei", f"撤回 {NUMBER}") == f"告警 {NUMBER} 已撤回，不再打电话，已告知 1 人。"
    assert calm.read("luo") == [f"告警 {NUMBER} 魏工 已撤回（11月23日 10:03），不用再处理。"]
    assert calm.card("luo").outcome == "魏工 已撤回 · 11月23日 10:03"
    calm.move(hours=2)
    assert called(calm) == ["luo"]
    calm.silence()
    assert calm.say("luo", f"收到 {NUMBER}") == f"告警 {NUMBER} 已撤回，没有改动。"
    assert calm.say("wei", f"撤回 {NUMBER}") == f"告警 {NUMBER} 已撤回，没有改动。"


def test_only_the_sender_takes_it_back(calm: Office) -> None:
    calm.say("wei", "告警 数据库无法连接")
    assert calm.say("luo", f"撤回 {NUMBER}") == (
        f'告警 {NUMBER} 由 魏工 上报，只能由本人撤回。已处理好请发"解除 {NUMBER}"。'
    )


def test_an_answered_alarm_that_nobody_handles_wakes_again(calm: Office) -> None:
    calm.say("wei", "告警 数据库无法连接")
    calm.tap("luo", "收到")
    calm.skip()
    calm.move(minutes=29)
    calm.silence()
    calm.move(minutes=1)
    assert called(calm) == ["luo"]
    assert calm.read("wei") == [f"告警 {NUMBER} 应答后 30 分钟没有进展，再次通知 罗主管（消息和电话）。"]
    (card,) = calm.read("luo")
    assert isinstance(card, Card)
    assert card.buttons == ["收到", "转交他人"]
    calm.move(minutes=3)
    assert called(calm) == ["luo", "gao"]


def test_saying_how_far_it_is_keeps_it_from_waking(calm: Office) -> None:
    calm.say("wei", "告警 数据库无法连接")
    calm.tap("luo", "收到")
    calm.skip()
    assert calm.say("luo", f"处理 {NUMBER} 正在重启") == (
        f"已记下 {NUMBER} 的进展，并告知上报人。处理好了请发：解除 {NUMBER}"
    )
    assert calm.read("wei") == [f"告警 {NUMBER} 罗主管：正在重启"]
    calm.move(hours=3)
    assert called(calm) == []
    assert calm.say("luo", f"处理 {NUMBER}") == f"请写上进展，例如：处理 {NUMBER} 正在重启数据库。没有改动。"


def test_handling_an_open_alarm_answers_it(calm: Office) -> None:
    calm.say("wei", "告警 数据库无法连接")
    calm.say("luo", f"处理 {NUMBER} 正在重启")
    calm.move(hours=3)
    assert called(calm) == []
    assert "alarm.acknowledged" in calm.acts(NUMBER)


def test_handed_to_somebody_else_by_card_and_by_command(calm: Office) -> None:
    calm.say("wei", "告警 数据库无法连接")
    calm.skip()
    calm.tap("luo", "转交他人")
    assert calm.read("luo") == [
        f'请先在"转交给（转交时选）"里选一位再点转交他人，或直接发：转交 {NUMBER} 人'
    ]
    calm.tap("luo", "转交他人", choose="高总监")
    assert calm.read("luo") == [f"告警 {NUMBER} 已转交 高总监（消息和电话）。"]
    assert calm.read("wei") == [f"告警 {NUMBER} 罗主管 已转交 高总监，正在通知。"]
    assert called(calm) == ["gao"]
    assert isinstance(calm.read("gao")[0], Card)
    assert calm.say("gao", f"转交 {NUMBER} 陶专员") == f"告警 {NUMBER} 已转交 陶专员（消息和电话）。"
    assert called(calm) == ["gao", "tao"]
    assert calm.say("tao", "收到").startswith(f"已应答告警 {NUMBER}")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        (f"转交 {NUMBER}", f'请先在"转交给（转交时选）"里选一位再点转交他人，或直接发：转交 {NUMBER} 人'),
        (f"转交 {NUMBER} 魏工", f"告警 {NUMBER} 是 魏工 上报的，不能再转给 魏工。请改为：转交 {NUMBER} 其他人"),
        (f"转交 {NUMBER} 罗主管", f'告警 {NUMBER} 已经在您这里。应答请发"收到 {NUMBER}"。'),
        (f"转交 {NUMBER} 诸葛亮", f'名册里没有"诸葛亮"，没有转交。请发：转交 {NUMBER} 人'),
    ],
)
def test_what_cannot_be_handed_over_is_said_and_changes_nothing(calm: Office, typed: str, answer: str) -> None:
    calm.say("wei", "告警 数据库无法连接")
    calm.skip()
    assert calm.say("luo", typed) == answer
    calm.silence()


def test_who_is_reached_later_learns_what_joined_the_alarm_before(calm: Office) -> None:
    calm.say("wei", "告警 机房进水")
    calm.say("wei", "告警 机房冒烟")
    calm.move(seconds=10)
    joined = f'告警 {NUMBER} 又有 1 条（魏工）：\nGJ-20261123-0002 机房冒烟\n应答请发"收到 {NUMBER}"。'
    assert [each for each in calm.read("luo") if isinstance(each, str)] == [joined]
    calm.move(minutes=3)
    calm.move(minutes=3)
    card, words = calm.read("gao")
    assert isinstance(card, Card)
    assert words == joined
    calm.say("wei", "告警 电也停了")  # a minute is over: an alarm of its own
    calm.say("luo", f"转交 {NUMBER} 高总监")
    assert joined not in calm.read("gao")


def test_what_is_about_to_be_told_to_all_is_told_once_to_who_is_handed_the_alarm(calm: Office) -> None:
    calm.say("wei", "告警 机房进水")
    calm.say("wei", "告警 机房冒烟")
    calm.say("luo", f"转交 {NUMBER} 赵总")
    calm.move(seconds=15)
    assert len([each for each in calm.read("zhao") if isinstance(each, str) and "机房冒烟" in each]) == 1


def test_ten_alarms_in_a_minute_are_bundled_and_none_is_lost(calm: Office) -> None:
    calm.say("wei", "告警 第 1 台服务器宕机")
    assert isinstance(calm.read("luo")[0], Card)
    for serial in range(2, 11):
        assert calm.say("wei", f"告警 第 {serial} 台服务器宕机") == (
            f"告警 GJ-20261123-{serial:04d} 已并入 {NUMBER}（1 分钟内同一人上报），正在处理的人会一并收到。"
        )
        calm.move(seconds=5)
    calm.move(seconds=10)
    told = [str(text) for text in calm.read("luo")]
    assert len(told) <= 5
    for serial in range(2, 11):
        assert f"GJ-20261123-{serial:04d} 第 {serial} 台服务器宕机" in "\n".join(told)
    assert told[0] == (
        f"告警 {NUMBER} 又有 2 条（魏工）：\nGJ-20261123-0002 第 2 台服务器宕机\nGJ-20261123-0003 第 3 台服务器宕机\n"
        f'应答请发"收到 {NUMBER}"。'
    )
    assert calm.say("luo", "收到 GJ-20261123-0007").startswith(f"已应答告警 {NUMBER}")
    calm.say("luo", f"解除 {NUMBER}")
    assert "已完成" in calm.say("wei", "追溯 GJ-20261123-0007")


def test_a_phone_app_that_is_not_linked_goes_to_the_next_number_and_says_so(calm: Office) -> None:
    calm.phones.call_refusals = {
        userid: ConfigurationWrong(301049, "pstncc/call") for userid in ("luo", "gao", "zhao", "yan")
    }
    calm.say("wei", "告警 数据库无法连接")
    calm.skip()
    calm.move(minutes=3)
    assert called(calm) == []
    assert calm.read("wei") == [
        f"告警 {NUMBER} 罗主管 3 分钟没有应答，正在打电话。",
        f"告警 {NUMBER} 罗主管 没有开通电话通知，已通知 高总监。",
        f"告警 {NUMBER} 高总监 没有开通电话通知，已通知 赵总。",
        f"告警 {NUMBER} 赵总 没有开通电话通知，已通知 严副总。",
        f"告警 {NUMBER} 严副总 没有开通电话通知，稍后再次通知。",
    ]
    assert calm.read("zhou") == [
        f"告警 {NUMBER} 的电话没有打出去：没有开通电话通知。"
        '请管理员检查企业微信"紧急通知"是否开通、关联本应用、余额充足。'
    ]
    # Messages to everybody else still leave: the phone's configuration is not the app's.
    assert isinstance(calm.read("gao")[0], Card)
    calm.say("xu", "采购 服务器 3.5万 扩容")
    assert isinstance(calm.read("su")[0], Card)


@pytest.mark.parametrize(
    ("reason", "why"), [(8, "电话打不通（8）"), (9, "电话打不通（9）"), (13, "短时间内已打过多次电话")]
)
def test_a_number_that_cannot_be_reached_is_passed_over_at_once(calm: Office, reason: int, why: str) -> None:
    calm.say("wei", "告警 数据库无法连接")
    calm.move(minutes=3)
    calm.skip()
    calm.phones.ends("luo", reason)
    calm.move(seconds=16)
    assert calm.read("wei") == [f"告警 {NUMBER} 罗主管 {why}，已通知 高总监。"]
    assert called(calm) == ["luo", "gao"]


def test_a_call_that_was_taken_is_no_answer_yet(calm: Office) -> None:
    calm.say("wei", "告警 数据库无法连接")
    calm.move(minutes=3)
    calm.phones.ends("luo", 0, answered=True)
    calm.move(minutes=3)
    assert called(calm) == ["luo", "gao"]


def test_one_number_is_called_at_most_three_times_in_15_minutes(calm: Office) -> None:
    for at in range(5):
        calm.say("wei", f"告警 第 {at} 件事")
        calm.move(seconds=61)
    calm.skip()
    calm.move(minutes=4)
    assert called(calm).count("luo") == 3
    passed = [text for text in calm.read("wei") if "短时间内已打过多次电话" in str(text)]
    assert passed[0] == "告警 GJ-20261123-0004 罗主管 短时间内已打过多次电话，已通知 高总监。"


def test_a_call_without_an_answer_is_made_once_more_and_then_goes_on(calm: Office) -> None:
    calm.phones.call_refusals["luo"] = OutcomeUnknown(0, "pstncc/call", "no answer")
    calm.say("wei", "告警 数据库无法连接")
    calm.move(minutes=3)
    assert called(calm) == []
    calm.move(seconds=31)
    calm.run()
    assert called(calm) == ["gao"]


def test_the_ladder_is_fixed_when_the_alarm_starts_and_a_jump_moves_it_one_step(calm: Office) -> None:
    calm.say("wei", "告警 数据库无法连接")
    calm.clock.jump(hours=5)
    calm.run()
    assert called(calm) == ["luo"]
    calm.clock.jump(hours=5)
    calm.run()
    assert called(calm) == ["luo", "gao"]


def test_who_stands_at_the_top_reaches_the_other_executives(calm: Office) -> None:
    answer = calm.say("zhao", "告警 办公楼停电")
    assert answer.startswith(f"告警 {NUMBER} 已发出：办公楼停电。正在通知 严副总")
    assert isinstance(calm.read("yan")[0], Card)


def test_it_stands_in_the_lists_of_who_has_it_and_its_story_can_be_read(calm: Office) -> None:
    calm.say("wei", "告警 数据库无法连接")
    listed = f"等您处理的有 1 件：\n1. 【加急】告警 {NUMBER} 数据库无法连接，待您处理（11月23日 10:00 送达）\n"
    assert calm.say("luo", "待办").startswith(listed)
    assert calm.say("luo", "待办 1").endswith(f"应答请发：收到 {NUMBER}；处理好了请发：解除 {NUMBER}")
    calm.move(minutes=3)
    calm.say("luo", "收到")
    story = calm.say("wei", f"追溯 {NUMBER}")
    assert "上报，通知 罗主管" in story
    assert "第 1 轮，通知 罗主管（电话）" in story
    assert "打电话给 罗主管" in story
    assert "应答" in story


def test_every_state_has_its_words() -> None:
    assert set(texts.DONE_WORDS) == {"acknowledged", "resolved", "withdrawn"}


# --- races ------------------------------------------------------------------------------------------------------------


def test_two_who_answer_at_the_same_moment_are_one_answer(office_everywhere: Office) -> None:
    office = office_everywhere
    for userid in office.phones.chats:
        office.enter(userid)
    office.say("wei", "告警 数据库无法连接")
    office.move(minutes=9)
    office.skip()
    answers: dict[str, str] = {}

    def acknowledge(userid: str) -> None:
        fields = {
            "ToUserName": "ww1", "FromUserName": userid, "AgentID": "1000002", "MsgType": "text", "CreateTime": "1",
            "Content": f"收到 {NUMBER}", "MsgId": f"7{userid}",
        }
        answers[userid] = office._text(office.dispatch.handle(fields, "127.0.0.1"))

    threads = [threading.Thread(target=acknowledge, args=(userid,)) for userid in ("luo", "gao", "zhao")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    won = [userid for userid, said in answers.items() if said.startswith("已应答告警")]
    assert len(won) == 1
    name = {"luo": "罗主管", "gao": "高总监", "zhao": "赵总"}[won[0]]
    for userid, said in answers.items():
        if userid != won[0]:
            assert said == f"告警 {NUMBER} 已由 {name} 于 11月23日 10:09 应答，不用再处理。"
    assert office.acts(NUMBER).count("alarm.acknowledged") == 1


def test_taken_back_at_the_very_moment_of_calling_nobody_is_called(calm: Office) -> None:
    calm.say("wei", "告警 数据库无法连接")
    telephone = calm.courier._telephone
    real = telephone.make

    def taken_back_first(errand: Errand) -> Result:
        fields = {
            "ToUserName": "ww1", "FromUserName": "wei", "AgentID": "1000002", "MsgType": "text", "CreateTime": "1",
            "Content": f"撤回 {NUMBER}", "MsgId": "77",
        }
        calm.dispatch.handle(fields, "127.0.0.1")
        return real(errand)

    telephone.make = taken_back_first  # type: ignore[method-assign]
    calm.move(minutes=3)
    assert called(calm) == []
    assert "phone.placed" not in calm.acts(NUMBER)
    calm.move(hours=1)
    assert called(calm) == []


def test_the_message_leaves_before_the_phone_rings(calm: Office) -> None:
    order: list[str] = []
    send, call = calm.phones.send, calm.phones.call
    calm.phones.send = lambda body: (order.append("message"), send(body))[1]  # type: ignore[method-assign]
    calm.phones.call = lambda who: (order.append("call"), call(who))[1]  # type: ignore[method-assign]
    calm.say("wei", "告警 数据库无法连接")
    calm.move(minutes=3)
    del order[:]
    calm.move(minutes=3)
    assert order.index("message") < order.index("call")


def test_a_chat_that_fails_holds_the_phone_up_for_ten_seconds_at_most(calm: Office) -> None:
    calm.say("wei", "告警 数据库无法连接")
    calm.move(minutes=3)
    calm.phones.failing = [RetryLater(-1, "message/send", after_seconds=600) for _ in range(40)]
    calm.move(minutes=3)
    assert called(calm) == ["luo"]
    for _ in range(11):
        calm.move(seconds=1)
    assert called(calm) == ["luo", "gao"]


def test_with_the_webhook_phones_ring_while_wecom_refuses_the_app(calm: Office) -> None:
    calm.courier._telephone = Telephone(calm.store, calm.phones, by_itself=True)
    calm.say("wei", "告警 数据库无法连接")
    now = calm.clock.machine_now()
    calm.store.write(lambda unit: open_circuit(unit, now + timedelta(hours=1), "wrong secret", 1))
    calm.move(minutes=3)
    assert called(calm) == ["luo"]
    calm.move(minutes=3, seconds=11)
    assert called(calm) == ["luo", "gao"]
    calm.store.write(lambda unit: hold_sending(unit, "restored"))
    calm.move(minutes=4)
    assert called(calm) == ["luo", "gao"]
