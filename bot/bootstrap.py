"""
Where concrete classes meet: makes the house before forking, and each part of it after.

Nothing here decides anything; whoever looks for how a part is wired reads this file.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from random import random

import chinese_calendar.constants as holidays
import structlog
from flask import Blueprint, Flask

from bot import valkey
from bot.app_menu import keep_installed
from bot.bell import Doorbell, client
from bot.clock_loop import ClockLoop, ClockParts
from bot.dispatch import Dispatch
from bot.h5.pages import PageParts, blueprint
from bot.h5.session import Cookies
from bot.house import House
from bot.jobs import Jobs
from bot.metrics import Metrics
from bot.settings import WECOM_API, Settings
from bot.watchdog import Say, Watchdog, all_of, direct_call, robot_hook
from bot.web import WebParts, create_app
from bot.webhook_phone import WebhookPhone
from bot.wecom.client import WeComClient
from bot.wecom.codec import Codec
from bot.wecom.phone import WeComPhone
from bot.wecom.tokens import TokenStore as Tokens
from bot.wecom.tokens import WithoutDatabase
from bot.worker import ANSWER_SECONDS, DoorbellWorker, StopFlag, WorkerParts
from handlers.all_topics import registry
from handlers.context import Ctx
from handlers.registry import DueRoute, EveryRoute
from notifications.announcements import PostedAnnouncer, operators_of
from notifications.calls import VaultKeeper, attachment_object
from notifications.clock import Clock, RehearsalClock, SystemClock
from notifications.delivery import BATCH, Courier
from notifications.phoning import Telephone
from notifications.ports import PhoneCaller
from notifications.post import Frank, Post
from notifications.recording import Recorder
from notifications.sweep import Sweep
from notifications.ticker import FiringKind, Ticker
from policy.calendar import WorkingCalendar
from policy.deadlines import Due
from policy.terms import Lane
from storage.engine import EMBEDDED, checkpoint, open_engine
from storage.keys import keys_for
from storage.org_cache import OrgCache
from storage.store import Store
from storage.token_store import TokenStore
from storage.unit import Unit
from storage.vault import read_chunks

LOG = structlog.get_logger(__name__)


def new_token() -> str:
    """Return a fresh id of 32 hex digits, random behind the millisecond: an index of such ids grows at its end."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


# --- before forking ---------------------------------------------------------------------------------------------------


def build_house(settings: Settings) -> House:
    """
    Return the house; makes keys when the data folder is empty. No thread, no connection.

    Raises:
        KeysUnusable: there is a database and its key is missing.
    """
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    (settings.data_dir / "run").mkdir(mode=0o700, exist_ok=True)
    embedded = settings.database_url == EMBEDDED
    clock = clock_of(settings)
    keyring, database_key = keys_for(settings.data_dir, settings.keys_folder, clock.machine_now().date())
    redis_url = settings.redis_url
    return House(
        settings=settings, keyring=keyring, database_key=database_key if embedded else None, registry=registry(),
        clock=clock, calendar=calendar_of(settings),
        frank=frank_of(settings),
        redis_url=valkey.url_of(settings.data_dir) if redis_url == EMBEDDED else redis_url,
    )


def frank_of(settings: Settings) -> Frank:
    """Return what every message carries of the settings."""
    wecom = settings.wecom
    return Frank(wecom.agent_id, settings.rehearsal.enabled, wecom.card_update, settings.server.public_url)


def clock_of(settings: Settings) -> Clock:
    """Return the clock that the settings ask for."""
    if not settings.rehearsal.enabled:
        return SystemClock()
    return RehearsalClock(settings.rehearsal.clock_offset_file or settings.data_dir / "clock_offset")


def calendar_of(settings: Settings) -> WorkingCalendar:
    """Return the working days: the published holidays and make-up days, then the settings' exceptions."""
    extra_rest = frozenset(settings.calendar.rest_days)
    extra_work = frozenset(settings.calendar.work_days)
    weekday_rest = frozenset(day for day in holidays.holidays if day.weekday() < 5)
    return WorkingCalendar(
        rest_days=(weekday_rest | extra_rest) - extra_work,
        work_days=(frozenset(holidays.workdays) | extra_work) - extra_rest,
        known_years=frozenset(day.year for day in holidays.holidays),
        opens=settings.calendar.opens, closes=settings.calendar.closes,
    )


