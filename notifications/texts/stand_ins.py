"""委托, 休假, 停用: who signs for whom, said to everyone it touches (4.1c)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from notifications.texts.moments import day_with_weekday, moment, moment_with_weekday
from notifications.texts.sums import figures
from notifications.texts.words import shortened
from policy.calendar import COMPANY_ZONE

USAGE_DELEGATE = "委托 人 起 止：一段时间内请人代为审批；委托 取消：提前结束"
EXAMPLES_DELEGATE = ("委托 罗主管 明天 周五", "委托 罗主管 12月1日 12月3日", "委托 取消")
USAGE_LEAVE = "休假 起 止 [代理=人]：休假期间的审批由代理人处理；休假 结束：提前回来"
EXAMPLES_LEAVE = ("休假 12月1日 12月5日", "休假 下周 代理=罗主管", "休假 结束")
CANCEL_WORDS = frozenset({"取消", "撤销", "撤回", "结束", "终止", "停止"})
BACK_WORDS = frozenset({"结束", "取消", "撤销", "提前结束", "回来", "销假", "终止"})
DELEGATION, LEAVE = "委托", "休假"
WHO_KEYS = ("人", "代理", "代理人", "给", "受托人")
START_KEYS, END_KEYS = ("起", "从", "开始", "自"), ("止", "到", "结束", "至")
GIVING = "给"


def period(starts_at: datetime, ends_at: datetime) -> str:
    """Return "11月23日 10:00 至 11月25日（周三）"; a period that ends at midnight is said with its last day."""
    return f"{_begin(starts_at)} 至 {_end(ends_at)}"


def _begin(at: datetime) -> str:
    local = at.astimezone(COMPANY_ZONE)
    return day_with_weekday(local.date()) if (local.hour, local.minute) == (0, 0) else moment(at)


def _end(at: datetime) -> str:
    local = at.astimezone(COMPANY_ZONE)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return day_with_weekday(local.date() - timedelta(days=1))
    return moment(at)


def title(leave: bool, name: str, stand_in: str) -> str:
    """Return the title of the item."""
    if leave:
        return f"{name} 休假" + (f"，{stand_in} 代理" if stand_in else "")
    return f"{name} 委托 {stand_in} 代签"


# --- answers --------------------------------------------------------------------------------------------------------


def made(
    number: str, stand_in: str, starts_at: datetime, ends_at: datetime, moved: int, begun: bool, notes: Sequence[str]
) -> str:
    """Answer a delegation."""
    lines = [f"委托已登记 {number}：{period(starts_at, ends_at)}，由 {stand_in} 代您审批，签字注明代签。"]
    if begun:
        lines.append(_moved_line(moved, stand_in))
    return "\n".join([*lines, *notes, '到期自动结束；要提前结束请发"委托 取消"。'])


def left(
    number: str, stand_in: str, starts_at: datetime, ends_at: datetime, moved: int, begun: bool, notes: Sequence[str]
) -> str:
    """Answer a leave."""
    lines = [f"休假已登记 {number}：{period(starts_at, ends_at)}。"]
    if stand_in:
        lines.append(f"期间由 {stand_in} 代您审批，签字注明代签。")
        if begun:
            lines.append(_moved_line(moved, stand_in))
    return "\n".join([*lines, *notes, '到期自动结束；提前回来请发"休假 结束"。'])


def _moved_line(moved: int, stand_in: str) -> str:
    if not moved:
        return "现在没有等您审批的单子。"
    return f"现有 {moved} 单已转给 {stand_in}，已告知申请人。"


def note_limit(limit: int) -> str:
    """The stand-in's limit is the lower one."""
    return f"{figures(limit)} 及以上的单子须总监签字，不转代签，仍由您审批（制度四（一））。"


def note_limit_on_leave(limit: int, hours: int) -> str:
    """The deputy's limit is the lower one, and the giver is away."""
    return (
        f"{figures(limit)} 及以上的单子须总监签字（制度四（一）），代理人不能代签；"
        f"满 {hours} 个工作小时会同时请上级代签。"
    )


