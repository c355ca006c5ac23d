"""Every code of wecom-facts 4.3 and the reaction it asks for."""

from __future__ import annotations

import pytest

from bot.wecom.errcodes import reaction
from notifications.errors import (
    CardCodeSpent,
    ConfigurationWrong,
    RecipientGone,
    RefusedForever,
    RetryLater,
    SendError,
    TokenRejected,
)

TABLE: dict[type[SendError], tuple[int, ...]] = {
    RetryLater: (-1, 45009, 45033),
    TokenRejected: (40014, 41001, 42001),
    CardCodeSpent: (60140,),
    RecipientGone: (40003, 46004, 50002, 60011, 60021, 60111, 81013, 301021),
    ConfigurationWrong: (
        40001, 40013, 40056, 41002, 41004, 41011, 48001, 48002, 48004, 48006, 50001, 50003, 60020, 301002, 301042,
        301049, 301050, 301051, 301055, 301056,
    ),
    RefusedForever: (
        40004, 40006, 40007, 40008, 40016, 40017, 40018, 40029, 40031, 40032, 40033, 40035, 40054, 40055, 40058, 40063,
        41006, 41009, 41016, 44001, 44004, 45001, 45002, 45007, 45029, 46003, 60123, 72023, 81012, 82001, 82002, 82003,
        84014, 84015, 86001, 86003, 86008, 86215, 86216, 86220, 93000, 93004, 93008, 301023, 301025, 987654,
    ),
}


@pytest.mark.parametrize(("kind", "code"), [(kind, code) for kind, codes in TABLE.items() for code in codes])
def test_each_code_has_its_reaction(kind: type[SendError], code: int) -> None:
    error = reaction(code, "whatever, hint: [1795400000_10_abc], from ip: 10.0.0.1", "message/send")
    assert type(error) is kind
    assert (error.errcode, error.path) == (code, "message/send")


def test_only_busy_frequency_and_concurrency_are_worth_waiting_for_and_say_how_long() -> None:
    waits = {code: reaction(code, "", "x") for code in TABLE[RetryLater]}
    assert {code: error.after_seconds for code, error in waits.items() if isinstance(error, RetryLater)} == {
        -1: 3.0, 45009: 60.0, 45033: 5.0,
    }


@pytest.mark.parametrize("address", ["203.0.113.7", "2001:db8::17"])
def test_an_address_that_is_not_trusted_is_told(address: str) -> None:
    said = (
        f"not allow to access from your ip, hint: [1795400000_10_abc], from ip: {address}, "
        "more info at https://open.work.weixin.qq.com/devtool/query?e=60020"
    )
    error = reaction(60020, said, "message/send")
    assert isinstance(error, ConfigurationWrong)
    assert error.address == address
    assert str(error) == f"message/send: errcode 60020 (trust {address})"


def test_an_untrusted_address_that_is_not_told_is_none() -> None:
    error = reaction(60020, "not allowed", "message/send")
    assert isinstance(error, ConfigurationWrong)
    assert (error.address, error.hint) == ("", "")


def test_of_the_message_only_the_hint_number_is_kept() -> None:
    error = reaction(40035, "invalid parameter: 张三的工资, hint: [1795400000_10_abc]", "message/send")
    assert str(error) == "message/send: errcode 40035 (1795400000_10_abc)"
