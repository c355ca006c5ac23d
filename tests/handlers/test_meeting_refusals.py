"""Every "no" of the rules about meetings and promises has its words (design rule 13)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handlers import meeting_room, promises
from policy import meetings as meeting_rules
from policy import promises as promise_rules
from policy.decisions import Refusal
from policy.terms import PromiseState
from storage.queries import meetings
from storage.queries.promises import load_promise
from tests.handlers.meeting_life import SALES, begun, welcomed
from tests.handlers.office import Office


def codes(module: object) -> list[str]:
    """Return every code that a module of rules may refuse with."""
    source = Path(str(module.__file__)).read_text(encoding="utf-8")  # type: ignore[attr-defined]
    return sorted(set(re.findall(r'"((?:meeting|minutes|task)\.[a-z_]+)"', source)))


@pytest.fixture
def company(office: Office) -> Office:
    welcomed(office)
    begun(office)
    office.say("lin", f"决议 {SALES} 清理客户台账 责任人=许专员 截止=12月4日")
    return office


def test_every_code_about_meetings_has_a_sentence(company: Office) -> None:
    found = codes(meeting_rules)
    assert len(found) == 13
    meeting = company.ask(lambda unit: meetings.load_meeting(unit, SALES))
    now = company.clock.company_now()
    data = {"at": now, "first": now, "who": ("lin", "su"), "by": "lin", "state": "lapsed"}
    for code in found:
        said = company.ask(
            lambda unit, c=code: meeting_room.refusal(company.context(unit, now), meeting, Refusal(c, "", data))
        )
        assert SALES in said or code in ("meeting.end_ahead",), (code, said)
        assert said.endswith(("。", SALES, "时间", "时间=", "林总监、苏主管。")), (code, said)


def test_every_code_about_tasks_has_a_sentence(company: Office) -> None:
    found = codes(promise_rules)
    assert len(found) == 8
    promise = company.ask(lambda unit: load_promise(unit, "RW-20261124-0001"))
    now = company.clock.company_now()
    data = {"at": now, "owner": "xu", "assigner": "lin", "state": PromiseState.KEPT.value}
    for code in found:
        said = company.ask(
            lambda unit, c=code: promises.refusal(company.context(unit, now), promise, Refusal(c, "", data))
        )
        assert "改" in said or "无需再处理" in said, (code, said)
