"""The job of the comparison: one message, sent as one would without an outbox."""

from __future__ import annotations

import json

import requests


def send_one(url: str, userid: str) -> None:
    """Send one message."""
    message = {"touser": userid, "msgtype": "text", "agentid": 1, "text": {"content": "第一条"}}
    requests.post(f"{url}/cgi-bin/message/send", data=json.dumps(message).encode(), timeout=5)
