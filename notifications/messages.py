"""
Bodies of calls: built once, stored as bytes, sent unchanged, so that a retry is identical (design rules 5, 14).

User text is escaped per message type; the duplicate check is always on with its longest window.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from notifications import limits
from notifications.cards import TemplateCard

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ufeff]")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def plain_text(content: str) -> str:
    """Return text as WeCom shows it literally: links cannot be smuggled in (`<` → `＜`), no control characters."""
    return _CONTROLS.sub("", content).replace("<", "＜").replace(">", "＞")


def cut_bytes(content: str, most: int) -> str:
    """Return at most `most` UTF-8 bytes, never a broken character, the cut shown by …."""
    encoded = content.encode()
    if len(encoded) <= most:
        return content
    return encoded[: most - 3].decode(errors="ignore") + "…"


def split_text(content: str, most: int = limits.TEXT_BYTES) -> list[str]:
    """Return the content in parts of at most `most` bytes, cut at line borders where possible, numbered (1/3)."""
    if len(content.encode()) <= most:
        return [content]
    room = most - len("(99/99)\n".encode())
    parts: list[str] = []
    current = ""
    for line in content.split("\n"):
        while len(line.encode()) > room:
            head = line.encode()[:room].decode(errors="ignore")
            if current:
                parts.append(current)
                current = ""
            parts.append(head)
            line = line[len(head) :]
        joined = f"{current}\n{line}" if current else line
        if len(joined.encode()) > room:
            parts.append(current)
            current = line
        else:
            current = joined
    if current:
        parts.append(current)
    return [f"({at}/{len(parts)})\n{part}" for at, part in enumerate(parts, 1)]


def _body(touser: str, agent_id: int, kind: str, content: object) -> bytes:
    return _encode(
        {
            "touser": touser, "msgtype": kind, "agentid": agent_id, kind: content, "enable_duplicate_check": 1,
            "duplicate_check_interval": limits.DUPLICATE_WINDOW_SECONDS,
        }
    ).encode()


def text_body(touser: str, agent_id: int, content: str) -> bytes:
    """Return the body of a text message, escaped and cut to 2,048 bytes."""
    return _body(touser, agent_id, "text", {"content": cut_bytes(plain_text(content), limits.TEXT_BYTES)})


def card_body(touser: str, agent_id: int, card: TemplateCard) -> bytes:
    """Return the body of a template card."""
    return _body(touser, agent_id, "template_card", _plain(card.to_json()))


def card_update_body(userids: Sequence[str], agent_id: int, card: TemplateCard, task_id: str) -> bytes:
    """
    Return what is kept of a card update: the body of update_template_card without its response code.

    The code is known only at delivery (`with_code`), since the card may not have been sent yet.
    """
    kept = {"userids": list(userids), "agentid": agent_id, "template_card": _plain(card.to_json()), "task_id": task_id}
    return _encode(kept).encode()


def with_code(kept: bytes, response_code: str) -> bytes:
    """Return the body of update_template_card, ready to be sent."""
    body = json.loads(kept)
    body.pop("task_id")
    body["response_code"] = response_code
    return _encode(body).encode()


def task_of(kept: bytes) -> str:
    """Return the task id that a kept card update is about."""
    return str(json.loads(kept)["task_id"])


def _plain(value: object) -> object:
    """Take control characters out of every text of a card; cards render no markup."""
    if isinstance(value, str):
        return "".join(_CONTROLS.split(value))
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value
