"""权限 as everyone concerned reads it: asked, decided, announced, listed, in force by itself (4.1c)."""

from __future__ import annotations

import pytest

from policy.terms import Grade, Post
from storage.queries import items, permissions
from storage.queries.people import load_org
from storage.verify import verify_audit
from tests.handlers.at_once import say_at_once
from tests.handlers.office import Card, Office

NUMBER = "QX-20261123-0001"
GRANT = "权限 申请 宋主管 岗位=财务审批人 原因=接任"


@pytest.fixture(autouse=True)
def everyone_has_been_greeted(request: pytest.FixtureRequest) -> None:
    for name in ("office", "office_everywhere"):
        if name in request.fixturenames:
            made: Office = request.getfixturevalue(name)
            for userid in made.phones.chats:
                made.enter(userid)
            made.skip()


def texts(office: Office, userid: str) -> list[str]:
    return [each for each in office.read(userid) if isinstance(each, str) and not each.startswith("留痕存证")]


def test_a_grant_is_decided_by_the_records_director_and_holds_at_once(office_everywhere: Office) -> None:
    office = office_everywhere
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.tap("su", "同意")
    office.skip()

    assert office.say("ren", GRANT) == (
        f"已提交权限变更 {NUMBER}：宋主管 授予 岗位 财务审批人，生效：同意后立即。现在由 周总监 审批（制度四（一））。"
    )
    (card,) = office.read("zhou")
    assert isinstance(card, Card)
    assert card.title == "宋主管 授予 岗位 财务审批人"
    assert card.rows == {
        "编号": NUMBER, "人员": "宋主管", "变更": "授予 岗位 财务审批人", "生效": "同意后立即", "申请": "任总监",
        "依据": "制度四（一）",
    }
    assert office.tap("zhou", "同意").outcome == "已生效 · 周总监 · 11月23日 10:00"

    told = f'权限变更 {NUMBER} 已生效：宋主管 授予 岗位 财务审批人（制度四（一））。清单发"权限"可以看到。'
    assert texts(office, "ren") == [told]
    assert texts(office, "song")[0] == told
    assert texts(office, "qian")[0] == (
        f"权限变更 {NUMBER} 已生效：岗位 财务审批人 改由 宋主管 担任，您不再担任；在途的单子会转给接任人。"
    )
    org = office.ask(load_org)
    assert org.holder(Post.FINANCE_APPROVER).userid == "song"
    assert office.card("song", "同意").rows["顺序"] == "苏主管✓ → 您 → 赵总"  # what was open went along
    assert "签字顺序：苏主管 → 宋主管 → 赵总" in office.say("xu", "采购 打印机 3000 更换")
    assert office.ask(lambda unit: verify_audit(unit)).findings == []


def test_a_grant_from_a_day_takes_effect_on_that_day_and_a_post_is_in_the_public_list(office: Office) -> None:
    office.say("ren", "权限 申请 罗主管 级别=总监 生效=12月1日")
    office.tap("zhou", "同意")
    assert texts(office, "luo") == [
        f"权限变更 {NUMBER} 周总监 已同意：罗主管 授予 级别 总监，12月1日（周二） 生效。"
    ]
    assert office.ask(load_org).people["luo"].grade is Grade.SUPERVISOR
    office.until(office.at(9, days=8))
    assert office.ask(load_org).people["luo"].grade is Grade.DIRECTOR
    assert f"{NUMBER} 罗主管 授予 级别 总监，已生效（12月1日 00:00，周总监）" in office.say("xu", "权限")
    assert office.say("xu", "权限 罗主管") == (
        f"罗主管 的权限：级别 总监\n变更历史：\n{NUMBER} 授予 级别 总监，已生效（12月1日 00:00，周总监）"
    )


def test_a_sight_opens_a_departments_items_and_its_revocation_closes_them(office_everywhere: Office) -> None:
    office = office_everywhere
    office.say("xu", "采购 服务器 3.5万 扩容")
    assert "没有找到" in office.say("tao", "追溯 CG-20261123-0001")
    office.say("qian", "权限 申请 陶专员 查看=销售部")
    office.say("zhou", f"同意 {NUMBER}")
    assert "服务器" in office.say("tao", "追溯 CG-20261123-0001")
    assert "另可查看：陶专员 销售部" in office.say("xu", "权限")
    office.say("qian", "权限 收回 陶专员 查看=销售")
    office.say("zhou", "同意 QX-20261123-0002")
    assert "没有找到" in office.say("tao", "追溯 CG-20261123-0001")


def test_nobody_decides_about_a_change_that_is_theirs(office: Office) -> None:
    assert "现在由 赵总 审批" in office.say("zhou", GRANT)
    assert "现在由 赵总 审批" in office.say("ren", "权限 申请 周总监 区域=华南")
    assert office.say("zhou", f"同意 {NUMBER}") == f"{NUMBER} 由 赵总 审批，您这次的操作没有生效。"


