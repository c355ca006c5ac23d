"""
The registry: every command, button, menu key, deadline and rhythm of the product, declared beside its handler.

A topic file makes one `Topic` and decorates its functions; `handlers.all_topics.registry()` joins them and refuses
duplicates. What is not declared here does not exist: help, control evidence and dispatch all read this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from handlers.actions import CardAction
from handlers.language.command import CommandLine, Meant, NotACommand, read_command, read_number
from policy.deadlines import Due
from policy.decisions import Refusal
from policy.numbering import noun_of
from policy.schedules import Schedule
from policy.terms import Grade, Lateness, Noun

if TYPE_CHECKING:
    from handlers.context import Ctx
    from handlers.digest_view import DigestView
    from notifications.cards import TemplateCard
    from storage.queries.items import OpenWork


@dataclass(frozen=True)
class Say:
    """Answer with a sentence, in the exchange itself."""

    text: str


@dataclass(frozen=True)
class Show:
    """Answer a tap by changing the tapped card, in the exchange itself."""

    card: TemplateCard


Answer = Say | Show | Refusal | None
CommandHandler = Callable[[CommandLine, "Ctx"], Answer]
TapHandler = Callable[[Any, "Ctx"], Answer]
MenuHandler = Callable[["Ctx"], Answer]
DueHandler = Callable[[Due, "Ctx"], None]
OpenHandler = Callable[["OpenWork", "Ctx"], Answer]
DigestLine = Callable[["DigestView", "Ctx"], str]
PreviewHandler = Callable[[Any, "Ctx"], Answer]


@dataclass(frozen=True)
class CommandRoute:
    """
    A chat command.

    Attributes:
        word: the command as it is called.
        aliases: other words for it.
        group: heading in the help.
        usage: one line for the help.
        examples: what `帮助 <command>` shows.
        from_grade: who may use it.
        managers_only: only people who lead somebody.
        glued: of what follows the word without a space, whether the command is clearly meant; None: never by words.
    """

    word: str
    aliases: tuple[str, ...]
    handler: CommandHandler
    group: str
    usage: str
    examples: tuple[str, ...]
    from_grade: Grade
    managers_only: bool
    controls: tuple[str, ...]
    glued: Meant | None = None


@dataclass(frozen=True)
class BranchRoute:
    """A command of another topic that means something of its own for numbers of one noun: 撤回 GJ-…"""

    word: str
    noun: Noun
    handler: CommandHandler
    controls: tuple[str, ...]


@dataclass(frozen=True)
class TapRoute:
    """A button."""

    action: type[CardAction]
    handler: TapHandler
    controls: tuple[str, ...]


@dataclass(frozen=True)
class DueRoute:
    """A kind of deadline."""

    kind: str
    lateness: Lateness
    handler: DueHandler
    controls: tuple[str, ...]


@dataclass(frozen=True)
class EveryRoute:
    """A rhythm: a deadline that sets its own successor."""

    kind: str
    schedule: Callable[[Any], Schedule]
    lateness: Lateness
    handler: DueHandler
    controls: tuple[str, ...]


class DigestPlace(Enum):
    """Where a topic's own line stands in the Monday digest (4.2a). Open work joins by itself, without any."""

    WAITING = "waiting"  # below the numbered list: what waits in another way than as open work
    PROBLEM = "problem"  # among last week's problems
    HINT = "hint"  # 请留意: the first that has something to say is shown
    NOTE = "note"  # 供参考: a line of its own near the end


@dataclass(frozen=True)
class WaitingRoute:
    """
    A reason for which an item waits for somebody (`what` of the open work).

    Attributes:
        words: what 待办 says of it, e.g. 待您审批.
        handler: what 待办 3 does with it; it opens, it never decides.
    """

    what: str
    words: str
    handler: OpenHandler


