"""The demo at a terminal: the address in sight, a busy port told in one line with the option that mends it."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import program
from tools.screenshot import free_pair, running_demo


@pytest.mark.parametrize("beside", [0, 1], ids=["the page's port", "the product's port"])
def test_a_busy_port_is_told_with_the_command_that_begins_elsewhere(tmp_path: Path, beside: int) -> None:
    port = free_pair()
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", port + beside))
        busy.listen()
        done = CliRunner().invoke(program(), ["demo", "--port", str(port), "--data-dir", str(tmp_path / "demo")])
    assert done.exit_code == 1
    assert done.output.splitlines()[-1] == (
        f"Error: 127.0.0.1:{port + beside} cannot be used; end what listens there, or begin elsewhere: "
        f".venv/bin/liuhen demo --port {port + 100 if port < 65434 else 8600}"
    )
    assert not (tmp_path / "demo" / "data").exists()


def test_the_terminal_shows_the_address_and_no_lines_of_the_log(tmp_path: Path) -> None:
    with running_demo(tmp_path / "demo") as address:
        assert address.startswith("http://127.0.0.1:")
    printed = (tmp_path / "demo" / "demo.log").read_text()
    assert [line for line in printed.splitlines() if line.startswith("{")] == []
    assert [line.strip() for line in printed.splitlines() if line.strip()][-1] == "Stopped. Nothing is lost."


def test_a_port_without_a_next_one_is_refused() -> None:
    done = CliRunner().invoke(program(), ["demo", "--port", "65535"])
    assert done.exit_code == 2
    assert "1<=x<=65534" in done.output
