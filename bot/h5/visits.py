"""Who looks: the session, the way to the login, one transaction for each look, and the frame of every page (6.1d)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

import structlog
from flask import make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from bot.h5.parts import PageParts
from bot.h5.session import LOGIN_FOR, Session
from bot.wecom.login import browser_address, client_address
from handlers.context import Ctx
from notifications.texts import pages as texts
from storage.unit import Unit

T = TypeVar("T")
LOG = structlog.get_logger(__name__)

SESSION, LOGIN = "liuhen_session", "liuhen_login"
COOKIES = ((SESSION, "/"), (LOGIN, "/h5"))  # name and path; files lie beside the pages
_PAGE = re.compile(r"/(?:h5/[A-Za-z0-9/_-]{1,200}|files/[0-9]{1,18})")


@dataclass(frozen=True)
class Stranger:
    """A member of the company's WeCom who is not in the org."""


class Visits:
    """Shared by all pages."""

    def __init__(self, parts: PageParts) -> None:
        self.parts = parts

    def session(self) -> Session | None:
        """Return who is logged in, None for nobody."""
        return self.parts.cookies.read_session(request.cookies.get(SESSION, ""), self.machine_now())

    def look(
        self, userid: str, number: str, work: Callable[[Ctx], T], *, event_key: str = ""
    ) -> T | Stranger:
        """
        Do something for somebody in one transaction; who is not in the org is refused, which is kept.

        Args:
            number: of the item looked at, for that refusal.
            event_key: names this act in the keys of what it sends.

        Raises:
            TryAgainLater: the database is busy or away.
            Whatever `work` raises.
        """

        def once(unit: Unit) -> T | Stranger:
            ctx = self.parts.context(unit, self.parts.clock.company_now())
            person, source = ctx.org.person(userid), request.remote_addr or ""
            if person is None:
                unit.access(ctx.now, userid[:64], "refused", number, source=source)
                return Stranger()
            return work(replace(ctx, actor=person, source=source, event_key=event_key))

        return self.parts.store.write(once)

    def begin(self, page: str) -> AnyResponse:
        """Send somebody who is not logged in to the login, and back to a page afterwards."""
        if _PAGE.fullmatch(page) is None:
            return self.not_found()
        parts, state = self.parts, secrets.token_hex(16)
        back = f"{parts.public_url}/h5/login"
        agent = request.headers.get("User-Agent", "").lower()
        if parts.login_base_url:
            address = client_address(parts.corp_id, parts.agent_id, back, state, parts.login_base_url)
        elif "wxwork" in agent:
            address = client_address(parts.corp_id, parts.agent_id, back, state)
        else:
            address = browser_address(parts.corp_id, parts.agent_id, back, state)
        answer = redirect(address, 302)
        self.set_cookie(answer, LOGIN, parts.cookies.login(state, page, self.machine_now()), LOGIN_FOR.seconds)
        return answer

    def set_cookie(self, answer: AnyResponse, name: str, value: str, seconds: int) -> None:
        """Set one of our cookies."""
        answer.set_cookie(
            name, value, max_age=seconds, path=dict(COOKIES)[name], httponly=True, samesite="Lax",
            secure=self.parts.public_url.startswith("https://"),
        )

    def not_found(self) -> AnyResponse:
        """Say that there is no such thing, or not for this person: both read the same."""
        return self.say((texts.NOT_FOUND, texts.NOT_FOUND_NEXT), 404)

    def stranger(self) -> AnyResponse:
        """Say that somebody is not in the org."""
        return self.say(texts.NOT_IN_ORG, 403)

    def incident(self, error: Exception) -> str:
        """Log a surprise and return the number that the person is told."""
        number = f"E-{self.parts.new_token()[-4:].upper()}"
        LOG.error("h5.surprise", incident=number, path=request.path, exc_info=error)
        return number

    def say(self, words: tuple[str, str], status: int) -> AnyResponse:
        """Show a heading and what to do next."""
        return self.page("say.html", status, words=words)

    def page(self, template: str, status: int, **values: object) -> AnyResponse:
        """Show a template in the frame."""
        shown = render_template(
            template, texts=texts, company=self.parts.company, rehearsal=self.parts.rehearsal, **values
        )
        return make_response(shown, status)

    def machine_now(self) -> datetime:
        """Return machine time: the ages of cookies."""
        return self.parts.clock.machine_now()
