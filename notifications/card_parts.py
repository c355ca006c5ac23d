"""
The parts that template cards are made of; every limit is checked when a part is built (template_card [doc 90372]).

Each gives the JSON of its field; bot.wecom.replies turns the same into the XML of the passive update.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from notifications import limits
from policy.errors import ProjectError

Json = dict[str, object]
_WEB = ("http://", "https://")
_NOTHING: tuple[object, ...] = ("", None, [])


class CardLimit(ProjectError):
    """
    A card breaks one of WeCom's limits; shorten or mend the named field before building it.

    Attributes:
        field: as WeCom calls it, e.g. main_title.title.
    """

    def __init__(self, field: str, said: str) -> None:
        super().__init__(f"{field}: {said}")
        self.field = field


def within(field: str, text: str, most: int, *, required: bool = False) -> None:
    """Refuse text of more than `most` characters, or none where it is required."""
    if required and not text:
        raise CardLimit(field, "is empty")
    if len(text) > most:
        raise CardLimit(field, f"has {len(text)} characters, at most {most}")


def bytes_within(field: str, text: str, most: int) -> None:
    """Refuse text that is empty or has more than `most` bytes."""
    if not text or len(text.encode()) > most:
        raise CardLimit(field, f"must have 1 to {most} bytes")


def count(field: str, things: Sequence[object], most: int, least: int = 0) -> None:
    """Refuse too few or too many entries."""
    if not least <= len(things) <= most:
        raise CardLimit(field, f"{len(things)} entries, {least} to {most} allowed")


def unique(field: str, keys: Iterable[str]) -> None:
    """Refuse keys that are not all different."""
    listed = list(keys)
    if len(set(listed)) != len(listed):
        raise CardLimit(field, "keys must differ")


def web_address(field: str, url: str) -> None:
    """Refuse what is no http or https address."""
    if not url.startswith(_WEB):
        raise CardLimit(field, "must begin with http:// or https://")


def present(fields: Json) -> Json:
    """Return the fields that say something."""
    return {name: value for name, value in fields.items() if value not in _NOTHING}


@dataclass(frozen=True)
class Target:
    """Where a tap leads: a page (`url`), or a mini program (`appid`, `pagepath`)."""

    url: str = ""
    appid: str = ""
    pagepath: str = ""

    def __post_init__(self) -> None:
        if bool(self.url) == bool(self.appid):
            raise CardLimit("url", "either url or appid is needed")
        if self.url:
            web_address("url", self.url)

    def to_json(self) -> Json:
        """Return type and address."""
        if self.url:
            return {"type": 1, "url": self.url}
        return present({"type": 2, "appid": self.appid, "pagepath": self.pagepath})


def _leading(target: Target | None) -> Json:
    return {} if target is None else target.to_json()


@dataclass(frozen=True)
class Source:
    """The line above a card. color: 0 grey, 1 black, 2 red, 3 green."""

    desc: str
    color: int = 0
    icon_url: str = ""

    def __post_init__(self) -> None:
        within("source.desc", self.desc, limits.SOURCE_DESC)
        if self.color not in (0, 1, 2, 3):
            raise CardLimit("source.desc_color", "must be 0 to 3")
        if self.icon_url:
            web_address("source.icon_url", self.icon_url)

    def to_json(self) -> Json:
        """Return the JSON of the field."""
        return {**present({"icon_url": self.icon_url}), "desc": self.desc, "desc_color": self.color}


@dataclass(frozen=True)
class MenuAction:
    """An entry of a card's own menu; comes back as template_card_menu_event."""

    text: str
    key: str

    def __post_init__(self) -> None:
        if not self.text:
            raise CardLimit("action_list.text", "is empty")
        bytes_within("action_list.key", self.key, limits.KEY_BYTES)

    def to_json(self) -> Json:
        """Return the JSON of the field."""
        return {"text": self.text, "key": self.key}


@dataclass(frozen=True)
class ActionMenu:
    """The menu at the top right of a card."""

    actions: tuple[MenuAction, ...]
    desc: str = ""

    def __post_init__(self) -> None:
        count("action_list", self.actions, limits.MENU_ACTIONS, 1)
        unique("action_list.key", (action.key for action in self.actions))

    def to_json(self) -> Json:
        """Return the JSON of the field."""
        return {**present({"desc": self.desc}), "action_list": [action.to_json() for action in self.actions]}


@dataclass(frozen=True)
class MainTitle:
    """Title and the line under it."""

    title: str = ""
    desc: str = ""

    def __post_init__(self) -> None:
        within("main_title.title", self.title, limits.MAIN_TITLE)
        within("main_title.desc", self.desc, limits.MAIN_DESC)

    def to_json(self) -> Json:
        """Return the JSON of the field."""
        return present({"title": self.title, "desc": self.desc})


@dataclass(frozen=True)
class Quote:
    """A grey quotation, with `target` one that can be tapped."""

    text: str
    title: str = ""
    target: Target | None = None

    def to_json(self) -> Json:
        """Return the JSON of the field."""
        return {**_leading(self.target), **present({"title": self.title, "quote_text": self.text})}


