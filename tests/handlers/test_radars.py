"""雷达: the hint on the signer's card, 线索 and the Monday line for the records department, and nobody else (4.1a)."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.split_hints import NOTED
from storage.queries import evidence
from tests.handlers.office import Card, Office

FIRST, SECOND, THIRD = (f"CG-20261123-000{serial}" for serial in (1, 2, 3))
HINT = f"提示：7 天内同类 2 单合计 ¥68,000.00，见 {FIRST}"


def met(office: Office) -> None:
    for userid in office.phones.chats:
        office.enter(userid)
    office.skip()


def file(office: Office, who: str, words: str) -> str:
    """File a purchase; return its number."""
    answer = office.say(who, f"采购 {words}")
    assert answer.startswith("已提交采购 "), answer
    return answer.split("\n")[0].removeprefix("已提交采购 ")


def words_on(office: Office, who: str, number: str) -> list[str]:
    """Return the lines below the title of somebody's newest card on a number."""
    cards = [
        message.card for message in office.phones.chats[who]
        if message.card is not None and message.card.rows.get("编号") == number
    ]
    return str(cards[-1].json["sub_title_text"]).split("\n")


def hinted(office: Office, who: str, number: str) -> bool:
    return any(line.startswith("提示：") for line in words_on(office, who, number))


def noted(office: Office, number: str) -> list[dict[str, object]]:
    trail = office.ask(lambda unit: evidence.trail_of(unit, number))
    return [dict(event.facts) for event in trail if event.act == NOTED]


def sign_through(office: Office, number: str, *signers: str) -> None:
    for who in signers:
        assert office.say(who, f"同意 {number}").startswith(f"已同意 {number}"), (who, number)


def test_every_signer_of_the_second_half_is_shown_the_sum_and_the_record_says_so(office_everywhere: Office) -> None:
    office = office_everywhere
    met(office)
    file(office, "xu", "服务器 3.5万 扩容")
    office.move(hours=2)

    answer = office.say("xu", "采购 服务器（第二批） 3.3万 扩容")

    assert answer == (
        f"已提交采购 {SECOND}\n服务器（第二批） · ¥33,000.00（叁万叁仟元整）\n事由：扩容\n"
        "签字顺序：苏主管 → 钱总监 → 赵总\n现在由 苏主管 审批。\n"
        f'撤回请发"撤回 {SECOND}"，提醒请发"催办 {SECOND}"（每天最多 3 次）。'
    )
    assert not hinted(office, "su", FIRST)
    assert words_on(office, "su", SECOND)[0] == "事由：扩容"
    assert words_on(office, "su", SECOND)[1].startswith("内容校验 ")
    assert words_on(office, "su", SECOND)[2:] == [HINT]
    assert noted(office, SECOND) == [
        {"control": "4.1a", "others": [FIRST], "fen": 6_800_000, "limit": 5_000_000, "days": 7, "shown": ["su"]}
    ]
    assert [text for text in office.read("zhou") if isinstance(text, str)] == [
        f"提示：{SECOND}：7 天内同类 2 单合计 ¥68,000.00，见 {FIRST}，各单都在限额以下（制度四（一））。"
        f'仅供参考，不影响审批。要看经过请发"追溯 {SECOND}"。'
    ]
    sign_through(office, SECOND, "su")
    assert words_on(office, "qian", SECOND)[2:] == [HINT]
    assert [facts["shown"] for facts in noted(office, SECOND)] == [["su"], ["qian"]]
    story = office.say("su", f"追溯 {SECOND}").split("\n")
    assert not any("提示 钱总监" in line for line in story)
    (line,) = [line for line in story if "提示 苏主管" in line]
    assert line.endswith(f"系统 提示 苏主管：7 天内同类 2 单合计 ¥68,000.00，见 {FIRST}（供签字参考）")


def test_the_applicant_reads_no_hint_the_auditor_reads_all(office: Office) -> None:
    met(office)
    file(office, "xu", "服务器 3.5万 扩容")
    file(office, "xu", "服务器 3.3万 扩容")
    sign_through(office, SECOND, "su", "qian", "zhao")

    for who in ("xu", "lin"):
        story = office.say(who, f"追溯 {SECOND}")
        assert "提示" not in story
        assert "周总监" not in story
    story = office.say("zheng", f"追溯 {SECOND}")
    assert [name for name in ("苏主管", "钱总监", "赵总") if f"提示 {name}：" in story] == ["苏主管", "钱总监", "赵总"]
    said = [text for userid in ("xu", "lin") for text in office.read(userid) if isinstance(text, str)]
    assert not any("同类" in text for text in said)


