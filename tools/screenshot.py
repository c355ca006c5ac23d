"""
Makes docs/images/sandbox.png anew: the demo in a real Chromium, the newcomer's purchase just approved.

    .venv/bin/python -m tools.screenshot [FILE]
"""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Locator, Page, expect, sync_playwright

from notifications.clock import SystemClock
from tools.browser import FLAGS, bring_browser

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "images" / "sandbox.png"
DESK = {"width": 1440, "height": 900}
BEGIN = datetime(2026, 11, 23, 6, 3, tzinfo=UTC)  # Monday, 14:03 in Shanghai
_ADDRESS = re.compile(rb"http://\S+/sandbox/\?token=\S+")
_START_SECONDS = 60


@contextmanager
def running_demo(folder: Path, begin: datetime | None = BEGIN) -> Iterator[str]:
    """
    Run `liuhen demo` on free ports; give the printed address, and stop it as Ctrl-C does.

    Args:
        begin: company time of a fresh one; None leaves it to the demo.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if begin is not None and not (folder / "clock_offset").exists():
        (folder / "clock_offset").write_text(f"{round(begin.timestamp() - SystemClock().machine_now().timestamp())}\n")
    log = folder / "demo.log"
    with log.open("ab") as out:
        begins = log.stat().st_size
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "demo", "--data-dir", str(folder), "--port", str(free_pair())],
            cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
        )
    try:
        yield _printed(log, begins, process)
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(timeout=20)
        if code != 0:
            raise AssertionError(f"the demo ended with {code}: {log.read_text()[-2000:]}")


def free_pair() -> int:
    """
    Return a port that is free together with the next one.

    Below those that systems hand out by themselves: one of these may be somebody's by the time it is asked for again.
    """
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000, 2)
        with socket.socket() as first, socket.socket() as second:
            try:
                first.bind(("127.0.0.1", port))
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def newcomers_purchase(page: Page) -> None:
    """Act the newcomer's story out on an open page: a purchase from the first word to the third signature."""
    write(page, 0, "采购 服务器 3.5万 扩容")
    expect(phone(page, 0)).to_contain_text("现在由 苏主管 审批")
    sign(page, 1)
    expect(phone(page, 0)).to_contain_text("苏主管 已同意")
    put(page, "qian", 1)
    sign(page, 1)
    expect(phone(page, 0)).to_contain_text("钱总监 已同意")
    sign(page, 2)
    expect(phone(page, 0)).to_contain_text("已通过")


def phone(page: Page, slot: int) -> Locator:
    """Return a phone of the page."""
    return page.locator(f".phone[data-slot='{slot}']")


def write(page: Page, slot: int, words: str) -> None:
    """Write into a phone and send."""
    phone(page, slot).locator("textarea").fill(words)
    phone(page, slot).locator(".send:visible").click()


def sign(page: Page, slot: int) -> None:
    """Tap 同意 on the newest card of a phone, and see it turn into the outcome."""
    button = phone(page, slot).locator(".card:not(.is-dead) .card-button", has_text="同意").last
    button.click()
    expect(phone(page, slot).locator(".card.is-dead").last).to_contain_text("已同意")


def put(page: Page, userid: str, slot: int) -> None:
    """Put somebody from the address book into a phone."""
    phone(page, slot).locator(".plate-change").click()
    person = page.locator(f".person[data-userid='{userid}']")
    person.click()
    expect(person).to_have_class(re.compile("is-seated"))


def main() -> None:
    """Make the picture."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder, running_demo(Path(folder) / "demo") as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=bring_browser(), args=list(FLAGS))
        page = browser.new_page(viewport=DESK, locale="zh-CN")
        page.goto(address)
        page.wait_for_selector("#desk[data-ready]")
        newcomers_purchase(page)
        put(page, "su", 1)
        page.wait_for_timeout(1500)
        page.screenshot(path=target)
        browser.close()
    print(os.path.relpath(target, ROOT))


def _printed(log: Path, begins: int, process: subprocess.Popen[bytes]) -> str:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        found = _ADDRESS.search(log.read_bytes()[begins:])
        if found is not None:
            return found.group(0).decode()
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise AssertionError(f"the demo did not start: {log.read_text()[-2000:]}")


if __name__ == "__main__":
    main()
