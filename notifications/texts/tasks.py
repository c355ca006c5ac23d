"""决议与任务: who promised what until when, and what became of it (4.2c, 4.2d, 4.2e)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from notifications.texts.moments import clock_time, moment, span, weekday
from notifications.texts.words import shortened
from policy.calendar import COMPANY_ZONE
from policy.terms import PromiseState, PromiseVerb

USAGE_DECISION = "决议 会议编号 内容 责任人=… 截止=…：登记决议并交办"
EXAMPLES_DECISION = ("决议 HY-20261201-0001 清理客户台账 责任人=许专员 截止=12月4日",)
USAGE_ACCEPT = "接受 编号：接受交给您的任务"
USAGE_COUNTER = "改期 编号 日期 理由：请求改任务的期限"
EXAMPLES_COUNTER = ("改期 RW-20261201-0001 12月8日 客户周五才到",)
USAGE_HARD = "有困难 编号 理由：任务有困难，请交办人定"
EXAMPLES_HARD = ("有困难 RW-20261201-0001 缺少仓库数据",)
USAGE_SETTLE = "裁定 编号 同意|维持|取消：对改期或困难作出决定"
EXAMPLES_SETTLE = ("裁定 RW-20261201-0001 同意", "裁定 RW-20261201-0001 维持")
USAGE_GIVE = "改派 编号 人：把任务交给另一个人"
EXAMPLES_GIVE = ("改派 RW-20261201-0001 许专员",)
USAGE_CONFIRM = "确认完成 编号：确认任务已办好"
USAGE_RATE = "履约 [人或部门] [月份]：决议按期完成的比例和未了结的任务"
EXAMPLES_RATE = ("履约", "履约 销售部", "履约 许专员 11月")

FIELD_OWNER, FIELD_DUE, FIELD_WHAT = "责任人", "截止", "内容"
FIELDS = (FIELD_OWNER, FIELD_DUE, FIELD_WHAT)
WORD_DECISION = "决议"
WHAT_MOST, REASON_MOST = 200, 500
SETTLE_WORDS = {
    "同意": PromiseVerb.AGREE, "同意改期": PromiseVerb.AGREE, "维持": PromiseVerb.KEEP, "不同意": PromiseVerb.KEEP,
    "取消": PromiseVerb.DROP,
}

SOURCE_OFFER, SOURCE_COUNTER, SOURCE_HARD = "任务 · 请答复", "任务 · 请求改期", "任务 · 有困难"
SOURCE_CHECK, SOURCE_DONE = "任务 · 待验收", "任务"
BUTTON_ACCEPT, BUTTON_COUNTER, BUTTON_HARD = "接受", "改期", "有困难"
BUTTON_AGREE, BUTTON_KEEP, BUTTON_GIVE, BUTTON_DROP = "同意改期", "维持原定", "改派", "取消任务"
BUTTON_CONFIRM, BUTTON_RETURN = "确认完成", "退回"
ROW_NUMBER, ROW_SOURCE, ROW_ASSIGNER, ROW_DUE, ROW_OWNER = "编号", "来自", "交办", "截止", "责任人"
ROW_ASKED, ROW_FINISHED, ROW_ATTACHED = "改到", "完成", "附件"

STATES = {
    PromiseState.OFFERED: "待接受", PromiseState.ACCEPTED: "办理中", PromiseState.COUNTERED: "请求改期",
    PromiseState.HARD: "有困难", PromiseState.CHECKING: "待验收", PromiseState.KEPT: "按期完成",
    PromiseState.LATE: "逾期完成", PromiseState.DROPPED: "已取消",
}
_OUTCOMES = {
    PromiseVerb.ACCEPT: "已接受", PromiseVerb.COUNTER: "已请求改期", PromiseVerb.REPORT: "已报困难",
    PromiseVerb.AGREE: "已同意改期", PromiseVerb.KEEP: "维持原定", PromiseVerb.GIVE: "已改派",
    PromiseVerb.DROP: "已取消", PromiseVerb.FINISH: "已报完成", PromiseVerb.CONFIRM: "已确认完成",
    PromiseVerb.SEND_BACK: "已退回",
}


def due_words(due_at: datetime | None) -> str:
    """Return "12月4日（周五）18:00"."""
    if due_at is None:
        return "未定"
    local = due_at.astimezone(COMPANY_ZONE)
    return f"{local.month}月{local.day}日（{weekday(local.date())}）{clock_time(due_at)}"


def state_words(state: PromiseState, moves: int, *, overdue: bool) -> str:
    """Return where a promise stands in a list."""
    moved = "，改过期" if moves else ""
    return f"{STATES[state]}{'，已逾期' if overdue else ''}{moved}"


def from_meeting(subject: str) -> str:
    """Return where a task comes from."""
    return f"{shortened(subject, 26)}决议"


def from_assigner(name: str) -> str:
    """Return where a task that was given on comes from."""
    return f"{name} 改派"


# --- decisions ------------------------------------------------------------------------------------------------------


def decided(decision: str, what: str, owner: str, due_at: datetime, task: str, accept_by: datetime) -> str:
    """Answer 决议."""
    return (
        f"已登记决议 {decision}：{what}\n责任人 {owner}，截止 {due_words(due_at)}。\n"
        f"任务 {task} 已交 {owner}，请其在 {moment(accept_by)} 前答复。"
    )


def decided_short(decision: str, what: str, owner: str, task: str) -> str:
    """One decision that the minutes held."""
    return f"决议 {decision} {shortened(what, 40)} 已交 {owner}（{task}）。"


def owner_missing(example: str) -> str:
    """A decision without an owner is refused (4.2c)."""
    return f"决议需要写明责任人（制度四（二）），尚未登记。请补上后发送：{example}"


def due_missing(example: str) -> str:
    """A decision without a date."""
    return f"决议需要写明截止日期，尚未登记。请补上后发送：{example}"


def what_missing(example: str) -> str:
    """A decision without words."""
    return f"请写明决议内容，尚未登记。例如：{example}"


def owner_many(typed: str) -> str:
    """A decision with several owners."""
    return f'责任人只能写一个人（收到的是"{shortened(typed, 30)}"），尚未登记。多人分工请分成几条决议。'


def due_unclear(typed: str, example: str) -> str:
    """No date was understood."""
    return f'没看懂截止日期"{shortened(typed, 20)}"，尚未登记。日期例如 12月4日、下周三、月底：{example}'


def due_past(due_at: datetime, example: str) -> str:
    """A date that has passed."""
    return f"截止日期 {due_words(due_at)} 已经过去，尚未登记。请改成以后的日期：{example}"


def decision_not_there(number: str, who: Sequence[str]) -> str:
    """Somebody who was not there decides nothing."""
    return f"您不在 {number} 的参会名单里，没有登记。决议请由 {'、'.join(who)} 登记。"


def owner_absent(name: str, until: str, deputy: str, example: str) -> str:
    """The owner is away."""
    hint = f"代理人是 {deputy}，" if deputy else ""
    return f"{name} 休假至 {until}，尚未登记。{hint}请改由在岗的人负责：{example}"


# --- the owner ------------------------------------------------------------------------------------------------------


def offer_words(title: str, accept_by: datetime | None) -> str:
    """What the card says below its rows."""
    until = f"请在 {moment(accept_by)} 前答复。" if accept_by is not None else ""
    return f"{shortened(title, 110)}\n{until}" if len(title) > 36 else until


def offer_summary(number: str, title: str, due_at: datetime | None) -> str:
    """One line for the morning summary."""
    return f"任务 {number} {shortened(title, 40)}，截止 {due_words(due_at)}，请答复"


def accepted(number: str, due_at: datetime | None) -> str:
    """Answer 接受."""
    return f'已接受 {number}，截止 {due_words(due_at)}。办好请发"完成 {number} 说明"，可附图片。'


def accepted_told(number: str, title: str, name: str) -> str:
    """Tell who assigned it."""
    return f'{name} 已接受任务 {number}"{shortened(title, 40)}"。'


def counter_usage(number: str) -> str:
    """How another date is asked for."""
    return f"请写新日期和理由，例如：改期 {number} 12月8日 客户周五才到"


def hard_usage(number: str) -> str:
    """How a difficulty is reported."""
    return f"请写明困难，例如：有困难 {number} 缺少仓库数据"


def countered(number: str, asked: datetime, assigner: str) -> str:
    """Answer 改期."""
    return f"已请 {assigner} 定：{number} 改到 {due_words(asked)}。定之前按原期限办。"


def hard(number: str, assigner: str) -> str:
    """Answer 有困难."""
    return f"已请 {assigner} 定：{number} 有困难。定之前按原期限办。"


def finished(number: str, assigner: str, late_seconds: int) -> str:
    """Answer 完成 of a task that is checked."""
    late = f"（比期限晚 {span(timedelta(seconds=late_seconds))}）" if late_seconds else ""
    return f"{number} 已报完成{late}，请 {assigner} 验收。10 分钟内发来的图片、文件会作为凭据附上。"


def reminder(number: str, title: str, due_at: datetime) -> str:
    """Before the date."""
    return f'提醒：任务 {number}"{shortened(title, 40)}"{due_words(due_at)} 到期。办好请发"完成 {number} 说明"。'


def overdue(number: str, title: str, due_at: datetime, told: str) -> str:
    """Tell the owner."""
    said = f"，已同步 {told}" if told else ""
    return f'任务 {number}"{shortened(title, 40)}"已逾期（{due_words(due_at)}）{said}。办好请发"完成 {number} 说明"。'


def overdue_told(number: str, title: str, owner: str, due_at: datetime) -> str:
    """Tell who assigned it, then the line."""
    return f'任务 {number}"{shortened(title, 40)}"逾期未完成，责任人 {owner}，应于 {due_words(due_at)} 前完成。'


def not_accepted(number: str, title: str, assigner: str) -> str:
    """Tell the owner after 24 hours."""
    return f'任务 {number}"{shortened(title, 40)}"已满 24 小时未接受，已同步 {assigner}。'


def not_accepted_told(number: str, title: str, owner: str) -> str:
    """Tell who assigned it, then the line."""
    return f'任务 {number}"{shortened(title, 40)}"已满 24 小时，{owner} 未接受。'


def not_settled(number: str, title: str, assigner: str) -> str:
    """Tell the assigner's line that a question waits."""
    return f'任务 {number}"{shortened(title, 40)}"的改期或困难已满 24 小时，{assigner} 未作决定。'


