"""The program as somebody at a terminal has it: commands, what they print, and a company to try them on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot import bootstrap
from bot.prepare import prepare
from bot.settings_sources import load
from tests.bot.wecom.platform import AGENT, CORP, SECRET, Platform, running

ROOT = Path(__file__).resolve().parents[3]
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"


@dataclass(frozen=True)
class Said:
    """What a command left on the terminal."""

    code: int
    out: str
    err: str

    @property
    def error(self) -> str:
        """The one line of a failure; a traceback or more lines fail the test."""
        assert self.code != 0, self.out
        lines = [line for line in self.err.splitlines() if not line.startswith("{")]
        assert "Traceback" not in self.err
        assert lines, self.out
        return lines[-1].removeprefix("Error: ")


class Program:
    """Runs commands in forked children."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bot.cli.hatchery"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )

    def __call__(self, *arguments: str, folder: Path | None = None, **environ: str) -> Said:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        ours = {name: value for name, value in os.environ.items() if not name.startswith("LIUHEN_")}
        asked = {"arguments": arguments, "environ": {**ours, **environ}, "folder": str(folder or ROOT)}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return Said(**json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)


@pytest.fixture(scope="session")
def program() -> Iterator[Program]:
    made = Program()
    yield made
    made.close()


@dataclass
class Company:
    """A folder as `liuhen init` and a first `up` leave it, not running."""

    folder: Path
    program: Program
    platform: Platform
    filled: Mapping[str, str] = field(default_factory=dict)

    @property
    def config(self) -> Path:
        return self.folder / "config.yaml"

    def __call__(self, *arguments: str, **environ: str) -> Said:
        return self.program(*arguments, "--config", str(self.config), **environ)


def fill(config: Path, platform_url: str) -> None:
    """Fill what `liuhen init` leaves in capitals."""
    text = config.read_text()
    for name, value in {
        "corp_id: CORP_ID": f"corp_id: {CORP}", "agent_id: AGENT_ID": f"agent_id: {AGENT}",
        "secret: SECRET": f"secret: {SECRET}", "token: TOKEN  ": "token: QDG6eK  ",
        "encoding_aes_key: AES_KEY": f"encoding_aes_key: {AES_KEY}", "https://qyapi.weixin.qq.com": platform_url,
    }.items():
        assert name in text, name
        text = text.replace(name, value, 1)
    config.write_text(text)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, program: Program) -> Path:
    """Return a company's folder, to be copied and never opened."""
    folder = tmp_path_factory.mktemp("prepared") / "company"
    assert program("init", str(folder)).code == 0
    fill(folder / "config.yaml", "http://127.0.0.1:9")
    prepare(bootstrap.build_house(load(folder / "config.yaml", {})))
    return folder


@pytest.fixture
def company(prepared: Path, tmp_path: Path, program: Program) -> Iterator[Company]:
    folder = tmp_path / "company"
    shutil.copytree(prepared, folder)
    with running() as platform:
        config = folder / "config.yaml"
        config.write_text(config.read_text().replace("http://127.0.0.1:9", platform.url))
        yield Company(folder, program, platform)
