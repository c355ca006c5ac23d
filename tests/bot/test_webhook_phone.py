"""The signed web hook that lets phones ring through the company's own voice service."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from bot.webhook_phone import WebhookPhone
from notifications.errors import ConfigurationWrong, OutcomeUnknown, RefusedForever, RetryLater
from notifications.ports import CallStarted, CallState, CallStatus

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SECRET = "shared-secret"


@dataclass
class Receiver:
    """The voice service's side: what it got, and what it answers next."""

    url: str = ""
    status: int = 200
    answer: bytes = b"{}"
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def says(self, answer: Any, status: int = 200) -> None:
        self.status, self.answer = status, json.dumps(answer).encode()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.got.append((dict(self.headers), body))
            self.send_response(made.status)
            self.send_header("Content-Length", str(len(made.answer)))
            self.end_headers()
            self.wfile.write(made.answer)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made.url = f"http://127.0.0.1:{server.server_port}/call"
    yield made
    server.shutdown()
    server.server_close()


def test_a_call_is_signed_over_time_and_body_and_its_answer_read(receiver: Receiver) -> None:
    receiver.says({"calls": [{"callee": "luo", "id": "c1"}, {"callee": "gao", "error": 7}]})
    started = WebhookPhone(receiver.url, SECRET, lambda: NOW).call(["Luo", "gao", "zhao"])
    assert started == (CallStarted("luo", "c1"), CallStarted("gao", "", 7), CallStarted("zhao", "", -1))
    ((headers, body),) = receiver.got
    assert json.loads(body) == {"ask": "call", "callees": ["Luo", "gao", "zhao"]}
    at = str(int(NOW.timestamp()))
    assert headers["X-Liuhen-Time"] == at
    wanted = hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["X-Liuhen-Signature"] == wanted


def test_how_a_call_stands_is_asked_and_read(receiver: Receiver) -> None:
    receiver.says({"state": "ended", "answered": True, "seconds": 12, "reason": 0})
    phone = WebhookPhone(receiver.url, SECRET, lambda: NOW)
    assert phone.state("luo", "c1") == CallStatus(CallState.ENDED, True, None, 12, 0)
    assert json.loads(receiver.got[0][1]) == {"ask": "state", "callee": "luo", "id": "c1"}


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, ConfigurationWrong), (404, ConfigurationWrong), (429, RetryLater), (500, OutcomeUnknown),
     (400, RefusedForever), (302, RefusedForever)],
)
def test_each_refusal_means_one_reaction(receiver: Receiver, status: int, error: type[Exception]) -> None:
    receiver.says({}, status)
    with pytest.raises(error):
        WebhookPhone(receiver.url, SECRET, lambda: NOW).call(["luo"])


@pytest.mark.parametrize("answer", [b"", b"[]", b"no json", b'{"state": "dancing"}', b"{" + b" " * 70_000])
def test_an_answer_that_says_nothing_leaves_the_outcome_unknown(receiver: Receiver, answer: bytes) -> None:
    receiver.answer = answer
    with pytest.raises(OutcomeUnknown):
        WebhookPhone(receiver.url, SECRET, lambda: NOW).state("luo", "c1")


def test_nobody_listening_means_nothing_was_done() -> None:
    with pytest.raises(RetryLater):
        WebhookPhone("http://127.0.0.1:9/call", SECRET, lambda: NOW).call(["luo"])


def test_the_error_holds_neither_secret_nor_address(receiver: Receiver) -> None:
    receiver.says({}, 400)
    with pytest.raises(RefusedForever) as caught:
        WebhookPhone(receiver.url, SECRET, lambda: NOW).call(["luo"])
    assert SECRET not in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)
