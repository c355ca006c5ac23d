"""
The program as an outside check sees it: a process, a port, a data folder, and a platform that it talks to.

Nothing of the product is imported here. The codec is the sandbox's, which is written from WeCom's description alone.
"""

from __future__ import annotations

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from urllib.parse import urlencode
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import requests

from sandbox.platform.codec import PlatformCodec
from tests.bot.waiting import eventually
from tests.bot.wecom.platform import Platform, said

DATA = Path(__file__).resolve().parents[1] / "data"
ROOT = DATA.parents[1]
CORP, AGENT, TOKEN = "ww5823bf96d3bd56c7", 1000002, "QDG6eK"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
AFTERNOON = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # Monday 14:00 in Shanghai
MANY_SECONDS = 60.0  # how long a loaded machine may take for what is asked to be quick; what is promised is measured


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@dataclass
class Product:
    """
    `liuhen up` on a data folder.

    Its clock begins on a Monday afternoon in office hours (rehearsal), so that no test hangs on the hour it runs at.

    Attributes:
        more: YAML lines after the sample settings; None = rehearsal, "" = the samples as they stand.
        environ: variables beside those of this process.
    """

    folder: Path
    platform: Platform
    more: str | None = None
    environ: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.codec = PlatformCodec(TOKEN, AES_KEY, CORP)
        self._serial = count(int(time.time() * 1000))
        self.platform.lay_out("message/send", said(msgid="msg", response_code="code", invaliduser=""))
        self.data = self.folder / "data"
        self.config = self.folder / "config.yaml"
        self.log = self.folder / "up.log"
        self.offset = self.folder / "offset"
        if self.more is None:
            self.more = f"rehearsal: {{enabled: true, clock_offset_file: {self.offset}}}\n"
            self.move_to(AFTERNOON)
        self.write_config()

    def write_config(self) -> None:
        """Fill the placeholders of the sample files, and nothing else."""
        filled = {
            "DATA_DIR": str(self.data), "PORT": str(self.port), "CORP_ID": CORP, "AGENT_ID": str(AGENT),
            "SECRET": self.platform.secret, "TOKEN": TOKEN, "AES_KEY": AES_KEY, "API_BASE_URL": self.platform.url,
            "ORG_FILE": str(DATA / "org.yaml"),
        }
        sample = (DATA / "config.yaml").read_text(encoding="utf-8")
        text = re.sub(r"\b(" + "|".join(filled) + r")\b", lambda found: filled[found.group()], sample)
        self.config.write_text(f"{text}{self.more}\n", encoding="utf-8")

    def move_to(self, company: datetime) -> int:
        """Make company time an instant; return the offset in seconds."""
        seconds = int(company.timestamp() - time.time())
        self.offset.write_text(f"{seconds}\n")
        return seconds

    # -- its life

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def launch(self, command: str = "up") -> None:
        """Start the process without waiting."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot.cli", command, "--config", str(self.config)], cwd=ROOT,
                env=self._environ(), stdout=log, stderr=log, start_new_session=True,
            )

    def start(self, command: str = "up") -> float:
        """Start it; return the seconds until it is ready."""
        begun = time.monotonic()
        self.launch(command)
        eventually(self.ready, MANY_SECONDS)
        return time.monotonic() - begun

    def ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text()[-3000:]
        try:
            return requests.get(f"{self.address}/readyz", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Signal it; return its exit code and the seconds it took."""
        assert self.process is not None
        begun = time.monotonic()
        self.process.send_signal(number)
        code = self.process.wait(MANY_SECONDS)
        return code, time.monotonic() - begun

    def end(self) -> None:
        """Leave nothing behind, whatever a test did."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def family(self) -> list[int]:
        """Return the processes below it, oldest first."""
        assert self.process is not None
        table = subprocess.run(["ps", "-axo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        below: dict[int, list[int]] = {}
        for line in table.splitlines():
            pid, parent = map(int, line.split())
            below.setdefault(parent, []).append(pid)
        found, look = [], [self.process.pid]
        while look:
            look = [child for pid in look for child in below.get(pid, [])]
            found += look
        return sorted(found)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run another command of the program with the same settings."""
        return subprocess.run(
            [sys.executable, "-m", "bot.cli", *arguments, "--config", str(self.config)], cwd=ROOT,
            env=self._environ(), capture_output=True, text=True, check=False, timeout=120,
        )

    def _environ(self) -> dict[str, str]:
        # The campaigns' own variables would be taken for settings.
        ours = {name: value for name, value in os.environ.items() if not name.startswith("LIUHEN_")}
        return {**ours, **self.environ}

    # -- what reaches it

    def get(self, path: str, **options: object) -> requests.Response:
        return requests.get(f"{self.address}{path}", timeout=30, allow_redirects=False, **options)  # type: ignore[arg-type]

    def sign(self, sealed: str, stamp: float | None = None) -> dict[str, str]:
        """Return the query of a sealed text."""
        timestamp, nonce = str(int(time.time() if stamp is None else stamp)), secrets.token_hex(5)
        signature = self.codec.signature(timestamp, nonce, sealed)
        return {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce}

    def verify(self, words: str, path: str = "/wecom/callback") -> requests.Response:
        """Ask as the platform does when the address is saved."""
        sealed = self.codec.seal(words)
        return self.get(path, params={**self.sign(sealed), "echostr": sealed})

    def post(self, xml: str, path: str = "/wecom/callback", stamp: float | None = None) -> requests.Response:
        """Seal an inner XML and post it."""
        sealed = self.codec.seal(xml)
        return requests.post(
            f"{self.address}{path}?{urlencode(self.sign(sealed, stamp))}", data=envelope(sealed), timeout=30,
        )

    def tell(self, userid: str, stamp: float | None = None, path: str = "/wecom/callback", **fields: str) -> str:
        """Post an event of somebody; return the plain inner XML of the answer, "" for none."""
        answer = self.post(inner(userid, stamp, **fields), path, stamp)
        assert answer.status_code == 200, (answer.status_code, answer.content)
        return self.opened(answer.content)

    def say(self, userid: str, words: str, stamp: float | None = None, path: str = "/wecom/callback") -> str:
        """Say something; return the words of the answer."""
        return words_of(self.tell(userid, stamp, path, MsgType="text", Content=words, MsgId=str(next(self._serial))))

    def opened(self, body: bytes) -> str:
        """Check an answer's seal and return what is in it."""
        if not body:
            return ""
        outer = ET.fromstring(body)
        sealed, stamp, nonce = (outer.findtext(name) or "" for name in ("Encrypt", "TimeStamp", "Nonce"))
        assert outer.findtext("MsgSignature") == self.codec.signature(stamp, nonce, sealed)
        return self.codec.open(sealed)

    def sent_to(self, userid: str) -> list[Mapping[str, object]]:
        """Return the messages that arrived at the platform for somebody."""
        bodies = [seen.json for seen in self.platform.calls("message/send")]
        return [body for body in bodies if userid in str(body["touser"]).lower().split("|")]

    def metric(self, line: str) -> float:
        """Return a figure of /metrics by the beginning of its line, 0 when it is not there."""
        for each in self.get("/metrics").text.splitlines():
            if each.startswith(line):
                return float(each.rsplit(" ", 1)[1])
        return 0.0


