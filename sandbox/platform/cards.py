"""Template cards as WeCom takes them: what is wrong is refused, what is too long is cut (wecom-facts 3.3)."""

from __future__ import annotations

import copy
import re
from typing import Any

from sandbox.platform.refusals import Refused

Json = dict[str, Any]

INTERACTIVE = frozenset({"button_interaction", "vote_interaction", "multiple_interaction"})
NOTICES = frozenset({"text_notice", "news_notice"})
_TASK_ID = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
_COMMON = {
    "card_type", "source", "action_menu", "task_id", "main_title", "quote_area", "horizontal_content_list",
    "card_action", "replace_text",
}
_OWN = {
    "text_notice": {"emphasis_content", "sub_title_text", "jump_list"},
    "news_notice": {"card_image", "image_text_area", "vertical_content_list", "jump_list"},
    "button_interaction": {"sub_title_text", "button_selection", "button_list"},
    "vote_interaction": {"checkbox", "submit_button"},
    "multiple_interaction": {"select_list", "submit_button"},
}
# What the client cuts, in characters.
_CUTS = (
    ("source.desc", 20), ("main_title.title", 36), ("main_title.desc", 44), ("emphasis_content.title", 14),
    ("emphasis_content.desc", 22), ("sub_title_text", 160), ("horizontal_content_list.keyname", 5),
    ("horizontal_content_list.value", 30), ("jump_list.title", 18), ("vertical_content_list.title", 38),
    ("vertical_content_list.desc", 160), ("button_list.text", 10), ("button_selection.option_list.text", 16),
    ("select_list.option_list.text", 16), ("checkbox.option_list.text", 17), ("submit_button.text", 10),
)


def take_card(card: object, *, sent: bool) -> Json:
    """
    Check a card and return it as phones show it, with `cut` naming what was cut.

    Args:
        sent: True for message/send, where keys and task_id are asked for; False for an update.

    Raises:
        Refused: WeCom would not take it.
    """
    if not isinstance(card, dict) or card.get("card_type") not in _OWN:
        raise Refused(40058, "template_card.card_type")
    kind = card["card_type"]
    unknown = set(card) - _COMMON - _OWN[kind]
    if unknown:
        raise Refused(40058, f"template_card.{sorted(unknown)[0]}")
    _check_task(card, kind, sent)
    _check_title(card, kind)
    _check_lists(card)
    if kind in NOTICES:
        _check_notice(card, kind)
    if kind == "button_interaction":
        _check_buttons(card, sent)
    if kind == "vote_interaction":
        _check_question(card.get("checkbox"), "checkbox", 20)
        _check_submit(card)
    if kind == "multiple_interaction":
        for select in _listed(card, "select_list", 1, 3):
            _check_question(select, "select_list", 10)
        _check_submit(card)
    return _cut(card)


def calls_back(card: Json) -> bool:
    """Return whether a card's taps come back, so that it has a response code."""
    return card["card_type"] in INTERACTIVE or "action_menu" in card


def _check_task(card: Json, kind: str, sent: bool) -> None:
    task_id = card.get("task_id")
    if task_id is None:
        if sent and (kind in INTERACTIVE or "action_menu" in card):
            raise Refused(40063, "template_card.task_id")
        return
    if not isinstance(task_id, str) or _TASK_ID.fullmatch(task_id) is None:
        raise Refused(40058, "template_card.task_id")


def _check_title(card: Json, kind: str) -> None:
    title = (card.get("main_title") or {}).get("title")
    if not title and (kind != "text_notice" or not card.get("sub_title_text")):
        raise Refused(40063, "template_card.main_title.title")


def _check_lists(card: Json) -> None:
    for row in _listed(card, "horizontal_content_list", 0, 6):
        if not row.get("keyname"):
            raise Refused(40063, "horizontal_content_list.keyname")
        wanted = {1: "url", 2: "media_id", 3: "userid"}.get(row.get("type", 0))
        if wanted is not None and not row.get(wanted):
            raise Refused(40063, f"horizontal_content_list.{wanted}")
    for row in _listed(card, "jump_list", 0, 3):
        if not row.get("title"):
            raise Refused(40063, "jump_list.title")
    for row in _listed(card, "vertical_content_list", 0, 4):
        if not row.get("title"):
            raise Refused(40063, "vertical_content_list.title")
    menu = card.get("action_menu")
    if menu is not None:
        actions = _listed(menu, "action_list", 1, 3)
        _unique([action.get("key") for action in actions], 1024, "action_list.key")
    colour = (card.get("source") or {}).get("desc_color", 0)
    if colour not in (0, 1, 2, 3):
        raise Refused(40058, "source.desc_color")


def _check_notice(card: Json, kind: str) -> None:
    action = card.get("card_action") or {}
    if action.get("type") not in (1, 2) or (action["type"] == 1 and not action.get("url")):
        raise Refused(40058, "template_card.card_action")
    if kind == "news_notice" and not (card.get("card_image") or card.get("image_text_area")):
        raise Refused(40063, "template_card.card_image")


def _check_buttons(card: Json, sent: bool) -> None:
    buttons = _listed(card, "button_list", 1 if sent else 0, 6)
    for button in buttons:
        if not button.get("text"):
            raise Refused(40063, "button_list.text")
        if button.get("style", 1) not in (1, 2, 3, 4):
            raise Refused(40058, "button_list.style")
        if button.get("type", 0) == 1 and not button.get("url"):
            raise Refused(40063, "button_list.url")
    _unique([button.get("key") for button in buttons if button.get("type", 0) == 0], 1024, "button_list.key")
    if "button_selection" in card:
        _check_question(card["button_selection"], "button_selection", 10)


def _check_question(question: object, name: str, most: int) -> None:
    if not isinstance(question, dict) or not question.get("question_key"):
        raise Refused(40063, f"{name}.question_key")
    options = _listed(question, "option_list", 1, most)
    for option in options:
        if not option.get("text"):
            raise Refused(40063, f"{name}.option_list.text")
    _unique([option.get("id") for option in options], 128, f"{name}.option_list.id")


def _check_submit(card: Json) -> None:
    key = (card.get("submit_button") or {}).get("key")
    _unique([key], 1024, "submit_button.key")


def _listed(card: Json, name: str, least: int, most: int) -> list[Json]:
    rows = card.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Refused(40058, name)
    if not least <= len(rows) <= most:
        raise Refused(40058, f"{name} size")
    return rows


def _unique(keys: list[Any], most: int, name: str) -> None:
    for key in keys:
        if not isinstance(key, str) or not 0 < len(key.encode()) <= most:
            raise Refused(40058, name)
    if len(set(keys)) != len(keys):
        raise Refused(40058, f"{name} not unique")


def _cut(card: Json) -> Json:
    shown: Json = copy.deepcopy(card)
    cut: dict[str, str] = {}
    for path, most in _CUTS:
        _cut_at(shown, path.split("."), most, "", cut)
    if cut:
        shown["cut"] = cut
    return shown


def _cut_at(place: Any, path: list[str], most: int, named: str, cut: dict[str, str]) -> None:
    if isinstance(place, list):
        for at, each in enumerate(place):
            _cut_at(each, path, most, f"{named}[{at}]", cut)
        return
    if not isinstance(place, dict) or path[0] not in place:
        return
    name = f"{named}.{path[0]}" if named else path[0]
    if len(path) > 1:
        _cut_at(place[path[0]], path[1:], most, name, cut)
    elif isinstance(place[path[0]], str) and len(place[path[0]]) > most:
        cut[name] = place[path[0]]
        place[path[0]] = place[path[0]][: most - 1] + "…"
