"""修订: a figure of the policy is changed by a revision, its effect shown on past filings first (P.2, 8e)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from notifications.texts.moments import moment, plain_day
from notifications.texts.sums import figures as money
from notifications.texts.words import shortened
from policy.figures import MONEY

USAGE = "修订 项目=新值 [起=日期] 理由=…：提出修订制度里的一项数字；只发修订看现在的"
EXAMPLES = ("修订", "修订 总监审批起点=10万 理由=业务规模扩大", "修订 XD-20261123-0001")
# What a revision in chat may change; the other figures are the administrator's, in the settings file.
NAMES: Mapping[str, str] = {
    "director_from": "总监审批起点", "department_signature": "部门签字", "emergency_cap": "紧急先办上限",
    "ratify_hours": "补办时限", "open_debts": "未补办上限", "minutes_hours": "纪要时限", "climb_hours": "逾期上报间隔",
    "accept_hours": "任务接受时限", "reminder_after_hours": "审批提醒",
    "reminders_before_superior": "提醒几次后告知上级",
    "urges_per_item": "每件每天催办", "urges_per_signer": "每人每天被催", "take_back_minutes": "撤回签字时限",
    "stand_in_after_hours": "缺席几小时后请上级", "batch_from": "合签起点", "batch_single_most": "合签单笔上限",
    "digest_at": "周报时间", "weekly_meeting_at": "周会时间", "alarm_step_minutes": "告警每级等待",
    "alarm_wake_minutes": "告警再次提醒", "notice_reminder_hours": "通知提醒", "small_group": "群发确认人数",
    "usual_multiple": "大额确认倍数", "key_process_target": "模板覆盖目标",
}
_UNITS: Mapping[str, str] = {
    "ratify_hours": "小时", "open_debts": "件", "minutes_hours": "小时", "climb_hours": "小时", "accept_hours": "小时",
    "reminder_after_hours": "个工作小时", "reminders_before_superior": "次", "urges_per_item": "次",
    "urges_per_signer": "次", "take_back_minutes": "分钟", "stand_in_after_hours": "个工作小时", "batch_from": "件",
    "alarm_step_minutes": "分钟", "alarm_wake_minutes": "分钟", "notice_reminder_hours": "个工作小时",
    "small_group": "人", "usual_multiple": "倍", "key_process_target": "%",
}
CHOICES: Mapping[str, str] = {"按金额": "by_amount", "由部门负责人": "always_head"}
_CHOICE_WORDS = {value: word for word, value in CHOICES.items()}
REASON, SINCE = "理由", "起"
SOURCE, SOURCE_DONE, REHEARSAL = "制度修订 · 待您批准", "制度修订 · 已处理", "演练 · "
ROW_NUMBER, ROW_FIGURE, ROW_OLD, ROW_NEW, ROW_SINCE, ROW_BY = "编号", "项目", "现在", "改为", "生效", "提出"
BUTTON_APPROVE, BUTTON_REJECT = "同意", "驳回"
REASON_TITLE = "原因（驳回时选）"
REASONS = (
    ("none", "请选择"), ("effect", "影响过大"), ("basis", "依据不足"), ("time", "时机不合适"),
    ("other", "其他（发文字说明）"),
)
WAITS = "待您批准"
AT_ONCE = "批准后立即"


def name_of(figure: str) -> str:
    """Return the company's word for a figure."""
    return NAMES.get(figure, figure)


def value_of(figure: str, value: int | str) -> str:
    """Return a figure's value as people read it."""
    if figure in MONEY and isinstance(value, int):
        return money(value)
    if isinstance(value, str):
        return _CHOICE_WORDS.get(value, value)
    return f"{value}{_unit(figure)}"


def _unit(figure: str) -> str:
    unit = _UNITS.get(figure, "")
    return f" {unit}" if unit and unit != "%" else unit


