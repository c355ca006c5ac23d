"""WeCom's sealing (wecom-facts 1.2-1.4), written from the description alone: AES-256-CBC, blocks of 32, SHA-1."""

from __future__ import annotations

import base64
import hashlib
import os
import struct

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BITS = 256  # the padding's block, twice AES's own


class NotOpened(Exception):
    """A sealed text is not for this company, or was changed."""


class PlatformCodec:
    """
    Seals and opens for one app.

    Args:
        token, aes_key: of the app; the key has 43 characters.
        receive_id: the CorpID.
    """

    def __init__(self, token: str, aes_key: str, receive_id: str) -> None:
        self._token = token
        self._key = base64.b64decode(aes_key + "=")
        self._receive_id = receive_id.encode()

    def signature(self, timestamp: str, nonce: str, sealed: str) -> str:
        """Return SHA-1 over the sorted strings, in hex."""
        pieces = sorted([self._token, timestamp, nonce, sealed])
        return hashlib.sha1("".join(pieces).encode()).hexdigest()  # noqa: S324 - the protocol's

    def seal(self, message: str) -> str:
        """Return a message as base64."""
        content = message.encode()
        plain = os.urandom(16) + struct.pack(">I", len(content)) + content + self._receive_id
        padder = padding.PKCS7(_BITS).padder()
        encryptor = self._cipher().encryptor()
        padded = padder.update(plain) + padder.finalize()
        return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()

    def open(self, sealed: str) -> str:
        """
        Return the message.

        Raises:
            NotOpened: damaged, or for another receiver.
        """
        try:
            decryptor = self._cipher().decryptor()
            padded = decryptor.update(base64.b64decode(sealed, validate=True)) + decryptor.finalize()
            unpadder = padding.PKCS7(_BITS).unpadder()
            plain = unpadder.update(padded) + unpadder.finalize()
            (length,) = struct.unpack(">I", plain[16:20])
            content, receiver = plain[20 : 20 + length], plain[20 + length :]
            if receiver != self._receive_id or len(content) != length:
                raise NotOpened("wrong receiver")
            return content.decode()
        except (ValueError, struct.error) as error:
            raise NotOpened(str(error)) from None

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))
