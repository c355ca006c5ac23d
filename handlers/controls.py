"""
Which controls are in force: computed, never claimed (design rule 17).

A control counts when the registry holds its trigger, its enforcing functions exist, its evidence can be asked for,
and its test in tests/controls/ has passed.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from handlers.registry import Registry
from policy.controls import CONTROLS, Control
from storage.queries.evidence import last_of
from storage.unit import Unit

TRIGGER, ENFORCER, EVIDENCE, TEST = "trigger", "enforcer", "evidence", "test"


@dataclass(frozen=True)
class Proof:
    """
    What a control rests on beside its triggers.

    Attributes:
        enforcers: functions that enforce it, as module:name.
        acts: events of the audit chain that are its evidence.
    """

    enforcers: tuple[str, ...]
    acts: tuple[str, ...]


PROOFS: Mapping[str, Proof] = MappingProxyType(
    {
        "P.1": Proof(
            ("handlers.context:Ctx.file_item", "storage.queries.items:change_item"),
            ("record.filed", "approval.filed", "task.opened"),
        ),
        "P.2": Proof(
            (
                "policy.figures:with_figure", "storage.queries.policy:save_version",
                "storage.queries.policy:parameters_at",
            ),
            ("policy.version", "revision.proposed", "revision.approved"),
        ),
        "P.3": Proof(
            ("handlers.record_fields:read_fields", "storage.queries.items:add_revision", "policy.permissions:may_see"),
            ("record.corrected", "approval.amended", "record.filed"),
        ),
        "2.1a": Proof(
            ("policy.org:Org.line_above", "policy.org:Org.superior_of", "handlers.help:may_use"),
            ("org.changed", "approval.reminded"),
        ),
        "3.1a": Proof(
            ("policy.chains:plan_purchase", "policy.approvals:perform"),
            ("approval.filed", "approval.approved", "approval.returned", "approval.rejected"),
        ),
        "3.1f": Proof(("storage.chain:append", "storage.verify:verify_audit"), ("audit.anchored", "approval.filed")),
        "4.1a": Proof(
            ("policy.chains:plan_purchase", "policy.radars:split_with"),
            ("approval.filed", "approval.amended", "radar.split"),
        ),
        "8e": Proof(
            ("policy.replay:replay", "handlers.revisions:approve", "storage.queries.policy:save_version"),
            ("revision.proposed", "revision.approved", "revision.rejected"),
        ),
        "4.1b": Proof(
            ("policy.emergencies:refuse_order", "policy.emergencies:ratify_by", "handlers.emergencies:climb"),
            ("emergency.ordered", "emergency.filed", "emergency.ratified", "emergency.refused", "emergency.overdue"),
        ),
        "4.1c": Proof(
            (
                "policy.rights:applied", "policy.rights:approver_of", "policy.standing_in:who_is_asked",
                "handlers.leavers:see_off", "storage.queries.permissions:put_in_force",
            ),
            ("permission.in_force", "permission.approved", "delegation.made", "absence.ended", "person.left"),
        ),
        "3.2d": Proof(
            (
                "policy.meetings:end", "policy.meetings:correct_end", "policy.meetings:may_hand_in",
                "policy.meetings:lateness", "policy.promises:ladder", "policy.meeting_keepers:owing",
            ),
            (
                "meeting.ended", "minutes.passed_on", "meeting.end_corrected", "minutes.reminded", "minutes.overdue",
                "minutes.escalated", "minutes.given", "minutes.revised",
            ),
        ),
        "4.2a": Proof(
            ("policy.digest:gets_digest", "policy.meetings:managers_of_all", "policy.meetings:standing_day",
             "policy.meetings:in_turn", "policy.meeting_keepers:replacements"),
            (
                "digest.sent", "meeting.opened", "meeting.attended", "meeting.chair_replaced",
                "meeting.taker_replaced", "meeting.ended", "minutes.given",
            ),
        ),
        "4.2b": Proof(
            ("policy.meetings:executives_of", "policy.meetings:standing_day",
             "handlers.standing_meetings:prepare_pack"),
            ("meeting.pack", "meeting.pack_sent"),
        ),
        "4.2c": Proof(
            ("handlers.decisions:read_decision", "handlers.decisions:register"),
            ("decision.registered", "decision.closed"),
        ),
        "4.2d": Proof(
            ("policy.promises:perform", "handlers.promises:set_timers"),
            ("task.accepted", "task.not_accepted", "task.escalated", "task.countered", "task.moved"),
        ),
        "4.2e": Proof(
            ("policy.promises:judged", "policy.promises:rate_of", "handlers.promise_rates:rates"),
            ("task.judged", "task.overdue"),
        ),
        "7.1a": Proof(
            ("policy.notices:may_send", "storage.queries.notices:mark_read", "notifications.post:Post.card_to_many"),
            ("notice.sent", "notice.read", "notice.reminded"),
        ),
        "7.1b": Proof(
            ("policy.alarms:ladder_of", "policy.alarms:advance", "notifications.phoning:Telephone.make"),
            ("alarm.raised", "alarm.moved", "alarm.resumed", "alarm.acknowledged", "phone.placed", "drill.closed"),
        ),
        "8b": Proof(
            ("policy.meetings:liaisons_of", "policy.meetings:standing_day", "policy.meetings:may_hand_in"),
            ("meeting.forum_opened", "meeting.forum_minutes"),
        ),
    }
)


@dataclass(frozen=True)
class ControlState:
    """
    One control as it stands.

    Attributes:
        triggers: what starts it, as the registry names it.
        missing: of trigger, enforcer, evidence, test; empty when it is in force.
        count, last: pieces of evidence and when the newest was made (company time), None without any.
    """

    control: Control
    triggers: tuple[str, ...]
    missing: tuple[str, ...]
    count: int
    last: datetime | None

    @property
    def in_force(self) -> bool:
        """Return whether nothing is missing."""
        return not self.missing


def report(unit: Unit, registry: Registry, proven: Iterable[str]) -> list[ControlState]:
    """
    Return all 66 controls as they stand.

    Args:
        proven: IDs whose tests have passed.
    """
    triggers = registry.triggers()
    passed = frozenset(proven)
    states = []
    for control in CONTROLS.values():
        proof = PROOFS.get(control.id)
        count, last = last_of(unit, proof.acts) if proof is not None else (0, None)
        starts = triggers.get(control.id, ())
        missing = [
            name
            for name, there in (
                (TRIGGER, bool(starts)), (ENFORCER, proof is not None and all(map(_exists, proof.enforcers))),
                (EVIDENCE, proof is not None and bool(proof.acts)), (TEST, control.id in passed),
            )
            if not there
        ]
        states.append(ControlState(control, starts, tuple(missing), count, last))
    return states


def _exists(enforcer: str) -> bool:
    module, _, names = enforcer.partition(":")
    try:
        found: object = importlib.import_module(module)
    except ModuleNotFoundError:
        return False
    for name in names.split("."):
        found = getattr(found, name, None)
    return callable(found)
