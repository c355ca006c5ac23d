"""同意, 退回补充, 驳回, 撤回: by card and by command (3.1a). A bare word never decides about money."""

from __future__ import annotations

from handlers.approval_cards import (
    QUESTION_KEY,
    Approve,
    Reject,
    Return,
    face_as_it_stands,
    face_of_decision,
    settle_step,
    void_cards,
)
from handlers.context import Ctx
from handlers.explain import refusal_text
from handlers.language.command import CommandLine
from handlers.purchase_content import Content
from handlers.purchases import open_step
from handlers.registry import Answer, Say, Show, Topic
from handlers.seen import number_in, unknown, visible_item, words_after_number
from handlers.tasks import open_purchase_task
from notifications.texts import approvals as texts
from notifications.texts import purchases as purchase_texts
from notifications.texts.general import GROUP_SIGN
from notifications.texts.words import roles as role_words
from policy.approvals import Act, Approval, Decision, Done, perform, reassign
from policy.chains import successor_of
from policy.decisions import Refusal
from policy.terms import ItemState, Lane, Verb
from storage.queries import approvals, cards, items
from storage.queries.approvals import Signature
from storage.queries.items import Item

topic = Topic("signing")

_NO_REASON = frozenset({purchase_texts.REASONS[0][0], purchase_texts.REASONS[-1][0]})
_REASON_WORDS = dict(purchase_texts.REASONS)
OPINION_MOST = 500


# --- by command -----------------------------------------------------------------------------------------------------


@topic.command(
    "同意", "批准", "通过", group=GROUP_SIGN, usage=texts.USAGE_APPROVE, examples=texts.EXAMPLES_DECIDE,
    controls=("3.1a", "4.1a"),
)
def approve(line: CommandLine, ctx: Ctx) -> Answer:
    """Sign by command. Source: 3.1a."""
    return _typed(line, ctx, Verb.APPROVE)


@topic.command(
    "退回", "退回补充", group=GROUP_SIGN, usage=texts.USAGE_RETURN, examples=texts.EXAMPLES_DECIDE, controls=("3.1a",)
)
def send_back(line: CommandLine, ctx: Ctx) -> Answer:
    """Return for more by command; needs a reason."""
    return _typed(line, ctx, Verb.RETURN)


@topic.command(
    "驳回", "拒绝", "不同意", group=GROUP_SIGN, usage=texts.USAGE_REJECT, examples=texts.EXAMPLES_DECIDE,
    controls=("3.1a",),
)
def reject(line: CommandLine, ctx: Ctx) -> Answer:
    """Reject by command; needs a reason."""
    return _typed(line, ctx, Verb.REJECT)


@topic.command("撤回", "撤销", group=GROUP_SIGN, usage=texts.USAGE_WITHDRAW, controls=("3.1a",))
def withdraw(line: CommandLine, ctx: Ctx) -> Answer:
    """The applicant withdraws; a signer takes back an own decision while the next has not acted. Source: contract."""
    number = number_in(line)
    item = visible_item(ctx, number)
    approval = approvals.lock_approval(ctx.unit, number)
    if item is None or approval is None:
        return unknown(line, number)
    person = ctx.person.userid
    verb = Verb.WITHDRAW if person == approval.applicant else Verb.TAKE_BACK
    done = perform(approval, Act(verb, person), now=ctx.now, parameters=ctx.parameters)
    if isinstance(done, Refusal):
        return Say(refusal_text(done, ctx, number, approval))
    approvals.save_approval(ctx.unit, done.approval)
    items.close_open_work(ctx.unit, number)
    ctx.forget_reminders(number)
    if verb is Verb.WITHDRAW:
        ctx.hand_to(number, person, state=ItemState.WITHDRAWN)
        void_cards(ctx, item, done.approval, Verb.WITHDRAW, ctx.person.name)
        ctx.audit("approval.withdrawn", number, version=done.approval.version)
        return Say(texts.withdrawn(number))
    void_cards(ctx, item, done.approval, Verb.TAKE_BACK, ctx.person.name)
    ctx.hand_to(number, person)
    _ask(ctx, item, done.approval)
    ctx.post.text(
        approval.applicant, texts.taken_back_for_applicant(number, ctx.person.name),
        key=f"back:{number}:{done.approval.version}", number=number,
    )
    ctx.audit("approval.taken_back", number, step=done.step, version=done.approval.version)
    return Say(texts.taken_back(number))


