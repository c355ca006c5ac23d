"""The door: its checks in their order, what each refuses, and that what is in order comes in (design rule 2)."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.datastructures import MultiDict

from bot.wecom.codec import Codec, Reason
from bot.wecom.door import BODY_MOST, BodyReader, Echo, Opened, Query, Refused, open_get, open_post
from tests.bot.wecom import desk
from tests.bot.wecom.desk import Request, envelope

NOW = desk.SEALED_AT


def post(request: Request, body: bytes | BodyReader | None = None, query: Query | None = None, now: datetime = NOW,
         *company: datetime, window: int = 300) -> Opened | Refused:
    return open_post(
        desk.codec(), request.body if body is None else body, request.query if query is None else query,
        machine_now=now, company_nows=company, window=window,
    )


def reason(answer: Opened | Echo | Refused) -> Reason:
    assert isinstance(answer, Refused), answer
    assert 400 <= answer.status < 500
    return answer.reason


def sealed(xml: bytes) -> Request:
    return Request(desk.codec().encrypt(xml))


class TestWhatIsInOrder:
    def test_the_published_vector_comes_in(self) -> None:
        opened = post(Request())
        assert isinstance(opened, Opened)
        assert opened.fields["Content"] == "hello"
        assert opened.xml == desk.codec().decrypt(desk.ENCRYPT)
        assert (opened.timestamp, opened.nonce, opened.agent_id_outer) == (desk.TIMESTAMP, desk.NONCE, "218")

    def test_a_body_on_the_wire_is_read_in_pieces(self) -> None:
        class Dripping(io.BytesIO):
            def read(self, size: int | None = -1, /) -> bytes:
                return super().read(min(size or 0, 7))

        assert isinstance(post(Request(), Dripping(Request().body)), Opened)

    def test_a_frameworks_query_is_read_with_every_value_of_a_name(self) -> None:
        single = MultiDict((name, values[0]) for name, values in Request().query.items())
        assert isinstance(post(Request(), query=single), Opened)
        single.add("nonce", desk.NONCE)
        assert reason(post(Request(), query=single)) is Reason.QUERY

    def test_parameters_we_do_not_know_are_left_alone(self) -> None:
        assert isinstance(post(Request(), query={**Request().query, "debug": ["1", "2"]}), Opened)

    def test_the_envelopes_elements_come_in_any_order_and_without_the_agent(self) -> None:
        body = f"<xml><Encrypt>{desk.ENCRYPT}</Encrypt><ToUserName>x</ToUserName></xml>".encode()
        opened = post(Request(body=body))
        assert isinstance(opened, Opened)
        assert opened.agent_id_outer == ""

    def test_an_envelope_that_names_another_company_is_not_believed_either_way(self) -> None:
        body = Request().body.replace(desk.CORP.encode(), b"ww-of-somebody-else")
        assert isinstance(post(Request(body=body)), Opened)

    def test_an_xml_declaration_comes_in(self) -> None:
        declared = b'<?xml version="1.0" encoding="UTF-8"?>\n' + Request().body
        assert isinstance(post(Request(body=declared)), Opened)


class TestTheOrder:
    def test_each_check_comes_before_the_next(self) -> None:
        """Everything is broken at first; mending one thing after another shows the next check of the rule."""
        good = Request()
        broken_inner = sealed(b"<!DOCTYPE xml><xml/>")
        wrong_receiver = Codec(desk.TOKEN, desk.AES_KEY, "ww-other").encrypt(b"<!DOCTYPE xml><xml/>")
        unsigned = {**good.query, "msg_signature": ["0" * 40], "timestamp": ["1"]}
        stale = Request("!", timestamp="1")
        seen = [
            reason(post(good, b"x" * (BODY_MOST + 1), {})),
            reason(post(good, b"<xml>", {})),
            reason(post(good, b"<xml>", unsigned)),
            reason(post(good, envelope("!"), unsigned)),
            reason(post(stale)),
            reason(post(Request("!"))),
            reason(post(Request("AAAA"))),
            reason(post(Request("A" * 43 + "="))),
            reason(post(Request(wrong_receiver))),
            reason(post(broken_inner)),
        ]
        assert seen == [
            Reason.SIZE, Reason.QUERY, Reason.ENVELOPE, Reason.SIGNATURE, Reason.STALE, Reason.BASE64, Reason.BLOCK,
            Reason.PADDING, Reason.RECEIVER, Reason.INNER_XML,
        ]

    def test_no_detail_tells_apart_what_is_wrong_behind_the_signature(self) -> None:
        broken = (Request("!"), Request("AAAA"), Request("A" * 43 + "="), sealed(b"<xml>"))
        assert [getattr(post(request), "status", None) for request in broken] == [400] * 4


class TestSize:
    def test_64_kib_come_in_and_one_byte_more_does_not(self) -> None:
        good = Request().body
        most = good + b" " * (BODY_MOST - len(good))
        assert len(most) == 65_536
        assert isinstance(post(Request(), most), Opened)
        refused = post(Request(), most + b" ")
        assert reason(refused) is Reason.SIZE
        assert isinstance(refused, Refused)
        assert refused.status == 413

    def test_reading_stops_one_byte_behind_the_limit(self) -> None:
        body = io.BytesIO(b"x" * 10_000_000)
        assert reason(post(Request(), body)) is Reason.SIZE
        assert body.tell() == BODY_MOST + 1


class TestQuery:
    @pytest.mark.parametrize("name", ["msg_signature", "timestamp", "nonce"])
    @pytest.mark.parametrize(
        "values", [[], [""], ["1", "1"], ["1" * 5000], ["１２３"], ["a\nb"], ["\ud800"]], ids=repr
    )
    def test_a_parameter_that_is_missing_repeated_or_absurd_is_refused(self, name: str, values: list[str]) -> None:
        assert reason(post(Request(), query={**Request().query, name: values})) is Reason.QUERY

    def test_a_query_of_plain_strings_is_refused_not_misread(self) -> None:
        plain = {name: values[0] for name, values in Request().query.items()}
        assert reason(post(Request(), query=plain)) is Reason.QUERY


class TestEnvelope:
    @pytest.mark.parametrize(
        "body",
        [
            b"", b"{}", b"<xml/>", b"<xml></xml>", b"<xml><Encrypt></Encrypt></xml>", b"<xml><Encrypt/></xml>",
            envelope(desk.ENCRYPT)[:-6],
            envelope(desk.ENCRYPT) + b"<xml/>",
            envelope(desk.ENCRYPT).replace(b"xml>", b"XML>"),
            envelope(desk.ENCRYPT).replace(b"Encrypt>", b"encrypt>"),
            envelope(desk.ENCRYPT, "<Encrypt>a</Encrypt>"),
            envelope(desk.ENCRYPT, f"<X><Encrypt>{desk.ENCRYPT}</Encrypt></X>"),
            envelope(desk.ENCRYPT, "<!-- <Encrypt>a</Encrypt> -->"),
            f"<xml><X><Encrypt>{desk.ENCRYPT}</Encrypt></X></xml>".encode(),
            f"<xml><Encrypt>{desk.ENCRYPT}<a/></Encrypt></xml>".encode(),
            b"<!DOCTYPE xml>" + envelope(desk.ENCRYPT),
            b'<!DOCTYPE xml SYSTEM "file:///etc/passwd">' + envelope(desk.ENCRYPT),
            b'<!DOCTYPE xml [<!ENTITY a "b">]>' + envelope(desk.ENCRYPT),
            b'<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Encrypt>&a;</Encrypt></xml>',
            b"<xml><Encrypt>&unknown;</Encrypt></xml>",
            b"<xml>" + b"<a>" * 20 + b"</a>" * 20 + envelope(desk.ENCRYPT)[5:],
            b"<xml>" + b"<a/>" * 4000 + envelope(desk.ENCRYPT)[5:],
            b"\xff\xfe" + envelope(desk.ENCRYPT),
            envelope(desk.ENCRYPT).decode().encode("utf-16"),
            b"<xml><Encrypt>\x00</Encrypt></xml>",
        ],
        ids=lambda body: body[:40].decode("ascii", "replace") + f" {len(body)}",
    )
    def test_what_is_no_envelope_with_one_sealed_text_is_refused_before_its_signature(self, body: bytes) -> None:
        assert reason(post(Request(), body)) is Reason.ENVELOPE

    def test_an_entity_bomb_is_refused_at_its_doctype(self) -> None:
        levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
        bomb = f'<!DOCTYPE xml [<!ENTITY a0 "ha">{levels}]><xml><Encrypt>&a11;</Encrypt></xml>'
        assert reason(post(Request(), bomb.encode())) is Reason.ENVELOPE


class TestFreshness:
    @pytest.mark.parametrize("seconds", [-300, -1, 0, 300])
    def test_a_timestamp_within_the_window_comes_in(self, seconds: int) -> None:
        assert isinstance(post(Request(), now=NOW + timedelta(seconds=seconds)), Opened)

    @pytest.mark.parametrize("seconds", [-301, 301, 86_400])
    def test_one_second_beyond_the_window_is_stale(self, seconds: int) -> None:
        assert reason(post(Request(), None, None, NOW + timedelta(seconds=seconds))) is Reason.STALE

    def test_the_window_is_a_setting(self) -> None:
        assert isinstance(post(Request(), now=NOW + timedelta(seconds=900), window=900), Opened)

    def test_company_time_under_the_present_or_the_previous_offset_is_fresh_as_well(self) -> None:
        machine = NOW - timedelta(days=40)
        elsewhere = NOW - timedelta(days=3)
        assert isinstance(post(Request(), None, None, machine, elsewhere, NOW), Opened)
        assert isinstance(post(Request(), None, None, machine, NOW, elsewhere), Opened)
        assert reason(post(Request(), None, None, machine, elsewhere)) is Reason.STALE

    @pytest.mark.parametrize("timestamp", ["-1409659813", "1409659813.0", "1e9", "0x1", " 1409659813", "9" * 20])
    def test_a_timestamp_that_is_no_number_of_seconds_is_stale(self, timestamp: str) -> None:
        assert reason(post(Request(timestamp=timestamp))) is Reason.STALE


class TestInnerXml:
    @pytest.mark.parametrize(
        "xml",
        [
            b"", b"hello", b"<xml>", b"<other/>", b"<!DOCTYPE xml><xml/>",
            b'<!DOCTYPE xml [<!ENTITY a "b">]><xml><Content>&a;</Content></xml>',
            b"<xml>" + b"<a>" * 12 + b"</a>" * 12 + b"</xml>", b"<xml>" + b"<a/>" * 3000 + b"</xml>",
            b"<xml>\xff</xml>",
        ],
        ids=lambda xml: xml[:30].decode("ascii", "replace"),
    )
    def test_what_is_sealed_but_no_event_is_refused(self, xml: bytes) -> None:
        assert reason(post(sealed(xml))) is Reason.INNER_XML


class TestVerifyingTheAddress:
    def get(self, query: dict[str, list[str]], now: datetime = NOW) -> Echo | Refused:
        return open_get(desk.codec(), query, machine_now=now, window=300)

    def query(self, plain: bytes) -> dict[str, list[str]]:
        encrypt = desk.codec().encrypt(plain)
        signature = desk.codec().sign(desk.TIMESTAMP, desk.NONCE, encrypt)
        return {
            "msg_signature": [signature], "timestamp": [desk.TIMESTAMP], "nonce": [desk.NONCE], "echostr": [encrypt],
        }

    @pytest.mark.parametrize(
        "plain", [b"1616140317555161061", b"", b" with blanks \n", "字".encode(), bytes(range(256))]
    )
    def test_the_echo_is_the_plain_text_byte_for_byte(self, plain: bytes) -> None:
        assert self.get(self.query(plain)) == Echo(plain)

    def test_an_echo_that_lost_its_plus_signs_is_refused(self) -> None:
        """A query decoded twice turns + into blanks; the signature does not hold then."""
        query = next(found for found in (self.query(bytes([n])) for n in range(256)) if "+" in found["echostr"][0])
        query["echostr"] = [query["echostr"][0].replace("+", " ")]
        assert reason(self.get(query)) is Reason.SIGNATURE

    def test_each_missing_parameter_is_refused(self) -> None:
        for name in ("msg_signature", "timestamp", "nonce", "echostr"):
            query = self.query(b"1")
            del query[name]
            assert reason(self.get(query)) is Reason.QUERY

    def test_a_wrong_signature_is_refused(self) -> None:
        assert reason(self.get({**self.query(b"1"), "nonce": ["2"]})) is Reason.SIGNATURE

    def test_a_stale_echo_is_refused(self) -> None:
        assert reason(self.get(self.query(b"1"), datetime(2026, 11, 24, tzinfo=UTC))) is Reason.STALE

    def test_an_echo_for_another_company_is_refused(self) -> None:
        encrypt = Codec(desk.TOKEN, desk.AES_KEY, "ww-other").encrypt(b"1")
        signed = desk.codec().sign(desk.TIMESTAMP, desk.NONCE, encrypt)
        query = {**self.query(b"1"), "echostr": [encrypt], "msg_signature": [signed]}
        assert reason(self.get(query)) is Reason.RECEIVER
