"""
A whole company in one process: what people say and tap goes through dispatch, what is owed reaches their phones.

    def test_…(office):
        answer = office.say("xu", "采购 服务器 3.5万 扩容")      # the text of the answer in the exchange
        office.tap("su", "同意")                                # the newest card that has this button
        assert office.read("xu") == ["CG-20261123-0001 …"]      # texts since the last read; cards as Card
        office.move(hours=4)                                    # fires what falls due, in due order
        office.silence()                                        # nothing else was sent to anybody

No web, no sockets, no Redis, no sleeping. It begins on Monday 23 November 2026, 10:00 in Shanghai, with the people of
tests/data/org.yaml. `office` runs on an encrypted SQLite file; `office_everywhere` on PostgreSQL as well.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml

from bot.bootstrap import DeliveringPart, calendar_of, firing_kinds
from bot.dispatch import Dispatch, Outcome
from bot.house import House
from bot.prepare import prepare
from bot.settings_sources import load
from handlers.all_topics import registry
from notifications.announcements import PostedAnnouncer
from notifications.calls import VaultKeeper
from notifications.delivery import Courier
from notifications.errors import CardCodeSpent, RecipientGone
from notifications.phoning import Telephone
from notifications.ports import CallStarted, CallState, CallStatus, Media, Sent
from notifications.post import Frank
from notifications.recording import Recorder
from notifications.sweep import Sweep
from notifications.ticker import Ticker
from policy.terms import Lane
from storage.engine import DATABASE_FILE, open_engine
from storage.keys import Keyring
from storage.org_cache import OrgCache
from storage.store import Store
from storage.tables import AUDIT
from storage.unit import Unit
from tests.databases import KEY, PostgresServer
from tests.notifications.hands import HandClock

ORG = Path(__file__).resolve().parents[1] / "data" / "org.yaml"
AGENT = 1000002
_MORNING = time(8, 30)
_ROUNDS = 50


@dataclass
class Card:
    """A card on somebody's phone as it looks now. `faces` are all it has shown, oldest first."""

    task_id: str
    json: dict[str, Any]
    faces: list[dict[str, Any]] = field(default_factory=list)

    @property
    def title(self) -> str:
        return str(self.json["main_title"]["title"])

    @property
    def rows(self) -> dict[str, str]:
        """The key-value rows."""
        return {row["keyname"]: row.get("value", "") for row in self.json.get("horizontal_content_list", ())}

    @property
    def buttons(self) -> list[str]:
        """What can still be tapped; nothing once the card is settled."""
        if self.json.get("replace_text"):
            return []
        own = [button["text"] for button in self.json.get("button_list", ())]
        submit = self.json.get("submit_button")
        return [*own, submit.get("text", "提交")] if submit else own

    @property
    def outcome(self) -> str:
        """What a settled card says below its title."""
        return str(self.json.get("sub_title_text", ""))


@dataclass
class Message:
    """One message in a chat."""

    msgid: str
    text: str | None
    card: Card | None
    body: dict[str, Any]
    recalled: bool = False


