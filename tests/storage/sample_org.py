"""The sample company of tests/data/org.yaml as values."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from policy.org import Department, Person
from policy.terms import HOME_REGION, DepartmentKind, Grade, Post

_FILE = Path(__file__).resolve().parents[1] / "data" / "org.yaml"


def sample_org() -> tuple[list[Department], list[Person]]:
    """Return departments and people."""
    stored: dict[str, list[dict[str, Any]]] = yaml.safe_load(_FILE.read_text())
    departments = [
        Department(each["id"], each["name"], DepartmentKind(each["kind"]), each.get("head"))
        for each in stored["departments"]
    ]
    people = [
        Person(
            userid=each["userid"], name=each["name"], department=each["department"], grade=Grade(each["grade"]),
            manager=each.get("manager"), deputy=each.get("deputy"),
            posts=frozenset(Post(post) for post in each.get("posts", ())),
            regions=tuple(each.get("regions", [each.get("region", HOME_REGION)])), title=each.get("title", ""),
            aliases=tuple(each.get("aliases", ())), mobile=each.get("mobile", ""),
            joined=date(2024, 3, 1) if each["userid"] == "xu" else None,
        )
        for each in stored["people"]
    ]
    return departments, people
