"""
Template cards as values: every limit is checked when a card is built (contract, Cards; template_card [doc 90236]).

The same value gives the JSON of message/send and update_template_card, and (in bot.wecom.replies) the XML of the
passive update.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from notifications import limits
from policy.errors import ProjectError

Json = dict[str, object]
_TASK_ID = re.compile(r"[0-9A-Za-z_\-@]+")


class CardLimit(ProjectError):
    """A card breaks one of WeCom's limits; shorten the named field before building it."""


def _within(field: str, text: str, most: int, *, required: bool = False) -> None:
    if required and not text:
        raise CardLimit(f"{field} is empty")
    if len(text) > most:
        raise CardLimit(f"{field} has {len(text)} characters, at most {most}")


def _bytes_within(field: str, text: str, most: int) -> None:
    if not text or len(text.encode()) > most:
        raise CardLimit(f"{field} must have 1 to {most} bytes")


def _count(field: str, things: Sequence[object], most: int, least: int = 0) -> None:
    if not least <= len(things) <= most:
        raise CardLimit(f"{field}: {len(things)} entries, {least} to {most} allowed")


def _unique(field: str, keys: Iterable[str]) -> None:
    listed = list(keys)
    if len(set(listed)) != len(listed):
        raise CardLimit(f"{field}: keys must differ")


@dataclass(frozen=True)
class Source:
    """The line above a card. color: 0 grey, 1 black, 2 red, 3 green."""

    desc: str
    color: int = 0

    def __post_init__(self) -> None:
        _within("source.desc", self.desc, limits.SOURCE_DESC)
        if self.color not in (0, 1, 2, 3):
            raise CardLimit("source.desc_color must be 0 to 3")

    def to_json(self) -> Json:
        """Return the JSON of the field."""
        return {"desc": self.desc, "desc_color": self.color}


@dataclass(frozen=True)
class MainTitle:
    """Title and the line under it."""

    title: str
    desc: str = ""

    def __post_init__(self) -> None:
        _within("main_title.title", self.title, limits.MAIN_TITLE, required=True)
        _within("main_title.desc", self.desc, limits.MAIN_DESC)

    def to_json(self) -> Json:
        """Return the JSON of the field."""
        return {"title": self.title, "desc": self.desc} if self.desc else {"title": self.title}


@dataclass(frozen=True)
class Pair:
    """One row of key and value; with `url` a link."""

    name: str
    value: str
    url: str = ""

    def __post_init__(self) -> None:
        _within("horizontal keyname", self.name, limits.PAIR_NAME, required=True)
        _within("horizontal value", self.value, limits.PAIR_VALUE)

    def to_json(self) -> Json:
        """Return the JSON of the field."""
        row: Json = {"keyname": self.name, "value": self.value}
        return {"type": 1, **row, "url": self.url} if self.url else row


@dataclass(frozen=True)
class Option:
    """One choice of a drop-down or a vote."""

    id: str
    text: str

    def to_json(self) -> Json:
        """Return the JSON of the field."""
        return {"id": self.id, "text": self.text}


@dataclass(frozen=True)
class ButtonSelection:
    """The drop-down of a button_interaction; WeCom sends the first option when nothing was chosen."""

    question_key: str
    title: str
    options: tuple[Option, ...]
    selected: str = ""

    def __post_init__(self) -> None:
        _bytes_within("question_key", self.question_key, limits.KEY_BYTES)
        _count("option_list", self.options, limits.SELECT_OPTIONS, 1)
        _unique("option_list", (option.id for option in self.options))
        for option in self.options:
            _bytes_within("option id", option.id, limits.OPTION_ID_BYTES)
            _within("option text", option.text, limits.SELECT_TEXT, required=True)

    def to_json(self) -> Json:
        """Return the JSON of the field."""
        body: Json = {"question_key": self.question_key, "title": self.title}
        body["option_list"] = [option.to_json() for option in self.options]
        return {**body, "selected_id": self.selected} if self.selected else body


@dataclass(frozen=True)
class Button:
    """A button that comes back to us (key) or opens a page (url). style: 1 filled, 2 plain, 3 red, 4 grey."""

    text: str
    key: str = ""
    url: str = ""
    style: int = 1

    def __post_init__(self) -> None:
        _within("button text", self.text, limits.BUTTON_TEXT, required=True)
        if not self.url:
            _bytes_within("button key", self.key, limits.KEY_BYTES)
        if self.style not in (1, 2, 3, 4):
            raise CardLimit("button style must be 1 to 4")

    def to_json(self) -> Json:
        """Return the JSON of the field."""
        if self.url:
            return {"type": 1, "text": self.text, "style": self.style, "url": self.url}
        return {"text": self.text, "style": self.style, "key": self.key}


