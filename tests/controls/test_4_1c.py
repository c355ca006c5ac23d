"""4.1c: permission changes are approved, take effect in the system, are announced and listed with their history."""

from __future__ import annotations

from policy.terms import Post
from storage.queries.people import load_org
from tests.controls.standing import greeted, in_force
from tests.handlers.office import Office


def test_a_change_is_approved_by_the_director_in_force_announced_and_listed(office_everywhere: Office) -> None:
    office = office_everywhere
    greeted(office)
    office.say("ren", "权限 申请 宋主管 岗位=财务审批人")
    assert office.ask(load_org).holder(Post.FINANCE_APPROVER).userid == "qian"
    office.tap("zhou", "同意")
    assert office.ask(load_org).holder(Post.FINANCE_APPROVER).userid == "song"
    assert "宋主管 授予 岗位 财务审批人，已生效（11月23日 10:00，周总监）" in office.say("xu", "权限")
    in_force(office, "4.1c", "command 权限", "button permission.approve.1", "command 委托", "command 停用")


def test_a_delegation_holds_at_once_is_announced_and_ends_by_itself(office: Office) -> None:
    greeted(office)
    office.say("su", "委托 罗主管 今天 今天")
    assert "QX-20261123-0001 苏主管 委托 罗主管 代签" in office.say("xu", "权限")
    in_force(office, "4.1c", "command 委托", "deadline absence.ends")
    office.move(days=1)
    assert office.acts("QX-20261123-0001").count("absence.ended") == 1
    assert "QX-20261123-0001" not in office.say("xu", "权限")


def test_a_leavers_rights_end_at_once(office: Office) -> None:
    greeted(office)
    office.say("jia", "停用 钱总监 离职")
    assert office.ask(load_org).person("qian") is None
    assert "财务审批人 空缺" in office.say("xu", "权限")
    in_force(office, "4.1c", "command 停用")
