"""
Power cuts: every write, sync, truncation and deletion that SQLite makes is journalled, and a data folder is rebuilt
from what was synced at any chosen moment.

`python -m tests.campaigns.power JOURNAL up --config FILE` runs the product with the journal switched on: SQLite's own
file layer is wrapped before anything is opened, and forked members inherit it. After a cut a file holds what was
written before its last finished sync; each later write is there whole, in part (sectors of 512 bytes) or not at all.
"""

from __future__ import annotations

import ctypes
import itertools
import os
import random
import struct
import sys
import time
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_int, c_int64, c_void_p
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
CHECKPOINT_SECONDS = 0.5  # the clock does it every 30 s; a short run must see many
WRITE, SYNC, TRUNCATE, DELETE = b"WSTD"
_HEAD = struct.Struct("<BHqq")  # operation, length of the name, offset (or start, size, flag), length of the data

# Names stay addresses: SQLite keeps the pointer it gives, and more stands behind the name.
_OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, POINTER(c_int))
_DELETE = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)
_WRITE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
_SYNC = CFUNCTYPE(c_int, c_void_p, c_int)
_OK = 0
_FOLDER_IS_SYNCED = ("-wal", "-journal")  # SQLite syncs the folder with the first sync of such a file
_MEMBERS = 18  # functions in sqlite3_io_methods, version 3


class _Vfs(ctypes.Structure):
    """sqlite3_vfs as far as it is wrapped."""

    _fields_ = (
        ("version", c_int), ("file_size", c_int), ("longest_path", c_int), ("next", c_void_p), ("name", c_char_p),
        ("own", c_void_p), ("open", c_void_p), ("delete", c_void_p),
    )


class _Methods(ctypes.Structure):
    """sqlite3_io_methods: close, read, write, truncate, sync, and more."""

    _fields_ = (("version", c_int), ("functions", c_void_p * _MEMBERS))


class _File(ctypes.Structure):
    _fields_ = (("methods", POINTER(_Methods)),)


_KEPT: list[object] = []  # what SQLite calls must never be collected


def record_into(journal: Path) -> None:
    """Wrap this process's SQLite; everything it and its children do to files is appended to the journal."""
    import sqlcipher3._sqlite3 as driver

    library = ctypes.CDLL(driver.__file__)
    library.sqlite3_vfs_find.restype = POINTER(_Vfs)
    vfs = library.sqlite3_vfs_find(None).contents
    descriptor = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    names: dict[int, bytes] = {}
    wrapped: dict[int, _Methods] = {}
    real_open, real_delete = _OPEN(vfs.open), _DELETE(vfs.delete)

    def note(operation: int, name: bytes, number: int, data: bytes = b"") -> None:
        os.write(descriptor, _HEAD.pack(operation, len(name), number, len(data)) + name + data)

    def wrap(address: int) -> _Methods:
        methods = ctypes.cast(address, POINTER(_Methods)).contents
        write, truncate, sync = (kind(methods.functions[at]) for kind, at in ((_WRITE, 2), (_TRUNCATE, 3), (_SYNC, 4)))

        def on_write(file: int, data: int, size: int, offset: int) -> int:
            done = int(write(file, data, size, offset))
            if done == _OK:
                note(WRITE, names[file], offset, ctypes.string_at(data, size))
            return done

        def on_truncate(file: int, size: int) -> int:
            done = int(truncate(file, size))
            if done == _OK:
                note(TRUNCATE, names[file], size)
            return done

        def on_sync(file: int, flags: int) -> int:
            start = os.fstat(descriptor).st_size
            done = int(sync(file, flags))
            if done == _OK:
                note(SYNC, names[file], start)
            return done

        made = _Methods()
        ctypes.pointer(made)[0] = methods
        for kind, at, function in ((_WRITE, 2, on_write), (_TRUNCATE, 3, on_truncate), (_SYNC, 4, on_sync)):
            callback = kind(function)
            _KEPT.append(callback)
            made.functions[at] = ctypes.cast(callback, c_void_p).value
        _KEPT.append(made)
        return made

    def on_open(this: int, path: int | None, file: int, flags: int, got: object) -> int:
        done = int(real_open(this, path, file, flags, got))
        opened = ctypes.cast(file, POINTER(_File)).contents
        if done == _OK and path is not None:
            names[file] = os.path.basename(ctypes.string_at(path))
            address = ctypes.cast(opened.methods, c_void_p).value
            assert address is not None
            if address not in wrapped:
                wrapped[address] = wrap(address)
            opened.methods = ctypes.pointer(wrapped[address])
        return done

    def on_delete(this: int, path: bytes, sync_folder: int) -> int:
        done = int(real_delete(this, path, sync_folder))
        if done == _OK:
            note(DELETE, os.path.basename(path), sync_folder)
        return done

    for kind, name, function in ((_OPEN, "open", on_open), (_DELETE, "delete", on_delete)):
        callback = kind(function)
        _KEPT.append(callback)
        setattr(vfs, name, ctypes.cast(callback, c_void_p).value)


