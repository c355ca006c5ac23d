"""
Quiet hours: what is not urgent waits for the morning (design rule 6).

22:00–08:30 and rest days; held messages go out at 08:30 of the next working day. Alarms and leaks never wait.
"""

from __future__ import annotations

from datetime import datetime, time

from policy.calendar import WorkingCalendar

QUIET_FROM = time(22, 0)
MORNING = time(8, 30)


def may_leave_at(now: datetime, calendar: WorkingCalendar) -> datetime:
    """
    Return when a message that is not urgent may leave: `now`, or 08:30 of the next working day.

    Args:
        now: company time, aware UTC.
    """
    local = calendar.local(now)
    day = local.date()
    if calendar.is_working_day(day):
        if MORNING <= local.time() < QUIET_FROM:
            return now
        if local.time() < MORNING:
            return calendar.at(day, MORNING)
    return calendar.at(calendar.next_working_day(day), MORNING)
