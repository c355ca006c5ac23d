"""采购: filing a purchase (3.1a, 4.1a)."""

from __future__ import annotations

from typing import Any

from handlers.asked import names_asked
from handlers.context import Ctx
from handlers.explain import purchase_problem, refusal_text
from handlers.filing import file_approval, held_note, notes_of, order_of
from handlers.language.command import CommandLine
from handlers.language.purchase import PurchaseProblem, read_purchase
from handlers.previews import show_first
from handlers.purchase_content import Content
from handlers.registry import Answer, Say, Topic
from notifications.texts import approvals as approval_texts
from notifications.texts import purchases as texts
from notifications.texts.general import GROUP_SUBMIT
from policy.approval_kinds import PURCHASE
from policy.chains import Plan
from policy.decisions import Refusal
from policy.steps import Approval
from storage.queries import approvals

__all__ = ["KIND", "file_purchase", "purchase_answer", "topic"]

topic = Topic("purchases")

KIND = PURCHASE.id
_USUAL_NEEDS = 3  # approved purchases before a sum can be called unusual
_PREVIEW = "purchase"


@topic.command(
    "采购", "申购", "采购申请", group=GROUP_SUBMIT, usage=texts.USAGE, examples=texts.EXAMPLES,
    controls=("3.1a", "4.1a", "P.1", "2.1a"),
)
def purchase(line: CommandLine, ctx: Ctx) -> Answer:
    """File a purchase: the answer names the number, the sum as understood and who signs in order. Source: 3.1a."""
    read = read_purchase(line)
    if isinstance(read, PurchaseProblem):
        return Say(purchase_problem(read))
    content = Content.typed(read)
    too_long = content.too_long()
    if too_long is not None:
        return Say(too_long)
    usual, count = approvals.usual_sum(ctx.unit, ctx.person.userid)
    if count >= _USUAL_NEEDS and content.fen > usual * ctx.parameters.usual_multiple:
        kept = {"fields": content.fields(), "typed": line.text}
        return show_first(ctx, _PREVIEW, kept, line.text, texts.unusual(content.subject, content.fen, usual))
    return file_purchase(ctx, content, line.text, as_total=read.as_total)


@topic.preview(_PREVIEW)
def file_after_preview(kept: Any, ctx: Ctx) -> Answer:
    """File an unusual purchase once its applicant has confirmed it."""
    return file_purchase(ctx, Content.kept(kept["fields"]), kept["typed"])


def file_purchase(
    ctx: Ctx, content: Content, typed: str, *, as_total: bool = False, parent: str | None = None
) -> Answer:
    """Put a purchase into the register and ask its first signer."""
    filed = file_approval(ctx, PURCHASE, content.subject, content.fen, content.fields(), typed, parent)
    if isinstance(filed, Refusal):
        return Say(refusal_text(filed, ctx, "", None))
    number = filed.item.number
    headline = texts.headline(number) if parent is None else approval_texts.refiled(parent, number)
    extra = []
    if as_total and content.quantity:
        extra.append(texts.note_total(content.fen, content.subject, content.quantity))
    extra += held_note(ctx, filed)
    return Say(purchase_answer(ctx, content, filed.approval, filed.plan, headline, extra))


def purchase_answer(
    ctx: Ctx, content: Content, approval: Approval, plan: Plan, headline: str, extra: list[str]
) -> str:
    """Return the answer to a filed or amended purchase."""
    first = texts.several(names_asked(ctx, approval))
    return texts.filed(
        headline, approval.number, content.subject, content.fen, content.reason, order_of(ctx, approval), first,
        ctx.parameters.urges_per_item, [*notes_of(ctx, plan), *extra],
    )
