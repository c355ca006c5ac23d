"""The words of a purchase: 4台, 显示器4台, 单价2000, 2000元/台, 总价8000, 服务器，3.5万，扩容."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.language.amounts import Amount, looks_like_amount, read_amount
from handlers.language.normalize import normalize
from handlers.language.numerals import read_whole

# 块 is money (5块), 年 and 月 belong to the thing (云服务 1年).
_MEASURES = "台套个件箱只本张支把部辆条瓶盒包批份卷桶组袋双副株桌间架盏面枚顶打捆根片颗幅座节吨米升斤"
_MEASURE = f"(?:公斤|千克|平米|平方米|[{_MEASURES}])"
_COUNT = re.compile(rf"(?:数量)?(-?[0-9]{{1,9}}|[一二两三四五六七八九十百千]{{1,6}})({_MEASURE})")
_TIMES = re.compile(r"(?:[x×*X](-?[0-9]{1,9})|数量(-?[0-9]{1,9}))")
_GLUED = re.compile(
    rf"([0-9]{{1,6}})({_MEASURE})([\u4e00-\u9fff][\w-]+)|([\w-]*[\u4e00-\u9fff])[x×*]?([0-9]{{1,6}})({_MEASURE})"
)
_MEASURE_WORD = re.compile(_MEASURE)
_SETS = re.compile(f"[{_MEASURES}]")
_UNIT_PRICE = re.compile(
    rf"(?:单价|每{_MEASURE}|一{_MEASURE}|@)(?P<after>.+)|(?P<before>.+?)(?:/|每|一|1){_MEASURE}", re.DOTALL
)
_TOTAL_WORD = re.compile(r"(?:金额|总价|总额|总计|合计|总共|一共|共计|共)")
_MARKED_SUM = re.compile(r"(.*[\u4e00-\u9fff])((?:¥|人民币)?[0-9][0-9,.]*[万千亿]?(?:元|块钱?))")
# 块 alone counts: 4块硬盘, 3万块瓷砖.
_SUM_FIRST = re.compile(
    r"((?P<sign>¥|人民币)?[0-9][0-9,.]*(?P<unit>[万亿]?(?:元[整正]?|块钱)|[万亿])?)(?P<words>[\u4e00-\u9fff]{2}[^0-9]*)"
)
# What makes a figure no sum, or no exact one, or the sum of something else: 3万次, 3万元左右, 3万用户, 100元面值.
_NO_WORDS = re.compile(
    rf"[{_MEASURES}零〇一二两三四五六七八九十百千万亿半几多余来起内外左上下以不至到或年月日天周时分秒次人名位户家点块字页册行遍趟回場场"
    r"公里平立毫厘微海伏瓦安赫兆转步倍级档款店种样项元角毛钱美欧港英韩每单含包预的之面值封折扣共总合约大近差]"
    r"|用户|客户|会员|粉丝|学员|员工|学生|观众|读者|并发|像素|流明|流量|积分|有效|股权|城市|居民|数据|样本|终端|设备"
    r"|押金|定金|订金|首付|尾款|运费|税"
)
_FACE_VALUE = re.compile(r"[卡券票]|红包|话费|套餐|面值|面额")
_COMMAS = re.compile(r"[、；;，]|,(?![0-9]{3}(?![0-9]))")


def counted(word: str) -> tuple[int, str] | None:
    """Return (number, measure word) of 4台, 两台, x4, 数量4; None when it is no quantity."""
    narrow = normalize(word)
    found = _COUNT.fullmatch(narrow)
    if found is not None:
        number = _number(found.group(1))
        return None if number is None else (number, found.group(2))
    times = _TIMES.fullmatch(narrow)
    return (int(times.group(1) or times.group(2)), "") if times is not None else None


def glued_count(word: str) -> tuple[int, str, str] | None:
    """Return (number, measure word, thing) of 4台显示器 or 显示器4台; 4件套 is a thing."""
    found = _GLUED.fullmatch(word)
    if found is None:
        return None
    if found.group(1):
        number, measure, thing = int(found.group(1)), found.group(2), found.group(3)
        if _SETS.match(thing):
            return None
    else:
        thing, number, measure = found.group(4), int(found.group(5)), found.group(6)
    return (number, measure, thing) if number else None


def unit_price(word: str) -> Amount | None:
    """Return the price of one of 单价2000, 每台2000元, 2000元/台; None when it says none."""
    found = _UNIT_PRICE.fullmatch(normalize(word))
    if found is None:
        return None
    read = read_amount(found["after"] or found["before"])
    return read if isinstance(read, Amount) else None


def says_total(text: str) -> bool:
    """Return whether a sum was said to be the total: 总价8000, 共8000."""
    return _TOTAL_WORD.match(text) is not None


def glued_sum(word: str) -> list[str]:
    """Return 服务器35000元 as the thing and the sum, anything else as it is."""
    found = _MARKED_SUM.fullmatch(word)
    return [word] if found is None else [found.group(1), found.group(2)]


def sum_before_words(words: Sequence[str]) -> list[str]:
    """
    Return the words with 3.5万扩容 as the sum and the reason, where that is clear.

    Clear is one such word, behind another that names the thing, its sum marked (¥, 万, 元), and behind the sum neither
    a measure nor a unit nor anything vague: 3万次, 3万元左右 and 100元面值 stay whole.
    """
    found = [(at, split) for at, word in enumerate(words) if (split := _sum_and_words(word)) is not None]
    if len(found) != 1 or not found[0][0]:
        return list(words)
    at, split = found[0]
    return [*words[:at], *split, *words[at + 1 :]]


def _sum_and_words(word: str) -> tuple[str, str] | None:
    narrow = word.replace("￥", "¥")
    found = _SUM_FIRST.fullmatch(narrow)
    if found is None or not (found["sign"] or found["unit"]):
        return None
    if _NO_WORDS.match(found["words"]) or _FACE_VALUE.search(found["words"]):
        return None
    return (found.group(1), found["words"]) if isinstance(read_amount(found.group(1)), Amount) else None


def in_pieces(words: Sequence[str]) -> list[str]:
    """Take commas as spaces where they stand between a sum or a quantity and words: 服务器，3.5万，扩容."""
    pieces: list[str] = []
    for word in words:
        split = [piece for piece in _COMMAS.split(word) if piece]
        several = len(split) > 1 and not looks_like_amount(word)
        if several and any(looks_like_amount(piece) or counted(piece) for piece in split):
            pieces += split
        else:
            pieces.append(word.rstrip("，,、；;") or word)
    return pieces


def with_measures_joined(words: list[str]) -> list[str]:
    """Join a number and the measure word after it: 4 台."""
    joined: list[str] = []
    for word in words:
        if joined and _MEASURE_WORD.fullmatch(word) and read_whole(joined[-1]) is not None:
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _number(text: str) -> int | None:
    return -int(text[1:]) if text.startswith("-") else read_whole(text)
