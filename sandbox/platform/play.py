"""Plays one step of a story on a platform; the page's player and the stage both use it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sandbox.platform.clock import SHANGHAI
from sandbox.platform.delivery import Outcome
from sandbox.platform.hands import Impossible, questions
from sandbox.platform.stories import Numbers, Step, StoryWrong

if TYPE_CHECKING:
    from sandbox.platform.platform import Platform

Json = dict[str, Any]
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
_WEEKDAYS = "一二三四五六日"
# Waits until something is true as far as the product's own doing goes; returns whether it has become true.
Settle = Callable[[Callable[[], bool]], bool]
Move = Callable[[datetime], None]


class NotSo(Exception):
    """What a story expects has not come; says what came instead."""


class Play:
    """
    One playing of one story.

    Args:
        settle: waits for the product.
        move: moves company time to an instant and returns once it is there.
    """

    def __init__(self, platform: Platform, settle: Settle, move: Move) -> None:
        self._platform = platform
        self._world = platform.world
        self._settle = settle
        self._move = move
        self.numbers = Numbers()
        self._taken: set[int] = set()
        self._since = self._world.serial()

    def step(self, step: Step) -> None:
        """
        Play a step.

        Raises:
            NotSo: it did not come out as expected.
            StoryWrong: the step makes no sense here.
        """
        if step.verb in ("move", "until"):
            self._move(self.moment(step))
        elif step.verb == "fault":
            self._platform.set_faults(step.value)
        elif step.verb == "reading":
            self._platform.set_readings(step.value)
        elif step.verb == "silence":
            self._silence(step.value)
        elif step.verb == "expect":
            self._expect(step.value)
        else:
            self._act(step)

    def moment(self, step: Step) -> datetime:
        """Return the company instant a `move` or `until` leads to."""
        now = self._world.clock.now()
        if step.verb == "move":
            return now + timedelta(**{name: float(value) for name, value in step.value.items()})
        return moment_after(str(step.value), now)

    # -- acts

    def _act(self, step: Step) -> None:
        value: Json = step.value
        who = self._member(value["who"])
        try:
            outcome = self._hand(step.verb, who, value)
        except Impossible as error:
            raise NotSo(f"{value['who']} {step.verb}: {error}") from None
        if not outcome.delivered:
            raise NotSo(f"{value['who']} {step.verb}: not delivered ({outcome.status})")

    def _hand(self, verb: str, who: str, value: Json) -> Outcome:
        hands = self._platform.hands
        if verb in ("say", "voice"):
            words = self.numbers.said(str(value["text"]))
            return hands.text(who, words) if verb == "say" else hands.voice(who, words)
        if verb in ("picture", "file"):
            kind = "image" if verb == "picture" else "file"
            return hands.media(who, kind, str(value.get("name", "picture.png")), PICTURE)
        if verb == "menu":
            return hands.menu(who, self._entry(str(value["entry"])))
        if verb == "enter":
            return hands.enter(who)
        if verb == "tap":
            return self._tap(who, value)[1]
        self._settle(lambda: self._rings(who))
        call = self._platform.phones.of(who)
        return hands.call(who, "" if call is None else call["callid"], "answer" if verb == "answer" else "reject")

    def tap(self, who: str, value: Json) -> int:
        """
        Tap as a story does; return the id of the card's message.

        Raises:
            NotSo: there is no such card, or the tap did not arrive.
        """
        try:
            message_id, outcome = self._tap(who, value)
        except Impossible as error:
            raise NotSo(str(error)) from None
        if not outcome.delivered:
            raise NotSo(f"not delivered ({outcome.status})")
        return message_id

    def _tap(self, who: str, value: Json) -> tuple[int, Outcome]:
        old = bool(value.get("old"))
        found: list[tuple[Json, Json, str]] = []

        def look() -> bool:
            found[:] = self._cards_with(who, str(value["button"]), str(value.get("title", "")), old)
            return bool(found)

        if not self._settle(look):
            raise NotSo(f"{who} has no card with {value['button']}")
        message, card, key = found[0]
        selected: dict[str, list[str]] = {}
        if "choose" in value:
            chosen = [
                (question["question_key"], str(option["id"]))
                for question in questions(card) for option in question["option_list"]
                if option["text"] == value["choose"]
            ]
            if not chosen:
                raise NotSo(f"{who}'s card has no choice {value['choose']}")
            selected = {chosen[0][0]: [chosen[0][1]]}
        return int(message["id"]), self._platform.hands.tap(who, message["id"], key, selected, stale=old)

    def _cards_with(self, who: str, button: str, title: str, old: bool) -> list[tuple[Json, Json, str]]:
        found: list[tuple[Json, Json, str]] = []
        for message in reversed(self._world.chats[who]):
            card: Json | None = message.get("card")
            if card is None or message.get("recalled"):
                continue
            face = self._world.first_faces.get(message["id"], card) if old else card
            if title and not self.numbers.matches(title, (face.get("main_title") or {}).get("title", "")):
                continue
            key = None if message.get("card_state") == "dead" and not old else button_key(face, button)
            if key is not None:
                found.append((message, face, key))
        return found

    def _entry(self, name: str) -> str:
        menu = self._world.menu or {}
        for top in menu.get("button", ()):
            for each in (top, *top.get("sub_button", ())):
                if each["name"] == name and each.get("key"):
                    return str(each["key"])
        return name

    # -- expectations

    def _expect(self, value: Json) -> None:
        who = self._member(value["who"])
        if "call" in value:
            if not self._settle(lambda: self._call_state(who) == value["call"]):
                raise NotSo(f"{who}'s phone: {self._call_state(who)}, not {value['call']}")
            return
        if not self._settle(lambda: self._take(who, value)):
            raise NotSo(f"{who} did not get {value.get('text') or value.get('card')!r}; unread: {self.unread(who)}")

    def _take(self, who: str, value: Json) -> bool:
        chat = self._world.chats[who]
        if "text" in value:
            for message in list(chat):
                if self._fresh(message) and message.get("card") is None and not message.get("recalled"):
                    text = str(message.get("text", ""))
                    if self.numbers.matches(str(value["text"]), text):
                        self._taken.add(message["id"])
                        return True
            return False
        for message in reversed(list(chat)):
            shown = message.get("card") is not None and message["id"] > self._since
            if shown and self._as_expected(message, value["card"]):
                self._taken.add(message["id"])
                return True
        return False

    def _as_expected(self, message: Json, wanted: Mapping[str, Any]) -> bool:
        card = message["card"]
        shown = {
            "title": (card.get("main_title") or {}).get("title", ""),
            "desc": (card.get("main_title") or {}).get("desc", ""),
            "source": (card.get("source") or {}).get("desc", ""), "text": card.get("sub_title_text", ""),
            "replace": message.get("replace_text") or "",
        }
        dead = message.get("card_state") == "dead" or bool(message.get("recalled"))
        if "dead" in wanted and bool(wanted["dead"]) != dead:
            return False
        if "buttons" in wanted and ([] if dead else button_words(card)) != list(wanted["buttons"]):
            return False
        rows = {row["keyname"]: row.get("value", "") for row in card.get("horizontal_content_list", ())}
        pairs = [(str(pattern), rows.get(name)) for name, pattern in (wanted.get("rows") or {}).items()]
        pairs += [(str(wanted[name]), text) for name, text in shown.items() if name in wanted]
        known = dict(self.numbers.known)
        if all(text is not None and self.numbers.matches(pattern, text) for pattern, text in pairs):
            return True
        self.numbers.known = known  # what another card shows is not learnt
        return False

    def _silence(self, whom: Any) -> None:
        self._settle(lambda: True)
        people = list(self._world.chats) if whom == "all" else [self._member(who) for who in whom]
        unread = {who: fresh for who in people if (fresh := self.unread(who))}
        if unread:
            raise NotSo(f"also sent: {unread}")

    def unread(self, who: str) -> list[str]:
        """Return what came and was not expected, in words."""
        return [_words(message) for message in self._world.chats[who] if self._fresh(message)]

    def _fresh(self, message: Json) -> bool:
        return message["direction"] == "out" and message["id"] > self._since and message["id"] not in self._taken

    def _call_state(self, who: str) -> str:
        call = self._platform.phones.of(who)
        return "none" if call is None else str(call["state"])

    def _rings(self, who: str) -> bool:
        return self._call_state(who) == "ringing"

    def _member(self, who: Any) -> str:
        userid = str(who).lower()
        if userid not in self._world.members:
            raise StoryWrong(f"nobody is called {who}")
        return userid


def button_key(card: Json, words: str) -> str | None:
    """Return the key of the button with these words, None when the card has none."""
    for button in card.get("button_list", ()):
        if button["text"] == words and button.get("type", 0) == 0:
            return str(button["key"])
    submit = card.get("submit_button")
    return str(submit["key"]) if submit and (submit.get("text") or "提交") == words else None


def button_words(card: Json) -> list[str]:
    """Return the words of what can be tapped."""
    submit = card.get("submit_button")
    own = [str(button["text"]) for button in card.get("button_list", ())]
    return [*own, submit.get("text") or "提交"] if submit else own


def moment_after(words: str, now: datetime) -> datetime:
    """
    Return the next instant that "09:00", "周一 09:00", "明天 08:30" or "2026-12-01 14:30" names.

    Raises:
        StoryWrong: it is none of them.
    """
    local = now.astimezone(SHANGHAI)
    day, _, clock = words.strip().rpartition(" ")
    try:
        hour, minute = (int(piece) for piece in clock.split(":"))
        if "-" in day:
            return datetime.fromisoformat(day).replace(hour=hour, minute=minute, tzinfo=SHANGHAI)
        found = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
        if day == "明天":
            return found + timedelta(days=1)
        weekday = None if not day else _WEEKDAYS.index(day.removeprefix("周"))
    except ValueError:
        raise StoryWrong(f"no moment: {words}") from None
    while found <= local or (weekday is not None and found.weekday() != weekday):
        found += timedelta(days=1)
    return found


def _words(message: Json) -> str:
    card = message.get("card")
    if card is None:
        return str(message.get("text") or message["type"])
    title = (card.get("main_title") or {}).get("title", "")
    return f"[{(card.get('source') or {}).get('desc', '')}] {title} {message.get('replace_text') or ''}".strip()
