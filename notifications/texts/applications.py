"""申请、预览：各类审批的提交。"""

from __future__ import annotations

from collections.abc import Sequence

from notifications.texts.sums import both_ways, figures
from notifications.texts.words import shortened
from policy.approval_kinds import FieldType, Kind, Money

WORD, SUM = "申请", "金额"
USAGE = "申请 类型 [金额] 事由：提交报销、合同、用章、付款、借款等审批"
EXAMPLES = (
    "申请 报销 1200 差旅", "申请 用章 劳动合同2份", "申请 合同 30万 年度框架 对方=华东机械 期限=两年 主要条款=按月结算",
    "申请 付款 8000 服务器尾款 收款方=华东机械", "申请 借款 3000 备用金 还款日=月底",
)
USAGE_PREVIEW = "预览 采购… 或 预览 申请…：先看看由谁签，不提交"
EXAMPLES_PREVIEW = ("预览 采购 服务器 6万 扩容", "预览 申请 报销 1200 差旅")
PREVIEW_EMPTY = "请写上要预览的内容，例如：预览 采购 服务器 6万 扩容"
_SHOWN = {
    "报销": "1200 差旅", "合同": "30万 年度框架 对方=华东机械 期限=两年 主要条款=按月结算", "用章": "劳动合同2份",
    "付款": "8000 尾款 收款方=华东机械", "借款": "3000 备用金 还款日=月底", "其他": "参加行业展会",
}


def example_of(kind: Kind) -> str:
    """Return a filled line of a kind."""
    shown = _SHOWN.get(kind.name)
    if shown is None:
        money = [] if kind.money is Money.NONE else ["1200"]
        own = [f"{one.label}={_sample(one.type)}" for one in kind.fields if one.required]
        shown = " ".join([*money, kind.subject, *own])
    return f"{WORD} {kind.name} {shown}"


def _sample(type_: FieldType) -> str:
    return {FieldType.COUNT: "2", FieldType.DATE: "月底", FieldType.TEXT: "…"}[type_]


def headline(kind: str, number: str) -> str:
    """Return the first line of the answer to a filed application."""
    return f"已提交{kind} {number}"


def refiled(kind: str, old: str, number: str) -> str:
    """Return the first line of the answer to a refiled application."""
    return f"已按 {old} 的内容重新提交{kind} {number}"


def filed(
    first_line: str, number: str, label: str, reason: str, fen: int | None, rows: Sequence[tuple[str, str]],
    order: Sequence[str], first: str, urges: int, notes: Sequence[str] = (),
) -> str:
    """Return the answer to a filed application; `order` are the steps' names."""
    money = [f"{SUM}：{both_ways(fen)}"] if fen is not None else []
    own = [f"{name}：{shortened(value, 80)}" for name, value in rows]
    return "\n".join(
        [
            first_line, f"{label}：{shortened(reason, 200)}", *money, *own, f"签字顺序：{' → '.join(order)}",
            f"现在由 {first} 审批。", *notes,
            f'撤回请发"撤回 {number}"，提醒请发"催办 {number}"（每天最多 {urges} 次）。',
        ]
    )


def preview(
    kind: str, title: str, fen: int | None, order: Sequence[str], copies: Sequence[str], notes: Sequence[str]
) -> str:
    """Show who would sign."""
    money = f" · {both_ways(fen)}" if fen is not None else ""
    lines = [f"预览（没有提交）：{kind} {shortened(title, 60)}{money}", f"签字顺序：{' → '.join(order)}"]
    if copies:
        lines.append(f"抄送：{'、'.join(copies)}")
    return "\n".join([*lines, *notes, '要提交请去掉"预览"再发一遍。'])


def preview_of(problem: str) -> str:
    """Say that a preview could not be made."""
    return f"还不能预览：{problem}"


def no_kind(names: Sequence[str]) -> str:
    """申请 alone."""
    return f"请写明类型：{'、'.join(names)}。例如：\n申请 报销 1200 差旅"


def unknown_kind(typed: str, names: Sequence[str], rest: str) -> str:
    """No such kind."""
    again = f"{WORD} 其他 {typed} {rest}".strip()
    return (
        f"没有\"{shortened(typed, 20)}\"这类申请，没有提交。可以申请：{'、'.join(names)}。\n"
        f"不在这些里面的请发：{shortened(again, 200)}"
    )


def use_purchase(rest: str) -> str:
    """A purchase has its own word."""
    return f"采购请直接发：采购 {rest or '服务器 3.5万 扩容'}"


def unknown_field(kind: Kind, label: str) -> str:
    """Refuse a field that the kind has not."""
    money = [] if kind.money is Money.NONE else [SUM]
    known = [kind.subject, *money, *(one.label for one in kind.fields)]
    return (
        f'{kind.name}没有"{shortened(label, 20)}"这一项，没有提交。'
        f"可以写：{'、'.join(known)}。例如：{example_of(kind)}"
    )


def missing(kind: Kind, parts: Sequence[str], fen: int | None, example: str) -> str:
    """Say what is missing; the example holds only what was typed."""
    known = f"金额按 {figures(fen)} 理解，" if fen is not None else ""
    named = "、".join(parts)
    return f"{known}还缺{named}，没有提交。\n请补上{named}后发送：\n{shortened(example, 400)}"


def field_unclear(label: str, got: str, example: str) -> str:
    """Refuse a value that cannot be read."""
    return f'{label}"{shortened(got, 30)}"不能用，没有提交。请改为：{shortened(example, 300)}'


def date_past(label: str, got: str, example: str) -> str:
    """Refuse a day that has passed."""
    return f'{label}"{shortened(got, 30)}"已经过去，没有提交。请改为：{shortened(example, 300)}'


def field_too_long(label: str, most: int) -> str:
    """Refuse a value that is too long."""
    return f"{label}最多 {most} 字，没有提交。请精简后再发，细节可以发文件附上。"


def several_sums(texts: Sequence[str], example: str) -> str:
    """Refuse to guess between two sums."""
    shown = "、".join(shortened(one, 20) for one in texts)
    return f"看到不止一个金额（{shown}），没有提交。请写明：{shortened(example, 300)}"


def sum_unclear(code: str, got: str, example: str) -> str:
    """Refuse a sum."""
    why = {
        "not_positive": f"金额须大于 0（收到的是 {shortened(got, 30)}）",
        "too_large": f"金额过大（收到的是 {shortened(got, 30)}）",
        "too_many_decimals": f"金额最多到分（收到的是 {shortened(got, 30)}）",
    }.get(code, f'金额"{shortened(got, 30)}"看不准')
    return f"{why}，没有提交。请改为：{shortened(example, 300)}"


def amend_sum_unclear(got: str, example: str) -> str:
    """Refuse to change a sum to what cannot be read."""
    return f'金额"{shortened(got, 30)}"不能用，没有改动。请改为：{example}'


def amend_nothing(kind: Kind, number: str) -> str:
    """补充 without anything to change."""
    money = [] if kind.money is Money.NONE else [SUM]
    known = [kind.subject, *money, *(one.label for one in kind.fields)]
    return f"请写明要改什么，例如：补充 {number} {kind.subject}=…（{'、'.join(known)}都可以改）。没有改动。"
