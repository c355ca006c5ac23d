"""
Who takes a seat whose holder cannot: the declared ways for somebody who has left (2.1a, 4.1a).

An empty seat never passes by itself. In order: the next active superior, the counter-signer, the records director,
the CEO, the other executives and directors; never the applicant, and nobody who already sits in this approval as
long as anyone else is left.

Source: research/approvals (d) 7, 8, 12, 13.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from policy.org import Org, Person
from policy.terms import Grade, Post


class Why(StrEnum):
    """Why a seat's card goes to another than it was planned for."""

    SAME = "same"  # nothing changed
    LEFT = "left"  # 已不在岗
    ROUTE = "route"  # 人员或部门有变动，按现在的隶属关系
    AWAY = "away"  # 休假、委托
    EMPTY = "empty"  # 没有可用的人


@dataclass(frozen=True)
class Holder:
    """Who gets the seat's card now. `userid` is "" when nobody is left."""

    userid: str
    why: Why = Why.SAME


def successor(org: Org, signer: str, applicant: str, seated: Collection[str] = ()) -> Holder:
    """
    Return who signs for a seat: its holder while active, else the first of the declared ways.

    Args:
        seated: userids that sit elsewhere in this approval; taken only when nobody else is left.
    """
    person = org.person(signer)
    if person is not None and person.userid != applicant:
        return Holder(person.userid)
    possible = [each.userid for each in _ways(org, signer) if each.userid not in (applicant, signer)]
    free = [userid for userid in possible if userid not in seated]
    chosen = (free or possible or [""])[0]
    return Holder(chosen, Why.LEFT if chosen else Why.EMPTY)


def mender(org: Org) -> str:
    """Return who can fill an empty seat: the records director, else the CEO, else ""."""
    found = org.holder(Post.RECORDS_DIRECTOR) or org.holder(Post.CEO)
    return found.userid if found is not None else ""


def _ways(org: Org, signer: str) -> Iterator[Person]:
    yield from org.line_above(signer)
    for post in (Post.COUNTER_SIGNER, Post.RECORDS_DIRECTOR, Post.CEO):
        holder = org.holder(post)
        if holder is not None:
            yield holder
    yield from sorted(
        (person for person in org.active_people() if person.grade.rank >= Grade.DIRECTOR.rank),
        key=lambda person: (-person.grade.rank, person.userid),
    )
