"""
Wide and narrow forms, odd spaces and invisible characters, made one before anything is read.

Two depths. `tidy` keeps the prose as it was written (，。“”), because it may become a record's text or minutes.
`normalize` is for reading one value only: everything narrow. The words as received are kept elsewhere.
"""

from __future__ import annotations

import re
import unicodedata

# Nothing to do for these: the usual message.
_PLAIN = re.compile(r"[ -~\u4e00-\u9fff，。、！？：；（）“”《》\n]*")
_NARROW = re.compile(r"[ -~\u4e00-\u9fff\n]*")
_EMOJI = "\u2190-\u2bff\u3030\u303d\ufe0f\U0001f000-\U0001faff"
# A joiner between two emoji is part of the picture; anywhere else it came with a copy-paste.
_LOOSE_JOINER = re.compile(f"(?<![{_EMOJI}])\u200d|\u200d(?![{_EMOJI}])")
_LINE_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r" {2,}")
_EDGES = re.compile(r" *\n *")
_TAIL = "。.!！~～ \n"
_MEANT_NARROW = str.maketrans(
    {"￥": "¥", "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-",
     "【": "[", "】": "]", "〔": "[", "〕": "]", "〜": "~", "∶": ":"}
)
_PROSE = "，：；！？（）～"
# NFKC would turn m² into m2 and ①② into 12: other figures than were written.
_CHANGES_MEANING = ("<super>", "<sub>", "<fraction>", "<circle>", "<square>")


class _Folding(dict[int, int | str | None]):
    """A table for str.translate that works out each character once; what stays as it is takes no room."""

    def __missing__(self, code: int) -> int | str | None:
        folded = _fold(chr(code))
        if folded != code:
            self[code] = folded
        return folded


def _fold(character: str) -> int | str | None:
    if character == "\u200d" or character in _PROSE:
        return ord(character)
    category = unicodedata.category(character)
    if character == "\t" or category == "Zs":
        return " "
    if category in ("Cc", "Cf", "Cs") and character != "\n":
        return None
    if unicodedata.decomposition(character).startswith(_CHANGES_MEANING):
        return ord(character)
    narrow = unicodedata.normalize("NFKC", character)
    # Marks that stand alone decompose into a space and a combining mark (´ → " ́"): left as they are.
    return ord(character) if narrow == character or narrow.startswith(" ") else narrow


_FOLDING = _Folding()


def tidy(text: str) -> str:
    """
    Return text with narrow letters and figures, plain spaces, \\n as the only line break, nothing invisible.

    Chinese punctuation, quotes, emoji and blank lines stay; so do m² and ①. Never raises.
    """
    if _PLAIN.fullmatch(text) is None:
        text = _LOOSE_JOINER.sub("", _LINE_BREAK.sub("\n", text))
        text = unicodedata.normalize("NFC", text.translate(_FOLDING))
    return text.strip()


def normalize(text: str) -> str:
    """
    Return text as the readers of values want it: tidy, narrow punctuation, single spaces, no 。 or ! at its end.

    Only for reading; what is kept is the tidy form. Never raises.
    """
    if _NARROW.fullmatch(text) is None:
        text = tidy(text).translate(_MEANT_NARROW)
        text = _LOOSE_JOINER.sub("", text)
        for wide in _PROSE:
            if wide in text:
                text = text.replace(wide, chr(ord(wide) - 0xFEE0))
    if "  " in text:
        text = _SPACES.sub(" ", text)
    if "\n" in text:
        text = _EDGES.sub("\n", text)
    return text.strip().rstrip(_TAIL)
