"""记录 and 更正 in whole texts: one line, a field per line, asked one by one, wrong, missing, cancelled (P.1, P.3)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.handlers.office import Office

FILED_FOOT = '10 分钟内发来的图片、文件会附上；要改请发"更正 {} 字段=值 原因=…"。'
SERVICE = "记录 客户服务 客户=华东机械 内容=电话回访 结果=满意"
FIRST = "JL-20261123-0001"


@pytest.fixture(autouse=True)
def _known(office: Office) -> None:
    for userid in ("xu", "su", "lin", "gao", "zhou"):
        office.enter(userid)


def filed(name: str, number: str, *rows: str) -> str:
    return "\n".join([f"已登记{name}记录 {number}", *rows, FILED_FOOT.format(number)])


def test_a_record_without_template_lists_the_templates(office: Office) -> None:
    assert office.say("xu", "记录") == (
        "可以登记的记录：\n"
        "1. 客户服务（客户、内容、结果）\n"
        "2. 项目进度（项目、阶段、进展）\n"
        "3. 交易（客户、金额、内容、日期）\n"
        "例如发：记录 客户服务"
    )


FILINGS = [
    (SERVICE, filed("客户服务", FIRST, "客户：华东机械", "内容：电话回访", "结果：满意"), "pairs"),
    ("记录 客户服务 客户：华东机械 内容：电话回访 结果：满意",
     filed("客户服务", FIRST, "客户：华东机械", "内容：电话回访", "结果：满意"), "colons in one line"),
    ("记录 客户服务 华东机械 电话回访 满意",
     filed("客户服务", FIRST, "客户：华东机械", "内容：电话回访", "结果：满意"), "words in the template's order"),
    ("登记 客户服务\n客户：华东机械\n内容：电话回访\n设备正常\n结果：满意",
     filed("客户服务", FIRST, "客户：华东机械", "内容：电话回访\n设备正常", "结果：满意"),
     "a field per line, one of two lines"),
    ("记录 客户服务 客户=华东机械 结果=满意 内容=电话回访 设备 运行正常",
     filed("客户服务", FIRST, "客户：华东机械", "内容：电话回访 设备 运行正常", "结果：满意"), "spaces inside a value"),
    ("记录 客户服务 客户=华东机械 结果=满意 联系人=王工 日期=11月20日 内容=\"上门 保养\"",
     filed("客户服务", FIRST, "客户：华东机械", "内容：上门 保养", "结果：满意", "日期：2026年11月20日（周五）",
     "联系人：王工"),
     "fields that may be left out, in the template's order; the date is the nearest"),
    ("记录 交易 客户=华东机械 金额=3.5万 内容=备件 日期=昨天",
     filed("交易", FIRST, "客户：华东机械", "金额：¥35,000.00", "内容：备件", "日期：2026年11月22日（周日）"),
     "a sum and a date"),
    ("记录　交易　客户＝华东机械　金额＝１２００元　内容＝备件　日期＝今天",
     filed("交易", FIRST, "客户：华东机械", "金额：¥1,200.00", "内容：备件", "日期：2026年11月23日（周一）"),
     "wide signs"),
    ("记录 交易 客户=华东机械 金额=1200 内容=备件 日期=2025-03-01",
     filed("交易", FIRST, "客户：华东机械", "金额：¥1,200.00", "内容：备件", "日期：2025年3月1日（周六）"),
     "a day of another year is told with it"),
    ("记录 项目进度 项目=云平台 阶段=执行 进展=接口完成 下一步=联调",
     filed("项目进度", FIRST, "项目：云平台", "阶段：执行", "进展：接口完成", "下一步：联调"), "a choice"),
]


@pytest.mark.parametrize(("typed", "answer", "why"), FILINGS, ids=[case[2] for case in FILINGS])
def test_a_record_is_filed_in_one_message_and_echoed_as_understood(
    office: Office, typed: str, answer: str, why: str
) -> None:
    assert office.say("xu", typed) == answer
    assert office.acts(FIRST) == ["record.filed"]
    office.silence()


WRONG = [
    ("记录 交易 客户=华东机械",
     "交易还缺 金额、内容、日期，没有登记。请补上后发送：\n记录 交易 客户=华东机械 金额= 内容= 日期="),
    ("记录 客户服务 客户= 内容=回访",
     "客户服务还缺 客户、结果，没有登记。请补上后发送：\n记录 客户服务 内容=回访 客户= 结果="),
    ("记录 客户服务 华东机械 满意",
     "客户服务还缺 结果，没有登记。请补上后发送：\n记录 客户服务 客户=华东机械 内容=满意 结果="),
    ("记录 客户服务 华东 机械 电话 回访 满意",
     '没分清"华东 机械 电话 回访 满意"里哪段是哪一项，没有登记。请写明后发送：\n记录 客户服务 客户= 内容= 结果='),
    ("记录 客户服务 很好 客户=A 内容=B 结果=C",
     '没分清"很好"里哪段是哪一项，没有登记。请写明后发送：\n记录 客户服务 客户=A 内容=B 结果=C'),
    ("记录 客户服务 客户=A 内容=B 结果=C 心情=好",
     '客户服务没有"心情"这一项，没有登记。可以填：客户、内容、结果、日期、联系人。'),
    ("记录 客户服务 客户=A 客户=B 内容=C 结果=D",
     '"客户"写了 2 次（A、B），只能写一次，没有登记。请改好后发送：\n记录 客户服务 客户= 内容=C 结果=D'),
    ("记录 采访", '没有"采访"这种记录。可以登记：客户服务、项目进度、交易。例如发：记录 客户服务'),
    ("记录 交易 客户=A 金额=-3 内容=B 日期=今天",
     '"金额"须大于 0（收到的是 -3），没有登记。请改好后发送：\n记录 交易 客户=A 金额= 内容=B 日期=今天'),
    ("记录 交易 客户=A 金额=3.555 内容=B 日期=今天",
     '"金额"最多到分（收到的是 3.555），没有登记。请改好后发送：\n记录 交易 客户=A 金额= 内容=B 日期=今天'),
    ("记录 交易 客户=A 金额=3-5万 内容=B 日期=今天",
     '"金额"看不准（收到的是 3-5万），请写一个确定的数，没有登记。请改好后发送：\n'
     '记录 交易 客户=A 金额= 内容=B 日期=今天'),
    ("记录 交易 客户=A 金额=很多 内容=B 日期=今天",
     '"金额"要写金额，例如 3.5万（收到的是 很多），没有登记。请改好后发送：\n记录 交易 客户=A 金额= 内容=B 日期=今天'),
    ("记录 交易 客户=A 金额=5000 内容=B 日期=2月30日",
     '"日期"没有这一天（收到的是 2月30日），没有登记。请改好后发送：\n记录 交易 客户=A 金额=5000 内容=B 日期='),
    ("记录 交易 客户=A 金额=负三万 内容=B 日期=改天",
     "没有登记，这几项要改：\n"
     '· "金额"须大于 0（收到的是 负三万）\n'
     '· "日期"要写日期，例如 11月23日、昨天（收到的是 改天）\n'
     "请改好后发送：\n记录 交易 客户=A 金额= 内容=B 日期="),
    ("记录 项目进度 项目=A 阶段=收尾 进展=B",
     '"阶段"只能是 启动、执行、验收（收到的是 收尾），没有登记。请改好后发送：\n记录 项目进度 项目=A 阶段= 进展=B'),
    ("记录 客户服务 客户=A 结果=B 内容=" + "长" * 1001,
     '"内容"太长，最多 1000 字，没有登记。请改好后发送：\n记录 客户服务 客户=A 结果=B 内容='),
    ("记录 客户服务 客户=A 内容=" + "长" * 1000,
     "客户服务还缺 结果，没有登记。请在原文上补上后重新发送。"),
]


@pytest.mark.parametrize(("typed", "answer"), WRONG, ids=[case[0][:40] for case in WRONG])
def test_what_is_wrong_with_a_record_is_said_and_nothing_is_left_behind(
    office: Office, typed: str, answer: str
) -> None:
    before = office.counts()

    assert office.say("xu", typed) == answer

    assert {name: size for name, size in office.counts().items() if before[name] != size and name != "inbox"} == {}
    office.silence()


def test_the_longest_record_is_echoed_within_one_message(office: Office) -> None:
    long = "长" * 1000

    answer = office.say("xu", f"记录 客户服务 客户={long} 内容={long} 结果={long} 联系人={long} 日期=今天")

    assert answer.startswith(f"已登记客户服务记录 {FIRST}\n客户：{'长' * 99}…\n")
    assert answer.endswith(FILED_FOOT.format(FIRST))
    short = "短" * 900
    changed = office.say(
        "xu", f"更正 {FIRST} 客户={short} 内容={short} 结果={short} 联系人={short} 原因={'因' * 500}"
    )
    assert changed.startswith(f"已更正 {FIRST}（第 2 版，旧版保留）\n客户：{'长' * 39}… → {'短' * 39}…\n")


# --- asked one by one -----------------------------------------------------------------------------------------------

ASK_PROJECT = (
    "项目进度要填：\n"
    "· 项目\n"
    "· 阶段：启动、执行、验收 选一个\n"
    "· 进展\n"
    "· 问题（可不填）\n"
    "· 下一步（可不填）\n"
    "可以一次发完：记录 项目进度 项目=… 阶段=… 进展=…\n"
    '也可以一项一项来，先填写"项目"，直接发内容就行。发"取消"停止。'
)


def test_fields_are_asked_one_by_one_with_another_command_in_between(office: Office) -> None:
    assert office.say("xu", "记录 项目进度") == ASK_PROJECT
    assert office.say("xu", "云平台") == '（2/3）请填写"阶段"（启动、执行、验收 选一个）。发"取消"停止。'
    assert office.say("xu", "收尾") == (
        '"阶段"只能是 启动、执行、验收（收到的是 收尾），还没有登记。请重新填写"阶段"，或发"取消"停止。'
    )
    assert office.say("xu", "待办") == (
        '现在没有等您处理的事。\n项目进度还没填完，接着填写"阶段"，或发"取消"停止。'
    )
    assert office.say("xu", "执行") == '（3/3）请填写"进展"。发"取消"停止。'
    assert office.say("xu", "好的") == filed("项目进度", FIRST, "项目：云平台", "阶段：执行", "进展：好的")
    assert office.say("xu", "执行") == '没看懂"执行"。发"帮助"看可以做什么，发"待办"看等您处理的事。'


def test_a_sum_and_a_date_are_asked_with_an_example_and_asked_again_when_wrong(office: Office) -> None:
    office.say("xu", "记录 交易")
    assert office.say("xu", "华东机械") == '（2/4）请填写"金额"（金额，例如 3.5万）。发"取消"停止。'
    assert office.say("xu", "一点点") == (
        '"金额"要写金额，例如 3.5万（收到的是 一点点），还没有登记。请重新填写"金额"，或发"取消"停止。'
    )
    office.say("xu", "三万五")
    assert office.say("xu", "备件") == '（4/4）请填写"日期"（日期，例如 11月23日、昨天）。发"取消"停止。'
    assert office.say("xu", "昨天") == filed(
        "交易", FIRST, "客户：华东机械", "金额：¥35,000.00", "内容：备件", "日期：2026年11月22日（周日）"
    )


def test_several_fields_may_be_sent_at_once_while_one_is_asked_for(office: Office) -> None:
    office.say("xu", "记录 客户服务")
    assert office.say("xu", "客户：华东机械\n内容：电话回访") == '（3/3）请填写"结果"。发"取消"停止。'
    assert office.say("xu", "结果=满意") == filed("客户服务", FIRST, "客户：华东机械", "内容：电话回访", "结果：满意")


@pytest.mark.parametrize("word", ["取消", "算了", "停止"])
def test_asking_is_stopped_by_one_word(office: Office, word: str) -> None:
    office.say("xu", "记录 项目进度")
    office.say("xu", "云平台")

    assert office.say("xu", word) == "已停止填写，没有登记。"
    assert office.say("xu", word) == "现在没有正在填写的内容。"
    assert office.acts(FIRST) == []


def test_a_value_that_begins_with_the_word_for_stopping_is_a_value(office: Office) -> None:
    office.say("xu", "记录 项目进度")

    assert office.say("xu", "取消 老系统的项目") == '（2/3）请填写"阶段"（启动、执行、验收 选一个）。发"取消"停止。'
    assert office.say("su", "取消 CG-20261123-0001") == '已提交的请用"撤回"，发：撤回 CG-20261123-0001'


def test_a_value_that_comes_too_late_is_told_so_with_what_was_said_kept(office: Office) -> None:
    office.say("xu", "记录 客户服务")
    office.say("xu", "华东机械")
    office.move(minutes=11)

    assert office.say("xu", "电话回访") == (
        "客户服务超过 10 分钟没有填完，没有登记。要继续请补全后发送：\n记录 客户服务 客户=华东机械 内容= 结果="
    )
    assert office.say("xu", "电话回访") == '没看懂"电话回访"。发"帮助"看可以做什么，发"待办"看等您处理的事。'


def test_a_record_begun_anew_forgets_the_one_before(office: Office) -> None:
    office.say("xu", "记录 客户服务")
    assert office.say("xu", "记录 项目进度") == ASK_PROJECT
    assert office.say("xu", "云平台") == '（2/3）请填写"阶段"（启动、执行、验收 选一个）。发"取消"停止。'


def test_a_record_sent_in_one_message_ends_the_asking_for_it(office: Office) -> None:
    office.say("xu", "记录 客户服务")
    office.say("xu", SERVICE)
    assert office.say("xu", "查 没有的东西") == (
        '没有找到和"没有的东西"有关、您可以查看的内容。换个词试试，或发编号。'
    )
    assert "没看懂" in office.say("xu", "华东机械")


def test_a_form_that_is_half_filled_waits_while_another_record_is_sent(office: Office) -> None:
    office.say("xu", "记录 项目进度")
    office.say("xu", "云平台")
    office.say("xu", SERVICE)
    assert office.say("xu", "启动") == '（3/3）请填写"进展"。发"取消"停止。'


# --- 更正 -----------------------------------------------------------------------------------------------------------


def test_a_correction_is_a_new_revision_and_the_author_is_told_of_anothers(office: Office) -> None:
    office.say("xu", SERVICE)

    assert office.say("xu", f"更正 {FIRST} 结果=一般 联系人=王工 原因=听错了") == (
        f"已更正 {FIRST}（第 2 版，旧版保留）\n结果：满意 → 一般\n联系人：（空） → 王工\n原因：听错了"
    )
    office.silence()
    assert office.say("lin", f"更正 {FIRST}\n联系人：\n结果：已换货\n原因：客户来电") == (
        f"已更正 {FIRST}（第 3 版，旧版保留）\n结果：一般 → 已换货\n联系人：王工 → （空）\n原因：客户来电"
    )
    assert office.read("xu") == [
        f'林总监 更正了您的记录 {FIRST}，原因：客户来电。发"追溯 {FIRST}"看前后对比。'
    ]
    assert office.say("xu", f"追溯 {FIRST}").splitlines()[4:7] == [
        "2026-11-23 10:00:00 许专员 登记（模板第 1 版）：客户：华东机械；内容：电话回访；结果：满意",
        "2026-11-23 10:00:00 许专员 更正（第 2 版）：结果 满意 → 一般；联系人 （空） → 王工；原因：听错了",
        "2026-11-23 10:00:00 林总监 更正（第 3 版）：结果 一般 → 已换货；联系人 王工 → （空）；原因：客户来电",
    ]


NOT_CORRECTED = [
    ("xu", "更正", "请写明要更正的记录编号、字段和原因，例如：更正 JL-20261123-0001 结果=已换货 原因=漏写"),
    ("xu", f"更正 {FIRST}",
     f"请写明要改的字段和原因，没有改动。可以改：客户、内容、结果、日期、联系人。例如：更正 {FIRST} 客户=… 原因=…"),
    ("xu", f"更正 {FIRST} 结果=一般",
     f"更正要写原因（制度总则），没有改动。请补上后发送：\n更正 {FIRST} 结果=一般 原因="),
    ("xu", f"更正 {FIRST} 心情=好 原因=漏写",
     '客户服务没有"心情"这一项，没有改动。可以填：客户、内容、结果、日期、联系人。'),
    ("xu", f"更正 {FIRST} 结果=满意 原因=再看看", f"{FIRST} 的内容和您发的一样，没有改动。"),
    ("xu", f"更正 {FIRST} 结果= 原因=漏写",
     f'"结果"不能空着，没有改动。请改好后发送：\n更正 {FIRST} 结果= 原因=漏写'),
    ("xu", f"更正 {FIRST} 日期=改天 原因=漏写",
     f'"日期"要写日期，例如 11月23日、昨天（收到的是 改天），没有改动。请改好后发送：\n更正 {FIRST} 日期= 原因=漏写'),
    ("xu", f"更正 {FIRST} 结果=一般 原因={'因' * 501}",
     f'"原因"太长，最多 500 字，没有改动。请改好后发送：\n更正 {FIRST} 结果=一般 原因='),
    ("xu", "更正 JL-20261123-0099 结果=一般 原因=漏写",
     '没有找到 JL-20261123-0099，或者它不在您可以查看的范围内。请核对编号，或发"查 关键词"。'),
    ("gao", f"更正 {FIRST} 结果=一般 原因=漏写",
     f'没有找到 {FIRST}，或者它不在您可以查看的范围内。请核对编号，或发"查 关键词"。'),
    ("zhou", f"更正 {FIRST} 结果=一般 原因=漏写",
     f"{FIRST} 由 许专员 登记，只有本人和上级可以更正（制度总则），没有改动。请联系 许专员。"),
]


@pytest.mark.parametrize(("who", "typed", "answer"), NOT_CORRECTED, ids=[f"{c[0]} {c[1][:50]}" for c in NOT_CORRECTED])
def test_a_correction_that_cannot_be_made_says_why_and_changes_nothing(
    office: Office, who: str, typed: str, answer: str
) -> None:
    office.say("xu", SERVICE)

    assert office.say(who, typed) == answer
    assert office.acts(FIRST) == ["record.filed"]
    office.silence()


def test_a_purchase_is_not_corrected_like_a_record(office: Office) -> None:
    office.say("xu", "采购 服务器 3.5万 扩容")

    assert office.say("xu", "更正 CG-20261123-0001 金额=1万 原因=看错") == (
        'CG-20261123-0001 不是业务记录，不能更正，没有改动。审批中的单子请提交人撤回后重提，'
        '或等退回后发"补充 CG-20261123-0001"。'
    )


def test_two_corrections_at_once_become_two_revisions(office_everywhere: Office) -> None:
    office = office_everywhere
    for userid in ("xu", "su"):
        office.enter(userid)
    office.say("xu", SERVICE)

    def correct(who: str, result: str) -> str:
        fields = {
            "ToUserName": "ww1", "FromUserName": who, "AgentID": "1000002", "CreateTime": "1", "MsgType": "text",
            "Content": f"更正 {FIRST} 结果={result} 原因=核对", "MsgId": f"77{who}",
        }
        return office.dispatch.handle(fields, "127.0.0.1").answer.decode()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(correct, ("xu", "su"), ("一般", "不满意")))

    assert sorted(f"第 {n} 版" in answer for answer in answers for n in (2, 3)) == [False, False, True, True]
    assert office.acts(FIRST) == ["record.filed", "record.corrected", "record.corrected"]
