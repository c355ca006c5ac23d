"""会议: arranging, inviting, beginning, ending (4.2a, 4.2b, 8b)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from notifications.texts.moments import clock_time, day_with_weekday, moment, moment_with_weekday
from notifications.texts.words import STATES, shortened
from policy.calendar import COMPANY_ZONE
from policy.terms import ItemState

USAGE_MEETING = '会议 主题 时间 参会=…：安排会议；只发"会议"看我的会议'
EXAMPLES_MEETING = (
    "会议 销售月会 12月1日 09:30 参会=苏主管、许专员 时长=1小时",
    "会议 销售周会 每周一 10:00 参会=销售部 主持=林总监 记录=许专员 地点=三楼会议室",
)
USAGE_BEGIN = "会议开始 编号：主持人或记录人宣布开始"
USAGE_END = "会议结束 编号 [时间]：宣布结束；结束后写时间可更正一次"
USAGE_INVITE = "邀请 编号 人：请更多的人参加"
USAGE_AGENDA = "议题 编号 内容：加一个议题"
USAGE_ANSWER_YES = "参加 编号：答复会议邀请"
USAGE_ANSWER_NO = "不能参加 编号 [原因]：答复会议邀请"
USAGE_HERE = "签到 编号：会议签到"
USAGE_CHANGE = "改会议 编号 时间=… 时长=… 主持=… 记录=… 地点=…：更改会议"
USAGE_CANCEL = '取消会议 编号 原因：会议不开了；末尾写"整个系列"以后都不开'
EXAMPLES_BEGIN = ("会议开始 HY-20261201-0001",)
EXAMPLES_END = ("会议结束 HY-20261201-0001", "会议结束 HY-20261201-0001 10:20")
EXAMPLES_INVITE = ("邀请 HY-20261201-0001 高总监",)
EXAMPLES_AGENDA = ("议题 HY-20261201-0001 客户台账清理进度",)
EXAMPLES_CHANGE = ("改时间 HY-20261201-0001 12月2日 10:00", "改会议 HY-20261201-0001 记录=许专员 地点=二楼会议室")
EXAMPLES_CANCEL = ("取消会议 HY-20261201-0001 客户来访，改期另约",)

FIELD_SUBJECT, FIELD_TIME, FIELD_PEOPLE, FIELD_LENGTH = "主题", "时间", "参会", "时长"
FIELD_CHAIR, FIELD_RECORDER, FIELD_PLACE = "主持", "记录", "地点"
FIELDS = (FIELD_SUBJECT, FIELD_TIME, FIELD_PEOPLE, FIELD_LENGTH, FIELD_CHAIR, FIELD_RECORDER, FIELD_PLACE)
WHOLE_SERIES = "整个系列"
EVERYONE = frozenset({"全体", "全员", "所有人", "全公司"})
SUBJECT_MOST, PLACE_MOST, AGENDA_MOST, REASON_MOST = 60, 60, 200, 200

STANDING_SUBJECT = {"weekly": "部门周会", "strategy": "季度战略会", "forum": "季度座谈会"}
STANDING_CHAPTER = {"weekly": "制度四（二）", "strategy": "制度四（二）", "forum": "制度八"}

SOURCE_INVITE, SOURCE_INVITE_DONE = "会议 · 邀请", "会议 · 已答复"
SOURCE_HERE, SOURCE_KEEP = "会议 · 签到", "会议 · 主持"
BUTTON_YES, BUTTON_NO, BUTTON_HERE, BUTTON_BEGIN, BUTTON_END = "参加", "不能参加", "我已到会", "会议开始", "结束"
ROW_NUMBER, ROW_TIME, ROW_PLACE, ROW_CHAIR, ROW_RECORDER, ROW_PEOPLE = "编号", "时间", "地点", "主持", "记录", "参会"
NOT_SAID = "未定"
OUTCOME_GONE, OUTCOME_MOVED, OUTCOME_OVER = "已取消", "已更改", "已结束"


def button_extend(minutes: int) -> str:
    """Return the button that lets a meeting go on."""
    return f"再开 {minutes} 分钟"


def when(starts_at: datetime, ends_at: datetime) -> str:
    """Return "12月1日（周二）09:30–10:30", with both dates when it goes over midnight."""
    first, last = starts_at.astimezone(COMPANY_ZONE), ends_at.astimezone(COMPANY_ZONE)
    if first.date() == last.date():
        return f"{moment_with_weekday(starts_at)}–{clock_time(ends_at)}"
    return f"{moment_with_weekday(starts_at)}–{moment(ends_at)}"


def names_shown(names: Sequence[str]) -> str:
    """Return up to ten names; of more, how many."""
    shown = "、".join(names[:10])
    return shown if len(names) <= 10 else f"{shown} 等"


def arranged(
    number: str, subject: str, time_words: str, place: str, chair: str, recorder: str, names: Sequence[str],
    remind_at: datetime | None, notes: Sequence[str],
) -> str:
    """Answer 会议: everything echoed as understood."""
    place_words = f" · 地点 {place}" if place else ""
    lines = [
        f"已安排会议 {number}", f"{subject} · {time_words}{place_words}",
        f"主持 {chair}，记录 {recorder}（会后两小时内交纪要）",
        f"参会 {len(names)} 人：{names_shown(names)}",
        "邀请已发出。" if remind_at is None else f"邀请已发出，{moment(remind_at)} 再提醒一次。",
        *notes,
        f'加议题请发"议题 {number} 内容"，改时间请发"改时间 {number} 时间"，不开了请发"取消会议 {number} 原因"。',
    ]
    return "\n".join(lines)


def note_series(words: str, following: datetime) -> str:
    """The rhythm as understood."""
    return f"系列会议：{words}，下一次 {moment_with_weekday(following)}，到时自动安排。"


def note_rest_day(day: date) -> str:
    """The day is not worked."""
    return f"请留意：{day_with_weekday(day)} 是休息日。"


def preview(subject: str, time_words: str, count: int) -> str:
    """Show a meeting of many before it is arranged."""
    return f'这次会议要请 {count} 人：{subject} · {time_words}。确认请发"确认发送"，要改请发"修改"。'


def missing(parts: Sequence[str], example: str) -> str:
    """What the meeting still needs; the example holds only what was typed."""
    return f"会议还缺{'、'.join(parts)}，没有安排。请补上后发送：\n{example}"


def past(at: datetime, example: str) -> str:
    """The time has passed."""
    return f"会议时间 {moment_with_weekday(at)} 已经过去，没有安排。请改成以后的时间：\n{example}"


def time_unclear(typed: str, example: str) -> str:
    """No moment was understood."""
    hint = "时间例如 12月1日 09:30、下周三 14:30、每周一 10:00"
    return f'没看懂时间"{shortened(typed, 20)}"，没有安排。{hint}：\n{example}'


def time_ambiguous(typed: str, example: str) -> str:
    """Morning or afternoon, or which day."""
    return f'时间"{shortened(typed, 20)}"有两种理解，没有安排。请写明上午还是下午，例如 下午3点 或 15:00：\n{example}'


def time_impossible(typed: str, example: str) -> str:
    """There is no such moment."""
    return f'没有"{shortened(typed, 20)}"这个时间，没有安排。请核对日期：\n{example}'


def hour_missing(day: date, example: str) -> str:
    """A day without an hour."""
    return f"会议在 {day_with_weekday(day)} 几点还没写，没有安排。请补上后发送：\n{example}"


def length_unclear(typed: str) -> str:
    """No length of time, or an absurd one."""
    return f'没看懂时长"{shortened(typed, 20)}"，没有安排。时长在 5 分钟到 12 小时之间，例如 时长=1小时、时长=90分钟。'


def too_long(field: str, most: int) -> str:
    """A text that is too long."""
    return f"{field}太长，最多 {most} 字，没有登记。请改短后再发。"


def unknown_field(name: str) -> str:
    """A field that meetings have not."""
    return f'会议没有"{shortened(name, 12)}"这一项，没有安排。可以填：{"、".join(FIELDS)}。'


def alone() -> str:
    """A meeting of one."""
    return "会议至少要有两个人，没有安排。请写明参会人，例如：参会=苏主管、许专员"


def too_many(count: int, most: int) -> str:
    """More people than a meeting may have."""
    return f"这次会议要请 {count} 人，超过 {most} 人，没有安排。请分批开，或只请各部门代表。"


def nobody_named(typed: str, nearest: Sequence[str]) -> str:
    """Nobody of that name."""
    hint = f"您是指 {'、'.join(nearest)} 吗？" if nearest else "请核对姓名。"
    return f'没有找到"{shortened(typed, 20)}"，没有登记。{hint}'


def has_left(name: str) -> str:
    """Somebody who no longer works here."""
    return f"{name} 已离职，没有登记。请改写其他人。"


def one_person(field: str) -> str:
    """A field takes one person."""
    return f"{field}只能写一个人，没有登记。"


# --- choosing between people of one name ----------------------------------------------------------------------------

CHOOSE_SOURCE = "请选择"
CHOOSE_EXPIRED = "这次选择已过期，没有登记。请重新发一次。"
CHOOSE_SENT = "有不止一位同名，已发卡片，请点一下您指的是哪一位。"
CHOSEN = "已选"


def choose_title(name: str) -> str:
    """Return the card's title."""
    return f'"{shortened(name, 16)}"是哪一位？'