def _typed(line: CommandLine, ctx: Ctx, verb: Verb) -> Answer:
    number = number_in(line)
    if not number:
        waiting = [
            (work.number, work.title) for work in items.open_work_of(ctx.unit, ctx.person.userid)
            if work.what == "approval"
        ]
        return Say(texts.need_number(line.word, waiting))
    opinion = words_after_number(line)
    if len(opinion) > OPINION_MOST:
        return Say(purchase_texts.too_long(texts.OPINION, OPINION_MOST))
    item = visible_item(ctx, number)
    if item is None:
        return unknown(line, number)
    approval = approvals.lock_approval(ctx.unit, number)
    if approval is None:
        return Say(texts.not_an_approval(number))
    result = _decide(ctx, item, approval, Act(verb, ctx.person.userid, opinion))
    if isinstance(result, Refusal):
        return Say(refusal_text(result, ctx, number, approval))
    after = result.approval
    if verb is Verb.APPROVE:
        step = after.open_step
        return Say(texts.signed(number, ctx.name(step.signer) if step is not None else None, after.state))
    applicant = ctx.name(approval.applicant)
    told = texts.returned_done if verb is Verb.RETURN else texts.rejected_done
    return Say(told(number, applicant))


# --- by card --------------------------------------------------------------------------------------------------------


@topic.tap(Approve, controls=("3.1a", "4.1a"))
def tap_approve(tap: Approve, ctx: Ctx) -> Answer:
    """Sign by card; a tap on an old card answers with what has happened since and changes nothing."""
    return _tapped(tap, ctx, Verb.APPROVE, "")


@topic.tap(Return, controls=("3.1a",))
def tap_return(tap: Return, ctx: Ctx) -> Answer:
    """Return for more by card, the reason chosen on it."""
    return _tapped(tap, ctx, Verb.RETURN, _chosen(ctx))


@topic.tap(Reject, controls=("3.1a",))
def tap_reject(tap: Reject, ctx: Ctx) -> Answer:
    """Reject by card, the reason chosen on it."""
    return _tapped(tap, ctx, Verb.REJECT, _chosen(ctx))


def _chosen(ctx: Ctx) -> str:
    """Return the chosen reason; "" for 请选择 and 其他 (WeCom sends the first option when nothing was chosen)."""
    chosen = ctx.selected.get(QUESTION_KEY, ())
    key = chosen[0] if chosen else ""
    return "" if key in _NO_REASON else _REASON_WORDS.get(key, "")


def _tapped(tap: Approve | Return | Reject, ctx: Ctx, verb: Verb, reason: str) -> Answer:
    item = items.load_item(ctx.unit, tap.number)
    approval = approvals.lock_approval(ctx.unit, tap.number)
    if item is None or approval is None:
        return Say(texts.unknown_number(tap.number))
    act = Act(verb, ctx.person.userid, reason, tap.round, tap.step, tap.revision)
    result = _decide(ctx, item, approval, act)
    if isinstance(result, Done):
        decision = result.approval.steps[tap.step].decision
        assert decision is not None
        current = items.load_item(ctx.unit, tap.number)
        assert current is not None
        return Show(face_of_decision(ctx, current, result.approval, ctx.task_id, decision))
    words = refusal_text(result, ctx, tap.number, approval)
    if result.code == "approval.reason_missing":
        # The card stays as it is, so that a reason can be chosen; the sentence comes beside it at once.
        ctx.post.text(
            ctx.person.userid, words, key=f"reason:{ctx.event_key}", number=tap.number, lane=Lane.URGENT
        )
        return None
    mine = result.code == "approval.already_decided" and result.data.get("actor") == ctx.person.userid
    if not mine:
        ctx.post.text(ctx.person.userid, words, key=f"late:{ctx.event_key}", number=tap.number, lane=Lane.URGENT)
    if result.code in ("approval.not_signer", "approval.own_money"):
        return None
    return Show(face_as_it_stands(ctx, item, approval, ctx.task_id, cards.load_card(ctx.unit, ctx.task_id)))


# --- what a decision does -------------------------------------------------------------------------------------------


