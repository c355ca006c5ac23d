"""P.2: figures are versioned with a day from which they hold; records and decisions name the version they saw."""

from __future__ import annotations

from storage.queries.items import load_item
from storage.queries.policy import versions
from tests.controls.standing import greeted, in_force
from tests.handlers.office import Office


def test_a_change_is_a_new_version_and_what_is_filed_names_the_one_in_force(office_everywhere: Office) -> None:
    office = office_everywhere
    greeted(office)
    office.say("xu", "采购 服务器 6万 扩容")
    office.say("wu", "修订 总监审批起点=10万 起=11月24日 理由=业务规模扩大")
    office.tap("zhou", "同意")
    office.say("xu", "采购 机柜 6万 扩容")
    in_force(office, "P.2", "command 修订")
    office.until(office.at(9, 0, days=1))
    office.say("xu", "采购 网线 6万 扩容")

    named = [
        office.ask(lambda unit, number=number: load_item(unit, number)).policy_version
        for number in ("CG-20261123-0001", "CG-20261123-0002", "CG-20261124-0001")
    ]
    assert named == [1, 1, 2]
    kept = office.ask(versions)
    assert [(version, parameters.director_from, by) for version, _, parameters, by, _ in kept] == [
        (1, 5_000_000, "settings"), (2, 10_000_000, "zhou"),
    ]
    acts = [act for act in office.acts("XD-20261123-0001") if act.startswith("revision.")]
    assert acts == ["revision.proposed", "revision.approved"]
