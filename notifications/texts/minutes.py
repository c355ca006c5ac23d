"""纪要: who owes them, until when, how late they came, who confirmed (3.2d)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from notifications.texts.moments import clock_time, moment, span
from notifications.texts.words import shortened
from policy.calendar import COMPANY_ZONE

THE_SYSTEM = "系统"
USAGE_MINUTES = '纪要 编号 正文：提交会议纪要；只写编号则分几条发，最后发"完毕"'
EXAMPLES_MINUTES = ("纪要 HY-20261201-0001 一、本月回款……二、下月计划……", "纪要 HY-20261201-0001")
USAGE_OBJECT = "异议 编号 内容：对会议纪要有不同意见"
EXAMPLES_OBJECT = ("异议 HY-20261201-0001 第二条的数字应为 120 万",)
USAGE_CONFIRM = "确认纪要 编号：确认会议纪要无误"
MINUTES_MOST, OBJECTION_MOST, PARTS_MOST = 20_000, 500, 100
TEXT = "纪要"
DONE_WORDS = frozenset({"完毕", "完了", "写完了"})
CANCEL_WORDS = frozenset({"取消", "不写了"})
TAKE_WORD, RUN_WORD = "记入", "执行"
SOURCE, SOURCE_DONE = "会议纪要 · 请确认", "会议纪要"
BUTTON_CONFIRM, BUTTON_OBJECT = "确认", "有异议"
ROW_NUMBER, ROW_BY, ROW_UNTIL, ROW_REVISION, ROW_PICTURES = "编号", "提交", "确认至", "版本", "图片"


def _clock(at: datetime, beside: datetime) -> str:
    """Return only the time where the date beside it is the same day."""
    same = at.astimezone(COMPANY_ZONE).date() == beside.astimezone(COMPANY_ZONE).date()
    return clock_time(at) if same else moment(at)


def owed(number: str, subject: str, ended_at: datetime, due_at: datetime, owes: str, page: str) -> str:
    """Say that a meeting is over and who owes its minutes (`owes` "" = the reader); page: where they are written."""
    who = f"由 {owes} 负责" if owes else "由您负责"
    how = _how(number, page) if not owes else "已告知本人。"
    return (
        f'会议"{shortened(subject, 30)}"（{number}）已结束（{moment(ended_at)}）。'
        f"请在 {_clock(due_at, ended_at)} 前提交纪要，{who}。{how}"
    )


def _how(number: str, page: str) -> str:
    if page:
        return f'发"纪要 {number} 正文"，或在页面上写：{page}'  # at the end: a sign behind it would join the address
    return f'发"纪要 {number} 正文"，或只发"纪要 {number}"分几条写。'


def reminder(number: str, due_at: datetime, left: timedelta, now: datetime) -> str:
    """60 and 105 minutes after the end."""
    minutes = round(left.total_seconds() / 60)
    still = "1 小时" if minutes == 60 else f"{minutes} 分钟"
    return f"还有 {still}：{number} 的纪要 {_clock(due_at, now)} 到期。"


def overdue(number: str, due_at: datetime, superior: str, now: datetime) -> str:
    """Tell who owes them."""
    told = f"按制度三（二）已同步 {superior}。" if superior else "按制度三（二）已记录。"
    return f"{number} 的纪要已逾期（{_clock(due_at, now)}），请尽快补交。{told}"


def overdue_later(number: str, due_at: datetime, superior: str, tell_at: datetime, now: datetime) -> str:
    """Tell who owes them, at night or on a rest day."""
    return (
        f"{number} 的纪要已逾期（{_clock(due_at, now)}），请尽快补交。"
        f"按制度三（二），{moment(tell_at)} 将同步 {superior}。"
    )


def overdue_for_superior(number: str, subject: str, owes: str, due_at: datetime) -> str:
    """Tell a superior."""
    return f'"{shortened(subject, 30)}"（{number}）的纪要逾期未交，负责人 {owes}，应于 {moment(due_at)} 前提交。'


def late_for_superior(number: str, subject: str, owes: str, due_at: datetime, at: datetime, late: int) -> str:
    """Tell a superior in the morning of minutes that came at night, too late."""
    return (
        f'"{shortened(subject, 30)}"（{number}）的纪要逾期，负责人 {owes}，应于 {moment(due_at)} 前提交；'
        f"已于 {moment(at)} 补交，晚 {span(timedelta(seconds=late))}。"
    )


def received(late_seconds: int, count: int, until: datetime) -> str:
    """Answer minutes."""
    how = f"（比时限晚 {span(timedelta(seconds=late_seconds))}）" if late_seconds else "（按时）"
    asked = f"请 {count} 位参会人在 {moment(until)} 前确认。" if count else "没有其他参会人需要确认。"
    return f"纪要已收到{how}。{asked}"


def revised(number: str, revision: int, count: int, until: datetime) -> str:
    """Answer changed minutes."""
    asked = f"请 {count} 位参会人在 {moment(until)} 前重新确认。" if count else "没有其他参会人需要确认。"
    return f"{number} 的纪要已更新（第 {revision} 版，旧版保留）。{asked}"


def same(number: str) -> str:
    """The same minutes twice."""
    return f"{number} 的纪要已收到过，内容相同，没有改动。"


def no_text(number: str) -> str:
    """完毕 without a word."""
    return f'还没有收到 {number} 的纪要正文，没有提交。请发正文，或发"取消"。'


def too_long(number: str, most: int) -> str:
    """Too long a text."""
    return f"{number} 的纪要太长，最多 {most} 字，这一条没有收下。请精简，或把附件发成文件。"


def not_there(number: str, who: Sequence[str]) -> str:
    """Somebody who was not there."""
    names = "、".join(who[:10]) + (" 等" if len(who) > 10 else "")
    return f"您没有参加 {number}，纪要须由参会人提交（制度三（二）），没有收下。可以提交的有：{names}。"


# --- collecting -----------------------------------------------------------------------------------------------------


def collecting(number: str, subject: str) -> str:
    """Begin to collect."""
    how = '文字、图片都可以分几条发。写完发"完毕"，不写了发"取消"。'
    return f"请开始发 {number}（{shortened(subject, 30)}）的纪要，{how}"


def part_taken(at: int, characters: int) -> str:
    """One more piece."""
    return f'已收第 {at} 条（共 {characters} 字）。写完发"完毕"。'


def command_between(number: str, typed: str) -> str:
    """A command while minutes are collected."""
    return (
        f'正在收 {number} 的纪要。"{shortened(typed, 30)}"像是一条命令：'
        f'写进纪要请发"{TAKE_WORD}"，照命令办请发"{RUN_WORD}"。'
    )


def picture_taken(number: str, count: int) -> str:
    """A picture that belongs to the minutes."""
    return f'图片已附到 {number} 的纪要（共 {count} 个附件）。写完发"完毕"。'


def stopped(number: str) -> str:
    """Answer 取消."""
    return f"已停止收 {number} 的纪要，没有提交。"


# --- confirming -----------------------------------------------------------------------------------------------------


def card_title(subject: str) -> str:
    """Return the card's title."""
    return shortened(f"纪要：{subject}", 36)


