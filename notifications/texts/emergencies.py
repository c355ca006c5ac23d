"""紧急先办, 补办: the order, its debt, and what becomes of it (4.1b). Words as the company's own samples."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from notifications.texts.moments import moment, span
from notifications.texts.sums import figures
from notifications.texts.words import shortened

USAGE = "紧急 事由 小组=甲、乙 金额=…：紧急先办，立即生效，事后补办审批；只写事由就是告警"
EXAMPLES = ("紧急 机房漏水抢修 小组=魏工、罗主管 金额=2万", "先办 抢修水泵 小组=罗主管 金额=8000", "紧急 机房漏水")
USAGE_RATIFY = "补办 编号 [金额=实际金额] [执行=时间] [说明]：为紧急单补办审批"
EXAMPLES_RATIFY = ("补办 JJ-20261124-0001", "补办 JJ-20261124-0001 金额=1.8万 执行=11月24日03:20 水泵已更换")
TEAM_KEYS, SUM_KEYS = ("小组", "团队", "组员", "人员"), ("金额", "上限", "预算")
DONE_KEYS = ("执行", "执行时间", "时间")
REASON_KEYS = ("事由", "原因", "内容")
FIRST_WORD = "先办"
WAITS_RATIFY, WAITS_RECTIFY = "待您补办审批", "待您整改"
TEAM, SUM, REASON, NOTE = "小组", "金额", "事由", "说明"


def title(reason: str) -> str:
    """Return the title of the order's item."""
    return shortened(reason.replace("\n", " "), 60)


def effective(number: str, fen: int, team: Sequence[str], due_at: datetime, told: Sequence[str]) -> str:
    """Answer an order."""
    known = f"已告知 {'、'.join(told)}。" if told else ""
    return (
        f"紧急单 {number} 已生效，可以马上执行，金额 {figures(fen)} 以内。小组：{'、'.join(team)}。"
        f'请在 {moment(due_at)} 前补办审批（发"补办 {number}"），逾期将逐级上报。{known}'
    )


def note_debts(count: int) -> str:
    """Say that the person has other orders without ratification."""
    return f"您还有 {count} 张紧急单没有补办，已同时报告高管，由业务记录部总监督办清理。"


def for_chain(number: str, orderer: str, reason: str, fen: int, team: Sequence[str], due_at: datetime) -> str:
    """Tell the chain at once."""
    return (
        f"紧急先办 {number}：{orderer}，{shortened(reason, 300)}，金额 {figures(fen)} 以内，小组 {'、'.join(team)}。"
        f"已按制度四（一）立即执行，{moment(due_at)} 前补办审批。"
    )


def for_team(number: str, orderer: str, reason: str, fen: int, due_at: datetime) -> str:
    """Tell the team to go ahead."""
    return (
        f"{orderer} 下达紧急单 {number}，您在小组中：{shortened(reason, 300)}。请马上执行，金额 {figures(fen)} 以内；"
        f"{moment(due_at)} 前须补办审批。"
    )


def alarm_for_executives(number: str, orderer: str, fen: int, open_numbers: Sequence[str]) -> str:
    """Alarm the executives: another order on top of open debts."""
    return (
        f"{orderer} 又下达紧急单 {number}（{figures(fen)} 以内，已生效），此前还有 {len(open_numbers)} 张未补办："
        f"{'、'.join(open_numbers[:5])}。请关注，清理由业务记录部总监督办。"
    )


def backlog_title(orderer: str, count: int) -> str:
    """Return the title of the records director's task."""
    return f"清理 {orderer} 未补办的紧急单（{count} 张）"


def backlog_task(task: str, orderer: str, numbers: Sequence[str]) -> str:
    """Give the records director the task."""
    return (
        f"任务 {task}：{orderer} 有 {len(numbers)} 张紧急单没有补办审批：{'、'.join(numbers[:8])}。"
        f'请督促补办或查明原因。办好请发"完成 {task} 说明"。'
    )


# --- refusals --------------------------------------------------------------------------------------------------------


