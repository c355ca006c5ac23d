"""
Who looks at a page: sealed cookies, so that any web process knows them and nobody can make one.

Ages are machine time. A session holds a userid alone; whether that person is still in the org is asked each time.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.keys import Keyring, SealBroken

SESSION_FOR = timedelta(minutes=30)
LOGIN_FOR = timedelta(minutes=10)
FORM_FOR = timedelta(hours=12)
_SESSION, _LOGIN, _FORM = "h5-session", "h5-login", "h5-form"
_MOST = 2048


@dataclass(frozen=True)
class Session:
    """Somebody who is logged in."""

    userid: str
    until: datetime


@dataclass(frozen=True)
class Login:
    """A login on its way: bound to the browser that began it, and to the page it began on."""

    state: str
    page: str


@dataclass(frozen=True)
class FormToken:
    """A form that was given out: to whom, for which item, and what names its one submission."""

    userid: str
    number: str
    once: str


class Cookies:
    """Seals and opens both cookies, and the token in a form: nobody else can make one, so no other site can submit."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def session(self, userid: str, now: datetime) -> str:
        """Return the cookie of somebody who has just logged in."""
        return self._seal(_SESSION, userid, now + SESSION_FOR)

    def read_session(self, cookie: str, now: datetime) -> Session | None:
        """Return who a cookie stands for, None when it is none of ours or too old."""
        found = self._open(_SESSION, cookie, now)
        return None if found is None else Session(*found)

    def login(self, state: str, page: str, now: datetime) -> str:
        """Return the cookie of a login that begins."""
        return self._seal(_LOGIN, f"{state} {page}", now + LOGIN_FOR)

    def read_login(self, cookie: str, state: str, now: datetime) -> Login | None:
        """Return the login that a browser began with this state, None for any other."""
        found = self._open(_LOGIN, cookie, now)
        if found is None:
            return None
        began, _, page = found[0].partition(" ")
        return Login(began, page) if hmac.compare_digest(began.encode(), state.encode()) else None

    def form(self, form: FormToken, now: datetime) -> str:
        """Return the token of a form that is given out now."""
        return self._seal(_FORM, f"{form.once} {form.number} {form.userid}", now + FORM_FOR)

    def read_form(self, token: str, number: str, now: datetime) -> FormToken | None:
        """Return the form that comes back, None when it is none of ours, of another item, or too old."""
        found = self._open(_FORM, token, now)
        if found is None:
            return None
        once, given, userid = found[0].split(" ", 2)
        return FormToken(userid, number, once) if given == number else None

    def _seal(self, purpose: str, value: str, until: datetime) -> str:
        content = json.dumps([value, until.timestamp()]).encode()
        return base64.urlsafe_b64encode(self._keyring.seal(purpose, content)).decode()

    def _open(self, purpose: str, cookie: str, now: datetime) -> tuple[str, datetime] | None:
        if not 0 < len(cookie) <= _MOST:
            return None
        try:
            sealed = base64.b64decode(cookie, altchars=b"-_", validate=True)
            value, until = json.loads(self._keyring.open(purpose, sealed))
        except (SealBroken, binascii.Error, ValueError):
            return None
        ends = datetime.fromtimestamp(until, now.tzinfo)
        return (value, ends) if now < ends else None
