"""The web server: gunicorn with one process of threads, on a socket that its caller has bound (design rule 9)."""

from __future__ import annotations

import gc
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from bot.family import die_with_parent
from policy.errors import ProjectError

_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn's own heartbeat file, a disk would stall it
_BACKLOG = 2048
# What a callback makes is freed by counting references; looking for cycles every 700 objects costs a twentieth of it.
_OBJECTS_BETWEEN_LOOKS = 20_000


class PortTaken(ProjectError):
    """The address cannot be listened on: end what uses it, or set server.port."""


def listen(host: str, port: int) -> socket.socket:
    """
    Return a listening socket; while anyone holds it, callers wait in its queue instead of being refused.

    Raises:
        PortTaken: somebody else listens there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise PortTaken(f"{host}:{port}: {error.strerror}; end what listens there, or set server.port") from None
    return listener


class WebServer(BaseApplication):  # type: ignore[misc]
    """
    Serves until SIGTERM, then finishes what it holds.

    Args:
        make_app: called in the process that answers, so that its connections are its own.
        threads: answered at once.
    """

    def __init__(self, make_app: Callable[[], Flask], listener: socket.socket, threads: int) -> None:
        self._make_app = make_app
        self._options: dict[str, Any] = {
            "bind": f"fd://{listener.fileno()}", "worker_class": "gthread", "workers": 1, "threads": threads,
            "control_socket_disable": True, "keepalive": 65, "timeout": 60, "graceful_timeout": 4,
            "loglevel": "warning", "post_fork": _after_fork, "proc_name": "liuhen-web",
            "worker_tmp_dir": str(_SHARED_MEMORY) if _SHARED_MEMORY.is_dir() else None,
        }
        super().__init__()

    def run(self) -> None:
        """Serve; a worker that is told to stop while it is still being made leaves at once."""
        os.register_at_fork(before=_hold_sigterm, after_in_parent=_take_sigterm, after_in_child=_leave_on_sigterm)
        super().run()

    def load_config(self) -> None:
        """Take our options; nothing is read from the environment or the command line."""
        for name, value in self._options.items():
            if value is not None:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application; what lives as long as the process is not looked through for garbage again."""
        app = self._make_app()
        gc.collect()
        gc.freeze()
        gc.set_threshold(_OBJECTS_BETWEEN_LOOKS, 20, 20)
        return app


# gunicorn's worker listens to SIGTERM only after it has set itself up; until then the signal would run the arbiter's
# handler in the worker, which notes it for nobody, and stopping would take all the time there is.


def _hold_sigterm() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})


def _take_sigterm() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


def _leave_on_sigterm() -> None:
    signal.signal(signal.SIGTERM, lambda number, frame: os._exit(0))
    _take_sigterm()


def _after_fork(server: Any, worker: Any) -> None:
    die_with_parent()
