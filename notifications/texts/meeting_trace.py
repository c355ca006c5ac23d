"""追溯 of meetings, minutes, decisions and tasks: one event in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from notifications.texts.meeting_keepers import minutes_traced, nobody_traced, traced
from notifications.texts.moments import moment, moment_to_the_second, span
from notifications.texts.tasks import STATES
from policy.meeting_keepers import Keeping, Why
from policy.terms import PromiseState

Names = Mapping[str, str]
Moments = Mapping[str, datetime]
Facts = Mapping[str, Any]

PLAIN = {
    "meeting.begun": "宣布会议开始",
    "meeting.attended": "签到",
    "meeting.agenda": "加入一个议题",
    "meeting.changed": "更改会议",
    "meeting.cancelled": "取消会议",
    "meeting.lapsed": "没有人宣布开始，记为未召开",
    "meeting.pack": "生成经营数据包",
    "meeting.pack_sent": "经营数据包已发给参会人",
    "minutes.objected": "对纪要提出异议",
    "minutes.confirmed": "确认纪要",
    "task.accepted": "接受任务",
    "task.hard": "报告困难",
    "task.kept_as_is": "维持原定",
    "task.dropped": "取消任务",
    "task.finished": "报完成",
    "task.returned": "退回继续办理",
    "task.reminded": "到期前提醒责任人",
}


def _late(facts: Facts) -> str:
    seconds = int(facts.get("late_seconds", 0))
    return f"，比时限晚 {span(timedelta(seconds=seconds))}（{seconds} 秒）" if seconds else "，按时"


SPOKEN: Mapping[str, Callable[[Names, Moments, Facts], str]] = {
    "meeting.opened": lambda names, at, facts: f"安排会议，{moment(at['starts_at'])}，参会 {facts['people']} 人",
    "meeting.invited": lambda names, at, facts: f"邀请 {len(facts['people'])} 人",
    "meeting.answered": lambda names, at, facts: "答复参加" if facts["answer"] == "yes" else "答复不能参加",
    "meeting.asked": lambda names, at, facts: f"问主持人是否结束，{moment(at['limit_at'])} 自动结束",
    "meeting.extended": lambda names, at, facts: f"延到 {moment(at['limit_at'])}",
    "meeting.chair_replaced": lambda names, at, facts: traced(
        Keeping.CHAIR, names["was"], names["now"], Why(facts["why"]), str(facts["under"])
    ),
    "meeting.taker_replaced": lambda names, at, facts: traced(
        Keeping.TAKER, names["was"], names["now"], Why(facts["why"]), str(facts["under"])
    ),
    "meeting.unkept": lambda names, at, facts: nobody_traced(
        str(facts["keeping"]), names["was"], Why(facts["why"]), str(facts["under"])
    ),
    "minutes.passed_on": lambda names, at, facts: minutes_traced(
        names["was"], names["now"], Why(facts["why"]), str(facts["under"])
    ),
    "meeting.ended": lambda names, at, facts: (
        f"会议结束（{moment_to_the_second(at['ended_at'])}），到会 {len(facts['here'])}/{facts['people']} 人，"
        f"纪要由 {names['owes']} 负责，时限 {moment(at['due_at'])}"
    ),
    "meeting.end_corrected": lambda names, at, facts: (
        f"更正结束时间：{moment_to_the_second(at['first'])} → {moment_to_the_second(at['ended_at'])}"
    ),
    "meeting.reviewed": lambda names, at, facts: (
        f"回顾上次以来的决议：按期 {facts['kept']}，逾期 {facts['late']}，改期 {facts['moved']}，未完成 {facts['open']}"
    ),
    "minutes.reminded": lambda names, at, facts: f"提醒 {names['owes']}（还有 {facts['minutes_left']} 分钟）",
    "minutes.overdue": lambda names, at, facts: (
        f"纪要逾期，负责人 {names['owes']}，应于 {moment_to_the_second(at['due_at'])} 前提交"
    ),
    "minutes.climbed": lambda names, at, facts: f"将于 {moment(at['tell_at'])} 告知 {names['superior']}",
    "minutes.escalated": lambda names, at, facts: f"已告知上级 {names['superior']}",
    "minutes.given": lambda names, at, facts: f"提交纪要{_late(facts)}；内容校验 {str(facts['digest'])[:8]}",
    "minutes.revised": lambda names, at, facts: f"更新纪要（第 {facts['revision']} 版）",
    "minutes.confirmation_closed": lambda names, at, facts: (
        f"纪要确认截止：确认 {facts['confirmed']}，异议 {facts['objections']}，未答复 {facts['silent']}"
    ),
    "decision.registered": lambda names, at, facts: f"登记决议，责任人 {names['owner']}，截止 {moment(at['due_at'])}",
    "decision.closed": lambda names, at, facts: f"任务 {facts['task']} {STATES[PromiseState(facts['outcome'])]}",
    "task.not_accepted": lambda names, at, facts: f"已满 24 小时，{names['owner']} 未接受",
    "task.not_settled": lambda names, at, facts: f"已满 24 小时，{names['assigner']} 未作决定",
    "task.countered": lambda names, at, facts: f"请求改期到 {moment(at['asked'])}",
    "task.moved": lambda names, at, facts: f"同意改期到 {moment(at['due_at'])}",
    "task.given": lambda names, at, facts: f"改派 {names['owner']}",
    "task.overdue": lambda names, at, facts: f"逾期，责任人 {names['owner']}，应于 {moment(at['due_at'])} 前完成",
    "task.escalated": lambda names, at, facts: f"已告知 {names['superior']}",
    "task.owner_left": lambda names, at, facts: f"责任人 {names['owner']} 已离职，请 {names['assigner']} 改派",
    "task.judged": lambda names, at, facts: (
        f"计入履约：{STATES[PromiseState(facts['outcome'])]}"
        + (f"，晚 {span(timedelta(seconds=int(facts['late_seconds'])))}" if facts.get("late_seconds") else "")
    ),
}
