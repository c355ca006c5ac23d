"""What the parts of the benchmark stand on: a folder with settings, processes, a platform that takes everything."""

from __future__ import annotations

import http.client
import os
import secrets
import socket
import string
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bot.wecom.codec import Codec

ROOT = Path(__file__).resolve().parents[1]
CORP_ID, AGENT_ID = "wwbench", 1000002
_LETTERS = string.ascii_letters + string.digits


@dataclass
class Ground:
    """
    A data folder and the secrets of its app.

    Attributes:
        platform_url: where API calls go; nothing listens there unless a part starts something.
    """

    folder: Path
    platform_url: str = "http://127.0.0.1:9"
    token: str = field(default_factory=lambda: secrets.token_hex(12))
    aes_key: str = field(default_factory=lambda: "".join(secrets.choice(_LETTERS) for _ in range(43)))

    def codec(self) -> Codec:
        """Return the codec of the app."""
        return Codec(self.token, self.aes_key, CORP_ID)

    def environment(self) -> dict[str, str]:
        """Return the environment of the yardstick."""
        return {**os.environ, "BENCH_TOKEN": self.token, "BENCH_AES_KEY": self.aes_key, "BENCH_CORP_ID": CORP_ID}

    def config(self, port: int) -> Path:
        """Write the settings of a product on this ground and return their file."""
        path = self.folder / "config.yaml"
        settings = {
            "company": {"name": "示例公司", "timezone": "Asia/Shanghai"},
            "data_dir": str(self.folder / "data"),
            "server": {"host": "127.0.0.1", "port": port, "public_url": f"http://127.0.0.1:{port}"},
            "wecom": {
                "corp_id": CORP_ID, "agent_id": AGENT_ID, "secret": "bench", "token": self.token,
                "encoding_aes_key": self.aes_key, "api_base_url": self.platform_url,
            },
            "org": {"file": str(ROOT / "bot" / "data" / "org.yaml")},
            "workers": {"count": 2},
        }
        path.write_text(yaml.safe_dump(settings, allow_unicode=True))
        return path


def free_port() -> int:
    """Return a port that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(arguments: list[str], environment: dict[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Python module until the block ends."""
    started = subprocess.Popen(
        [sys.executable, "-m", *arguments], env=environment, cwd=ROOT, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield started
    finally:
        started.terminate()
        started.wait(15)


def cpu_seconds(root: int) -> float | None:
    """Return the processor time that a process and its living children have used; None where /proc does not tell."""
    if not Path("/proc/self/stat").exists():
        return None
    used = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        if root in (int(stat.parent.name), int(words[1])):
            used += (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
    return used


def wait_until_answers(port: int, path: str, seconds: float = 30) -> float:
    """Return how many seconds it took until a path was answered below 500."""
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
            connection.request("GET", path)
            if connection.getresponse().status < 500:
                return time.perf_counter() - began
        except OSError:
            pass
        time.sleep(0.01)
    raise RuntimeError(f"nothing answers on {port}{path}")


class Sink:
    """A platform in a process of its own that takes every call at once."""

    def __init__(self) -> None:
        self.port = free_port()
        self._process = subprocess.Popen([sys.executable, "-m", "benchmarks.sink", str(self.port)], cwd=ROOT)
        wait_until_answers(self.port, "/")

    @property
    def url(self) -> str:
        """Return its address."""
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(15)
