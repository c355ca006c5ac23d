"""记录: filing, correcting, finding, tracing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from notifications.texts.moments import moment, moment_to_the_second
from notifications.texts.words import NOUNS, STATES, shortened
from policy.terms import ItemState, Noun

USAGE_RECORD = "记录 模板 字段=值…：登记一条业务记录"
USAGE_CORRECT = "更正 编号 字段=值 原因=…：更正记录，旧内容保留"
USAGE_FIND = "查 词或编号：找您可以查看的记录和单子"
USAGE_TRACE = "追溯 编号：看它的全部经过"
USAGE_MINE = "我提交的：最近提交的内容和进度"
THE_SYSTEM = "系统"
USAGE_TODO = "待办：等您处理的事，按急缓排列；待办 3 看第 3 条"
USAGE_DONE = "完成 编号 说明：把交给您的任务办结"
EXAMPLES_DONE = ("完成 RW-20261123-0001 已到货验收",)
NOTE = "说明"
WORD_RECORD, FIELD_REASON = "记录", "原因"
CANCEL_WORDS = frozenset({"取消", "停止", "算了", "不填了"})
HINT_SUM, HINT_DATE = "金额，例如 3.5万", "日期，例如 11月23日、昨天"
USAGE_DETACH = "不是：刚发的图片或文件不附到那一条上"
EXAMPLES_RECORD = ("记录 客户服务 客户=华东机械 内容=电话回访，设备运行正常 结果=满意", "记录 客户服务", "记录")
EXAMPLES_CORRECT = ("更正 JL-20261123-0001 结果=已换货 原因=漏写",)


def templates(rows: Sequence[tuple[str, Sequence[str]]]) -> str:
    """List the templates: names with their required fields."""
    lines = ["可以登记的记录："]
    lines += [f"{at}. {name}（{'、'.join(fields)}）" for at, (name, fields) in enumerate(rows, 1)]
    lines.append(f"例如发：记录 {rows[0][0]}" if rows else "还没有模板，请联系业务记录部。")
    return "\n".join(lines)


def fields_of(name: str, rows: Sequence[tuple[str, bool, str]]) -> str:
    """Show a template's fields (name, required, hint) and start asking for the first."""
    lines = [f"{name} 需要填："]
    lines += [f"· {field}{'' if needed else '（可不填）'}{f'：{hint}' if hint else ''}" for field, needed, hint in rows]
    lines.append(f"可以一次发完：记录 {name} " + " ".join(f"{field}=…" for field, needed, _ in rows if needed))
    lines.append(f'也可以一项一项来：请先发"{rows[0][0]}"的内容（发"取消"停止）。')
    return "\n".join(lines)


def next_field(done: int, total: int, field: str, hint: str) -> str:
    """Ask for the next field."""
    return f"（{done}/{total}）请发\"{field}\"的内容{f'（{hint}）' if hint else ''}。发\"取消\"停止。"


def bad_field(field: str, why: str) -> str:
    """Refuse one field's value."""
    return f'"{field}"{why}，还没有登记。请重新发"{field}"的内容，或发"取消"。'


def missing_fields(name: str, missing: Sequence[str], example: str) -> str:
    """Say which fields are missing; the example holds only what was typed."""
    return f"{name} 还缺 {'、'.join(missing)}，没有登记。请补上后发送：\n{example}"


def wrong_fields(name: str, wrong: Sequence[tuple[str, str]], example: str) -> str:
    """Say which values are wrong and how."""
    told = "；".join(f'"{field}"{why}' for field, why in wrong)
    return f"{name} {told}，没有登记。请改好后发送：\n{example}"


def unknown_field(name: str, field: str, fields: Sequence[str]) -> str:
    """A field that the template has not."""
    return f"{name} 没有\"{shortened(field, 20)}\"这一项，没有登记。可以填：{'、'.join(fields)}。"


def unknown_template(typed: str, names: Sequence[str]) -> str:
    """No such template."""
    return f"没有\"{shortened(typed, 20)}\"这种记录。可以登记：{'、'.join(names)}。例如发：记录 {names[0]}"


NOT_A_SUM = "要写金额，例如 3.5万"
NOT_A_DATE = "要写日期，例如 11月23日"
TOO_LONG = "太长，最多 1000 字"


def hint_choices(options: Sequence[str]) -> str:
    """Say which choices there are."""
    return "、".join(options) + " 选一"


def not_a_choice(options: Sequence[str]) -> str:
    """A value outside the choices."""
    return f"只能是 {'、'.join(options)} 之一"


def filed(number: str, name: str, fields: Mapping[str, str]) -> str:
    """Answer a filed record, everything echoed as understood."""
    lines = [f"已登记{name}记录 {number}"]
    lines += [f"{field}：{shortened(value, 100)}" for field, value in fields.items()]
    lines.append(f'10 分钟内发来的图片、文件会附上；要改请发"更正 {number} 字段=值 原因=…"。')
    return "\n".join(lines)


