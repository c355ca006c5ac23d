"""查, 追溯 and 我提交的 in whole texts: words, numbers, what one may see, many hits, long stories (P.3, 3.1f, 6.1d)."""

from __future__ import annotations

import pytest

from notifications.errors import RecipientGone
from storage.queries.search import index_pending
from storage.tables import ACCESS
from tests.handlers.office import Office

NOT_YOURS = '没有找到 {}，或者它不在您可以查看的范围内。请核对编号，或发"查 关键词"。'
FOOT = '看全部经过请发"追溯 编号"。'


@pytest.fixture
def company(office: Office) -> Office:
    for userid in ("xu", "su", "lin", "zheng", "tang", "wei", "zhao", "qian", "he"):
        office.enter(userid)
    office.say("xu", "记录 客户服务 客户=华东机械 内容=电话回访 结果=满意")
    office.say("xu", "采购 服务器 3.5万 华东扩容")
    office.say("wei", "记录 项目进度 项目=华东云平台 阶段=执行 进展=接口完成")
    office.skip()
    return office


def accesses(office: Office, act: str) -> list[tuple[str, str]]:
    query = ACCESS.select().with_only_columns(ACCESS.c.actor, ACCESS.c.number).where(ACCESS.c.act == act)
    return [tuple(row) for row in office.ask(lambda unit: unit.all(query))]


PROJECT_ROW = "记录 JL-20261123-0002 项目进度 · 华东云平台（已登记）"
PURCHASE_ROW = "采购 CG-20261123-0001 服务器（审批中）"
SERVICE_ROW = "记录 JL-20261123-0001 客户服务 · 华东机械（已登记）"

FOUND = [
    ("xu", "查 华东", f"找到 2 条：\n1. {PURCHASE_ROW}\n2. {SERVICE_ROW}\n{FOOT}", "the own"),
    ("su", "查 华东", f"找到 2 条：\n1. {PURCHASE_ROW}\n2. {SERVICE_ROW}\n{FOOT}", "those below"),
    ("zheng", "查 华东", f"找到 3 条：\n1. {PROJECT_ROW}\n2. {PURCHASE_ROW}\n3. {SERVICE_ROW}\n{FOOT}",
     "the records department finds all"),
    ("qian", "查 华东", f"找到 1 条：\n1. {PURCHASE_ROW}\n{FOOT}", "a signer still to come"),
    ("xu", "查 电话 满意", f"找到 1 条：\n1. {SERVICE_ROW}\n{FOOT}", "several words, all of them"),
    ("xu", "查 JL-20261123-0001", f"找到 1 条：\n1. {SERVICE_ROW}\n{FOOT}", "a number"),
    ("xu", "查 jl20261123-1", f"找到 1 条：\n1. {SERVICE_ROW}\n{FOOT}", "a number as people type it"),
    ("xu", "查 CG", f"找到 1 条：\n1. {PURCHASE_ROW}\n{FOOT}", "a prefix"),
    ("xu", "查 火星", '没有找到和"火星"有关、您可以查看的内容。换个词试试，或发编号。', "nothing"),
    ("tang", "查 华东", '没有找到和"华东"有关、您可以查看的内容。换个词试试，或发编号。', "nothing of others"),
    ("tang", "查 JL-20261123-0001",
     '没有找到和"JL-20261123-0001"有关、您可以查看的内容。换个词试试，或发编号。', "no number of others"),
    ("xu", "查", "请写要找的词或编号，例如：查 华东机械", "no word"),
    ("xu", "查 " + "长" * 1500, f'没有找到和"{"长" * 29}…"有关、您可以查看的内容。换个词试试，或发编号。', "endless"),
]


