"""Several people in the same instant: each event in its own thread and transaction, as several web processes would."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from itertools import count
from typing import Any
from xml.etree import ElementTree as ET

from tests.handlers.office import AGENT, Office

_SERIAL = count(1)


def say_at_once(office: Office, said: Sequence[tuple[str, str]]) -> list[str]:
    """Let everyone say their line at once; return the answers in the order given."""
    events = [
        {
            "ToUserName": "ww1", "FromUserName": userid, "AgentID": str(AGENT), "MsgType": "text", "Content": text,
            "CreateTime": str(int(office.clock.company_now().timestamp())), "MsgId": f"once-{next(_SERIAL)}",
        }
        for userid, text in said
    ]
    return handle_at_once(office, events)


def handle_at_once(office: Office, events: Sequence[dict[str, Any]]) -> list[str]:
    """Hand in several events at once and let everything that follows arrive; return the texts of the answers."""
    gate = threading.Barrier(len(events))
    answers = [""] * len(events)

    def one(at: int) -> None:
        gate.wait()
        outcome = office.dispatch.handle(events[at], "127.0.0.1")
        answers[at] = (ET.fromstring(outcome.answer).findtext("Content") or "") if outcome.answer else ""

    threads = [threading.Thread(target=one, args=(at,)) for at in range(len(events))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    office.run()
    return answers
