"""3.2d: minutes within two hours of the end; late to the second, the superior told, one step up the line per 2 h."""

from __future__ import annotations

from tests.controls.meeting_evidence import facts
from tests.controls.standing import in_force
from tests.handlers.meeting_life import SALES, ended, welcomed
from tests.handlers.office import Office


def test_minutes_42_minutes_late_are_reminded_of_told_to_the_superior_and_kept_to_the_second(
    office_everywhere: Office,
) -> None:
    office = welcomed(office_everywhere)
    ended(office, "su", "xu")  # at 10:30
    office.until(office.at(12, 30))
    assert f'"销售月会"（{SALES}）的纪要逾期未交，负责人 林总监，应于 11月24日 12:30 前提交。' in office.read("zhao")
    office.until(office.at(13, 12))
    office.say("lin", f"纪要 {SALES} 一、回款。")

    assert [each["minutes_left"] for each in facts(office, "minutes.reminded", SALES)] == [60, 15]
    (overdue,) = facts(office, "minutes.overdue", SALES)
    assert (overdue["owes"], overdue["line"]) == ("lin", ["zhao"])
    (given,) = facts(office, "minutes.given", SALES)
    assert given["late_seconds"] == 42 * 60
    in_force(
        office, "3.2d", "command 会议结束", "command 纪要", "deadline minutes.reminder", "deadline minutes.overdue",
        "deadline minutes.climb", "deadline meeting.limit",
    )


def test_a_corrected_end_keeps_both_and_counts_from_the_corrected_one(office: Office) -> None:
    welcomed(office)
    ended(office, "su")
    office.until(office.at(11, 0))
    office.say("lin", f"会议结束 {SALES} 10:20")
    (corrected,) = facts(office, "meeting.end_corrected", SALES)
    assert (corrected["first"][11:16], corrected["ended_at"][11:16]) == ("02:30", "02:20")  # UTC
    office.until(office.at(12, 20, days=0))
    assert len(facts(office, "minutes.overdue", SALES)) == 1


def test_minutes_that_are_owed_pass_on_when_the_leave_of_who_owes_them_begins(office_everywhere: Office) -> None:
    office = welcomed(office_everywhere)
    office.say("lin", "休假 11月24日 11:00 11月26日")
    ended(office, "su", "xu")  # at 10:30, by 林总监 who owes them
    office.until(office.at(11, 0))
    (passed,) = facts(office, "minutes.passed_on", SALES)
    assert (passed["was"], passed["now"], passed["why"], passed["under"]) == ("lin", "su", "leave", "QX-20261123-0001")
    in_force(office, "3.2d", "deadline absence.starts", "command 纪要")
    office.until(office.at(11, 30))
    (reminded,) = facts(office, "minutes.reminded", SALES)
    assert reminded["owes"] == "su"
    office.say("su", f"纪要 {SALES} 一、回款。")
    (given,) = facts(office, "minutes.given", SALES)
    assert (given["owes"], given["late_seconds"]) == ("su", 0)