def open_store(house: House, bell: Doorbell | None = None) -> Store:
    """Return this process's own store; make it after forking."""
    engine = open_engine(
        house.settings.database_url, house.data_dir, house.database_key, f"liuhen-{os.getpid()}"
    )
    return Store(engine, None if bell is None else bell.ring_lanes)


# --- after forking ----------------------------------------------------------------------------------------------------


class Part:
    """
    What every process makes for itself: its bell, its store, its way to WeCom.

    Args:
        bell: default: the doorbell of the house's Redis.
    """

    def __init__(self, house: House, bell: Doorbell | None = None) -> None:
        self.house = house
        self.bell = Doorbell(lambda: client(house.redis_url)) if bell is None else bell
        self.store = open_store(house, self.bell)
        self.orgs = OrgCache()

    def sender(self) -> WeComClient:
        """Return the API client."""
        return self.client_with(TokenStore(self.store, self.house.keyring))

    def client_with(self, tokens: Tokens) -> WeComClient:
        """Return an API client that finds its token there."""
        wecom = self.house.settings.wecom
        return WeComClient(
            corp_id=wecom.corp_id, secret=wecom.secret.get_secret_value(), agent_id=wecom.agent_id,
            base_url=wecom.api_base_url, tokens=tokens,
            machine_now=self.house.clock.machine_now,
        )

    def phone(self, sender: WeComClient) -> PhoneCaller | None:
        """Return what lets phones ring, None when the settings say that nothing does."""
        phone = self.house.settings.phone
        if phone.driver == "wecom":
            return WeComPhone(sender)
        if phone.driver == "off":
            return None
        assert phone.url is not None
        assert phone.secret is not None
        return WebhookPhone(phone.url, phone.secret.get_secret_value(), self.house.clock.machine_now)

    def post_for(self, unit: Unit, now: datetime, machine_now: datetime) -> Post:
        """Return the post room of a unit."""
        org, _ = self.orgs.read(unit, now)
        return Post(unit, org, self.house.calendar, self.house.frank, now, machine_now)

    def context(self, unit: Unit, now: datetime) -> Ctx:
        """Return the surroundings of what the system does by itself."""
        org, parameters = self.orgs.read(unit, now)
        return Ctx(
            unit=unit, actor=None, org=org, parameters=parameters, calendar=self.house.calendar, now=now,
            machine_now=self.house.clock.machine_now(), frank=self.house.frank, registry=self.house.registry,
            new_token=new_token,
        )

    def close(self) -> None:
        """Ring what is still wanted and close the connections."""
        self.bell.close()
        self.store.close()


class DeliveringPart(Part):
    """
    A part that also delivers: workers and clocks.

    Args:
        at_once: calls made at the same time.
        jitter: returns a number in 0 … 1 that spreads retries.
    """

    def __init__(
        self, house: House, bell: Doorbell | None = None, at_once: int = BATCH, jitter: Callable[[], float] = random
    ) -> None:
        super().__init__(house, bell)
        self.recorder = Recorder(PostedAnnouncer(self.post_for), jitter, _tally)
        sender = self.sender()
        self.courier = Courier(
            self.store, sender, VaultKeeper(house.keyring, house.data_dir), self.recorder, house.clock, new_token,
            at_once=at_once, telephone=Telephone(
                self.store, self.phone(sender), by_itself=house.settings.phone.driver == "webhook"
            ),
        )
        self.sweep = Sweep(self.store, self.recorder, self.post_for, house.clock, self.bell.ring)

    def close(self) -> None:
        """Wait for calls under way first."""
        self.courier.close()
        super().close()


def web_app(house: House, part: Part | None = None) -> Flask:
    """Return the web application of this process, on a part of its own unless one is given."""
    part = Part(house) if part is None else part
    settings = house.settings
    dispatch = Dispatch(
        store=part.store, registry=house.registry, orgs=part.orgs, clock=house.clock, calendar=house.calendar,
        frank=house.frank, corp_id=settings.wecom.corp_id, new_token=new_token,
    )
    codec = Codec(
        settings.wecom.token.get_secret_value(), settings.wecom.encoding_aes_key.get_secret_value(),
        settings.wecom.corp_id,
    )
    metrics = Metrics(part.store, house.clock, house.watchdog_file)
    token = settings.server.metrics_token
    return create_app(
        WebParts(
            codec, dispatch, part.store, house.clock, metrics, settings.server.stale_after_seconds,
            "" if token is None else token.get_secret_value(), settings.server.proxies, pages_of(part),
        )
    )


