"""`check`: the doctor."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from bot.cli.options import config_option, settings_from
from bot.doctor import Finding, examine, refused
from bot.settings_sources import SettingsRefused


@click.command(epilog="Example: liuhen check --config config.yaml")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@config_option
def check(config: Path | None, as_json: bool) -> None:
    """Examine everything the product needs: one line each, with what to do; exit 1 if anything fails."""
    try:
        found = examine(settings_from(config))
    except SettingsRefused as error:
        if not as_json:
            raise
        found = refused(error)
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], ensure_ascii=False))
    else:
        _print(found)
    if not all(each.ok for each in found):
        raise click.exceptions.Exit(1)


def _print(found: list[Finding]) -> None:
    for each in found:
        mend = f" → {each.mend}" if each.mend else ""
        click.echo(f"{'ok  ' if each.ok else 'FAIL'} {each.name}: {each.said}{mend}")
