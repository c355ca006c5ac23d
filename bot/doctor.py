"""
The doctor: what must be right for the product to work, each with what to do when it is not (contract, `check`).

Each examination looks, changes nothing, and never shows a secret.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import requests
from redis.exceptions import RedisError

from bot import bootstrap
from bot.bell import LANES, client
from bot.bootstrap import Part
from bot.house import House
from bot.settings import Settings
from bot.settings_sources import SettingsRefused
from notifications.errors import SendError
from policy.errors import ProjectError
from policy.terms import Lane
from storage.engine import DATABASE_FILE, EMBEDDED, wal_bytes
from storage.identity import open_as
from storage.keys import load_keys
from storage.migrations import current, head
from storage.queries.heartbeats import Beat, beats

SILENT = timedelta(seconds=60)
KEY_AGE = timedelta(days=365)
LEAST_DISK = 1 << 30
MOST_WAL = 64 << 20
MOST_SKEW = timedelta(seconds=30)
HTTP_SECONDS = 5
_LOCAL = frozenset({"", "localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Finding:
    """One examination. mend: what to do, "" when all is well."""

    name: str
    ok: bool
    said: str
    mend: str = ""


class Ill(Exception):
    """An examination found something: (what, what to do)."""

    def __init__(self, said: str, mend: str) -> None:
        super().__init__(said)
        self.said = said
        self.mend = mend


def examine(settings: Settings) -> list[Finding]:
    """Run every examination; those that need the database are said to be skipped when it cannot be opened."""
    found = [Finding("config", True, "read and checked")]
    found.append(_run("keys", lambda: _keys(settings)))
    part: Part | None = None
    house: House | None = None
    if found[-1].ok:
        found.append(_run("database", lambda: _database(settings)))
        if found[-1].ok:
            house = bootstrap.build_house(settings)
            part = Part(house)
    try:
        if part is not None and house is not None:
            found += _inside(settings, house, part)
    finally:
        if part is not None:
            part.close()
    found.append(_run("callback", lambda: _callback(settings)))
    found.append(_run("calendar", lambda: _calendar(settings)))
    found.append(_run("disk", lambda: _disk(settings)))
    found.append(_run("time", lambda: _time(settings)))
    return found


def refused(error: SettingsRefused) -> list[Finding]:
    """Return what is found where the settings cannot be read: each fault with its key's path; nothing else is run."""
    return [Finding("config", False, path, mend) for path, mend in error.faults]


def _inside(settings: Settings, house: House, part: Part) -> list[Finding]:
    living = part.store.read(beats)
    now = house.clock.machine_now()
    return [
        _run("migrations", lambda: _migrations(part)),
        _run("redis", lambda: _redis(settings, house)),
        _run("workers", lambda: _workers(living, now)),
        _run("clock", lambda: _clock(living, now)),
        _run("wecom", lambda: _wecom(part)),
        _run("org", lambda: _org(part, now)),
    ]


def _run(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, look())
    except Ill as ill:
        return Finding(name, False, ill.said, ill.mend)
    except ProjectError as error:
        return Finding(name, False, type(error).__name__, str(error))


def _keys(settings: Settings) -> str:
    ring, _ = load_keys(settings.keys_folder)
    made = ring.made_on.get(ring.active)
    if made is not None and datetime.now(UTC).date() - made > KEY_AGE:
        raise Ill(f"key {ring.active} is of {made}", "make new ones: liuhen keys rotate")
    return f"{len(ring.keys)} in {settings.keys_folder}"


def _database(settings: Settings) -> str:
    embedded = settings.database_url == EMBEDDED
    if embedded and not (settings.data_dir / DATABASE_FILE).exists():
        raise Ill("there is none yet", "start `liuhen up` once")
    house = bootstrap.build_house(settings)
    part = Part(house)
    try:
        open_as(part.store, rehearsal=settings.rehearsal.enabled, now=house.clock.company_now())
    finally:
        part.close()
    if not embedded and not settings.database.encrypted_at_rest:
        raise Ill("PostgreSQL, encryption at rest not attested", "see to it, then set database.encrypted_at_rest: true")
    if embedded and wal_bytes(settings.data_dir) > MOST_WAL:
        raise Ill("its WAL is over 64 MiB", "a reader never ends; restart the part that reads longest")
    return "embedded, encrypted" if embedded else "PostgreSQL"