def settle_late(number: str, title: str, told: str) -> str:
    """Tell the assigner."""
    said = f"，已同步 {told}" if told else ""
    how = f"请发：裁定 {number} 同意，或：裁定 {number} 维持"
    return f'任务 {number}"{shortened(title, 40)}"等您决定已满 24 小时{said}。{how}'


def owner_left(number: str, title: str, owner: str) -> str:
    """Tell the assigner that the owner has left."""
    return f'任务 {number}"{shortened(title, 40)}"的责任人 {owner} 已离职，请改派：改派 {number} 人'


# --- the assigner ---------------------------------------------------------------------------------------------------


def question_words(reason: str) -> str:
    """The owner's reason on the card."""
    return f"理由：{shortened(reason, 140)}"


def question_summary(number: str, title: str, owner: str, countered_: bool) -> str:
    """One line for the morning summary."""
    return f"任务 {number} {shortened(title, 40)}：{owner} {'请求改期' if countered_ else '有困难'}，请决定"


def check_words(note: str) -> str:
    """The owner's note on the card."""
    return f"说明：{shortened(note, 140)}"


def check_summary(number: str, title: str, owner: str) -> str:
    """One line for the morning summary."""
    return f"任务 {number} {shortened(title, 40)}：{owner} 报完成，请验收"


