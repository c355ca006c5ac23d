"""
Anchors: the head of the chain on some day, told to the directors' chat, where no operator can change it (3.1f).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.chain import GENESIS, head_of
from storage.moments import to_ms
from storage.standalone_verifier import ANCHORED
from storage.tables import ANCHOR
from storage.unit import Unit


@dataclass(frozen=True)
class Anchor:
    """
    What the chat is told: how many events there are and the newest one's hash.

    Attributes:
        seq: of the newest event; since the chain is gapless also their count.
        hash: in hex, 64 digits; 16 of them are enough to type.
    """

    seq: int
    hash: str


def take_anchor(unit: Unit, now: datetime, actor: str = "system") -> Anchor | None:
    """
    Keep the heads of both chains as they stand; the caller tells the chat in the same unit.

    Args:
        now: company time.

    Returns:
        None while the chain is empty.

    Raises:
        DuplicateKey: (by the store) another clock took this very anchor.
    """
    head = head_of(unit, "audit")
    if head is None:
        return None
    seq, hashed = head
    access_seq, access_hash = head_of(unit, "access") or (0, GENESIS)
    unit.insert(ANCHOR, {"seq": seq, "count": seq, "hash": hashed, "at": to_ms(now)})
    unit.audit(
        now, actor, ANCHORED, "", seq=seq, hash=hashed.hex(), access_seq=access_seq, access_hash=access_hash.hex()
    )
    return Anchor(seq, hashed.hex())
