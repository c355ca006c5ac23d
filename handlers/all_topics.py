"""Every topic of the product, joined."""

from __future__ import annotations

from handlers import (
    alarms,
    amending,
    applications,
    asking,
    attachments,
    batch,
    choosing,
    decisions,
    digest,
    drills,
    emergencies,
    finding,
    handing_over,
    help,
    leavers,
    meeting_timers,
    meetings,
    minutes,
    minutes_timers,
    notices,
    nudging,
    overdue_summary,
    permissions,
    previews,
    promise_rates,
    purchases,
    radars,
    records,
    revisions,
    rota,
    settings,
    signing,
    stand_ins,
    standing_meetings,
    task_timers,
    tasks,
    todo,
    trail,
)
from handlers.registry import Registry

TOPICS = (
    purchases.topic,
    applications.topic,
    asking.topic,
    amending.topic,
    records.topic,
    signing.topic,
    handing_over.topic,
    batch.topic,
    nudging.topic,
    tasks.topic,
    todo.topic,
    finding.topic,
    attachments.topic,
    trail.topic,
    previews.topic,
    alarms.topic,
    notices.topic,
    rota.topic,
    drills.topic,
    help.topic,
    digest.topic,
    choosing.topic,
    meetings.topic,
    meeting_timers.topic,
    standing_meetings.topic,
    minutes.topic,
    minutes_timers.topic, overdue_summary.topic,
    decisions.topic,
    task_timers.topic,
    promise_rates.topic,
    settings.topic,
    stand_ins.topic,
    leavers.topic,
    revisions.topic,
    emergencies.topic,
    permissions.topic,
    radars.topic,
)


def registry() -> Registry:
    """
    Return the registry of every topic.

    Raises:
        ValueError: two topics declare the same word, button, menu key or deadline.
    """
    return Registry(TOPICS)
