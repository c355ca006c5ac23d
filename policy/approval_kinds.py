"""
The kinds of approval a company has: each with its own fields and its own chain (3.1a, 4.1a, 3.2c).

The defaults stand here; a company's own come as a JSON list in the policy's parameter `kinds` and replace or
join them by name. A kind says what is asked, who signs under which conditions, which fields concern whom.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from policy.chains import (
    Mode,
    Plan,
    PlannedSeat,
    PlannedStep,
    Role,
    director_in_line,
    no_way,
    plan_purchase,
    seat_for,
    whole_plan,
)
from policy.decisions import Refusal
from policy.org import Org, Person
from policy.parameters import Parameters
from policy.terms import DepartmentKind, Grade, Post


class Money(StrEnum):
    """Whether a kind has a sum."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NONE = "none"


class FieldType(StrEnum):
    """How a field is read."""

    TEXT = "text"
    DATE = "date"
    COUNT = "count"


class Source(StrEnum):
    """Where a step's people come from."""

    SUPERIOR = "superior"  # 直接上级
    DIRECTOR = "director"  # 上级线上的总监
    HEAD = "head"  # 部门负责人
    POST = "post"  # 岗位（一位）
    ROLE = "role"  # 岗位（全部任职者）
    PERSON = "person"  # 指定的人
    TEAM = "team"  # 某类部门的主管以上


@dataclass(frozen=True)
class KindField:
    """One field. `most` is in characters."""

    name: str
    label: str
    type: FieldType = FieldType.TEXT
    required: bool = False
    most: int = 300


@dataclass(frozen=True)
class StepRule:
    """
    One step of a kind's chain and when it applies.

    Attributes:
        which: post, comma-separated userids, or kind of department, as `source` asks.
        from_fen, below_fen: the sum for which it applies; None = any. "limit" in settings is 4.1a's.
        from_limit, below_limit: the same against the limit of 4.1a.
        departments: ids of the applicant's departments for which it applies; () = all.
    """

    source: Source
    role: Role
    which: str = ""
    mode: Mode = Mode.ALL
    needed: int = 0
    from_fen: int | None = None
    below_fen: int | None = None
    from_limit: bool = False
    below_limit: bool = False
    with_sum: bool = False
    departments: tuple[str, ...] = ()

    def applies(self, fen: int | None, department: str, limit: int) -> bool:
        """Return whether the step is asked for this sum and department; an amount at a limit is "from" it."""
        if self.departments and department not in self.departments:
            return False
        if fen is None:
            return not (self.from_limit or self.with_sum or self.from_fen is not None)
        return (
            (self.from_fen is None or fen >= self.from_fen) and (self.below_fen is None or fen < self.below_fen)
            and (not self.from_limit or fen >= limit) and (not self.below_limit or fen < limit)
        )


@dataclass(frozen=True)
class Kind:
    """
    A kind of approval.

    Attributes:
        id: kept with each item; name: as people say it.
        subject: label of the free words that are its title.
        steps: in signing order; () for purchases, whose chain is 3.1a's.
        executor: kind of department whose head gets the task once passed; "" for none.
        copies: posts that get a copy when it is filed.
        reason_label: label of the words below its title where they are not the subject.
        concerns: field → capacities that sign again when it changes; a field not listed concerns everyone.
    """

    id: str
    name: str
    subject: str
    money: Money
    fields: tuple[KindField, ...] = ()
    steps: tuple[StepRule, ...] = ()
    aliases: tuple[str, ...] = ()
    executor: str = ""
    copies: tuple[str, ...] = ()
    concerns: Mapping[str, tuple[Role, ...]] = field(default_factory=dict)
    reason_label: str = ""

    @property
    def subject_word(self) -> str:
        """Return the label of the words below the card's title."""
        return self.reason_label or self.subject

    def field(self, label: str) -> KindField | None:
        """Return a field by its label."""
        return next((one for one in self.fields if one.label == label), None)


PURCHASE_ID = "purchase"
CONTRACT = "合同"  # 3.2c: the records director is always one of its signers
_DEPARTMENT = (Role.SUPERVISOR, Role.HEAD_BY_SUPERVISOR, Role.HEAD, Role.DIRECTOR, Role.COUNTER)
_SUPERIOR = StepRule(Source.SUPERIOR, Role.SUPERVISOR)
_DIRECTOR = StepRule(Source.DIRECTOR, Role.DIRECTOR, from_limit=True)
_FINANCE = StepRule(Source.POST, Role.FINANCE, Post.FINANCE_APPROVER.value, with_sum=True)
_CEO = StepRule(Source.POST, Role.CEO, Post.CEO.value, from_limit=True)

