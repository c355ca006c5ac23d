"""Who chairs a meeting, or takes its minutes, instead of somebody who is away (4.2a, 3.2d)."""

from __future__ import annotations

from notifications.texts.words import shortened
from policy.meeting_keepers import AGAIN, Keeping, Why

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


def outcome(now: str) -> str:
    """The outcome on the former chair's card."""
    return f"已改由 {now} 主持"


def traced(keeping: Keeping, was: str, now: str, why: Why, under: str) -> str:
    """One line of 追溯."""
    return f"{_DOES[keeping]}由 {was} 改为 {now}：{now if why in AGAIN else was} {_reason(why, under)}"


def _reason(why: Why, under: str) -> str:
    return f"{_WHY[why]}（{under}）" if under else _WHY[why]
