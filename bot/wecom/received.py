"""The values of everything that arrives: what all share, and the messages (wecom-facts 2.1; doc 90239)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime

from bot.wecom.xml import Fields, text_of

Head = tuple[str, datetime, str, str, Fields]


@dataclass(frozen=True)
class Inbound:
    """
    What all of them share.

    Attributes:
        sender: userid as WeCom spelled it ("sys" for system events).
        created: CreateTime, aware UTC; 1970 when missing or unreadable. Retries may stamp it anew.
        agent_id: of the receiving app as text; approval events carry the approval app's own.
        msg_id: "" for events.
        fields: everything as received.
    """

    sender: str
    created: datetime
    agent_id: str
    msg_id: str
    fields: Fields = field(repr=False)

    @property
    def sender_id(self) -> str:
        """Return the userid in lower case; WeCom compares without case."""
        return self.sender.lower()

    @property
    def kind(self) -> str:
        """Return a short name of at most 64 characters for logs: text, event:click …"""
        name = text_of(self.fields, "MsgType").lower()
        return (f"event:{text_of(self.fields, 'Event').lower()}" if name == "event" else name or "unknown")[:64]


@dataclass(frozen=True)
class Unknown(Inbound):
    """A message or event that is not documented; kept and counted. name: its MsgType, or event:its Event."""

    name: str


@dataclass(frozen=True)
class TextMessage(Inbound):
    """text."""

    content: str


@dataclass(frozen=True)
class MediaMessage(Inbound):
    """A message with a media file that can be fetched for 3 days."""

    media_id: str


@dataclass(frozen=True)
class ImageMessage(MediaMessage):
    """image."""

    pic_url: str


@dataclass(frozen=True)
class VoiceMessage(MediaMessage):
    """voice. recognition: its text where WeCom sends one (UNCONFIRMED), else ""."""

    format: str
    recognition: str


@dataclass(frozen=True)
class VideoMessage(MediaMessage):
    """video."""

    thumb_media_id: str


@dataclass(frozen=True)
class FileMessage(MediaMessage):
    """file. Not in the documented list; WeCom's own plugin handles it."""

    name: str


@dataclass(frozen=True)
class LocationMessage(Inbound):
    """location. Degrees; None when unreadable. app_type: wxwork from the WeCom client, "" from WeChat."""

    latitude: float | None
    longitude: float | None
    scale: float | None
    label: str
    app_type: str


@dataclass(frozen=True)
class LinkMessage(Inbound):
    """link."""

    title: str
    description: str
    url: str
    pic_url: str


def number_or_none(fields: Fields, name: str) -> float | None:
    """Return a field as a finite number, None when it is missing or none."""
    try:
        value = float(text_of(fields, name))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def whole_or_none(fields: Fields, name: str) -> int | None:
    """Return a field as a whole number, None when it is missing or none."""
    text = text_of(fields, name)
    if not text.isascii() or not text.removeprefix("-").isdecimal() or len(text) > 18:
        return None
    return int(text)


def listed(text: str) -> tuple[str, ...]:
    """Return the entries of "a,b"."""
    return tuple(part for part in text.split(",") if part)


def wholes(text: str) -> tuple[int, ...]:
    """Return the numbers of "1,2", leaving out what is none."""
    return tuple(int(part) for part in text.split(",") if part.isascii() and part.isdecimal() and len(part) <= 18)
