"""
The web: WeCom's callback, and what machines ask (contract, HTTP).

The callback answers after the commit and only then; logs and metrics are written once the answer is out.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any

import structlog
from flask import Blueprint, Flask, Request, Response, request
from flask.sessions import NullSession, SessionInterface, SessionMixin
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from bot.dispatch import NOTHING, Dispatch
from bot.metrics import Metrics
from bot.slow_bodies import SlowBodies
from bot.wecom.codec import Codec
from bot.wecom.door import Echo, Query, Refused, open_get, open_post
from notifications.clock import Clock
from storage.errors import TryAgainLater
from storage.queries.due import earliest_due
from storage.store import Store

LOG = structlog.get_logger(__name__)

CALLBACK = "/wecom/callback"
_XML = "application/xml; charset=utf-8"
_NEVER = "no-store"


@dataclass(frozen=True)
class WebParts:
    """
    What the web needs, made after forking.

    Attributes:
        window: seconds a callback's timestamp may be off.
        metrics_token: asked of callers that are not on this machine; "" refuses them all.
        proxies: how many reverse proxies stand in front and say whom they speak for.
        pages: what people open from a chat, None where there are none.
    """

    codec: Codec
    dispatch: Dispatch
    store: Store
    clock: Clock
    metrics: Metrics
    window: int = 300
    metrics_token: str = ""
    proxies: int = 0
    pages: Blueprint | None = None


def create_app(parts: WebParts) -> Flask:
    """Return the web application."""
    app = _App("liuhen", static_folder=None, template_folder=None)
    # An error's page would be Flask's; the outside gets a status and no detail.
    app.register_error_handler(HTTPException, _bare)
    app.register_error_handler(Exception, _surprise)
    door = _Callback(parts)
    for path in (CALLBACK, f"{CALLBACK}/"):
        app.add_url_rule(path, f"verify {path}", door.verify, methods=["GET"])
        app.add_url_rule(path, f"take {path}", door.take, methods=["POST"])
    app.add_url_rule("/healthz", "healthz", lambda: _plain("ok"))
    app.add_url_rule("/readyz", "readyz", lambda: _readyz(parts))
    app.add_url_rule("/metrics", "metrics", lambda: _metrics(parts))
    if parts.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=parts.proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]
    if parts.pages is not None:
        app.register_blueprint(parts.pages)
    return app


class _NoSession(SessionInterface):
    """Who looks at pages is known by a cookie of their own (bot.h5.session); Flask's sessions are never opened."""

    _NONE = NullSession()

    def open_session(self, app: Flask, request: Request) -> SessionMixin:
        return self._NONE


class _App(Flask):
    """Flask of plain functions without sessions: neither is asked about anew at each request."""

    session_interface = _NoSession()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


