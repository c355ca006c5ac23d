"""Versions of record templates (1.2a, P.1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, select

from policy.templates import Field, Template
from storage.canonical import from_json, to_json
from storage.moments import to_ms
from storage.statement import Statement
from storage.tables import TEMPLATE
from storage.unit import Unit

_ALL = Statement(
    select(TEMPLATE.c.id, TEMPLATE.c.version, TEMPLATE.c.name, TEMPLATE.c.fields).order_by(
        TEMPLATE.c.created_at, TEMPLATE.c.id, TEMPLATE.c.version
    )
)
_ONE = Statement(
    select(TEMPLATE.c.id, TEMPLATE.c.version, TEMPLATE.c.name, TEMPLATE.c.fields).where(
        TEMPLATE.c.id == bindparam("wanted"), TEMPLATE.c.version == bindparam("at_version")
    )
)


def newest_templates(unit: Unit) -> list[Template]:
    """Return the newest version of each template, in the order they were made."""
    newest: dict[str, Template] = {}
    for row in unit.all(_ALL):
        template = _as_template(row)
        newest[template.id] = template
    return list(newest.values())


def template_version(unit: Unit, template_id: str, version: int) -> Template | None:
    """Return one version of a template."""
    row = unit.one(_ONE, wanted=template_id, at_version=version)
    return None if row is None else _as_template(row)


def save_templates(unit: Unit, templates: Iterable[Template], *, now: datetime, actor: str) -> None:
    """Add the versions that are not there yet."""
    added = []
    for template in templates:
        if template_version(unit, template.id, template.version) is None:
            unit.insert(
                TEMPLATE,
                {
                    "id": template.id, "version": template.version, "name": template.name,
                    "fields": to_json([field.as_json() for field in template.fields]), "created_at": to_ms(now),
                },
            )
            added.append([template.id, template.version])
    if added:
        unit.audit(now, actor, "template.saved", "", templates=added)


def _as_template(row: tuple[object, ...]) -> Template:
    id_, version, name, fields = row
    return Template(
        str(id_), int(str(version)), str(name), tuple(Field.from_json(field) for field in from_json(str(fields)))
    )