def title_of(name: str, first: str) -> str:
    """Return a record's title."""
    return f"{name} · {shortened(first, 60)}"


CANCELLED = "已停止填写，没有登记。"
NOTHING_TO_CANCEL = "现在没有正在填写的内容。"


def corrected(number: str, revision: int, changes: Sequence[tuple[str, str, str]], reason: str) -> str:
    """Answer a correction: field, old, new."""
    lines = [f"已更正 {number}（第 {revision} 版，旧版保留）"]
    lines += [f"{field}：{shortened(old, 60) or '（空）'} → {shortened(new, 60)}" for field, old, new in changes]
    lines.append(f"原因：{shortened(reason, 100)}")
    return "\n".join(lines)


def correction_told(number: str, name: str, reason: str) -> str:
    """Tell the author that somebody else corrected the record."""
    return f'{name} 更正了您的记录 {number}，原因：{shortened(reason, 100)}。发"追溯 {number}"看前后对比。'


def correct_usage(number: str) -> str:
    """更正 without fields or reason."""
    return f"请写明要改的字段和原因，例如：更正 {number} 结果=… 原因=…。没有改动。"


def correct_reason(number: str, pairs: str) -> str:
    """更正 without a reason; the example holds what was typed."""
    return f"更正要写原因（制度总则），没有改动。请补上后发送：\n更正 {number} {pairs} 原因="


def correct_same(number: str) -> str:
    """更正 that changes nothing."""
    return f"{number} 的内容和您发的一样，没有改动。"


def correct_refused(number: str, author: str) -> str:
    """Only the author and those above correct a record."""
    return f"{number} 由 {author} 登记，只有本人和直接上级可以更正（制度总则），没有改动。请联系 {author}。"


def correct_not_record(number: str) -> str:
    """Only records are corrected like that."""
    return f'{number} 不是业务记录。签字中的单子请申请人撤回或等退回后用"补充"。没有改动。'


# --- finding --------------------------------------------------------------------------------------------------------


def found(words: str, rows: Sequence[tuple[Noun, str, str, ItemState]], more: bool) -> str:
    """List what was found: noun, number, title, state. The noun stands before the number."""
    if not rows:
        return f'没有找到和"{shortened(words, 30)}"有关、您可以查看的内容。换个词试试，或发编号。'
    lines = [f"找到 {len(rows)}{' 多' if more else ''} 条："]
    lines += [
        f"{at}. {NOUNS[noun]} {number} {shortened(title, 30)}（{STATES[state]}）"
        for at, (noun, number, title, state) in enumerate(rows, 1)
    ]
    lines.append('看全部经过请发"追溯 编号"。')
    return "\n".join(lines)


FIND_USAGE = "请写要找的词或编号，例如：查 华东机械"
TRACE_USAGE = "请写编号，例如：追溯 CG-20261123-0001"


def trace_head(
    noun: Noun, number: str, title: str, state: ItemState, author: str, department: str, created: datetime,
    responsible: str, grade: str, policy: int, sum_words: str,
) -> list[str]:
    """Return the first lines of a trace: what it is and where it stands."""
    second = shortened(title, 80) + (f" · {sum_words}" if sum_words else "")
    lines = [f"{NOUNS[noun]} {number}（{STATES[state]}）", second]
    lines.append(f"{author}（{department}）{moment(created)} 提交，按制度第 {policy} 版")
    lines.append(f"现在负责：{responsible}；由{grade}一级负责")
    return lines


def trace_line(at: datetime, who: str, what: str) -> str:
    """Return one line of a trace."""
    return f"{moment_to_the_second(at)} {who} {what}"


def trace_attachment(kind: str, name: str, state: str) -> str:
    """Return an attachment's line."""
    word = {"image": "图片", "file": "文件", "voice": "语音", "video": "视频"}[kind]
    stored = {"pending": "正在存入", "stored": "已加密存入", "failed": "未能存入，请重发"}.get(state, state)
    return f"附件：{word}{f' {shortened(name, 40)}' if name else ''}（{stored}）"


def trace_child(noun: str, number: str, state: str) -> str:
    """Return the line of what grew out of the item."""
    return f"后续：{noun} {number}（{state}）"


def trace_parent(number: str) -> str:
    """Return the line of what the item grew out of."""
    return f"来自：{number}"


def mine_row(noun: Noun, number: str, title: str, state: ItemState, responsible: str, at: str) -> str:
    """Return one line of what a person filed."""
    where = f"，现在在 {responsible} 处" if state in (ItemState.PENDING, ItemState.OPEN) else ""
    return f"· {NOUNS[noun]} {number} {shortened(title, 24)}（{STATES[state]}{where}，{at}）"


