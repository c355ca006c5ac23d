"""
线索: what the records department may look at a second time, as hints (1.1a, 3.1a, 4.1a).

Nobody else reads it, and it decides nothing. What a signer is shown on the card stands in `handlers.split_hints`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.context import Ctx
from handlers.digest_view import DigestView
from handlers.language.command import CommandLine
from handlers.registry import Answer, DigestPlace, Say, Topic
from notifications.texts import radars as texts
from notifications.texts.general import GROUP_ADMIN
from policy.permissions import scope_of
from policy.radars import Burst, Split, Tally, bursts, pairs_never_refusing, splits
from storage.queries import radars

topic = Topic("radars")

LOOK_DAYS = 14  # the digest's last week and what has come since


@topic.command("线索", group=GROUP_ADMIN, usage=texts.USAGE, examples=texts.EXAMPLES, controls=("3.1a", "4.1a"))
def show(line: CommandLine, ctx: Ctx) -> Answer:
    """List the hints with their numbers to a member of the records department; each look is kept (6.1d)."""
    if not scope_of(ctx.org, ctx.person).everything:
        ctx.access("refused", "")
        return Say(texts.not_yours())
    ctx.access("radars", "")
    since = ctx.now - timedelta(days=LOOK_DAYS)
    summed = [
        texts.split_line(len(split.numbers), split.fen, split.numbers) for split in _splits(ctx, since)
    ]
    close = [
        texts.burst_line(ctx.name(burst.signer), burst.began, burst.seconds, burst.numbers)
        for burst in _bursts(ctx, since, _just_after(ctx))
    ]
    pairs = [
        texts.pair_line(ctx.name(pair.signer), ctx.name(pair.applicant), pair.count, pair.example)
        for pair in _pairs(ctx, _just_after(ctx))
    ]
    if not (summed or close or pairs):
        return Say(texts.nothing(_figures(ctx)))
    return Say(texts.listed(_figures(ctx), summed, close, pairs))


@topic.digest_line(DigestPlace.NOTE)
def on_monday(view: DigestView, ctx: Ctx) -> str:
    """Say to the records department how many there were, without a name."""
    if view.watched is not None:
        return ""
    week = view.week
    close = _bursts(ctx, week.last_begins, week.begins)
    return texts.in_digest(_figures(ctx), len(close), len(_pairs(ctx, _just_after(ctx))))


def _splits(ctx: Ctx, since: datetime) -> list[Split]:
    """Return what reaches the limit together, where one of them was filed since."""
    days = ctx.parameters.split_days
    filed = radars.spending_between(ctx.unit, since - timedelta(days=days), ctx.now)
    fresh = {one.number for one in filed if one.at >= since}
    found = splits(filed, limit=ctx.parameters.director_from, days=days)
    return [split for split in found if not fresh.isdisjoint(split.numbers)]


def _bursts(ctx: Ctx, since: datetime, until: datetime) -> list[Burst]:
    decided = radars.decisions_between(ctx.unit, since, until)
    return bursts(decided, least=ctx.parameters.bulk_decisions, seconds=ctx.parameters.bulk_seconds)


def _pairs(ctx: Ctx, until: datetime) -> list[Tally]:
    least = ctx.parameters.pair_decisions
    since = until - timedelta(days=ctx.parameters.pair_days)
    return pairs_never_refusing(radars.tallies(ctx.unit, since, until, least), least=least)


def _just_after(ctx: Ctx) -> datetime:
    return ctx.now + timedelta(milliseconds=1)


def _figures(ctx: Ctx) -> texts.Figures:
    given = ctx.parameters
    return texts.Figures(
        given.director_from, given.split_days, given.bulk_decisions, given.bulk_seconds, given.pair_decisions,
        given.pair_days, LOOK_DAYS,
    )
