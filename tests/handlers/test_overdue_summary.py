"""What superiors were told of once comes again only in the daily summary, until it is settled (3.2d, 4.2e)."""

from __future__ import annotations

from tests.handlers.meeting_life import SALES, ended, welcomed
from tests.handlers.office import Office


def told(office: Office, userid: str) -> list[str]:
    return [said for said in office.read(userid) if isinstance(said, str) and not said.startswith("留痕存证")]


def test_overdue_minutes_and_tasks_stand_in_the_daily_summary_until_they_are_settled(office: Office) -> None:
    welcomed(office)
    ended(office, "su")  # Tuesday 24 November, 10:30
    office.say("lin", f"决议 {SALES} 清理客户台账 责任人=许专员 截止=11月24日")
    office.tap("xu", "接受")
    office.until(office.at(23, 0))
    assert told(office, "zhao") == [f'"销售月会"（{SALES}）的纪要逾期未交，负责人 林总监，应于 11月24日 12:30 前提交。']
    office.skip()
    office.until(office.at(8, 45, days=1))
    assert told(office, "zhao") == [
        f"每日汇总 11月25日（周三）：逾期仍未了结 1 件\n1. 纪要 {SALES} 销售月会（林总监，应于 11月24日 12:30）"
    ]
    assert told(office, "lin") == [
        "每日汇总 11月25日（周三）：逾期仍未了结 1 件\n"
        "1. 任务 RW-20261124-0001 清理客户台账（许专员，应于 11月24日 18:00）"
    ]
    office.say("lin", f"纪要 {SALES} 一、回款。")
    office.until(office.at(8, 45, days=1))
    assert [said for said in told(office, "zhao") if said.startswith("每日汇总")] == []
    office.say("xu", "完成 RW-20261124-0001 已清理")
    office.skip()
    office.until(office.at(8, 45, days=1))
    assert [said for said in told(office, "lin") + told(office, "su") if said.startswith("每日汇总")] == []
