"""记录: filing, correcting, finding, tracing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from notifications.texts.moments import moment, moment_to_the_second
from notifications.texts.words import NOUNS, STATES, in_rehearsal, shortened
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
WORD_RECORD, FIELD_REASON = "记录", "原因"
CANCEL_WORD, CANCEL_ALIASES = "取消", ("停止", "算了", "不填了")
USAGE_CANCEL = "取消：停止正在填写的内容，或不发刚才预览的内容"
EXAMPLES_FIND = ("查 华东机械", "查 CG-20261123-0001")
EXAMPLES_TRACE = ("追溯 CG-20261123-0001",)
EXAMPLES_TODO = ("待办", "待办 3")
EXAMPLES_MINE = ("我提交的",)
HINT_SUM, HINT_DATE = "金额，例如 3.5万", "日期，例如 11月23日、昨天"
EXAMPLES_DETACH = ("不是",)
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
    lines = [f"{name}要填："]
    lines += [f"· {field}{'' if needed else '（可不填）'}{f'：{hint}' if hint else ''}" for field, needed, hint in rows]
    lines.append(f"可以一次发完：记录 {name} " + " ".join(f"{field}=…" for field, needed, _ in rows if needed))
    first = next(field for field, needed, _ in rows if needed)
    lines.append(f'也可以一项一项来，先填写"{first}"，直接发内容就行。发"取消"停止。')
    return "\n".join(lines)


def next_field(at: int, total: int, field: str, hint: str) -> str:
    """Ask for the next field, the at-th of those required."""
    return f'（{at}/{total}）请填写"{field}"{f"（{hint}）" if hint else ""}。发"取消"停止。'


def still_asking(name: str, field: str) -> str:
    """Remind of the record that is being filled in, after another command in between."""
    return f'{name}还没填完，接着填写"{field}"，或发"取消"停止。'


def asking_expired(name: str, minutes: int, example: str) -> str:
    """Say that nothing was filed because the next field did not come in time; the example holds what was typed."""
    return f"{name}超过 {minutes} 分钟没有填完，没有登记。要继续请补全后发送：\n{example}"


def asking_expired_long(name: str, minutes: int) -> str:
    """The same where what was typed is too long to be given back."""
    return f"{name}超过 {minutes} 分钟没有填完，没有登记。要继续请发：记录 {name}"


def bad_field(field: str, why: str) -> str:
    """Refuse one field's value while fields are asked for."""
    return f'"{field}"{why}，还没有登记。请重新填写"{field}"，或发"取消"停止。'


def missing_fields(name: str, missing: Sequence[str], example: str) -> str:
    """Say which fields are missing; the example holds only what was typed."""
    return f"{name}还缺 {'、'.join(missing)}，没有登记。{_send(example, '补上')}"


def wrong_fields(wrong: Sequence[tuple[str, str]], example: str, nothing: str) -> str:
    """Say which values are wrong and how; `nothing` says what was not done."""
    if len(wrong) == 1:
        return f'"{wrong[0][0]}"{wrong[0][1]}，{nothing}。{_send(example, "改好")}'
    told = "\n".join(f'· "{field}"{why}' for field, why in wrong)
    return f"{nothing}，这几项要改：\n{told}\n{_send(example, '改好')}"


def unassigned(name: str, words: str, example: str) -> str:
    """More free words than fields left: nobody can say which is which."""
    return f'没分清"{shortened(words, 40)}"里哪段是哪一项，没有登记。请写明后发送：\n{example}'


def unknown_field(name: str, field: str, fields: Sequence[str], nothing: str) -> str:
    """A field that the template has not."""
    return f'{name}没有"{shortened(field, 20)}"这一项，{nothing}。可以填：{"、".join(fields)}。'


def unknown_template(typed: str, names: Sequence[str]) -> str:
    """No such template."""
    return f'没有"{shortened(typed, 20)}"这种记录。可以登记：{"、".join(names)}。例如发：记录 {names[0]}'


def _send(example: str, done: str) -> str:
    return f"请{done}后发送：\n{example}" if example else f"请在原文上{done}后重新发送。"


NOTHING_FILED, NOTHING_CHANGED = "没有登记", "没有改动"
TOO_LONG, REASON_TOO_LONG = "太长，最多 1000 字", "太长，最多 500 字"
EMPTY_FIELD = "不能空着"


def not_a_sum(code: str, got: str) -> str:
    """Say what is wrong with a sum; `code` is handlers.language.amounts' own."""
    seen = shortened(got, 30)
    return {
        "not_positive": f"须大于 0（收到的是 {seen}）", "too_many_decimals": f"最多到分（收到的是 {seen}）",
        "too_large": f"过大（收到的是 {seen}）", "ambiguous": f"看不准（收到的是 {seen}），请写一个确定的数",
    }.get(code, f"要写金额，例如 3.5万（收到的是 {seen}）")


def not_a_date(code: str, got: str) -> str:
    """Say what is wrong with a date; `code` is handlers.language.dates' own."""
    seen = shortened(got, 30)
    if code == "impossible":
        return f"没有这一天（收到的是 {seen}）"
    return f"要写日期，例如 11月23日、昨天（收到的是 {seen}）"


def written_twice(values: Sequence[str]) -> str:
    """A field given more than once."""
    return f"写了 {len(values)} 次（{'、'.join(shortened(value, 20) for value in values)}），只能写一次"


