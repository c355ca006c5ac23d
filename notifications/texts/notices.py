"""通知 (7.1a): to people, departments, grades or everybody, with read confirmations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from notifications.texts.moments import moment, moment_with_weekday
from notifications.texts.words import shortened

USAGE = "通知 对象=… 内容：发通知，看谁已读（通知 重要 对象=… 更醒目）"
EXAMPLES = ("通知 对象=销售部 明天14:00在三楼开会", "通知 重要 对象=全员 周五18:00机房停电", "通知 TZ-20261123-0001")
EVERYONE = ("全员", "全体", "所有人", "全公司")
IMPORTANT = "重要"
YES = ("是", "对", "1")
SOURCE, SOURCE_IMPORTANT = "通知", "重要通知"
ROW_NUMBER, ROW_FOR = "编号", "对象"
BUTTON_READ, READ = "已读", "已确认"


def card_source(important: bool) -> str:
    """Return the card's source line."""
    return SOURCE_IMPORTANT if important else SOURCE


def card_desc(name: str, department: str, at: datetime) -> str:
    """Return the card's second line."""
    return f"{name} · {department} · {moment(at)}"


def card_summary(number: str, name: str, words: str) -> str:
    """Return one line for operators."""
    return f"通知 {number}（{name}）：{shortened(words, 60)}"


def whole(number: str, words: str) -> str:
    """The whole text where the card shows only its beginning."""
    return f"通知 {number} 全文：\n{words}"


def face(at: datetime) -> str:
    """Return what the card shows once it was confirmed."""
    return f"您已于 {moment(at)} 确认已读"


def missing(audience: str, words: str) -> str:
    """Without whom or what; the example holds only what was typed."""
    lack = [name for name, there in (("对象", audience), ("内容", words)) if not there]
    example = " ".join(part for part in (f"通知 对象={audience}", words) if part)
    return f"还缺{'、'.join(lack)}，没有发出。请补上后发送：\n{example}"


def too_long(most: int, got: int) -> str:
    """More than one message holds."""
    return f"通知最多 {most} 字（收到 {got} 字），没有发出。请精简，或把全文作为文件发送。"


def unknown(typed: str, near: Sequence[str]) -> str:
    """Nobody of that name."""
    hint = f"您是要发给 {'、'.join(near)} 吗？" if near else ""
    ways = "对象可以写部门、姓名、专员、主管、总监、高管、全员，用顿号隔开。"
    return f'没有认出对象"{shortened(typed, 20)}"，没有发出。{hint}{ways}'


def several(typed: str, names: Sequence[str]) -> str:
    """Several people of one name."""
    which = "、".join(names)
    return f'"{shortened(typed, 20)}"有 {len(names)} 位：{which}，没有发出。请写明是哪一位。'


def left(typed: str) -> str:
    """The person works here no more."""
    return f'"{shortened(typed, 20)}"已不在岗，没有发出。请去掉后重新发送。'


def nobody(audience: str) -> str:
    """The audience is empty, or only the sender."""
    return f'"{shortened(audience, 40)}"里除您以外没有其他人，没有发出。'


NOT_EVERYONE = (
    "向全员发通知须总监及以上，或由业务记录部发出（制度七（一）），没有发出。请改为发给部门：通知 对象=部门 内容"
)
NOT_IMPORTANT = '重要通知须主管及以上发出（制度七（一）），没有发出。去掉"重要"可以作为一般通知发送。'


def preview(important: bool, audience: str, count: int, words: str) -> str:
    """Show what would leave."""
    return (
        f"请确认：{'重要' if important else ''}通知将发给 {shortened(audience, 60)}，共 {count} 人，还没有发出。\n"
        f"内容：{words}\n"
        '确认请发"确认发送"，要改请发"修改"。'
    )