def finished_words(at: datetime | None, late_seconds: int) -> str:
    """When it was finished, and how late."""
    if at is None:
        return "未完成"
    return f"{moment(at)}{f'，晚 {span(timedelta(seconds=late_seconds))}' if late_seconds else ''}"


def attached_count(count: int) -> str:
    """How many files prove it."""
    return f"{count} 个" if count else "无"


def settled(number: str, verb: PromiseVerb, owner: str, due_at: datetime | None) -> str:
    """Answer a settlement."""
    return f"{number} {_OUTCOMES[verb]}（截止 {due_words(due_at)}），已告知 {owner}。"


def settled_told(number: str, title: str, verb: PromiseVerb, name: str, due_at: datetime | None, reason: str) -> str:
    """Tell the owner what was settled."""
    why = f"：{shortened(reason, 150)}" if reason else ""
    end = "" if verb in (PromiseVerb.DROP, PromiseVerb.GIVE) else f"，截止 {due_words(due_at)}"
    return f'任务 {number}"{shortened(title, 40)}"{name} {_OUTCOMES[verb]}{end}{why}。'


def settle_usage(number: str) -> str:
    """裁定 without a word that decides."""
    return f"请写明决定，例如：裁定 {number} 同意，或：裁定 {number} 维持，或：裁定 {number} 取消。没有改动。"


def given(number: str, owner: str) -> str:
    """Answer 改派."""
    return f"{number} 已改派 {owner}，请其在 24 小时内答复。"


def give_usage(number: str) -> str:
    """改派 without a name."""
    return f"请写明改派给谁，例如：改派 {number} 许专员"


def return_usage(number: str) -> str:
    """退回 without a reason."""
    return f"退回要写理由，没有改动。例如：退回 {number} 缺少验收单"


def confirmed(number: str, owner: str, late_seconds: int) -> str:
    """Answer 确认完成."""
    how = f"逾期完成，晚 {span(timedelta(seconds=late_seconds))}" if late_seconds else "按期完成"
    return f"{number} 已确认完成（{how}），已告知 {owner}。"


def confirmed_told(number: str, title: str, name: str, late_seconds: int) -> str:
    """Tell the owner."""
    how = f"逾期完成，晚 {span(timedelta(seconds=late_seconds))}" if late_seconds else "按期完成"
    return f'任务 {number}"{shortened(title, 40)}"{name} 已确认完成（{how}）。'


