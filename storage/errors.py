"""What can go wrong in storage, named after what the caller should do."""

from __future__ import annotations

from policy.errors import ProjectError


class TryAgainLater(ProjectError):
    """The database is busy or away; nothing was changed. The web answers 503, a worker rings again."""


class DuplicateKey(ProjectError):
    """A row with that key is there already: somebody else did the same thing first. Nothing was changed."""


class StaleRow(ProjectError):
    """A compare-and-set found another version: read again and decide again. Nothing was changed."""


class UnauditedWrite(ProjectError):
    """A unit of work changed evidence without an audit event; a bug in the caller (3.1f). Nothing was changed."""


class WrongDatabase(ProjectError):
    """The database may not be opened like this: real against rehearsal, key missing, schema older or newer."""


class ChainBroken(ProjectError):
    """The audit chain does not verify; call the records director."""
