"""What an approval is about, as cards and sentences need it: its kind, its words, its own rows (3.1a, 3.2c)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.context import Ctx
from policy.approval_kinds import Kind, kind_of
from policy.parameters import Parameters
from policy.steps import Approval
from storage.queries import items
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
    """

    kind: Kind
    reason: str
    rows: tuple[tuple[str, str], ...]
    digest: str
    fields: Mapping[str, object] = field(default_factory=dict)


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
    return matter_from(kind_in(ctx, approval), revision.fields, revision.digest)


def matter_from(kind: Kind, fields: Mapping[str, object], digest: str) -> Matter:
    """Return what a revision says."""
    rows = tuple((one.label, str(fields[one.name])) for one in kind.fields if fields.get(one.name))
    return Matter(kind, str(fields.get("reason", "")), rows, digest, fields)
