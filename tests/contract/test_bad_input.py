"""Bad input over HTTP (contract, Bad input): 4xx without a word, nothing stored, counted; and what is unknown."""

from __future__ import annotations

import base64
import os
import re
import socket
import struct
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from sqlalchemy import func, select

from bot import bootstrap
from bot.bootstrap import Part
from bot.settings_sources import load
from sandbox.platform.codec import PlatformCodec
from storage.tables import INBOX, METADATA
from storage.unit import Unit
from tests.contract.product import AES_KEY, CORP, TOKEN, Product, envelope, inner, soon, words_of

TEXT = {"MsgType": "text", "Content": "采购 服务器 3.5万 扩容", "MsgId": "1"}
REFUSED = "liuhen_callbacks_refused_total"


@dataclass(frozen=True)
class Bad:
    """One bad request."""

    body: bytes
    query: list[tuple[str, str]]


def sealed(product: Product, text: str | None = None, stamp: float | None = None) -> tuple[str, dict[str, str]]:
    encrypt = text if text is not None else product.codec.seal(inner("xu", **TEXT))
    return encrypt, product.sign(encrypt, stamp)


def good(product: Product) -> Bad:
    encrypt, query = sealed(product)
    return Bad(envelope(encrypt), list(query.items()))


def raw(product: Product, plain: bytes) -> Bad:
    """Seal bytes as they are, without padding them."""
    key = base64.b64decode(AES_KEY + "=")
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    encrypt = base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()
    return Bad(envelope(encrypt), list(product.sign(encrypt).items()))


def plain_of(xml: bytes, receiver: str = CORP, length: int | None = None) -> bytes:
    return os.urandom(16) + struct.pack(">I", len(xml) if length is None else length) + xml + receiver.encode()


def padded(content: bytes, size: int | None = None) -> bytes:
    missing = 32 - len(content) % 32 if size is None else size
    return content + bytes([missing]) * missing


def changed(product: Product, **query: str | None) -> Bad:
    made = good(product)
    return Bad(made.body, [(name, query.get(name, value) or "") for name, value in made.query if
                           query.get(name, value) is not None])


def foreign(product: Product) -> Bad:
    encrypt = PlatformCodec(TOKEN, AES_KEY, "ww0000000000000000").seal(inner("xu", **TEXT))
    return Bad(envelope(encrypt), list(product.sign(encrypt).items()))


def body(product: Product, made: Callable[[bytes], bytes]) -> Bad:
    fine = good(product)
    return Bad(made(fine.body), fine.query)


