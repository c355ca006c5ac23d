"""Tables on the terminal; wide where there is none, so that what is piped is not folded."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table

PIPED_WIDTH = 200


def show_table(table: Table, *after: str) -> None:
    """Print a table and lines after it."""
    console = Console(width=None if sys.stdout.isatty() else PIPED_WIDTH)
    console.print(table)
    for line in after:
        console.print(line, markup=False, highlight=False)
