"""
修订: one figure of the policy is changed by a revision (P.2, 8e).

Whoever proposes is shown, with who decides, what the change would have done to past filings. The records director
decides (their own go to the CEO); a new version is saved with its day, published to everybody with read confirmation,
and holds for what is filed from then on.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from handlers.actions import CardAction
from handlers.context import Ctx
from handlers.language.amounts import Amount, read_amount
from handlers.language.command import CommandLine
from handlers.language.dates import Moment, read_moment
from handlers.notices import send_notice
from handlers.registry import Answer, Say, Show, Topic
from handlers.seen import number_in, unknown, visible_item, words_after_number
from notifications.cards import Button, ButtonInteraction, ButtonSelection, MainTitle, Option, Pair, Source
from notifications.texts import revisions as texts
from notifications.texts.general import GROUP_ADMIN
from notifications.texts.words import shortened
from policy.deadlines import Due
from policy.decisions import Refusal
from policy.figures import MONEY, with_figure
from policy.notices import Audience
from policy.numbering import noun_of
from policy.org import Person
from policy.parameters import Parameters
from policy.replay import replay
from policy.terms import CardState, DepartmentKind, Grade, ItemState, Lateness, Noun, Post
from storage.queries import items
from storage.queries.filings import filings_since
from storage.queries.items import Item, OpenWork
from storage.queries.policy import save_version, versions

topic = Topic("revisions")

KIND = "revision"
PURPOSE = "revision"
WAITING = "revision"
REMINDER = "revision.reminder"
LOOK_BACK_DAYS = 90
QUESTION = "reason"
_CONTROLS = ("P.2", "8e")
_EVERYONE = "全员"
_REASON_MOST = 300
_NEAR = 60
_GREY, _GREEN = 0, 3
_TEN = time(10, 0)
_NO_REASON = frozenset({"none", "other", ""})
_REASONS = dict(texts.REASONS)
_FIGURES = {word: figure for figure, word in texts.NAMES.items()}
_WHOLE = re.compile(r"([0-9]{1,6})\s*\D{0,6}")


@dataclass(frozen=True)
class ApproveRevision(CardAction, key="revision.approve.1"):
    """批准."""

    number: str


@dataclass(frozen=True)
class RejectRevision(CardAction, key="revision.reject.1"):
    """驳回."""

    number: str


@dataclass(frozen=True)
class Proposal:
    """What a revision's item holds; since: company date, None = when it is approved."""

    figure: str
    old: int | str
    new: int | str
    reason: str
    since: date | None
    told: str

    def fields(self) -> dict[str, object]:
        """Return the fields of the item's revision."""
        return {**asdict(self), "since": self.since.isoformat() if self.since is not None else ""}

    @classmethod
    def kept(cls, fields: Any) -> Proposal:
        """Read what `fields` wrote."""
        since = date.fromisoformat(fields["since"]) if fields["since"] else None
        return cls(fields["figure"], fields["old"], fields["new"], fields["reason"], since, fields["told"])


# --- proposing ------------------------------------------------------------------------------------------------------


@topic.command("修订", "制度修订", group=GROUP_ADMIN, usage=texts.USAGE, examples=texts.EXAMPLES, controls=_CONTROLS)
def revise(line: CommandLine, ctx: Ctx) -> Answer:
    """Show the figures in force, one revision, or propose one."""
    number = number_in(line)
    if noun_of(number) is Noun.REVISION:
        return _status(line, number, ctx)
    if not line.body:
        version = next(row for row in reversed(versions(ctx.unit)) if row[0] == ctx.parameters.version)
        now = asdict(ctx.parameters)
        return Say(texts.current(version[0], version[1], [(figure, now[figure]) for figure in texts.NAMES]))
    read = _read(line, ctx)
    return Say(read) if isinstance(read, str) else _propose(ctx, read, line.text)


