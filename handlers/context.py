"""All that a handler may touch: who acts, when, the company, the unit of work, and the post room."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from notifications.post import Frank, Post
from policy.calendar import WorkingCalendar
from policy.org import Org, Person
from policy.parameters import Parameters
from policy.terms import HOME_REGION, Grade, ItemState, Medium, Noun
from storage.queries import deadlines, items
from storage.queries.items import Item
from storage.unit import Unit

if TYPE_CHECKING:
    from handlers.registry import Registry

SYSTEM = "system"


@dataclass(frozen=True)
class Ctx:
    """
    One event's surroundings.

    Attributes:
        actor: the person who acts; None when the system does (timers).
        now: company time; machine_now: machine time; both aware UTC.
        source: address of the caller, for the access log (6.1d).
        new_token: makes a fresh random id (task ids, salts).
        task_id, selected: of the tapped card: its id, and question key → chosen option ids.
        event_key: names this event in the keys of what it sends.
    """

    unit: Unit
    actor: Person | None
    org: Org
    parameters: Parameters
    calendar: WorkingCalendar
    now: datetime
    machine_now: datetime
    frank: Frank
    registry: Registry
    new_token: Callable[[], str]
    source: str = ""
    task_id: str = ""
    selected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    event_key: str = ""
    post: Post = field(init=False)

    def __post_init__(self) -> None:
        post = Post(self.unit, self.org, self.calendar, self.frank, self.now, self.machine_now)
        object.__setattr__(self, "post", post)

    @property
    def person(self) -> Person:
        """Return the person who acts; only for handlers that a person starts."""
        assert self.actor is not None, "a timer has no person"
        return self.actor

    @property
    def actor_id(self) -> str:
        """Return the userid that evidence names, "system" for timers."""
        return self.actor.userid if self.actor is not None else SYSTEM

    @property
    def today(self) -> date:
        """Return the company's date."""
        return self.calendar.local(self.now).date()

    def name(self, userid: str) -> str:
        """Return somebody's name."""
        return self.org.name_of(userid)

    # -- the register

    def file_item(
        self, noun: Noun, *, kind: str, title: str, fields: dict[str, object], original: str, responsible: str,
        state: ItemState, template_version: int = 1, parent: str | None = None, reason: str = "",
        author: Person | None = None,
    ) -> tuple[Item, str]:
        """
        Put a new item into the register (P.1); return it with its revision's digest. The caller audits.

        The grade that answers for it is the responsible person's own.
        """
        by = author if author is not None else self.person
        holder = self.org.person(responsible)
        item = Item(
            items.next_number(self.unit, noun, self.today), noun, kind, title, by.userid, by.department,
            by.regions[0] if by.regions else HOME_REGION, responsible,
            holder.grade if holder is not None else Grade.SPECIALIST, state, Medium.DIGITAL, template_version,
            self.parameters.version, 1, parent, self.now, self.now,
        )
        return item, items.add_item(self.unit, item, fields, original, self.new_token(), reason)

    def hand_to(self, number: str, userid: str, **changes: object) -> None:
        """Make somebody responsible for an item, their grade answering for it (P.1)."""
        holder = self.org.person(userid)
        grade = holder.grade if holder is not None else Grade.SPECIALIST
        items.change_item(self.unit, number, self.now, responsible=userid, answerable=grade, **changes)

    # -- evidence and time

    def audit(self, act: str, number: str = "", **facts: object) -> None:
        """Add an event to the audit chain (3.1f)."""
        self.unit.audit(self.now, self.actor_id, act, number, **facts)

    def access(self, act: str, number: str = "", **facts: object) -> None:
        """Add a look to the access chain (6.1d)."""
        self.unit.access(self.now, self.actor_id, act, number, source=self.source, **facts)

    def remind(self, kind: str, subject: str, generation: int, due_at: datetime, **data: object) -> None:
        """Set a deadline."""
        deadlines.set_deadline(self.unit, kind, subject, generation, due_at, data)

    def forget_reminders(self, subject: str, kind: str | None = None) -> None:
        """Cancel what is pending for a subject."""
        deadlines.cancel_deadlines(self.unit, subject, kind)

    def later(self, **span: float) -> datetime:
        """Return company time after a span: later(minutes=10)."""
        return self.now + timedelta(**span)
