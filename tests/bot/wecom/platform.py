"""
The platform's API on a port of its own, as far as a client meets it: tokens, and answers a test lays out.

A real HTTP server; what a client does on the wire is what is seen here.
"""

from __future__ import annotations

import json
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

CORP, SECRET, AGENT = "ww5823bf96d3bd56c7", "the-secret-of-the-app", 1000002
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Seen:
    """One request as it came in. path is below /cgi-bin/; query has the last value of each name."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """What goes back. cut: the connection is closed instead of answering."""

    body: bytes = b'{"errcode":0,"errmsg":"ok"}'
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json; charset=UTF-8"})
    cut: bool = False
    promised: int | None = None


def said(errcode: int = 0, errmsg: str = "ok", /, **fields: object) -> Answer:
    """Return a JSON answer."""
    return Answer(json.dumps({"errcode": errcode, "errmsg": errmsg, **fields}).encode())


CUT = Answer(cut=True)


@dataclass
class Platform:
    """Hands out tokens, refuses void ones, and answers each path as laid out (the last answer stays)."""

    answers: dict[str, deque[Answer]] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    good_token: str = "token-1"
    secret: str = SECRET
    slow_token: Callable[[], None] = lambda: None
    url: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def lay_out(self, path: str, *answers: Answer) -> None:
        """Answer the next calls of a path like this."""
        self.answers[path] = deque(answers)

    def calls(self, path: str) -> list[Seen]:
        return [one for one in self.seen if one.path == path]

    def counted(self) -> Counter[str]:
        return Counter(one.path for one in self.seen)

    def answer(self, asked: Seen) -> Answer:
        with self._lock:
            self.seen.append(asked)
            laid = self.answers.get(asked.path)
            planned = None if not laid else laid.popleft() if len(laid) > 1 else laid[0]
        if asked.path == "gettoken":
            self.slow_token()
            if planned is not None:
                return planned
            if asked.query["corpsecret"] != self.secret:
                return said(40001, "invalid credential, hint: [1795400000_1], from ip: 127.0.0.1")
            return said(access_token=self.good_token, expires_in=7200)
        if asked.query.get("access_token") != self.good_token:
            return said(40014, "invalid access_token")
        return said() if planned is None else planned


@contextmanager
def running() -> Iterator[Platform]:
    """Serve a platform on a free port of the loopback."""
    platform = Platform()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.serve(b"")

        def do_POST(self) -> None:
            self.serve(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

        def serve(self, body: bytes) -> None:
            split = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(split.query, keep_blank_values=True).items()}
            path = split.path.removeprefix("/cgi-bin/")
            reply = platform.answer(Seen(self.command, path, query, dict(self.headers.items()), body))
            self.close_connection = reply.cut or reply.promised is not None
            if reply.cut:
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body) if reply.promised is None else reply.promised))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128  # the default of 5 resets connections when many clients come at once

        def handle_error(self, request: object, client_address: object) -> None:
            pass  # a client that gave up waiting

    server = Server(("127.0.0.1", 0), Handler)
    platform.url = f"http://127.0.0.1:{server.server_port}"
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    try:
        yield platform
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


@dataclass
class Drawer:
    """A TokenStore in memory, as strict as the one on the database: one holder of the lock, until it runs out."""

    tokens: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    locks: dict[str, datetime] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def load(self, name: str) -> tuple[str, datetime] | None:
        with self.lock:
            return self.tokens.get(name)

    def save(self, name: str, token: str, expires_at: datetime) -> None:
        with self.lock:
            self.tokens[name] = (token, expires_at)
            self.locks.pop(name, None)

    def try_lock(self, name: str, now: datetime, until: datetime) -> bool:
        with self.lock:
            if name in self.locks and self.locks[name] >= now:
                return False
            self.locks[name] = until
            return True

    def unlock(self, name: str) -> None:
        with self.lock:
            self.locks.pop(name, None)


@dataclass
class Watch:
    """The machine's clock, moved by hand."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: float) -> None:
        self.now += timedelta(**span)