def note_nobody(hours: int, superior: str) -> str:
    """Nobody stands in: the superior is asked too after a while."""
    who = f"会同时请 {superior} 代签" if superior else "会告知业务记录部"
    return f"没有代理人：等您审批的单子满 {hours} 个工作小时未处理，{who}，不会自动通过。"


def note_deputy_not_taken(deputy: str) -> str:
    """The org's deputy can not stand in."""
    return f"名单里的代理人 {deputy} 届时不能代签，没有采用；要另请人请发\"休假 结束\"后重发，写明 代理=。"


def cancelled(number: str, leave: bool, back: int) -> str:
    """Answer an early end."""
    what = LEAVE if leave else DELEGATION
    rest = f"，{back} 单待签已回到您这里" if back else ""
    return f"{what} {number} 已提前结束{rest}。"


def never_began(number: str, leave: bool) -> str:
    """Answer the cancelling of what had not begun."""
    return f"{LEAVE if leave else DELEGATION} {number} 已取消，不会开始。"


def mine(rows: Sequence[tuple[str, bool, str, datetime, datetime]], leave: bool) -> str:
    """Show a person's own periods, and how to make one."""
    example = EXAMPLES_LEAVE[0] if leave else EXAMPLES_DELEGATE[1]
    if not rows:
        return f"您现在没有{LEAVE if leave else DELEGATION}。要登记请发，例如：{example}"
    lines = [
        f"{number} {LEAVE if away else DELEGATION}：{period(starts, ends)}" + (f"，{stand_in} 代签" if stand_in else "")
        for number, away, stand_in, starts, ends in rows
    ]
    return "\n".join(["您的委托和休假：", *lines, f'提前结束请发"{"休假 结束" if leave else "委托 取消"}"。'])


def which_to_end(word: str, rows: Sequence[tuple[str, datetime, datetime]]) -> str:
    """Several could be meant."""
    lines = [f"{word} {number}（{period(starts, ends)}）" for number, starts, ends in rows]
    return "\n".join(["有不止一段，请发其中一条：", *lines])


# --- refusals: one sentence, nothing changed ------------------------------------------------------------------------


def nothing_to_end(leave: bool) -> str:
    """There is none."""
    return f"您现在没有{LEAVE if leave else DELEGATION}，没有改动。"


def usage(leave: bool, typed_who: str) -> str:
    """Say what is missing; the example holds what was typed."""
    if leave:
        return "休假要写明起止日期，没有登记。例如：休假 12月1日 12月5日"
    if typed_who:
        return f"委托要写明起止日期，没有登记。请补上后发送：委托 {shortened(typed_who, 20)} 起 止，例如：明天 周五"
    return "委托要写明请谁代签和起止日期，没有登记。例如：委托 罗主管 12月1日 12月3日"


def unknown_person(typed: str, nearest: Sequence[str], gone: bool, what: str) -> str:
    """Nobody of that name."""
    if gone:
        return f'"{shortened(typed, 20)}"已不在岗，{what}。请换一位。'
    hint = f"您是要写 {'、'.join(nearest)} 吗？" if nearest else "请写姓名或 @姓名。"
    return f'没有找到"{shortened(typed, 20)}"，{what}。{hint}'


def several_people(typed: str, names: Sequence[str], what: str, example: str) -> str:
    """Two of one name are never guessed between."""
    return f"\"{shortened(typed, 20)}\"不止一位：{'、'.join(names)}，{what}。请用账号写明是哪一位，例如：@{example}"


NOT_REGISTERED = "没有登记"


def own_name(leave: bool) -> str:
    """Nobody stands in for himself."""
    return f"代签人不能是您本人，没有登记。请换一位，例如：{EXAMPLES_LEAVE[1] if leave else EXAMPLES_DELEGATE[1]}"


def too_low(name: str) -> str:
    """A specialist signs nothing."""
    return f"{name} 的级别没有审批权限，不能代签（制度四（一）），没有登记。请换一位主管以上人员。"


def stand_in_away(name: str, starts_at: datetime, ends_at: datetime) -> str:
    """The stand-in is on leave then."""
    return f"{name} 在 {period(starts_at, ends_at)} 休假，不能代签，没有登记。请换一位或换时间。"


