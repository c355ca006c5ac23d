"""
Callbacks to the product: 5 seconds for an answer, then again; answers in the exchange become what the phone shows.

Nothing is guaranteed, as with WeCom: after the last attempt without an answer the event is lost and the phone shows it.
Faults (lost, duplicate, disorder) and the readings (attempts, retry_on_error, retry_body, both_updates, passive_update)
are those of `weather`.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.platform.codec import PlatformCodec
from sandbox.platform.envelope import Sealed, inner_xml, seal
from sandbox.platform.qyapi import put_card
from sandbox.platform.replies import CARD_UPDATE, NoReply, open_reply, shown_by
from sandbox.platform.traffic import Traffic
from sandbox.platform.weather import Weather
from sandbox.platform.world import World

Json = dict[str, Any]
ANSWER_SECONDS = 5.0
_NOT_SAID = frozenset({"event:location"})
# What goes out at once: address with its query, body → status and body of the answer.
Post = Callable[[str, bytes], tuple[int, bytes]]


class NoAnswer(Exception):
    """Nobody answered within 5 seconds, or nobody was there."""


@dataclass(frozen=True)
class Tapped:
    """The card a tap came from, and the code that the tap carries."""

    message: Json
    code: str


@dataclass(frozen=True)
class Outcome:
    """What became of a callback, as the page takes it."""

    delivered: bool
    status: int = 0
    ms: float = 0.0
    traffic_id: str = ""
    reply: Json | None = None
    toast: str = ""

    def to_json(self) -> Json:
        """Return it for the page."""
        shown: Json = {
            "delivered": self.delivered, "status": self.status, "ms": round(self.ms, 1), "traffic_id": self.traffic_id,
        }
        if self.reply is not None:
            shown["reply"] = self.reply
        if self.toast:
            shown["toast"] = self.toast
        return shown


class Delivery:
    """Delivers callbacks. Safe between threads."""

    def __init__(self, world: World, weather: Weather, traffic: Traffic, codec: PlatformCodec, post: Post) -> None:
        self._world = world
        self._weather = weather
        self._traffic = traffic
        self._codec = codec
        self._post = post
        self._late: deque[Callable[[], Outcome]] = deque()

    def deliver(self, userid: str, fields: Mapping[str, Any], tapped: Tapped | None = None) -> Outcome:
        """Deliver one event of a member; out of order when the weather says so (`flush` lets it go then)."""
        if self._weather.strikes("disorder"):
            self._late.append(lambda: self._deliver(userid, fields, tapped))
            return Outcome(delivered=True, status=200, toast="乱序：这一条会在下一条之后送达")
        outcome = self._deliver(userid, fields, tapped)
        self.flush()
        return outcome

    def flush(self) -> int:
        """Deliver what was held back for disorder; return how many."""
        done = 0
        while self._late:
            try:
                late = self._late.popleft()
            except IndexError:
                break
            late()
            done += 1
        return done

    def replay(self, sealed: Json) -> Outcome:
        """Send the very same bytes once more; its answer is only shown in the traffic."""
        attempt = self._attempt(Sealed(sealed["url"], sealed["body"].encode()), "", "replay", 1, "")
        return attempt.outcome

    # -- inside

    def _deliver(self, userid: str, fields: Mapping[str, Any], tapped: Tapped | None) -> Outcome:
        world, config = self._world, self._world.config
        member = world.members[userid]
        whole = {
            "ToUserName": config.corp_id, "FromUserName": member.userid,
            "CreateTime": int(world.clock.now().timestamp()), **fields, "AgentID": config.agent_id,
        }
        kind = _kind(fields)
        most = int(self._weather.readings["attempts"])
        sealed: Sealed | None = None
        last = _Attempt(Outcome(delivered=False))
        for attempt in range(1, most + 1):
            if sealed is None or self._weather.readings["retry_body"] == "fresh":
                sealed = seal(
                    self._codec, config.callback_url, config.corp_id, config.agent_id, inner_xml(whole), world.seconds()
                )
            last = self._attempt(sealed, userid, kind, attempt, _summary(fields))
            if last.outcome.status == 200:
                break
            if last.outcome.status != 0 and self._weather.readings["retry_on_error"] == "no":
                break
        if last.outcome.status != 200:
            return last.outcome
        shown, toast = self._show(userid, fields, tapped, last.body, last.outcome)
        if sealed is not None and self._weather.strikes("duplicate"):
            self._attempt(sealed, userid, kind, 2, _summary(fields))  # its answer comes too late to be shown
        out = last.outcome
        return Outcome(True, out.status, out.ms, out.traffic_id, shown, toast)

    def _attempt(self, sealed: Sealed, userid: str, kind: str, attempt: int, summary: str) -> _Attempt:
        began = time.perf_counter()
        try:
            status, body = self._post(sealed.address, sealed.body)
        except NoAnswer:
            status, body = 0, b""
        if status == 200 and self._weather.strikes("lost"):
            status, body = 0, b""
        ms = (time.perf_counter() - began) * 1000
        opened = self._opened(sealed, body)
        entry = self._traffic.add(
            "callback", kind, userid, ms=ms, status=status, summary=summary, attempt=attempt,
            sealed={
                "method": "POST", "url": sealed.address, "headers": {"Content-Type": "text/xml"},
                "body": sealed.body.decode(), "response": body.decode(errors="replace"),
            },
            opened=opened,
        )
        return _Attempt(Outcome(status == 200, status, ms, str(entry["id"])), body)

    def _opened(self, sealed: Sealed, body: bytes) -> Json:
        opened: Json = {"request": "", "response": ""}
        start, end = sealed.body.find(b"<Encrypt><![CDATA["), sealed.body.find(b"]]></Encrypt>")
        opened["request"] = self._codec.open(sealed.body[start + len(b"<Encrypt><![CDATA[") : end].decode())
        if body.strip() and body != b"success":
            try:
                opened["response"] = open_reply(self._codec, body)[0]
            except NoReply as reason:
                opened["response"] = f"({reason})"
        return opened

    def _show(
        self, userid: str, fields: Mapping[str, Any], tapped: Tapped | None, body: bytes, outcome: Outcome
    ) -> tuple[Json | None, str]:
        """Put the answer on the phone; return the message it became, and what the page should say."""
        if not body.strip() or body == b"success":
            return None, ""
        event = str(fields["Event"]).lower() if "Event" in fields else None
        try:
            xml, _ = open_reply(self._codec, body)
            shown = shown_by(xml, event, userid)
        except NoReply as reason:
            told = {"response": str(reason)}
            self._traffic.add("reply", "ignored", userid, ms=outcome.ms, summary=str(reason), opened=told)
            return None, f"应答没有显示：{reason}"
        kind = shown.get("type") or "update_template_card"
        self._traffic.add("reply", kind, userid, ms=outcome.ms, summary=_reply_summary(shown), opened={"response": xml})
        if event == CARD_UPDATE:
            self._change(userid, tapped, shown)
            return None, ""
        return self._world.say(userid, "out", "reply", **shown), ""

    def _change(self, userid: str, tapped: Tapped | None, shown: Json) -> None:
        if tapped is None:
            return
        if self._weather.readings["both_updates"] == "no":
            with self._world.lock:
                self._world.codes.pop(tapped.code, None)
        if self._weather.readings["passive_update"] == "ignored":
            return
        if "update" in shown:
            put_card(self._world, self._weather, userid, tapped.message, shown["update"])
        else:
            self._world.change(userid, tapped.message, card_state="dead", replace_text=shown["replace"])


@dataclass(frozen=True)
class _Attempt:
    outcome: Outcome
    body: bytes = b""


def _kind(fields: Mapping[str, Any]) -> str:
    return f"event:{fields['Event']}" if "Event" in fields else str(fields["MsgType"])


def _summary(fields: Mapping[str, Any]) -> str:
    for name in ("Content", "EventKey", "FileName", "Label", "MediaId"):
        if fields.get(name):
            return str(fields[name])
    return str(fields.get("Event", ""))


def _reply_summary(shown: Json) -> str:
    if "update" in shown:
        card = shown["update"]
        return f"{(card.get('main_title') or {}).get('title', '')} {card.get('replace_text', '')}".strip()
    return str(shown.get("text") or shown.get("replace") or "")
