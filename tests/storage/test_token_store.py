"""The platform's token: sealed at rest, refreshed by one process at a time."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from storage.keys import Keyring
from storage.store import Store
from storage.tables import API_TOKEN
from storage.token_store import TokenStore

NOW = datetime(2026, 11, 23, 6, 5, tzinfo=UTC)
RING = Keyring({"k1": bytes(range(32))}, "k1")
NAME = "corp:1000002:ab12"


def test_a_saved_token_is_loaded_with_its_expiry_and_lies_sealed(store: Store) -> None:
    tokens = TokenStore(store, RING)
    assert tokens.load(NAME) is None
    tokens.save(NAME, "token-in-clear", NOW + timedelta(hours=2))
    assert tokens.load(NAME) == ("token-in-clear", NOW + timedelta(hours=2))
    assert tokens.load("another") is None
    sealed = bytes(store.read(lambda unit: unit.scalar(select(API_TOKEN.c.sealed))))
    assert b"token-in-clear" not in sealed


def test_a_token_sealed_by_a_key_we_no_longer_have_counts_as_none(store: Store) -> None:
    TokenStore(store, Keyring({"k0": bytes(range(40, 72))}, "k0")).save(NAME, "t", NOW)
    assert TokenStore(store, RING).load(NAME) is None


def test_one_of_many_gets_the_lock(store: Store) -> None:
    tokens = TokenStore(store, RING)
    got: list[bool] = []
    threads = [
        threading.Thread(target=lambda: got.append(tokens.try_lock(NAME, NOW, NOW + timedelta(seconds=15))))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(got) == [False] * 7 + [True]
    assert tokens.load(NAME) is None  # a lock is no token


def test_the_lock_is_free_after_saving_giving_up_or_when_its_holder_died(store: Store) -> None:
    tokens = TokenStore(store, RING)
    until = NOW + timedelta(seconds=15)
    assert tokens.try_lock(NAME, NOW, until)
    tokens.save(NAME, "t", NOW + timedelta(hours=2))
    assert tokens.try_lock(NAME, NOW, until)
    tokens.unlock(NAME)
    assert tokens.try_lock(NAME, NOW, until)
    assert not tokens.try_lock(NAME, until, until + timedelta(seconds=15))
    assert tokens.try_lock(NAME, until + timedelta(milliseconds=1), until + timedelta(seconds=15))
    assert tokens.load(NAME) == ("t", NOW + timedelta(hours=2))
