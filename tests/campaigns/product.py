"""
The product as an outside check runs it: `up` on a folder, sealed callbacks in, WeCom's calls out, kills from outside.

Callbacks are sealed with the sandbox platform's codec, which was written from WeCom's description alone. Company time
is rehearsal time on a working Monday morning, so that quiet hours hold nothing back whenever this runs.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import re
import secrets
import signal
import socket
import string
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml

from bot import bootstrap
from bot.settings_sources import load
from notifications.clock import SystemClock
from sandbox.platform.codec import PlatformCodec
from storage.store import Store

ROOT = Path(__file__).resolve().parents[2]
CORP, AGENT = "wwcampaign", 1000002
MONDAY_TEN = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
TEAMS = 30  # so many superiors that none gets more than WeCom's limit per minute
ANSWER_SECONDS = 5.0  # WeCom cuts the connection then
_SEALED = re.compile(rb"<Encrypt><!\[CDATA\[(.+?)\]\]></Encrypt>")
_LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True)
class Callback:
    """One sealed event, ready to be delivered any number of times."""

    path: str
    body: bytes


@dataclass(frozen=True)
class Delivered:
    """
    What came of delivering a callback.

    Attributes:
        answer: the opened reply ("" for an empty one), None when no delivery was acknowledged.
        seconds: the longest exchange.
        tries: deliveries made.
    """

    answer: str | None
    seconds: float
    tries: int


class Product:
    """
    A data folder with settings and an org of thirty small teams, and the family of processes that works on it.

    Args:
        platform_url: where its API calls go.
        program: the module that runs, and what comes before the command.
    """

    def __init__(
        self, folder: Path, platform_url: str, program: Sequence[str] = ("bot.cli",), redis_url: str = "embedded"
    ) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.log = folder / "up.log"
        self.config = folder / "config.yaml"
        self.port = _free_port()
        token = secrets.token_hex(12)
        aes_key = "".join(secrets.choice(_LETTERS) for _ in range(43))
        self.codec = PlatformCodec(token, aes_key, CORP)
        self._offset = folder / "clock_offset"
        self.move(int((MONDAY_TEN - SystemClock().machine_now()).total_seconds()))
        org = folder / "org.yaml"
        org.write_text(yaml.safe_dump(_org(), allow_unicode=True))
        settings = {
            "company": {"name": "示例公司"}, "data_dir": str(self.data),
            "server": {"port": self.port, "public_url": f"http://127.0.0.1:{self.port}"},
            "wecom": {
                "corp_id": CORP, "agent_id": AGENT, "secret": "s" * 40, "token": token, "encoding_aes_key": aes_key,
                "api_base_url": platform_url,
            },
            "org": {"file": str(org)}, "workers": {"count": 2}, "redis": {"url": redis_url},
            "rehearsal": {"enabled": True, "clock_offset_file": str(self._offset)},
        }
        self.config.write_text(yaml.safe_dump(settings, allow_unicode=True))
        self._program = tuple(program)
        self._process: subprocess.Popen[bytes] | None = None
        self._serial = itertools.count(7_000_000_000_000)

    def move(self, seconds: int) -> None:
        """Move company time."""
        before = int(self._offset.read_text()) if self._offset.exists() else 0
        fresh = self._offset.with_suffix(".new")
        fresh.write_text(str(before + seconds))
        fresh.replace(self._offset)

    # -- processes

    def start(self, seconds: float = 60) -> None:
        """Start `up` and wait until it is ready."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *self._program, "up", "--config", str(self.config)], cwd=ROOT, stdout=log,
                stderr=log, env={name: value for name, value in os.environ.items() if not name.startswith("LIUHEN_")},
            )
        until = time.monotonic() + seconds
        while not self.ready():
            assert self._process.poll() is None, self.log.read_text()[-3000:]
            assert time.monotonic() < until, self.log.read_text()[-3000:]
            time.sleep(0.05)

    def ready(self) -> bool:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def pid_of(self, part: str) -> int | None:
        """Return the living process of a part (web, worker-1, clock-1 …), None while it is down."""
        pid = None
        for line in self.log.read_text().splitlines():
            if '"family.part_started"' in line:
                said = json.loads(line)
                pid = said["pid"] if said["part"] == part else pid
        return pid if pid is not None and pid in self.family() else None

    def family(self) -> set[int]:
        """Return every living process below `up`, itself included."""
        listed = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True
        ).stdout
        rows = [line.split() for line in listed.splitlines()]
        parents = {int(pid): int(parent) for pid, parent, state in rows if not state.startswith("Z")}
        found = {self.pid} & set(parents)
        while more := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= more
        return found

    def children_of(self, pid: int) -> list[int]:
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        return [int(line.split()[0]) for line in listed.splitlines() if int(line.split()[1]) == pid]

    def bury(self, pids: Sequence[int], seconds: float = 5) -> None:
        """Wait until `up` and those processes are gone."""
        assert self._process is not None
        self._process.wait(seconds)
        until = time.monotonic() + seconds
        while any(_lives(pid) for pid in pids):
            assert time.monotonic() < until, "a child outlived its parent"
            time.sleep(0.01)

    def stop(self) -> float:
        """Ask `up` to end; return the seconds it took, after checking that it said it ended well."""
        assert self._process is not None
        begun = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        assert self._process.wait(20) == 0, self.log.read_text()[-3000:]
        return time.monotonic() - begun

    def close(self) -> None:
        """End everything, whatever state it is in."""
        if self._process is not None and self._process.poll() is None:
            self.kill_all()

    def kill_all(self) -> None:
        """kill -9 of everything at once; returns when all of it is gone."""
        family = self.family()
        for pid in family:
            _kill(pid)
        self.bury(sorted(family))

    def open_store(self) -> Store:
        """Return the database, also while the family runs."""
        return bootstrap.open_store(bootstrap.build_house(load(self.config, {})))

    # -- callbacks

    def text(self, sender: str, content: str) -> Callback:
        """Return a text message as WeCom would send it."""
        return self._sealed(
            sender, "text", f"<Content><![CDATA[{content}]]></Content><MsgId>{next(self._serial)}</MsgId>"
        )

    def tap(self, sender: str, key: str, task_id: str) -> Callback:
        """Return a tap on a card's button."""
        return self._sealed(
            sender, "event",
            f"<Event><![CDATA[template_card_event]]></Event><EventKey><![CDATA[{key}]]></EventKey>"
            f"<TaskId><![CDATA[{task_id}]]></TaskId><CardType><![CDATA[button_interaction]]></CardType>"
            f"<ResponseCode><![CDATA[tap-{next(self._serial)}]]></ResponseCode>",
        )

    def _sealed(self, sender: str, kind: str, inner: str) -> Callback:
        created = int(SystemClock().machine_now().timestamp())
        sealed = self.codec.seal(
            f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><FromUserName><![CDATA[{sender}]]></FromUserName>"
            f"<CreateTime>{created}</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>{inner}"
            f"<AgentID>{AGENT}</AgentID></xml>"
        )
        nonce = str(next(self._serial))
        signature = self.codec.signature(str(created), nonce, sealed)
        return Callback(
            f"/wecom/callback?msg_signature={signature}&timestamp={created}&nonce={nonce}",
            f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><AgentID><![CDATA[{AGENT}]]></AgentID>"
            f"<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode(),
        )

    def deliver_once(self, callback: Callback) -> str | None:
        """Deliver a callback once; return the opened answer, None when it was not acknowledged."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        try:
            connection.request("POST", callback.path, callback.body, {"Content-Type": "text/xml"})
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        if response.status != 200:
            return None
        sealed = _SEALED.search(content)
        return "" if sealed is None else self.codec.open(sealed.group(1).decode())

    def deliver(self, callback: Callback, pauses: Sequence[float] = (0.2, 1.0)) -> Delivered:
        """Deliver a callback as WeCom does: three times at most, until it is acknowledged."""
        longest = 0.0
        for number, pause in enumerate((*pauses, 0.0), 1):
            begun = time.monotonic()
            answer = self.deliver_once(callback)
            longest = max(longest, time.monotonic() - begun)
            if answer is not None:
                return Delivered(answer, longest, number)
            time.sleep(pause)
        return Delivered(None, longest, len(pauses) + 1)


def in_threads(count: int, run: object) -> list[threading.Thread]:
    """Start so many threads of one function that takes its position."""
    assert callable(run)
    threads = [threading.Thread(target=run, args=(index,), daemon=True) for index in range(count)]
    for thread in threads:
        thread.start()
    return threads


def _org() -> dict[str, object]:
    departments = [
        {"id": "office", "name": "总经办", "kind": "executive", "head": "zhao"},
        {"id": "records", "name": "业务记录部", "kind": "records", "head": "zhou"},
        {"id": "procurement", "name": "采购部", "kind": "procurement", "head": "he"},
        {"id": "finance", "name": "财务部", "kind": "finance", "head": "qian"},
        {"id": "hr", "name": "人力资源部", "kind": "hr", "head": "ren"},
    ]
    people: list[dict[str, object]] = [
        {"userid": "zhao", "name": "赵总", "department": "office", "grade": "executive", "posts": ["ceo"]},
        {"userid": "yan", "name": "严副总", "department": "office", "grade": "executive", "posts": ["counter_signer"],
         "manager": "zhao"},
        {"userid": "zhou", "name": "周总监", "department": "records", "grade": "director",
         "posts": ["records_director"], "manager": "zhao"},
        {"userid": "he", "name": "何总监", "department": "procurement", "grade": "director", "manager": "zhao"},
        {"userid": "qian", "name": "钱总监", "department": "finance", "grade": "director",
         "posts": ["finance_approver"], "manager": "zhao"},
        {"userid": "ren", "name": "任总监", "department": "hr", "grade": "director", "posts": ["hr_arbiter"],
         "manager": "zhao"},
    ]
    for team in range(TEAMS):
        departments.append({"id": f"team{team}", "name": f"销售{team}部", "kind": "sales", "head": f"s{team}"})
        people.append({
            "userid": f"s{team}", "name": f"主管{team}", "department": f"team{team}", "grade": "supervisor",
            "manager": "zhao",
        })
        people.append({
            "userid": f"e{team}", "name": f"员工{team}", "department": f"team{team}", "grade": "specialist",
            "manager": f"s{team}",
        })
    return {"departments": departments, "people": people}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.strip().startswith("Z")


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
