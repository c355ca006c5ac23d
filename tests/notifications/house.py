"""A post office with a hand-moved clock and the platform's side recorded: what the queue tests run in."""

from __future__ import annotations

import hashlib
import itertools
import json
import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from notifications.announcements import PostedAnnouncer
from notifications.calls import KeptFile
from notifications.clock import Clock
from notifications.delivery import Courier
from notifications.errors import CardCodeSpent, OutcomeUnknown, SendError
from notifications.messages import text_body
from notifications.ports import Media, Sent
from notifications.post import Frank, Post
from notifications.recording import Recorder
from notifications.sweep import Sweep
from notifications.ticker import FiringKind, Ticker
from policy.calendar import WorkingCalendar
from policy.deadlines import Due
from policy.org import Department, Org, Person
from policy.terms import DeliveryKind, DepartmentKind, Grade, Lane, Lateness
from policy.terms import Post as OrgPost
from storage.queries.outbox import Promise, put_promise
from storage.store import Store
from storage.tables import AUDIT, OUTBOX
from storage.unit import Unit
from tests.notifications.hands import HandClock

AGENT = 1000002
CALENDAR = WorkingCalendar()


def company() -> Org:
    """Return a small company: Xu files, Su leads him, Zhou directs the records department."""
    departments = [
        Department("sales", "销售部", DepartmentKind.SALES, "su"),
        Department("records", "业务记录部", DepartmentKind.RECORDS, "zhou"),
    ]
    people = [
        Person("xu", "许专员", "sales", Grade.SPECIALIST, "Xu", "su"),
        Person("su", "苏主管", "sales", Grade.SUPERVISOR, "Su", "zhou"),
        Person("zhou", "周总监", "records", Grade.DIRECTOR, "Zhou", posts=frozenset({OrgPost.RECORDS_DIRECTOR})),
    ]
    return Org.of(1, departments, people)


@dataclass(frozen=True)
class Arrival:
    """One call that reached the platform. `shown` is False for a copy that its duplicate check dropped."""

    path: str
    at: datetime
    body: bytes
    shown: bool

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Platform:
    """
    WeCom's side of the calls: executes, remembers, drops the same body again for 4 h, and fails as told.

    `answers` holds what the next calls do: an error is raised before anything is done; `lose` after it was done.
    """

    clock: Clock
    arrivals: list[Arrival] = field(default_factory=list)
    answers: deque[SendError | None] = field(default_factory=deque)
    lose: deque[bool] = field(default_factory=deque)
    refused: dict[str, Callable[[], SendError]] = field(default_factory=dict)
    good_codes: set[str] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)
    before: Callable[[bytes], None] = lambda body: None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _serial: Any = field(default_factory=itertools.count)
    _seen: dict[str, datetime] = field(default_factory=dict)

    def send(self, body: bytes) -> Sent:
        self.before(body)
        touser = json.loads(body)["touser"]
        if touser in self.refused:
            raise self.refused[touser]()
        serial = self._arrive("message/send", body)
        code = f"code-{serial}" if b"template_card" in body else ""
        if code:
            self.good_codes.add(code)
        return Sent(f"msg-{serial}", code)

    def update_card(self, body: bytes) -> tuple[str, ...]:
        code = json.loads(body)["response_code"]
        if code not in self.good_codes:
            raise CardCodeSpent(60140, "message/update_template_card")
        self._arrive("message/update_template_card", body)
        self.good_codes.discard(code)
        return ()

    def recall(self, msgid: str) -> None:
        self._arrive("message/recall", msgid.encode())

    def download_media(self, media_id: str) -> Media:
        self._arrive("media/get", media_id.encode())
        return Media(self.files[media_id], "photo.jpg", "image/jpeg")

    def upload_media(self, kind: str, name: str, content: bytes) -> str:
        return f"media-{self._arrive('media/upload', content)}"

    def _arrive(self, path: str, body: bytes) -> int:
        with self._lock:
            if self.answers:
                error = self.answers.popleft()
                if error is not None:
                    raise error
            serial = int(next(self._serial))
            now = self.clock.machine_now()
            digest = hashlib.sha256(body).hexdigest()
            first = self._seen.get(digest)
            copy = first is not None and now < first + timedelta(hours=4) and path == "message/send"
            if not copy:
                self._seen[digest] = now
            self.arrivals.append(Arrival(path, now, body, not copy))
            if self.lose and self.lose.popleft():
                raise OutcomeUnknown(0, path, "no answer")
            return serial

    def shown_to(self, shown_id: str) -> list[str]:
        """Return the texts a member sees, in order."""
        return [
            arrival.json["text"]["content"] for arrival in self.arrivals
            if arrival.shown and arrival.path == "message/send" and arrival.json["touser"] == shown_id
            and "text" in arrival.json
        ]


