"""`policy show`, `diff`, `replay`: figures, their versions, and what a change would have done to past filings."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import bootstrap
from bot.bootstrap import Part
from bot.dispatch import Dispatch
from bot.settings_sources import load
from policy.parameters import Parameters
from storage.queries.policy import save_version
from tests.bot.cli.conftest import Company


@pytest.fixture
def part(company: Company) -> Iterator[Part]:
    made = Part(bootstrap.build_house(load(company.config, {})))
    yield made
    made.close()


def file(part: Part, *texts: str) -> None:
    """Let 许专员 send these texts."""
    house = part.house
    dispatch = Dispatch(
        store=part.store, registry=house.registry, orgs=part.orgs, clock=house.clock, calendar=house.calendar,
        frank=house.frank, corp_id="ww1", new_token=lambda: secrets.token_hex(16),
    )
    for serial, text in enumerate(texts):
        fields = {
            "ToUserName": "ww1", "FromUserName": "xu", "CreateTime": "1", "MsgType": "text", "Content": text,
            "MsgId": str(serial), "AgentID": str(house.settings.wecom.agent_id),
        }
        assert dispatch.handle(fields, "127.0.0.1").state == "handled"


def since(part: Part) -> str:
    return part.house.calendar.local(part.house.clock.company_now() - timedelta(days=1)).strftime("%Y-%m-%d")


def test_a_raised_limit_is_replayed_on_what_was_filed(company: Company, part: Part) -> None:
    file(part, "采购 服务器 6万 扩容", "采购 显示器 8000 更换", "采购 机柜 10万 扩容", "申请 报销 1200 差旅")

    said = company("policy", "replay", "--set", "authority.director_from=100000元", "--since", since(part))

    assert said.code == 0, said.err
    assert said.out.splitlines()[-1] == (
        f"4 filings since {since(part)}: 1 would take another path, 0 signatures more, 1 fewer, ¥60,000.00 concerned; "
        "0 differ by today's code already"
    )
    (row,) = [line for line in said.out.splitlines() if "CG-" in line]
    assert "苏主管 → 林总监 → 钱总监 → 赵总" in row
    assert "苏主管 → 钱总监 → 赵总" in row


def test_nothing_filed_is_said_and_nothing_is_written(company: Company, part: Part) -> None:
    said = company("policy", "replay", "--set", "director_from=10万", "--since", since(part))
    assert said.code == 0
    assert said.out == f"nothing was filed since {since(part)} that can be replayed\n"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("director=1", "--set director=1: write figure=value with a figure that `policy show` lists"),
        ("director_from", "--set director_from: write figure=value with a figure that `policy show` lists"),
        ("director_from=lots", "--set director_from=lots: write a sum such as 10万"),
        ("list_hours=two", "--set list_hours=two: write a whole number"),
        ("reminder_after_hours=0", "reminder_after_hours: must be 1 or more"),
    ],
)
def test_a_wrong_change_is_one_line(company: Company, change: str, said: str) -> None:
    assert company("policy", "replay", "--set", change, "--since", "2026-07-01").error == said


def test_two_versions_are_compared(company: Company, part: Part) -> None:
    assert company("policy", "diff").out == "versions 1 and 1 hold the same figures\n"
    now = part.house.clock.company_now()
    newer = replace(Parameters(), version=2, director_from=10_000_000)
    part.store.write(
        lambda unit: save_version(unit, newer, effective_at=now, approved_by="zhou", note="规模扩大", now=now)
    )

    (row,) = [line for line in company("policy", "diff").out.splitlines() if "director_from" in line]
    assert "¥50,000.00" in row
    assert "¥100,000.00" in row
    assert company("policy", "diff", "1", "7").error == "there is no version 7; the versions are 1, 2"
