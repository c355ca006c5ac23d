"""The one table: everything in it has a function, words, and a place in the manual."""

from __future__ import annotations

from handlers.effects import EFFECTS
from policy.approval_acts import CHANGES, GUARDS, Change, Guard, Who
from policy.approvals import TRANSITIONS, Effect
from policy.controls import CONTROLS
from policy.terms import ItemState
from tools import approvals_manual as words


def test_every_guard_change_and_effect_has_its_function() -> None:
    assert set(GUARDS) == set(Guard)
    assert set(CHANGES) == set(Change)
    assert set(EFFECTS) == set(Effect)


def test_every_guard_change_effect_and_person_has_its_words() -> None:
    assert set(words.GUARDS) == set(Guard)
    assert set(words.CHANGES) == set(Change)
    assert set(words.EFFECTS) == set(Effect)
    assert set(words.WHO) == set(Who)


def test_the_manual_is_printed_from_the_table() -> None:
    assert words.PAGE.read_text(encoding="utf-8") == words.manual(), "run: python -m tools.approvals_manual"


def test_no_two_rows_are_the_same_act_and_each_names_a_control() -> None:
    rows = [(row.state, row.verb, row.who, row.guards) for row in TRANSITIONS]
    assert len(set(rows)) == len(rows)
    assert all(row.control in CONTROLS for row in TRANSITIONS)


def test_nothing_is_approved_but_by_a_signer() -> None:
    approving = [row for row in TRANSITIONS if row.to is ItemState.APPROVED]
    assert [(row.who, Guard.ENOUGH_PEOPLE in row.guards) for row in approving] == [(Who.SIGNER, True)]


def test_nothing_the_system_does_decides() -> None:
    assert {row.to for row in TRANSITIONS if row.who is Who.SYSTEM} == {ItemState.PENDING}


def test_one_person_has_one_act_per_state_and_verb() -> None:
    people: dict[tuple[object, object], set[Who]] = {}
    for row in TRANSITIONS:
        people.setdefault((row.state, row.verb), set()).add(row.who)
    assert all(len(who) == 1 for who in people.values())
