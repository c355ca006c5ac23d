"""Where settings come from: the file, then the environment, then files that the environment names (contract)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from bot.settings import Settings
from policy.errors import ProjectError

PREFIX = "LIUHEN_"
CONFIG = "LIUHEN_CONFIG"  # names the settings file itself
FILE_SUFFIX = "_FILE"
_PATHS = (("data_dir",), ("keys_dir",), ("org", "file"), ("rehearsal", "clock_offset_file"))
_KINDS = {
    "missing": "is missing; set it",
    "extra_forbidden": "is not a setting; remove it, or see config.example.yaml for the right name",
    "int_parsing": "must be a whole number", "int_type": "must be a whole number",
    "string_type": "must be text; put it in quotes", "bool_parsing": "must be true or false",
    "bool_type": "must be true or false", "model_type": "must be a group of keys",
    "dict_type": "must be a group of keys", "dataclass_type": "must be a group of keys",
    "tuple_type": "must be a list", "string_too_short": "is empty; set it",
    "date_from_datetime_parsing": "must be a date such as 2026-10-10",
    "date_parsing": "must be a date such as 2026-10-10",
    "time_parsing": "must be a time such as 09:00", "unexpected_keyword_argument":
        "is not a setting; remove it, or see config.example.yaml for the right name",
}


class SettingsRefused(ProjectError):
    """
    The settings cannot be used: mend each fault.

    Attributes:
        faults: (path of the key, what to do), in the order of the settings.
    """

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__("\n".join(f"{path}: {mend}" for path, mend in faults))
        self.faults = tuple(faults)


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """
    Read and check the settings.

    Args:
        path: the YAML file; None = everything comes from the environment.

    Raises:
        SettingsRefused: with every fault at once; values are never shown.
    """
    given, faults = _file(path)
    faults += _overlay(given, environ)
    base = path.resolve().parent if path is not None else Path.cwd()
    for keys in _PATHS:
        _resolve(given, keys, base)
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        faults += [_fault(one) for one in error.errors(include_url=False, include_input=False, include_context=True)]
    else:
        if not faults:
            return settings
    raise SettingsRefused(faults)


def _file(path: Path | None) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    if path is None:
        return {}, []
    try:
        read = _scalars_as_text(path.read_text(encoding="utf-8"))
    except OSError as error:
        return {}, [(str(path), f"cannot be read ({error.strerror}); name the settings file with --config")]
    except UnicodeDecodeError:
        return {}, [(str(path), "is not UTF-8; save it as UTF-8")]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path} line {mark.line + 1}" if mark is not None else str(path)
        return {}, [(where, "is not YAML; check indents, colons and quotes there")]
    if read in (None, ""):
        return {}, []
    if not isinstance(read, dict):
        return {}, [(str(path), "must be a group of keys; see config.example.yaml")]
    found: dict[str, Any] = _without_empty(read)
    return found, []


def _scalars_as_text(text: str) -> Any:
    # YAML's own guesses read 09:00 as 540, no as false and break off at an impossible date: the schema reads instead.
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it builds text, lists and mappings only


def _without_empty(read: Any) -> Any:
    """Leave out keys without a value: they are not set."""
    if isinstance(read, dict):
        return {key: _without_empty(value) for key, value in read.items() if value not in ("", "~", "null")}
    return read


def _overlay(given: dict[str, Any], environ: Mapping[str, str]) -> list[tuple[str, str]]:
    """Lay the environment over the file's values; return what cannot be used."""
    faults: list[tuple[str, str]] = []
    for name, value in sorted(environ.items()):
        if not name.startswith(PREFIX) or name == CONFIG:
            continue
        keys = name.removeprefix(PREFIX).lower().split("__")
        if name.endswith(FILE_SUFFIX) and not _known(keys):
            keys[-1] = keys[-1].removesuffix(FILE_SUFFIX.lower())
            try:
                value = Path(value).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError):
                faults.append((".".join(keys), f"the file that {name} names cannot be read; check its path and rights"))
                continue
        if not _known(keys):
            faults.append((name, "is no setting; see config.example.yaml for the names"))
            continue
        _put(given, keys, value)
    return faults


def _known(keys: list[str]) -> bool:
    model: Any = Settings
    for key in keys:
        fields = getattr(model, "model_fields", None) or getattr(model, "__dataclass_fields__", {})
        if key not in fields:
            return False
        found = fields[key]
        model = found.annotation if hasattr(found, "annotation") else found.type
    return not (isinstance(model, type) and issubclass(model, BaseModel))


def _put(given: dict[str, Any], keys: list[str], value: str) -> None:
    place = given
    for key in keys[:-1]:
        inner = place.get(key)
        if not isinstance(inner, dict):
            inner = place[key] = {}
        place = inner
    # Text that stands for a list or a number is read as YAML reads it; secrets stay the text they are.
    place[keys[-1]] = _scalars_as_text(value) if value.startswith("[") else value


def _resolve(given: dict[str, Any], keys: tuple[str, ...], base: Path) -> None:
    place: Any = given
    for key in keys[:-1]:
        place = place.get(key) if isinstance(place, dict) else None
    if isinstance(place, dict) and isinstance(place.get(keys[-1]), str):
        place[keys[-1]] = str(base / Path(place[keys[-1]]).expanduser())


def _fault(error: Any) -> tuple[str, str]:
    path = ".".join(str(part) for part in error["loc"])
    kind = str(error["type"])
    if kind == "value_error":
        return path, str(error["ctx"]["error"])
    if kind == "literal_error":
        return path, f"must be one of {error['ctx']['expected']}"
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = error["ctx"].get("ge", error["ctx"].get("le"))
        return path, f"must be {bound} or {'more' if kind.startswith('greater') else 'less'}"
    return path, _KINDS.get(kind, str(error["msg"]))