@dataclass
class Topic:
    """One topic file's declarations."""

    name: str
    commands: list[CommandRoute] = field(default_factory=list)
    branches: list[BranchRoute] = field(default_factory=list)
    previews: dict[str, PreviewHandler] = field(default_factory=dict)
    taps: list[TapRoute] = field(default_factory=list)
    menus: dict[str, MenuHandler] = field(default_factory=dict)
    dues: list[DueRoute] = field(default_factory=list)
    rhythms: list[EveryRoute] = field(default_factory=list)
    waits: list[WaitingRoute] = field(default_factory=list)
    digest_lines: list[tuple[DigestPlace, DigestLine]] = field(default_factory=list)

    @property
    def deadlines(self) -> tuple[DueRoute | EveryRoute, ...]:
        """Return every kind of deadline of the topic."""
        return (*self.dues, *self.rhythms)

    def command(
        self,
        word: str,
        *aliases: str,
        group: str,
        usage: str,
        examples: tuple[str, ...] = (),
        from_grade: Grade = Grade.SPECIALIST,
        managers_only: bool = False,
        controls: tuple[str, ...] = (),
        glued: Meant | None = None,
    ) -> Callable[[CommandHandler], CommandHandler]:
        """Declare a chat command."""

        def declare(handler: CommandHandler) -> CommandHandler:
            self.commands.append(
                CommandRoute(
                    word, aliases, handler, group, usage, examples, from_grade, managers_only, controls, glued
                )
            )
            return handler

        return declare

    def branch(
        self, word: str, *nouns: Noun, controls: tuple[str, ...] = ()
    ) -> Callable[[CommandHandler], CommandHandler]:
        """Declare what a command (of any topic) does when the number after it is of one of these nouns."""

        def declare(handler: CommandHandler) -> CommandHandler:
            self.branches += [BranchRoute(word, noun, handler, controls) for noun in nouns]
            return handler

        return declare

    def preview(self, name: str) -> Callable[[PreviewHandler], PreviewHandler]:
        """Declare what 确认发送 does with a preview that `handlers.previews.show_first` kept under this name."""

        def declare(handler: PreviewHandler) -> PreviewHandler:
            self.previews[name] = handler
            return handler

        return declare

    def tap(self, action: type[CardAction], *, controls: tuple[str, ...] = ()) -> Callable[[TapHandler], TapHandler]:
        """Declare what a button does."""

        def declare(handler: TapHandler) -> TapHandler:
            self.taps.append(TapRoute(action, handler, controls))
            return handler

        return declare

    def menu(self, key: str) -> Callable[[MenuHandler], MenuHandler]:
        """Declare what an entry of the app menu does."""

        def declare(handler: MenuHandler) -> MenuHandler:
            if key in self.menus:
                raise ValueError(f"menu key {key} is declared twice")
            self.menus[key] = handler
            return handler

        return declare

    def due(
        self, kind: str, *, lateness: Lateness, controls: tuple[str, ...] = ()
    ) -> Callable[[DueHandler], DueHandler]:
        """Declare what happens when a deadline of this kind fires, and what a late one does."""

        def declare(handler: DueHandler) -> DueHandler:
            self.dues.append(DueRoute(kind, lateness, handler, controls))
            return handler

        return declare

    def every(
        self,
        kind: str,
        schedule: Callable[[Any], Schedule],
        *,
        lateness: Lateness = Lateness.LATEST,
        controls: tuple[str, ...] = (),
    ) -> Callable[[DueHandler], DueHandler]:
        """Declare a rhythm; `schedule` gets the parameters in force."""

        def declare(handler: DueHandler) -> DueHandler:
            self.rhythms.append(EveryRoute(kind, schedule, lateness, handler, controls))
            return handler

        return declare

    def waiting(self, what: str, words: str) -> Callable[[OpenHandler], OpenHandler]:
        """Declare a reason for which items wait: its words in 待办 and in the digest, and what opening one does."""

        def declare(handler: OpenHandler) -> OpenHandler:
            self.waits.append(WaitingRoute(what, words, handler))
            return handler

        return declare


    def digest_line(self, place: DigestPlace) -> Callable[[DigestLine], DigestLine]:
        """Declare a line of the Monday digest; the function returns "" when there is nothing to say (4.2a)."""

        def declare(line: DigestLine) -> DigestLine:
            self.digest_lines.append((place, line))
            return line

        return declare


