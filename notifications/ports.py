"""What notifications need from outside; implemented in bot.wecom, and by the platform's stand-in in tests."""

from __future__ import annotations

from dataclasses import dataclass
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
    """Places calls (7.1b)."""

    def call(self, userid: str) -> str:
        """Start a call; return its id."""

    def state(self, userid: str, callid: str) -> str:
        """Return how a call stands: ringing | answered | ended | failed."""


class Bell(Protocol):
    """Wakes workers; losing a ring costs a second, never a message."""

    def ring(self, lane: Lane) -> None:
        """Wake whoever serves a lane. Never blocks, never raises."""
