"""
What the platform's answers mean for us: one class per reaction. They carry code, path and hint only.

Raised `from None` by the client: addresses of calls hold tokens.
"""

from __future__ import annotations

from policy.errors import ProjectError


class SendError(ProjectError):
    """
    A call to the platform did not do what was asked.

    Attributes:
        errcode: the platform's code, 0 when there was no answer.
        path: the call, without its parameters.
        hint: the platform's hint number or a short reason; never a token.
    """

    def __init__(self, errcode: int, path: str, hint: str = "") -> None:
        super().__init__(f"{path}: errcode {errcode}{f' ({hint})' if hint else ''}")
        self.errcode = errcode
        self.path = path
        self.hint = hint


class RetryLater(SendError):
    """Nothing was done; the same call may succeed after `after_seconds`."""

    def __init__(self, errcode: int, path: str, hint: str = "", after_seconds: float = 5.0) -> None:
        super().__init__(errcode, path, hint)
        self.after_seconds = after_seconds


class RefusedForever(SendError):
    """The call is wrong and will stay wrong; show it to an operator."""


class RecipientGone(SendError):
    """The recipient is outside the app's range or has left."""


class ConfigurationWrong(SendError):
    """
    No call will succeed before an administrator acts.

    Attributes:
        address: ours, which WeCom does not trust (60020), else "".
    """

    def __init__(self, errcode: int, path: str, hint: str = "", address: str = "") -> None:
        super().__init__(errcode, path, f"trust {address}" if address else hint)
        self.address = address


class TokenRejected(SendError):
    """The access token is void; fetch a new one once and call again. The client handles it itself."""


class CardCodeSpent(SendError):
    """The response code was used or is older than 72 hours."""


class OutcomeUnknown(SendError):
    """The call left us and no answer was read: it may have been done."""
