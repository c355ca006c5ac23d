"""`/files/<id>`: an attachment out of the vault, decrypted as it goes out; the look is kept before (3.2b, 6.1d)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from urllib.parse import quote

import structlog
from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from bot.h5.visits import Stranger, Visits
from handlers.attached_file import OnlyTheDirector, attached_file
from notifications.texts import pages as texts
from storage.keys import SealBroken
from storage.queries.files import PENDING, STORED, StoredFile

LOG = structlog.get_logger(__name__)

_ID = re.compile(r"[1-9][0-9]{0,17}")
_AGAIN_SECONDS = "5"
# What a phone shows by itself, by its first bytes; all else is saved, never shown: it could be a page with scripts.
_PICTURES = ((b"\xff\xd8\xff", "image/jpeg", ".jpg"), (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
             (b"GIF87a", "image/gif", ".gif"), (b"GIF89a", "image/gif", ".gif"))
_UNSAFE = re.compile(r'[\x00-\x1f\x7f"\\/:*?<>|\u202a-\u202e\u2066-\u2069]')
_NAME_MOST = 120


class FilePages:
    """Attachments."""

    def __init__(self, visits: Visits) -> None:
        self._visits = visits

    def file(self, name: str) -> AnyResponse:
        """Send an attachment to somebody who may see its item."""
        visits = self._visits
        session = visits.session()
        if session is None:
            return visits.begin(request.path)
        attachment = int(name) if _ID.fullmatch(name) else 0
        found = visits.look(session.userid, "", lambda ctx: attached_file(ctx, attachment))
        if isinstance(found, Stranger):
            return visits.stranger()
        if found is None:
            return visits.not_found()
        if isinstance(found, OnlyTheDirector):
            return visits.say(texts.only_the_director(found.director), 403)
        if found.state != STORED:
            answer = visits.say(
                *((texts.FILE_COMING, 503) if found.state == PENDING else (texts.FILE_LOST, 404))
            )
            if found.state == PENDING:
                answer.headers["Retry-After"] = _AGAIN_SECONDS
            return answer
        return self._opened(found)

    def _opened(self, found: StoredFile) -> AnyResponse:
        try:
            pieces = self._visits.parts.open_file(found.id, found.path)
            first = next(pieces, b"")  # a file that does not open at all is said so
        except (SealBroken, OSError) as error:
            LOG.error("files.broken", attachment=found.id, error=type(error).__name__)
            return self._visits.say(texts.FILE_BROKEN, 500)
        kind, ending = next(
            ((kind, ending) for mark, kind, ending in _PICTURES if first.startswith(mark)),
            ("application/octet-stream", ""),
        )
        return Response(
            chain([first], _to_the_end(found.id, pieces)), 200, content_type=kind,
            headers={
                "Content-Length": str(found.size),
                "Content-Disposition": _disposition("inline" if ending else "attachment", _name(found, ending)),
            },
        )


def _to_the_end(attachment: int, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the pieces; at one that was changed the connection breaks off, so that nobody takes it for the whole."""
    try:
        yield from pieces
    except SealBroken:
        LOG.error("files.broken", attachment=attachment, error="SealBroken")
        raise


def _name(found: StoredFile, ending: str) -> str:
    """Return a name to save it by: the sender's own, without what a file system or a header could misread."""
    name = _UNSAFE.sub("_", found.name).strip(". ")[-_NAME_MOST:]
    return name or f"{texts.KINDS.get(found.kind, texts.KINDS['file'])}-{found.id}{ending}"


def _disposition(how: str, name: str) -> str:
    """Return the header; names that are not ASCII go by RFC 6266, with a plain one for old clients."""
    plain = name.encode("ascii", "ignore").decode().strip() or "file"
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
