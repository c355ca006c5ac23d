"""
What members and WeCom send, as typed values (wecom-facts 2): six message types, file, and every event.

What is not known is kept as Unknown with all its fields and answered 200 (contract, Bad input).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.wecom.xml import Fields, children_of, text_of


@dataclass(frozen=True)
class Inbound:
    """
    What all of them share.

    Attributes:
        sender: userid as WeCom spelled it ("sys" for system events); sender_id in lower case.
        created: CreateTime, unix seconds, 0 when missing.
        agent_id: of the receiving app as text; approval events carry the approval app's own.
        fields: everything as received.
    """

    sender: str
    created: int
    agent_id: str
    fields: Fields = field(repr=False)

    @property
    def sender_id(self) -> str:
        """Return the userid in lower case; WeCom compares without case."""
        return self.sender.lower()

    @property
    def kind(self) -> str:
        """Return a short name for metrics and logs: text, event:click …"""
        name = text_of(self.fields, "MsgType").lower()
        return f"event:{text_of(self.fields, 'Event').lower()}" if name == "event" else name or "unknown"


@dataclass(frozen=True)
class TextMessage(Inbound):
    """A text."""

    content: str
    msg_id: str


@dataclass(frozen=True)
class MediaMessage(Inbound):
    """image, voice, video or file. `recognition` is a voice's text where WeCom sends one (UNCONFIRMED)."""

    media: str
    media_id: str
    name: str
    recognition: str
    msg_id: str


@dataclass(frozen=True)
class LocationMessage(Inbound):
    """A location: latitude, longitude, label."""

    latitude: str
    longitude: str
    label: str
    msg_id: str


@dataclass(frozen=True)
class LinkMessage(Inbound):
    """A link."""

    title: str
    description: str
    url: str
    msg_id: str


@dataclass(frozen=True)
class CardTap(Inbound):
    """A button of a card (template_card_event) or an entry of its menu (template_card_menu_event)."""

    key: str
    task_id: str
    card_type: str
    response_code: str
    selected: Mapping[str, tuple[str, ...]]
    from_menu: bool


@dataclass(frozen=True)
class MenuClick(Inbound):
    """An entry of the app's menu that calls back."""

    key: str


@dataclass(frozen=True)
class Entered(Inbound):
    """enter_agent or subscribe: the member opened the chat or came into the app's range."""

    subscribed: bool


@dataclass(frozen=True)
class Left(Inbound):
    """unsubscribe: the member left the app's range."""


@dataclass(frozen=True)
class ContactChange(Inbound):
    """change_contact: the address book changed; ids and flat fields as sent."""

    change: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class ApprovalChange(Inbound):
    """sys_approval_change or open_approval_change of WeCom's own approvals."""

    number: str
    status: str
    own_engine: bool


@dataclass(frozen=True)
class OtherEvent(Inbound):
    """A documented event that needs no act of ours: LOCATION, view, scancode_*, pic_*, batch_job_result …"""

    event: str
    key: str


@dataclass(frozen=True)
class Unknown(Inbound):
    """A message or event we do not know; kept and counted."""


_MEDIA = frozenset({"image", "voice", "video", "file"})
_OTHER = frozenset(
    """location batch_job_result view view_miniprogram scancode_push scancode_waitmsg pic_sysphoto pic_photo_or_album
    pic_weixin location_select share_agent_change share_chain_change inactive_alert close_inactive_agent
    reopen_inactive_agent low_active_alert low_active active_restored taskcard_click""".split()
)


def parse_inbound(fields: Fields) -> Inbound:
    """Turn the decrypted fields into a typed value. Never raises."""
    sender, agent = text_of(fields, "FromUserName"), text_of(fields, "AgentID")
    stamp = text_of(fields, "CreateTime")
    created = int(stamp) if stamp.isascii() and stamp.isdecimal() and len(stamp) < 12 else 0
    head = (sender, created, agent, fields)
    kind = text_of(fields, "MsgType").lower()
    msg_id = text_of(fields, "MsgId")
    if kind == "text":
        return TextMessage(*head, text_of(fields, "Content"), msg_id)
    if kind in _MEDIA:
        return MediaMessage(
            *head, kind, text_of(fields, "MediaId"), text_of(fields, "FileName"), text_of(fields, "Recognition"),
            msg_id,
        )
    if kind == "location":
        return LocationMessage(
            *head, text_of(fields, "Location_X"), text_of(fields, "Location_Y"), text_of(fields, "Label"), msg_id
        )
    if kind == "link":
        return LinkMessage(
            *head, text_of(fields, "Title"), text_of(fields, "Description"), text_of(fields, "Url"), msg_id
        )
    if kind == "event":
        return _event(head, text_of(fields, "Event").lower(), fields)
    return Unknown(*head)


def _event(head: tuple[str, int, str, Fields], event: str, fields: Fields) -> Inbound:
    key = text_of(fields, "EventKey")
    if event in ("template_card_event", "template_card_menu_event"):
        return CardTap(
            *head, key, text_of(fields, "TaskId"), text_of(fields, "CardType"), text_of(fields, "ResponseCode"),
            _selected(fields), event == "template_card_menu_event",
        )
    if event == "click":
        return MenuClick(*head, key)
    if event in ("enter_agent", "subscribe"):
        return Entered(*head, event == "subscribe")
    if event == "unsubscribe":
        return Left(*head)
    if event == "change_contact":
        flat = {name: value for name, value in fields.items() if isinstance(value, str)}
        return ContactChange(*head, text_of(fields, "ChangeType"), flat)
    if event in ("sys_approval_change", "open_approval_change"):
        info = fields.get("ApprovalInfo")
        held = info if isinstance(info, dict) else {}
        own = event == "open_approval_change"
        number = text_of(held, "ThirdNo" if own else "SpNoStr") or text_of(held, "SpNo")
        return ApprovalChange(*head, number, text_of(held, "OpenSpStatus" if own else "SpStatus"), own)
    if event in _OTHER:
        return OtherEvent(*head, event, key)
    return Unknown(*head)


def _selected(fields: Fields) -> dict[str, tuple[str, ...]]:
    chosen: dict[str, tuple[str, ...]] = {}
    for group in children_of(fields, "SelectedItems"):
        if not isinstance(group, dict):
            continue
        for item in children_of(group, "SelectedItem"):
            if not isinstance(item, dict):
                continue
            options: list[str] = []
            for ids in children_of(item, "OptionIds"):
                if isinstance(ids, dict):
                    options += [option for option in children_of(ids, "OptionId") if isinstance(option, str)]
            chosen[text_of(item, "QuestionKey")] = tuple(options)
    return chosen
