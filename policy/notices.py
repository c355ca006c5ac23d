"""Notices (7.1a): who may send one, and for how long it can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from policy.decisions import Refusal
from policy.org import Org, Person
from policy.terms import DepartmentKind, Grade

CONTROL = "7.1a"
RECALL_WITHIN = timedelta(hours=24)  # message/recall [doc 94867]
TEXT_MOST = 600  # characters; with its head it fits into one message


@dataclass(frozen=True)
class Audience:
    """
    Whom a notice is meant for.

    Attributes:
        words: as it is shown, e.g. 销售部、许专员.
        userids: each once, in order, the sender left out.
        everyone: 全员 is among it.
    """

    words: str
    userids: tuple[str, ...]
    everyone: bool


def may_send(org: Org, sender: Person, audience: Audience, *, important: bool) -> Refusal | None:
    """
    Return why somebody may not send a notice, None when they may.

    An important one is for supervisors and above; to everybody for directors and above, or the records department.
    """
    department = org.department_of(sender.userid)
    in_records = department is not None and department.kind is DepartmentKind.RECORDS
    if audience.everyone and sender.grade.rank < Grade.DIRECTOR.rank and not in_records:
        return Refusal("notice.everyone", CONTROL)
    if important and sender.grade.rank < Grade.SUPERVISOR.rank and not in_records:
        return Refusal("notice.important", CONTROL)
    return None


def members(org: Org, sender: str, userids: Sequence[str]) -> tuple[str, ...]:
    """Return the active people among some, each once, the sender left out."""
    return tuple(
        userid for userid in dict.fromkeys(userids) if userid != sender and org.person(userid) is not None
    )
