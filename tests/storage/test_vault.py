"""Files in the vault: what was put in comes out, and nothing that anybody changed does (6.1c)."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import os
import random
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.keys import Keyring, SealBroken
from storage.vault import CHUNK, MAGIC, read_chunks, read_file, write_file
from tests.campaigns.scale import Campaign

RING = Keyring({"k1": bytes(range(32)), "k0": bytes(range(40, 72))}, "k1")
OBJECT = "attachment:7"


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 17])
def test_a_file_of_any_length_comes_back_whole(tmp_path: Path, size: int) -> None:
    content = random.Random(size).randbytes(size)
    relative, digest = write_file(RING, tmp_path, OBJECT, content)
    assert digest == hashlib.sha256(content).hexdigest()
    assert read_file(RING, tmp_path, OBJECT, relative) == content
    pieces = list(read_chunks(RING, tmp_path, OBJECT, relative))
    assert b"".join(pieces) == content
    assert all(len(piece) <= CHUNK for piece in pieces)


def test_nothing_of_the_content_or_its_name_lies_open(tmp_path: Path) -> None:
    relative, _ = write_file(RING, tmp_path, OBJECT, b"a secret sentence" * 9000)
    stored = (tmp_path / relative).read_bytes()
    assert b"secret" not in stored
    assert OBJECT.encode() not in stored
    assert "attachment" not in relative
    assert (tmp_path / relative).stat().st_mode & 0o777 == 0o600


def test_an_independent_reader_of_the_written_format_gets_the_content(tmp_path: Path) -> None:
    """Follow docs of the format with nothing but AES-GCM, so that the format is what it says it is."""
    content = bytes(range(256)) * 300
    relative, _ = write_file(RING, tmp_path, OBJECT, content)
    stored = (tmp_path / relative).read_bytes()
    assert stored.startswith(b"LIUHEN\x01")
    (size,) = struct.unpack_from(">H", stored, 7)
    wrapped, body = stored[9 : 9 + size], stored[9 + size :]
    assert wrapped[:4] == b"\x01\x02k1"
    opened = AESGCM(RING.keys["k1"]).decrypt(wrapped[4:16], wrapped[16:], wrapped[:4] + b"file:attachment:7")
    key, commitment = opened[:32], opened[32:]
    assert commitment == hmac.new(key, b"liuhen-file-commitmentattachment:7", "sha256").digest()
    pieces = [body[at : at + 65536 + 16] for at in range(0, len(body), 65536 + 16)]
    out = b""
    for at, piece in enumerate(pieces):
        bound = b"attachment:7" + struct.pack(">Q?", at, at == len(pieces) - 1)
        out += AESGCM(key).decrypt(bytes(4) + struct.pack(">Q", at), piece, bound)
    assert out == content


def test_the_same_object_written_again_replaces_the_old_content(tmp_path: Path) -> None:
    first, _ = write_file(RING, tmp_path, OBJECT, b"old")
    second, _ = write_file(RING, tmp_path, OBJECT, b"new")
    assert first == second
    assert read_file(RING, tmp_path, OBJECT, second) == b"new"
    assert [path.name for path in (tmp_path / first).parent.iterdir()] == [Path(first).name]


def test_two_workers_that_store_the_same_file_at_once_leave_a_whole_one(tmp_path: Path) -> None:
    contents = [bytes([number]) * (3 * CHUNK) for number in range(8)]
    threads = [threading.Thread(target=write_file, args=(RING, tmp_path, OBJECT, each)) for each in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    relative, _ = write_file(RING, tmp_path / "elsewhere", OBJECT, b"")
    assert read_file(RING, tmp_path, OBJECT, relative) in contents
    assert len(list((tmp_path / relative).parent.iterdir())) == 1


def test_a_write_that_fails_leaves_the_old_file_and_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    relative, _ = write_file(RING, tmp_path, OBJECT, b"old")

    def disk_full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", disk_full)
    with pytest.raises(OSError, match="No space"):
        write_file(RING, tmp_path, OBJECT, b"new")
    monkeypatch.undo()
    assert read_file(RING, tmp_path, OBJECT, relative) == b"old"
    assert len(list((tmp_path / relative).parent.iterdir())) == 1


def test_a_piece_that_was_changed_is_never_handed_out(tmp_path: Path) -> None:
    content = random.Random(1).randbytes(3 * CHUNK)
    relative, _ = write_file(RING, tmp_path, OBJECT, content)
    path = tmp_path / relative
    stored = bytearray(path.read_bytes())
    stored[-CHUNK - 100] ^= 1  # in the middle piece
    path.write_bytes(bytes(stored))
    got = []
    with pytest.raises(SealBroken):
        got.extend(read_chunks(RING, tmp_path, OBJECT, relative))
    pieces = read_chunks(RING, tmp_path, OBJECT, relative)
    assert next(pieces) == content[:CHUNK]
    with pytest.raises(SealBroken):
        next(pieces)


def _mutations(stored: bytes, other: bytes, dice: random.Random, many: int) -> Iterator[tuple[str, bytes]]:
    (size,) = struct.unpack_from(">H", stored, len(MAGIC))
    body = len(MAGIC) + 2 + size
    step = CHUNK + 16
    borders = list(range(body, len(stored), step))
    regions = {"head": (0, len(MAGIC) + 2), "wrapped key": (len(MAGIC) + 2, body), "chunks": (body, len(stored))}
    for name, (begin, end) in regions.items():
        for _ in range(many):
            at, bit = dice.randrange(begin, end), 1 << dice.randrange(8)
            yield f"flip in {name} at {at}", stored[:at] + bytes([stored[at] ^ bit]) + stored[at + 1 :]
    for at in {*borders, *(border + 15 for border in borders), *(border + 16 for border in borders), 0, 5, 8, 9}:
        yield f"cut at {at}", stored[:at]
    for at in range(1, 40):
        yield f"last {at} bytes gone", stored[:-at]
    for first, second in itertools.combinations(range(len(borders)), 2):
        pieces = [stored[border : border + step] for border in borders]
        pieces[first], pieces[second] = pieces[second], pieces[first]
        yield f"chunks {first} and {second} swapped", stored[:body] + b"".join(pieces)
    for gone in range(len(borders)):
        pieces = [stored[border : border + step] for border in borders]
        yield f"chunk {gone} dropped", stored[:body] + b"".join(pieces[:gone] + pieces[gone + 1 :])
        yield f"chunk {gone} doubled", stored[:body] + b"".join([*pieces[: gone + 1], *pieces[gone:]])
    yield "another file's chunks", stored[:body] + other[body:]
    yield "another file's key", other[:body] + stored[body:]
    yield "another file", other
    yield "older version", stored[: len(MAGIC) - 1] + b"\0" + stored[len(MAGIC) :]
    yield "longer", stored + b"\0"
    yield "doubled", stored + stored
    yield "key length enormous", stored[: len(MAGIC)] + b"\xff\xff" + stored[len(MAGIC) + 2 :]


def test_every_mutation_of_a_stored_file_is_refused_and_nothing_secret_is_said(tmp_path: Path) -> None:
    campaign = Campaign("vault_mutations")
    content = campaign.dice.randbytes(3 * CHUNK + 1000)
    relative, _ = write_file(RING, tmp_path, OBJECT, content)
    elsewhere, _ = write_file(RING, tmp_path, "attachment:8", campaign.dice.randbytes(3 * CHUNK + 1000))
    path = tmp_path / relative
    stored, other = path.read_bytes(), (tmp_path / elsewhere).read_bytes()
    done = 0
    for what, changed in _mutations(stored, other, campaign.dice, campaign.size(700)):
        path.write_bytes(changed)
        with pytest.raises(SealBroken) as refusal:
            read_file(RING, tmp_path, OBJECT, relative)
        assert str(refusal.value).removeprefix("file:") == OBJECT, what
        done += 1
    assert done >= campaign.size(2000)
    path.write_bytes(stored)
    assert read_file(RING, tmp_path, OBJECT, relative) == content
    campaign.found(mutations=done, accepted=0)


def test_a_file_whose_key_does_not_keep_its_commitment_is_refused(tmp_path: Path) -> None:
    """One who holds the keyring still cannot make a file that opens under two keys."""
    relative, _ = write_file(RING, tmp_path, OBJECT, b"content")
    key = bytes(range(1, 33))
    wrapped = RING.seal(f"file:{OBJECT}", key + bytes(32))
    chunk = AESGCM(key).encrypt(bytes(12), b"content", OBJECT.encode() + struct.pack(">Q?", 0, True))
    (tmp_path / relative).write_bytes(MAGIC + struct.pack(">H", len(wrapped)) + wrapped + chunk)
    with pytest.raises(SealBroken):
        read_file(RING, tmp_path, OBJECT, relative)


def test_a_file_opens_after_its_key_was_followed_by_a_newer_one_and_not_without_it(tmp_path: Path) -> None:
    relative, _ = write_file(Keyring({"k0": RING.keys["k0"]}, "k0"), tmp_path, OBJECT, b"content")
    assert read_file(RING, tmp_path, OBJECT, relative) == b"content"
    with pytest.raises(SealBroken):
        read_file(Keyring({"k1": RING.keys["k1"]}, "k1"), tmp_path, OBJECT, relative)
