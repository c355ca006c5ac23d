"""Facts that sources disagree about: the product lives with both readings of each, and with all bad ones together."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sandbox.platform.weather import FAULTS, READINGS
from sandbox.stage import Stage
from tests.scenarios.whole_purchase import NUMBER, SIGNERS, buy, texts, told_once

EACH = sorted((name, value) for name, (_, choices) in READINGS.items() for value, _ in choices)
SHARE = 30


@pytest.mark.parametrize(("name", "value"), EACH)
def test_a_purchase_passes_under_each_reading_and_everybody_is_told_once(stage: Stage, name: str, value: str) -> None:
    stage.reading(**{name: value})
    buy(stage)
    told_once(stage)
    for who, _ in SIGNERS:
        assert stage.card(who).dead, "the card shows that nothing is left to do"


def test_where_the_client_ignores_the_answer_the_card_is_changed_by_the_api(stage: Stage) -> None:
    stage.reading(passive_update="ignored")
    stage.say("xu", "采购 服务器 3.5万 扩容")
    card = stage.tap("su", "同意")
    assert card.dead
    assert card.message["replace_text"] == "已同意"


def test_a_card_that_can_be_changed_by_nothing_answers_from_the_database(stage: Stage) -> None:
    stage.reading(passive_update="ignored", both_updates="no", update_card_type="tap")
    stage.say("xu", "采购 服务器 3.5万 扩容")
    assert not stage.tap("su", "同意").dead
    before = stage.acts(NUMBER)
    stage.skip()
    stage.tap("su", "驳回", choose="金额有误")
    told = [str(each) for each in stage.read("su")]
    assert len(told) <= 1
    assert stage.acts(NUMBER)[: len(before)] == before
    assert "approval.rejected" not in stage.acts(NUMBER)
    assert not any("未通过" in text for text in texts(stage, "xu"))


@pytest.mark.parametrize("retry_on_error", ["yes", "no"])
def test_a_callback_whose_answers_are_lost_is_sent_again_and_acts_once(stage: Stage, retry_on_error: str) -> None:
    stage.reading(retry_on_error=retry_on_error, retry_body="fresh", attempts="4")
    stage.faults(lost=60)
    stage.platform.hands.text("xu", "采购 服务器 3.5万 扩容")
    stage.faults()
    stage.settle()
    sent = [each for each in stage.platform.traffic.entries(kind="text") if each["direction"] == "callback"]
    assert len(sent) >= 2
    assert len(stage.cards("su")) == 1
    assert stage.acts().count("approval.filed") == 1


@pytest.mark.parametrize("fault", sorted(FAULTS))
@pytest.mark.parametrize("seed", [1, 2])
def test_with_each_fault_at_thirty_percent_a_purchase_passes_and_everybody_is_told_once(
    stage_with: Callable[..., Stage], fault: str, seed: int
) -> None:
    stage = stage_with(seed=seed)
    stage.faults(**{fault: SHARE})
    buy(stage)
    stage.faults()
    stage.settle()
    told_once(stage)


def test_in_all_bad_weather_together_a_purchase_passes_and_everybody_is_told_once(
    stage_with: Callable[..., Stage],
) -> None:
    stage = stage_with(seed=5)
    stage.reading(attempts="4", both_updates="no", retry_body="fresh", task_id_after_update="drop")
    stage.faults(**dict.fromkeys(sorted(set(FAULTS) - {"lost"}), 20), lost=10)
    buy(stage)
    stage.faults()
    stage.settle()
    told_once(stage)

