"""7.1a: important notices by WeCom: readers, read confirmations, and reminders to those who have not read."""

from __future__ import annotations

from storage.queries.evidence import trail_of
from storage.queries.notices import readers_of
from tests.controls.standing import greeted, in_force
from tests.handlers.office import Office

NUMBER = "TZ-20261123-0001"


def test_a_notice_has_its_readers_its_confirmations_and_its_reminders(office_everywhere: Office) -> None:
    office = office_everywhere
    greeted(office)
    office.say("lin", "通知 重要 对象=销售部 周五18:00机房停电")
    in_force(office, "7.1a", "command 通知", "command 收到", "button notice.read.1", "deadline notice.reminder")

    office.move(minutes=5)
    office.tap("su", "已读")
    in_force(office, "7.1a")
    office.skip()
    office.move(hours=4)
    assert [len(office.read(userid)) for userid in ("su", "xu")] == [0, 1]
    office.until(office.at(10, days=1))
    assert [len(office.read(userid)) for userid in ("su", "xu")] == [0, 1]
    in_force(office, "7.1a")

    readers = {reader.userid: reader.read_at for reader in office.ask(lambda unit: readers_of(unit, NUMBER))}
    assert set(readers) == {"su", "xu"}
    assert readers["su"] is not None
    assert readers["xu"] is None
    acts = [(event.act, event.actor) for event in office.ask(lambda unit: trail_of(unit, NUMBER))]
    assert [act for act in acts if act[0].startswith("notice.")] == [
        ("notice.sent", "lin"), ("notice.read", "su"), ("notice.reminded", "system"), ("notice.reminded", "system"),
    ]


def test_an_important_one_needs_the_senders_right_and_leaves_nothing_without_it(office: Office) -> None:
    greeted(office)
    assert "制度七（一）" in office.say("xu", "通知 重要 对象=销售部 机房停电")
    assert "制度七（一）" in office.say("su", "通知 对象=全员 机房停电")
    assert office.acts(NUMBER) == []
