"""4.1a: authority by amount: below the limit the supervisor signs, from the limit the director too; never one's own."""

from __future__ import annotations

from typing import Any

import pytest

from storage.queries.evidence import trail_of
from tests.controls.standing import greeted, in_force
from tests.handlers.office import Office

NUMBER = "CG-20261123-0001"

TIERS = [
    ("xu", "49999.99", "苏主管 → 钱总监 → 赵总"), ("xu", "50000", "苏主管 → 林总监 → 钱总监 → 赵总"),
    ("xu", "5万", "苏主管 → 林总监 → 钱总监 → 赵总"), ("lin", "3000", "钱总监 → 赵总"),
]


def facts(office: Office) -> dict[str, Any]:
    return dict(office.ask(lambda unit: trail_of(unit, NUMBER))[0].facts)


@pytest.mark.parametrize(("applicant", "amount", "order"), TIERS, ids=[f"{c[0]} {c[1]}" for c in TIERS])
def test_the_amount_decides_who_signs_and_the_tier_is_kept(
    office: Office, applicant: str, amount: str, order: str
) -> None:
    greeted(office)

    answer = office.say(applicant,
    f"采购 服务器 {amount}元 扩容" if amount[-1].isdecimal() else f"采购 服务器 {amount} 扩容")

    assert f"签字顺序：{order}" in answer
    kept = facts(office)
    assert kept["limit"] == 5_000_000
    assert kept["tier"]
    assert applicant not in [signer[0] for signer in kept["signers"]]
    in_force(office, "4.1a", "command 采购")


def test_the_applicant_cannot_sign_the_own_purchase(office: Office) -> None:
    greeted(office)
    office.say("xu", "采购 服务器 3.5万 扩容")

    office.say("xu", f"同意 {NUMBER}")
    assert "approval.approved" not in office.acts(NUMBER)


def test_a_changed_limit_changes_the_order(office_with: Any) -> None:
    office = office_with(policy={"director_from": 3_000_000})
    greeted(office)

    assert "签字顺序：苏主管 → 林总监 → 钱总监 → 赵总" in office.say("xu", "采购 服务器 3.5万 扩容")
    assert facts(office)["limit"] == 3_000_000


def test_the_limit_in_two_halves_is_pointed_out_and_the_record_says_to_whom(office: Office) -> None:
    greeted(office)
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.say("xu", "采购 服务器 3.3万 扩容")

    second = "CG-20261123-0002"
    (noted,) = [event for event in office.ask(lambda unit: trail_of(unit, second)) if event.act == "radar.split"]
    assert (noted.actor, noted.facts["fen"], noted.facts["others"], noted.facts["shown"]) == (
        "system", 6_800_000, [NUMBER], ["su"],
    )
    in_force(office, "4.1a", "command 采购", "command 线索")
