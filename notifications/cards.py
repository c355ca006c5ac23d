"""
The five template cards as values: every limit is checked when a card is built (contract, Cards; doc 90236, doc 90372).

The same value gives the JSON of message/send and update_template_card, and (in bot.wecom.replies) the XML of the
passive update.
"""

from __future__ import annotations

import re
from dataclasses import KW_ONLY, dataclass

from notifications import limits
from notifications.card_parts import (
    ActionMenu,
    Button,
    ButtonSelection,
    CardImage,
    CardLimit,
    Emphasis,
    ImageText,
    Json,
    Jump,
    MainTitle,
    MenuAction,
    Option,
    Pair,
    Quote,
    Source,
    Target,
    Vertical,
    bytes_within,
    check_options,
    count,
    unique,
    within,
)

__all__ = [
    "ActionMenu", "Button", "ButtonInteraction", "ButtonSelection", "CardImage", "CardLimit", "Emphasis", "ImageText",
    "Json", "Jump", "MainTitle", "MenuAction", "MultipleInteraction", "NewsNotice", "Option", "Pair", "Quote", "Source",
    "Target", "TemplateCard", "TextNotice", "Vertical", "VoteInteraction", "cut",
]
_TASK_ID = re.compile(r"[0-9A-Za-z_\-@]+")


def cut(text: str, most: int) -> str:
    """Return text of at most `most` characters, the cut shown by …."""
    return text if len(text) <= most else text[: most - 1] + "…"


@dataclass(frozen=True)
class _Card:
    """
    What all five may show.

    Attributes:
        task_id: names the card in taps; unique per app; required wherever a tap comes back, else "".
        opens: where a tap on the card itself leads (card_action).
        replace_text: in updates only: a grey dead button with this text.
    """

    task_id: str
    main_title: MainTitle
    _: KW_ONLY
    source: Source | None = None
    action_menu: ActionMenu | None = None
    quote: Quote | None = None
    horizontal: tuple[Pair, ...] = ()
    opens: Target | None = None
    replace_text: str = ""

    def __post_init__(self) -> None:
        count("horizontal_content_list", self.horizontal, limits.PAIRS)
        if self.task_id or self.action_menu is not None or isinstance(self, _INTERACTIVE):
            bytes_within("task_id", self.task_id, limits.TASK_ID_BYTES)
            if _TASK_ID.fullmatch(self.task_id) is None:
                raise CardLimit("task_id", "may hold digits, letters and _-@ only")
        if not isinstance(self, TextNotice):
            within("main_title.title", self.main_title.title, limits.MAIN_TITLE, required=True)

    def _head(self, card_type: str) -> Json:
        card: Json = {"card_type": card_type}
        if self.source is not None:
            card["source"] = self.source.to_json()
        if self.action_menu is not None:
            card["action_menu"] = self.action_menu.to_json()
        title = self.main_title.to_json()
        if title:
            card["main_title"] = title
        if self.quote is not None:
            card["quote_area"] = self.quote.to_json()
        return card

    def _foot(self, card: Json) -> Json:
        if self.horizontal:
            card["horizontal_content_list"] = [pair.to_json() for pair in self.horizontal]
        if self.opens is not None:
            card["card_action"] = self.opens.to_json()
        if self.task_id:
            card["task_id"] = self.task_id
        if self.replace_text:
            card["replace_text"] = self.replace_text
        return card


