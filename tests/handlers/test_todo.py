"""待办 and 完成 in whole texts: empty, many, opened by list number, expired, settled meanwhile (contract, Chat)."""

from __future__ import annotations

import pytest

from storage.queries.items import add_open_work
from tests.handlers.office import Card, Office

PASSED = "采购 CG-20261123-0001 服务器 ¥35,000.00，待您审批（11月23日 10:00 送达）"


@pytest.fixture(autouse=True)
def _known(office: Office) -> None:
    for userid in ("xu", "su", "lin", "qian", "zhao", "he", "pan"):
        office.enter(userid)


def test_an_empty_list_says_so_and_a_number_of_it_opens_nothing(office: Office) -> None:
    assert office.say("su", "待办 1") == '没有 2 小时内的清单，请先发"待办"，再按序号打开。'
    assert office.say("su", "待办") == "现在没有等您处理的事。"
    assert office.say("su", "待办 1") == '上次的清单是空的，请重新发"待办"。'


def test_the_list_opens_by_number_for_two_hours_and_never_decides(office: Office) -> None:
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.skip()

    listed = f'等您处理的有 1 件：\n1. {PASSED}\n看某一条请发"待办 1"。'
    assert office.say("su", "待办") == listed
    assert office.menu("su", "todo") == listed
    office.move(minutes=90)
    assert office.say("su", "待办1") == f"{PASSED}\n卡片马上送到，请在卡片上处理。"
    (card,) = office.read("su")
    assert isinstance(card, Card)
    assert card.buttons == ["同意", "退回补充", "驳回"]
    assert office.say("su", "待办 2") == '清单里没有第 2 条（共 1 条）。请重新发"待办"。'
    assert office.say("su", "待办 0") == '清单里没有第 0 条（共 1 条）。请重新发"待办"。'
    office.move(minutes=31)
    assert office.say("su", "待办 1") == '没有 2 小时内的清单，请先发"待办"，再按序号打开。'
    assert office.acts("CG-20261123-0001").count("approval.approved") == 0


def test_what_was_settled_meanwhile_is_said_to_be(office: Office) -> None:
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.say("su", "待办")
    office.say("xu", "撤回 CG-20261123-0001")

    assert office.say("su", "待办 1") == "CG-20261123-0001 已经处理，不再等您。"
    assert office.say("su", "待办") == "现在没有等您处理的事。"


def test_many_are_listed_urgent_first_then_the_oldest_and_the_rest_is_counted(office: Office) -> None:
    for serial in range(1, 13):
        office.say("xu", f"采购 物品{serial} {serial}00元 日常")
        office.move(minutes=1)
    office.say("xu", "加急 CG-20261123-0012")
    office.skip()

    lines = office.say("su", "待办").split("\n")

    assert lines[0] == "等您处理的有 12 件："
    assert lines[1] == "1. 【加急】采购 CG-20261123-0012 物品12 ¥1,200.00，待您审批（11月23日 10:11 送达）"
    assert lines[2] == "2. 采购 CG-20261123-0001 物品1 ¥100.00，待您审批（11月23日 10:00 送达）"
    assert lines[10] == "10. 采购 CG-20261123-0009 物品9 ¥900.00，待您审批（11月23日 10:08 送达）"
    assert lines[11:] == ['还有 2 件，处理后再发"待办"。', '看某一条请发"待办 1"。']


def test_ten_lines_of_the_longest_titles_fit_into_one_message(office: Office) -> None:
    for _ in range(10):
        office.say("xu", f"采购 {'长' * 60} 9999999.99元 事由={'由' * 200}")
    office.skip()

    assert office.say("su", "待办").count("\n") == 11


def test_work_whose_topic_has_no_words_for_it_is_listed_all_the_same(office: Office) -> None:
    now, due = office.clock.company_now(), office.at(18)
    office.say("xu", "记录 客户服务 客户=华东机械 内容=回访 结果=满意")
    office.store.write(
        lambda unit: add_open_work(unit, "su", "JL-20261123-0001", "look", "看一看", now, due_at=due)
    )

    line = "记录 JL-20261123-0001 看一看，待您处理（11月23日 10:00 送达，11月23日 18:00 到期）"
    assert office.say("su", "待办") == f'等您处理的有 1 件：\n1. {line}\n看某一条请发"待办 1"。'
    assert office.say("su", "待办 1") == f'{line}\n要看经过请发"追溯 JL-20261123-0001"。'


