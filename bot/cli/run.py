"""`up`, and its parts one by one."""

from __future__ import annotations

import functools
import os
import socket as sockets
from collections.abc import Callable, Sequence

import click
import structlog
from flask import Flask

from bot import bootstrap
from bot.cli.options import with_settings
from bot.house import House
from bot.prepare import prepare
from bot.server import WebServer, listen
from bot.settings import Settings
from bot.supervisor import Member, Supervisor, lock
from bot.valkey import EmbeddedValkey
from bot.worker import StopFlag, lanes_of
from policy.terms import Lane
from storage.engine import EMBEDDED
from storage.keys import keys_exist

LOG = structlog.get_logger(__name__)


@click.command(epilog="Example: liuhen up --config config.yaml")
@with_settings
def up(settings: Settings) -> None:
    """Run everything in the foreground; SIGTERM finishes what is held and ends within 10 s."""
    run_family(settings)


def run_family(
    settings: Settings, extra: Callable[[House], Sequence[Member]] = lambda house: (),
    started: Callable[[], None] = lambda: None,
) -> None:
    """
    Run web, workers, clock and watchdog until asked to stop.

    Args:
        extra: makes more members, e.g. the sandbox of the demo.
        started: called when all have been started.

    Raises:
        ProjectError: the data folder, keys, database, port or Valkey cannot be used; the message says what to do.
    """
    with lock(settings.data_dir):
        house = _house(settings)
        listener = listen(settings.server.host, settings.server.port)
        embedded = settings.redis_url == EMBEDDED
        valkey = EmbeddedValkey(settings.data_dir) if embedded else None

        def ready() -> None:
            address = f"http://{settings.server.host}:{settings.server.port}"
            LOG.info("up", address=address, data_dir=str(settings.data_dir))
            started()

        Supervisor([*_members(house, listener), *extra(house)], listener, valkey).run(ready)


def _members(house: House, listener: sockets.socket) -> list[Member]:
    count = house.settings.workers.count
    workers = [
        Member(
            f"worker-{index + 1}", 1,
            functools.partial(_worker, house, f"worker-{index + 1}", lanes_of(index, count)),
        )
        for index in range(count)
    ]
    return [
        Member("web", 0, lambda stop: _serve(house, listener)),
        *workers,
        Member("clock-1", 2, lambda stop: bootstrap.run_clock(house, "clock-1", stop)),
        Member("watchdog", 2, lambda stop: bootstrap.run_watchdog(house, stop)),
    ]


def _worker(house: House, name: str, lanes: tuple[Lane, ...], stop: StopFlag) -> None:
    bootstrap.run_worker(house, name, lanes, stop)


def _serve(house: House, listener: sockets.socket) -> None:
    def make_app() -> Flask:
        return bootstrap.web_app(house)

    WebServer(make_app, listener, house.settings.server.threads).run()


# --- one part each ----------------------------------------------------------------------------------------------------


@click.command(epilog="Example: liuhen web --config config.yaml")
@with_settings
def web(settings: Settings) -> None:
    """Answer WeCom; any number of these against PostgreSQL and Redis."""
    house = _house(settings)
    _serve(house, listen(house.settings.server.host, house.settings.server.port))


@click.command(epilog="Example: liuhen worker --lanes urgent --config config.yaml")
@click.option("--name", default="", help="Unique among workers; default: host and process.")
@click.option(
    "--lanes", default="urgent,default,bulk", show_default=True, help="What it delivers, separated by commas."
)
@with_settings
def worker(settings: Settings, name: str, lanes: str) -> None:
    """Deliver messages; let at least one worker serve urgent only."""
    try:
        served = tuple(Lane(lane.strip()) for lane in lanes.split(","))
    except ValueError:
        raise click.BadParameter("one or more of urgent,default,bulk", param_hint="--lanes") from None
    stop = StopFlag()
    stop.on_signals()
    bootstrap.run_worker(_house(settings), name or _own_name("worker"), served, stop)


@click.command(epilog="Example: liuhen clock --config config.yaml")
@click.option("--name", default="", help="Unique among clocks; default: host and process.")
@with_settings
def clock(settings: Settings, name: str) -> None:
    """Fire what falls due; any number may run."""
    stop = StopFlag()
    stop.on_signals()
    bootstrap.run_clock(_house(settings), name or _own_name("clock"), stop)


def _house(settings: Settings) -> House:
    fresh = not keys_exist(settings.keys_folder)
    house = bootstrap.build_house(settings)
    if fresh:
        click.echo(
            f"fresh keys made in {settings.keys_folder}; without them the data cannot be read, keep a copy elsewhere",
            err=True,
        )
    prepare(house)
    return house


def _own_name(part: str) -> str:
    return f"{part}-{sockets.gethostname()}-{os.getpid()}"
