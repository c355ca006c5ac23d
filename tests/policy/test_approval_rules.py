"""The 37 edge semantics a serious engine must define, one test each (research/approvals, section d)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text as sql

from policy.approval_acts import Act, Fresh, Place
from policy.approval_kinds import PURCHASE, Kind, Money, Source, StepRule, plan_of
from policy.approvals import TRANSITIONS, Done, open_approval, perform
from policy.chains import Mode, Plan, Role, plan_purchase
from policy.decisions import Refusal
from policy.org import Org
from policy.parameters import Parameters
from policy.steps import Approval
from policy.terms import ItemState, Verb
from storage.errors import StaleRow
from storage.queries import approvals, emergencies
from storage.queries.policy import save_version
from storage.store import Store
from storage.unit import Unit
from tests.handlers.company import leave, move
from tests.handlers.office import Card, Office
from tests.policy.approval_game import DEPARTMENTS, NUMBER, PEOPLE, START, VOTES

N = "CG-20261123-0001"
P = Parameters()
ORG = Org.of(1, DEPARTMENTS, PEOPLE)
EVERYONE = ("xu", "su", "lin", "qian", "zhao", "yan", "zhou", "luo", "wei", "gao", "song")


def planned(plan: Plan | Refusal) -> Plan:
    assert isinstance(plan, Plan)
    return plan


def waiting(fen: int = 3_500_000, applicant: str = "xu", kind: Kind = PURCHASE) -> Approval:
    plan = planned(plan_of(ORG, kind, applicant, fen, P))
    return open_approval(NUMBER, plan, applicant, fen, now=START, kind=kind.id)


def after(approval: Approval, *acts: Act) -> Approval:
    for act in acts:
        done = perform(approval, act, now=START, parameters=P)
        assert isinstance(done, Done), done
        approval = done.approval
    return approval


def says(approval: Approval, act: Act) -> Refusal:
    done = perform(approval, act, now=START, parameters=P)
    assert isinstance(done, Refusal)
    return done


def yes(*userids: str) -> list[Act]:
    return [Act(Verb.APPROVE, userid) for userid in userids]


def test_who_waits_is_kept_with_one_state_of_an_approval_and_never_taken_over_by_the_next() -> None:
    approval = waiting()
    first = [seat.signer for seat in approval.waiting]
    assert approval == waiting(), "having been asked is no difference"
    assert [seat.signer for seat in after(approval, *yes(*first)).waiting] != first
    assert replace(approval, state=ItemState.RETURNED).waiting == ()
    assert [seat.signer for seat in approval.waiting] == first


def amended(approval: Approval, fen: int, *changed: str) -> Act:
    plan = planned(plan_purchase(ORG, approval.applicant, fen, P))
    fresh = Fresh(plan, fen, approval.revision + 1, frozenset(changed), PURCHASE.concerns)
    return Act(Verb.AMEND, approval.applicant, fresh=fresh)


def filed(office: Office, amount: str = "3.5万") -> None:
    for each in EVERYONE:
        office.enter(each)
    assert office.say("xu", f"采购 服务器 {amount} 扩容").startswith("已提交采购")
    office.skip()


# --- concurrency and identity of an act -----------------------------------------------------------------------------


def test_rule_01_two_taps_by_one_person_are_one_signature(office: Office) -> None:
    filed(office)
    card = office.tap("su", "同意")
    shown = card.outcome

    assert office.tap("su", "同意", card=card).outcome == shown
    assert office.counts()["signature"] == 1
    office.skip()
    office.tap("su", "驳回", card=card, choose="金额有误")
    assert office.read("su") == ["这张单已由 苏主管 于 11月23日 10:00 同意，无需再处理。"]


def test_rule_02_of_two_people_in_an_any_step_the_loser_sees_who_won_and_when() -> None:
    approval = waiting(kind=VOTES)
    qian, song = approval.waiting
    won = after(approval, Act(Verb.APPROVE, "song", seat=song.id, round=1, revision=1))

    late = says(won, Act(Verb.APPROVE, "qian", seat=qian.id, round=1, revision=1))

    assert late.code == "approval.already_decided"
    assert (late.data["actor"], late.data["at"]) == ("song", START)


def test_rule_03_the_last_two_of_a_countersign_are_counted_one_after_the_other(store: Store) -> None:
    approval = after(waiting(), Act(Verb.ADD, "su", to="luo", place=Place.ALONGSIDE))
    store.write(lambda unit: _insert(unit, approval))
    both = [perform(approval, act, now=START, parameters=P) for act in yes("su", "luo")]
    first, second = (done.approval for done in both if isinstance(done, Done))
    store.write(lambda unit: _save(unit, first))

    with pytest.raises(StaleRow):  # whoever comes second looks again, and then the step is complete
        store.write(lambda unit: _save(unit, second))
    assert after(first, *yes("luo")).position == 1


def test_rule_04_withdrawal_against_approval_whoever_commits_first_wins(store: Store) -> None:
    approval = waiting()
    store.write(lambda unit: _insert(unit, approval))
    store.write(lambda unit: _save(unit, after(approval, *yes("su"))))

    with pytest.raises(StaleRow):
        store.write(lambda unit: _save(unit, after(approval, Act(Verb.WITHDRAW, "xu"))))


def test_rule_05_the_timer_comes_too_late_for_a_step_that_was_decided(office: Office) -> None:
    filed(office)
    office.until(office.at(13, 59))
    office.tap("su", "同意")
    office.skip()

    office.until(office.at(14, 30))

    assert office.read("su") == []
    assert "approval.reminded" not in office.acts(N)


def test_rule_06_decision_and_effect_stand_or_fall_together(office: Office) -> None:
    filed(office)
    before = dict(office.counts())

    def broken(unit: Unit) -> None:
        approval = approvals.lock_approval(unit, N)
        assert approval is not None
        _save(unit, after(approval, *yes("su")))
        unit.all(sql("SELECT no_such_column FROM approval"))

    with pytest.raises(Exception, match="no_such_column"):
        office.store.write(broken)
    assert dict(office.counts()) == before
    assert office.card("su", "同意").buttons == ["同意", "退回补充", "驳回"]
    assert office.tap("su", "同意").outcome.endswith("现在由 钱总监 审批")


# --- who may decide -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("applicant", sorted(person.userid for person in PEOPLE))
def test_rule_07_nobody_signs_their_own_and_money_has_two_signers(applicant: str) -> None:
    for fen in (1, 4_999_999, 5_000_000, 6_000_000):
        signers = [signer for step in planned(plan_purchase(ORG, applicant, fen, P)).steps for signer in step.signers]
        assert applicant not in signers
        assert len(set(signers)) >= 2


def test_rule_08_one_person_in_two_steps_signs_once_for_both_roles_and_says_so(office: Office) -> None:
    office.enter("lin")
    assert "赵总 兼部门负责人、总经理，只签一次。" in office.say("lin", "采购 服务器 3.5万 扩容").splitlines()
    plan = planned(plan_purchase(ORG, "lin", 3_500_000, P))
    assert [step.signers for step in plan.steps] == [("qian",), ("zhao",)]
    assert plan.steps[1].seats[0].roles == (Role.HEAD, Role.CEO)


def test_rule_09_one_person_named_twice_in_a_step_sits_there_once() -> None:
    kind = Kind(
        "twice", "两次", "事由", Money.NONE, (),
        (StepRule(Source.PERSON, Role.NAMED, "luo,gao,luo", Mode.COUNT, 2),),
    )
    (step,) = planned(plan_of(ORG, kind, "xu", None, P)).steps
    assert step.signers == ("luo", "gao")


def test_rule_10_who_is_away_has_a_stand_in_who_signs_for_them_and_is_named_so(office: Office) -> None:
    filed(office)
    office.say("su", "委托 罗主管 今天 周三")
    office.skip()
    assert "已同意 · 罗主管（代 苏主管） · 11月23日 10:00" in office.tap("luo", "同意").outcome
    assert office.ask(lambda unit: approvals.signatures_of(unit, N))[0].actor == "luo"
    assert "代 苏主管" in office.say("xu", f"追溯 {N}")
    office.until(office.at(10, 0, days=4))
    office.say("xu", "采购 键盘 3万 换新")
    assert office.card("su", "同意").title == "键盘"  # it ended by itself


def test_rule_11_a_seat_goes_neither_down_nor_to_the_applicant_nor_in_a_circle_unseen(office: Office) -> None:
    filed(office)
    assert "按制度四（一）不能由本人签字" in office.say("su", f"转交 {N} 许专员")
    assert "的权限不够签" in office.say("su", f"转交 {N} 魏工")
    office.say("su", f"转交 {N} 林总监")
    office.say("lin", f"转交 {N} 苏主管")
    approval = office.ask(lambda unit: approvals.load_approval(unit, N))
    assert approval.waiting[0].instead_of == ("su", "lin")


def test_rule_12_who_left_is_replaced_and_past_signatures_keep_the_name(office: Office) -> None:
    filed(office)
    office.tap("su", "同意")
    leave(office, "su", "qian")
    office.move(hours=6)
    assert "苏主管 同意" in office.say("xu", f"追溯 {N}")
    assert office.tap("yan", "同意").outcome.endswith("现在由 赵总 审批")


def test_rule_13_where_a_seat_is_empty_nothing_is_filed_and_who_can_mend_it_is_named(office: Office) -> None:
    office.enter("xu")
    move(office, "qian", posts=frozenset())
    assert office.say("xu", "采购 服务器 3.5万 扩容").endswith("请联系 周总监 补上，补上后再发一次即可。")
    assert office.counts()["approval"] == 0


def test_rule_14_signers_are_fixed_when_a_step_is_entered_and_found_then(office: Office) -> None:
    filed(office, "50000")
    move(office, "xu", department="rd", manager="luo")
    assert office.say("su", "待办").count(N) == 1  # entered: stays
    office.tap("su", "同意")
    assert office.tap("gao", "同意").outcome.endswith("现在由 钱总监 审批")  # entered since: found by today's line


def test_rule_15_a_running_approval_keeps_its_version_of_the_policy(office: Office) -> None:
    filed(office, "3万")
    office.store.write(
        lambda unit: save_version(
            unit, replace(P, version=2, director_from=100_000), effective_at=office.clock.company_now(),
            approved_by="zhou", note="", now=office.clock.company_now(),
        )
    )
    office.move(minutes=2)
    assert "签字顺序：苏主管 → 钱总监 → 赵总" in office.say("xu", f"补充 {N} 金额=3.1万")
    assert "签字顺序：苏主管 → 林总监 → 钱总监 → 赵总" in office.say("xu", "采购 服务器 3万 扩容")


# --- counting -------------------------------------------------------------------------------------------------------

COUNTS = [
    (Mode.ALL, 0, "yyy", "passed"), (Mode.ALL, 0, "yy", "open"), (Mode.ALL, 0, "yn", "failed"),
    (Mode.ANY, 0, "y", "passed"), (Mode.ANY, 0, "n", "failed"), (Mode.COUNT, 2, "yy", "passed"),
    (Mode.COUNT, 2, "yn", "open"), (Mode.COUNT, 2, "nn", "failed"), (Mode.COUNT, 9, "yyy", "passed"),
    (Mode.RATIO, 60, "yy", "passed"), (Mode.RATIO, 67, "yy", "open"), (Mode.RATIO, 67, "n", "failed"),
    (Mode.RATIO, 34, "yn", "open"), (Mode.RATIO, 33, "y", "passed"),
]


@pytest.mark.parametrize(("mode", "needed", "votes", "verdict"), COUNTS)
def test_rule_16_each_rule_of_counting_ends_as_soon_as_the_result_is_fixed(
    mode: Mode, needed: int, votes: str, verdict: str
) -> None:
    kind = Kind(
        "count", "计数", "事由", Money.NONE, (),
        (StepRule(Source.PERSON, Role.NAMED, "luo,gao,wei", mode, needed), StepRule(Source.SUPERIOR, Role.SUPERVISOR)),
    )
    approval = open_approval(NUMBER, planned(plan_of(ORG, kind, "xu", None, P)), "xu", None, now=START)
    for userid, vote in zip(("luo", "gao", "wei"), votes, strict=False):
        approval = after(approval, Act(Verb.APPROVE if vote == "y" else Verb.REJECT, userid, "理由"))
    assert approval.steps[0].verdict.value == verdict
    assert approval.state is (ItemState.REJECTED if verdict == "failed" else ItemState.PENDING)
    assert approval.position == (1 if verdict == "passed" else 0)


def test_rule_17_a_vote_against_is_not_a_return(office: Office) -> None:
    against = after(waiting(kind=VOTES), *yes("song"), Act(Verb.REJECT, "wei", "太远"))
    assert against.state is ItemState.PENDING
    assert after(against, Act(Verb.RETURN, "luo", "请补行程")).state is ItemState.RETURNED
    filed(office)
    office.say("su", f"加签 {N} 罗主管 并")
    assert office.say("luo", f"退回 {N} 请附参数") == f"已退回 {N}，等 许专员 补充。"
    assert "待您审批" not in office.say("su", "待办")


def test_rule_18_who_is_added_counts_may_add_and_is_removed_only_by_who_added() -> None:
    approval = after(
        waiting(), Act(Verb.ADD, "su", to="luo", place=Place.ALONGSIDE),
        Act(Verb.ADD, "luo", to="gao", place=Place.ALONGSIDE),
    )
    assert approval.steps[0].must_agree == 3
    assert says(approval, Act(Verb.REMOVE, "su", to="gao")).code == "approval.not_adder"
    assert says(approval, Act(Verb.REMOVE, "su", to="qian")).code == "approval.not_added"
    assert after(approval, Act(Verb.REMOVE, "luo", to="gao")).steps[0].signers == ("su", "luo")
    # The id of a removed seat is never given again: a signature that was taken back may stand under it.
    again = after(
        approval, Act(Verb.REMOVE, "luo", to="gao"), Act(Verb.ADD, "luo", to="wei", place=Place.ALONGSIDE)
    )
    assert again.steps[0].seats[-1].id > approval.steps[0].seats[-1].id
    last = after(waiting(), *yes("su", "qian"), Act(Verb.ADD, "zhao", to="yan", place=Place.AFTER), *yes("zhao"))
    assert says(last, Act(Verb.REMOVE, "zhao", to="yan")).code == "approval.removal_would_pass"


# --- changes --------------------------------------------------------------------------------------------------------


def test_rule_19_a_change_while_pending_is_a_revision_and_voids_the_open_cards(office: Office) -> None:
    filed(office)
    old = office.card("su", "同意")
    office.say("xu", f"补充 {N} 事由=扩容两台")
    assert old.outcome.startswith("内容已更新 · 许专员")
    assert office.counts()["revision"] == 2
    office.tap("su", "同意", card=old)
    assert office.counts()["signature"] == 0


def test_rule_20_a_rise_asks_again_and_a_fall_is_a_notice() -> None:
    signed = after(waiting(), *yes("su", "qian"))
    risen, fallen = after(signed, amended(signed, 3_600_000, "fen")), after(signed, amended(signed, 3_400_000, "fen"))
    assert risen.waiting[0].signer == "su"
    assert fallen.waiting[0].signer == "zhao"
    assert after(signed, amended(signed, 6_000_000, "fen")).steps[1].signers == ("lin",)


def test_rule_21_after_a_return_only_who_is_concerned_signs_again() -> None:
    returned = after(waiting(), *yes("su"), Act(Verb.RETURN, "qian", "供应商写全称"))
    assert after(returned, amended(returned, 3_500_000, "supplier")).waiting[0].signer == "qian"
    assert after(returned, amended(returned, 3_500_000, "reason")).waiting[0].signer == "su"


def test_rule_22_signatures_of_an_older_round_do_not_count() -> None:
    returned = after(waiting(), *yes("su"), Act(Verb.RETURN, "qian", "写清楚"))
    again = after(returned, amended(returned, 3_500_000, "subject"))
    assert all(seat.is_open for seat in again.seats)
    assert says(again, Act(Verb.APPROVE, "su", seat=0, round=1, revision=1)).code == "approval.card_stale"


BANDS = [(4_999_999, 3), (5_000_000, 4), (5_000_001, 4), (1, 3)]


@pytest.mark.parametrize(("fen", "signers"), BANDS)
def test_rule_23_an_amount_exactly_at_the_limit_takes_the_stricter_path(fen: int, signers: int) -> None:
    assert len(planned(plan_purchase(ORG, "xu", fen, P)).steps) == signers


# --- time -----------------------------------------------------------------------------------------------------------


def test_rule_24_no_timeout_ever_decides(office: Office) -> None:
    filed(office)
    office.move(days=30)
    approval = office.ask(lambda unit: approvals.load_approval(unit, N))
    assert (approval.state, approval.position) == (ItemState.PENDING, 0)
    assert office.counts()["signature"] == 0
    assert not [row for row in TRANSITIONS if row.who.value == "system" and row.to is not row.state]


def test_rule_25_reminders_are_armed_again_on_every_entry(office: Office) -> None:
    filed(office)
    office.say("su", f"退回 {N} 请附报价")
    office.say("xu", f"补充 {N} 事由=附报价")
    office.skip()
    office.move(hours=6)
    (card,) = [one for one in office.read("su") if isinstance(one, Card)]
    assert card.json["source"]["desc"] == "采购 · 提醒：待您审批"


def test_rule_26_waiting_is_counted_in_working_hours(office: Office) -> None:
    office.until(office.at(17, 0, days=4))  # Friday 27 November
    office.enter("xu")
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.skip()
    office.until(office.at(8, 0, days=3))
    assert [one for one in office.read("su") if isinstance(one, Card)] == []
    office.until(office.at(13, 0))
    shown = [one.json["source"]["desc"] for one in office.read("su") if isinstance(one, Card)]
    assert shown.count("采购 · 提醒：待您审批") == 1


def test_rule_27_reminding_has_its_limits(office: Office) -> None:
    filed(office)
    answers = [office.say("xu", f"催办 {N}") for _ in range(4)]
    assert answers[3].startswith(f"{N} 今天已提醒 3 次，请明天再提醒。")
    assert len([one for one in office.read("su") if isinstance(one, str)]) == 3


def test_rule_28_one_bad_row_does_not_stop_the_others(office: Office) -> None:
    filed(office)
    office.store.write(
        lambda unit: unit.run(
            sql(
                "INSERT INTO deadline (kind, subject, generation, due_at, state, data, attempt, retry_at, error)"
                " VALUES ('nobody.handles.this', 'x', 1, 0, 'pending', '{}', 0, 0, '')"
            )
        )
    )
    office.ticker.tick()
    office.clock.move(hours=6)
    office.ticker.tick()
    assert "approval.reminded" in office.acts(N)


def test_rule_29_a_late_tap_is_answered_from_the_database(office: Office) -> None:
    filed(office)
    card = office.card("su", "同意")
    office.move(hours=80)
    office.phones.codes.clear()
    assert office.tap("su", "同意", card=card).outcome.endswith("现在由 钱总监 审批")
    office.move(hours=80)
    assert office.tap("su", "同意", card=card).outcome.startswith("已同意 · 苏主管 · 11月26日 18:00")


# --- special paths --------------------------------------------------------------------------------------------------


def test_rule_30_what_was_done_first_keeps_its_true_times_and_a_refusal_deletes_nothing(office: Office) -> None:
    for each in EVERYONE:
        office.enter(each)
    order = "JJ-20261123-0001"
    assert office.say("luo", "紧急 机房漏水抢修 小组=魏工,罗主管 金额=2万").startswith(f"紧急单 {order} 已生效")
    office.move(hours=3)
    office.say("luo", f"补办 {order}")
    ratification = "SP-20261123-0001"
    assert "先行执行" in office.card("gao", "同意").rows
    office.say("gao", f"驳回 {ratification} 价格明显偏高")
    kept = office.ask(lambda unit: emergencies.load_emergency(unit, order))
    assert kept.effective_at == office.at(10, 0)
    assert (kept.filed_at, kept.fen) == (office.at(13, 0), 2_000_000)
    assert office.acts("ZG-20261123-0001") != []


def test_rule_31_what_has_passed_is_not_withdrawn(office: Office) -> None:
    filed(office)
    for signer in ("su", "qian", "zhao"):
        office.tap(signer, "同意")
    assert office.say("xu", f"撤回 {N}") == (
        f"{N} 已由 赵总 于 11月23日 10:00 签字通过，不能撤回。要取消请另外提交并重新签字，例如：申请 其他 取消 {N}"
    )
    assert office.say("zhao", f"撤回 {N}") == "这张单已由 赵总 于 11月23日 10:00 同意，无需再处理。"


def test_rule_32_nobody_forces_an_approval_forward_or_shut() -> None:
    for userid in sorted(person.userid for person in PEOPLE):
        if userid not in ("su", "xu"):
            for verb in (Verb.APPROVE, Verb.REJECT, Verb.RETURN, Verb.WITHDRAW, Verb.FORWARD, Verb.ADD, Verb.AMEND):
                assert isinstance(perform(waiting(), Act(verb, userid, "理由"), now=START, parameters=P), Refusal)


def test_rule_33_what_has_ended_is_opened_again_only_as_a_new_number_linked_to_it(office: Office) -> None:
    filed(office)
    office.say("su", f"驳回 {N} 不在预算内")
    office.say("xu", f"重提 {N}")
    found = office.ask(lambda unit: approvals.load_approval(unit, N))
    assert found.state is ItemState.REJECTED
    assert "CG-20261123-0002" in office.say("xu", f"追溯 {N}")


def test_rule_34_when_one_of_several_rejects_the_others_are_told_and_asked_no_more(office: Office) -> None:
    filed(office)
    office.say("su", f"加签 {N} 罗主管 并")
    card = office.card("su", "同意")
    office.say("luo", f"驳回 {N} 型号不对")
    assert card.outcome == "已驳回 · 罗主管 · 11月23日 10:00"
    assert N not in office.say("su", "待办")


def test_rule_35_nothing_is_ever_deleted(office: Office) -> None:
    filed(office)
    office.tap("su", "同意")
    office.tap("qian", "退回补充", choose="依据不足")
    office.say("xu", f"补充 {N} 金额=4万")
    office.tap("su", "同意")
    office.say("su", f"撤回 {N}")
    office.say("xu", f"撤回 {N}")
    assert office.counts()["signature"] == 3
    assert office.counts()["revision"] == 2


def test_rule_36_nobody_signs_with_somebody_elses_card(office: Office) -> None:
    filed(office)
    card = office.card("su", "同意")
    office.tap("qian", "同意", card=card)
    assert office.read("qian") == [f"{N} 现在由 苏主管 审批，您这次的操作没有生效。"]
    assert office.counts()["signature"] == 0


def test_rule_37_the_applicant_always_sees_who_holds_it_and_since_when(office: Office) -> None:
    filed(office)
    office.move(minutes=7)
    office.tap("su", "同意")
    story = office.say("xu", f"追溯 {N}")
    assert "待签：钱总监（财务），现在在这里" in story
    assert "2026-11-23 10:07:00 苏主管 同意（部门负责人，按四（一）代行）" in story


def _insert(unit: Unit, approval: Approval) -> None:
    approvals.insert_approval(unit, approval)
    unit.audit(START, approval.applicant, "approval.filed", approval.number)


def _save(unit: Unit, approval: Approval) -> None:
    approvals.save_approval(unit, approval)
    unit.audit(START + timedelta(0), approval.applicant, "approval.act", approval.number)


