"""Phone calls: who could be called, and how a call stands (wecom-facts 5)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.wecom.client import WeComClient
from bot.wecom.phone import WeComPhone
from notifications.errors import ConfigurationWrong, OutcomeUnknown
from notifications.ports import CallStarted, CallState, CallStatus, PhoneCaller
from tests.bot.wecom.platform import Platform, said


def test_each_person_is_told_apart_in_the_order_asked(client: WeComClient, platform: Platform) -> None:
    platform.lay_out(
        "pstncc/call",
        said(states=[{"code": 301021, "userid": "lisi"}, {"code": 0, "callid": "c-1", "userid": "zhangsan"}]),
    )
    phone: PhoneCaller = WeComPhone(client)
    assert phone.call(["ZhangSan", "LiSi", "WangWu"]) == (
        CallStarted("zhangsan", "c-1"), CallStarted("lisi", "", 301021), CallStarted("wangwu", "", -1),
    )
    assert platform.calls("pstncc/call")[0].json == {"callee_userid": ["ZhangSan", "LiSi", "WangWu"]}


@pytest.mark.parametrize("code", [301049, 301050, 301051])
def test_an_app_that_may_not_call_is_for_an_administrator(client: WeComClient, platform: Platform, code: int) -> None:
    platform.lay_out("pstncc/call", said(code, "no"))
    with pytest.raises(ConfigurationWrong):
        WeComPhone(client).call(["ZhangSan"])


def test_a_call_that_was_answered(client: WeComClient, platform: Platform) -> None:
    platform.lay_out("pstncc/getstates", said(istalked=1, calltime=1795400000, talktime=17, reason=0))
    assert WeComPhone(client).state("ZhangSan", "c-1") == CallStatus(
        CallState.ENDED, True, datetime.fromtimestamp(1795400000, UTC), 17, 0
    )
    assert platform.calls("pstncc/getstates")[0].json == {"callee_userid": "ZhangSan", "callid": "c-1"}


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        (1, CallState.RINGING), (2, CallState.TALKING), (3, CallState.TALKING), (0, CallState.ENDED),
        (13, CallState.REFUSED), (15, CallState.REFUSED),
        *[(reason, CallState.FAILED) for reason in (4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 17, 20, 99)],
    ],
)
def test_every_reason_says_how_the_call_stands(
    client: WeComClient, platform: Platform, reason: int, state: CallState
) -> None:
    platform.lay_out("pstncc/getstates", said(istalked=0, calltime=0, talktime=0, reason=reason))
    assert WeComPhone(client).state("ZhangSan", "c-1") == CallStatus(state, False, None, 0, reason)


def test_an_answer_that_says_nothing_is_no_state(client: WeComClient) -> None:
    with pytest.raises(OutcomeUnknown):
        WeComPhone(client).state("ZhangSan", "c-1")
