"""查 and 追溯: what a person may see, and the whole story of one item (P.3, 3.1f, 6.1d)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.context import SYSTEM, Ctx
from handlers.language.command import CommandLine, read_number
from handlers.registry import Answer, Say, Topic
from handlers.seen import involved_in, number_in, unknown, visible_item
from handlers.trace_words import event_words, steps_ahead
from notifications.texts import records as texts
from notifications.texts.general import GROUP_LOOK, NOTHING_MINE, mine
from notifications.texts.moments import moment
from notifications.texts.sums import figures
from notifications.texts.words import GRADES, NOUNS, STATES, in_seat, shortened
from policy.permissions import may_see, scope_of
from storage.queries import approvals, evidence, items
from storage.queries.items import Item
from storage.queries.search import Within
from storage.queries.search import find as search

topic = Topic("finding")

LIST_MOST = 8
_LOOKED_AT = 50
# Acts whose words are kept as a note of the item, in the same order.
_WITH_WORDS = frozenset({"approval.asked", "approval.answered", "revision.reasoned"})
_PAGE_BYTES = 1800  # of the 2,048 a message may have; the rest is the pager's line


@topic.command(
    "查", "查找", "查询", "搜索", group=GROUP_LOOK, usage=texts.USAGE_FIND,
    examples=texts.EXAMPLES_FIND, controls=("P.1", "P.3"),
)
def find(line: CommandLine, ctx: Ctx) -> Answer:
    """Find items by words or number, only those the person may see; the look is kept (6.1d)."""
    words = line.body.strip()
    if not words:
        return Say(texts.FIND_USAGE)
    number = read_number(words)
    if number is not None:
        item = visible_item(ctx, number)
        seen = [item] if item is not None else []
    else:
        seen = _visible(ctx, words)
    ctx.access("search", "", found=len(seen))
    rows = [(item.noun, item.number, item.title, item.state) for item in seen[:LIST_MOST]]
    return Say(texts.found(words, rows, len(seen) > LIST_MOST))


def _visible(ctx: Ctx, words: str) -> list[Item]:
    scope = scope_of(ctx.org, ctx.person)
    person = ctx.person.userid
    within = None if scope.everything else Within(person, scope.authors, scope.departments)
    seen: list[Item] = []
    for item in items.load_items(ctx.unit, search(ctx.unit, words, _LOOKED_AT, within)):
        if may_see(scope, person, item.author, item.department, ()) or person in involved_in(ctx, item):
            seen.append(item)
        if len(seen) > LIST_MOST:
            break
    return seen


@topic.command(
    "追溯", "经过", group=GROUP_LOOK, usage=texts.USAGE_TRACE, examples=texts.EXAMPLES_TRACE,
    controls=("3.1f", "P.2", "P.3"),
)
def trace(line: CommandLine, ctx: Ctx) -> Answer:
    """Show one item's whole story in pages: every event of the trail, and who is still to come. Source: 3.1f."""
    if not line.tokens:
        return Say(texts.TRACE_USAGE)
    number = number_in(line)
    item = visible_item(ctx, number)
    if item is None:
        return unknown(line, number)
    pages = _pages(story(ctx, item))
    asked = line.tokens[1] if len(line.tokens) > 1 else "1"
    page = int(asked) if asked.isdecimal() and 1 <= int(asked) <= len(pages) else 1
    ctx.access("trace", number)
    shown = pages[page - 1]
    if len(pages) > 1:
        shown = [*shown, texts.trace_page(page, len(pages), number)]
    return Say("\n".join(shown))


def story(ctx: Ctx, item: Item) -> list[str]:
    """Return one item's whole story, a line each: what it is, every event of the trail, who is still to come (3.1f)."""
    approval = approvals.load_approval(ctx.unit, item.number)
    department = ctx.org.departments.get(item.department)
    lines = texts.trace_head(
        item.noun, item.number, item.title, item.state, ctx.name(item.author),
        department.name if department is not None else item.department, item.created_at,
        ctx.name(item.responsible), GRADES[item.answerable], item.policy_version,
        figures(approval.fen) if approval is not None and approval.fen is not None else "",
        rehearsal=ctx.frank.rehearsal,
    )
    revisions = {revision.revision: revision for revision in items.revisions_of(ctx.unit, item.number)}
    signed = approvals.signatures_of(ctx.unit, item.number)
    signatures = {(each.round, each.step, each.generation): each for each in signed}
    notes = iter(items.notes_of(ctx.unit, item.number))
    taken: dict[tuple[int, int], int] = {}
    for event in evidence.trail_of(ctx.unit, item.number):
        facts: Mapping[str, Any] = event.facts
        signature = None
        if event.act in ("approval.approved", "approval.returned", "approval.rejected"):
            place = (int(facts["round"]), int(facts["step"]))
            signature = signatures.get((*place, taken.get(place, 0)))
        if event.act == "approval.taken_back" and approval is not None:
            place = (approval.round, int(facts["step"]))
            taken[place] = taken.get(place, 0) + 1
        note = next(notes, None) if event.act in _WITH_WORDS else None
        words = event_words(ctx, item, event.act, facts, revisions, signature, note)
        if words:
            who = texts.THE_SYSTEM if event.actor == SYSTEM else ctx.name(event.actor)
            if signature is not None:  # as it was when signing, whatever the name is now
                stood_in_for = str(facts.get("acting_for", ""))
                who = in_seat(signature.actor_name, ctx.name(stood_in_for) if stood_in_for else "")
            lines.append(texts.trace_line(event.at, who, words))
    if approval is not None:
        lines += steps_ahead(ctx, approval)
    for attachment in items.attachments_of(ctx.unit, item.number):
        lines.append(texts.trace_attachment(attachment.kind, attachment.name, attachment.state))
    for child in items.children_of(ctx.unit, item.number):
        lines.append(texts.trace_child(NOUNS[child.noun], child.number, STATES[child.state]))
    if item.parent:
        lines.append(texts.trace_parent(item.parent))
    return lines


def _pages(lines: list[str]) -> list[list[str]]:
    pages: list[list[str]] = [[]]
    size = 0
    for line in lines:
        cut = shortened(line, 400)
        need = len(cut.encode()) + 1
        if size + need > _PAGE_BYTES and pages[-1]:
            pages.append([])
            size = 0
        pages[-1].append(cut)
        size += need
    return pages


@topic.command("我提交的", "我的", group=GROUP_LOOK, usage=texts.USAGE_MINE, examples=texts.EXAMPLES_MINE)
def own(line: CommandLine, ctx: Ctx) -> Answer:
    """Show what a person filed last, with where it stands."""
    return show_own(ctx)


@topic.menu("mine")
def own_by_menu(ctx: Ctx) -> Answer:
    """Show the same by the menu."""
    return show_own(ctx)


def show_own(ctx: Ctx) -> Answer:
    """Return the person's newest items, each with who has it now."""
    rows = items.newest_of(ctx.unit, ctx.person.userid, LIST_MOST)
    if not rows:
        return Say(NOTHING_MINE)
    return Say(
        mine(
            [
                texts.mine_row(item.noun, item.number, item.title, item.state, ctx.name(item.responsible),
                               moment(item.updated_at))
                for item in rows
            ]
        )
    )
