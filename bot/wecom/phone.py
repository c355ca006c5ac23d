"""Phone calls through the 紧急通知 app (wecom-facts 5; doc 97115, doc 97116): notifications.ports.PhoneCaller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.wecom.client import WeComClient
from notifications.errors import OutcomeUnknown
from notifications.ports import CallStarted, CallState, CallStatus

# reason of pstncc/getstates [doc 97116]; what is not named reached nobody.
_STATES = {
    0: CallState.ENDED, 1: CallState.RINGING, 2: CallState.TALKING, 3: CallState.TALKING, 13: CallState.REFUSED,
    15: CallState.REFUSED,
}


class WeComPhone:
    """Places calls with one app's client."""

    def __init__(self, client: WeComClient) -> None:
        self._client = client

    def call(self, userids: Sequence[str]) -> tuple[CallStarted, ...]:
        """
        Call these people at once; one entry each, in their order.

        Raises:
            SendError: ConfigurationWrong when the 紧急通知 app is not linked, is off or has no balance.
        """
        answer = self._client.phone.call(userids)
        found = {str(state.get("userid", "")).lower(): state for state in _rows(answer.get("states"))}
        return tuple(_started(userid.lower(), found.get(userid.lower(), {})) for userid in userids)

    def state(self, userid: str, callid: str) -> CallStatus:
        """
        Return how a call stands; WeCom keeps it for 7 days and tells it only when asked.

        Raises:
            SendError: OutcomeUnknown when the answer says nothing.
        """
        answer = self._client.phone.state(userid, callid)
        reason = _whole(answer.get("reason"))
        if reason is None:
            raise OutcomeUnknown(0, "pstncc/getstates", "answer without reason")
        answered = _whole(answer.get("istalked")) == 1
        state = _STATES.get(reason, CallState.ENDED if answered else CallState.FAILED)
        began = _whole(answer.get("calltime"))
        began_at = datetime.fromtimestamp(began, UTC) if began else None
        return CallStatus(state, answered, began_at, _whole(answer.get("talktime")) or 0, reason)


def _rows(found: Any) -> list[Mapping[str, Any]]:
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []


def _started(userid: str, state: Mapping[str, Any]) -> CallStarted:
    code = _whole(state.get("code"))
    if code == 0 and state.get("callid"):
        return CallStarted(userid, str(state["callid"]))
    return CallStarted(userid, "", code or -1)


def _whole(value: Any) -> int | None:
    try:
        found = int(value)
    except (TypeError, ValueError):
        return None
    return found if abs(found) < 10**11 else None