# --- cards ----------------------------------------------------------------------------------------------------------


def invited_by(name: str) -> str:
    """Return the card's second line."""
    return f"{name} 邀请您参加"


def people_count(count: int) -> str:
    """Return how many are invited."""
    return f"{count} 人"


def card_summary(number: str, subject: str, time_words: str) -> str:
    """One line of an invitation for the morning summary."""
    return f"会议邀请 {number} {shortened(subject, 40)}，{time_words}"


def answered(yes: bool, at: datetime) -> str:
    """The outcome on a tapped invitation."""
    return f"已答复：{'参加' if yes else '不能参加'} · {moment(at)}"


def change_answer(number: str, yes: bool) -> str:
    """How to change one's mind."""
    return f'要改请发"{"不能参加" if yes else "参加"} {number}"'


def answer_said(number: str, subject: str, yes: bool) -> str:
    """Answer 参加 or 不能参加 as a command."""
    word = "参加" if yes else "不能参加"
    return f"已答复 {number}（{shortened(subject, 30)}）：{word}。"


def declined(number: str, subject: str, name: str, reason: str) -> str:
    """Tell the chair that somebody cannot come."""
    why = f"，原因：{shortened(reason, 100)}" if reason else ""
    return f"{name} 不能参加 {number}（{shortened(subject, 30)}）{why}。"


