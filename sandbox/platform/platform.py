"""The platform as one thing: its memory, its weather, what members do, and the product's way in."""

from __future__ import annotations

from typing import Any

from flask import Flask

from sandbox.platform.clock import PlatformClock, local
from sandbox.platform.codec import PlatformCodec
from sandbox.platform.config import PlatformConfig
from sandbox.platform.delivery import Delivery, Post
from sandbox.platform.events import Events
from sandbox.platform.hands import Hands
from sandbox.platform.journal import Journal
from sandbox.platform.phonecalls import PhoneCalls
from sandbox.platform.qyapi import create_qyapi
from sandbox.platform.traffic import Traffic
from sandbox.platform.weather import Weather
from sandbox.platform.world import World

Json = dict[str, Any]


class Platform:
    """
    One company's WeCom.

    Args:
        post: sends a sealed callback to the product and returns its answer.
        weather: faults and readings in force; default: all well.
    """

    def __init__(
        self, config: PlatformConfig, clock: PlatformClock, post: Post, weather: Weather | None = None
    ) -> None:
        self.config = config
        self.clock = clock
        self.events = Events()
        self.world = World(config, self.events, clock)
        self.weather = weather if weather is not None else Weather()
        self.traffic = Traffic(self.events, lambda: local(clock.now()))
        self.phones = PhoneCalls(self.world)
        self.journal = Journal(self.world)
        codec = PlatformCodec(config.token, config.aes_key, config.corp_id)
        self.delivery = Delivery(self.world, self.weather, self.traffic, codec, post)
        self.hands = Hands(self.world, self.weather, self.delivery, self.phones, self.journal)
        clock.listen(self._moved)

    def app(self) -> Flask:
        """Return /cgi-bin/… as an application; the page's routes are added by `control`."""
        app = Flask("platform", static_folder=None, template_folder=None)
        app.register_blueprint(create_qyapi(self.world, self.weather, self.traffic, self.phones))
        return app

    def time(self) -> Json:
        """Return company time as the page takes it."""
        due = self.clock.due()
        return {
            "now": local(self.clock.now()), "offset_seconds": self.clock.offset,
            "next_due": None if due is None else local(due),
        }

    def set_faults(self, wanted: dict[str, object]) -> None:
        """Set shares in percent and tell the pages; raises ValueError."""
        self.weather.set_faults(wanted)
        self.events.push("faults", faults=self.weather.faults)

    def set_readings(self, wanted: dict[str, object]) -> None:
        """Choose readings and tell the pages; raises ValueError."""
        self.weather.set_readings(wanted)
        self.events.push("readings", readings=self.weather.readings)

    def close(self) -> None:
        """Keep what must survive, end every stream."""
        self.events.close()
        self.world.save()

    def _moved(self) -> None:
        self.phones.refresh()
        self.events.push("time", **self.time())