class Phones:
    """The platform's side: everybody's chat, response codes, calls. Implements Sender and PhoneCaller."""

    def __init__(self, userids: Sequence[str]) -> None:
        self.chats: dict[str, list[Message]] = {userid: [] for userid in userids}
        self.codes: dict[str, list[tuple[str, Card]]] = {}
        self.files: dict[str, bytes] = {}
        self.calls: list[tuple[str, str]] = []
        self.call_states: dict[str, CallStatus] = {}
        self.failing: list[Exception] = []  # what the next sends raise
        self.call_refusals: dict[str, Exception | int] = {}  # per userid what calling does: raises, or this errcode
        self._serial = count(1)

    def send(self, body: bytes) -> Sent:
        if self.failing:
            raise self.failing.pop(0)
        said = json.loads(body)
        wanted = list(self.chats) if said["touser"] == "@all" else said["touser"].lower().split("|")
        known = [userid for userid in wanted if userid in self.chats]
        if not known:
            raise RecipientGone(81013, "message/send")
        msgid = f"msg-{next(self._serial)}"
        text = said["text"]["content"] if said["msgtype"] == "text" else None
        shown: list[tuple[str, Card]] = []
        for userid in known:
            card = None
            if said["msgtype"] == "template_card":
                content = said["template_card"]
                card = Card(content.get("task_id", ""), content, [content])
                shown.append((userid, card))
            self.chats[userid].append(Message(msgid, text, card, said))
        code = f"send-{msgid}" if shown else ""
        if code:
            self.codes[code] = shown
        return Sent(msgid, code, tuple(userid for userid in wanted if userid not in self.chats))

    def update_card(self, body: bytes) -> tuple[str, ...]:
        said = json.loads(body)
        shown = self.codes.pop(said["response_code"], None)
        if shown is None:
            raise CardCodeSpent(60140, "message/update_template_card")
        wanted = {userid.lower() for userid in said.get("userids", ())}
        for userid, card in shown:
            if userid in wanted and "template_card" in said:
                change(card, said["template_card"])
            elif userid in wanted:
                change(card, {**card.json, "replace_text": said["button"]["replace_name"]})
        return ()

    def recall(self, msgid: str) -> None:
        for chat in self.chats.values():
            for message in chat:
                message.recalled = message.recalled or message.msgid == msgid

    def download_media(self, media_id: str) -> Media:
        return Media(self.files[media_id], "photo.jpg", "image/jpeg")

    def upload_media(self, kind: str, name: str, content: bytes) -> str:
        media_id = f"media-{next(self._serial)}"
        self.files[media_id] = content
        return media_id

    def call(self, userids: Sequence[str]) -> tuple[CallStarted, ...]:
        started = []
        for userid in map(str.lower, userids):
            refusal = self.call_refusals.get(userid)
            if isinstance(refusal, Exception):
                raise refusal
            if refusal is not None:
                started.append(CallStarted(userid, "", refusal))
                continue
            callid = f"call-{next(self._serial)}"
            self.calls.append((userid, callid))
            started.append(CallStarted(userid, callid))
        return tuple(started)

    def ends(self, userid: str, reason: int, *, answered: bool = False) -> None:
        """Let the newest call of somebody end with the platform's reason."""
        callid = next(each for called, each in reversed(self.calls) if called == userid)
        state = CallState.ENDED if answered else CallState.FAILED
        self.call_states[callid] = CallStatus(state, answered, None, 5 if answered else 0, reason)

    def state(self, userid: str, callid: str) -> CallStatus:
        ringing = CallStatus(CallState.RINGING, False, None, 0, 1)
        return self.call_states.get(callid, ringing)


def change(card: Card, face: dict[str, Any]) -> None:
    """Let a card show another face."""
    card.json = face
    card.faces.append(face)


class _NoBell:
    """Rings nowhere: the office drains by hand."""

    def ring(self, lane: Lane) -> None: ...

    def ring_lanes(self, lanes: Any) -> None: ...

    def ring_index(self) -> None: ...

    def close(self) -> None: ...


