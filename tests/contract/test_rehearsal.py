"""Rehearsal (contract, Configuration): company time moves by a file, and two kinds of database never mix."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.contract.product import AFTERNOON, Product, soon

JUMP_SECONDS = 3.0


def test_a_jump_fires_what_fell_due_within_three_seconds_and_company_time_is_accepted(product: Product) -> None:
    monday = product.move_to(AFTERNOON)
    product.start()
    number = product.say("xu", "采购 服务器 3.5万 扩容", stamp=time.time() + monday).split()[1]
    assert number == "CG-20261123-0001"
    soon(lambda: len(product.sent_to("su")) == 1)

    begun = time.monotonic()
    tuesday = product.move_to(AFTERNOON + timedelta(days=1))  # four working hours are over
    soon(lambda: len(product.sent_to("su")) >= 2)
    seconds = time.monotonic() - begun
    print(f"the reminder arrived {seconds:.2f} s after the jump")
    assert seconds < JUMP_SECONDS
    assert number in str(product.sent_to("su")[-1])

    for stamp in (time.time(), time.time() + tuesday, time.time() + monday):
        assert number in product.say("xu", f"追溯 {number}", stamp=stamp)
    assert product.post("<xml/>", stamp=time.time() + tuesday + 3600).status_code in range(400, 500)
    assert product.say("xu", "采购 显示器 2000 坏了").split()[1] == "CG-20261124-0001"


def test_everything_says_rehearsal(product: Product) -> None:
    product.start()
    number = product.say("xu", "采购 服务器 3.5万 扩容").split()[1]
    soon(lambda: bool(product.sent_to("su")))
    assert "演练" in str(product.sent_to("su")[0])
    assert product.say("xu", f"追溯 {number}").startswith(f"演练 · 采购 {number}")
    assert "a rehearsal (演练)" in product.command("audit", "verify").stdout


@pytest.mark.parametrize(("first", "then"), [("true", "false"), ("false", "true")])
def test_a_database_is_never_opened_as_the_other_kind(
    make_product: Callable[..., Product], first: str, then: str
) -> None:
    product = make_product(more=f"rehearsal: {{enabled: {first}}}\n")
    product.start()
    assert product.stop()[0] == 0
    product.more = f"rehearsal: {{enabled: {then}}}\n"
    product.write_config()
    refused = product.command("up")
    kinds = {"true": "rehearsal", "false": "real"}
    assert refused.returncode == 1
    assert refused.stderr.strip().splitlines()[-1] == (
        f"Error: this database was born as a {kinds[first]} one and was asked to open as {kinds[then]}; "
        "use another data_dir (or database.url), or change rehearsal.enabled back"
    )
    assert product.command("check").returncode == 1
    assert product.command("org", "show").returncode == 1


def test_a_database_without_its_key_is_refused_and_no_key_is_made(product: Product) -> None:
    product.start()
    assert product.stop()[0] == 0
    keys = product.data / "keys"
    keys.rename(product.folder / "kept")
    refused = product.command("up")
    assert refused.returncode == 1
    assert refused.stderr.strip() == (
        f"Error: {product.data / 'liuhen.db'} is encrypted and {keys} holds no keys; "
        "restore them from the recovery kit, or set keys_dir"
    )
    assert not (keys / "keyring.json").exists()
    (product.folder / "kept").rename(keys)
    product.start()


def test_keys_may_lie_apart_from_the_data(make_product: Callable[..., Product]) -> None:
    product = make_product()
    product.more = f"keys_dir: {product.folder / 'elsewhere'}\n"
    product.write_config()
    product.start()
    assert not (product.data / "keys").exists()
    assert (product.folder / "elsewhere" / "keyring.json").exists()