@dataclass
class Cabinet:
    """Where downloads go in these tests."""

    kept: dict[str, bytes] = field(default_factory=dict)

    def keep(self, object_id: str, content: bytes) -> KeptFile:
        self.kept[object_id] = content
        return KeptFile(f"ab/{object_id}", len(content), hashlib.sha256(content).hexdigest())


C = TypeVar("C", bound=Clock)


class PostOffice(Generic[C]):
    """Everything of the queue, in one process, on any clock."""

    def __init__(self, store: Store, clock: C) -> None:
        self.store = store
        self.clock = clock
        self.org = company()
        self.platform = Platform(clock)
        self.cabinet = Cabinet()
        self.tally: Counter[tuple[str, str]] = Counter()
        self.rung: list[Lane] = []
        self._tokens = itertools.count(1)
        self.recorder = Recorder(PostedAnnouncer(self.post_for), lambda: 0.5, self._count)
        self.courier = self.new_courier()
        self.sweep = Sweep(store, self.recorder, self.post_for, clock, self.rung.append)
        self.ticker = Ticker(store, {"tell": FiringKind(Lateness.EACH, self._tell)}, clock)

    def new_courier(self) -> Courier:
        """Return another holder of leases, as another worker process would be."""
        return Courier(
            self.store, self.platform, self.cabinet, self.recorder, self.clock,
            lambda: f"token-{next(self._tokens)}",
        )

    def close(self) -> None:
        self.courier.close()

    def post_for(self, unit: Unit, now: datetime, machine_now: datetime) -> Post:
        return Post(unit, self.org, CALENDAR, Frank(AGENT), now, machine_now)

    def promise(
        self, recipient: str, content: str, *, lane: Lane = Lane.DEFAULT, number: str = "", key: str = "",
        kind: DeliveryKind = DeliveryKind.MESSAGE, body: bytes | None = None, not_before: datetime | None = None,
    ) -> int:
        """Promise one delivery; return its row's id."""
        shown = self.org.people[recipient].shown_id if recipient in self.org.people else recipient
        promise = Promise(
            key or f"test:{recipient}:{content}", kind, lane, recipient, number,
            text_body(shown, AGENT, content) if body is None else body, content, not_before or self.clock.company_now(),
        )
        return self.store.write(
            lambda unit: put_promise(unit, promise, now=self.clock.company_now(), machine_now=self.clock.machine_now())
        )

    def drain(self, *lanes: Lane) -> None:
        """Deliver until nothing is ripe."""
        for lane in lanes or tuple(Lane):
            while self.courier.deliver(lane):
                pass

    def row(self, outbox_id: int) -> dict[str, Any]:
        """Return a row of the outbox as it stands."""
        found = self.store.read(lambda unit: unit.one(OUTBOX.select().where(OUTBOX.c.id == outbox_id)))
        assert found is not None
        return dict(zip(OUTBOX.columns.keys(), found, strict=True))

    def state(self, outbox_id: int) -> str:
        return str(self.row(outbox_id)["state"])

    def states(self) -> Counter[str]:
        """Return how many rows are in each state."""
        statement = OUTBOX.select().with_only_columns(OUTBOX.c.state)
        return Counter(row[0] for row in self.store.read(lambda unit: unit.all(statement)))

    def acts(self, number: str) -> list[str]:
        """Return the acts of the audit chain about an item, in order."""
        statement = AUDIT.select().with_only_columns(AUDIT.c.act).where(AUDIT.c.number == number)
        return [row[0] for row in self.store.read(lambda unit: unit.all(statement.order_by(AUDIT.c.seq)))]

    def _tell(self, unit: Unit, due: Due) -> None:
        """Tell the subject of a deadline that it was fired."""
        now, machine_now = self.clock.company_now(), self.clock.machine_now()
        self.post_for(unit, now, machine_now).text(due.subject, "到点了", key=f"tell:{due.subject}")

    def _count(self, what: str, lane: str) -> None:
        self.tally[what, lane] += 1


class House(PostOffice[HandClock]):
    """The same with a clock that is moved by hand."""