def returned(number: str, owner: str) -> str:
    """Answer 退回."""
    return f"{number} 已退回 {owner} 继续办理。"


def returned_told(number: str, title: str, name: str, reason: str) -> str:
    """Tell the owner."""
    how = f'办好请再发"完成 {number} 说明"。'
    return f'任务 {number}"{shortened(title, 40)}"{name} 退回：{shortened(reason, 200)}。{how}'


def outcome(verb: PromiseVerb, name: str, at: datetime) -> str:
    """The outcome on a card."""
    return f"{_OUTCOMES[verb]} · {name} · {moment(at)}"


def stands(state: PromiseState, owner: str, assigner: str) -> str:
    """Where a task stands and who has it."""
    waits = {
        PromiseState.OFFERED: owner, PromiseState.ACCEPTED: owner, PromiseState.COUNTERED: assigner,
        PromiseState.HARD: assigner, PromiseState.CHECKING: assigner,
    }.get(state)
    return f"{STATES[state]}{f'，现在在 {waits} 处' if waits else ''}"


# --- refusals -------------------------------------------------------------------------------------------------------


def closed(number: str, state: PromiseState, at: datetime | None) -> str:
    """It is over."""
    when = f"（{moment(at)}）" if at is not None else ""
    return f"{number} {STATES[state]}{when}，没有改动。"


def already(number: str, state: PromiseState) -> str:
    """The same act twice."""
    return f'{number} 现在已是"{STATES[state]}"，无需再处理。'


def not_now(number: str, state: PromiseState) -> str:
    """Not in this state."""
    return f'{number} 现在是"{STATES[state]}"，不能这样处理，没有改动。'


def not_owner(number: str, owner: str) -> str:
    """Somebody else's task."""
    return f"{number} 由 {owner} 负责，没有改动。"


def not_assigner(number: str, assigner: str) -> str:
    """Somebody else decides."""
    return f"{number} 由 {assigner} 交办，请其决定，没有改动。"


def date_past(number: str, at: datetime | None) -> str:
    """Another date that has passed."""
    said = f"（{due_words(at)}）" if at is not None else ""
    return f"新日期{said}已经过去，没有改动。请改成以后的日期，例如：改期 {number} 下周五 理由"


def date_same(number: str, at: datetime | None) -> str:
    """The date it has already."""
    return f"{number} 的期限就是 {due_words(at)}，没有改动。"


def date_unclear(number: str, typed: str) -> str:
    """No date was understood."""
    return f'没看懂新日期"{shortened(typed, 20)}"，没有改动。例如：改期 {number} 12月8日 客户周五才到'


def same_owner(number: str, owner: str) -> str:
    """Given to whom has it."""
    return f"{number} 本来就由 {owner} 负责，没有改动。"


# --- kept promises --------------------------------------------------------------------------------------------------


def rate(who: str, period: str, on_time: int, late: int, not_done: int, moved: int, ahead: int, per_mille: int | None,
         rows: Sequence[str]) -> str:
    """Show a kept-promise rate with what it rests on."""
    share = "还没有到期的任务" if per_mille is None else f"按期完成 {per_mille / 10:.1f}%"
    lines = [
        f"{who} {period}履约：{share}",
        f"按期 {on_time}，逾期完成 {late}，逾期未完成 {not_done}；改过期 {moved}，未到期 {ahead}",
        *rows,
    ]
    return "\n".join(lines)


def rate_words(per_mille: int | None) -> str:
    """A rate in a table."""
    return "无到期" if per_mille is None else f"{per_mille / 10:.1f}%"


def rate_unknown(typed: str) -> str:
    """Neither a person, a department nor a month."""
    return f'没看懂"{shortened(typed, 20)}"。例如：履约、履约 销售部、履约 许专员 11月'


def rate_refused(who: str) -> str:
    """Rates of others are for those above them."""
    return f"{who} 的履约情况只有本人、上级和业务记录部可以看（制度二（一））。您的请发：履约"


# --- the list -------------------------------------------------------------------------------------------------------

WAITS_ACCEPT, WAITS_SETTLE, WAITS_CHECK = "待您接受", "待您决定", "待您验收"


def hint_accept(number: str) -> str:
    """What to do with an offer."""
    return f'请发"接受 {number}"，或"改期 {number} 日期 理由"，或"有困难 {number} 理由"。'


def hint_settle(number: str) -> str:
    """What to do with a question about a task."""
    return f'请发"裁定 {number} 同意"，或"裁定 {number} 维持"，或"改派 {number} 人"。'


def hint_check(number: str) -> str:
    """What to do with a task that is said to be done."""
    return f'办好了请发"确认完成 {number}"，没办好请发"退回 {number} 理由"。'
