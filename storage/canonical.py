"""
Canonical bytes: the same value always gives the same bytes, so that digests can be compared (design rule 12).
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Iterable, Mapping
from typing import Any


def _plain(value: object) -> object:
    if isinstance(value, bytes | memoryview):
        return {"hex": bytes(value).hex()}
    raise TypeError(f"no canonical form for {type(value).__name__}")


_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_plain
).encode


def to_json(value: object) -> str:
    """Return canonical JSON: sorted keys, no spaces, UTF-8 text, bytes as {"hex": …}."""
    return _encode(value)


def from_json(stored: str) -> Any:
    """Read what `to_json` wrote."""
    return json.loads(stored)


def digest_of(value: object) -> str:
    """Return the SHA-256 of the canonical JSON, in lower-case hex."""
    return hashlib.sha256(_encode(value).encode()).hexdigest()


def row_digest(row: Mapping[str, object]) -> str:
    """Return the digest of one stored row, all columns named."""
    return digest_of(row)


def revision_digest(salt: str, fields: Mapping[str, object]) -> str:
    """Return the commitment a signature binds to: SHA-256 over salt and fields (3.1f)."""
    return digest_of({"fields": fields, "salt": salt})


def length_prefixed(parts: Iterable[bytes]) -> bytes:
    """Join byte strings so that no two different lists give the same bytes (4-byte big-endian lengths)."""
    return b"".join(struct.pack(">I", len(part)) + part for part in parts)