class Registry:
    """All topics joined. Read-only after it is made."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        self.topics = tuple(topics)
        commands: dict[str, CommandRoute] = {}
        vocabulary: dict[str, str] = {}
        taps: dict[type[CardAction], TapRoute] = {}
        menus: dict[str, MenuHandler] = {}
        dues: dict[str, DueRoute | EveryRoute] = {}
        waits: dict[str, WaitingRoute] = {}
        for topic in self.topics:
            for command in topic.commands:
                for word in (command.word, *command.aliases):
                    if word in vocabulary:
                        raise ValueError(f"command {word} is declared twice")
                    vocabulary[word] = command.word
                commands[command.word] = command
            for tap in topic.taps:
                if tap.action in taps:
                    raise ValueError(f"button {tap.action.key} has two handlers")
                taps[tap.action] = tap
            for key, menu in topic.menus.items():
                if key in menus:
                    raise ValueError(f"menu key {key} is declared twice")
                menus[key] = menu
            for route in topic.deadlines:
                if route.kind in dues:
                    raise ValueError(f"deadline kind {route.kind} is declared twice")
                dues[route.kind] = route
            for wait in topic.waits:
                if wait.what in waits:
                    raise ValueError(f"open work {wait.what} is declared twice")
                waits[wait.what] = wait
        branches: dict[tuple[str, Noun], BranchRoute] = {}
        previews: dict[str, PreviewHandler] = {}
        for topic in self.topics:
            for branch in topic.branches:
                if branch.word not in commands:
                    raise ValueError(f"branch of a command {branch.word} that nobody declares")
                if (branch.word, branch.noun) in branches:
                    raise ValueError(f"command {branch.word} has two branches for {branch.noun}")
                branches[branch.word, branch.noun] = branch
            for name, handler in topic.previews.items():
                if name in previews:
                    raise ValueError(f"preview {name} is declared twice")
                previews[name] = handler
        self.branches: Mapping[tuple[str, Noun], BranchRoute] = MappingProxyType(branches)
        self.previews: Mapping[str, PreviewHandler] = MappingProxyType(previews)
        self.commands: Mapping[str, CommandRoute] = MappingProxyType(commands)
        self.vocabulary: Mapping[str, str] = MappingProxyType(vocabulary)
        self._glued = {word: command.glued for word, command in commands.items() if command.glued is not None}
        self.taps: Mapping[type[CardAction], TapRoute] = MappingProxyType(taps)
        self.menus: Mapping[str, MenuHandler] = MappingProxyType(menus)
        self.dues: Mapping[str, DueRoute | EveryRoute] = MappingProxyType(dues)
        self.waits: Mapping[str, WaitingRoute] = MappingProxyType(waits)

    def digest_lines(self, place: DigestPlace) -> tuple[DigestLine, ...]:
        """Return the topics' own lines of one place of the digest, in the order of the topics."""
        return tuple(line for topic in self.topics for where, line in topic.digest_lines if where is place)

    def read(self, typed: str) -> CommandLine | NotACommand:
        """Read a message with every command that is declared. Never raises."""
        return read_command(typed, self.vocabulary, self._glued)

    def handler_of(self, line: CommandLine) -> CommandHandler:
        """Return who answers a command: its own topic, or the one whose noun the number after it has."""
        number = read_number(line.tokens[0]) if line.tokens else None
        noun = noun_of(number) if number is not None else None
        branch = self.branches.get((line.word, noun)) if noun is not None else None
        return self.commands[line.word].handler if branch is None else branch.handler

    @property
    def rhythms(self) -> tuple[EveryRoute, ...]:
        """Return every rhythm."""
        return tuple(route for topic in self.topics for route in topic.rhythms)

    def triggers(self) -> Mapping[str, tuple[str, ...]]:
        """Return, per control ID, what starts it: "command 采购", "button approval.decide.1", "deadline …"."""
        found: dict[str, list[str]] = {}
        for topic in self.topics:
            for command in topic.commands:
                for control in command.controls:
                    found.setdefault(control, []).append(f"command {command.word}")
            for branch in topic.branches:
                for control in branch.controls:
                    found.setdefault(control, []).append(f"command {branch.word} {branch.noun}-…")
            for tap in topic.taps:
                for control in tap.controls:
                    found.setdefault(control, []).append(f"button {tap.action.key}")
            for route in topic.deadlines:
                for control in route.controls:
                    found.setdefault(control, []).append(f"deadline {route.kind}")
        return {control: tuple(names) for control, names in found.items()}
