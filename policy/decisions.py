"""
An expected "no", as a value.

A refusal names the control it follows, what stands in the way, and the data that the words need; the words
themselves are in notifications/texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Refusal:
    """
    Nothing was changed, and why.

    Attributes:
        code: what stands in the way, e.g. "approval.not_signer"; notifications/texts has a sentence for each.
        control: ID of the control that says so, "" when it is plain usage rather than policy.
        data: values for the sentence (numbers, userids, fen, instants).
    """

    code: str
    control: str = ""
    data: Mapping[str, object] = field(default_factory=dict)
