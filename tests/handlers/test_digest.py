"""周一早上: each manager's digest as they read it, once a week whatever happens (4.2a, 1.1a)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

from bot.bootstrap import firing_kinds
from notifications.ticker import Ticker
from policy.terms import ItemState, Medium, Noun
from storage.org_cache import OrgCache
from storage.queries.items import Item, add_item, add_open_work
from storage.tables import PERSON
from storage.unit import Unit
from tests.handlers.office import Office

MANAGERS = ["zhao", "yan", "zhou", "wu", "lin", "su", "he", "pan", "gao", "luo", "qian", "song", "ren", "jia"]
SPECIALISTS = ["zheng", "xu", "tang", "wei", "tao"]


def greeted(office: Office) -> None:
    for userid in (*MANAGERS, *SPECIALISTS):
        office.enter(userid)


def at(office: Office, month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    calendar = office.house.calendar
    return calendar.at(datetime(year, month, day).date(), time(hour, minute))


def digests(office: Office, userid: str) -> list[str]:
    return [said for said in office.read(userid) if isinstance(said, str) and said.startswith("早上好")]


def a_task(office: Office, owner: str, number: str, title: str, due: datetime) -> None:
    """Somebody's task with a date, as topics with dates make them."""
    now = office.clock.company_now()

    def work(unit: Unit) -> None:
        person = office.orgs.read(unit, now)[0].people[owner]
        item = Item(
            number, Noun.TASK, "task", title, owner, person.department, "总部", owner, person.grade, ItemState.OPEN,
            Medium.DIGITAL, 1, 1, 1, None, now, now,
        )
        add_item(unit, item, {"title": title}, "", "0" * 32)
        add_open_work(unit, owner, number, "task", title, now, due_at=due)
        unit.audit(now, owner, "task.opened", number, owner=owner)

    office.store.write(work)


def test_a_manager_reads_one_screen_on_monday_at_nine(office_everywhere: Office) -> None:
    office = office_everywhere
    greeted(office)
    a_task(office, "xu", "RW-20261120-0002", "客户回访", at(office, 11, 27, 18))
    office.until(at(office, 11, 27, 16, 20))
    a_task(office, "xu", "RW-20261124-0002", "清理客户台账", at(office, 12, 4, 18))
    office.say("xu", "采购 显示器 8000 新员工")
    office.until(at(office, 11, 30, 8, 59))
    office.skip()

    office.until(at(office, 11, 30, 9, 4))

    assert digests(office, "su") == [
        "早上好，苏主管。今天 11月30日 周一\n"
        "待您处理 1 · 逾期 1 · 本周到期 1\n"
        "1. 采购 CG-20261127-0001 显示器 ¥8,000.00，待您审批（11月27日 周五 16:20 送达）\n"
        "逾期：任务 RW-20261120-0002 客户回访（许专员，应于 11月27日 周五 完成）\n"
        "本周：任务 RW-20261124-0002 清理客户台账（许专员，12月4日 周五）\n"
        "上周问题：任务 2 件未办结；采购 1 件未办结\n"
        '发"待办"看全部。09:30 周会。'
    ]
    assert digests(office, "luo") == [
        "早上好，罗主管。今天 11月30日 周一\n上周没有遗留，本周没有到期事项，辛苦了。09:30 周会。"
    ]
    assert [userid for userid in MANAGERS if userid not in ("su", "luo") and len(digests(office, userid)) != 1] == []
    assert [userid for userid in SPECIALISTS if digests(office, userid)] == []


def test_the_records_department_reads_of_all_departments_and_its_specialist_nothing(office: Office) -> None:
    greeted(office)
    a_task(office, "xu", "RW-20261120-0002", "客户回访", at(office, 11, 27, 18))
    a_task(office, "wei", "RW-20261120-0003", "修复接口", at(office, 12, 3, 18))
    office.until(at(office, 11, 30, 9, 4))

    expected = (
        "今天 11月30日 周一\n"
        "待您处理 0 · 逾期 1 · 本周到期 1\n"
        "逾期：任务 RW-20261120-0002 客户回访（许专员，应于 11月27日 周五 完成）\n"
        "本周：任务 RW-20261120-0003 修复接口（魏工，12月3日 周四）\n"
        "上周问题：任务 2 件未办结\n"
        "各部门：销售部 待办 1 逾期 1；研发部 待办 1\n"
        '发"待办"看全部。09:30 周会。'
    )
    assert digests(office, "zhou") == [f"早上好，周总监。{expected}"]
    assert digests(office, "wu") == [f"早上好，吴主管。{expected}"]
    assert digests(office, "zheng") == []


def test_the_numbers_of_the_digest_open_like_those_of_the_list(office: Office) -> None:
    greeted(office)
    office.until(at(office, 11, 27, 16))
    office.say("xu", "采购 显示器 8000 新员工")
    office.say("xu", "采购 打印机 3000 新员工")
    office.until(at(office, 11, 30, 9, 30))
    office.skip()

    assert office.say("su", "待办 2").startswith("采购 CG-20261127-0002 打印机 ¥3,000.00，待您审批")


