"""帮助 by role, greetings, the menu's hints, and the answer to what was not understood (contract, Chat)."""

from __future__ import annotations

from handlers.context import Ctx
from handlers.effects import APPROVAL
from handlers.explain import purchase_understood
from handlers.language.command import CommandLine, NotACommand, read_number
from handlers.language.nearest import nearest_commands
from handlers.language.purchase import PurchaseProblem, read_purchase
from handlers.records import record
from handlers.registry import Answer, CommandRoute, Say, Topic
from notifications.messages import split_text
from notifications.texts import general as texts
from notifications.texts import purchases as purchase_texts
from notifications.texts.words import GRADES
from policy.terms import DepartmentKind, Grade, Lane
from storage.queries import conversations, items
from storage.queries.templates import newest_templates

topic = Topic("help")

_ONCE_AN_HOUR = "greeting"
_OFFICES = frozenset({DepartmentKind.RECORDS, DepartmentKind.HR, DepartmentKind.EXECUTIVE})
_GROUP_BYTES = 1900
_EXAMPLE_BYTES = 1200  # a longer one would be cut, and a cut one must not be copied


@topic.command(
    "帮助", "help", "?", "菜单", "怎么用", group=texts.GROUP_LOOK, usage=texts.USAGE_HELP,
    examples=texts.EXAMPLES_HELP,
)
def show_help(line: CommandLine, ctx: Ctx) -> Answer:
    """Show what the person may do, or one command's usage with examples."""
    if line.tokens:
        return _one(line.tokens[0], ctx)
    groups: dict[str, list[str]] = {group: [] for group in texts.GROUP_ORDER}
    for route in ctx.registry.commands.values():
        if may_use(route, ctx) and _listed(route.group, ctx):
            groups[route.group].append(route.word)
    return Say(texts.help_all({name: words for name, words in groups.items() if words}, ctx.frank.rehearsal))


@topic.menu("help")
def help_by_menu(ctx: Ctx) -> Answer:
    """Show the help by the menu."""
    return show_help(CommandLine.bare(texts.HELP_WORD), ctx)


@topic.menu("purchase")
def purchase_by_menu(ctx: Ctx) -> Answer:
    """Show how a purchase is filed."""
    return Say(texts.MENU_PURCHASE_HINT)


@topic.menu("record")
def record_by_menu(ctx: Ctx) -> Answer:
    """Show the templates."""
    return record(CommandLine.bare(texts.RECORD_WORD), ctx)


@topic.menu("find")
def find_by_menu(ctx: Ctx) -> Answer:
    """Show how to find something."""
    return Say(texts.MENU_FIND_HINT)


def may_use(route: CommandRoute, ctx: Ctx) -> bool:
    """Return whether a command is for this person (2.1a)."""
    if route.managers_only and not ctx.org.is_manager(ctx.person.userid):
        return False
    return ctx.person.grade.rank >= route.from_grade.rank


def _listed(group: str, ctx: Ctx) -> bool:
    """
    Return whether a group of commands stands in this person's list.

    Signing is for who leads somebody or is asked right now; running the policy is for the offices that do.
    """
    if group == texts.GROUP_SIGN:
        waiting = items.open_work_of(ctx.unit, ctx.person.userid)
        return ctx.org.is_manager(ctx.person.userid) or any(work.what == APPROVAL for work in waiting)
    if group == texts.GROUP_ADMIN:
        department = ctx.org.department_of(ctx.person.userid)
        runs = department is not None and department.kind in _OFFICES
        return runs and ctx.person.grade is not Grade.SPECIALIST
    return True


def refuse_grade(route: CommandRoute) -> Answer:
    """Refuse a command that is not for this person's grade."""
    who = texts.MANAGERS if route.managers_only else f"{GRADES[route.from_grade]}{texts.AND_ABOVE}"
    return Say(texts.not_allowed(route.word, who))


