"""周一早上: the Monday digest, one screen (4.2a)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from notifications import limits
from notifications.texts.moments import plain_day, plain_moment, span
from notifications.texts.sums import figures
from notifications.texts.words import NOUNS, shortened
from policy.calendar import COMPANY_ZONE
from policy.terms import Noun

_TITLE = 16
_SIZES = ((5, 3), (4, 2), (3, 1), (1, 1))  # numbered lines, lines each of 逾期 and 本周; the first that fits is taken


@dataclass(frozen=True)
class DigestContent:
    """
    All that a digest says; empty parts are left out.

    Attributes:
        waiting, overdue, due: how many; the lines below show the first of them.
        waiting_lines: numbered as in 待办.
        other_lines: what waits in another way.
        late: how much later than it should have come.
        meeting: "09:30" while it is still ahead, else "".
    """

    name: str
    today: date
    waiting: int
    overdue: int
    due: int
    waiting_lines: Sequence[str]
    overdue_lines: Sequence[str]
    due_lines: Sequence[str]
    other_lines: Sequence[str] = ()
    problems: Sequence[str] = ()
    hint: str = ""
    notes: Sequence[str] = ()
    departments: Sequence[str] = ()
    meeting: str = ""
    was_due: datetime | None = None
    late: timedelta = field(default=timedelta(0))

    @property
    def empty(self) -> bool:
        """Return whether there is nothing to tell."""
        return not (
            self.waiting or self.overdue or self.due or self.other_lines or self.problems or self.hint
            or self.departments or self.notes
        )


def digest(content: DigestContent) -> str:
    """Return the message, as much of its lists as fits into one."""
    for numbered, listed in _SIZES:
        text = _whole(content, numbered, listed)
        if len(text.encode()) <= limits.TEXT_BYTES - 40:
            break
    return text


def _whole(content: DigestContent, numbered: int, listed: int) -> str:
    lines = [f"早上好，{content.name}。今天 {plain_day(content.today)}"]
    if content.was_due is not None:
        lines.append(f"（应于 {plain_moment(content.was_due)} 送达，晚到 {span(content.late)}）")
    meeting = f"{content.meeting} 周会。" if content.meeting else ""
    if content.empty:
        return "\n".join([*lines, f"上周没有遗留，本周没有到期事项，辛苦了。{meeting}"])
    lines.append(f"待您处理 {content.waiting} · 逾期 {content.overdue} · 本周到期 {content.due}")
    lines += [f"{at}. {line}" for at, line in enumerate(content.waiting_lines[:numbered], 1)]
    lines += content.other_lines
    lines += _listed("逾期", content.overdue_lines, listed)
    lines += _listed("本周", content.due_lines, listed)
    if content.problems:
        lines.append(f"上周问题：{'；'.join(content.problems)}")
    if content.departments:
        lines.append(f"各部门：{'；'.join(content.departments)}")
    if content.hint:
        lines.append(f"请留意：{content.hint}")
    lines += [f"供参考：{note}" for note in content.notes]
    lines.append(f'发"待办"看全部。{meeting}')
    return "\n".join(lines)


def _listed(head: str, lines: Sequence[str], most: int) -> list[str]:
    shown = [f"{head}：{line}" for line in lines[:most]]
    if len(lines) > most:
        shown[-1] += f" 等 {len(lines)} 件"
    return shown


def waiting_line(
    words: str, noun: Noun, number: str, title: str, since: datetime, fen: int | None, urgent: bool,
    due_at: datetime | None,
) -> str:
    """Return one numbered line: what it is and why it waits."""
    lead = "【加急】" if urgent else ""
    money = f" {figures(fen)}" if fen is not None else ""
    until = f"，{plain_moment(due_at)} 到期" if due_at is not None else ""
    return (
        f"{lead}{NOUNS[noun]} {number} {shortened(title, _TITLE)}{money}，{words}（{plain_moment(since)} 送达{until}）"
    )


def overdue_line(noun: Noun, number: str, title: str, who: str, due_at: datetime) -> str:
    """Return what should have been done."""
    return f"{NOUNS[noun]} {number} {shortened(title, _TITLE)}（{who}，应于 {_day(due_at)} 完成）"


def due_line(noun: Noun, number: str, title: str, who: str, due_at: datetime) -> str:
    """Return what this week brings."""
    return f"{NOUNS[noun]} {number} {shortened(title, _TITLE)}（{who}，{_day(due_at)}）"


def left_open(noun: Noun, count: int) -> str:
    """Return what last week left: 采购 3 件未办结."""
    return f"{NOUNS[noun]} {count} 件未办结"


def department(name: str, count: int, overdue: int) -> str:
    """Return how a department stands, for the records department (1.1a)."""
    return f"{name} 待办 {count}{f' 逾期 {overdue}' if overdue else ''}"


def more_departments(count: int) -> str:
    """Return how many departments are not named."""
    return f"另有 {count} 个部门"


def filing_drop(region: str, percent: int) -> str:
    """Return the hint about a region in which less was filed than usual."""
    where = region if region.endswith(("区", "部")) else f"{region}区"
    return f"{where}上周录入量比前四周平均少 {percent}%"


def _day(instant: datetime) -> str:
    return plain_day(instant.astimezone(COMPANY_ZONE).date())
