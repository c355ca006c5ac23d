"""The program's commands: those of a checkout join by name, and nothing else of the sandbox is ever imported."""

from __future__ import annotations

import subprocess
import sys

import click

from bot.cli import program


def test_the_sandboxs_commands_are_there_in_a_checkout() -> None:
    group = program()
    ctx = click.Context(group)
    assert "demo" in group.list_commands(ctx)
    assert "up" in group.list_commands(ctx)
    found = group.get_command(ctx, "demo")
    assert found is not None
    assert found.name == "demo"
    assert group.get_command(ctx, "nothing") is None


def test_up_and_its_parts_never_import_the_sandbox() -> None:
    asked = (
        "import sys, click\nfrom bot.cli import program\ngroup = program()\nctx = click.Context(group)\n"
        "group.list_commands(ctx)\n"
        "for name in ('up', 'web', 'worker', 'clock', 'check'):\n    assert group.get_command(ctx, name)\n"
        "assert not [name for name in sys.modules if name.partition('.')[0] == 'sandbox']\n"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
