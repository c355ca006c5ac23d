"""The first question of a filing is a deadline due at once; people may be quicker than who fires it (3.1a, 4.1a)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from handlers.effects import ASK_FIRST
from notifications.messages import text_body
from policy.terms import DeliveryKind, Lane
from storage.queries.outbox import Promise, put_promise
from storage.tables import CARD, DEADLINE, OUTBOX
from storage.unit import Unit
from tests.handlers.office import AGENT, Card, Office
from tests.handlers.test_applications import KINDS

N, SP = "CG-20261123-0001", "SP-20261123-0001"
FILE = "采购 服务器 3.5万 扩容"
_PROMISED = select(func.count()).select_from(OUTBOX).where(OUTBOX.c.number == N)


@pytest.fixture(autouse=True)
def _known(office: Office) -> None:
    for userid in ("xu", "su", "lin", "qian", "zhao"):
        office.enter(userid)
    office.skip()


def _asked(unit: Unit) -> list[tuple[str, str]]:
    rows = unit.all(
        select(DEADLINE.c.subject, DEADLINE.c.state).where(DEADLINE.c.kind == ASK_FIRST).order_by(DEADLINE.c.id)
    )
    return [(str(subject), str(state)) for subject, state in rows]


def test_the_filing_promises_the_question_with_itself_and_a_firing_asks_once(office: Office) -> None:
    answer = office.hurry("xu", FILE)

    assert "现在由 苏主管 审批。" in answer
    assert office.ask(_asked) == [(f"{N}/first", "pending")]
    assert office.ask(lambda unit: unit.scalar(_PROMISED)) == 0
    assert f"1. 采购 {N} 服务器 ¥35,000.00，待您审批" in office.hurry("su", "待办")

    office.run()
    assert office.ask(_asked) == [(f"{N}/first", "fired")]
    assert isinstance(office.read("su")[0], Card)
    assert office.read("lin") == [
        f"抄送：许专员 提交采购 {N} 服务器 ¥35,000.00，部门一签由 苏主管 按制度四（一）代行，您无需操作。"
        f'要看经过请发"追溯 {N}"。'
    ]
    office.silence()


def test_what_is_withdrawn_before_it_was_asked_is_asked_of_nobody(office: Office) -> None:
    office.hurry("xu", FILE)
    assert office.hurry("xu", f"撤回 {N}").startswith(f"{N} 已撤回")

    office.run()
    assert office.ask(_asked) == [(f"{N}/first", "fired")]
    assert office.ask(lambda unit: unit.scalar(select(func.count()).select_from(CARD))) == 0
    office.silence()


def test_who_signs_by_text_before_the_card_gets_none_and_the_next_gets_one(office: Office) -> None:
    office.hurry("xu", FILE)
    office.hurry("su", f"同意 {N}")

    office.run()
    assert [one for one in office.read("su") if isinstance(one, Card)] == []
    assert len([one for one in office.read("qian") if isinstance(one, Card)]) == 1
    assert office.read("lin") == [
        f"抄送：许专员 提交采购 {N} 服务器 ¥35,000.00，部门一签由 苏主管 按制度四（一）代行，您无需操作。"
        f'要看经过请发"追溯 {N}"。'
    ]
    office.skip("xu")
    office.silence()
    office.move(hours=5)
    assert office.card("qian", "同意").title == "服务器"
    office.skip()
    office.silence()


def test_who_gets_a_copy_hears_of_a_filing_that_passed_before_it_was_asked(office: Office) -> None:
    office.hurry("xu", FILE)
    for signer in ("su", "qian", "zhao"):
        office.hurry(signer, f"同意 {N}")

    office.run()
    assert len(office.read("lin")) == 1
    assert all(not isinstance(one, Card) for one in office.read("su"))
    assert "已通过" in str(office.read("xu"))


def test_one_of_two_who_was_quicker_leaves_the_other_their_card(office_with: Callable[..., Office]) -> None:
    both = [{**KINDS[0], "steps": [{"source": "person", "which": "luo,gao", "mode": "all"}]}]
    office = office_with(policy={"kinds": both})
    for userid in ("xu", "luo", "gao"):
        office.enter(userid)
    office.skip()
    office.hurry("xu", "申请 出差 北京展会 天数=3")
    office.hurry("luo", f"同意 {SP}")

    office.run()
    assert [one for one in office.read("luo") if isinstance(one, Card)] == []
    assert len([one for one in office.read("gao") if isinstance(one, Card)]) == 1
    assert office.tap("gao", "同意").outcome.endswith("已通过")


def test_whom_it_was_handed_to_before_the_first_card_gets_one_card(office: Office) -> None:
    office.hurry("xu", FILE)
    office.hurry("su", f"转交 {N} 林总监 我不经手")

    office.run()
    assert [one for one in office.read("su") if isinstance(one, Card)] == []
    assert len([one for one in office.read("lin") if isinstance(one, Card)]) == 1
    assert office.ask(_asked) == [(f"{N}/first", "fired")]
    assert office.tap("lin", "同意").outcome.endswith("现在由 钱总监 审批")


def test_what_is_amended_before_it_was_asked_is_asked_as_amended(office: Office) -> None:
    office.hurry("xu", FILE)
    office.hurry("xu", f"补充 {N} 事由=扩容二期")

    office.run()
    cards = [one for one in office.read("su") if isinstance(one, Card)]
    assert len(cards) == 1
    assert "扩容二期" in str(cards[0].json)
    assert len(office.read("lin")) == 1
    assert office.tap("su", "同意").outcome.endswith("现在由 钱总监 审批")


def test_a_question_that_fails_keeps_the_filing_and_is_asked_again(office: Office) -> None:
    office.hurry("xu", FILE)
    office.store.write(lambda unit: _promise_something_under(unit, f"ask:{N}:1:1:0:0", office))
    office.run()
    assert office.ask(_asked) == [(f"{N}/first", "pending")]
    assert office.acts(N) == ["approval.filed", "delivery.sent"]
    assert office.read("su") == ["in the way"]
    office.silence()

    office.store.write(lambda unit: unit.run(OUTBOX.delete().where(OUTBOX.c.number == N)))
    office.move(seconds=6)
    assert office.ask(_asked) == [(f"{N}/first", "fired")]
    assert len([one for one in office.read("su") if isinstance(one, Card)]) == 1
    assert len(office.read("lin")) == 1
    office.silence()


def _promise_something_under(unit: Unit, key: str, office: Office) -> None:
    now = office.clock.company_now()
    body = text_body("su", AGENT, "in the way")
    promise = Promise(key, DeliveryKind.MESSAGE, Lane.DEFAULT, "su", N, body, "", now)
    put_promise(unit, promise, now=now, machine_now=office.clock.machine_now())