def small_talk(typed: str, ctx: Ctx) -> Answer | bool:
    """
    Answer a greeting or thanks with one short line, at most once an hour.

    Returns:
        False when it is none; None (silence) when one was answered within the hour.
    """
    word = typed.strip().rstrip("!！。.~～").lower()
    if word in texts.LEAVE_WORDS or any(word.startswith(leave) for leave in texts.LEAVE_WORDS[:2]):
        return Say(texts.NOT_KNOWN_LEAVE)
    answer = next(
        (
            line
            for words, line in (
                (texts.GREETINGS, texts.ANSWER_GREETING), (texts.THANKS, texts.ANSWER_THANKS),
                (texts.FINE, texts.ANSWER_FINE),
            )
            if word in words
        ),
        None,
    )
    if answer is None:
        return False
    if conversations.recall(ctx.unit, ctx.person.userid, _ONCE_AN_HOUR, ctx.now) is not None:
        return None
    conversations.remember(ctx.unit, ctx.person.userid, _ONCE_AN_HOUR, True, ctx.later(hours=1))
    return Say(answer)


def not_understood(said: NotACommand, ctx: Ctx) -> Answer:
    """Answer with the nearest right command and an example that holds only what was typed."""
    words = [route.word for route in ctx.registry.commands.values() if may_use(route, ctx)]
    typed = said.typed_word
    number = read_number(said.text)
    if number is not None:
        return Say(texts.nearest(said.text, texts.TRACE_WORD, "", (), f"{texts.TRACE_WORD} {number}"))
    if any(template.name == typed for template in newest_templates(ctx.unit)):
        return Say(texts.nearest(typed, texts.RECORD_WORD, "", (), f"{texts.RECORD_WORD} {said.text}"))
    near = nearest_commands(typed, words, ctx.registry.vocabulary)
    # 采购显示器: begins with a command's word, but nothing shows that a command is meant.
    glued = said.begins in words and not near
    if not near and not glued:
        return Say(texts.not_understood(said.text))
    word = said.begins if glued else near[0].word
    retyped = " ".join(part for part in (word, said.glued if glued else "", said.body) if part)
    if len(retyped.encode()) > _EXAMPLE_BYTES:
        return Say(texts.nearest_long(typed, word))
    if word == texts.PURCHASE_WORD and retyped != word:
        line = ctx.registry.read(retyped)
        assert isinstance(line, CommandLine)
        read = read_purchase(line)
        if isinstance(read, PurchaseProblem) and read.code == "missing":
            understood, example = purchase_understood(read)
            missing = [purchase_texts.FIELD_WORDS[name] for name in read.missing]
            return Say(texts.nearest(typed, word, understood, missing, example))
        if not isinstance(read, PurchaseProblem):
            return Say(texts.nearest(typed, word, purchase_texts.understood_sum(read.total_fen), (), retyped))
    return Say(texts.nearest(typed, word, "", (), retyped))


def _group(group: str, ctx: Ctx) -> Answer:
    routes = [route for route in ctx.registry.commands.values() if route.group == group and may_use(route, ctx)]
    pages = split_text(texts.help_group(group, [route.usage for route in routes]), _GROUP_BYTES)
    for at, page in enumerate(pages[1:], 1):  # the first is the answer itself
        ctx.post.text(ctx.person.userid, page, key=f"help:{ctx.event_key}:{at}", lane=Lane.URGENT)
    return Say(pages[0])


def _one(word: str, ctx: Ctx) -> Answer:
    if word in texts.GROUP_ORDER and ctx.registry.vocabulary.get(word) is None:
        return _group(word, ctx)
    name = ctx.registry.vocabulary.get(word)
    if name is None:
        near = nearest_commands(word, list(ctx.registry.commands), ctx.registry.vocabulary)
        return Say(texts.help_unknown(word, near[0].word if near else ""))
    route = ctx.registry.commands[name]
    return Say(texts.help_one(route.usage, route.aliases, route.examples))