def open_attachment(house: House, attachment: int, path: str) -> Iterator[bytes]:
    """Decrypt an attachment of the vault piece by piece; see `storage.vault.read_chunks` for what it raises."""
    return read_chunks(house.keyring, house.data_dir, attachment_object(attachment), path)


def pages_of(part: Part) -> Blueprint:
    """Return the pages that people open from a chat."""
    settings = part.house.settings
    wecom = settings.wecom
    login = wecom.login_base_url or ("" if wecom.api_base_url == WECOM_API else wecom.api_base_url)
    return blueprint(
        PageParts(
            store=part.store, clock=part.house.clock, cookies=Cookies(part.house.keyring), client=part.sender(),
            context=part.context, open_file=partial(open_attachment, part.house), new_token=new_token,
            corp_id=wecom.corp_id, agent_id=wecom.agent_id, company=settings.company.name,
            rehearsal=settings.rehearsal.enabled, public_url=settings.server.public_url, login_base_url=login,
        )
    )


def run_worker(house: House, name: str, lanes: tuple[Lane, ...], stop: StopFlag) -> None:
    """Work until asked to stop."""
    part = DeliveringPart(house)
    ticker = Ticker(part.store, firing_kinds(part), house.clock)
    jobs = Jobs(part.store, part.courier, ticker, part.bell, stop)
    parts = WorkerParts(part.store, part.sweep, jobs.functions(), house.clock)
    connection = client(house.redis_url, answer_seconds=ANSWER_SECONDS)
    try:
        DoorbellWorker(name, lanes, parts, connection, stop).work()
    finally:
        part.close()


def run_clock(house: House, name: str, stop: StopFlag) -> None:
    """Run a clock until asked to stop."""
    part = DeliveringPart(house)
    ticker = Ticker(part.store, firing_kinds(part), house.clock)
    parts = ClockParts(
        part.store, ticker, part.sweep, part.courier, part.bell, house.clock, lambda: checkpoint(part.store.engine)
    )
    wecom = house.settings.wecom
    keep_installed(part.store, part.sender(), f"{wecom.corp_id}:{wecom.agent_id}", stop)
    try:
        ClockLoop(name, parts, stop).run()
    finally:
        part.close()


def run_watchdog(house: House, stop: StopFlag) -> None:
    """Watch until asked to stop."""
    part = Part(house)
    hook = house.settings.watchdog.hook

    def keepers() -> list[str]:
        now = house.clock.company_now()
        org = part.store.read(lambda unit: part.orgs.read(unit, now)[0])
        return [org.people[userid].shown_id or userid for userid in operators_of(org)]

    sender = part.client_with(WithoutDatabase(TokenStore(part.store, house.keyring)))
    ways: list[Say] = [direct_call(sender, house.settings.wecom.agent_id, keepers)]
    ways += [] if hook is None else [robot_hook(hook.get_secret_value())]
    try:
        Watchdog(part.store, house.clock, all_of(_log_only, *ways), house.watchdog_file).run(stop)
    finally:
        part.close()


def firing_kinds(part: Part) -> Mapping[str, FiringKind]:
    """Return what each kind of deadline does, as the ticker takes it."""
    return {kind: _firing(part, route) for kind, route in part.house.registry.dues.items()}


def _firing(part: Part, route: DueRoute | EveryRoute) -> FiringKind:
    def fire(unit: Unit, due: Due) -> None:
        route.handler(due, part.context(unit, part.house.clock.company_now()))

    if isinstance(route, DueRoute):
        return FiringKind(route.lateness, fire)

    def following(unit: Unit, due: Due, after: datetime) -> tuple[datetime, int] | None:
        _, parameters = part.orgs.read(unit, after)
        return route.schedule(parameters).next_after(after, part.house.calendar)

    return FiringKind(route.lateness, fire, following)


def _tally(what: str, lane: str) -> None:
    if what != "done":
        LOG.info("delivery.outcome", outcome=what, lane=lane)


def _log_only(words: str) -> None:
    LOG.critical("watchdog.says", words=words)

