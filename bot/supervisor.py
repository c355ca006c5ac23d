"""
`up`: the whole product as one family of processes (design rule 16).

Imports once, then forks web, workers, clock and watchdog before any thread or connection exists. A part that dies is
started again; children die with the parent; stopping goes in order, so that what was taken is finished.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

import structlog

from bot.family import die_with_parent, watch_parent
from bot.valkey import EmbeddedValkey
from bot.worker import StopFlag
from policy.errors import ProjectError

LOG = structlog.get_logger(__name__)

LOOK_SECONDS = 0.05
STAGE_SECONDS = (4.5, 2.5, 1.0)  # web; workers; clocks and watchdog: together below the promised 10 s
FIRST_WAIT, LONGEST_WAIT = 0.2, 5.0
SETTLED_SECONDS = 10.0  # a part that lived so long starts again at once
LOCK_FILE = "up.lock"


class AlreadyRunning(ProjectError):
    """Another `up` works on this data folder; stop it first."""


@dataclass(frozen=True)
class Member:
    """
    One process of the family.

    Attributes:
        stage: 0 stops first (web), then 1 (workers), then 2.
        run: its whole life, in the child; returns when asked to stop.
    """

    name: str
    stage: int
    run: Callable[[StopFlag], None]


@dataclass
class _Child:
    member: Member
    pid: int = 0
    born_at: float = 0.0
    wait: float = FIRST_WAIT
    again_at: float = field(default=0.0)


def lock(data_dir: Path) -> IO[str]:
    """
    Hold a data folder for as long as the returned file stays open in any process of the family.

    Raises:
        AlreadyRunning: somebody holds it.
    """
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = (data_dir / LOCK_FILE).open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        pid = file.read().strip() or "?"
        file.close()
        raise AlreadyRunning(f"{data_dir} is in use by process {pid}; stop it first, or set another data_dir") from None
    file.seek(0)
    file.truncate()
    file.write(str(os.getpid()))
    file.flush()
    return file


class Supervisor:
    """
    Keeps a family alive.

    Args:
        listener: the web's socket; held here, so that callers wait while a dead web is started again.
        valkey: the embedded server, None when Redis is elsewhere.
    """

    def __init__(
        self, members: Sequence[Member], listener: socket.socket | None = None, valkey: EmbeddedValkey | None = None
    ) -> None:
        self._children = [_Child(member) for member in members]
        self._listener = listener
        self._valkey = valkey
        self._stopping = False

    def run(self, started: Callable[[], None] = lambda: None) -> None:
        """
        Start everything, keep it alive, and stop in order on SIGTERM or SIGINT.

        Args:
            started: called once all have been forked.

        Raises:
            ValkeyDidNotStart: the embedded server gave no answer.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask_to_stop)
        try:
            if self._valkey is not None:
                self._valkey.start()
            for child in self._children:
                self._fork(child)
            started()
            while not self._stopping:
                self._look_after()
                time.sleep(LOOK_SECONDS)
        finally:
            self._stop()

    # -- inside

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _fork(self, child: _Child) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        child.pid = os.fork()
        if child.pid:
            child.born_at = time.monotonic()
            LOG.info("family.part_started", part=child.member.name, pid=child.pid)
            return
        status = 1
        try:
            # Ctrl-C goes to a terminal's whole group: only the parent may hear it, for the order's sake.
            os.setpgid(0, 0)
            die_with_parent()
            watch_parent(parent)
            stop = StopFlag()
            stop.on_signals()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            if self._listener is not None and child.member.stage != 0:
                self._listener.close()
            child.member.run(stop)
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 0
        except BaseException as error:
            LOG.critical("family.part_broke", part=child.member.name, exc_info=error)
        finally:
            with contextlib.suppress(Exception):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(status)

    def _look_after(self) -> None:
        self._reap()
        now = time.monotonic()
        for child in self._children:
            if not child.pid and now >= child.again_at:
                self._fork(child)
        if self._valkey is not None and not self._valkey.alive():
            LOG.error("family.valkey_died")
            with contextlib.suppress(ProjectError):
                self._valkey.start()

    def _reap(self) -> None:
        for child in self._children:
            if not child.pid:
                continue
            try:
                pid, status = os.waitpid(child.pid, os.WNOHANG)
            except ChildProcessError:
                pid, status = child.pid, 0
            if pid:
                self._buried(child, status)

    def _buried(self, child: _Child, status: int) -> None:
        now = time.monotonic()
        lived = now - child.born_at
        child.pid = 0
        if self._stopping:
            return
        child.wait = FIRST_WAIT if lived >= SETTLED_SECONDS else min(child.wait * 2, LONGEST_WAIT)
        child.again_at = now + (0.0 if lived >= SETTLED_SECONDS else child.wait)
        LOG.error(
            "family.part_died", part=child.member.name, status=os.waitstatus_to_exitcode(status), lived=round(lived, 1)
        )

    def _stop(self) -> None:
        self._stopping = True
        if self._listener is not None:
            self._listener.close()
        for stage, seconds in enumerate(STAGE_SECONDS):
            self._stop_stage([child for child in self._children if child.member.stage == stage], seconds)
        if self._valkey is not None:
            self._valkey.stop()

    def _stop_stage(self, children: Sequence[_Child], seconds: float) -> None:
        until = time.monotonic() + seconds
        self._signal(children, signal.SIGTERM)
        while any(child.pid for child in children) and time.monotonic() < until:
            self._reap()
            time.sleep(0.01)
        late = [child for child in children if child.pid]
        if late:
            LOG.error("family.killed_late", parts=[child.member.name for child in late])
            self._signal(late, signal.SIGKILL)
            for child in late:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(child.pid, 0)
                child.pid = 0

    def _signal(self, children: Sequence[_Child], number: signal.Signals) -> None:
        for child in children:
            if child.pid:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child.pid, number)
