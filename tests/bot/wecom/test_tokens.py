"""One token for all threads and processes; a wrong secret is left alone (wecom-facts 4.1)."""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest

from bot.wecom.client import WeComClient
from bot.wecom.tokens import LEASE, SECRET_REST, TokenKeeper, token_name
from notifications.clock import SystemClock
from notifications.errors import ConfigurationWrong, RetryLater
from storage.engine import open_embedded
from storage.keys import Keyring
from storage.migrations import upgrade
from storage.store import Store
from storage.token_store import TokenStore
from tests.bot.wecom.platform import AGENT, CORP, CUT, NOW, SECRET, Answer, Drawer, Platform, Watch, said

KEY, WRAPPING = bytes(range(32)), bytes(reversed(range(32)))
PROCESSES = 4


def client_of(
    platform: Platform, drawer: Drawer, watch: Watch, secret: str = SECRET, agent: int = AGENT
) -> WeComClient:
    return WeComClient(
        corp_id=CORP, secret=secret, agent_id=agent, base_url=platform.url, tokens=drawer, machine_now=watch
    )


class TestOneToken:
    def test_it_is_asked_for_once_and_used_until_two_minutes_before_its_end(
        self, client: WeComClient, platform: Platform, watch: Watch
    ) -> None:
        for _ in range(3):
            client.send(b"{}")
        watch.pass_by(seconds=7200 - 120)
        client.send(b"{}")
        assert platform.counted()["gettoken"] == 1
        watch.pass_by(seconds=1)
        client.send(b"{}")
        assert platform.counted()["gettoken"] == 2
        asked = platform.calls("gettoken")[0]
        assert (asked.method, asked.query) == ("GET", {"corpid": CORP, "corpsecret": SECRET})

    def test_another_client_finds_it_in_the_store(self, platform: Platform, drawer: Drawer, watch: Watch) -> None:
        for _ in range(3):
            client_of(platform, drawer, watch).send(b"{}")
        assert platform.counted()["gettoken"] == 1

    def test_another_app_and_another_secret_have_their_own(
        self, platform: Platform, drawer: Drawer, watch: Watch
    ) -> None:
        client_of(platform, drawer, watch).send(b"{}")
        client_of(platform, drawer, watch, agent=1000003).send(b"{}")
        assert platform.counted()["gettoken"] == 2
        names = {token_name(CORP, AGENT, SECRET), token_name(CORP, 1000003, SECRET), token_name(CORP, AGENT, "other")}
        assert len(names) == 3
        assert not any(SECRET in name for name in names)

    def test_thirty_threads_at_once_ask_once(self, platform: Platform, drawer: Drawer, watch: Watch) -> None:
        """One client per thread: only the store keeps them apart."""
        gate = threading.Barrier(30)

        def send(number: int) -> None:
            client = client_of(platform, drawer, watch)
            gate.wait()
            client.send(b"{}")

        with ThreadPoolExecutor(30) as threads:
            list(threads.map(send, range(30)))
        assert platform.counted() == {"gettoken": 1, "message/send": 30}

    def test_four_processes_at_once_ask_once(self, platform: Platform, tmp_path: Path) -> None:
        """On the real store, an encrypted database."""
        engine = open_embedded(tmp_path, KEY)
        upgrade(engine)
        engine.dispose()
        arrived = threading.Event()
        platform.slow_token = lambda: (arrived.wait(0.3), None)[1]  # long enough for the others to come and look
        context = multiprocessing.get_context("spawn")
        gate = context.Barrier(PROCESSES)
        results = context.Queue()
        members = [
            context.Process(target=_send_from_a_process, args=(tmp_path, platform.url, gate, results))
            for _ in range(PROCESSES)
        ]
        for member in members:
            member.start()
        assert [results.get(timeout=60) for _ in members] == ["sent"] * PROCESSES
        for member in members:
            member.join(20)
        assert platform.counted() == {"gettoken": 1, "message/send": PROCESSES}


def _send_from_a_process(folder: Path, url: str, gate: threading.Barrier, results: multiprocessing.Queue[str]) -> None:
    store = Store(open_embedded(folder, KEY))
    client = WeComClient(
        corp_id=CORP, secret=SECRET, agent_id=AGENT, base_url=url,
        tokens=TokenStore(store, Keyring({"k1": WRAPPING}, "k1")), machine_now=SystemClock().machine_now,
    )
    gate.wait(30)
    try:
        client.send(b"{}")
        results.put("sent")
    except BaseException as error:
        results.put(repr(error))
    store.close()


