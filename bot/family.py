"""Processes that live and die together: a child never outlives its parent (design rule 16)."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_LOOK_SECONDS = 0.5


def die_with_parent() -> None:
    """
    Have the kernel kill this process when its parent dies (Linux); elsewhere do nothing.

    Safe between fork and exec. The parent may have died before this call: the caller compares getppid.
    """
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def watch_parent(parent: int) -> None:
    """Where the kernel cannot do it, end this process when its parent is gone; call after forking."""
    if _LIBC is not None:
        if os.getppid() != parent:
            os._exit(1)
        return

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_SECONDS)
        os._exit(1)

    threading.Thread(target=look, name="parent", daemon=True).start()
