"""The platform's access token, shared by every process: sealed in the database, refreshed by one at a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select

from storage.keys import Keyring, SealBroken
from storage.moments import from_ms, to_ms
from storage.statement import Statement
from storage.store import Store
from storage.tables import API_TOKEN

_ONE = Statement(select(API_TOKEN.c.sealed, API_TOKEN.c.expires_at).where(API_TOKEN.c.name == bindparam("wanted")))
_TRY = Statement(
    {
        "sqlite": "INSERT INTO api_token (name, sealed, expires_at, refreshing_until) VALUES (:name, x'', 0, :until) "
                  "ON CONFLICT (name) DO UPDATE SET refreshing_until = excluded.refreshing_until "
                  "WHERE api_token.refreshing_until < :now",
        "postgresql": "INSERT INTO api_token (name, sealed, expires_at, refreshing_until) "
                      "VALUES (%(name)s, ''::bytea, 0, %(until)s) "
                      "ON CONFLICT (name) DO UPDATE SET refreshing_until = excluded.refreshing_until "
                      "WHERE api_token.refreshing_until < %(now)s",
    }
)
_SAVE = Statement(
    {
        "sqlite": "INSERT INTO api_token (name, sealed, expires_at, refreshing_until) "
                  "VALUES (:name, :sealed, :until, 0) "
                  "ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, expires_at = excluded.expires_at, "
                  "refreshing_until = 0",
        "postgresql": "INSERT INTO api_token (name, sealed, expires_at, refreshing_until) "
                      "VALUES (%(name)s, %(sealed)s, %(until)s, 0) "
                      "ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, expires_at = excluded.expires_at, "
                      "refreshing_until = 0",
    }
)


class TokenStore:
    """Implements bot.wecom.client.TokenStore on the database. Instants are machine time, aware UTC."""

    def __init__(self, store: Store, keyring: Keyring) -> None:
        self._store = store
        self._keyring = keyring

    def load(self, name: str) -> tuple[str, datetime] | None:
        """Return the token and when it expires, None when there is none that opens."""
        row = self._store.read(lambda unit: unit.one(_ONE, wanted=name))
        if row is None or not row[0]:
            return None
        try:
            return self._keyring.open(f"token:{name}", bytes(row[0])).decode(), from_ms(int(row[1]))
        except SealBroken:
            return None

    def save(self, name: str, token: str, expires_at: datetime) -> None:
        """Keep a fresh token and let others refresh again."""
        sealed = self._keyring.seal(f"token:{name}", token.encode())
        self._store.write(lambda unit: unit.run(_SAVE, name=name, sealed=sealed, until=to_ms(expires_at)))

    def try_lock(self, name: str, now: datetime, until: datetime) -> bool:
        """Become the one who refreshes, until then at most; False when somebody else is."""
        return self._store.write(lambda unit: unit.run(_TRY, name=name, now=to_ms(now), until=to_ms(until))) == 1

    def unlock(self, name: str) -> None:
        """Give up refreshing (it failed)."""
        self._store.write(lambda unit: unit.update(API_TOKEN, {"name": name}, {"refreshing_until": 0}))
