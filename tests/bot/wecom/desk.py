"""The published vector (wecom-facts 1.3; doc 91144), and requests sealed as the platform seals them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.wecom.codec import Codec
from bot.wecom.inbound import parse as typed
from bot.wecom.received import Inbound
from bot.wecom.xml import Fields, parse

TOKEN = "QDG6eK"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
CORP = "wx5823bf96d3bd56c7"
TIMESTAMP, NONCE = "1409659813", "1372623149"
SIGNATURE = "477715d11cdb4164915debcba66cb864d751f3e6"
ENCRYPT = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TU"
    "UkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff"
    "0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVM"
    "NS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2p"
    "DBS8R07+qN+E7Q=="
)
SEALED_AT = datetime.fromtimestamp(int(TIMESTAMP), UTC)
FIXTURES = Path(__file__).parent / "fixtures"


def codec() -> Codec:
    """Return the codec of the published vector."""
    return Codec(TOKEN, AES_KEY, CORP)


def envelope(encrypt: str, head: str = "") -> bytes:
    """Return the body of a POST."""
    return (
        f"<xml>{head}<ToUserName><![CDATA[{CORP}]]></ToUserName><AgentID><![CDATA[218]]></AgentID>"
        f"<Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>"
    ).encode()


@dataclass
class Request:
    """One POST that is in order until a test breaks it."""

    encrypt: str = ENCRYPT
    timestamp: str = TIMESTAMP
    nonce: str = NONCE
    body: bytes = b""
    query: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.body = self.body or envelope(self.encrypt)
        self.query = self.query or {
            "msg_signature": [codec().sign(self.timestamp, self.nonce, self.encrypt)],
            "timestamp": [self.timestamp], "nonce": [self.nonce],
        }


def fixture(name: str) -> bytes:
    """Return the decrypted XML of one payload."""
    return (FIXTURES / f"{name}.xml").read_bytes()


def fields(name: str) -> Fields:
    """Return the fields of one payload."""
    return parse(fixture(name))


def event(name: str) -> Inbound:
    """Return one payload as a typed value."""
    return typed(fields(name))


def shown(value: Inbound) -> dict[str, Any]:
    """Return what a value says beyond what all share."""
    shared = ("sender", "created", "agent_id", "msg_id", "fields")
    return {name: each for name, each in vars(value).items() if name not in shared}
