"""审批: answers to acts, refusals, reminders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from notifications.texts.moments import moment, moment_with_weekday
from notifications.texts.words import STATES, VERBS, shortened
from policy.terms import ItemState, Verb

USAGE_APPROVE = "同意 编号 [意见]：签字同意（也可以直接点卡片）"
USAGE_RETURN = "退回 编号 [人] 理由：退回补充；写前面签过的人，就只请那位重签"
USAGE_REJECT = "驳回 编号 理由：不同意，结束"
USAGE_WITHDRAW = "撤回 编号：撤回自己的申请；刚签的字 10 分钟内、下一位未签时也能撤回"
USAGE_AMEND = "补充 编号 字段=值：退回后补好再提交；审批中也能改，只请与改动有关的人重签"
USAGE_REFILE = "重提 编号：把已驳回、已撤回的按原内容再提交"
EXAMPLES_AMEND = ("补充 CG-20261123-0001 事由=扩容，附三家报价 金额=3.2万",)
EXAMPLES_REFILE = ("重提 CG-20261123-0001", "重提 CG-20261123-0001 金额=3万")
EXAMPLES_DECIDE = ("同意 CG-20261123-0001", "退回 CG-20261123-0001 请附报价单", "驳回 CG-20261123-0001 不在预算内")
EXAMPLES_URGE, EXAMPLES_HASTEN = ("催办 CG-20261123-0001",), ("加急 CG-20261123-0001",)
EXAMPLES_WITHDRAW = ("撤回 CG-20261123-0001",)
EXAMPLES_ASK = ("问 CG-20261123-0001 报价单有几家",)
WORD_ANSWER = "答"
EXAMPLES_ANSWER = ("答 CG-20261123-0001 三家，已附上",)
USAGE_URGE = "催办 编号：提醒当前签字人（每天最多 3 次）"
USAGE_ASK = "问 编号 内容：签字前向申请人提问"
USAGE_ANSWER = "答 编号 内容：答复签字人的提问"
USAGE_HASTEN = "加急 编号：急事不等上班时间，马上送到"


def need_number(word: str, open_numbers: Sequence[tuple[str, str]]) -> str:
    """A bare word never decides; list what it could mean."""
    if not open_numbers:
        return f'"{word}"要带编号才算数。现在没有等您处理的单子。'
    lines = [f'"{word}"要带编号才算数，请发其中一条：']
    lines += [f"{word} {number}（{shortened(title, 30)}）" for number, title in open_numbers[:5]]
    return "\n".join(lines)


def signed(number: str, next_name: str | None, state: ItemState) -> str:
    """Answer a typed approval."""
    if state is ItemState.PENDING and next_name:
        return f'已同意 {number}，现在由 {next_name} 审批。10 分钟内可发"撤回 {number}"收回。'
    return f"已同意 {number}，签字已齐。"


def returned_done(number: str, applicant: str) -> str:
    """Answer a typed return."""
    return f"已退回 {number}，等 {applicant} 补充。"


def rejected_done(number: str, applicant: str) -> str:
    """Answer a typed rejection."""
    return f"已驳回 {number}，已告知 {applicant}。"


def reason_missing(verb: Verb, number: str) -> str:
    """Ask for the reason; nothing was changed."""
    word = "退回" if verb is Verb.RETURN else "驳回"
    return f'请先在"原因"里选一项再点{VERBS[verb]}，或直接发：{word} {number} 理由'


def opinion_too_long(most: int) -> str:
    """Refuse an opinion that is too long."""
    return f"意见最多 {most} 字，没有签。请精简后再发。"


def words_too_long(most: int) -> str:
    """Refuse a question or an answer that is too long."""
    return f"内容最多 {most} 字，没有发出。请精简后再发。"


def note_too_long(most: int) -> str:
    """Refuse a note that is too long."""
    return f"说明最多 {most} 字，没有改动。请精简后再发。"


def already_decided(name: str, at: datetime, verb: Verb) -> str:
    """Answer a second decision."""
    return f"这张单已由 {name} 于 {moment(at)} {VERBS[verb]}，无需再处理。"


def returned_to_you(number: str, name: str, at: datetime) -> str:
    """Answer an applicant whose returned item waits for them."""
    return (
        f"{number} 已由 {name} 于 {moment(at)} 退回，正等您补充，没有改动。\n"
        f'补好请发"补充 {number} 事由=…"；不办了请发"撤回 {number}"。'
    )


def not_signer(number: str, signer: str) -> str:
    """Answer somebody whose turn it is not."""
    return f"{number} 现在由 {signer} 审批，您这次的操作没有生效。"


def own_money(number: str, signer: str) -> str:
    """Nobody signs their own."""
    return f"{number} 是您自己提交的，按制度四（一）不能由本人签字，现在由 {signer} 审批。"


def for_signers(number: str, signer: str) -> str:
    """Answer an applicant who asks, hands on or adds somebody as only a signer does."""
    return f'{number} 是您自己提交的，这一步由签字人操作，没有改动。现在由 {signer} 审批，要提醒请发"催办 {number}"。'


def not_applicant(number: str, applicant: str) -> str:
    """Only the applicant may do that."""
    return f"{number} 由 {applicant} 提交，这一步只能由申请人操作，没有改动。"


def not_now(number: str, state: ItemState) -> str:
    """The item is past that."""
    return f"{number} {STATES[state]}，这个操作现在不适用，没有改动。"


def card_stale(number: str, state: ItemState, now_with: str | None, *, revised: bool = True) -> str:
    """A tap on a card of an older round or content."""
    where = f"现在由 {now_with} 处理" if now_with else STATES[state]
    why = "的内容已更新" if revised else "已退回重新流转"
    return f"{number} {why}，这张卡片已作废（{where}），您这次的操作没有生效。请看最新的卡片。"


def too_late_to_take_back(number: str, minutes: int) -> str:
    """Taking back a signature has its time."""
    return f"{number} 签字已超过 {minutes} 分钟，不能撤回。如有问题请联系下一位签字人驳回或退回。"


def nothing_to_take_back(number: str) -> str:
    """The next one has signed, or it was never signed by this person."""
    return f"{number} 没有可以撤回的签字：只能撤回自己刚签、下一位还没处理的。"


def taken_back(number: str) -> str:
    """Answer taking back a signature."""
    return f'已撤回您对 {number} 的签字，现在重新由您审批。请看新的卡片，或发"同意 {number}""驳回 {number} 理由"。'


def taken_back_for_applicant(number: str, name: str) -> str:
    """Tell the applicant."""
    return f"{number} {name} 撤回了刚才的签字，现在重新由 {name} 审批。"


def withdrawn(number: str) -> str:
    """Answer a withdrawal."""
    return f'{number} 已撤回，内容已保留。要再提交请发"重提 {number}"。'


def urged(name: str, today: int, left: int) -> str:
    """Answer 催办."""
    rest = f"还可提醒 {left} 次" if left else "今天的次数已用完"
    return f"已提醒 {name}（今天第 {today} 次，{rest}）。"


def urged_held(name: str, when: datetime) -> str:
    """Answer 催办 at a quiet hour."""
    return f"{name} 会在 {moment_with_weekday(when)} 收到您的提醒。"


def urged_too_often(number: str, most: int) -> str:
    """Answer one 催办 too many."""
    return f'{number} 今天已提醒 {most} 次，请明天再提醒。急事请直接电话联系，或发"加急 {number}"。'


def urged_bundled(name: str) -> str:
    """The signer has been urged enough today."""
    return f"{name} 今天已收到很多提醒，您的提醒会和其他提醒合并，在明早一并送达。"


def urge_text(number: str, title: str, applicant: str, today: int) -> str:
    """Urge the signer."""
    return f'{applicant} 提醒您审批 {number}（{shortened(title, 40)}，今天第 {today} 次）。卡片在上面，也可以发"待办"。'


def asked(number: str, applicant: str) -> str:
    """Answer 问."""
    return f"已转给 {applicant}，答复后会告诉您。这期间不再提醒您审批 {number}。"


def question_for_applicant(number: str, name: str, question: str) -> str:
    """Put the question."""
    return f'{name} 问 {number}：{shortened(question, 400)}\n请发"答 {number} 内容"答复。'


def answered(number: str, name: str) -> str:
    """Answer 答."""
    return f"已答复 {name}（{number}）。"


def answer_for_signer(number: str, applicant: str, answer: str) -> str:
    """Hand the answer on."""
    return f"{applicant} 答复 {number}：{shortened(answer, 400)}\n请继续审批：同意 {number}，或驳回 {number} 理由。"


def no_question(number: str) -> str:
    """There is nothing to answer."""
    return f"{number} 现在没有等您答复的提问。"


def hastened(number: str, name: str) -> str:
    """Answer 加急."""
    return f"已加急 {number}，马上送到 {name}。"


def hastened_already(number: str) -> str:
    """加急 twice."""
    return f"{number} 已经加急过了，不重复打扰。"


def refiled(old: str, number: str) -> str:
    """Return the first line of the answer to a refiled purchase."""
    return f"已按 {old} 的内容重新提交采购 {number}"


def files_stay(old: str, count: int) -> str:
    """Return the line of a refiled application whose files stay with the old number."""
    return f"{old} 的 {count} 个附件没有带过来，还要用请重新发送。"


def refiled_before(old: str, number: str, state: ItemState) -> str:
    """Return the answer to a second 重提 while the first still counts."""
    return f'{old} 已重新提交为 {number}（{STATES[state]}），没有再次提交。要看经过请发"追溯 {number}"。'


def amended(kind: str, number: str) -> str:
    """Return the first line of the answer to an amended approval."""
    return f"已补充并重新提交{kind} {number}"


def nothing_changed(number: str) -> str:
    """补充 with what it says already."""
    return f"{number} 的内容已经是这样，没有改动，也不用重新签字。"


def amend_nothing(number: str) -> str:
    """补充 without anything to change."""
    return f"请写明要改什么，例如：补充 {number} 事由=… 金额=…（物品、金额、事由、供应商都可以改）。没有改动。"


def amend_unknown(number: str, field: str) -> str:
    """补充 with a field that a purchase has not."""
    return f'采购没有"{shortened(field, 20)}"这一项，没有改动。可以改：物品、金额、事由、供应商、单价、数量。'


def reminder_for_superior(number: str, title: str, signer: str, since: datetime, times: int) -> str:
    """Tell a superior that a card has waited through all its reminders."""
    return (
        f"{signer} 的审批已等待多日：{number}（{shortened(title, 40)}），{moment(since)} 送达，已提醒 {times} 次。"
        "请协助安排处理。"
    )


def reassigned(number: str, was: str, now: str) -> str:
    """Tell the applicant that the signer has changed."""
    return f"{number} 原签字人 {was} 已不在岗，改由 {now} 审批。"


def unknown_number(number: str) -> str:
    """No such item, or not for this person to see: both read the same."""
    return f'没有找到 {number}，或者它不在您可以查看的范围内。请核对编号，或发"查 关键词"。'


def number_missing(word: str, typed: str) -> str:
    """A command that needs a number came without one."""
    got = f'"{typed}"不是编号。' if typed else ""
    return f"{got}请写明编号，例如：{word} CG-20261123-0001。没有改动。"


def words_missing(word: str, number: str) -> str:
    """问 or 答 without words."""
    words = (EXAMPLES_ANSWER if word == WORD_ANSWER else EXAMPLES_ASK)[0].split(maxsplit=2)[2]
    return f"请写上内容，没有发出。例如：{word} {number} {words}"


def not_an_approval(number: str) -> str:
    """The number is of another kind."""
    return f"{number} 不是需要签字的单子，没有改动。"
