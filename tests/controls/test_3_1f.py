"""3.1f: every node leaves a trace: an append-only, hash-chained trail, told as a story, anchored outside each day."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from storage.tables import AUDIT
from storage.unit import Unit
from storage.verify import verify_audit
from tests.controls.standing import greeted, in_force
from tests.handlers.office import Office

NUMBER = "CG-20261123-0001"


def test_every_step_of_an_item_stands_in_the_trail_and_is_told(office_everywhere: Office) -> None:
    office = office_everywhere
    greeted(office)
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.picture("xu")
    office.say("xu", f"催办 {NUMBER}")
    office.tap("su", "同意")
    office.say("qian", f"驳回 {NUMBER} 不在预算内")

    acts = [act for act in office.acts(NUMBER) if act != "delivery.sent"]
    assert acts == [
        "approval.filed", "attachment.added", "attachment.stored", "approval.urged", "approval.approved",
        "approval.rejected",
    ]
    story = office.say("zheng", f"追溯 {NUMBER}")
    for words in ("许专员 提交", "许专员 附上一个附件", "许专员 催办 苏主管", "苏主管 同意", "钱总监 驳回"):
        assert words in story
    assert office.ask(verify_audit).wrong == 0
    in_force(office, "3.1f", "command 追溯", "deadline audit.anchor")


@pytest.mark.parametrize("way", [update(AUDIT).values(actor="nobody"), delete(AUDIT)], ids=["changed", "removed"])
def test_the_trail_cannot_be_changed(office_everywhere: Office, way: object) -> None:
    greeted(office_everywhere)

    def tamper(unit: Unit) -> None:
        unit.run(way)  # type: ignore[arg-type]

    with pytest.raises(Exception, match="never changed"):
        office_everywhere.store.write(tamper)


def test_its_head_is_told_outside_every_day(office: Office) -> None:
    greeted(office)
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.skip()
    office.until(office.at(18))

    for userid in ("zhao", "zhou"):
        (said,) = [each for each in office.read(userid) if isinstance(each, str)]
        assert said.startswith("留痕存证 11月23日 18:00\n共 ")
    assert "audit.anchored" in office.acts()
