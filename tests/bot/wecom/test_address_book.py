"""The address book as the app sees it (wecom-facts 6)."""

from __future__ import annotations

import pytest

from bot.wecom.address_book import AddressBook, BookDepartment, BookMember, read_address_book
from bot.wecom.client import WeComClient
from notifications.errors import SendError
from tests.bot.wecom.platform import Platform, said

DEPARTMENTS = [
    {"id": 1, "name": "示例公司", "parentid": 0, "order": 1, "department_leader": ["ZhaoZong"]},
    {"id": 2, "name": "销售部", "parentid": 1, "order": 2},
]
ZHANG = {
    "userid": "ZhangSan", "name": "张三", "department": [2, 1], "is_leader_in_dept": [1, 0], "main_department": 2,
    "direct_leader": ["ZhaoZong"], "position": "主管", "status": 1,
}


def test_members_of_several_departments_are_read_once(client: WeComClient, platform: Platform) -> None:
    platform.lay_out("department/list", said(department=DEPARTMENTS))
    platform.lay_out(
        "user/list", said(userlist=[ZHANG, {"userid": "ZhaoZong", "name": "赵总", "department": [1]}]),
        said(userlist=[ZHANG]),
    )
    assert read_address_book(client) == AddressBook(
        {1: BookDepartment(1, "示例公司", 0, ("zhaozong",)), 2: BookDepartment(2, "销售部", 1, ())},
        {
            "zhangsan": BookMember("ZhangSan", "张三", (2, 1), 2, (2,), ("zhaozong",), "主管", 1),
            "zhaozong": BookMember("ZhaoZong", "赵总", (1,), None, (), (), "", 1),
        },
    )
    assert [one.query["department_id"] for one in platform.calls("user/list")] == ["1", "2"]


def test_a_call_that_fails_half_way_gives_nothing(client: WeComClient, platform: Platform) -> None:
    platform.lay_out("department/list", said(department=DEPARTMENTS))
    platform.lay_out("user/list", said(userlist=[ZHANG]), said(60011, "no right"))
    with pytest.raises(SendError):
        read_address_book(client)
