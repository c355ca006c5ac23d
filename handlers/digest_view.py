"""What a line of the Monday digest may know of the manager it is for (4.2a)."""

from __future__ import annotations

from dataclasses import dataclass

from policy.digest import Week
from policy.org import Person


@dataclass(frozen=True)
class DigestView:
    """
    One manager's digest.

    Attributes:
        watched: whose work it speaks of, for queries; None for everybody's (the records department, 1.1a).
        week: the week it is for; last week is the seven days before.
    """

    manager: Person
    watched: frozenset[str] | None
    week: Week