@dataclass(frozen=True)
class Operation:
    """One entry; `at` is where it begins in the journal and `end` where it is complete."""

    kind: int
    name: str
    number: int
    data: bytes
    at: int
    end: int


@dataclass
class _Disk:
    """One file as the disk may have it."""

    content: bytearray = field(default_factory=bytearray)
    exists: bool = False
    pending: list[Operation] = field(default_factory=list)

    def apply(self, operation: Operation) -> None:
        if operation.kind == WRITE:
            end = operation.number + len(operation.data)
            self.content.extend(bytes(max(0, end - len(self.content))))
            self.content[operation.number : end] = operation.data
        elif operation.kind == TRUNCATE:
            del self.content[operation.number :]
        else:
            self.content.clear()
        self.exists = operation.kind != DELETE

    def settle(self, before: int, *, deleted_only: bool = False) -> None:
        """Make durable what was done before a position; deleted_only: only if the file's name was taken away."""
        done = [each for each in self.pending if each.end <= before]
        if deleted_only and not (done and done[-1].kind == DELETE):
            return
        for each in done:
            self.apply(each)
        self.pending = [each for each in self.pending if each.end > before]


def read_journal(journal: Path) -> list[Operation]:
    """Return every complete entry, in order."""
    raw, at, found = journal.read_bytes(), 0, []
    while at + _HEAD.size <= len(raw):
        kind, name_length, number, length = _HEAD.unpack_from(raw, at)
        begin = at + _HEAD.size
        end = begin + name_length + length
        if end > len(raw):
            break
        found.append(
            Operation(kind, raw[begin : begin + name_length].decode(), number, raw[begin + name_length : end], at, end)
        )
        at = end
    return found


def rebuild(before: Path, after: Path, operations: list[Operation], cut: int, dice: random.Random) -> int:
    """
    Write the files into `after` as a disk may hold them when the power went at a position of the journal.

    Args:
        before: the folder as it was when the journal began, all of it durable; may hold none of the files.

    Returns:
        How many writes were neither kept whole for certain nor lost for certain.
    """
    disks: dict[str, _Disk] = {}
    for operation in operations:
        if operation.end > cut:
            break
        disk = disks.get(operation.name)
        if disk is None:
            disk = disks[operation.name] = _Disk()
            if (before / operation.name).exists():
                disk.content, disk.exists = bytearray((before / operation.name).read_bytes()), True
        if operation.kind == SYNC:
            if not disk.exists and operation.name.endswith(_FOLDER_IS_SYNCED):
                for other in disks.values():
                    other.settle(operation.number, deleted_only=True)
            disk.settle(operation.number)
            disk.exists = True
        elif operation.kind == DELETE and operation.number:
            disk.pending.clear()
            disk.apply(operation)
        else:
            disk.pending.append(operation)
    unsure = 0
    for name, disk in disks.items():
        for operation in disk.pending:
            unsure += 1
            _perhaps(disk, operation, dice)
        if disk.exists:
            (after / name).write_bytes(disk.content)
    return unsure


def _perhaps(disk: _Disk, operation: Operation, dice: random.Random) -> None:
    fate = dice.choice(("whole", "lost", "torn"))
    if fate == "lost" or (fate == "torn" and operation.kind != WRITE):
        return
    if fate == "whole":
        disk.apply(operation)
        return
    first = -operation.number % SECTOR
    edges = [0, *range(first, len(operation.data), SECTOR), len(operation.data)]
    for begin, end in itertools.pairwise(edges):
        if begin < end and dice.random() < 0.5:
            piece = operation.data[begin:end]
            disk.apply(Operation(WRITE, operation.name, operation.number + begin, piece, operation.at, operation.end))


def main() -> None:
    """Run the product with the journal on, and a process beside it that moves the WAL into the file all the time."""
    journal = Path(sys.argv.pop(1))
    record_into(journal)
    from bot.cli import main as run

    _checkpoint_beside(Path(sys.argv[sys.argv.index("--config") + 1]))
    run()


def _checkpoint_beside(config: Path) -> None:
    from bot import bootstrap
    from bot.family import die_with_parent, watch_parent
    from bot.settings_sources import load
    from storage.engine import DATABASE_FILE, checkpoint

    parent = os.getpid()
    if os.fork():
        return
    die_with_parent()
    watch_parent(parent)
    settings = load(config, {})
    while not (settings.data_dir / f"{DATABASE_FILE}-wal").exists():
        time.sleep(0.05)
    store = bootstrap.open_store(bootstrap.build_house(settings))
    while True:
        time.sleep(CHECKPOINT_SECONDS)
        checkpoint(store.engine)


if __name__ == "__main__":
    main()
