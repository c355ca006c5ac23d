"""What makes two deliveries the same event, and what does not (design rule 3)."""

from __future__ import annotations

import hashlib
import itertools

import pytest

from bot.wecom.dedupe import dedupe_key, name_of
from bot.wecom.xml import Fields, parse
from tests.bot.wecom import desk

APP = "1000002"
EVERY = sorted(path.stem for path in desk.FIXTURES.glob("*.xml"))


def key(fields: Fields, app: str = APP) -> bytes:
    return dedupe_key(fields, app)


def test_the_key_is_the_number_and_a_digest_of_the_canonical_form() -> None:
    fields: Fields = {"MsgType": "text", "FromUserName": "ZhangSan", "MsgId": "7", "Content": "待办", "CreateTime": "1"}
    canonical = '["1000002","message","zhangsan","text","7",{"Content":"待办"}]'
    assert key(fields) == bytes(7) + b"\x07" + hashlib.sha256(canonical.encode()).digest()[:24]


@pytest.mark.parametrize("name", ["text", "template_card_event_button"])
def test_keys_grow_with_the_number_that_grows(name: str) -> None:
    field = "MsgId" if name == "text" else "CreateTime"
    numbers = ["1", "9", "10", "255", "256", "4561255354251345929", "4561255354251345930", "18446744073709551615"]
    keys = [key({**desk.fields(name), field: number}) for number in numbers]
    assert keys == sorted(keys)


@pytest.mark.parametrize("number", ["", "abc", "-1", "1e9", " 7", "７", "١", "18446744073709551616", "9" * 5000, "007"])
def test_a_number_of_any_kind_gives_a_key_of_32_bytes_and_tells_apart(number: str) -> None:
    odd, plain = ({**desk.fields("text"), "MsgId": one} for one in (number, "7"))
    assert len(key(odd)) == 32
    assert key(odd) != key(plain)
    assert name_of(key(odd)) != name_of(key(plain))


def test_a_keys_name_tells_apart_what_differs_in_content_alone() -> None:
    one, two = ({**desk.fields("text"), "Content": content} for content in ("待办", "代办"))
    assert key(one)[:8] == key(two)[:8]
    assert name_of(key(one)) != name_of(key(two))


def test_all_payloads_have_keys_of_their_own() -> None:
    assert len({key(desk.fields(name)) for name in EVERY}) == len(EVERY)


@pytest.mark.parametrize("name", EVERY)
def test_the_order_of_elements_makes_no_difference(name: str) -> None:
    def turned(fields: Fields) -> Fields:
        return {
            each: turned(value) if isinstance(value, dict) else value
            for each, value in reversed(fields.items())
        }

    assert key(turned(desk.fields(name))) == key(desk.fields(name))


class TestMessages:
    def test_a_retry_stamped_anew_is_the_same_message(self) -> None:
        assert key({**desk.fields("text"), "CreateTime": "1795400005"}) == key(desk.fields("text"))

    def test_the_senders_case_makes_no_difference(self) -> None:
        assert key({**desk.fields("text"), "FromUserName": "zhangsan"}) == key(desk.fields("text"))

    @pytest.mark.parametrize(
        ("field", "other"),
        [
            ("FromUserName", "LiSi"), ("MsgId", "4561255354251345930"), ("Content", "采购 服务器 3.5万 扩容。"),
            ("MsgType", "link"),
        ],
    )
    def test_another_sender_number_type_or_content_is_another_message(self, field: str, other: str) -> None:
        assert key({**desk.fields("text"), field: other}) != key(desk.fields("text"))

    def test_equal_numbers_of_two_people_are_two_messages(self) -> None:
        """RP-2.1b: equal MsgId from two people."""
        assert len({key({**desk.fields("text"), "FromUserName": who}) for who in ("a", "b", "c")}) == 3

    def test_another_app_is_another_message(self) -> None:
        assert key(desk.fields("text"), "1000003") != key(desk.fields("text"))


class TestEvents:
    def test_the_same_event_again_is_the_same(self) -> None:
        name = "template_card_event_button_with_selection"
        assert key(parse(desk.fixture(name))) == key(parse(desk.fixture(name)))

    @pytest.mark.parametrize("field", ["CreateTime", "EventKey", "TaskId", "ResponseCode", "FromUserName", "AgentID"])
    def test_two_events_of_one_sender_and_second_that_differ_in_anything_are_two(self, field: str) -> None:
        fields = desk.fields("template_card_event_button")
        assert key({**fields, field: "other"}) != key(fields)

    def test_a_difference_deep_inside_counts(self) -> None:
        one, two = (desk.fixture("template_card_event_vote_several") for _ in range(2))
        two = two.replace(b"<![CDATA[o2]]>", b"<![CDATA[o3]]>")
        assert key(parse(one)) != key(parse(two))

    def test_batch_approvals_of_one_second_are_all_different(self) -> None:
        """FromUserName is sys for all of them (WxJava #2880)."""
        raw = desk.fixture("sys_approval_change")
        numbers = [raw.replace(b"202611240001", str(number).encode()) for number in range(50)]
        assert len({key(parse(each)) for each in numbers}) == 50

    def test_no_shuffling_of_text_between_elements_collides(self) -> None:
        base: Fields = {"MsgType": "event", "Event": "click"}
        shapes: list[Fields] = [
            {**base, "A": "x", "B": ""}, {**base, "A": "", "B": "x"}, {**base, "A": "x"}, {**base, "A": {"B": "x"}},
            {**base, "A": ["x", ""]}, {**base, "A": ["", "x"]}, {**base, "A": '"x"'}, {**base, "A": {"B": ["x", "x"]}},
        ]
        for one, two in itertools.combinations(shapes, 2):
            assert key(one) != key(two)