PURCHASE = Kind(
    PURCHASE_ID, "采购", "物品", Money.REQUIRED, executor=DepartmentKind.PROCUREMENT.value,
    concerns={
        "reason": _DEPARTMENT, "supplier": (Role.FINANCE, Role.CEO), "unit_fen": (*_DEPARTMENT, Role.FINANCE),
        "quantity": (*_DEPARTMENT, Role.FINANCE), "measure": _DEPARTMENT,
    },
    reason_label="事由",
)

# What an emergency order has done already is approved afterwards along the purchase chain (4.1b); nobody files it
# by name, so it is no kind of the list.
RATIFICATION = Kind(
    "ratification", "补办审批", "事由", Money.REQUIRED,
    (
        KindField("order", "紧急单", most=30), KindField("done", "先行执行", most=60),
        KindField("over", "金额说明", most=60), KindField("team", "小组", most=300),
    ),
    reason_label="事由",
)
_FIXED = {PURCHASE.id: PURCHASE, RATIFICATION.id: RATIFICATION}

DEFAULTS: tuple[Kind, ...] = (
    Kind(
        "expense", "报销", "事由", Money.REQUIRED,
        (KindField("project", "项目", most=60), KindField("bills", "票据", FieldType.COUNT)),
        (_SUPERIOR, _DIRECTOR, _FINANCE, _CEO), executor=DepartmentKind.FINANCE.value,
        concerns={"project": _DEPARTMENT, "bills": (Role.FINANCE,)},
    ),
    Kind(
        "contract", CONTRACT, "名称", Money.OPTIONAL,
        (
            KindField("party", "对方", required=True, most=60), KindField("term", "期限", required=True, most=60),
            KindField("terms", "主要条款", required=True, most=1000),
        ),
        (
            _SUPERIOR, _DIRECTOR, _FINANCE,
            StepRule(Source.POST, Role.RECORDS, Post.RECORDS_DIRECTOR.value), _CEO,
        ),
    ),
    Kind(
        "seal", "用章", "文件", Money.NONE,
        (KindField("copies", "份数", FieldType.COUNT), KindField("seal", "印章", most=30)),
        (_SUPERIOR, StepRule(Source.HEAD, Role.HEAD)), ("盖章", "印章"),
        copies=(Post.RECORDS_DIRECTOR.value,),
    ),
    Kind(
        "payment", "付款", "事由", Money.REQUIRED,
        (KindField("payee", "收款方", required=True, most=60), KindField("due", "付款日", FieldType.DATE)),
        (_SUPERIOR, _DIRECTOR, _FINANCE, _CEO), executor=DepartmentKind.FINANCE.value,
        concerns={"payee": (Role.FINANCE, Role.CEO), "due": (Role.FINANCE,)},
    ),
    Kind(
        "loan", "借款", "事由", Money.REQUIRED,
        (KindField("due", "还款日", FieldType.DATE, required=True),), (_SUPERIOR, _DIRECTOR, _FINANCE, _CEO),
        ("借支",), executor=DepartmentKind.FINANCE.value, concerns={"due": (*_DEPARTMENT, Role.FINANCE)},
    ),
    Kind("other", "其他", "事由", Money.OPTIONAL, (), (_SUPERIOR, _DIRECTOR, _FINANCE, _CEO), ("其它",)),
)


def kinds(parameters: Parameters) -> tuple[Kind, ...]:
    """Return the kinds in force: the defaults, replaced or joined by the company's own, by name."""
    return _in_force(parameters.kinds)


def kind_named(parameters: Parameters, word: str) -> Kind | None:
    """Return a kind by its name or another word for it."""
    return next((kind for kind in kinds(parameters) if word == kind.name or word in kind.aliases), None)


def kind_of(parameters: Parameters, id_: str) -> Kind:
    """
    Return a kind by its id; 采购 and 补办审批 too.

    Raises:
        KeyError: unknown to this version of the policy.
    """
    if id_ in _FIXED:
        return _FIXED[id_]
    return {kind.id: kind for kind in kinds(parameters)}[id_]


def plan_of(org: Org, kind: Kind, applicant: str, fen: int | None, parameters: Parameters) -> Plan | Refusal:
    """
    Return who signs, or the refusal "chain.no_way" that names the empty seat and who can mend it.

    Nobody signs their own; with a sum at least two different people sign (4.1a).
    """
    if kind.id in _FIXED:
        assert fen is not None
        return plan_purchase(org, applicant, fen, parameters)
    person = org.people[applicant]
    limit = parameters.director_from
    steps: list[PlannedStep] = []
    for rule in kind.steps:
        if not rule.applies(fen, person.department, limit):
            continue
        holders = _holders(org, rule, person)
        if not holders:
            # The top has no superior; every other empty seat is a fault somebody must mend.
            if rule.source in (Source.SUPERIOR, Source.DIRECTOR) and org.superior_of(applicant) is None:
                continue
            return no_way(org, rule.role)
        seats = _seats(org, rule, holders, applicant)
        if seats:
            steps.append(PlannedStep(seats, rule.mode, rule.needed))
    copies = [holder.userid for post in kind.copies if (holder := org.holder(Post(post))) is not None]
    tier = "" if fen is None else ("below" if fen < limit else "from")
    return whole_plan(org, steps, applicant, copies, tier, limit, two_people=fen is not None)


