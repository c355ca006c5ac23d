"""Joins the platform to the product on one desk: real sockets on loopback, and company time through the offset file."""

from __future__ import annotations

import socket
import threading
import time
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import requests
import structlog
import yaml
from werkzeug.serving import WSGIRequestHandler, make_server

from bot.h5.pages import COOKIES
from bot.house import House
from bot.web import CALLBACK
from bot.worker import StopFlag
from sandbox.platform.clock import DeskClock
from sandbox.platform.config import Department, Member, PlatformConfig
from sandbox.platform.control import create_app
from sandbox.platform.delivery import ANSWER_SECONDS, NoAnswer
from sandbox.platform.platform import Platform
from sandbox.platform.player import Player
from sandbox.platform.stories import Story, StoryWrong, read_stories
from storage.queries.backlog import backlogs, next_held, recipients_to_wake
from storage.queries.due import earliest_due
from storage.store import Store
from storage.unit import Unit

LOG = structlog.get_logger(__name__)

STORIES = Path(__file__).resolve().parent / "stories"
PHONES = ("xu", "su", "zhao")
_SAVE_SECONDS = 0.3
_ANSWER_MOST = 1 << 20


def run_platform(
    house: House, store: Store, listener: socket.socket, page_token: str, org: Path, stop: StopFlag
) -> None:
    """Serve the platform and its page on a bound socket until asked to stop."""
    platform = open_platform(house, store, page_token, org)
    player = Player(platform, stories)
    server = make_server(
        "127.0.0.1", 0, create_app(platform, player), threaded=True, request_handler=_Quiet, fd=listener.fileno()
    )
    serving = threading.Thread(target=partial(server.serve_forever, 0.1), name="platform", daemon=True)
    serving.start()
    try:
        while not stop():
            time.sleep(_SAVE_SECONDS)
            _guarded_save(platform)
    finally:
        player.stop()
        platform.close()
        server.shutdown()
        store.close()


def open_platform(house: House, store: Store, page_token: str, org: Path) -> Platform:
    """Return the platform of the demo; chats of before are in it."""
    wecom = house.settings.wecom
    departments, members = company(org)
    offset_file = house.settings.rehearsal.clock_offset_file
    assert offset_file is not None, "the demo is a rehearsal"
    server = house.settings.server
    config = PlatformConfig(
        corp_id=wecom.corp_id, agent_id=wecom.agent_id, secret=wecom.secret.get_secret_value(),
        token=wecom.token.get_secret_value(), aes_key=wecom.encoding_aes_key.get_secret_value(),
        callback_url=f"http://{server.host}:{server.port}{CALLBACK}", company=house.settings.company.name,
        members=members, departments=departments, page_token=page_token,
        state_file=house.data_dir.parent / "platform.json",
        page_cookies=COOKIES,
        phones=tuple(each for each in PHONES if each in {member.userid for member in members}),
    )
    clock = DeskClock(offset_file, partial(next_due, store), partial(at_rest, house, store))
    return Platform(config, clock, post)


def company(org: Path) -> tuple[list[Department], list[Member]]:
    """Return departments and members of an org file."""
    told: dict[str, Any] = yaml.safe_load(org.read_text())
    departments = [Department(each["id"], each["name"], each.get("head")) for each in told["departments"]]
    members = [
        Member(each["userid"], each["name"], each["department"], each.get("title", ""), each.get("grade", ""))
        for each in told["people"]
    ]
    return departments, members


def stories() -> list[Story]:
    """Return the story files; none when one of them is wrong, which is logged."""
    try:
        return read_stories(STORIES)
    except StoryWrong as error:
        LOG.error("sandbox.story_wrong", error=str(error))
        return []


def post(address: str, body: bytes) -> tuple[int, bytes]:
    """
    Send a callback to the product.

    Raises:
        NoAnswer: none within 5 seconds.
    """
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.post(
                address, data=body, headers={"Content-Type": "text/xml"}, timeout=ANSWER_SECONDS, allow_redirects=False
            )
            return answer.status_code, answer.content[:_ANSWER_MOST]
    except requests.RequestException:
        raise NoAnswer from None


def next_due(store: Store, after: datetime) -> datetime | None:
    """Return the next company instant at which the product acts by itself: a deadline, or held messages that leave."""

    def look(unit: Unit) -> datetime | None:
        found = [each for each in (earliest_due(unit, after), next_held(unit, after)) if each is not None]
        return min(found, default=None)

    return store.read(look)


def at_rest(house: House, store: Store) -> bool:
    """Return whether all that is due has fired and all that is ripe has left."""
    house.clock.refresh()
    now, machine_now = house.clock.company_now(), house.clock.machine_now()

    def look(unit: Unit) -> bool:
        due = earliest_due(unit)
        waits = backlogs(unit, machine_now, machine_now) or recipients_to_wake(unit, now, 1)
        return (due is None or due > now) and not waits

    return store.read(look)


def _guarded_save(platform: Platform) -> None:
    try:
        platform.world.save()
        platform.phones.refresh()
    except OSError as error:
        LOG.error("sandbox.not_saved", error=str(error))


class _Quiet(WSGIRequestHandler):
    """Keeps connections open; writes no line per request."""

    protocol_version = "HTTP/1.1"
    timeout = timedelta(minutes=5).total_seconds()

    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing."""
