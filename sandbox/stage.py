"""
The stage: the whole product and the whole platform in one process, both clocks in our hands. No Redis, no sockets, no
sleeping, no threads that race: what happens once happens so again.

    with open_stage(folder) as stage:
        assert stage.say("xu", "采购 服务器 3.5万 扩容").startswith("已提交采购 CG-20261123-0001")
        stage.tap("su", "同意")                    # the newest card that shows this button
        stage.tap("qian", "驳回", choose="金额有误")
        assert stage.read("xu") == ["CG-20261123-0001 …"]      # what came since the last read: texts, cards as Card
        stage.move(hours=4)                        # from due instant to due instant
        stage.until("周一 09:00")
        stage.silence()                            # nothing else was sent to anybody
        stage.play(read_story(path))               # a story file, as the page plays it

What people do goes to the product as sealed callbacks through its real web application (sandbox.platform.delivery),
what it sends goes through its real API client to the strict platform (/cgi-bin/…). So errors of WeCom, response codes,
duplicate checks and limits are all real; faults and readings of UNCONFIRMED facts can be set:

    stage.faults(busy=30, duplicate=30)            # in percent; the dice are seeded
    stage.reading(attempts="4", both_updates="no")

`stage.platform.world` holds chats, codes, calls; `stage.platform.traffic` every callback and call; `stage.acts(number)`
the audit trail. It begins on Monday 23 November 2026, 10:00 in Shanghai, with the people of the sample company
(bot/data/org.yaml) unless another org file is given. In tests ask for the fixture `stage` (tests/scenarios).
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import yaml
from werkzeug.test import Client

from bot.app_menu import ensure_menu
from bot.bell import Doorbell
from bot.bootstrap import DeliveringPart, calendar_of, firing_kinds, frank_of, web_app
from bot.house import House
from bot.prepare import prepare
from bot.settings_sources import load
from bot.web import CALLBACK
from bot.wecom.client import WeComClient
from handlers.all_topics import registry
from notifications.ticker import Ticker
from policy.terms import Lane
from sandbox.desk_platform import company
from sandbox.platform.config import PlatformConfig
from sandbox.platform.delivery import Outcome
from sandbox.platform.platform import Platform
from sandbox.platform.play import PICTURE, NotSo, Play, button_words, moment_after
from sandbox.platform.stories import Story
from sandbox.platform.weather import Weather
from sandbox.wsgi_wire import WsgiAdapter
from storage.engine import DATABASE_FILE
from storage.keys import Keyring
from storage.queries.backlog import next_held, next_ripe
from storage.queries.due import earliest_due
from storage.queries.search import index_pending
from storage.tables import AUDIT
from storage.unit import Unit

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, 10:00 in Shanghai
SAMPLE_ORG = Path(str(files("bot.data").joinpath("org.yaml")))
PRODUCT, PLATFORM = "http://product.stage", "http://platform.stage"
AGENT = 1000002
_ROUNDS = 200  # of "fire and deliver" at one instant
_STEPS = 100_000  # of time in one move
_SETTLING = timedelta(hours=12)  # retries end after about 7 h
_NUDGE = timedelta(seconds=5)
T = TypeVar("T")


class StageClock:
    """Both clocks of product and platform: one instant, moved by hand. Company time is machine time."""

    offset = 0

    def __init__(self, at: datetime) -> None:
        self._now = at
        self._told: Callable[[], None] = lambda: None
        self._move: Callable[[datetime], None] = lambda to: None
        self._due: Callable[[], datetime | None] = lambda: None

    # -- the product's

    def company_now(self) -> datetime:
        """Return company time."""
        return self._now

    def machine_now(self) -> datetime:
        """Return machine time."""
        return self._now

    def refresh(self) -> None:
        """Do nothing: it is always fresh."""

    def offsets(self) -> tuple[int, int]:
        """Return no offset."""
        return 0, 0

    # -- the platform's

    def now(self) -> datetime:
        """Return company time."""
        return self._now

    def due(self) -> datetime | None:
        """Return the next instant at which the product acts by itself."""
        return self._due()

    def move_to(self, target: datetime) -> None:
        """Let time pass until an instant, stopping where something falls due."""
        self._move(target)

    def walking(self) -> bool:
        """Return False: a move is over when it returns."""
        return False

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.set(self._now + timedelta(seconds=seconds))

    def listen(self, told: Callable[[], None]) -> None:
        """Call somebody after each move."""
        self._told = told

    # -- the stage's

    def set(self, instant: datetime) -> None:
        """Be at an instant."""
        self._now = instant
        self._told()

    def attach(self, move: Callable[[datetime], None], due: Callable[[], datetime | None]) -> None:
        """Say who moves time, and what is due next."""
        self._move, self._due = move, due


class _Silent(Doorbell):
    """Rings nowhere: the stage drains by itself."""

    def __init__(self) -> None:
        super().__init__(lambda: (_ for _ in ()).throw(AssertionError("the stage has no Redis")))

    def _want(self, what: str) -> None:
        pass


@dataclass(frozen=True)
class Card:
    """A card on somebody's phone as it looks now."""

    message: Mapping[str, Any]

    @property
    def json(self) -> dict[str, Any]:
        """What is shown."""
        return dict(self.message["card"])

    @property
    def title(self) -> str:
        """The card's title."""
        return str((self.json.get("main_title") or {}).get("title", ""))

    @property
    def source(self) -> str:
        """The line above it."""
        return str((self.json.get("source") or {}).get("desc", ""))

    @property
    def text(self) -> str:
        """The text below the title; the outcome, once it is settled."""
        return str(self.json.get("sub_title_text", ""))

    @property
    def rows(self) -> dict[str, str]:
        """The key-value rows."""
        return {row["keyname"]: row.get("value", "") for row in self.json.get("horizontal_content_list", ())}

    @property
    def dead(self) -> bool:
        """Whether nothing can be tapped any more."""
        return self.message.get("card_state") == "dead" or bool(self.message.get("recalled"))

    @property
    def buttons(self) -> list[str]:
        """What can be tapped."""
        return [] if self.dead else button_words(self.json)


