"""`outbox list|retry|drop|release`: deliveries that failed, and what to do with them."""

from __future__ import annotations

import click
from rich.table import Table

from bot.bootstrap import Part
from bot.cli.opened import opened
from bot.cli.options import with_settings
from bot.cli.tables import show_table
from bot.settings import Settings
from storage.queries.backlog import drop_by_hand, retry_by_hand, undelivered
from storage.queries.sending import pause_of, release_sending
from storage.unit import Unit

OPERATOR = "operator"


@click.group()
def outbox() -> None:
    """Messages that did not arrive."""


@outbox.command("list", epilog="Example: liuhen outbox list --config config.yaml")
@with_settings
def list_(settings: Settings) -> None:
    """List what will not arrive without a person's act, newest first."""
    with opened(settings) as part:
        rows = part.store.read(undelivered)
        pause = part.store.read(lambda unit: pause_of(unit, part.house.clock.machine_now()))
    if pause is not None:
        click.echo(f"sending is held: {pause.reason}; continue with: liuhen outbox release")
    if not rows:
        click.echo("everything was delivered or is on its way")
        return
    table = Table("id", "state", "kind", "to", "number", "what", "error", "tries", "since")
    for row in rows:
        table.add_row(
            str(row.id), row.state.value, row.kind.value, row.recipient, row.number, row.summary, row.error,
            str(row.attempt), part.house.calendar.local(row.queued_at).strftime("%Y-%m-%d %H:%M"),
        )
    show_table(table)


@outbox.command(epilog="Example: liuhen outbox retry 17 --config config.yaml")
@click.argument("number", type=int)
@with_settings
def retry(settings: Settings, number: int) -> None:
    """Send message NUMBER once more; one whose fate is unknown may then arrive twice."""
    with opened(settings) as part:
        machine_now = part.house.clock.machine_now()
        done = part.store.write(
            lambda unit: retry_by_hand(unit, number, machine_now) and _evidence(part, unit, "outbox.retried", number)
        )
    _say(done, number, "will be sent again")


@outbox.command(epilog="Example: liuhen outbox drop 17 --config config.yaml")
@click.argument("number", type=int)
@with_settings
def drop(settings: Settings, number: int) -> None:
    """Give up message NUMBER; its row stays."""
    with opened(settings) as part:
        done = part.store.write(
            lambda unit: drop_by_hand(unit, number) and _evidence(part, unit, "outbox.dropped", number)
        )
    _say(done, number, "is given up")


@outbox.command(epilog="Example: liuhen outbox release --config config.yaml")
@with_settings
def release(settings: Settings) -> None:
    """Let messages leave again after sending was held."""
    with opened(settings) as part:
        done = part.store.write(
            lambda unit: release_sending(unit) and _evidence(part, unit, "outbox.released", 0)
        )
    click.echo("messages leave again" if done else "nothing was held")


def _evidence(part: Part, unit: Unit, act: str, number: int) -> bool:
    unit.audit(part.house.clock.company_now(), OPERATOR, act, "", outbox_id=number)
    return True


def _say(done: bool, number: int, what: str) -> None:
    if not done:
        raise click.ClickException(f"message {number} is neither failed nor parked; see: liuhen outbox list")
    click.echo(f"message {number} {what}")
