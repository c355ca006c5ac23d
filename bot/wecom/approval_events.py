"""
WeCom's own approvals: sys_approval_change of the 审批 app, open_approval_change of the flow engine (wecom-facts 2.2).

AgentID of these is the approval app's, not ours. WeCom's spellings (Applyer, Notifyer, StatuChangeEvent) are real.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.wecom.received import Head, Inbound, whole_or_none
from bot.wecom.xml import Fields, group_of, groups_of, text_of


@dataclass(frozen=True)
class ApproverDetail:
    """What one approver did. status: as in SystemApprovalChanged; at: unix seconds."""

    approver: str
    speech: str
    status: int | None
    at: int | None


@dataclass(frozen=True)
class ApprovalStep:
    """One node; attribute as WeCom numbers it (ApproverAttr)."""

    status: int | None
    attribute: int | None
    details: tuple[ApproverDetail, ...]


@dataclass(frozen=True)
class ApprovalComment:
    """A remark. at: unix seconds."""

    author: str
    at: int | None
    content: str
    comment_id: str


@dataclass(frozen=True)
class SystemApprovalChanged(Inbound):
    """
    sys_approval_change.

    Attributes:
        number: SpNoStr where sent, else SpNo.
        status: after the change: 1 pending, 2 approved, 3 rejected, 4 withdrawn, 6 withdrawn after approval,
            7 deleted, 10 paid.
        cause: StatuChangeEvent: 1 submitted, 2 approved, 3 rejected, 4 passed on, 5 urged, 6 withdrawn,
            8 withdrawn after approval, 10 comment.
        applied_at: unix seconds.
    """

    number: str
    name: str
    status: int | None
    template_id: str
    applied_at: int | None
    applicant: str
    applicant_department: str
    steps: tuple[ApprovalStep, ...]
    notified: tuple[str, ...]
    comments: tuple[ApprovalComment, ...]
    cause: int | None


@dataclass(frozen=True)
class OpenApprovalItem:
    """One person in a node. at: unix seconds, 0 before the act."""

    name: str
    userid: str
    status: int | None
    speech: str
    at: int | None


@dataclass(frozen=True)
class OpenApprovalNode:
    """One node of the flow engine; attribute and kind as WeCom numbers them (NodeAttr, NodeType)."""

    status: int | None
    attribute: int | None
    kind: int | None
    items: tuple[OpenApprovalItem, ...]


@dataclass(frozen=True)
class OpenApprovalChanged(Inbound):
    """open_approval_change. status: 1 pending, 2 approved, 3 rejected, 4 cancelled; step: index of the open node."""

    number: str
    name: str
    template_id: str
    status: int | None
    applied_at: int | None
    applicant: str
    applicant_name: str
    applicant_department: str
    nodes: tuple[OpenApprovalNode, ...]
    notified: tuple[str, ...]
    step: int | None


def parse_system_approval(head: Head, fields: Fields) -> Inbound:
    """Turn a sys_approval_change into a typed value."""
    told = group_of(fields, "ApprovalInfo")
    applicant = group_of(told, "Applyer")
    return SystemApprovalChanged(
        *head, text_of(told, "SpNoStr") or text_of(told, "SpNo"), text_of(told, "SpName"),
        whole_or_none(told, "SpStatus"), text_of(told, "TemplateId"), whole_or_none(told, "ApplyTime"),
        text_of(applicant, "UserId"), text_of(applicant, "Party"),
        tuple(_step(record) for record in groups_of(told, "SpRecord")),
        tuple(text_of(person, "UserId") for person in groups_of(told, "Notifyer")),
        tuple(_comment(comment) for comment in groups_of(told, "Comments")),
        whole_or_none(told, "StatuChangeEvent"),
    )


def _step(record: Fields) -> ApprovalStep:
    details = tuple(
        ApproverDetail(
            text_of(group_of(detail, "Approver"), "UserId"), text_of(detail, "Speech"),
            whole_or_none(detail, "SpStatus"), whole_or_none(detail, "SpTime"),
        )
        for detail in groups_of(record, "Details")
    )
    return ApprovalStep(whole_or_none(record, "SpStatus"), whole_or_none(record, "ApproverAttr"), details)


def _comment(comment: Fields) -> ApprovalComment:
    return ApprovalComment(
        text_of(group_of(comment, "CommentUserInfo"), "UserId"), whole_or_none(comment, "CommentTime"),
        text_of(comment, "CommentContent"), text_of(comment, "CommentId"),
    )


def parse_open_approval(head: Head, fields: Fields) -> Inbound:
    """Turn an open_approval_change into a typed value."""
    told = group_of(fields, "ApprovalInfo")
    return OpenApprovalChanged(
        *head, text_of(told, "ThirdNo"), text_of(told, "OpenSpName"), text_of(told, "OpenTemplateId"),
        whole_or_none(told, "OpenSpStatus"), whole_or_none(told, "ApplyTime"), text_of(told, "ApplyUserId"),
        text_of(told, "ApplyUserName"), text_of(told, "ApplyUserParty"),
        tuple(_node(node) for node in groups_of(group_of(told, "ApprovalNodes"), "ApprovalNode")),
        tuple(text_of(node, "ItemUserId") for node in groups_of(group_of(told, "NotifyNodes"), "NotifyNode")),
        whole_or_none(told, "approverstep"),
    )


def _node(node: Fields) -> OpenApprovalNode:
    items = tuple(
        OpenApprovalItem(
            text_of(item, "ItemName"), text_of(item, "ItemUserId"), whole_or_none(item, "ItemStatus"),
            text_of(item, "ItemSpeech"), whole_or_none(item, "ItemOpTime"),
        )
        for item in groups_of(group_of(node, "Items"), "Item")
    )
    return OpenApprovalNode(
        whole_or_none(node, "NodeStatus"), whole_or_none(node, "NodeAttr"), whole_or_none(node, "NodeType"), items
    )
