"""What changed figures would have done to past filings (P.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from policy.decisions import Refusal
from policy.figures import differences, figure_named, with_figure
from policy.org import Org
from policy.parameters import Parameters
from policy.replay import PastFiling, Path, replay
from tests.storage.sample_org import sample_org

ORG = Org.of(1, *sample_org())
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LOW = Path((("su",), ("qian",), ("zhao",)))
HIGH = Path((("su",), ("lin",), ("qian",), ("zhao",)))


def filing(number: int, fen: int, recorded: Path) -> PastFiling:
    return PastFiling(f"CG-20261123-{number:04}", AT, "xu", "purchase", fen, ORG, Parameters(), recorded)


def raised(parameters: Parameters) -> Parameters:
    return replace(parameters, director_from=10_000_000)


def test_only_filings_between_the_old_and_the_new_limit_take_another_path() -> None:
    cases = [(1, 4_999_999, LOW), (2, 5_000_000, HIGH), (3, 9_999_999, HIGH), (4, 10_000_000, HIGH)]

    outcome = replay([filing(*case) for case in cases], raised)

    assert [each.filing.number[-4:] for each in outcome.differing] == ["0002", "0003"]
    assert (outcome.count, outcome.more, outcome.fewer, outcome.fen) == (4, 0, 2, 14_999_999)
    assert outcome.drifted == []


def test_what_todays_code_does_otherwise_is_named_apart_and_not_laid_to_the_figures() -> None:
    outcome = replay([filing(1, 1_000_000, HIGH)], raised)

    assert outcome.differing == []
    assert [each.filing.number for each in outcome.drifted] == ["CG-20261123-0001"]


def test_a_figure_is_named_alone_or_with_its_group() -> None:
    assert figure_named("authority.director_from") == "director_from"
    assert figure_named("director_from") == "director_from"
    assert figure_named("time.director_from") is None
    assert figure_named("version") is None
    assert figure_named("") is None


def test_a_value_of_the_wrong_kind_or_out_of_range_is_refused() -> None:
    for name, value, code in (
        ("director_from", "10", "figures.wrong_kind"), ("director_from", True, "figures.wrong_kind"),
        ("director_from", 0, "figures.unusable"), ("digest_at", "25:00", "figures.unusable"),
    ):
        refused = with_figure(Parameters(), name, value)
        assert isinstance(refused, Refusal)
        assert refused.code == code


def test_two_versions_differ_in_what_was_changed_alone() -> None:
    assert [(each.name, each.old, each.new) for each in differences(Parameters(), raised(Parameters()))] == [
        ("director_from", 5_000_000, 10_000_000)
    ]