class Office(DeliveringPart):
    """See the head of this file."""

    def __init__(self, house: House, clock: HandClock) -> None:
        prepare(house)
        self.house = house
        self.clock = clock
        self.bell = _NoBell()  # type: ignore[assignment]
        self.store = Store(open_engine(house.settings.database_url, house.data_dir, house.database_key))
        self.orgs = OrgCache()
        with_people = yaml.safe_load(ORG.read_text())["people"]
        self.phones = Phones([person["userid"] for person in with_people])
        self._serial = count(1)
        self.recorder = Recorder(PostedAnnouncer(self.post_for), lambda: 0.5, lambda what, lane: None)
        self.courier = Courier(
            self.store, self.phones, VaultKeeper(house.keyring, house.data_dir), self.recorder, clock, self._token,
            telephone=Telephone(self.store, self.phones),
        )
        self.sweep = Sweep(self.store, self.recorder, self.post_for, clock, lambda lane: None)
        self.ticker = Ticker(self.store, firing_kinds(self), clock)
        self.dispatch = Dispatch(
            store=self.store, registry=house.registry, orgs=self.orgs, clock=clock, calendar=house.calendar,
            frank=house.frank, corp_id="ww1", new_token=self._token,
        )
        self.store.write(lambda unit: self.ticker.ensure_rhythms(unit, clock.company_now()))
        self._read: dict[str, int] = dict.fromkeys(self.phones.chats, 0)

    def close(self) -> None:
        self.courier.close()
        self.store.close()

    # -- what people do

    def say(self, userid: str, text: str) -> str:
        """Send a text; return the answer in the exchange ("" for none)."""
        return self._text(self.event(userid, MsgType="text", Content=text, MsgId=str(next(self._serial))))

    def hurry(self, userid: str, text: str) -> str:
        """Send a text before anything that is due has had the time to happen; return the answer."""
        return self._text(self._take(userid, MsgType="text", Content=text, MsgId=str(next(self._serial))))

    def picture(self, userid: str, content: bytes = b"jpeg-bytes", kind: str = "image", name: str = "") -> str:
        """Send a picture or a file; return the answer."""
        media_id = f"sent-{next(self._serial)}"
        self.phones.files[media_id] = content
        more = {"FileName": name} if name else {}
        return self._text(self.event(userid, MsgType=kind, MediaId=media_id, MsgId=str(next(self._serial)), **more))

    def menu(self, userid: str, key: str) -> str:
        """Pick an entry of the app's menu; return the answer."""
        return self._text(self.event(userid, MsgType="event", Event="click", EventKey=key))

    def enter(self, userid: str) -> str:
        """Open the app's chat; return the answer."""
        return self._text(self.event(userid, MsgType="event", Event="enter_agent", EventKey=""))

    def tap(self, userid: str, button: str, *, card: Card | None = None, choose: str = "") -> Card:
        """
        Tap a button; return the card as it looks after the exchange.

        Args:
            card: default: the newest one that shows this button.
            choose: text of the option picked (several joined by "|"); default: what the card preselects.
        """
        found = card if card is not None else self.card(userid, button)
        face = next(face for face in reversed(found.faces) if _key(face, button) is not None)
        key = _key(face, button)
        assert key is not None
        code = f"tap-{next(self._serial)}"
        self.phones.codes[code] = [(userid, found)]
        fields = {
            "MsgType": "event", "Event": "template_card_event", "EventKey": key, "TaskId": found.task_id,
            "CardType": face["card_type"], "ResponseCode": code, **_selected(face, choose),
        }
        outcome = self.event(userid, **fields)
        if outcome.answer:
            new = _card_json(ET.fromstring(outcome.answer).find("TemplateCard"))
            change(found, new)
        self.run()
        return found

    def event(self, userid: str, **fields: Any) -> Outcome:
        """Send any event and let everything that follows from it arrive."""
        outcome = self._take(userid, **fields)
        self.run()
        return outcome

    def _take(self, userid: str, **fields: Any) -> Outcome:
        all_fields = {
            "ToUserName": "ww1", "FromUserName": userid, "AgentID": str(AGENT),
            "CreateTime": str(int(self.clock.company_now().timestamp())), **fields,
        }
        return self.dispatch.handle(all_fields, "127.0.0.1")

    # -- time

    def move(self, **span: float) -> None:
        """Let time pass, stopping at every instant at which something falls due."""
        self.until(self.clock.company_now() + timedelta(**span))

    def until(self, target: datetime) -> None:
        """Let time pass until a company instant (aware)."""
        stuck = 0
        while True:
            now = self.clock.company_now()
            following = self.ticker.next_instant()
            stops = [target, self._next_morning(now)]
            if following is not None:
                stops.append(max(following, now))
            stop = min(stops)
            self.clock.move(seconds=(stop - now).total_seconds())
            before = self.clock.company_now()
            self.run()
            if before >= target:
                return
            if following is not None and following <= before and self.ticker.next_instant() == following:
                # A firing that failed waits for machine time: let it pass, as it would.
                self.clock.move(seconds=5)
                stuck += 1
                assert stuck < _ROUNDS, "a firing fails again and again; see the log"

    def at(self, hour: int, minute: int = 0, *, days: int = 0) -> datetime:
        """Return a company clock time of today, or of a later day."""
        local = self.house.calendar.local(self.clock.company_now())
        return self.house.calendar.at(local.date() + timedelta(days=days), time(hour, minute))

    def run(self) -> None:
        """Fire and deliver until nothing is left to do at this instant."""
        for _ in range(_ROUNDS):
            done = self.ticker.tick()
            self.sweep.wake_held()
            for lane in Lane:
                while self.courier.deliver(lane):
                    done += 1
            if not done:
                return
        raise AssertionError("the company does not come to rest")

    # -- what people see

    def read(self, userid: str) -> list[str | Card]:
        """Return what came since the last read: texts as str, cards as Card (as they look now)."""
        chat = self.phones.chats[userid]
        fresh = chat[self._read[userid]:]
        self._read[userid] = len(chat)
        return [_shown(message) for message in fresh]

    def skip(self, *userids: str) -> None:
        """Take everything as read, of everybody when nobody is named."""
        for userid in userids or tuple(self.phones.chats):
            self.read(userid)

    def silence(self) -> None:
        """Nothing else was sent to anybody."""
        unread = {userid: fresh for userid in self.phones.chats if (fresh := self.read(userid))}
        assert not unread, unread

    def card(self, userid: str, button: str = "") -> Card:
        """Return somebody's newest card that shows a button, or the newest of all."""
        cards = [message.card for message in reversed(self.phones.chats[userid]) if message.card is not None]
        found = next((card for card in cards if not button or button in card.buttons), None)
        assert found is not None, f"{userid} has no card with {button!r}"
        return found

    # -- evidence

    def acts(self, number: str = "") -> list[str]:
        """Return the acts of the audit chain, of one item or all."""
        statement = AUDIT.select().with_only_columns(AUDIT.c.act).order_by(AUDIT.c.seq)
        if number:
            statement = statement.where(AUDIT.c.number == number)
        return [row[0] for row in self.store.read(lambda unit: unit.all(statement))]

    def ask(self, work: Callable[[Unit], Any]) -> Any:
        """Run a query."""
        return self.store.read(work)

    def counts(self) -> Mapping[str, int]:
        """Return the number of rows of every table, for "nothing was left behind"."""
        from sqlalchemy import func, select

        from storage.tables import METADATA

        def count_all(unit: Unit) -> dict[str, int]:
            return {
                table.name: unit.scalar(select(func.count()).select_from(table)) for table in METADATA.sorted_tables
            }

        return dict(self.store.read(count_all))

    def _token(self) -> str:
        return f"{next(self._serial):032x}"

    @staticmethod
    def _text(outcome: Outcome) -> str:
        return _whole((ET.fromstring(outcome.answer).findtext("Content") or "") if outcome.answer else "")

    def _next_morning(self, now: datetime) -> datetime:
        day = self.house.calendar.local(now).date()
        morning = self.house.calendar.at(day, _MORNING)
        return morning if morning > now else self.house.calendar.at(day + timedelta(days=1), _MORNING)