def trace_page(page: int, pages: int, number: str) -> str:
    """Say that a trace goes on."""
    if page < pages:
        return f'第 {page}/{pages} 页，下一页请发"追溯 {number} {page + 1}"'
    return f"第 {page}/{pages} 页，完"


# --- attachments ----------------------------------------------------------------------------------------------------


def attached(kind: str, number: str, title: str, count: int) -> str:
    """Say what a picture was attached to."""
    word = {"image": "图片", "file": "文件", "voice": "语音", "video": "视频"}[kind]
    return f'{word}已附到 {number}（{shortened(title, 30)}，共 {count} 个附件）。不是它请回复"不是"。'


def attached_nothing(minutes: int) -> str:
    """Nothing to attach to."""
    return f"收到，但最近 {minutes} 分钟没有您提交的内容可以附上。请先登记或提交，再发图片、文件。"


def attached_closed(number: str) -> str:
    """The item is signed: an attachment would change what was signed."""
    return f"{number} 已有人签字或已办结，不能再附加内容，没有附上。"


def detached(number: str) -> str:
    """Answer 不是."""
    return f"已从 {number} 取下刚才的附件。"


NOTHING_TO_DETACH = "最近没有附上的内容可以取下。"

# --- tasks and the list ---------------------------------------------------------------------------------------------


WAITS_APPROVAL, WAITS_RETURNED, WAITS_QUESTION, WAITS_TASK = "待您审批", "待您补充", "待您答复", "待您完成"
WAITS = "待您处理"  # open work whose topic has no words of its own


def todo(rows: Sequence[str], more: int) -> str:
    """Show what waits, most urgent first."""
    if not rows:
        return "现在没有等您处理的事。"
    lines = [f"等您处理的有 {len(rows) + more} 件："]
    lines += [f"{at}. {row}" for at, row in enumerate(rows, 1)]
    if more:
        lines.append(f'还有 {more} 件，处理后再发"待办"。')
    lines.append('看某一条请发"待办 1"。')
    return "\n".join(lines)


def todo_row(
    words: str, noun: Noun, number: str, title: str, since: datetime, sum_words: str, urgent: bool,
    due_at: datetime | None = None,
) -> str:
    """Return one line of the list; `words` says why it waits."""
    lead = "【加急】" if urgent else ""
    money = f" {sum_words}" if sum_words else ""
    until = f"，{moment(due_at)} 到期" if due_at is not None else ""
    return f"{lead}{NOUNS[noun]} {number} {shortened(title, 24)}{money}，{words}（{moment(since)} 送达{until}）"


TODO_EXPIRED = '没有 2 小时内的清单，请先发"待办"，再按序号打开。'
TODO_EMPTY = '上次的清单是空的，请重新发"待办"。'


def todo_no_such(at: int, most: int) -> str:
    """There is no such line."""
    return f'清单里没有第 {at} 条（共 {most} 条）。请重新发"待办"。'


def todo_gone(number: str) -> str:
    """It no longer waits."""
    return f"{number} 已经处理，不再等您。"


def todo_opened(row: str) -> str:
    """A card follows with the buttons."""
    return f"{row}\n卡片马上送到，请在卡片上处理。"


def hint_trace(number: str) -> str:
    """Where to read about it."""
    return f'要看经过请发"追溯 {number}"。'


def hint_returned(number: str) -> str:
    """What to do with a returned one."""
    return f'补好请发"补充 {number} 事由=…"，不办了请发"撤回 {number}"。'


def hint_question(number: str) -> str:
    """What to do with a question."""
    return f'请发"答 {number} 内容"。问的内容见"追溯 {number}"。'


def hint_task(number: str) -> str:
    """What to do with a task."""
    return f'办好请发"完成 {number} 说明"。'


def task_done(number: str) -> str:
    """Answer 完成."""
    return f"{number} 已办结，已告知相关人。"


def task_done_told(number: str, parent: str, name: str, note: str) -> str:
    """Tell the applicant that it was bought."""
    said = f"：{shortened(note, 200)}" if note else ""
    return f"{parent} 的采购任务 {number} 已由 {name} 办结{said}。"


def task_note_missing(number: str) -> str:
    """完成 without a word about how."""
    return f"请写一句怎么办结的，例如：完成 {number} 已到货验收。没有改动。"


def task_not_owner(number: str, owner: str) -> str:
    """The task is somebody else's."""
    return f"{number} 由 {owner} 负责，没有改动。"


def not_a_task(number: str) -> str:
    """The number is of another kind."""
    return f'{number} 不是任务，没有改动。任务编号以 RW 开头，发"待办"可以看到。'


def task_not_open(number: str, state: ItemState) -> str:
    """The task is closed."""
    return f"{number} {STATES[state]}，没有改动。"