DTD = b'<!DOCTYPE xml [<!ENTITY a "b">]>'
CASES: Mapping[str, tuple[str, Callable[[Product], Bad]]] = {
    "a body over 64 KiB": ("size", lambda it: body(it, lambda content: content + b" " * 65_536)),
    "no signature": ("query", lambda it: changed(it, msg_signature=None)),
    "no timestamp": ("query", lambda it: changed(it, timestamp=None)),
    "an empty nonce": ("query", lambda it: changed(it, nonce="")),
    "a parameter twice": ("query", lambda it: Bad(good(it).body, [*good(it).query, ("nonce", "x")])),
    "no parameters": ("query", lambda it: Bad(good(it).body, [])),
    "an empty body": ("envelope", lambda it: body(it, lambda content: b"")),
    "no XML": ("envelope", lambda it: body(it, lambda content: b"hello")),
    "XML cut off": ("envelope", lambda it: body(it, lambda content: content[:-5])),
    "a document type": ("envelope", lambda it: body(it, lambda content: DTD + content)),
    "two sealed texts": ("envelope", lambda it: body(it, lambda content: content.replace(
        b"<Encrypt>", b"<Encrypt>x</Encrypt><Encrypt>"))),
    "no sealed text": ("envelope", lambda it: body(it, lambda content: content.replace(b"Encrypt", b"Secret"))),
    "a wrong signature": ("signature", lambda it: changed(it, msg_signature="0" * 40)),
    "another nonce": ("signature", lambda it: changed(it, nonce="12345")),
    "another body": ("signature", lambda it: Bad(good(it).body, good(it).query)),
    "a timestamp of an hour ago": ("stale", lambda it: Bad(*_stale(it, -3600))),
    "a timestamp of the future": ("stale", lambda it: Bad(*_stale(it, 3600))),
    "no base64": ("base64", lambda it: _signed(it, "%%%")),
    "a broken block": ("block", lambda it: _signed(it, base64.b64encode(b"x" * 33).decode())),
    "padding 0": ("padding", lambda it: raw(it, plain_of(b"<xml/>").ljust(64, b"\0"))),
    "padding 33": ("padding", lambda it: raw(it, plain_of(b"<xml/>").ljust(64, b"\x21"))),
    "uneven padding": ("padding", lambda it: raw(it, plain_of(b"<xml/>").ljust(62, b"\x04") + b"\x03\x02")),
    "a length beyond the end": ("length", lambda it: raw(it, padded(plain_of(b"<xml/>", length=9999)))),
    "another receiver": ("receiver", foreign),
    "no receiver": ("receiver", lambda it: raw(it, padded(plain_of(b"<xml/>", "")))),
    "inner text that is no XML": ("inner_xml", lambda it: raw(it, padded(plain_of(b"hello")))),
    "inner XML with a document type": ("inner_xml", lambda it: raw(it, padded(plain_of(DTD + b"<xml/>")))),
}


def _stale(product: Product, seconds: int) -> tuple[bytes, list[tuple[str, str]]]:
    encrypt, query = sealed(product, stamp=time.time() + seconds)
    return envelope(encrypt), list(query.items())


def _signed(product: Product, encrypt: str) -> Bad:
    return Bad(envelope(encrypt), list(product.sign(encrypt).items()))


@pytest.fixture(scope="module")
def part(running_product: Product) -> Iterator[Part]:
    """Look into the running product's database, once everything that a start writes is written."""
    soon(lambda: bool(running_product.platform.calls("menu/create")))
    soon(lambda: running_product.get("/metrics").text.count("liuhen_part_seen_seconds{") >= 3)
    made = Part(bootstrap.build_house(load(running_product.config, {})))
    soon(lambda: count_rows(made).get("deadline", 0) > 0)
    yield made
    made.close()


def count_rows(part: Part) -> dict[str, int]:
    """Return the rows of every table; what beats and remembers by itself is left out."""
    own = {"heartbeat", "setting", "api_token"}

    def work(unit: Unit) -> dict[str, int]:
        return {
            table.name: unit.scalar(select(func.count()).select_from(table))
            for table in METADATA.sorted_tables if table.name not in own
        }

    return part.store.read(work)


def send(product: Product, bad: Bad, path: str = "/wecom/callback") -> requests.Response:
    return requests.post(f"{product.address}{path}?{urlencode(bad.query)}", data=bad.body, timeout=30)


@pytest.mark.parametrize("name", sorted(CASES))
def test_bad_input_is_refused_without_a_word_counted_and_stored_nowhere(
    running_product: Product, part: Part, name: str
) -> None:
    reason, make = CASES[name]
    before, counted = count_rows(part), running_product.metric(f'{REFUSED}{{reason="{reason}"}}')
    answer = send(running_product, make(running_product))
    assert 400 <= answer.status_code < 500
    assert answer.content == b""
    assert running_product.metric(f'{REFUSED}{{reason="{reason}"}}') == counted + 1
    assert count_rows(part) == before


def test_a_bad_verification_is_refused_in_the_same_way(running_product: Product, part: Part) -> None:
    before = count_rows(part)
    encrypt, query = sealed(running_product, running_product.codec.seal("123"))
    for wrong in ({**query, "msg_signature": "0" * 40}, {**query, "timestamp": "1"}, {}):
        answer = running_product.get("/wecom/callback", params={**wrong, "echostr": encrypt})
        assert 400 <= answer.status_code < 500
        assert answer.content == b""
    assert count_rows(part) == before


