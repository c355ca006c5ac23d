"""
Runs the program's commands in forked children, so that a command costs no second import of everything.

Reads JSON lines {"arguments", "environ", "folder"}; answers {"code", "out", "err"}. Each child is a process of its
own that runs `bot.cli.main` as the installed program does.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from bot.cli import main


def child(asked: dict[str, Any], out: str, err: str) -> None:
    for number, path in ((1, out), (2, err)):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(descriptor, number)
    os.environ.clear()
    os.environ.update(asked["environ"])
    os.chdir(asked["folder"])
    sys.argv = ["liuhen", *asked["arguments"]]
    code = 70
    try:
        main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def serve() -> None:
    with tempfile.TemporaryDirectory() as folder:
        out, err = (str(Path(folder) / name) for name in ("out", "err"))
        for line in sys.stdin:
            pid = os.fork()
            if pid == 0:
                child(json.loads(line), out, err)
            _, status = os.waitpid(pid, 0)
            answer = {
                "code": os.waitstatus_to_exitcode(status), "out": Path(out).read_text(), "err": Path(err).read_text(),
            }
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    serve()
