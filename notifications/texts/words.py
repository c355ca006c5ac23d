"""Words for the glossary's values, and the company's own chapter marks."""

from __future__ import annotations

from policy.chains import Role
from policy.terms import Grade, ItemState, Noun, Verb

NOUNS = {
    Noun.RECORD: "记录", Noun.PURCHASE: "采购", Noun.APPROVAL: "审批", Noun.EMERGENCY: "紧急单",
    Noun.MEETING: "会议", Noun.DECISION: "决议", Noun.TASK: "任务", Noun.PROJECT: "项目",
    Noun.DOCUMENT: "文档", Noun.ALARM: "告警", Noun.NOTICE: "通知", Noun.REPORT: "报告",
    Noun.AUDIT: "审查", Noun.RECTIFICATION: "整改", Noun.DISPUTE: "纠纷", Noun.INCIDENT: "事件",
    Noun.SURVEY: "问卷", Noun.IMPROVEMENT: "改进项", Noun.REVISION: "修订", Noun.PERMISSION: "权限变更",
    Noun.VIOLATION: "违规", Noun.REWARD: "奖励", Noun.EVALUATION: "考评", Noun.TRAINING: "培训",
    Noun.DRILL: "演练", Noun.RECONCILIATION: "对账", Noun.ROTATION: "轮岗", Noun.DISPOSAL: "销毁",
}

STATES = {
    ItemState.FILED: "已登记", ItemState.PENDING: "审批中", ItemState.RETURNED: "已退回，待补充",
    ItemState.APPROVED: "已通过", ItemState.REJECTED: "已驳回", ItemState.WITHDRAWN: "已撤回",
    ItemState.OPEN: "待完成", ItemState.DONE: "已完成", ItemState.CANCELLED: "已取消",
    ItemState.CHECKING: "待验收", ItemState.PLANNED: "待召开", ItemState.RUNNING: "进行中",
    ItemState.ENDED: "待交纪要", ItemState.LAPSED: "未召开",
}

VERBS = {
    Verb.APPROVE: "同意", Verb.RETURN: "退回补充", Verb.REJECT: "驳回", Verb.WITHDRAW: "撤回",
    Verb.TAKE_BACK: "撤回决定", Verb.AMEND: "补充", Verb.REFILE: "重提", Verb.URGE: "催办", Verb.ASK: "提问",
    Verb.ANSWER: "答复", Verb.HASTEN: "加急", Verb.FILE: "提交", Verb.FORWARD: "转交", Verb.ADD: "加签",
    Verb.REMOVE: "减签", Verb.ATTACH: "附件", Verb.REASSIGN: "改派",
}

GRADES = {
    Grade.SPECIALIST: "专员", Grade.SUPERVISOR: "主管", Grade.DIRECTOR: "总监", Grade.EXECUTIVE: "高管",
}

ROLES = {
    Role.SUPERVISOR: "主管", Role.HEAD_BY_SUPERVISOR: "部门负责人，按四（一）代行", Role.HEAD: "部门负责人",
    Role.DIRECTOR: "总监", Role.FINANCE: "财务", Role.CEO: "总经理", Role.COUNTER: "复核签字人",
    Role.RECORDS: "业务记录部总监", Role.ADDED: "加签", Role.NAMED: "指定签字人",
}

_REHEARSAL = "演练"

# Control ID → the company's own chapter mark; users never read our IDs (policy.md, head).
_CHAPTERS = {
    "P": "总则", "1.1": "一（一）", "1.2": "一（二）", "2.1": "二（一）", "2.2": "二（二）", "3.1": "三（一）",
    "3.2": "三（二）", "4.1": "四（一）", "4.2": "四（二）", "5.1": "五（一）", "5.2": "五（二）",
    "6.1": "六（一）", "6.2": "六（二）", "7.1": "七（一）", "7.2": "七（二）", "8": "八",
}


def in_rehearsal(words: str) -> str:
    """Say that something belongs to a rehearsal; once is enough."""
    return words if words.startswith(_REHEARSAL) else f"{_REHEARSAL} · {words}"


def chapter(control: str) -> str:
    """Return the chapter mark of a control, e.g. 制度三（一）; "" for an empty ID."""
    if not control:
        return ""
    key = control.rstrip("abcdefgh") if control[0] != "P" else "P"
    return f"制度{_CHAPTERS[key]}"


def chapters(*controls: str) -> str:
    """Return several marks as one: 制度三（一）、四（一）."""
    marks = list(dict.fromkeys(chapter(control).removeprefix("制度") for control in controls))
    return "制度" + "、".join(marks)


def roles(names: tuple[Role, ...]) -> str:
    """Return roles as words joined by 、."""
    return "、".join(ROLES[name] for name in names)


def in_seat(name: str, acting_for: str) -> str:
    """Return a name, and for whom this person signs: 罗主管（代 苏主管）."""
    return f"{name}（代 {acting_for}）" if acting_for else name


def shortened(text: str, most: int) -> str:
    """Return text of at most `most` characters, the cut shown by …."""
    return text if len(text) <= most else text[: most - 1] + "…"