def _read(line: CommandLine, ctx: Ctx) -> Proposal | str:
    approver = _approver(ctx)
    if not _may_propose(ctx):
        director = ctx.org.holder(Post.RECORDS_DIRECTOR)
        return texts.not_yours(director.name if director is not None else "")
    if approver is None:
        return texts.nobody_to_approve()
    pairs = dict(line.pairs)
    reason, since = pairs.pop(texts.REASON, "").strip(), pairs.pop(texts.SINCE, "").strip()
    if not pairs:
        return texts.missing(["项目和新值"], f"{line.text.strip()} 项目=新值")
    if len(pairs) > 1:
        return texts.several(list(pairs))
    (word, typed), = pairs.items()
    figure = _FIGURES.get(word)
    if figure is None:
        return texts.unknown_figure(shortened(word, 20), _near(word))
    if not reason:
        return texts.missing([texts.REASON], f"{line.text.strip()} {texts.REASON}=")
    value = read_figure(figure, typed)
    if value is None:
        return texts.unreadable(figure, shortened(typed, 20))
    old = asdict(ctx.parameters)[figure]
    if value == old:
        return texts.same(figure, old)
    if isinstance(with_figure(ctx.parameters, figure, value), Refusal):
        return texts.out_of_range(figure, shortened(typed, 20))
    day = _day(since, ctx)
    if isinstance(day, str):
        return day
    waiting = _pending(ctx, approver, figure)
    if waiting is not None:
        return texts.pending(waiting, figure)
    return Proposal(figure, old, value, shortened(reason, _REASON_MOST), day, _effect(ctx, figure, value))


def _near(word: str) -> list[str]:
    # Imported at first use only: a quiet process need not pay for it.
    from rapidfuzz import fuzz, process

    found = process.extract(word, list(_FIGURES), scorer=fuzz.ratio, limit=2)
    return [name for name, score, _ in found if score >= _NEAR]


def read_figure(figure: str, typed: str) -> int | str | None:
    """Return a typed value as the figure takes it: fen, a whole number, a word or a time; None when it is none."""
    if figure in MONEY:
        amount = read_amount(typed)
        return int(amount.fen) if isinstance(amount, Amount) else None
    if isinstance(asdict(Parameters())[figure], int):
        found = _WHOLE.fullmatch(typed.strip())
        return int(found.group(1)) if found is not None else None
    return texts.CHOICES.get(typed.strip(), typed.strip()) if figure == "department_signature" else typed.strip()


def _day(typed: str, ctx: Ctx) -> date | str | None:
    if not typed:
        return None
    read = read_moment(typed, ctx.now, ctx.calendar)
    if not isinstance(read, Moment):
        return texts.unreadable_day(shortened(typed, 20))
    if read.date < ctx.today:
        return texts.past(read.date)
    return None if read.date == ctx.today else read.date


def _effect(ctx: Ctx, figure: str, value: int | str) -> str:
    def change(parameters: Parameters) -> Parameters:
        changed = with_figure(parameters, figure, value)
        return parameters if isinstance(changed, Refusal) else changed

    outcome = replay(filings_since(ctx.unit, ctx.now - timedelta(days=LOOK_BACK_DAYS)), change)
    told = texts.effect(
        LOOK_BACK_DAYS, outcome.count, len(outcome.differing), outcome.more, outcome.fewer, outcome.fen
    )
    return f"{told}；{texts.drifted(len(outcome.drifted))}" if outcome.drifted else told


def _propose(ctx: Ctx, proposal: Proposal, typed: str) -> Answer:
    approver = _approver(ctx)
    assert approver is not None
    title = f"{texts.name_of(proposal.figure)} {texts.value_of(proposal.figure, proposal.new)}"
    item, digest = ctx.file_item(
        Noun.REVISION, kind=KIND, title=title, fields=proposal.fields(), original=typed, responsible=approver.userid,
        state=ItemState.PENDING, reason=proposal.reason,
    )
    items.add_open_work(ctx.unit, approver.userid, item.number, WAITING, title, ctx.now)
    _ask(ctx, item, proposal, approver.userid, f"revision:{item.number}")
    ctx.remind(REMINDER, item.number, 1, _next_ten(ctx))
    ctx.audit(
        "revision.proposed", item.number, digest=digest, figure=proposal.figure, old=proposal.old, new=proposal.new,
        effect=proposal.told,
    )
    return Say(
        texts.proposed(
            item.number, proposal.figure, proposal.old, proposal.new, texts.since_words(proposal.since),
            proposal.told, approver.name,
        )
    )


