"""A company of any size in one process, in virtual time: departments of a head, supervisors and their specialists."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from tests.handlers.office import Office, open_office

EXECUTIVES = ("zhao", "yan")


def big_org(teams: int, each: int, teams_a_department: int = 5) -> dict[str, Any]:
    """
    Return an org file's content.

    Args:
        teams: supervisors s0 … in departments of `teams_a_department`, each with a head d0 …
        each: specialists below each supervisor: e0-0, e0-1 …
    """
    departments: list[dict[str, Any]] = [
        {"id": "office", "name": "总经办", "kind": "executive", "head": "zhao"},
        {"id": "records", "name": "业务记录部", "kind": "records", "head": "zhou"},
        {"id": "hr", "name": "人力资源部", "kind": "hr", "head": "ren"},
    ]
    people: list[dict[str, Any]] = [
        {"userid": "zhao", "name": "赵总", "department": "office", "grade": "executive", "posts": ["ceo"]},
        {"userid": "yan", "name": "严副总", "department": "office", "grade": "executive", "manager": "zhao"},
        {"userid": "zhou", "name": "周总监", "department": "records", "grade": "director", "manager": "zhao",
         "posts": ["records_director"]},
        {"userid": "ren", "name": "任总监", "department": "hr", "grade": "director", "manager": "zhao"},
    ]
    for team in range(teams):
        department = team // teams_a_department
        if team % teams_a_department == 0:
            departments.append(
                {"id": f"dep{department}", "name": f"业务{department}部", "kind": "other", "head": f"d{department}"}
            )
            people.append(
                {"userid": f"d{department}", "name": f"总监{department}", "department": f"dep{department}",
                 "grade": "director", "manager": "zhao"}
            )
        people.append(
            {"userid": f"s{team}", "name": f"主管{team}", "department": f"dep{department}", "grade": "supervisor",
             "manager": f"d{department}"}
        )
        people += [
            {"userid": f"e{team}-{at}", "name": f"员工{team}-{at}", "department": f"dep{department}",
             "grade": "specialist", "manager": f"s{team}"}
            for at in range(each)
        ]
    return {"departments": departments, "people": people}


def open_big_office(folder: Path, template: Path, org: dict[str, Any], **settings: Any) -> Office:
    """Return that company, everybody with a phone."""
    file = folder / "org.yaml"
    file.write_text(yaml.safe_dump(org, allow_unicode=True))
    office = open_office(folder, template, org={"file": str(file)}, **settings)
    office.phones.chats = {person["userid"]: [] for person in org["people"]}
    office._read = dict.fromkeys(office.phones.chats, 0)
    return office
