"""采购 as people type it: what is filed, what is refused, and that nothing is guessed or dropped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.language.amounts import AmountProblem
from handlers.language.command import CommandLine, read_command
from handlers.language.purchase import PurchaseLine, PurchaseProblem, read_purchase
from policy.money import LARGEST, format_yuan
from tests.handlers.language.words import VOCABULARY

FILED = [
    ("服务器 3.5万 扩容", PurchaseLine("服务器", 3_500_000, "扩容"), "the contract's own"),
    ("服务器 三万五 扩容", PurchaseLine("服务器", 3_500_000, "扩容"), "characters"),
    ("服务器 ￥12，000 扩容", PurchaseLine("服务器", 1_200_000, "扩容"), "wide sign and comma"),
    ("服务器 1200 RMB 扩容", PurchaseLine("服务器", 120_000, "扩容"), "currency apart"),
    ("服务器 人民币 3000 扩容", PurchaseLine("服务器", 300_000, "扩容"), "currency before"),
    ("服务器，3.5万，扩容", PurchaseLine("服务器", 3_500_000, "扩容"), "commas instead of spaces"),
    ("服务器、3.5万、扩容", PurchaseLine("服务器", 3_500_000, "扩容"), "enumeration commas"),
    ("服务器 3.5万 扩容，附报价", PurchaseLine("服务器", 3_500_000, "扩容，附报价"), "a comma inside the reason"),
    ("3.5万 服务器 扩容", PurchaseLine("服务器", 3_500_000, "扩容"), "the sum first"),
    ("服务器 扩容 3.5万", PurchaseLine("服务器", 3_500_000, "扩容"), "the sum last"),
    ("戴尔 服务器 3.5万 机房 扩容", PurchaseLine("戴尔 服务器", 3_500_000, "机房 扩容"), "several words each"),
    ("“云 服务器” 3万 “扩容 用”", PurchaseLine("云 服务器", 3_000_000, "扩容 用"), "quoted"),
    ("服务器35000元 扩容", PurchaseLine("服务器", 3_500_000, "扩容"), "a sum with 元 glued to the thing"),
    ("服务器 3.5万扩容", PurchaseLine("服务器", 3_500_000, "扩容"), "a sum glued to its reason"),
    ("服务器 ￥35000扩容", PurchaseLine("服务器", 3_500_000, "扩容"), "marked by its sign"),
    ("服务器 3.5万元扩容，附报价", PurchaseLine("服务器", 3_500_000, "扩容，附报价"), "a comma inside that reason"),
    ("戴尔 服务器 35000元机房扩容 急", PurchaseLine("戴尔 服务器", 3_500_000, "机房扩容 急"), "words around it"),
    ("服务器 500块钱扩容", PurchaseLine("服务器", 50_000, "扩容"), "块钱 is money"),
    ("云服务 1年 3万 续费", PurchaseLine("云服务 1年", 3_000_000, "续费"), "a year is no quantity"),
    ("四件套 500 宿舍", PurchaseLine("四件套", 50_000, "宿舍"), "a set is a thing"),
    ("物品=服务器 金额=3.5万 事由=扩容", PurchaseLine("服务器", 3_500_000, "扩容"), "pairs only"),
    ("事由=扩容 金额=3.5万 物品=服务器", PurchaseLine("服务器", 3_500_000, "扩容"), "in another order"),
    ("物品：服务器 金额：3.5万 事由：扩容", PurchaseLine("服务器", 3_500_000, "扩容"), "colons"),
    ("服务器 金额= 3.5 万 事由=扩容", PurchaseLine("服务器", 3_500_000, "扩容"), "spaces in a sum"),
    (
        "服务器 3.5万 事由=机房 扩容 供应商=联想", PurchaseLine("服务器", 3_500_000, "机房 扩容", supplier="联想"),
        "supplier",
    ),
    (
        "iPhone 16 金额=8000 事由=测试", PurchaseLine("iPhone 16", 800_000, "测试"),
        "a model's number beside a named sum",
    ),
    ("iPhone 16 金额=8000 测试", PurchaseLine("iPhone 16", 800_000, "测试"), "the reason after the sum"),
    ("显示器 单价=2000 数量=4 4台 换新", PurchaseLine("显示器", 800_000, "4台 换新", 200_000, 4), "never 44台"),
    ("服务器 数量=4 3万 扩容", PurchaseLine("服务器", 3_000_000, "扩容", None, 4, as_total=True), "a sum after a pair"),
    ("服务器 金额=3万 事由=扩容 金额=3万", PurchaseLine("服务器", 3_000_000, "扩容"), "the same said twice"),
    ("服务器 3.5万 扩容 急", PurchaseLine("服务器", 3_500_000, "扩容 急"), "no word is dropped"),
    ("服务器 3.5万 事由=扩容 用途=测试", PurchaseLine("服务器", 3_500_000, "扩容 测试"), "two names for the reason"),
    ("物品=服务器 金额=3万 事由=扩容 急", PurchaseLine("服务器", 3_000_000, "扩容 急"), "a value of two words"),
    ("显示器 单价=2000 数量=4 事由=换新", PurchaseLine("显示器", 800_000, "换新", 200_000, 4), "the contract's own"),
    (
        "显示器 单价=2000 数量=4 换新", PurchaseLine("显示器", 800_000, "换新", 200_000, 4),
        "the reason after the last pair",
    ),
    (
        "显示器 单价=2000 数量=4台 换新", PurchaseLine("显示器", 800_000, "换新", 200_000, 4, "台"),
        "with its measure word",
    ),
    ("显示器 单价=2000 数量=4 台 换新", PurchaseLine("显示器", 800_000, "换新", 200_000, 4, "台"), "apart from it"),
    (
        "显示器 单价=2000 数量=4 金额=8000 事由=换新", PurchaseLine("显示器", 800_000, "换新", 200_000, 4),
        "all three agree",
    ),
    ("显示器 单价2000 数量4 换新", PurchaseLine("显示器", 800_000, "换新", 200_000, 4), "without any sign"),
    ("显示器 4台 每台2000 换新", PurchaseLine("显示器", 800_000, "换新", 200_000, 4, "台"), "each"),
    ("显示器 4台 2000元/台 换新", PurchaseLine("显示器", 800_000, "换新", 200_000, 4, "台"), "per piece"),
    ("显示器 4台 总价8000 换新", PurchaseLine("显示器", 800_000, "换新", None, 4, "台"), "said to be the total"),
    ("显示器 4台 共 8000 换新", PurchaseLine("显示器", 800_000, "换新", None, 4, "台"), "the same, apart"),
    ("显示器 4台 2000 换新", PurchaseLine("显示器", 200_000, "换新", None, 4, "台", as_total=True), "taken as total"),
    (
        "4台显示器 8000 换新", PurchaseLine("显示器", 800_000, "换新", None, 4, "台", as_total=True),
        "quantity glued before",
    ),
    (
        "显示器4台 8000 换新", PurchaseLine("显示器", 800_000, "换新", None, 4, "台", as_total=True),
        "quantity glued after",
    ),
    ("显示器 4 台 8000 换新", PurchaseLine("显示器", 800_000, "换新", None, 4, "台", as_total=True), "quantity apart"),
    ("显示器 两台 8000 换新", PurchaseLine("显示器", 800_000, "换新", None, 2, "台", as_total=True), "in characters"),
    ("路由器 x2 800 办公", PurchaseLine("路由器", 80_000, "办公", None, 2, None, as_total=True), "times"),
    (
        "一批 办公用品 3000 日常", PurchaseLine("办公用品", 300_000, "日常", None, 1, "批"),
        "one lot: total and unit are the same",
    ),
    (
        "显示器 4台 电缆 2箱 8000 换新", PurchaseLine("显示器 4台 电缆 2箱", 800_000, "换新"),
        "two quantities stay words",
    ),
    (
        "\n物品：服务器\n金额：3.5万\n事由：扩容\n三期", PurchaseLine("服务器", 3_500_000, "扩容\n三期"),
        "one field a line",
    ),
]


def read(body: str) -> PurchaseLine | PurchaseProblem:
    line = read_command(f"采购 {body}", VOCABULARY)
    assert isinstance(line, CommandLine)
    return read_purchase(line)


def refused(body: str) -> PurchaseProblem:
    problem = read(body)
    assert isinstance(problem, PurchaseProblem)
    return problem


@pytest.mark.parametrize(("body", "line", "why"), FILED)
def test_a_purchase_is_read_as_it_was_meant(body: str, line: PurchaseLine, why: str) -> None:
    assert read(body) == line, why


@pytest.mark.parametrize(
    ("body", "line", "why"),
    [
        ("iPhone 15 5999 测试", PurchaseLine("iPhone 15", 599_900, "测试"), "the number of a name"),
        ("iphone 15 5999 测试", PurchaseLine("iphone 15", 599_900, "测试"), "typed small"),
        ("ｉＰｈｏｎｅ １５ ５９９９ 测试", PurchaseLine("iPhone 15", 599_900, "测试"), "typed wide"),
        ("苹果iPhone 15 5999 测试", PurchaseLine("苹果iPhone 15", 599_900, "测试"), "a maker glued before"),
        ("华为 Mate 60 6999 换新", PurchaseLine("华为 Mate 60", 699_900, "换新"), "a maker before"),
        ("显示器 Dell 27 2999 换新", PurchaseLine("显示器 Dell 27", 299_900, "换新"), "the thing before"),
        ("华为Mate 60 Pro 6999 换新", PurchaseLine("华为Mate 60 Pro", 699_900, "换新"), "the name goes on"),
        ("iPhone 15 Pro Max 9999 测试", PurchaseLine("iPhone 15 Pro Max", 999_900, "测试"), "of several words"),
        ("iPhone 15 Pro 256 8999 测试", PurchaseLine("iPhone 15 Pro 256", 899_900, "测试"), "two numbers, each named"),
        ("MacBook Pro 14 1.2万 设计", PurchaseLine("MacBook Pro 14", 1_200_000, "设计"), "a marked sum"),
        ("Office 365 398 续费", PurchaseLine("Office 365", 39_800, "续费"), "three figures each"),
        ("Win 11 专业版 1,088.00 升级", PurchaseLine("Win 11 专业版", 108_800, "升级"), "words between"),
        ("iPhone 15，5999，测试", PurchaseLine("iPhone 15", 599_900, "测试"), "commas instead of spaces"),
        ("iPhone 15 测试 5999", PurchaseLine("iPhone 15", 599_900, "测试"), "the sum last: the name stays whole"),
        ("iPhone 15 Mate 60 12000 测试", PurchaseLine("iPhone 15 Mate 60", 1_200_000, "测试"), "two names"),
        (
            "iPhone 15 2台 11998 测试", PurchaseLine("iPhone 15", 1_199_800, "测试", None, 2, "台", as_total=True),
            "a quantity beside it",
        ),
        (
            "iPhone 15 单价=5999 数量=2 测试", PurchaseLine("iPhone 15", 1_199_800, "测试", 599_900, 2),
            "the sum by price and quantity",
        ),
        ("ThinkPad X1 9999 换新", PurchaseLine("ThinkPad X1", 999_900, "换新"), "X1 is no quantity there"),
        ("thinkpad x1 9999 换新", PurchaseLine("thinkpad x1", 999_900, "换新"), "nor typed small"),
        (
            "ThinkPad X13 2台 9999 换新", PurchaseLine("ThinkPad X13", 999_900, "换新", None, 2, "台", as_total=True),
            "nor X13",
        ),
        ("显示器 X2 800 办公", PurchaseLine("显示器", 80_000, "办公", None, 2, None, as_total=True), "twice a thing"),
        ("iPhone X2 12000 测试", PurchaseLine("iPhone", 1_200_000, "测试", None, 2, None, as_total=True), "two of it"),
    ],
)
def test_the_number_in_a_products_name_is_no_sum_and_no_quantity(body: str, line: PurchaseLine, why: str) -> None:
    assert read(body) == line, why


@pytest.mark.parametrize(
    ("body", "sums", "why"),
    [
        ("显示器 15 5999", ("15", "5999"), "a thing of no Latin name"),
        ("显示器 15 5999 换新", ("15", "5999"), "the same with its reason"),
        ("USB 线 15 5999 办公", ("15", "5999"), "the Latin word stands further off"),
        ("iPhone 2 12000 测试", ("2", "12000"), "one figure may be how many"),
        ("iPhone 15 2 5999 测试", ("2", "5999"), "how many, or half a sum"),
        ("iPhone 15 256 8999 测试", ("256", "8999"), "a number behind a number"),
        ("iPhone 15 128 测试", ("15", "128"), "a size is not taken for the sum"),
        ("iPhone 15 12 测试", ("15", "12"), "no sum of a thing"),
        ("iPhone 15 约6000 测试", ("15", "约6000"), "no exact sum behind it"),
        ("iPhone 1500 5999 测试", ("1500", "5999"), "a sum on its own"),
        ("iPhone 15.5 5999 测试", ("15.5", "5999"), "no whole number"),
        ("iPhone 15 5999 6999 测试", ("5999", "6999"), "two sums behind the name"),
        ("Office 365 365 续费", ("365", "365"), "the same twice"),
        ("5999 iPhone 15 测试", ("5999", "15"), "the sum stands before"),
        ("ThinkPad X1 14 12999 换新", ("14", "12999"), "the name has its number"),
        ("CPU 12 36000 扩容", ("12", "36000"), "things that are counted"),
        ("ssd 20 16000 扩容", ("20", "16000"), "typed small"),
        ("Type-C 10 300 办公", ("10", "300"), "a plug"),
        ("USD 500 3500 订阅", ("USD 500", "3500"), "another currency"),
        ("iPhone 15 单价=5999 测试", ("5999", "15"), "15 may be how many"),
        ("iPhone 15 USD 5999 测试", ("15 USD", "5999"), "another currency behind the number"),
        ("iPhone 15 5999 USD 测试", ("15", "5999 USD"), "another currency behind the sum"),
        ("iPhone 15 Pro Max hkd 8999 测试", ("15", "hkd 8999"), "further behind it"),
        ("iPhone 15 pcs 5999 测试", ("15", "5999"), "the number counts"),
        ("iPhone 15 x 5999 测试", ("15", "5999"), "so many at this price"),
        ("iPhone 15 about 5999 测试", ("15", "5999"), "no exact sum"),
    ],
)
def test_a_number_that_may_be_a_sum_or_how_many_is_still_asked(body: str, sums: tuple[str, ...], why: str) -> None:
    problem = refused(body)
    assert (problem.code, problem.texts) == ("several_amounts", sums), why
    assert "fen" not in problem.parts


def test_a_products_name_with_its_number_stays_whole_in_what_is_still_missing() -> None:
    problem = refused("iPhone 15 5999")
    assert (problem.code, problem.missing) == ("missing", ("reason",))
    assert dict(problem.parts) == {"subject": "iPhone 15", "fen": 599_900}


@pytest.mark.parametrize(
    ("body", "missing", "parts"),
    [
        ("服务器 三万五", ("reason",), {"subject": "服务器", "fen": 3_500_000}),
        ("服务器", ("fen", "reason"), {"subject": "服务器"}),
        ("3.5万", ("subject", "reason"), {"fen": 3_500_000}),
        ("事由=扩容", ("subject", "fen"), {"reason": "扩容"}),
        ("物品=服务器 金额= 事由=扩容", ("fen",), {"subject": "服务器", "reason": "扩容"}),
        ("显示器 单价=2000 换新", ("quantity",), {"subject": "显示器", "unit_fen": 200_000, "reason": "换新"}),
        ("服务器3.5万 扩容", ("fen",), {"subject": "服务器3.5万", "reason": "扩容"}),
        (
            "礼品卡100元 20张 福利", ("fen",),
            {"subject": "礼品卡100元", "reason": "福利", "quantity": 20, "measure": "张"},
        ),
    ],
)
def test_what_is_missing_is_named_with_what_was_understood(
    body: str, missing: tuple[str, ...], parts: dict[str, object]
) -> None:
    problem = refused(body)
    assert (problem.code, problem.missing, dict(problem.parts)) == ("missing", missing, parts)


@pytest.mark.parametrize(
    ("thing", "glued", "why"),
    [
        ("传单", "3万份印刷", "a measure"), ("短信", "3万次通知", "times"), ("云服务", "3万用户", "people"),
        ("车辆", "3万公里保养", "a distance"), ("硬盘", "4块硬盘", "块 counts"),
        ("瓷砖", "3万块铺地", "so it does in 万"),
        ("服务器", "35000扩容", "no unit at all"), ("服务器", "3万5扩容", "no whole unit"),
        ("服务器", "3万多扩容", "no exact sum"), ("服务器", "3万元左右扩容", "about"),
        ("服务器", "3万以上扩容", "at least"),
        ("服务器", "3万元以内扩容", "at most"), ("服务器", "3万美元扩容", "another currency"),
        ("软件", "3万两年服务", "a numeral follows"), ("软件", "3万年费", "per year"),
        ("服务器", "3万元的服务器", "的"),
        ("礼品", "100元面值", "what is printed on it"), ("福利", "100元礼品卡", "what a card holds"),
        ("服务器", "0元扩容", "no sum"), ("服务器", "3万扩2万备", "two sums"),
    ],
)
def test_a_figure_glued_to_words_is_no_sum_where_it_may_count_or_be_about(thing: str, glued: str, why: str) -> None:
    problem = refused(f"{thing} {glued}")
    assert (problem.code, problem.missing) == ("missing", ("fen",)), why
    assert dict(problem.parts) == {"subject": thing, "reason": glued}, why


def test_a_sum_glued_to_words_stands_behind_the_thing_and_alone() -> None:
    assert refused("3.5万扩容").missing == ("fen", "reason")
    assert refused("服务器 3.5万扩容 2万备用").missing == ("fen",)
    assert refused("显示器 4台 8000元换新").missing == ("fen",)


def test_a_quantity_beside_a_bare_sum_is_taken_as_the_total_and_said_so() -> None:
    """Voice: 采购 显示器 4台 2000 → 按总价 ¥2,000.00 理解."""
    problem = refused("显示器 4台 2000")
    assert (problem.code, problem.missing, problem.as_total) == ("missing", ("reason",), True)
    assert dict(problem.parts) == {"subject": "显示器", "fen": 200_000, "quantity": 4, "measure": "台"}


def test_nothing_at_all_is_empty() -> None:
    assert refused("").code == "empty"
    assert refused("。").code == "empty"


@pytest.mark.parametrize(
    ("body", "code", "text"),
    [
        ("服务器 -3 扩容", "not_positive", "-3"), ("服务器 0 扩容", "not_positive", "0"),
        ("服务器 负500 扩容", "not_positive", "负500"), ("服务器 12.345 扩容", "too_many_decimals", "12.345"),
        ("服务器 1000亿 扩容", "too_large", "1000亿"), ("服务器 3,5000 扩容", "ambiguous", "3,5000"),
        ("服务器 约3万 扩容", "ambiguous", "约3万"), ("服务器 500美元 扩容", "ambiguous", "500美元"),
        ("服务器 5999 美元 扩容", "ambiguous", "5999 美元"), ("服务器 usd 5999 扩容", "ambiguous", "usd 5999"),
        ("服务器 $ 3.5万 扩容", "ambiguous", "$ 3.5万"), ("服务器 总价 5999 EUR 扩容", "ambiguous", "5999 EUR"),
        ("服务器 USD 约3万 扩容", "ambiguous", "约3万"),
        ("服务器 20261201 扩容", "ambiguous", "20261201"), ("金额=-3 物品=服务器 事由=扩容", "not_positive", "-3"),
        ("金额=abc 物品=服务器 事由=扩容", "unclear", "abc"),
    ],
)
def test_a_bad_sum_is_refused_beside_the_words_it_stood_with(body: str, code: str, text: str) -> None:
    problem = refused(body)
    assert (problem.code, problem.amount) == ("amount", AmountProblem(code, text))
    assert problem.texts == (() if "=" in body else ("服务器", "扩容"))
    assert (problem.parts["subject"], problem.parts["reason"]) == ("服务器", "扩容")
    assert "fen" not in problem.parts


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("服务器 3.5万 2万 扩容", ("3.5万", "2万")),
        ("服务器 3.5万 2 扩容", ("3.5万", "2")),
        ("服务器 3万 3万 扩容", ("3万", "3万")),
        ("服务器 5块 3000 扩容", ("5块", "3000")),
        ("服务器 金额=3万 总价=4万 扩容", ("3万", "4万")),
        ("服务器 金额=3万 事由=扩容 金额=4万", ("3万", "4万")),
        ("服务器 金额=3万 ¥4万 事由=扩容", ("3万", "¥4万")),
        ("服务器 单价=2000 数量=4 金额=9000 事由=扩容", ("2000×4", "9000")),
        ("服务器 4 单价=2000 扩容", ("2000", "4")),
    ],
)
def test_several_sums_are_named_and_none_is_chosen(body: str, named: tuple[str, ...]) -> None:
    problem = refused(body)
    assert (problem.code, problem.texts) == ("several_amounts", named)
    assert "fen" not in problem.parts
    assert problem.parts["subject"] == "服务器"


@pytest.mark.parametrize(("body", "text"), [
    ("显示器 0台 2000 换新", "0台"), ("显示器 -4台 2000 换新", "-4台"), ("显示器 数量=0 单价=3 事由=换新", "0"),
    ("显示器 数量=许多 单价=3 事由=换新", "许多"), ("显示器 数量=9999999 单价=3 事由=换新", "9999999"),
    ("显示器 数量=1.5 单价=3 事由=换新", "1.5"), ("显示器 数量=4 单价=3 事由=换新 数量=5", "5"),
])
def test_a_quantity_that_cannot_be_is_refused(body: str, text: str) -> None:
    problem = refused(body)
    assert (problem.code, problem.texts) == ("quantity", (text,))
    assert (problem.parts["subject"], problem.parts["reason"]) == ("显示器", "换新")


def test_a_field_that_a_purchase_has_not_is_refused_by_name() -> None:
    problem = refused("服务器 3.5万 事由=扩容 颜色=红")
    assert (problem.code, problem.texts) == ("unknown_field", ("颜色",))
    assert dict(problem.parts) == {"subject": "服务器", "fen": 3_500_000, "reason": "扩容"}


def test_a_product_above_the_ceiling_is_refused() -> None:
    problem = refused("显示器 单价=9000万 数量=1000000 事由=换新")
    assert problem.amount == AmountProblem("too_large", "9000万×1000000")


words = st.text(alphabet="服务器显示屏打印纸扩容换新办公", min_size=2, max_size=8)


@given(words, st.integers(1, LARGEST), words)
def test_thing_sum_and_reason_read_back(subject: str, fen: int, reason: str) -> None:
    expected = PurchaseLine(subject, fen, reason)
    assert read(f"{subject} {format_yuan(fen)} {reason}") == expected
    assert read(f"事由={reason} 金额={format_yuan(fen)} 物品={subject}") == expected
    assert read(f"{format_yuan(fen)} {subject} {reason}") == expected


@given(words, st.integers(1, 10_000_000), st.integers(1, 1_000_000), words)
def test_unit_price_times_quantity_is_the_total(subject: str, unit: int, quantity: int, reason: str) -> None:
    line = read(f"{subject} 单价={format_yuan(unit)} 数量={quantity} 事由={reason}")
    if unit * quantity > LARGEST:
        assert isinstance(line, PurchaseProblem)
    else:
        assert line == PurchaseLine(subject, unit * quantity, reason, unit, quantity)


@given(st.lists(st.sampled_from([
    "服务器", "3.5万", "2000", "4台", "扩容", "金额=3万", "单价=2000", "数量=4", "事由=换新", "-3", "16",
    "供应商=晨光", "，", "/台", "iPhone",
]), max_size=7))
def test_no_line_is_filed_with_a_sum_that_was_not_typed(pieces: list[str]) -> None:
    line = read(" ".join(pieces))
    if isinstance(line, PurchaseLine):
        assert line.total_fen in {3_500_000, 200_000, 3_000_000, 1_600, 800_000}
        kept = f"{line.subject} {line.reason} {line.supplier}"
        # Only inside the text of 事由= or 供应商= does it stand for itself.
        assert "-3" not in line.subject
        assert kept.count("-3") == pieces.count("-3")
        assert all(kept.count(word) >= 1 for word in pieces if word in ("服务器", "扩容"))
