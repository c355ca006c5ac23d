"""The company's address book as the app sees it: its visible range only (wecom-facts 6; doc 90208, doc 90201)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.wecom.client import WeComClient

ACTIVE = 1


@dataclass(frozen=True)
class BookDepartment:
    """A department. leaders: userids in lower case; parent is 0 for the root, whose id is 1."""

    id: int
    name: str
    parent: int
    leaders: tuple[str, ...]


@dataclass(frozen=True)
class BookMember:
    """
    A member.

    Attributes:
        userid: as WeCom spells it; compare in lower case.
        leads: ids of the departments among `departments` that the member leads.
        direct_leaders: userids in lower case, only those in the visible range.
        status: 1 active, 2 disabled, 4 not activated, 5 left.
    """

    userid: str
    name: str
    departments: tuple[int, ...]
    main_department: int | None
    leads: tuple[int, ...]
    direct_leaders: tuple[str, ...]
    position: str
    status: int


@dataclass(frozen=True)
class AddressBook:
    """Departments by id; members by userid in lower case, each once."""

    departments: Mapping[int, BookDepartment]
    members: Mapping[str, BookMember]


def read_address_book(client: WeComClient) -> AddressBook:
    """
    Read everything the app may see; one call for the departments, one per department for its members.

    Raises:
        SendError: a call did not succeed; nothing half-read is returned.
    """
    departments = {entry.id: entry for entry in map(_department, client.department.list())}
    members: dict[str, BookMember] = {}
    for department in departments:
        for row in client.user.list(department):
            member = _member(row)
            members[member.userid.lower()] = member
    return AddressBook(departments, members)


def _department(row: Mapping[str, Any]) -> BookDepartment:
    return BookDepartment(
        int(row["id"]), str(row.get("name", "")), int(row.get("parentid") or 0),
        tuple(str(leader).lower() for leader in row.get("department_leader") or ()),
    )


def _member(row: Mapping[str, Any]) -> BookMember:
    departments = tuple(int(each) for each in row.get("department") or ())
    flags = row.get("is_leader_in_dept") or ()
    main = row.get("main_department")
    return BookMember(
        str(row["userid"]), str(row.get("name", "")), departments, None if main is None else int(main),
        tuple(each for each, flag in zip(departments, flags, strict=False) if int(flag) == 1),
        tuple(str(leader).lower() for leader in row.get("direct_leader") or ()), str(row.get("position", "")),
        int(row.get("status") or ACTIVE),
    )