def not_invited(number: str) -> str:
    """Somebody who has no seat."""
    return f'您不在 {number} 的参会名单里，没有登记。要参加请主持人发"邀请 {number} 您的姓名"。'


def reminder(number: str, subject: str, time_words: str, place: str, agenda: Sequence[str]) -> str:
    """Ten minutes before."""
    lines = [f"10 分钟后开会：{subject}（{number}），{time_words}{f'，{place}' if place else ''}。"]
    lines += [f"议题 {at}. {shortened(each, 60)}" for at, each in enumerate(agenda[:8], 1)]
    return "\n".join(lines)


def begin_hint(number: str) -> str:
    """What the chair's card says."""
    return f'人到齐了请点"会议开始"，或发"会议开始 {number}"。'


def began(number: str, subject: str, at: datetime, count: int) -> str:
    """Answer 会议开始."""
    return (
        f"会议 {number}（{shortened(subject, 30)}）已开始（{moment(at)}），签到卡已发给 {count} 人。\n"
        f'散会请发"会议结束 {number}"；有决议请发"决议 {number} 内容 责任人= 截止="。'
    )


def begun_outcome(name: str, at: datetime) -> str:
    """The outcome on the chair's card."""
    return f"已开始 · {name} · {moment(at)}"


def here_title(subject: str) -> str:
    """Return the attendance card's title."""
    return shortened(subject, 36)


def here_outcome(at: datetime) -> str:
    """The outcome on the attendance card."""
    return f"已签到 · {moment(at)}"


def here_said(number: str, at: datetime) -> str:
    """Answer 签到."""
    return f"已签到 {number}（{moment(at)}）。"


def here_already(number: str, at: datetime) -> str:
    """A second 签到."""
    return f"您已于 {moment(at)} 在 {number} 签到，不用再签。"


def here_too_early(number: str) -> str:
    """签到 before the meeting begins."""
    return f"{number} 还没有开始，没有签到。开始后会发签到卡。"


def here_too_late(number: str) -> str:
    """签到 long after the meeting."""
    return f"{number} 的纪要已经提交，不能再签到，没有登记。"


def ask_title(subject: str) -> str:
    """Return the title of the question whether a meeting is over."""
    return f"{shortened(subject, 28)} 结束了吗？"


def ask_words(limit_at: datetime, minutes: int) -> str:
    """What happens if nobody answers."""
    return f'不处理的话，{moment(limit_at)} 自动结束；还没开完请点"再开 {minutes} 分钟"。'


def extended(number: str, limit_at: datetime) -> str:
    """The meeting goes on."""
    return f"{number} 延到 {moment(limit_at)}。"