def current(version: int, since: datetime, rows: Sequence[tuple[str, int | str]]) -> str:
    """Show the figures in force."""
    lines = [f"现行制度第 {version} 版（{moment(since)} 起）："]
    lines += [f"{name_of(figure)}：{value_of(figure, value)}" for figure, value in rows]
    lines.append(f"提出修订请发：{EXAMPLES[1]}")
    return "\n".join(lines)


def unknown_figure(typed: str, near: Sequence[str]) -> str:
    """No figure of that name."""
    quoted = "或".join(f'"{name}"' for name in near)
    hint = f"您是要改{quoted}吗？" if near else ""
    return f'没有"{typed}"这一项，没有提交。{hint}发"修订"看全部项目。'


def missing(lack: Sequence[str], example: str) -> str:
    """What is still to be said; the example holds only what was typed."""
    return f"还缺{'、'.join(lack)}，没有提交。请补上后发送：\n{example}"


def several(names: Sequence[str]) -> str:
    """One revision changes one figure."""
    return f"一次修订只改一项（收到 {'、'.join(names)}），没有提交。请分开提出。"


def unreadable(figure: str, typed: str) -> str:
    """The value is none of this figure's kind."""
    if figure in MONEY:
        kind = "金额，例如 10万"
    elif figure == "department_signature":
        kind = "、".join(CHOICES)
    elif figure.endswith("_at"):
        kind = "时间，例如 09:00"
    else:
        kind = f"整数，例如 5{_unit(figure)}"
    return f"{name_of(figure)}要写成{kind}（收到的是 {typed}），没有提交。"


def out_of_range(figure: str, typed: str) -> str:
    """The value makes no sense."""
    return f"{name_of(figure)}不能是 {typed}，没有提交。"


def same(figure: str, value: int | str) -> str:
    """Nothing would change."""
    return f"{name_of(figure)}现在就是 {value_of(figure, value)}，无需修订。"


def past(day: date) -> str:
    """A revision holds from now or later."""
    return f"{plain_day(day)} 已过，修订只能从今天或以后生效，没有提交。"


def unreadable_day(typed: str) -> str:
    """The day was not understood."""
    return f'没看懂生效日期"{typed}"，没有提交。请写成 起=2027-01-01 或 起=下周一。'


def not_yours(director: str) -> str:
    """Who may propose."""
    return f"修订由业务记录部主管以上提出（制度二（一）），没有提交。有建议请告诉 {director}。"


def nobody_to_approve() -> str:
    """The seat is empty."""
    return "现在没有可以批准修订的人（业务记录部总监、总经理都空缺），没有提交。请先补上人员。"


def pending(number: str, figure: str) -> str:
    """One revision of a figure at a time."""
    return f"{name_of(figure)}已有修订 {number} 在等批准，没有重复提交。"


def effect(days: int, count: int, differing: int, more: int, fewer: int, fen: int) -> str:
    """Say what the change would have done to past filings."""
    if not count:
        return f"近 {days} 天没有可以对照的单据"
    if not differing:
        return f"近 {days} 天 {count} 单的签字顺序都不受影响"
    return (
        f"近 {days} 天 {count} 单中 {differing} 单签字顺序会不同：多签 {more} 次、少签 {fewer} 次，涉及 {money(fen)}"
    )


def drifted(count: int) -> str:
    """Name apart what comes from the program rather than from the figure."""
    return f"另有 {count} 单因程序更新已与当时不同，不计在内"


def proposed(number: str, figure: str, old: int | str, new: int | str, since: str, told: str, approver: str) -> str:
    """Answer the proposer."""
    return (
        f"已提出修订 {number}\n{name_of(figure)}：{value_of(figure, old)} → {value_of(figure, new)}\n生效：{since}\n"
        f"{told}。\n现在由 {approver} 批准。撤回请发\"撤回 {number}\"。"
    )


def since_words(day: date | None) -> str:
    """Return from when a revision would hold."""
    return AT_ONCE if day is None else f"{plain_day(day)} 00:00"


