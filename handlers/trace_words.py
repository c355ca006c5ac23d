"""One event of the trail in words (3.1f)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from handlers.context import Ctx
from handlers.meeting_trace import meeting_words
from handlers.record_fields import show_value
from handlers.split_hints import NOTED
from notifications.texts import purchases as purchase_texts
from notifications.texts import radars as radar_texts
from notifications.texts import trace as texts
from notifications.texts.alarms import trace as alarm_trace
from notifications.texts.drills import trace as drill_trace
from notifications.texts.notices import trace as notice_trace
from notifications.texts.revisions import trace as revision_trace
from notifications.texts.sums import figures
from notifications.texts.words import roles
from policy.approval_kinds import kinds
from policy.chains import Role
from policy.permissions import scope_of
from policy.steps import Approval
from policy.terms import DeliveryKind, Noun
from storage.queries.approvals import Signature
from storage.queries.items import Item, Note, Revision
from storage.queries.templates import template_version


def event_words(
    ctx: Ctx, item: Item, act: str, facts: Mapping[str, Any], revisions: Mapping[int, Revision],
    signature: Signature | None, note: Note | None,
) -> str:
    """Return what an event says to a reader, "" for what is only of use to the machine."""
    if act == "approval.filed":
        revision = revisions[1]
        content = revision.fields
        names = [ctx.name(signer[0]) for signer in facts["signers"]]
        money = figures(int(facts["fen"])) if facts.get("fen") is not None else ""
        words = texts.filed(
            str(content.get("subject", item.title)), money, str(content.get("reason", "")), names,
            str(facts["digest"]),
        )
        return words + (texts.refiled_from(facts["parent"]) if facts.get("parent") else "")
    if act in ("approval.approved", "approval.returned", "approval.rejected"):
        verb = act.removeprefix("approval.")
        capacity = roles(tuple(Role(role) for role in facts["roles"]))
        opinion = signature.opinion if signature is not None else ""
        return texts.decided(verb, capacity, opinion, str(facts["digest"]))
    if act in ("approval.amended", "approval.attached"):
        number = int(facts["revision"])
        return texts.amended(number, _changes(ctx, item, revisions, number), [ctx.name(s[0]) for s in facts["signers"]])
    if act in _ABOUT_SOMEBODY:
        return _ABOUT_SOMEBODY[act](ctx.name(str(facts["to"])), str(facts.get("place", "")))
    if act == "record.filed":
        return texts.record_filed(content_of(ctx, item, revisions[1]), int(facts["version"]))
    if act == "record.corrected":
        number = int(facts["revision"])
        return texts.record_corrected(number, _changes(ctx, item, revisions, number), revisions[number].reason)
    if act == "approval.urged":
        return texts.urged(ctx.name(str(facts["signer"])), int(facts["times"]))
    if act == "approval.reminded":
        return texts.reminded(ctx.name(str(facts["signer"])), int(facts["times"]))
    if act in ("approval.asked", "approval.answered"):
        return texts.said(act == "approval.asked", note.words if note is not None else "")
    if act == "task.done":
        newest = revisions[max(revisions)]
        return texts.task_done(str(newest.fields.get("note", "")))
    if act == "task.opened":
        return texts.task_opened(ctx.name(str(facts["owner"])))
    if act.startswith(("alarm.", "phone.")):
        concerned = facts.get("holder") or facts.get("callee") or next(iter(facts.get("ladder", ())), "")
        return alarm_trace(act, facts, ctx.name(str(concerned)))
    if act == NOTED:
        return _hint(ctx, facts)
    if act.startswith("drill."):
        return drill_trace(act, dict(facts))
    if act.startswith("notice."):
        return notice_trace(act, facts)
    if act == "delivery.sent":
        # Changed faces of cards and fetched files are kept as evidence; a reader asks who was told, and when.
        return texts.delivered(ctx.name(str(facts["recipient"]))) if facts["kind"] == DeliveryKind.MESSAGE else ""
    if act in ("delivery.failed", "delivery.unknown"):
        message = facts["kind"] == DeliveryKind.MESSAGE
        name = ctx.name(str(facts["recipient"])) if message else ""
        return texts.undelivered(name, unsure=act == "delivery.unknown")
    if act == "approval.stuck":
        return texts.stuck(ctx.name(str(facts["signer"])))
    if act.startswith("revision."):
        return revision_trace(act, facts, note.words if note is not None else "")
    return texts.PLAIN.get(act, "") or meeting_words(ctx, act, facts)


def _hint(ctx: Ctx, facts: Mapping[str, Any]) -> str:
    """A hint is for whom it was shown to and for the auditor (1.1a); nobody else reads it."""
    reader = ctx.actor
    if reader is None or not (reader.userid in facts["shown"] or scope_of(ctx.org, reader).everything):
        return ""
    return radar_texts.split_noted(
        [ctx.name(userid) for userid in facts["shown"]], int(facts["days"]), len(facts["others"]) + 1,
        int(facts["fen"]), facts["others"],
    )


_ABOUT_SOMEBODY: Mapping[str, Callable[[str, str], str]] = {
    "approval.forwarded": texts.forwarded, "approval.added": texts.added, "approval.removed": texts.removed,
    "approval.reassigned": texts.reassigned,
}


def steps_ahead(ctx: Ctx, approval: Approval) -> list[str]:
    """Return a line for each signer still to come."""
    if approval.open_step is None:
        return []
    return [
        texts.waiting(ctx.name(seat.signer), roles(seat.roles), first=at == 0)
        for at, step in enumerate(approval.steps[approval.position :]) for seat in step.waiting
    ]


def _changes(
    ctx: Ctx, item: Item, revisions: Mapping[int, Revision], number: int
) -> list[tuple[str, str, str]]:
    older, newer = revisions[number - 1].fields, revisions[number].fields
    names = [name for name in newer if newer.get(name) != older.get(name)]
    names += [name for name in older if name not in newer]
    shown = [[_value(ctx, item, name, fields.get(name)) for fields in (older, newer)] for name in names]
    return [(_field_name(ctx, item, name), was, now) for name, (was, now) in zip(names, shown, strict=True)]


def content_of(ctx: Ctx, item: Item, revision: Revision) -> list[tuple[str, str]]:
    """Return a revision's fields in words: (name, value), in the template's order."""
    template = template_version(ctx.unit, item.kind, item.template_version)
    # JSON as kept is sorted by name; people read the template's order.
    order = [field.name for field in template.fields] if template is not None else []
    names = [*(name for name in order if name in revision.fields), *(n for n in revision.fields if n not in order)]
    return [(_field_name(ctx, item, name), _value(ctx, item, name, revision.fields[name])) for name in names]


def _field_name(ctx: Ctx, item: Item, name: str) -> str:
    if name in purchase_texts.FIELD_WORDS:
        return purchase_texts.FIELD_WORDS[name]
    kind = next((kind for kind in kinds(ctx.parameters) if kind.id == item.kind), None)
    own = next((one.label for one in kind.fields if one.name == name), None) if kind is not None else None
    return own or name


def _value(ctx: Ctx, item: Item, name: str, value: object) -> str:
    if value is None:
        return ""
    if name in ("fen", "unit_fen"):
        return figures(int(str(value)))
    if name in purchase_texts.FIELD_WORDS:
        return str(value)
    if item.noun is Noun.APPROVAL:
        return str(value)
    template = template_version(ctx.unit, item.kind, item.template_version)
    return show_value(template.field(name) if template is not None else None, value)
