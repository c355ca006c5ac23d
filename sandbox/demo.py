"""`liuhen demo`: the whole product with a WeCom on the desk in front of it, in one command (contract)."""

from __future__ import annotations

import os
import secrets
import socket as sockets
import string
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import click
import yaml

from bot.bootstrap import open_store
from bot.cli.run import run_family
from bot.house import House
from bot.logs import start_logging
from bot.server import PortTaken, listen
from bot.settings_sources import load
from bot.supervisor import Member
from bot.worker import StopFlag
from notifications.clock import SystemClock
from sandbox.desk_platform import run_platform

SAMPLE_ORG = Path(str(files("bot.data").joinpath("org.yaml")))
FOLDER = Path(".demo")
OFFSET = "clock_offset"
PAGE_PORT, MOST_PORT = 8600, 65534
_LETTERS = string.ascii_letters + string.digits


@click.command(epilog="Example: liuhen demo --port 8600")
@click.option(
    "--port", type=click.IntRange(1, MOST_PORT), default=PAGE_PORT, show_default=True,
    help="Of the sandbox page; the product takes the next.",
)
@click.option("--data-dir", type=click.Path(path_type=Path), default=FOLDER, show_default=True)
@click.option("--org", type=click.Path(path_type=Path, exists=True), default=SAMPLE_ORG, help="People of the company.")
@click.option(
    "--log-level", type=click.Choice(["debug", "info", "warning", "error"]), default="warning", show_default=True,
    help="So few lines that the address stays in sight; what goes in and out is on the page.",
)
def demo(port: int, data_dir: Path, org: Path, log_level: str) -> None:
    """Run the product and the sandbox; open the printed address. Ctrl-C stops everything, nothing is lost."""
    data_dir = data_dir.resolve()
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    _first_hour(data_dir / OFFSET)
    config = _config(data_dir, port, org.resolve(), log_level)
    settings = load(config, {})
    start_logging(settings.logging.level)
    page_token = _page_token(data_dir)
    listener = _listen(port)

    def sandbox(house: House) -> Sequence[Member]:
        def run(stop: StopFlag) -> None:
            run_platform(house, open_store(house), listener, page_token, org.resolve(), stop)

        # In the last stage: the product's last messages still find the platform.
        return (Member("sandbox", 2, run),)

    def started() -> None:
        listener.close()
        address = f"http://127.0.0.1:{port}/sandbox/?token={page_token}"
        click.echo(f"\n  留痕 演练场   {address}\n")
        click.echo("  Open it in a browser. Ctrl-C stops everything; started again, nothing is lost.\n")

    run_family(settings, sandbox, started)
    click.echo("  Stopped. Nothing is lost.")


def _listen(port: int) -> sockets.socket:
    """
    Return the page's socket; the product's port, the next, must be free too.

    Raises:
        PortTaken: one of the two is not; the message names the option of this command.
    """
    taken = port + 1
    try:
        listen("127.0.0.1", taken).close()
        taken = port
        return listen("127.0.0.1", taken)
    except PortTaken:
        raise PortTaken(
            f"127.0.0.1:{taken} cannot be used; end what listens there, or begin elsewhere: "
            f".venv/bin/liuhen demo --port {port + 100 if port + 100 < MOST_PORT else PAGE_PORT}"
        ) from None


def _config(data_dir: Path, port: int, org: Path, log_level: str) -> Path:
    """Return the demo's settings; its secrets are made once, so that a second start finds the same company."""
    path = data_dir / "demo.yaml"
    kept = yaml.safe_load(path.read_text()) if path.exists() else {}
    wecom = kept.get("wecom") or {
        "corp_id": f"ww{secrets.token_hex(8)}", "agent_id": 1000002, "secret": secrets.token_urlsafe(32),
        "token": secrets.token_hex(12), "encoding_aes_key": "".join(secrets.choice(_LETTERS) for _ in range(43)),
    }
    wecom["api_base_url"] = f"http://127.0.0.1:{port}"
    settings = {
        "company": {"name": "示例公司", "timezone": "Asia/Shanghai"},
        "data_dir": str(data_dir / "data"),
        "server": {"host": "127.0.0.1", "port": port + 1, "public_url": f"http://127.0.0.1:{port + 1}"},
        "wecom": wecom,
        "database": {"url": "embedded"},
        "redis": {"url": "embedded"},
        "org": {"file": str(org)},
        "workers": {"count": 2},
        "logging": {"level": log_level},
        "rehearsal": {"enabled": True, "clock_offset_file": str(data_dir / OFFSET)},
    }
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        yaml.safe_dump(settings, file, allow_unicode=True, sort_keys=False)
    return path


def _first_hour(offset_file: Path) -> None:
    """Let a fresh demo begin at a working hour."""
    if not offset_file.exists():
        offset_file.write_text(f"{first_offset(SystemClock().machine_now())}\n")


def _page_token(data_dir: Path) -> str:
    path = data_dir / "page_token"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(24))
    return path.read_text().strip()


def first_offset(now: datetime) -> int:
    """Return the seconds that bring a fresh demo to a working hour: the coming Monday 14:00 when it is none now."""
    local = now.astimezone(UTC) + timedelta(hours=8)
    if local.weekday() < 5 and 9 <= local.hour < 17:
        return 0
    wanted = local.replace(hour=14, minute=0, second=0, microsecond=0)
    while wanted <= local or wanted.weekday() >= 5:
        wanted += timedelta(days=1)
    return int((wanted - local).total_seconds())
