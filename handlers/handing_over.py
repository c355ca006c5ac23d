"""转交, 加签, 减签: who else signs, decided by the one who is asked (3.1a, 4.1a)."""

from __future__ import annotations

from handlers.approval_cards import names_of
from handlers.asked import seat_asked
from handlers.context import Ctx
from handlers.effects import Case, carry_out
from handlers.explain import refusal_text
from handlers.language.command import CommandLine
from handlers.language.people import NotFound, directory_of, find_person
from handlers.registry import Answer, Say, Topic
from handlers.seen import number_in, unknown, visible_item
from handlers.whom import person_meant, person_named
from notifications.texts import acts as texts
from notifications.texts import approvals as approval_texts
from notifications.texts import purchases as purchase_texts
from notifications.texts.general import GROUP_SIGN
from policy.approval_acts import Act, Place
from policy.capacity import able
from policy.decisions import Refusal
from policy.org import Person
from policy.steps import Approval
from policy.terms import Verb
from storage.queries import approvals
from storage.queries.items import Item

topic = Topic("handing_over")

NOTE_MOST = 300


@topic.command(
    "转交", "转办", "转签", group=GROUP_SIGN, usage=texts.USAGE_FORWARD, examples=texts.EXAMPLES_FORWARD,
    controls=("3.1a", "4.1a"),
)
def forward(line: CommandLine, ctx: Ctx) -> Answer:
    """Give one's seat to somebody of no lower authority. Source: 4.1a."""
    read = _read(line, ctx, Verb.FORWARD)
    if not isinstance(read, tuple):
        return read
    item, approval, person, words = read
    seat = seat_asked(ctx, approval, ctx.person.userid)
    fits = seat is None or able(ctx.org, person, seat.roles)
    act = Act(Verb.FORWARD, ctx.person.userid, " ".join(words), to=person.userid, able=fits)
    done = _carry_out(ctx, item, approval, act)
    return done if not isinstance(done, Case) else Say(texts.forwarded_done(item.number, person.name))


@topic.command(
    "加签", group=GROUP_SIGN, usage=texts.USAGE_ADD, examples=texts.EXAMPLES_ADD, controls=("3.1a",)
)
def add(line: CommandLine, ctx: Ctx) -> Answer:
    """Ask somebody to sign before, alongside or after oneself; before when nothing is said."""
    read = _read(line, ctx, Verb.ADD)
    if not isinstance(read, tuple):
        return read
    item, approval, person, words = read
    place = Place.BEFORE
    if words and words[0] in texts.PLACE_WORDS:
        place, words = texts.PLACE_WORDS[words[0]], words[1:]
    act = Act(Verb.ADD, ctx.person.userid, " ".join(words), to=person.userid, place=place)
    done = _carry_out(ctx, item, approval, act)
    if not isinstance(done, Case):
        return done
    return Say(texts.added_done(item.number, person.name, place, _order(done)))


@topic.command(
    "减签", group=GROUP_SIGN, usage=texts.USAGE_REMOVE, examples=texts.EXAMPLES_REMOVE, controls=("3.1a",)
)
def remove(line: CommandLine, ctx: Ctx) -> Answer:
    """Take back one's own 加签 while the added one has not signed."""
    read = _read(line, ctx, Verb.REMOVE)
    if not isinstance(read, tuple):
        return read
    item, approval, person, _ = read
    done = _carry_out(ctx, item, approval, Act(Verb.REMOVE, ctx.person.userid, to=person.userid))
    return done if not isinstance(done, Case) else Say(texts.removed_done(person.name, _order(done)))


def _read(line: CommandLine, ctx: Ctx, verb: Verb) -> tuple[Item, Approval, Person, list[str]] | Answer:
    number = number_in(line)
    item = visible_item(ctx, number)
    if item is None:
        return unknown(line, number)
    approval = approvals.lock_approval(ctx.unit, number)
    if approval is None:
        return Say(approval_texts.not_an_approval(number))
    if len(line.tokens) < 2:
        return Say(texts.person_missing(line.word, number))
    words = list(line.tokens[2:])
    if sum(map(len, words)) > NOTE_MOST:
        return Say(approval_texts.note_too_long(NOTE_MOST))
    found = find_person(line.tokens[1], directory_of(ctx.org))
    if isinstance(found, NotFound):
        told = person_meant(found, ctx, texts.NOTHING_DONE)
        return Say(texts.with_example(told, " ".join([line.word, number, texts.EXAMPLE_PERSON, *words])))
    person = person_named(line.tokens[1], ctx, line, texts.NOTHING_DONE)
    return Say(person) if isinstance(person, str) else (item, approval, person, words)


def _carry_out(ctx: Ctx, item: Item, approval: Approval, act: Act) -> Case | Answer:
    done = carry_out(ctx, item, approval, act)
    return Say(refusal_text(done, ctx, item.number, approval)) if isinstance(done, Refusal) else done


def _order(case: Case) -> str:
    return purchase_texts.order_for([names_of(case.ctx, step) for step in case.after.steps], case.after.position)