def hint_choices(options: Sequence[str]) -> str:
    """Say which choices there are."""
    return f"{'、'.join(options)} 选一个"


def not_a_choice(options: Sequence[str], got: str) -> str:
    """A value outside the choices."""
    return f"只能是 {'、'.join(options)}（收到的是 {shortened(got, 20)}）"


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
PREVIEW_CANCELLED = "已取消，刚才预览的内容没有发出。"
NOTHING_TO_CANCEL = "现在没有正在填写的内容。"


def cancel_number(number: str) -> str:
    """取消 with a number: something filed is withdrawn."""
    return f'已提交的请用"撤回"，发：撤回 {number}'



def corrected(number: str, revision: int, changes: Sequence[tuple[str, str, str]], reason: str) -> str:
    """Answer a correction: field, old, new."""
    lines = [f"已更正 {number}（第 {revision} 版，旧版保留）"]
    lines += [
        f"{field}：{shortened(old, 40) or '（空）'} → {shortened(new, 40) or '（空）'}" for field, old, new in changes
    ]
    lines.append(f"原因：{shortened(reason, 100)}")
    return "\n".join(lines)


def correction_told(number: str, name: str, reason: str) -> str:
    """Tell the author that somebody else corrected the record."""
    return f'{name} 更正了您的记录 {number}，原因：{shortened(reason, 100)}。发"追溯 {number}"看前后对比。'


def correct_usage(number: str, fields: Sequence[str]) -> str:
    """更正 without fields; `fields` are those the record has."""
    able = f"可以改：{'、'.join(fields)}。" if fields else ""
    first = fields[0] if fields else "字段"
    return f"请写明要改的字段和原因，没有改动。{able}例如：更正 {number} {first}=… 原因=…"


CORRECT_NUMBER = "请写明要更正的记录编号、字段和原因，例如：更正 JL-20261123-0001 结果=已换货 原因=漏写"


def correct_reason(number: str, example: str) -> str:
    """更正 without a reason; the example holds what was typed."""
    return f"更正要写原因（制度总则），没有改动。{_send(example, '补上')}"


def correct_same(number: str) -> str:
    """更正 that changes nothing."""
    return f"{number} 的内容和您发的一样，没有改动。"


def correct_refused(number: str, author: str) -> str:
    """Only the author and those above correct a record."""
    return f"{number} 由 {author} 登记，只有本人和上级可以更正（制度总则），没有改动。请联系 {author}。"


def correct_not_record(number: str) -> str:
    """Only records are corrected like that."""
    return (
        f'{number} 不是业务记录，不能更正，没有改动。审批中的单子请提交人撤回后重提，或等退回后发"补充 {number}"。'
    )


# --- finding --------------------------------------------------------------------------------------------------------


def found(words: str, rows: Sequence[tuple[Noun, str, str, ItemState]], more: bool) -> str:
    """List what was found: noun, number, title, state. The noun stands before the number."""
    if not rows:
        return f'没有找到和"{shortened(words, 30)}"有关、您可以查看的内容。换个词试试，或发编号。'
    lines = [f"找到的较多，先列最近 {len(rows)} 条（加词可缩小范围）：" if more else f"找到 {len(rows)} 条："]
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
    responsible: str, grade: str, policy: int, sum_words: str, *, rehearsal: bool,
) -> list[str]:
    """Return the first lines of a trace: what it is and where it stands."""
    second = shortened(title, 80) + (f" · {sum_words}" if sum_words else "")
    first = f"{NOUNS[noun]} {number}（{STATES[state]}）"
    lines = [in_rehearsal(first) if rehearsal else first, second]
    lines.append(f"{author}（{department}）{moment(created)} 提交，按制度第 {policy} 版")
    lines.append(f"现在由 {responsible} 负责（{grade}一级）")
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


def detached_closed(number: str) -> str:
    """The item is signed: what was signed keeps its attachments."""
    return f"{number} 已有人签字或已办结，附件不能再取下，没有改动。"


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


TASK_NUMBER = "请写明编号，例如：完成 RW-20261123-0001 已到货验收。没有改动。"


def task_done(number: str, told: str) -> str:
    """Answer 完成; `told` is who was told of it, "" for nobody."""
    return f"{number} 已办结{f'，已告知 {told}' if told else ''}。"


def task_note_long(most: int) -> str:
    """完成 with an endless word about how."""
    return f"说明最多 {most} 字，没有办结。请精简后再发，细节可以发文件附上。"


def task_done_told(number: str, parent: str, name: str, note: str) -> str:
    """Tell the applicant that it was bought."""
    said = f"：{shortened(note, 200)}" if note else ""
    return f"{parent} 的采购任务 {number} 已由 {name} 办结{said}。"


def task_note_missing(number: str) -> str:
    """完成 without a word about how."""
    return f"请写一句怎么办结的，例如：完成 {number} 已到货验收。没有改动。"


def task_not_owner(number: str, owner: str) -> str:
    """The task is somebody else's."""
    return f"{number} 由 {owner} 负责，没有改动。请联系 {owner}。"


def not_a_task(number: str) -> str:
    """The number is of another kind."""
    return f'{number} 不是任务，没有改动。任务编号以 RW 开头，发"待办"可以看到。'


def task_not_open(number: str, state: ItemState) -> str:
    """The task is closed."""
    return f"{number} {STATES[state]}，没有改动。"
