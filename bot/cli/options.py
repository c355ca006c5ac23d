"""What the commands share: --config, one line for a failure, never a traceback."""

from __future__ import annotations

import functools
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click
import structlog

from bot.logs import start_logging
from bot.settings import Settings
from bot.settings_sources import CONFIG, load
from policy.errors import ProjectError

LOG = structlog.get_logger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

config_option: Callable[[Any], Any] = click.option(
    "--config", "config", type=click.Path(path_type=Path, dir_okay=False), envvar=CONFIG,
    help=f"The settings file; also {CONFIG}. Without it, everything comes from the environment.",
)


class OneLine(click.Group):
    """A group whose commands fail with one line that says what to do."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an expected failure is its message, a surprise a reference number that the log knows."""
        start_logging("info")  # until the settings say otherwise
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except ProjectError as error:
            raise click.ClickException(str(error) or type(error).__name__) from None
        except KeyboardInterrupt:
            raise click.Abort from None
        except Exception as error:
            if isinstance(error, OSError) and error.filename is not None:
                raise click.ClickException(f"{error.filename}: {error.strerror}; mend the path or its rights") from None
            reference = f"E-{secrets.token_hex(2).upper()}"
            LOG.error("command.broke", reference=reference, exc_info=error)
            raise click.ClickException(
                f"this did not work and nothing is known to be half done; the log has the reason under {reference}"
            ) from None


def settings_from(config: Path | None) -> Settings:
    """
    Return the checked settings and start logging as they say.

    Raises:
        SettingsRefused: with every fault.
    """
    settings = load(config, os.environ)
    start_logging(settings.logging.level)
    return settings


def with_settings(command: Callable[..., R]) -> Callable[..., R]:
    """Give a command `settings` in place of the option."""

    @config_option
    @functools.wraps(command)
    def run(*arguments: Any, config: Path | None, **named: Any) -> R:
        return command(settings_from(config), *arguments, **named)

    wrapped: Callable[..., R] = run
    return wrapped
