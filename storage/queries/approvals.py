"""Approvals and their signatures (3.1a). Every change is a compare-and-set on the version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, literal_column, select

from policy.chains import Mode, Role
from policy.steps import Approval, Decision, Seat, Step
from policy.terms import ItemState, Verb
from storage.canonical import from_json, to_json
from storage.moments import from_ms, to_ms
from storage.statement import POSTGRESQL, Statement
from storage.tables import APPROVAL, ATTACHMENT, SIGNATURE
from storage.unit import Unit


@dataclass(frozen=True)
class Signature:
    """
    One decision as it was signed: name as it was then, bound to the whole revision.

    Attributes:
        step: id of the seat in its round.
    """

    number: str
    round: int
    step: int
    generation: int
    actor: str
    actor_name: str
    roles: tuple[str, ...]
    verb: Verb
    opinion: str
    revision: int
    revision_digest: str
    policy_version: int
    at: datetime


_ONE_CORE = select(APPROVAL).where(APPROVAL.c.number == bindparam("number"))
_ONE = Statement(_ONE_CORE)
_ONE_LOCKED = Statement(_ONE_CORE.with_for_update())


def insert_approval(unit: Unit, approval: Approval) -> None:
    """Insert a fresh approval."""
    unit.insert(APPROVAL, _as_row(approval))


def lock_approval(unit: Unit, number: str) -> Approval | None:
    """Read an approval to act on it: nobody else changes it until this unit ends."""
    row = unit.one(_ONE_LOCKED if unit.dialect == POSTGRESQL else _ONE, number=number)
    return None if row is None else _as_approval(row)


def load_approval(unit: Unit, number: str) -> Approval | None:
    """Read an approval to show it."""
    row = unit.one(_ONE, number=number)
    return None if row is None else _as_approval(row)


def save_approval(unit: Unit, approval: Approval) -> None:
    """
    Store an approval whose version was raised by exactly one act.

    Raises:
        StaleRow: another act was stored first.
    """
    row = _as_row(approval)
    key = {"number": row.pop("number"), "version": approval.version - 1}
    unit.change_one(APPROVAL, key, row)


def insert_signature(unit: Unit, signature: Signature) -> None:
    """
    Store one decision.

    Raises:
        DuplicateKey: (by the store) this seat of this round has its decision already.
    """
    unit.insert(
        SIGNATURE,
        {
            "number": signature.number, "round": signature.round, "step": signature.step,
            "generation": signature.generation, "actor": signature.actor, "actor_name": signature.actor_name,
            "roles": to_json(list(signature.roles)), "verb": signature.verb.value, "opinion": signature.opinion,
            "revision": signature.revision, "revision_digest": signature.revision_digest,
            "policy_version": signature.policy_version, "at": to_ms(signature.at),
        },
    )


_SIGNATURE_COLUMNS = tuple(column for column in SIGNATURE.columns if column.name != "id")
_SIGNED = Statement(
    select(*_SIGNATURE_COLUMNS).where(SIGNATURE.c.number == bindparam("number")).order_by(SIGNATURE.c.id)
)


def signatures_of(unit: Unit, number: str) -> list[Signature]:
    """Return every decision ever signed on an item, in order, those taken back included."""
    return [
        Signature(
            row[0], row[1], row[2], row[3], row[4], row[5], tuple(from_json(row[6])), Verb(row[7]), row[8], row[9],
            row[10], row[11], from_ms(row[12]),
        )
        for row in unit.all(_SIGNED, number=number)
    ]


_FILES = Statement(
    select(ATTACHMENT.c.sha256)
    .where(ATTACHMENT.c.number == bindparam("number"), ATTACHMENT.c.state == "stored")
    .order_by(ATTACHMENT.c.id)
)


def file_hashes(unit: Unit, number: str) -> list[str]:
    """Return the SHA-256 of an item's stored files, in order of arrival (3.2c)."""
    return [row[0] for row in unit.all(_FILES, number=number)]


