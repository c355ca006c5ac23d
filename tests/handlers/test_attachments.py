"""Pictures and files after filing: joined to the last open item, taken off by 不是, refused once signed (contract, "
"Chat)."""

from __future__ import annotations

import pytest

from storage.queries.items import attachments_of
from storage.tables import ATTACHMENT
from tests.handlers.office import Office

PURCHASE = "CG-20261123-0001"
NOTHING = "收到，但最近 10 分钟没有您提交的内容可以附上。请先登记或提交，再发图片、文件。"
CLOSED = f"{PURCHASE} 已有人签字或已办结，不能再附加内容，没有附上。"


@pytest.fixture(autouse=True)
def _known(office: Office) -> None:
    for userid in ("xu", "su", "qian", "zhao", "he"):
        office.enter(userid)


def test_a_picture_and_a_file_join_what_was_filed_last_and_lie_in_the_vault(office: Office) -> None:
    office.say("xu", "采购 服务器 3.5万 扩容")

    assert office.picture("xu") == f'图片已附到 {PURCHASE}（服务器，共 1 个附件）。不是它请回复"不是"。'
    assert office.picture("xu", b"%PDF", "file", "报价.pdf") == (
        f'文件已附到 {PURCHASE}（服务器，共 2 个附件）。不是它请回复"不是"。'
    )

    kept = office.ask(lambda unit: attachments_of(unit, PURCHASE))
    assert [(each.kind, each.name, each.state) for each in kept] == [
        ("image", "", "stored"), ("file", "报价.pdf", "stored"),
    ]
    assert office.say("xu", f"追溯 {PURCHASE}").split("\n")[-2:] == [
        "附件：图片（已加密存入）", "附件：文件 报价.pdf（已加密存入）",
    ]


def test_what_was_filed_after_the_last_picture_takes_the_next_one(office: Office) -> None:
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.picture("xu")
    office.move(minutes=1)
    office.say("xu", "记录 客户服务 客户=华东机械 内容=回访 结果=满意")

    assert office.picture("xu").startswith("图片已附到 JL-20261123-0001（")
    office.move(minutes=9)
    assert office.picture("xu").startswith("图片已附到 JL-20261123-0001（")
    office.move(minutes=11)
    assert office.picture("xu") == NOTHING


def test_who_holds_the_card_is_told_once_that_files_came_after_it(office: Office) -> None:
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.skip()

    office.picture("xu")
    office.picture("xu")

    assert office.read("su") == [
        f"许专员 给 {PURCHASE}（服务器）附上了附件，您收到的卡片上还没有算进去。"
        '签字前请点卡片看全文，或发"待办"取新的卡片。'
    ]
    office.silence()
    office.say("su", "待办")
    office.say("su", "待办 1")
    assert office.card("su", "同意").rows["附件"] == "2 个"


def test_a_record_takes_pictures_and_each_one_gives_ten_minutes_more(office: Office) -> None:
    office.say("xu", "记录 客户服务 客户=华东机械 内容=回访 结果=满意")
    for serial in range(1, 4):
        office.move(minutes=9)
        assert office.picture("xu") == (
            f'图片已附到 JL-20261123-0001（客户服务 · 华东机械，共 {serial} 个附件）。不是它请回复"不是"。'
        )
    office.move(minutes=11)
    assert office.picture("xu") == NOTHING


def test_a_picture_without_anything_filed_is_answered_and_not_kept(office: Office) -> None:
    before = office.counts()

    assert office.picture("xu") == NOTHING
    assert office.counts()["attachment"] == before["attachment"] == 0


def test_a_picture_taken_off_leaves_its_row_and_its_trace(office: Office) -> None:
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.picture("xu")
    office.picture("xu")

    assert office.say("xu", "不是") == f"已从 {PURCHASE} 取下刚才的附件。"
    assert office.say("xu", "不是") == "最近没有附上的内容可以取下。"

    assert len(office.ask(lambda unit: attachments_of(unit, PURCHASE))) == 1
    assert office.ask(lambda unit: len(unit.all(ATTACHMENT.select()))) == 2
    assert "attachment.removed" in office.acts(PURCHASE)
    assert office.picture("xu") == f'图片已附到 {PURCHASE}（服务器，共 2 个附件）。不是它请回复"不是"。'


def test_not_it_after_ten_minutes_takes_nothing_off(office: Office) -> None:
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.picture("xu")
    office.move(minutes=11)

    assert office.say("xu", "不是") == "最近没有附上的内容可以取下。"


def test_nothing_leaves_once_somebody_has_signed_and_nothing_joins_what_has_passed(office: Office) -> None:
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.picture("xu")
    for signer in ("su", "qian", "zhao"):
        office.tap(signer, "同意")

    assert office.picture("xu") == CLOSED
    assert office.say("xu", "不是") == f"{PURCHASE} 已有人签字或已办结，附件不能再取下，没有改动。"
    assert len(office.ask(lambda unit: attachments_of(unit, PURCHASE))) == 1


def test_nothing_joins_what_was_withdrawn(office: Office) -> None:
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.say("xu", f"撤回 {PURCHASE}")

    assert office.picture("xu") == CLOSED


def test_somebody_elses_picture_joins_nothing(office: Office) -> None:
    office.say("xu", "采购 服务器 3.5万 扩容")

    assert office.picture("su") == NOTHING


def test_filed_again_it_says_that_the_files_stay_with_the_old_number(office: Office) -> None:
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.picture("xu")
    office.say("su", f"驳回 {PURCHASE} 不在预算内")

    assert office.say("xu", f"重提 {PURCHASE}").endswith(f"\n{PURCHASE} 的 1 个附件没有带过来，还要用请重新发送。")
    assert "没有带过来" not in office.say("xu", f"重提 {PURCHASE}")
    assert office.picture("xu").startswith("图片已附到 CG-20261123-0002（服务器，共 1 个附件）")
