"""
委托 and 休假: who signs for whom for a period, at once and announced; it ends by itself (4.1c).

Who is asked at an instant follows from the periods (policy.standing_in); the deadlines here only move what lies open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from handlers.asked import SUPERIOR_ASKED
from handlers.context import Ctx
from handlers.language.command import CommandLine, read_number
from handlers.language.dates import DateProblem, Moment, Span, read_span
from handlers.minutes_duty import pass_on
from handlers.registry import Answer, Say, Topic
from handlers.reseating import above, reseat, reseat_all, waiting_for, with_fresh_org
from handlers.whom import person_named
from notifications.texts import stand_ins as texts
from notifications.texts.general import GROUP_SIGN
from policy.absences import Absence, AbsenceKind, refuse_period
from policy.deadlines import Due
from policy.decisions import Refusal
from policy.org import Person
from policy.standing_in import may_sign
from policy.terms import Grade, ItemState, Lateness, Noun
from storage.queries import absences, approvals, items
from storage.queries.people import raise_org_version

topic = Topic("stand_ins")

STARTS, ENDS = "absence.starts", "absence.ends"
_FAR = timedelta(days=60)  # a bare date that comes round again only after so long was meant as the past one
_MIDNIGHT = time(0)


@dataclass(frozen=True)
class _Period:
    starts_at: datetime
    ends_at: datetime


# --- 委托 -----------------------------------------------------------------------------------------------------------


@topic.command(
    "委托", "委托审批", "授权代签", group=GROUP_SIGN, usage=texts.USAGE_DELEGATE, examples=texts.EXAMPLES_DELEGATE,
    controls=("4.1c",),
)
def delegate(line: CommandLine, ctx: Ctx) -> Answer:
    """Let somebody sign for me for a period; 委托 取消 ends it. Source: 4.1c."""
    if line.tokens and line.tokens[0] in texts.CANCEL_WORDS:
        return _end_by_hand(line, ctx, AbsenceKind.DELEGATION)
    typed_who, typed_period = _who_and_period(line)
    if not typed_who and not typed_period:
        return _mine(ctx, leave=False)
    who = person_named(typed_who, ctx, line, texts.NOT_REGISTERED) if typed_who else texts.usage(False, "")
    if isinstance(who, str):
        return Say(who)
    if not typed_period:
        return Say(texts.usage(False, typed_who))
    period = _period(typed_period, ctx)
    if isinstance(period, str):
        return Say(period)
    refused = _refuse_stand_in(ctx, who, period, leave=False) or _refuse(ctx, period, leave=False)
    if refused is not None:
        return Say(refused)
    absence = _keep(ctx, AbsenceKind.DELEGATION, who, period, line.text)
    moved, begun = _begin_if_due(ctx, absence)
    limit = _limit(ctx, who)
    _announce(ctx, absence, who, limit)
    notes = [] if limit is None else [texts.note_limit(limit)]
    return Say(texts.made(absence.number, who.name, absence.starts_at, absence.ends_at, moved, begun, notes))


# --- 休假 -----------------------------------------------------------------------------------------------------------


@topic.command(
    "休假", group=GROUP_SIGN, usage=texts.USAGE_LEAVE, examples=texts.EXAMPLES_LEAVE, controls=("4.1c",)
)
def go_on_leave(line: CommandLine, ctx: Ctx) -> Answer:
    """Be away for a period; the deputy signs, else the line above is asked too after a while. Source: 4.1c."""
    if line.tokens and line.tokens[0] in texts.BACK_WORDS:
        return _end_by_hand(line, ctx, AbsenceKind.LEAVE)
    typed_who = next((line.pairs[key] for key in texts.WHO_KEYS if line.pairs.get(key)), "")
    typed_period = _typed_period(line, line.tokens)
    if not typed_who and not typed_period:
        return _mine(ctx, leave=True)
    who: Person | str | None = person_named(typed_who, ctx, line, texts.NOT_REGISTERED) if typed_who else None
    if isinstance(who, str):
        return Say(who)
    period = _period(typed_period, ctx) if typed_period else texts.usage(True, "")
    if isinstance(period, str):
        return Say(period)
    refused = _refuse_stand_in(ctx, who, period, leave=True) if who is not None else None
    refused = refused or _refuse(ctx, period, leave=True)
    if refused is not None:
        return Say(refused)
    notes: list[str] = []
    if who is None and ctx.person.deputy is not None:
        deputy = ctx.org.person(ctx.person.deputy)
        who = deputy if deputy is not None and _refuse_stand_in(ctx, deputy, period, leave=True) is None else None
        if who is None:
            notes.append(texts.note_deputy_not_taken(ctx.name(ctx.person.deputy)))
    absence = _keep(ctx, AbsenceKind.LEAVE, who, period, line.text)
    moved, begun = _begin_if_due(ctx, absence)
    limit = None
    if who is None:
        superior = ctx.org.superior_of(ctx.person.userid)
        notes.append(
            texts.note_nobody(ctx.parameters.stand_in_after_hours, superior.name if superior is not None else "")
        )
    else:
        limit = _limit(ctx, who)
        if limit is not None:
            notes.append(texts.note_limit_on_leave(limit, ctx.parameters.stand_in_after_hours))
    _announce(ctx, absence, who, limit)
    name = who.name if who is not None else ""
    return Say(texts.left(absence.number, name, absence.starts_at, absence.ends_at, moved, begun, notes))


# --- reading what was typed -----------------------------------------------------------------------------------------


def _who_and_period(line: CommandLine) -> tuple[str, str]:
    named = next((line.pairs[key] for key in texts.WHO_KEYS if line.pairs.get(key)), "")
    tokens = line.tokens
    if not named and tokens and tokens[0] == texts.GIVING:
        tokens = tokens[1:]
    if not named and tokens:
        named, tokens = tokens[0], tokens[1:]
    return named, _typed_period(line, tokens)


def _typed_period(line: CommandLine, tokens: tuple[str, ...]) -> str:
    start = next((line.pairs[key] for key in texts.START_KEYS if line.pairs.get(key)), "")
    end = next((line.pairs[key] for key in texts.END_KEYS if line.pairs.get(key)), "")
    return " ".join(part for part in (start, *tokens, end) if part)


def _period(typed: str, ctx: Ctx) -> _Period | str:
    read = read_span(typed, ctx.now, ctx.calendar)
    if isinstance(read, DateProblem):
        return texts.bad_period(read.code, typed)
    assert isinstance(read, Span)
    if read.start.rolled and read.start.date - ctx.today > _FAR:
        return texts.past(read.start.date.replace(year=read.start.date.year - 1))
    starts_at = _start(read.start, ctx)
    last = read.end
    ends_at = (
        ctx.calendar.at(last.date + timedelta(days=1), _MIDNIGHT) if last.time is None
        else last.instant(ctx.calendar)
    )
    if ends_at <= ctx.now or read.start.date < ctx.today:
        return texts.past(min(read.start.date, read.end.date))
    if ends_at <= starts_at:
        return texts.bad_period("order", typed)
    return _Period(starts_at, ends_at)


def _start(start: Moment, ctx: Ctx) -> datetime:
    """Return when it begins; what would have begun earlier today begins now."""
    return max(ctx.now, ctx.calendar.at(start.date, start.time or _MIDNIGHT))


def _limit(ctx: Ctx, who: Person) -> int | None:
    """Return from which sum (fen) on somebody may not sign for the person, None without such a limit."""
    limit = ctx.parameters.director_from
    return None if may_sign(who, limit, ctx.parameters, instead_of=ctx.person) else limit


def _refuse_stand_in(ctx: Ctx, who: Person, period: _Period, *, leave: bool) -> str | None:
    if who.userid == ctx.person.userid:
        return texts.own_name(leave)
    if who.grade.rank < Grade.SUPERVISOR.rank:
        return texts.too_low(who.name)
    away = next(
        (
            one for one in ctx.org.absences
            if one.person == who.userid and one.kind is AbsenceKind.LEAVE
            and one.overlaps(period.starts_at, period.ends_at)
        ),
        None,
    )
    return None if away is None else texts.stand_in_away(who.name, away.starts_at, away.ends_at)


def _refuse(ctx: Ctx, period: _Period, *, leave: bool) -> str | None:
    absences.lock_person(ctx.unit, ctx.person.userid)
    most = ctx.parameters.leave_most_days if leave else ctx.parameters.delegation_most_days
    refused = refuse_period(
        absences.absences(ctx.unit), ctx.person.userid, period.starts_at, period.ends_at, now=ctx.now, most_days=most
    )
    return None if refused is None else _refusal_words(refused, leave=leave)


def _refusal_words(refused: Refusal, *, leave: bool) -> str:
    data = refused.data
    if refused.code == "absence.too_long":
        return texts.too_long(leave, int(str(data["days"])))
    assert refused.code == "absence.overlaps", refused.code
    starts_at, ends_at = data["starts_at"], data["ends_at"]
    assert isinstance(starts_at, datetime)
    assert isinstance(ends_at, datetime)
    return texts.overlapping(str(data["number"]), starts_at, ends_at)


# --- beginning ------------------------------------------------------------------------------------------------------


def _keep(ctx: Ctx, kind: AbsenceKind, who: Person | None, period: _Period, typed: str) -> Absence:
    leave = kind is AbsenceKind.LEAVE
    stand_in = who.userid if who is not None else None
    item, digest = ctx.file_item(
        Noun.PERMISSION, kind=kind.value, title=texts.title(leave, ctx.person.name, who.name if who else ""),
        fields={
            "person": ctx.person.userid, "stand_in": stand_in or "",
            "starts": period.starts_at.isoformat(), "ends": period.ends_at.isoformat(),
        },
        original=typed, responsible=ctx.person.userid, state=ItemState.OPEN,
    )
    absence = Absence(item.number, kind, ctx.person.userid, stand_in, period.starts_at, period.ends_at)
    absences.add_absence(ctx.unit, absence, ctx.now)
    version = raise_org_version(ctx.unit)
    ctx.audit(
        "delegation.made" if not leave else "leave.made", item.number, digest=digest, person=absence.person,
        stand_in=stand_in or "", starts=period.starts_at.isoformat(), ends=period.ends_at.isoformat(), org=version,
    )
    ctx.remind(ENDS, item.number, 1, absence.ends_at)
    if absence.starts_at > ctx.now:
        ctx.remind(STARTS, item.number, 1, absence.starts_at)
    return absence


def _begin_if_due(ctx: Ctx, absence: Absence) -> tuple[int, bool]:
    """Move what lies open when the period has begun; return how many moved and whether it has."""
    if absence.starts_at > ctx.now:
        return 0, False
    fresh = with_fresh_org(ctx)
    pass_on(fresh, absence.person)
    return _move(fresh, absence, "start", _why_begun(ctx, absence)), True


def _why_begun(ctx: Ctx, absence: Absence) -> str:
    why = texts.why_away if absence.kind is AbsenceKind.LEAVE else texts.why_delegated
    return why(ctx.name(absence.person), absence.number)


def _move(ctx: Ctx, absence: Absence, which: str, why: str) -> int:
    askable = [absence.by] if absence.by is not None else above(ctx, absence.person)
    numbers = waiting_for(ctx, absence.person, askable)
    return reseat_all(ctx, numbers, f"{absence.number}:{which}", why)


def _announce(ctx: Ctx, absence: Absence, who: Person | None, limit: int | None) -> None:
    leave = absence.kind is AbsenceKind.LEAVE
    name = ctx.person.name
    if who is not None:
        ctx.post.text(
            who.userid,
            texts.for_stand_in(absence.number, name, absence.starts_at, absence.ends_at, leave, limit),
            key=f"stand_in:{absence.number}", number=absence.number,
        )
    superior = ctx.org.superior_of(absence.person)
    if superior is not None and (who is None or superior.userid != who.userid):
        ctx.post.text(
            superior.userid,
            texts.for_superior(
                absence.number, name, who.name if who is not None else "", absence.starts_at, absence.ends_at, leave
            ),
            key=f"absence:{absence.number}", number=absence.number,
        )


@topic.due(STARTS, lateness=Lateness.EACH, controls=("4.1c", "3.2d"))
def begin(due: Due, ctx: Ctx) -> None:
    """A period begins: what lies open moves to who stands in, minutes that are owed pass on (3.2d)."""
    kept = absences.load_absence(ctx.unit, due.subject)
    if kept is None or kept[1]:
        return
    pass_on(ctx, kept[0].person)
    _move(ctx, kept[0], "start", _why_begun(ctx, kept[0]))


@topic.due(SUPERIOR_ASKED, lateness=Lateness.EACH, controls=("4.1c", "2.1a"))
def ask_superior(due: Due, ctx: Ctx) -> None:
    """Somebody on leave has had a card for the working hours allowed: the line above is asked too (4.1c)."""
    number = str(due.data["item"])
    fresh = reseat(ctx, number, due.subject.partition("/")[2] + ":superior")
    approval = approvals.load_approval(ctx.unit, number)
    for seat in fresh:
        assert approval is not None
        if ctx.org.person(approval.applicant) is not None:
            ctx.post.text(
                approval.applicant,
                texts.also_asked_for_applicant(number, ctx.name(seat.acting_for), ctx.name(seat.userid)),
                key=f"also:{number}:{due.subject}:{seat.userid}", number=number,
            )


# --- ending ---------------------------------------------------------------------------------------------------------


@topic.due(ENDS, lateness=Lateness.EACH, controls=("4.1c",))
def end(due: Due, ctx: Ctx) -> None:
    """A period ends by itself: what lies open comes back."""
    kept = absences.load_absence(ctx.unit, due.subject)
    if kept is None or kept[1]:
        return
    absence = kept[0]
    back = _close(ctx, absence, absence.ends_at, ItemState.DONE, "end")
    leave = absence.kind is AbsenceKind.LEAVE
    if ctx.org.person(absence.person) is not None:
        ctx.post.text(
            absence.person, texts.ended_for_person(absence.number, leave, back), key=f"ended:{absence.number}",
            number=absence.number,
        )
    if absence.by is not None and ctx.org.person(absence.by) is not None:
        ctx.post.text(
            absence.by, texts.ended_for_stand_in(absence.number, ctx.name(absence.person), False),
            key=f"ended_stand_in:{absence.number}", number=absence.number,
        )


def _end_by_hand(line: CommandLine, ctx: Ctx, kind: AbsenceKind) -> Answer:
    leave = kind is AbsenceKind.LEAVE
    absences.lock_person(ctx.unit, ctx.person.userid)
    mine = [one for one in absences.absences(ctx.unit) if one.person == ctx.person.userid and one.kind is kind]
    number = read_number(line.tokens[1]) if len(line.tokens) > 1 else None
    if number is not None:
        mine = [one for one in mine if one.number == number]
    running = [one for one in mine if one.holds_at(ctx.now)]
    chosen = running or mine
    if not chosen:
        return Say(texts.nothing_to_end(leave))
    if len(chosen) > 1:
        word = f"{line.typed_word} {line.tokens[0]}"
        return Say(texts.which_to_end(word, [(one.number, one.starts_at, one.ends_at) for one in chosen]))
    return Say(end_now(ctx, chosen[0]))


def end_now(ctx: Ctx, absence: Absence) -> str:
    """End a period by hand and tell those it touches; return the words for who did it."""
    leave = absence.kind is AbsenceKind.LEAVE
    begun = absence.holds_at(ctx.now)
    ctx.forget_reminders(absence.number)
    at = ctx.now if begun else absence.starts_at
    back = _close(ctx, absence, at, ItemState.DONE if begun else ItemState.CANCELLED, "end")
    name = ctx.name(absence.person)
    if absence.by is not None and ctx.org.person(absence.by) is not None:
        words = (
            texts.ended_for_stand_in(absence.number, name, True) if begun
            else texts.called_off_for_stand_in(absence.number, name)
        )
        ctx.post.text(absence.by, words, key=f"ended_stand_in:{absence.number}", number=absence.number)
    superior = ctx.org.superior_of(absence.person)
    if superior is not None and superior.userid != absence.by:
        ctx.post.text(
            superior.userid, texts.ended_for_superior(absence.number, name, leave, begun),
            key=f"ended_superior:{absence.number}", number=absence.number,
        )
    return texts.cancelled(absence.number, leave, back) if begun else texts.never_began(absence.number, leave)


def _close(ctx: Ctx, absence: Absence, at: datetime, state: ItemState, which: str) -> int:
    """Mark a period as over and bring back what lies with who stood in; return how many came back."""
    absences.end_absence(ctx.unit, absence.number, at)
    items.change_item(ctx.unit, absence.number, ctx.now, state=state)
    version = raise_org_version(ctx.unit)
    ctx.audit("absence.ended", absence.number, person=absence.person, state=state.value, org=version)
    fresh = with_fresh_org(ctx)
    # A superior or the counter-signer may have been asked too.
    askable = [*([absence.by] if absence.by is not None else []), *above(fresh, absence.person)]
    numbers = waiting_for(fresh, absence.person, askable)
    return reseat_all(fresh, numbers, f"{absence.number}:{which}", texts.why_back(ctx.name(absence.person)))


def _mine(ctx: Ctx, *, leave: bool) -> Answer:
    mine = [one for one in ctx.org.absences if one.person == ctx.person.userid and one.ends_at > ctx.now]
    rows = [
        (
            one.number, one.kind is AbsenceKind.LEAVE, ctx.name(one.by) if one.by is not None else "",
            one.starts_at, one.ends_at,
        )
        for one in mine
    ]
    return Say(texts.mine(rows, leave))
