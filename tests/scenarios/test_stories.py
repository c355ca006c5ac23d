"""Every story file of the sandbox is a scenario: played on the stage, all it expects must come, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.desk_platform import STORIES
from sandbox.platform.stories import read_story
from sandbox.stage import Stage

FILES = sorted(STORIES.glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_story_comes_out_as_it_is_told(stage: Stage, path: Path) -> None:
    story = read_story(path)
    assert story.id == path.stem
    assert story.steps[-1].verb == "silence", "a story ends with: nothing else was sent"
    stage.play(story)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_story_comes_out_in_a_rehearsal_too_as_the_page_plays_it(
    stage_with: Callable[..., Stage], path: Path
) -> None:
    stage_with(rehearsal={"enabled": True, "clock_offset_file": "offset"}).play(read_story(path))


def test_the_story_of_a_split_order_comes_out_after_other_purchases_and_a_second_time(stage: Stage) -> None:
    for name in ("purchase-approved", "split_order", "split_order"):
        stage.play(read_story(STORIES / f"{name}.yaml"))


def test_the_three_stories_of_a_purchase_are_there() -> None:
    names = {path.stem for path in FILES}
    assert {"purchase-approved", "purchase-returned", "purchase-rejected"} <= names
