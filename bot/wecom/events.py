"""
Every event of doc 90240 as a typed value (wecom-facts 2.2). Event names are matched without case.

Elements that may be missing (EventKey of subscribe, SelectedItems …) are empty values, never errors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.wecom.approval_events import parse_open_approval, parse_system_approval
from bot.wecom.contact_events import parse_contact_change
from bot.wecom.received import Head, Inbound, Unknown, number_or_none, whole_or_none
from bot.wecom.xml import Fields, children_of, group_of, groups_of, text_of


@dataclass(frozen=True)
class Subscribed(Inbound):
    """subscribe: a member came into the app's visible range."""


@dataclass(frozen=True)
class Unsubscribed(Inbound):
    """unsubscribe: a member left the app's visible range."""


@dataclass(frozen=True)
class EnteredAgent(Inbound):
    """enter_agent: a member opened the app's chat; may come each time."""


@dataclass(frozen=True)
class LocationReported(Inbound):
    """LOCATION: reported on entering the chat. Degrees and metres; None when unreadable."""

    latitude: float | None
    longitude: float | None
    precision: float | None
    app_type: str


@dataclass(frozen=True)
class MenuClick(Inbound):
    """click: an entry of the app's menu that calls back."""

    key: str


@dataclass(frozen=True)
class MenuView(Inbound):
    """view or view_miniprogram: an entry that opened a page. target: address, or page path."""

    target: str
    mini_program: bool


@dataclass(frozen=True)
class Scanned(Inbound):
    """scancode_push or scancode_waitmsg. waits: the member waits for our answer."""

    key: str
    scan_type: str
    result: str
    waits: bool


@dataclass(frozen=True)
class PicturesPicked(Inbound):
    """pic_sysphoto, pic_photo_or_album or pic_weixin; the pictures themselves come as image messages."""

    event: str
    key: str
    count: int | None
    md5: tuple[str, ...]


@dataclass(frozen=True)
class LocationPicked(Inbound):
    """location_select: a place chosen from the menu. Degrees; None when unreadable."""

    key: str
    latitude: float | None
    longitude: float | None
    scale: float | None
    label: str
    poi: str
    app_type: str


@dataclass(frozen=True)
class CardTap(Inbound):
    """
    template_card_event (a button) or template_card_menu_event (an entry of the card's menu).

    Attributes:
        key: of the button or entry.
        response_code: changes the card once within 72 h.
        selected: chosen options by question key; WeCom sends the first option when nothing was chosen.
        from_menu: an ordinary passive reply is possible.
    """

    key: str
    task_id: str
    card_type: str
    response_code: str
    selected: Mapping[str, tuple[str, ...]]
    from_menu: bool


@dataclass(frozen=True)
class TaskCardClick(Inbound):
    """taskcard_click of the old task card."""

    key: str
    task_id: str


@dataclass(frozen=True)
class BatchJobResult(Inbound):
    """batch_job_result: an asynchronous address-book job ended."""

    job_id: str
    job_type: str
    err_code: int | None
    err_msg: str


@dataclass(frozen=True)
class ShareChanged(Inbound):
    """share_agent_change or share_chain_change: which app is shared with which company."""

    event: str


@dataclass(frozen=True)
class AppActivity(Inbound):
    """inactive_alert, close_inactive_agent, …: WeCom suspends apps that nobody uses. effect_time: unix seconds."""

    event: str
    effect_time: int | None


def parse_event(head: Head, fields: Fields) -> Inbound:
    """Turn an event's fields into a typed value. Never raises."""
    event = text_of(fields, "Event").lower()
    build = _EVENTS.get(event)
    return Unknown(*head, f"event:{event}"[:64]) if build is None else build(head, event, fields)


def _card_tap(head: Head, event: str, fields: Fields) -> Inbound:
    return CardTap(
        *head, text_of(fields, "EventKey"), text_of(fields, "TaskId"), text_of(fields, "CardType"),
        text_of(fields, "ResponseCode"), _selected(fields), event == "template_card_menu_event",
    )


