"""What an approval is about, as cards and sentences need it: its kind, its words, its own rows (3.1a, 3.2c)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from handlers.context import Ctx
from policy.approval_kinds import Kind, kind_of
from policy.parameters import Parameters
from policy.radars import Spending, Split, cores_of, split_with
from policy.steps import Approval
from policy.terms import ItemState
from storage.queries import items, radars
from storage.queries import policy as policy_versions
from storage.queries.items import Item

PURCHASE = "purchase"


@dataclass(frozen=True)
class Matter:
    """
    One revision of an approval's content.

    Attributes:
        reason: the words below the card's title.
        rows: (label, value) of the kind's own fields that were said, in order.
        fields: the revision's, as kept.
        split: what reaches the limit of 4.1a together with it, a hint to its signers; None where nothing does.
    """

    kind: Kind
    reason: str
    rows: tuple[tuple[str, str], ...]
    digest: str
    fields: Mapping[str, object] = field(default_factory=dict)
    split: Split | None = None


def figures_of(ctx: Ctx, approval: Approval) -> Parameters:
    """Return the figures this approval runs under, the ones of its filing, whatever has changed since (15)."""
    version = int(str(approval.facts.get("policy", ctx.parameters.version)))
    if version == ctx.parameters.version:
        return ctx.parameters
    return policy_versions.parameters_of(ctx.unit, version) or ctx.parameters


def kind_in(ctx: Ctx, approval: Approval) -> Kind:
    """Return the kind of an approval under its own version of the policy."""
    return kind_of(figures_of(ctx, approval), str(approval.facts.get("kind") or PURCHASE))


def matter_of(ctx: Ctx, item: Item, approval: Approval) -> Matter:
    """Return what an approval says in its present revision."""
    revision = items.load_revision(ctx.unit, item.number, approval.revision)
    assert revision is not None
    split = split_of(ctx, item, approval, revision.fields)
    return matter_from(kind_in(ctx, approval), revision.fields, revision.digest, split)


def matter_from(kind: Kind, fields: Mapping[str, object], digest: str, split: Split | None) -> Matter:
    """Return what a revision says, with what was found like it."""
    rows = tuple((one.label, str(fields[one.name])) for one in kind.fields if fields.get(one.name))
    return Matter(kind, str(fields.get("reason", "")), rows, digest, fields, split)


def remember_likeness(ctx: Ctx, item: Item, fields: Mapping[str, object]) -> None:
    """Keep the keys by which this content is found again; once per revision."""
    cores = cores_of(item.title, str(fields.get("reason", "")), str(fields.get("supplier", "")))
    radars.remember_cores(ctx.unit, item.number, item.department, item.author, cores)


def split_of(ctx: Ctx, item: Item, approval: Approval, fields: Mapping[str, object]) -> Split | None:
    """Look once for like applications nearby, only where somebody is asked about a sum below the limit."""
    figures = figures_of(ctx, approval)
    if approval.state is not ItemState.PENDING or approval.fen is None or approval.fen >= figures.director_from:
        return None
    own = Spending(
        item.number, item.kind, item.author, item.department, item.title, str(fields.get("reason", "")),
        str(fields.get("supplier", "")), approval.fen, approval.state, item.created_at,
    )
    days = timedelta(days=figures.split_days)
    near = radars.spending_like(ctx.unit, own, item.created_at - days, item.created_at + days)
    return split_with(own, near, limit=figures.director_from, days=figures.split_days)
