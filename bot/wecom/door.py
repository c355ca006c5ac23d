"""
The checks at the door, in their order (design rule 2): until the signature holds, nothing is decrypted or believed.

size → query parameters once each → envelope → signature → timestamp → base64, block, padding, length, receiver →
inner XML. A refusal is a status and a reason for the metrics; the sender is told nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.wecom.codec import Codec, EnvelopeBroken
from bot.wecom.xml import BadXml, Fields, parse

BODY_MOST = 64 * 1024
_PARAMETERS = ("msg_signature", "timestamp", "nonce")
_PARAMETER_MOST = 512
_FAR = 10**11  # no timestamp in seconds is that large


@dataclass(frozen=True)
class Refused:
    """Nothing was stored. reason: size, query, envelope, signature, stale, base64 … inner_xml."""

    status: int
    reason: str


@dataclass(frozen=True)
class Opened:
    """An event that is the platform's: its fields, and the nonce and timestamp of its envelope."""

    fields: Fields
    timestamp: str
    nonce: str


@dataclass(frozen=True)
class Echo:
    """The plain text that proves to the platform that we hold the key."""

    plain: bytes


Query = Mapping[str, Sequence[str]]


def check_address(
    codec: Codec, query: Query, *, machine_now: datetime, company_nows: Iterable[datetime], window: int
) -> Echo | Refused:
    """Answer the platform's GET when the callback address is saved (wecom-facts 1.1)."""
    given = _parameters(query, (*_PARAMETERS, "echostr"))
    if given is None:
        return Refused(400, "query")
    signature, timestamp, nonce, sealed = given
    if not codec.verify(signature, timestamp, nonce, sealed):
        return Refused(403, "signature")
    if not _fresh(timestamp, machine_now, company_nows, window):
        return Refused(403, "stale")
    try:
        return Echo(codec.open(sealed))
    except EnvelopeBroken as error:
        return Refused(400, error.reason)


def open_callback(
    codec: Codec, query: Query, body: bytes, *, machine_now: datetime, company_nows: Iterable[datetime], window: int
) -> Opened | Refused:
    """
    Open one POST.

    Args:
        body: at most BODY_MOST + 1 bytes; the caller stops reading there.
        company_nows: company time under the present and the previous rehearsal offset (design rule 8).
        window: seconds a timestamp may be off.
    """
    if len(body) > BODY_MOST:
        return Refused(413, "size")
    given = _parameters(query, _PARAMETERS)
    if given is None:
        return Refused(400, "query")
    signature, timestamp, nonce = given
    try:
        envelope = parse(body)
    except BadXml:
        return Refused(400, "envelope")
    sealed = envelope.get("Encrypt")
    if not isinstance(sealed, str) or not sealed:
        return Refused(400, "envelope")
    if not codec.verify(signature, timestamp, nonce, sealed):
        return Refused(403, "signature")
    if not _fresh(timestamp, machine_now, company_nows, window):
        return Refused(403, "stale")
    try:
        inner = codec.open(sealed)
    except EnvelopeBroken as error:
        return Refused(400, error.reason)
    try:
        fields = parse(inner)
    except BadXml:
        return Refused(400, "inner_xml")
    return Opened(fields, timestamp, nonce)


def _parameters(query: Query, names: Sequence[str]) -> list[str] | None:
    """Return the parameters, None when one is missing, repeated, empty or absurdly long."""
    values: list[str] = []
    for name in names:
        given = query.get(name, ())
        limit = _PARAMETER_MOST if name != "echostr" else 4096
        if len(given) != 1 or not 0 < len(given[0]) <= limit:
            return None
        values.append(given[0])
    return values


def _fresh(timestamp: str, machine_now: datetime, company_nows: Iterable[datetime], window: int) -> bool:
    if not (timestamp.isascii() and timestamp.isdecimal()) or int(timestamp) > _FAR:
        return False
    stamped = datetime.fromtimestamp(int(timestamp), UTC)
    return any(abs((now - stamped).total_seconds()) <= window for now in (machine_now, *company_nows))
