"""4.1b: in a crisis a team executes at once; the approval is made up afterwards, and nothing that happened changes."""

from __future__ import annotations

from storage.queries.emergencies import load_emergency
from tests.controls.standing import greeted, in_force
from tests.handlers.office import Office

NUMBER = "JJ-20261123-0001"


def test_an_order_executes_at_once_is_ratified_afterwards_and_keeps_its_true_times(office_everywhere: Office) -> None:
    office = office_everywhere
    greeted(office)
    assert "已生效，可以马上执行" in office.say("wei", "紧急 抢修 小组=魏工、罗主管 金额=2万")
    in_force(office, "4.1b", "command 紧急", "deadline emergency.overdue", "command 补办")
    office.move(hours=3)
    office.say("wei", f"补办 {NUMBER}")
    for signer in ("luo", "qian", "zhao"):
        office.tap(signer, "同意")
    order = office.ask(lambda unit: load_emergency(unit, NUMBER))
    assert (order.effective_at, order.filed_at) == (office.at(10), office.at(13))
    assert office.acts(NUMBER).count("emergency.ratified") == 1
    in_force(office, "4.1b", "command 补办")


def test_what_is_not_ratified_in_time_climbs_the_line_to_the_executives(office: Office) -> None:
    greeted(office)
    office.say("luo", "先办 抢修 小组=魏工 金额=8000")
    office.move(days=5)
    assert office.acts(NUMBER).count("emergency.climbed") == 2  # 高总监, 赵总
    assert office.acts(NUMBER)[-1] != "emergency.ratified"
