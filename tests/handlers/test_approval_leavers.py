"""Empty seats, people who left, a new department midway: the declared ways, never an automatic yes (2.1a, 4.1a)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policy.terms import Post
from tests.handlers.company import change, leave, move
from tests.handlers.office import Card, Office

N = "CG-20261123-0001"
EVERYONE = ("xu", "su", "lin", "qian", "zhao", "yan", "zhou", "luo", "wei", "gao")


def filed(office: Office, amount: str = "50000", by: str = "xu") -> None:
    for each in EVERYONE:
        office.enter(each)
    assert office.say(by, f"采购 服务器 {amount} 扩容").startswith("已提交采购")
    office.skip()


def test_who_left_before_the_turn_is_climbed_over_and_the_applicant_is_told(office_everywhere: Office) -> None:
    office = office_everywhere
    filed(office)
    leave(office, "qian")
    office.tap("su", "同意")
    office.skip()

    assert office.tap("lin", "同意").outcome == "已同意 · 林总监 · 11月23日 10:00\n现在由 严副总 审批"
    assert office.read("xu") == [
        f"{N} 原签字人 钱总监 已不在岗，改由 严副总 审批。",
        f"{N} 林总监 已同意（总监），现在由 严副总 审批（2/4）。",
    ]
    assert office.tap("yan", "同意").outcome.endswith("现在由 赵总 审批")
    assert office.tap("zhao", "同意").outcome.endswith("已通过")


def test_who_leaves_while_it_waits_is_replaced_by_the_clock_as_the_systems_act(office: Office) -> None:
    filed(office)
    card = office.card("su", "同意")
    leave(office, "su")

    office.move(hours=6)

    assert card.outcome == "已改由他人审批 · 严副总 · 11月23日 14:00\n现在由 严副总 审批"
    told = [one for one in office.read("xu") if isinstance(one, str)]
    assert told == [f"{N} 原签字人 苏主管 已不在岗，改由 严副总 审批。"]
    assert [isinstance(one, Card) for one in office.read("yan")] == [True]
    assert "approval.reassigned" in office.acts(N)
    assert "系统 原签字人不能签，按制度二（一）改由 严副总 审批" in office.say("xu", f"追溯 {N}")
    assert office.tap("yan", "同意").outcome.endswith("现在由 林总监 审批")


def test_a_past_signature_keeps_the_name_of_who_left(office: Office) -> None:
    filed(office)
    office.tap("su", "同意")
    leave(office, "su")
    assert "苏主管 同意（主管）" in office.say("xu", f"追溯 {N}")
    for signer in ("lin", "qian", "zhao"):
        office.tap(signer, "同意")
    assert "苏主管 10:00" in [one for one in office.read("xu") if isinstance(one, str)][-1]


def test_a_new_department_midway_follows_the_line_as_it_stands(office: Office) -> None:
    filed(office)
    move(office, "xu", department="rd", manager="luo")
    office.skip()

    office.tap("su", "同意")  # had the card already: the step stays with her

    assert office.read("xu") == [
        f"{N} 人员或部门有变动，这一步由原来的 林总监 改为 高总监 审批（按现在的隶属关系，制度二（一））。",
        f"{N} 苏主管 已同意（主管），现在由 高总监 审批（1/4）。",
    ]
    assert office.tap("gao", "同意").outcome.endswith("现在由 钱总监 审批")


@pytest.mark.parametrize(
    ("post", "role"), [(Post.FINANCE_APPROVER, "财务"), (Post.CEO, "总经理")]
)
def test_with_an_empty_seat_nothing_is_filed_and_who_can_mend_it_is_named(
    office: Office, post: Post, role: str
) -> None:
    office.enter("xu")
    change(office, lambda person: replace(person, posts=person.posts - {post}))
    before = office.counts()["item"]

    assert office.say("xu", "采购 服务器 3.5万 扩容") == (
        f'没有提交：现在没有人能签"{role}"这一步（制度四（一））。请联系 周总监 补上，补上后再发一次即可。'
    )
    assert office.counts()["item"] == before


def test_without_a_counter_signer_the_top_cannot_file(office: Office) -> None:
    office.enter("zhao")
    change(office, lambda person: replace(person, posts=person.posts - {Post.COUNTER_SIGNER}))

    assert office.say("zhao", "采购 服务器 3.5万 扩容") == (
        '没有提交：现在没有人能签"复核签字人"这一步（制度四（一））。请联系 周总监 补上，补上后再发一次即可。'
    )


def test_a_department_without_head_has_its_supervisor_and_the_line_above(office: Office) -> None:
    office.enter("xu")
    change(office, departments=lambda one: replace(one, head=None) if one.id == "sales" else one)

    assert "签字顺序：苏主管 → 钱总监 → 赵总" in office.say("xu", "采购 服务器 3.5万 扩容")
    assert "签字顺序：苏主管 → 林总监 → 钱总监 → 赵总" in office.say("xu", "采购 服务器 6万 扩容")
    assert office.say("xu", "申请 用章 合同2份") == (
        '没有提交：现在没有人能签"部门负责人"这一步（制度四（一））。请联系 周总监 补上，补上后再发一次即可。'
    )


def test_nobody_who_can_buy_is_told_to_the_applicant(office: Office) -> None:
    filed(office, "3.5万")
    change(office, departments=lambda one: replace(one, head=None) if one.id == "procurement" else one)
    for signer in ("su", "qian", "zhao"):
        office.tap(signer, "同意")
    assert office.read("xu")[-1].endswith("采购部暂无负责人，请联系管理员安排执行。")  # type: ignore[union-attr]
