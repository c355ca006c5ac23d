"""
The access token of one app (wecom-facts 4.1; doc 91039): shared by every process, refreshed by one at a time.

A wrong secret is remembered where every process looks, and gettoken is left alone meanwhile: WeCom blocks the whole
address for an hour after several of them.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from bot.wecom.errcodes import WRONG_SECRET
from notifications.errors import ConfigurationWrong, OutcomeUnknown, RetryLater, SendError, TokenRejected

PATH = "gettoken"
EARLY = timedelta(seconds=120)  # a token is renewed this long before it expires
LEASE = timedelta(seconds=30)  # longer than one gettoken with its time-outs
SECRET_REST = timedelta(minutes=5)  # between two tries of a secret that was refused
_REFUSED = "refused:"
_WAIT_SECONDS, _WAITS = 0.05, 160


class TokenStore(Protocol):
    """Where every process finds the token. Instants are machine time, aware UTC."""

    def load(self, name: str) -> tuple[str, datetime] | None:
        """Return token and expiry."""

    def save(self, name: str, token: str, expires_at: datetime) -> None:
        """Keep a fresh token, give up the lock."""

    def try_lock(self, name: str, now: datetime, until: datetime) -> bool:
        """Become the one who refreshes, until then at most; False when somebody else is."""

    def unlock(self, name: str) -> None:
        """Give up the lock."""


def token_name(corp_id: str, agent_id: int, secret: str) -> str:
    """Return the key of an app's token: two apps of one company have two, a new secret starts afresh."""
    return f"{corp_id}:{agent_id}:{hashlib.sha256(secret.encode()).hexdigest()[:16]}"


class TokenKeeper:
    """
    Hands out the token. Safe to share between threads.

    Args:
        fetch: asks WeCom; returns token and seconds of life, raises SendError.
        machine_now: the machine's clock, aware UTC.
        wait: pauses for so many seconds while another process asks.
    """

    def __init__(
        self, name: str, store: TokenStore, fetch: Callable[[], tuple[str, int]], machine_now: Callable[[], datetime],
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._name = name
        self._store = store
        self._fetch = fetch
        self._machine_now = machine_now
        self._wait = wait
        self._held: tuple[str, datetime] | None = None
        self._lock = threading.Lock()

    def token(self, refused: str | None = None) -> str:
        """
        Return a token that is good for two minutes or more.

        Args:
            refused: one that WeCom has just called void.

        Raises:
            ConfigurationWrong: the secret was refused, now or within the last minutes.
            RetryLater: no answer, or another process is asking for too long.
        """
        with self._lock:
            held = self._held
            if held is not None and self._good(held, refused):
                return held[0]
            for _ in range(_WAITS):
                found = self._kept(refused)
                if found is None and self._try_lock():
                    found = self._kept(refused)  # who had the lock before us may have just saved one
                    if found is None:
                        found = self._refresh()
                    else:
                        self._store.unlock(self._name)
                if found is not None:
                    self._held = found
                    return found[0]
                self._wait(_WAIT_SECONDS)
        raise RetryLater(0, PATH, "another process is asking")

    def _good(self, held: tuple[str, datetime], refused: str | None) -> bool:
        return held[0] != refused and held[1] - self._machine_now() >= EARLY

    def _kept(self, refused: str | None) -> tuple[str, datetime] | None:
        kept = self._store.load(self._name)
        if kept is None:
            return None
        if kept[0].startswith(_REFUSED):
            if self._machine_now() < kept[1]:
                raise ConfigurationWrong(int(kept[0].removeprefix(_REFUSED)), PATH, "refused a moment ago")
            return None
        return kept if self._good(kept, refused) else None

    def _try_lock(self) -> bool:
        now = self._machine_now()
        return self._store.try_lock(self._name, now, now + LEASE)

    def _refresh(self) -> tuple[str, datetime]:
        try:
            token, seconds = self._fetch()
        except ConfigurationWrong as error:
            if error.errcode in WRONG_SECRET:
                self._store.save(self._name, f"{_REFUSED}{error.errcode}", self._machine_now() + SECRET_REST)
            else:
                self._store.unlock(self._name)
            raise
        except (OutcomeUnknown, TokenRejected) as error:
            # Asking for a token changes nothing: whatever was to be done with it has not left us.
            self._store.unlock(self._name)
            raise RetryLater(error.errcode, PATH, error.hint) from None
        except SendError:
            self._store.unlock(self._name)
            raise
        fresh = (token, self._machine_now() + timedelta(seconds=seconds))
        self._store.save(self._name, *fresh)
        return fresh


class WithoutDatabase:
    """
    A token store that works on in memory while the database is away: for the one process that must still speak then.

    WeCom gives the same token to who asks again, so asking past the others harms nobody (doc 91039).
    """

    def __init__(self, store: TokenStore) -> None:
        self._store = store
        self._held: dict[str, tuple[str, datetime]] = {}

    def load(self, name: str) -> tuple[str, datetime] | None:
        """Return token and expiry."""
        try:
            return self._store.load(name)
        except Exception:
            return self._held.get(name)

    def save(self, name: str, token: str, expires_at: datetime) -> None:
        """Keep a fresh token, here too."""
        self._held[name] = (token, expires_at)
        with contextlib.suppress(Exception):
            self._store.save(name, token, expires_at)

    def try_lock(self, name: str, now: datetime, until: datetime) -> bool:
        """Become the one who refreshes; alone while the database is away."""
        try:
            return self._store.try_lock(name, now, until)
        except Exception:
            return True

    def unlock(self, name: str) -> None:
        """Give up the lock."""
        with contextlib.suppress(Exception):
            self._store.unlock(name)