def _ask(ctx: Ctx, item: Item, proposal: Proposal, approver: str, key: str) -> None:
    card = ButtonInteraction(
        task_id=ctx.new_token(), source=Source(texts.card_source(ctx.frank.rehearsal), _GREY),
        main_title=MainTitle(shortened(item.title, 36), ""), horizontal=_rows(ctx, item, proposal),
        sub_title=shortened(texts.card_text(proposal.reason, proposal.told), 160),
        selection=ButtonSelection(
            QUESTION, texts.REASON_TITLE, tuple(Option(key, text) for key, text in texts.REASONS), texts.REASONS[0][0]
        ),
        buttons=(
            Button(texts.BUTTON_APPROVE, ApproveRevision(item.number).pack(), style=1),
            Button(texts.BUTTON_REJECT, RejectRevision(item.number).pack(), style=3),
        ),
    )
    ctx.post.card(approver, card, key=key, number=item.number, purpose=PURPOSE, summary=f"{item.number} {item.title}")


def _rows(ctx: Ctx, item: Item, proposal: Proposal) -> tuple[Pair, ...]:
    return (
        Pair(texts.ROW_NUMBER, item.number), Pair(texts.ROW_FIGURE, texts.name_of(proposal.figure)),
        Pair(texts.ROW_OLD, texts.value_of(proposal.figure, proposal.old)),
        Pair(texts.ROW_NEW, texts.value_of(proposal.figure, proposal.new)),
        Pair(texts.ROW_SINCE, texts.since_words(proposal.since)), Pair(texts.ROW_BY, ctx.name(item.author)),
    )


# --- deciding -------------------------------------------------------------------------------------------------------


@topic.tap(ApproveRevision, controls=_CONTROLS)
def tap_approve(tap: ApproveRevision, ctx: Ctx) -> Answer:
    """Approve by card."""
    return _tapped(tap.number, ctx, approved=True, reason="")


@topic.tap(RejectRevision, controls=_CONTROLS)
def tap_reject(tap: RejectRevision, ctx: Ctx) -> Answer:
    """Reject by card, the reason chosen on it."""
    chosen = ctx.selected.get(QUESTION, ())
    key = chosen[0] if chosen else ""
    return _tapped(tap.number, ctx, approved=False, reason="" if key in _NO_REASON else _REASONS.get(key, ""))


def _tapped(number: str, ctx: Ctx, *, approved: bool, reason: str) -> Answer:
    said = _decide(number, ctx, approved=approved, reason=reason)
    item = items.load_item(ctx.unit, number)
    if said is not None:
        ctx.post.text(ctx.person.userid, said, key=f"revision:{ctx.event_key}", number=number)
    if item is None or item.state is ItemState.PENDING:
        return None
    return Show(_face(ctx, item, _proposal(ctx, item), ctx.task_id))


@topic.branch("同意", Noun.REVISION, controls=_CONTROLS)
def approve(line: CommandLine, ctx: Ctx) -> Answer:
    """Approve a revision by its number."""
    said = _decide(number_in(line), ctx, approved=True, reason="")
    return Say(said) if said is not None else _status(line, number_in(line), ctx)


@topic.branch("驳回", Noun.REVISION, controls=_CONTROLS)
def reject(line: CommandLine, ctx: Ctx) -> Answer:
    """Reject a revision with a reason in words."""
    said = _decide(number_in(line), ctx, approved=False, reason=shortened(words_after_number(line), _REASON_MOST))
    return Say(said) if said is not None else _status(line, number_in(line), ctx)