_USUAL_OF = 50  # newest ones; what somebody bought years ago says little
_USUAL = Statement(
    select(APPROVAL.c.fen)
    # In literals: SQLite takes a partial index for nothing less.
    .where(
        APPROVAL.c.applicant == bindparam("applicant"), APPROVAL.c.number >= "CG-", APPROVAL.c.number < "CG.",
        literal_column("approval.state") == literal_column("'approved'"),
    )
    .order_by(APPROVAL.c.number.desc()).limit(_USUAL_OF)
)


def usual_sum(unit: Unit, applicant: str) -> tuple[int, int]:
    """Return the applicant's usual passed purchase in fen (rounded down, of the newest 50) and how many that are."""
    sums = [int(row[0]) for row in unit.all(_USUAL, applicant=applicant)]
    return (sum(sums) // len(sums) if sums else 0), len(sums)


# --- rows -----------------------------------------------------------------------------------------------------------


def _as_row(approval: Approval) -> dict[str, object]:
    return {
        "number": approval.number, "state": approval.state.value, "version": approval.version,
        "round": approval.round, "revision": approval.revision, "applicant": approval.applicant,
        "fen": approval.fen, "position": approval.position,
        "steps": to_json([_step_out(step) for step in approval.steps]), "facts": to_json(dict(approval.facts)),
    }


def _as_approval(row: tuple[Any, ...]) -> Approval:
    number, state, version, round_, revision, applicant, fen, position, steps, facts = row
    return Approval(
        number, ItemState(state), version, round_, revision, applicant, fen,
        tuple(_step_in(at, step) for at, step in enumerate(from_json(steps))), position, from_json(facts),
    )


def _step_out(step: Step) -> dict[str, object]:
    out: dict[str, object] = {"seats": [_seat_out(seat) for seat in step.seats]}
    if step.mode is not Mode.ALL:
        out["mode"] = step.mode.value
    if step.needed:
        out["needed"] = step.needed
    if step.entered_at is not None:
        out["entered_at"] = to_ms(step.entered_at)
    return out


def _seat_out(seat: Seat) -> dict[str, object]:
    out: dict[str, object] = {"id": seat.id, "signer": seat.signer, "roles": [role.value for role in seat.roles]}
    if seat.instead_of:
        out["instead_of"] = list(seat.instead_of)
    if seat.added_by:
        out["added_by"] = seat.added_by
    if seat.forwarded:
        out["forwarded"] = 1
    if seat.generation:
        out["generation"] = seat.generation
    if seat.decision is not None:
        out["decision"] = _decision_out(seat.decision)
    return out


def _decision_out(decision: Decision) -> dict[str, object]:
    out: dict[str, object] = {
        "verb": decision.verb.value, "actor": decision.actor, "at": to_ms(decision.at), "opinion": decision.opinion,
        "revision": decision.revision, "generation": decision.generation,
    }
    if decision.carried_from:
        out["carried_from"] = decision.carried_from
    if decision.acting_for:
        out["acting_for"] = decision.acting_for
    return out


def _step_in(at: int, stored: Mapping[str, Any]) -> Step:
    # A step of the first form had one seat, and its place was its id.
    seats = stored.get("seats", [{**stored, "id": at}])
    return Step(
        tuple(_seat_in(seat) for seat in seats), Mode(stored.get("mode", Mode.ALL.value)), stored.get("needed", 0),
        from_ms(stored["entered_at"]) if "entered_at" in stored else None,
    )


def _seat_in(stored: Mapping[str, Any]) -> Seat:
    decision = stored.get("decision")
    return Seat(
        stored["id"], stored["signer"], tuple(Role(role) for role in stored["roles"]),
        tuple(stored.get("instead_of", ())), stored.get("added_by", ""), bool(stored.get("forwarded")),
        stored.get("generation", 0),
        None if decision is None else Decision(
            Verb(decision["verb"]), decision["actor"], from_ms(decision["at"]), decision["opinion"],
            decision["revision"], decision["generation"], decision.get("carried_from", 0),
            decision.get("acting_for", ""),
        ),
    )
