"""Before any part starts: schema, kind, templates, figures as versions of the policy, the org of an empty database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from bot.org_files import read_org
from bot.prepare import import_org, keep_figures, prepare
from policy.parameters import Parameters
from storage.errors import WrongDatabase
from storage.queries.people import org_version
from storage.queries.policy import save_version, versions
from tests.handlers.office import ORG, Office


def kept(office: Office) -> list[tuple[int, int, str]]:
    return [(version, figures.director_from, by) for version, _, figures, by, _ in office.ask(versions)]


def test_starting_twice_changes_nothing(office_everywhere: Office) -> None:
    before = office_everywhere.counts()
    prepare(office_everywhere.house)
    assert office_everywhere.counts() == before
    assert office_everywhere.ask(org_version) == 1


def test_a_changed_figure_is_a_new_version_and_the_same_one_is_not(office_everywhere: Office) -> None:
    office = office_everywhere
    assert kept(office) == [(1, 5_000_000, "settings")]
    for figures in (Parameters(director_from=100), Parameters(director_from=100), Parameters(director_from=200)):
        office.store.write(lambda unit, figures=figures: keep_figures(unit, figures, office.clock.company_now()))
        office.clock.move(minutes=1)
    assert kept(office) == [(1, 5_000_000, "settings"), (2, 100, "settings"), (3, 200, "settings")]


def test_a_revision_that_people_approved_stands_above_the_file(office_everywhere: Office) -> None:
    office, now = office_everywhere, office_everywhere.clock.company_now() + timedelta(minutes=1)
    approved = replace(Parameters(), version=2, director_from=300)
    office.store.write(
        lambda unit: save_version(unit, approved, effective_at=now, approved_by="zhou", note="XD-1", now=now)
    )
    office.store.write(lambda unit: keep_figures(unit, Parameters(director_from=400), now))
    assert kept(office)[-1] == (2, 300, "zhou")


def test_the_file_is_imported_into_an_empty_org_only(office_with: Callable[..., Office], tmp_path: Path) -> None:
    other = yaml.safe_load(ORG.read_text())
    other["people"][0]["name"] = "钱总"
    path = tmp_path / "other.yaml"
    path.write_text(yaml.safe_dump(other, allow_unicode=True))
    office = office_with()
    settings = office.house.settings
    prepare(replace(office.house, settings=settings.model_copy(update={"org": type(settings.org)(file=path)})))
    org, _ = office.ask(lambda unit: office.orgs.read(unit, office.clock.company_now()))
    assert org.name_of("zhao") == "赵总"


def test_somebody_who_wrote_before_is_told_once_when_an_import_brings_them(office_everywhere: Office) -> None:
    office = office_everywhere
    assert "还没有登记在册" in office.say("Newbie", "你好")
    office.skip()
    office.phones.chats["newbie"] = []
    office._read["newbie"] = 0
    departments, people = read_org(ORG)
    joining = [*people, replace(people[-1], userid="newbie", shown_id="Newbie", name="新人")]
    for _ in range(2):
        import_org(office, departments, joining, office.clock.company_now())
        office.run()
    (told,) = office.read("newbie")
    assert "新人" in str(told)
    assert "登记" in str(told)


def test_a_real_database_is_not_opened_for_rehearsal(office_everywhere: Office) -> None:
    house = office_everywhere.house
    rehearsing = type(house.settings.rehearsal)(enabled=True)
    other = replace(house, settings=house.settings.model_copy(update={"rehearsal": rehearsing}))
    with pytest.raises(WrongDatabase, match="born as a real one and was asked to open as rehearsal"):
        prepare(other)
