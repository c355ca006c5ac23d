"""Numbers in what people type, and whether they may see the item: both "no such" and "not yours" read the same."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.context import Ctx
from handlers.language.command import CommandLine, read_number
from handlers.registry import Answer, Say
from notifications.texts import approvals as texts
from notifications.texts.words import shortened
from policy.permissions import may_see, scope_of
from policy.terms import Noun
from storage.queries import alarms, approvals, items, meetings, notices, promises
from storage.queries.items import Item


def number_in(line: CommandLine) -> str:
    """Return the number that was typed, in its canonical form; "" when there is none."""
    return (read_number(line.tokens[0]) or "") if line.tokens else ""


def words_after_number(line: CommandLine) -> str:
    """Return what was typed after the number, line breaks kept."""
    if not line.tokens:
        return ""
    head, _, rest = line.body.strip().partition(line.tokens[0])
    # 驳回 CG-…：不在预算内: the sign between number and reason belongs to neither.
    return rest.strip().lstrip("，,、。：: ") if not head else line.body.strip()


def unknown(line: CommandLine, number: str) -> Answer:
    """Answer a number that does not exist or may not be seen; or none at all."""
    if number:
        return Say(texts.unknown_number(number))
    typed = line.tokens[0] if line.tokens else ""
    return Say(texts.number_missing(line.word, shortened(typed, 30)))


def visible_item(ctx: Ctx, number: str, **facts: object) -> Item | None:
    """
    Return an item if the person may see it, else None; a refused look is kept (6.1d).

    Args:
        facts: what the refusal is to say beside the number.
    """
    item = items.load_item(ctx.unit, number)
    if item is None:
        return None
    scope = scope_of(ctx.org, ctx.person)
    if may_see(scope, ctx.person.userid, item.author, item.department, involved_in(ctx, item)):
        return item
    ctx.access("refused", number, **facts)
    return None


def involved_in(ctx: Ctx, item: Item) -> frozenset[str]:
    """Return everyone an item went through: responsible, signers of any round, those it waits for, copies."""
    people = {item.responsible, item.author}
    approval = approvals.load_approval(ctx.unit, item.number)
    if approval is not None:
        people.update(seat.signer for seat in approval.seats)
        people.update(userid for seat in approval.seats for userid in seat.instead_of)
        copies = approval.facts.get("copies")
        people.update(map(str, copies) if isinstance(copies, list) else ())
        people.update(signature.actor for signature in approvals.signatures_of(ctx.unit, item.number))
    if item.noun is Noun.ALARM:
        alarm = alarms.load_alarm(ctx.unit, item.parent or item.number)
        people.update(alarm.ladder if alarm is not None else ())
    if item.noun in (Noun.NOTICE, Noun.DRILL):
        people.update(reader.userid for reader in notices.readers_of(ctx.unit, item.number))
    people.update(work.userid for work in items.open_work_on(ctx.unit, item.number))
    people.update(_met_or_promised(ctx, item))
    return frozenset(people)


def _met_or_promised(ctx: Ctx, item: Item) -> Iterator[str]:
    """Yield who sits in a meeting, also for what was decided in it, and who owns or assigned a task."""
    meeting = item.number if item.noun is Noun.MEETING else ""
    if item.noun is Noun.DECISION:
        meeting = item.parent or ""
    if item.noun is Noun.TASK:
        promise = promises.load_promise(ctx.unit, item.number)
        if promise is not None:
            yield from (promise.owner, promise.assigner)
            meeting = promise.meeting
    if meeting:
        yield from (seat.userid for seat in meetings.seats_of(ctx.unit, meeting))
