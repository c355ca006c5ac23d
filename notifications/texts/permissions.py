"""权限: grants and revocations, announced and listed publicly (4.1c)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from notifications.texts.leavers import POST_WORDS
from notifications.texts.moments import day_with_weekday, moment
from notifications.texts.words import GRADES, shortened
from policy.rights import ChangeAct, ChangeState, Right, RightKind
from policy.terms import Grade

USAGE = "权限：看公司的权限清单；权限 人；权限 申请 人 岗位=…；权限 收回 人 岗位=…"
EXAMPLES = (
    "权限", "权限 宋主管", "权限 申请 宋主管 岗位=财务审批人 生效=12月1日 原因=接任", "权限 收回 宋主管 查看=销售部",
    "权限 申请 罗主管 级别=总监", "权限 申请 罗主管 负责人=研发部",
)
GRANT_WORDS, REVOKE_WORDS = frozenset({"申请", "授予", "增加"}), frozenset({"收回", "撤销", "取消"})
KIND_KEYS: Mapping[str, RightKind] = {
    "岗位": RightKind.POST, "职务": RightKind.POST, "级别": RightKind.GRADE, "区域": RightKind.REGION,
    "负责人": RightKind.HEAD, "部门负责人": RightKind.HEAD, "查看": RightKind.SIGHT,
}
START_KEYS, REASON_KEYS = ("生效", "从", "起"), ("原因", "理由", "事由")
POSTS = {word: post for post, word in POST_WORDS.items()}
GRADE_WORDS = {word: grade.value for grade, word in GRADES.items()}
WAITS = "待您审批"
CARD_SOURCE, CARD_SOURCE_DONE = "权限变更 · 待您审批", "权限变更 · 已处理"
ROW_NUMBER, ROW_WHO, ROW_WHAT, ROW_FROM, ROW_BY, ROW_BASIS = "编号", "人员", "变更", "生效", "申请", "依据"
BUTTON_APPROVE, BUTTON_REJECT = "同意", "驳回"
REASON_TITLE = "原因（驳回时选）"
REASONS = (
    ("none", "请选择"), ("basis", "依据不足"), ("unfit", "不符合任职条件"), ("conflict", "与现有权限冲突"),
    ("other", "其他（发文字说明）"),
)
STATE_WORDS = {
    ChangeState.PENDING: "审批中", ChangeState.REJECTED: "已驳回", ChangeState.WITHDRAWN: "已撤回",
    ChangeState.APPROVED: "已同意，待生效", ChangeState.IN_FORCE: "已生效", ChangeState.FAILED: "未能生效",
}
AT_ONCE = "同意后立即"


def right_words(right: Right, department: str = "") -> str:
    """Return a right in words; `department` is the name where it is one of a department."""
    if right.kind is RightKind.POST:
        return f"岗位 {POST_WORDS[right.value]}"
    if right.kind is RightKind.GRADE:
        return f"级别 {GRADES[Grade(right.value)]}"
    if right.kind is RightKind.REGION:
        return f"区域 {right.value}"
    return f"{department}负责人" if right.kind is RightKind.HEAD else f"查看 {department}"


def change_words(act: ChangeAct, what: str) -> str:
    """Return a change in words."""
    return f"{'授予' if act is ChangeAct.GRANT else '收回'} {what}"


def title(act: ChangeAct, name: str, what: str) -> str:
    """Return the title of the item."""
    return f"{name} {change_words(act, what)}"


def starts(day: date | None) -> str:
    """Return when it takes effect."""
    return AT_ONCE if day is None else day_with_weekday(day)


def requested(number: str, title_: str, day: date | None, approver: str) -> str:
    """Answer a request."""
    return f"已提交权限变更 {number}：{title_}，生效：{starts(day)}。现在由 {approver} 审批（制度四（一））。"


# --- refusals --------------------------------------------------------------------------------------------------------

NOT_DONE = "没有提交"


def usage_missing() -> str:
    """Something is missing."""
    return "请写明谁的什么权限，没有提交。例如：权限 申请 宋主管 岗位=财务审批人 生效=12月1日"


def one_right_only() -> str:
    """Two rights in one line."""
    return "一次只能变更一项权限，没有提交。请分开发送。"


def unknown_value(key: str, got: str, options: Sequence[str]) -> str:
    """A value that is none."""
    return f'没有这个{key}："{shortened(got, 20)}"，没有提交。可以写：{"、".join(options)}。'


def has_already(name: str, what: str) -> str:
    """Nothing would change."""
    return f"{name} 已有 {what}，没有提交。"


def has_not(name: str, what: str) -> str:
    """Nothing to revoke."""
    return f"{name} 没有 {what}，没有提交。"


def grade_stays() -> str:
    """A grade is not revoked but set."""
    return "级别不能收回，只能改定，没有提交。请发例如：权限 申请 罗主管 级别=专员"


def bad_day(got: str) -> str:
    """The day can not be read, or has passed."""
    return f'生效日期"{shortened(got, 20)}"要写今天或以后的日期，没有提交。例如：生效=12月1日'


def too_long(most: int) -> str:
    """The reason is too long."""
    return f"原因最多 {most} 字，没有提交。请精简后再发。"


def nobody_decides() -> str:
    """No approver is there."""
    return "现在没有人能审批权限变更（制度四（一）），没有提交。请联系管理员补上业务记录部总监。"


def not_approver(number: str, approver: str) -> str:
    """Somebody else decides."""
    return f"{number} 由 {approver} 审批，您这次的操作没有生效。"


def reason_missing(number: str) -> str:
    """A rejection needs its reason."""
    return f'请先在"原因"里选一项再点驳回，或直接发：驳回 {number} 理由'


def decided_already(number: str, state: ChangeState, name: str, at: datetime | None) -> str:
    """It is settled."""
    when = f"（{name} {moment(at)}）" if at is not None and name else ""
    return f"{number} {STATE_WORDS[state]}{when}，没有改动。"


# --- told ------------------------------------------------------------------------------------------------------------


def approved(number: str, day: date | None, in_force: bool) -> str:
    """Answer the approval."""
    return f"已同意 {number}，{'已生效' if in_force else f'{starts(day)} 生效'}，已告知有关的人。"


def rejected(number: str, name: str) -> str:
    """Answer the rejection."""
    return f"已驳回 {number}，已告知 {name}。"


def approved_told(number: str, title_: str, approver: str, day: date) -> str:
    """Tell that it will take effect."""
    return f"权限变更 {number} {approver} 已同意：{title_}，{day_with_weekday(day)} 生效。"


def rejected_told(number: str, title_: str, approver: str, reason: str) -> str:
    """Tell who asked that it is refused."""
    return f"权限变更 {number} 未通过：{title_}，{approver} 驳回，原因：{shortened(reason, 200)}。"


def in_force_told(number: str, title_: str) -> str:
    """Announce that it is in force."""
    return f'权限变更 {number} 已生效：{title_}（制度四（一））。清单发"权限"可以看到。'


def former_told(number: str, what: str, name: str) -> str:
    """Tell who held it before."""
    return f"权限变更 {number} 已生效：{what} 改由 {name} 担任，您不再担任；在途的单子会转给接任人。"


def failed_told(number: str, title_: str) -> str:
    """Tell who asked and who decided that its day came and it could not be."""
    return f"权限变更 {number} 未能生效：{title_}，人员或权限已有变化。需要时请重新申请。"


def withdrawn(number: str) -> str:
    """Answer a withdrawal."""
    return f"{number} 已撤回，权限没有改动。"


def reminder(number: str, title_: str, name: str) -> str:
    """Remind who decides."""
    return f"待您审批权限变更 {number}：{title_}（{name} 申请）。发\"同意 {number}\"或\"驳回 {number} 理由\"。"


def outcome(state: ChangeState, name: str, at: datetime, day: date | None) -> str:
    """Return what a settled card says."""
    when = f"\n{starts(day)} 生效" if state is ChangeState.APPROVED and day is not None else ""
    return f"{STATE_WORDS[state]} · {name} · {moment(at)}{when}"


# --- the public list -------------------------------------------------------------------------------------------------


def listing(
    posts: Sequence[tuple[str, str]], heads: Sequence[tuple[str, str]], sights: Sequence[tuple[str, str]],
    running: Sequence[str], newest: Sequence[str],
) -> str:
    """Show who holds what, what runs for a time, and the newest changes."""
    lines = ["权限清单（制度四（一），全公司可见）", "岗位：" + "；".join(f"{what} {who}" for what, who in posts)]
    lines.append("部门负责人：" + "；".join(f"{what} {who}" for what, who in heads))
    if sights:
        lines.append("另可查看：" + "；".join(f"{who} {what}" for who, what in sights))
    if running:
        lines += ["委托和休假：", *running]
    if newest:
        lines += ["最近变更：", *newest]
    lines.append('某人的权限和历史请发"权限 姓名"。')
    return "\n".join(lines)


def of_person(name: str, facts: Sequence[str], running: Sequence[str], history: Sequence[str]) -> str:
    """Show one person's rights and their history."""
    lines = [f"{name} 的权限：{'；'.join(facts)}", *running]
    lines += ["变更历史：", *history] if history else ["没有变更记录。"]
    return "\n".join(lines)


def history_row(number: str, what: str, state: ChangeState, at: datetime, by: str) -> str:
    """One change in a list."""
    return f"{number} {what}，{STATE_WORDS[state]}（{moment(at)}{f'，{by}' if by else ''}）"


def running_row(number: str, words: str) -> str:
    """One delegation or leave in a list."""
    return f"{number} {words}"


VACANT = "空缺"
GRADE_WORD = "级别"
