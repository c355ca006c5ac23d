"""What notifications need from outside; implemented in bot.wecom, and by the platform's stand-in in tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from policy.terms import Lane


@dataclass(frozen=True)
class Sent:
    """
    The platform accepted a message.

    Attributes:
        msgid: for recalling it.
        response_code: changes the card once within 72 h; "" for what is no interactive card.
        invalid_users: recipients it did not take, lower case.
    """

    msgid: str = ""
    response_code: str = ""
    invalid_users: tuple[str, ...] = ()


@dataclass(frozen=True)
class Media:
    """A downloaded media file."""

    content: bytes
    name: str
    content_type: str


class CallState(StrEnum):
    """How a phone call stands; what is neither ringing nor talking is over."""

    RINGING = "ringing"
    TALKING = "talking"
    ENDED = "ended"  # both hung up
    FAILED = "failed"  # nobody was reached
    REFUSED = "refused"  # over WeCom's limit: 3 calls in 8 minutes, 8 in 24 hours


@dataclass(frozen=True)
class CallStarted:
    """What became of calling one person (lower case). callid is "" and errcode not 0 where no call was started."""

    userid: str
    callid: str
    errcode: int = 0


@dataclass(frozen=True)
class CallStatus:
    """
    A call as the platform tells it.

    Attributes:
        answered: the person took the call and talked; no acknowledgement yet.
        began_at: aware UTC, None when not told.
        seconds: how long they talked.
        reason: the platform's number, for the log.
    """

    state: CallState
    answered: bool
    began_at: datetime | None
    seconds: int
    reason: int


class Sender(Protocol):
    """Calls to the platform. Every method raises notifications.errors.SendError subclasses and nothing else."""

    def send(self, body: bytes) -> Sent:
        """Send the given bytes as message/send, unchanged."""

    def update_card(self, body: bytes) -> tuple[str, ...]:
        """Send the given bytes as message/update_template_card; return the userids it did not take."""

    def recall(self, msgid: str) -> None:
        """Take a message back (24 h)."""

    def download_media(self, media_id: str) -> Media:
        """Fetch a media file (3 days)."""

    def upload_media(self, kind: str, name: str, content: bytes) -> str:
        """Upload a media file; return its id."""


class PhoneCaller(Protocol):
    """Places phone calls (7.1b); the callee hears a fixed announcement, so the message goes first. Raises SendError."""

    def call(self, userids: Sequence[str]) -> tuple[CallStarted, ...]:
        """Call these people at once; one entry each, in their order."""

    def state(self, userid: str, callid: str) -> CallStatus:
        """Return how a call stands; nothing tells us by itself."""


class Bell(Protocol):
    """Wakes workers; losing a ring costs a second, never a message."""

    def ring(self, lane: Lane) -> None:
        """Wake whoever serves a lane. Never blocks, never raises."""
