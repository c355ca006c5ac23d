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
import os
import struct
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from policy.errors import ProjectError

BLOCK = 32
_AES_BLOCK = 16
_PREFIX = 16


class EnvelopeBroken(ProjectError):
    """A sealed text does not open; `reason` is one of base64, block, padding, length, receiver."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Codec:
    """
    Opens and seals for one app.

    Args:
        token, encoding_aes_key: of the app's 接收消息 settings.
        receive_id: the CorpID of a self-built app.
        random_bytes: source of the 16-byte prefix.

    Raises:
        ValueError: the key is not 43 characters of base64.
    """

    def __init__(
        self, token: str, encoding_aes_key: str, receive_id: str,
        random_bytes: Callable[[int], bytes] = os.urandom,
    ) -> None:
        if len(encoding_aes_key) != 43:
            raise ValueError("encoding_aes_key must have 43 characters")
        # The last character may carry spare bits; b64decode takes it (wecom-facts 1.3).
        key = base64.b64decode(encoding_aes_key + "=")
        self._token = token
        self._receive_id = receive_id.encode()
        self._cipher = Cipher(AES(key), CBC(key[:_AES_BLOCK]))
        self._random = random_bytes

    def sign(self, timestamp: str, nonce: str, sealed: str) -> str:
        """Return the signature: SHA-1 over the four strings, sorted."""
        return hashlib.sha1("".join(sorted((self._token, timestamp, nonce, sealed))).encode()).hexdigest()  # noqa: S324

    def verify(self, signature: str, timestamp: str, nonce: str, sealed: str) -> bool:
        """Return whether the signature holds, in constant time."""
        return hmac.compare_digest(self.sign(timestamp, nonce, sealed).encode(), signature.encode())

    def open(self, sealed: str) -> bytes:
        """
        Decrypt after the signature held.

        Raises:
            EnvelopeBroken: with the first thing that is wrong.
        """
        try:
            cipher_text = base64.b64decode(sealed, validate=True)
        except (binascii.Error, ValueError):
            raise EnvelopeBroken("base64") from None
        if not cipher_text or len(cipher_text) % _AES_BLOCK:
            raise EnvelopeBroken("block")
        decryptor = self._cipher.decryptor()
        plain = decryptor.update(cipher_text) + decryptor.finalize()
        pad = plain[-1]
        if not 1 <= pad <= BLOCK or len(plain) < pad or plain[-pad:] != bytes([pad]) * pad:
            raise EnvelopeBroken("padding")
        plain = plain[:-pad]
        if len(plain) < _PREFIX + 4:
            raise EnvelopeBroken("length")
        size = struct.unpack(">I", plain[_PREFIX : _PREFIX + 4])[0]
        if size > len(plain) - _PREFIX - 4:
            raise EnvelopeBroken("length")
        end = _PREFIX + 4 + size
        if not hmac.compare_digest(plain[end:], self._receive_id):
            raise EnvelopeBroken("receiver")
        return plain[_PREFIX + 4 : end]

    def seal(self, message: bytes) -> str:
        """Encrypt a message for the platform."""
        plain = self._random(_PREFIX) + struct.pack(">I", len(message)) + message + self._receive_id
        pad = BLOCK - len(plain) % BLOCK
        encryptor = self._cipher.encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def seal_reply(self, message: bytes, timestamp: str, nonce: str) -> bytes:
        """Return the whole passive reply: sealed, signed, as XML."""
        sealed = self.seal(message)
        signature = self.sign(timestamp, nonce, sealed)
        return (
            f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt><MsgSignature><![CDATA[{signature}]]></MsgSignature>"
            f"<TimeStamp>{timestamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
        ).encode()
