"""采购: from filing to the end. The tone and the samples are the company's (voice)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from notifications import limits
from notifications.texts.moments import clock_time, day_of, moment, moment_with_weekday, span
from notifications.texts.sums import both_ways, figures
from notifications.texts.words import ROLES, STATES, in_rehearsal, shortened
from policy.chains import Mode, Role
from policy.terms import ItemState, Verb

USAGE = "采购 物品 金额 事由：提交采购，系统按制度安排签字"
EXAMPLES = (
    "采购 服务器 3.5万 扩容", "采购 显示器 单价=2000 数量=4 事由=新员工用", "采购 打印纸 300元 日常消耗 供应商=晨光",
)
REASONS = (
    ("none", "请选择"), ("amount", "金额有误"), ("basis", "依据不足"), ("budget", "不在预算内"),
    ("duplicate", "重复申请"), ("other", "其他（发文字说明）"),
)
REASON_TITLE = "原因（退回、驳回时选）"
USAGE_CONFIRM = "确认发送：确认刚才预览的内容"
NOTHING_TO_CONFIRM = "现在没有等您确认的内容。"
FIELD_SUBJECT, FIELD_REASON, FIELD_SUPPLIER, FIELD_SUM = "物品", "事由", "供应商", "金额"
FIELD_NAMES = {
    "物品": "subject", "名称": "subject", "品名": "subject", "金额": "fen", "总价": "fen", "总额": "fen",
    "事由": "reason", "理由": "reason", "原因": "reason", "用途": "reason", "供应商": "supplier",
    "单价": "unit_fen", "数量": "quantity",
}
FIELD_WORDS = {
    "subject": "物品", "fen": "金额", "reason": "事由", "supplier": "供应商", "unit_fen": "单价", "quantity": "数量",
    "measure": "单位", "note": "说明", "purchase": "采购单", "attached": "附件",
}
ROW_NUMBER, ROW_SUM, ROW_CAPITALS, ROW_ORDER, ROW_BASIS, ROW_ATTACHED = "编号", "金额", "大写", "顺序", "依据", "附件"
BUTTON_APPROVE, BUTTON_RETURN, BUTTON_REJECT = "同意", "退回补充", "驳回"


def headline(number: str) -> str:
    """Return the first line of the answer to a filed purchase."""
    return f"已提交采购 {number}"


def filed(
    first_line: str, number: str, subject: str, fen: int, reason: str, order: Sequence[str], first: str, urges: int,
    notes: Sequence[str] = (),
) -> str:
    """Return the answer to a filed purchase; `order` are the signers' names."""
    lines = [
        first_line,
        f"{shortened(subject, 80)} · {both_ways(fen)}",
        f"事由：{shortened(reason, 200)}",
        f"签字顺序：{' → '.join(order)}",
        f"现在由 {first} 审批。",
        *notes,
        f'撤回请发"撤回 {number}"，提醒请发"催办 {number}"（每天最多 {urges} 次）。',
    ]
    return "\n".join(lines)


def note_merged(name: str, roles: Sequence[Role]) -> str:
    """Say that one person signs once for several roles."""
    return f"{name} 兼{'、'.join(_short_role(role) for role in roles)}，只签一次。"


def note_climbed(instead: str) -> str:
    """Say that nobody signs their own and who does instead."""
    return f"本人不签自己的单，该步改由 {instead} 签（制度四（一））。"


def note_counter(name: str) -> str:
    """Say why the counter-signer is there."""
    return f"为满两人签字，由复核签字人 {name} 加签（制度四（一））。"


def note_total(fen: int, subject: str, quantity: int) -> str:
    """Say that a bare sum beside a quantity was taken as the total."""
    return f"金额按总价 {figures(fen)} 理解；如是单价，请撤回后发：采购 {subject} 单价=… 数量={quantity} 事由=…"


def note_held(first: str, when: datetime, rest_day: bool, number: str) -> str:
    """Say when somebody quiet will get it."""
    why = "今天是休息日" if rest_day else "现在是非工作时间"
    return f'{why}，{first} 会在 {moment_with_weekday(when)} 收到。急事请发"加急 {number}"。'


def _short_role(role: Role) -> str:
    return "部门负责人" if role is Role.HEAD_BY_SUPERVISOR else ROLES[role]


# --- what cannot be filed -------------------------------------------------------------------------------------------


def amount_only_total(fen: int, example: str) -> str:
    """Say that the sum was taken as the total; the example holds what was typed."""
    return f"按总价 {figures(fen)} 理解；如是单价请发：{example}"


def understood_sum(fen: int) -> str:
    """Say how the sum was understood."""
    return f"金额按 {figures(fen)} 理解"


def amount_not_clear(got: str, example: str) -> str:
    """Refuse a sum that could mean more than one."""
    return f'金额"{shortened(got, 30)}"看不准，没有提交。请改为：{example}'


def unknown_field(field: str) -> str:
    """Refuse a field that a purchase has not."""
    return f'采购没有"{shortened(field, 20)}"这一项，没有提交。可以写：物品、金额、事由、供应商、单价、数量。'


