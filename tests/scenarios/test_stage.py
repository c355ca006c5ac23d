"""The stage and its stories: what does not come is noticed, what was saved plays again, time goes in due order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import yaml

from sandbox.platform.stories import Numbers, StoryWrong, story_of
from sandbox.stage import Stage

SAY = {"say": {"who": "xu", "text": "采购 服务器 3.5万 扩容"}}
CC = {"expect": {"who": "lin", "text": "抄送：{*}{CG}{*}"}}
FILED = {"expect": {"who": "xu", "text": "已提交采购 {CG}{*}"}}
CARD = {"expect": {"who": "su", "card": {"title": "服务器", "rows": {"编号": "{CG}"}}}}


def story(*steps: Any) -> Any:
    return story_of({"id": "t", "title": "t", "steps": list(steps)})


@pytest.mark.parametrize(
    "steps",
    [
        (SAY, {"expect": {"who": "xu", "text": "已提交采购 {CG}"}}),
        (SAY, {"expect": {"who": "zhao", "text": "{*}"}}),
        (SAY, {"expect": {"who": "su", "card": {"title": "显示器"}}}),
        (SAY, {"expect": {"who": "su", "card": {"title": "服务器", "rows": {"金额": "¥1.00"}}}}),
        (SAY, {"expect": {"who": "su", "card": {"title": "服务器", "dead": True}}}),
        (SAY, {"expect": {"who": "su", "card": {"buttons": ["同意"]}}}),
        (SAY, {"expect": {"who": "su", "call": "ringing"}}), (SAY, FILED, FILED), (SAY, FILED, {"silence": "all"}),
        (SAY, {"silence": ["su"]}), ({"tap": {"who": "su", "button": "同意"}},), ({"answer": {"who": "su"}},),
        (SAY, {"tap": {"who": "su", "button": "驳回", "choose": "没有这个原因"}}),
        ({"say": {"who": "xu", "text": " "}},),
    ],
)
def test_what_does_not_come_out_as_told_is_noticed(stage: Stage, steps: tuple[Any, ...]) -> None:
    with pytest.raises(AssertionError, match="t, step"):
        stage.play(story(*steps))


def test_what_was_expected_is_no_longer_unread(stage: Stage) -> None:
    stage.play(story(SAY, FILED, CC, CARD, {"silence": "all"}))


@pytest.mark.parametrize(
    "told",
    [
        {}, {"id": "t", "title": "t", "steps": []}, {"id": "t", "title": "t", "steps": ["say"]},
        {"id": "t", "title": "t", "steps": [{"dance": {"who": "xu"}}]},
        {"id": "t", "title": "t", "steps": [{"say": {"text": "x"}}]},
        {"id": "t", "title": "t", "steps": [{"say": {"who": "xu", "words": "x"}}]},
        {"id": "t", "title": "t", "steps": [{**SAY, "enter": {"who": "xu"}}]},
        {"id": "t", "title": "t", "steps": [{"expect": {"who": "su", "card": {"colour": "red"}}}]},
    ],
)
def test_a_story_file_with_a_fault_is_refused(told: Any) -> None:
    with pytest.raises(StoryWrong):
        story_of(told)


@pytest.mark.parametrize(
    ("pattern", "text", "learnt"),
    [
        ("已提交 {CG}", "已提交 CG-20261123-0001", {"CG": "CG-20261123-0001"}),
        ("{CG} 和 {CG}", "CG-20261123-0001 和 CG-20261123-0001", {"CG": "CG-20261123-0001"}),
        ("{CG} 和 {CG}", "CG-20261123-0001 和 CG-20261123-0002", None), ("{CG}", "RW-20261123-0001", None),
        ("好{*}", "好\n的", {}), ("好", "好的", None), ("a.c", "abc", None), ("{{CG}}", "{CG}", {}),
    ],
)
def test_texts_are_literal_but_for_numbers_and_holes(pattern: str, text: str, learnt: dict[str, str] | None) -> None:
    numbers = Numbers()
    assert numbers.matches(pattern, text) == (learnt is not None)
    assert numbers.known == (learnt or {})


def test_a_number_that_nothing_has_shown_cannot_be_said(stage: Stage) -> None:
    with pytest.raises(StoryWrong, match="CG"):
        stage.play(story({"say": {"who": "xu", "text": "追溯 {CG}"}}))


def test_the_last_minutes_saved_play_again_as_a_test(stage_with: Callable[..., Stage]) -> None:
    first = stage_with()
    first.say("xu", "采购 服务器 3.5万 扩容")
    first.tap("su", "驳回", choose="金额有误")
    first.say("xu", "重提 CG-20261123-0001")
    first.tap("su", "同意")
    saved = yaml.safe_load(first.platform.journal.as_story(5))
    verbs = [next(iter(step)) for step in saved["steps"]]
    assert verbs.count("say") == 2
    assert verbs.count("tap") == 2
    assert verbs[-1] == "silence"
    stage_with().play(story_of(saved))


def test_time_stops_at_each_due_instant_in_order(stage: Stage) -> None:
    stage.say("xu", "采购 服务器 3.5万 扩容")
    stage.until("明天 18:30")
    ats = [message["at"] for message in stage.platform.world.chats["su"]]
    assert len(ats) >= 2, "a card that waits is reminded of"
    assert ats == sorted(ats)
    assert stage.clock.now() == datetime.fromisoformat("2026-11-24T18:30:00+08:00")


@pytest.mark.parametrize(
    ("words", "then"),
    [
        ("11:30", "2026-11-23T11:30:00+08:00"), ("09:00", "2026-11-24T09:00:00+08:00"),
        ("周三 08:30", "2026-11-25T08:30:00+08:00"), ("周一 09:00", "2026-11-30T09:00:00+08:00"),
        ("明天 08:30", "2026-11-24T08:30:00+08:00"), ("2026-12-01 14:30", "2026-12-01T14:30:00+08:00"),
    ],
)
def test_a_moment_is_the_next_one_of_its_name(stage: Stage, words: str, then: str) -> None:
    stage.until(words)
    assert stage.clock.now() == datetime.fromisoformat(then)
