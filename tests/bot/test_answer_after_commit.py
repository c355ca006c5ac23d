"""An answer of 200 comes after the commit and only then: what cannot be kept is not acknowledged (design rule 1)."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask.testing import FlaskClient

from bot import bootstrap
from sandbox.platform.codec import PlatformCodec
from storage.engine import DATABASE_FILE
from storage.queries.items import load_item
from tests.handlers.office import AGENT, Office

CODEC = PlatformCodec("token", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "ww1")
NUMBER = "CG-20261123-0001"


@pytest.fixture
def company(office_with: Callable[..., Office]) -> Office:
    return office_with()


@pytest.fixture
def web(company: Office) -> FlaskClient:
    return bootstrap.web_app(company.house).test_client()


def purchase(office: Office) -> tuple[str, bytes]:
    """Return path and body of a sealed callback."""
    created = str(int(office.clock.machine.timestamp()))
    sealed = CODEC.seal(
        f"<xml><ToUserName>ww1</ToUserName><FromUserName>xu</FromUserName><CreateTime>{created}</CreateTime>"
        f"<MsgType>text</MsgType><Content>采购 服务器 3.5万 扩容</Content><MsgId>7001</MsgId><AgentID>{AGENT}</AgentID>"
        "</xml>"
    )
    signature = CODEC.signature(created, "n1", sealed)
    return (
        f"/wecom/callback?msg_signature={signature}&timestamp={created}&nonce=n1",
        f"<xml><ToUserName>ww1</ToUserName><AgentID>{AGENT}</AgentID><Encrypt>{sealed}</Encrypt></xml>".encode(),
    )


@contextmanager
def full_disk(office: Office) -> Iterator[None]:
    """Let no file grow beyond what the WAL has now: the write fails when the commit makes it."""
    size = (office.house.data_dir / f"{DATABASE_FILE}-wal").stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def somebody_writes(office: Office) -> Iterator[None]:
    """Hold the database's write lock as another process would."""
    connection = office.store.engine.raw_connection()
    try:
        connection.driver_connection.execute("BEGIN IMMEDIATE")
        yield
        connection.driver_connection.execute("ROLLBACK")
    finally:
        connection.close()


@pytest.mark.parametrize("trouble", [full_disk, somebody_writes])
def test_what_cannot_be_kept_is_answered_503_leaves_nothing_and_is_taken_when_it_comes_again(
    company: Office, web: FlaskClient, trouble: object
) -> None:
    assert callable(trouble)
    path, body = purchase(company)
    before = company.counts()
    with trouble(company):
        begun = time.monotonic()
        refused = web.post(path, data=body)
        assert time.monotonic() - begun < 4.5
    assert (refused.status_code, refused.data, refused.headers["Retry-After"]) == (503, b"", "1")
    assert company.counts() == before
    taken = web.post(path, data=body)
    assert taken.status_code == 200
    assert company.ask(lambda unit: load_item(unit, NUMBER)) is not None
    again = web.post(path, data=body)
    assert again.status_code == 200
    after = company.counts()
    assert (after["item"], after["inbox"]) == (before["item"] + 1, before["inbox"] + 1)
