"""`liuhen simulate`: a company's time in fast motion on the stage, with invariants checked (contract)."""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import click

from bot.logs import start_logging
from sandbox.company_life import LEAST_PEOPLE, Life, write_org
from sandbox.invariants import broken
from sandbox.platform.weather import FAULTS
from sandbox.stage import START, Stage, open_stage

_FINDINGS_SHOWN = 20


@click.command(epilog="Example: liuhen simulate --days 20 --people 60 --seed 7 --faults 10")
@click.option("--days", type=click.IntRange(1, 3660), default=5, show_default=True, help="Working days to live.")
@click.option(
    "--people", type=click.IntRange(LEAST_PEOPLE, 2000), default=LEAST_PEOPLE, show_default=True, help="In the company."
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed lives the same days.")
@click.option(
    "--faults", type=click.FloatRange(0, 50), default=0.0, show_default=True, help="Share of each fault, in percent."
)
def simulate(days: int, people: int, seed: int, faults: float) -> None:
    """Live a company's days in fast motion and check that nothing was lost, told twice or decided twice."""
    start_logging("critical")
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        org = Path(folder) / "company.yaml"
        write_org(org, people)
        data = Path(folder) / "data"
        data.mkdir()
        with open_stage(data, org=org, seed=seed, at=START - timedelta(hours=1)) as stage:
            life, findings = live(stage, days, seed, faults)
            seconds = time.monotonic() - began
            for line in summary(stage, life, days, seconds):
                click.echo(line)
    for finding in findings[:_FINDINGS_SHOWN]:
        click.echo(f"BROKEN: {finding}")
    if findings:
        raise click.ClickException(f"{len(findings)} invariants do not hold (seed {seed}, faults {faults:g} %)")
    click.echo("all invariants hold")


def live(stage: Stage, days: int, seed: int, faults: float) -> tuple[Life, list[str]]:
    """Live so many working days, let the weather clear, and return what happened and what does not hold."""
    life = Life(stage, random.Random(seed), list(stage.platform.world.members))
    calendar = stage.house.calendar
    for _ in range(days):
        today = calendar.local(stage.clock.now()).date()
        if calendar.local(stage.clock.now()).hour >= 10 or not calendar.is_working_day(today):
            today = calendar.next_working_day(today + timedelta(days=1), inclusive=True)
        morning = calendar.at(today, calendar.opens)
        if morning > stage.clock.now():
            stage.until(morning)
        stage.faults(**dict.fromkeys(FAULTS, faults))
        life.day()
    stage.faults()
    stage.settle()
    stage.until(calendar.at(calendar.next_working_day(calendar.local(stage.clock.now()).date()), calendar.opens))
    stage.settle()
    return life, broken(stage, life.filed)


def summary(stage: Stage, life: Life, days: int, seconds: float) -> list[str]:
    """Return what happened, in lines."""
    world = stage.platform.world
    said = sum(len(chat) for chat in world.chats.values())
    acts = Counter(stage.acts())
    decided = sum(acts[name] for name in ("approval.approved", "approval.returned", "approval.rejected"))
    return [
        f"{days} working days, {len(world.members)} people, in {seconds:.1f} s",
        f"{life.acts} acts of people ({life.undelivered} without an answer), {said} messages on their phones",
        f"{acts['approval.filed']} purchases filed, {decided} decisions, {sum(acts.values())} events in the trail",
    ]
