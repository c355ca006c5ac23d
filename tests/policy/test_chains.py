"""Who signs, by amount, department, post and place in the line; a company's own kinds (3.1a, 4.1a, 3.2c)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from policy.approval_kinds import DEFAULTS, PURCHASE, Money, kind_named, kind_of, kinds, plan_of, read_kinds
from policy.chains import Mode, Plan, Role, plan_purchase
from policy.decisions import Refusal
from policy.org import Org
from policy.parameters import Parameters
from policy.terms import Post
from tests.policy.approval_game import DEPARTMENTS, PEOPLE

P = Parameters()
ORG = Org.of(1, DEPARTMENTS, PEOPLE)


def signers(plan: Plan | Refusal) -> list[tuple[str, ...]]:
    assert isinstance(plan, Plan), plan
    return [step.signers for step in plan.steps]


PURCHASES = [
    ("xu", 3_500_000, [("su",), ("qian",), ("zhao",)]), ("xu", 5_000_000, [("su",), ("lin",), ("qian",), ("zhao",)]),
    ("qian", 6_000_000, [("yan",), ("zhao",)]), ("zhao", 6_000_000, [("qian",), ("yan",)]),
    ("song", 100, [("qian",), ("zhao",)]), ("yan", 100, [("qian",), ("zhao",)]),
]


@pytest.mark.parametrize(("applicant", "fen", "order"), PURCHASES)
def test_a_purchase_is_signed_in_this_order(applicant: str, fen: int, order: list[tuple[str, ...]]) -> None:
    assert signers(plan_purchase(ORG, applicant, fen, P)) == order


KINDS = [
    ("报销", "xu", 100, [("su",), ("qian",)]), ("报销", "xu", 5_000_000, [("su",), ("lin",), ("qian",), ("zhao",)]),
    ("报销", "song", 100, [("yan",), ("qian",)]), ("用章", "xu", None, [("su",), ("lin",)]),
    ("用章", "su", None, [("lin",)]), ("用章", "lin", None, [("zhao",)]), ("合同", "xu", None, [("su",), ("zhou",)]),
    ("合同", "xu", 100, [("su",), ("qian",), ("zhou",)]), ("合同", "zhou", None, [("zhao",)]),
    ("其他", "xu", None, [("su",)]), ("其他", "zhao", None, [("yan",)]), ("付款", "zhao", 100, [("qian",), ("yan",)]),
]


@pytest.mark.parametrize(("kind", "applicant", "fen", "order"), KINDS)
def test_each_kind_has_its_own_chain(
    kind: str, applicant: str, fen: int | None, order: list[tuple[str, ...]]
) -> None:
    found = kind_named(P, kind)
    assert found is not None
    assert signers(plan_of(ORG, found, applicant, fen, P)) == order


def test_the_records_director_is_one_of_the_signers_of_every_contract() -> None:
    contract = kind_named(P, "合同")
    assert contract is not None
    for person in PEOPLE:
        for fen in (None, 100, 9_000_000):
            plan = plan_of(ORG, contract, person.userid, fen, P)
            assert isinstance(plan, Plan)
            roles = {role for step in plan.steps for seat in step.seats for role in seat.roles}
            assert Role.RECORDS in roles
            assert person.userid not in {signer for step in plan.steps for signer in step.signers}


@pytest.mark.parametrize(
    "kind", [kind for kind in (PURCHASE, *DEFAULTS) if kind.money is not Money.NONE], ids=lambda kind: kind.name
)
def test_with_a_sum_two_different_people_sign_whoever_files(kind: Any) -> None:
    for person in PEOPLE:
        plan = plan_of(ORG, kind, person.userid, 100, P)
        assert isinstance(plan, Plan)
        assert len({signer for step in plan.steps for signer in step.signers}) >= 2


def test_an_empty_post_refuses_and_names_who_can_mend_it() -> None:
    without = Org.of(
        1, DEPARTMENTS, [replace(person, posts=person.posts - {Post.FINANCE_APPROVER}) for person in PEOPLE]
    )
    found = kind_named(P, "报销")
    assert found is not None
    refused = plan_of(without, found, "xu", 100, P)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.data) == ("chain.no_way", {"role": "finance", "mender": "zhou"})


OWN = [
    {
        "id": "travel", "name": "出差", "money": "optional", "steps": [
            {"source": "superior", "role": "supervisor"},
            {"source": "team", "which": "finance", "mode": "any", "role": "finance", "from_yuan": 5000},
            {"source": "role", "which": "liaison", "departments": ["sales"]},
            {"source": "person", "which": "luo,gao,wei", "mode": "count", "needed": 2, "below_yuan": 100},
        ],
    },
]
CONDITIONS = [
    ("xu", None, [("su",), ("luo", "gao", "wei")]), ("xu", 499_999, [("su",)]),
    ("xu", 500_000, [("qian", "song"), ("su",)]), ("xu", 9_999, [("su",), ("luo", "gao", "wei")]),
    ("tang", 500_000, [("pan",), ("qian", "song")]),
]


@pytest.mark.parametrize(("applicant", "fen", "order"), CONDITIONS)
def test_steps_of_its_own_apply_by_amount_and_department(
    applicant: str, fen: int | None, order: list[tuple[str, ...]]
) -> None:
    (travel,) = read_kinds(json.dumps(OWN))
    parameters = replace(P, kinds=json.dumps(OWN))
    assert kind_of(parameters, "travel") == travel
    assert [kind.name for kind in kinds(parameters)] == ["报销", "合同", "用章", "付款", "借款", "其他", "出差"]
    plan = plan_of(ORG, travel, applicant, fen, P)
    assert isinstance(plan, Plan)
    named = [step.signers for step in plan.steps]
    # 苏主管 is the liaison too: shown once, at the later of her steps; alone with a sum she is counter-signed.
    assert [step for step in named if step != ("yan",)] == order
    assert all(step.mode is not Mode.ALL for step in plan.steps if len(step.seats) > 1)


WRONG = [
    ("[", "policy.kinds: not JSON"), ("{}", "policy.kinds: write a list of kinds"),
    ('[{"name": "x"}]', "policy.kinds[0]: id is missing"), ('[{"id": "x", "name": "x"}]', "steps is missing"),
    ('[{"id": "x", "name": "x", "steps": []}]', "steps is empty"),
    ('[{"id": "x", "name": "x", "steps": [{"source": "moon"}]}]', "'moon' is not a valid Source"),
    (
        '[{"id": "x", "name": "x", "steps": [{"source": "superior", "mode": "count"}]}]',
        "needed: write how many people",
    ),
    ('[{"id": "c", "name": "合同", "steps": [{"source": "superior"}]}]', "合同 needs a step of post records_director"),
]


@pytest.mark.parametrize(("text", "fault"), WRONG)
def test_what_is_wrong_in_a_kind_is_told_in_one_line(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=r"policy\.kinds") as raised:
        read_kinds(text)
    assert fault in str(raised.value)
    assert "\n" not in str(raised.value)
