"""
Bodies of calls: built once, stored as bytes, sent unchanged, so that a retry is identical (design rules 5, 14).

What people typed is escaped per message type; the duplicate check is always on, with about its longest window.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import orjson

from notifications import limits
from notifications.cards import TemplateCard
from notifications.fates import DUPLICATE_SPREAD_SECONDS
from policy.errors import ProjectError

# Control characters, line separators, byte-order mark, what is no UTF-8 or no XML, and what turns the direction of
# writing: a name could show a sum backwards.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff\u202a-\u202e\u2066-\u2069]"
)
_ENTITY = re.compile(r"&(?=#?[0-9A-Za-z]{1,31};)")
_MARKUP = str.maketrans("<>[]*`#_", "＜＞［］＊｀＃＿")
# In JSON every control character is written with a backslash; of those only \n, \t, \" and \\ are harmless.
_HIDDEN = re.compile(rb"\\[bfru]")


class MessageLimit(ProjectError):
    """A message breaks a limit that cannot be met by cutting: mend the call that builds it."""


@dataclass(frozen=True)
class Article:
    """One entry of a news message; title and description are cut to WeCom's bytes."""

    title: str
    url: str
    description: str = ""
    picture_url: str = ""


def plain_text(content: str) -> str:
    """
    Return text as WeCom shows it literally: no link can be smuggled in (`<` → `＜`), no control characters.

    Doing it twice changes nothing more.
    """
    escaped = printable(content).replace("<", "＜").replace(">", "＞")
    return _ENTITY.sub("＆", escaped) if "&" in escaped else escaped


def printable(content: str) -> str:
    """Return text without control characters; for cards, which render no markup."""
    return _CONTROLS.sub("", content)


def markdown_text(typed: str) -> str:
    """Return what a person typed so that it stays plain inside a markdown message."""
    return plain_text(typed).translate(_MARKUP)


def cut_bytes(content: str, most: int) -> str:
    """Return at most `most` UTF-8 bytes (3 or more), never a broken character, the cut shown by …."""
    encoded = content.encode()
    if len(encoded) <= most:
        return content
    return encoded[: most - 3].decode(errors="ignore") + "…"


def split_text(content: str, most: int = limits.TEXT_BYTES) -> list[str]:
    """
    Return a text for as many messages as it takes: escaped, at most `most` bytes each, numbered (1/3).

    Cut at line borders where possible; one part is not numbered.
    """
    content = plain_text(content)
    if len(content.encode()) <= most:
        return [content]
    room = most - len("(999/999)\n")
    parts: list[str] = []
    lines: list[str] = []
    used = 0
    for line in _pieces(content, room):
        size = len(line.encode())
        if lines and used + 1 + size > room:
            parts.append("\n".join(lines))
            lines, used = [], 0
        used += size + (1 if lines else 0)
        lines.append(line)
    parts.append("\n".join(lines))
    return [f"({at}/{len(parts)})\n{part}" for at, part in enumerate(parts, 1)]


def _pieces(content: str, room: int) -> list[str]:
    """Return the lines, those longer than `room` bytes in several pieces."""
    pieces: list[str] = []
    for line in content.split("\n"):
        while len(line.encode()) > room:
            head = line.encode()[:room].decode(errors="ignore")
            pieces.append(head)
            line = line[len(head) :]
        pieces.append(line)
    return pieces


def recipients(userids: Sequence[str]) -> str:
    """
    Return the touser of several people.

    Raises:
        MessageLimit: none, or more than 1,000.
    """
    if not 1 <= len(userids) <= limits.RECIPIENTS:
        raise MessageLimit(f"{len(userids)} recipients, 1 to {limits.RECIPIENTS} allowed")
    return "|".join(userids)


def text_body(touser: str, agent_id: int, content: str, key: str = "") -> bytes:
    """
    Return the body of a text message, escaped and cut to 2,048 bytes.

    Args:
        key: of what is told. The platform drops an equal request for hours, so the same words said a second time must
            not be an equal request: by its key each asks for a slightly shorter check. A card has its task id.
    """
    return _body(touser, agent_id, "text", {"content": cut_bytes(plain_text(content), limits.TEXT_BYTES)}, key)


def markdown_body(touser: str, agent_id: int, content: str) -> bytes:
    """Return the body of a markdown message, cut to 2,048 bytes; what was typed goes through `markdown_text`."""
    return _body(touser, agent_id, "markdown", {"content": cut_bytes(printable(content), limits.MARKDOWN_BYTES)})


