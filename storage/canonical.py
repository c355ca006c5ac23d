"""
Canonical bytes: the same value always gives the same bytes, so that digests can be compared (design rule 12).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

import orjson


def _plain(value: object) -> object:
    if isinstance(value, bytes | memoryview):
        return {"hex": bytes(value).hex()}
    raise TypeError(f"no canonical form for {type(value).__name__}")


_slow = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_plain
).encode
# What only orjson would take is refused as the standard library refuses it.
_STRICT = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME


def to_bytes(value: object) -> bytes:
    """
    Return canonical JSON: sorted keys, no spaces, UTF-8 text, bytes as {"hex": …}.

    The bytes are the standard library's, in a tenth of its time; no evidence holds a fraction (they differ in how
    1e-05 is spelled), and what orjson cannot take (whole numbers beyond 64 bits, keys that are numbers) goes the slow
    way.
    """
    try:
        return orjson.dumps(value, _plain, _STRICT)
    except TypeError:
        return _slow(value).encode()


def to_json(value: object) -> str:
    """Return canonical JSON as text."""
    return to_bytes(value).decode()


def from_json(stored: str) -> Any:
    """Read what `to_json` wrote."""
    return json.loads(stored)


def digest_of(value: object) -> str:
    """Return the SHA-256 of the canonical JSON, in lower-case hex."""
    return hashlib.sha256(to_bytes(value)).hexdigest()


def row_digest(row: Mapping[str, object]) -> str:
    """Return the digest of one stored row, all columns named."""
    return digest_of(row)


def revision_digest(salt: str, fields: Mapping[str, object]) -> str:
    """Return the commitment a signature binds to: SHA-256 over salt and fields (3.1f)."""
    return digest_of({"fields": fields, "salt": salt})


def length_prefixed(parts: Iterable[bytes]) -> bytes:
    """Join byte strings so that no two different lists give the same bytes (4-byte big-endian lengths)."""
    return b"".join([len(part).to_bytes(4, "big") + part for part in parts])
