"""The org is stored and read back equal, changes leave evidence, and nobody is ever deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from policy.org import Department, Org, Person
from policy.parameters import Parameters
from policy.templates import STARTING, Template
from policy.terms import DepartmentKind, Grade, Post
from storage.errors import DuplicateKey
from storage.org_cache import OrgCache
from storage.queries.evidence import last_of
from storage.queries.heartbeats import beat, beats, end_beat, forget_beats
from storage.queries.people import Changed, load_org, mark_welcomed, org_version, save_people, welcomed
from storage.queries.policy import parameters_at, save_version, versions
from storage.queries.templates import newest_templates, save_templates, template_version
from storage.store import Store
from storage.unit import Unit
from tests.storage.sample_org import sample_org

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DEPARTMENTS, PEOPLE = sample_org()


def _save(store: Store, people: list[Person], departments: list[Department] = DEPARTMENTS) -> Changed:
    return store.write(lambda unit: save_people(unit, departments, people, at=NOW, actor="zhou"))


def test_the_sample_company_comes_back_as_it_went_in(store: Store) -> None:
    changed = _save(store, PEOPLE)
    assert len(changed.joined) == len(PEOPLE) == 19
    org = store.read(load_org)
    assert org.version == 1
    assert dict(org.departments) == {each.id: each for each in DEPARTMENTS}
    assert dict(org.people) == {each.userid: replace(each, shown_id=each.userid) for each in PEOPLE}
    ceo = org.holder(Post.CEO)
    assert ceo is not None
    assert ceo.name == "赵总"
    assert [person.userid for person in org.line_above("xu")] == ["su", "lin", "zhao"]


def test_importing_the_same_people_again_changes_nothing_and_says_so(store: Store) -> None:
    _save(store, PEOPLE)
    assert _save(store, PEOPLE) == Changed((), (), ())
    assert store.read(org_version) == 1
    assert store.read(lambda unit: last_of(unit, ["org.changed"]))[0] == 1


def test_who_leaves_becomes_inactive_and_keeps_the_name_on_old_signatures(store: Store) -> None:
    _save(store, PEOPLE)
    assert _save(store, [each for each in PEOPLE if each.userid != "xu"]).left == ("xu",)
    org = store.read(load_org)
    assert org.person("xu") is None
    assert org.name_of("xu") == "许专员"
    assert _save(store, PEOPLE) == Changed((), ("xu",), ())
    assert store.read(load_org).person("xu") is not None


def test_a_new_head_of_a_department_is_a_change_of_the_org(store: Store) -> None:
    _save(store, PEOPLE)
    moved = [replace(each, head="su") if each.id == "sales" else each for each in DEPARTMENTS]
    assert _save(store, PEOPLE, moved) == Changed((), (), ())
    org = store.read(load_org)
    assert org.version == 2
    head = org.head_of("sales")
    assert head is not None
    assert head.userid == "su"


def test_userids_are_kept_in_lower_case_and_shown_as_the_platform_spells_them(store: Store) -> None:
    _save(store, [Person("ZhangSan", "张三", "sales", Grade.SPECIALIST, manager="Lin")])
    person = store.read(load_org).person("ZHANGSAN")
    assert person is not None
    assert (person.userid, person.shown_id, person.manager) == ("zhangsan", "ZhangSan", "lin")


def test_a_first_greeting_is_remembered(store: Store) -> None:
    _save(store, PEOPLE)
    assert store.read(lambda unit: welcomed(unit, "xu")) is False

    def greet(unit: Unit) -> None:
        mark_welcomed(unit, "xu", NOW)
        unit.audit(NOW, "system", "person.welcomed", "", userid="xu")

    store.write(greet)
    assert store.read(lambda unit: welcomed(unit, "xu")) is True
    assert store.read(lambda unit: welcomed(unit, "su")) is False


def _version(store: Store, number: int, effective_at: datetime, director_from: int) -> None:
    parameters = Parameters(version=number, effective_on="2026-11-01", director_from=director_from)
    store.write(
        lambda unit: save_version(
            unit, parameters, effective_at=effective_at, approved_by="zhao", note="试行", now=NOW
        )
    )


def test_the_version_in_force_is_the_newest_that_has_begun(store: Store) -> None:
    assert store.read(lambda unit: parameters_at(unit, NOW)) is None
    _version(store, 1, NOW, 5_000_000)
    _version(store, 2, NOW + timedelta(days=7), 3_000_000)

    def in_force(at: datetime) -> int:
        found = store.read(lambda unit: parameters_at(unit, at))
        assert found is not None
        return found.director_from

    assert in_force(NOW) == 5_000_000
    assert in_force(NOW + timedelta(days=7) - timedelta(milliseconds=1)) == 5_000_000
    assert in_force(NOW + timedelta(days=7)) == 3_000_000
    assert [(each[0], each[3], each[4]) for each in store.read(versions)] == [(1, "zhao", "试行"), (2, "zhao", "试行")]


def test_a_version_is_saved_once(store: Store) -> None:
    _version(store, 1, NOW, 5_000_000)
    with pytest.raises(DuplicateKey):
        _version(store, 1, NOW, 1)
    assert len(store.read(versions)) == 1


def test_the_cache_shows_a_change_to_the_next_unit_and_reads_nothing_in_between(store: Store) -> None:
    cache = OrgCache()

    def seen() -> tuple[Org, Parameters]:
        return store.read(lambda unit: cache.read(unit, NOW))

    assert seen()[0].people == {}
    assert seen()[1] == Parameters()
    _save(store, PEOPLE)
    org, _ = seen()
    assert len(org.people) == 19
    assert seen()[0] is org
    _version(store, 1, NOW, 3_000_000)
    assert seen()[0] is org
    assert seen()[1].director_from == 3_000_000


def test_the_cache_takes_a_version_into_force_when_its_time_comes_without_a_write(store: Store) -> None:
    cache = OrgCache()
    _version(store, 1, NOW, 5_000_000)
    _version(store, 2, NOW + timedelta(hours=1), 3_000_000)
    at_once, later = (store.read(lambda unit, at=at: cache.read(unit, at)[1]) for at in (NOW, NOW + timedelta(hours=1)))
    assert (at_once.director_from, later.director_from) == (5_000_000, 3_000_000)


def test_the_cache_keeps_nothing_of_a_change_that_was_rolled_back(store: Store) -> None:
    cache = OrgCache()
    _save(store, PEOPLE)

    class ChangedMyMind(Exception):
        pass

    def import_and_fail(unit: Unit) -> None:
        save_people(unit, DEPARTMENTS, PEOPLE[:1], at=NOW, actor="zhou")
        assert len(cache.read(unit, NOW)[0].active_people()) == 1
        raise ChangedMyMind

    with pytest.raises(ChangedMyMind):
        store.write(import_and_fail)
    _save(store, PEOPLE[:5])  # the same version number as the one that never was
    assert len(store.read(lambda unit: cache.read(unit, NOW))[0].active_people()) == 5


def test_templates_are_kept_by_version_and_the_newest_is_used(store: Store) -> None:
    store.write(lambda unit: save_templates(unit, STARTING, now=NOW, actor="zhou"))
    store.write(lambda unit: save_templates(unit, STARTING, now=NOW, actor="zhou"))
    assert store.read(newest_templates) == sorted(STARTING, key=lambda each: each.id)
    newer = Template(STARTING[0].id, 2, STARTING[0].name, STARTING[0].fields[:2])
    store.write(lambda unit: save_templates(unit, [newer], now=NOW + timedelta(days=1), actor="zhou"))
    assert newer in store.read(newest_templates)
    assert store.read(lambda unit: template_version(unit, newer.id, 1)) == STARTING[0]
    assert store.read(lambda unit: template_version(unit, newer.id, 3)) is None
    assert store.read(lambda unit: last_of(unit, ["template.saved"]))[0] == 2


def test_a_part_beats_and_is_forgotten_when_it_is_long_gone(store: Store) -> None:
    store.write(lambda unit: beat(unit, "clock-1", NOW, {"pid": 7}))
    store.write(lambda unit: beat(unit, "clock-1", NOW + timedelta(seconds=5), {"pid": 8}))
    store.write(lambda unit: beat(unit, "worker-1", NOW, {}))
    assert [(each.part, each.at, each.detail) for each in store.read(beats)] == [
        ("clock-1", NOW + timedelta(seconds=5), {"pid": 8}), ("worker-1", NOW, {}),
    ]
    store.write(lambda unit: forget_beats(unit, NOW + timedelta(seconds=1)))
    assert [each.part for each in store.read(beats)] == ["clock-1"]
    store.write(lambda unit: end_beat(unit, "clock-1"))
    assert store.read(beats) == []


def test_departments_of_every_kind_can_be_stored(store: Store) -> None:
    departments = [Department(kind.value, kind.value, kind) for kind in DepartmentKind]
    _save(store, [], departments)
    assert store.read(load_org).departments == {each.id: each for each in departments}