def test_different_things_of_one_person_are_no_hint(office: Office) -> None:
    met(office)
    for words in ("服务器 3.5万 扩容", "显示器 3.3万 扩容", "显示器支架 3.3万 办公", "打印机 4.9万 新员工"):
        assert not hinted(office, "su", file(office, "xu", words))
    assert NOTED not in office.acts()


def test_a_sum_below_the_limit_another_department_and_an_older_one_are_no_hint(office: Office) -> None:
    met(office)
    file(office, "xu", "服务器 3万 扩容")
    assert not hinted(office, "su", file(office, "xu", "服务器 1.9万 扩容"))
    assert not hinted(office, "luo", file(office, "wei", "服务器 4.9万 扩容"))
    office.move(days=8)
    assert not hinted(office, "su", file(office, "xu", "服务器 4.9万 扩容"))
    assert NOTED not in office.acts()


def test_one_at_the_limit_has_its_signers_already_and_is_no_hint(office: Office) -> None:
    met(office)
    file(office, "xu", "服务器 5万 扩容")
    second = file(office, "xu", "服务器 1万 扩容")
    assert not hinted(office, "su", second)
    third = file(office, "xu", "服务器 6万 扩容")
    assert not hinted(office, "su", third)


def test_a_colleague_of_the_department_and_the_same_supplier_count(office: Office) -> None:
    met(office)
    first = file(office, "xu", "打印纸 2.6万 日常 供应商=晨光有限公司")
    second = file(office, "su", "白板 2.4万 培训室 供应商=晨光")
    assert words_on(office, "lin", second)[-1] == f"提示：7 天内同类 2 单合计 ¥50,000.00，见 {first}"


def test_returned_and_amended_counts_once_with_its_present_sum(office: Office) -> None:
    met(office)
    first = file(office, "xu", "服务器 3.5万 扩容")
    office.say("su", f"退回 {first} 依据不足")
    office.say("xu", f"补充 {first} 金额=3万 事由=扩容，附报价")
    assert not hinted(office, "su", first)

    second = file(office, "xu", "服务器 2.5万 扩容")

    assert words_on(office, "su", second)[-1] == f"提示：7 天内同类 2 单合计 ¥55,000.00，见 {first}"
    office.say("xu", f"补充 {second} 金额=1.9万")
    assert not hinted(office, "su", second)
    office.say("xu", f"补充 {second} 金额=2万")
    assert words_on(office, "su", second)[-1] == f"提示：7 天内同类 2 单合计 ¥50,000.00，见 {first}"


def test_withdrawn_and_rejected_ones_do_not_count(office: Office) -> None:
    met(office)
    withdrawn = file(office, "xu", "服务器 3.5万 扩容")
    office.say("xu", f"撤回 {withdrawn}")
    rejected = file(office, "xu", "服务器 3.5万 扩容")
    office.say("su", f"驳回 {rejected} 不在预算内")

    answer = office.say("xu", f"重提 {rejected}")

    assert answer.split("\n")[0].endswith(THIRD) or THIRD in answer
    assert not hinted(office, "su", THIRD)
    assert NOTED not in office.acts()


def test_a_long_reason_is_cut_and_the_hint_is_not(office: Office) -> None:
    met(office)
    for _ in range(4):
        number = file(office, "xu", f"服务器 1.9万 {'扩' * 400}")
    card = office.card("su", "同意")
    assert len(card.json["sub_title_text"]) <= 160
    assert f'…全文请发"追溯 {number}"' in card.json["sub_title_text"]
    assert words_on(office, "su", number)[-1] == f"提示：7 天内同类 4 单合计 ¥76,000.00，见 {FIRST}、{SECOND} 等"


def test_applications_of_one_kind_are_added_up_too(office: Office) -> None:
    met(office)
    for _ in range(2):
        answer = office.say("xu", "申请 报销 2.6万 上海展会差旅")
        assert answer.startswith("已提交"), answer
    assert hinted(office, "su", "SP-20261123-0002")
    assert not hinted(office, "su", "SP-20261123-0001")


# --- the records department -----------------------------------------------------------------------------------------


def small_ones(office: Office, count: int) -> list[str]:
    """File things of different names."""
    names = [first + second for second in "子丑寅" for first in "甲乙丙丁戊己庚辛壬癸"]
    return [file(office, "xu", f"{name}纸 100 日常") for name in names[:count]]


def sign_quickly(office: Office, who: str, numbers: list[str], seconds: float) -> None:
    for number in numbers:
        sign_through(office, number, who)
        office.clock.move(seconds=seconds)


