"""People who file purchases and sign some of them, over and over, and keep what they were told."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable

from tests.campaigns.product import TEAMS, Callback, Product, in_threads
from tests.campaigns.scale import Campaign
from tests.campaigns.wecom_http import HttpPlatform

DRIVERS = 3
_NUMBER = re.compile(r"CG-\d{8}-\d{4,}")


class Town:
    """
    What the outside knows: which callbacks were acknowledged with which number, and which taps.

    Args:
        mark: asked after each acknowledgement; what it returns is kept beside it.
        sign_every: a card is signed after so many purchases; all of them meet at one desk of finance.
        pace: people rest so many times as long; at 1.0 they file ten a second, which in minutes is more than WeCom
            lets through to their superiors.
    """

    def __init__(
        self, product: Product, platform: HttpPlatform, campaign: Campaign, mark: Callable[[], float] = lambda: 0,
        sign_every: int = 8, pace: float = 1.0,
    ) -> None:
        self.product = product
        self.platform = platform
        self.mark = mark
        self.sign_every = sign_every
        self.pace = pace
        self.dice = campaign.dice
        self.numbers: dict[str, str] = {}  # what was asked for -> number in the acknowledged answer
        self.asked: set[str] = set()
        self.tapped: dict[str, float] = {}  # number whose first card was tapped and acknowledged -> mark
        self.marks: dict[str, float] = {}  # number -> mark when its answer had been read
        self.given_up = 0
        self.seconds: list[float] = []  # of each acknowledged exchange
        self.over = threading.Event()
        self.faults: list[BaseException] = []
        self._tried: set[str] = set()
        self._serial = 0
        self._people: list[threading.Thread] = []
        self._lock = threading.Lock()

    def forget(self) -> None:
        """Begin anew, as after a power cut that took what nobody had been told of: numbers may be given once more."""
        for kept in (self.numbers, self.marks, self.tapped, self._tried, self.platform.cards):
            kept.clear()  # type: ignore[attr-defined]

    def wake_up(self) -> None:
        """Let people work until `fall_asleep`."""
        self.over.clear()
        self._people = in_threads(DRIVERS, self.live)

    def fall_asleep(self) -> None:
        """Let everybody finish; what went wrong in their threads is raised here."""
        self.over.set()
        for person in self._people:
            person.join(30)
        assert not self.faults, self.faults

    def live(self, index: int) -> None:
        """File purchases, and now and then sign one, until it is over."""
        try:
            while not self.over.is_set():
                with self._lock:
                    self._serial += 1
                    serial = self._serial
                self.purchase(f"设备第{serial}号")
                if serial % self.sign_every == 0:
                    self.sign()
                time.sleep(self.pace * self.dice.uniform(0.05, 0.4))
        except BaseException as error:
            self.faults.append(error)

    def purchase(self, what: str) -> None:
        callback = self.product.text(f"e{self.dice.randrange(TEAMS)}", f"采购 {what} 3.5万 扩容")
        with self._lock:
            self.asked.add(what)
        answer = self._deliver(callback)
        if answer is None:
            return
        found = _NUMBER.search(answer)
        assert found is not None, answer
        assert what in answer
        with self._lock:
            self.numbers[what] = found.group()
            self.marks[found.group()] = self.mark()
        if self.dice.random() < 0.1:
            # An answer that WeCom did not get in time: the same event comes again and gets the same answer.
            again = self.product.deliver_once(callback)
            assert again in (None, answer)

    def sign(self) -> None:
        cards = [card for card in list(self.platform.cards) if "同意" in card.keys and card.userid.startswith("s")]
        with self._lock:
            fresh = [card for card in cards if card.number not in self._tried]
            if not fresh:
                return
            card = fresh[0]
            self._tried.add(card.number)
        if self._deliver(self.product.tap(card.userid, card.keys["同意"], card.task_id)) is not None:
            with self._lock:
                self.tapped[card.number] = self.mark()

    def _deliver(self, callback: Callback) -> str | None:
        delivered = self.product.deliver(callback, (self.dice.uniform(0, 0.5), self.dice.uniform(0.5, 2)))
        with self._lock:
            self.given_up += delivered.answer is None
            if delivered.answer is not None:
                self.seconds.append(delivered.seconds)
        return delivered.answer
