"""
One HTTP exchange with the platform and what its failing means: did anything leave us, and was it done?

Errors carry path and a short reason and are raised `from None`: addresses hold tokens (and secrets, at gettoken).
"""

from __future__ import annotations

import contextlib
import json
import re
import ssl
import time
from typing import Any
from urllib.parse import unquote

import requests
import urllib3.exceptions

from bot.wecom.errcodes import reaction
from notifications.errors import ConfigurationWrong, OutcomeUnknown, RefusedForever, RetryLater, SendError

CONNECT_SECONDS, READ_SECONDS = 3.0, 5.0
WHOLE_SECONDS = 20.0  # for one answer, however slowly it drips; below the lease of a delivery
_PIECE = 64 * 1024
_STARRED = re.compile(r"filename\*\s*=\s*UTF-8''([^;\s]+)", re.IGNORECASE)
_NAMED = re.compile(r"filename\s*=\s*(?:\"([^\"]*)\"|([^;\s\"]+))", re.IGNORECASE)
_NOBODY_THERE = frozenset({301, 302, 303, 307, 308, 401, 403, 404, 405, 407})


class Wire:
    """
    Exchanges with one base address: no redirects, no proxies of the environment, no retries of its own.

    Args:
        session: requests' session; shared between threads.
        base_url: ends with a slash.
    """

    def __init__(
        self, session: requests.Session, base_url: str, timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS)
    ) -> None:
        session.trust_env = False
        self._session = session
        self._base_url = base_url
        self._timeout = timeout

    def exchange(self, method: str, path: str, most: int, **options: Any) -> tuple[requests.Response, bytes]:
        """
        Return the answer and its body of at most `most` bytes.

        Raises:
            RetryLater: nothing was done.
            OutcomeUnknown: it left us, and it is not known whether it was done.
            ConfigurationWrong: the platform is not there, or not whom it says to be.
            RefusedForever: the platform calls the request itself wrong.
        """
        try:
            answer = self._session.request(
                method, self._base_url + path, timeout=self._timeout, allow_redirects=False, stream=True, **options
            )
            with answer:
                self._check_status(answer.status_code, method, path)
                return answer, _read(answer, path, most)
        except requests.RequestException as error:
            failure = _meaning(error, path)
        raise failure from None

    @staticmethod
    def _check_status(status: int, method: str, path: str) -> None:
        if status == 200:
            return
        said = f"http {status}"
        if status in (429, 503) or (status >= 500 and method == "get"):
            raise RetryLater(0, path, said)
        if status >= 500:
            raise OutcomeUnknown(0, path, said)  # a proxy's 502 does not say whether the platform got it
        if status in _NOBODY_THERE:
            raise ConfigurationWrong(0, path, said)
        raise RefusedForever(0, path, said)


def checked(content: bytes, path: str) -> dict[str, Any]:
    """
    Return a JSON answer whose errcode is 0.

    Raises:
        SendError: the reaction to its errcode; OutcomeUnknown when it cannot be read.
    """
    try:
        answer = json.loads(content)
        code = int(answer.get("errcode") or 0)
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise OutcomeUnknown(0, path, "unreadable answer") from None
    if code:
        raise reaction(code, str(answer.get("errmsg", "")), path)
    found: dict[str, Any] = answer
    return found


def file_name(disposition: str) -> str:
    """Return the file's name of a Content-Disposition, "" when there is none; never a path."""
    starred = _STARRED.search(disposition)
    quoted = _NAMED.search(disposition)
    if starred is not None:
        name = unquote(starred.group(1))
    elif quoted is not None:
        name = quoted.group(1) or quoted.group(2) or ""
        with contextlib.suppress(UnicodeError):
            name = name.encode("latin-1").decode()  # HTTP libraries read headers as Latin-1; WeCom writes UTF-8
    else:
        return ""
    return name.replace("\\", "/").rpartition("/")[2]


def _read(answer: requests.Response, path: str, most: int) -> bytes:
    until = time.monotonic() + WHOLE_SECONDS
    content = bytearray()
    for piece in answer.iter_content(_PIECE):
        content += piece
        if len(content) > most:
            raise RefusedForever(0, path, "answer too large")
        if time.monotonic() > until:
            raise OutcomeUnknown(0, path, "answer too slow")
    return bytes(content)


def _meaning(error: requests.RequestException, path: str) -> SendError:
    if isinstance(error, requests.ConnectTimeout) or _caused_by(error, urllib3.exceptions.NewConnectionError):
        return RetryLater(0, path, "no connection")
    if _caused_by(error, ssl.SSLCertVerificationError):
        return ConfigurationWrong(0, path, "certificate")
    return OutcomeUnknown(0, path, "no answer")


def _caused_by(error: BaseException, kind: type[BaseException]) -> bool:
    """Return whether an error of this kind is wrapped in it, as requests and urllib3 wrap them."""
    waiting: list[object] = [error]
    for _ in range(12):
        if not waiting:
            return False
        inner = waiting.pop()
        if isinstance(inner, kind):
            return True
        if isinstance(inner, BaseException):
            waiting += [*inner.args, getattr(inner, "reason", None), inner.__cause__]
    return False
