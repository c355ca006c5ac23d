"""
The policy's figures. Each has a default from policy.md; a change is a policy revision (P.2).

Values are plain (int, str, bool, tuples), so that a version can be stored as JSON and read back equal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, time


@dataclass(frozen=True)
class Parameters:
    """
    One version of the policy's figures.

    Attributes:
        version: rises by one with every revision.
        effective_on: company date from which it holds.
        director_from: fen; an amount of this much or more is reviewed by the director too (4.1a).
        department_signature: "by_amount" or "always_head" (3.1a).
        reminder_after_hours: working hours until a waiting card is reminded of.
        reminders_before_superior: after so many reminders the superior is told.
        urges_per_item, urges_per_signer: 催办 a day.
        take_back_minutes: a signer may take back an own decision for so long.
        attach_minutes: a picture joins the sender's last open item for so long.
        list_hours: how long the numbers of the last 待办 list count.
        digest_at: "HH:MM" company time on the first working day of the week (4.2a).
        digest_within: seconds; everyone's leaves within so long of the first.
        weekly_meeting_at: "HH:MM" of the weekly meeting on the same day (4.2a).
        evening_list_at: "HH:MM" of the list of what is due the next day, for those who asked for it.
        filing_drop: percent below the mean of four weeks from which a region's filings are a hint in the digest.
        filing_least: records a week below which that mean says nothing.
        usual_multiple: a sum so many times the applicant's usual one is previewed first.
        small_group: a message to more people than this is previewed first.
        key_process_target: percent (1.2a).
        trial_days: 试运行 from go-live.
        kinds: the company's own kinds of approval as JSON text, "" for the defaults (policy.approval_kinds).
        batch_from: who has so many small approvals waiting in the morning gets them as one card.
        batch_single_most: fen; what is above is signed one by one, on its own card.
        alarm_step_minutes: an alarm waits so long at each step (7.1b).
        alarm_wake_minutes: an answered alarm that nobody handles wakes again.
        notice_reminder_hours: working hours until those who have not read a notice are reminded (7.1a).
        minutes_hours: from a meeting's end to its minutes (3.2d).
        climb_hours: an overdue matter goes one step up the line after so long each time (3.2d).
        overrun_minutes: a meeting that nobody ends is ended so long after its planned end; also one extension.
        weekly_minutes: how long the weekly meeting takes (4.2a).
        strategy_at, strategy_minutes: on the last working day of the quarter (4.2b).
        forum_at, forum_minutes: on the 15th of the quarter's second month, or the next working day (8b).
        accept_hours: from a decision to its owner's acceptance (4.2d).
        task_climb_hours: a promise not accepted or overdue goes one step up the line after so long each time.
        confirm_hours: attendees confirm minutes within.
        meeting_most: people a meeting may have.
        stand_in_after_hours: working hours until the superior is asked beside somebody on leave for whom
            nobody stands in (4.1c).
        delegation_most_days, leave_most_days: the longest 委托 and 休假.
        emergency_cap: fen; an emergency order above this needs an executive in its team (4.1b).
        ratify_hours, ratify_working_days, ratify_not_before: the ratification is due after so many clock hours, and
            not before that time of the so-many-th working day.
        ratify_escalate_hours: an unratified order climbs one step after so many more hours.
        open_debts: with so many unratified orders of one person, the next one alarms the executives.
        split_days: applications for like things within so many days are added up against the limit (4.1a).
        bulk_decisions, bulk_seconds: so many decisions of one signer within so long are a hint to the auditor.
        pair_decisions, pair_days: so many decisions on one applicant within so long, none of them a no, likewise.
    """

    version: int = 1
    effective_on: str = "2026-01-01"
    director_from: int = 5_000_000
    department_signature: str = "by_amount"
    reminder_after_hours: int = 4
    reminders_before_superior: int = 3
    urges_per_item: int = 3
    urges_per_signer: int = 10
    take_back_minutes: int = 10
    attach_minutes: int = 10
    list_hours: int = 2
    digest_at: str = "09:00"
    digest_within: int = 180
    weekly_meeting_at: str = "09:30"
    evening_list_at: str = "20:00"
    filing_drop: int = 30
    filing_least: int = 5
    usual_multiple: int = 10
    small_group: int = 20
    key_process_target: int = 80
    trial_days: int = 14
    kinds: str = ""
    batch_from: int = 5
    batch_single_most: int = 500_000
    alarm_step_minutes: int = 3
    alarm_wake_minutes: int = 30
    notice_reminder_hours: int = 4
    minutes_hours: int = 2
    climb_hours: int = 2
    overrun_minutes: int = 30
    weekly_minutes: int = 60
    strategy_at: str = "14:00"
    strategy_minutes: int = 120
    forum_at: str = "15:00"
    forum_minutes: int = 90
    accept_hours: int = 24
    task_climb_hours: int = 24
    confirm_hours: int = 24
    meeting_most: int = 500
    stand_in_after_hours: int = 8
    delegation_most_days: int = 60
    leave_most_days: int = 180
    emergency_cap: int = 5_000_000
    ratify_hours: int = 72
    ratify_working_days: int = 2
    ratify_not_before: str = "18:00"
    ratify_escalate_hours: int = 24
    open_debts: int = 2
    split_days: int = 7
    bulk_decisions: int = 5
    bulk_seconds: int = 60
    pair_decisions: int = 20
    pair_days: int = 90

    def as_json(self) -> dict[str, object]:
        """Return a JSON-ready mapping that `from_json` reads back equal."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> Parameters:
        """
        Read a stored version. Figures that a newer policy added take their default; unknown ones are dropped.

        Raises:
            TypeError: a value has the wrong type.
        """
        known = {item.name: item.type for item in fields(cls)}
        kept: dict[str, object] = {}
        for name, value in stored.items():
            if name not in known:
                continue
            wanted = {"int": int, "str": str}[str(known[name])]
            if not isinstance(value, wanted) or isinstance(value, bool):
                raise TypeError(f"policy parameter {name}: expected {known[name]}, got {value!r}")
            kept[name] = value
        return replace(cls(), **kept)  # type: ignore[arg-type]

    @property
    def effective_date(self) -> date:
        """Return the company date from which this version holds."""
        return date.fromisoformat(self.effective_on)


