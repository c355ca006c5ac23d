"""修订: a figure is changed by a revision that shows what it would have done, and holds for what is filed then."""

from __future__ import annotations

from notifications.texts.revisions import NAMES
from policy.figures import figure_names
from tests.handlers.office import Card, Office


def ready(office: Office) -> None:
    """Let people have met, and two purchases lie in the past: 60,000 (four signers) and 8,000 (three)."""
    for userid in office.phones.chats:
        office.enter(userid)
    office.say("xu", "采购 服务器 6万 扩容")
    office.say("xu", "采购 显示器 8000 更换")
    office.skip()


PROPOSED = (
    "已提出修订 XD-20261123-0001\n"
    "总监审批起点：¥50,000.00 → ¥100,000.00\n"
    "生效：批准后立即\n"
    "近 90 天 2 单中 1 单签字顺序会不同：多签 0 次、少签 1 次，涉及 ¥60,000.00。\n"
    '现在由 周总监 批准。撤回请发"撤回 XD-20261123-0001"。'
)


def test_a_revision_is_proposed_with_its_effect_approved_published_and_in_force(office_everywhere: Office) -> None:
    office = office_everywhere
    ready(office)

    assert office.say("wu", "修订 总监审批起点=10万 理由=业务规模扩大") == PROPOSED

    (card,) = office.read("zhou")
    assert isinstance(card, Card)
    assert card.rows == {
        "编号": "XD-20261123-0001", "项目": "总监审批起点", "现在": "¥50,000.00", "改为": "¥100,000.00",
        "生效": "批准后立即", "提出": "吴主管",
    }
    assert card.json["sub_title_text"] == (
        "近 90 天 2 单中 1 单签字顺序会不同：多签 0 次、少签 1 次，涉及 ¥60,000.00\n理由：业务规模扩大"
    )
    office.silence()

    assert office.tap("zhou", "同意").outcome == "已批准 · 周总监 · 11月23日 10:00"

    notice = [message for message in office.read("xu") if isinstance(message, Card)]
    assert [card.json["sub_title_text"] for card in notice] == [
        "制度第 2 版：总监审批起点由 ¥50,000.00 改为 ¥100,000.00，11月23日 10:00 起生效（XD-20261123-0001）。"
        "生效前已提交的单据按原版办理。"
    ]
    told = "XD-20261123-0001 总监审批起点的修订已由 周总监 批准，制度第 2 版 11月23日 10:00 起生效。"
    assert told in office.read("wu")
    answer = office.say("xu", "采购 机柜 6万 扩容")
    assert "签字顺序：苏主管 → 钱总监 → 赵总" in answer.split("\n")
    # What was filed before keeps its own version.
    assert "苏主管 → 林总监 → 钱总监 → 赵总" in office.say("xu", "追溯 CG-20261123-0001")


def test_a_revision_from_a_later_day_holds_from_that_day(office: Office) -> None:
    ready(office)
    office.say("wu", "修订 总监审批起点=10万 起=11月25日 理由=业务规模扩大")
    office.tap("zhou", "同意")
    early = office.say("xu", "采购 机柜 6万 扩容")
    office.until(office.at(9, 0, days=2))

    late = office.say("xu", "采购 机柜 6.1万 扩容")

    assert "签字顺序：苏主管 → 林总监 → 钱总监 → 赵总" in early.split("\n")
    assert "签字顺序：苏主管 → 钱总监 → 赵总" in late.split("\n")


def test_a_rejection_names_its_reason_and_changes_nothing(office: Office) -> None:
    ready(office)
    office.say("wu", "修订 总监审批起点=10万 理由=业务规模扩大")
    office.skip()

    untouched = office.tap("zhou", "驳回")
    assert untouched.buttons == ["同意", "驳回"]
    assert office.read("zhou") == [
        '请先在"原因"里选一项再点驳回，或直接发：驳回 XD-20261123-0001 理由'
    ]
    card = office.tap("zhou", "驳回", choose="影响过大")

    assert card.outcome == "已驳回 · 周总监 · 11月23日 10:00\n原因：影响过大"
    assert office.read("wu") == ["XD-20261123-0001 总监审批起点的修订未通过：周总监 驳回，原因：影响过大。"]
    assert "现行制度第 1 版（11月23日 10:00 起）：\n总监审批起点：¥50,000.00\n" in office.say("zhou", "修订")
    office.silence()


def test_the_whole_story_of_a_revision_is_told(office: Office) -> None:
    ready(office)
    office.say("wu", "修订 总监审批起点=10万 理由=业务规模扩大")
    office.say("zhou", "驳回 XD-20261123-0001 影响过大")
    office.say("wu", "修订 总监审批起点=8万 理由=业务规模扩大")
    office.say("zhou", "同意 XD-20261123-0002")

    told = [line for line in office.say("wu", "追溯 XD-20261123-0001").split("\n") if "已送达" not in line]
    assert told[4:] == [
        "2026-11-23 10:00:00 吴主管 提出修订：总监审批起点 ¥50,000.00 → ¥100,000.00",
        "2026-11-23 10:00:00 周总监 驳回",
        "2026-11-23 10:00:00 周总监 驳回的原因：影响过大",
    ]
    assert "2026-11-23 10:00:00 周总监 批准，11月23日 10:00 起为制度第 2 版" in office.say(
        "wu", "追溯 XD-20261123-0002"
    )


