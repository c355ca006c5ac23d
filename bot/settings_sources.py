"""Where settings come from: the file, then the environment, then files that the environment names (contract)."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from bot.settings import FiguresRefused, Section, Settings
from policy.errors import ProjectError

PREFIX = "LIUHEN_"
CONFIG = "LIUHEN_CONFIG"  # names the settings file itself
FILE_SUFFIX = "_FILE"
_PATHS = (("data_dir",), ("keys_dir",), ("org", "file"), ("rehearsal", "clock_offset_file"))
_UNKNOWN = frozenset({"extra_forbidden", "unexpected_keyword_argument"})
_KINDS = {
    "missing": "is missing; set it",
    "int_parsing": "must be a whole number", "int_type": "must be a whole number",
    "string_type": "must be text; put it in quotes", "bool_parsing": "must be true or false",
    "bool_type": "must be true or false", "model_type": "must be a group of keys",
    "dict_type": "must be a group of keys", "dataclass_type": "must be a group of keys",
    "tuple_type": "must be a list", "string_too_short": "is empty; set it",
    "date_from_datetime_parsing": "must be a date such as 2026-10-10",
    "date_parsing": "must be a date such as 2026-10-10",
    "time_parsing": "must be a time such as 09:00",
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
        SettingsRefused: with every fault at once; values are never shown. A file that cannot be read is the only one.
    """
    given = _file(path)
    faults = _overlay(given, environ)
    base = path.resolve().parent if path is not None else Path.cwd()
    for keys in _PATHS:
        _resolve(given, keys, base)
    _open_sections(given)
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False, include_context=True):
            faults += _faults(one)
    else:
        if not faults:
            return settings
    raise SettingsRefused(faults)


def _file(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        read = _scalars_as_text(path.read_text(encoding="utf-8"))
    except OSError as error:
        mend = f"cannot be read ({error.strerror}); name the settings file with --config"
        raise SettingsRefused([(str(path), mend)]) from None
    except UnicodeDecodeError:
        raise SettingsRefused([(str(path), "is not UTF-8; save it as UTF-8")]) from None
    except _TwiceThere as error:
        raise SettingsRefused([(f"{path} line {error.line}", f"{error.key} is there twice; remove one")]) from None
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path} line {mark.line + 1}" if mark is not None else str(path)
        raise SettingsRefused([(where, "is not YAML; check indents, colons and quotes there")]) from None
    if read in (None, ""):
        return {}
    if not isinstance(read, dict):
        raise SettingsRefused([(str(path), "must be a group of keys; see config.example.yaml")])
    found: dict[str, Any] = _without_empty(read)
    return found


class _TwiceThere(Exception):
    def __init__(self, key: str, line: int) -> None:
        super().__init__(key)
        self.key = key
        self.line = line


class _Loader(yaml.BaseLoader):
    """
    Builds text, lists and mappings only, and takes no key twice.

    YAML's own guesses read 09:00 as 540, no as false and break off at an impossible date: the schema reads instead.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            name = str(key.value)
            if name in seen:
                raise _TwiceThere(name, key.start_mark.line + 1)
            seen.add(name)
        made: dict[Any, Any] = super().construct_mapping(node, deep)
        return made


def _scalars_as_text(text: str) -> Any:
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - see _Loader


def _open_sections(given: dict[str, Any]) -> None:
    """Let a missing group be an empty one: each key that it lacks is then named."""
    for name, info in Settings.model_fields.items():
        kind = info.annotation
        if info.is_required() and isinstance(kind, type) and issubclass(kind, Section):
            given.setdefault(name, {})


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
            if name.removesuffix(FILE_SUFFIX) in environ:
                faults.append((".".join(keys), f"comes from {name} and from the variable itself; unset one"))
                continue
            try:
                value = Path(value).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError):
                faults.append((".".join(keys), f"the file that {name} names cannot be read; check its path and rights"))
                continue
        if not _known(keys):
            faults.append((name, f"is no setting; {_nearest(name, _variables())}"))
            continue
        try:
            _put(given, keys, value)
        except yaml.YAMLError:
            faults.append((".".join(keys), f"{name} is no list; write it as [2026-10-10, 2026-10-11]"))
    return faults


def _variables() -> list[str]:
    names = []
    for name, info in Settings.model_fields.items():
        inner = _names_of(info.annotation)
        names += [f"{PREFIX}{name}__{key}".upper() for key in inner] or [f"{PREFIX}{name}".upper()]
    return names


def _names_of(model: Any) -> list[str]:
    return list(getattr(model, "model_fields", None) or getattr(model, "__dataclass_fields__", {}))


def _nearest(wrong: str, names: list[str]) -> str:
    close = get_close_matches(wrong, names, 1)
    return f"did you mean {close[0]}?" if close else "remove it, or see config.example.yaml for the right name"


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


def _faults(error: Any) -> list[tuple[str, str]]:
    loc = error["loc"]
    path = ".".join(str(part) for part in loc)
    kind = str(error["type"])
    if kind == "value_error":
        found = error["ctx"]["error"]
        if isinstance(found, FiguresRefused):
            return [(f"{path}.{name}", mend) for name, mend in found.faults]
        return [(path, str(found))]
    if kind in _UNKNOWN:
        model: Any = Settings
        for key in loc[:-1]:
            model = model.model_fields[key].annotation
        return [(path, f"is not a setting; {_nearest(str(loc[-1]), _names_of(model))}")]
    if kind == "literal_error":
        return [(path, f"must be one of {error['ctx']['expected']}")]
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = error["ctx"].get("ge", error["ctx"].get("le"))
        return [(path, f"must be {bound} or {'more' if kind.startswith('greater') else 'less'}")]
    return [(path, _KINDS.get(kind, str(error["msg"])))]
