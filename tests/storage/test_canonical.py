"""Canonical JSON has one spelling: the standard library's, whoever writes it (the stand-alone verifier reads it)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.canonical import digest_of, from_json, to_json
from storage.standalone_verifier import canonical

_LEAVES = st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8"))
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=20,
)


@given(_VALUES)
def test_the_fast_spelling_is_the_verifiers(value: object) -> None:
    assert to_json(value).encode() == canonical(value)


@given(_VALUES)
def test_what_was_written_is_read_again(value: object) -> None:
    assert from_json(to_json(value)) == value


@pytest.mark.parametrize(
    ("value", "spelled"),
    [
        ({"b": 1, "a": (2, 3)}, '{"a":[2,3],"b":1}'),
        ({"hash": b"\x01\xff"}, '{"hash":{"hex":"01ff"}}'),
        ({"说明": "换行\n制表\t退格\b\x1f引号\"斜杠\\"}, '{"说明":"换行\\n制表\\t退格\\b\\u001f引号\\"斜杠\\\\"}'),
        ({"fen": 2**70}, '{"fen":1180591620717411303424}'),
        ({1: "one"}, '{"1":"one"}'),
        ({"z": None, "𝕏": True, "￿": False}, '{"z":null,"￿":false,"𝕏":true}'),
        (0.5, "0.5"),
    ],
    ids=["order", "bytes", "escapes", "beyond 64 bits", "a key that is a number", "code points", "a fraction"],
)
def test_one_value_has_one_spelling(value: object, spelled: str) -> None:
    assert to_json(value) == spelled


@pytest.mark.parametrize(
    "value", [datetime(2026, 11, 23, tzinfo=UTC), {1, 2}, object()], ids=["instant", "set", "object"]
)
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="no canonical form"):
        digest_of({"value": value})