def test_the_applicant_finds_what_was_returned_and_what_was_asked(office: Office) -> None:
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.say("xu", "采购 显示器 8000 新员工")
    office.say("su", "退回 CG-20261123-0001 请附报价")
    office.say("su", "问 CG-20261123-0002 几台？")

    assert office.say("xu", "待办") == (
        "等您处理的有 2 件：\n"
        "1. 采购 CG-20261123-0001 服务器 ¥35,000.00，待您补充（11月23日 10:00 送达）\n"
        "2. 采购 CG-20261123-0002 显示器 ¥8,000.00，待您答复（11月23日 10:00 送达）\n"
        '看某一条请发"待办 1"。'
    )
    assert office.say("xu", "待办 1") == (
        "采购 CG-20261123-0001 服务器 ¥35,000.00，待您补充（11月23日 10:00 送达）\n"
        '补好请发"补充 CG-20261123-0001 事由=…"，不办了请发"撤回 CG-20261123-0001"。'
    )
    assert office.say("xu", "待办 2") == (
        "采购 CG-20261123-0002 显示器 ¥8,000.00，待您答复（11月23日 10:00 送达）\n"
        '请发"答 CG-20261123-0002 内容"。问的内容见"追溯 CG-20261123-0002"。'
    )


# --- 完成 -----------------------------------------------------------------------------------------------------------

TASK = "RW-20261123-0001"


def passed(office: Office) -> None:
    office.say("xu", "采购 服务器 3.5万 扩容")
    for signer in ("su", "qian", "zhao"):
        office.tap(signer, "同意")
    office.skip()


def test_a_task_is_closed_with_a_word_about_how_and_the_applicant_is_told(office: Office) -> None:
    passed(office)
    line = f"任务 {TASK} 采购 服务器 ¥35,000.00，待您完成（11月23日 10:00 送达）"
    assert office.say("he", "待办") == f'等您处理的有 1 件：\n1. {line}\n看某一条请发"待办 1"。'
    assert office.say("he", "待办 1") == f'{line}\n办好请发"完成 {TASK} 说明"。'

    assert office.say("he", f"完成 {TASK} 已到货，验收合格") == f"{TASK} 已办结，已告知 许专员。"

    assert office.read("xu") == [f"CG-20261123-0001 的采购任务 {TASK} 已由 何总监 办结：已到货，验收合格。"]
    assert office.say("he", "待办 1") == f"{TASK} 已经处理，不再等您。"
    assert office.acts(TASK) == ["task.opened", "delivery.sent", "task.done", "delivery.sent"]
    office.silence()


NOT_DONE = [
    ("he", f"完成 {TASK}", f"请写一句怎么办结的，例如：完成 {TASK} 已到货验收。没有改动。"),
    ("he", f"完成 {TASK} {'长' * 501}", "说明最多 500 字，没有办结。请精简后再发，细节可以发文件附上。"),
    ("he", "完成 RW-20261123-0009 好了",
     '没有找到 RW-20261123-0009，或者它不在您可以查看的范围内。请核对编号，或发"查 关键词"。'),
    ("he", "完成 CG-20261123-0001 好了", 'CG-20261123-0001 不是任务，没有改动。任务编号以 RW 开头，发"待办"可以看到。'),
    ("he", "完成", "请写明编号，例如：完成 RW-20261123-0001 已到货验收。没有改动。"),
    ("xu", f"完成 {TASK} 好了", f"{TASK} 由 何总监 负责，没有改动。请联系 何总监。"),
    ("pan", f"完成 {TASK} 好了", f'没有找到 {TASK}，或者它不在您可以查看的范围内。请核对编号，或发"查 关键词"。'),
]


@pytest.mark.parametrize(("who", "typed", "answer"), NOT_DONE, ids=[f"{c[0]} {c[1][:40]}" for c in NOT_DONE])
def test_a_task_that_cannot_be_closed_says_why_and_stays_open(
    office: Office, who: str, typed: str, answer: str
) -> None:
    passed(office)

    assert office.say(who, typed) == answer
    assert office.acts(TASK) == ["task.opened", "delivery.sent"]
    office.silence()


def test_a_task_is_closed_once(office: Office) -> None:
    passed(office)
    office.say("he", f"完成 {TASK} 已到货")

    assert office.say("he", f"完成 {TASK} 再次到货") == f"{TASK} 已完成，没有改动。"
