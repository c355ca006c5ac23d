"""审批里各种操作的话：会签、转交、加签、退回给前面的人、改派、执行。"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from notifications.texts.moments import clock_time, day_of, moment, span
from notifications.texts.sums import figures
from notifications.texts.words import shortened
from policy.approval_acts import Place
from policy.approval_kinds import PURCHASE_ID, Kind
from policy.terms import Verb

PLACES = {Place.BEFORE: "在前面先签", Place.ALONGSIDE: "一起会签", Place.AFTER: "在后面再签"}
PLACE_WORDS = {
    "前": Place.BEFORE, "前加签": Place.BEFORE, "之前": Place.BEFORE, "并": Place.ALONGSIDE, "会签": Place.ALONGSIDE,
    "一起": Place.ALONGSIDE, "后": Place.AFTER, "后加签": Place.AFTER, "之后": Place.AFTER,
}
_PURCHASE_LABELS = {"subject": "物品", "fen": "金额", "reason": "事由", "supplier": "供应商", "unit_fen": "单价",
                    "quantity": "数量", "measure": "单位"}


def labels(kind: Kind) -> str:
    """Return what may be amended, as words."""
    if kind.id == PURCHASE_ID:
        return "物品、金额、事由"
    money = [] if kind.money.value == "none" else ["金额"]
    return "、".join([kind.subject, *money, *(one.label for one in kind.fields)])


def changed_labels(kind: Kind, names: Collection[str]) -> str:
    """Return changed fields as words."""
    known = {**_PURCHASE_LABELS, "reason": kind.subject_word, "attachment": "附件"}
    known.update({one.name: one.label for one in kind.fields})
    return "、".join(known.get(name, name) for name in sorted(names))


def vote(
    number: str, name: str, verb: Verb, role: str, opinion: str, waiting: Sequence[str], done: int, total: int
) -> str:
    """Tell the applicant about one voice of several."""
    word = "已同意" if verb is Verb.APPROVE else "不同意"
    said = f"，意见：{shortened(opinion, 200)}" if opinion else ""
    return f"{number} {name} {word}（{role}）{said}，还在等 {'、'.join(waiting)}（{done}/{total}）。"


def passed(
    number: str, took: timedelta, signed: Sequence[tuple[str, datetime]], executor: str | None
) -> str:
    """Tell the applicant that everything is signed."""
    days: dict[str, list[str]] = {}
    for name, at in signed:
        days.setdefault(day_of(at), []).append(f"{name} {clock_time(at)}")
    told = "；".join(f"{day}：{'、'.join(names)}" for day, names in days.items())
    handed = f"已转 {executor} 办理。" if executor else ""
    return f"{number} 已通过，用时 {span(took)}。{told}。{handed}"


def task_title(kind: str, title: str) -> str:
    """Return the title of the task to carry out an approval."""
    return f"{kind} {shortened(title, 60)}"


def task_to_execute(
    task: str, number: str, kind: str, title: str, fen: int | None, applicant: str, department: str
) -> str:
    """Give the task to whoever carries it out."""
    money = f" {figures(fen)}" if fen is not None else ""
    return (
        f"{kind}任务 {task}：{shortened(title, 80)}{money}\n"
        f"来自 {number}（{department} {applicant}），签字已齐，请办理。\n"
        f'办好请发"完成 {task} 说明"，要看经过请发"追溯 {number}"。'
    )


def back_to_you(number: str, by: str, reason: str) -> str:
    """Tell an earlier signer why it comes back."""
    return f"{by} 把 {number} 退回给您重新审批，原因：{shortened(reason, 300)}。您之前的签字不再算数，请看新的卡片。"


def gone_back(number: str, by: str, to: Sequence[str], reason: str) -> str:
    """Tell the applicant that it went back to an earlier signer."""
    return f"{number} {by} 退回给 {'、'.join(to)} 重新审批，原因：{shortened(reason, 300)}。您无需操作。"


def withdrawn_after_signing(number: str, title: str, applicant: str) -> str:
    """Tell who has signed that it was withdrawn."""
    return f"{number}（{shortened(title, 40)}）已由 {applicant} 撤回，您之前的签字随之作废，无需操作。"


def carried(number: str, title: str, changed: str, was: int | None, now: int | None) -> str:
    """Tell whose signature stays valid what changed."""
    money = ""
    if was is not None and now is not None and was != now:
        money = f"（金额 {figures(was)} → {figures(now)}）"
    what = f"{number}（{shortened(title, 40)}）改了{changed}{money}"
    return f"知会：{what}，与您签的部分无关，您的签字继续有效，无需操作。"


def forwarded(number: str, by: str, to: str, reason: str) -> str:
    """Tell the applicant who signs now."""
    why = f"，说明：{shortened(reason, 200)}" if reason else ""
    return f"{number} {by} 已转交 {to} 审批{why}。"


def forwarded_to_you(number: str, by: str, reason: str) -> str:
    """Tell the new signer."""
    why = f"，说明：{shortened(reason, 200)}" if reason else ""
    return f'{by} 把 {number} 转交给您审批{why}。请看卡片，或发"待办"。'


def forwarded_done(number: str, to: str) -> str:
    """Answer 转交."""
    return f'已把 {number} 转交 {to} 审批，已告知申请人。您仍可以发"追溯 {number}"查看。'


def added_you(number: str, by: str, place: Place, reason: str) -> str:
    """Tell who was added."""
    why = f"，说明：{shortened(reason, 200)}" if reason else ""
    return f"{by} 请您加签 {number}（{PLACES[place]}）{why}。轮到您时会收到卡片。"


def added(number: str, by: str, who: str, place: Place, order: str) -> str:
    """Tell the applicant who was added."""
    return f"{number} {by} 加签 {who}（{PLACES[place]}），现在的签字顺序：{order}。"


def added_done(number: str, who: str, place: Place, order: str) -> str:
    """Answer 加签."""
    return f'已加签 {who}（{PLACES[place]}），现在的签字顺序：{order}。不需要了请发"减签 {number} {who}"。'


def removed(number: str, by: str, who: str, order: str) -> str:
    """Tell the applicant who was removed."""
    return f"{number} {by} 取消了 {who} 的加签，现在的签字顺序：{order}。"


def removed_you(number: str, by: str) -> str:
    """Tell who was removed."""
    return f"{by} 已取消请您加签 {number}，无需操作。"


def removed_done(who: str, order: str) -> str:
    """Answer 减签."""
    return f"已取消 {who} 的加签，现在的签字顺序：{order}。"


def rerouted(number: str, was: str, now: str) -> str:
    """Tell the applicant that the line has changed since filing."""
    return f"{number} 人员或部门有变动，这一步由原来的 {was} 改为 {now} 审批（按现在的隶属关系，制度二（一））。"


def stands_in(number: str, was: str, now: str) -> str:
    """Tell the applicant who signs for somebody away."""
    return f"{number} {was} 现在不在，由 {now} 代为审批。"


def nobody(number: str, was: str, who: str) -> str:
    """Tell the applicant that nobody can sign for now."""
    return f"{number} 现在没有人能接替 {was} 签字，不会自动通过；已请 {who} 安排，安排好后会继续。"


def nobody_for_mender(number: str, was: str) -> str:
    """Ask who can mend it to fill the seat."""
    return (
        f"{number} 的签字人 {was} 已不在岗，也没有人能接替。"
        "请在人员名单里补上负责人，系统每个工作日 10:00 会再找一次。"
    )


def voted(number: str, waiting: Sequence[str]) -> str:
    """Answer a decision that leaves the step open."""
    return f"已记下您对 {number} 的意见，还在等 {'、'.join(waiting)}。10 分钟内可发\"撤回 {number}\"收回。"


def gone_back_done(number: str, to: Sequence[str]) -> str:
    """Answer a return to an earlier signer."""
    return f"已把 {number} 退回给 {'、'.join(to)} 重新审批，签过后会直接回到您这里。"


# --- people ---------------------------------------------------------------------------------------------------------


NOTHING_DONE, EXAMPLE_PERSON = "没有改动", "林总监"


def with_example(told: str, line: str) -> str:
    """Put a filled line behind a sentence."""
    return f"{told}例如：{line}"


def person_missing(word: str, number: str) -> str:
    """转交 or 加签 without a person."""
    tail = " 前" if word == "加签" else ""
    return f"请写明人，例如：{word} {number or 'CG-20261123-0001'} 林总监{tail}。没有改动。"


def applicant_cannot_sign(number: str, who: str) -> str:
    """Nobody signs their own, by no way."""
    return f"{number} 是 {who} 提交的，按制度四（一）不能由本人签字，没有改动。请换一位。"


def already_signs(number: str, who: str) -> str:
    """The person sits in this approval already."""
    return f'{who} 已经在 {number} 的签字顺序里，没有改动。请换一位，或发"追溯 {number}"看顺序。'


def not_able(number: str, who: str, roles: str) -> str:
    """The person may not sign in that capacity."""
    return f'{who} 的权限不够签 {number} 的"{roles}"这一步（制度四（一）），没有改动。请换一位同级或以上的。'


def not_alongside(number: str) -> str:
    """One more voice would make it easier to pass."""
    return f"{number} 这一步不是全员会签，不能并行加签。请改为：加签 {number} 人 后"


def not_before(number: str) -> str:
    """Others are signing at the same time."""
    return f"{number} 这一步有几位同时在签，不能在前面加签。请改为：加签 {number} 人 并，或 加签 {number} 人 后"


def not_added(number: str, who: str) -> str:
    """Only an added signer can be removed."""
    return f"{who} 不是 {number} 加签的人，没有改动。减签只能取消自己加签、还没签的人。"


def not_adder(number: str, who: str, adder: str) -> str:
    """Only who added may remove."""
    return f"{who} 是 {adder} 加签的，只能由 {adder} 取消，没有改动。"


def removal_would_pass(number: str, who: str) -> str:
    """Nothing passes by a removal."""
    return f"减签后 {number} 会没有人再签就通过，没有改动。请等 {who} 签字，或先撤回自己的签字再减签。"


def not_an_earlier_signer(number: str, who: str) -> str:
    """A return goes to the applicant or to who has signed."""
    return (
        f"{who} 没有在您前面签过 {number}，没有退回。"
        f"退回给申请人请发：退回 {number} 理由；退回给前面签过的人请发：退回 {number} 人 理由"
    )


def one_person_only(number: str) -> str:
    """Two different people sign money."""
    return (
        f"{number} 目前只有一位签字人，按制度四（一）涉及金额要两位不同的人签字，没有签。"
        f'请先发"加签 {number} 人 前"。'
    )



USAGE_FORWARD = "转交 编号 人 [说明]：请别人代您签这一步，对方权限不能更低"
EXAMPLES_FORWARD = ("转交 CG-20261123-0001 林总监", "转交 CG-20261123-0001 @宋主管 我不经手这笔")
USAGE_ADD = "加签 编号 人 [前|并|后] [说明]：请一位先签、一起签或在后面再签；不写就是前"
EXAMPLES_ADD = (
    "加签 CG-20261123-0001 罗主管 前 请看技术参数", "加签 CG-20261123-0001 罗主管 并",
    "加签 CG-20261123-0001 罗主管 后",
)
USAGE_REMOVE = "减签 编号 人：取消您加签、还没签的人"
EXAMPLES_REMOVE = ("减签 CG-20261123-0001 罗主管",)


def copy(number: str, applicant: str, kind: str, title: str, fen: int | None) -> str:
    """Send somebody a copy of what was filed."""
    money = f" {figures(fen)}" if fen is not None else ""
    what = f"{kind} {number} {shortened(title, 60)}{money}"
    return f'抄送：{applicant} 提交{what}，您无需操作。要看经过请发"追溯 {number}"。'


def attached_meanwhile(applicant: str, number: str, title: str) -> str:
    """Tell a signer that files have come after the card."""
    return (
        f"{applicant} 给 {number}（{shortened(title, 40)}）附上了附件，您收到的卡片上还没有算进去。"
        f'签字前请点卡片看全文，或发"待办"取新的卡片。'
    )


def attached_late(waiting: Sequence[str]) -> str:
    """Say that a file after the first signature makes a new revision."""
    return f"已有人签过字，附件作为新的一版，请重新签字，现在由 {'、'.join(waiting)} 审批。"


def passed_stays(number: str, name: str, at: datetime) -> str:
    """What has passed is not withdrawn; cancelling it is a request of its own."""
    return (
        f"{number} 已由 {name} 于 {moment(at)} 签字通过，不能撤回。"
        f"要取消请另外提交并重新签字，例如：申请 其他 取消 {number}"
    )
