"""The codec against the published vector of doc 91144, and against everything that is nearly right."""

from __future__ import annotations

import base64
import random

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from hypothesis import given
from hypothesis import strategies as st

from bot.wecom.codec import Codec, EnvelopeBroken, Reason
from bot.wecom.xml import parse
from tests.bot.wecom import desk

KEY = base64.b64decode(desk.AES_KEY + "=")


def sealed(plain: bytes) -> str:
    """Encrypt a plain text as it is, padding and all."""
    encryptor = Cipher(AES(KEY), CBC(KEY[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def laid_out(
    message: bytes, receiver: bytes = desk.CORP.encode(), size: int | None = None, pad: int | None = None
) -> bytes:
    """Return the plain text of a message, with a length or padding of the caller's own."""
    plain = b"0123456789abcdef" + (len(message) if size is None else size).to_bytes(4, "big") + message + receiver
    wanted = 32 - len(plain) % 32 if pad is None else pad
    return plain + bytes([wanted]) * (32 - len(plain) % 32)


def refusal(encrypt: str) -> Reason:
    with pytest.raises(EnvelopeBroken) as caught:
        desk.codec().decrypt(encrypt)
    return caught.value.reason


class TestPublishedVector:
    def test_its_signature_holds(self) -> None:
        assert desk.codec().sign(desk.TIMESTAMP, desk.NONCE, desk.ENCRYPT) == desk.SIGNATURE
        assert desk.codec().verify(desk.SIGNATURE, desk.TIMESTAMP, desk.NONCE, desk.ENCRYPT)

    def test_it_opens_to_the_published_message(self) -> None:
        plain = desk.codec().decrypt(desk.ENCRYPT)
        assert len(plain) == 284
        fields = parse(plain)
        assert fields["Content"] == "hello"
        assert fields["FromUserName"] == "mycreate"
        assert fields["MsgId"] == "4561255354251345929"
        assert fields["AgentID"] == "218"

    @pytest.mark.parametrize("at", range(4))
    def test_a_signature_over_one_other_character_does_not_hold(self, at: int) -> None:
        parts = [desk.SIGNATURE, desk.TIMESTAMP, desk.NONCE, desk.ENCRYPT]
        parts[at] = ("1" if parts[at][0] != "1" else "2") + parts[at][1:]
        assert not desk.codec().verify(*parts)

    def test_the_signature_in_capitals_does_not_hold(self) -> None:
        assert not desk.codec().verify(desk.SIGNATURE.upper(), desk.TIMESTAMP, desk.NONCE, desk.ENCRYPT)

    def test_every_changed_byte_of_the_sealed_text_breaks_the_signature(self) -> None:
        raw = bytearray(base64.b64decode(desk.ENCRYPT))
        for at in range(len(raw)):
            raw[at] ^= 0x40
            mutated = base64.b64encode(bytes(raw)).decode()
            assert not desk.codec().verify(desk.SIGNATURE, desk.TIMESTAMP, desk.NONCE, mutated)
            raw[at] ^= 0x40


class TestDecryptIsStrict:
    @pytest.mark.parametrize(
        ("encrypt", "reason"),
        [
            ("", Reason.BLOCK),
            ("not base64!", Reason.BASE64),
            (desk.ENCRYPT + "\n", Reason.BASE64),
            (desk.ENCRYPT.rstrip("="), Reason.BASE64),
            (desk.ENCRYPT + "AAAA", Reason.BASE64),
            (desk.ENCRYPT[:-3] + "R==", Reason.BASE64),  # spare bits of the last character set
            (desk.ENCRYPT.replace("+", "-"), Reason.BASE64),
            ("编码", Reason.BASE64),
            (base64.b64encode(base64.b64decode(desk.ENCRYPT)[:-1]).decode(), Reason.BLOCK),
            (base64.b64encode(base64.b64decode(desk.ENCRYPT)[:-16]).decode(), Reason.BLOCK),
        ],
    )
    def test_a_sealed_text_that_is_no_whole_blocks_of_base64_is_refused(self, encrypt: str, reason: Reason) -> None:
        assert refusal(encrypt) is reason

    @pytest.mark.parametrize("pad", [0, 33, 64, 255])
    def test_a_padding_byte_outside_1_to_32_is_refused(self, pad: int) -> None:
        assert refusal(sealed(laid_out(b"<xml/>", pad=pad))) is Reason.PADDING

    def test_padding_bytes_that_differ_are_refused(self) -> None:
        plain = bytearray(laid_out(b"<xml/>"))
        assert plain[-1] > 1
        plain[-2] ^= 1
        assert refusal(sealed(bytes(plain))) is Reason.PADDING

    def test_a_whole_block_of_padding_is_taken(self) -> None:
        message = b"x" * (64 - 20 - len(desk.CORP))
        plain = laid_out(message)
        assert plain[-1] == 32
        assert desk.codec().decrypt(sealed(plain)) == message

    @pytest.mark.parametrize("size", [2**32 - 1, 2**31, 1000, 7 + len(desk.CORP)])
    def test_a_length_that_reaches_beyond_the_text_is_refused(self, size: int) -> None:
        assert refusal(sealed(laid_out(b"<xml/>", size=size))) is Reason.LENGTH

    def test_a_text_too_short_for_a_length_is_refused(self) -> None:
        assert refusal(sealed(b"short" + bytes([27]) * 27)) is Reason.LENGTH

    @pytest.mark.parametrize("size", [5, 7])
    def test_a_length_that_is_off_by_one_shifts_the_receiver_and_is_refused(self, size: int) -> None:
        assert refusal(sealed(laid_out(b"<xml/>", size=size))) is Reason.RECEIVER

    @pytest.mark.parametrize(
        "receiver", [b"", b"ww0000000000000000", desk.CORP.upper().encode(), desk.CORP.encode() + b" "]
    )
    def test_another_receiver_is_refused(self, receiver: bytes) -> None:
        assert refusal(sealed(laid_out(b"<xml/>", receiver))) is Reason.RECEIVER

    def test_ten_thousand_random_blocks_never_open(self) -> None:
        dice = random.Random(20261123)
        codec = desk.codec()
        for _ in range(10_000):
            with pytest.raises(EnvelopeBroken):
                codec.decrypt(base64.b64encode(dice.randbytes(32 * dice.randint(1, 4))).decode())


class TestSealing:
    @given(st.binary(max_size=600))
    def test_what_is_sealed_opens_again(self, message: bytes) -> None:
        assert desk.codec().decrypt(desk.codec().encrypt(message)) == message

    def test_the_same_message_is_never_the_same_sealed_text(self) -> None:
        codec = desk.codec()
        assert len({codec.encrypt(b"<xml/>") for _ in range(100)}) == 100

    def test_the_random_prefix_comes_from_the_given_source(self) -> None:
        codec = Codec(desk.TOKEN, desk.AES_KEY, desk.CORP, lambda size: b"0123456789abcdef"[:size])
        assert codec.encrypt(b"<xml/>") == sealed(laid_out(b"<xml/>"))

    @pytest.mark.parametrize("as_text", [True, False])
    def test_a_sealed_reply_holds_its_signature_and_opens_to_the_inner_xml(self, as_text: bool) -> None:
        inner = "<xml><Content><![CDATA[已提交]]></Content></xml>"
        reply = parse(desk.codec().seal_reply(inner if as_text else inner.encode(), "1795400000", "n]]>1").encode())
        assert reply["TimeStamp"] == "1795400000"
        assert reply["Nonce"] == "n]]>1"
        encrypt, signature = reply["Encrypt"], reply["MsgSignature"]
        assert isinstance(encrypt, str)
        assert isinstance(signature, str)
        assert desk.codec().verify(signature, "1795400000", "n]]>1", encrypt)
        assert desk.codec().decrypt(encrypt) == inner.encode()

    @pytest.mark.parametrize(
        "key", ["", desk.AES_KEY[:-1], desk.AES_KEY + "A", desk.AES_KEY[:-1] + "!", desk.AES_KEY[:-1] + "="]
    )
    def test_a_key_that_is_not_43_letters_and_digits_is_refused(self, key: str) -> None:
        with pytest.raises(ValueError, match="43"):
            Codec(desk.TOKEN, key, desk.CORP)