def textcard_body(touser: str, agent_id: int, title: str, description: str, url: str, button: str = "") -> bytes:
    """
    Return the body of a textcard: escaped, cut to 128 and 512 bytes.

    Raises:
        MessageLimit: the address is none, or the button has more than 4 characters.
    """
    if len(button) > limits.TEXTCARD_BUTTON:
        raise MessageLimit(f"textcard.btntxt: at most {limits.TEXTCARD_BUTTON} characters")
    card = {
        "title": cut_bytes(plain_text(title), limits.TITLE_BYTES),
        "description": cut_bytes(plain_text(description), limits.DESCRIPTION_BYTES),
        "url": _address("textcard.url", url),
    }
    return _body(touser, agent_id, "textcard", {**card, "btntxt": button} if button else card)


def news_body(touser: str, agent_id: int, articles: Sequence[Article]) -> bytes:
    """
    Return the body of a news message.

    Raises:
        MessageLimit: not 1 to 8 articles, or an address is none.
    """
    return _body(touser, agent_id, "news", {"articles": [shown(article) for article in _counted(articles)]})


def shown(article: Article) -> dict[str, str]:
    """
    Return an article as it goes out, escaped and cut; the passive reply shows the same.

    Raises:
        MessageLimit: an address is none.
    """
    fields = {
        "title": cut_bytes(plain_text(article.title), limits.TITLE_BYTES),
        "description": cut_bytes(plain_text(article.description), limits.DESCRIPTION_BYTES),
        "url": _address("news.url", article.url),
        "picurl": _address("news.picurl", article.picture_url) if article.picture_url else "",
    }
    return {name: value for name, value in fields.items() if value}


def image_body(touser: str, agent_id: int, media_id: str) -> bytes:
    """Return the body of an image message."""
    return _body(touser, agent_id, "image", {"media_id": media_id})


def file_body(touser: str, agent_id: int, media_id: str) -> bytes:
    """Return the body of a file message; the name members see is the one it was uploaded with."""
    return _body(touser, agent_id, "file", {"media_id": media_id})


def card_body(touser: str, agent_id: int, card: TemplateCard) -> bytes:
    """Return the body of a template card."""
    return _body(touser, agent_id, "template_card", _shown(card))


def card_update_body(userids: Sequence[str], agent_id: int, card: TemplateCard, task_id: str) -> bytes:
    """
    Return what is kept of a card update: the body of update_template_card without its response code.

    The code is known only at delivery (`with_code`), since the card may not have been sent yet.
    """
    return _update(userids, agent_id, "template_card", _shown(card), task_id)


def button_update_body(userids: Sequence[str], agent_id: int, replace_name: str, task_id: str) -> bytes:
    """Return what is kept of an update that only greys the buttons, with `replace_name` on them."""
    return _update(userids, agent_id, "button", {"replace_name": printable(replace_name)}, task_id)


def call_body(call_id: int, callee: str) -> bytes:
    """
    Return what is kept of a phone call: its row's id, and whom to call.

    Args:
        callee: the userid as the platform spells it.
    """
    return orjson.dumps({"call": call_id, "callee": callee})


def with_code(kept: bytes, response_code: str) -> bytes:
    """Return the body of update_template_card, ready to be sent."""
    body = orjson.loads(kept)
    body.pop("task_id")
    body["response_code"] = response_code
    return orjson.dumps(body)


def task_of(kept: bytes) -> str:
    """Return the task id that a kept card update is about."""
    return str(orjson.loads(kept)["task_id"])


def _update(userids: Sequence[str], agent_id: int, kind: str, content: object, task_id: str) -> bytes:
    recipients(userids)
    kept = {"userids": list(userids), "agentid": agent_id, kind: content, "task_id": task_id}
    return orjson.dumps(kept)


def _body(touser: str, agent_id: int, kind: str, content: object, key: str = "") -> bytes:
    shorter = crc32(key.encode()) % DUPLICATE_SPREAD_SECONDS if key else 0
    return orjson.dumps(
        {
            "touser": touser, "msgtype": kind, "agentid": agent_id, kind: content, "enable_duplicate_check": 1,
            "duplicate_check_interval": limits.DUPLICATE_WINDOW_SECONDS - shorter,
        }
    )


def _counted(articles: Sequence[Article]) -> Sequence[Article]:
    if not 1 <= len(articles) <= limits.ARTICLES:
        raise MessageLimit(f"{len(articles)} articles, 1 to {limits.ARTICLES} allowed")
    return articles


def _address(field: str, url: str) -> str:
    # A cut address leads nowhere, so it is refused instead.
    if not url.startswith(("http://", "https://")) or len(url.encode()) > limits.URL_BYTES:
        raise MessageLimit(f"{field}: an http address of at most {limits.URL_BYTES} bytes is needed")
    return url


def _shown(card: TemplateCard) -> object:
    """Return a card's content without control characters in any text; cards render no markup."""
    content = card.to_json()
    try:
        written = orjson.dumps(content)
    except TypeError:  # half a character that no UTF-8 can write
        return _plain(content)
    if _HIDDEN.search(written) or _CONTROLS.search(written.decode()):
        return _plain(content)
    return orjson.Fragment(written)


def _plain(value: Any) -> object:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value
