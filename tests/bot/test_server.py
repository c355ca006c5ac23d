"""The web server: told to stop at any moment, it does not take the whole time it has (design rule 16)."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

_STOPPED_WHILE_BOOTING = """
import os, signal, time
from flask import Flask
from bot import server

def after_fork(arbiter, worker):
    os.kill(os.getppid(), signal.SIGTERM)  # the stop comes while the worker is being made
    time.sleep(0.5)

server._after_fork = after_fork
listener = server.listen("127.0.0.1", 0)
server.WebServer(lambda: Flask("app"), listener, 2).run()
"""


def test_a_stop_while_the_worker_is_being_made_takes_no_time(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    script = tmp_path / "serve.py"
    script.write_text(_STOPPED_WHILE_BOOTING)
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, str(script)], cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, timeout=20, check=False,
        capture_output=True, text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert time.monotonic() - begun < 3.5
