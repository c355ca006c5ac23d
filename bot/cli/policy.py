"""`policy show`, `diff`, `replay`: the figures, their versions, and what a change would have done (P.2, 8e)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, time
from itertools import pairwise

import click
from rich.table import Table

from bot.cli.opened import opened
from bot.cli.options import with_settings
from bot.cli.tables import show_table
from bot.settings import Settings
from handlers.revisions import read_figure
from notifications.texts.sums import figures as money
from policy.decisions import Refusal
from policy.figures import MONEY, differences, figure_named, with_figure
from policy.parameters import Parameters
from policy.replay import Outcome, Path, Replayed, replay
from storage.queries.filings import filings_since
from storage.queries.policy import versions


@click.group()
def policy() -> None:
    """The policy's figures."""


@policy.command(epilog="Example: liuhen policy show --config config.yaml")
@with_settings
def show(settings: Settings) -> None:
    """Show every version of the figures, the newest last; what a version changed is marked."""
    with opened(settings) as part:
        kept = part.store.read(versions)
    table = Table("figure", *(f"version {version}" for version, *_ in kept))
    table.add_row("in force from", *(part.house.calendar.local(at).strftime("%Y-%m-%d %H:%M") for _, at, *_ in kept))
    table.add_row("approved by", *(by for *_, by, _ in kept))
    figures = [asdict(parameters) for _, _, parameters, _, _ in kept]
    for name in figures[-1] if figures else ():
        if name not in ("version", "effective_on"):
            values = [str(each[name]) for each in figures]
            later = (new if new == old else f"{new} *" for old, new in pairwise(values))
            table.add_row(name, values[0], *later)
    show_table(table)


@policy.command(epilog="Example: liuhen policy diff 1 3 --config config.yaml")
@click.argument("old", type=int, required=False)
@click.argument("new", type=int, required=False)
@with_settings
def diff(settings: Settings, old: int | None, new: int | None) -> None:
    """Show which figures differ between two versions; without numbers, the newest and the one before it."""
    with opened(settings) as part:
        kept = {version: parameters for version, _, parameters, _, _ in part.store.read(versions)}
    if not kept:
        raise click.ClickException("there is no version of the policy yet; start `liuhen up` once")
    newest = max(kept)
    after = newest if new is None else new
    before = (max((each for each in kept if each < after), default=after)) if old is None else old
    for version in (before, after):
        if version not in kept:
            raise click.ClickException(f"there is no version {version}; the versions are {_listed(sorted(kept))}")
    table = Table("figure", f"version {before}", f"version {after}")
    differing = differences(kept[before], kept[after])
    for each in differing:
        table.add_row(each.name, _shown(each.name, each.old), _shown(each.name, each.new))
    if not differing:
        click.echo(f"versions {before} and {after} hold the same figures")
        return
    show_table(table)


@policy.command(
    "replay",
    epilog="Example: liuhen policy replay --set authority.director_from=10万 --since 2026-07-01 --config config.yaml",
)
@click.option("--set", "changes", multiple=True, required=True, help="figure=value, as authority.director_from=10万")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Company date of the oldest filing.")
@with_settings
def replay_command(settings: Settings, changes: tuple[str, ...], since: object) -> None:
    """Run past filings under changed figures and show whose path would differ. Nothing is written."""
    wanted = dict(_change(each) for each in changes)
    day: date = since.date()  # type: ignore[attr-defined]
    with opened(settings) as part:
        filings = part.store.read(lambda unit: filings_since(unit, part.house.calendar.at(day, time(0))))
        names = {userid: person.name for filing in filings for userid, person in filing.org.people.items()}

    def change(parameters: Parameters) -> Parameters:
        for name, value in wanted.items():
            changed = with_figure(parameters, name, value)
            if isinstance(changed, Refusal):
                raise click.ClickException(f"{name}: {changed.data.get('mend', 'is of the wrong kind')}")
            parameters = changed
        return parameters

    change(Parameters())
    _show_outcome(replay(filings, change), names, day)


def _change(typed: str) -> tuple[str, int | str]:
    path, sign, value = typed.partition("=")
    name = figure_named(path)
    if name is None or not sign:
        raise click.ClickException(f"--set {typed}: write figure=value with a figure that `policy show` lists")
    read = read_figure(name, value)
    if read is None:
        wanted = "a sum such as 10万" if name in MONEY else "a whole number"
        raise click.ClickException(f"--set {typed}: write {wanted}")
    return name, read


def _show_outcome(outcome: Outcome, names: dict[str, str], since: date) -> None:
    if not outcome.count:
        click.echo(f"nothing was filed since {since} that can be replayed")
        return
    drift = [each for each in outcome.drifted if not each.differs]
    for title, rows in (("would differ", outcome.differing), ("differs by today's code, figures unchanged", drift)):
        if not rows:
            continue
        table = Table("number", "sum", "as filed", "then" if rows is drift else "with the change", title=title)
        for each in rows:
            table.add_row(*_row(each, names, by_code=rows is drift))
        show_table(table)
    click.echo(
        f"{outcome.count} filings since {since}: {len(outcome.differing)} would take another path, "
        f"{outcome.more} signatures more, {outcome.fewer} fewer, {money(outcome.fen)} concerned; "
        f"{len(outcome.drifted)} differ by today's code already"
    )


def _row(each: Replayed, names: dict[str, str], *, by_code: bool) -> tuple[str, str, str, str]:
    filing = each.filing
    was, now = (filing.recorded, each.before) if by_code else (each.before, each.after)
    return filing.number, "" if filing.fen is None else money(filing.fen), _path(was, names), _path(now, names)


def _path(path: Path, names: dict[str, str]) -> str:
    if path.refusal:
        return f"refused: {path.refusal}"
    return " → ".join("、".join(names.get(userid, userid) for userid in step) for step in path.steps)


def _shown(name: str, value: int | str) -> str:
    return money(value) if name in MONEY and isinstance(value, int) else str(value)


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))
