"""收发记录: every callback, answer and API call, sealed and open, newest kept."""

from __future__ import annotations

import shlex
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from sandbox.platform.events import Events

Json = dict[str, Any]
KEPT = 2000
_SUMMARY = 120


class Traffic:
    """Safe between threads. `local` tells company time as ISO text."""

    def __init__(self, events: Events, local: Callable[[], str]) -> None:
        self._events = events
        self._local = local
        self._lock = threading.Lock()
        self._entries: deque[Json] = deque(maxlen=KEPT)
        self._seq = 0

    def add(
        self, direction: str, kind: str, person: str, *, ms: float, status: int = 200, errcode: int = 0,
        summary: str = "", attempt: int = 1, sealed: Json | None = None, opened: Json | None = None,
    ) -> Json:
        """Keep one entry (direction: callback, reply or api) and tell the pages; return what the list shows of it."""
        with self._lock:
            self._seq += 1
            shown: Json = {
                "id": f"t{self._seq}", "seq": self._seq, "at": self._local(), "direction": direction, "kind": kind,
                "person": person, "ms": round(ms, 1), "status": status, "errcode": errcode,
                "summary": summary.replace("\n", " ")[:_SUMMARY], "attempt": attempt,
            }
            sealed = sealed or {}
            self._entries.append({**shown, "sealed": sealed, "open": opened or {}, "curl": _curl(sealed)})
        self._events.push("traffic", entry=shown)
        return shown

    def entries(self, person: str = "", kind: str = "", most: int = 200) -> list[Json]:
        """Return the newest entries, oldest first, without what was sealed."""
        hidden = ("sealed", "open", "curl")
        with self._lock:
            found = [
                {name: value for name, value in entry.items() if name not in hidden} for entry in self._entries
                if (not person or person == entry["person"]) and (not kind or entry["kind"].startswith(kind))
            ]
        return found[-most:]

    def entry(self, name: str) -> Json | None:
        """Return one entry with everything."""
        with self._lock:
            return next((entry for entry in self._entries if entry["id"] == name), None)


def _curl(sealed: Json) -> str:
    if not sealed.get("url"):
        return ""
    parts = ["curl", "-X", str(sealed.get("method", "POST")), str(sealed["url"])]
    for name, value in (sealed.get("headers") or {}).items():
        parts += ["-H", f"{name}: {value}"]
    if sealed.get("body"):
        parts += ["--data-binary", str(sealed["body"])]
    return shlex.join(parts)
