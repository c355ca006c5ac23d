"""Every topic of the product, joined."""

from __future__ import annotations

from handlers import (
    alarms,
    amending,
    applications,
    attachments,
    digest,
    finding,
    handing_over,
    help,
    notices,
    nudging,
    previews,
    purchases,
    records,
    rota,
    signing,
    tasks,
    todo,
    trail,
)
from handlers.registry import Registry

TOPICS = (
    purchases.topic, applications.topic, amending.topic, records.topic, signing.topic, handing_over.topic,
    nudging.topic, tasks.topic, todo.topic, finding.topic,
    attachments.topic, trail.topic, previews.topic, alarms.topic, notices.topic, rota.topic, help.topic, digest.topic,
)


def registry() -> Registry:
    """
    Return the registry of every topic.

    Raises:
        ValueError: two topics declare the same word, button, menu key or deadline.
    """
    return Registry(TOPICS)
