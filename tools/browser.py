"""Chromium and Chinese fonts for the page tests: what is there is used, what is missing is brought."""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
_CJK = ("Noto*CJK*", "*SourceHan*", "wqy*", "PingFang*", "Hiragino*GB*", "STHeiti*")
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "/Library/Fonts")


class BrowserMissing(Exception):
    """No Chromium was found and none could be brought; the message says what to do."""


def chromium() -> str | None:
    """Return the path of a Chromium: LIUHEN_CHROMIUM, the system's, or Playwright's own download; None = none."""
    named = os.environ.get("LIUHEN_CHROMIUM")
    if named:
        return named
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    if Path(_MAC).exists():
        return _MAC
    return _downloaded()


def bring_browser() -> str:
    """
    Return a Chromium, bringing it and the fonts where they are missing.

    Raises:
        BrowserMissing: it could not be brought.
    """
    found = chromium()
    if _can_apt() and (found is None or not _has_cjk()):
        missing = ([] if found else ["chromium"]) + ([] if _has_cjk() else ["fonts-noto-cjk"])
        print(f"bringing {' and '.join(missing)}", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "-q", "-y", "--no-install-recommends", *missing]
        for command in (["apt-get", "update", "-q"], install):
            subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL)
        found = chromium()
    if found is None:
        print("bringing Chromium by Playwright", flush=True)
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
        found = chromium()
    if found is None:
        raise BrowserMissing("no Chromium: install one, or set LIUHEN_CHROMIUM to its path")
    return found


def _can_apt() -> bool:
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def _has_cjk() -> bool:
    return any(
        next(Path(folder).rglob(pattern), None) is not None
        for folder in _FONT_FOLDERS if Path(folder).is_dir() for pattern in _CJK
    )


def _downloaded() -> str | None:
    """Return Playwright's own Chromium, which it keeps below a folder per version."""
    folders = [
        os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or "", str(Path.home() / ".cache" / "ms-playwright"),
        str(Path.home() / "Library" / "Caches" / "ms-playwright"),
    ]
    for folder in filter(None, folders):
        for pattern in ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*"):
            found = sorted(glob.glob(str(Path(folder) / pattern)))
            if found:
                return found[-1]
    return None