def test_a_body_that_drips_is_cut_off_and_the_others_are_served(running_product: Product, part: Part) -> None:
    before, fine = count_rows(part), good(running_product)
    with socket.create_connection(("127.0.0.1", running_product.port), timeout=30) as slow:
        head = f"POST /wecom/callback?{urlencode(fine.query)} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(fine.body)}"
        slow.sendall(f"{head}\r\n\r\n".encode())
        begun = time.monotonic()
        answer = b""
        slow.settimeout(0.5)
        for at in range(120):
            try:
                slow.sendall(fine.body[at : at + 1])
                answer = slow.recv(1000)
                break
            except TimeoutError:
                assert running_product.get("/healthz").status_code == 200
            except OSError:
                break
        assert 4 < time.monotonic() - begun < 15
    assert not answer or re.match(rb"HTTP/1\.1 4\d\d", answer)
    assert count_rows(part) == before


def test_a_body_that_ends_early_is_refused(running_product: Product, part: Part) -> None:
    before, fine = count_rows(part), good(running_product)
    with socket.create_connection(("127.0.0.1", running_product.port), timeout=30) as client:
        head = f"POST /wecom/callback?{urlencode(fine.query)} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(fine.body)}"
        client.sendall(f"{head}\r\n\r\n".encode() + fine.body[:50])
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1000)[:10] in (b"HTTP/1.1 4", b"")
    assert count_rows(part) == before


def inbox(part: Part) -> list[tuple[Any, ...]]:
    return part.store.read(
        lambda unit: unit.all(select(INBOX.c.sender, INBOX.c.kind, INBOX.c.state).order_by(INBOX.c.id))
    )


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"MsgType": "hologram", "MsgId": "77"}, "hologram"),
        ({"MsgType": "event", "Event": "moon_landing"}, "event:moon_landing"), ({}, "unknown"),
    ],
)
def test_what_is_well_signed_and_unknown_is_kept_counted_and_answered_with_nothing(
    running_product: Product, part: Part, fields: Mapping[str, str], kind: str
) -> None:
    before = count_rows(part)
    line = 'liuhen_callbacks_total{kind="unknown",state="unknown"}'
    counted = running_product.metric(line)
    assert running_product.tell("xu", **fields) == ""
    assert running_product.metric(line) == counted + 1
    assert count_rows(part) == {**before, "inbox": before["inbox"] + 1}
    assert inbox(part)[-1] == ("xu", kind, "unknown")


def test_somebody_who_is_not_in_the_org_is_refused_politely_and_it_is_kept(
    running_product: Product, part: Part
) -> None:
    before = count_rows(part)
    assert running_product.say("Stranger", "采购 服务器 3.5万 扩容") == (
        "您还没有登记在册，已通知 人力资源部 贾主管；登记后会马上告诉您。"
    )
    after = count_rows(part)
    assert inbox(part)[-1] == ("stranger", "text", "refused")
    assert (after["item"], after["audit"]) == (before["item"], before["audit"])
    soon(lambda: count_rows(part)["access"] == before["access"] + 1)
    soon(lambda: bool(running_product.sent_to("jia")))
    assert "Stranger" in str(running_product.sent_to("jia")[-1])


def test_the_platforms_own_retry_gets_the_same_answer_and_does_nothing_again(
    running_product: Product, part: Part
) -> None:
    xml = inner("xu", MsgType="text", Content="采购 显示器 2000 坏了", MsgId="991")
    answers = [running_product.opened(running_product.post(xml).content) for _ in range(3)]
    assert len(set(answers)) == 1
    assert words_of(answers[0]).startswith("已提交采购 CG-")
    number = words_of(answers[0]).split()[1]
    items = part.store.read(lambda unit: unit.all(select(METADATA.tables["item"].c.number)))
    assert [row[0] for row in items].count(number) == 1
    assert len([row for row in items if row[0][:11] == number[:11]]) == int(number[-4:])
