"""Past filings of approvals with the company and the figures they saw, for replaying them (P.2)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from policy.org import Org
from policy.parameters import Parameters
from policy.replay import PastFiling, Path
from storage.canonical import from_json
from storage.moments import from_ms, to_ms
from storage.queries.org_seen import load_seen
from storage.queries.policy import versions
from storage.tables import AUDIT
from storage.unit import Unit

FILED = "approval.filed"


def filings_since(unit: Unit, since: datetime) -> list[PastFiling]:
    """
    Return what was filed since a company instant, oldest first.

    Filings from before the company was kept with them cannot be replayed and are left out.
    """
    figures: dict[int, Parameters] = {version: parameters for version, _, parameters, _, _ in versions(unit)}
    orgs: dict[int, Org | None] = {}
    found = []
    rows = unit.all(
        select(AUDIT.c.at, AUDIT.c.actor, AUDIT.c.number, AUDIT.c.body)
        .where(AUDIT.c.act == FILED, AUDIT.c.at >= to_ms(since)).order_by(AUDIT.c.seq)
    )
    for at, actor, number, body in rows:
        facts = from_json(body)["facts"]
        if "planned" not in facts or facts["policy"] not in figures:
            continue
        version = facts["org"]
        if version not in orgs:
            orgs[version] = load_seen(unit, version)
        org = orgs[version]
        if org is None:
            continue
        found.append(
            PastFiling(
                number, from_ms(at), actor, facts["kind"], facts["fen"], org, figures[facts["policy"]],
                Path(tuple(tuple(step) for step in facts["planned"])),
            )
        )
    return found
