"""
The vault: files encrypted with a key of their own, wrapped by the keyring (3.2b, 6.1c).

Layout: magic and version, length and bytes of the wrapped key (which names its key-encryption key), then chunks of
64 KiB, each AES-256-GCM with a counting nonce. Associated data bind the object id, the chunk's number and whether it
is the last, so chunks can not be moved, dropped or taken from another file. The wrapped value holds the key and a
commitment to it, since AES-GCM alone lets one file be made that opens under two keys.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.keys import KEY_BYTES, Keyring, SealBroken

MAGIC = b"LIUHEN\x01"
CHUNK = 64 * 1024
_TAG = 16
_MOST_WRAPPED = 512


def write_file(keyring: Keyring, folder: Path, object_id: str, content: bytes) -> tuple[str, str]:
    """
    Encrypt a file into the vault, whole and durable on return; the same object written again replaces it.

    Returns:
        Its path below the vault, and the SHA-256 of its content in hex.
    """
    name = hashlib.sha256(object_id.encode()).hexdigest()
    relative = f"{name[:2]}/{name}"
    target = folder / relative
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = os.urandom(KEY_BYTES)
    wrapped = keyring.seal(_purpose(object_id), key + _commitment(key, object_id))
    # A name of its own: two workers may fetch the same file at once.
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, suffix=".new")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(MAGIC + struct.pack(">H", len(wrapped)) + wrapped)
            chunks = [content[at : at + CHUNK] for at in range(0, len(content), CHUNK)] or [b""]
            cipher = AESGCM(key)
            for at, chunk in enumerate(chunks):
                last = at == len(chunks) - 1
                file.write(cipher.encrypt(_nonce(at), chunk, _bound(object_id, at, last)))
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)
    return relative, hashlib.sha256(content).hexdigest()


def read_file(keyring: Keyring, folder: Path, object_id: str, relative: str) -> bytes:
    """
    Decrypt a file of the vault.

    Raises:
        SealBroken: any byte of it was changed, cut off or belongs to another file; nothing of it is returned.
        FileNotFoundError: it is not there.
    """
    return b"".join(read_chunks(keyring, folder, object_id, relative))


def read_chunks(keyring: Keyring, folder: Path, object_id: str, relative: str) -> Iterator[bytes]:
    """
    Decrypt a file of the vault piece by piece (64 KiB); each piece is proved before it is handed out.

    That the file is whole is only known at the end: whoever acts on it must have read it to the end.

    Raises:
        SealBroken: at the first piece that was changed, cut off or belongs to another file.
        FileNotFoundError: it is not there.
    """
    with (folder / relative).open("rb") as file:
        yield from _chunks(keyring, object_id, file)


def _chunks(keyring: Keyring, object_id: str, file: BinaryIO) -> Iterator[bytes]:
    head = file.read(len(MAGIC) + 2)
    if len(head) != len(MAGIC) + 2 or not hmac.compare_digest(head[: len(MAGIC)], MAGIC):
        raise SealBroken(object_id)
    size = struct.unpack(">H", head[len(MAGIC) :])[0]
    if size > _MOST_WRAPPED:
        raise SealBroken(object_id)
    opened = keyring.open(_purpose(object_id), file.read(size))
    key, commitment = opened[:KEY_BYTES], opened[KEY_BYTES:]
    if not hmac.compare_digest(commitment, _commitment(key, object_id)):
        raise SealBroken(object_id)
    cipher = AESGCM(key)
    current = file.read(CHUNK + _TAG)
    at = 0
    while True:
        following = file.read(CHUNK + _TAG)
        try:
            yield cipher.decrypt(_nonce(at), current, _bound(object_id, at, not following))
        except (InvalidTag, ValueError):
            raise SealBroken(object_id) from None
        if not following:
            return
        current, at = following, at + 1


def _purpose(object_id: str) -> str:
    return f"file:{object_id}"


def _commitment(key: bytes, object_id: str) -> bytes:
    return hmac.new(key, b"liuhen-file-commitment" + object_id.encode(), hashlib.sha256).digest()


def _nonce(at: int) -> bytes:
    return struct.pack(">4xQ", at)


def _bound(object_id: str, at: int, last: bool) -> bytes:
    return object_id.encode() + struct.pack(">Q?", at, last)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