def _selected(fields: Fields) -> dict[str, tuple[str, ...]]:
    return {
        text_of(item, "QuestionKey"): tuple(
            option
            for ids in groups_of(item, "OptionIds")
            for option in children_of(ids, "OptionId")
            if isinstance(option, str)
        )
        for group in groups_of(fields, "SelectedItems")
        for item in groups_of(group, "SelectedItem")
    }


def _location(head: Head, event: str, fields: Fields) -> Inbound:
    return LocationReported(
        *head, number_or_none(fields, "Latitude"), number_or_none(fields, "Longitude"),
        number_or_none(fields, "Precision"), text_of(fields, "AppType"),
    )


def _scanned(head: Head, event: str, fields: Fields) -> Inbound:
    code = group_of(fields, "ScanCodeInfo")
    return Scanned(
        *head, text_of(fields, "EventKey"), text_of(code, "ScanType"), text_of(code, "ScanResult"),
        event == "scancode_waitmsg",
    )


def _pictures(head: Head, event: str, fields: Fields) -> Inbound:
    sent = group_of(fields, "SendPicsInfo")
    # Several pictures: documented as several <item>, in real traffic several <PicList> (wecom-facts 2.2).
    md5 = tuple(
        text_of(item, "PicMd5Sum") for pictures in groups_of(sent, "PicList") for item in groups_of(pictures, "item")
    )
    return PicturesPicked(*head, event, text_of(fields, "EventKey"), whole_or_none(sent, "Count"), md5)


def _location_picked(head: Head, event: str, fields: Fields) -> Inbound:
    place = group_of(fields, "SendLocationInfo")
    return LocationPicked(
        *head, text_of(fields, "EventKey"), number_or_none(place, "Location_X"), number_or_none(place, "Location_Y"),
        number_or_none(place, "Scale"), text_of(place, "Label"), text_of(place, "Poiname"), text_of(fields, "AppType"),
    )


def _batch_job(head: Head, event: str, fields: Fields) -> Inbound:
    job = group_of(fields, "BatchJob")
    return BatchJobResult(
        *head, text_of(job, "JobId"), text_of(job, "JobType"), whole_or_none(job, "ErrCode"), text_of(job, "ErrMsg")
    )


def _activity(head: Head, event: str, fields: Fields) -> Inbound:
    return AppActivity(*head, event, whole_or_none(fields, "EffectTime"))


_EVENTS: dict[str, Callable[[Head, str, Fields], Inbound]] = {
    "subscribe": lambda head, event, fields: Subscribed(*head),
    "unsubscribe": lambda head, event, fields: Unsubscribed(*head),
    "enter_agent": lambda head, event, fields: EnteredAgent(*head),
    "location": _location,
    "click": lambda head, event, fields: MenuClick(*head, text_of(fields, "EventKey")),
    "view": lambda head, event, fields: MenuView(*head, text_of(fields, "EventKey"), False),
    "view_miniprogram": lambda head, event, fields: MenuView(*head, text_of(fields, "EventKey"), True),
    "scancode_push": _scanned,
    "scancode_waitmsg": _scanned,
    "pic_sysphoto": _pictures,
    "pic_photo_or_album": _pictures,
    "pic_weixin": _pictures,
    "location_select": _location_picked,
    "template_card_event": _card_tap,
    "template_card_menu_event": _card_tap,
    "taskcard_click": lambda head, event, fields: TaskCardClick(
        *head, text_of(fields, "EventKey"), text_of(fields, "TaskId")
    ),
    "batch_job_result": _batch_job,
    "change_contact": lambda head, event, fields: parse_contact_change(head, fields),
    "sys_approval_change": lambda head, event, fields: parse_system_approval(head, fields),
    "open_approval_change": lambda head, event, fields: parse_open_approval(head, fields),
    "share_agent_change": lambda head, event, fields: ShareChanged(*head, event),
    "share_chain_change": lambda head, event, fields: ShareChanged(*head, event),
    "inactive_alert": _activity,
    "close_inactive_agent": _activity,
    "reopen_inactive_agent": _activity,
    "low_active_alert": _activity,
    "low_active": _activity,
    "active_restored": _activity,
}
EVENTS = frozenset(_EVENTS)
