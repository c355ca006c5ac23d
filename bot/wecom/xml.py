"""
XML of callbacks by expat: DOCTYPE and entities refused, depth and size bounded, repeated elements as lists.

expat itself, not ElementTree: the same answer in half the time, and nothing is built before it is allowed. The shape in
which nearly all comes is known to a regular expression, which leaves whatever is not exactly that to expat.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from policy.errors import ProjectError

Fields = dict[str, "Value"]
Value = str | Fields | list[str | Fields]

_DEPTH = 12
_ELEMENTS = 3000

# Texts that mean the same to expat: no markup, no reference, no line end that it would change, nothing it refuses.
_TEXT = r"[^\]<&\x00-\x08\x0b-\x1f\ufffe\uffff]*+"
_FIELD = re.compile(rf"[ \t\n]*+<([A-Za-z]\w*+)>(?:<!\[CDATA\[({_TEXT})\]\]>|({_TEXT}))</\1>", re.ASCII)
_BEGIN = "<xml>"
_END = re.compile(r"[ \t\n]*+</xml>[ \t\n]*+")


class BadXml(ProjectError):
    """Not the XML of a callback: refuse it."""


def _refuse(*anything: object) -> None:
    raise BadXml("DOCTYPE or entity")


def parse(data: bytes) -> Fields:
    """
    Return the children of <xml> by name; a repeated name gives a list, an element without children its text.

    Raises:
        BadXml: malformed, not <xml>, with a DOCTYPE or entities, too deep or too many elements.
    """
    flat = _flat(data)
    return _by_expat(data) if flat is None else flat


def _flat(data: bytes) -> Fields | None:
    """Return what expat would, for fields that are written plainly, each once; else None. A third of expat's time."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    if not text.startswith(_BEGIN):
        return None
    fields: Fields = {}
    at = len(_BEGIN)
    while (field := _FIELD.match(text, at)) is not None:
        name, marked, plain = field.groups("")
        if name in fields:
            return None
        fields[name] = marked or plain
        at = field.end()
    return fields if len(fields) < _ELEMENTS and _END.fullmatch(text, at) is not None else None


def _by_expat(data: bytes) -> Fields:
    root: Fields = {}
    names: list[str] = []
    levels: list[Fields] = []
    pieces: list[str] = []
    count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > _ELEMENTS or len(names) >= _DEPTH:
            raise BadXml("too deep or too many elements")
        if not names and name != "xml":
            raise BadXml("not <xml>")
        names.append(name)
        levels.append({} if len(names) > 1 else root)
        pieces.clear()

    def end(name: str) -> None:
        names.pop()
        fields = levels.pop()
        if not names:
            return
        # Text beside children is white space; text of a leaf is all that came since its start.
        value: str | Fields = fields or "".join(pieces)
        pieces.clear()
        parent = levels[-1]
        if name not in parent:
            parent[name] = value
            return
        held = parent[name]
        if isinstance(held, list):
            held.append(value)
        else:
            parent[name] = [held, value]

    parser = expat.ParserCreate("UTF-8")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = pieces.append
    _run(parser, data)
    return root


def parse_envelope(data: bytes) -> tuple[str, str]:
    """
    Return the sealed text and the AgentID ("" when missing) of an envelope; whatever else it holds is not believed.

    Raises:
        BadXml: as in parse, or there is not exactly one <Encrypt>, with text only, directly in <xml>.
    """
    # Counted in the bytes: one hidden deeper, in a comment or in another's text is one too many as well.
    if data.count(b"<Encrypt") != 1:
        raise BadXml("not exactly one <Encrypt>")
    fields = parse(data)
    encrypt = text_of(fields, "Encrypt")
    if not encrypt:
        raise BadXml("no text in <Encrypt>")
    return encrypt, text_of(fields, "AgentID")


def _run(parser: expat.XMLParserType, data: bytes) -> None:
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise BadXml(str(error)) from None


def text_of(fields: Fields, name: str) -> str:
    """Return a field's text, "" when it is missing or no text."""
    value = fields.get(name, "")
    return value if isinstance(value, str) else ""


def children_of(fields: Fields, name: str) -> list[str | Fields]:
    """Return a field's occurrences, none when it is missing."""
    value = fields.get(name)
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list) else [value]


def groups_of(fields: Fields, name: str) -> list[Fields]:
    """Return a field's occurrences that have children, none when it is missing."""
    return [value for value in children_of(fields, name) if isinstance(value, dict)]


def group_of(fields: Fields, name: str) -> Fields:
    """Return a field's children, empty when it is missing, repeated or text."""
    value = fields.get(name)
    return value if isinstance(value, dict) else {}
