"""Company time is Shanghai's wherever the machine stands; a year without data; a company of five hundred (4.2a)."""

from __future__ import annotations

import os
import time as machine_time
from collections.abc import Callable, Iterator
from datetime import date, time
from pathlib import Path

import pytest
import yaml

from storage.queries import meetings
from tests.handlers.meeting_life import SALES, arranged, welcomed
from tests.handlers.office import ORG, Office

ZONES = ("Asia/Shanghai", "America/New_York", "Pacific/Kiritimati")


@pytest.fixture(params=ZONES)
def zone(request: pytest.FixtureRequest) -> Iterator[str]:
    """Let the machine stand in another country."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    machine_time.tzset()
    yield request.param
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    machine_time.tzset()


def test_meetings_and_minutes_have_the_same_instants_in_every_zone(zone: str, office: Office) -> None:
    welcomed(office)
    arranged(office)
    office.until(office.at(9, 30, days=1))
    office.tap("lin", "会议开始")
    office.move(hours=1)
    office.say("lin", f"会议结束 {SALES}")
    meeting = office.ask(lambda unit: meetings.load_meeting(unit, SALES))
    assert [each.isoformat() for each in (meeting.starts_at, meeting.ended_at, meeting.due_at)] == [
        "2026-11-24T01:30:00+00:00", "2026-11-24T02:30:00+00:00", "2026-11-24T04:30:00+00:00",
    ]
    office.until(office.house.calendar.at(date(2026, 11, 30), time(9, 21)))
    (weekly,) = [
        each for each in office.ask(lambda unit: meetings.meetings_of(unit, "zheng", 9)) if each.kind == "weekly"
    ]
    assert weekly.starts_at.isoformat() == "2026-11-30T01:30:00+00:00"
    assert any(isinstance(said, str) and said.startswith("10 分钟后开会：部门周会") for said in office.read("zheng"))


@pytest.mark.parametrize(
    ("calendar", "held"),
    [({}, "11-30"), ({"rest_days": ["2026-11-30"]}, "12-01"), ({"work_days": ["2026-11-29"]}, "11-30")],
    ids=["an ordinary Monday", "a rest day of the settings", "a worked Sunday before"],
)
def test_the_weekly_meeting_follows_the_settings_exceptions(
    office_with: Callable[..., Office], calendar: dict[str, list[str]], held: str
) -> None:
    office = office_with(calendar=calendar)
    office.until(office.house.calendar.at(date(2026, 12, 1), time(9)))
    found = office.ask(
        lambda unit: meetings.meetings_between(
            unit, office.house.calendar.at(date(2026, 11, 29), time(0)),
            office.house.calendar.at(date(2026, 12, 5), time(0)),
        )
    )
    assert [f"{office.house.calendar.local(each.starts_at):%m-%d %H:%M}" for each in found] == [f"{held} 09:30"]


def test_in_a_year_without_data_weekdays_count(office: Office) -> None:
    calendar = office.house.calendar
    assert not calendar.knows(2031)
    office.clock.company = office.clock.machine = calendar.at(date(2031, 10, 2), time(8))  # a Thursday
    office.store.write(lambda unit: office.ticker.ensure_rhythms(unit, office.clock.company_now()))
    office.until(calendar.at(date(2031, 10, 6), time(9)))
    found = office.ask(
        lambda unit: meetings.meetings_between(
            unit, calendar.at(date(2031, 10, 1), time(0)), calendar.at(date(2031, 10, 11), time(0))
        )
    )
    assert [f"{calendar.local(each.starts_at):%m-%d %H:%M}" for each in found] == ["10-06 09:30"]


@pytest.fixture
def crowd(office_with: Callable[..., Office], tmp_path: Path) -> Office:
    """Return a company of 510."""
    org = yaml.safe_load(ORG.read_text())
    org["people"] += [
        {"userid": f"p{at:03d}", "name": f"员工{at:03d}", "department": "sales", "grade": "specialist", "manager": "su"}
        for at in range(510 - len(org["people"]))
    ]
    path = tmp_path / "crowd.yaml"
    path.write_text(yaml.safe_dump(org, allow_unicode=True))
    office = office_with(org={"file": str(path)})
    for person in org["people"]:
        office.phones.chats.setdefault(person["userid"], [])
        office._read.setdefault(person["userid"], 0)
    return office


def test_a_meeting_of_hundreds_is_shown_first_and_one_of_too_many_refused(crowd: Office) -> None:
    crowd.enter("lin")
    assert crowd.say("lin", "会议 全员大会 明天 10:00 参会=全体") == (
        "这次会议要请 510 人，超过 500 人，没有安排。请分批开，或只请各部门代表。"
    )
    shown = crowd.say("lin", "会议 销售大会 明天 10:00 参会=销售部 时长=1小时")
    assert shown == (
        '这次会议要请 494 人：销售大会 · 11月24日（周二）10:00–11:00。确认请发"确认发送"，要改请发"修改"。'
    )
    assert crowd.ask(lambda unit: meetings.load_meeting(unit, SALES)) is None
    began = machine_time.monotonic()
    assert crowd.say("lin", "确认发送").startswith(f"已安排会议 {SALES}\n")
    assert len(crowd.ask(lambda unit: meetings.seats_of(unit, SALES))) == 494
    print(f"494 invited and delivered in {machine_time.monotonic() - began:.1f} s")
    assert "参加" in crowd.card("p300").buttons
