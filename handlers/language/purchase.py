"""采购 as people write it: thing, sum, reason, in any order that is clear (contract, Chat; voice, 没听懂)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.language.amounts import Amount, AmountProblem, read_amount
from handlers.language.command import CommandLine

_MEASURES = "台套个件箱只本张支把部辆块条瓶盒包批份卷桶组袋双副株桌"
_QUANTITY = re.compile(rf"(\d{{1,6}}|[一二两三四五六七八九十百]+)\s*([{_MEASURES}])")
_SUBJECT = frozenset({"物品", "名称", "品名", "内容", "标题"})
_TOTAL = frozenset({"金额", "总价", "总额", "合计", "预算"})
_UNIT = frozenset({"单价"})
_QUANTITIES = frozenset({"数量"})
_REASON = frozenset({"事由", "理由", "原因", "用途", "说明"})
_SUPPLIER = frozenset({"供应商", "厂家", "商家"})
KNOWN = _SUBJECT | _TOTAL | _UNIT | _QUANTITIES | _REASON | _SUPPLIER


@dataclass(frozen=True)
class PurchaseLine:
    """
    A purchase that can be filed. Money in fen.

    Attributes:
        as_total: a quantity and a bare sum were given; the sum was taken as the total.
    """

    subject: str
    total_fen: int
    reason: str
    unit_fen: int | None = None
    quantity: int | None = None
    measure: str | None = None
    supplier: str | None = None
    as_total: bool = False


@dataclass(frozen=True)
class PurchaseProblem:
    """
    Why nothing can be filed yet.

    Attributes:
        code: empty | missing | amount (see `amount`) | several_amounts | quantity | unknown_field.
        parts: what was understood, by name: subject, fen, reason, quantity, measure, supplier, unit_fen.
        missing: names out of subject, fen, reason.
        amount: the problem with the sum, for code "amount".
        texts: the words in question (the sums, the unknown field).
    """

    code: str
    line: CommandLine
    parts: Mapping[str, object] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    amount: AmountProblem | None = None
    texts: tuple[str, ...] = ()
    as_total: bool = False


def read_purchase(line: CommandLine) -> PurchaseLine | PurchaseProblem:
    """Read the arguments of 采购. Never raises."""
    parts: dict[str, object] = {}
    for key, value in line.pairs.items():
        problem = _take_pair(key, value, parts, line)
        if problem is not None:
            return problem
    words: list[str] = []
    sums: list[Amount] = []
    bad: AmountProblem | None = None
    for token in line.tokens:
        read = read_amount(token)
        if isinstance(read, Amount):
            # Figures without a unit beside a sum already given belong to the words: "CPU 13900".
            if sums and token.isdecimal() and len(token) < 3:
                words.append(token)
            else:
                sums.append(read)
            continue
        counted = _QUANTITY.fullmatch(token)
        if counted is not None and "quantity" not in parts:
            parts["quantity"] = _count(counted.group(1))
            parts["measure"] = counted.group(2)
        elif read.code not in ("none", "unclear"):
            bad = bad or read
        else:
            words.append(token)
    if bad is not None:
        return PurchaseProblem("amount", line, parts, amount=bad, texts=tuple(words))
    if len(sums) > 1 or (sums and "fen" in parts):
        texts = tuple(each.text for each in sums)
        return PurchaseProblem("several_amounts", line, _with_words(parts, words), texts=texts)
    as_total = False
    if sums:
        parts["fen"] = int(sums[0].fen)
        as_total = "quantity" in parts and "unit_fen" not in parts
    elif "fen" not in parts and "unit_fen" in parts and "quantity" in parts:
        parts["fen"] = int(str(parts["unit_fen"])) * int(str(parts["quantity"]))
    parts = _with_words(parts, words)
    missing = tuple(name for name in ("subject", "fen", "reason") if not parts.get(name))
    if missing == ("subject", "fen", "reason"):
        return PurchaseProblem("empty", line, parts, missing)
    if missing:
        return PurchaseProblem("missing", line, parts, missing, as_total=as_total)
    return PurchaseLine(
        str(parts["subject"]), int(str(parts["fen"])), str(parts["reason"]), _int(parts.get("unit_fen")),
        _int(parts.get("quantity")), _text(parts.get("measure")), _text(parts.get("supplier")), as_total,
    )


def _with_words(parts: dict[str, object], words: list[str]) -> dict[str, object]:
    left = list(words)
    if "subject" not in parts and left:
        parts["subject"] = left.pop(0)
    if "reason" not in parts and left:
        parts["reason"] = " ".join(left)
    return parts


def _take_pair(key: str, value: str, parts: dict[str, object], line: CommandLine) -> PurchaseProblem | None:
    if key in _TOTAL or key in _UNIT:
        if not value:
            return None
        read = read_amount(value)
        if not isinstance(read, Amount):
            return PurchaseProblem("amount", line, dict(parts), amount=read)
        parts["fen" if key in _TOTAL else "unit_fen"] = int(read.fen)
    elif key in _QUANTITIES:
        counted = _QUANTITY.fullmatch(value)
        number = _count(counted.group(1)) if counted else _count(value)
        if not 0 < number <= 1_000_000:
            return PurchaseProblem("quantity", line, dict(parts), texts=(value,))
        parts["quantity"] = number
        if counted:
            parts["measure"] = counted.group(2)
    elif key in _SUBJECT:
        parts["subject"] = value
    elif key in _REASON:
        parts["reason"] = value
    elif key in _SUPPLIER:
        parts["supplier"] = value
    else:
        return PurchaseProblem("unknown_field", line, dict(parts), texts=(key,))
    return None


def _count(text: str) -> int:
    read = read_amount(text)
    if not isinstance(read, Amount) or read.fen % 100:
        return 0
    return read.fen // 100


def _int(value: object) -> int | None:
    return None if value is None else int(str(value))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