def _decide(ctx: Ctx, item: Item, approval: Approval, act: Act) -> Done | Refusal:
    result = perform(approval, act, now=ctx.now, parameters=ctx.parameters)
    if isinstance(result, Refusal):
        return result
    assert result.step is not None
    after = result.approval
    decision = after.steps[result.step].decision
    assert decision is not None
    revision = items.load_revision(ctx.unit, item.number, item.revision)
    assert revision is not None
    approvals.insert_signature(
        ctx.unit,
        Signature(
            item.number, approval.round, result.step, decision.generation, ctx.person.userid, ctx.person.name,
            tuple(role.value for role in after.steps[result.step].roles), act.verb, decision.opinion,
            item.revision, revision.digest, ctx.parameters.version, ctx.now,
        ),
    )
    items.close_open_work(ctx.unit, item.number)
    ctx.forget_reminders(item.number)
    content = Content.kept(revision.fields)
    if after.state is ItemState.PENDING:
        after = _next_step(ctx, item, after, decision, content, revision.digest)
    elif after.state is ItemState.APPROVED:
        _passed(ctx, item, after, content)
    else:
        _stopped(ctx, item, after, decision)
    approvals.save_approval(ctx.unit, after)
    settle_step(ctx, item, after, result.step, decision)
    ctx.audit(
        f"approval.{_EVENTS[act.verb]}", item.number, step=result.step, round=approval.round,
        revision=item.revision, digest=revision.digest, state=after.state.value, version=after.version,
        roles=[role.value for role in after.steps[result.step].roles], policy=ctx.parameters.version,
    )
    return Done(after, result.transition, result.step)


_EVENTS = {Verb.APPROVE: "approved", Verb.RETURN: "returned", Verb.REJECT: "rejected"}


def _next_step(
    ctx: Ctx, item: Item, after: Approval, decision: Decision, content: Content, digest: str
) -> Approval:
    step = after.open_step
    assert step is not None
    successor = successor_of(ctx.org, step.signer, after.applicant)
    if successor is not None and successor.userid != step.signer:
        was = step.signer
        after = reassign(after, successor.userid, was, now=ctx.now, raise_version=False)
        ctx.post.text(
            after.applicant, texts.reassigned(item.number, ctx.name(was), successor.name),
            key=f"moved:{item.number}:{after.version}", number=item.number,
        )
        step = after.open_step
        assert step is not None
    ctx.hand_to(item.number, step.signer)
    open_step(ctx, item, after, content, digest, urgent=bool(after.facts.get("urgent")))
    ctx.post.text(
        after.applicant,
        purchase_texts.step_approved(
            item.number, ctx.person.name, role_words(after.steps[after.position - 1].roles), decision.opinion,
            ctx.name(step.signer), after.position, len(after.steps),
        ),
        key=f"step:{item.number}:{after.version}", number=item.number,
    )
    return after


def _passed(ctx: Ctx, item: Item, after: Approval, content: Content) -> None:
    task = open_purchase_task(ctx, item, content)
    ctx.hand_to(item.number, task.responsible if task is not None else after.applicant, state=ItemState.APPROVED)
    signed = [
        (ctx.name(step.decision.actor), step.decision.at) for step in after.steps if step.decision is not None
    ]
    ctx.post.text(
        after.applicant,
        purchase_texts.passed(
            item.number, ctx.now - item.created_at, signed, ctx.name(task.responsible) if task is not None else None
        ),
        key=f"passed:{item.number}:{after.version}", number=item.number,
    )


def _stopped(ctx: Ctx, item: Item, after: Approval, decision: Decision) -> None:
    returned = after.state is ItemState.RETURNED
    ctx.hand_to(item.number, after.applicant, state=after.state)
    if returned:
        items.add_open_work(
            ctx.unit, after.applicant, item.number, "returned", item.title, ctx.now, fen=after.fen
        )
    words = purchase_texts.returned if returned else purchase_texts.rejected
    ctx.post.text(
        after.applicant, words(item.number, ctx.person.name, decision.opinion),
        key=f"{after.state.value}:{item.number}:{after.version}", number=item.number,
    )


def _ask(ctx: Ctx, item: Item, approval: Approval) -> None:
    revision = items.load_revision(ctx.unit, item.number, item.revision)
    assert revision is not None
    open_step(ctx, item, approval, Content.kept(revision.fields), revision.digest)
