"""What a purchase says, as a value: read from the typed line, kept in a revision, changed by 补充 and 重提 (P.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from handlers.language.amounts import Amount, read_amount
from handlers.language.command import CommandLine
from handlers.language.purchase import PurchaseLine
from notifications.texts import approvals as approval_texts
from notifications.texts import purchases as texts

SUBJECT_MOST, REASON_MOST, SUPPLIER_MOST = 100, 1000, 60


@dataclass(frozen=True)
class Content:
    """What a purchase says. Money in fen; empty text where nothing was said."""

    subject: str
    fen: int
    reason: str
    supplier: str = ""
    unit_fen: int | None = None
    quantity: int | None = None
    measure: str = ""

    @classmethod
    def typed(cls, read: PurchaseLine) -> Content:
        """Take over what was read from a line."""
        return cls(
            read.subject, read.total_fen, read.reason or "", read.supplier or "", read.unit_fen, read.quantity,
            read.measure or "",
        )

    @classmethod
    def kept(cls, fields: Mapping[str, object]) -> Content:
        """Read a revision's fields."""
        return cls(
            str(fields["subject"]), int(str(fields["fen"])), str(fields["reason"]), str(fields.get("supplier", "")),
            _number(fields.get("unit_fen")), _number(fields.get("quantity")), str(fields.get("measure", "")),
        )

    def fields(self) -> dict[str, object]:
        """Return the content as it is kept in a revision; what was not said is left out."""
        kept: dict[str, object] = {"subject": self.subject, "fen": self.fen, "reason": self.reason}
        optional = {
            "supplier": self.supplier, "unit_fen": self.unit_fen, "quantity": self.quantity, "measure": self.measure
        }
        kept.update({name: value for name, value in optional.items() if value})
        return kept

    def too_long(self) -> str | None:
        """Return the refusal of a field that is too long, None when all fit."""
        limits = (
            (texts.FIELD_SUBJECT, self.subject, SUBJECT_MOST),
            (texts.FIELD_REASON, self.reason, REASON_MOST),
            (texts.FIELD_SUPPLIER, self.supplier, SUPPLIER_MOST),
        )
        return next((texts.too_long(name, most) for name, text, most in limits if len(text) > most), None)


def with_pairs(content: Content, line: CommandLine, number: str) -> Content | str:
    """
    Return the content with the typed 字=值 pairs applied, or the sentence that refuses them.

    Free text without pairs becomes the new reason: "补充 CG-… 扩容，附报价".
    """
    if not line.pairs:
        words = " ".join(line.tokens[1:]).strip()
        return replace(content, reason=words) if words else approval_texts.amend_nothing(number)
    changed = content
    for field, value in line.pairs.items():
        name = texts.FIELD_NAMES.get(field)
        if name is None:
            return approval_texts.amend_unknown(number, field)
        if name in ("fen", "unit_fen"):
            amount = read_amount(value)
            if not isinstance(amount, Amount):
                refuse = texts.change_not_positive if amount.code == "not_positive" else texts.amount_unclear
                return refuse(value, f"{line.word} {number} {field}=")
            changed = replace(changed, **{name: int(amount.fen)})  # type: ignore[arg-type]
        elif name == "quantity":
            digits = value.strip()
            if not digits.isdecimal() or not 0 < int(digits) <= 1_000_000:
                return texts.change_quantity_unclear(value, f"{line.word} {number} {field}=")
            changed = replace(changed, quantity=int(digits))
        else:
            changed = replace(changed, **{name: value.strip()})  # type: ignore[arg-type]
    asked = {texts.FIELD_NAMES[field] for field in line.pairs}
    if asked & {"unit_fen", "quantity"} and "fen" not in asked and changed.unit_fen and changed.quantity:
        changed = replace(changed, fen=changed.unit_fen * changed.quantity)
    elif "fen" in asked and not asked & {"unit_fen"}:
        changed = replace(changed, unit_fen=None)
    if not changed.subject or not changed.reason:
        missing = texts.FIELD_REASON if changed.subject else texts.FIELD_SUBJECT
        return texts.missing([missing], "", f"{line.word} {number}")
    return changed.too_long() or changed


def _number(value: object) -> int | None:
    return None if value is None else int(str(value))
