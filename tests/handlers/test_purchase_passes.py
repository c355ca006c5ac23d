"""A purchase from filing to the task to buy, as everyone concerned reads it (3.1a, 4.1a)."""

from __future__ import annotations

from tests.handlers.office import Office


def test_a_purchase_below_the_limit_passes_three_signers_and_everyone_is_told(office_everywhere: Office) -> None:
    office = office_everywhere
    office.enter("xu")  # the greeting of the first contact is another test's matter

    answer = office.say("xu", "采购 服务器 3.5万 扩容")

    assert answer == (
        "已提交采购 CG-20261123-0001\n"
        "服务器 · ¥35,000.00（叁万伍仟元整）\n"
        "事由：扩容\n"
        "签字顺序：苏主管 → 钱总监 → 赵总\n"
        "现在由 苏主管 审批。\n"
        '撤回请发"撤回 CG-20261123-0001"，提醒请发"催办 CG-20261123-0001"（每天最多 3 次）。'
    )
    assert office.read("lin") == [
        '抄送：许专员 提交采购 CG-20261123-0001 服务器 ¥35,000.00，部门一签由 苏主管 按制度四（一）代行，您无需操作。'
        '要看经过请发"追溯 CG-20261123-0001"。'
    ]
    (card,) = office.read("su")
    assert not isinstance(card, str)
    assert card.title == "服务器"
    assert card.json["main_title"]["desc"] == "许专员 · 销售部 · 11月23日 10:00"
    assert card.rows == {
        "编号": "CG-20261123-0001", "金额": "¥35,000.00", "大写": "叁万伍仟元整", "顺序": "您 → 钱总监 → 赵总",
        "依据": "制度三（一）、四（一）", "附件": "无",
    }
    assert card.buttons == ["同意", "退回补充", "驳回"]

    office.move(minutes=2)
    assert office.tap("su", "同意").outcome == "已同意 · 苏主管 · 11月23日 10:02\n现在由 钱总监 审批"
    assert office.read("xu") == [
        "CG-20261123-0001 苏主管 已同意（部门负责人，按四（一）代行），现在由 钱总监 审批（1/3）。"
    ]
    office.move(minutes=2)
    assert office.tap("qian", "同意").outcome == "已同意 · 钱总监 · 11月23日 10:04\n现在由 赵总 审批"
    assert office.read("xu") == ["CG-20261123-0001 钱总监 已同意（财务），现在由 赵总 审批（2/3）。"]
    office.move(minutes=2)
    assert office.tap("zhao", "同意").outcome == "已同意 · 赵总 · 11月23日 10:06\n已通过"
    assert office.read("xu") == [
        "CG-20261123-0001 已通过，用时 6 分钟。11月23日：苏主管 10:02、钱总监 10:04、赵总 10:06。"
        "已转 何总监 执行采购。"
    ]
    assert office.read("he") == [
        "采购任务 RW-20261123-0001：服务器 ¥35,000.00\n"
        "来自 CG-20261123-0001（销售部 许专员），签字已齐，请执行采购。\n"
        '办好请发"完成 RW-20261123-0001 说明"，要看经过请发"追溯 CG-20261123-0001"。'
    ]
    assert [len(office.read(signer)) for signer in ("qian", "zhao")] == [1, 1]
    office.silence()
