"""同意, 退回补充, 驳回, 撤回: by card and by command (3.1a). A bare word never decides about money."""

from __future__ import annotations

from handlers.approval_cards import QUESTION_KEY, Approve, Reject, Return, face, face_as_it_stands
from handlers.asked import decided_by
from handlers.context import Ctx
from handlers.effects import Case, carry_out
from handlers.explain import refusal_text
from handlers.language.command import CommandLine
from handlers.named import earlier_signer_in
from handlers.registry import Answer, Say, Show, Topic
from handlers.seen import number_in, unknown, visible_item, words_after_number
from notifications.texts import acts as act_texts
from notifications.texts import approvals as texts
from notifications.texts import purchases as purchase_texts
from notifications.texts.general import GROUP_SIGN, GROUP_SUBMIT
from policy.approvals import Act
from policy.decisions import Refusal
from policy.terms import ItemState, Lane, Verb
from storage.queries import approvals, cards, items

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


@topic.command(
    "撤回", "撤销", group=GROUP_SUBMIT, usage=texts.USAGE_WITHDRAW, examples=texts.EXAMPLES_WITHDRAW,
    controls=("3.1a",),
)
def withdraw(line: CommandLine, ctx: Ctx) -> Answer:
    """The applicant withdraws; a signer takes back an own decision while the next has not acted. Source: contract."""
    number = number_in(line)
    item = visible_item(ctx, number)
    approval = approvals.lock_approval(ctx.unit, number)
    if item is None or approval is None:
        return unknown(line, number)
    verb = Verb.WITHDRAW if ctx.person.userid == approval.applicant else Verb.TAKE_BACK
    done = carry_out(ctx, item, approval, Act(verb, ctx.person.userid))
    if isinstance(done, Refusal):
        last = approval.last_decision
        if verb is Verb.WITHDRAW and approval.state is ItemState.APPROVED and last is not None:
            return Say(act_texts.passed_stays(number, ctx.name(last.actor), last.at))
        return Say(refusal_text(done, ctx, number, approval))
    return Say(texts.withdrawn(number) if verb is Verb.WITHDRAW else texts.taken_back(number))


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
        return Say(texts.opinion_too_long(OPINION_MOST))
    item = visible_item(ctx, number)
    if item is None:
        return unknown(line, number)
    approval = approvals.lock_approval(ctx.unit, number)
    if approval is None:
        return Say(texts.not_an_approval(number))
    to = ""
    if verb is Verb.RETURN:
        to, opinion = earlier_signer_in(ctx, approval, opinion)
    result = carry_out(ctx, item, approval, Act(verb, ctx.person.userid, opinion, to=to))
    if isinstance(result, Refusal):
        return Say(refusal_text(result, ctx, number, approval))
    return Say(_typed_answer(result, ctx, number))


def _typed_answer(case: Case, ctx: Ctx, number: str) -> str:
    after, verb = case.after, case.act.verb
    if after.state is ItemState.PENDING and after.round == case.before.round:
        if after.position == case.before.position:
            return act_texts.voted(number, case.waiting)
        return texts.signed(number, purchase_texts.several(case.waiting), after.state)
    if verb is Verb.APPROVE:
        return texts.signed(number, None, after.state)
    if verb is Verb.RETURN and after.state is ItemState.PENDING:
        return act_texts.gone_back_done(number, case.waiting)
    told = texts.returned_done if verb is Verb.RETURN else texts.rejected_done
    return told(number, ctx.name(after.applicant))


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
    act = Act(verb, ctx.person.userid, reason, tap.round, tap.seat, tap.revision)
    result = carry_out(ctx, item, approval, act)
    if isinstance(result, Case):
        current = items.load_item(ctx.unit, tap.number)
        assert current is not None
        decision = result.decision
        return Show(
            face(ctx, current, result.after, ctx.task_id, decision.verb, decided_by(ctx, decision), decision.at)
        )
    words = refusal_text(result, ctx, tap.number, approval)
    if result.code == "approval.reason_missing":
        # The card stays as it is, so that a reason can be chosen; the sentence comes beside it at once.
        ctx.post.text(
            ctx.person.userid, words, key=f"reason:{ctx.event_key}", number=tap.number, lane=Lane.URGENT
        )
        return None
    # The same verb on the same card again gets the same card; anything else is told in words.
    mine = (
        result.code == "approval.already_decided" and result.data.get("actor") == ctx.person.userid
        and result.data.get("verb") == verb.value
    )
    if not mine:
        ctx.post.text(ctx.person.userid, words, key=f"late:{ctx.event_key}", number=tap.number, lane=Lane.URGENT)
    if result.code in ("approval.not_signer", "approval.own_money"):
        return None
    return Show(face_as_it_stands(ctx, item, approval, ctx.task_id, cards.load_card(ctx.unit, ctx.task_id)))
