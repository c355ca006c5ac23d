"""
The callback's cryptography (wecom-facts 1.2–1.4; doc 91144): AES-256-CBC padded to 32 bytes, SHA-1 signature.

Strict where the published sample is loose: constant-time comparison, padding 1…32 all equal, length field, receiver,
strict base64, random prefix from a CSPRNG.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from enum import StrEnum

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from policy.errors import ProjectError

BLOCK = 32
_AES_BLOCK = 16
_PREFIX = 16
_HEAD = _PREFIX + 4
_AES_KEY = re.compile(r"[0-9A-Za-z]{43}")
_PADDINGS = tuple(bytes([size]) * size for size in range(BLOCK + 1))


class Reason(StrEnum):
    """Why something was refused at the door, for the metrics; in the order of the checks (design rule 2)."""

    SIZE = "size"
    QUERY = "query"
    ENVELOPE = "envelope"
    SIGNATURE = "signature"
    STALE = "stale"
    BASE64 = "base64"
    BLOCK = "block"
    PADDING = "padding"
    LENGTH = "length"
    RECEIVER = "receiver"
    INNER_XML = "inner_xml"


class EnvelopeBroken(ProjectError):
    """A sealed text does not open; `reason` is one of BASE64, BLOCK, PADDING, LENGTH, RECEIVER."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Codec:
    """
    Opens and seals for one app. Safe to share between threads.

    Args:
        token, aes_key: of the app's 接收消息 settings; the key is the EncodingAESKey, 43 letters and digits.
        receive_id: the CorpID of a self-built app.
        random_bytes: source of the 16-byte prefix.

    Raises:
        ValueError: the key is not 43 letters and digits.
    """

    def __init__(
        self, token: str, aes_key: str, receive_id: str,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        if _AES_KEY.fullmatch(aes_key) is None:
            raise ValueError("the EncodingAESKey must be 43 letters and digits")
        # The last character may carry spare bits; b64decode takes it (wecom-facts 1.3).
        key = base64.b64decode(aes_key + "=")
        self._token = token
        self._receive_id = receive_id.encode()
        self._cipher = Cipher(AES(key), CBC(key[:_AES_BLOCK]))
        self._random = random_bytes

    def sign(self, timestamp: str, nonce: str, encrypt: str) -> str:
        """Return the signature: lower-case hex of SHA-1 over the four strings, sorted and joined."""
        return hashlib.sha1("".join(sorted((self._token, timestamp, nonce, encrypt))).encode()).hexdigest()  # noqa: S324

    def verify(self, signature: str, timestamp: str, nonce: str, encrypt: str) -> bool:
        """Return whether the signature holds, compared in constant time."""
        return hmac.compare_digest(self.sign(timestamp, nonce, encrypt).encode(), signature.encode())

    def decrypt(self, encrypt: str) -> bytes:
        """
        Open a sealed text whose signature holds.

        Raises:
            EnvelopeBroken: with the first thing that is wrong.
        """
        try:
            sealed = binascii.a2b_base64(encrypt)
        except ValueError:
            raise EnvelopeBroken(Reason.BASE64) from None
        # The decoder lets foreign characters and spare bits of the last one pass; only one spelling of a text is ours.
        if binascii.b2a_base64(sealed, newline=False) != encrypt.encode():
            raise EnvelopeBroken(Reason.BASE64)
        if not sealed or len(sealed) % BLOCK:
            raise EnvelopeBroken(Reason.BLOCK)
        decryptor = self._cipher.decryptor()
        plain = decryptor.update(sealed) + decryptor.finalize()
        pad = plain[-1]
        if not 1 <= pad <= BLOCK or plain[-pad:] != _PADDINGS[pad]:
            raise EnvelopeBroken(Reason.PADDING)
        whole = len(plain) - pad
        end = _HEAD + int.from_bytes(plain[_PREFIX:_HEAD], "big")
        if whole < _HEAD or end > whole:
            raise EnvelopeBroken(Reason.LENGTH)
        if not hmac.compare_digest(plain[end:whole], self._receive_id):
            raise EnvelopeBroken(Reason.RECEIVER)
        return plain[_HEAD:end]

    def encrypt(self, message: bytes) -> str:
        """Seal a message for the platform; never the same text twice."""
        plain = b"".join((self._random(_PREFIX), len(message).to_bytes(4, "big"), message, self._receive_id))
        encryptor = self._cipher.encryptor()
        padded = plain + _PADDINGS[BLOCK - len(plain) % BLOCK]
        return binascii.b2a_base64(encryptor.update(padded) + encryptor.finalize(), newline=False).decode()

    def seal_reply(self, xml: str | bytes, timestamp: str, nonce: str) -> str:
        """
        Return the whole passive reply: the inner XML sealed and signed [doc 90238].

        Args:
            timestamp, nonce: digits and printable ASCII, as the door lets them in; echoed.
        """
        encrypt = self.encrypt(xml.encode() if isinstance(xml, str) else xml)
        return (
            f"<xml><Encrypt><![CDATA[{encrypt}]]></Encrypt>"
            f"<MsgSignature><![CDATA[{self.sign(timestamp, nonce, encrypt)}]]></MsgSignature>"
            f"<TimeStamp>{timestamp}</TimeStamp><Nonce>{cdata(nonce)}</Nonce></xml>"
        )


def cdata(text: str) -> str:
    """Return text as CDATA, its own end mark split."""
    if "]]>" in text:
        text = text.replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{text}]]>"
