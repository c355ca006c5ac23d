"""补充, 重提 and late attachments: new content of an approval, of any kind (P.3, 3.1a)."""

from __future__ import annotations

from dataclasses import replace

from handlers.application_content import Application, changed_application
from handlers.applications import application_answer, file_application
from handlers.context import Ctx
from handlers.effects import Case, follow
from handlers.explain import refusal_text
from handlers.language.command import CommandLine
from handlers.matter import PURCHASE, figures_of, kind_in, remember_likeness
from handlers.purchase_content import Content, with_pairs
from handlers.purchases import file_purchase, purchase_answer
from handlers.registry import Answer, Say, Topic
from handlers.seen import number_in, unknown, visible_item
from notifications.texts import approvals as texts
from notifications.texts.general import GROUP_SUBMIT
from policy.approval_acts import Act, Change, Fresh
from policy.approval_kinds import Kind, plan_of
from policy.approvals import perform, row_for
from policy.chains import Plan
from policy.decisions import Refusal
from policy.steps import Approval
from policy.terms import ItemState, Verb
from storage.queries import approvals, items
from storage.queries.items import Item

topic = Topic("amending")

Words = Content | Application


@topic.command(
    "补充", group=GROUP_SUBMIT, usage=texts.USAGE_AMEND, examples=texts.EXAMPLES_AMEND, controls=("P.3",)
)
def amend(line: CommandLine, ctx: Ctx) -> Answer:
    """
    Change a returned or a waiting approval: a new revision, a new round.

    Who is not concerned by what changed keeps the signature. Source: P.3.
    """
    number = number_in(line)
    item = visible_item(ctx, number)
    approval = approvals.lock_approval(ctx.unit, number)
    if item is None or approval is None:
        return unknown(line, number)
    probe = row_for(
        approval, Act(Verb.AMEND, ctx.person.userid, fresh=_PROBE), now=ctx.now,
        parameters=figures_of(ctx, approval),
    )
    if isinstance(probe, Refusal):
        return Say(refusal_text(probe, ctx, number, approval))
    kind = kind_in(ctx, approval)
    now = _content(ctx, item, kind)
    changed = _changed(ctx, kind, now, line, number)
    if isinstance(changed, str):
        return Say(changed)
    differing = _differing(now.fields(), changed.fields())
    if not differing:
        return Say(texts.nothing_changed(number))
    plan = plan_of(ctx.org, kind, approval.applicant, changed.fen, figures_of(ctx, approval))
    if isinstance(plan, Refusal):
        return Say(refusal_text(plan, ctx, number, approval))
    fresh = Fresh(plan, changed.fen, item.revision + 1, differing, kind.concerns)
    case = _renew(ctx, item, approval, Verb.AMEND, fresh, changed, line.text)
    if isinstance(case, Refusal):
        return Say(refusal_text(case, ctx, number, approval))
    return Say(_answer(ctx, kind, changed, case.after, plan, texts.amended(kind.name, number)))


# Asks the table whether this person may amend now, before anything typed is read.
_PROBE = Fresh(Plan((), (), "", 0, ()), None, 0, frozenset({"probe"}))


# Of one content no two are under way or passed: a second 重提 is a slip of the thumb.
_STILL_COUNTS = (ItemState.PENDING, ItemState.RETURNED, ItemState.APPROVED)


@topic.command(
    "重提", group=GROUP_SUBMIT, usage=texts.USAGE_REFILE, examples=texts.EXAMPLES_REFILE, controls=("3.1a",)
)
def refile(line: CommandLine, ctx: Ctx) -> Answer:
    """File the content of a rejected or withdrawn approval again, under a new number that is linked to the old."""
    number = number_in(line)
    item = visible_item(ctx, number)
    approval = approvals.lock_approval(ctx.unit, number)
    if item is None or approval is None:
        return unknown(line, number)
    done = perform(
        approval, Act(Verb.REFILE, ctx.person.userid), now=ctx.now, parameters=figures_of(ctx, approval)
    )
    if isinstance(done, Refusal):
        return Say(refusal_text(done, ctx, number, approval))
    children = items.children_of(ctx.unit, number)
    again = [child for child in children if child.state in _STILL_COUNTS]
    if again:
        return Say(texts.refiled_before(number, again[-1].number, again[-1].state))
    kind = kind_in(ctx, approval)
    content = _content(ctx, item, kind)
    if line.pairs:
        changed = _changed(ctx, kind, content, line, number)
        if isinstance(changed, str):
            return Say(changed)
        content = changed
    answer = (
        file_purchase(ctx, content, line.text, parent=number) if isinstance(content, Content)
        else file_application(ctx, kind, content, line.text, parent=number)
    )
    # A file is sealed for the number that it was sent to; the signers' card says that there is none.
    left = len(items.attachments_of(ctx.unit, number))
    if left and isinstance(answer, Say) and len(items.children_of(ctx.unit, number)) > len(children):
        return Say(f"{answer.text}\n{texts.files_stay(number, left)}")
    return answer


