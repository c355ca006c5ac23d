"""`/h5/…`: login by WeCom, and an item's page: what the person may see, every look kept with its address (6.1d)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

import structlog
from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from bot.h5.session import LOGIN_FOR, SESSION_FOR, Cookies
from bot.wecom.client import WeComClient
from bot.wecom.login import CodeSpent, Member, browser_address, client_address, who
from handlers.context import Ctx
from handlers.item_page import ItemPage, item_page
from handlers.language.command import read_number
from notifications.clock import Clock
from notifications.errors import SendError
from notifications.texts import pages as texts
from policy.org import Org
from storage.errors import TryAgainLater
from storage.store import Store
from storage.unit import Unit

LOG = structlog.get_logger(__name__)

SESSION, LOGIN = "liuhen_session", "liuhen_login"
_PAGE = re.compile(r"/h5/[A-Za-z0-9/_-]{1,200}")
_CODE_MOST = 512
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors "
)


@dataclass(frozen=True)
class PageParts:
    """
    What the pages need, made after forking.

    Attributes:
        context: makes the surroundings of a unit at an instant of company time, with nobody acting.
        public_url: ours, where WeCom sends people back to.
        login_base_url: where they log in; "" = WeCom's own addresses.
    """

    store: Store
    clock: Clock
    cookies: Cookies
    client: WeComClient
    context: Callable[[Unit, datetime], Ctx]
    corp_id: str
    agent_id: int
    company: str
    rehearsal: bool
    public_url: str
    login_base_url: str = ""


def blueprint(parts: PageParts) -> Blueprint:
    """Return the pages."""
    made = Blueprint("h5", __name__, url_prefix="/h5", template_folder="templates", static_folder="static")
    pages = _Pages(parts)
    made.add_url_rule("/login", "login", pages.login)
    made.add_url_rule("/items/<number>", "item", pages.item)
    ancestors = "'self'"
    if parts.login_base_url:  # the desk's phones show pages in frames
        split = urlsplit(parts.login_base_url)
        ancestors += f" {split.scheme}://{split.netloc}"

    @made.after_request
    def headers(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = _POLICY + ancestors
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "no-referrer"
        if request.endpoint != "h5.static":
            answer.headers["Cache-Control"] = "no-store"
        return answer

    return made


class _Pages:
    def __init__(self, parts: PageParts) -> None:
        self._parts = parts

    # -- pages

    def item(self, number: str) -> AnyResponse:
        """Show an item; who is not logged in is sent to log in and comes back."""
        session = self._parts.cookies.read_session(request.cookies.get(SESSION, ""), self._machine_now())
        if session is None:
            return self._begin(request.path)
        canonical = read_number(number) or ""

        def look(unit: Unit) -> tuple[Org, ItemPage | None]:
            ctx = self._parts.context(unit, self._parts.clock.company_now())
            person = ctx.org.person(session.userid)
            if person is None:
                unit.access(ctx.now, session.userid[:64], "refused", canonical, source=request.remote_addr or "")
                return ctx.org, None
            acting = replace(ctx, actor=person, source=request.remote_addr or "")
            return ctx.org, item_page(acting, canonical) if canonical else None

        try:
            org, found = self._parts.store.write(look)
        except TryAgainLater:
            return self._say(texts.LOGIN_AWAY, 503)
        if org.person(session.userid) is None:
            return self._say(texts.NOT_IN_ORG, 403)
        if found is None:
            return self._say((texts.NOT_FOUND, texts.NOT_FOUND_NEXT), 404)
        return self._page("item.html", 200, page=found)

    def login(self) -> AnyResponse:
        """Take whom WeCom sends back, once, in the browser that began it."""
        now = self._machine_now()
        code = request.args.getlist("code")
        state = request.args.getlist("state")
        began = self._parts.cookies.read_login(request.cookies.get(LOGIN, ""), state[0] if state else "", now)
        if began is None or len(code) != 1 or len(state) != 1 or not 0 < len(code[0]) <= _CODE_MOST:
            return self._say(texts.LOGIN_SPENT, 400)
        try:
            found = who(self._parts.client, code[0])
        except (SendError, TryAgainLater) as error:
            LOG.warning("h5.login_failed", error=str(error))
            return self._say(texts.LOGIN_AWAY, 503)
        if isinstance(found, CodeSpent):
            return self._forget(self._say(texts.LOGIN_SPENT, 400))
        if not isinstance(found, Member):
            return self._forget(self._say(texts.OUTSIDER, 403))
        answer = redirect(began.page, 303)
        self._set(answer, SESSION, self._parts.cookies.session(found.userid.lower(), now), SESSION_FOR.seconds)
        return self._forget(answer)

    # -- inside

    def _begin(self, page: str) -> AnyResponse:
        if _PAGE.fullmatch(page) is None:
            return self._say((texts.NOT_FOUND, texts.NOT_FOUND_NEXT), 404)
        parts, state = self._parts, secrets.token_hex(16)
        back = f"{parts.public_url}/h5/login"
        agent = request.headers.get("User-Agent", "").lower()
        if parts.login_base_url:
            address = client_address(parts.corp_id, parts.agent_id, back, state, parts.login_base_url)
        elif "wxwork" in agent:
            address = client_address(parts.corp_id, parts.agent_id, back, state)
        else:
            address = browser_address(parts.corp_id, parts.agent_id, back, state)
        answer = redirect(address, 302)
        self._set(answer, LOGIN, parts.cookies.login(state, page, self._machine_now()), LOGIN_FOR.seconds)
        return answer

    def _set(self, answer: AnyResponse, name: str, value: str, seconds: int) -> None:
        answer.set_cookie(
            name, value, max_age=seconds, path="/h5", httponly=True, samesite="Lax",
            secure=self._parts.public_url.startswith("https://"),
        )

    def _forget(self, answer: AnyResponse) -> AnyResponse:
        answer.delete_cookie(LOGIN, path="/h5", httponly=True, samesite="Lax")
        return answer

    def _say(self, words: tuple[str, str], status: int) -> AnyResponse:
        return self._page("say.html", status, words=words)

    def _page(self, template: str, status: int, **values: object) -> AnyResponse:
        shown = render_template(
            template, texts=texts, company=self._parts.company, rehearsal=self._parts.rehearsal, **values
        )
        return make_response(shown, status)

    def _machine_now(self) -> datetime:
        return self._parts.clock.machine_now()
