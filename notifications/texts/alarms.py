"""告警 (7.1b): what is said to who raised it, who is woken, and everybody once somebody has answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from notifications.texts.moments import clock_time, moment, span
from notifications.texts.words import shortened

USAGE = "告警 内容：出了急事马上上报，任何时间都会通知到人"
EXAMPLES = ("告警 数据库无法连接", "告警 仓库漏水，在抢搬资料")
USAGE_ACK = "收到 [GJ-编号]：应答告警；没有告警时确认最新的通知"
USAGE_HANDLE = "处理 GJ-编号 内容：说明告警处理到哪一步"
USAGE_RESOLVE = "解除 GJ-编号 [说明]：告警已处理好，结束"
SAMPLE = "告警 数据库无法连接"
SOURCE, SOURCE_DONE = "紧急告警", "告警"
ROW_NUMBER, ROW_SENDER, ROW_NEXT = "编号", "上报", "下一位"
BUTTON_ACK, BUTTON_HAND = "收到", "转交他人"
HAND_TITLE, HAND_NONE = "转交给（转交时选）", "请选择"
DONE_WORDS = {"acknowledged": "已应答", "resolved": "已解除", "withdrawn": "已撤回"}
WAITS = "待您处理"


def empty() -> str:
    """An alarm without words."""
    return f"请写明发生了什么，还没有上报。例如：{SAMPLE}"


def too_long(most: int) -> str:
    """More than anybody reads at night."""
    return f"内容超过 {most} 字，还没有上报。请先用一句话上报，再补充，例如：{SAMPLE}"


def nobody() -> str:
    """There is nobody but the sender."""
    return "名册里没有可以通知的人，还没有上报。请马上打电话联系，并请管理员在名册里补上上级。"


def raised(number: str, words: str, first: str, following: str, minutes: int) -> str:
    """Answer the sender."""
    then = f"；仍无人应答将通知 {following}" if following else "；仍无人应答会再次通知"
    return (
        f"告警 {number} 已发出：{shortened(words, 200)}。正在通知 {first}，{minutes} 分钟无人应答会打电话{then}。"
        f'发错了请发"撤回 {number}"。'
    )


def bundled(number: str, parent: str) -> str:
    """Answer another alarm of the same person within a minute."""
    return f"告警 {number} 已并入 {parent}（1 分钟内同一人上报），正在处理的人会一并收到。"


def joined(parent: str, sender: str, rows: Sequence[tuple[str, str]]) -> str:
    """Tell who has the first alarm what joined it; rows are number and words."""
    lines = [f"告警 {parent} 又有 {len(rows)} 条（{sender}）："]
    lines += [f"{number} {shortened(words, 150)}" for number, words in rows]
    lines.append(f'应答请发"收到 {parent}"。')
    return "\n".join(lines)


def whole(number: str, words: str) -> str:
    """The whole text where the card shows only its beginning."""
    return f"告警 {number} 全文：{words}"


def sender_row(name: str, at: datetime) -> str:
    """Return the card's row of who raised it and when."""
    return f"{name} {moment(at)}"


def next_row(name: str, at: datetime) -> str:
    """Return the card's row of who is woken next, and when."""
    return f"{name} {clock_time(at)}"


def summary(number: str, sender: str, words: str) -> str:
    """Return one line for operators."""
    return f"告警 {number}（{sender}）：{shortened(words, 60)}"


def calling(number: str, name: str, minutes: int) -> str:
    """Tell the sender that the phone rings."""
    return f"告警 {number} {name} {minutes} 分钟没有应答，正在打电话。"


def climbed(number: str, was: str, name: str) -> str:
    """Tell the sender that it went on."""
    return f"告警 {number} {was} 没有应答，已通知 {name}（消息和电话）。"


def again(number: str, name: str) -> str:
    """Tell the sender that it starts over."""
    return f"告警 {number} 所有人都没有应答，从头再次通知 {name}（消息和电话）。"