def test_a_region_in_which_less_is_filed_is_pointed_out(office: Office) -> None:
    greeted(office)
    for week, records in enumerate((10, 10, 10, 10, 6)):
        office.until(at(office, 11, 24, 10) if not week else office.at(10, days=7))
        for serial in range(records):
            office.say("xu", f"记录 客户服务 客户=客户{week}-{serial} 内容=回访 结果=满意")
    office.until(at(office, 12, 28, 9, 4))

    said = digests(office, "su")[-1]
    assert "请留意：华东区上周录入量比前四周平均少 40%" in said.split("\n")
    assert "请留意" not in digests(office, "luo")[-1]


def test_after_a_holiday_monday_it_comes_on_the_first_working_day(
    office_with: Callable[..., Office],
) -> None:
    office = office_with(calendar={"rest_days": ["2026-11-30", "2026-12-01"]})
    greeted(office)
    office.until(at(office, 12, 2, 8, 59))
    assert digests(office, "su") == []

    office.until(at(office, 12, 2, 9, 4))

    assert digests(office, "su") == [
        "早上好，苏主管。今天 12月2日 周三\n上周没有遗留，本周没有到期事项，辛苦了。09:30 周会。"
    ]
    office.until(at(office, 12, 7, 9, 4))
    assert len(digests(office, "su")) == 1


def test_a_missed_one_comes_on_return_once_and_says_that_it_is_late(office: Office) -> None:
    greeted(office)
    office.skip()
    office.clock.move(seconds=(at(office, 12, 9, 11) - office.clock.company_now()).total_seconds())
    office.run()
    office.move(minutes=4)

    assert digests(office, "su") == [
        "早上好，苏主管。今天 12月9日 周三\n"
        "（应于 12月7日 周一 09:00 送达，晚到 2 天 2 小时）\n"
        "上周没有遗留，本周没有到期事项，辛苦了。"
    ]
    office.until(at(office, 12, 14, 9, 4))
    assert len(digests(office, "su")) == 1


def test_a_clock_that_returns_at_night_lets_the_digest_wait_for_the_morning(office: Office) -> None:
    greeted(office)
    office.skip()
    office.clock.move(seconds=(at(office, 11, 30, 23) - office.clock.company_now()).total_seconds())
    office.run()
    assert digests(office, "su") == []

    office.until(at(office, 12, 1, 8, 34))

    (said,) = digests(office, "su")
    assert said.split("\n")[:2] == [
        "早上好，苏主管。今天 12月1日 周二", "（应于 11月30日 周一 09:00 送达，晚到 23 小时 30 分）",
    ]


def test_several_clocks_and_restarts_make_no_second_one(office_everywhere: Office) -> None:
    office = office_everywhere
    greeted(office)
    office.until(at(office, 11, 30, 8, 59))
    office.skip()
    office.clock.move(minutes=3)
    others = [Ticker(office.store, firing_kinds(office), office.clock) for _ in range(3)]
    for ticker in others:
        office.store.write(lambda unit, each=ticker: each.ensure_rhythms(unit, office.clock.company_now()))
        ticker.tick()
    office.run()
    office.move(minutes=4)

    assert [len(digests(office, userid)) for userid in MANAGERS] == [1] * len(MANAGERS)
    assert office.acts().count("digest.sent") == len(MANAGERS)


def test_everyones_leaves_within_four_minutes(office: Office) -> None:
    greeted(office)
    office.until(at(office, 11, 30, 8, 59))
    office.skip()
    office.until(at(office, 11, 30, 9, 0))
    office.move(seconds=10)

    assert [len(digests(office, userid)) for userid in MANAGERS] == [1] * len(MANAGERS)


def test_somebody_who_left_meanwhile_gets_none_and_stops_nobody(office: Office) -> None:
    greeted(office)
    office.until(at(office, 11, 30, 8, 59))
    office.skip()

    def leave(unit: Unit) -> None:
        unit.change_one(PERSON, {"userid": "jia"}, {"active": 0})
        unit.audit(office.clock.company_now(), "system", "org.changed", "", left=["jia"])

    office.store.write(leave)
    office.orgs = OrgCache()
    office.until(at(office, 11, 30, 9, 4))

    assert digests(office, "jia") == []
    assert len(digests(office, "ren")) == 1


def test_the_fullest_week_fits_into_one_message(office: Office) -> None:
    greeted(office)
    for serial in range(1, 9):
        a_task(office, "xu", f"RW-20261123-1{serial:03d}", "长" * 200, at(office, 11, 27, 18))
        a_task(office, "wei", f"RW-20261123-2{serial:03d}", "长" * 200, at(office, 12, 4, 18))
        a_task(office, "wu", f"RW-20261123-3{serial:03d}", "长" * 200, at(office, 12, 4, 18))
        office.say("xu", f"采购 {'长' * 60} 99999999.99元 {'由' * 200}")
    office.until(at(office, 11, 30, 9, 4))

    (said,) = digests(office, "wu")
    assert said.endswith('发"待办"看全部。09:30 周会。')
    assert f"逾期：任务 RW-20261123-1003 {'长' * 15}…（许专员，应于 11月27日 周五 完成） 等 8 件" in said.split("\n")
    assert len(said.split("\n")) <= 16
    assert len(digests(office, "su")) == 1
