"""Print docs/approvals.md from the table of transitions that the engine executes: python -m tools.approvals_manual."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from notifications.texts.acts import changed_labels
from notifications.texts.words import ROLES, STATES, VERBS, chapter
from policy.approval_acts import Change, Guard, Who
from policy.approval_kinds import DEFAULTS, PURCHASE, Kind, Money, Source, StepRule
from policy.approvals import TRANSITIONS, Effect, Transition
from policy.chains import Mode
from policy.parameters import Parameters

PAGE = Path(__file__).resolve().parents[1] / "docs" / "approvals.md"

WHO = {
    Who.APPLICANT: "申请人", Who.SIGNER: "当前签字人", Who.PAST_SIGNER: "刚签过的人", Who.ADDER: "加签的人",
    Who.SYSTEM: "系统",
}
GUARDS = {
    Guard.REASON: "写明理由", Guard.STEP_STAYS_OPEN: "这一步还没签齐", Guard.STEP_PASSES: "这一步签齐",
    Guard.STEP_FAILS: "这一步已不可能通过", Guard.MORE_STEPS: "后面还有人签", Guard.LAST_STEP: "后面没有人签",
    Guard.ENOUGH_PEOPLE: "涉及金额时至少两位不同的人同意", Guard.TO_APPLICANT: "退回给申请人",
    Guard.TO_EARLIER_SIGNER: "退回给前面签过的人", Guard.IN_TIME: "在可撤回的时间内",
    Guard.NEXT_HAS_NOT_ACTED: "后面的人还没处理", Guard.CHANGED: "内容有变化", Guard.UNSIGNED: "还没有人签",
    Guard.NOT_URGENT: "还没加急过", Guard.QUESTION: "有等答复的提问",
    Guard.NOT_SEATED: "对方不是申请人，也不在签字顺序里",
    Guard.NOT_APPLICANT: "对方不是申请人", Guard.ABLE: "对方的权限不低于这一步", Guard.BEFORE: "前加签",
    Guard.ALONGSIDE: "并加签", Guard.AFTER: "后加签", Guard.ONE_SEAT: "这一步只有一位签字人",
    Guard.ALL_MUST_AGREE: "这一步须全员同意", Guard.OPEN_SEAT: "对方还没签",
    Guard.REMOVING_LEAVES_ONE_OPEN: "取消后仍有人要签",
}
CHANGES = {
    Change.NOTHING: "不变", Change.DECIDE: "记下决定", Change.DECIDE_AND_GO_ON: "记下决定，进入下一步",
    Change.GO_BACK: "新的一轮，从那位签字人起；其他人的签字沿用", Change.UNDECIDE: "决定撤回",
    Change.RENEW: "新版本、新的一轮；与改动无关的签字沿用", Change.MARK_URGENT: "标为加急",
    Change.KEEP_QUESTION: "记下提问，不再提醒提问的人", Change.END_QUESTION: "提问结束，恢复提醒",
    Change.MOVE_SEAT: "这一席换人", Change.ADD_BEFORE: "前面加一步", Change.ADD_ALONGSIDE: "这一步加一席",
    Change.ADD_AFTER: "后面加一步", Change.REMOVE_SEAT: "去掉加签的一席",
}
EFFECTS = {
    Effect.SIGN: "签名存档，绑定这一版内容的校验码", Effect.SETTLE_SEAT: "这一席的卡片变为结果",
    Effect.SETTLE_STEP: "这一步所有卡片变为结果", Effect.VOID_CARDS: "所有未处理的卡片作废并说明",
    Effect.FORGET: "待办和提醒取消", Effect.OPEN_STEP: "找到下一步实际签字人，送卡片，设提醒",
    Effect.OPEN_SEAT: "给这一席送卡片", Effect.TELL_SIGNED: "告知申请人", Effect.FINISH: "告知申请人，转执行人办理",
    Effect.GIVE_BACK: "退给申请人，告知原因", Effect.END: "告知申请人未通过及原因",
    Effect.TELL_BACK: "告知被退回的人和申请人", Effect.TELL_WITHDRAWN: "告知已签字的人",
    Effect.TELL_TAKEN_BACK: "告知申请人", Effect.TELL_CARRIED: "知会签字沿用的人",
    Effect.TELL_MOVED: "告知新签字人和申请人", Effect.TELL_ADDED: "告知被加（减）签的人和申请人",
}
MODES = {
    Mode.ALL: "会签：全员同意才通过，一人驳回即结束", Mode.ANY: "或签：先决定的一位算数，同意或驳回都是",
    Mode.COUNT: "n 人通过：同意满 n 人即通过；剩下的人全同意也不够时即不通过",
    Mode.RATIO: "按比例：同意人数达到比例（向上取整）即通过；不可能达到时即不通过",
}
SOURCES = {
    Source.SUPERIOR: "直接上级", Source.DIRECTOR: "上级线上的总监", Source.HEAD: "部门负责人", Source.POST: "岗位",
    Source.ROLE: "岗位的全部任职者", Source.PERSON: "指定的人", Source.TEAM: "某类部门的主管以上",
}


def manual() -> str:
    """Return docs/approvals.md, whole."""
    parameters = Parameters()
    lines = [
        "# 审批手册", "",
        "本页由程序执行的同一张表印出（`python -m tools.approvals_manual`），测试保证两者一致。"
        "表里没有的操作一律不行。", "",
        "## 操作", "",
        "| 状态 | 操作 | 谁 | 条件 | 结果 | 单子怎么变 | 随后 | 依据 |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(row) for row in TRANSITIONS), "",
        "## 一步里有几位签字人", "", *(f"- {MODES[mode]}" for mode in Mode), "",
        "退回是一个人的决定，任何一种都立即生效。并加签的人计入总数，所以只有全员会签的步骤可以并加签。", "",
        "## 谁签不了时", "",
        "- 申请人不签自己的单：该步由其上级签；涉及金额而不足两位不同的人时，由复核签字人加签。",
        "- 签字人已离职：依次由其上级、复核签字人、业务记录部总监、总经理、其他高管和总监接替，"
        "申请人和已在顺序里的人除外；"
        "都没有时不会自动通过，请有权的人补上，每个工作日 10:00 再找一次。",
        "- 人员或部门有变动：已到手的一步不换人；还没到的步骤到时按当时的隶属关系找人，并告知申请人。",
        "- 提交时缺人：不能提交，说明缺哪一席、由谁补上。",
        f"- 等待过久：{parameters.reminder_after_hours} 个工作小时后提醒，之后每个工作日 10:00 提醒，"
        f"{parameters.reminders_before_superior} 次后告知上级。任何超时都不会自动同意或驳回。", "",
        "## 内容改了谁要重签", "",
        "金额调低只知会；金额调高、没有列出的内容改动，全部重签。至少有一位要对新内容签字。", "",
        "| 类型 | 改动 | 重签的人 |", "|---|---|---|",
        *(line for kind in (PURCHASE, *DEFAULTS) for line in _concerns(kind)), "",
        "## 类型", "", "| 类型 | 金额 | 内容 | 签字 | 抄送 |", "|---|---|---|---|---|",
        *(_kind(kind) for kind in DEFAULTS), "",
        "采购的签字按制度三（一）、四（一）：部门、财务、总经理；达到限额时总监也签。", "",
        "自己的类型写在设置的 `policy.kinds`，同名的替换上表：", "", "```yaml", *_EXAMPLE, "```", "",
    ]
    return "\n".join(lines)


_EXAMPLE = (
    "policy:", "  kinds:", "    - id: travel", "      name: 出差", "      subject: 事由",
    "      money: optional            # required | optional | none", "      fields:",
    "        - {name: days, label: 天数, type: count, required: true}   # text | count | date", "      steps:",
    "        - {source: superior, role: supervisor}",
    "        - {source: team, which: finance, mode: any, role: finance, from_yuan: 5000}",
    "        - {source: person, which: \"luo,gao,wei\", mode: count, needed: 2}",
    "        - {source: post, which: ceo, role: ceo, from_limit: true}",
    "      concerns: {days: [supervisor]}",
)


def _row(row: Transition) -> str:
    cells = (
        STATES[row.state], VERBS[row.verb], WHO[row.who], _joined(GUARDS[guard] for guard in row.guards),
        STATES[row.to], CHANGES[row.change], _joined(EFFECTS[effect] for effect in row.effects),
        chapter(row.control),
    )
    return f"| {' | '.join(cells)} |"


def _concerns(kind: Kind) -> Iterable[str]:
    for field, roles in kind.concerns.items():
        yield f"| {kind.name} | {changed_labels(kind, [field])} | {'、'.join(ROLES[role] for role in roles)} |"


def _kind(kind: Kind) -> str:
    money = {Money.REQUIRED: "要", Money.OPTIONAL: "可有", Money.NONE: "无"}[kind.money]
    fields = [f"{kind.subject}（必填）", *(f"{one.label}{'（必填）' if one.required else ''}" for one in kind.fields)]
    steps = [_step(rule) for rule in kind.steps]
    copies = "业务记录部总监" if kind.copies else "—"
    return f"| {kind.name} | {money} | {'、'.join(fields)} | {' → '.join(steps)} | {copies} |"


def _step(rule: StepRule) -> str:
    who = ROLES[rule.role] if rule.source is Source.POST else SOURCES[rule.source]
    when = "达到限额时" if rule.from_limit else ("有金额时" if rule.with_sum else "")
    return f"{who}（{when}）" if when else who


def _joined(parts: Iterable[str]) -> str:
    return "；".join(parts) or "—"


if __name__ == "__main__":
    PAGE.write_text(manual(), encoding="utf-8")
    print(f"written: {PAGE.name}")
