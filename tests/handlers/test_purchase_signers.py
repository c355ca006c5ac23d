"""Who signs a purchase, for applicants at every place of the line, as the answer says it (3.1a, 4.1a)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from policy.org import Person
from tests.handlers.office import Card, Office

BELOW, FROM = "3.5万", "50000"
SUMS = {BELOW: "¥35,000.00（叁万伍仟元整）", FROM: "¥50,000.00（伍万元整）"}
COUNTERED = "为满两人签字，由复核签字人 严副总 加签（制度四（一））。"
CLIMBED = "本人不签自己的单，该步改由 赵总 签（制度四（一））。"

CASES = [
    ("xu", BELOW, "苏主管 → 钱总监 → 赵总", ()),
    ("xu", FROM, "苏主管 → 林总监 → 钱总监 → 赵总", ()),
    ("xu", "49999.99", "苏主管 → 钱总监 → 赵总", ()),
    ("su", BELOW, "林总监 → 钱总监 → 赵总", ()),
    ("su", FROM, "林总监 → 钱总监 → 赵总", ()),
    ("lin", BELOW, "钱总监 → 赵总", ("赵总 兼部门负责人、总经理，只签一次。",)),
    ("lin", FROM, "钱总监 → 赵总", ("赵总 兼总监、总经理，只签一次。",)),
    ("he", FROM, "钱总监 → 赵总", ("赵总 兼总监、总经理，只签一次。",)),
    ("tang", FROM, "潘主管 → 何总监 → 钱总监 → 赵总", ()),
    ("song", BELOW, "钱总监 → 赵总", ("钱总监 兼部门负责人、财务，只签一次。",)),
    ("tao", BELOW, "宋主管 → 钱总监 → 赵总", ()),
    ("tao", FROM, "宋主管 → 钱总监 → 赵总", ("钱总监 兼总监、财务，只签一次。",)),
    ("qian", BELOW, "严副总 → 赵总", (COUNTERED, CLIMBED, "赵总 兼部门负责人、财务、总经理，只签一次。")),
    ("qian", FROM, "严副总 → 赵总", (COUNTERED, CLIMBED, "赵总 兼总监、财务、总经理，只签一次。")),
    ("yan", BELOW, "钱总监 → 赵总", ("赵总 兼部门负责人、总经理，只签一次。",)),
    ("zhao", BELOW, "钱总监 → 严副总", (COUNTERED,)),
    ("zhao", FROM, "钱总监 → 严副总", (COUNTERED,)),
]


@pytest.mark.parametrize(("applicant", "amount", "order", "notes"), CASES)
def test_the_answer_names_everyone_who_signs_in_order_and_why(
    office: Office, applicant: str, amount: str, order: str, notes: tuple[str, ...]
) -> None:
    office.enter(applicant)

    answer = office.say(applicant, f"采购 服务器 {amount} 扩容").splitlines()

    shown = SUMS.get(amount, "¥49,999.99（肆万玖仟玖佰玖拾玖元玖角玖分）")
    assert answer == [
        "已提交采购 CG-20261123-0001", f"服务器 · {shown}", "事由：扩容", f"签字顺序：{order}",
        f"现在由 {order.split(' → ')[0]} 审批。", *notes,
        '撤回请发"撤回 CG-20261123-0001"，提醒请发"催办 CG-20261123-0001"（每天最多 3 次）。',
    ]
    names = {person.name: person.userid for person in _people(office)}
    signers = [names[name] for name in order.split(" → ")]
    assert applicant not in signers
    assert len(set(signers)) == len(signers) >= 2
    for place, signer in enumerate(signers):
        card = office.tap(signer, "同意")
        last = place == len(signers) - 1
        following = "已通过" if last else f"现在由 {order.split(' → ')[place + 1]} 审批"
        assert card.outcome.splitlines()[1] == following
    assert office.acts("CG-20261123-0001").count("approval.approved") == len(signers)


def test_who_buys_is_told_once_everything_is_signed(office: Office) -> None:
    office.say("he", "采购 服务器 3.5万 扩容")
    for signer in ("qian", "zhao"):
        office.skip("he")
        office.tap(signer, "同意")

    assert office.read("he") == [
        "采购任务 RW-20261123-0001：服务器 ¥35,000.00\n"
        "来自 CG-20261123-0001（采购部 何总监），签字已齐，请执行采购。\n"
        '办好请发"完成 RW-20261123-0001 说明"，要看经过请发"追溯 CG-20261123-0001"。',
        "CG-20261123-0001 已通过，用时 不到 1 分钟。11月23日：钱总监 10:00、赵总 10:00。已转 何总监 执行采购。",
    ]


def test_a_head_can_always_sign_when_the_company_says_so(office_with: Callable[..., Office]) -> None:
    office = office_with(policy={"department_signature": "always_head"})

    assert "签字顺序：林总监 → 钱总监 → 赵总" in office.say("xu", "采购 服务器 3.5万 扩容")


def test_nobody_signs_their_own_by_command_either(office: Office) -> None:
    office.enter("xu")
    office.say("xu", "采购 服务器 3.5万 扩容")

    assert office.say("xu", "同意 CG-20261123-0001") == (
        "CG-20261123-0001 是您自己提交的，按制度四（一）不能由本人签字，现在由 苏主管 审批。"
    )
    assert "approval.approved" not in office.acts("CG-20261123-0001")
    assert office.say("xu", "问 CG-20261123-0001 什么时候批") == office.say("xu", "转交 CG-20261123-0001 林总监") == (
        "CG-20261123-0001 是您自己提交的，这一步由签字人操作，没有改动。现在由 苏主管 审批，"
        '要提醒请发"催办 CG-20261123-0001"。'
    )


def _people(office: Office) -> tuple[Person, ...]:
    org, _ = office.ask(lambda unit: office.orgs.read(unit, office.clock.company_now()))
    return tuple(org.active_people())


def test_a_card_is_signed_on_the_phone_of_the_one_who_is_asked(office: Office) -> None:
    office.say("xu", "采购 服务器 50000 扩容")

    assert [message for message in office.read("su") if isinstance(message, Card)]
    assert office.read("lin") == []  # above the limit the head signs: no copy
