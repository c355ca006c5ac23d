"""Keys are made once, kept from others, and nothing sealed can be changed or used for something else."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest

from storage.engine import DATABASE_FILE
from storage.keys import (
    DATABASE_KEY_FILE,
    KEYRING_FILE,
    Keyring,
    KeysUnusable,
    SealBroken,
    create_keys,
    keys_for,
    load_keys,
    sealed_by,
)

TODAY = date(2026, 11, 23)


def test_keys_come_back_as_they_were_made(tmp_path: Path) -> None:
    ring, database_key = create_keys(tmp_path / "keys", TODAY)
    again, same_key = load_keys(tmp_path / "keys")
    assert (again, same_key) == (ring, database_key)
    assert again.made_on == {"k1": TODAY}
    assert len(database_key) == 32


def test_files_of_keys_are_for_their_owner_alone_and_hold_no_database_key_in_clear(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    _, database_key = create_keys(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    for name in (KEYRING_FILE, DATABASE_KEY_FILE):
        assert (folder / name).stat().st_mode & 0o777 == 0o600
        stored = (folder / name).read_bytes()
        assert database_key not in stored
        assert database_key.hex().encode() not in stored


def test_keys_do_not_show_in_what_is_printed(tmp_path: Path) -> None:
    ring, _ = create_keys(tmp_path / "keys")
    assert ring.keys["k1"].hex() not in repr(ring)
    assert repr(ring.keys["k1"]) not in repr(ring)


def test_keys_are_never_overwritten(tmp_path: Path) -> None:
    create_keys(tmp_path)
    with pytest.raises(KeysUnusable, match="never overwritten"):
        create_keys(tmp_path)


@pytest.mark.parametrize("name", [".", KEYRING_FILE, DATABASE_KEY_FILE])
@pytest.mark.parametrize("mode", [0o740, 0o704, 0o701])
def test_keys_that_others_can_reach_are_refused(tmp_path: Path, name: str, mode: int) -> None:
    create_keys(tmp_path / "keys")
    (tmp_path / "keys" / name).chmod(mode)
    with pytest.raises(KeysUnusable, match="chmod"):
        load_keys(tmp_path / "keys")


@pytest.mark.parametrize("name", [KEYRING_FILE, DATABASE_KEY_FILE])
def test_a_missing_file_is_named_with_the_mend(tmp_path: Path, name: str) -> None:
    create_keys(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(KeysUnusable, match="recovery kit"):
        load_keys(tmp_path)


def test_every_flipped_byte_of_the_database_key_is_noticed(tmp_path: Path) -> None:
    create_keys(tmp_path)
    path = tmp_path / DATABASE_KEY_FILE
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(KeysUnusable, match="damaged"):
            load_keys(tmp_path)


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"active": "k1", "keys": {}}', '{"active": 1}', "null"])
def test_a_damaged_keyring_is_named_as_such(tmp_path: Path, broken: str) -> None:
    create_keys(tmp_path)
    (tmp_path / KEYRING_FILE).write_text(broken)
    with pytest.raises(KeysUnusable, match="damaged"):
        load_keys(tmp_path)


@pytest.mark.parametrize("weak", [bytes(32), b"changeme" * 4, os.urandom(16)], ids=["zeros", "typed", "short"])
def test_a_weak_key_is_refused(tmp_path: Path, weak: bytes) -> None:
    create_keys(tmp_path)
    kept = json.loads((tmp_path / KEYRING_FILE).read_text())
    kept["keys"]["k0"] = {"key": weak.hex(), "made_on": ""}
    (tmp_path / KEYRING_FILE).write_text(json.dumps(kept))
    with pytest.raises(KeysUnusable, match="not random"):
        load_keys(tmp_path)


def test_an_empty_data_folder_gets_keys_and_a_database_without_keys_is_refused(tmp_path: Path) -> None:
    made = keys_for(tmp_path, tmp_path / "keys", TODAY)
    assert keys_for(tmp_path, tmp_path / "keys") == made
    (tmp_path / DATABASE_FILE).write_bytes(b"something encrypted")
    with pytest.raises(KeysUnusable, match="recovery kit"):
        keys_for(tmp_path, tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere").exists()


def test_keys_that_were_half_made_are_made_again(tmp_path: Path) -> None:
    ring, _ = create_keys(tmp_path)
    (tmp_path / KEYRING_FILE).unlink()  # the cut between the two files
    again, _ = keys_for(tmp_path, tmp_path)
    assert again.keys != ring.keys
    assert load_keys(tmp_path)[0] == again


def test_what_is_sealed_opens_for_its_purpose_only() -> None:
    ring = Keyring({"k1": bytes(range(32))}, "k1")
    sealed = ring.seal("token:corp", b"secret")
    assert ring.open("token:corp", sealed) == b"secret"
    assert b"secret" not in sealed
    assert ring.seal("token:corp", b"secret") != sealed
    with pytest.raises(SealBroken):
        ring.open("token:other", sealed)


def test_an_older_key_still_opens_and_the_active_one_seals() -> None:
    old = Keyring({"k1": bytes(range(32))}, "k1")
    both = Keyring({"k1": old.keys["k1"], "k2": bytes(range(32, 64))}, "k2")
    sealed = old.seal("p", b"value")
    assert both.open("p", sealed) == b"value"
    assert (sealed_by(sealed), sealed_by(both.seal("p", b"value"))) == ("k1", "k2")
    with pytest.raises(SealBroken):
        old.open("p", both.seal("p", b"value"))


def test_no_byte_of_a_sealed_value_can_be_changed_cut_or_added() -> None:
    ring = Keyring({"k1": bytes(range(32)), "k2": bytes(range(32, 64))}, "k1")
    sealed = ring.seal("p", b"value")
    places = range(len(sealed))
    changed = [sealed[:at] + bytes([sealed[at] ^ bit]) + sealed[at + 1 :] for at in places for bit in (1, 128)]
    changed += [sealed[:at] for at in range(len(sealed))] + [sealed + b"\0", b"\0" + sealed]
    for each in changed:
        with pytest.raises(SealBroken):
            ring.open("p", each)