def _migrations(part: Part) -> str:
    found = current(part.store.engine)
    if found != head():
        raise Ill(f"schema {found}", f"start `liuhen up` of this program once; it brings it to {head()}")
    return f"schema {found}"


def _redis(settings: Settings, house: House) -> str:
    url = settings.redis_url
    split = urlsplit(url)
    if split.scheme == "redis" and (split.hostname or "") not in _LOCAL and not split.password:
        raise Ill("not on this machine, without password or TLS", "use rediss:// or set a password")
    connection = client(house.redis_url)
    try:
        connection.ping()
    except (RedisError, OSError) as error:
        raise Ill(type(error).__name__, "start it (embedded: start `liuhen up`); messages are late, not lost") from None
    finally:
        connection.close()
    return EMBEDDED if url == EMBEDDED else split.scheme


def _workers(living: Sequence[Beat], now: datetime) -> str:
    fresh = [each for each in living if each.part.startswith("worker") and now - each.at < SILENT]
    served = {Lane(lane) for each in fresh for lane in each.detail.get("lanes", [])}
    missing = [lane.value for lane in LANES if lane not in served]
    if missing:
        raise Ill(f"nobody serves {', '.join(missing)}", "start `liuhen up`, or `liuhen worker`")
    return f"{len(fresh)} alive"


def _clock(living: Sequence[Beat], now: datetime) -> str:
    fresh = [each for each in living if each.part.startswith("clock") and now - each.at < SILENT]
    if not fresh:
        raise Ill("none is alive", "start `liuhen up`, or `liuhen clock`")
    return f"{len(fresh)} alive"


def _wecom(part: Part) -> str:
    try:
        part.sender().fetch_access_token()
    except SendError as error:
        raise Ill(str(error), "check wecom.corp_id, wecom.secret and the app's trusted addresses") from None
    return "the secret is good"


def _org(part: Part, now: datetime) -> str:
    org, _ = part.store.read(lambda unit: part.orgs.read(unit, now))
    if not org.people:
        raise Ill("nobody is in it", "liuhen org import FILE")
    empty = [each.name for each in org.departments.values() if each.head is None]
    if empty:
        raise Ill(f"no head: {', '.join(empty)}", "name heads in the org file and import it")
    return f"{len(org.people)} people"


def _callback(settings: Settings) -> str:
    try:
        answer = requests.get(f"{settings.server.public_url}/healthz", timeout=HTTP_SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        raise Ill(type(error).__name__, "start `liuhen up`; then check server.public_url and the proxy") from None
    if answer.status_code != 200 or answer.text.strip() != "ok":
        raise Ill(f"status {answer.status_code}", "server.public_url leads somewhere else; check the reverse proxy")
    return settings.server.public_url


def _calendar(settings: Settings) -> str:
    calendar = bootstrap.calendar_of(settings)
    today = calendar.local(datetime.now(UTC)).date()
    needed = today.year + (1 if today.month == 12 else 0)
    if not calendar.knows(needed):
        raise Ill(f"the holidays of {needed} are not known", "write them into calendar.rest_days, work_days")
    return f"known until {max(calendar.known_years)}"


def _disk(settings: Settings) -> str:
    free = shutil.disk_usage(settings.data_dir if settings.data_dir.exists() else settings.data_dir.parent).free
    if free < LEAST_DISK:
        raise Ill(f"{free >> 20} MiB free", f"make room on the disk of {settings.data_dir}")
    return f"{free >> 30} GiB free"


def _time(settings: Settings) -> str:
    try:
        answer = requests.head(settings.wecom.api_base_url, timeout=HTTP_SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        raise Ill(type(error).__name__, "wecom.api_base_url is not reached; check the network") from None
    stamped = answer.headers.get("Date")
    if stamped is None:
        return "the platform tells no time"
    skew = abs(datetime.now(UTC) - parsedate_to_datetime(stamped))
    if skew > MOST_SKEW:
        raise Ill(f"{skew.total_seconds():.0f} s apart from WeCom", "switch on time synchronisation (NTP)")
    return f"{skew.total_seconds():.0f} s apart from WeCom"