def bad_period(code: str, typed: str) -> str:
    """The period could not be read."""
    got = shortened(typed, 30)
    why = {
        "none": "还缺起止日期", "impossible": f'没有"{got}"这样的日期', "ambiguous": f'"{got}"是上午还是下午看不准',
        "contradictory": f'"{got}"的日期和星期对不上', "order": f'"{got}"的结束早于开始',
    }.get(code, f'"{got}"看不出起止日期')
    return f"{why}，没有登记。请写成例如：12月1日 12月3日"


def past(day: date) -> str:
    """The period has passed."""
    return f"{day_with_weekday(day)} 已经过去，没有登记。请写今天或以后的日期。"


def too_long(leave: bool, most: int) -> str:
    """No endless periods."""
    return f"一次{LEAVE if leave else DELEGATION}最多 {most} 天，没有登记。请写明较近的结束日期，到期可再登记。"


def overlapping(number: str, starts_at: datetime, ends_at: datetime) -> str:
    """There is one already for that time."""
    return f"这段时间您已有 {number}（{period(starts_at, ends_at)}），没有登记。要改请先结束它，再重新发。"


# --- told to others -------------------------------------------------------------------------------------------------


def for_stand_in(number: str, name: str, starts_at: datetime, ends_at: datetime, leave: bool, limit: int | None) -> str:
    """Tell who stands in."""
    begin = f"{name} {period(starts_at, ends_at)} 休假，由您代理审批" if leave else (
        f"{name} 委托您代为审批：{period(starts_at, ends_at)}"
    )
    cap = f"{figures(limit)} 及以上的不会转给您；" if limit is not None else ""
    return (
        f'{begin}（{number}）。期间等 {name} 签的单子直接送到您这里，卡片注明"代 {name}"；{cap}'
        "您自己提交的不会由您签。"
    )


def for_superior(number: str, name: str, stand_in: str, starts_at: datetime, ends_at: datetime, leave: bool) -> str:
    """Tell the superior."""
    if leave:
        who = f"由 {stand_in} 代理审批" if stand_in else "没有代理人，超时未签的会同时请您代签"
        return f"{name} {period(starts_at, ends_at)} 休假（{number}），{who}。"
    return f"{name} 已委托 {stand_in} 代为审批：{period(starts_at, ends_at)}（{number}）。"


def ended_for_stand_in(number: str, name: str, early: bool) -> str:
    """Tell who stood in that it is over."""
    return f"您为 {name} 代签的 {number} 已{'提前' if early else '到期'}结束，之后的单子回到 {name}。"


def ended_for_person(number: str, leave: bool, back: int) -> str:
    """Tell the person that a period is over."""
    rest = f"，{back} 单待签已回到您这里，发\"待办\"看全部" if back else "，现在没有等您审批的单子"
    return f"{LEAVE if leave else DELEGATION} {number} 已到期结束{rest}。"


def called_off_for_stand_in(number: str, name: str) -> str:
    """Tell who was to stand in that it will not be."""
    return f"{name} 取消了 {number}，不再需要您代签。"


def ended_for_superior(number: str, name: str, leave: bool, begun: bool) -> str:
    """Tell the superior that it ended early, or will not be."""
    return f"{name} 的{LEAVE if leave else DELEGATION} {number} 已{'提前结束' if begun else '取消'}。"


def moved_for_applicant(numbers: Sequence[str], now: str, why: str) -> str:
    """Tell an applicant who is asked now, and why."""
    return f"{'、'.join(numbers)} {why}，现在由 {now} 审批。"


def also_asked_for_applicant(number: str, name: str, stand_in: str) -> str:
    """Tell an applicant that the superior is asked too."""
    return f"{number} {name} 休假，已同时请 {stand_in} 代签（制度四（一））。"


def why_delegated(name: str, number: str) -> str:
    """A delegation has begun."""
    return f"{name} 已委托他人代签（{number}）"


def why_away(name: str, number: str) -> str:
    """A leave has begun."""
    return f"{name} 休假（{number}）"


def why_back(name: str) -> str:
    """It is over."""
    return f"{name} 的代签已结束"


def held_until(name: str, when: datetime) -> str:
    """Say when somebody quiet will get it."""
    return f"{name} 会在 {moment_with_weekday(when)} 收到。"
