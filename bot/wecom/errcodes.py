"""Error codes turned into reactions, in one place (wecom-facts 4.3; doc 90313)."""

from __future__ import annotations

import re

from notifications.errors import (
    CardCodeSpent,
    ConfigurationWrong,
    RecipientGone,
    RefusedForever,
    RetryLater,
    SendError,
    TokenRejected,
)

ADDRESS_NOT_TRUSTED = 60020
CARD_CODE_SPENT = 60140
LOGIN_CODE_SPENT = 40029
MENU_NOT_SET = 46003
# WeCom blocks the whole address for an hour after several of these at gettoken.
WRONG_SECRET = frozenset({40001, 40013, 41002, 41004})

_TOKEN = frozenset({40014, 41001, 42001})
_LATER = {-1: 3.0, 45009: 60.0, 45033: 5.0}
_GONE = frozenset({40003, 46004, 50002, 60011, 60021, 60111, 81013, 301021})
_CONFIGURATION = WRONG_SECRET | {
    40056, 41011, 48001, 48002, 48004, 48006, 50001, 50003, 301002, 301042, 301049, 301050, 301051, 301055, 301056,
}
_ADDRESS = re.compile(r"from ip:\s*([0-9a-fA-F.:]{3,45})")
_HINT = re.compile(r"hint:\s*\[([0-9A-Za-z_]{1,40})\]")


def reaction(errcode: int, errmsg: str, path: str) -> SendError:
    """
    Return the error whose class says what to do; what is not named is wrong and stays wrong.

    Only WeCom's hint number and the address to trust (60020) are taken from errmsg, which may quote what was sent.
    """
    found = _HINT.search(errmsg)
    hint = found.group(1) if found else ""
    if errcode == ADDRESS_NOT_TRUSTED:
        seen = _ADDRESS.search(errmsg)
        return ConfigurationWrong(errcode, path, hint, seen.group(1) if seen else "")
    if errcode in _TOKEN:
        return TokenRejected(errcode, path, hint)
    if errcode in _LATER:
        return RetryLater(errcode, path, hint, after_seconds=_LATER[errcode])
    if errcode == CARD_CODE_SPENT:
        return CardCodeSpent(errcode, path, hint)
    if errcode in _GONE:
        return RecipientGone(errcode, path, hint)
    if errcode in _CONFIGURATION:
        return ConfigurationWrong(errcode, path, hint)
    return RefusedForever(errcode, path, hint)
