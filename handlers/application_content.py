"""What an application says: read from the typed line against its kind's own fields (3.2c, P.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from handlers.context import Ctx
from handlers.language.amounts import Amount, AmountProblem, find_amounts, read_amount
from handlers.language.command import CommandLine
from handlers.language.dates import DateProblem, read_moment
from handlers.language.numerals import read_whole
from notifications.texts import applications as texts
from policy.approval_kinds import FieldType, Kind, KindField, Money

SUBJECT_MOST = 1000
TITLE_MOST = 60
_MOST_PIECES = 1_000_000


@dataclass(frozen=True)
class Application:
    """
    What an application says.

    Attributes:
        reason: its free words, kept as `reason`.
        own: the kind's fields by name, as they are shown.
    """

    reason: str
    fen: int | None
    own: Mapping[str, str]

    @property
    def title(self) -> str:
        """Return the title of its item."""
        first = self.reason.split("\n")[0]
        return first if len(first) <= TITLE_MOST else first[: TITLE_MOST - 1] + "…"

    def fields(self) -> dict[str, object]:
        """Return it as it is kept in a revision; what was not said is left out."""
        kept: dict[str, object] = {"reason": self.reason}
        if self.fen is not None:
            kept["fen"] = self.fen
        kept.update(self.own)
        return kept

    @classmethod
    def kept(cls, kind: Kind, fields: Mapping[str, object]) -> Application:
        """Read a revision's fields."""
        own = {one.name: str(fields[one.name]) for one in kind.fields if fields.get(one.name)}
        fen = fields.get("fen")
        return cls(str(fields["reason"]), None if fen is None else int(str(fen)), own)


def read_application(kind: Kind, typed: CommandLine, ctx: Ctx) -> Application | str:
    """
    Read the words after `申请 <类型>`; return the sentence that says what is wrong with them instead.

    Args:
        typed: the line with the kind's word still its first token.
    """
    labels = {kind.subject, texts.SUM, *(one.label for one in kind.fields)}
    line = typed.with_colons(labels)
    unknown = next((label for label in line.pairs if label not in labels and label not in _SUMS), None)
    if unknown is not None:
        return texts.unknown_field(kind, unknown)
    words = list(line.tokens[1:])
    example = _Example(kind, line, words)
    fen: int | None = None
    if kind.money is not Money.NONE:
        taken = _sum(kind, line, words)
        if isinstance(taken, str):
            return taken
        fen, words = taken
    own: dict[str, str] = {}
    for one in kind.fields:
        if line.pairs.get(one.label, "").strip():
            value = _value(one, line.pairs[one.label].strip(), ctx)
            if value is None:
                return texts.field_unclear(one.label, line.pairs[one.label], example.without(one.label))
            if _past(one, value, ctx):
                return texts.date_past(one.label, line.pairs[one.label], example.without(one.label))
            if len(value) > one.most:
                return texts.field_too_long(one.label, one.most)
            own[one.name] = value
    reason = " ".join([*filter(None, [line.pairs.get(kind.subject, "").strip()]), *words])
    missing = [kind.subject] if not reason else []
    missing += [texts.SUM] if kind.money is Money.REQUIRED and fen is None else []
    missing += [one.label for one in kind.fields if one.required and one.name not in own]
    if missing:
        return texts.missing(kind, missing, fen, example.with_open(missing))
    if len(reason) > SUBJECT_MOST:
        return texts.field_too_long(kind.subject, SUBJECT_MOST)
    return Application(reason, fen, own)


_SUMS = frozenset({"金额", "总额", "总价", "合计"})


