"""What `liuhen controls` would say of a control in a test's company."""

from __future__ import annotations

from handlers.controls import ControlState, report
from tests.handlers.office import Office


def standing(office: Office, control: str) -> ControlState:
    """Return a control as it stands, its test taken as passed: the rest must be there by itself."""
    states = office.ask(lambda unit: report(unit, office.house.registry, [control]))
    return next(state for state in states if state.control.id == control)


def in_force(office: Office, control: str, *triggers: str) -> ControlState:
    """Return a control's state after making sure that it is in force, begun by these triggers, with evidence."""
    state = standing(office, control)
    assert state.missing == ()
    assert set(triggers) <= set(state.triggers)
    assert state.count > 0
    assert state.last == office.clock.company_now()
    return state


def greeted(office: Office) -> None:
    """Let everybody have had the first contact, so that answers are only about the matter."""
    for userid in office.phones.chats:
        office.enter(userid)
