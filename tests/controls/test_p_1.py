"""P.1: one register for every department, each item with one person responsible and one grade that answers for it."""

from __future__ import annotations

from policy.terms import Grade, ItemState
from storage.queries.items import Item, load_item
from tests.controls.standing import greeted, in_force
from tests.handlers.office import Office

AUTHORS = {
    "xu": ("sales", "华东", Grade.SPECIALIST), "tang": ("procurement", "总部", Grade.SPECIALIST),
    "wei": ("rd", "总部", Grade.SPECIALIST), "song": ("finance", "总部", Grade.SUPERVISOR),
    "ren": ("hr", "总部", Grade.DIRECTOR), "zheng": ("records", "华东", Grade.SPECIALIST),
    "yan": ("office", "总部", Grade.EXECUTIVE),
}


def item(office: Office, number: str) -> Item:
    found = office.ask(lambda unit: load_item(unit, number))
    assert isinstance(found, Item)
    return found


def test_every_departments_records_stand_in_one_register(office_everywhere: Office) -> None:
    office = office_everywhere
    greeted(office)
    for serial, (author, (department, region, grade)) in enumerate(AUTHORS.items(), 1):
        office.say(author, f"记录 客户服务 客户=客户{serial} 内容=回访 结果=满意")

        kept = item(office, f"JL-20261123-{serial:04d}")
        assert (kept.author, kept.responsible, kept.answerable) == (author, author, grade)
        assert (kept.department, kept.region) == (department, region)
        assert (kept.kind, kept.template_version, kept.policy_version) == ("customer_service", 1, 1)
        assert (kept.state, kept.created_at) == (ItemState.FILED, office.clock.company_now())

    in_force(office, "P.1", "command 记录", "command 采购")


def test_at_every_moment_one_person_is_responsible_and_their_grade_answers(office: Office) -> None:
    greeted(office)
    number = "CG-20261123-0001"
    office.say("xu", "采购 服务器 3.5万 扩容")
    held = [item(office, number).responsible]
    for signer in ("su", "qian", "zhao"):
        office.tap(signer, "同意")
        held.append(item(office, number).responsible)

    assert held == ["su", "qian", "zhao", "he"]
    assert item(office, number).answerable is Grade.DIRECTOR
    assert item(office, "RW-20261123-0001").responsible == "he"
    in_force(office, "P.1", "command 采购")