def sent(number: str, audience: str, count: int, held_until: datetime | None) -> str:
    """Answer the sender."""
    when = f"现在是休息时间，{moment_with_weekday(held_until)} 送达。" if held_until is not None else ""
    return (
        f"通知 {number} 已发给 {shortened(audience, 60)}（{count} 人）。{when}\n"
        f'看谁已读请发"通知 {number}"，撤回请发"撤回 {number}"（24 小时内）。'
    )


def read(number: str, words: str) -> str:
    """Answer a confirmation."""
    return f"已确认通知 {number}：{shortened(words, 60)}"


def read_before(number: str, at: datetime) -> str:
    """Answer a second confirmation."""
    return f"您已于 {moment(at)} 确认通知 {number}，不用再确认。"


def recalled_before(number: str) -> str:
    """The notice is gone."""
    return f"通知 {number} 已撤回，不用再确认。"


def reminder(number: str, name: str, at: datetime, words: str) -> str:
    """Remind those who have not read it."""
    return (
        f"提醒：{name} {moment(at)} 的通知您还没有确认已读。\n{shortened(words, 300)}\n"
        f'请点那张卡片上的"已读"，或发"收到 {number}"。'
    )


def still_unread(number: str, names: Sequence[str], count: int) -> str:
    """Tell the sender who has not read it after both reminders."""
    return f"通知 {number} 提醒两次后仍有 {count} 人未确认：{_names(names, count)}。"


def unreached(number: str, names: Sequence[str]) -> str:
    """Tell the sender whom the platform did not take."""
    return (
        f"通知 {number} 有 {len(names)} 人没有送到：{_names(names, len(names))}"
        "（不在应用可见范围内，或已离职）。请另行告知，并请管理员核对。"
    )


def status(
    number: str, words: str, at: datetime, read_count: int, count: int, unread: Sequence[str], unreached: Sequence[str]
) -> str:
    """Show who has read it."""
    lines = [f"通知 {number}（{moment(at)}）：{shortened(words, 80)}", f"已读 {read_count}/{count}"]
    if unread:
        lines.append(f"未读：{_names(unread, len(unread))}")
    if unreached:
        lines.append(f"没有送到：{_names(unreached, len(unreached))}")
    return "\n".join(lines)


def status_own(number: str, words: str, name: str, at: datetime, read_at: datetime | None) -> str:
    """Show a reader their own copy."""
    state = f"您已于 {moment(read_at)} 确认" if read_at is not None else f'您还没有确认，请发"收到 {number}"'
    return f"通知 {number}（{name}，{moment(at)}）：{words}\n{state}"


RECALLED_NOTE = "（已撤回）"


def recalled(number: str, read_count: int) -> str:
    """Answer 撤回."""
    seen = f"撤回前已有 {read_count} 人确认已读。" if read_count else "撤回前还没有人确认已读。"
    return f"通知 {number} 已撤回，不再提醒。{seen}"


def recall_too_late(number: str) -> str:
    """WeCom recalls within a day only."""
    return f"通知 {number} 发出已超过 24 小时，不能撤回。请另发一条更正：通知 对象= 内容"


def not_sender(number: str, name: str) -> str:
    """Only the sender takes it back."""
    return f"通知 {number} 由 {name} 发出，只能由本人撤回，没有改动。"


def trace(act: str, facts: Mapping[str, object]) -> str:
    """Return one event of a notice's story."""
    if act == "notice.sent":
        return f"发给 {facts['count']} 人"
    if act == "notice.reminded":
        return f"提醒 {facts['count']} 人（第 {facts['times']} 次）"
    if act == "notice.unreached":
        unreached = facts["userids"]
        return f"{len(unreached) if isinstance(unreached, list) else 0} 人没有送达"
    return {"notice.read": "确认已读", "notice.recalled": "撤回"}.get(act, "")


def _names(names: Sequence[str], count: int) -> str:
    shown = "、".join(names[:20])
    return shown if count <= 20 else f"{shown} 等 {count} 人"
