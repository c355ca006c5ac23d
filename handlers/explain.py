"""Refusals in words: every expected "no" names its chapter or the next step (design rule 13)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from handlers.asked import names_asked, seat_asked
from handlers.context import Ctx
from handlers.language.purchase import PurchaseProblem
from notifications.texts import acts as act_texts
from notifications.texts import approvals as approval_texts
from notifications.texts import purchases as texts
from notifications.texts.general import PURCHASE_WORD as WORD
from notifications.texts.words import ROLES, in_seat, roles
from policy.chains import Role
from policy.decisions import Refusal
from policy.steps import Approval
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
        stood_in_for = str(data.get("acting_for", ""))
        who = in_seat(ctx.name(str(data["actor"])), ctx.name(stood_in_for) if stood_in_for else "")
        returned = approval is not None and approval.state is ItemState.RETURNED
        if returned and approval is not None and ctx.person.userid == approval.applicant:
            return approval_texts.returned_to_you(number, who, at)
        return approval_texts.already_decided(who, at, Verb(str(data["verb"])))
    if refusal.code in ("approval.not_signer", "approval.own_money"):
        signers = data["signers"]
        assert isinstance(signers, list)
        names = "、".join(names_asked(ctx, approval) if approval is not None else [ctx.name(one) for one in signers])
        if refusal.code == "approval.not_signer":
            return approval_texts.not_signer(number, names)
        signing = Verb(str(data["verb"])) in (Verb.APPROVE, Verb.RETURN, Verb.REJECT)
        return (approval_texts.own_money if signing else approval_texts.for_signers)(number, names)
    if refusal.code == "approval.not_applicant":
        return approval_texts.not_applicant(number, ctx.name(approval.applicant) if approval is not None else "")
    if refusal.code == "approval.not_now":
        return approval_texts.not_now(number, ItemState(str(data["state"])))
    if refusal.code == "approval.card_stale":
        step = approval.open_step if approval is not None else None
        now_with = "、".join(names_asked(ctx, approval)) if approval is not None and step is not None else None
        return approval_texts.card_stale(
            number, ItemState(str(data["state"])), now_with, revised=bool(data.get("revised", True))
        )
    if refusal.code == "approval.reason_missing":
        return approval_texts.reason_missing(Verb(str(data["verb"])), number)
    if refusal.code == "approval.too_late_to_take_back":
        return approval_texts.too_late_to_take_back(number, int(str(data["minutes"])))
    if refusal.code == "approval.nothing_to_take_back":
        return approval_texts.nothing_to_take_back(number)
    if refusal.code == "chain.no_way":
        mender = str(data["mender"])
        return texts.no_way(ROLES[Role(str(data["role"]))], ctx.name(mender) if mender else "")
    if refusal.code in _PLAIN:
        return _PLAIN[refusal.code](number)
    if refusal.code in _ABOUT_SOMEBODY:
        return _ABOUT_SOMEBODY[refusal.code](number, ctx.name(str(data["who"])))
    if refusal.code == "approval.not_adder":
        return act_texts.not_adder(number, ctx.name(str(data["who"])), ctx.name(str(data["adder"])))
    if refusal.code == "approval.not_able":
        seat = seat_asked(ctx, approval, ctx.person.userid) if approval is not None else None
        return act_texts.not_able(number, ctx.name(str(data["who"])), roles(seat.roles if seat is not None else ()))
    raise KeyError(refusal.code)


_PLAIN: Mapping[str, Callable[[str], str]] = {
    "approval.hastened": approval_texts.hastened_already, "approval.no_question": approval_texts.no_question,
    "approval.not_alongside": act_texts.not_alongside, "approval.not_before": act_texts.not_before,
    "approval.one_person_only": act_texts.one_person_only,
}
_ABOUT_SOMEBODY: Mapping[str, Callable[[str, str], str]] = {
    "approval.applicant_cannot_sign": act_texts.applicant_cannot_sign,
    "approval.already_signs": act_texts.already_signs, "approval.not_added": act_texts.not_added,
    "approval.removal_would_pass": act_texts.removal_would_pass,
    "approval.not_an_earlier_signer": act_texts.not_an_earlier_signer,
}


def purchase_problem(problem: PurchaseProblem) -> str:
    """Return the sentence for a purchase that could not be read; its example holds only what was typed."""
    parts = problem.parts
    if problem.code == "amount" and problem.amount is not None:
        return _amount_problem(problem)
    if problem.code == "several_amounts":
        return texts.amount_ambiguous(problem.texts, _example(parts, ("fen",)))
    if problem.code == "quantity":
        return texts.quantity_unclear(problem.texts[0], _example(parts, ("quantity",)))
    if problem.code == "unknown_field":
        return texts.unknown_field(problem.texts[0])
    if problem.code == "empty":
        return texts.empty_purchase()
    if problem.as_total and problem.missing == ("reason",):
        fen = int(str(parts["fen"]))
        return texts.amount_only_total(fen, _unit_example(parts))
    understood, example = purchase_understood(problem)
    return texts.missing([texts.FIELD_WORDS[name] for name in problem.missing], understood, example)


def purchase_understood(problem: PurchaseProblem) -> tuple[str, str]:
    """Return what of an unfinished purchase was understood, in words, and the line to send once completed."""
    fen = problem.parts.get("fen")
    understood = texts.understood_sum(int(str(fen))) if fen is not None else ""
    return understood, _example(problem.parts, problem.missing)


def _amount_problem(problem: PurchaseProblem) -> str:
    assert problem.amount is not None
    got = problem.amount.text
    example = " ".join([WORD, *(problem.texts[:1]), texts.FIELD_SUM, *problem.texts[1:]])
    if problem.line.pairs:
        example = " ".join([WORD, *problem.texts, *(f"{key}={value}" for key, value in problem.line.pairs.items())])
        example = example.replace(f"={got}", "=")
    return {
        "not_positive": texts.amount_not_positive, "too_large": texts.amount_too_large,
        "too_many_decimals": texts.amount_too_fine,
    }.get(problem.amount.code, texts.amount_not_clear)(got, example)


def _example(parts: Mapping[str, object], missing: tuple[str, ...]) -> str:
    words = [WORD, str(parts.get("subject", ""))]
    if "fen" in parts and "unit_fen" not in parts:
        words.append(_plain_yuan(parts["fen"]))
    for name in ("unit_fen", "quantity", "supplier"):
        if name in parts:
            value = _plain_yuan(parts[name]) if name == "unit_fen" else str(parts[name])
            words.append(f"{texts.FIELD_WORDS[name]}={value}")
    if parts.get("reason"):
        words.append(f"{texts.FIELD_WORDS['reason']}={parts['reason']}")
    words += [f"{texts.FIELD_WORDS[name]}=" for name in missing]
    return " ".join(word for word in words if word)


def _unit_example(parts: Mapping[str, object]) -> str:
    words = texts.FIELD_WORDS
    return (
        f"{WORD} {parts['subject']} {words['unit_fen']}={_plain_yuan(parts['fen'])} "
        f"{words['quantity']}={parts['quantity']} {words['reason']}="
    )


def _plain_yuan(fen: object) -> str:
    yuan, cents = divmod(int(str(fen)), 100)
    return f"{yuan}.{cents:02d}" if cents else str(yuan)
