"""
One server process of a benchmark: `python -m benchmarks.serve echo|product PORT [CONFIG]`.

Both run under the same gunicorn with the same flags and one process; the product's is `liuhen web` without workers.
"""

from __future__ import annotations

import sys
from pathlib import Path

from flask import Flask

from benchmarks import echo_app
from bot.server import WebServer, listen

THREADS = 24


def main() -> None:
    """Serve until SIGTERM."""
    which, port = sys.argv[1], int(sys.argv[2])
    listener = listen("127.0.0.1", port)
    if which == "echo":
        WebServer(echo_app.make_app, listener, THREADS).run()
        return
    from bot import bootstrap
    from bot.logs import start_logging
    from bot.prepare import prepare
    from bot.settings_sources import load

    settings = load(Path(sys.argv[3]), {})
    start_logging(settings.logging.level)
    house = bootstrap.build_house(settings)
    prepare(house)

    def make_app() -> Flask:
        return bootstrap.web_app(house)

    WebServer(make_app, listener, THREADS).run()


if __name__ == "__main__":
    main()
