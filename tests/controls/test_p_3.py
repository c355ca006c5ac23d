"""P.3: fields are validated, a correction is a new revision, nothing is overwritten, who may see what holds everywh"
"ere."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from storage.queries.items import revisions_of
from storage.tables import ACCESS, REVISION
from storage.unit import Unit
from tests.controls.standing import greeted, in_force
from tests.handlers.office import Office

RECORD = "JL-20261123-0001"


@pytest.fixture
def company(office_everywhere: Office) -> Office:
    greeted(office_everywhere)
    office_everywhere.say("xu", "记录 交易 客户=华东机械 金额=3.5万 内容=备件 日期=昨天")
    return office_everywhere


def test_what_does_not_fit_its_field_is_not_filed(office: Office) -> None:
    greeted(office)
    before = office.counts()["item"]

    assert "没有登记" in office.say("xu", "记录 交易 客户=华东机械 金额=很多 内容=备件 日期=昨天")
    assert office.counts()["item"] == before


def test_a_correction_keeps_what_stood_before_with_who_and_why(company: Office) -> None:
    assert company.say("xu", f"更正 {RECORD} 金额=4万 原因=打错").startswith(f"已更正 {RECORD}（第 2 版，旧版保留）")

    first, second = company.ask(lambda unit: revisions_of(unit, RECORD))
    assert (first.fields["金额"], second.fields["金额"]) == (3_500_000, 4_000_000)
    assert (second.author, second.reason) == ("xu", "打错")
    in_force(company, "P.3", "command 记录", "command 更正")


def test_the_database_itself_refuses_to_overwrite_a_revision(company: Office) -> None:
    def overwrite(unit: Unit) -> None:
        unit.run(update(REVISION).where(REVISION.c.number == RECORD).values(digest="0" * 64))

    with pytest.raises(Exception, match="never changed"):
        company.store.write(overwrite)


@pytest.mark.parametrize("typed", [f"追溯 {RECORD}", f"查 {RECORD}", "查 华东机械", f"更正 {RECORD} 内容=x 原因=y"])
def test_somebody_elses_record_is_refused_on_every_path_and_the_look_is_kept(company: Office, typed: str) -> None:
    answer = company.say("tang", typed)

    assert "备件" not in answer
    assert "交易 ·" not in answer
    query = ACCESS.select().with_only_columns(ACCESS.c.act).where(ACCESS.c.actor == "tang")
    assert company.ask(lambda unit: [row[0] for row in unit.all(query)])[0] in ("refused", "search")
