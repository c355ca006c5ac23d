"""申请 and 预览: every kind with its own fields and its own chain, in whole texts (3.1a, 4.1a, 3.2c)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.handlers.office import Card, Office

N = "SP-20261123-0001"
TAIL = f'撤回请发"撤回 {N}"，提醒请发"催办 {N}"（每天最多 3 次）。'

FILED = [
    (
        "xu", "申请 报销 1200 差旅",
        "事由：差旅\n金额：¥1,200.00（壹仟贰佰元整）\n签字顺序：苏主管 → 钱总监\n现在由 苏主管 审批。",
        "报销",
    ),
    (
        "xu", "申请 报销 6万 展会 票据=12",
        "事由：展会\n金额：¥60,000.00（陆万元整）\n票据：12\n签字顺序：苏主管 → 林总监 → 钱总监 → 赵总\n"
        "现在由 苏主管 审批。",
        "报销",
    ),
    ("xu", "申请 用章 劳动合同2份", "文件：劳动合同2份\n签字顺序：苏主管 → 林总监\n现在由 苏主管 审批。", "用章"),
    (
        "lin", "申请 用章 授权书 份数=2",
        "文件：授权书\n份数：2\n签字顺序：赵总\n现在由 赵总 审批。\n"
        "本人不签自己的单，该步改由 赵总 签（制度四（一））。\n"
        "赵总 兼主管、部门负责人，只签一次。",
        "用章",
    ),
    (
        "xu", "申请 合同 30万 年度框架 对方=华东机械 期限=两年 主要条款=按月结算",
        "名称：年度框架\n金额：¥300,000.00（叁拾万元整）\n对方：华东机械\n期限：两年\n主要条款：按月结算\n"
        "签字顺序：苏主管 → 林总监 → 钱总监 → 周总监 → 赵总\n现在由 苏主管 审批。",
        "合同",
    ),
    (
        "xu", "申请 合同 保密协议 对方=华东机械 期限=长期 主要条款=双方保密",
        "名称：保密协议\n对方：华东机械\n期限：长期\n主要条款：双方保密\n签字顺序：苏主管 → 周总监\n"
        "现在由 苏主管 审批。",
        "合同",
    ),
    (
        "xu", "申请 付款 8000 服务器尾款 收款方=华东机械 付款日=12月1日",
        "事由：服务器尾款\n金额：¥8,000.00（捌仟元整）\n收款方：华东机械\n付款日：2026-12-01\n"
        "签字顺序：苏主管 → 钱总监\n现在由 苏主管 审批。",
        "付款",
    ),
    (
        "qian", "申请 借款 3000 备用金 还款日=月底",
        "事由：备用金\n金额：¥3,000.00（叁仟元整）\n还款日：2026-11-30\n签字顺序：严副总 → 赵总\n现在由 严副总 审批。\n"
        "为满两人签字，由复核签字人 严副总 加签（制度四（一））。\n"
        "本人不签自己的单，该步改由 赵总 签（制度四（一））。\n"
        "赵总 兼主管、财务，只签一次。",
        "借款",
    ),
    ("xu", "申请 其他 参加行业展会", "事由：参加行业展会\n签字顺序：苏主管\n现在由 苏主管 审批。", "其他"),
    (
        "zhao", "申请 报销 500 招待",
        "事由：招待\n金额：¥500.00（伍佰元整）\n签字顺序：钱总监 → 严副总\n现在由 钱总监 审批。\n"
        "为满两人签字，由复核签字人 严副总 加签（制度四（一））。",
        "报销",
    ),
]


@pytest.mark.parametrize(
    ("applicant", "typed", "answer", "kind"), FILED, ids=[case[1][:14] + case[0] for case in FILED]
)
def test_each_kind_is_filed_with_its_fields_and_its_chain(
    office: Office, applicant: str, typed: str, answer: str, kind: str
) -> None:
    office.enter(applicant)

    assert office.say(applicant, typed) == f"已提交{kind} {N}\n{answer}\n{TAIL}"

    order = next(line for line in answer.split("\n") if line.startswith("签字顺序：")).removeprefix("签字顺序：")
    org, _ = office.ask(lambda unit: office.orgs.read(unit, office.clock.company_now()))
    named = {person.name: person.userid for person in org.active_people()}
    for name in order.split(" → "):
        card = office.tap(named[name], "同意")
    assert card.outcome.endswith("已通过")
    assert office.acts(N).count("approval.approved") == len(order.split(" → "))


WRONG = [
    ("申请", "请写明类型：报销、合同、用章、付款、借款、其他。例如：\n申请 报销 1200 差旅"),
    (
        "申请 团建 3000 秋游",
        '没有"团建"这类申请，没有提交。可以申请：报销、合同、用章、付款、借款、其他。\n'
        "不在这些里面的请发：申请 其他 团建 3000 秋游",
    ),
    ("申请 采购 服务器 3.5万 扩容", "采购请直接发：采购 服务器 3.5万 扩容"),
    ("申请 报销", "还缺事由、金额，没有提交。\n请补上事由、金额后发送：\n申请 报销 事由= 金额="),
    ("申请 报销 1200", "金额按 ¥1,200.00 理解，还缺事由，没有提交。\n请补上事由后发送：\n申请 报销 1200 事由="),
    ("申请 报销 差旅", "还缺金额，没有提交。\n请补上金额后发送：\n申请 报销 差旅 金额="),
    ("申请 报销 -3 差旅", "金额须大于 0（收到的是 -3），没有提交。请改为：申请 报销 差旅 金额="),
    ("申请 报销 差旅 金额=-3", "金额须大于 0（收到的是 -3），没有提交。请改为：申请 报销 差旅 金额="),
    ("申请 报销 0 差旅", "金额须大于 0（收到的是 0），没有提交。请改为：申请 报销 差旅 金额="),
    ("申请 报销 99999999999999 差旅", "金额过大（收到的是 99999999999999），没有提交。请改为：申请 报销 差旅 金额="),
    ("申请 报销 1200 300 差旅", "看到不止一个金额（1200、300），没有提交。请写明：申请 报销 差旅 金额="),
    (
        "申请 报销 1200 差旅 颜色=红",
        '报销没有"颜色"这一项，没有提交。可以写：事由、金额、项目、票据。例如：申请 报销 1200 差旅',
    ),
    (
        "申请 借款 3000 备用金 还款日=很快",
        '还款日"很快"不能用，没有提交。请改为：申请 借款 3000 备用金 还款日=',
    ),
    (
        "申请 借款 3000 备用金 还款日=2020-01-01",
        '还款日"2020-01-01"已经过去，没有提交。请改为：申请 借款 3000 备用金 还款日=',
    ),
    ("申请 用章 授权书 份数=-2", '份数"-2"不能用，没有提交。请改为：申请 用章 授权书 份数='),
    ("申请 报销 1200 " + "长" * 10_000, "事由最多 1000 字，没有提交。请精简后再发，细节可以发文件附上。"),
    (
        "申请 合同 30万 年度框架 对方=华东机械",
        "金额按 ¥300,000.00 理解，还缺期限、主要条款，没有提交。\n请补上期限、主要条款后发送：\n"
        "申请 合同 30万 年度框架 对方=华东机械 期限= 主要条款=",
    ),
    ("预览", "请写上要预览的内容，例如：预览 采购 服务器 6万 扩容"),
    ("预览 申请 报销 差旅", "还不能预览：还缺金额，没有提交。\n请补上金额后发送：\n申请 报销 差旅 金额="),
]


@pytest.mark.parametrize(("typed", "answer"), WRONG, ids=[typed[:18] for typed, _ in WRONG])
def test_each_wrong_line_gets_one_clear_sentence_and_leaves_nothing_behind(
    office: Office, typed: str, answer: str
) -> None:
    office.enter("xu")
    before = dict(office.counts())

    assert office.say("xu", typed) == answer

    after = dict(office.counts())
    assert {name for name in after if after[name] != before[name]} <= {"inbox"}


def test_a_preview_shows_who_would_sign_and_files_nothing(office: Office) -> None:
    office.enter("xu")
    before = office.counts()["item"]

    assert office.say("xu", "预览 采购 服务器 6万 扩容") == (
        "预览（没有提交）：采购 服务器 · ¥60,000.00（陆万元整）\n签字顺序：苏主管 → 林总监 → 钱总监 → 赵总\n"
        '要提交请去掉"预览"再发一遍。'
    )
    assert office.say("xu", "预览 采购 服务器 3.5万 扩容") == (
        "预览（没有提交）：采购 服务器 · ¥35,000.00（叁万伍仟元整）\n签字顺序：苏主管 → 钱总监 → 赵总\n抄送：林总监\n"
        '要提交请去掉"预览"再发一遍。'
    )
    assert office.say("xu", "预览 用章 劳动合同2份") == (
        "预览（没有提交）：用章 劳动合同2份\n签字顺序：苏主管 → 林总监\n抄送：周总监\n"
        '要提交请去掉"预览"再发一遍。'
    )
    assert office.counts()["item"] == before
    office.silence()


def test_the_records_director_sees_a_contracts_essentials_on_the_card(office: Office) -> None:
    office.say("xu", "申请 合同 3万 保养 对方=华东机械 期限=两年 主要条款=按月结算")
    for signer in ("su", "qian"):
        office.tap(signer, "同意")

    card = office.card("zhou", "同意")

    assert card.json["source"]["desc"] == "合同 · 待您审批"
    assert card.rows == {
        "编号": N, "金额": "¥30,000.00", "对方": "华东机械", "期限": "两年",
        "顺序": "苏主管✓ → 钱总监✓ → 您", "附件": "无",
    }
    assert card.outcome.startswith("名称：保养\n主要条款：按月结算\n内容校验 ")
    assert office.tap("zhou", "同意", card=card).outcome.endswith("已通过")


def test_who_gets_a_copy_is_told_and_who_executes_gets_the_task(office: Office) -> None:
    office.enter("xu")
    office.say("xu", "申请 用章 劳动合同2份")
    assert office.read("zhou") == [
        f'抄送：许专员 提交用章 {N} 劳动合同2份，您无需操作。要看经过请发"追溯 {N}"。'
    ]
    office.say("xu", "申请 报销 1200 差旅")
    second = "SP-20261123-0002"
    for signer in ("su", "qian"):
        office.say(signer, f"同意 {second}")
    told = [message for message in office.read("xu") if isinstance(message, str)]
    assert told[-1] == (
        f"{second} 已通过，用时 不到 1 分钟。11月23日：苏主管 10:00、钱总监 10:00。已转 钱总监 办理。"
    )
    tasks = [message for message in office.read("qian") if isinstance(message, str) and "任务" in message]
    assert tasks == [
        f"报销任务 RW-20261123-0001：差旅 ¥1,200.00\n来自 {second}（销售部 许专员），签字已齐，请办理。\n"
        f'办好请发"完成 RW-20261123-0001 说明"，要看经过请发"追溯 {second}"。'
    ]


def test_an_application_is_returned_amended_rejected_and_filed_again(office_everywhere: Office) -> None:
    office = office_everywhere
    for each in ("xu", "su", "qian"):
        office.enter(each)
    office.say("xu", "申请 付款 8000 尾款 收款方=华东机械")
    office.tap("su", "同意")
    office.skip()
    office.say("qian", f"退回 {N} 收款方写全称")
    assert office.read("xu") == [
        f"{N} 钱总监 退回补充，原因：收款方写全称。\n"
        f'补好请发"补充 {N} 事由=…"（事由、金额、收款方、付款日都可以改），会按新内容重新签字；'
        f'不办了请发"撤回 {N}"。'
    ]
    answer = office.say("xu", f"补充 {N} 收款方=华东机械有限公司")
    assert answer.splitlines()[0] == f"已补充并重新提交付款 {N}"
    assert answer.splitlines()[-2] == "现在由 钱总监 审批。"  # 苏主管 does not answer for the payee
    assert office.say("xu", f"补充 {N} 颜色=红").startswith('付款没有"颜色"这一项')
    assert office.say("xu", f"补充 {N}") == (
        f"请写明要改什么，例如：补充 {N} 事由=…（事由、金额、收款方、付款日都可以改）。没有改动。"
    )
    office.say("qian", f"驳回 {N} 不在预算内")
    assert office.say("xu", f"重提 {N} 金额=7000").splitlines()[:3] == [
        f"已按 {N} 的内容重新提交付款 SP-20261123-0002", "事由：尾款", "金额：¥7,000.00（柒仟元整）",
    ]
    story = office.say("xu", f"追溯 {N}")
    assert "收款方 华东机械 → 华东机械有限公司" in story


KINDS = [
    {
        "id": "travel", "name": "出差", "subject": "事由", "money": "optional", "aliases": ["差旅申请"],
        "fields": [{"name": "days", "label": "天数", "type": "count", "required": True}],
        "steps": [
            {"source": "team", "which": "finance", "mode": "any", "role": "finance"},
            {"source": "person", "which": "luo,gao,wei", "mode": "count", "needed": 2},
            {"source": "superior", "role": "supervisor", "departments": ["sales"]},
        ],
    }
]


def test_a_company_declares_kinds_of_its_own_with_any_and_count(office_with: Callable[..., Office]) -> None:
    office = office_with(policy={"kinds": KINDS})
    office.enter("xu")

    assert office.say("xu", "申请 出差 北京展会 天数=3") == (
        f"已提交出差 {N}\n事由：北京展会\n天数：3\n"
        "签字顺序：钱总监 或 宋主管 → 罗主管、高总监、魏工（2 人） → 苏主管\n现在由 钱总监、宋主管 审批。\n"
        f"{TAIL}"
    )
    other = office.card("qian", "同意")
    office.skip()
    assert office.tap("song", "同意").outcome.endswith("现在由 罗主管、高总监、魏工 审批")
    assert other.outcome == "已同意 · 宋主管 · 11月23日 10:00\n现在由 罗主管、高总监、魏工 审批"
    assert office.tap("qian", "同意", card=other).buttons == []
    assert [one for one in office.read("qian") if isinstance(one, str)] == [
        "这张单已由 宋主管 于 11月23日 10:00 同意，无需再处理。"
    ]
    office.skip()
    office.say("wei", f"驳回 {N} 太远")
    assert office.read("xu") == [f"{N} 魏工 不同意（指定签字人），意见：太远，还在等 罗主管、高总监（1/3）。"]
    office.tap("luo", "同意")
    third = office.tap("gao", "同意")
    assert third.outcome.endswith("现在由 苏主管 审批")
    assert office.tap("su", "同意").outcome.endswith("已通过")


def test_a_long_name_of_a_kind_reaches_every_signer_and_is_settled(office_with: Callable[..., Office]) -> None:
    office = office_with(policy={"kinds": [{**KINDS[0], "name": "海外展会与客户拜访"}]}, rehearsal={"enabled": True})
    office.enter("xu")
    assert "已提交海外展会与客户拜访" in office.say("xu", "申请 海外展会与客户拜访 北京展会 天数=3")
    card = office.card("qian", "同意")
    assert card.json["source"]["desc"] == "演练 · 海外展会与客户拜访 · 待审批"
    office.say("xu", f"加急 {N}")
    office.skip("xu")
    assert office.card("qian", "同意").json["source"]["desc"] == "演练 · 加急 · 海外展… · 待审批"
    assert office.tap("qian", "同意").json["source"]["desc"] == "演练 · 海外展会与客户拜访 · 已处理"


def test_a_vote_that_can_no_longer_pass_ends_it(office_with: Callable[..., Office]) -> None:
    office = office_with(policy={"kinds": KINDS})
    office.enter("luo")
    office.say("xu", "申请 出差 北京展会 天数=3")
    office.tap("song", "同意")
    office.say("wei", f"驳回 {N} 太远")
    waiting = office.card("gao", "同意")
    office.skip()

    assert office.say("luo", f"驳回 {N} 太贵") == f"已驳回 {N}，已告知 许专员。"
    assert waiting.outcome == "已驳回 · 罗主管 · 11月23日 10:00"
    assert isinstance(waiting, Card)
