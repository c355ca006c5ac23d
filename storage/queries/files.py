"""One attachment by its id, with where it lies in the vault (3.2b)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from storage.statement import Statement
from storage.tables import ATTACHMENT
from storage.unit import Unit

PENDING, STORED, FAILED, DETACHED = "pending", "stored", "failed", "detached"


@dataclass(frozen=True)
class StoredFile:
    """
    An attachment and its place.

    Attributes:
        kind: image | file | voice | video.
        state: pending | stored | failed | detached.
        size: bytes of the content, 0 until stored.
        path: below the vault, "" until stored.
    """

    id: int
    number: str
    kind: str
    name: str
    state: str
    size: int
    path: str


_ONE = Statement(
    select(
        ATTACHMENT.c.id, ATTACHMENT.c.number, ATTACHMENT.c.kind, ATTACHMENT.c.name, ATTACHMENT.c.state,
        ATTACHMENT.c.size, ATTACHMENT.c.path,
    ).where(ATTACHMENT.c.id == bindparam("attachment"))
)


def load_file(unit: Unit, attachment: int) -> StoredFile | None:
    """Return an attachment by its id, detached ones too."""
    row = unit.one(_ONE, attachment=attachment)
    return None if row is None else StoredFile(*row)
