"""
One call to the platform for one row, and what its answer means; never raises, touches no database.

The row's bytes leave unchanged, so that a second try is the same message to WeCom (design rule 5).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Protocol

import structlog

from notifications.errors import (
    CardCodeSpent,
    ConfigurationWrong,
    OutcomeUnknown,
    RecipientGone,
    RefusedForever,
    RetryLater,
    SendError,
)
from notifications.messages import with_code
from notifications.ports import CallStarted, CallStatus, Sender, Sent
from policy.terms import DeliveryKind
from storage.errors import TryAgainLater
from storage.keys import Keyring
from storage.queries.deliveries import Delivery
from storage.vault import write_file

LOG = structlog.get_logger(__name__)
NOTHING_SENT = Sent()


class Verdict(Enum):
    """What is true in the world after a try."""

    DONE = "done"
    LATER = "later"  # nothing was done, the same call may succeed later
    LOST = "lost"  # it left us, no answer was read
    REFUSED = "refused"  # it is wrong and stays wrong
    GONE = "gone"  # the recipient cannot be reached
    MISCONFIGURED = "misconfigured"  # no call will succeed before an administrator acts
    SUPERSEDED = "superseded"  # a card that cannot be changed any more
    NOT_CALLED = "not called"  # we stopped before the call


@dataclass(frozen=True)
class KeptFile:
    """A file in the vault: path below it, size in bytes, SHA-256 of the content in hex."""

    path: str
    size: int
    sha256: str


class FileKeeper(Protocol):
    """The vault, as far as a download needs it."""

    def keep(self, object_id: str, content: bytes) -> KeptFile:
        """Encrypt and store a file, durably; the same object again replaces it."""
        ...


@dataclass(frozen=True)
class VaultKeeper:
    """Keeps files in the vault under a folder (3.2b)."""

    keyring: Keyring
    folder: Path

    def keep(self, object_id: str, content: bytes) -> KeptFile:
        """Encrypt and store a file, durably; the same object again replaces it."""
        path, sha256 = write_file(self.keyring, self.folder, object_id, content)
        return KeptFile(path, len(content), sha256)


def attachment_object(attachment: int) -> str:
    """Return the vault's name of an attachment, by the id of its row."""
    return f"attachment:{attachment}"


@dataclass(frozen=True)
class Errand:
    """A claimed row with what its call needs: codes of a card, the msgid to take back, the attachment's id."""

    delivery: Delivery
    codes: tuple[str, ...] = ()
    msgid: str = ""
    attachment: int = 0


@dataclass(frozen=True)
class Result:
    """
    The answer to one call.

    Attributes:
        error: code, path and hint; never a token or what a person wrote.
        wait: what the platform asked to wait.
        spent: response codes of the card that can be used no more.
        started, status: of a phone call that was placed, or asked after.
        errcode: the platform's, of a phone call that could not be placed.
        phone: the call was one by phone.
    """

    verdict: Verdict
    error: str = ""
    wait: timedelta = timedelta(0)
    sent: Sent = NOTHING_SENT
    spent: tuple[str, ...] = ()
    file: KeptFile | None = None
    started: CallStarted | None = None
    status: CallStatus | None = None
    errcode: int = 0
    phone: bool = False


def call(sender: Sender, keeper: FileKeeper, errand: Errand) -> Result:
    """Make the call that a row asks for and say what came of it."""
    try:
        return _CALLS[errand.delivery.kind](sender, keeper, errand)
    except SendError as error:
        return meaning(error)
    except TryAgainLater:
        return Result(Verdict.LATER, "database away")  # the access token lies there; nothing left us
    except Exception as error:
        # Nobody knows how far it got: the honest answer is that its fate is unknown.
        LOG.error("delivery.call_broke", outbox_id=errand.delivery.id, exc_info=error)
        return Result(Verdict.LOST, f"{type(error).__module__}.{type(error).__name__}")


def _message(sender: Sender, keeper: FileKeeper, errand: Errand) -> Result:
    sent = sender.send(errand.delivery.body)
    if errand.delivery.recipient and errand.delivery.recipient in sent.invalid_users:
        return Result(Verdict.GONE, "message/send: recipient not taken")
    return Result(Verdict.DONE, sent=sent)


def _card_update(sender: Sender, keeper: FileKeeper, errand: Errand) -> Result:
    spent: list[str] = []
    for code in errand.codes:
        spent.append(code)
        try:
            sender.update_card(with_code(errand.delivery.body, code))
        except CardCodeSpent:
            continue
        except SendError as error:
            # This code may still be good; those before it are not.
            return replace(meaning(error), spent=tuple(spent[:-1]))
        return Result(Verdict.DONE, spent=tuple(spent))
    return Result(Verdict.SUPERSEDED, "superseded", spent=tuple(spent))


def _recall(sender: Sender, keeper: FileKeeper, errand: Errand) -> Result:
    sender.recall(errand.msgid)
    return Result(Verdict.DONE)


def _download(sender: Sender, keeper: FileKeeper, errand: Errand) -> Result:
    media = sender.download_media(errand.delivery.body.decode())
    return Result(Verdict.DONE, file=keeper.keep(attachment_object(errand.attachment), media.content))


_CALLS = {
    DeliveryKind.MESSAGE: _message, DeliveryKind.CARD_UPDATE: _card_update, DeliveryKind.RECALL: _recall,
    DeliveryKind.DOWNLOAD: _download,
}


def meaning(error: SendError) -> Result:
    """Return what an error of the platform says about a try."""
    said = str(error)
    if isinstance(error, RetryLater):
        return Result(Verdict.LATER, said, timedelta(seconds=error.after_seconds))
    if isinstance(error, RecipientGone):
        return Result(Verdict.GONE, said)
    if isinstance(error, RefusedForever):
        return Result(Verdict.REFUSED, said)
    if isinstance(error, ConfigurationWrong):
        return Result(Verdict.MISCONFIGURED, said)
    if isinstance(error, CardCodeSpent):
        return Result(Verdict.SUPERSEDED, said)
    if not isinstance(error, OutcomeUnknown):
        LOG.error("delivery.error_of_no_kind", error=type(error).__name__)
    return Result(Verdict.LOST, said)
