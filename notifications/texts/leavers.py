"""停用 and changes of the org: what it means for what lies open, told to everyone concerned (4.1c)."""

from __future__ import annotations

from collections.abc import Sequence

from notifications.texts.words import shortened

USAGE = "停用 人 [原因]：人员离岗，权限即时终止，手上的事转给接手人（人力资源部、业务记录部总监）"
EXAMPLES = ("停用 许专员 离职", "停用 @许专员")
NOT_DONE = "没有停用"
POST_WORDS = {
    "ceo": "总经理", "records_director": "业务记录部总监", "finance_approver": "财务审批人",
    "counter_signer": "复核签字人", "hr_arbiter": "人力资源仲裁人", "liaison": "联络人", "payroll": "薪酬",
}


def title(name: str) -> str:
    """Return the title of the item."""
    return f"停用 {name}"


def head_of(department: str) -> str:
    """Return the seat of a department's head."""
    return f"{department}负责人"


def who_missing() -> str:
    """停用 alone."""
    return "请写明停用谁，没有停用。例如：停用 许专员 离职"


def not_entitled(name: str) -> str:
    """Only some may do that."""
    who = f"请联系 {name}。" if name else "请联系管理员。"
    return f"停用只能由人力资源部主管以上或业务记录部总监办理（制度四（一）），没有停用。{who}"


def not_oneself() -> str:
    """Nobody ends the own rights by this."""
    return "不能停用您本人，没有停用。请由其他有权的人办理。"


def done(number: str, name: str, approvals: int, tasks: int, empty: Sequence[str]) -> str:
    """Answer 停用."""
    moved = [f"{approvals} 单待签" if approvals else "", f"{tasks} 件事项" if tasks else ""]
    told = "、".join(part for part in moved if part)
    rest = f"手上的 {told}已转给接手人并告知有关的人。" if told else "手上没有未办的事。"
    lines = [f"已停用 {name}（{number}），权限即时终止，以往签字保留原姓名、职务。", rest]
    if empty:
        lines.append(f"现在空缺：{'、'.join(empty)}，请尽快补上。")
    return "\n".join(lines)


def why_left(name: str) -> str:
    """Why a seat has moved."""
    return f"{name} 已离岗"


def no_successor(number: str, name: str) -> str:
    """Nobody may sign in that seat."""
    return f"{number} 的签字人 {name} 已离岗，暂无人可以接签（制度四（一））。请尽快补上人选，单子不会自动通过。"


def taken_over(name: str, rows: Sequence[str]) -> str:
    """Tell the superior what is theirs now."""
    shown = [f"{at}. {row}" for at, row in enumerate(rows[:10], 1)]
    more = [f"还有 {len(rows) - 10} 件，发\"待办\"看全部。"] if len(rows) > 10 else []
    return "\n".join([f"{name} 已离岗，以下 {len(rows)} 件转由您负责：", *shown, *more])


def row(number: str, name: str) -> str:
    """One item that was taken over."""
    return f"{number} {shortened(name, 40)}"


def own_left_open(name: str, numbers: Sequence[str]) -> str:
    """Tell the superior of returned or asked applications that nobody will complete."""
    listed = "、".join(numbers)
    return f"{name} 已离岗，提交的 {listed} 正等其本人补充或答复。仍需要的，请以您本人名义重新提交。"


def task_moved(number: str, was: str, now: str) -> str:
    """Tell who gave a task that its owner has changed."""
    return f"{number} 原负责人 {was} 已离岗，改由 {now} 负责。"


def empty_seats(name: str, seats: Sequence[str]) -> str:
    """Tell the records director which seats are empty now."""
    return f"{name} 离岗后空缺：{'、'.join(seats)}。补上之前，需要该岗签字的单子不能提交。请办理：权限 申请 人 岗位="


def reports_left(name: str, names: Sequence[str]) -> str:
    """Tell HR whose superior has left."""
    return f"{name} 离岗后，{'、'.join(names)} 的上级须重新指定；指定之前由再上一级负责。"


def delegation_over(number: str, name: str) -> str:
    """Tell a giver that the stand-in has left."""
    return f"您的代签人 {name} 已离岗，{number} 已结束，等您审批的单子回到您这里。要另请他人请重新登记。"


def giver_left(number: str, name: str) -> str:
    """Tell a stand-in that the giver has left."""
    return f"{name} 已离岗，{number} 已结束，不再需要您代签。"


def disabled() -> str:
    """Answer somebody whose rights have ended."""
    return "您的使用权限已停用，这条消息没有处理。如有疑问请联系人力资源部。"


def moved_within(changed: str, kept: Sequence[str], own: Sequence[str]) -> str:
    """Tell somebody whose department, line or rights have changed what stays."""
    lines = [f"您的{changed}已变更。"]
    if kept:
        lines.append(f"在途的 {'、'.join(kept)} 仍由您签字，之后的按新安排。")
    if own:
        lines.append(f"您提交的在途单子 {'、'.join(own)} 按原签字顺序继续。")
    return "\n".join(lines)


DEPARTMENT, LINE, GRADE, POSTS = "部门", "上级", "级别", "岗位"
