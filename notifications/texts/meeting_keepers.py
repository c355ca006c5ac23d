"""Who chairs a meeting, or takes its minutes, instead of somebody who is away (4.2a, 3.2d)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from notifications.texts.moments import moment
from notifications.texts.words import shortened
from policy.meeting_keepers import AGAIN, Keeping, Why

MINUTES = "minutes"  # what is kept of a meeting that is over
_DOES = {Keeping.CHAIR: "主持", Keeping.TAKER: "记录"}
_ASKED = {Keeping.CHAIR: "请您主持", Keeping.TAKER: "请您记录，会后两小时内交纪要"}
_WHY = {
    Why.LEAVE: "休假", Why.LEFT: "已离职", Why.LEAVE_OVER: "休假已结束",
}
_PERIOD = {Why.LEAVE: "休假"}


def meeting_words(number: str, subject: str, time_words: str) -> str:
    """Return how the messages name the meeting."""
    return f'会议"{shortened(subject, 30)}"（{number}，{time_words}）'


def for_the_new(meeting: str, keeping: Keeping, was: str, why: Why, under: str) -> str:
    """Tell who keeps the meeting from now on; `was` is the name of who did."""
    if why in AGAIN:
        return f"您的{_reason(why, under)}，{meeting}仍由您{_DOES[keeping]}。"
    return f"{was} {_reason(why, under)}，{meeting}{_ASKED[keeping]}。"


def for_the_old(meeting: str, keeping: Keeping, now: str, why: Why, under: str, *, ahead: bool) -> str:
    """
    Tell who kept the meeting until now; `now` is the name of who does.

    Args:
        ahead: the meeting has not begun, so it may come back.
    """
    does = _DOES[keeping]
    if why in AGAIN:
        return f"{now} {_reason(why, under)}，{meeting}仍由 {now} {does}，不用您{does}了。"
    back = f"；开会前结束{_PERIOD[why]}，仍由您{does}" if ahead and why in _PERIOD else ""
    return f"您{_reason(why, under)}，{meeting}改由 {now} {does}{back}。"


def for_the_records(meeting: str, keeping: Keeping, was: str, now: str, why: Why, under: str) -> str:
    """Tell the records department's director."""
    return f"{meeting}的{_DOES[keeping]}由 {was} 改为 {now}：{now if why in AGAIN else was} {_reason(why, under)}。"


def nobody_for_keepers(meeting: str, number: str, keeping: Keeping, was: str, why: Why, under: str) -> str:
    """Tell those who may change the meeting that nobody is found for somebody who is away."""
    does = _DOES[keeping]
    mend = f'请您定一位，发"改会议 {number} {does}=姓名"。'
    return f"{was} {_reason(why, under)}，{meeting}没有找到可以接替{does}的人。{mend}"


def nobody_for_records(
    meeting: str, keeping: Keeping, was: str, why: Why, under: str, asked: Sequence[str]
) -> str:
    """Tell the records department's director; `asked` are the names of those who can change it and were told."""
    mend = f"已请 {'、'.join(asked)} 定人。" if asked else "参会的人里没有可以改定的，请您协调。"
    return f"{was} {_reason(why, under)}，{meeting}没有找到可以接替{_DOES[keeping]}的人。{mend}"


# --- minutes that are owed --------------------------------------------------------------------------------------------


def minutes_words(number: str, subject: str) -> str:
    """Return how the messages name the minutes of a meeting that is over."""
    return f'会议"{shortened(subject, 30)}"（{number}）的纪要'


def because(was: str, now: str, why: Why, under: str) -> str:
    """Return why somebody else (`now` "" = the reader) owes the minutes, as a sentence before what is owed."""
    return f"{was} {_reason(why, under)}，纪要改由{f' {now} ' if now else '您'}负责。"


def minutes_for_the_new(minutes: str, was: str, why: Why, under: str, due_at: datetime, how: str, *, late: bool) -> str:
    """Tell who owes the minutes from now on; how: what to do."""
    until = f"已于 {moment(due_at)} 逾期" if late else f"时限 {moment(due_at)}"
    return f"{was} {_reason(why, under)}，{minutes}改由您负责，{until}。{how}"


def minutes_for_the_old(minutes: str, now: str, why: Why, under: str) -> str:
    """Tell who owed the minutes until now."""
    return f"您{_reason(why, under)}，{minutes}改由 {now} 负责，不用您提交了。"


def minutes_for_the_records(minutes: str, was: str, now: str, why: Why, under: str) -> str:
    """Tell the records department's director."""
    return f"{minutes}由 {was} 改为 {now} 负责：{was} {_reason(why, under)}。"


def minutes_for_nobody(minutes: str, number: str, was: str, why: Why, under: str) -> str:
    """Tell the records department's director that nobody is found who could write the minutes."""
    return (
        f"{was} {_reason(why, under)}，{minutes}没有找到可以接手的人，仍由 {was} 负责。"
        f'请您协调，由参会的人发"纪要 {number} 正文"。'
    )


def minutes_traced(was: str, now: str, why: Why, under: str) -> str:
    """One line of 追溯: the minutes passed on."""
    return f"纪要由 {was} 改为 {now} 负责：{was} {_reason(why, under)}"


def nobody_traced(keeping: str, was: str, why: Why, under: str) -> str:
    """One line of 追溯: nobody was found; keeping: a Keeping's value, or "minutes"."""
    does = "提交纪要" if keeping == MINUTES else _DOES[Keeping(keeping)]
    return f"没有找到可以接替 {was} {does}的人：{was} {_reason(why, under)}"


def outcome(now: str) -> str:
    """The outcome on the former chair's card."""
    return f"已改由 {now} 主持"


def traced(keeping: Keeping, was: str, now: str, why: Why, under: str) -> str:
    """One line of 追溯."""
    return f"{_DOES[keeping]}由 {was} 改为 {now}：{now if why in AGAIN else was} {_reason(why, under)}"


def _reason(why: Why, under: str) -> str:
    return f"{_WHY[why]}（{under}）" if under else _WHY[why]
