"""
The command or person somebody meant: by sound (pinyin), by initials (bz), by shape. Ordinary sentences match nothing.

pypinyin and rapidfuzz are imported at first use only: a quiet process need not pay for them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

_GOOD = 74.0
_NAME_GOOD = 80.0
_MOST_TYPED = 8  # characters; longer ones are sentences
_MOST_LETTERS = 24  # the same, typed as pinyin


@dataclass(frozen=True)
class Near:
    """A candidate; score 0–100."""

    word: str
    score: float


def nearest_commands(typed: str, words: Iterable[str], aliases: Mapping[str, str], most: int = 3) -> list[Near]:
    """
    Return the commands a mistyped word may have meant, best first.

    Args:
        typed: the word as typed, without what follows it.
        words: the commands this person may use.
        aliases: word or alias → command; an alias counts for its command.
    """
    typed = typed.strip().lower()
    if not 1 < len(typed) <= (_MOST_LETTERS if typed.isascii() else _MOST_TYPED):
        return []
    allowed = set(words)
    best: dict[str, float] = {}
    for word, command in (*aliases.items(), *((word, word) for word in allowed)):
        if command in allowed:
            score = _score(typed, word)
            if score >= _GOOD and score > best.get(command, 0):
                best[command] = score
    ranked = sorted(best.items(), key=lambda each: (-each[1], each[0]))
    return [Near(word, score) for word, score in ranked[:most]]


def nearest_names(typed: str, people: Iterable[tuple[str, Iterable[str]]]) -> list[str]:
    """Return the keys of the people whose name sounds, abbreviates or looks like what was typed, best first."""
    typed = typed.strip().lower()
    if not 1 < len(typed) <= _MOST_LETTERS:
        return []
    ranked = sorted((-max((_score(typed, name) for name in names), default=0.0), key) for key, names in people)
    return [key for score, key in ranked if -score >= _NAME_GOOD]


def _score(typed: str, word: str) -> float:
    """Return how near two words are, 0–100; 100 is the same sound."""
    if typed == word:
        return 100.0
    if word.isascii():
        return 100 * _alike()(typed, word) if typed.isascii() and len(typed) > 2 else 0.0
    sound, initials = _pinyin(word)
    if typed.isascii():
        if len(initials) > 1 and typed == initials:
            return 95.0
        # Pinyin typed in full, perhaps with a slip; short ones are other words.
        return 100 * _alike()(typed, sound) if len(typed) > 3 else 0.0
    if abs(len(typed) - len(word)) > 1 or len(word) < 2:
        return 0.0
    typed_sound, _ = _pinyin(typed)
    if typed_sound == sound:
        return 100.0
    same = len(set(typed) & set(word))
    if len(typed) != len(word):
        # 会议记要 holds 纪要, 查一下 does not mean 催一下: one character more or less, the others as they are.
        shorter = min(len(typed), len(word))
        return 80.0 * _alike()(typed_sound, sound) + 10 if same >= shorter and shorter > 2 else 0.0
    if same == 0:
        return 0.0
    return 100 * _alike()(typed_sound, sound)


@cache
def _alike() -> Callable[[str, str], float]:
    from rapidfuzz.distance import OSA  # two letters swapped (hlep) are one slip

    return OSA.normalized_similarity


@lru_cache(maxsize=8192)
def _pinyin(word: str) -> tuple[str, str]:
    """Return a word's sound without tones, and its initials."""
    # The table of phrases costs 45 MB and changes nothing here: both sides are read the same way.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")
    from pypinyin import Style, lazy_pinyin

    syllables = [syllable for syllable in lazy_pinyin(word, style=Style.NORMAL) if syllable]
    return "".join(syllables), "".join(syllable[0] for syllable in syllables)
