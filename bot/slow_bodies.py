"""
A body may take 5 s and no longer (design rule 2), however slowly it drips: its connection's reading side is shut.

A socket's own time-out begins anew with every byte; so one thread looks at all bodies that are being read.
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator

BODY_SECONDS = 5.0
_LOOK_SECONDS = 0.25


class SlowBodies:
    """Ends reading bodies that take too long. Its thread starts with the first body of each process."""

    def __init__(self, seconds: float = BODY_SECONDS) -> None:
        self._seconds = seconds
        self._reading: dict[int, tuple[float, socket.socket]] = {}
        self._pid = 0
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def watching(self, connection: socket.socket | None) -> Iterator[None]:
        """Shut a connection's reading side when the block takes too long; None (no server's request) is not watched."""
        if connection is None:
            yield
            return
        if self._pid != os.getpid():
            self._start()
        key = threading.get_ident()
        self._reading[key] = (time.monotonic() + self._seconds, connection)
        try:
            yield
        finally:
            self._reading.pop(key, None)

    def _start(self) -> None:
        with self._lock:
            if self._pid != os.getpid():
                self._reading = {}
                threading.Thread(target=self._look, name="slow-bodies", daemon=True).start()
                self._pid = os.getpid()

    def _look(self) -> None:
        while True:
            time.sleep(_LOOK_SECONDS)
            now = time.monotonic()
            for until, connection in list(self._reading.values()):
                if until <= now:
                    with contextlib.suppress(OSError):
                        connection.shutdown(socket.SHUT_RD)