class _Callback:
    def __init__(self, parts: WebParts) -> None:
        self._parts = parts
        self._bodies = SlowBodies()

    def verify(self) -> Response:
        """Answer the check that the platform makes when the address is saved."""
        machine_now, company_nows = self._times()
        opened = open_get(
            self._parts.codec, _query(request), machine_now=machine_now, company_nows=company_nows,
            window=self._parts.window,
        )
        if isinstance(opened, Refused):
            return self._refuse(opened)
        assert isinstance(opened, Echo)
        return Response(opened.plain, 200, mimetype="text/plain", headers={"Cache-Control": _NEVER})

    def take(self) -> Response:
        """Take one sealed event; the answer is sealed anew for each delivery."""
        parts = self._parts
        asked: Request = request._get_current_object()  # type: ignore[attr-defined]
        machine_now, company_nows = self._times()
        with self._bodies.watching(asked.environ.get("gunicorn.socket")):
            opened = open_post(
                parts.codec, _Reader(asked), _query(asked), machine_now=machine_now, company_nows=company_nows,
                window=parts.window,
            )
        if isinstance(opened, Refused):
            return self._refuse(opened)
        began = time.perf_counter()
        try:
            outcome = parts.dispatch.handle(opened.fields, asked.remote_addr or "")
        except TryAgainLater as error:
            LOG.warning("callback.not_kept", error=str(error))
            parts.metrics.busy.inc()
            return Response(b"", 503, headers={"Retry-After": "1"})
        response = self._sealed(outcome.answer, opened.nonce, machine_now)
        seconds = time.perf_counter() - began

        @response.call_on_close
        def after() -> None:
            parts.metrics.answered.labels(outcome.kind, "repeated" if outcome.repeated else outcome.state).inc()
            parts.metrics.seconds.observe(seconds)
            LOG.info(
                "callback.answered", kind=outcome.kind, state=outcome.state, repeated=outcome.repeated,
                ms=round(seconds * 1000, 1), incident=outcome.incident,
            )

        return response

    def _sealed(self, answer: bytes, nonce: str, machine_now: datetime) -> Response:
        if answer == NOTHING:
            return Response(b"", 200, mimetype="text/plain")
        sealed = self._parts.codec.seal_reply(answer, str(int(machine_now.timestamp())), nonce)
        return Response(sealed, 200, content_type=_XML)

    def _refuse(self, refused: Refused) -> Response:
        self._parts.metrics.refused.labels(refused.reason.value).inc()
        LOG.info("callback.refused", reason=refused.reason.value, source=request.remote_addr)
        # What is left of the body is not read: the connection ends here.
        return Response(b"", refused.status, headers={"Connection": "close"})

    def _times(self) -> tuple[datetime, list[datetime]]:
        clock = self._parts.clock
        clock.refresh()
        machine_now = clock.machine_now()
        return machine_now, [machine_now + timedelta(seconds=offset) for offset in clock.offsets() if offset]


def _query(asked: Request) -> Query:
    """Return the query as `args` has it, empty when it is no text; without escapes it is cut at its marks alone."""
    raw: str = asked.environ.get("QUERY_STRING", "")
    if "%" in raw or "+" in raw or not raw.isascii():
        try:
            return asked.args
        except UnicodeDecodeError:
            return {}
    values: dict[str, list[str]] = {}
    for pair in raw.split("&"):
        name, _, value = pair.partition("=")
        values.setdefault(name, []).append(value)
    return values


class _Reader:
    """The raw body; werkzeug's own limits would answer with a page of theirs."""

    def __init__(self, taken: Request) -> None:
        self._stream = taken.environ["wsgi.input"]
        length = taken.content_length
        # Without a length only a chunked body has an end that the server knows.
        chunked = taken.environ.get("wsgi.input_terminated", False)
        self._left = length if length is not None else (1 << 20 if chunked else 0)

    def read(self, size: int, /) -> bytes:
        if self._left <= 0:
            return b""
        try:
            piece: bytes = self._stream.read(min(size, self._left))
        except OSError:
            piece = b""  # broken off: what came is no envelope
        self._left = self._left - len(piece) if piece else 0
        return piece


def _readyz(parts: WebParts) -> Response:
    try:
        parts.store.read(earliest_due)
    except Exception as error:
        LOG.warning("readyz.not_ready", error=str(error))
        return _plain("not ready", 503)
    return _plain("ready")


def _metrics(parts: WebParts) -> Response:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    token = parts.metrics_token.encode()
    if not _local(request) and not (token and hmac.compare_digest(given, token)):
        return _plain("", 403)
    return Response(parts.metrics.render(), 200, content_type="text/plain; version=0.0.4; charset=utf-8")


def _local(asked: Request) -> bool:
    """Return whether the caller is on this machine and not a proxy that speaks for somebody else."""
    if "X-Forwarded-For" in asked.headers or "Forwarded" in asked.headers:
        return False
    try:
        return ip_address(asked.remote_addr or "").is_loopback
    except ValueError:
        return False


def _plain(words: str, status: int = 200) -> Response:
    return Response(words, status, mimetype="text/plain", headers={"Cache-Control": _NEVER})


def _bare(error: HTTPException) -> Response:
    return _plain("", error.code or 500)


def _surprise(error: Exception) -> Response:
    LOG.error("web.surprise", path=request.path, exc_info=error)
    return _plain("", 500)
