"""
Record templates: which fields a kind of record has (P.1, P.3, 1.2a). The three of the start are versions 1.

A field's kind says how its value is checked on entry: text, sum (fen), date (ISO company date) or choice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class FieldKind(StrEnum):
    """How a value is read and checked."""

    TEXT = "text"
    SUM = "sum"
    DATE = "date"
    CHOICE = "choice"


@dataclass(frozen=True)
class Field:
    """One field of a template; `name` and `choices` are the company's own words."""

    name: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = True
    choices: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return a JSON-ready mapping."""
        return {
            "name": self.name, "kind": self.kind.value, "required": self.required, "choices": list(self.choices)
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Field:
        """Read what `as_json` wrote."""
        return cls(stored["name"], FieldKind(stored["kind"]), stored["required"], tuple(stored["choices"]))


@dataclass(frozen=True)
class Template:
    """One version of a template; `id` never changes, `name` is what people type."""

    id: str
    version: int
    name: str
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field | None:
        """Return the field of that name."""
        return next((field for field in self.fields if field.name == name), None)


# The company's starting templates (制度一（二）); words as staff type them.
STARTING: tuple[Template, ...] = (
    Template(
        "customer_service", 1, "客户服务",
        (
            Field("客户"), Field("内容"), Field("结果"), Field("日期", FieldKind.DATE, required=False),
            Field("联系人", required=False),
        ),
    ),
    Template(
        "transaction", 1, "交易",
        (
            Field("客户"), Field("金额", FieldKind.SUM), Field("内容"), Field("日期", FieldKind.DATE),
            Field("单号", required=False),
        ),
    ),
    Template(
        "project_progress", 1, "项目进度",
        (
            Field("项目"), Field("阶段", FieldKind.CHOICE, choices=("启动", "执行", "验收")), Field("进展"),
            Field("问题", required=False), Field("下一步", required=False),
        ),
    ),
)
