"""Who may use the page: this machine only, with the random token of the printed address (then a strict cookie)."""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from flask import Flask, Response, redirect, request

COOKIE = "liuhen_sandbox"
_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
_SHUT = "请用启动时打印的完整地址打开演练场（地址里带有口令）。Open the address printed at the start, token included.\n"


def guard(app: Flask, token: str) -> None:
    """Put the checks before every route of the app. token: "" leaves the page closed."""

    @app.before_request
    def check() -> Response | None:
        # A page elsewhere may point a name of its own at this machine (DNS rebinding): its Host gives it away.
        if _hostname(request.host) not in _HOSTS:
            return _refused("这个地址只能在本机打开。\n", 403)
        if not request.path.startswith(("/sandbox", "/connect/")):
            return None  # /cgi-bin has WeCom's own token
        if request.path == "/sandbox/" and "token" in request.args and request.method == "GET":
            return _let_in(token)
        if not _right(token, request.cookies.get(COOKIE, "")):
            return _refused(_SHUT, 403)
        if request.headers.get("Sec-Fetch-Site") == "cross-site" or not _own_origin():
            return _refused("来自别处的请求不接受。\n", 403)
        if request.method not in ("GET", "HEAD") and request.headers.get("X-Sandbox") != "1":
            return _refused("缺少 X-Sandbox。\n", 403)
        return None


def _let_in(token: str) -> Response:
    if not _right(token, request.args.get("token", "")):
        return _refused(_SHUT, 403)
    answer = redirect("/sandbox/")
    answer.set_cookie(COOKIE, token, httponly=True, samesite="Strict", path="/")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    assert isinstance(answer, Response)
    return answer


def _right(token: str, given: str) -> bool:
    return bool(token) and hmac.compare_digest(given.encode(), token.encode())


def _own_origin() -> bool:
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _hostname(host: str) -> str:
    return host.rpartition(":")[0] if ":" in host and not host.endswith("]") else host


def _refused(words: str, status: int) -> Response:
    return Response(words, status, mimetype="text/plain", headers={"Cache-Control": "no-store"})
