"""
`/h5/minutes/<number>`: the minutes of a meeting, written on a page that needs no script (3.2d).

One submission is one event: it is kept in the inbox under the form's own name with the answer it was given, in the
transaction of what it changed; the same form sent again gets that answer (design rules 1, 3).
"""

from __future__ import annotations

import hashlib
import json

from flask import request
from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.wrappers import Response as AnyResponse

from bot.h5.session import FormToken
from bot.h5.visits import Stranger, Visits
from bot.slow_bodies import SlowBodies
from handlers.context import Ctx
from handlers.language.command import read_number
from handlers.minutes_page import DECISIONS, Decided, Form, NotTheirs, Written, hand_in_written, keep_draft, open_form
from notifications.texts import minutes_page as words
from notifications.texts import pages as texts
from policy.terms import Noun
from storage.errors import DuplicateKey, StaleRow, TryAgainLater
from storage.moments import to_ms
from storage.queries import inbox
from storage.queries.inbox import Received

BODY_MOST = 512 * 1024  # 20,000 characters are 60 KB; far longer texts still come back with a sentence
BODY_SECONDS = 30.0
_PARTS_MOST = 20
_TRIES = 3
_REVISION_MOST = 1_000_000
_FIELD_MOST = 500
_HANDLED = "handled"


class MinutesPages:
    """The minutes' page."""

    def __init__(self, visits: Visits) -> None:
        self._visits = visits
        self._bodies = SlowBodies(BODY_SECONDS)

    def minutes(self, number: str) -> AnyResponse:
        """Show the page, or take what was written."""
        canonical = read_number(number) or ""
        if not canonical.startswith(Noun.MEETING.value):
            return self._visits.not_found() if self._visits.session() else self._visits.begin(request.path)
        return self._take(canonical) if request.method == "POST" else self._open(canonical)

    # -- opening

    def _open(self, number: str) -> AnyResponse:
        session = self._visits.session()
        if session is None:
            return self._visits.begin(request.path)
        found = self._visits.look(session.userid, number, lambda ctx: open_form(ctx, number))
        if isinstance(found, Stranger):
            return self._visits.stranger()
        return self._refused(found) if isinstance(found, NotTheirs) else self._form(session.userid, found, 200)

    # -- taking

    def _take(self, number: str) -> AnyResponse:
        visits = self._visits
        fields = self._fields()
        form = visits.parts.cookies.read_form(fields.get("form", ""), number, visits.machine_now())
        if form is None:
            return visits.say(words.SPENT, 400)
        written = _written(fields)
        session = visits.session()
        if session is None or session.userid != form.userid:
            return self._kept_for_later(form, written)
        try:
            found = self._once(form, written)
        except TryAgainLater:
            return self._again(form, written, texts.BUSY[0], 503)
        except Exception as error:
            return self._again(form, written, "。".join(texts.incident(visits.incident(error))), 500)
        if isinstance(found, Stranger):
            return visits.stranger()
        if isinstance(found, NotTheirs):
            return self._refused(found)
        if isinstance(found, Form):
            return self._form(form.userid, found, 422)
        return self._said(number, found)

    def _once(self, form: FormToken, written: Written) -> Form | NotTheirs | str | Stranger:
        """Hand in, once for each form; return the page with a problem, or the answer."""
        key = hashlib.sha256(f"h5-form {form.once}".encode()).digest()

        def hand_in(ctx: Ctx) -> Form | NotTheirs | str:
            given = inbox.answer_given(ctx.unit, key)
            if given is not None:
                return given.decode()
            answer = hand_in_written(ctx, form.number, written)
            if isinstance(answer, Form | NotTheirs):
                return answer
            inbox.keep(ctx.unit, self._received(key, form, written, answer.text, ctx.source))
            return answer.text

        for attempt in range(1, _TRIES + 1):
            try:
                return self._visits.look(form.userid, form.number, hand_in, event_key=key[:12].hex())
            except (DuplicateKey, StaleRow):  # the same form, or another act on the meeting, at the same time
                if attempt == _TRIES:
                    raise
        raise AssertionError("unreachable")

    def _received(self, key: bytes, form: FormToken, written: Written, answer: str, source: str) -> Received:
        event = json.dumps({"Page": "minutes", "Number": form.number, "Content": written.text}, ensure_ascii=False)
        return Received(
            key, to_ms(self._visits.machine_now()), form.userid, "page:minutes", source, _HANDLED, event,
            answer.encode(),
        )

    def _kept_for_later(self, form: FormToken, written: Written) -> AnyResponse:
        """Keep what somebody wrote whose login ended meanwhile: the form proves whose it is, and opens nothing."""
        found = self._visits.look(
            form.userid, form.number, lambda ctx: keep_draft(ctx, form.number, written)
        )
        if isinstance(found, Stranger):
            return self._visits.stranger()
        return self._visits.page(
            "say.html", 401, words=words.KEPT, then=(f"/h5/minutes/{form.number}", words.WRITE_ON)
        )

    def _fields(self) -> dict[str, str]:
        """
        Return what the form holds, the first of each name.

        Raises:
            RequestEntityTooLarge: it is longer than anybody writes.
            BadRequest: it broke off, or is no form.
        """
        request.max_content_length = BODY_MOST
        request.max_form_memory_size = BODY_MOST
        request.max_form_parts = _PARTS_MOST
        try:
            with self._bodies.watching(request.environ.get("gunicorn.socket")):
                return {name: values[0] for name, values in request.form.lists()}
        except HTTPException:
            raise
        except (OSError, ValueError):
            raise BadRequest from None

    # -- showing

    def _form(self, userid: str, form: Form, status: int, once: str = "") -> AnyResponse:
        visits = self._visits
        token = FormToken(userid, form.number, once or visits.parts.new_token())
        return visits.page(
            "minutes.html", status, form=form, words=words,
            token=visits.parts.cookies.form(token, visits.machine_now()),
        )

    def _again(self, form: FormToken, written: Written, problem: str, status: int) -> AnyResponse:
        """Show what was typed once more without asking the database; the same form may be sent again."""
        rows = (*written.decisions, *(Decided() for _ in range(DECISIONS - len(written.decisions))))
        shown = Form(
            form.number, form.number, (), Written(written.text, written.revision, rows), words.NEW, (),
            problem=problem,
        )
        return self._form(form.userid, shown, status, form.once)

    def _said(self, number: str, answer: str) -> AnyResponse:
        heading, _, rest = answer.partition("。")
        return self._visits.page(
            "say.html", 200, words=(f"{heading}。", rest.strip()),
            then=(f"/h5/items/{number}", words.OPEN_ITEM),
        )

    def _refused(self, refused: NotTheirs) -> AnyResponse:
        heading, _, rest = refused.words.partition("，")
        return self._visits.say((heading, rest), 403)


def _written(fields: dict[str, str]) -> Written:
    typed = fields.get("revision", "")
    revision = int(typed) if typed.isascii() and typed.isdigit() and int(typed[:7]) < _REVISION_MOST else -1
    return Written(
        fields.get("text", "").replace("\r\n", "\n"), revision,
        tuple(
            Decided(*(fields.get(f"{name}{row}", "")[:_FIELD_MOST] for name in ("what", "owner", "due")))
            for row in range(1, DECISIONS + 1)
        ),
    )