def inner(userid: str, stamp: float | None = None, **fields: str) -> str:
    """Return an inner XML as the platform writes it; values are text or ready elements."""
    head = {"ToUserName": CORP, "FromUserName": userid, "CreateTime": str(int(time.time() if stamp is None else stamp))}
    rows = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in {**head, **fields}.items())
    return f"<xml>{rows}<AgentID>{AGENT}</AgentID></xml>"


def envelope(sealed: str) -> bytes:
    """Return the body of a callback."""
    return (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><AgentID><![CDATA[{AGENT}]]></AgentID>"
        f"<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    ).encode()


def words_of(plain: str) -> str:
    """Return the words of a passive text reply."""
    return (ET.fromstring(plain).findtext("Content") or "") if plain else ""


def alive(pid: int) -> bool:
    """Return whether a process lives (a zombie does not)."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith("Z")


def pace() -> float:
    """Return how many times longer than alone a second of work takes just now; 1 where nothing else is done."""
    began, used = time.perf_counter(), time.process_time()
    while time.process_time() - used < 0.2:
        sum(range(1000))
    return max(1.0, (time.perf_counter() - began) / (time.process_time() - used))


def soon(true: Callable[[], bool]) -> None:
    """Wait for what is promised to be quick, as long as a loaded machine may need."""
    eventually(true, MANY_SECONDS)
