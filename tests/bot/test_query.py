"""The callback's query: cut at its marks where nothing is escaped, and never otherwise than the framework does it."""

from __future__ import annotations

from flask import Request
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from bot import web

PIECES = st.sampled_from([
    "msg_signature", "nonce", "=", "=", "&", "&", "+", "%20", "%", "%zz", "%E4%B8%AD", "%ff", "ä¸\xad", ";", "?", "#",
    "a", "[]", " ", "\x00", "\x85", "\xff",
]) | st.text(st.characters(max_codepoint=255), max_size=3)


def asked(raw: str) -> Request:
    """Return a request as a server makes it: its query is bytes, shown as Latin-1."""
    return Request({"QUERY_STRING": raw, "wsgi.url_scheme": "http", "SERVER_NAME": "x", "SERVER_PORT": "80"})


@given(st.lists(PIECES, max_size=12).map("".join))
@example("nonce=1&nonce=2")
@example("nonce")
@example("nonce=a=b&&=c&")
def test_every_name_has_the_values_that_the_framework_finds(raw: str) -> None:
    request = asked(raw)
    cut = web._query(request)
    try:
        raw.encode("latin-1").decode()
    except UnicodeDecodeError:
        assert not cut
        return
    for name in {*request.args, *cut, "msg_signature", "nonce"} - {""}:
        found = cut.getlist(name) if isinstance(cut, MultiDict) else cut.get(name, [])
        assert found == request.args.getlist(name)


def test_the_platforms_query_is_cut_and_an_escaped_one_is_the_frameworks() -> None:
    assert web._query(asked("msg_signature=0a&timestamp=1&nonce=2")) == {
        "msg_signature": ["0a"], "timestamp": ["1"], "nonce": ["2"],
    }
    escaped = asked("nonce=%41")
    assert web._query(escaped) is escaped.args
