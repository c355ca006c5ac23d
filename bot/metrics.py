"""
/metrics: what this web process counted, and what the database says at the moment it is asked (Prometheus text).

Counters live in the process; ages and backlogs are read from rows, so that any web process tells the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from notifications.clock import Clock
from storage.queries.backlog import backlogs, undelivered
from storage.queries.due import earliest_due
from storage.queries.heartbeats import beats
from storage.store import Store
from storage.unit import Unit

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """
    Counts, and renders.

    Args:
        watchdog_file: what the watchdog last wrote; its age shows whether it lives.
    """

    def __init__(self, store: Store, clock: Clock, watchdog_file: Path | None = None) -> None:
        self._registry = CollectorRegistry()
        self._watchdog_file = watchdog_file
        self.answered = Counter(
            "liuhen_callbacks_total", "Well signed callbacks.", ("kind", "state"), registry=self._registry
        )
        self.refused = Counter(
            "liuhen_callbacks_refused_total", "Callbacks refused at the door.", ("reason",), registry=self._registry
        )
        self.busy = Counter(
            "liuhen_callbacks_busy_total", "Callbacks answered 503 because nothing could be kept.",
            registry=self._registry,
        )
        self.seconds = Histogram(
            "liuhen_callback_seconds", "Time from the opened body to the answer.", buckets=_SECONDS,
            registry=self._registry,
        )
        self._registry.register(_Rows(store, clock))

    def render(self) -> bytes:
        """Return everything as Prometheus reads it; the database being away leaves its part out."""
        text = generate_latest(self._registry)
        try:
            return text + (self._watchdog_file.read_bytes() if self._watchdog_file is not None else b"")
        except OSError:
            return text


class _Rows(Collector):
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def describe(self) -> list[Metric]:
        """Name nothing beforehand: registering must not open the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("liuhen_database_up", "Whether the database answered just now.")
        try:
            found = self._store.read(self._see)
        except Exception:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        yield from found

    def _see(self, unit: Unit) -> list[Metric]:
        now = self._clock.machine_now()
        count = GaugeMetricFamily("liuhen_outbox_ripe", "Messages that could leave now.", labels=("lane",))
        oldest = GaugeMetricFamily("liuhen_outbox_oldest_seconds", "Age of the oldest of them.", labels=("lane",))
        for waiting in backlogs(unit, now, now):
            count.add_metric([waiting.lane.value], waiting.count)
            oldest.add_metric([waiting.lane.value], (now - waiting.oldest).total_seconds())
        stuck = GaugeMetricFamily("liuhen_outbox_undelivered", "Messages that an operator must decide about.")
        stuck.add_metric([], len(undelivered(unit)))
        age = GaugeMetricFamily("liuhen_part_seen_seconds", "Age of a part's last sign of life.", labels=("part",))
        foreign = GaugeMetricFamily(
            "liuhen_jobs_refused", "Jobs in Redis that were no rings of ours, since its start.", labels=("part",)
        )
        for each in beats(unit):
            age.add_metric([each.part], (now - each.at).total_seconds())
            if "refused" in each.detail:
                foreign.add_metric([each.part], float(each.detail["refused"]))
        overdue = GaugeMetricFamily("liuhen_deadline_overdue_seconds", "How late the oldest due deadline is.")
        overdue.add_metric([], _late(earliest_due(unit), self._clock.company_now()))
        return [count, oldest, stuck, age, foreign, overdue]


def _late(due: datetime | None, now: datetime) -> float:
    return 0.0 if due is None else max(0.0, (now - due).total_seconds())
