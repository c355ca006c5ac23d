"""`org import`, `org show`, `org sync`: people from a file or from WeCom's address book."""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table

from bot.cli.opened import opened
from bot.cli.options import with_settings
from bot.cli.tables import show_table
from bot.org_files import check_org, read_org
from bot.org_sync import merged
from bot.prepare import import_org
from bot.settings import Settings
from bot.wecom.address_book import read_address_book
from notifications.errors import SendError
from policy.org import Org, Person
from storage.queries.people import Changed, compared


@click.group()
def org() -> None:
    """People and departments."""


@org.command("import", epilog="Example: liuhen org import org.yaml --config config.yaml")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_settings
def import_(settings: Settings, file: Path) -> None:
    """Make the org equal to FILE (YAML, CSV or XLSX); who is not in it any more becomes inactive."""
    departments, people = read_org(file)
    with opened(settings) as part:
        changed = import_org(part, departments, people, part.house.clock.company_now())
    _tell(changed)


@org.command(epilog="Example: liuhen org sync --dry-run --config config.yaml")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--many-may-leave", is_flag=True, help="Go on although more than a fifth of the people would leave.")
@with_settings
def sync(settings: Settings, dry_run: bool, many_may_leave: bool) -> None:
    """Take names, departments and leaders from WeCom's address book; grades and posts stay as they are."""
    with opened(settings) as part:
        now = part.house.clock.company_now()
        try:
            book = read_address_book(part.sender())
        except SendError as error:
            raise click.ClickException(f"the address book was not read ({error}); see: liuhen check") from None
        before, _ = part.store.read(lambda unit: part.orgs.read(unit, now))
        found = merged(before, book, many_may_leave=many_may_leave)
        check_org(found.departments, found.people)
        for note in found.notes:
            click.echo(note)
        if dry_run:
            _tell(compared(before, found.people))
            return
        changed = import_org(part, found.departments, found.people, now)
    _tell(changed)


def _tell(changed: Changed) -> None:
    click.echo(f"{len(changed.joined)} joined, {len(changed.changed)} changed, {len(changed.left)} left")


@org.command(epilog="Example: liuhen org show --config config.yaml")
@with_settings
def show(settings: Settings) -> None:
    """Show everyone by department, with what is unclear."""
    with opened(settings) as part:
        found, _ = part.store.read(lambda unit: part.orgs.read(unit, part.house.clock.company_now()))
    for department in found.departments.values():
        table = Table(title=f"{department.name} ({department.id})", title_justify="left")
        for column in ("userid", "name", "grade", "manager", "deputy", "posts", "regions", ""):
            table.add_column(column)
        for person in found.people.values():
            if person.department == department.id:
                table.add_row(*_row(found, person))
        show_table(table)
    for each in found.departments.values():
        if each.head is None:
            click.echo(f"{each.name} ({each.id}) has no head: name one, or its approvals go to the next in line")


def _row(found: Org, person: Person) -> list[str]:
    return [
        person.shown_id, person.name, person.grade.value,
        found.name_of(person.manager) if person.manager else "", found.name_of(person.deputy) if person.deputy else "",
        ", ".join(sorted(post.value for post in person.posts)), ", ".join(person.regions),
        "" if person.active else "left",
    ]
