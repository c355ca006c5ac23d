"""Hostile requests in great number: none comes in, none makes the door raise (reliability RP-7.1)."""

from __future__ import annotations

import base64
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from bot.wecom.codec import Codec, Reason
from bot.wecom.door import Opened, Refused, open_post
from tests.bot.wecom import desk
from tests.bot.wecom.desk import Request
from tests.campaigns.scale import Campaign

Mutation = Callable[[random.Random, Request], Request]
KEY = base64.b64decode(desk.AES_KEY + "=")


def knock(request: Request, shift: timedelta = timedelta(0)) -> Opened | Refused:
    return open_post(
        desk.codec(), request.body, request.query, machine_now=desk.SEALED_AT + shift, company_nows=(), window=300
    )


def flipped(dice: random.Random, content: bytes) -> bytes:
    at = dice.randrange(len(content))
    return content[:at] + bytes([content[at] ^ (1 << dice.randrange(8))]) + content[at + 1 :]


def other_text(dice: random.Random, text: str) -> str:
    """Return the text with characters changed, dropped, doubled, or cut."""
    at = dice.randrange(len(text))
    changed = chr(dice.choice([*range(33, 127), 0, 10, 0x4E00, 0x1F600]))
    found = dice.choice(
        [text[:at] + changed + text[at + 1 :], text[:at] + text[at + 1 :], text[:at] + text[at] + text[at:], text[:at]]
    )
    return found if found != text else text + "x"


def a_parameter(dice: random.Random, request: Request) -> Request:
    name = dice.choice(list(request.query))
    return replace(request, query={**request.query, name: [other_text(dice, request.query[name][0])]})


def the_sealed_text(dice: random.Random, request: Request) -> Request:
    """Unsigned: the signature is of the text before."""
    return replace(request, body=desk.envelope(other_text(dice, request.encrypt).replace("]]>", "")))


def the_sealed_bytes(dice: random.Random, request: Request) -> Request:
    changed = base64.b64encode(flipped(dice, base64.b64decode(request.encrypt))).decode()
    return replace(request, body=desk.envelope(changed))


def the_structure(dice: random.Random, request: Request) -> Request:
    at = dice.randrange(1, len(request.body))
    shapes = [
        request.body[:at], request.body[at:], request.body * 2, b"<!DOCTYPE a>" + request.body,
        request.body.replace(b"Encrypt", b"Encrypted"), dice.randbytes(dice.randrange(1, 2000)),
        request.body.replace(b"<Encrypt>", b"<Encrypt>x</Encrypt><Encrypt>"),
    ]
    return replace(request, body=dice.choice(shapes))


def signed_anew(encrypt: str, request: Request) -> Request:
    return Request(encrypt, request.timestamp, request.nonce)


def for_another(dice: random.Random, request: Request) -> Request:
    """Signed with our token and sealed with our key, for another receiver."""
    other = Codec(desk.TOKEN, desk.AES_KEY, other_text(dice, desk.CORP))
    return signed_anew(other.encrypt(desk.codec().decrypt(request.encrypt)), request)


def laid_out_wrongly(dice: random.Random, request: Request) -> Request:
    """Signed and sealed, with a wrong length field or a wrong padding."""
    message = desk.codec().decrypt(request.encrypt)
    size, pad = len(message), -(len(message) + 20 + len(desk.CORP)) % 32 or 32
    padding = bytes([pad]) * pad
    if dice.random() < 0.5:
        size = dice.choice([size + 1, size - 1, 0, 2**32 - 1, dice.randrange(2**32)])
        if size == len(message):
            size += 1
    elif pad > 1 and dice.random() < 0.5:
        padding = bytes([pad ^ (1 << dice.randrange(3))]) + padding[1:]
    else:
        padding = padding[:-1] + bytes([dice.choice([0, *range(33, 256)])])
    plain = dice.randbytes(16) + size.to_bytes(4, "big") + message + desk.CORP.encode() + padding
    encryptor = Cipher(AES(KEY), CBC(KEY[:16])).encryptor()
    return signed_anew(base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode(), request)