def test_the_directors_own_revision_goes_to_the_ceo(office: Office) -> None:
    ready(office)

    answer = office.say("zhou", "修订 审批提醒=8 理由=少打扰")

    assert "现在由 赵总 批准。" in answer
    assert office.say("zhou", "批准 XD-20261123-0001") == "XD-20261123-0001 由 赵总 批准，您这次的操作没有生效。"
    assert office.say("zhao", "同意 XD-20261123-0001").startswith(
        "修订 XD-20261123-0001（已批准）\n审批提醒：4 个工作小时 → 8 个工作小时"
    )


def test_the_proposer_takes_it_back_and_the_card_says_so(office: Office) -> None:
    ready(office)
    office.say("wu", "修订 总监审批起点=10万 理由=业务规模扩大")

    assert office.say("wu", "撤回 XD-20261123-0001") == "XD-20261123-0001 已撤回，制度没有改动。"

    card = office.card("zhou")
    assert card.outcome == "已撤回 · 吴主管 · 11月23日 10:00"
    assert office.say("zhou", "批准 XD-20261123-0001") == (
        "XD-20261123-0001 已由 吴主管 于 11月23日 10:00 撤回，无需再处理。"
    )


def test_who_decides_is_reminded_each_working_day_until_it_is_decided(office: Office) -> None:
    ready(office)
    office.say("wu", "修订 总监审批起点=10万 理由=业务规模扩大")
    office.skip("zhou")

    office.until(office.at(10, 30, days=1))

    words = (
        "修订 XD-20261123-0001（总监审批起点，吴主管 提出）还在等您批准。"
        '请发"同意 XD-20261123-0001"或"驳回 XD-20261123-0001 理由"。'
    )
    assert words in office.read("zhou")
    office.tap("zhou", "同意")
    office.skip()
    office.until(office.at(10, 30, days=1))
    assert words not in office.read("zhou")


WRONG = (
    (
        "xu", "修订 总监审批起点=10万 理由=试",
        "修订由业务记录部主管以上提出（制度二（一）），没有提交。有建议请告诉 周总监。",
    ),
    ("wu", "修订 总监审批起点=10万", "还缺理由，没有提交。请补上后发送：\n修订 总监审批起点=10万 理由="),
    (
        "wu", "修订 总监审批=10万 理由=试",
        '没有"总监审批"这一项，没有提交。您是要改"总监审批起点"吗？发"修订"看全部项目。',
    ),
    ("wu", "修订 总监审批起点=很多 理由=试", "总监审批起点要写成金额，例如 10万（收到的是 很多），没有提交。"),
    ("wu", "修订 审批提醒=0 理由=试", "审批提醒不能是 0，没有提交。"),
    ("wu", "修订 审批提醒=-3 理由=试", "审批提醒要写成整数，例如 5 个工作小时（收到的是 -3），没有提交。"),
    ("wu", "修订 周会时间=25:00 理由=试", "周会时间不能是 25:00，没有提交。"),
    ("wu", "修订 总监审批起点=5万 理由=试", "总监审批起点现在就是 ¥50,000.00，无需修订。"),
    (
        "wu", "修订 总监审批起点=10万 起=2026-11-20 理由=试",
        "11月20日 周五 已过，修订只能从今天或以后生效，没有提交。",
    ),
    (
        "wu", "修订 审批提醒=5 每件每天催办=2 理由=试",
        "一次修订只改一项（收到 审批提醒、每件每天催办），没有提交。请分开提出。",
    ),
    ("wu", "修订 部门签字=随便 理由=试", "部门签字不能是 随便，没有提交。"),
)


def test_what_is_wrong_is_said_in_one_sentence_and_leaves_nothing_behind(office: Office) -> None:
    ready(office)
    before = {name: count for name, count in office.counts().items() if name not in ("inbox", "access")}

    for who, typed, expected in WRONG:
        answer = office.say(who, typed)
        assert answer == expected, typed

    after = {name: count for name, count in office.counts().items() if name not in ("inbox", "access")}
    assert after == before
    office.silence()


def test_the_list_of_figures_fits_into_one_answer_and_names_real_ones(office: Office) -> None:
    ready(office)

    answer = office.say("wu", "修订")

    assert set(NAMES) <= set(figure_names())
    assert answer.count("\n") == len(NAMES) + 1
    assert answer.endswith("提出修订请发：修订 总监审批起点=10万 理由=业务规模扩大")
