"""
The callback against a bare Flask + wechatpy echo: same gunicorn, same flags, one process each, interleaved rounds.

Before anything is printed: commits are FULL on the connections that served, and each answered number is in the
database with its content.
"""

from __future__ import annotations

import re
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.ground import AGENT_ID, CORP_ID, Ground, cpu_seconds, free_port, process, wait_until_answers
from benchmarks.load import Measured, Mill, Request, run
from bot import bootstrap
from bot.settings_sources import load
from bot.wecom.codec import Codec
from notifications.ticker import Ticker
from storage.queries.items import load_item
from storage.tables import APPROVAL, CARD

_NUMBER = re.compile(rb"CG-\d{8}-\d{4,}")
_SEALED = re.compile(rb"<Encrypt><!\[CDATA\[(.+?)\]\]></Encrypt>")


def measure(rounds: int, count: int) -> None:
    """
    Print p50, p99, requests a second and the ratio of p50, at 1 and at 8 connections.

    The server's own processor time stands beside it: it says what a machine that is busy with other things hides.
    """
    with tempfile.TemporaryDirectory() as folder:
        ground = Ground(Path(folder))
        echo_port, product_port = free_port(), free_port()
        config = ground.config(product_port)
        with (
            process(["benchmarks.serve", "echo", str(echo_port)], ground.environment()) as echo,
            process(["benchmarks.serve", "product", str(product_port), str(config)]) as product,
        ):
            wait_until_answers(echo_port, "/")
            wait_until_answers(product_port, "/readyz")
            mill = Mill(ground.codec(), CORP_ID, AGENT_ID, time.time)
            kinds = {
                "echo": _Kind(echo_port, echo.pid, lambda: mill.purchase("xu")),
                "帮助": _Kind(product_port, product.pid, lambda: mill.text("xu", "帮助")),
                "采购": _Kind(product_port, product.pid, lambda: mill.purchase("xu")),
            }
            for connections in (1, 8):
                _compare(kinds, connections, rounds, count, ground.codec(), config)
        _ask(config)


@dataclass(frozen=True)
class _Kind:
    port: int
    pid: int
    make: Callable[[], Request]


def _compare(
    kinds: dict[str, _Kind], connections: int, rounds: int, count: int, codec: Codec, config: Path
) -> None:
    results: dict[str, list[Measured]] = {name: [] for name in kinds}
    cpu: dict[str, float] = dict.fromkeys(kinds, 0.0)
    for number in range(rounds + 1):
        for name, kind in kinds.items():
            requests = [kind.make() for _ in range(count)]
            before = cpu_seconds(kind.pid)
            measured = run(kind.port, requests, connections)
            if number:  # the first round warms up
                results[name].append(measured)
                cpu[name] += (cpu_seconds(kind.pid) or 0.0) - (before or 0.0)
    _check(results["采购"], codec, config)
    echo = statistics.median(each.p50 for each in results["echo"])
    print(f"\ncallback, {connections} connection{'s' if connections > 1 else ''}, {rounds} rounds of {count}")
    print(
        f"{'':8}{'p50 ms':>9}{'p99 ms':>9}{'req/s':>9}{'x echo (p50)':>14}{'per round':>18}"
        f"{'CPU ms':>9}{'x echo (CPU)':>14}"
    )
    for name, rows in results.items():
        ratios = [mine.p50 / theirs.p50 for mine, theirs in zip(rows, results["echo"], strict=True)]
        p50 = statistics.median(each.p50 for each in rows)
        print(
            f"{name:8}{p50:9.2f}{statistics.median(each.p99 for each in rows):9.2f}"
            f"{statistics.median(each.per_second for each in rows):9.0f}{p50 / echo:14.2f}"
            f"{f'{min(ratios):.2f} … {max(ratios):.2f}':>18}"
            f"{cpu[name] / rounds / count * 1000:9.2f}{cpu[name] / max(cpu['echo'], 0.001):14.2f}"
        )


def _ask(config: Path) -> None:
    """
    Do what the callbacks promised and left to a worker, and print what it costs: cards, copies, reminders.

    Raises:
        RuntimeError: a filing is without its card.
    """
    house = bootstrap.build_house(load(config, {}))
    part = bootstrap.Part(house)
    try:
        ticker = Ticker(part.store, bootstrap.firing_kinds(part), house.clock)
        before, used = time.perf_counter(), time.process_time()
        asked = 0
        while fired := ticker.tick():
            asked += fired
        seconds, used = time.perf_counter() - before, time.process_time() - used
        waiting = part.store.read(lambda unit: unit.scalar(select(func.count()).select_from(APPROVAL)))
        carded = part.store.read(lambda unit: unit.scalar(select(func.count(CARD.c.number.distinct()))))
        if waiting != carded:
            raise RuntimeError(f"{waiting} purchases, {carded} of them with a card")
    finally:
        part.close()
    print(
        f"\nfirst questions, asked by who is rung after the answer: {asked}, {seconds / asked * 1000:.2f} ms each, "
        f"{used / asked * 1000:.2f} ms CPU"
    )


def _check(rows: list[Measured], codec: Codec, config: Path) -> None:
    """
    Look into the database for what was answered.

    Raises:
        RuntimeError: commits are not FULL, or an answered number is not kept.
    """
    numbers = []
    for row in rows:
        for answer in row.answers:
            sealed = _SEALED.search(answer)
            found = _NUMBER.search(codec.decrypt(sealed.group(1).decode())) if sealed is not None else None
            if found is None:
                raise RuntimeError("a purchase was answered without a number")
            numbers.append(found.group().decode())
    if len(set(numbers)) != len(numbers):
        raise RuntimeError("one number was given twice")
    store = bootstrap.open_store(bootstrap.build_house(load(config, {})))
    try:
        full = store.read(lambda unit: unit.cursor.execute("PRAGMA synchronous").fetchone()[0])
        if full != 2:
            raise RuntimeError(f"synchronous is {full}, not FULL")
        missing = store.read(lambda unit: [number for number in numbers if load_item(unit, number) is None])
        if missing:
            raise RuntimeError(f"answered and not kept: {missing[:3]}")
    finally:
        store.close()
    print(f"checked: synchronous=FULL; {len(numbers)} answered purchases are all in the database")
