"""4.2b: the strategy meeting on the quarter's last working day, with executives, figures, and minutes."""

from __future__ import annotations

from datetime import date

from storage.queries import items
from tests.controls.meeting_evidence import facts, go_to, number_of
from tests.controls.standing import standing
from tests.handlers.meeting_life import welcomed
from tests.handlers.office import Office


def test_the_strategy_meeting_comes_with_a_pack_of_figures_from_the_register(office: Office) -> None:
    welcomed(office)
    office.say("xu", "记录 客户服务 客户=华东机械 内容=回访 结果=满意")
    go_to(office, date(2026, 12, 24), 9)
    opened = [each for each in facts(office, "meeting.opened") if each["kind"] == "strategy"]
    assert [(each["chair"], each["recorder"], each["people"]) for each in opened] == [("zhao", "zhou", 3)]
    office.skip()
    go_to(office, date(2026, 12, 31), 9)
    (pack,) = [
        said for said in office.read("zhao") if isinstance(said, str) and said.startswith("2026年第四季度 经营数据包")
    ]
    assert "销售部：记录 1 条，采购 0 单，决议履约 无到期" in pack.split("\n")
    assert "合计：记录 1 条" in pack
    number = number_of(office, "meeting.pack_sent")
    go_to(office, date(2026, 12, 31), 14)
    office.tap("zhao", "会议开始")
    go_to(office, date(2026, 12, 31), 16)
    office.say("zhao", f"会议结束 {number}")
    assert office.say("zhou", f"纪要 {number} 一、来年目标。").startswith("纪要已收到（按时）")
    (kept,) = office.ask(lambda unit: items.children_of(unit, number))
    assert kept.kind == "strategy_pack"
    state = standing(office, "4.2b")
    assert state.missing == ()
    assert state.count == 2