class TestAVoidToken:
    def test_a_token_that_wecom_calls_void_is_replaced_and_the_call_made_once_more(
        self, client: WeComClient, platform: Platform
    ) -> None:
        client.send(b"{}")
        platform.good_token = "token-2"
        client.send(b"{}")
        assert platform.counted() == {"gettoken": 2, "message/send": 3}

    @pytest.mark.parametrize("code", [40014, 42001, 41001])
    def test_one_that_stays_void_is_refreshed_once_and_left_for_later(
        self, client: WeComClient, platform: Platform, code: int
    ) -> None:
        platform.lay_out("message/send", said(code, "void"))
        with pytest.raises(RetryLater) as caught:
            client.send(b"{}")
        assert caught.value.errcode == code
        assert platform.counted() == {"gettoken": 2, "message/send": 2}

    def test_who_comes_with_the_same_void_token_takes_the_fresh_one(
        self, platform: Platform, drawer: Drawer, watch: Watch
    ) -> None:
        one, two = client_of(platform, drawer, watch), client_of(platform, drawer, watch)
        one.send(b"{}")
        two.send(b"{}")
        platform.good_token = "token-2"
        one.send(b"{}")
        two.send(b"{}")
        assert platform.counted()["gettoken"] == 2


class TestAWrongSecret:
    @pytest.mark.parametrize("code", [40001, 40013])
    def test_it_is_asked_once_and_not_again_for_five_minutes_by_anybody(
        self, platform: Platform, drawer: Drawer, watch: Watch, code: int
    ) -> None:
        platform.lay_out("gettoken", said(code, "invalid"))
        for _ in range(5):
            with pytest.raises(ConfigurationWrong) as caught:
                client_of(platform, drawer, watch).send(b"{}")
            assert caught.value.errcode == code
        assert platform.counted() == {"gettoken": 1}
        watch.pass_by(seconds=SECRET_REST.total_seconds())
        del platform.answers["gettoken"]
        client_of(platform, drawer, watch).send(b"{}")
        assert platform.counted() == {"gettoken": 2, "message/send": 1}

    def test_a_mended_secret_works_at_once(self, platform: Platform, drawer: Drawer, watch: Watch) -> None:
        with pytest.raises(ConfigurationWrong):
            client_of(platform, drawer, watch, secret="mistyped").send(b"{}")
        client_of(platform, drawer, watch).send(b"{}")
        assert platform.counted() == {"gettoken": 2, "message/send": 1}

    def test_forty_threads_with_a_wrong_secret_ask_once(
        self, platform: Platform, drawer: Drawer, watch: Watch
    ) -> None:
        def send(number: int) -> None:
            with pytest.raises(ConfigurationWrong):
                client_of(platform, drawer, watch, secret="mistyped").send(b"{}")

        with ThreadPoolExecutor(40) as threads:
            list(threads.map(send, range(40)))
        assert platform.counted() == {"gettoken": 1}


class TestNoAnswer:
    def test_a_lost_answer_to_gettoken_means_that_the_message_has_not_left(
        self, client: WeComClient, platform: Platform
    ) -> None:
        platform.lay_out("gettoken", CUT)
        with pytest.raises(RetryLater) as caught:
            client.send(b"{}")
        assert caught.value.path == "gettoken"
        assert platform.counted()["message/send"] == 0

    @pytest.mark.parametrize("answer", [said(-1, "busy"), said(45009, "freq"), said(access_token=""), said(40014, "?")])
    def test_a_token_that_is_not_given_is_for_later_and_the_lock_is_free(
        self, client: WeComClient, platform: Platform, drawer: Drawer, answer: Answer
    ) -> None:
        platform.lay_out("gettoken", answer)
        with pytest.raises(RetryLater):
            client.send(b"{}")
        assert drawer.locks == {}
        del platform.answers["gettoken"]
        client.send(b"{}")

    def test_a_holder_who_died_is_waited_for_until_the_lease_runs_out(self) -> None:
        drawer, watch = Drawer(), Watch()
        drawer.try_lock("app", NOW, NOW + LEASE)
        waited: list[datetime] = []

        def wait(seconds: float) -> None:
            waited.append(watch.now)
            watch.pass_by(seconds=1)

        keeper = TokenKeeper("app", drawer, lambda: ("token-1", 7200), watch, wait)
        assert keeper.token() == "token-1"
        assert len(waited) == LEASE.total_seconds() + 1

    def test_a_holder_who_takes_too_long_is_not_waited_for_for_ever(self) -> None:
        drawer, watch = Drawer(), Watch()
        drawer.try_lock("app", NOW, NOW + LEASE)

        def ask() -> tuple[str, int]:
            raise AssertionError("asked while another holds the lock")

        with pytest.raises(RetryLater):
            TokenKeeper("app", drawer, ask, watch, lambda seconds: None).token()

    def test_who_gets_the_lock_looks_first_whether_the_one_before_has_saved(self) -> None:
        """Between our look and our lock another may have asked: a second gettoken would be one too many."""
        watch = Watch()

        class Late(Drawer):
            def try_lock(self, name: str, now: datetime, until: datetime) -> bool:
                self.save(name, "token-of-another", now + 100 * LEASE)
                return super().try_lock(name, now, until)

        drawer = Late()
        keeper = TokenKeeper("app", drawer, lambda: ("token-1", 7200), watch)
        assert keeper.token() == "token-of-another"
        assert drawer.locks == {}
