"""Filing an approval of any kind: number, chain, first card, evidence (3.1a, 4.1a, P.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from handlers.approval_cards import names_of
from handlers.asked import names_asked
from handlers.context import Ctx
from handlers.effects import open_first, signers_of
from handlers.matter import matter_from, remember_likeness, split_of
from handlers.split_hints import keep_hint, tell_records
from notifications.texts import purchases as texts
from policy.approval_kinds import PURCHASE_ID, Kind, plan_of
from policy.approvals import open_approval
from policy.chains import Plan, PlannedStep, Role
from policy.decisions import Refusal
from policy.steps import Approval
from policy.terms import ItemState, Noun
from storage.queries import approvals
from storage.queries.items import Item
from storage.queries.org_seen import keep_seen


@dataclass(frozen=True)
class Filed:
    """What was filed. leaves_at: when the first card may leave."""

    item: Item
    approval: Approval
    plan: Plan
    leaves_at: datetime


def file_approval(
    ctx: Ctx, kind: Kind, title: str, fen: int | None, fields: Mapping[str, object], typed: str,
    parent: str | None = None,
) -> Filed | Refusal:
    """Put an approval into the register and open its chain; one event of evidence. handlers.asking asks at once."""
    applicant = ctx.person.userid
    plan = plan_of(ctx.org, kind, applicant, fen, ctx.parameters)
    if isinstance(plan, Refusal):
        return plan
    noun = Noun.PURCHASE if kind.id == PURCHASE_ID else Noun.APPROVAL
    item, digest = ctx.file_item(
        noun, kind=kind.id, title=title, fields=dict(fields), original=typed,
        responsible=plan.steps[0].signers[0], state=ItemState.PENDING, parent=parent,
    )
    approval = open_approval(
        item.number, plan, applicant, fen, now=ctx.now, kind="" if kind.id == PURCHASE_ID else kind.id,
        policy=ctx.parameters.version,
    )
    if fen is not None:
        remember_likeness(ctx, item, fields)
    matter = matter_from(kind, fields, digest, split_of(ctx, item, approval, fields))
    seated = open_first(ctx, item, approval, matter)
    approvals.insert_approval(ctx.unit, seated)
    keep_seen(ctx.unit, ctx.org)
    ctx.audit(
        "approval.filed", item.number, digest=digest, fen=fen, parent=parent or "", kind=kind.id, tier=plan.tier,
        limit=plan.limit, merged=list(plan.merged), copies=list(plan.copies), signers=signers_of(seated),
        planned=[list(step.signers) for step in plan.steps], org=ctx.org.version, policy=ctx.parameters.version,
    )
    keep_hint(ctx, seated, matter)
    tell_records(ctx, item, matter)
    return Filed(item, seated, plan, ctx.post.may_leave_at())


def planned_names(ctx: Ctx, step: PlannedStep) -> str:
    """Return a planned step's people as one word."""
    return texts.together([ctx.name(signer) for signer in step.signers], step.mode, step.needed)


def order_of(ctx: Ctx, approval: Approval) -> list[str]:
    """Return the steps' people in order, as words."""
    return [names_of(ctx, step) for step in approval.steps]


def notes_of(ctx: Ctx, plan: Plan) -> list[str]:
    """Return why the chain is not simply the line above: climbed, merged, counter-signed."""
    notes: list[str] = []
    for seat in (seat for step in plan.steps for seat in step.seats):
        name = ctx.name(seat.signer)
        if seat.instead_of:
            notes.append(texts.note_climbed(name))
        if seat.signer in plan.merged:
            notes.append(texts.note_merged(name, seat.roles))
        if Role.COUNTER in seat.roles:
            notes.append(texts.note_counter(name))
    return notes


def held_note(ctx: Ctx, filed: Filed) -> list[str]:
    """Return when somebody quiet will get it, nothing when at once."""
    if filed.leaves_at <= ctx.now:
        return []
    first, rest_day = names_asked(ctx, filed.approval)[0], not ctx.calendar.is_working_day(ctx.today)
    return [texts.note_held(first, filed.leaves_at, rest_day, filed.item.number)]