@dataclass(frozen=True)
class TextNotice:
    """text_notice: something to read, one tap opens a page."""

    main_title: MainTitle
    url: str
    source: Source | None = None
    pairs: tuple[Pair, ...] = ()
    sub_title: str = ""
    task_id: str = ""

    def __post_init__(self) -> None:
        _within("sub_title_text", self.sub_title, limits.SUB_TITLE)
        _count("horizontal_content_list", self.pairs, limits.PAIRS)
        if not self.url.startswith(("http://", "https://")):
            raise CardLimit("card_action.url must begin with http:// or https://")
        if self.task_id:
            _check_task(self.task_id)

    def to_json(self) -> Json:
        """Return the template_card object."""
        card: Json = {"card_type": "text_notice"}
        if self.source is not None:
            card["source"] = self.source.to_json()
        card["main_title"] = self.main_title.to_json()
        if self.sub_title:
            card["sub_title_text"] = self.sub_title
        if self.pairs:
            card["horizontal_content_list"] = [pair.to_json() for pair in self.pairs]
        card["card_action"] = {"type": 1, "url": self.url}
        if self.task_id:
            card["task_id"] = self.task_id
        return card


@dataclass(frozen=True)
class ButtonInteraction:
    """button_interaction: a question with up to six buttons and at most one drop-down."""

    task_id: str
    main_title: MainTitle
    buttons: tuple[Button, ...]
    source: Source | None = None
    horizontal: tuple[Pair, ...] = ()
    sub_title: str = ""
    selection: ButtonSelection | None = None
    replace_text: str = ""

    def __post_init__(self) -> None:
        _check_task(self.task_id)
        _within("sub_title_text", self.sub_title, limits.SUB_TITLE)
        _count("horizontal_content_list", self.horizontal, limits.PAIRS)
        _count("button_list", self.buttons, limits.BUTTONS, 1)
        _unique("button_list", (button.key for button in self.buttons if button.key))

    def to_json(self) -> Json:
        """Return the template_card object; with replace_text it shows a grey dead button (updates only)."""
        card: Json = {"card_type": "button_interaction"}
        if self.source is not None:
            card["source"] = self.source.to_json()
        card["main_title"] = self.main_title.to_json()
        if self.sub_title:
            card["sub_title_text"] = self.sub_title
        if self.horizontal:
            card["horizontal_content_list"] = [pair.to_json() for pair in self.horizontal]
        card["task_id"] = self.task_id
        if self.selection is not None:
            card["button_selection"] = self.selection.to_json()
        card["button_list"] = [button.to_json() for button in self.buttons]
        if self.replace_text:
            card["replace_text"] = self.replace_text
        return card


@dataclass(frozen=True)
class VoteInteraction:
    """vote_interaction: one list of choices, one or several, and a submit button."""

    task_id: str
    main_title: MainTitle
    question_key: str
    options: tuple[Option, ...]
    submit_text: str
    submit_key: str
    several: bool = False
    source: Source | None = None
    replace_text: str = ""

    def __post_init__(self) -> None:
        _check_task(self.task_id)
        _bytes_within("question_key", self.question_key, limits.KEY_BYTES)
        _count("checkbox.option_list", self.options, limits.VOTE_OPTIONS, 1)
        _unique("checkbox.option_list", (option.id for option in self.options))
        for option in self.options:
            _bytes_within("option id", option.id, limits.OPTION_ID_BYTES)
            _within("option text", option.text, limits.VOTE_TEXT, required=True)
        _within("submit_button.text", self.submit_text, limits.SUBMIT_TEXT, required=True)
        _bytes_within("submit_button.key", self.submit_key, limits.KEY_BYTES)

    def to_json(self) -> Json:
        """Return the template_card object."""
        card: Json = {"card_type": "vote_interaction"}
        if self.source is not None:
            card["source"] = self.source.to_json()
        card["main_title"] = self.main_title.to_json()
        card["task_id"] = self.task_id
        card["checkbox"] = {
            "question_key": self.question_key, "mode": int(self.several),
            "option_list": [option.to_json() for option in self.options],
        }
        card["submit_button"] = {"text": self.submit_text, "key": self.submit_key}
        if self.replace_text:
            card["replace_text"] = self.replace_text
        return card


@dataclass(frozen=True)
class MultipleInteraction:
    """multiple_interaction: up to three drop-downs and a submit button."""

    task_id: str
    main_title: MainTitle
    selects: tuple[ButtonSelection, ...]
    submit_text: str
    submit_key: str
    source: Source | None = None
    replace_text: str = ""

    def __post_init__(self) -> None:
        _check_task(self.task_id)
        _count("select_list", self.selects, limits.SELECTS, 1)
        _unique("select_list", (select.question_key for select in self.selects))
        _within("submit_button.text", self.submit_text, limits.SUBMIT_TEXT, required=True)
        _bytes_within("submit_button.key", self.submit_key, limits.KEY_BYTES)

    def to_json(self) -> Json:
        """Return the template_card object."""
        card: Json = {"card_type": "multiple_interaction"}
        if self.source is not None:
            card["source"] = self.source.to_json()
        card["main_title"] = self.main_title.to_json()
        card["task_id"] = self.task_id
        card["select_list"] = [select.to_json() for select in self.selects]
        card["submit_button"] = {"text": self.submit_text, "key": self.submit_key}
        if self.replace_text:
            card["replace_text"] = self.replace_text
        return card


TemplateCard = TextNotice | ButtonInteraction | VoteInteraction | MultipleInteraction


def _check_task(task_id: str) -> None:
    _bytes_within("task_id", task_id, limits.TASK_ID_BYTES)
    if _TASK_ID.fullmatch(task_id) is None:
        raise CardLimit("task_id may hold digits, letters and _-@ only")
