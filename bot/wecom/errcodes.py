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

_TOKEN = frozenset({40014, 41001, 42001})
_LATER = {-1: 3.0, 45009: 60.0, 45033: 5.0, 45011: 60.0, 50005: 60.0}
_GONE = frozenset({40003, 46004, 60011, 60021, 60111, 81013, 50002})
_CONFIGURATION = frozenset(
    {40001, 40013, 40056, 41002, 41004, 41011, 48001, 48002, 48004, 48006, 50001, 50003, 60020, 301002, 301042,
     301049, 301050, 301051, 301055, 301056}
)
_ADDRESS = re.compile(r"from ip:\s*([0-9a-fA-F.:]{3,45})")
_HINT = re.compile(r"hint:\s*\[([0-9A-Za-z_]{1,40})\]")


def reaction(errcode: int, errmsg: str, path: str) -> SendError:
    """
    Return the error whose class says what to do.

    Its hint is the address that must be trusted (60020) or WeCom's hint number; errmsg itself is not kept.
    """
    if errcode == 60020:
        seen = _ADDRESS.search(errmsg)
        return ConfigurationWrong(errcode, path, f"trust {seen.group(1)}" if seen else "address not trusted")
    found = _HINT.search(errmsg)
    hint = found.group(1) if found else ""
    if errcode in _TOKEN:
        return TokenRejected(errcode, path, hint)
    if errcode in _LATER:
        return RetryLater(errcode, path, hint, after_seconds=_LATER[errcode])
    if errcode == 60140:
        return CardCodeSpent(errcode, path, hint)
    if errcode in _GONE:
        return RecipientGone(errcode, path, hint)
    if errcode in _CONFIGURATION:
        return ConfigurationWrong(errcode, path, hint)
    return RefusedForever(errcode, path, hint)
