"""
The company's people as one frozen snapshot: who is where, who reports to whom, who holds which post.

Everything here is a pure look-up; a snapshot is made by storage and never changes (2.1a, 2.1c, 2.2c).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from policy.absences import Absence, AbsenceKind
from policy.terms import DepartmentKind, Grade, Post


@dataclass(frozen=True)
class Department:
    """A department. `head` is a userid in lower case or None while the seat is empty."""

    id: str
    name: str
    kind: DepartmentKind
    head: str | None = None
    parent: str | None = None


@dataclass(frozen=True)
class Person:
    """
    One member of the company.

    Attributes:
        userid: lower case; `shown_id` keeps WeCom's spelling for calls.
        manager: userid of the direct superior, None at the top.
        deputy: userid of the standing deputy.
        regions: regions this person answers for (supervisors) or belongs to (specialists).
        joined, post_since: company dates; None = unknown (日期待补).
        active: False once the person has left; past signatures keep their name.
    """

    userid: str
    name: str
    department: str
    grade: Grade
    shown_id: str = ""
    manager: str | None = None
    deputy: str | None = None
    posts: frozenset[Post] = frozenset()
    regions: tuple[str, ...] = ()
    title: str = ""
    aliases: tuple[str, ...] = ()
    joined: date | None = None
    post_since: date | None = None
    email: str = ""
    mobile: str = ""
    active: bool = True


@dataclass(frozen=True)
class Org:
    """The company at one moment. `version` rises with every change of people, their rights and their absences."""

    version: int
    departments: Mapping[str, Department]
    people: Mapping[str, Person]
    absences: tuple[Absence, ...] = ()
    sights: Mapping[str, frozenset[str]] = field(default_factory=dict)
    _by_post: Mapping[Post, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)
    _reports: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(
        cls, version: int, departments: Iterable[Department], people: Iterable[Person],
        absences: Iterable[Absence] = (), sights: Mapping[str, frozenset[str]] | None = None,
    ) -> Org:
        """Build a snapshot with its look-up tables. sights: userid → departments seen beside the own line's."""
        by_id = {person.userid: person for person in people}
        by_post: dict[Post, list[str]] = {}
        reports: dict[str, list[str]] = {}
        for person in by_id.values():
            if not person.active:
                continue
            for post in person.posts:
                by_post.setdefault(post, []).append(person.userid)
            if person.manager is not None:
                reports.setdefault(person.manager, []).append(person.userid)
        return cls(
            version,
            {department.id: department for department in departments},
            by_id,
            tuple(absences),
            sights or {},
            {post: tuple(sorted(holders)) for post, holders in by_post.items()},
            {manager: tuple(sorted(members)) for manager, members in reports.items()},
        )

    def person(self, userid: str | None) -> Person | None:
        """Return the active person of that userid (any case), else None."""
        if userid is None:
            return None
        found = self.people.get(userid) or self.people.get(userid.lower())
        return found if found is not None and found.active else None

    def name_of(self, userid: str) -> str:
        """Return the name of anyone ever known, their userid otherwise."""
        found = self.people.get(userid) or self.people.get(userid.lower())
        return found.name if found is not None else userid

    def absence_of(self, userid: str, at: datetime) -> Absence | None:
        """Return the delegation or leave of a person that is running at an instant."""
        for one in self.absences:
            if one.person == userid and one.holds_at(at):
                return one
        return None

    def department_of(self, userid: str) -> Department | None:
        """Return a person's department."""
        person = self.people.get(userid)
        return self.departments.get(person.department) if person is not None else None

    def holder(self, post: Post) -> Person | None:
        """Return the holder of a post (the first by userid when several), None when the seat is empty."""
        holders = self._by_post.get(post, ())
        return self.people[holders[0]] if holders else None

    def head_of(self, department_id: str) -> Person | None:
        """Return the active head of a department."""
        department = self.departments.get(department_id)
        return self.person(department.head) if department is not None else None

    def head_of_kind(self, kind: DepartmentKind) -> Person | None:
        """Return the active head of the first department of that kind, by id."""
        for department_id in sorted(self.departments):
            if self.departments[department_id].kind is kind:
                return self.head_of(department_id)
        return None

    def line_above(self, userid: str) -> Iterator[Person]:
        """
        Yield the active superiors of a person, nearest first, up to the top (2.1a).

        A superior who has left is climbed over; a loop in the data ends the line.
        """
        seen = {userid}
        person = self.people.get(userid)
        while person is not None and person.manager is not None and person.manager not in seen:
            seen.add(person.manager)
            person = self.people.get(person.manager)
            if person is not None and person.active:
                yield person

    def superior_of(self, userid: str) -> Person | None:
        """Return the nearest active superior."""
        return next(self.line_above(userid), None)

    def superior_present(self, userid: str, at: datetime) -> Person | None:
        """Return the nearest active superior who is not on leave at an instant."""
        for above in self.line_above(userid):
            absence = self.absence_of(above.userid, at)
            if absence is None or absence.kind is not AbsenceKind.LEAVE:
                return above
        return None

    def reports_of(self, userid: str) -> tuple[Person, ...]:
        """Return the active direct reports of a person."""
        return tuple(self.people[member] for member in self._reports.get(userid, ()))

    def everyone_below(self, userid: str) -> tuple[Person, ...]:
        """Return all active people below a person, each once."""
        found: dict[str, Person] = {}
        frontier = [userid]
        while frontier:
            for member in self._reports.get(frontier.pop(), ()):
                if member not in found and member != userid:
                    found[member] = self.people[member]
                    frontier.append(member)
        return tuple(found[key] for key in sorted(found))

    def active_people(self) -> tuple[Person, ...]:
        """Return everyone active, by userid."""
        return tuple(self.people[key] for key in sorted(self.people) if self.people[key].active)

    def is_manager(self, userid: str) -> bool:
        """Return whether a person leads anyone or any department."""
        person = self.person(userid)
        if person is None:
            return False
        leads = any(department.head == person.userid for department in self.departments.values())
        return leads or bool(self._reports.get(person.userid)) or person.grade.rank >= Grade.SUPERVISOR.rank
