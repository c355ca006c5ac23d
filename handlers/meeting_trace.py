"""What happened to a meeting, a decision or a task, in words, for 追溯 (3.1f)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handlers.context import Ctx
from notifications.texts import meeting_trace as texts

_PEOPLE = ("owes", "superior", "owner", "assigner", "was", "now")


def meeting_words(ctx: Ctx, act: str, facts: Mapping[str, Any]) -> str:
    """Return what an event of these topics says to a reader, "" for other topics' events."""
    if act in texts.PLAIN:
        return texts.PLAIN[act]
    names = {key: ctx.name(str(facts[key])) for key in _PEOPLE if facts.get(key)}
    at = {
        key: datetime.fromisoformat(str(facts[key]))
        for key in ("ended_at", "first", "due_at", "limit_at", "starts_at", "asked", "tell_at")
        if isinstance(facts.get(key), str) and facts[key]
    }
    spoken = texts.SPOKEN.get(act)
    return "" if spoken is None else spoken(names, at, facts)