def signed_noise(dice: random.Random, request: Request) -> Request:
    return signed_anew(base64.b64encode(dice.randbytes(16 * dice.randint(1, 30))).decode(), request)


def signed_but_no_base64(dice: random.Random, request: Request) -> Request:
    return signed_anew(request.encrypt + dice.choice(["!", "=", " ", "A", "AA", "字", "-_"]), request)


def signed_at_another_time(dice: random.Random, request: Request) -> Request:
    off = dice.choice([-1, 1]) * dice.randint(301, 10**8)
    return Request(request.encrypt, str(int(request.timestamp) + off), request.nonce)


def signed_but_no_event(dice: random.Random, request: Request) -> Request:
    inner = desk.codec().decrypt(request.encrypt)
    broken = dice.choice([inner[:-3], b"<!DOCTYPE a>" + inner, b"<a>" * 40, inner * 2, dice.randbytes(50), b""])
    return signed_anew(desk.codec().encrypt(broken), request)


def with_another_key(dice: random.Random, request: Request) -> Request:
    """Everything right but token or key."""
    token, key = desk.TOKEN, desk.AES_KEY
    if dice.random() < 0.5:
        token = other_text(dice, token)
    else:
        at = dice.randrange(42)
        key = key[:at] + ("B" if key[at] != "B" else "C") + key[at + 1 :]
    other = Codec(token, key, desk.CORP)
    encrypt = other.encrypt(desk.codec().decrypt(request.encrypt))
    signature = [other.sign(request.timestamp, request.nonce, encrypt)]
    return replace(request, body=desk.envelope(encrypt), query={**request.query, "msg_signature": signature})


MUTATIONS: tuple[Mutation, ...] = (
    a_parameter, the_sealed_text, the_sealed_bytes, the_structure, for_another, laid_out_wrongly, signed_noise,
    signed_but_no_base64, signed_at_another_time, signed_but_no_event, with_another_key,
)


@pytest.mark.campaign
def test_of_ten_thousand_hostile_requests_none_comes_in_and_none_makes_the_door_raise() -> None:
    campaign = Campaign("hostile_callbacks")
    dice, reasons = campaign.dice, Counter[str]()
    size = campaign.size(100_000)
    for _ in range(size):
        inner = f"<xml><Content>{dice.randbytes(dice.randrange(1, 300)).hex()}</Content></xml>".encode()
        request = Request() if dice.random() < 0.2 else Request(desk.codec().encrypt(inner))
        mutate = dice.choice(MUTATIONS)
        answer = knock(mutate(dice, request))
        assert isinstance(answer, Refused), (mutate.__name__, campaign.seed)
        assert answer.status in (400, 403, 413)
        reasons[answer.reason] += 1
    campaign.found(requests=size, accepted=0, raised=0, reasons=dict(reasons))
    # Every check must have had something to refuse, or the campaign proves less than it says.
    assert set(reasons) == set(Reason) - {Reason.SIZE}


@pytest.mark.campaign
def test_a_flipped_bit_anywhere_in_a_request_never_changes_what_comes_in() -> None:
    """The envelope's other elements are not signed: flipping them may pass, and changes nothing that is believed."""
    campaign = Campaign("flipped_bits")
    original = knock(Request())
    assert isinstance(original, Opened)
    for at in range(len(Request().body)):
        for bit in range(8):
            body = bytearray(Request().body)
            body[at] ^= 1 << bit
            answer = knock(replace(Request(), body=bytes(body)))
            if isinstance(answer, Opened):
                assert (answer.xml, answer.timestamp, answer.nonce) == (original.xml, desk.TIMESTAMP, desk.NONCE)
    campaign.found(bits=len(Request().body) * 8)


def test_a_captured_request_is_refused_six_minutes_later() -> None:
    assert isinstance(knock(Request(), timedelta(minutes=4)), Opened)
    answer = knock(Request(), timedelta(minutes=6))
    assert isinstance(answer, Refused)
    assert answer.reason == "stale"
