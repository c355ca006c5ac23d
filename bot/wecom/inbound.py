"""
What members and WeCom send, as typed values (wecom-facts 2): messages here, events in bot.wecom.events.

What is not known is kept as Unknown with all its fields and answered 200 (contract, Bad input).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from bot.wecom import events
from bot.wecom.received import (
    FileMessage,
    Head,
    ImageMessage,
    Inbound,
    LinkMessage,
    LocationMessage,
    TextMessage,
    Unknown,
    VideoMessage,
    VoiceMessage,
    number_or_none,
)
from bot.wecom.xml import Fields, text_of

EPOCH = datetime.fromtimestamp(0, UTC)


def parse(fields: Fields) -> Inbound:
    """Turn the decrypted fields into a typed value. Never raises."""
    head = (
        text_of(fields, "FromUserName"), _instant(text_of(fields, "CreateTime")), text_of(fields, "AgentID"),
        text_of(fields, "MsgId"), fields,
    )
    kind = text_of(fields, "MsgType").lower()
    if kind == "event":
        return events.parse_event(head, fields)
    build = _MESSAGES.get(kind)
    return Unknown(*head, kind[:64] or "unknown") if build is None else build(head, fields)


def _instant(stamp: str) -> datetime:
    if stamp.isascii() and stamp.isdecimal() and len(stamp) < 12:
        return datetime.fromtimestamp(int(stamp), UTC)
    return EPOCH


def _text(head: Head, fields: Fields) -> Inbound:
    return TextMessage(*head, text_of(fields, "Content"))


def _image(head: Head, fields: Fields) -> Inbound:
    return ImageMessage(*head, text_of(fields, "MediaId"), text_of(fields, "PicUrl"))


def _voice(head: Head, fields: Fields) -> Inbound:
    return VoiceMessage(
        *head, text_of(fields, "MediaId"), text_of(fields, "Format"), text_of(fields, "Recognition")
    )


def _video(head: Head, fields: Fields) -> Inbound:
    return VideoMessage(*head, text_of(fields, "MediaId"), text_of(fields, "ThumbMediaId"))


def _file(head: Head, fields: Fields) -> Inbound:
    return FileMessage(*head, text_of(fields, "MediaId"), text_of(fields, "FileName"))


def _location(head: Head, fields: Fields) -> Inbound:
    return LocationMessage(
        *head, number_or_none(fields, "Location_X"), number_or_none(fields, "Location_Y"),
        number_or_none(fields, "Scale"), text_of(fields, "Label"), text_of(fields, "AppType"),
    )


def _link(head: Head, fields: Fields) -> Inbound:
    return LinkMessage(
        *head, text_of(fields, "Title"), text_of(fields, "Description"), text_of(fields, "Url"),
        text_of(fields, "PicUrl"),
    )


_MESSAGES: dict[str, Callable[[Head, Fields], Inbound]] = {
    "text": _text, "image": _image, "voice": _voice, "video": _video, "file": _file, "location": _location,
    "link": _link,
}