def card_words(text: str) -> str:
    """Return the beginning of the minutes, and where all of it is."""
    return shortened(text, 150)


def full_text_hint(number: str, *, on_page: bool) -> str:
    """Where the whole text is read; on_page: a tap on the card opens it."""
    return "全文见卡片页" if on_page else f"全文发：查看纪要 {number}"


def card_summary(number: str, subject: str) -> str:
    """One line for the morning summary."""
    return f"请确认会议纪要 {number} {shortened(subject, 40)}"


def confirmed_outcome(at: datetime) -> str:
    """The outcome on the card."""
    return f"已确认 · {moment(at)}"


def objected_outcome(at: datetime) -> str:
    """The outcome on the card."""
    return f"已提异议 · {moment(at)}"


CLOSED_OUTCOME, NEWER_OUTCOME = "确认已截止", "纪要有新版"


def confirmed(number: str) -> str:
    """Answer 确认纪要."""
    return f"已确认 {number} 的纪要。"


def answered_already(number: str, verdict_confirmed: bool) -> str:
    """A second answer."""
    return f"您已{'确认' if verdict_confirmed else '对纪要提出异议'}（{number}），不用再答复。"


def objection_usage(number: str) -> str:
    """有异议 without words."""
    return f"请写明哪里不同意，例如：异议 {number} 第二条的数字应为 120 万"


def objected(number: str, recorder: str) -> str:
    """Answer 异议."""
    return f"已记下您对 {number} 纪要的异议，已告知 {recorder}。"


def objection_told(number: str, subject: str, name: str, words: str) -> str:
    """Tell recorder and chair."""
    return (
        f'{name} 对 {number}（{shortened(subject, 30)}）的纪要有异议：{shortened(words, 300)}\n'
        f'要改请发"纪要 {number} 正文"，旧版保留。'
    )


def not_asked(number: str) -> str:
    """Somebody who was not there confirms nothing."""
    return f"{number} 的纪要由参会人确认，您不在其中，没有改动。"


def none_yet(number: str) -> str:
    """Minutes that have not come."""
    return f"{number} 还没有纪要。"


def confirmation_over(number: str, until: datetime) -> str:
    """Too late."""
    return f"{number} 的纪要确认已于 {moment(until)} 截止，没有改动。有不同意见请发：异议 {number} 内容"


def outcome(number: str, subject: str, confirmed: int, objections: int, silent: int) -> str:
    """After 24 hours."""
    return (
        f"{number}（{shortened(subject, 30)}）的纪要确认截止：确认 {confirmed}，异议 {objections}，未答复 {silent}。"
    )


def shown(number: str, subject: str, revision: int, at: datetime, text: str) -> str:
    """Show the minutes."""
    return f"{number} {shortened(subject, 40)} 纪要（第 {revision} 版，{moment(at)}）\n{text}"


USAGE_SHOW = "查看纪要 编号：看会议纪要全文"


# --- the list -------------------------------------------------------------------------------------------------------

WAITS_MINUTES, WAITS_CONFIRM = "待您交纪要", "待您确认纪要"


def hint_minutes(number: str, page: str) -> str:
    """What to do with minutes that are owed; page: where they are written, "" where there are no pages."""
    return f"请{_how(number, page)}"


def hint_confirm(number: str) -> str:
    """What to do with minutes to be confirmed."""
    return f'请发"确认纪要 {number}"，或"异议 {number} 内容"；全文发"查看纪要 {number}"。'


def shown_page(number: str, page: int, pages: int) -> str:
    """Say that minutes go on."""
    if page < pages:
        return f'第 {page}/{pages} 页，下一页请发"查看纪要 {number} {page + 1}"'
    return f"第 {page}/{pages} 页，完"


def more_decisions(count: int, number: str) -> str:
    """More decisions in the minutes than an answer can tell of."""
    return f'还有 {count} 条决议，请发"追溯 {number}"看登记情况。'
