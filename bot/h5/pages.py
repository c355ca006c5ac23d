"""`/h5/…` and `/files/…`: login by WeCom, and what a person may see, every look kept with its address (6.1d)."""

from __future__ import annotations

from urllib.parse import urlsplit

import structlog
from flask import Blueprint, Response, redirect, request
from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from bot.h5.files import FilePages
from bot.h5.minutes import MinutesPages
from bot.h5.parts import PageParts
from bot.h5.session import SESSION_FOR
from bot.h5.visits import COOKIES, LOGIN, SESSION, Stranger, Visits
from bot.wecom.login import CodeSpent, Member, who
from handlers.context import Ctx
from handlers.item_page import ItemPage, item_page
from handlers.language.command import read_number
from notifications.errors import SendError
from notifications.texts import pages as texts
from storage.errors import TryAgainLater

__all__ = ["COOKIES", "LOGIN", "SESSION", "PageParts", "blueprint"]
LOG = structlog.get_logger(__name__)

_CODE_MOST = 512
_FORMS = frozenset({"h5.minutes"})
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "


def blueprint(parts: PageParts) -> Blueprint:
    """Return the pages."""
    made = Blueprint("h5", __name__, template_folder="templates", static_folder="static", static_url_path="/h5/static")
    visits = Visits(parts)
    pages = _Pages(visits)
    made.add_url_rule("/h5/login", "login", pages.login)
    made.add_url_rule("/h5/items/<number>", "item", pages.item)
    made.add_url_rule("/h5/minutes/<number>", "minutes", MinutesPages(visits).minutes, methods=["GET", "POST"])
    made.add_url_rule("/files/<name>", "file", FilePages(visits).file)
    ancestors = "frame-ancestors 'self'"
    if parts.login_base_url:  # the desk's phones show pages in frames
        split = urlsplit(parts.login_base_url)
        ancestors += f" {split.scheme}://{split.netloc}"

    @made.after_request
    def headers(answer: Response) -> Response:
        form = "form-action 'self'; " if request.endpoint in _FORMS else "form-action 'none'; "
        answer.headers["Content-Security-Policy"] = _POLICY + form + ancestors
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "no-referrer"
        if request.endpoint != "h5.static":
            answer.headers["Cache-Control"] = "no-store"
        return answer

    @made.errorhandler(TryAgainLater)
    def busy(error: TryAgainLater) -> AnyResponse:
        LOG.warning("h5.busy", path=request.path, error=str(error))
        return visits.say(texts.BUSY, 503)

    @made.errorhandler(HTTPException)
    def refused(error: HTTPException) -> AnyResponse:
        if isinstance(error, RequestEntityTooLarge):
            return visits.say(texts.TOO_BIG, 413)
        if isinstance(error, BadRequest):
            return visits.say(texts.TOO_SLOW, 400)
        return Response(b"", error.code or 500, mimetype="text/plain")

    @made.errorhandler(Exception)
    def surprise(error: Exception) -> AnyResponse:
        return visits.say(texts.incident(visits.incident(error)), 500)

    return made


class _Pages:
    def __init__(self, visits: Visits) -> None:
        self._visits = visits
        self._parts = visits.parts

    def item(self, number: str) -> AnyResponse:
        """Show an item; who is not logged in is sent to log in and comes back."""
        visits = self._visits
        session = visits.session()
        if session is None:
            return visits.begin(request.path)
        canonical = read_number(number) or ""

        def look(ctx: Ctx) -> ItemPage | None:
            return item_page(ctx, canonical) if canonical else None

        found = visits.look(session.userid, canonical, look)
        if isinstance(found, Stranger):
            return visits.stranger()
        return visits.not_found() if found is None else visits.page("item.html", 200, page=found)

    def login(self) -> AnyResponse:
        """Take whom WeCom sends back, once, in the browser that began it."""
        visits, now = self._visits, self._visits.machine_now()
        code = request.args.getlist("code")
        state = request.args.getlist("state")
        began = self._parts.cookies.read_login(request.cookies.get(LOGIN, ""), state[0] if state else "", now)
        if began is None or len(code) != 1 or len(state) != 1 or not 0 < len(code[0]) <= _CODE_MOST:
            return visits.say(texts.LOGIN_SPENT, 400)
        try:
            found = who(self._parts.client, code[0])
        except (SendError, TryAgainLater) as error:
            LOG.warning("h5.login_failed", error=str(error))
            return visits.say(texts.LOGIN_AWAY, 503)
        if isinstance(found, CodeSpent):
            return self._forget(visits.say(texts.LOGIN_SPENT, 400))
        if not isinstance(found, Member):
            return self._forget(visits.say(texts.OUTSIDER, 403))
        answer = redirect(began.page, 303)
        visits.set_cookie(
            answer, SESSION, self._parts.cookies.session(found.userid.lower(), now), SESSION_FOR.seconds
        )
        return self._forget(answer)

    def _forget(self, answer: AnyResponse) -> AnyResponse:
        answer.delete_cookie(LOGIN, path=dict(COOKIES)[LOGIN], httponly=True, samesite="Lax")
        return answer
