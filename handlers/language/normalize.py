"""Wide and narrow forms, odd spaces and invisible characters: made one before anything is read."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x061C, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065)], None
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# What NFKC leaves wide although people mean the narrow one.
_PUNCTUATION = str.maketrans(
    {"。": "。", "、": "、", "￥": "¥", "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "−": "-", "–": "-", "—": "-",
     "‑": "-", "【": "[", "】": "]", "〔": "[", "〕": "]", "\u3000": " ", "\xa0": " "}
)
_PLAIN = re.compile(r"[ -~\u4e00-\u9fff\n]*")
_SPACES = re.compile(r"[ \t\r\f\v]+")
_TAIL = re.compile(r"[。.!！~～\s]+$")


def normalize(text: str) -> str:
    """
    Return text with NFKC forms, narrow punctuation, single spaces; line breaks are kept, a trailing 。 is not.

    The original words are kept elsewhere; this form is for reading only.
    """
    if _PLAIN.fullmatch(text) is None:
        text = unicodedata.normalize("NFKC", text.replace("……", "…").translate(_INVISIBLE)).translate(_PUNCTUATION)
        text = _CONTROL.sub("", text)
    text = _SPACES.sub(" ", text).strip()
    return _TAIL.sub("", text)
