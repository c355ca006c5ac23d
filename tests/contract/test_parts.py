"""`web`, `worker` and `clock`: several of each against one PostgreSQL and one Redis (contract, The program)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.bot.valkey import Valkey
from tests.bot.wecom.platform import Platform
from tests.contract.product import AFTERNOON, Product, soon
from tests.databases import PostgresServer


@pytest.fixture
def redis() -> Iterator[Valkey]:
    server = Valkey()
    server.start()
    yield server
    server.close()


@pytest.fixture
def make_part(
    make_product: Callable[..., Product], postgres_server: PostgresServer, redis: Valkey, tmp_path: Path,
    platform: Platform,
) -> Iterator[Callable[..., Product]]:
    """Return a way to start parts of one company: make_part("worker")."""
    with postgres_server.database(migrated=False) as url:
        made: list[Product] = []

        def make(command: str, **environ: str) -> Product:
            part = make_product(
                environ={"LIUHEN_DATABASE__URL": url, "LIUHEN_REDIS__URL": redis.url, **environ},
            )
            part.log = part.folder / f"{command}-{len(made)}.log"
            made.append(part)
            if command == "web":
                part.start("web")
            else:
                part.launch(command)
            return part

        yield make
        for each in made:
            each.end()


def test_two_of_each_share_the_work_and_nothing_is_done_twice(make_part: Callable[..., Product]) -> None:
    first, second = make_part("web"), make_part("web")
    parts = [first, second, *(make_part(command) for command in ("worker", "worker", "clock", "clock"))]
    numbers = []
    for index, thing in enumerate(("服务器", "显示器", "投影仪", "打印机", "机柜", "交换机")):
        web = (first, second)[index % 2]
        words = web.say("xu", f"采购 {thing} 3.5万 扩容")
        numbers.append(words.split()[1])
        assert words.startswith("已提交采购 "), words
    assert numbers == [f"CG-20261123-{index + 1:04d}" for index in range(6)]
    soon(lambda: len(first.sent_to("su")) >= 6)

    first.move_to(AFTERNOON + timedelta(days=1))
    soon(lambda: len(first.sent_to("su")) >= 12)  # each card is reminded of, by whichever clock
    told = [str(body) for body in first.sent_to("su")]
    for number in numbers:
        assert len([body for body in told if number in body]) == 2, number

    # The work may be done before the last of them has started.
    for kind in ("worker", "clock"):
        sign = f'liuhen_part_seen_seconds{{part="{kind}'
        soon(lambda: first.get("/metrics").text.count(sign) == 2)  # noqa: B023 - asked before the next turn
    for part in reversed(parts):
        assert part.stop()[0] == 0, part.log.read_text()[-2000:]


def test_a_worker_alone_delivers_without_redis(make_part: Callable[..., Product], redis: Valkey) -> None:
    web = make_part("web")
    redis.kill()
    make_part("worker")
    number = web.say("xu", "采购 服务器 3.5万 扩容").split()[1]
    soon(lambda: any(number in str(body) for body in web.sent_to("su")))


def test_postgresql_without_an_attestation_is_said_by_check(make_part: Callable[..., Product]) -> None:
    web = make_part("web")
    (line,) = [line for line in web.command("check").stdout.splitlines() if " database:" in line]
    assert line == (
        "FAIL database: PostgreSQL, encryption at rest not attested → "
        "see to it, then set database.encrypted_at_rest: true"
    )
