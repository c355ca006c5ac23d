"""People as others name them; nobody is guessed, and who left is told apart."""

from __future__ import annotations

import pytest

from handlers.language.people import Found, Listed, NotFound, Several, directory_of, find_people, find_person
from policy.org import Department, Org, Person
from policy.terms import DepartmentKind, Grade

PEOPLE = (
    Listed("xu", "许专员", ("小许",), "销售部", True),
    Listed("lin", "林总监", (), "销售部", True),
    Listed("wangfang", "王芳", ("芳姐",), "财务部", True),
    Listed("wangfang2", "王芳", (), "销售部", True),
    Listed("zhanghe", "张和", (), "研发部", True),
    Listed("tom.lee", "Tom Lee", ("老李",), "研发部", True),
    Listed("zhao", "赵总", (), "总经办", True),
    Listed("gone", "孙主管", (), "采购部", False),
    Listed("old.zhao", "赵总", (), "总经办", False),
)


@pytest.mark.parametrize(
    ("typed", "who", "why"),
    [
        ("许专员", Found("xu"), "name"),
        ("@许专员", Found("xu"), "with @"),
        ("＠许专员", Found("xu"), "wide @"),
        (" 许专员。", Found("xu"), "space and full stop"),
        ("xu", Found("xu"), "userid"),
        ("XU", Found("xu"), "userid in capitals"),
        ("ｘｕ", Found("xu"), "userid, wide"),
        ("小许", Found("xu"), "alias"),
        ("Tom Lee", Found("tom.lee"), "a name with a space"),
        ("tom lee", Found("tom.lee"), "in small letters"),
        ("王芳", Several(("wangfang", "wangfang2")), "two of one name"),
        ("王芳（财务部）", Found("wangfang"), "with the department"),
        ("王芳@销售", Found("wangfang2"), "department without 部"),
        ("财务部王芳", Found("wangfang"), "department first"),
        ("销售王芳", Found("wangfang2"), "department first, without 部"),
        ("王芳（研发部）", NotFound("王芳(研发部)"), "not in that department"),
        ("赵总", Found("zhao"), "a former one of the same name does not count"),
        ("孙主管", NotFound("孙主管", left=("gone",)), "has left"),
        ("gone", NotFound("gone", left=("gone",)), "has left, by userid"),
        ("", NotFound(""), "nothing"),
        ("@", NotFound(""), "a sign alone"),
    ],
)
def test_a_person_is_found_or_it_is_said_why_not(typed: str, who: object, why: str) -> None:
    assert find_person(typed, PEOPLE) == who, why


@pytest.mark.parametrize(
    ("typed", "nearest", "why"),
    [
        ("徐专员", ("xu",), "the same sound"), ("林总间", ("lin",), "nearly the same sound"),
        ("xzy", ("xu",), "initials"),
        ("wf", ("wangfang", "wangfang2"), "initials of two"), ("wangfan", ("wangfang", "wangfang2"), "pinyin"),
        ("今天天气", (), "nobody"),
    ],
)
def test_who_sounds_like_it_is_suggested_and_never_taken(typed: str, nearest: tuple[str, ...], why: str) -> None:
    assert find_person(typed, PEOPLE) == NotFound(typed, nearest), why


@pytest.mark.parametrize(
    ("typed", "whos"),
    [
        ("许专员、林总监", [Found("xu"), Found("lin")]),
        ("许专员,林总监", [Found("xu"), Found("lin")]),
        ("许专员，林总监", [Found("xu"), Found("lin")]),
        ("许专员/林总监；赵总", [Found("xu"), Found("lin"), Found("zhao")]),
        ("许专员 林总监", [Found("xu"), Found("lin")]),
        ("@许专员 @林总监", [Found("xu"), Found("lin")]),
        ("@许专员@林总监", [Found("xu"), Found("lin")]),
        ("许专员和林总监", [Found("xu"), Found("lin")]),
        ("张和", [Found("zhanghe")]),
        ("张和和林总监", [Found("zhanghe"), Found("lin")]),
        ("Tom Lee、小许", [Found("tom.lee"), Found("xu")]),
        ("许专员、xu、小许", [Found("xu")]),
        ("王芳、赵总", [Several(("wangfang", "wangfang2")), Found("zhao")]),
        ("许专员、某某某", [Found("xu"), NotFound("某某某")]),
        ("许专员 孙主管", [Found("xu"), NotFound("孙主管", left=("gone",))]),
        ("、、 ，", []),
        ("", []),
    ],
)
def test_a_list_of_people_is_taken_apart(typed: str, whos: list[object]) -> None:
    assert find_people(typed, PEOPLE) == whos


def test_the_org_is_a_directory_with_department_names() -> None:
    org = Org.of(
        1,
        [Department("d1", "销售部", DepartmentKind.SALES)],
        [
            Person("xu", "许专员", "d1", Grade.SPECIALIST),
            Person("gone", "孙主管", "d9", Grade.SUPERVISOR, active=False),
        ],
    )
    directory = directory_of(org)
    assert directory == (Listed("xu", "许专员", (), "销售部", True), Listed("gone", "孙主管", (), "", False))
    assert find_person("销售部许专员", directory) == Found("xu")