@pytest.mark.parametrize(("who", "typed", "answer", "why"), FOUND, ids=[case[3] for case in FOUND])
@pytest.mark.parametrize("indexed", [False, True], ids=["just filed", "indexed"])
def test_one_finds_what_one_may_see(
    company: Office, who: str, typed: str, answer: str, why: str, indexed: bool
) -> None:
    if indexed:
        company.store.write(lambda unit: index_pending(unit, 100))
        answer = "\n".join(_sorted(answer.split("\n")))
        assert "\n".join(_sorted(company.say(who, typed).split("\n"))) == answer
    else:
        assert company.say(who, typed) == answer
    company.silence()


def _sorted(lines: list[str]) -> list[str]:
    """The index lists by newest change, the order within one batch is its own."""
    return sorted(line.partition(". ")[2] or line for line in lines)


def test_many_hits_are_cut_to_the_newest_and_said_so(office: Office) -> None:
    office.enter("xu")
    for serial in range(1, 11):
        office.say("xu", f"记录 客户服务 客户=客户{serial} 内容=回访 结果=满意")

    lines = office.say("xu", "查 回访").split("\n")

    assert lines[0] == "找到的较多，先列最近 8 条（加词可缩小范围）："
    assert lines[1] == "1. 记录 JL-20261123-0010 客户服务 · 客户10（已登记）"
    assert lines[8] == "8. 记录 JL-20261123-0003 客户服务 · 客户3（已登记）"
    assert lines[9] == FOOT


def test_what_one_may_see_is_found_behind_hundreds_of_others(office: Office) -> None:
    for userid in ("xu", "tang"):
        office.enter(userid)
    office.say("tang", "记录 客户服务 客户=老客户 内容=回访 结果=满意")
    for serial in range(60):
        office.say("xu", f"记录 客户服务 客户=客户{serial} 内容=回访 结果=满意")

    assert office.say("tang", "查 回访") == (
        f"找到 1 条：\n1. 记录 JL-20261123-0001 客户服务 · 老客户（已登记）\n{FOOT}"
    )


# --- 追溯 -----------------------------------------------------------------------------------------------------------


def test_a_purchase_is_told_from_filing_to_the_task_it_led_to(company: Office) -> None:
    company.tap("su", "同意")
    company.move(minutes=5)
    company.say("qian", "同意 CG-20261123-0001 预算内")
    company.move(hours=1)
    company.tap("zhao", "同意")

    assert company.say("xu", "追溯 CG-20261123-0001") == (
        "采购 CG-20261123-0001（已通过）\n"
        "服务器 · ¥35,000.00\n"
        "许专员（销售部）11月23日 10:00 提交，按制度第 1 版\n"
        "现在由 何总监 负责（总监一级）\n"
        "2026-11-23 10:00:00 许专员 提交：服务器 ¥35,000.00，事由：华东扩容；"
        f"签字顺序 苏主管 → 钱总监 → 赵总；内容校验 {_digest(company)}\n"
        "2026-11-23 10:00:00 系统 已送达 苏主管\n"
        "2026-11-23 10:00:00 系统 已送达 林总监\n"
        f"2026-11-23 10:00:00 苏主管 同意（部门负责人，按四（一）代行）；签于内容 {_digest(company)}\n"
        "2026-11-23 10:00:00 系统 已送达 钱总监\n"
        "2026-11-23 10:00:00 系统 已送达 许专员\n"
        f"2026-11-23 10:05:00 钱总监 同意（财务）：预算内；签于内容 {_digest(company)}\n"
        "2026-11-23 10:05:00 系统 已送达 赵总\n"
        "2026-11-23 10:05:00 系统 已送达 许专员\n"
        f"2026-11-23 11:05:00 赵总 同意（总经理）；签于内容 {_digest(company)}\n"
        "2026-11-23 11:05:00 系统 已送达 许专员\n"
        "后续：任务 RW-20261123-0001（待完成）"
    )
    assert company.say("he", "追溯 RW-20261123-0001") == (
        "任务 RW-20261123-0001（待完成）\n"
        "采购 服务器\n"
        "许专员（销售部）11月23日 11:05 提交，按制度第 1 版\n"
        "现在由 何总监 负责（总监一级）\n"
        "2026-11-23 11:05:00 赵总 转交 何总监 执行\n"
        "2026-11-23 11:05:00 系统 已送达 何总监\n"
        "来自：CG-20261123-0001"
    )
    assert accesses(company, "trace") == [("xu", "CG-20261123-0001"), ("he", "RW-20261123-0001")]


