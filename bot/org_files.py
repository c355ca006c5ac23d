"""
People and departments from a file: YAML, CSV or XLSX (contract, `org import`). Every fault at once, with its place.

YAML has `departments` and `people`; a table has one row per person and its departments follow from the columns
(department, department_kind, head). Column names are the YAML's, or the Chinese ones of `COLUMNS`.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import yaml
from python_calamine import CalamineError, CalamineWorkbook

from policy.errors import ProjectError
from policy.org import Department, Person
from policy.terms import DepartmentKind, Grade, Post

COLUMNS: Mapping[str, str] = {
    "账号": "userid", "姓名": "name", "部门": "department", "部门类别": "department_kind", "职级": "grade",
    "上级": "manager", "代理人": "deputy", "岗位": "posts", "区域": "regions", "职务": "title", "别名": "aliases",
    "入职日期": "joined", "任职日期": "post_since", "邮箱": "email", "手机": "mobile", "部门负责人": "head",
}
_GRADES: Mapping[str, Grade] = {
    "专员": Grade.SPECIALIST, "主管": Grade.SUPERVISOR, "总监": Grade.DIRECTOR, "高管": Grade.EXECUTIVE,
}
_PERSON = frozenset(COLUMNS.values()) - {"department_kind", "head"} | {"region"}
_DEPARTMENT = frozenset({"id", "name", "kind", "head", "parent"})
_YES = frozenset({"是", "yes", "true", "1", "y"})
_USERID_MOST = 64
E = TypeVar("E", bound=StrEnum)


class OrgRefused(ProjectError):
    """
    The file cannot be used as it is; nothing was imported.

    Attributes:
        faults: (place, what to do).
    """

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        super().__init__("\n".join(f"{place}: {mend}" for place, mend in faults))
        self.faults = tuple(faults)


@dataclass
class _Reading:
    faults: list[tuple[str, str]] = field(default_factory=list)

    def fault(self, place: str, mend: str) -> None:
        self.faults.append((place, mend))

    def text(self, row: Mapping[str, Any], name: str, place: str, *, needed: bool = False) -> str:
        value = row.get(name)
        if value is None or value == "":
            if needed:
                self.fault(place, f"{name} is missing")
            return ""
        if isinstance(value, dict | list):
            self.fault(place, f"{name} must be one value")
            return ""
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # a sheet turns 13800000001 into a float
        return str(value).strip()

    def several(self, row: Mapping[str, Any], name: str, place: str) -> tuple[str, ...]:
        value = row.get(name)
        if value is None or value == "":
            return ()
        if isinstance(value, list):
            return tuple(str(each).strip() for each in value)
        text = self.text(row, name, place)
        for sign in ("、", "，", ";", "；", "|"):
            text = text.replace(sign, ",")
        return tuple(part.strip() for part in text.split(",") if part.strip())

    def one_of(self, kind: type[E], text: str, name: str, place: str, more: Mapping[str, E] | None = None) -> E | None:
        if more and text in more:
            return more[text]
        try:
            return kind(text)
        except ValueError:
            allowed = ", ".join(each.value for each in kind)
            self.fault(place, f"{name} {text!r} is not known; one of {allowed}")
            return None

    def day(self, row: Mapping[str, Any], name: str, place: str) -> date | None:
        value = row.get(name)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        text = self.text(row, name, place)
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.fault(place, f"{name} {text!r} is not a date; write it as 2026-03-01")
            return None


def read_org(path: Path) -> tuple[list[Department], list[Person]]:
    """
    Read a file and check it as a whole.

    Raises:
        OrgRefused: with every fault; unreadable files included.
    """
    reading = _Reading()
    departments, people = _rows(path, reading)
    found_departments = _departments(departments, reading)
    found_people = _people(people, reading)
    _check(found_departments, found_people, reading)
    if reading.faults:
        raise OrgRefused(reading.faults)
    return [department for _, department in found_departments], [person for _, person in found_people]


Row = tuple[str, Mapping[str, Any]]  # its place in the file, its values


def _rows(path: Path, reading: _Reading) -> tuple[list[Row], list[Row]]:
    kind = path.suffix.lower()
    try:
        if kind in (".yaml", ".yml"):
            return _yaml_rows(path, reading)
        if kind == ".csv":
            return _table(path.name, list(csv.reader(io.StringIO(_decoded(path.read_bytes())))), reading)
        if kind == ".xlsx":
            return _table(path.name, CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(), reading)
    except OSError as error:
        raise OrgRefused([(str(path), f"cannot be read ({error.strerror})")]) from None
    except (UnicodeDecodeError, CalamineError, csv.Error) as error:
        raise OrgRefused([(str(path), f"is no {kind[1:].upper()} file ({error}); save it again")]) from None
    raise OrgRefused([(str(path), "must end in .yaml, .csv or .xlsx")])


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")  # what Excel writes in China


def _yaml_rows(path: Path, reading: _Reading) -> tuple[list[Row], list[Row]]:
    try:
        # YAML's own guesses would turn the userid 007 into 7; every value here is text or a list of texts.
        read = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - no objects
    except UnicodeDecodeError:
        raise OrgRefused([(path.name, "is not UTF-8; save it as UTF-8")]) from None
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path.name} line {mark.line + 1}" if mark is not None else path.name
        raise OrgRefused([(where, "is not YAML; check indents, colons and quotes there")]) from None
    if not isinstance(read, dict) or set(read) - {"departments", "people"}:
        raise OrgRefused([(path.name, "must have departments and people, and nothing else")])
    found: list[list[Row]] = []
    for name, known in (("departments", _DEPARTMENT), ("people", _PERSON)):
        rows: list[Row] = []
        entries = read.get(name) or []
        if not isinstance(entries, list):
            reading.fault(name, "must be a list")
            entries = []
        for at, entry in enumerate(entries, 1):
            label = entry.get("userid" if name == "people" else "id") if isinstance(entry, dict) else None
            place = f"{name}[{at}]" + (f" {label}" if label else "")
            if not isinstance(entry, dict):
                reading.fault(place, "must be a group of keys")
                continue
            for key in sorted(set(map(str, entry)) - known):
                reading.fault(place, f"{key} is not known; one of {', '.join(sorted(known))}")
            rows.append((place, entry))
        found.append(rows)
    return found[0], found[1]


def _table(name: str, table: Sequence[Sequence[Any]], reading: _Reading) -> tuple[list[Row], list[Row]]:
    if not table:
        raise OrgRefused([(name, "is empty; its first row must name the columns")])
    header = [COLUMNS.get(str(cell).strip(), str(cell).strip()) for cell in table[0]]
    known = _PERSON | {"department_kind", "head"}
    for column in header:
        if column and column not in known:
            reading.fault(f"{name} row 1", f"column {column!r} is not known; one of {', '.join(sorted(known))}")
    people: list[Row] = []
    departments: dict[str, dict[str, Any]] = {}
    for at, cells in enumerate(table[1:], 2):
        row = {key: cell for key, cell in zip(header, cells, strict=False) if key}
        if not any(str(cell).strip() for cell in row.values()):
            continue
        place = f"{name} row {at}"
        people.append((place, row))
        unit = str(row.get("department", "")).strip()
        if unit:
            entry = departments.setdefault(unit, {"id": unit, "name": unit, "kind": "other"})
            kind = str(row.get("department_kind", "")).strip()
            if kind:
                entry["kind"] = kind
            if str(row.get("head", "")).strip().lower() in _YES:
                entry["head"] = row.get("userid")
    return [(f"{name} department {unit}", entry) for unit, entry in departments.items()], people


def _departments(rows: Iterable[Row], reading: _Reading) -> list[tuple[str, Department]]:
    found = []
    for place, row in rows:
        kind = reading.one_of(
            DepartmentKind, reading.text(row, "kind", place) or DepartmentKind.OTHER.value, "kind", place
        )
        name = reading.text(row, "name", place, needed=True)
        id_ = reading.text(row, "id", place, needed=True)
        head, parent = reading.text(row, "head", place) or None, reading.text(row, "parent", place) or None
        found.append((place, Department(id_, name, kind or DepartmentKind.OTHER, head and head.lower(), parent)))
    return found


def _people(rows: Iterable[Row], reading: _Reading) -> list[tuple[str, Person]]:
    found = []
    for place, row in rows:
        userid = reading.text(row, "userid", place, needed=True)
        if len(userid) > _USERID_MOST:
            reading.fault(place, f"userid is longer than {_USERID_MOST} characters")
        grade = reading.one_of(
            Grade, reading.text(row, "grade", place, needed=True) or "specialist", "grade", place, _GRADES
        )
        posts = [reading.one_of(Post, each, "post", place) for each in reading.several(row, "posts", place)]
        regions = reading.several(row, "regions", place) + reading.several(row, "region", place)
        manager, deputy = reading.text(row, "manager", place) or None, reading.text(row, "deputy", place) or None
        found.append(
            (
                place,
                Person(
                    userid=userid.lower(), name=reading.text(row, "name", place, needed=True),
                    department=reading.text(row, "department", place, needed=True), grade=grade or Grade.SPECIALIST,
                    shown_id=userid, manager=manager and manager.lower(), deputy=deputy and deputy.lower(),
                    posts=frozenset(post for post in posts if post is not None), regions=regions,
                    title=reading.text(row, "title", place), aliases=reading.several(row, "aliases", place),
                    joined=reading.day(row, "joined", place), post_since=reading.day(row, "post_since", place),
                    email=reading.text(row, "email", place), mobile=reading.text(row, "mobile", place),
                ),
            )
        )
    return found


# --- the whole --------------------------------------------------------------------------------------------------------


def check_org(departments: Iterable[Department], people: Iterable[Person]) -> None:
    """
    Check an org as a whole.

    Raises:
        OrgRefused: with every fault.
    """
    reading = _Reading()
    _check(
        [(f"department {each.name}", each) for each in departments],
        [(f"person {each.shown_id or each.userid}", each) for each in people], reading,
    )
    if reading.faults:
        raise OrgRefused(reading.faults)


def _check(
    departments: Sequence[tuple[str, Department]], people: Sequence[tuple[str, Person]], reading: _Reading
) -> None:
    if not people and not reading.faults:
        reading.fault("people", "nobody is in it")
    _no_doubles(((place, department.id) for place, department in departments), "department", reading)
    _no_doubles(((place, person.userid) for place, person in people), "userid", reading)
    ids = {department.id for _, department in departments}
    userids = {person.userid for _, person in people}
    for place, department in departments:
        if department.head is not None and department.head not in userids:
            reading.fault(place, f"head {department.head!r} is not among the people")
        if department.parent is not None and department.parent not in ids:
            reading.fault(place, f"parent {department.parent!r} is not a department")
    for place, person in people:
        if person.department and person.department not in ids:
            reading.fault(place, f"department {person.department!r} is not among the departments")
        for name, other in (("manager", person.manager), ("deputy", person.deputy)):
            if other is not None and other == person.userid:
                reading.fault(place, f"{name} is the person itself")
            elif other is not None and other not in userids:
                reading.fault(place, f"{name} {other!r} is not among the people")
    _no_circles({person.userid: (place, person.manager) for place, person in people}, "manager", reading)
    _no_circles({each.id: (place, each.parent) for place, each in departments}, "parent", reading)


def _no_doubles(named: Iterable[tuple[str, str]], what: str, reading: _Reading) -> None:
    rows = list(named)
    count = Counter(name for _, name in rows if name)
    for place, name in rows:
        if count[name] > 1:
            reading.fault(place, f"{what} {name!r} is there {count[name]} times; WeCom ignores upper and lower case")


def _no_circles(above: Mapping[str, tuple[str, str | None]], what: str, reading: _Reading) -> None:
    told: set[str] = set()
    for start in above:
        seen = [start]
        while (following := above[seen[-1]][1]) is not None and following in above:
            if following in seen:
                circle = seen[seen.index(following):]
                if len(circle) > 1 and not told & set(circle):
                    reading.fault(above[circle[0]][0], f"{what} goes in a circle: {' → '.join([*circle, following])}")
                told |= set(circle)
                break
            seen.append(following)
