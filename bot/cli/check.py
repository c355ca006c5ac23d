"""`check`: the doctor."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from bot.cli.options import with_settings
from bot.doctor import examine
from bot.settings import Settings


@click.command(epilog="Example: liuhen check --config config.yaml")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@with_settings
def check(settings: Settings, as_json: bool) -> None:
    """Examine everything the product needs: one line each, with what to do; exit 1 if anything fails."""
    found = examine(settings)
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], ensure_ascii=False))
    else:
        for each in found:
            mend = f" → {each.mend}" if each.mend else ""
            click.echo(f"{'ok  ' if each.ok else 'FAIL'} {each.name}: {each.said}{mend}")
    if not all(each.ok for each in found):
        raise click.exceptions.Exit(1)
