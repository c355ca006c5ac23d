"""Instants between Python (aware UTC) and the database (integer milliseconds since the epoch)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_ms(instant: datetime) -> int:
    """
    Return milliseconds since the epoch.

    Raises:
        ValueError: the instant has no time zone.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return (instant - _EPOCH) // _MILLISECOND


def from_ms(stored: int) -> datetime:
    """Return the aware UTC instant."""
    return _EPOCH + timedelta(milliseconds=stored)
