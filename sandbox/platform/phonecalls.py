"""Phones that ring (pstncc, wecom-facts 5): company time decides how long, and how many a number takes."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import Any

from sandbox.platform.world import World

Json = dict[str, Any]
RING_FOR = timedelta(seconds=60)
TALK_FOR = timedelta(seconds=15)
_LIMITS = ((timedelta(minutes=8), 3), (timedelta(hours=24), 8))

NORMAL_END, RINGING, TALKING, NOT_ANSWERED, REJECTED, OVER_LIMIT = 0, 1, 3, 12, 7, 13


class PhoneCalls:
    """The newest call of each member. Safe between threads."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._calls: dict[str, Json] = {}
        self._times: dict[str, deque[datetime]] = {}
        self.made: list[Json] = []

    def ring(self, userid: str) -> Json:
        """Let a member's phone ring; a call over the limit ends at once with reason 13."""
        world = self._world
        now = world.clock.now()
        with world.lock:
            times = self._times.setdefault(userid, deque(maxlen=64))
            over = any(sum(1 for each in times if now - each < span) >= most for span, most in _LIMITS)
            call = {
                "callid": f"call-{world.serial()}", "state": "ended" if over else "ringing", "since": now,
                "reason": OVER_LIMIT if over else RINGING, "talked": False,
            }
            if not over:
                times.append(now)
            self._calls[userid] = call
            self.made.append({"userid": userid, "call": call})
        self._tell(userid)
        return call

    def act(self, userid: str, callid: str, act: str) -> bool:
        """Answer or reject; False when that call rings no more."""
        with self._world.lock:
            call = self.of(userid)
            if call is None or call["callid"] != callid or call["state"] != "ringing":
                return False
            if act not in ("answer", "reject"):
                return False
            if act == "answer":
                call.update(state="talking", reason=TALKING, talked=True, since=self._world.clock.now())
            else:
                call.update(state="ended", reason=REJECTED)
        self._tell(userid)
        return True

    def of(self, userid: str) -> Json | None:
        """Return a member's newest call as it stands now."""
        call = self._calls.get(userid)
        if call is None:
            return None
        age = self._world.clock.now() - call["since"]
        if call["state"] == "ringing" and age > RING_FOR:
            call.update(state="ended", reason=NOT_ANSWERED)
            self._tell(userid)
        elif call["state"] == "talking" and age > TALK_FOR:
            call.update(state="ended", reason=NORMAL_END)
            self._tell(userid)
        return call

    def shown(self, userid: str) -> Json | None:
        """Return a member's call as the page takes it."""
        call = self.of(userid)
        return None if call is None else {name: call[name] for name in ("callid", "state", "reason")}

    def refresh(self) -> None:
        """Let calls end whose time is over."""
        for userid in list(self._calls):
            self.of(userid)

    def _tell(self, userid: str) -> None:
        call = self._calls[userid]
        shown = {name: call[name] for name in ("callid", "state", "reason")}
        self._world.events.push("call", userid=userid, call=shown)
