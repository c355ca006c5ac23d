"""`audit verify` and `audit export`: the trail checked, and taken out with a verifier that stands alone (3.1f)."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.opened import opened
from bot.cli.options import with_settings
from bot.settings import Settings
from storage.export import export_bundle
from storage.verify import verify_audit

_SHORTEST = 16


@click.group()
def audit() -> None:
    """The trail that nobody can quietly change."""


@audit.command(epilog="Example: liuhen audit verify --anchor 120:9f2c81d04b7e55aa --config config.yaml")
@click.option("--anchor", "anchors", multiple=True, help="COUNT:HASH as the chat was told; may be repeated.")
@with_settings
def verify(settings: Settings, anchors: tuple[str, ...]) -> None:
    """Check both chains and every piece of evidence; exit 1 when anything is wrong."""
    typed = [_typed(each) for each in anchors]
    with opened(settings) as part:
        report = part.store.read(lambda unit: verify_audit(unit, typed))
    click.echo(
        f"{report.events} events, {report.accesses} accesses, {report.rows} pieces of evidence, "
        f"{report.anchors} anchors"
    )
    if report.rehearsal:
        click.echo("a rehearsal (演练): what it holds is not official")
    for finding in report.findings:
        click.echo(f"WRONG: {finding}")
    if not report.ok:
        raise click.ClickException(f"{report.wrong} wrong; keep this database as it is and ask who had access to it")
    confirmed = f"; confirmed by the chat up to event {report.anchored}" if report.anchored else ""
    click.echo(f"nothing was changed{confirmed}")


@audit.command(epilog="Example: liuhen audit export bundle --config config.yaml")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@with_settings
def export(settings: Settings, folder: Path) -> None:
    """Write the trail and a stand-alone verifier into a new FOLDER."""
    with opened(settings) as part:
        bundle = part.store.read(lambda unit: export_bundle(unit, folder))
    click.echo(f"{folder}: {sum(bundle.lines.values())} lines, head {bundle.head}")
    click.echo(f"check it anywhere with: python3 {folder / 'standalone_verifier.py'} {folder}")


def _typed(anchor: str) -> tuple[int, str]:
    count, sign, begin = anchor.partition(":")
    hexadecimal = all(digit in "0123456789abcdef" for digit in begin.lower())
    if not sign or not count.isdecimal() or not hexadecimal or not _SHORTEST <= len(begin) <= 64:
        raise click.BadParameter(
            "write COUNT:HASH with at least 16 hex digits, as the chat was told", param_hint="--anchor"
        )
    return int(count), begin.lower()
