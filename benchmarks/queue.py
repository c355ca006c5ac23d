"""Messages drained per second by one job that works on rows, against one RQ job per message, on the same Valkey."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.ground import AGENT_ID, ROOT, Ground, Sink, free_port
from bot import bootstrap
from bot.prepare import prepare
from bot.settings_sources import load
from bot.valkey import EmbeddedValkey, url_of
from notifications.messages import text_body
from policy.terms import DeliveryKind, Lane
from storage.queries.outbox import Promise, put_promise
from storage.unit import Unit

# A job as one would write it without an outbox: it gets the message and sends it. Plain RQ forks for each.
_PER_JOB = """
import sys, time
import benchmarks.one_message, requests
from redis import Redis
from rq import Queue, SimpleWorker, Worker
connection = Redis.from_url(sys.argv[1])
kind = {"Worker": Worker, "SimpleWorker": SimpleWorker}[sys.argv[4]]
queue = Queue("per-job", connection=connection)
for index in range(int(sys.argv[3])):
    queue.enqueue("benchmarks.one_message.send_one", args=(sys.argv[2], f"member{index}"), result_ttl=0)
began = time.perf_counter()
kind([queue], connection=connection).work(burst=True, logging_level="CRITICAL")
print(int(sys.argv[3]) / (time.perf_counter() - began))
"""


def measure(jobs: int, rows: int) -> None:
    """Print both rates and their ratio; both send over HTTP to the same sink."""
    sink = Sink()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        valkey = EmbeddedValkey(folder / "data")
        valkey.start()
        try:
            forking = _per_job(url_of(folder / "data"), sink.url, jobs, "Worker")
            simple = _per_job(url_of(folder / "data"), sink.url, jobs, "SimpleWorker")
            drained = _drained(folder, sink.url, rows)
        finally:
            valkey.stop()
            sink.close()
    print(f"\ndelivery to a platform on the loopback, messages/s ({rows} rows, {jobs} jobs)")
    print(f"one drain over rows       {drained:8.0f}")
    print(f"RQ Worker, a job each     {forking:8.0f}   ratio {drained / forking:6.1f}")
    print(f"RQ SimpleWorker, a job each {simple:6.0f}   ratio {drained / simple:6.1f}")


def _per_job(valkey_url: str, sink_url: str, jobs: int, kind: str) -> float:
    done = subprocess.run(
        [sys.executable, "-c", _PER_JOB, valkey_url, sink_url, str(jobs), kind], capture_output=True, text=True,
        check=True, cwd=ROOT,
    )
    return float(done.stdout.split()[-1])


def _drained(folder: Path, sink_url: str, rows: int) -> float:
    settings = load(Ground(folder, sink_url).config(free_port()), {})
    house = bootstrap.build_house(settings)
    prepare(house)
    part = bootstrap.DeliveringPart(house)
    now = house.clock.machine_now()

    def promise(unit: Unit) -> None:
        for index in range(rows):
            # A member each: the limit per member is not what is measured.
            body = text_body(f"member{index}", AGENT_ID, f"第 {index} 条")
            put_promise(
                unit,
                Promise(f"bench:{index}", DeliveryKind.MESSAGE, Lane.DEFAULT, f"member{index}", "", body, "", now),
                now=now, machine_now=now,
            )

    part.store.write(promise)
    began = time.perf_counter()
    while part.courier.drain(Lane.DEFAULT):
        pass
    seconds = time.perf_counter() - began
    part.close()
    return rows / seconds
