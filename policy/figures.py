"""
The policy's figures by name: how a change of one is written, and what differs between two versions (P.2).

A figure is written alone (`director_from`) or with its group (`authority.director_from`). Values are read by the
caller, since money and dates are typed in many ways.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from policy.decisions import Refusal
from policy.parameters import Parameters, unusable

# Of the version itself, not of the policy.
_NOT_FIGURES = frozenset({"version", "effective_on"})
# In fen; whoever reads a typed value takes it as money.
MONEY = frozenset({"director_from", "batch_single_most", "emergency_cap"})
_GROUPS: Mapping[str, tuple[str, ...]] = {
    "authority": (
        "director_from", "department_signature", "kinds", "batch_from", "batch_single_most", "emergency_cap",
        "open_debts",
    ),
    "time": ("reminder_after_hours", "reminders_before_superior", "take_back_minutes", "attach_minutes", "list_hours"),
}


@dataclass(frozen=True)
class Difference:
    """One figure that differs; money in fen."""

    name: str
    old: int | str
    new: int | str


def figure_names() -> tuple[str, ...]:
    """Return every figure in the order of the policy."""
    return tuple(name for name in asdict(Parameters()) if name not in _NOT_FIGURES)


def figure_named(typed: str) -> str | None:
    """Return the figure that `authority.director_from` or `director_from` means; None when there is none."""
    group, _, name = typed.strip().rpartition(".")
    if name not in figure_names() or (group and name not in _GROUPS.get(group, ())):
        return None
    return name


def with_figure(parameters: Parameters, name: str, value: int | str) -> Parameters | Refusal:
    """
    Return the figures with one changed.

    Returns:
        A refusal figures.wrong_kind (wanted: "int" or "str") or figures.unusable (mend), each with the name.
    """
    wanted = type(asdict(parameters)[name])
    if not isinstance(value, wanted) or isinstance(value, bool):
        return Refusal("figures.wrong_kind", "P.2", {"name": name, "wanted": wanted.__name__})
    changed = replace(parameters, **{name: value})
    faults = dict(unusable(changed))
    if name in faults:
        return Refusal("figures.unusable", "P.2", {"name": name, "mend": faults[name]})
    return changed


def differences(old: Parameters, new: Parameters) -> Sequence[Difference]:
    """Return the figures that differ between two versions, in the order of the policy."""
    before, after = asdict(old), asdict(new)
    return [Difference(name, before[name], after[name]) for name in figure_names() if before[name] != after[name]]
