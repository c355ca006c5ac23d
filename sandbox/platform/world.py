"""Everything the platform remembers: chats, cards and their codes, tokens, media, limits. Safe between threads."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import threading
from collections import deque
from pathlib import Path
from typing import Any

from sandbox.platform.clock import PlatformClock, local
from sandbox.platform.config import Member, PlatformConfig
from sandbox.platform.events import Events
from sandbox.platform.refusals import Refused

Json = dict[str, Any]
TOKEN_SECONDS = 7200
CODE_SECONDS = 72 * 3600
RECALL_SECONDS = 24 * 3600
MEDIA_SECONDS = 3 * 24 * 3600
LOGIN_SECONDS = 300
MEMBER_MINUTE = 30
MEMBER_HOUR = 1000
DUPLICATE_MOST = 14400
_KEPT_MESSAGES = 2000  # per chat


class World:
    """One company's side of the platform. Times in seconds are machine time."""

    def __init__(self, config: PlatformConfig, events: Events, clock: PlatformClock) -> None:
        self.config = config
        self.lock = threading.RLock()
        self.events = events
        self.clock = clock
        self.members: dict[str, Member] = {member.userid.lower(): member for member in config.members}
        self.chats: dict[str, list[Json]] = {userid: [] for userid in self.members}
        self.unread: dict[str, int] = dict.fromkeys(self.members, 0)
        self.menu: Json | None = None
        self.tokens: dict[str, float] = {}
        self.codes: dict[str, Json] = {}
        self.sent: dict[str, float] = {}
        self.minutes: dict[str, deque[float]] = {}
        self.dropped: list[str] = []
        self.media: dict[str, Json] = {}
        self.files: dict[str, bytes] = {}
        self.first_faces: dict[int, Json] = {}  # cards as first sent, by message
        self.logins: dict[str, tuple[str, float]] = {}
        self.wrong_secrets = 0
        self.changes = 0
        self._saved = 0
        self._serial = 0
        self._load()

    # -- numbers

    def serial(self) -> int:
        """Return a number nobody had before."""
        with self.lock:
            self._serial += 1
            self.changes += 1
            return self._serial

    def seconds(self) -> float:
        """Return machine time in seconds."""
        return self.clock.machine_now().timestamp()

    # -- chats

    def say(self, userid: str, direction: str, via: str, **content: Any) -> Json:
        """Put a message into a member's chat and tell the pages."""
        with self.lock:
            message = {
                "id": self.serial(), "at": local(self.clock.now()), "machine": self.seconds(), "direction": direction,
                "via": via, **content,
            }
            chat = self.chats[userid]
            chat.append(message)
            del chat[:-_KEPT_MESSAGES]
            if direction == "out":
                self.unread[userid] += 1
                self.events.push("unread", userid=userid, unread=self.unread[userid])
            self.events.push("message", userid=userid, message=message)
            return message

    def read(self, userid: str) -> None:
        """Take a chat's messages as read."""
        with self.lock:
            self.unread[userid] = 0
            self.changes += 1
        self.events.push("unread", userid=userid, unread=0)

    def message(self, userid: str, message_id: int) -> Json | None:
        """Return one message of a chat."""
        with self.lock:
            return next((one for one in self.chats.get(userid, ()) if one["id"] == message_id), None)

    def change(self, userid: str, message: Json, **changes: Any) -> None:
        """Change a message on the phone and tell the pages."""
        with self.lock:
            if message.get("card") is not None:
                self.first_faces.setdefault(message["id"], message["card"])
            message.update(changes)
            self.changes += 1
        self.events.push("card", userid=userid, message=dict(message))

    # -- cards and codes

    def new_code(self, targets: dict[str, int], kind: str) -> str:
        """Return a code that changes a card once within 72 h. targets: userid → id of the message."""
        code = secrets.token_urlsafe(24)
        with self.lock:
            self.codes[code] = {"targets": targets, "until": self.seconds() + CODE_SECONDS, "kind": kind}
            self.changes += 1
        return code

    def use_code(self, code: str) -> Json:
        """
        Take a code, once.

        Raises:
            Refused: 60140, unknown, used or too old.
        """
        with self.lock:
            kept = self.codes.pop(code, None)
            self.changes += 1
        if kept is None or kept["until"] < self.seconds():
            raise Refused(60140)
        return kept

    # -- limits

    def is_duplicate(self, body: bytes, interval: float) -> bool:
        """Return whether the very same request was taken within the interval."""
        before = self.sent.get(hashlib.sha256(body).hexdigest())
        return before is not None and self.seconds() - before <= interval

    def taken(self, body: bytes) -> None:
        """Remember a request for the duplicate check."""
        with self.lock:
            self.sent[hashlib.sha256(body).hexdigest()] = self.seconds()

    def may_show(self, userid: str) -> bool:
        """Return whether a member is below 30 messages a minute and 1,000 an hour; the excess is dropped silently."""
        now = self.seconds()
        with self.lock:
            times = self.minutes.setdefault(userid, deque())
            while times and now - times[0] >= 3600:
                times.popleft()
            if len(times) >= MEMBER_HOUR or sum(1 for each in times if now - each < 60) >= MEMBER_MINUTE:
                self.dropped.append(userid)
                return False
            times.append(now)
            return True

    # -- tokens

    def new_token(self) -> str:
        """Return the token of the app; while one is good, the same again."""
        now = self.seconds()
        with self.lock:
            for token, until in self.tokens.items():
                if until > now:
                    return token
            token = secrets.token_urlsafe(48)
            self.tokens[token] = now + TOKEN_SECONDS
            self.changes += 1
            return token

    def check_token(self, token: str | None) -> None:
        """
        Look at a call's token.

        Raises:
            Refused: 41001, 40014 or 42001.
        """
        if not token:
            raise Refused(41001)
        until = self.tokens.get(token)
        if until is None:
            raise Refused(40014)
        if until <= self.seconds():
            raise Refused(42001)

    def expire_tokens(self) -> None:
        """Let every token die early, as WeCom may."""
        with self.lock:
            self.tokens = dict.fromkeys(self.tokens, 0.0)

    # -- media

    def keep_media(self, kind: str, name: str, content: bytes) -> str:
        """Keep a file for three days; return its media_id."""
        media_id = f"media-{secrets.token_urlsafe(32)}"
        with self.lock:
            self.files[media_id] = content
            self.media[media_id] = {
                "type": kind, "name": name, "size": len(content), "url": f"/sandbox/api/media/{media_id}",
                "until": self.seconds() + MEDIA_SECONDS,
            }
            self.changes += 1
        return media_id

    def media_of(self, media_id: str) -> tuple[Json, bytes]:
        """
        Return a file that the product or a message names.

        Raises:
            Refused: 40007, unknown or older than three days.
        """
        about = self.media.get(media_id)
        if about is None or about["until"] < self.seconds():
            raise Refused(40007)
        return about, self.files[media_id]

    # -- logging in on a page (wecom-facts 7.1)

    def new_login(self, userid: str) -> str:
        """Return a code that tells once, within five minutes, who somebody is."""
        code = secrets.token_urlsafe(24)
        self.logins[code] = (userid, self.seconds() + LOGIN_SECONDS)
        return code

    # -- surviving a restart

    def save(self) -> None:
        """Write what must survive a restart, if anything has changed."""
        path = self.config.state_file
        if path is None:
            return
        with self.lock:
            if self._saved == self.changes:
                return
            changes = self.changes
            oldest = self.seconds() - DUPLICATE_MOST
            kept = {
                "serial": self._serial, "chats": self.chats, "unread": self.unread, "menu": self.menu,
                "codes": self.codes, "media": self.media, "seq": self.events.seq, "tokens": self.tokens,
                "sent": {digest: at for digest, at in self.sent.items() if at >= oldest},
            }
            text = json.dumps(kept, ensure_ascii=False)
            files = dict(self.files)
        folder = path.with_suffix(".media")
        folder.mkdir(mode=0o700, exist_ok=True)
        for media_id, content in files.items():
            if not (folder / media_id).exists():
                (folder / media_id).write_bytes(content)
        temporary = path.with_suffix(".new")
        temporary.write_text(text)
        os.replace(temporary, path)
        self._saved = changes

    def _load(self) -> None:
        path = self.config.state_file
        if path is None or not path.exists():
            return
        kept = json.loads(path.read_text())
        self._serial = kept["serial"]
        self.events.seq = kept["seq"] + 1
        self.menu = kept["menu"]
        self.codes = kept["codes"]
        self.tokens = kept["tokens"]
        self.sent = kept["sent"]
        for userid, chat in kept["chats"].items():
            if userid in self.chats:
                self.chats[userid] = chat
                self.unread[userid] = kept["unread"].get(userid, 0)
        folder: Path = path.with_suffix(".media")
        for media_id, about in kept["media"].items():
            if (folder / media_id).exists():
                self.media[media_id] = about
                self.files[media_id] = (folder / media_id).read_bytes()
