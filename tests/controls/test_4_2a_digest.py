"""4.2a, the digest: each Monday at 09:00 every manager reads last week's problems and this week's tasks."""

from __future__ import annotations

from datetime import datetime, time

from policy.digest import gets_digest
from storage.canonical import from_json
from storage.tables import AUDIT
from tests.controls.standing import greeted, standing
from tests.handlers.office import Office


def kept(office: Office, act: str) -> list[dict[str, object]]:
    query = AUDIT.select().with_only_columns(AUDIT.c.body).where(AUDIT.c.act == act).order_by(AUDIT.c.seq)
    return [from_json(body)["facts"] for (body,) in office.ask(lambda unit: unit.all(query))]


def test_every_manager_gets_it_on_monday_and_the_evidence_says_what_stood_in_it(office_everywhere: Office) -> None:
    office = office_everywhere
    greeted(office)
    office.say("xu", "采购 显示器 8000 新员工")
    calendar = office.house.calendar
    office.until(calendar.at(datetime(2026, 11, 30).date(), time(9, 4)))

    org, _ = office.ask(lambda unit: office.orgs.read(unit, office.clock.company_now()))
    managers = sorted(person.userid for person in org.active_people() if gets_digest(org, person))
    sent = kept(office, "digest.sent")
    assert sorted(str(facts["userid"]) for facts in sent) == managers
    assert max(int(str(facts["late"])) for facts in sent) < 240
    (own,) = [facts for facts in sent if facts["userid"] == "su"]
    assert own["waiting"] == 1
    assert [facts["managers"] for facts in kept(office, "digest.week")] == [len(managers)]
    assert {"deadline digest.week", "deadline digest.one"} <= set(standing(office, "4.2a").triggers)