def _sum(kind: Kind, line: CommandLine, words: list[str]) -> tuple[int | None, list[str]] | str:
    named = next((line.pairs[label] for label in line.pairs if label in _SUMS and line.pairs[label].strip()), None)
    if named is not None:
        read = read_amount(named)
        if isinstance(read, Amount):
            return int(read.fen), words
        return texts.sum_unclear(read.code, read.text, _Example(kind, line, words).with_sum_open())
    found = find_amounts(words)
    if kind.money is Money.OPTIONAL:
        # 其他 2026 年会: a bare figure is a word there, unless it stands first.
        found = [one for one in found if not one.bare or one.first == 0]
    taken = {place for one in found for place in range(one.first, one.after)}
    example = _Example(kind, line, [word for place, word in enumerate(words) if place not in taken])
    if len(found) > 1:
        return texts.several_sums([one.read.text for one in found], example.with_sum_open())
    if not found:
        return None, words
    placed = found[0]
    if isinstance(placed.read, AmountProblem):
        return texts.sum_unclear(placed.read.code, placed.read.text, example.with_sum_open())
    return int(placed.read.fen), [*words[: placed.first], *words[placed.after :]]


def _value(one: KindField, typed: str, ctx: Ctx) -> str | None:
    """Return a field as it is kept and shown, None when it cannot be read."""
    if one.type is FieldType.COUNT:
        number = read_whole(typed.rstrip("份张个页本"))
        return str(number) if number is not None and 0 < number <= _MOST_PIECES else None
    if one.type is FieldType.DATE:
        read = read_moment(typed, ctx.now, ctx.calendar)
        if isinstance(read, DateProblem):
            return None
        return read.date.isoformat()
    return typed


def _past(one: KindField, value: str, ctx: Ctx) -> bool:
    return one.type is FieldType.DATE and value < ctx.today.isoformat()


def changed_application(
    kind: Kind, now: Application, line: CommandLine, number: str, ctx: Ctx
) -> Application | str:
    """Return an application with the typed 字=值 pairs applied, or the sentence that refuses them."""
    if not line.pairs:
        words = " ".join(line.tokens[1:]).strip()
        return replace(now, reason=words) if words else texts.amend_nothing(kind, number)
    changed = now
    for label, value in line.pairs.items():
        one = kind.field(label)
        if label in _SUMS and kind.money is not Money.NONE:
            read = read_amount(value)
            if not isinstance(read, Amount):
                return texts.amend_sum_unclear(value, f"{line.word} {number} {label}=")
            changed = replace(changed, fen=int(read.fen))
        elif label == kind.subject or label in ("事由", "理由"):
            if not value.strip():
                return texts.amend_nothing(kind, number)
            changed = replace(changed, reason=value.strip())
        elif one is not None:
            read_value = _value(one, value.strip(), ctx)
            if read_value is None or not value.strip():
                return texts.field_unclear(label, value, f"{line.word} {number} {label}=")
            if _past(one, read_value, ctx):
                return texts.date_past(label, value, f"{line.word} {number} {label}=")
            if len(read_value) > one.most:
                return texts.field_too_long(label, one.most)
            changed = replace(changed, own={**changed.own, one.name: read_value})
        else:
            return texts.unknown_field(kind, label)
    return changed if len(changed.reason) <= SUBJECT_MOST else texts.field_too_long(kind.subject, SUBJECT_MOST)


@dataclass(frozen=True)
class _Example:
    """The line to send once completed; it holds only what was typed."""

    kind: Kind
    line: CommandLine
    words: Sequence[str]

    def with_open(self, missing: Sequence[str]) -> str:
        given = [f"{label}={value}" for label, value in self.line.pairs.items() if label not in missing]
        open_ = [f"{label}=" for label in missing]
        return " ".join([self.line.word, self.kind.name, *self.words, *given, *open_])

    def with_sum_open(self) -> str:
        given = [f"{label}={value}" for label, value in self.line.pairs.items() if label not in _SUMS]
        return " ".join([self.line.word, self.kind.name, *self.words, *given, f"{texts.SUM}="])

    def without(self, label: str) -> str:
        given = [f"{one}={'' if one == label else value}" for one, value in self.line.pairs.items()]
        return " ".join([self.line.word, self.kind.name, *self.words, *given])
