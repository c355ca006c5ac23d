"""采购: filing, amending after a return, filing again (3.1a, 4.1a, P.3)."""

from __future__ import annotations

from datetime import datetime

from handlers.approval_cards import send_question, void_cards
from handlers.context import Ctx
from handlers.explain import purchase_problem, refusal_text
from handlers.language.command import CommandLine
from handlers.language.purchase import PurchaseProblem, read_purchase
from handlers.purchase_content import Content, with_pairs
from handlers.registry import Answer, Say, Topic
from handlers.seen import number_in, unknown, visible_item
from notifications.texts import approvals as approval_texts
from notifications.texts import purchases as texts
from notifications.texts.general import GROUP_OTHER, GROUP_SUBMIT
from policy.approvals import Act, Approval, open_approval, perform, resubmit
from policy.chains import Plan, Role, plan_purchase
from policy.decisions import Refusal
from policy.terms import ItemState, Noun, Verb
from storage.queries import approvals, conversations, items
from storage.queries.items import Item

topic = Topic("purchases")

KIND = "purchase"
LAST_ITEM = "last_item"
_USUAL_NEEDS = 3  # approved purchases before a sum can be called unusual
_CONFIRM = "confirm"


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
        conversations.remember(
            ctx.unit, ctx.person.userid, _CONFIRM, {"fields": content.fields(), "typed": line.text},
            ctx.later(minutes=ctx.parameters.attach_minutes),
        )
        return Say(texts.unusual(content.subject, content.fen, usual))
    return file_purchase(ctx, content, line.text, as_total=read.as_total)


@topic.command("确认发送", group=GROUP_OTHER, usage=texts.USAGE_CONFIRM)
def confirm(line: CommandLine, ctx: Ctx) -> Answer:
    """Send what was shown as a preview."""
    kept = conversations.recall(ctx.unit, ctx.person.userid, _CONFIRM, ctx.now)
    if kept is None:
        return Say(texts.NOTHING_TO_CONFIRM)
    conversations.end(ctx.unit, ctx.person.userid, _CONFIRM)
    return file_purchase(ctx, Content.kept(kept["fields"]), kept["typed"])


@topic.command(
    "补充", group=GROUP_SUBMIT, usage=approval_texts.USAGE_AMEND, examples=approval_texts.EXAMPLES_AMEND,
    controls=("P.3",),
)
def amend(line: CommandLine, ctx: Ctx) -> Answer:
    """Change a returned purchase: a new revision, a new round of signatures. Source: P.3."""
    number = number_in(line)
    item = visible_item(ctx, number)
    approval = approvals.lock_approval(ctx.unit, number)
    if item is None or approval is None:
        return unknown(line, number)
    done = perform(approval, Act(Verb.AMEND, ctx.person.userid), now=ctx.now, parameters=ctx.parameters)
    if isinstance(done, Refusal):
        return Say(refusal_text(done, ctx, number, approval))
    changed = with_pairs(_content_of(ctx, item), line, number)
    if isinstance(changed, str):
        return Say(changed)
    plan = plan_purchase(ctx.org, approval.applicant, changed.fen, ctx.parameters)
    if isinstance(plan, Refusal):
        return Say(refusal_text(plan, ctx, number, approval))
    fresh = resubmit(approval, plan, changed.fen, item.revision + 1, now=ctx.now)
    void_cards(ctx, item, approval, Verb.AMEND, ctx.person.name)
    digest = items.add_revision(
        ctx.unit, number, fresh.revision, ctx.person.userid, changed.fields(), line.text, ctx.new_token(), "", ctx.now
    )
    ctx.hand_to(
        number, fresh.steps[0].signer, title=changed.subject, revision=fresh.revision, state=ItemState.PENDING,
        policy_version=ctx.parameters.version,
    )
    approvals.save_approval(ctx.unit, fresh)
    items.close_open_work(ctx.unit, number)
    current = items.load_item(ctx.unit, number)
    assert current is not None
    open_step(ctx, current, fresh, changed, digest)
    ctx.audit("approval.amended", number, revision=fresh.revision, round=fresh.round, digest=digest, **_chain(plan))
    return Say(_answer(ctx, number, changed, plan, approval_texts.amended(number)))


