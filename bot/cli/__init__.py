"""The program `liuhen` (contract, The program)."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import click

from bot.cli import audit, check, controls, init, org, outbox, policy, run
from bot.cli.options import OneLine

GROUP = "liuhen.commands"
CHECKOUT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Run the program."""
    program()(prog_name="liuhen")


def program() -> click.Group:
    """Return the program with every command, those of a checkout's sandbox included."""
    group = _Program("liuhen", help="留痕: a WeCom bot with which a company lives its business-records policy.")
    for command in (
        init.init, run.up, run.web, run.worker, run.clock, check.check, org.org, controls.controls, policy.policy,
        outbox.outbox, audit.audit,
    ):
        group.add_command(command)
    return group


class _Program(OneLine):
    """
    Commands of the entry-point group join when they are asked for by name, and only then: `up` and its parts never
    import the sandbox. They are there in a checkout alone, since the built wheel holds no sandbox.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every command's name."""
        return sorted({*super().list_commands(ctx), *_joining()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, loading it where it joins."""
        own = super().get_command(ctx, cmd_name)
        joining = _joining().get(cmd_name)
        if own is not None or joining is None:
            return own
        if str(CHECKOUT) not in sys.path:
            sys.path.append(str(CHECKOUT))
        loaded: click.Command = joining.load()
        return loaded


def _joining() -> dict[str, EntryPoint]:
    return {
        each.name: each for each in entry_points(group=GROUP)
        if (CHECKOUT / each.module.partition(".")[0]).is_dir()
    }