def may_attach(ctx: Ctx, approval: Approval, userid: str) -> bool:
    """Return whether a file of this person joins the approval as it stands: the table says so."""
    act = Act(Verb.ATTACH, userid, fresh=_PROBE)
    return not isinstance(row_for(approval, act, now=ctx.now, parameters=figures_of(ctx, approval)), Refusal)


def attached_early(ctx: Ctx, approval: Approval) -> None:
    """
    Keep that a file joined before the first signature: the content stays, but what has no file has the version 1.

    The approval must be locked and `may_attach`.
    """
    act = Act(Verb.ATTACH, ctx.person.userid, fresh=_PROBE)
    row = row_for(approval, act, now=ctx.now, parameters=figures_of(ctx, approval))
    if not isinstance(row, Refusal) and row.change is Change.NOTHING:
        approvals.save_approval(ctx.unit, replace(approval, version=approval.version + 1))


def attached_late(ctx: Ctx, item: Item, approval: Approval) -> Case | None:
    """
    Make a revision of a file that came after the first signature; None when nobody has signed yet (P.3).

    The approval must be locked and `may_attach`.
    """
    kind = kind_in(ctx, approval)
    content = _content(ctx, item, kind)
    plan = plan_of(ctx.org, kind, approval.applicant, approval.fen, figures_of(ctx, approval))
    if isinstance(plan, Refusal):
        return None
    fresh = Fresh(plan, approval.fen, item.revision + 1, frozenset({"attachment"}), kind.concerns)
    act = Act(Verb.ATTACH, ctx.person.userid, fresh=fresh)
    done = perform(approval, act, now=ctx.now, parameters=figures_of(ctx, approval))
    if isinstance(done, Refusal) or done.approval.revision == approval.revision:
        return None
    files = len(items.attachments_of(ctx.unit, item.number))
    fields = {**content.fields(), "attached": files}
    items.add_revision(
        ctx.unit, item.number, fresh.revision, ctx.person.userid, fields, "", ctx.new_token(), "", ctx.now
    )
    items.change_item(ctx.unit, item.number, ctx.now, revision=fresh.revision)
    return follow(ctx, item, approval, act, done)


def _renew(
    ctx: Ctx, item: Item, approval: Approval, verb: Verb, fresh: Fresh, content: Words, typed: str
) -> Case | Refusal:
    act = Act(verb, ctx.person.userid, fresh=fresh)
    done = perform(approval, act, now=ctx.now, parameters=figures_of(ctx, approval))
    if isinstance(done, Refusal):
        return done
    items.add_revision(
        ctx.unit, item.number, fresh.revision, ctx.person.userid, content.fields(), typed, ctx.new_token(), "", ctx.now
    )
    items.change_item(ctx.unit, item.number, ctx.now, title=_title(content), revision=fresh.revision)
    current = items.load_item(ctx.unit, item.number)
    assert current is not None
    if fresh.fen is not None:
        remember_likeness(ctx, current, content.fields())
    return follow(ctx, current, approval, act, done)


def _differing(old: dict[str, object], new: dict[str, object]) -> frozenset[str]:
    return frozenset(name for name in {*old, *new} if old.get(name) != new.get(name))


def _title(content: Words) -> str:
    return content.subject if isinstance(content, Content) else content.title


def _content(ctx: Ctx, item: Item, kind: Kind) -> Words:
    revision = items.load_revision(ctx.unit, item.number, item.revision)
    assert revision is not None
    if kind.id == PURCHASE:
        return Content.kept(revision.fields)
    return Application.kept(kind, revision.fields)


def _changed(ctx: Ctx, kind: Kind, now: Words, line: CommandLine, number: str) -> Words | str:
    if isinstance(now, Content):
        return with_pairs(now, line, number)
    return changed_application(kind, now, line, number, ctx)


def _answer(
    ctx: Ctx, kind: Kind, content: Words, approval: Approval, plan: Plan, headline: str
) -> str:
    if isinstance(content, Content):
        return purchase_answer(ctx, content, approval, plan, headline, [])
    return application_answer(ctx, kind, content, approval, plan, headline, [])