def extended_outcome(name: str, limit_at: datetime) -> str:
    """The outcome on the chair's card."""
    return f"延到 {moment(limit_at)} · {name}"


def ended_outcome(name: str, at: datetime) -> str:
    """The outcome on the chair's card."""
    return f"已结束 · {name} · {moment(at)}"


def ended_by_itself(number: str, subject: str, at: datetime) -> str:
    """Nobody ended the meeting."""
    return (
        f'会议"{shortened(subject, 30)}"（{number}）没有人宣布结束，已于 {moment(at)} 自动结束。'
        f'实际结束时间不同请发"会议结束 {number} 时间"（可更正一次）。'
    )


def lapsed(number: str, subject: str, starts_at: datetime) -> str:
    """Nobody began the meeting."""
    return (
        f'会议"{shortened(subject, 30)}"（{number}）原定 {moment(starts_at)}，没有人宣布开始，已记为未召开。'
        "要另开请再发：会议 主题 时间 参会=…"
    )


def invited_more(number: str, names: Sequence[str]) -> str:
    """Answer 邀请."""
    return f"已邀请 {names_shown(names)} 参加 {number}。"


def invited_already(number: str, names: Sequence[str]) -> str:
    """邀请 of people who have a seat."""
    return f"{names_shown(names)} 已经在 {number} 的参会名单里，没有重复邀请。"


def agenda_added(number: str, at: int, words: str) -> str:
    """Answer 议题."""
    return f"已加入 {number} 议题 {at}：{shortened(words, 100)}"


def agenda_usage(number: str) -> str:
    """议题 without words."""
    return f"请写议题内容，例如：议题 {number} 客户台账清理进度"


def agenda_too_many(number: str, most: int) -> str:
    """More items than a meeting can take."""
    return f"{number} 已有 {most} 个议题，没有加入。请合并后再发。"


def changed(number: str, rows: Sequence[str]) -> str:
    """Answer 改会议."""
    return f"已更改 {number}：{'；'.join(rows)}。已告知参会人。"


def changed_told(number: str, subject: str, rows: Sequence[str]) -> str:
    """Tell those invited."""
    return f"会议 {number}（{shortened(subject, 30)}）有变动：{'；'.join(rows)}。"


def change_row(field: str, value: str) -> str:
    """One changed value."""
    return f"{field}改为 {value}"


def change_usage(number: str) -> str:
    """改会议 without anything to change."""
    return f"请写要改什么，例如：改时间 {number} 12月2日 10:00，或：改会议 {number} 记录=许专员。没有改动。"


def cancelled(number: str, series: bool) -> str:
    """Answer 取消会议."""
    return f"已取消 {number}{'，以后各次也不再安排' if series else ''}，已告知参会人。"


def cancelled_told(number: str, subject: str, time_words: str, name: str, reason: str) -> str:
    """Tell those invited."""
    return f"会议取消：{shortened(subject, 40)}（{number}），原定 {time_words}。{name}：{shortened(reason, 150)}"


def cancel_reason(number: str) -> str:
    """取消会议 without a reason."""
    return f"取消会议要写原因，没有取消。例如：取消会议 {number} 客户来访，改期另约"


def no_series(number: str) -> str:
    """整个系列 of a single meeting."""
    return f'{number} 不是系列会议，没有取消。只取消这一次请去掉"{WHOLE_SERIES}"。'


def mine(rows: Sequence[str]) -> str:
    """Show somebody's meetings."""
    if not rows:
        return f"您现在没有会议。安排会议例如：{EXAMPLES_MEETING[0]}"
    return "\n".join([f"您的会议 {len(rows)} 个：", *rows])


def mine_row(at: int, number: str, subject: str, time_words: str, state: ItemState) -> str:
    """One meeting."""
    return f"{at}. {number} {shortened(subject, 24)} · {time_words}（{STATES[state]}）"


# --- refusals -------------------------------------------------------------------------------------------------------


def running(number: str, at: datetime) -> str:
    """It has begun."""
    return f"{number} 已于 {moment(at)} 开始，没有改动。"


def not_begun(number: str) -> str:
    """Nothing can be ended that never began."""
    return f"{number} 还没有开始，没有改动。开会时请先发：会议开始 {number}"


def still_running(number: str) -> str:
    """Minutes and corrections come after the end."""
    return f"{number} 还在进行，没有改动。散会请先发：会议结束 {number}"


def over(number: str, state: ItemState) -> str:
    """It is gone."""
    return f"{number} {STATES[state]}，没有改动。"


