"""
One event, one key (design rule 3): what makes two deliveries the same event.

Messages: app, sender in lower case, type, MsgId and content, not the time, which a retry may stamp anew. Events: all
fields in canonical order. Neither MsgId alone nor sender and second: both have dropped different events elsewhere.
"""

from __future__ import annotations

import hashlib

from bot.wecom.xml import Fields, text_of
from storage.canonical import to_bytes

_NOT_CONTENT = frozenset({"ToUserName", "FromUserName", "CreateTime", "MsgType", "AgentID", "MsgId"})


_LEAD = 8
_MOST = (1 << 8 * _LEAD) - 1


def dedupe_key(fields: Fields, app: str) -> bytes:
    """
    Return the 32 bytes that name an event: a number of its own, then SHA-256 over a canonical nested form, cut to fit.

    The number (8 bytes: a message's MsgId, an event's CreateTime) is hashed as well and tells nothing apart that the
    hash does not. It grows with time, so that the index of what was received grows at its end: a random key costs a
    look into a page, and another page to write, of everything kept.

    Args:
        fields: as parsed, whatever the order of the elements; those of one name keep theirs.
        app: which of our apps received it.
    """
    named: list[object]
    if text_of(fields, "MsgType").lower() == "event":
        grows = text_of(fields, "CreateTime")
        named = [app, "event", fields]
    else:
        grows = text_of(fields, "MsgId")
        named = [
            app, "message", text_of(fields, "FromUserName").lower(), text_of(fields, "MsgType").lower(),
            grows, {name: value for name, value in fields.items() if name not in _NOT_CONTENT},
        ]
    return _lead(grows) + hashlib.sha256(to_bytes(named)).digest()[:-_LEAD]


def name_of(key: bytes) -> str:
    """Return a key's short name, of its hash alone: 24 letters and digits."""
    return key[-12:].hex()


def _lead(grows: str) -> bytes:
    number = int(grows) if grows.isascii() and grows.isdecimal() and len(grows) <= 20 else 0
    return min(number, _MOST).to_bytes(_LEAD, "big")
