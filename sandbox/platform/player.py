"""The page's story player: play, pause, step, stop, in its own thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sandbox.platform.clock import SHANGHAI
from sandbox.platform.platform import Platform
from sandbox.platform.play import NotSo, Play, moment_after
from sandbox.platform.stories import Step, Story, StoryWrong

Json = dict[str, Any]
PATIENCE_SECONDS = 12.0
MOVE_SECONDS = 300.0
_LOOK_SECONDS = 0.05
_PAUSE_BETWEEN = 1.6  # seconds a caption stands at speed 1
_MORNING, _EVENING, _BEGIN = 9, 16, "10:00"
_WAITS = frozenset({"silence", "expect"})


class Player:
    """One story at a time. Safe between threads."""

    def __init__(self, platform: Platform, stories: Callable[[], Sequence[Story]]) -> None:
        self._platform = platform
        self._stories = stories
        self._lock = threading.Lock()
        self._go = threading.Condition()
        self._state: Json | None = None
        self._paused = False
        self._steps_allowed = 0
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def listed(self) -> list[Json]:
        """Return the stories as the page lists them."""
        return [
            {"id": story.id, "title": story.title, "about": story.about, "steps": len(story.steps)}
            for story in self._stories()
        ]

    def state(self) -> Json | None:
        """Return what plays, None when nothing does."""
        return self._state

    def start(self, story_id: str, speed: float) -> Json | None:
        """Begin a story, ending another; None when there is none of that id."""
        story = next((each for each in self._stories() if each.id == story_id), None)
        if story is None:
            return None
        with self._lock:
            self.stop()
            self._stop = threading.Event()
            self._paused, self._steps_allowed = False, 0
            self._tell(story, 0, "playing", story.about)
            self._thread = threading.Thread(
                target=self._run, args=(story, max(0.25, min(speed, 20.0)), self._stop), name="story", daemon=True
            )
            self._thread.start()
        return self._state

    def pause(self) -> None:
        """Hold after the step at work."""
        with self._go:
            self._paused = True
        self._mark("paused")

    def resume(self) -> None:
        """Go on."""
        with self._go:
            self._paused = False
            self._go.notify_all()
        self._mark("playing")

    def one_step(self) -> None:
        """Play one step and hold."""
        with self._go:
            self._paused = True
            self._steps_allowed += 1
            self._go.notify_all()
        self._mark("paused")

    def stop(self) -> None:
        """End what plays."""
        self._stop.set()
        with self._go:
            self._go.notify_all()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(PATIENCE_SECONDS + 2)
        self._mark("stopped")

    # -- inside

    def _run(self, story: Story, speed: float, stop: threading.Event) -> None:
        play = Play(self._platform, lambda true: self._settle(true, stop), lambda to: self._move(to, stop))
        number, caption = 0, story.about
        controls: Sequence[str] = ()
        try:
            self._begin(story, stop)
            for number, step in enumerate(story.steps, 1):
                if not self._allowed(stop):
                    return
                if step.caption:
                    caption, controls = step.caption, step.controls
                self._tell(story, number, None, caption, step, controls)
                if step.verb != "silence":  # people at the page may have done something of their own
                    play.step(step)
                if step.verb not in _WAITS or step.caption:
                    self._rest(_PAUSE_BETWEEN / speed, stop)
            self._tell(story, len(story.steps), "finished", caption, None, controls)
        except (NotSo, StoryWrong, ValueError) as error:
            if not stop.is_set():
                self._tell(story, number, "failed", f"{caption} — 没有等到预期的结果：{error}"[:300])

    def _begin(self, story: Story, stop: threading.Event) -> None:
        now = self._platform.clock.now().astimezone(SHANGHAI)
        if story.begin:
            self._move(moment_after(story.begin, now), stop)
        elif now.weekday() >= 5 or not _MORNING <= now.hour < _EVENING:
            wanted = moment_after(_BEGIN, now)
            while wanted.weekday() >= 5:
                wanted += timedelta(days=1)
            self._move(wanted, stop)

    def _allowed(self, stop: threading.Event) -> bool:
        with self._go:
            self._go.wait_for(lambda: stop.is_set() or not self._paused or self._steps_allowed > 0)
            if self._paused and self._steps_allowed > 0:
                self._steps_allowed -= 1
        return not stop.is_set()

    def _settle(self, true: Callable[[], bool], stop: threading.Event) -> bool:
        until = time.monotonic() + PATIENCE_SECONDS
        while not true():
            if stop.is_set() or time.monotonic() > until:
                return False
            time.sleep(_LOOK_SECONDS)
        return True

    def _move(self, to: datetime, stop: threading.Event) -> None:
        clock = self._platform.clock
        clock.move_to(to)
        until = time.monotonic() + MOVE_SECONDS
        while clock.walking() and not stop.is_set() and time.monotonic() < until:
            time.sleep(_LOOK_SECONDS)

    def _rest(self, seconds: float, stop: threading.Event) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and not stop.is_set() and not self._paused:
            time.sleep(_LOOK_SECONDS)

    def _tell(
        self, story: Story, number: int, state: str | None, caption: str, step: Step | None = None,
        controls: Sequence[str] = (),
    ) -> None:
        kept = "paused" if self._paused else "playing"
        who = step.value.get("who") if step is not None and isinstance(step.value, dict) else None
        self._state = {
            "id": story.id, "title": story.title, "state": state or kept, "step": number, "steps": len(story.steps),
            "caption": caption, "controls": list(controls),
            **({"person": str(who).lower()} if who is not None else {}),
        }
        self._platform.events.push("story", story=self._state)

    def _mark(self, state: str) -> None:
        if self._state is None or self._state["state"] in ("finished", "failed", "stopped"):
            return
        self._state = {**self._state, "state": state}
        self._platform.events.push("story", story=self._state)