def empty_purchase() -> str:
    """采购 alone."""
    return "请写明物品、金额和事由，例如：\n采购 服务器 3.5万 扩容"


def amount_unclear(got: str, example: str) -> str:
    """Refuse a sum that cannot be read."""
    return f'"{shortened(got, 30)}"不像金额，没有改动。请改为：{example}'


def quantity_unclear(got: str, example: str) -> str:
    """Refuse a quantity that cannot be read."""
    return f'"{shortened(got, 30)}"不像数量，没有提交。请改为：{example}'


def change_quantity_unclear(got: str, example: str) -> str:
    """Refuse to change a quantity to what cannot be read."""
    return f'"{shortened(got, 30)}"不像数量，没有改动。请改为：{example}'


def amount_not_positive(got: str, example: str) -> str:
    """Refuse a sum of nothing or less."""
    return f"金额须大于 0（收到的是 {shortened(got, 30)}），没有提交。请改为：{example}"


def change_not_positive(got: str, example: str) -> str:
    """Refuse to change a sum to nothing or less."""
    return f"金额须大于 0（收到的是 {shortened(got, 30)}），没有改动。请改为：{example}"


def amount_too_large(got: str, example: str) -> str:
    """Refuse a sum nobody can mean."""
    return f"金额过大（收到的是 {shortened(got, 30)}），没有提交。请核对后改为：{example}"


def amount_too_fine(got: str, example: str) -> str:
    """Refuse more than two decimals."""
    return f"金额最多到分（收到的是 {shortened(got, 30)}），没有提交。请改为：{example}"


def amount_ambiguous(options: Sequence[str], example: str) -> str:
    """Refuse to guess between two sums."""
    return f"看到不止一个金额（{'、'.join(shortened(one, 20) for one in options)}），没有提交。请写明：{example}"


def missing(parts: Sequence[str], understood: str, example: str) -> str:
    """Say what is missing; the example holds only what was typed."""
    known = f"{understood}，" if understood else ""
    named = "、".join(parts)
    return f"{known}还缺{named}，没有提交。\n请补上{named}后发送：\n{example}"


def too_long(part: str, most: int) -> str:
    """Refuse a field that is too long."""
    return f"{part}最多 {most} 字，没有提交。请精简后再发，细节可以发文件附上。"


def no_way(role: str, mender: str) -> str:
    """Refuse to file where a seat is empty; name who can mend it."""
    who = f"请联系 {mender} 补上" if mender else "请联系管理员补上"
    return f'没有提交：现在没有人能签"{role}"这一步（制度四（一））。{who}，补上后再发一次即可。'


def unusual(subject: str, fen: int, usual: int) -> str:
    """Show a preview of a sum far above the usual."""
    return (
        f"请确认：{shortened(subject, 80)} · {both_ways(fen)}\n"
        f"比您平时的采购（平均 {figures(usual)}）高出很多，还没有提交。\n"
        '确认请发"确认发送"，要改请发"修改"。'
    )


# --- steps ----------------------------------------------------------------------------------------------------------


def step_approved(
    number: str, name: str, role: str, opinion: str, next_name: str, done: int, total: int
) -> str:
    """Tell the applicant about one signature."""
    said = f"，意见：{shortened(opinion, 200)}" if opinion else ""
    return f"{number} {name} 已同意（{role}）{said}，现在由 {next_name} 审批（{done}/{total}）。"


def passed(
    number: str, took: timedelta, signed: Sequence[tuple[str, datetime]], buyer: str | None
) -> str:
    """Tell the applicant that everything is signed; `signed` are names and instants in order."""
    days: dict[str, list[str]] = {}
    for name, at in signed:
        days.setdefault(day_of(at), []).append(f"{name} {clock_time(at)}")
    told = "；".join(f"{day}：{'、'.join(names)}" for day, names in days.items())
    handed = f"已转 {buyer} 执行采购。" if buyer else "采购部暂无负责人，请联系管理员安排执行。"
    return f"{number} 已通过，用时 {span(took)}。{told}。{handed}"


def rejected(number: str, name: str, reason: str) -> str:
    """Tell the applicant that it did not pass."""
    return (
        f"{number} 未通过：{name} 驳回，原因：{shortened(reason, 300)}。\n"
        f'修改后可重新提交，发"重提 {number}"，原内容已保留。'
    )


def returned(number: str, name: str, reason: str, labels: str) -> str:
    """Tell the applicant what to add."""
    return (
        f"{number} {name} 退回补充，原因：{shortened(reason, 300)}。\n"
        f'补好请发"补充 {number} 事由=…"（{labels}都可以改），会按新内容重新签字；不办了请发"撤回 {number}"。'
    )


def copy_for_head(number: str, applicant: str, subject: str, fen: int, signer: str) -> str:
    """Tell the head what the supervisor signs on the head's behalf (3.1a)."""
    return (
        f"抄送：{applicant} 提交采购 {number} {shortened(subject, 80)} {figures(fen)}，"
        f'部门一签由 {signer} 按制度四（一）代行，您无需操作。要看经过请发"追溯 {number}"。'
    )


