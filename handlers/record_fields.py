"""Reading the fields of a record as typed: checked on entry, echoed as understood (P.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from handlers.context import Ctx
from handlers.language.amounts import Amount, read_amount
from handlers.language.dates import DateProblem, Moment, read_moment
from notifications.texts import records as texts
from notifications.texts.moments import whole_day
from notifications.texts.sums import figures
from policy.templates import Field, FieldKind, Template

TEXT_MOST = 1000


@dataclass(frozen=True)
class Wrong:
    """A value that does not fit its field, and why, in words."""

    field: str
    why: str


def read_field(field: Field, typed: str, ctx: Ctx) -> object | Wrong:
    """Return the value as it is kept (text, fen, ISO date), or what is wrong with it."""
    value = typed.strip()
    if field.kind is FieldKind.SUM:
        amount = read_amount(value)
        return int(amount.fen) if isinstance(amount, Amount) else Wrong(field.name, texts.not_a_sum(amount.code, value))
    if field.kind is FieldKind.DATE:
        # A record tells what has happened: 11月20日 typed on the 23rd is not next year's.
        moment = read_moment(value, ctx.now, ctx.calendar, nearest=True)
        if isinstance(moment, Moment):
            return moment.date.isoformat()
        return Wrong(field.name, texts.not_a_date(moment.code if isinstance(moment, DateProblem) else "", value))
    if field.kind is FieldKind.CHOICE:
        return value if value in field.choices else Wrong(field.name, texts.not_a_choice(field.choices, value))
    return value if len(value) <= TEXT_MOST else Wrong(field.name, texts.TOO_LONG)


def read_fields(template: Template, pairs: Mapping[str, str], ctx: Ctx) -> tuple[dict[str, object], list[Wrong]]:
    """Return the values that fit and those that do not; unknown names are the caller's to refuse."""
    values: dict[str, object] = {}
    wrong: list[Wrong] = []
    for name, typed in pairs.items():
        field = template.field(name)
        if field is None or not typed.strip():
            continue
        value = read_field(field, typed, ctx)
        if isinstance(value, Wrong):
            wrong.append(value)
        else:
            values[name] = value
    return values, wrong


def shown(template: Template, values: Mapping[str, object]) -> dict[str, str]:
    """Return the values as a person reads them, in the template's order."""
    return {field.name: show_value(field, values[field.name]) for field in template.fields if field.name in values}


def show_value(field: Field | None, value: object) -> str:
    """Return one value as a person reads it."""
    if field is not None and field.kind is FieldKind.SUM:
        return figures(int(str(value)))
    if field is not None and field.kind is FieldKind.DATE:
        return whole_day(date.fromisoformat(str(value)))
    return str(value)


def hint(field: Field) -> str:
    """Return what a field expects, "" when anything goes."""
    if field.kind is FieldKind.CHOICE:
        return texts.hint_choices(field.choices)
    return {FieldKind.SUM: texts.HINT_SUM, FieldKind.DATE: texts.HINT_DATE}.get(field.kind, "")