class _Product(DeliveringPart):
    """The product's parts, whose calls go to the platform's application."""

    def __init__(self, house: House, adapter: WsgiAdapter, dice: random.Random) -> None:
        self._adapter = adapter
        super().__init__(house, _Silent(), at_once=1, jitter=dice.random)

    def sender(self) -> WeComClient:
        """Return the API client, without a socket."""
        client = super().sender()
        client._http.mount(PLATFORM, self._adapter)
        return client


class Stage:
    """See the head of this file. Close it."""

    def __init__(
        self, house: House, clock: StageClock, platform: Platform, web: Callable[[Client], None]
    ) -> None:
        self.house = house
        self.clock = clock
        self.platform = platform
        prepare(house)
        self.product = _Product(house, WsgiAdapter(platform.app()), platform.weather.dice)
        web(Client(web_app(house, self.product)))
        self.store = self.product.store
        self.ticker = Ticker(self.store, firing_kinds(self.product), clock)
        self.store.write(lambda unit: self.ticker.ensure_rhythms(unit, clock.company_now()))
        ensure_menu(self.store, self.product.sender(), f"stage:{AGENT}")
        clock.attach(self._move_to, self._next_due)
        self._read: dict[str, int] = dict.fromkeys(platform.world.chats, 0)
        self._taken: set[int] = set()

    def close(self) -> None:
        """Close every connection."""
        self.product.close()

    # -- what people do

    def say(self, userid: str, text: str) -> str:
        """Write a text; return the answer in the exchange ("" for none), which counts as read."""
        return self._answer(userid, self.platform.hands.text(userid.lower(), text))

    def voice(self, userid: str, words: str) -> str:
        """Speak; return the answer."""
        return self._answer(userid, self.platform.hands.voice(userid.lower(), words))

    def picture(self, userid: str, content: bytes = PICTURE, kind: str = "image", name: str = "photo.png") -> str:
        """Send a picture, or a file (kind "file"); return the answer."""
        return self._answer(userid, self.platform.hands.media(userid.lower(), kind, name, content))

    def menu(self, userid: str, key: str) -> str:
        """Pick an entry of the app's menu by its key; return the answer."""
        return self._answer(userid, self.platform.hands.menu(userid.lower(), key))

    def enter(self, userid: str) -> str:
        """Open the app's chat; return the answer."""
        return self._answer(userid, self.platform.hands.enter(userid.lower()))

    def tap(self, userid: str, button: str, *, choose: str = "", title: str = "", old: bool = False) -> Card:
        """
        Tap a button; return the card as it looks after everything that follows.

        Args:
            choose: words of the option picked in a drop-down; default: what the client preselects.
            title: of the card, where several show the button; default: the newest.
            old: on the card as first sent, as a client does that was away.
        """
        value = {"who": userid, "button": button, "title": title, "old": old, **({"choose": choose} if choose else {})}
        message_id = self._play().tap(userid.lower(), value)
        self.run()
        message = self.platform.world.message(userid.lower(), message_id)
        assert message is not None
        return Card(message)

    def answer(self, userid: str) -> None:
        """Answer the phone that rings."""
        self._call(userid, "answer")

    def decline(self, userid: str) -> None:
        """Reject the call."""
        self._call(userid, "reject")

    def rings(self, userid: str) -> bool:
        """Return whether somebody's phone rings now."""
        call = self.platform.phones.of(userid.lower())
        return call is not None and call["state"] == "ringing"

    # -- time

    def move(self, **span: float) -> None:
        """Let time pass (hours=4), stopping at every instant at which something falls due."""
        self._move_to(self.clock.now() + timedelta(**span))

    def until(self, moment: datetime | str) -> None:
        """Let time pass until an instant, or the next "09:00", "周一 09:00", "明天 08:30", "2026-12-01 14:30"."""
        self._move_to(moment if isinstance(moment, datetime) else moment_after(moment, self.clock.now()))

    def run(self) -> None:
        """Fire and deliver until nothing is left to do at this instant."""
        for _ in range(_ROUNDS):
            if not self._round():
                return
        raise AssertionError("the company does not come to rest")

    def settle(self) -> None:
        """Let time pass until nothing waits to be tried again: what faults delay arrives."""
        self.run()
        limit = self.clock.now() + _SETTLING
        while (ripe := self.store.read(next_ripe)) is not None and self.clock.now() < limit:
            self._move_to(max(ripe, self.clock.now() + _NUDGE))

    # -- faults and readings

    def faults(self, **shares: float) -> None:
        """Set faults in percent (names: sandbox.platform.weather.FAULTS); without any: all well."""
        self.platform.set_faults(dict.fromkeys(self.platform.weather.faults, 0.0))
        self.platform.set_faults(dict(shares))

    def reading(self, **chosen: str) -> None:
        """Choose readings of UNCONFIRMED facts (names: sandbox.platform.weather.READINGS)."""
        self.platform.set_readings(dict(chosen))

    # -- what people see

    def read(self, userid: str) -> list[str | Card]:
        """Return what came since the last read: texts as str, cards as Card."""
        fresh = [self._shown(message) for message in self._fresh(userid)]
        self._read[userid.lower()] = self._newest(userid)
        return fresh

    def skip(self, *userids: str) -> None:
        """Take everything as read, of everybody when nobody is named."""
        for userid in userids or tuple(self._read):
            self._read[userid.lower()] = self._newest(userid)

    def silence(self) -> None:
        """Nothing else was sent to anybody."""
        self.run()
        unread = {userid: fresh for userid in self._read if (fresh := self.read(userid))}
        assert not unread, unread

    def cards(self, userid: str) -> list[Card]:
        """Return every card on somebody's phone, newest first."""
        chat = self.platform.world.chats[userid.lower()]
        return [Card(message) for message in reversed(chat) if message.get("card") is not None]

    def card(self, userid: str, button: str = "") -> Card:
        """Return somebody's newest card that shows a button, or the newest of all."""
        found = next((card for card in self.cards(userid) if not button or button in card.buttons), None)
        assert found is not None, f"{userid} has no card with {button!r}"
        return found

    # -- stories

    def play(self, story: Story) -> None:
        """
        Play a story file; every expectation is checked.

        Raises:
            AssertionError: something did not come out as the story says.
        """
        if story.begin:
            self.until(story.begin)
        play = self._play()
        for number, step in enumerate(story.steps, 1):
            try:
                play.step(step)
            except NotSo as error:
                raise AssertionError(f"{story.id}, step {number} ({step.verb}): {error}") from None
            self.run()

    # -- evidence

    def acts(self, number: str = "") -> list[str]:
        """Return the acts of the audit chain, of one item or all."""
        statement = AUDIT.select().with_only_columns(AUDIT.c.act).order_by(AUDIT.c.seq)
        if number:
            statement = statement.where(AUDIT.c.number == number)
        return [str(row[0]) for row in self.ask(lambda unit: unit.all(statement))]

    def ask(self, work: Callable[[Unit], T]) -> T:
        """Run a query."""
        return self.store.read(work)

    # -- inside

    def _play(self) -> Play:
        return Play(self.platform, self._settled, self._move_to)

    def _settled(self, true: Callable[[], bool]) -> bool:
        self.run()
        if true():
            return True
        self.settle()
        return true()

    def _answer(self, userid: str, outcome: Outcome) -> str:
        who = userid.lower()
        reply = outcome.reply
        if reply is not None:  # what came before it stays unread
            self._taken.add(reply["id"])
        self.run()
        assert outcome.delivered, f"{who}: not delivered ({outcome.status})"
        return "" if reply is None else str(reply.get("text", ""))

    def _call(self, userid: str, act: str) -> None:
        call = self.platform.phones.of(userid.lower())
        assert call is not None, f"{userid}'s phone has never rung"
        self.platform.hands.call(userid.lower(), call["callid"], act)
        self.run()

    def _fresh(self, userid: str) -> list[dict[str, Any]]:
        who = userid.lower()
        return [
            message for message in self.platform.world.chats[who]
            if message["direction"] == "out" and message["id"] > self._read[who] and message["id"] not in self._taken
        ]

    def _newest(self, userid: str) -> int:
        chat = self.platform.world.chats[userid.lower()]
        return int(chat[-1]["id"]) if chat else 0

    @staticmethod
    def _shown(message: dict[str, Any]) -> str | Card:
        return Card(message) if message.get("card") is not None else str(message.get("text", message["type"]))

    def _round(self) -> int:
        done = self.ticker.tick() + self.product.sweep.wake_held() + self.product.sweep.release_expired()
        for lane in Lane:
            while taken := self.product.courier.deliver(lane):
                done += taken
        done += self.store.write(lambda unit: index_pending(unit, 200))
        return done + self.platform.delivery.flush()

    def _next_due(self) -> datetime | None:
        now = self.clock.now()

        def look(unit: Unit) -> datetime | None:
            found = [earliest_due(unit, now), next_held(unit, now)]
            return min((each for each in found if each is not None), default=None)

        return self.store.read(look)

    def _move_to(self, target: datetime) -> None:
        self.run()
        for _ in range(_STEPS):
            now = self.clock.now()
            if now >= target:
                return
            self.clock.set(min(target, self._next_stop(now) or target))
            self.run()
        raise AssertionError("time does not pass")

    def _next_stop(self, now: datetime) -> datetime | None:
        """Return when the product next does something, later than now."""

        def look(unit: Unit) -> list[datetime]:
            ripe = next_ripe(unit)
            overdue = earliest_due(unit)
            found = [earliest_due(unit, now), next_held(unit, now), ripe and max(ripe, now + _NUDGE)]
            if overdue is not None and overdue <= now:  # a firing that failed waits for machine time
                found.append(now + _NUDGE)
            return [each for each in found if each is not None]

        return min(self.store.read(look), default=None)


