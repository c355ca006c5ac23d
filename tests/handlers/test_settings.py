"""设置 and the evening list of what is due tomorrow, for those who asked for it."""

from __future__ import annotations

import pytest

from storage.queries.preferences import preferences_of, set_preference, who_set
from storage.store import Store
from storage.unit import Unit
from tests.controls.standing import greeted
from tests.handlers.office import Office
from tests.handlers.test_digest import a_task, at

SHOWN = (
    "您的设置：\n· 晚间清单：关（每天 20:00 发来第二天到期的事，没有就不发）\n要改请发，例如：设置 晚间清单 开"
)
SAID = [
    ("设置", SHOWN),
    ("设置 晚间清单 开", "晚间清单已设为：开（每天 20:00 发来第二天到期的事，没有就不发）。"),
    ("设置 晚间清单=开", "晚间清单已设为：开（每天 20:00 发来第二天到期的事，没有就不发）。"),
    ("设置 晚间清单 关", "晚间清单已经是：关，没有改动。"),
    ("设置 晚间清单", '"晚间清单"只能是 关、开，没有改动。请发：设置 晚间清单 关，或 设置 晚间清单 开'),
    ("设置 晚间清单 也许",
     '"晚间清单"只能是 关、开（收到的是 也许），没有改动。请发：设置 晚间清单 关，或 设置 晚间清单 开'),
    ("设置 字号 大", '没有"字号"这项设置，没有改动。可以设置：晚间清单。例如发：设置 晚间清单'),
]


@pytest.mark.parametrize(("typed", "answer"), SAID, ids=[case[0] for case in SAID])
def test_settings_are_shown_set_and_refused_in_one_sentence(office: Office, typed: str, answer: str) -> None:
    greeted(office)

    assert office.say("xu", typed) == answer
    assert office.acts().count("preference.set") == answer.count("已设为")


def test_what_is_due_tomorrow_comes_in_the_evening_to_who_asked_for_it(office_everywhere: Office) -> None:
    office = office_everywhere
    greeted(office)
    office.say("xu", "设置 晚间清单 开")
    a_task(office, "xu", "RW-20261123-0007", "清理客户台账", at(office, 11, 28, 18))
    a_task(office, "xu", "RW-20261123-0008", "回访华东机械", at(office, 11, 29, 12))
    a_task(office, "wei", "RW-20261123-0009", "修复接口", at(office, 11, 28, 18))
    office.skip()
    office.until(at(office, 11, 27, 19, 59))
    assert [office.read(userid) for userid in ("xu", "wei")] == [[], []]

    office.until(at(office, 11, 27, 20, 1))

    assert office.read("xu") == [
        "明天 11月28日 周六 到期的有 1 件：\n"
        "· 任务 RW-20261123-0007 清理客户台账（18:00 前）\n"
        '发"待办"看全部。不想再收请发"设置 晚间清单 关"。'
    ]
    office.until(at(office, 11, 28, 20, 1))
    assert [said.split("\n")[1] for said in office.read("xu") if isinstance(said, str)] == [
        "· 任务 RW-20261123-0008 回访华东机械（12:00 前）"
    ]
    office.say("xu", "设置 晚间清单 关")
    office.until(at(office, 11, 30, 8, 0))
    assert [office.read(userid) for userid in ("xu", "wei")] == [[], []]


def test_an_evening_that_was_missed_is_not_made_up_for(office: Office) -> None:
    greeted(office)
    office.say("xu", "设置 晚间清单 开")
    a_task(office, "xu", "RW-20261123-0007", "清理客户台账", at(office, 11, 24, 18))
    office.skip()
    office.clock.move(hours=12)
    office.run()

    assert office.read("xu") == []


def test_a_preference_is_kept_per_person_and_replaced(store: Store) -> None:
    from datetime import UTC, datetime

    now = datetime(2026, 11, 23, 2, tzinfo=UTC)

    def work(unit: Unit) -> None:
        set_preference(unit, "xu", "晚间清单", "开", now)
        set_preference(unit, "su", "晚间清单", "开", now)
        set_preference(unit, "su", "晚间清单", "关", now)
        unit.audit(now, "su", "preference.set", "", name="晚间清单", value="关")

    store.write(work)

    assert store.read(lambda unit: who_set(unit, "晚间清单", "开")) == ["xu"]
    assert store.read(lambda unit: preferences_of(unit, "su")) == {"晚间清单": "关"}
    assert store.read(lambda unit: preferences_of(unit, "wei")) == {}
