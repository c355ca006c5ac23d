"""`liuhen up` as one family: started, stopped, killed and started again (contract, The program; design rule 16)."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

import pytest
import requests

from tests.contract.product import Product, alive, pace, soon

SECOND_START = 5.0
END_SECONDS = 10.0


def test_everything_survives_a_stop_and_a_second_start_which_is_quick(product: Product) -> None:
    first = product.start()
    number = product.say("xu", "采购 服务器 3.5万 扩容").split()[1]
    soon(lambda: bool(product.sent_to("su")))
    code, seconds = product.stop()
    assert code == 0
    assert seconds < END_SECONDS
    assert [pid for pid in product.family() if alive(pid)] == []

    before = pace()
    second = product.start()
    crowd = max(before, pace())  # other tests run beside this one; the promise is of a machine of its own
    print(f"first start {first:.1f} s, second start {second:.1f} s, stop {seconds:.1f} s, work takes {crowd:.1f} times")
    assert second < SECOND_START * crowd
    assert number in product.say("xu", f"追溯 {number}")
    assert product.say("xu", "采购 显示器 2000 坏了").split()[1] == f"{number[:-1]}2"
    assert len(product.sent_to("su")) <= 2


def test_the_sample_files_work_as_they_stand(make_product: Callable[..., Product]) -> None:
    product = make_product(more="")
    product.start()
    words = product.say("xu", "采购 服务器 3.5万 扩容")
    assert "签字顺序：苏主管 → 钱总监 → 赵总" in words
    assert "演练" not in words
    assert product.stop()[0] == 0


def test_an_empty_folder_gets_keys_and_it_is_said_where(product: Product) -> None:
    product.start()
    keys = product.data / "keys"
    assert str(keys) in product.log.read_text()
    assert {path.name for path in keys.iterdir()} == {"keyring.json", "database.key"}
    assert {oct(path.stat().st_mode & 0o777) for path in keys.iterdir()} == {"0o600"}
    assert b"SQLite" not in (product.data / "liuhen.db").read_bytes()[:100]


def test_each_part_that_is_killed_is_started_again(product: Product) -> None:
    product.start()
    soon(lambda: len(product.family()) >= 7)  # web and its server, two workers, clock, watchdog, Valkey
    before = product.family()
    for pid in before:
        if alive(pid):
            os.kill(pid, signal.SIGKILL)
    soon(lambda: len([pid for pid in product.family() if alive(pid)]) >= len(before))
    soon(product.ready)
    number = product.say("xu", "采购 服务器 3.5万 扩容").split()[1]
    soon(lambda: any(number in str(body) for body in product.sent_to("su")))
    assert product.stop()[0] == 0


def test_the_children_of_a_killed_parent_die_and_the_folder_can_be_opened_again(product: Product) -> None:
    product.start()
    number = product.say("xu", "采购 服务器 3.5万 扩容").split()[1]
    children = product.family()
    assert len(children) >= 6
    assert product.stop(signal.SIGKILL)[0] == -signal.SIGKILL
    soon(lambda: not any(map(alive, children)))
    product.start()
    assert number in product.say("xu", f"追溯 {number}")
    soon(lambda: any(number in str(body) for body in product.sent_to("su")))


def test_ctrl_c_stops_everything_cleanly(product: Product) -> None:
    product.start()
    children = product.family()
    code, seconds = product.stop(signal.SIGINT)
    assert code == 0
    assert seconds < END_SECONDS
    assert not any(map(alive, children))


def test_a_stop_finishes_what_is_being_answered(product: Product) -> None:
    product.start()
    number = product.say("xu", "采购 服务器 3.5万 扩容").split()[1]
    assert product.stop()[0] == 0
    with pytest.raises(requests.ConnectionError):
        product.get("/healthz")
    product.start()
    soon(lambda: any(number in str(body) for body in product.sent_to("su")))


def test_a_second_up_on_the_same_folder_is_refused_in_one_line(
    product: Product, make_product: Callable[..., Product]
) -> None:
    product.start()
    assert product.process is not None
    refused = product.command("up")
    assert refused.returncode == 1
    assert refused.stderr.strip() == (
        f"Error: {product.data} is in use by process {product.process.pid}; stop it first, or set another data_dir"
    )
    assert product.ready()


def test_a_taken_port_is_said_in_one_line(product: Product, make_product: Callable[..., Product]) -> None:
    product.start()
    other = make_product("other", port=product.port)
    refused = other.command("up")
    assert refused.returncode == 1
    assert refused.stderr.strip().splitlines()[-1] == (
        f"Error: 127.0.0.1:{product.port}: Address already in use; end what listens there, or set server.port"
    )


def test_up_answers_while_the_platform_is_away(make_product: Callable[..., Product]) -> None:
    product = make_product(more="")
    product.platform.url = "http://127.0.0.1:9"
    product.write_config()
    product.start()
    begun = time.monotonic()
    assert product.say("xu", "采购 服务器 3.5万 扩容").startswith("已提交采购")
    assert time.monotonic() - begun < 5
    assert product.stop()[0] == 0
