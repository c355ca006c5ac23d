"""
The keyring: key-encryption keys in files of mode 0600, the database's own key wrapped by one of them (6.1c).

A sealed value is: version byte, key id length and id, 12-byte nonce, AES-256-GCM ciphertext; the purpose is bound as
associated data, so that a value sealed for one purpose opens for no other. The folder holds `keyring.json` (every
key by id, with the day it was made, and which one seals) and `database.key` (sealed). Rotation adds a key, then makes
it the active one, then seals anew; the older keys stay until nothing needs them.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from policy.errors import ProjectError
from storage.engine import DATABASE_FILE

KEYRING_FILE = "keyring.json"
DATABASE_KEY_FILE = "database.key"
KEY_BYTES = 32
_VERSION = 1
_DATABASE = "database-key"
_OTHERS = 0o077
# Fewer different bytes than this in 32 random ones happens once in 10^30 times: somebody typed the key.
_FEWEST_BYTES = 12


class KeysUnusable(ProjectError):
    """The keys are missing, readable by others, or damaged; the message says what to do."""


class SealBroken(ProjectError):
    """A sealed value was changed, or sealed for something else; do not use it."""


@dataclass(frozen=True)
class Keyring:
    """
    Key-encryption keys by id; the active one seals, all of them open.

    Attributes:
        made_on: the day each key was made, for the key register (6.1c: rotate yearly); keys of tests have none.
    """

    keys: Mapping[str, bytes] = field(repr=False)
    active: str
    made_on: Mapping[str, date] = field(default_factory=dict)

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


def sealed_by(sealed: bytes) -> str:
    """Return the id of the key that sealed a value, as it says itself (for finding what rotation has left)."""
    return sealed[2 : 2 + sealed[1]].decode()


def create_keys(folder: Path, made_on: date | None = None) -> tuple[Keyring, bytes]:
    """
    Make fresh keys in a folder that holds none; return the keyring and the database's key.

    Args:
        made_on: machine's date, for the key register.

    Raises:
        KeysUnusable: there are keys already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if keys_exist(folder):
        raise KeysUnusable(f"{folder} holds keys already; they are never overwritten")
    ring = Keyring({"k1": os.urandom(KEY_BYTES)}, "k1", {} if made_on is None else {"k1": made_on})
    database_key = os.urandom(KEY_BYTES)
    # The keyring comes last: a folder with a keyring is complete, whatever was cut off before.
    _write(folder / DATABASE_KEY_FILE, ring.seal(_DATABASE, database_key))
    _write(folder / KEYRING_FILE, _as_json(ring))
    return ring, database_key


def load_keys(folder: Path) -> tuple[Keyring, bytes]:
    """
    Read the keyring and the database's key.

    Raises:
        KeysUnusable: missing, readable by others, too weak, or damaged.
    """
    if not keys_exist(folder):
        raise KeysUnusable(f"no keys in {folder}; restore them from the recovery kit, or set keys_dir")
    if not (folder / DATABASE_KEY_FILE).exists():
        raise KeysUnusable(f"{folder / DATABASE_KEY_FILE} is missing; restore it from the recovery kit")
    for path, mode in ((folder, "700"), (folder / KEYRING_FILE, "600"), (folder / DATABASE_KEY_FILE, "600")):
        if stat.S_IMODE(path.stat().st_mode) & _OTHERS:
            raise KeysUnusable(f"{path} is open to others; run chmod {mode} on it, and rotate the keys")
    try:
        ring = _from_json((folder / KEYRING_FILE).read_text())
        database_key = ring.open(_DATABASE, (folder / DATABASE_KEY_FILE).read_bytes())
    except (ValueError, KeyError, TypeError, AttributeError, SealBroken):
        raise KeysUnusable(f"{folder}: the keys are damaged; restore them from the recovery kit") from None
    for key in (*ring.keys.values(), database_key):
        if len(key) != KEY_BYTES or len(set(key)) < _FEWEST_BYTES:
            raise KeysUnusable(f"{folder} holds a key that is too short or not random; make keys with `liuhen init`")
    return ring, database_key


def keys_for(data_dir: Path, keys_dir: Path, made_on: date | None = None) -> tuple[Keyring, bytes]:
    """
    Return the keys of a data folder; an empty one gets fresh keys (contract, Configuration).

    Raises:
        KeysUnusable: there is a database and its keys are not there; they are never made anew beside it.
    """
    if keys_exist(keys_dir):
        return load_keys(keys_dir)
    if (data_dir / DATABASE_FILE).exists():
        raise KeysUnusable(
            f"{data_dir / DATABASE_FILE} is encrypted and {keys_dir} holds no keys; "
            "restore them from the recovery kit, or set keys_dir"
        )
    return create_keys(keys_dir, made_on)


def keys_exist(folder: Path) -> bool:
    """Return whether a folder holds keys."""
    return (folder / KEYRING_FILE).exists()


def _as_json(ring: Keyring) -> bytes:
    keys = {
        key_id: {"key": key.hex(), "made_on": ring.made_on[key_id].isoformat() if key_id in ring.made_on else ""}
        for key_id, key in ring.keys.items()
    }
    return json.dumps({"active": ring.active, "keys": keys}, indent=1).encode()


def _from_json(stored: str) -> Keyring:
    read = json.loads(stored)
    keys = {key_id: bytes.fromhex(kept["key"]) for key_id, kept in read["keys"].items()}
    made_on = {key_id: date.fromisoformat(kept["made_on"]) for key_id, kept in read["keys"].items() if kept["made_on"]}
    if read["active"] not in keys:
        raise ValueError("the active key is missing")
    return Keyring(keys, read["active"], made_on)


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