PHONE_NOT_SET = "没有开通电话通知"
PHONE_LIMITED = "短时间内已打过多次电话"
PHONE_REFUSED = "电话没有打出去"
PHONE_UNREACHABLE = "电话打不通"


def phone_reason(limited: bool, errcode: int, reason: int) -> str:
    """Return in words why a number was not reached."""
    if limited or reason in (13, 15):
        return PHONE_LIMITED
    if errcode in (-1, 301049, 301050):
        return PHONE_NOT_SET
    if errcode == 301051:
        return "电话通知余额不足（301051）"
    if errcode:
        return f"{PHONE_REFUSED}（{errcode}）"
    return f"{PHONE_UNREACHABLE}{f'（{reason}）' if reason else ''}"


def unreached(number: str, name: str, why: str, following: str) -> str:
    """Tell the sender that a number was passed over."""
    then = f"，已通知 {following}" if following else "，稍后再次通知"
    return f"告警 {number} {name} {why}{then}。"


def all_limited(number: str, name: str, why: str, at: datetime) -> str:
    """Tell the sender that no number may be called now, and when the next call leaves."""
    return (
        f"告警 {number} {name} {why}。名单上的电话都已到次数上限，{moment(at)} 可再打时马上打电话，消息照常发送。"
    )


def calling_freed(number: str, name: str, why: str, who: str) -> str:
    """Tell the sender that a number was not reached and that another one, free again by now, is called."""
    return f"告警 {number} {name} {why}。{who} 现在可以再打，正在打电话。"


def phone_off(number: str, why: str) -> str:
    """Tell the records director that calls do not work at all."""
    return f'告警 {number} 的电话没有打出去：{why}。请管理员检查企业微信"紧急通知"是否开通、关联本应用、余额充足。'


def acknowledged_you(number: str, words: str, minutes: int) -> str:
    """Answer who acknowledged."""
    return (
        f"已应答告警 {number}：{shortened(words, 100)}。不再打电话。\n"
        f"请在 {minutes} 分钟内说明进展：处理 {number} 内容；处理好了请发：解除 {number}"
    )


def acknowledged_all(number: str, name: str, at: datetime) -> str:
    """Tell everybody else."""
    return f"告警 {number} {name} 已应答（{moment(at)}），不再打电话。"


def already(number: str, state: str, name: str, at: datetime | None) -> str:
    """Answer who comes later."""
    when = f" 于 {moment(at)}" if at is not None and name else ""
    who = f"由 {name}{when} " if name else ""
    return f"告警 {number} 已{who}{DONE_WORDS[state].removeprefix('已')}，不用再处理。"


def already_over(number: str, state: str) -> str:
    """Answer an act on an alarm that is over."""
    return f"告警 {number} {DONE_WORDS[state]}，没有改动。"


def not_yours(number: str, holder: str) -> str:
    """Answer somebody whom it does not concern."""
    return f"告警 {number} 没有通知到您，现在由 {holder} 处理，没有改动。"


def not_sender(number: str, sender: str) -> str:
    """Only who raised it takes it back."""
    return f'告警 {number} 由 {sender} 上报，只能由本人撤回。已处理好请发"解除 {number}"。'


def to_sender(number: str, name: str) -> str:
    """It cannot be handed to who raised it."""
    return f"告警 {number} 是 {name} 上报的，不能再转给 {name}。请改为：转交 {number} 其他人"


def to_self(number: str) -> str:
    """Handing it to oneself."""
    return f'告警 {number} 已经在您这里。应答请发"收到 {number}"。'


def hand_missing(number: str) -> str:
    """转交他人 without a person."""
    return f'请先在"{HAND_TITLE}"里选一位再点{BUTTON_HAND}，或直接发：转交 {number} 人'


def hand_unknown(number: str, typed: str, near: Sequence[str]) -> str:
    """No such person."""
    hint = f"您是要找 {'、'.join(near)} 吗？" if near else ""
    return f'名册里没有"{shortened(typed, 20)}"，没有转交。{hint}请发：转交 {number} 人'