def _digest(office: Office) -> str:
    from storage.queries.items import load_revision

    revision = office.ask(lambda unit: load_revision(unit, "CG-20261123-0001", 1))
    return str(revision.digest[:8])


def test_a_long_story_comes_in_pages(company: Office) -> None:
    for serial in range(12):
        assert company.say("xu",
        f"更正 JL-20261123-0001 内容={'长' * 50}{serial} 原因={'因' * 60}").startswith("已更正")

    first = company.say("xu", "追溯 JL-20261123-0001")
    assert first.split("\n")[-1] == '第 1/5 页，下一页请发"追溯 JL-20261123-0001 2"'
    last = company.say("xu", "追溯 JL-20261123-0001 5")
    assert last.split("\n")[-1] == "第 5/5 页，完"
    assert company.say("xu", "追溯 JL-20261123-0001 9") == first


UNSEEN = [
    ("tang", "追溯 JL-20261123-0001", NOT_YOURS.format("JL-20261123-0001")),
    ("tang", "追溯 CG-20261123-0001", NOT_YOURS.format("CG-20261123-0001")),
    ("xu", "追溯 JL-20261123-0099", NOT_YOURS.format("JL-20261123-0099")),
    ("xu", "追溯 abc", '"abc"不是编号。请写明编号，例如：追溯 CG-20261123-0001。没有改动。'),
    ("xu", "追溯", "请写编号，例如：追溯 CG-20261123-0001"),
]


@pytest.mark.parametrize(("who", "typed", "answer"), UNSEEN, ids=[f"{case[0]} {case[1]}" for case in UNSEEN])
def test_what_is_not_ones_own_reads_as_what_does_not_exist(
    company: Office, who: str, typed: str, answer: str
) -> None:
    assert company.say(who, typed) == answer


def test_a_refused_look_is_kept(company: Office) -> None:
    company.say("tang", "追溯 JL-20261123-0001")

    assert accesses(company, "refused") == [("tang", "JL-20261123-0001")]


# --- 我提交的 -------------------------------------------------------------------------------------------------------


def test_what_one_filed_is_listed_newest_first_with_who_has_it(company: Office) -> None:
    company.move(minutes=30)
    company.say("xu", "撤回 CG-20261123-0001")
    company.say("xu", "采购 显示器 2000 新员工")

    expected = (
        "您最近提交的 3 件：\n"
        "· 采购 CG-20261123-0002 显示器（审批中，现在在 苏主管 处，11月23日 10:30）\n"
        "· 记录 JL-20261123-0001 客户服务 · 华东机械（已登记，11月23日 10:00）\n"
        "· 采购 CG-20261123-0001 服务器（已撤回，11月23日 10:30）"
    )
    assert company.say("xu", "我提交的") == expected
    assert company.menu("xu", "mine") == expected
    assert company.say("tang", "我提交的") == "您还没有提交过内容。"


def test_a_story_names_whom_a_message_did_not_reach(company: Office) -> None:
    company.phones.failing = [RecipientGone(81013, "message/send")]
    company.say("wei", "采购 键盘 500 办公")
    story = company.say("wei", "追溯 CG-20261123-0002").split("\n")
    assert sorted(line for line in story if "送达" in line) == [
        "2026-11-23 10:00:00 系统 已送达 高总监", "2026-11-23 10:00:00 系统 已送达 魏工",
        "2026-11-23 10:00:00 系统 未能送达 罗主管",
    ]
