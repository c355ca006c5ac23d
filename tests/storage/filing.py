"""Items filed the short way, for tests of storage: fixed people, fixed dates, salts that count."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from policy.terms import Grade, ItemState, Medium, Noun
from storage.queries.items import Item, add_item, next_number
from storage.unit import Unit

NOW = datetime(2026, 11, 23, 6, 5, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def file_record(
    unit: Unit, title: str, fields: Mapping[str, object] | None = None, *, author: str = "xu",
    department: str = "sales", noun: Noun = Noun.RECORD, state: ItemState = ItemState.FILED, day: date = TODAY,
) -> str:
    """File an item with its event; return its number."""
    number = next_number(unit, noun, day)
    now = NOW + timedelta(days=(day - TODAY).days)
    add_item(
        unit,
        Item(
            number=number, noun=noun, kind="customer_service", title=title, author=author, department=department,
            region="华东", responsible=author, answerable=Grade.SPECIALIST, state=state, medium=Medium.DIGITAL,
            template_version=1, policy_version=1, revision=1, parent=None, created_at=now, updated_at=now,
        ),
        fields or {}, f"记录 {title}", f"salt of {number}",
    )
    unit.audit(now, author, "record.filed", number)
    return number