def hand_several(number: str, typed: str, names: Sequence[str]) -> str:
    """Several people of one name."""
    which = "、".join(names)
    return f'"{shortened(typed, 20)}"有 {len(names)} 位：{which}。请写明是哪一位，例如：转交 {number} {names[0]}'


def handed(number: str, name: str) -> str:
    """Answer who handed it over."""
    return f"告警 {number} 已转交 {name}（消息和电话）。"


def handed_all(number: str, name: str, to: str) -> str:
    """Tell the others."""
    return f"告警 {number} {name} 已转交 {to}，正在通知。"


def handled(number: str) -> str:
    """Answer 处理."""
    return f"已记下 {number} 的进展，并告知上报人。处理好了请发：解除 {number}"


def handled_told(number: str, name: str, words: str) -> str:
    """Tell the sender how it goes."""
    return f"告警 {number} {name}：{shortened(words, 300)}"


def handle_missing(number: str) -> str:
    """处理 without words."""
    return f"请写上进展，例如：处理 {number} 正在重启数据库。没有改动。"


def woken(number: str, name: str, minutes: int) -> str:
    """Tell everybody that an answered alarm wakes again."""
    return f"告警 {number} 应答后 {minutes} 分钟没有进展，再次通知 {name}（消息和电话）。"


def resolved_you(number: str, took: timedelta) -> str:
    """Answer who ended it."""
    return f"告警 {number} 已解除，历时 {span(took)}。"


def resolved_all(number: str, name: str, at: datetime, words: str) -> str:
    """Tell everybody else."""
    said = f"：{shortened(words, 200)}" if words else ""
    return f"告警 {number} {name} 已解除（{moment(at)}）{said}。"


def withdrawn_you(number: str, told: int) -> str:
    """Answer who took it back."""
    return f"告警 {number} 已撤回，不再打电话，已告知 {told} 人。"


def withdrawn_all(number: str, name: str, at: datetime) -> str:
    """Tell everybody who got it."""
    return f"告警 {number} {name} 已撤回（{moment(at)}），不用再处理。"


def face(state: str, name: str, at: datetime) -> str:
    """Return what a card shows once it is settled."""
    return f"{name} {DONE_WORDS[state]} · {moment(at)}"


def which_one(rows: Sequence[tuple[str, str]]) -> str:
    """A bare 收到 with several open alarms."""
    lines = [f"您有 {len(rows)} 条告警没有应答，请发其中一条："]
    lines += [f"收到 {number}（{shortened(title, 30)}）" for number, title in rows]
    return "\n".join(lines)


def hint_todo(number: str) -> str:
    """What to do with it from the list."""
    return f"应答请发：收到 {number}；处理好了请发：解除 {number}"


def trace(act: str, facts: Mapping[str, object], name: str) -> str:
    """Return one event of an alarm's story; `name` is of who it concerns."""
    if act == "alarm.raised":
        return f"上报，通知 {name}"
    if act == "alarm.phones_full":
        return f"名单上的电话都已到次数上限，{moment(datetime.fromisoformat(str(facts['until'])))} 可再打"
    if act in ("alarm.moved", "alarm.resumed"):
        ways = "、".join(word for word, there in (("消息", facts.get("chat")), ("电话", facts.get("call"))) if there)
        again = "可再打电话，" if act == "alarm.resumed" else ""
        return f"第 {facts['round']} 轮，{again}通知 {name}（{ways}）"
    if act == "phone.placed":
        return f"打电话给 {name}"
    if act == "phone.ended":
        return f"{name} 的电话{'已接听' if facts.get('outcome') == 'reached' else '没有接通'}"
    if act in ("phone.refused", "phone.limited"):
        errcode = int(str(facts.get("errcode") or 0))
        return f"{name} {phone_reason(act == 'phone.limited', errcode, 0)}"
    return {
        "alarm.acknowledged": "应答", "alarm.resolved": "解除", "alarm.withdrawn": "撤回", "alarm.handled": "说明进展",
        "alarm.handed": f"转交 {name}", "alarm.woken": f"没有进展，再次通知 {name}", "alarm.bundled": "并入",
    }.get(act, "")
