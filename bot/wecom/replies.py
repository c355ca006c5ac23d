"""Passive replies: the inner XML of the answer in the exchange (wecom-facts 2.3; doc 90241)."""

from __future__ import annotations

from notifications import limits
from notifications.cards import TemplateCard
from notifications.messages import cut_bytes, plain_text

# Events to which an ordinary reply (text) is possible; a template_card_event takes card updates only.
TEXT_ALLOWED = frozenset(
    "subscribe enter_agent location click view view_miniprogram scancode_waitmsg template_card_menu_event".split()
)


def cdata(text: str) -> str:
    """Return text as CDATA, its own end mark split."""
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def text_reply(to: str, corp_id: str, created: int, content: str) -> bytes:
    """Return a text answer: escaped, cut to 2,048 bytes."""
    shown = cut_bytes(plain_text(content), limits.TEXT_BYTES)
    return (
        f"<xml><ToUserName>{cdata(to)}</ToUserName><FromUserName>{cdata(corp_id)}</FromUserName>"
        f"<CreateTime>{created}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content>{cdata(shown)}</Content></xml>"
    ).encode()


def card_reply(to: str, corp_id: str, created: int, card: TemplateCard) -> bytes:
    """Return an answer that changes the tapped card for the one who tapped."""
    return (
        f"<xml><ToUserName>{cdata(to)}</ToUserName><FromUserName>{cdata(corp_id)}</FromUserName>"
        f"<CreateTime>{created}</CreateTime><MsgType><![CDATA[update_template_card]]></MsgType>"
        f"<TemplateCard>{_elements(card.to_json())}</TemplateCard></xml>"
    ).encode()


_NAMES = {
    "keyname": "KeyName", "question_key": "QuestionKey", "selected_id": "SelectedId", "appid": "AppId",
    "pagepath": "PagePath", "userid": "UserId", "checkbox": "CheckBox",
}


def _name(key: str) -> str:
    """Return card_type → CardType; lists repeat their own name, without a wrapper."""
    return _NAMES.get(key) or "".join(part.capitalize() for part in key.split("_"))


def _elements(fields: dict[str, object]) -> str:
    parts: list[str] = []
    for key, value in fields.items():
        name = _name(key)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                parts.append(f"<{name}>{_elements(each)}</{name}>")
            elif isinstance(each, int):
                parts.append(f"<{name}>{each}</{name}>")
            else:
                parts.append(f"<{name}>{cdata(str(each))}</{name}>")
    return "".join(parts)