def _decide(number: str, ctx: Ctx, *, approved: bool, reason: str) -> str | None:
    """Decide; return what to say instead when nothing was decided."""
    item = visible_item(ctx, number)
    if item is None:
        return texts.not_the_approver(number, "") if items.load_item(ctx.unit, number) else None
    if item.state is not ItemState.PENDING:
        return _closed(ctx, item)
    if item.responsible != ctx.person.userid:
        return texts.not_the_approver(number, ctx.name(item.responsible))
    if not approved and not reason:
        return texts.reason_missing(number)
    proposal = _proposal(ctx, item)
    _close(ctx, item, ItemState.APPROVED if approved else ItemState.REJECTED)
    if approved:
        version, since = _put_in_force(ctx, proposal)
        words = texts.approved_told(number, proposal.figure, version, since, ctx.person.name)
        ctx.audit("revision.approved", number, figure=proposal.figure, version=version, since=since.isoformat())
        everyone = frozenset(person.userid for person in ctx.org.active_people()) - {ctx.person.userid}
        send_notice(
            ctx, Audience(_EVERYONE, tuple(sorted(everyone)), True),
            texts.notice(version, proposal.figure, proposal.old, proposal.new, since, number), "", important=True,
        )
    else:
        words = texts.rejected_told(number, proposal.figure, ctx.person.name, reason)
        ctx.audit("revision.rejected", number, figure=proposal.figure)
        items.add_note(ctx.unit, number, ctx.person.userid, reason, reason, ctx.new_token(), ctx.now)
        ctx.audit("revision.reasoned", number)
    ctx.post.settle_cards(
        number, CardState.SETTLED, lambda card: _face(ctx, _now(ctx, number), proposal, card.task_id)
    )
    ctx.post.text(item.author, words, key=f"revision:{number}:decided", number=number)
    return None


def _put_in_force(ctx: Ctx, proposal: Proposal) -> tuple[int, datetime]:
    newest, _, figures, _, _ = versions(ctx.unit)[-1]
    since = ctx.now if proposal.since is None else ctx.calendar.at(proposal.since, time(0))
    since = max(since, ctx.now)
    changed = with_figure(figures, proposal.figure, proposal.new)
    assert isinstance(changed, Parameters), "it was checked when it was proposed"
    values = {**asdict(changed), "version": newest + 1, "effective_on": ctx.calendar.local(since).date().isoformat()}
    save_version(
        ctx.unit, Parameters(**values), effective_at=since, approved_by=ctx.person.userid, note=proposal.reason,
        now=ctx.now,
    )
    return newest + 1, since


@topic.branch("撤回", Noun.REVISION, controls=_CONTROLS)
def withdraw(line: CommandLine, ctx: Ctx) -> Answer:
    """The proposer takes a revision back while nobody has decided."""
    number = number_in(line)
    item = visible_item(ctx, number)
    if item is None or item.author != ctx.person.userid:
        return unknown(line, number)
    if item.state is not ItemState.PENDING:
        return Say(_closed(ctx, item))
    proposal = _proposal(ctx, item)
    _close(ctx, item, ItemState.WITHDRAWN)
    ctx.audit("revision.withdrawn", number)
    ctx.post.settle_cards(number, CardState.VOID, lambda card: _face(ctx, _now(ctx, number), proposal, card.task_id))
    return Say(texts.withdrawn(number))


def _close(ctx: Ctx, item: Item, state: ItemState) -> None:
    items.change_item(ctx.unit, item.number, ctx.now, state=state)
    items.close_open_work(ctx.unit, item.number)
    ctx.forget_reminders(item.number)


# --- waiting and looking --------------------------------------------------------------------------------------------


@topic.due(REMINDER, lateness=Lateness.LATEST, controls=_CONTROLS)
def remind(due: Due, ctx: Ctx) -> None:
    """Remind who decides, every working day at 10:00; it never passes by itself."""
    item = items.load_item(ctx.unit, due.subject)
    if item is None or item.state is not ItemState.PENDING:
        return
    words = texts.reminder(item.number, _proposal(ctx, item).figure, ctx.name(item.author))
    ctx.post.text(item.responsible, words, key=f"revision:{item.number}:reminder:{due.generation}", number=item.number)
    ctx.remind(REMINDER, item.number, due.generation + 1, _next_ten(ctx))
    ctx.audit("revision.reminded", item.number, times=due.generation, late=due.late_seconds)


