"""An item's page: the whole text, who signed which revision, and its story, for those who may see it (P.3, 3.1f)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.context import Ctx
from handlers.finding import story
from handlers.seen import visible_item
from handlers.trace_words import content_of
from notifications.texts import pages as texts
from notifications.texts.moments import moment_to_the_second
from notifications.texts.sums import both_ways
from notifications.texts.words import GRADES, NOUNS, STATES, VERBS, roles
from policy.chains import Role
from storage.queries import approvals, items

Row = tuple[str, str]


@dataclass(frozen=True)
class Signed:
    """One signature: who in which capacity, what, when, why, and the whole revision it binds to."""

    who: str
    capacity: str
    verb: str
    at: str
    opinion: str
    revision: int
    digest: str


@dataclass(frozen=True)
class Kept:
    """One revision: its content in words, why it came to be, and its digest."""

    revision: int
    who: str
    at: str
    reason: str
    digest: str
    fields: Sequence[Row]


@dataclass(frozen=True)
class Attached:
    """One attachment: its id opens it."""

    id: int
    words: str


@dataclass(frozen=True)
class ItemPage:
    """Everything that the page shows, in words."""

    number: str
    noun: str
    title: str
    state: str
    facts: Sequence[Row]
    revisions: Sequence[Kept]  # newest first
    signatures: Sequence[Signed]
    attachments: Sequence[Attached]
    story: Sequence[str]
    reader: str  # name of who looks


def item_page(ctx: Ctx, number: str) -> ItemPage | None:
    """Return an item's page, None when there is no such item or the person may not see it; both looks are kept."""
    item = visible_item(ctx, number)
    if item is None:
        return None
    ctx.access("page", number)
    approval = approvals.load_approval(ctx.unit, number)
    department = ctx.org.departments.get(item.department)
    facts = [
        (texts.AUTHOR, ctx.name(item.author)),
        (texts.DEPARTMENT, department.name if department is not None else item.department),
        (texts.FILED_AT, moment_to_the_second(item.created_at)),
        (texts.RESPONSIBLE, texts.responsible(ctx.name(item.responsible), GRADES[item.answerable])),
        (texts.POLICY, texts.version(item.policy_version)),
    ]
    if approval is not None and approval.fen is not None:
        facts.insert(0, (texts.SUM, both_ways(approval.fen)))
    return ItemPage(
        number, NOUNS[item.noun], item.title, STATES[item.state], facts,
        [
            Kept(
                each.revision, ctx.name(each.author), moment_to_the_second(each.created_at), each.reason, each.digest,
                content_of(ctx, item, each),
            )
            for each in sorted(items.revisions_of(ctx.unit, number), key=lambda kept: -kept.revision)
        ],
        [
            Signed(
                each.actor_name, roles(tuple(Role(role) for role in each.roles)), VERBS[each.verb],
                moment_to_the_second(each.at), each.opinion, each.revision, each.revision_digest,
            )
            for each in approvals.signatures_of(ctx.unit, number)
        ],
        [
            Attached(each.id, texts.attachment(each.kind, each.name, each.size, each.state))
            for each in items.attachments_of(ctx.unit, number)
        ],
        story(ctx, item), ctx.person.name,
    )