def missing(word: str, reason: str, team: str, amount: str) -> str:
    """Say what is missing; the example holds what was typed."""
    lacks = [name for name, given in ((REASON, reason), (TEAM, team), (SUM, amount)) if not given]
    example = f"{word} {reason or '事由'} 小组={team} 金额={amount}"
    return (
        f"还缺{'、'.join(lacks)}，紧急单没有生效。请补上后发送：\n{shortened(example, 200)}\n"
        "要马上叫人请发：告警 内容"
    )


def bad_amount(got: str, word: str) -> str:
    """The sum could not be read, or is nothing."""
    return f'金额"{shortened(got, 30)}"须是大于 0 的数，紧急单没有生效。请改为例如：{word} 事由 小组=… 金额=2万'


def too_long(part: str, most: int) -> str:
    """A field is too long."""
    return f"{part}最多 {most} 字，没有改动。请精简后再发，细节可以发文件附上。"


def team_too_large(most: int) -> str:
    """More people than a team."""
    return f"小组最多 {most} 人，紧急单没有生效。请只写马上执行的人。"


NOT_IN_EFFECT = "紧急单没有生效"


def no_authority() -> str:
    """Neither who orders nor anyone in the team may."""
    return "紧急单须由主管以上下达，或小组中有主管以上人员（制度四（一）），没有生效。请在 小组= 里加上一位主管。"


def above_cap(fen: int, cap: int) -> str:
    """Above the cap an executive must be in the team."""
    return (
        f"{figures(fen)} 超过 {figures(cap)}，小组中须有一位高管（制度四（一）），紧急单没有生效。"
        "请在 小组= 里加上高管，或改小金额。"
    )


def not_yours(number: str, orderer: str) -> str:
    """Only its people file the ratification."""
    return f"{number} 由 {orderer} 下达，补办由本人或小组成员发起，没有改动。请联系 {orderer}。"


def not_an_order(number: str) -> str:
    """补办 with another number."""
    return f"{number} 不是紧急单，没有改动。紧急单的编号以 JJ 开头，发\"待办\"可以看到。"


def running(number: str, ratification: str, with_whom: str) -> str:
    """The ratification is under way."""
    return f"{number} 的补办审批 {ratification} 正在进行，现在由 {with_whom} 审批，不用重复发起。"


def waits_for_more(number: str, ratification: str) -> str:
    """The ratification was returned."""
    return f'{number} 的补办审批 {ratification} 被退回补充，请发"补充 {ratification} 字段=…"，不用重新发起。'


def settled(number: str, ratified: bool, at: datetime) -> str:
    """It is settled."""
    what = "已补批" if ratified else "不予补批，已转整改"
    return f"{number} 已于 {moment(at)} {what}，没有改动。"


def no_way_yet(number: str, why: str) -> str:
    """The chain has an empty seat; the debt stays."""
    return f"{number} 的补办还不能发起。{why}"


def not_done_yet(typed: str) -> str:
    """A time of execution that lies ahead, or is none."""
    return f'执行时间"{shortened(typed, 20)}"要写已经发生的日期和时间，没有改动。例如：执行=11月24日03:20'


def no_undo(number: str) -> str:
    """撤回 of an order."""
    return f'{number} 已生效并执行，不能撤回（制度四（一））。请发"补办 {number}"，说明实际情况。'


# --- the ratification ------------------------------------------------------------------------------------------------


def ratification_title(reason: str) -> str:
    """Return the title of the approval made up afterwards."""
    return f"补办 {shortened(reason, 50)}"


def already_done(effective_at: datetime, executed_at: datetime | None) -> str:
    """Return what the card says in its row: it has been done already, and when."""
    if executed_at is None:
        return f"{moment(effective_at)} 生效"
    return f"{moment(executed_at)} 执行"