@topic.command(
    "重提", group=GROUP_SUBMIT, usage=approval_texts.USAGE_REFILE, examples=approval_texts.EXAMPLES_REFILE,
    controls=("3.1a",),
)
def refile(line: CommandLine, ctx: Ctx) -> Answer:
    """File the content of a rejected or withdrawn purchase again, under a new number that is linked to the old."""
    number = number_in(line)
    item = visible_item(ctx, number)
    approval = approvals.load_approval(ctx.unit, number)
    if item is None or approval is None:
        return unknown(line, number)
    done = perform(approval, Act(Verb.REFILE, ctx.person.userid), now=ctx.now, parameters=ctx.parameters)
    if isinstance(done, Refusal):
        return Say(refusal_text(done, ctx, number, approval))
    content = _content_of(ctx, item)
    if line.pairs:
        changed = with_pairs(content, line, number)
        if isinstance(changed, str):
            return Say(changed)
        content = changed
    return file_purchase(ctx, content, line.text, parent=number)


def file_purchase(
    ctx: Ctx, content: Content, typed: str, *, as_total: bool = False, parent: str | None = None
) -> Answer:
    """Put a purchase into the register, open its chain and ask the first signer; one event of evidence."""
    plan = plan_purchase(ctx.org, ctx.person.userid, content.fen, ctx.parameters)
    if isinstance(plan, Refusal):
        return Say(refusal_text(plan, ctx, "", None))
    first = plan.steps[0].signer
    item, digest = ctx.file_item(
        Noun.PURCHASE, kind=KIND, title=content.subject, fields=content.fields(), original=typed, responsible=first,
        state=ItemState.PENDING, parent=parent,
    )
    approval = open_approval(item.number, plan, ctx.person.userid, content.fen, now=ctx.now)
    approvals.insert_approval(ctx.unit, approval)
    open_step(ctx, item, approval, content, digest)
    for userid in plan.copies:
        ctx.post.text(
            userid,
            texts.copy_for_head(item.number, ctx.person.name, content.subject, content.fen, ctx.name(first)),
            key=f"copy:{item.number}:{userid}", number=item.number,
        )
    conversations.remember(
        ctx.unit, ctx.person.userid, LAST_ITEM, item.number, ctx.later(minutes=ctx.parameters.attach_minutes)
    )
    ctx.audit("approval.filed", item.number, digest=digest, fen=content.fen, parent=parent or "", **_chain(plan))
    headline = texts.headline(item.number) if parent is None else approval_texts.refiled(parent, item.number)
    return Say(_answer(ctx, item.number, content, plan, headline, as_total=as_total))


def open_step(
    ctx: Ctx, item: Item, approval: Approval, content: Content, digest: str, *, urgent: bool = False
) -> datetime:
    """Let an approval wait for its open step's signer: list, card, reminder. Return when the card may leave."""
    step = approval.open_step
    assert step is not None
    items.add_open_work(
        ctx.unit, step.signer, item.number, "approval", item.title, ctx.now, fen=approval.fen, urgent=urgent
    )
    ctx.remind(
        "approval.reminder", item.number, approval.version * 100,
        ctx.calendar.add_working_hours(ctx.now, ctx.parameters.reminder_after_hours),
        step=approval.position, round=approval.round, times=1,
    )
    return send_question(ctx, item, approval, content.reason, digest, urgent=urgent)


def _content_of(ctx: Ctx, item: Item) -> Content:
    revision = items.load_revision(ctx.unit, item.number, item.revision)
    assert revision is not None
    return Content.kept(revision.fields)


def _chain(plan: Plan) -> dict[str, object]:
    return {
        "tier": plan.tier, "limit": plan.limit, "merged": list(plan.merged), "copies": list(plan.copies),
        "signers": [[step.signer, *(role.value for role in step.roles)] for step in plan.steps],
    }


def _notes(ctx: Ctx, plan: Plan) -> list[str]:
    notes: list[str] = []
    for step in plan.steps:
        name = ctx.name(step.signer)
        if step.instead_of:
            notes.append(texts.note_climbed(name))
        if step.signer in plan.merged:
            notes.append(texts.note_merged(name, step.roles))
        if Role.COUNTER in step.roles:
            notes.append(texts.note_counter(name))
    return notes


def _answer(
    ctx: Ctx, number: str, content: Content, plan: Plan, headline: str, *, as_total: bool = False
) -> str:
    first = ctx.name(plan.steps[0].signer)
    notes = _notes(ctx, plan)
    if as_total and content.quantity:
        notes.append(texts.note_total(content.fen, content.subject, content.quantity))
    when = ctx.post.may_leave_at()
    if when > ctx.now:
        notes.append(texts.note_held(first, when, not ctx.calendar.is_working_day(ctx.today), number))
    return texts.filed(
        headline, number, content.subject, content.fen, content.reason,
        [ctx.name(step.signer) for step in plan.steps], first, ctx.parameters.urges_per_item, notes,
    )
