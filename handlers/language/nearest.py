"""
The command somebody meant: by sound (pinyin), by initials (bz), by shape. Ordinary sentences match nothing.

pypinyin and rapidfuzz are imported at first use only: they cost memory that a quiet process need not pay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

_GOOD = 84.0


@dataclass(frozen=True)
class Near:
    """A candidate; score 0–100."""

    word: str
    score: float


def nearest_commands(typed: str, words: Iterable[str], vocabulary: Mapping[str, str], most: int = 3) -> list[Near]:
    """
    Return the commands a mistyped word may have meant, best first.

    Args:
        words: the commands this person may use.
        vocabulary: word or alias → command; aliases count for their command.
    """
    typed = typed.strip().lower()
    if not typed or len(typed) > 8:
        return []
    allowed = set(words)
    best: dict[str, float] = {}
    for word, command in vocabulary.items():
        if command in allowed:
            score = _score(typed, word)
            if score >= _GOOD and score > best.get(command, 0):
                best[command] = score
    ranked = sorted(best.items(), key=lambda each: (-each[1], each[0]))
    return [Near(word, score) for word, score in ranked[:most]]


def _score(typed: str, word: str) -> float:
    from rapidfuzz.distance import Levenshtein

    if abs(len(typed) - len(word)) > 2 and not typed.isascii():
        return 0.0
    sound, initials = _pinyin(word)
    if typed.isascii():
        if len(initials) > 1 and typed == initials:
            return 95.0
        return 100 * Levenshtein.normalized_similarity(typed, sound) if len(typed) > 3 else 0.0
    typed_sound, _ = _pinyin(typed)
    same_places = sum(a == b for a, b in zip(typed, word, strict=False))
    if len(typed) == len(word) == 2 and same_places == 0 and typed_sound != sound:
        return 0.0
    return 100 * Levenshtein.normalized_similarity(typed_sound, sound)


@lru_cache(maxsize=2048)
def _pinyin(word: str) -> tuple[str, str]:
    from pypinyin import Style, lazy_pinyin

    syllables = lazy_pinyin(word, style=Style.NORMAL)
    return "".join(syllables), "".join(syllable[0] for syllable in syllables if syllable)
