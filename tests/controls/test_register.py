"""Which controls are in force is computed from four things, and what is missing is named (design rule 17)."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

import handlers.controls as register
from handlers.controls import PROOFS, report
from policy.controls import CONTROLS
from tests.controls import proving
from tests.handlers.office import Office

FOLDER = Path(__file__).parent
KEPT = tuple(json.loads(files("bot.data").joinpath("controls_proven.json").read_text(encoding="utf-8")))


def test_all_66_controls_are_listed_and_those_without_anything_miss_all_four(office: Office) -> None:
    states = office.ask(lambda unit: report(unit, office.house.registry, KEPT))

    assert [state.control.id for state in states] == list(CONTROLS)
    assert len(states) == 66
    bare = [state for state in states if not state.triggers and state.control.id not in {*PROOFS, *KEPT}]
    assert {state.missing for state in bare} <= {("trigger", "enforcer", "evidence", "test")}
    assert {state.control.id for state in states if state.in_force} <= set(KEPT)


@pytest.mark.parametrize("control", ["P.1", "P.3", "2.1a", "3.1a", "3.1f", "4.1a"])
def test_a_control_is_out_of_force_as_soon_as_one_of_the_four_is_missing(
    office: Office, control: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(proven: tuple[str, ...], registry: object = office.house.registry) -> tuple[str, ...]:
        states = office.ask(lambda unit: report(unit, registry, proven))  # type: ignore[arg-type]
        return next(state.missing for state in states if state.control.id == control)

    class NoTriggers:
        def triggers(self) -> dict[str, tuple[str, ...]]:
            return {}

    assert missing((control,)) == ()
    assert missing(()) == ("test",)
    assert missing((control,), NoTriggers()) == ("trigger",)
    proof = PROOFS[control]
    for broken, name in (
        (replace(proof, enforcers=(*proof.enforcers, "handlers.records:gone")), "enforcer"),
        (replace(proof, enforcers=(*proof.enforcers, "handlers.nowhere:gone")), "enforcer"),
        (replace(proof, acts=()), "evidence"),
    ):
        monkeypatch.setattr(register, "PROOFS", {**PROOFS, control: broken})
        assert missing((control,)) == (name,)


def test_every_file_here_belongs_to_a_control() -> None:
    tests = [path for path in sorted(FOLDER.glob("test_*.py")) if path.name != Path(__file__).name]

    assert [path.name for path in tests if proving.control_of(f"tests/controls/{path.name}::x") is None] == []


def test_every_control_that_was_proven_has_its_file_here() -> None:
    own = {proving.control_of(f"tests/controls/{path.name}::x") for path in FOLDER.glob("test_*.py")}

    assert set(KEPT) <= own


NODES = [
    ("tests/controls/test_3_1a.py::test_x", "3.1a"), ("tests/controls/test_p_1.py::test_x[sqlite]", "P.1"),
    ("tests/controls/test_4_2a_digest.py::test_x", "4.2a"), ("tests/controls/test_8a.py::test_x", "8a"),
    ("tests/controls/test_register.py::test_x", None), ("tests/controls/test_9_9z.py::test_x", None),
    ("tests/handlers/test_3_1a.py::test_x", None),
]


@pytest.mark.parametrize(("node", "control"), NODES, ids=[node for node, _ in NODES])
def test_a_tests_file_names_its_control(node: str, control: str | None) -> None:
    assert proving.control_of(node) == control