@dataclass(frozen=True)
class Pair:
    """One row of key and value; with `url` a link, with `media_id` a file (value: its name), with `userid` a member."""

    name: str
    value: str
    url: str = ""
    media_id: str = ""
    userid: str = ""

    def __post_init__(self) -> None:
        within("horizontal_content_list.keyname", self.name, limits.PAIR_NAME, required=True)
        within("horizontal_content_list.value", self.value, limits.PAIR_VALUE)
        if self.url or self.media_id or self.userid:
            self._check_target()

    def _check_target(self) -> None:
        if sum(map(bool, (self.url, self.media_id, self.userid))) > 1:
            raise CardLimit("horizontal_content_list.type", "a link, a file or a member, not several")
        if self.url:
            web_address("horizontal_content_list.url", self.url)
        if self.media_id and not self.value:
            raise CardLimit("horizontal_content_list.value", "a file needs its name")

    def to_json(self) -> Json:
        """Return the JSON of the field."""
        row: Json = {"keyname": self.name, "value": self.value}
        if self.url:
            return {"type": 1, **row, "url": self.url}
        if self.media_id:
            return {"type": 2, **row, "media_id": self.media_id}
        return {"type": 3, **row, "userid": self.userid} if self.userid else row


@dataclass(frozen=True)
class Jump:
    """A line at the foot of a card that leads somewhere."""

    title: str
    target: Target | None = None

    def __post_init__(self) -> None:
        within("jump_list.title", self.title, limits.JUMP_TITLE, required=True)

    def to_json(self) -> Json:
        """Return the JSON of the field."""
        return {**(_leading(self.target) or {"type": 0}), "title": self.title}


@dataclass(frozen=True)
class Emphasis:
    """The one big figure of a text_notice."""

    title: str
    desc: str = ""

    def __post_init__(self) -> None:
        within("emphasis_content.title", self.title, limits.EMPHASIS_TITLE)
        within("emphasis_content.desc", self.desc, limits.EMPHASIS_DESC)

    def to_json(self) -> Json:
        """Return the JSON of the field."""
        return present({"title": self.title, "desc": self.desc})


@dataclass(frozen=True)
class CardImage:
    """The picture of a news_notice. aspect_ratio: width by height."""

    url: str
    aspect_ratio: float = limits.ASPECT_LEAST

    def __post_init__(self) -> None:
        web_address("card_image.url", self.url)
        if not limits.ASPECT_LEAST <= self.aspect_ratio <= limits.ASPECT_MOST:
            raise CardLimit("card_image.aspect_ratio", f"{limits.ASPECT_LEAST} to {limits.ASPECT_MOST}")

    def to_json(self) -> Json:
        """Return the JSON of the field."""
        return {"url": self.url, "aspect_ratio": self.aspect_ratio}


@dataclass(frozen=True)
class ImageText:
    """A picture beside text in a news_notice."""

    image_url: str
    title: str = ""
    desc: str = ""
    target: Target | None = None

    def __post_init__(self) -> None:
        web_address("image_text_area.image_url", self.image_url)

    def to_json(self) -> Json:
        """Return the JSON of the field."""
        said = present({"title": self.title, "desc": self.desc})
        return {**_leading(self.target), **said, "image_url": self.image_url}


@dataclass(frozen=True)
class Vertical:
    """One block of title and text in a news_notice."""

    title: str
    desc: str = ""

    def __post_init__(self) -> None:
        within("vertical_content_list.title", self.title, limits.VERTICAL_TITLE, required=True)
        within("vertical_content_list.desc", self.desc, limits.VERTICAL_DESC)

    def to_json(self) -> Json:
        """Return the JSON of the field."""
        return present({"title": self.title, "desc": self.desc})


@dataclass(frozen=True)
class Option:
    """One choice of a drop-down or a vote; `checked` for votes only."""

    id: str
    text: str
    checked: bool = False

    def to_json(self) -> Json:
        """Return the JSON of the field."""
        option: Json = {"id": self.id, "text": self.text}
        return {**option, "is_checked": True} if self.checked else option


def check_options(field: str, options: Sequence[Option], most: int, text_most: int) -> None:
    """Refuse options that are too many, too long or not all different."""
    count(f"{field}.option_list", options, most, 1)
    unique(f"{field}.option_list.id", (option.id for option in options))
    for option in options:
        bytes_within(f"{field}.option_list.id", option.id, limits.OPTION_ID_BYTES)
        within(f"{field}.option_list.text", option.text, text_most, required=True)


@dataclass(frozen=True)
class ButtonSelection:
    """
    A drop-down: button_selection, or an entry of select_list.

    WeCom sends the first option when nothing was chosen. disabled: takes effect in updates only.
    """

    question_key: str
    title: str
    options: tuple[Option, ...]
    selected: str = ""
    disabled: bool = False

    def __post_init__(self) -> None:
        bytes_within("question_key", self.question_key, limits.KEY_BYTES)
        check_options("selection", self.options, limits.SELECT_OPTIONS, limits.SELECT_TEXT)
        if self.selected and self.selected not in {option.id for option in self.options}:
            raise CardLimit("selected_id", "is no option")

    def to_json(self) -> Json:
        """Return the JSON of the field."""
        return present(
            {
                "question_key": self.question_key, "title": self.title,
                "option_list": [option.to_json() for option in self.options], "selected_id": self.selected,
                "disable": self.disabled or None,
            }
        )


@dataclass(frozen=True)
class Button:
    """A button that comes back to us (key) or opens a page (url). style: 1 filled, 2 plain, 3 red, 4 grey."""

    text: str
    key: str = ""
    url: str = ""
    style: int = 1

    def __post_init__(self) -> None:
        within("button_list.text", self.text, limits.BUTTON_TEXT, required=True)
        if self.url:
            web_address("button_list.url", self.url)
        else:
            bytes_within("button_list.key", self.key, limits.KEY_BYTES)
        if self.style not in (1, 2, 3, 4):
            raise CardLimit("button_list.style", "must be 1 to 4")

    def to_json(self) -> Json:
        """Return the JSON of the field."""
        if self.url:
            return {"type": 1, "text": self.text, "style": self.style, "url": self.url}
        return {"text": self.text, "style": self.style, "key": self.key}
