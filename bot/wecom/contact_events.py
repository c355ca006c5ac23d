"""
change_contact: the company's address book changed (wecom-facts 2.2; doc 90240). FromUserName is `sys`.

An update carries only what changed: None means "not said", "" and () mean "now empty".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.wecom.received import Head, Inbound, Unknown, listed, whole_or_none, wholes
from bot.wecom.xml import Fields, group_of, groups_of, text_of

Change = Literal["create", "update", "delete"]


@dataclass(frozen=True)
class ExtraAttribute:
    """An attribute of the company's own: kind 0 text, 1 web page. value: text or address; title of a page."""

    name: str
    kind: int
    value: str
    title: str = ""


@dataclass(frozen=True)
class MemberChanged(Inbound):
    """
    create_user, update_user or delete_user.

    Attributes:
        userid: as WeCom spells it; compare in lower case.
        new_userid: the id from now on, "" when it stays (it may change once).
        leads: one flag per entry of departments, in the same order.
        status: 1 active, 2 disabled, 4 not activated, 5 left.
        values: every flat field as sent, for what has no attribute here (Mobile, Email, Telephone …).
    """

    change: Change
    userid: str
    new_userid: str
    name: str | None
    departments: tuple[int, ...] | None
    main_department: int | None
    leads: tuple[bool, ...] | None
    direct_leaders: tuple[str, ...] | None
    position: str | None
    status: int | None
    extra: tuple[ExtraAttribute, ...]
    values: dict[str, str]


@dataclass(frozen=True)
class DepartmentChanged(Inbound):
    """create_party, update_party or delete_party. What was not said is None."""

    change: Change
    department: int | None
    name: str | None
    parent: int | None
    order: int | None


@dataclass(frozen=True)
class TagChanged(Inbound):
    """update_tag: who and which departments came and went."""

    tag: int | None
    users_added: tuple[str, ...]
    users_removed: tuple[str, ...]
    departments_added: tuple[int, ...]
    departments_removed: tuple[int, ...]


_CHANGES: dict[str, Change] = {"create": "create", "update": "update", "delete": "delete"}


def parse_contact_change(head: Head, fields: Fields) -> Inbound:
    """Turn a change_contact into a typed value; a ChangeType that is not documented gives Unknown."""
    named = text_of(fields, "ChangeType").lower()
    verb, _, noun = named.partition("_")
    change = _CHANGES.get(verb)
    if named == "update_tag":
        return TagChanged(
            *head, whole_or_none(fields, "TagId"), listed(text_of(fields, "AddUserItems")),
            listed(text_of(fields, "DelUserItems")), wholes(text_of(fields, "AddPartyItems")),
            wholes(text_of(fields, "DelPartyItems")),
        )
    if noun == "party" and change is not None:
        return DepartmentChanged(
            *head, change, whole_or_none(fields, "Id"), _said(fields, "Name"), whole_or_none(fields, "ParentId"),
            whole_or_none(fields, "Order"),
        )
    if noun == "user" and change is not None:
        return _member(head, change, fields)
    return Unknown(*head, f"event:change_contact:{named}"[:64])


def _member(head: Head, change: Change, fields: Fields) -> Inbound:
    departments, leads = _said(fields, "Department"), _said(fields, "IsLeaderInDept")
    leaders = _said(fields, "DirectLeader")
    return MemberChanged(
        *head, change, text_of(fields, "UserID"), text_of(fields, "NewUserID"), _said(fields, "Name"),
        None if departments is None else wholes(departments), whole_or_none(fields, "MainDepartment"),
        None if leads is None else tuple(flag == "1" for flag in listed(leads)),
        None if leaders is None else listed(leaders), _said(fields, "Position"), whole_or_none(fields, "Status"),
        tuple(_attribute(item) for item in groups_of(group_of(fields, "ExtAttr"), "Item")),
        {name: value for name, value in fields.items() if isinstance(value, str)},
    )


def _attribute(item: Fields) -> ExtraAttribute:
    web = group_of(item, "Web")
    name, kind = text_of(item, "Name"), whole_or_none(item, "Type") or 0
    if kind == 1:
        return ExtraAttribute(name, kind, text_of(web, "Url"), text_of(web, "Title"))
    return ExtraAttribute(name, kind, text_of(group_of(item, "Text"), "Value"))


def _said(fields: Fields, name: str) -> str | None:
    value = fields.get(name)
    return value if isinstance(value, str) else None