def _shown(message: Message) -> str | Card:
    if message.card is not None:
        return message.card
    return _whole(message.text) if message.text is not None else json.dumps(message.body, ensure_ascii=False)


def _whole(text: str) -> str:
    """Return a text that people read, after making sure that nothing had to be cut off to fit 2,048 bytes."""
    assert len(text.encode()) < 2040, f"cut, or nearly: {text[-60:]}"
    return text


def _key(face: Mapping[str, Any], button: str) -> str | None:
    for each in face.get("button_list", ()):
        if each["text"] == button:
            return str(each.get("key", ""))
    submit = face.get("submit_button")
    return str(submit["key"]) if submit and submit.get("text", "提交") == button else None


def _selected(face: Mapping[str, Any], choose: str) -> dict[str, Any]:
    """Return what the client sends of a drop-down: its first option when nothing was chosen."""
    questions = [face["button_selection"]] if "button_selection" in face else list(face.get("select_list", ()))
    if "checkbox" in face:
        questions.append(face["checkbox"])
    items = []
    for question in questions:
        options = question["option_list"]
        ticked = [each["id"] for each in options if each["text"] in choose.split("|")]
        chosen = ticked if len(ticked) > 1 else next(iter(ticked), None)
        default = question.get("selected_id") or options[0]["id"]
        items.append({"QuestionKey": question["question_key"], "OptionIds": {"OptionId": chosen or default}})
    if not items:
        return {}
    return {"SelectedItems": {"SelectedItem": items if len(items) > 1 else items[0]}}


