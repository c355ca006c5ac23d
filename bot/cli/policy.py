"""`policy show`: the figures in force and every version of them (P.2)."""

from __future__ import annotations

from dataclasses import asdict
from itertools import pairwise

import click
from rich.table import Table

from bot.cli.opened import opened
from bot.cli.options import with_settings
from bot.cli.tables import show_table
from bot.settings import Settings
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
