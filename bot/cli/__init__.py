"""The program `liuhen` (contract, The program)."""

from __future__ import annotations

from importlib.metadata import entry_points

import click

from bot.cli import audit, check, controls, init, org, outbox, policy, run
from bot.cli.options import OneLine

GROUP = "liuhen.commands"


def main() -> None:
    """Run the program."""
    program()(prog_name="liuhen")


def program() -> click.Group:
    """Return the program with every command, those of a checkout's sandbox included."""
    group = OneLine("liuhen", help="留痕: a WeCom bot with which a company lives its business-records policy.")
    for command in (
        init.init, run.up, run.web, run.worker, run.clock, check.check, org.org, controls.controls, policy.policy,
        outbox.outbox, audit.audit,
    ):
        group.add_command(command)
    for each in entry_points(group=GROUP):
        try:
            group.add_command(each.load())
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] != each.module.partition(".")[0]:
                raise  # the module is there and something it needs is not
    return group