def ended_already(number: str, by: str, at: datetime) -> str:
    """Somebody was quicker."""
    return f'{number} 已由 {by} 于 {moment(at)} 结束，没有改动。更正结束时间请发"会议结束 {number} 时间"。'


def not_keeper(number: str, who: Sequence[str]) -> str:
    """Only those who keep the meeting may do that."""
    return f"{number} 由 {'、'.join(who)} 主持或记录，请他们来操作，没有改动。"


def early(number: str, at: datetime) -> str:
    """Far too early."""
    return f"{number} 定在 {moment_with_weekday(at)}，还早，没有开始。提前开请先发：改时间 {number} 新时间"


def correct_end_usage(number: str) -> str:
    """No moment was understood."""
    return f"没看懂结束时间，没有改动。例如：会议结束 {number} 10:20"


def end_corrected(number: str, first: datetime, at: datetime, due_at: datetime) -> str:
    """Answer a corrected end; both are kept."""
    return f"{number} 的结束时间已由 {moment(first)} 更正为 {moment(at)}，两个时间都保留。纪要时限 {moment(due_at)}。"


def end_corrected_already(number: str, first: datetime, at: datetime) -> str:
    """Once only."""
    return f"{number} 的结束时间已更正过一次（{moment(first)} → {moment(at)}），不能再改，没有改动。"


def end_ahead(number: str) -> str:
    """The future has not ended."""
    return f"结束时间还没到，没有改动。现在散会请发：会议结束 {number}"


def end_before_begin(number: str, at: datetime) -> str:
    """Before the beginning."""
    return f"{number} 在 {moment(at)} 才开始，结束时间不能更早，没有改动。"


def end_same(number: str, at: datetime) -> str:
    """Nothing to correct."""
    return f"{number} 的结束时间就是 {moment(at)}，没有改动。"


def not_a_meeting(number: str) -> str:
    """The number is of another kind."""
    return f'{number} 不是会议，没有改动。会议编号以 HY 开头，发"会议"看您的会议。'


# --- what was promised, and figures ---------------------------------------------------------------------------------


def carried_over(subject: str, kept: int, late: int, moved: int, waiting: int, rows: Sequence[str], more: int) -> str:
    """How the next meeting of a series opens: what became of what was promised."""
    lines = [
        f"{subject}：上次以来答应的事，按期完成 {kept}，逾期完成 {late}，改过期 {moved}，未完成 {waiting}。", *rows,
    ]
    if more:
        lines.append(f'还有 {more} 件，发"履约"看全部。')
    return "\n".join(lines)


def carried_row(number: str, title: str, owner: str, due: str, state: str) -> str:
    """One promise."""
    return f"· {number} {shortened(title, 24)}（{owner}，{due}）{state}"


NOTHING_CARRIED = "上次以来没有未了结的决议。"


def pack_head(quarter: str) -> str:
    """The head of the quarter's figures."""
    return f"{quarter} 经营数据包（取自业务记录）"


def pack_department(name: str, records: int, purchases: int, spent: str, kept: str) -> str:
    """One department's line."""
    return f"{name}：记录 {records} 条，采购 {purchases} 单{f' {spent}' if spent else ''}，决议履约 {kept}"


def pack_total(records: int, purchases: int, spent: str, meetings: int, on_time: int, late: int) -> str:
    """The company's line."""
    return (
        f"合计：记录 {records} 条，采购通过 {purchases} 单 {spent}；会议 {meetings} 次，"
        f"纪要按时 {on_time}、逾期 {late}"
    )


def quarter_name(day: date) -> str:
    """Return 2026年第四季度."""
    return f"{day.year}年第{'一二三四'[(day.month - 1) // 3]}季度"


def overran(length: timedelta) -> str:
    """How long a meeting took, for the trace."""
    return f"{int(length.total_seconds()) // 60} 分钟"


def lapsed_outcome(starts_at: datetime) -> str:
    """The outcome on the cards of a meeting that was not held."""
    return f"未召开 · 原定 {moment(starts_at)}"


WORD_CHANGE_TIME = "改时间"
REASON, AGENDA = "原因", "议题"


def ambiguous_name(name: str) -> str:
    """A name in a text that several people have."""
    return f'"{name}"有同名的人，这一条没有登记。请写姓名和部门，例如 {name}（财务部）。'


def pack_more(count: int) -> str:
    """More departments than the message names."""
    return f"其余 {count} 个部门计入合计。"