def _card_json(element: ET.Element | None) -> dict[str, Any]:
    from sandbox.platform.replies import _as_json

    return dict(_as_json(element))


def open_office(
    folder: Path, template: Path | None, url: str = "embedded", *, pages: bool = False, **settings: Any
) -> Office:
    """
    Return a company on a fresh database.

    Args:
        pages: what is sent leads to the pages, as it does where they are served.
        settings: whole sections of the settings file, e.g. policy={…}.
    """
    if template is not None:
        shutil.copy(template, folder / DATABASE_FILE)
    config = folder / "config.yaml"
    config.write_text(
        yaml.safe_dump(
            {
                "company": {"name": "示例公司"}, "data_dir": str(folder),
                "server": {"port": 8600, "public_url": "http://127.0.0.1:8600"},
                "wecom": {
                    "corp_id": "ww1", "agent_id": AGENT, "secret": "s" * 40, "token": "token",
                    "encoding_aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
                },
                "database": {"url": url}, "org": {"file": str(ORG)}, **settings,
            },
            allow_unicode=True,
        )
    )
    loaded = load(config, {})
    clock = HandClock()
    house = House(
        settings=loaded, keyring=Keyring({"k1": os.urandom(32)}, "k1"), database_key=KEY if template else None,
        registry=registry(), clock=clock, calendar=calendar_of(loaded),
        frank=Frank(
            AGENT, rehearsal=loaded.rehearsal.enabled, public_url=loaded.server.public_url if pages else ""
        ),
        redis_url="unix:///nowhere",
    )
    return Office(house, clock)


@pytest.fixture
def office(embedded_template: Path, tmp_path: Path) -> Iterator[Office]:
    """Return a company on an encrypted file."""
    made = open_office(tmp_path, embedded_template)
    yield made
    made.close()


@pytest.fixture
def office_with(embedded_template: Path, tmp_path: Path) -> Iterator[Callable[..., Office]]:
    """Return a way to open a company with other settings: office_with(policy={…})."""
    opened: list[Office] = []

    def make(**settings: Any) -> Office:
        folder = tmp_path / f"company-{len(opened)}"
        folder.mkdir()
        opened.append(open_office(folder, embedded_template, **settings))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def office_everywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """Return a company on an encrypted file, and once more on PostgreSQL."""
    if request.param == "sqlite":
        made = open_office(tmp_path, request.getfixturevalue("embedded_template"))
        yield made
        made.close()
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database() as url:
        made = open_office(tmp_path, None, url)
        yield made
        made.close()