def task_to_buy(task: str, number: str, subject: str, fen: int, applicant: str, department: str) -> str:
    """Give the procurement head the task."""
    return (
        f"采购任务 {task}：{shortened(subject, 80)} {figures(fen)}\n"
        f"来自 {number}（{department} {applicant}），签字已齐，请执行采购。\n"
        f'办好请发"完成 {task} 说明"，要看经过请发"追溯 {number}"。'
    )


def task_title(subject: str) -> str:
    """Return the title of the task."""
    return f"采购 {shortened(subject, 60)}"


# --- the card -------------------------------------------------------------------------------------------------------


YOU = "您"


def card_source(kind: str, rehearsal: bool, *, urgent: bool = False, again: bool = False) -> str:
    """
    Return the line above a decision card; the lock screen shows it, so it holds no sum.

    It always says of what kind the matter is. Where all of it has no room, the reminder's mark goes first.
    """
    head = "加急 · " if urgent else ""
    head = in_rehearsal(head) if rehearsal else head
    tails = [" · 提醒：待您审批"] * again + [" · 待您审批", " · 待审批"]
    for tail in tails:
        if len(head) + len(kind) + len(tail) <= limits.SOURCE_DESC:
            return head + kind + tail
    return head + shortened(kind, limits.SOURCE_DESC - len(head) - len(tails[-1])) + tails[-1]


def together(names: Sequence[str], mode: Mode, needed: int) -> str:
    """Return the people of one step as one word."""
    if len(names) == 1:
        return names[0]
    if mode is Mode.ANY:
        return " 或 ".join(names)
    most = {Mode.COUNT: f"（{needed} 人）", Mode.RATIO: f"（{needed}%）"}.get(mode, "（会签）")
    return "、".join(names) + most


def several(names: Sequence[str]) -> str:
    """Return several names joined, "" for none."""
    return "、".join(names)


def card_desc(applicant: str, department: str, at: datetime) -> str:
    """Return who asks and since when."""
    return f"{applicant} · {department} · {moment(at)}"


def card_source_done(kind: str, rehearsal: bool) -> str:
    """Return the line above a settled card."""
    head, tail = in_rehearsal("") if rehearsal else "", " · 已处理"
    return head + shortened(kind, limits.SOURCE_DESC - len(head) - len(tail)) + tail


def card_summary(number: str, applicant: str, title: str) -> str:
    """Return one line about the card, for the morning summary."""
    return f"待您审批：{number} {shortened(title, 30)}（{applicant}）"


def attached_count(count: int, digest: str = "") -> str:
    """Return the attachments' row, with the file's hash where it is to be compared."""
    mark = f" · 文件校验 {digest[:8]}" if digest else ""
    return f"{count} 个{mark}" if count else "无"


def card_reason(words: str, number: str, digest: str, most: int, *, on_page: bool = False) -> str:
    """
    Return the words as the card shows them, cut with a way to the whole, and the content's mark.

    Args:
        on_page: a tap on the card opens the item's page.
    """
    mark = f"内容校验 {digest[:8]}"
    whole = f"{words}\n{mark}"
    if len(whole) <= most:
        return whole
    tail = f"…全文见卡片页\n{mark}" if on_page else f'…全文请发"追溯 {number}"\n{mark}'
    return words[: most - len(tail)] + tail


def order_for(names: Sequence[str], position: int) -> str:
    """Return the order with the signed steps marked."""
    shown = [f"{name}✓" if at < position else name for at, name in enumerate(names)]
    return " → ".join(shown)


def outcome(verb: Verb, name: str, at: datetime) -> str:
    """Return a decided card's first line: 已同意 · 苏主管 · 11月23日 14:07."""
    words = {
        Verb.APPROVE: "已同意", Verb.RETURN: "已退回补充", Verb.REJECT: "已驳回", Verb.WITHDRAW: "已撤回",
        Verb.AMEND: "内容已更新", Verb.TAKE_BACK: "已撤回决定", Verb.FORWARD: "已转交", Verb.REASSIGN: "已改由他人审批",
        Verb.ADD: "已加签", Verb.REMOVE: "已取消加签", Verb.ATTACH: "附件已更新",
    }
    return f"{words[verb]} · {name} · {moment(at)}"


def outcome_word(verb: Verb) -> str:
    """Return the word on a decided card's dead button."""
    return {
        Verb.APPROVE: "已同意", Verb.RETURN: "已退回", Verb.REJECT: "已驳回", Verb.WITHDRAW: "已撤回",
        Verb.AMEND: "已更新", Verb.TAKE_BACK: "已撤回", Verb.FORWARD: "已转交", Verb.REASSIGN: "已改派",
        Verb.ADD: "已加签", Verb.REMOVE: "已取消", Verb.ATTACH: "已更新",
    }[verb]


def outcome_next(next_name: str, state: ItemState, applicant: str) -> str:
    """Return a decided card's second line."""
    if state is ItemState.PENDING and next_name:
        return f"现在由 {next_name} 审批"
    if state is ItemState.RETURNED:
        return f"等 {applicant} 补充"
    return STATES[state]
