"""Refusals in words: every expected "no" names its chapter or the next step (design rule 13)."""

from __future__ import annotations

from datetime import datetime

from handlers.context import Ctx
from handlers.language.purchase import PurchaseProblem
from notifications.texts import approvals as texts
from notifications.texts import purchases as purchase_texts
from notifications.texts.words import ROLES
from policy.approvals import Approval
from policy.chains import Role
from policy.decisions import Refusal
from policy.terms import ItemState, Verb


def refusal_text(refusal: Refusal, ctx: Ctx, number: str, approval: Approval | None) -> str:
    """
    Return the sentence for a refusal of policy.approvals or policy.chains.

    Raises:
        KeyError: a code without words; a test walks all codes.
    """
    data = refusal.data
    if refusal.code == "approval.already_decided":
        at = data["at"]
        assert isinstance(at, datetime)
        return texts.already_decided(ctx.name(str(data["actor"])), at, Verb(str(data["verb"])))
    if refusal.code == "approval.not_signer":
        return texts.not_signer(number, ctx.name(str(data["signer"])))
    if refusal.code == "approval.own_money":
        return texts.own_money(number, ctx.name(str(data["signer"])))
    if refusal.code == "approval.not_applicant":
        return texts.not_applicant(number, ctx.name(approval.applicant) if approval is not None else "")
    if refusal.code == "approval.not_now":
        return texts.not_now(number, ItemState(str(data["state"])))
    if refusal.code == "approval.card_stale":
        step = approval.open_step if approval is not None else None
        return texts.card_stale(
            number, ItemState(str(data["state"])), ctx.name(step.signer) if step is not None else None
        )
    if refusal.code == "approval.reason_missing":
        return texts.reason_missing(Verb(str(data["verb"])), number)
    if refusal.code == "approval.too_late_to_take_back":
        return texts.too_late_to_take_back(number, int(str(data["minutes"])))
    if refusal.code == "approval.nothing_to_take_back":
        return texts.nothing_to_take_back(number)
    if refusal.code == "chain.no_way":
        mender = str(data["mender"])
        return purchase_texts.no_way(ROLES[Role(str(data["role"]))], ctx.name(mender) if mender else "")
    raise KeyError(refusal.code)


def purchase_problem(problem: PurchaseProblem) -> str:
    """Return the sentence for a purchase that could not be read; its example holds only what was typed."""
    raise NotImplementedError(problem)
