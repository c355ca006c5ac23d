"""`init`: a folder with commented settings, fresh keys and a sample org."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import click

from bot.settings import schema
from storage.keys import create_keys, keys_exist

CONFIG, ORG, SCHEMA = "config.yaml", "org.yaml", "config.schema.json"


@click.command(epilog="Example: liuhen init company")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
def init(folder: Path) -> None:
    """Write commented settings and their schema, fresh keys (readable by you alone) and a sample org into FOLDER."""
    taken = [name for name in (CONFIG, ORG, SCHEMA) if (folder / name).exists()]
    keys = folder / "data" / "keys"
    if keys_exist(keys):
        taken.append("data/keys")
    if taken:
        raise click.ClickException(
            f"{folder} has {', '.join(taken)} already; nothing is overwritten, name another folder"
        )
    folder.mkdir(parents=True, exist_ok=True)
    template = files("bot.data").joinpath("config.yaml").read_text(encoding="utf-8")
    # Editors read the schema by this line and complete and check the keys.
    template = f"# yaml-language-server: $schema={SCHEMA}\n{template}"
    _write(folder / SCHEMA, json.dumps(schema(), ensure_ascii=False, indent=1))
    _write(folder / CONFIG, template.replace("DATA_DIR", "data").replace("ORG_FILE", ORG))
    _write(folder / ORG, files("bot.data").joinpath("org.yaml").read_text(encoding="utf-8"))
    (folder / "data").mkdir(mode=0o700, exist_ok=True)
    create_keys(keys, datetime.now(UTC).date())
    click.echo(f"{folder / CONFIG}: fill in what is in capitals")
    click.echo(f"{folder / ORG}: a sample company; put your people in")
    click.echo(f"{keys}: fresh keys; without them the data cannot be read, keep a copy elsewhere")
    click.echo(f"then: liuhen up --config {folder / CONFIG}")


def _write(path: Path, content: str) -> None:
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(content, encoding="utf-8")