# --- opening one -----------------------------------------------------------------------------------------------------


@contextmanager
def open_stage(
    folder: Path | None = None, *, org: Path = SAMPLE_ORG, at: datetime = START, seed: int = 1,
    template: tuple[Path, bytes] | None = None, **settings: Any,
) -> Iterator[Stage]:
    """
    Open a company on the stage and close it at the end.

    Args:
        folder: for its database and files; default: one that is removed afterwards.
        org: the people, as `org import` takes them.
        at: the instant it begins, aware.
        seed: of the faults' dice.
        template: a migrated embedded database and its key, which saves the migrations.
        settings: whole sections of the settings file, e.g. policy={…}.
    """
    with tempfile.TemporaryDirectory() as own:
        stage = _made(folder or Path(own), org, at, seed, template, settings)
        try:
            yield stage
        finally:
            stage.close()


def _made(
    folder: Path, org: Path, at: datetime, seed: int, template: tuple[Path, bytes] | None,
    settings: Mapping[str, Any],
) -> Stage:
    key = os.urandom(32)
    if template is not None:
        shutil.copy(template[0], folder / DATABASE_FILE)
        key = template[1]
    clock = StageClock(at)
    house = _house(folder, org, clock, key, settings)
    wecom = house.settings.wecom
    departments, members = company(org)
    config = PlatformConfig(
        corp_id=wecom.corp_id, agent_id=wecom.agent_id, secret=wecom.secret.get_secret_value(),
        token=wecom.token.get_secret_value(), aes_key=wecom.encoding_aes_key.get_secret_value(),
        callback_url=PRODUCT + CALLBACK, company=house.settings.company.name, members=members, departments=departments,
    )
    web: list[Client] = []

    def post(address: str, body: bytes) -> tuple[int, bytes]:
        url = urlsplit(address)
        answer = web[0].post(
            url.path, query_string=url.query, data=body, content_type="text/xml",
            environ_overrides={"REMOTE_ADDR": "127.0.0.1"},
        )
        return answer.status_code, answer.get_data()

    platform = Platform(config, clock, post, Weather(random.Random(seed)))
    return Stage(house, clock, platform, web.append)


def _house(folder: Path, org: Path, clock: StageClock, key: bytes, settings: Mapping[str, Any]) -> House:
    config = folder / "config.yaml"
    told = {
        "company": {"name": "示例公司"}, "data_dir": str(folder),
        "server": {"port": 8601, "public_url": PRODUCT},
        "wecom": {
            "corp_id": "wwstage", "agent_id": AGENT, "secret": "s" * 40, "token": "token",
            "encoding_aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "api_base_url": PLATFORM,
        },
        "database": {"url": "embedded"}, "org": {"file": str(org)}, **settings,
    }
    config.write_text(yaml.safe_dump(told, allow_unicode=True))
    loaded = load(config, {})
    (folder / "run").mkdir(exist_ok=True)
    return House(
        settings=loaded, keyring=Keyring({"k1": os.urandom(32)}, "k1"), database_key=key, registry=registry(),
        clock=clock, calendar=calendar_of(loaded), frank=frank_of(loaded),
        redis_url="unix:///nowhere",
    )
