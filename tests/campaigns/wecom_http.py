"""
The platform's side over HTTP, as far as sending goes: executes, drops the same body again, loses answers, is busy.

Runs in a thread of the test's process; arrivals are what members would see.
"""

from __future__ import annotations

import hashlib
import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Faults:
    """How often, in 0 … 1, a call meets each fault."""

    answer_lost: float = 0.0  # done, then the connection is cut
    busy: float = 0.0  # errcode -1, nothing done


@dataclass(frozen=True)
class ShownCard:
    """A card on somebody's phone."""

    userid: str
    task_id: str
    number: str  # of the row 编号, "" without one
    keys: dict[str, str]  # EventKey per button's text
    at: float  # time.monotonic()


@dataclass
class HttpPlatform:
    """
    Serves gettoken and message/send on a port of its own; every other call is taken with errcode 0.

    Attributes:
        shown: what members saw, as "userid: words" or "userid: card number words"; each should be 1.
        cards: cards in the order they were shown.
    """

    dice: random.Random
    faults: Faults = field(default_factory=Faults)
    received: Counter[str] = field(default_factory=Counter)
    shown: Counter[str] = field(default_factory=Counter)
    cards: list[ShownCard] = field(default_factory=list)
    lost: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _serial: int = 0

    def __post_init__(self) -> None:
        platform = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self.answer({"errcode": 0, "errmsg": "ok", "access_token": "token", "expires_in": 7200})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if "/message/send" in self.path:
                    said = platform.send(body)
                else:
                    said = {"errcode": 0, "errmsg": "ok"}
                if said is None:
                    self.close_connection = True
                    self.connection.close()
                else:
                    self.answer(said)

            def answer(self, said: dict[str, Any]) -> None:
                content = json.dumps(said).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                pass  # killed callers cut connections: that is what these campaigns are about

        self._server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def send(self, body: bytes) -> dict[str, Any] | None:
        """Execute one message/send; None = the answer is lost."""
        message = json.loads(body)
        digest = hashlib.sha256(body).hexdigest()
        with self._lock:
            if self.dice.random() < self.faults.busy:
                return {"errcode": -1, "errmsg": "system busy"}
            self._serial += 1
            self.received[digest] += 1
            # Within the 4 hours of its duplicate check WeCom shows the same body once.
            if not (message.get("enable_duplicate_check") and self.received[digest] > 1):
                self._show(message)
            if self.dice.random() < self.faults.answer_lost:
                self.lost += 1
                return None
            said = {"errcode": 0, "errmsg": "ok", "msgid": f"msg-{self._serial}", "invaliduser": ""}
            if message["msgtype"] == "template_card":
                said["response_code"] = f"code-{self._serial}"
            return said

    def _show(self, message: dict[str, Any]) -> None:
        userid = message["touser"]
        if message["msgtype"] == "text":
            self.shown[f"{userid}: {message['text']['content']}"] += 1
            return
        card = message["template_card"]
        rows = {row["keyname"]: row.get("value", "") for row in card.get("horizontal_content_list", ())}
        keys = {button["text"]: button.get("key", "") for button in card.get("button_list", ())}
        shown = ShownCard(userid, card.get("task_id", ""), rows.get("编号", ""), keys, time.monotonic())
        self.cards.append(shown)
        # By what is read on it, not by task id and keys: a second card would carry others.
        self.shown[f"{userid}: card {shown.number} {json.dumps(_words_of(card), ensure_ascii=False)}"] += 1


def _words_of(part: Any) -> Any:
    if isinstance(part, dict):
        return {name: _words_of(each) for name, each in part.items() if name not in ("task_id", "key")}
    return [_words_of(each) for each in part] if isinstance(part, list) else part
