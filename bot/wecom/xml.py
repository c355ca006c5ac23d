"""XML of callbacks by expat: DOCTYPE and entities refused, depth and size bounded, repeated elements as lists."""

from __future__ import annotations

from typing import Union
from xml.parsers import expat

from policy.errors import ProjectError

Fields = dict[str, "Value"]
Value = Union[str, Fields, list[Union[str, Fields]]]

_DEPTH = 12
_ELEMENTS = 3000


class BadXml(ProjectError):
    """Not the XML of a callback: refuse it."""


def parse(data: bytes) -> Fields:
    """
    Return the children of <xml> by name; a repeated name gives a list.

    Raises:
        BadXml: malformed, not <xml>, with a DOCTYPE or entities, too deep or too many elements.
    """
    parser = expat.ParserCreate("UTF-8")
    root: Fields = {}
    stack: list[tuple[str, Fields, list[str]]] = []
    count = 0
    seen_root = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count, seen_root
        count += 1
        if count > _ELEMENTS or len(stack) >= _DEPTH:
            raise BadXml("too many elements")
        if not stack:
            if name != "xml" or seen_root:
                raise BadXml("not <xml>")
            seen_root = True
            stack.append((name, root, []))
            return
        stack.append((name, {}, []))

    def text(data: str) -> None:
        if stack:
            stack[-1][2].append(data)

    def end(name: str) -> None:
        tag, fields, pieces = stack.pop()
        if not stack:
            return
        value: str | Fields = fields if fields else "".join(pieces)
        parent = stack[-1][1]
        if tag in parent:
            held = parent[tag]
            if isinstance(held, list):
                held.append(value)
            else:
                parent[tag] = [held, value]
        else:
            parent[tag] = value

    def refuse(*anything: object) -> None:
        raise BadXml("DOCTYPE or entity")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.buffer_text = True
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise BadXml(str(error)) from None
    return root


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
