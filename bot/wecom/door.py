"""
The checks at the door, in their order (design rule 2): until the signature holds, nothing is decrypted or believed.

size → query parameters once each → envelope → signature → timestamp → base64, block, padding, length, receiver →
inner XML. A refusal is a status and a reason for the metrics; the sender is told nothing. Nothing here raises but a
body's reader itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.wecom.codec import Codec, EnvelopeBroken, Reason
from bot.wecom.xml import BadXml, Fields, parse, parse_envelope

BODY_MOST = 64 * 1024
_PIECE = 16 * 1024
_SEALED = ("msg_signature", "timestamp", "nonce")
_VERIFYING = (*_SEALED, "echostr")
_PARAMETER_MOST = {"msg_signature": 64, "timestamp": 20, "nonce": 256, "echostr": 8192}
_STATUS = {Reason.SIZE: 413, Reason.SIGNATURE: 403, Reason.STALE: 403}


@dataclass(frozen=True)
class Refused:
    """Nothing is to be stored, no detail told. status: 400, 403 or 413."""

    status: int
    reason: Reason


@dataclass(frozen=True)
class Opened:
    """
    An event that is the platform's.

    Attributes:
        fields: the inner XML's, by name.
        xml: the inner XML as decrypted.
        timestamp, nonce: of the query, for the sealed reply.
        agent_id_outer: AgentID of the envelope as sent, "" when missing; not covered by the signature, never trust it.
    """

    fields: Fields
    xml: bytes
    timestamp: str
    nonce: str
    agent_id_outer: str


@dataclass(frozen=True)
class Echo:
    """The plain text that proves to the platform that we hold the key: the whole body of the answer, byte for byte."""

    plain: bytes


class ManyValued(Protocol):
    """A query with getlist, as frameworks have it."""

    def getlist(self, key: str) -> list[str]:
        """Return every value of a name, in order."""


class BodyReader(Protocol):
    """A request's body that is still on the wire."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes, b"" at the end."""


Query = Mapping[str, Sequence[str]] | ManyValued


def open_get(
    codec: Codec, query: Query, *, machine_now: datetime, company_nows: Iterable[datetime] = (), window: int = 300
) -> Echo | Refused:
    """
    Answer the platform's GET when the callback address is saved; it waits 1 s (wecom-facts 1.1).

    Args:
        query: decoded once.
        machine_now, company_nows, window: as in open_post.
    """
    given = _parameters(query, _VERIFYING)
    if given is None:
        return _refused(Reason.QUERY)
    signature, timestamp, nonce, encrypt = given
    if not codec.verify(signature, timestamp, nonce, encrypt):
        return _refused(Reason.SIGNATURE)
    if not _fresh(timestamp, machine_now, company_nows, window):
        return _refused(Reason.STALE)
    try:
        return Echo(codec.decrypt(encrypt))
    except EnvelopeBroken as error:
        return _refused(error.reason)


def open_post(
    codec: Codec, body: bytes | BodyReader, query: Query, *, machine_now: datetime,
    company_nows: Iterable[datetime] = (), window: int = 300,
) -> Opened | Refused:
    """
    Open one POST.

    Args:
        body: whole, or a reader; no more than BODY_MOST + 1 bytes are read.
        query: decoded once.
        machine_now: aware UTC.
        company_nows: company time under the present and the previous rehearsal offset (design rule 8).
        window: seconds a timestamp may be off any of these.
    """
    content = body if isinstance(body, bytes) else _read(body)
    if len(content) > BODY_MOST:
        return _refused(Reason.SIZE)
    given = _parameters(query, _SEALED)
    if given is None:
        return _refused(Reason.QUERY)
    signature, timestamp, nonce = given
    try:
        encrypt, agent_id = parse_envelope(content)
    except BadXml:
        return _refused(Reason.ENVELOPE)
    if not codec.verify(signature, timestamp, nonce, encrypt):
        return _refused(Reason.SIGNATURE)
    if not _fresh(timestamp, machine_now, company_nows, window):
        return _refused(Reason.STALE)
    try:
        xml = codec.decrypt(encrypt)
    except EnvelopeBroken as error:
        return _refused(error.reason)
    try:
        return Opened(parse(xml), xml, timestamp, nonce, agent_id)
    except BadXml:
        return _refused(Reason.INNER_XML)


def _refused(reason: Reason) -> Refused:
    return Refused(_STATUS.get(reason, 400), reason)


def _read(body: BodyReader) -> bytes:
    pieces: list[bytes] = []
    left = BODY_MOST + 1
    while left > 0:
        piece = body.read(min(left, _PIECE))
        if not piece:
            break
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def _parameters(query: Query, names: Sequence[str]) -> list[str] | None:
    """Return the parameters, None when one is missing, repeated, empty, absurdly long or not printable ASCII."""
    values: list[str] = []
    for name in names:
        given = _all_of(query, name)
        if len(given) != 1:
            return None
        value = given[0]
        if not (0 < len(value) <= _PARAMETER_MOST[name] and value.isascii() and value.isprintable()):
            return None
        values.append(value)
    return values


def _all_of(query: Query, name: str) -> Sequence[str]:
    # A framework's multi-dict is a mapping too, to single values: its getlist goes first.
    if hasattr(query, "getlist"):
        return query.getlist(name)
    return query.get(name, ())


def _fresh(timestamp: str, machine_now: datetime, company_nows: Iterable[datetime], window: int) -> bool:
    if not timestamp.isdecimal():
        return False
    stamped = int(timestamp)
    return any(abs(now.timestamp() - stamped) <= window for now in (machine_now, *company_nows))
