"""A company's days in fast motion: they come out well in any weather, the same each time, and what is wrong is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from sandbox.company_life import write_org
from sandbox.invariants import broken
from sandbox.simulate import live, simulate
from sandbox.stage import Stage, open_stage
from storage.tables import ITEM, OUTBOX
from tests.databases import KEY


@contextmanager
def company(folder: Path, template: Path, people: int = 24, seed: int = 4) -> Iterator[Stage]:
    folder.mkdir()
    org = folder / "company.yaml"
    write_org(org, people)
    with open_stage(folder, org=org, seed=seed, template=(template, KEY)) as stage:
        yield stage


def lived(folder: Path, template: Path, faults: float) -> tuple[list[str], list[str], list[tuple[str, str]]]:
    with company(folder, template) as stage:
        life, findings = live(stage, 2, 4, faults)
        return findings, stage.acts(), life.filed


@pytest.mark.parametrize("faults", [0.0, 10.0])
def test_two_days_of_a_company_leave_nothing_lost_told_twice_or_decided_twice(
    embedded_template: Path, tmp_path: Path, faults: float
) -> None:
    findings, acts, filed = lived(tmp_path / "company", embedded_template, faults)
    assert findings == []
    assert filed
    assert "approval.approved" in acts


def test_the_same_seed_lives_the_same_days(embedded_template: Path, tmp_path: Path) -> None:
    assert lived(tmp_path / "a", embedded_template, 10.0) == lived(tmp_path / "b", embedded_template, 10.0)


def _message_lost(stage: Stage) -> None:
    chat = stage.platform.world.chats["lin"]
    chat.remove(next(each for each in chat if each["via"] == "send"))


def _told_twice(stage: Stage) -> None:
    chat = stage.platform.world.chats["lin"]
    chat.append(dict(next(each for each in chat if each["via"] == "send")))


def _card_came_alive(stage: Stage) -> None:
    card = next(each for each in stage.platform.world.chats["su"] if each.get("card"))
    card["card"], card["card_state"] = stage.platform.world.first_faces[card["id"]], "live"


def _left_over(stage: Stage) -> None:
    stage.store.write(lambda unit: unit.run(update(OUTBOX).values(state="unknown").where(OUTBOX.c.id == 1)))


def _number_forgotten(stage: Stage) -> None:
    stage.store.write(
        lambda unit: unit.run(update(ITEM).values(author="nobody").where(ITEM.c.number == "CG-20261123-0001"))
    )


@pytest.mark.parametrize(
    ("plant", "seen"),
    [
        (_message_lost, "never got"), (_told_twice, "too often"), (_card_came_alive, "can still tap"),
        (_left_over, "deliveries are unknown"), (_number_forgotten, "is not kept"), (_number_forgotten, "audit trail"),
    ],
)
def test_what_is_wrong_is_seen(
    embedded_template: Path, tmp_path: Path, plant: Callable[[Stage], None], seen: str
) -> None:
    with company(tmp_path / "company", embedded_template) as stage:
        stage.say("xu", "采购 服务器 3.5万 扩容")
        stage.tap("su", "驳回", choose="金额有误")
        filed = [("CG-20261123-0001", "xu")]
        assert broken(stage, filed) == []
        plant(stage)
        assert any(seen in finding for finding in broken(stage, filed))


def test_the_command_prints_what_happened_and_that_all_holds() -> None:
    done = CliRunner().invoke(simulate, ["--days", "1", "--seed", "2", "--faults", "5"])
    assert done.exit_code == 0, done.output
    assert done.output.startswith("1 working days, 19 people, in ")
    assert done.output.endswith("all invariants hold\n")


@pytest.mark.parametrize("wrong", [["--days", "0"], ["--people", "3"], ["--faults", "90"]])
def test_figures_that_make_no_sense_are_refused(wrong: list[str]) -> None:
    assert CliRunner().invoke(simulate, wrong).exit_code == 2


def test_a_larger_company_has_supervisors_for_its_people(tmp_path: Path) -> None:
    from bot.org_files import read_org

    write_org(tmp_path / "org.yaml", 200)
    departments, people = read_org(tmp_path / "org.yaml")
    assert len(people) == 200
    assert len(departments) == 7
    assert len({person.userid for person in people}) == 200
