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


def dedupe_key(fields: Fields, app: str) -> bytes:
    """
    Return the 32 bytes that name an event: SHA-256 over a canonical nested form, whatever the order of its elements.

    Args:
        fields: as parsed; elements of one name keep their order.
        app: which of our apps received it.
    """
    named: list[object]
    if text_of(fields, "MsgType").lower() == "event":
        named = [app, "event", fields]
    else:
        named = [
            app, "message", text_of(fields, "FromUserName").lower(), text_of(fields, "MsgType").lower(),
            text_of(fields, "MsgId"), {name: value for name, value in fields.items() if name not in _NOT_CONTENT},
        ]
    return hashlib.sha256(to_bytes(named)).digest()
