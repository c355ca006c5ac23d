"""The root of every exception this project raises on purpose."""


class ProjectError(Exception):
    """A surprise with a name. Subclasses are named after what the caller should do about it."""
