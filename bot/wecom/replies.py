"""Passive replies: the inner XML of the answer in the exchange (wecom-facts 2.3; doc 90241)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from bot.wecom.codec import cdata
from notifications import limits
from notifications.cards import TemplateCard
from notifications.messages import Article, MessageLimit, cut_bytes, plain_text, printable, shown

Json = dict[str, object]


class ReplyKind(StrEnum):
    """What may answer in the exchange; one kind stands for text, image and news alike."""

    ORDINARY = "ordinary"
    CARD_UPDATE = "card_update"


# [doc 90241] Events that are not named take no answer but the empty one; every message takes an ordinary one.
_EVENT_REPLIES = {
    **dict.fromkeys(
        (
            "subscribe", "enter_agent", "location", "click", "view", "view_miniprogram", "scancode_waitmsg",
            "template_card_menu_event",
        ),
        ReplyKind.ORDINARY,
    ),
    "template_card_event": ReplyKind.CARD_UPDATE,
}


def reply_allowed(event: str | None) -> ReplyKind | None:
    """
    Return what may answer an event in the exchange, None for nothing.

    Args:
        event: the Event's name, case does not matter; None for a message.
    """
    return ReplyKind.ORDINARY if event is None else _EVENT_REPLIES.get(event.lower())


def text_reply(to: str, corp_id: str, created: int, content: str) -> bytes:
    """Return a text answer: escaped, cut to 2,048 bytes. created: unix seconds, as in all of these."""
    content = cut_bytes(plain_text(content), limits.TEXT_BYTES)
    return _reply(to, corp_id, created, "text", f"<Content>{cdata(content)}</Content>")


def image_reply(to: str, corp_id: str, created: int, media_id: str) -> bytes:
    """Return a picture as the answer."""
    return _reply(to, corp_id, created, "image", f"<Image><MediaId>{cdata(media_id)}</MediaId></Image>")


def news_reply(to: str, corp_id: str, created: int, articles: Sequence[Article]) -> bytes:
    """
    Return a news answer.

    Raises:
        MessageLimit: not 1 to 8 articles, or an address is none.
    """
    if not 1 <= len(articles) <= limits.ARTICLES:
        raise MessageLimit(f"{len(articles)} articles, 1 to {limits.ARTICLES} allowed")
    names = {"title": "Title", "description": "Description", "picurl": "PicUrl", "url": "Url"}
    items: list[str] = []
    for article in articles:
        fields = shown(article)
        inner = "".join(f"<{name}>{cdata(fields.get(key, ''))}</{name}>" for key, name in names.items())
        items.append(f"<item>{inner}</item>")
    return _reply(
        to, corp_id, created, "news",
        f"<ArticleCount>{len(articles)}</ArticleCount><Articles>{''.join(items)}</Articles>",
    )


def button_reply(to: str, corp_id: str, created: int, replace_name: str) -> bytes:
    """Return an answer that greys the tapped card's buttons for the one who tapped."""
    shown_name = cdata(printable(replace_name))
    return _reply(to, corp_id, created, "update_button", f"<Button><ReplaceName>{shown_name}</ReplaceName></Button>")


def card_reply(to: str, corp_id: str, created: int, card: TemplateCard) -> bytes:
    """Return an answer that changes the tapped card for the one who tapped."""
    return _reply(
        to, corp_id, created, "update_template_card", f"<TemplateCard>{_elements(card.to_json())}</TemplateCard>"
    )


def _reply(to: str, corp_id: str, created: int, kind: str, inner: str) -> bytes:
    return (
        f"<xml><ToUserName>{cdata(to)}</ToUserName><FromUserName>{cdata(corp_id)}</FromUserName>"
        f"<CreateTime>{created}</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>{inner}</xml>"
    ).encode()


# WeCom's XML names that are not simply the JSON name's words in capitals.
_NAMES = {
    "keyname": "KeyName", "appid": "AppId", "pagepath": "PagePath", "userid": "UserId", "checkbox": "CheckBox",
}
_QUOTE_NAMES = {**_NAMES, "appid": "Appid"}  # sic [doc 90241]


def _elements(fields: Json, names: dict[str, str] = _NAMES) -> str:
    """Return card_type as CardType …; lists repeat their own name, without a wrapper."""
    parts: list[str] = []
    for key, value in fields.items():
        name = names.get(key) or "".join(part.capitalize() for part in key.split("_"))
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                inner = _elements(each, _QUOTE_NAMES if key == "quote_area" else _NAMES)
            elif isinstance(each, bool):
                inner = "true" if each else "false"
            elif isinstance(each, int | float):
                inner = str(each)
            else:
                inner = cdata(printable(str(each)))
            parts.append(f"<{name}>{inner}</{name}>")
    return "".join(parts)
