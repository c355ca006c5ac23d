"""What belongs to no topic: help, greetings, not understood, errors, people who are not in the org."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from notifications.texts.words import shortened

NOT_KNOWN_LEAVE = '请假请在"工作台 › 审批"里办理；如要请人代为审批，请发：委托 人 起 止'
LEAVE_WORDS = ("请假", "请个假", "休年假", "年假", "病假", "事假")
GREETINGS = ("你好", "您好", "早", "早上好", "下午好", "晚上好", "在吗", "hi", "hello", "嗨")
THANKS = ("谢谢", "谢谢您", "谢了", "多谢", "辛苦了", "感谢", "thanks")
FINE = ("好的", "好", "ok", "嗯", "收到了", "知道了", "明白", "行", "可以", "是的", "嗯嗯", "好吧")
ANSWER_GREETING = '您好，发"待办"看等您处理的事，发"帮助"看可以做什么。'
ANSWER_THANKS = "不客气。"
ANSWER_FINE = "好的。"


def incident(reference: str) -> str:
    """Say that nothing was changed, with the number that the log knows."""
    return f"操作没有成功，内容没有任何改动。请稍后再试；仍不行，请把编号 {reference} 发给管理员。"


def not_in_org(contact_department: str, contact: str) -> str:
    """Answer somebody who is not in the org."""
    if not contact:
        return "您还没有登记在册，请联系管理员；登记后会马上告诉您。"
    return f"您还没有登记在册，已通知 {contact_department} {contact}；登记后会马上告诉您。"


def stranger_told(userid: str) -> str:
    """Tell HR about somebody who is not in the org."""
    return f"企业微信成员 {userid} 发来消息，但还没有登记在册。请核对身份并在人员名单里登记。"


def now_registered(name: str) -> str:
    """Tell somebody that they are in."""
    return f'{name}，您已登记在册，可以开始使用了。发"帮助"看可以做什么。'


def welcome(name: str, manages: bool) -> str:
    """Greet on first contact, by role."""
    first = "等您审批的单子会以卡片送到这里，点一下就能签。" if manages else "登记记录、提交采购，发一句话就行。"
    example = '发"待办"看等您处理的事' if manages else "例如发：采购 服务器 3.5万 扩容"
    return f"{name}，您好，我是留痕，帮大家把业务记录制度落到每一步。\n{first}\n{example}；发\"帮助\"看全部。"


def nearest(typed: str, word: str, understood: str, missing: Sequence[str], example: str) -> str:
    """Offer the nearest command with an example that holds only what was typed."""
    known = [part for part in (understood, f"还缺{'、'.join(missing)}" if missing else "") if part]
    told = f"{'，'.join(known)}。" if known else ""
    ask = f"请补上{'、'.join(missing)}后发送：" if missing else "是的话请发送："
    return f"没看懂\"{shortened(typed, 20)}\"，您是要发\"{word}\"吗？{told}\n{ask}\n{example}"


def nearest_long(typed: str, word: str) -> str:
    """The same where what was typed is too long to be given back whole."""
    return f'没看懂"{shortened(typed, 20)}"，您是要发"{word}"吗？是的话请把开头改成"{word}"，再发一次。'


def not_understood(typed: str) -> str:
    """Nothing near was found."""
    return f'没看懂"{shortened(typed, 30)}"。发"帮助"看可以做什么，发"待办"看等您处理的事。'


def not_allowed(word: str, who: str) -> str:
    """The command is not for this grade."""
    return f'"{word}"只有{who}可以用（制度二（一）），没有执行。'


UNREADABLE_CARD = '这张卡片的内容读不出来，没有改动。请发"待办"看最新的。'
EMPTY_TEXT = '没有收到文字。发"帮助"看可以做什么。'
VOICE_NOT_TEXT = '语音没有转成文字，请发文字。发"帮助"看可以做什么。'
MENU_CHANGED = '这个菜单已更新，请退出会话再进来一次。发"帮助"看可以做什么。'
LINK_KEPT = "链接已收到，但链接本身不能作记录。要登记请发：记录"
FIRST_TIME = '第一次使用？发"帮助"看可以做什么。'
LOCATION_KEPT = '位置已收到，但目前没有事项要用到位置。发"帮助"看可以做什么。'


def help_all(groups: Mapping[str, Sequence[str]], rehearsal: bool) -> str:
    """Show what a person may do, grouped by what one does."""
    lines = ['您可以这样发（怎么用请发"帮助 提交"，例子请发"帮助 采购"）：']
    for group, words in groups.items():
        lines.append(f"{group}：{'、'.join(words)}")
    lines.append("金额写 3.5万、35000、三万五 都行；日期写 下周三 14:30、月底 都行。")
    if rehearsal:
        lines.append("现在是演练，数据不作正式依据。")
    return "\n".join(lines)


def help_group(group: str, usages: Sequence[str]) -> str:
    """Show how the commands of one group are used."""
    return "\n".join([f"{group}：", *(f"· {usage}" for usage in usages)])


def help_one(usage: str, aliases: Sequence[str], examples: Sequence[str]) -> str:
    """Show one command's usage."""
    lines = [usage]
    if aliases:
        lines.append(f"也可以说：{'、'.join(aliases)}")
    if examples:
        lines.append("例如：")
        lines += list(examples)
    return "\n".join(lines)


def help_unknown(word: str, near: str) -> str:
    """No such command."""
    hint = f'您是要看"帮助 {near}"吗？' if near else '发"帮助"看全部。'
    return f'没有"{shortened(word, 20)}"这个命令。{hint}'


HELP_WORD, RECORD_WORD, PURCHASE_WORD, TRACE_WORD = "帮助", "记录", "采购", "追溯"
MANAGERS, AND_ABOVE = "主管以上", "及以上"
USAGE_HELP = "帮助 [命令或分组]：看可以做什么、怎么用"
EXAMPLES_HELP = ("帮助", "帮助 提交", "帮助 采购")
GROUP_SUBMIT, GROUP_SIGN, GROUP_RECORD, GROUP_LOOK, GROUP_OTHER = "提交", "审批", "记录", "查看", "其他"
GROUP_MEETING, GROUP_URGENT, GROUP_ADMIN = "会议与任务", "紧急与通知", "管理"
GROUP_ORDER = (
    GROUP_SUBMIT, GROUP_SIGN, GROUP_MEETING, GROUP_URGENT, GROUP_RECORD, GROUP_LOOK, GROUP_ADMIN, GROUP_OTHER
)

MENU_START, MENU_TODO, MENU_MORE = "发起", "待办", "更多"
MENU_PURCHASE, MENU_RECORD = "提交采购", "登记记录"
MENU_HELP, MENU_FIND, MENU_MINE = "帮助", "查找", "我提交的"
MENU_PURCHASE_HINT = "请发：采购 物品 金额 事由\n例如：采购 服务器 3.5万 扩容"
MENU_FIND_HINT = "请发：查 词或编号\n例如：查 华东机械"
NOTHING_MINE = "您还没有提交过内容。"


def mine(rows: Sequence[str]) -> str:
    """Show what a person has filed, newest first."""
    return "\n".join([f"您最近提交的 {len(rows)} 件：", *rows])
