"""A platform on the loopback and a product that talks to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.bot.wecom.platform import Platform, running
from tests.contract.product import Product


@pytest.fixture
def platform() -> Iterator[Platform]:
    with running() as served:
        yield served


@pytest.fixture
def make_product(tmp_path: Path, platform: Platform) -> Iterator[Callable[..., Product]]:
    """Return a way to make products; each ends with the test."""
    made: list[Product] = []

    def make(name: str = "company", **more: object) -> Product:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        made.append(Product(folder, platform, **more))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for each in made:
        each.end()


@pytest.fixture
def product(make_product: Callable[..., Product]) -> Product:
    """Return a product on an empty folder, not started."""
    return make_product()


@pytest.fixture(scope="module")
def running_product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Return a started product that the tests of a module share."""
    with running() as platform:
        made = Product(tmp_path_factory.mktemp("company"), platform)
        made.start()
        yield made
        made.end()
