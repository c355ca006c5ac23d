"""
The keyring: key-encryption keys in files of mode 0600, the database's own key wrapped by one of them (6.1c).

A sealed value is: version byte, key id length and id, 12-byte nonce, AES-256-GCM ciphertext; the purpose is bound as
associated data, so that a value sealed for one purpose opens for no other.
"""

from __future__ import annotations

import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from policy.errors import ProjectError

KEYRING_FILE = "keyring.json"
DATABASE_KEY_FILE = "database.key"
_VERSION = 1
_DATABASE = "database-key"


class KeysUnusable(ProjectError):
    """The keys are missing, readable by others, or damaged; the message says what to do."""


class SealBroken(ProjectError):
    """A sealed value was changed, or sealed for something else; do not use it."""


@dataclass(frozen=True)
class Keyring:
    """Key-encryption keys by id; the active one seals, all of them open."""

    keys: dict[str, bytes]
    active: str

    def seal(self, purpose: str, value: bytes) -> bytes:
        """Encrypt a value for one purpose."""
        key_id = self.active.encode()
        nonce = os.urandom(12)
        head = bytes([_VERSION, len(key_id)]) + key_id
        return head + nonce + AESGCM(self.keys[self.active]).encrypt(nonce, value, head + purpose.encode())

    def open(self, purpose: str, sealed: bytes) -> bytes:
        """
        Decrypt a value.

        Raises:
            SealBroken: changed, or sealed for another purpose or by a key we do not have.
        """
        try:
            size = sealed[1]
            head, nonce, body = sealed[: 2 + size], sealed[2 + size : 14 + size], sealed[14 + size :]
            key = self.keys[head[2:].decode()]
            if head[0] != _VERSION or len(nonce) != 12:
                raise SealBroken(purpose)
            return AESGCM(key).decrypt(nonce, body, head + purpose.encode())
        except (IndexError, KeyError, UnicodeDecodeError, InvalidTag, ValueError):
            raise SealBroken(purpose) from None


def create_keys(folder: Path) -> tuple[Keyring, bytes]:
    """
    Make fresh keys in an empty folder; return the keyring and the database's key.

    Raises:
        KeysUnusable: there are keys already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if (folder / KEYRING_FILE).exists():
        raise KeysUnusable(f"{folder} holds keys already; they are never overwritten")
    ring = Keyring({"k1": os.urandom(32)}, "k1")
    stored = {"active": ring.active, "keys": {name: key.hex() for name, key in ring.keys.items()}}
    database_key = os.urandom(32)
    _write(folder / KEYRING_FILE, json.dumps(stored).encode())
    _write(folder / DATABASE_KEY_FILE, ring.seal(_DATABASE, database_key))
    return ring, database_key


def load_keys(folder: Path) -> tuple[Keyring, bytes]:
    """
    Read the keys.

    Raises:
        KeysUnusable: missing, readable by others, or damaged.
    """
    path = folder / KEYRING_FILE
    if not path.exists():
        raise KeysUnusable(f"no keys in {folder}; restore them from the recovery kit, or set keys_dir")
    for each in (path, folder / DATABASE_KEY_FILE):
        if not each.exists():
            raise KeysUnusable(f"{each} is missing; restore it from the recovery kit")
        if stat.S_IMODE(each.stat().st_mode) & 0o077:
            raise KeysUnusable(f"{each} is readable by others; run chmod 600 on it")
    try:
        stored = json.loads(path.read_text())
        ring = Keyring({name: bytes.fromhex(key) for name, key in stored["keys"].items()}, stored["active"])
        if any(len(key) != 32 for key in ring.keys.values()) or ring.active not in ring.keys:
            raise ValueError
        return ring, ring.open(_DATABASE, (folder / DATABASE_KEY_FILE).read_bytes())
    except (ValueError, KeyError, TypeError, SealBroken):
        raise KeysUnusable(f"{folder}: the keys are damaged; restore them from the recovery kit") from None


def keys_exist(folder: Path) -> bool:
    """Return whether a folder holds keys."""
    return (folder / KEYRING_FILE).exists()


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
