"""message/send's types: what each must hold, and what phones show of it (wecom-facts 3.1, 3.2)."""

from __future__ import annotations

from typing import Any

from sandbox.platform.cards import take_card
from sandbox.platform.refusals import Refused

Json = dict[str, Any]
TEXT_BYTES = 2048
_ADDRESS_BYTES = 2048


def take_message(body: Json, media: dict[str, Json]) -> Json:
    """
    Check a message and return what a chat shows: type, text, card, file …

    Args:
        media: uploaded files by media_id.

    Raises:
        Refused: WeCom would not take it.
    """
    kind = body.get("msgtype")
    take = _TYPES.get(str(kind))
    if take is None:
        raise Refused(40008)
    content = body.get(str(kind))
    if not isinstance(content, dict):
        raise Refused(40058, str(kind))
    return {"type": str(kind), **take(content, media)}


def cut_bytes(text: str, most: int) -> str:
    """Return text of at most so many bytes, never half a character."""
    return text.encode()[:most].decode(errors="ignore")


def _text(content: Json, media: dict[str, Json]) -> Json:
    text = content.get("content")
    if not isinstance(text, str) or not text:
        raise Refused(44004)
    shown = cut_bytes(text, TEXT_BYTES)
    return {"text": shown, **({"cut": True} if shown != text else {})}


def _file(content: Json, media: dict[str, Json]) -> Json:
    kept = media.get(str(content.get("media_id")))
    if kept is None:
        raise Refused(40007)
    return {"file": {"name": kept["name"], "size": kept["size"], "url": kept["url"]}}


def _textcard(content: Json, media: dict[str, Json]) -> Json:
    for name in ("title", "description", "url"):
        if not content.get(name):
            raise Refused(40063, f"textcard.{name}")
    _address(content["url"])
    return {
        "text": f"{cut_bytes(content['title'], 128)}\n{cut_bytes(content['description'], 512)}", "url": content["url"],
    }


def _news(content: Json, media: dict[str, Json]) -> Json:
    articles = content.get("articles")
    if not isinstance(articles, list) or not 1 <= len(articles) <= 8:
        raise Refused(40058, "news.articles")
    for article in articles:
        if not article.get("title"):
            raise Refused(40063, "news.articles.title")
        if not article.get("appid"):
            _address(article.get("url"))
    return {"text": "\n".join(cut_bytes(article["title"], 128) for article in articles), "url": articles[0].get("url")}


def _card(content: Json, media: dict[str, Json]) -> Json:
    return {"card": take_card(content, sent=True)}


def _address(url: object) -> None:
    if not isinstance(url, str) or not url.startswith(("http://", "https://")) or len(url.encode()) > _ADDRESS_BYTES:
        raise Refused(40058, "url")


_TYPES = {
    "text": _text, "markdown": _text, "image": _file, "voice": _file, "video": _file, "file": _file,
    "textcard": _textcard, "news": _news, "template_card": _card,
}
