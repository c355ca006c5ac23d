"""Live events for the page: numbered, kept for a while, so that a page that was away reads on."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterator
from typing import Any

KEPT = 5000
_BREATH = 10.0  # seconds between signs of life on a quiet stream


class Events:
    """Safe to use from several threads."""

    def __init__(self) -> None:
        self._kept: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._changed = threading.Condition()
        self._closed = False
        self.seq = 0

    def push(self, kind: str, **more: object) -> None:
        """Tell every page."""
        with self._changed:
            self.seq += 1
            self._kept.append({"seq": self.seq, "type": kind, **more})
            self._changed.notify_all()

    def listen(self, since: int | None) -> Iterator[str]:
        """Yield server-sent events after a number; None = from now on."""
        with self._changed:
            sent = self.seq if since is None else since
        yield ": open\n\n"
        while True:
            with self._changed:
                self._changed.wait_for(lambda sent=sent: self.seq != sent or self._closed, timeout=_BREATH)  # type: ignore[misc]
                if self._closed:
                    return
                if sent > self.seq:
                    sent = 0  # the page knows a platform that counted further: it reads everything anew
                fresh = [event for event in self._kept if event["seq"] > sent]
                sent = self.seq
            yield "".join(f"data: {json.dumps(event, ensure_ascii=False)}\n\n" for event in fresh) or ": still here\n\n"

    def close(self) -> None:
        """End every stream."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
