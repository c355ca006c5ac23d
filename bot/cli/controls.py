"""`controls`: the 66 controls: in force or what is missing, last run, evidence (design rule 17)."""

from __future__ import annotations

import json
from importlib.resources import files

import click
from rich.table import Table

from bot.cli.opened import opened
from bot.cli.options import with_settings
from bot.cli.tables import show_table
from bot.settings import Settings
from handlers.controls import report

PROVEN = "controls_proven.json"


def proven() -> tuple[str, ...]:
    """Return the IDs of the controls whose tests had passed when this program was made."""
    return tuple(json.loads(files("bot.data").joinpath(PROVEN).read_text(encoding="utf-8")))


@click.command(epilog="Example: liuhen controls --config config.yaml")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@with_settings
def controls(settings: Settings, as_json: bool) -> None:
    """List the 66 controls: what starts each, what is missing, when it last ran, how much evidence there is."""
    with opened(settings) as part:
        states = part.store.read(lambda unit: report(unit, part.house.registry, proven()))
    calendar = part.house.calendar
    if as_json:
        rows = [
            {
                "id": state.control.id, "chapter": state.control.chapter, "title": state.control.title,
                "in_force": state.in_force, "missing": list(state.missing), "triggers": list(state.triggers),
                "evidence": state.count, "last": state.last.isoformat() if state.last is not None else None,
            }
            for state in states
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    table = Table("id", "chapter", "control", "state", "last run", "evidence")
    for state in states:
        last = "" if state.last is None else calendar.local(state.last).strftime("%Y-%m-%d %H:%M")
        standing = "in force" if state.in_force else f"missing: {', '.join(state.missing)}"
        table.add_row(state.control.id, state.control.chapter, state.control.title, standing, last, str(state.count))
    show_table(table, f"{sum(state.in_force for state in states)} of {len(states)} in force")
