"""What is filed is found: at once, by any piece of it, by those who may see it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from policy.terms import Noun
from storage.queries.items import add_note, add_open_work, add_revision, change_item
from storage.queries.search import Within, find, folded, index_pending
from storage.store import Store
from storage.tables import SEARCH_TAIL
from storage.unit import Unit
from tests.storage.filing import NOW, TODAY, file_record

EVERYTHING = 10_000


def _index_all(store: Store) -> None:
    while store.write(lambda unit: index_pending(unit, 50)):
        pass


def _find(store: Store, text: str, within: Within | None = None, limit: int = EVERYTHING) -> list[str]:
    return store.read(lambda unit: find(unit, text, limit, within))


@pytest.fixture(params=["indexed", "still in the tail"])
def filed(request: pytest.FixtureRequest, store: Store) -> Iterator[tuple[Store, dict[str, str]]]:
    def work(unit: Unit) -> dict[str, str]:
        return {
            "contract": file_record(unit, "劳动合同两份", {"客户": "华东电子 ABC-2", "金额": 3_500_000}),
            "server": file_record(unit, "服务器扩容", {"内容": '说"好"\n型号 R740', "结果": "同意"}, author="wei"),
            "visit": file_record(unit, "拜访客户", {"客户": "ＡＢＣ 公司", "内容": "合作与同行"}),
        }

    numbers = store.write(work)
    if request.param == "indexed":
        _index_all(store)
    return store, numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("合同", {"contract"}),
        ("同", {"contract", "server", "visit"}),
        ("劳动合同两份", {"contract"}),
        ("合 同", {"contract", "visit"}),
        ("abc", {"contract", "visit"}),
        ("ABC-2", {"contract"}),
        ("r740", {"server"}),
        ('"好"', {"server"}),
        ("35000", {"contract"}),
        ("35,000", {"contract"}),
        ("JL-20261123-0002", {"server"}),
        ("0002", {"server"}),
        ("客户 公司", {"visit"}),
        ("客户", {"visit"}),
        ("不存在的词", set()),
        ("同合", set()),
        ("", set()),
        ("--", set()),
        ("%", set()),
        ('" OR x', set()),
    ],
)
def test_words_pieces_and_numbers_are_found(
    filed: tuple[Store, dict[str, str]], text: str, expected: set[str]
) -> None:
    store, numbers = filed
    assert set(_find(store, text)) == {numbers[name] for name in expected}


def test_the_index_takes_the_tail_in_portions_and_then_has_nothing_to_do(store: Store) -> None:
    for title in ("甲", "乙", "丙"):
        store.write(lambda unit, title=title: file_record(unit, title))
    taken = [store.write(lambda unit: index_pending(unit, 2)) for _ in range(3)]
    assert taken == [2, 1, 0]
    assert store.read(lambda unit: unit.scalar(select(func.count()).select_from(SEARCH_TAIL))) == 0


def test_a_correction_is_found_by_its_new_words_and_no_longer_by_the_old(store: Store) -> None:
    number = store.write(lambda unit: file_record(unit, "拜访", {"客户": "旧名公司"}))
    _index_all(store)

    def correct(unit: Unit) -> None:
        add_revision(unit, number, 2, "xu", {"客户": "新名公司"}, "更正", "salt", "写错", NOW)
        change_item(unit, number, NOW, revision=2)
        unit.audit(NOW, "xu", "record.corrected", number)

    store.write(correct)
    for indexed in (False, True):
        if indexed:
            _index_all(store)
        assert _find(store, "新名") == [number]
        assert _find(store, "旧名") == []


def test_what_was_said_about_an_item_is_found(store: Store) -> None:
    number = store.write(lambda unit: file_record(unit, "拜访"))
    _index_all(store)

    def say(unit: Unit) -> None:
        add_note(unit, number, "su", "请补充报价单", "问 …", "salt", NOW)
        unit.audit(NOW, "su", "item.asked", number)

    store.write(say)
    assert _find(store, "报价单") == [number]
    _index_all(store)
    assert _find(store, "报价单") == [number]


def test_the_newest_change_comes_first_whatever_its_prefix(store: Store) -> None:
    nouns = [Noun.PROJECT, Noun.RECORD, Noun.TASK, Noun.PURCHASE]
    numbers = [
        store.write(lambda unit, noun=noun: file_record(unit, "同一件事", noun=noun, day=TODAY)) for noun in nouns
    ]
    assert _find(store, "一件") == numbers[::-1]
    _index_all(store)
    assert _find(store, "一件") == numbers[::-1]
    assert _find(store, "一件", limit=2) == numbers[:1:-1]


def test_a_person_finds_the_one_item_they_may_see_among_hundreds(store: Store) -> None:
    def work(unit: Unit) -> str:
        mine = file_record(unit, "同名 记录", author="xu")
        for _ in range(250):
            file_record(unit, "同名 记录", author="wei", department="rd")
        return mine

    mine = store.write(work)
    for indexed in (False, True):
        if indexed:
            _index_all(store)
        assert _find(store, "同名", Within("xu", {"xu"}, ()), limit=8) == [mine]
        assert _find(store, "同名", Within("lin", (), {"sales"}), limit=8) == [mine]
        assert _find(store, "同名", Within("tao", {"tao"}, ()), limit=8) == []
        assert len(_find(store, "同名", Within("gao", (), {"rd"}))) == 250


def test_whoever_has_an_item_in_their_list_finds_it(store: Store) -> None:
    def work(unit: Unit) -> str:
        number = file_record(unit, "采购 服务器")
        add_open_work(unit, "su", number, "approval", "采购 服务器", NOW)
        return number

    number = store.write(work)
    assert _find(store, "服务器", Within("su", {"su"}, ())) == [number]
    assert _find(store, "服务器", Within("pan", {"pan"}, ())) == []


def test_a_very_long_and_varied_text_does_not_stop_the_index(store: Store) -> None:
    varied = "".join(chr(0x4E00 + at) for at in range(20_000))
    long = store.write(lambda unit: file_record(unit, "长文", {"内容": varied * 2}))
    short = store.write(lambda unit: file_record(unit, "短文"))
    _index_all(store)
    assert _find(store, "长文") == [long]
    assert _find(store, "短文") == [short]


WORDS = st.text(alphabet="合同采购服务器abAB12ＡＢ１２ -_.\"\\%é", min_size=0, max_size=14)


@pytest.mark.parametrize("kind", ["sqlite_store", "postgresql_store"])
def test_every_piece_of_every_text_finds_all_that_hold_it_and_nothing_else(
    kind: str, request: pytest.FixtureRequest
) -> None:
    store: Store = request.getfixturevalue(kind)
    known: dict[str, str] = {}

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(title=WORDS, content=WORDS, cut=st.tuples(st.integers(0, 13), st.integers(1, 14)), index=st.booleans())
    def file_and_look(title: str, content: str, cut: tuple[int, int], index: bool) -> None:
        number = store.write(lambda unit: file_record(unit, title, {"内容": content}))
        known[number] = folded(f"{number}\n{title}\n{content}")
        if index:
            store.write(lambda unit: index_pending(unit, 3))
        for text in (title, content):
            query = folded(text)[cut[0] : cut[0] + cut[1]]
            words = query.split()
            if not any(character.isalnum() for character in query):
                continue
            expected = {number for number, held in known.items() if all(word in held for word in words)}
            assert set(_find(store, query)) == expected

    file_and_look()
