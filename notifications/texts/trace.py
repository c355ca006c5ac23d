"""追溯: one event of an item's story in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from notifications.texts.moments import moment
from notifications.texts.words import in_rehearsal, shortened

PLAIN = {
    "approval.seated": "改由现在有权的人审批",
    "delegation.made": "登记委托",
    "leave.made": "登记休假",
    "absence.ended": "结束",
    "permission.requested": "申请权限变更",
    "permission.approved": "同意",
    "permission.rejected": "驳回",
    "permission.withdrawn": "撤回",
    "permission.in_force": "生效",
    "permission.failed": "未能生效",
    "person.left": "停用，权限即时终止",
    "work.handed_over": "转给接手人",
    "emergency.ordered": "下达紧急单，立即生效",
    "emergency.alarmed": "未补办的紧急单过多，报告高管",
    "emergency.filed": "发起补办审批",
    "emergency.ratified": "已补批，了结",
    "emergency.refused": "不予补批，转整改",
    "emergency.overdue": "逾期未补批",
    "emergency.climbed": "逐级上报",
    "rectification.opened": "开出整改",
    "rectification.done": "整改办结",
    "approval.withdrawn": "撤回",
    "approval.taken_back": "撤回刚才的签字",
    "approval.hastened": "加急",
    "attachment.added": "附上一个附件",
    "attachment.removed": "取下一个附件",
    "attachment.stored": "附件已加密存入",
    "attachment.failed": "附件未能存入，请重发",
    "permission.reminded": "提醒批准人",
}


def forwarded(who: str, _: str) -> str:
    """A seat given to somebody else."""
    return f"转交 {who} 审批"


def added(who: str, place: str) -> str:
    """Somebody asked to sign too."""
    where = {"before": "前", "alongside": "并", "after": "后"}.get(place, "")
    return f"加签 {who}（{where}）"


def removed(who: str, _: str) -> str:
    """An added signer taken off."""
    return f"取消 {who} 的加签"


def reassigned(who: str, _: str) -> str:
    """A seat given to somebody else by the system (2.1a)."""
    return f"原签字人不能签，按制度二（一）改由 {who} 审批"


def filed(subject: str, total: str, reason: str, order: Sequence[str], digest: str) -> str:
    """Filing a purchase."""
    return (
        f"提交：{shortened(subject, 60)}{' ' if total else ''}{total}，事由：{shortened(reason, 200)}；"
        f"签字顺序 {' → '.join(order)}；内容校验 {digest[:8]}"
    )


def refiled_from(number: str) -> str:
    """The older number it repeats."""
    return f"；由 {number} 重提"


def decided(verb: str, capacity: str, opinion: str, digest: str) -> str:
    """A signature."""
    word = {"approved": "同意", "returned": "退回补充", "rejected": "驳回"}[verb]
    said = f"：{shortened(opinion, 200)}" if opinion else ""
    return f"{word}（{capacity}）{said}；签于内容 {digest[:8]}"


def _told(changes: Sequence[tuple[str, str, str]]) -> str:
    return "；".join(
        f"{field} {shortened(old, 60) or '（空）'} → {shortened(new, 60) or '（空）'}" for field, old, new in changes
    )


def amended(revision: int, changes: Sequence[tuple[str, str, str]], order: Sequence[str]) -> str:
    """A returned purchase, completed."""
    return f"补充（第 {revision} 版）：{_told(changes)}；重新签字 {' → '.join(order)}"


def record_filed(fields: Sequence[tuple[str, str]], template_version: int) -> str:
    """Filing a record."""
    told = "；".join(f"{field}：{shortened(value, 100)}" for field, value in fields)
    return f"登记（模板第 {template_version} 版）：{told}"


def record_corrected(revision: int, changes: Sequence[tuple[str, str, str]], reason: str) -> str:
    """Correcting a record."""
    return f"更正（第 {revision} 版）：{_told(changes)}；原因：{shortened(reason, 100)}"


def urged(signer: str, times: int) -> str:
    """催办."""
    return f"催办 {signer}（当天第 {times} 次）"


def reminded(signer: str, times: int) -> str:
    """A reminder by the system."""
    return f"提醒 {signer}（第 {times} 次）"


def said(question: bool, words: str) -> str:
    """A question or an answer."""
    return f"{'问' if question else '答'}：{shortened(words, 300)}"


def task_opened(owner: str) -> str:
    """A task was given."""
    return f"转交 {owner} 执行"


def task_done(note: str) -> str:
    """A task was closed."""
    return f"办结：{shortened(note, 200)}"


def delivered(name: str) -> str:
    """A message reached the platform."""
    return f"已送达 {name}" if name else ""


def undelivered(name: str, *, unsure: bool) -> str:
    """A message that did not reach the platform, or of which that is not known."""
    if not name:
        return ""
    return f"不确定是否送达 {name}，等管理员处理" if unsure else f"未能送达 {name}"


def stuck(name: str) -> str:
    """A seat whose holder has left and that nobody can take."""
    return f"{name} 已离开，暂时没有人可以接签"


def waiting(name: str, capacity: str, *, first: bool) -> str:
    """A signer still to come."""
    return f"待签：{name}（{capacity}）{'，现在在这里' if first else ''}"


def anchored(at: datetime, events: int, digest: str, *, rehearsal: bool) -> str:
    """The chain's head of the day, kept where no operator can change it."""
    head = f"留痕存证 {moment(at)}"
    return (
        f"{in_rehearsal(head) if rehearsal else head}\n共 {events} 条，校验码 {digest[:16]}\n"
        "请保留这条消息：日后记录若被改动或删减，用它就能查出来。"
    )