def test_the_list_is_for_the_records_department_alone(office: Office) -> None:
    met(office)
    file(office, "xu", "服务器 3.5万 扩容")
    file(office, "xu", "服务器 3.3万 扩容")
    before = office.counts()
    for who in ("xu", "su", "qian", "zhao", "lin"):
        assert office.say(who, "线索") == (
            '"线索"由业务记录部查看（制度一（一））。看自己经手的单子，请发"待办"或"我提交的"。'
        )
    assert office.counts()["audit"] == before["audit"]
    for who in ("zhou", "wu", "zheng"):
        assert office.say(who, "线索") == (
            "线索（仅供参考，不代表有问题）\n"
            "近 14 天，7 天内同类合计达到 ¥50,000.00（制度四（一））：\n"
            f"1. 2 单合计 ¥68,000.00：{FIRST}、{SECOND}\n"
            '看一单的经过请发"追溯 编号"。'
        )
    office.move(days=15)
    assert office.say("zhou", "线索") == "近 14 天没有需要参考的线索。"


def test_decisions_seconds_apart_are_listed_with_their_numbers_but_not_those_of_one_list(
    office_everywhere: Office,
) -> None:
    office = office_everywhere
    met(office)
    numbers = small_ones(office, 10)
    sign_quickly(office, "su", numbers[:4], 15)
    assert office.say("zhou", "线索") == "近 14 天没有需要参考的线索。"
    office.move(minutes=5)
    office.say("qian", "批量")
    card = office.card("qian", "同意所选")
    ticked = [one["text"] for one in card.json["checkbox"]["option_list"][1:]]
    office.tap("qian", "同意所选", card=card, choose="|".join(ticked))
    office.move(minutes=5)
    sign_quickly(office, "su", numbers[4:], 9)

    began = office.clock.company_now() - timedelta(seconds=54)
    local = office.house.calendar.local(began)
    assert office.say("zhou", "线索") == (
        "线索（仅供参考，不代表有问题）\n"
        "近 14 天，60 秒内逐单签 5 单以上：\n"
        f"1. 苏主管 11月23日 {local:%H:%M} 起 45 秒内 6 单：{'、'.join(numbers[4:7])} 等\n"
        '看一单的经过请发"追溯 编号"。'
    )


def test_a_pair_without_a_no_is_listed_until_there_was_one(office: Office) -> None:
    met(office)
    numbers = small_ones(office, 21)
    for number in numbers[:20]:
        sign_through(office, number, "su")
        office.clock.move(minutes=2)
    said = office.say("wu", "线索").split("\n")
    assert said[1:3] == [
        "近 90 天，签 20 次以上、没有退回或驳回：", f"1. 苏主管 签 许专员 的单 20 次，例如 {numbers[19]}",
    ]
    office.say("su", f"退回 {numbers[20]} 依据不足")
    assert office.say("wu", "线索") == "近 14 天没有需要参考的线索。"


def test_the_monday_digest_of_the_records_department_says_how_many_and_no_name(office: Office) -> None:
    met(office)
    numbers = small_ones(office, 20)
    sign_quickly(office, "su", numbers, 5)
    office.skip()
    office.until(office.house.calendar.at(datetime(2026, 11, 30).date(), datetime(2026, 11, 30, 9, 4).time()))

    line = (
        "供参考：上周 60 秒内逐单签 5 单以上 1 次；近 90 天签 20 次以上、没有退回或驳回 1 对，发\"线索\"看编号"
    )
    for who in office.phones.chats:
        said = [text for text in office.read(who) if isinstance(text, str) and text.startswith("早上好")]
        assert [line in text.split("\n") for text in said] == [who in ("zhou", "wu")] * len(said), who
        assert not any("供参考" in text for text in said if who not in ("zhou", "wu"))


def test_the_card_and_its_reminder_say_the_same(office: Office) -> None:
    met(office)
    file(office, "xu", "服务器 3.5万 扩容")
    second = file(office, "xu", "服务器 3.3万 扩容")
    office.skip()
    office.move(hours=7)
    again = [card for card in office.read("su") if isinstance(card, Card) and card.rows["编号"] == second]
    assert again
    assert words_on(office, "su", second)[-1] == HINT
    assert len(noted(office, second)) == 1


def test_the_records_director_is_told_once_a_day_of_one_applicant(office: Office) -> None:
    for _ in range(4):
        office.say("xu", "采购 服务器 3万 扩容")
    first = [said for said in office.read("zhou") if isinstance(said, str)]
    office.move(hours=25)
    office.skip("zhou")
    office.say("xu", "采购 服务器 3万 扩容")

    assert len(first) == 1
    assert len([said for said in office.read("zhou") if isinstance(said, str)]) == 1
