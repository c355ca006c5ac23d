"""Two ways to read a callback's XML: what the plain shape's expression takes, expat reads the same."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.wecom import xml
from bot.wecom.xml import BadXml, parse
from tests.bot.wecom import desk


def agrees(data: bytes) -> bool:
    """Compare the two where the first one answers; return whether it does."""
    flat = xml._flat(data)
    if flat is not None:
        assert list(flat.items()) == list(xml._by_expat(data).items())
    return flat is not None


NAMES = st.sampled_from(
    ["xml", "Encrypt", "ToUserName", "a", "A1", "Location_X", "a:b", "a-b", "_a", "xmlns", "1a", "项"]
)
PIECES = st.one_of(
    st.sampled_from([
        "", "x", " ", "\n", "\r", "\r\n", "\t", "]", "]]", "]]>", "<", ">", "&", "&amp;", "&#65;", "&#x4e2d;", "&a;",
        "\x00", "\x1f", "\x7f", "\x85", "\u2028", "\ufeff", "\ufffe", "\uffff", "\U0001f600", "采购", "'", '"',
        "<![CDATA[", "<![CDATA[x]]>", "<!-- x -->", "<?x y?>", "<!DOCTYPE xml>", "<!DOCTYPE xml [<!ENTITY a 'b'>]>",
        "<a/>", "<a>", "</a>", "<xml>", "</xml>",
    ]),
    st.text(max_size=4),
)
TEXTS = st.lists(PIECES, max_size=3).map("".join)
SPACES = st.sampled_from(["", "", " ", "\n", "\t", "\r", "\x0b", "\xa0", "　", "x"])


@st.composite
def elements(draw: st.DrawFn, deep: int = 2) -> str:
    name = draw(NAMES)
    kind = draw(st.integers(0, 7))
    inner = draw(TEXTS)
    if kind < 3:
        inner = f"<![CDATA[{inner}]]>"
    elif kind == 3 and deep:
        inner = "".join(draw(st.lists(elements(deep - 1), max_size=3)))
    begins = draw(st.sampled_from(["", "", "", "", " ", " a='b'", " xmlns='u'"]))
    ends = draw(st.sampled_from(["", "", "", "", " ", "x"]))
    return f"<{name}{begins}>{inner}</{name}{ends}>{draw(SPACES)}"


DOCUMENTS = st.builds(
    lambda head, space, inner, tail: f"{head}<xml>{space}{''.join(inner)}</xml>{tail}",
    st.sampled_from(["", "", "", "", "\ufeff", " ", "<?xml version='1.0' encoding='gbk'?>", "<!DOCTYPE xml>"]),
    SPACES, st.lists(elements(), max_size=5), st.sampled_from(["", "", "", "\n", " ", "x", "<a/>", "<!-- -->", "\x00"]),
)


@given(DOCUMENTS.map(lambda text: text.encode("utf-8", "surrogatepass")))
@example(b"<xml></xml>")
@example(b"<xml>text alone</xml>")
@example(b"<xml><xml></xml></xml>")
@example(b"<xml><xml>a</xml></xml>")
@example(b"<xml><a>b</a>c</xml>")
@example(b"<xml><a></a><a></a></xml>")
@example(b"<xml><a>\xed\xa0\x80</a></xml>")
@example(b"<xml><a>\xc0\x80</a></xml>")
def test_documents_of_every_shape_are_read_alike(data: bytes) -> None:
    agrees(data)


@given(st.data())
def test_a_real_callback_with_bytes_changed_is_read_alike(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from(REAL)))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 2))] = data.draw(
            st.one_of(st.binary(max_size=2), st.sampled_from([b"<", b">", b"]", b"&", b"/", b"<a>", b"</a>", b"\r"]))
        )
    agrees(bytes(whole))


def test_every_character_that_the_expression_takes_is_a_character_to_expat() -> None:
    taken = 0
    for first in range(0, 0x110000, 0x400):
        run = "".join(map(chr, range(first, first + 0x400))).encode("utf-8", "surrogatepass")
        if agrees(b"<xml><a>%s</a><b><![CDATA[%s]]></b></xml>" % (run, run)):
            taken += 0x400
            continue
        for code in range(first, first + 0x400):
            one = chr(code).encode("utf-8", "surrogatepass")
            taken += agrees(b"<xml><a>%s</a><b><![CDATA[%s]]></b></xml>" % (one, one))
    # All but 30 controls (no XML, or a line end that expat changes), three of markup, 2,048 halves of pairs, two more.
    assert taken == 0x110000 - 30 - 3 - 2048 - 2


REAL = [desk.envelope(desk.ENCRYPT)] + [file.read_bytes() for file in sorted(desk.FIXTURES.glob("*.xml"))]


def test_the_usual_envelope_and_messages_take_the_short_way() -> None:
    assert agrees(REAL[0])
    assert sum(map(agrees, REAL)) > 5


def test_as_many_elements_as_expat_may_see_and_no_more() -> None:
    def fields(count: int) -> bytes:
        return b"<xml>%s</xml>" % b"".join(b"<a%d>x</a%d>" % (number, number) for number in range(count))

    assert agrees(fields(2999))
    assert not agrees(fields(3000))
    with pytest.raises(BadXml):
        parse(fields(3000))
