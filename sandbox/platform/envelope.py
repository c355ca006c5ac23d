"""A callback as it leaves the platform: inner XML, sealed, signed, with its query (wecom-facts 1.2, 2)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from sandbox.platform.codec import PlatformCodec

_NUMERIC = frozenset({"CreateTime", "AgentID", "MsgId"})


@dataclass(frozen=True)
class Sealed:
    """What goes over the wire."""

    address: str
    body: bytes


def inner_xml(fields: Mapping[str, Any]) -> str:
    """Return the XML of fields; a mapping nests, a list repeats its element."""
    return f"<xml>{_elements(fields)}</xml>"


def seal(codec: PlatformCodec, address: str, corp_id: str, agent_id: int, xml: str, now: float) -> Sealed:
    """Return one sealed POST. now: machine time in seconds."""
    sealed = codec.seal(xml)
    timestamp, nonce = str(int(now)), str(secrets.randbelow(10**10))
    signature = codec.signature(timestamp, nonce, sealed)
    query = urlencode({"msg_signature": signature, "timestamp": timestamp, "nonce": nonce})
    body = (
        f"<xml><ToUserName><![CDATA[{corp_id}]]></ToUserName><AgentID><![CDATA[{agent_id}]]></AgentID>"
        f"<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    )
    return Sealed(f"{address}?{query}", body.encode())


def _elements(fields: Mapping[str, Any]) -> str:
    return "".join(_element(name, value) for name, value in fields.items())


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, each) for each in value)
    if isinstance(value, Mapping):
        return f"<{name}>{_elements(value)}</{name}>"
    if name in _NUMERIC:
        return f"<{name}>{escape(str(value))}</{name}>"
    return f"<{name}><![CDATA[{str(value).replace(']]>', ']]]]><![CDATA[>')}]]></{name}>"