@topic.waiting(WAITING, texts.WAITS)
def open_waiting(work: OpenWork, ctx: Ctx) -> Answer:
    """待办 3: the card comes again."""
    item = items.load_item(ctx.unit, work.number)
    assert item is not None
    _ask(ctx, item, _proposal(ctx, item), ctx.person.userid, f"revision:{item.number}:{ctx.event_key}")
    return _status_of(ctx, item)


def _status(line: CommandLine, number: str, ctx: Ctx) -> Answer:
    item = visible_item(ctx, number)
    return unknown(line, number) if item is None else _status_of(ctx, item)


def _status_of(ctx: Ctx, item: Item) -> Answer:
    proposal = _proposal(ctx, item)
    return Say(
        texts.status(
            item.number, proposal.figure, proposal.old, proposal.new, texts.STATES[item.state.value], proposal.told,
            proposal.reason,
        )
    )


def _face(ctx: Ctx, item: Item, proposal: Proposal, task_id: str) -> ButtonInteraction:
    approved = item.state is ItemState.APPROVED
    if item.state is ItemState.WITHDRAWN:
        said, word = texts.withdrawn_face(ctx.name(item.author), item.updated_at), texts.STATES["withdrawn"]
    else:
        notes = items.notes_of(ctx.unit, item.number)
        reason = notes[-1].words if notes and not approved else ""
        said = texts.outcome(approved, ctx.name(item.responsible), item.updated_at, reason)
        word = texts.STATES["approved" if approved else "rejected"]
    return ButtonInteraction(
        task_id=task_id, source=Source(texts.card_source(ctx.frank.rehearsal, True), _GREEN if approved else _GREY),
        main_title=MainTitle(shortened(item.title, 36), ""), horizontal=_rows(ctx, item, proposal)[:4],
        sub_title=shortened(said, 160), buttons=(Button(word, "settled", style=4),), replace_text=word,
    )


def _closed(ctx: Ctx, item: Item) -> str:
    approved = None if item.state is ItemState.WITHDRAWN else item.state is ItemState.APPROVED
    by = item.author if approved is None else item.responsible
    return texts.closed(item.number, approved, ctx.name(by), item.updated_at)


def _proposal(ctx: Ctx, item: Item) -> Proposal:
    revision = items.load_revision(ctx.unit, item.number, item.revision)
    assert revision is not None
    return Proposal.kept(revision.fields)


def _now(ctx: Ctx, number: str) -> Item:
    item = items.load_item(ctx.unit, number)
    assert item is not None
    return item


def _pending(ctx: Ctx, approver: Person, figure: str) -> str | None:
    for work in items.open_work_of(ctx.unit, approver.userid):
        if work.what == WAITING and _proposal(ctx, _now(ctx, work.number)).figure == figure:
            return work.number
    return None


def _approver(ctx: Ctx) -> Person | None:
    """The records director; the CEO for the director's own, since nobody decides their own (2.1b, 4.1a)."""
    director, ceo = ctx.org.holder(Post.RECORDS_DIRECTOR), ctx.org.holder(Post.CEO)
    found = ceo if director is None or director.userid == ctx.person.userid else director
    return None if found is not None and found.userid == ctx.person.userid else found


def _may_propose(ctx: Ctx) -> bool:
    department = ctx.org.department_of(ctx.person.userid)
    in_records = department is not None and department.kind is DepartmentKind.RECORDS
    return ctx.person.grade is Grade.EXECUTIVE or (in_records and ctx.person.grade.rank >= Grade.SUPERVISOR.rank)


def _next_ten(ctx: Ctx) -> datetime:
    return ctx.calendar.at(ctx.calendar.next_working_day(ctx.today), _TEN)


