"""A few days of a company's evidence, made by the real queries, for tests that then tamper with it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import bindparam, select

from policy.parameters import Parameters
from policy.templates import STARTING
from policy.terms import ItemState, Noun
from storage.anchoring import Anchor, take_anchor
from storage.queries.items import add_attachment, add_note, add_revision, change_item, detach
from storage.queries.people import save_people
from storage.queries.policy import save_version
from storage.queries.templates import save_templates
from storage.store import Store
from storage.tables import APPROVAL, METADATA, REVISION, SIGNATURE
from storage.unit import EVIDENCE, Unit
from tests.storage.filing import NOW, file_record
from tests.storage.rows import row_of
from tests.storage.sample_org import sample_org

_MADE_HERE = frozenset(
    {
        "item", "revision", "approval", "signature", "note", "attachment", "person", "department", "policy_version",
        "template",
    }
)
# Evidence of topics that have tests of their own: plausible rows are enough here.
OF_OTHER_TOPICS = tuple(METADATA.tables[name] for name in EVIDENCE if name not in _MADE_HERE)
_DIGEST = select(REVISION.c.digest).where(REVISION.c.number == bindparam("number"))


def live_a_few_days(store: Store) -> list[Anchor]:
    """Write about 60 events and 20 accesses; return the two anchors that the chat was told."""
    departments, people = sample_org()
    store.write(lambda unit: save_people(unit, departments, people, at=NOW, actor="zhou"))
    store.write(lambda unit: save_templates(unit, STARTING, now=NOW, actor="zhou"))
    store.write(
        lambda unit: save_version(unit, Parameters(), effective_at=NOW, approved_by="zhao", note="试行", now=NOW)
    )
    anchors: list[Anchor | None] = []
    for day in range(2):
        for serial in range(4):
            store.write(lambda unit, at=serial: _record(unit, at))
            store.write(lambda unit, at=serial: _purchase(unit, at))
            store.write(lambda unit, at=4 * day + serial: _other_topics(unit, at))
            store.write(lambda unit, at=serial: unit.access(NOW, "su", "search", "", found=at))
            store.write(lambda unit: unit.access(NOW, "tang", "refused", "JL-20261123-0001"))
        anchors.append(store.write(lambda unit, day=day: take_anchor(unit, NOW + timedelta(days=day))))
    store.write(lambda unit: _record(unit, 0))  # younger than any anchor
    store.write(lambda unit: unit.access(NOW, "su", "search", "", found=0))
    return [anchor for anchor in anchors if anchor is not None]


def _record(unit: Unit, serial: int) -> None:
    number = file_record(unit, f"拜访 {serial}", {"客户": f"公司{serial}", "金额": 100 * serial})
    add_revision(unit, number, 2, "xu", {"客户": f"公司{serial}甲"}, "更正", f"salt 2 {number}", "写错", NOW)
    change_item(unit, number, NOW, revision=2)
    unit.audit(NOW, "xu", "record.corrected", number, revision=2)
    add_note(unit, number, "su", "请补充", "问 …", f"salt n {number}", NOW)
    attachment = add_attachment(unit, number, "xu", "image", f"media-{number}", "照片.jpg", NOW)
    unit.audit(NOW, "su", "item.asked", number)
    if serial % 2:
        detach(unit, attachment)
        unit.audit(NOW, "xu", "attachment.detached", number)


def _other_topics(unit: Unit, serial: int) -> None:
    for table in OF_OTHER_TOPICS:
        row = row_of(table, serial + 1)
        unit.insert(table, row)
        unit.audit(NOW, "su", f"{table.name}.kept"[:48], str(row.get("number", "")))


def _purchase(unit: Unit, serial: int) -> None:
    number = file_record(unit, f"服务器 {serial}", {"事由": "扩容"}, noun=Noun.PURCHASE, state=ItemState.PENDING)
    unit.insert(
        APPROVAL,
        {
            "number": number, "state": "pending", "version": 1, "round": 1, "revision": 1, "applicant": "xu",
            "fen": 3_500_000, "position": 0, "steps": "[]", "facts": "{}",
        },
    )
    unit.audit(NOW, "xu", "approval.filed", number)
    digest = unit.scalar(_DIGEST, number=number)
    for step, signer in enumerate(("su", "lin")):
        unit.insert_id(
            SIGNATURE,
            {
                "number": number, "round": 1, "step": step, "generation": 0, "actor": signer, "actor_name": signer,
                "roles": "[]", "verb": "approve", "opinion": "同意", "revision": 1, "revision_digest": digest,
                "policy_version": 1, "at": serial,
            },
        )
        unit.change_one(APPROVAL, {"number": number, "version": step + 1}, {"version": step + 2, "position": step + 1})
        unit.audit(NOW, signer, "approval.signed", number, step=step)
