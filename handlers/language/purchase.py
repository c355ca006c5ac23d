"""采购 as people write it: thing, sum, reason, in any order that is clear (contract, Chat; voice, 没听懂)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from handlers.language.amounts import Amount, AmountProblem, Placed, find_amounts, read_amount
from handlers.language.command import CommandLine
from handlers.language.numerals import read_whole
from handlers.language.product_names import with_models_joined, with_names_joined
from handlers.language.purchase_words import (
    counted,
    glued_count,
    glued_sum,
    in_pieces,
    says_total,
    sum_before_words,
    unit_price,
    with_measures_joined,
)
from policy.money import LARGEST

_SUBJECT = frozenset({"物品", "名称", "品名", "内容", "标题"})
_TOTAL = frozenset({"金额", "总价", "总额", "合计", "预算"})
_UNIT = frozenset({"单价"})
_QUANTITIES = frozenset({"数量"})
_REASON = frozenset({"事由", "理由", "原因", "用途", "说明"})
_SUPPLIER = frozenset({"供应商", "厂家", "商家"})
KNOWN = _SUBJECT | _TOTAL | _UNIT | _QUANTITIES | _REASON | _SUPPLIER
_MOST_PIECES = 1_000_000
_BREAK = "\n"  # between the free words and those after the last pair; no token holds one


@dataclass(frozen=True)
class PurchaseLine:
    """
    A purchase that can be filed. Money in fen.

    Attributes:
        as_total: a quantity and a bare sum were given; the sum was taken as the total.
    """

    subject: str
    total_fen: int
    reason: str
    unit_fen: int | None = None
    quantity: int | None = None
    measure: str | None = None
    supplier: str | None = None
    as_total: bool = False


@dataclass(frozen=True)
class PurchaseProblem:
    """
    Why nothing can be filed yet.

    Attributes:
        line: the line as it was read, 物品：服务器 among its pairs.
        code: empty | missing | amount (see `amount`) | several_amounts | quantity | unknown_field.
        parts: what was understood, by name: subject, fen, reason, quantity, measure, supplier, unit_fen.
        missing: names out of subject, fen, quantity (when only a unit price was given), reason.
        amount: the problem with the sum, for code "amount".
        texts: the words in question: the sums, the quantity, the unknown field; for "amount" the words beside it.
    """

    code: str
    line: CommandLine
    parts: Mapping[str, object] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    amount: AmountProblem | None = None
    texts: tuple[str, ...] = ()
    as_total: bool = False


def read_purchase(line: CommandLine) -> PurchaseLine | PurchaseProblem:
    """Read the arguments of 采购. Never raises, guesses no sum, drops no word."""
    return _Reading(line.with_colons(KNOWN)).result()


class _Reading:
    """One line being read. The first thing wrong is kept and the rest still read, for the example in the answer."""

    def __init__(self, line: CommandLine) -> None:
        self._line = line
        self._parts: dict[str, object] = {}
        self._sums: dict[str, str] = {}  # fen and unit_fen as typed
        self._before: list[str] = []  # free words before the sum
        self._after: list[str] = []
        self._as_total = False
        self._wrong: tuple[str, AmountProblem | None, tuple[str, ...]] | None = None

    def result(self) -> PurchaseLine | PurchaseProblem:
        trailing: list[str] = []
        for key, value in (*self._line.repeated, *self._line.pairs.items()):
            self._pair(key, value.strip(), trailing)
        self._free([*self._line.tokens, _BREAK, *trailing] if trailing else self._line.tokens)
        self._agree()
        beside = (" ".join(self._before), *self._after) if self._before else tuple(self._after)
        self._place_words()
        if self._wrong is not None:
            code, amount, texts = self._wrong
            return self._problem(code, amount=amount, texts=beside if code == "amount" else texts)
        return self._whole()

    def _refuse(self, code: str, *texts: str, amount: AmountProblem | None = None) -> None:
        if self._wrong is None:
            self._wrong = (code, amount, texts)

    # --- pairs ------------------------------------------------------------------------------------------------------

    def _pair(self, key: str, value: str, trailing: list[str]) -> None:
        if key not in KNOWN:
            self._refuse("unknown_field", key)
        elif not value:
            return
        elif key in _QUANTITIES:
            self._quantity_pair(value, trailing)
        elif key in _UNIT or key in _TOTAL:
            self._sum_pair("unit_fen" if key in _UNIT else "fen", value, trailing)
        else:
            part = "subject" if key in _SUBJECT else "reason" if key in _REASON else "supplier"
            self._add(part, [value])

    def _sum_pair(self, part: str, value: str, trailing: list[str]) -> None:
        read = read_amount(value)
        if not isinstance(read, Amount) and " " in value:
            # 单价=2000 换新: what follows the sum are free words, but no other sum.
            words = value.split()
            found = find_amounts(words)
            marked = [placed.read.text for placed in found[1:] if not placed.bare]
            if found and found[0].first == 0 and marked:
                self._refuse("several_amounts", found[0].read.text, *marked)
                return
            if found and found[0].first == 0 and isinstance(found[0].read, Amount):
                read = found[0].read
                trailing += words[found[0].after :]
        if not isinstance(read, Amount):
            self._refuse("amount", amount=read)
        elif part in self._parts and self._parts[part] != int(read.fen):
            self._refuse("several_amounts", self._sums[part], read.text)
        else:
            self._parts[part], self._sums[part] = int(read.fen), read.text

    def _quantity_pair(self, value: str, trailing: list[str]) -> None:
        first, *others = with_measures_joined(value.split())
        found = counted(first)
        number = found[0] if found is not None else read_whole(first)
        if number is None or not 0 < number <= _MOST_PIECES or self._parts.get("quantity", number) != number:
            self._refuse("quantity", value)
            return
        self._parts["quantity"] = number
        if found is not None and found[1]:
            self._parts["measure"] = found[1]
        trailing += others

    # --- free words -------------------------------------------------------------------------------------------------

    def _free(self, tokens: Sequence[str]) -> None:
        words = self._unit_prices(self._quantities(with_models_joined(with_measures_joined(in_pieces(tokens)))))
        sums = find_amounts(words)
        priced = {"unit_fen", "quantity"} <= self._parts.keys()
        if len(sums) > 1 or (sums and priced):
            words = with_names_joined(words, sums, priced=priced)
            sums = find_amounts(words)
        if not sums and not {"fen", "unit_fen", "quantity"} & self._parts.keys():
            words = sum_before_words([piece for word in words for piece in glued_sum(word)])
            sums = find_amounts(words)
        taken = self._totals(sums)
        cut = taken[0].first if taken else words.index(_BREAK) if _BREAK in words else len(words)
        gone = {at for placed in taken for at in range(placed.first, placed.after)}
        gone.update(at for at, word in enumerate(words) if word == _BREAK)
        self._before = [word for at, word in enumerate(words) if at < cut and at not in gone]
        self._after = [word for at, word in enumerate(words) if at > cut and at not in gone]

    def _quantities(self, words: list[str]) -> list[str]:
        """Take the quantity out of the words; two quantities belong to two things, so they stay words."""
        if "quantity" in self._parts:
            return words
        found = [(at, count) for at, word in enumerate(words) if (count := counted(word)) is not None]
        if len(found) == 1:
            at, (number, measure) = found[0]
            if 0 < number <= _MOST_PIECES:
                self._parts["quantity"] = number
                if measure:
                    self._parts["measure"] = measure
            else:
                self._refuse("quantity", words[at])
            return words[:at] + words[at + 1 :]
        glued = [(at, parts) for at, word in enumerate(words) if (parts := glued_count(word)) is not None]
        if not found and len(glued) == 1:
            at, (number, measure, thing) = glued[0]
            self._parts["quantity"], self._parts["measure"] = number, measure
            return [*words[:at], thing, *words[at + 1 :]]
        return words

    def _unit_prices(self, words: list[str]) -> list[str]:
        """Take 单价2000, 每台2000元, 2000元/台 out of the words."""
        left: list[str] = []
        for word in words:
            price = unit_price(word) if "unit_fen" not in self._parts else None
            if price is None:
                left.append(word)
            else:
                self._parts["unit_fen"], self._sums["unit_fen"] = int(price.fen), price.text
        return left

    def _totals(self, sums: list[Placed]) -> list[Placed]:
        """
        Take the one sum that is the total; return what is a sum, good or bad, and so no word.

        Beside a total said as such (金额=8000, 总价8000) bare figures are words: "iPhone 16".
        """
        named = [placed for placed in sums if says_total(placed.read.text)]
        if "fen" in self._parts or named:
            sums = [placed for placed in sums if placed in named or not placed.bare]
        texts = [placed.read.text for placed in sums]
        if sums and "fen" in self._parts:
            self._refuse("several_amounts", self._sums["fen"], *texts)
        elif len(sums) > 1:
            self._refuse("several_amounts", *texts)
        elif sums and isinstance(sums[0].read, AmountProblem):
            self._refuse("amount", amount=sums[0].read)
        elif sums and isinstance(sums[0].read, Amount):
            self._parts["fen"], self._sums["fen"] = int(sums[0].read.fen), texts[0]
            self._as_total = "unit_fen" not in self._parts and self._pieces() > 1 and not named
        return sums

    # --- together ---------------------------------------------------------------------------------------------------

    def _pieces(self) -> int:
        return int(str(self._parts.get("quantity", 1)))

    def _agree(self) -> None:
        """Make unit price, quantity and total agree."""
        unit, total = _int(self._parts.get("unit_fen")), _int(self._parts.get("fen"))
        if unit is None:
            return
        if "quantity" not in self._parts:
            if total is not None and total % unit:
                self._refuse("several_amounts", self._sums["unit_fen"], self._sums["fen"])
            return
        product, shown = unit * self._pieces(), f"{self._sums['unit_fen']}×{self._pieces()}"
        if product > LARGEST:
            self._refuse("amount", amount=AmountProblem("too_large", shown))
        elif total not in (None, product):
            self._refuse("several_amounts", shown, self._sums["fen"])
        else:
            self._parts["fen"] = product

    def _place_words(self) -> None:
        """Give the free words to what is still open: before the sum the thing, after it the reason."""
        before, after = self._before, self._after
        if "subject" in self._parts:
            self._add("reason", before + after)
        elif "reason" in self._parts:
            self._add("subject", before + after)
        elif before and after:
            self._add("subject", before)
            self._add("reason", after)
        else:
            self._add("subject", (before + after)[:1])
            self._add("reason", (before + after)[1:])

    def _add(self, part: str, words: list[str]) -> None:
        if words:
            said = str(self._parts.get(part, ""))
            self._parts[part] = " ".join([said, *words] if said else words)

    def _whole(self) -> PurchaseLine | PurchaseProblem:
        parts = self._parts
        missing = tuple(name for name in ("subject", "fen", "reason") if not parts.get(name))
        if "unit_fen" in parts:
            missing = tuple("quantity" if name == "fen" else name for name in missing)
        if missing == ("subject", "fen", "reason"):
            return self._problem("empty", missing=missing)
        if missing:
            return self._problem("missing", missing=missing)
        return PurchaseLine(
            str(parts["subject"]), int(str(parts["fen"])), str(parts["reason"]), _int(parts.get("unit_fen")),
            _int(parts.get("quantity")), _text(parts.get("measure")), _text(parts.get("supplier")), self._as_total,
        )

    def _problem(
        self, code: str, *, missing: tuple[str, ...] = (), amount: AmountProblem | None = None,
        texts: tuple[str, ...] = (),
    ) -> PurchaseProblem:
        parts = dict(self._parts)
        if code == "several_amounts":
            parts.pop("fen", None)  # which one is the question
        return PurchaseProblem(code, self._line, parts, missing, amount, texts, self._as_total)


def _int(value: object) -> int | None:
    return None if value is None else int(str(value))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