def test_a_rejection_needs_its_reason_and_is_told(office: Office) -> None:
    office.say("ren", GRANT)
    card = office.card("zhou", "驳回")
    office.tap("zhou", "驳回")
    assert card.buttons == ["同意", "驳回"]
    assert texts(office, "zhou")[-1] == f'请先在"原因"里选一项再点驳回，或直接发：驳回 {NUMBER} 理由'
    assert office.say("zhou", f"驳回 {NUMBER} 暂不调整") == f"已驳回 {NUMBER}，已告知 任总监。"
    assert texts(office, "ren") == [
        f"权限变更 {NUMBER} 未通过：宋主管 授予 岗位 财务审批人，周总监 驳回，原因：暂不调整。"
    ]
    assert card.outcome.startswith("已驳回 · 周总监")
    assert office.say("zhou", f"同意 {NUMBER}") == f"{NUMBER} 已驳回（周总监 11月23日 10:00），没有改动。"
    assert office.ask(load_org).holder(Post.FINANCE_APPROVER).userid == "qian"


def test_a_withdrawn_change_and_one_that_came_too_late_change_nothing(office: Office) -> None:
    office.say("ren", GRANT)
    assert office.say("ren", f"撤回 {NUMBER}") == f"{NUMBER} 已撤回，权限没有改动。"
    office.say("ren", "权限 申请 宋主管 区域=华北 生效=12月1日")
    office.tap("zhou", "同意")
    office.say("jia", "停用 宋主管")
    office.skip()
    office.until(office.at(9, days=8))
    assert "权限变更 QX-20261123-0002 未能生效：宋主管 授予 区域 华北，人员或权限已有变化。需要时请重新申请。" in (
        "".join(texts(office, "ren"))
    )


def test_it_waits_in_the_list_and_is_reminded_of(office: Office) -> None:
    office.say("ren", GRANT)
    assert [work.what for work in office.ask(lambda unit: items.open_work_of(unit, "zhou"))] == ["permission"]
    office.skip()
    office.move(days=1)
    assert texts(office, "zhou") == [
        f"待您审批权限变更 {NUMBER}：宋主管 授予 岗位 财务审批人（任总监 申请）。"
        f'发"同意 {NUMBER}"或"驳回 {NUMBER} 理由"。'
    ]


WRONG = [
    ("权限 申请", "请写明谁的什么权限，没有提交。例如：权限 申请 宋主管 岗位=财务审批人 生效=12月1日"),
    ("权限 申请 宋主管", "请写明谁的什么权限，没有提交。例如：权限 申请 宋主管 岗位=财务审批人 生效=12月1日"),
    ("权限 申请 老王 岗位=薪酬", '没有找到"老王"，没有提交。请写姓名或 @姓名。'),
    ("权限 申请 宋主管 岗位=厂长",
     '没有这个岗位："厂长"，没有提交。可以写：总经理、业务记录部总监、财务审批人、复核签字人、人力资源仲裁人、联络人、薪酬。'),
    ("权限 申请 钱总监 岗位=财务审批人", "钱总监 已有 岗位 财务审批人，没有提交。"),
    ("权限 收回 宋主管 岗位=财务审批人", "宋主管 没有 岗位 财务审批人，没有提交。"),
    ("权限 收回 宋主管 级别=主管", "级别不能收回，只能改定，没有提交。请发例如：权限 申请 罗主管 级别=专员"),
    ("权限 申请 宋主管 级别=总监 区域=华东", "一次只能变更一项权限，没有提交。请分开发送。"),
    ("权限 申请 宋主管 级别=总监 生效=昨天", '生效日期"昨天"要写今天或以后的日期，没有提交。例如：生效=12月1日'),
    ("权限 老王", '没有找到"老王"，没有提交。请写姓名或 @姓名。'),
    (f"权限 申请 宋主管 级别=总监 原因={'因' * 201}", "原因最多 200 字，没有提交。请精简后再发。"),
]


@pytest.mark.parametrize(("typed", "answer"), WRONG, ids=[typed[:24] for typed, _ in WRONG])
def test_wrong_input_gets_one_sentence_and_leaves_nothing_behind(office: Office, typed: str, answer: str) -> None:
    before = office.counts()
    assert office.say("ren", typed) == answer
    after = office.counts()
    assert {name for name in after if after[name] != before[name]} == {"inbox"}
    office.silence()


def test_two_decisions_at_once_make_one(office_everywhere: Office) -> None:
    office = office_everywhere
    office.say("ren", GRANT)
    say_at_once(office, [("zhou", f"同意 {NUMBER}"), ("zhou", f"驳回 {NUMBER} 不妥")])
    acts = office.acts(NUMBER)
    assert acts.count("permission.approved") + acts.count("permission.rejected") == 1
    change = office.ask(lambda unit: permissions.load_change(unit, NUMBER))
    assert change.decided_by == "zhou"
