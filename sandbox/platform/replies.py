"""The product's sealed answer in the exchange: opened, checked, turned into what a phone shows (wecom-facts 2.3)."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as ET

from sandbox.platform.cards import take_card
from sandbox.platform.codec import NotOpened, PlatformCodec
from sandbox.platform.refusals import Refused
from sandbox.platform.sending import TEXT_BYTES, cut_bytes

Json = dict[str, Any]
# Events that take an ordinary answer; messages all do.
ORDINARY = frozenset(
    {
        "subscribe", "enter_agent", "location", "click", "view", "view_miniprogram", "scancode_waitmsg",
        "template_card_menu_event",
    }
)
CARD_UPDATE = "template_card_event"
_LISTS = frozenset(
    {
        "HorizontalContentList", "ButtonList", "JumpList", "VerticalContentList", "SelectList", "OptionList",
        "ActionList",
    }
)
_NAMES = {"KeyName": "keyname", "UserId": "userid", "AppId": "appid", "Appid": "appid", "PagePath": "pagepath",
          "CheckBox": "checkbox"}
_NUMBERS = frozenset({"desc_color", "type", "style", "mode", "aspect_ratio"})


class NoReply(Exception):
    """The answer is no passive reply: members see nothing; the reason is for the traffic panel."""


def open_reply(codec: PlatformCodec, body: bytes) -> tuple[str, str]:
    """
    Return the inner XML and what was sealed around it.

    Raises:
        NoReply: not sealed by this company.
    """
    try:
        outer = ET.fromstring(body)  # noqa: S314 - the answer of a process on this machine
        sealed = _text(outer, "Encrypt")
        expected = codec.signature(_text(outer, "TimeStamp"), _text(outer, "Nonce"), sealed)
        if _text(outer, "MsgSignature") != expected:
            raise NoReply("signature does not hold")
        return codec.open(sealed), sealed
    except ET.ParseError:
        raise NoReply("no XML") from None
    except NotOpened as error:
        raise NoReply(str(error)) from None


def shown_by(xml: str, event: str | None, member: str) -> Json:
    """
    Return what a phone shows: {"type": "text", …} or {"update": card} or {"replace": text}.

    Args:
        event: the event's name in lower case, None for a message.

    Raises:
        NoReply: WeCom ignores it there.
    """
    root = ET.fromstring(xml)  # noqa: S314
    kind = _text(root, "MsgType")
    if _text(root, "ToUserName").lower() != member.lower():
        raise NoReply("for somebody else")
    if kind in ("update_button", "update_template_card"):
        if event != CARD_UPDATE:
            raise NoReply(f"{kind} is no answer to {event or 'a message'}")
        if kind == "update_button":
            return {"replace": _text(root, "Button/ReplaceName")}
        card = root.find("TemplateCard")
        try:
            return {"update": take_card(_as_json(card), sent=False)}
        except Refused as refused:
            raise NoReply(f"card: {refused.errcode} {refused.more}") from None
    if event is not None and event not in ORDINARY:
        raise NoReply(f"an ordinary answer is not possible for {event}")
    if kind == "text":
        text = _text(root, "Content")
        shown = cut_bytes(text, TEXT_BYTES)
        return {"type": "text", "text": shown, **({"cut": True} if shown != text else {})}
    if kind == "news":
        titles = [title.text or "" for title in root.iterfind("Articles/item/Title")]
        return {"type": "news", "text": "\n".join(titles), "url": _text(root, "Articles/item/Url")}
    if kind in ("image", "voice", "video"):
        return {"type": kind, "text": _text(root, f"{kind.capitalize()}/MediaId")}
    raise NoReply(f"type {kind} is no passive reply")


def _text(root: ET.Element, path: str) -> str:
    return root.findtext(path) or ""


def _as_json(element: ET.Element | None) -> Json:
    found: Json = {}
    for child in element if element is not None else ():
        name = _NAMES.get(child.tag) or re.sub(r"(?<!^)(?=[A-Z])", "_", child.tag).lower()
        value: Any = _as_json(child) if len(child) else child.text or ""
        if name in _NUMBERS:
            value = float(value) if name == "aspect_ratio" else int(value)
        if child.tag in _LISTS:
            found.setdefault(name, []).append(value)
        else:
            found[name] = value
    return found