def card_source(rehearsal: bool, done: bool = False) -> str:
    """Return the card's source line."""
    return f"{REHEARSAL if rehearsal else ''}{SOURCE_DONE if done else SOURCE}"


def card_text(reason: str, told: str) -> str:
    """Return the card's text."""
    return f"{told}\n理由：{reason}"


def outcome(approved: bool, name: str, at: datetime, reason: str) -> str:
    """Return what a settled card says."""
    return f"{'已批准' if approved else '已驳回'} · {name} · {moment(at)}" + (f"\n原因：{reason}" if reason else "")


def withdrawn_face(name: str, at: datetime) -> str:
    """Return what the card says once it was withdrawn."""
    return f"已撤回 · {name} · {moment(at)}"


def approved_told(number: str, figure: str, version: int, since: datetime, by: str) -> str:
    """Tell the proposer."""
    return f"{number} {name_of(figure)}的修订已由 {by} 批准，制度第 {version} 版 {moment(since)} 起生效。"


def rejected_told(number: str, figure: str, by: str, reason: str) -> str:
    """Tell the proposer."""
    return f"{number} {name_of(figure)}的修订未通过：{by} 驳回，原因：{reason}。"


def notice(version: int, figure: str, old: int | str, new: int | str, since: datetime, number: str) -> str:
    """Publish a new version to everybody."""
    return (
        f"制度第 {version} 版：{name_of(figure)}由 {value_of(figure, old)} 改为 {value_of(figure, new)}，"
        f"{moment(since)} 起生效（{number}）。生效前已提交的单据按原版办理。"
    )


def reason_missing(number: str) -> str:
    """A rejection without a reason changes nothing."""
    return f'请先在"原因"里选一项再点驳回，或直接发：驳回 {number} 理由'


def not_the_approver(number: str, approver: str) -> str:
    """Somebody else decides."""
    return f"{number} 由 {approver} 批准，您这次的操作没有生效。"


def closed(number: str, approved: bool | None, name: str, at: datetime) -> str:
    """It was decided before; None: withdrawn."""
    word = "撤回" if approved is None else ("批准" if approved else "驳回")
    return f"{number} 已由 {name} 于 {moment(at)} {word}，无需再处理。"


def trace(act: str, facts: Mapping[str, object], reason: str) -> str:
    """Return one event of a revision's story; `reason`: of a rejection."""
    if act == "revision.proposed":
        figure = str(facts["figure"])
        old, new = (value if isinstance(value, int) else str(value) for value in (facts["old"], facts["new"]))
        return f"提出修订：{name_of(figure)} {value_of(figure, old)} → {value_of(figure, new)}"
    if act == "revision.approved":
        return f"批准，{moment(datetime.fromisoformat(str(facts['since'])))} 起为制度第 {facts['version']} 版"
    if act == "revision.reasoned":
        return f"驳回的原因：{shortened(reason, 200)}" if reason else ""
    if act == "revision.reminded":
        return f"提醒批准人（第 {facts['times']} 次）"
    return {"revision.rejected": "驳回", "revision.withdrawn": "撤回"}.get(act, "")


def withdrawn(number: str) -> str:
    """Answer the proposer who took it back."""
    return f"{number} 已撤回，制度没有改动。"


def reminder(number: str, figure: str, proposer: str) -> str:
    """Remind who decides."""
    what = f"修订 {number}（{name_of(figure)}，{proposer} 提出）"
    return f'{what}还在等您批准。请发"同意 {number}"或"驳回 {number} 理由"。'


def status(number: str, figure: str, old: int | str, new: int | str, state: str, told: str, reason: str) -> str:
    """Show one revision."""
    return (
        f"修订 {number}（{state}）\n{name_of(figure)}：{value_of(figure, old)} → {value_of(figure, new)}\n"
        f"理由：{reason}\n{told}"
    )


STATES = {"pending": "待批准", "approved": "已批准", "rejected": "已驳回", "withdrawn": "已撤回"}
