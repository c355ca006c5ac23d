"""The watchdog says what stands still for five minutes, and nothing else."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from bot.watchdog import Watchdog, all_of, direct_call, robot_hook
from bot.wecom.tokens import WithoutDatabase
from notifications.errors import RetryLater
from policy.alarms import open_alarm
from policy.terms import Lane
from storage.queries.alarms import STEP, add_alarm
from storage.queries.deadlines import cancel_deadlines, set_deadline
from storage.queries.heartbeats import beat
from storage.queries.sending import hold_sending
from storage.store import Store
from tests.notifications.hands import HandClock
from tests.notifications.house import House


class Watched:
    """A house, its watchdog, and what it said."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.clock = HandClock()
        self.house = House(store, self.clock)
        self.said: list[str] = []
        self.file = folder / "liuhen.prom"
        self.dog = Watchdog(store, self.clock, self.said.append, self.file)

    def beat(self, part: str) -> None:
        self.house.store.write(lambda unit: beat(unit, part, self.clock.machine, {}))

    def keys(self) -> list[str]:
        return [each.key for each in self.dog.look()]


@pytest.fixture
def watched(embedded: Store, tmp_path: Path) -> Iterator[Watched]:
    made = Watched(embedded, tmp_path)
    yield made
    made.house.close()


def test_what_moves_is_not_spoken_of(watched: Watched) -> None:
    watched.beat("clock-1")
    watched.house.promise("su", "请审批")
    watched.clock.move(minutes=4, seconds=59)
    assert watched.keys() == []
    assert watched.said == []


def test_a_part_without_a_sign_of_life_is_named_once_in_half_an_hour(watched: Watched) -> None:
    watched.beat("clock-1")
    watched.beat("worker-2")
    watched.clock.move(minutes=5)
    watched.beat("worker-2")
    assert watched.keys() == ["part:clock-1"]
    assert watched.said == ['留痕有部件停住了（11月23日 10:05），请管理员查看：\n1. "计时1"没有动静，已 5 分钟']
    for _ in range(29):
        watched.clock.move(minutes=1)
        watched.beat("worker-2")
        watched.dog.look()
    assert len(watched.said) == 1
    watched.clock.move(minutes=1)
    watched.beat("worker-2")
    watched.dog.look()
    assert len(watched.said) == 2
    watched.beat("clock-1")
    assert watched.keys() == []
    assert watched.said[-1] == "留痕已恢复正常（11月23日 10:35）。"


def test_a_lane_that_does_not_move_is_named_unless_somebody_holds_it(watched: Watched) -> None:
    watched.house.promise("su", "告警", lane=Lane.URGENT)
    watched.clock.move(minutes=6)
    assert watched.keys() == ["lane:urgent"]
    watched.house.store.write(lambda unit: hold_sending(unit, "restored"))
    assert watched.keys() == []


def test_an_open_alarm_that_nothing_carries_on_is_named(watched: Watched) -> None:
    store, now = watched.house.store, watched.clock.company
    move = open_alarm("GJ-20261123-0001", "xu", "", ("su",), now)
    store.write(lambda unit: add_alarm(unit, move.alarm))
    store.write(lambda unit: set_deadline(unit, STEP, "GJ-20261123-0001", 1, now + timedelta(hours=9), {}))
    watched.clock.move(minutes=20)
    assert watched.keys() == []
    store.write(lambda unit: cancel_deadlines(unit, "GJ-20261123-0001"))
    assert watched.keys() == []
    watched.clock.move(minutes=5)
    assert watched.keys() == ["alarm:GJ-20261123-0001"]
    assert watched.said[-1].endswith("1. 告警 GJ-20261123-0001 无人应答，也没有下一步，已 5 分钟")


def test_a_jump_of_company_time_alone_is_no_standstill(watched: Watched) -> None:
    due_at = watched.clock.company + timedelta(hours=1)
    watched.house.store.write(lambda unit: set_deadline(unit, "step", "A", 1, due_at, {}))
    watched.clock.jump(days=3)
    assert watched.keys() == []
    watched.clock.move(minutes=5)
    assert watched.keys() == ["deadlines"]
    watched.house.store.write(lambda unit: cancel_deadlines(unit, "A"))
    assert watched.keys() == []


def test_a_database_that_does_not_open_is_named_after_five_minutes(watched: Watched, tmp_path: Path) -> None:
    watched.dog.look()
    watched.house.store.close()
    for name in tmp_path.glob("liuhen.db*"):
        name.write_bytes(b"damaged" * 1000)
    assert watched.keys() == []
    watched.clock.move(minutes=5)
    assert watched.keys() == ["database"]


def test_the_metrics_file_shows_when_it_looked_and_what_stands_still(watched: Watched) -> None:
    watched.beat("clock-1")
    watched.clock.move(minutes=10)
    watched.dog.look()
    lines = watched.file.read_text().splitlines()
    assert f"liuhen_watchdog_seen_seconds {watched.clock.machine.timestamp():.0f}" in lines
    assert 'liuhen_standstill_seconds{what="part:clock-1"} 600' in lines


@pytest.mark.parametrize("answer", [b'{"errcode":0}', b'{"errcode":93000}', b"no json"])
def test_the_group_robot_is_told_and_its_failures_stay_ours(answer: bytes) -> None:
    heard: list[object] = []

    class Robot(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Robot)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    say = robot_hook(f"http://127.0.0.1:{server.server_port}/cgi-bin/webhook/send?key=k")
    say("停住了")
    server.shutdown()
    server.server_close()
    assert heard == [{"msgtype": "text", "text": {"content": "停住了"}}]
    say("没有人听")


def test_the_keepers_are_told_by_a_call_past_the_outbox(watched: Watched) -> None:
    platform = watched.house.platform
    people = ["Zhou"]
    say = direct_call(platform, 1000002, lambda: people)
    before = watched.house.states()
    say("停住了")
    assert platform.shown_to("Zhou") == ["停住了"]
    assert watched.house.states() == before
    people.clear()  # the org cannot be read: whoever was known last is told
    say("还停着")
    assert platform.shown_to("Zhou") == ["停住了", "还停着"]


def test_a_platform_that_is_away_keeps_no_other_way_silent(watched: Watched) -> None:
    heard: list[str] = []
    watched.house.platform.refused["Zhou"] = lambda: RetryLater(-1, "message/send")

    def broken(words: str) -> None:
        raise OSError("no disk")

    all_of(broken, direct_call(watched.house.platform, 1, lambda: ["Zhou"]), heard.append)("停住了")
    assert heard == ["停住了"]
    assert watched.house.platform.shown_to("Zhou") == []


def test_nobody_known_is_logged_and_nothing_else(watched: Watched) -> None:
    direct_call(watched.house.platform, 1, list)("停住了")
    assert watched.house.platform.arrivals == []


def test_without_the_database_the_token_is_kept_in_memory() -> None:
    class Away:
        def load(self, name: str) -> None:
            raise OSError

        save = try_lock = unlock = load

    tokens = WithoutDatabase(Away())  # type: ignore[arg-type]
    at = HandClock().machine
    assert tokens.load("app") is None
    assert tokens.try_lock("app", at, at)
    tokens.save("app", "token", at)
    tokens.unlock("app")
    assert tokens.load("app") == ("token", at)