def filed(
    number: str, ratification: str, fen: int, cap: int, effective_at: datetime, executed_at: datetime | None,
    order: Sequence[str], first: str, late: timedelta | None,
) -> str:
    """Answer 补办."""
    when = f"{moment(effective_at)} 生效" + (f"，{moment(executed_at)} 执行" if executed_at is not None else "")
    lines = [
        f"已为 {number} 补办审批 {ratification}", f"{figures(fen)}，{when}，现在补报",
        f"签字顺序：{' → '.join(order)}", f"现在由 {first} 审批。",
    ]
    if fen > cap:
        lines.insert(2, f"超出紧急单的 {figures(cap)}，已在审批中注明。")
    if late is not None:
        lines.append(f"比时限晚 {span(late)}，已按制度四（一）记录。")
    return "\n".join(lines)


def over_cap_row(cap: int) -> str:
    """Return the row of a card whose sum is above the order's."""
    return f"超出紧急单 {figures(cap)}"


def ratified_told(number: str, ratification: str) -> str:
    """Tell the orderer that it is ratified."""
    return f"紧急单 {number} 已补批（{ratification}），了结。"


def refused_told(number: str, ratification: str, rectification: str, due_at: datetime) -> str:
    """Tell the orderer that it is not; what was done stays as it is."""
    return (
        f"紧急单 {number} 不予补批（{ratification}）。已执行的事实照实保留，请整改 {rectification}，"
        f'{moment(due_at)} 前办好，发"完成 {rectification} 说明"。'
    )


def rectification_title(number: str) -> str:
    """Return the title of the rectification."""
    return f"整改：紧急单 {number} 不予补批"


def rectification_told(rectification: str, number: str, orderer: str, fen: int) -> str:
    """Tell the records director of a rectification."""
    return f"整改 {rectification}：{orderer} 的紧急单 {number}（{figures(fen)}）不予补批，已转整改，请督促。"


def rectified(rectification: str) -> str:
    """Answer the end of a rectification."""
    return f"{rectification} 已办结，已告知业务记录部总监。"


def rectified_told(rectification: str, name: str, note: str) -> str:
    """Tell the records director."""
    return f"{rectification} {name} 已整改：{shortened(note, 300)}"


def rectify_note_missing(number: str) -> str:
    """完成 without a note."""
    return f"请写明怎样整改的，例如：完成 {number} 已退回多付款项并补签合同。没有改动。"


def rectify_not_owner(number: str, owner: str) -> str:
    """Somebody else's."""
    return f"{number} 由 {owner} 负责整改，没有改动。"


def rectify_closed(number: str) -> str:
    """It is closed."""
    return f"{number} 已办结，没有改动。"


# --- time ------------------------------------------------------------------------------------------------------------


def reminder(number: str, due_at: datetime, ratification: str) -> str:
    """Remind the orderer a day before."""
    where = f"补办审批 {ratification} 还在进行，请跟进" if ratification else f'请发"补办 {number}"'
    return f"紧急单 {number} 须在 {moment(due_at)} 前补批，{where}。"


def overdue(number: str, due_at: datetime, superior: str) -> str:
    """Tell the orderer that it is overdue."""
    told = f"按制度四（一）已同步 {superior}。" if superior else ""
    return f'紧急单 {number} 已逾期未补批（{moment(due_at)}），请尽快发"补办 {number}"或跟进审批。{told}'


def overdue_for_superior(
    number: str, title_: str, orderer: str, fen: int, due_at: datetime, ratification: str
) -> str:
    """Tell a superior."""
    where = f"补办审批 {ratification} 未完成" if ratification else "尚未发起补办"
    return (
        f"紧急单 {number}（{shortened(title_, 40)}，{figures(fen)}）逾期未补批，{orderer} 下达，"
        f"应于 {moment(due_at)} 前补批，{where}。请督促。"
    )


# --- 待办 and the trail ----------------------------------------------------------------------------------------------


def hint_ratify(number: str) -> str:
    """Say how it is ratified."""
    return f'请发"补办 {number}"，可写 金额=实际金额 执行=时间 和说明。'


def hint_rectify(number: str) -> str:
    """Say how it is closed."""
    return f'办好请发"完成 {number} 说明"，要看经过请发"追溯 {number}"。'
