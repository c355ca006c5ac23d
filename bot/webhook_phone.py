"""
Phone calls through a web hook of the company's own voice service: notifications.ports.PhoneCaller (7.1b).

Each request is JSON, signed over time and body: X-Liuhen-Time holds unix seconds, X-Liuhen-Signature the hex
HMAC-SHA256 of "<time>.<body>" under the shared secret. The receiver refuses what is older than 5 minutes.

    {"ask": "call", "callees": ["luo"]}            → {"calls": [{"callee": "luo", "id": "c1"}]}
                                                   or {"calls": [{"callee": "luo", "error": 7}]}
    {"ask": "state", "callee": "luo", "id": "c1"}  → {"state": "ringing", "answered": false, "seconds": 0, "reason": 0}

States: ringing, talking, ended, failed, refused.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import requests

from notifications.errors import ConfigurationWrong, OutcomeUnknown, RefusedForever, RetryLater
from notifications.ports import CallStarted, CallState, CallStatus

TIME_HEADER, SIGNATURE_HEADER = "X-Liuhen-Time", "X-Liuhen-Signature"
_PATH = "phone hook"
_TIMEOUT = (3.0, 8.0)
_ANSWER_MOST = 64 * 1024
_STATES = {state.value: state for state in CallState}


def sign(secret: str, at: int, body: bytes) -> str:
    """Return the hex signature of a body sent at an instant (unix seconds)."""
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


class WebhookPhone:
    """
    Places calls through a web hook. Make it after forking; safe to share between threads.

    Args:
        machine_now: the machine's clock, aware UTC.
    """

    def __init__(self, url: str, secret: str, machine_now: Callable[[], datetime]) -> None:
        self._url = url
        self._secret = secret
        self._machine_now = machine_now

    def call(self, userids: Sequence[str]) -> tuple[CallStarted, ...]:
        """
        Call these people at once; one entry each, in their order.

        Raises:
            SendError: RetryLater when nothing was done, OutcomeUnknown when it may have been.
        """
        answer = self._ask({"ask": "call", "callees": list(userids)})
        rows = answer.get("calls")
        found = {
            str(row.get("callee", "")).lower(): row
            for row in (rows if isinstance(rows, list) else ()) if isinstance(row, Mapping)
        }
        return tuple(_started(userid.lower(), found.get(userid.lower(), {})) for userid in userids)

    def state(self, userid: str, callid: str) -> CallStatus:
        """
        Return how a call stands.

        Raises:
            SendError: OutcomeUnknown when the answer says nothing.
        """
        answer = self._ask({"ask": "state", "callee": userid, "id": callid})
        state = _STATES.get(str(answer.get("state", "")))
        if state is None:
            raise OutcomeUnknown(0, _PATH, "answer without a state")
        return CallStatus(
            state, answer.get("answered") is True, None, _whole(answer.get("seconds")), _whole(answer.get("reason"))
        )

    def _ask(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        body = json.dumps(question, ensure_ascii=False, separators=(",", ":")).encode()
        at = int(self._machine_now().timestamp())
        headers = {
            "Content-Type": "application/json; charset=utf-8", TIME_HEADER: str(at),
            SIGNATURE_HEADER: sign(self._secret, at, body),
        }
        try:
            with requests.Session() as session:
                session.trust_env = False  # no proxy of the environment
                answer = session.post(
                    self._url, data=body, headers=headers, timeout=_TIMEOUT, allow_redirects=False, stream=True
                )
                content = answer.raw.read(_ANSWER_MOST + 1, decode_content=True)
        except (requests.ConnectTimeout, requests.exceptions.SSLError):
            raise RetryLater(0, _PATH, "no connection") from None
        except requests.ConnectionError as error:
            # Refused before anything left us, or cut while waiting: only the first is certain.
            refused = "NewConnectionError" in repr(error)
            raise (RetryLater if refused else OutcomeUnknown)(0, _PATH, "no connection" if refused else "cut") from None
        except (requests.RequestException, OSError):
            raise OutcomeUnknown(0, _PATH, "no answer") from None
        if answer.status_code in (401, 403, 404):
            raise ConfigurationWrong(answer.status_code, _PATH, "the receiver refuses us")
        if answer.status_code == 429:
            raise RetryLater(429, _PATH, "too often")
        if answer.status_code >= 500:
            raise OutcomeUnknown(answer.status_code, _PATH, "the receiver broke")
        if answer.status_code != 200:
            raise RefusedForever(answer.status_code, _PATH, "not taken")
        try:
            said = json.loads(content)
        except ValueError:
            raise OutcomeUnknown(0, _PATH, "answer is no JSON") from None
        if not isinstance(said, dict) or len(content) > _ANSWER_MOST:
            raise OutcomeUnknown(0, _PATH, "answer is no object")
        return said


def _started(userid: str, row: Mapping[str, Any]) -> CallStarted:
    if row.get("id") and not row.get("error"):
        return CallStarted(userid, str(row["id"])[:128])
    return CallStarted(userid, "", _whole(row.get("error")) or -1)


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**9 else 0
