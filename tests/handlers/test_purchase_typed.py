"""A purchase that was typed wrong: one sentence, an example with what was typed, nothing left behind."""

from __future__ import annotations

import pytest

from tests.handlers.office import Office

WRONG = [
    ("采购 服务器 -3 扩容", "金额须大于 0（收到的是 -3），没有提交。请改为：采购 服务器 金额 扩容"),
    ("采购 服务器 0 扩容", "金额须大于 0（收到的是 0），没有提交。请改为：采购 服务器 金额 扩容"),
    (
        "采购 服务器 99999999999999 扩容",
        "金额过大（收到的是 99999999999999），没有提交。请核对后改为：采购 服务器 金额 扩容",
    ),
    ("采购 显示器 20.123 换新", "金额最多到分（收到的是 20.123），没有提交。请改为：采购 显示器 金额 换新"),
    ("采购", "请写明物品、金额和事由，例如：\n采购 服务器 3.5万 扩容"),
    ("采购 服务器", "还缺金额、事由，没有提交。\n请补上金额、事由后发送：\n采购 服务器 金额= 事由="),
    ("采购 显示器 4台 2000", "按总价 ¥2,000.00 理解；如是单价请发：采购 显示器 单价=2000 数量=4 事由="),
    ("采购 显示器 2000 3000 换新", "看到不止一个金额（2000、3000），没有提交。请写明：采购 显示器 事由=换新 金额="),
    (
        "采购 显示器 单价=2000 数量=-4 事由=换新",
        '"-4"不像数量，没有提交。请改为：采购 显示器 单价=2000 事由=换新 数量=',
    ),
    (
        "采购 显示器 2000 颜色=红 事由=换新",
        '采购没有"颜色"这一项，没有提交。可以写：物品、金额、事由、供应商、单价、数量。',
    ),
    ("采购 显示器 2000 " + "长" * 10_000, "事由最多 1000 字，没有提交。请精简后再发，细节可以发文件附上。"),
    ("采购 " + "长" * 101 + " 2000 换新", "物品最多 100 字，没有提交。请精简后再发，细节可以发文件附上。"),
    (
        "采够 服务器 三万五",
        '没看懂"采够"，您是要发"采购"吗？金额按 ¥35,000.00 理解，还缺事由。\n请补上事由后发送：\n'
        "采购 服务器 35000 事由=",
    ),
    ("重提", "请写明编号，例如：重提 CG-20261123-0001。没有改动。"),
    ("补充 abc", '"abc"不是编号。请写明编号，例如：补充 CG-20261123-0001。没有改动。'),
]


@pytest.mark.parametrize(("typed", "answer"), WRONG, ids=[typed[:20] for typed, _ in WRONG])
def test_each_wrong_line_gets_one_clear_sentence_and_leaves_nothing_behind(
    office: Office, typed: str, answer: str
) -> None:
    office.enter("xu")
    before = dict(office.counts())

    assert office.say("xu", typed) == answer

    after = dict(office.counts())
    assert {name for name in after if after[name] != before[name]} <= {"inbox"}
    office.silence()


N = "CG-20261123-0001"
AMENDS = [
    ("", f"请写明要改什么，例如：补充 {N} 事由=… 金额=…（物品、金额、事由、供应商都可以改）。没有改动。"),
    ("颜色=红", '采购没有"颜色"这一项，没有改动。可以改：物品、金额、事由、供应商、单价、数量。'),
    ("金额=-3", f"金额须大于 0（收到的是 -3），没有改动。请改为：补充 {N} 金额="),
    ("金额=很多", f'"很多"不像金额，没有改动。请改为：补充 {N} 金额='),
    ("数量=零", f'"零"不像数量，没有改动。请改为：补充 {N} 数量='),
]


@pytest.mark.parametrize(("rest", "answer"), AMENDS)
def test_a_wrong_amendment_changes_nothing(office: Office, rest: str, answer: str) -> None:
    office.enter("xu")
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.say("su", f"退回 {N} 请附报价")
    before = office.counts()["revision"]

    assert office.say("xu", f"补充 {N} {rest}".strip()) == answer
    assert office.counts()["revision"] == before
    assert office.say("su", f"补充 {N} 金额=3") == f"{N} 由 许专员 提交，这一步只能由申请人操作，没有改动。"


def test_a_unit_price_and_a_quantity_make_the_sum(office: Office) -> None:
    office.enter("xu")

    assert office.say("xu", "采购 显示器 单价=2000 数量=4 事由=新员工用").splitlines()[1] == (
        "显示器 · ¥8,000.00（捌仟元整）"
    )
    assert "金额按总价 ¥2,000.00 理解；如是单价，请撤回后发：采购 显示器 单价=… 数量=4 事由=…" in (
        office.say("xu", "采购 显示器 4台 2000 新员工用").splitlines()
    )