def _holders(org: Org, rule: StepRule, applicant: Person) -> list[Person]:
    found: Iterable[Person | None]
    if rule.source is Source.SUPERIOR:
        found = [org.superior_of(applicant.userid)]
    elif rule.source is Source.DIRECTOR:
        found = [director_in_line(org, applicant.userid) or org.superior_of(applicant.userid)]
    elif rule.source is Source.HEAD:
        found = [org.head_of(applicant.department)]
    elif rule.source is Source.POST:
        found = [org.holder(Post(rule.which))]
    elif rule.source is Source.ROLE:
        found = [person for person in org.active_people() if Post(rule.which) in person.posts]
    elif rule.source is Source.TEAM:
        found = _team(org, DepartmentKind(rule.which))
    else:
        found = [org.person(userid.strip()) for userid in rule.which.split(",")]
    return [person for person in found if person is not None]


def _team(org: Org, kind: DepartmentKind) -> list[Person]:
    ids = {department.id for department in org.departments.values() if department.kind is kind}
    return [
        person for person in org.active_people()
        if person.department in ids and person.grade.rank >= Grade.SUPERVISOR.rank
    ]


def _seats(org: Org, rule: StepRule, holders: Sequence[Person], applicant: str) -> tuple[PlannedSeat, ...]:
    others = [holder for holder in holders if holder.userid != applicant]
    asked = others or holders  # only where the applicant is the only one does the seat climb
    seats = [seat_for(org, rule.role, holder, applicant) for holder in asked]
    return tuple(seat for seat in seats if seat is not None)


# --- the company's own ----------------------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def _in_force(own: str) -> tuple[Kind, ...]:
    found = {kind.name: kind for kind in DEFAULTS}
    for kind in read_kinds(own):
        found[kind.name] = kind
    return tuple(found.values())


def read_kinds(own: str) -> tuple[Kind, ...]:
    """
    Read a company's own kinds from JSON text; "" is none.

    Raises:
        ValueError: what is wrong, in one line with its place.
    """
    if not own:
        return ()
    try:
        listed = json.loads(own)
    except ValueError as error:
        raise ValueError(f"policy.kinds: not JSON: {error}") from None
    if not isinstance(listed, list):
        raise ValueError("policy.kinds: write a list of kinds")
    kinds_ = tuple(_kind(at, each) for at, each in enumerate(listed))
    for at, kind in enumerate(kinds_):
        if kind.name == CONTRACT and all(rule.role is not Role.RECORDS for rule in kind.steps):
            raise ValueError(f"policy.kinds[{at}]: {CONTRACT} needs a step of post records_director, role records")
        if not kind.steps:
            raise ValueError(f"policy.kinds[{at}]: steps is empty, nobody would sign")
    return kinds_


def _kind(at: int, stored: Any) -> Kind:
    place = f"policy.kinds[{at}]"
    try:
        return Kind(
            str(stored["id"]), str(stored["name"]), str(stored.get("subject", "事由")),
            Money(stored.get("money", Money.OPTIONAL.value)),
            tuple(
                KindField(
                    str(each["name"]), str(each["label"]), FieldType(each.get("type", "text")),
                    bool(each.get("required", False)), int(each.get("most", 300)),
                )
                for each in stored.get("fields", ())
            ),
            tuple(_rule(each) for each in stored["steps"]),
            tuple(map(str, stored.get("aliases", ()))), str(stored.get("executor", "")),
            tuple(Post(post).value for post in stored.get("copies", ())),
            {
                str(name): tuple(Role(role) for role in roles)
                for name, roles in dict(stored.get("concerns", {})).items()
            },
        )
    except KeyError as error:
        raise ValueError(f"{place}: {error.args[0]} is missing") from None
    except (TypeError, ValueError) as error:
        raise ValueError(f"{place}: {error}") from None


def _rule(stored: Mapping[str, Any]) -> StepRule:
    mode = Mode(stored.get("mode", "all"))
    needed = int(stored.get("needed", 0))
    if mode in (Mode.COUNT, Mode.RATIO) and not 0 < needed <= 100:
        raise ValueError("needed: write how many people (count) or percent (ratio), 1 to 100")
    return StepRule(
        Source(stored["source"]), Role(stored.get("role", Role.NAMED.value)), str(stored.get("which", "")), mode,
        needed, _fen(stored.get("from_yuan")), _fen(stored.get("below_yuan")),
        bool(stored.get("from_limit", False)), bool(stored.get("below_limit", False)),
        bool(stored.get("with_sum", False)), tuple(map(str, stored.get("departments", ()))),
    )


def _fen(yuan: object) -> int | None:
    return None if yuan is None else int(str(yuan)) * 100