_CHOICES: Mapping[str, tuple[str, ...]] = {"department_signature": ("by_amount", "always_head")}
_AT_LEAST: Mapping[str, int] = {
    "version": 1, "director_from": 1, "reminder_after_hours": 1, "usual_multiple": 2,
    "split_days": 1, "bulk_decisions": 2, "bulk_seconds": 1, "pair_decisions": 2, "pair_days": 1,
}
_AT_MOST: Mapping[str, int] = {"key_process_target": 100}


def unusable(parameters: Parameters) -> list[tuple[str, str]]:
    """Return the figures that make no sense: (name, what to do) each, in the order of the policy."""
    faults = []
    for name, value in asdict(parameters).items():
        mend = ""
        if name in _CHOICES and value not in _CHOICES[name]:
            mend = f"must be one of {', '.join(_CHOICES[name])}"
        elif name == "effective_on":
            mend = "" if _reads(date.fromisoformat, value) else "must be a date such as 2026-10-10"
        elif name.endswith(("_at", "_before")):
            mend = "" if len(value) == 5 and _reads(time.fromisoformat, value) else "must be a time such as 09:00"
        elif isinstance(value, int) and value < _AT_LEAST.get(name, 0):
            mend = f"must be {_AT_LEAST.get(name, 0)} or more"
        elif isinstance(value, int) and value > _AT_MOST.get(name, value):
            mend = f"must be {_AT_MOST[name]} or less"
        if mend:
            faults.append((name, mend))
    return faults


def _reads(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True