@dataclass(frozen=True)
class _Jumping(_Card):
    """A card that may carry jumps; a button_interaction may not."""

    _: KW_ONLY
    jumps: tuple[Jump, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        count("jump_list", self.jumps, limits.JUMPS)

    def _foot(self, card: Json) -> Json:
        super()._foot(card)
        if self.jumps:
            card["jump_list"] = [jump.to_json() for jump in self.jumps]
        return card


@dataclass(frozen=True)
class TextNotice(_Jumping):
    """text_notice: something to read; a tap leads to `opens`, which is required."""

    _: KW_ONLY
    sub_title: str = ""
    emphasis: Emphasis | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        within("sub_title_text", self.sub_title, limits.SUB_TITLE)
        if not self.main_title.title and not self.sub_title:
            raise CardLimit("main_title.title", "it or sub_title_text is needed")
        if self.emphasis is not None and self.quote is not None:
            raise CardLimit("emphasis_content", "not together with quote_area")
        if self.opens is None:
            raise CardLimit("card_action", "is required")

    def to_json(self) -> Json:
        """Return the template_card object."""
        card = self._head("text_notice")
        if self.emphasis is not None:
            card["emphasis_content"] = self.emphasis.to_json()
        if self.sub_title:
            card["sub_title_text"] = self.sub_title
        return self._foot(card)


@dataclass(frozen=True)
class NewsNotice(_Jumping):
    """news_notice: a picture with text; `image` or `image_text`, and `opens`, are required."""

    _: KW_ONLY
    image: CardImage | None = None
    image_text: ImageText | None = None
    verticals: tuple[Vertical, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        count("vertical_content_list", self.verticals, limits.VERTICALS)
        if self.image is None and self.image_text is None:
            raise CardLimit("card_image", "it or image_text_area is needed")
        if self.opens is None:
            raise CardLimit("card_action", "is required")

    def to_json(self) -> Json:
        """Return the template_card object."""
        card = self._head("news_notice")
        if self.image is not None:
            card["card_image"] = self.image.to_json()
        if self.image_text is not None:
            card["image_text_area"] = self.image_text.to_json()
        if self.verticals:
            card["vertical_content_list"] = [vertical.to_json() for vertical in self.verticals]
        return self._foot(card)


@dataclass(frozen=True)
class ButtonInteraction(_Card):
    """button_interaction: a question with up to six buttons and at most one drop-down."""

    buttons: tuple[Button, ...]
    _: KW_ONLY
    sub_title: str = ""
    selection: ButtonSelection | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        within("sub_title_text", self.sub_title, limits.SUB_TITLE)
        count("button_list", self.buttons, limits.BUTTONS, 1)
        unique("button_list.key", (button.key for button in self.buttons if not button.url))

    def to_json(self) -> Json:
        """Return the template_card object."""
        card = self._head("button_interaction")
        if self.sub_title:
            card["sub_title_text"] = self.sub_title
        if self.selection is not None:
            card["button_selection"] = self.selection.to_json()
        card["button_list"] = [button.to_json() for button in self.buttons]
        return self._foot(card)


@dataclass(frozen=True)
class VoteInteraction(_Jumping):
    """vote_interaction: one list of choices, one or `several`, and a submit button."""

    question_key: str
    options: tuple[Option, ...]
    submit_text: str
    submit_key: str
    _: KW_ONLY
    several: bool = False
    disabled: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        bytes_within("checkbox.question_key", self.question_key, limits.KEY_BYTES)
        check_options("checkbox", self.options, limits.VOTE_OPTIONS, limits.VOTE_TEXT)
        if not self.several and sum(option.checked for option in self.options) > 1:
            raise CardLimit("checkbox.option_list.is_checked", "one choice only")
        _check_submit(self.submit_text, self.submit_key)

    def to_json(self) -> Json:
        """Return the template_card object."""
        card = self._head("vote_interaction")
        card["checkbox"] = {
            "question_key": self.question_key, "mode": int(self.several),
            "option_list": [option.to_json() for option in self.options],
            **({"disable": True} if self.disabled else {}),
        }
        card["submit_button"] = {"text": self.submit_text, "key": self.submit_key}
        return self._foot(card)


@dataclass(frozen=True)
class MultipleInteraction(_Jumping):
    """multiple_interaction: up to three drop-downs and a submit button."""

    selects: tuple[ButtonSelection, ...]
    submit_text: str
    submit_key: str

    def __post_init__(self) -> None:
        super().__post_init__()
        count("select_list", self.selects, limits.SELECTS, 1)
        unique("select_list.question_key", (select.question_key for select in self.selects))
        _check_submit(self.submit_text, self.submit_key)

    def to_json(self) -> Json:
        """Return the template_card object."""
        card = self._head("multiple_interaction")
        card["select_list"] = [select.to_json() for select in self.selects]
        card["submit_button"] = {"text": self.submit_text, "key": self.submit_key}
        return self._foot(card)


def _check_submit(text: str, key: str) -> None:
    within("submit_button.text", text, limits.SUBMIT_TEXT, required=True)
    bytes_within("submit_button.key", key, limits.KEY_BYTES)


TemplateCard = TextNotice | NewsNotice | ButtonInteraction | VoteInteraction | MultipleInteraction
_INTERACTIVE = (ButtonInteraction, VoteInteraction, MultipleInteraction)
