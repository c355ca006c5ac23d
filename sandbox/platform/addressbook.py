"""The address book as an app sees it (wecom-facts 6): no mobile, no mail; numbered departments below a root."""

from __future__ import annotations

from typing import Any

from sandbox.platform.config import Member
from sandbox.platform.refusals import Refused
from sandbox.platform.world import World

Json = dict[str, Any]
ROOT = 1


def member(world: World, userid: str) -> Json:
    """Return one member."""
    found = world.members.get(userid.lower())
    if found is None:
        raise Refused(60111)
    return {"errcode": 0, "errmsg": "ok", **_shown(world, found)}


def members(world: World, department_id: str) -> Json:
    """Return the members of one department."""
    names = {str(number): name for name, number in _numbers(world).items()}
    wanted = names.get(department_id)
    listed = [_shown(world, each) for each in world.members.values() if each.department == wanted]
    return {"errcode": 0, "errmsg": "ok", "userlist": listed}


def departments(world: World) -> Json:
    """Return every department below the root."""
    numbers = _numbers(world)
    listed: list[Json] = [
        {"id": ROOT, "name": world.config.company, "parentid": 0, "order": 1, "department_leader": []}
    ]
    for each in world.config.departments:
        leaders = [each.head] if each.head else []
        listed.append(
            {"id": numbers[each.id], "name": each.name, "parentid": ROOT, "order": 1, "department_leader": leaders}
        )
    return {"errcode": 0, "errmsg": "ok", "department": listed, "department_id": listed}


def _numbers(world: World) -> dict[str, int]:
    return {each.id: at for at, each in enumerate(world.config.departments, ROOT + 1)}


def _shown(world: World, found: Member) -> Json:
    number = _numbers(world).get(found.department, ROOT)
    leads = any(each.head == found.userid for each in world.config.departments if each.id == found.department)
    return {
        "userid": found.userid, "name": found.name, "department": [number], "main_department": number, "order": [0],
        "position": found.title, "is_leader_in_dept": [int(leads)], "direct_leader": [], "status": 1,
    }
