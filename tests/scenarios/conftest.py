"""`stage`: a company on the stage (sandbox/stage.py), product and platform in one process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from sandbox.stage import Stage, open_stage
from tests.databases import KEY


@pytest.fixture
def stage(embedded_template: Path, tmp_path: Path) -> Iterator[Stage]:
    """Return the sample company, Monday 23 November 2026, 10:00."""
    with open_stage(tmp_path, template=(embedded_template, KEY)) as opened:
        yield opened


@pytest.fixture
def stage_with(embedded_template: Path, tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    """Return a way to open a company with other settings: stage_with(policy={…}, seed=7)."""
    with ExitStack() as opened:

        def make(**settings: Any) -> Stage:
            folder = tmp_path / f"company-{len(list(tmp_path.iterdir()))}"
            folder.mkdir()
            return opened.enter_context(open_stage(folder, template=(embedded_template, KEY), **settings))

        yield make
