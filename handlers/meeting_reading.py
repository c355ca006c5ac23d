"""会议 主题 时间 参会=… as an order: subject, moment or rhythm, people, length (4.2a)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.choosing import picked
from handlers.context import Ctx
from handlers.language.command import CommandLine
from handlers.language.dates import DateProblem, Moment, read_duration, read_moment
from handlers.language.people import Found, NotFound, Several, Who, directory_of, find_people
from handlers.language.rhythms import looks_like_rhythm, read_rhythm
from notifications.texts import meetings as texts
from policy.rhythms import Rhythm

LENGTH = timedelta(hours=1)  # when nothing is said (contract, Chat)
_NOT_MEANT = timedelta(days=183)
_SHORTEST, _LONGEST = timedelta(minutes=5), timedelta(hours=12)


@dataclass(frozen=True)
class Ambiguous:
    """A name that several people have; a card asks which."""

    userids: tuple[str, ...]


@dataclass(frozen=True)
class Order:
    """
    A meeting as understood. Instants are aware UTC.

    Attributes:
        people: everyone to be invited, chair and recorder included, each once.
        rhythm: None for a single meeting; time_typed: how time was typed.
    """

    subject: str
    starts_at: datetime
    ends_at: datetime
    people: tuple[str, ...]
    chair: str
    recorder: str
    place: str
    rhythm: Rhythm | None
    time_typed: str


def read_order(line: CommandLine, ctx: Ctx) -> Order | Ambiguous | str:
    """Return what is to be arranged, a name to choose, or the sentence that says what is wrong."""
    line = line.with_colons(texts.FIELDS)
    for name in line.pairs:
        if name not in texts.FIELDS:
            return texts.unknown_field(name)
    subject, time_typed = _subject_and_time(line, ctx)
    example = _example(line, subject, time_typed)
    wanted = ((texts.FIELD_SUBJECT, subject), (texts.FIELD_TIME, time_typed),
              (texts.FIELD_PEOPLE, line.pairs.get(texts.FIELD_PEOPLE, "")))
    missing = [name for name, value in wanted if not value]
    if missing:
        return texts.missing(missing, example + "".join(f" {name}=" for name in missing if name != texts.FIELD_TIME))
    if len(subject) > texts.SUBJECT_MOST:
        return texts.too_long(texts.FIELD_SUBJECT, texts.SUBJECT_MOST)
    place = line.pairs.get(texts.FIELD_PLACE, "")
    if len(place) > texts.PLACE_MOST:
        return texts.too_long(texts.FIELD_PLACE, texts.PLACE_MOST)
    when = read_start(time_typed, ctx, example)
    if isinstance(when, str):
        return when
    starts_at, rhythm = when
    length = read_length(line.pairs.get(texts.FIELD_LENGTH, ""))
    if isinstance(length, str):
        return length
    people = read_people(line.pairs[texts.FIELD_PEOPLE], ctx)
    if isinstance(people, str | Ambiguous):
        return people
    chair = read_one(line.pairs.get(texts.FIELD_CHAIR, ""), texts.FIELD_CHAIR, ctx)
    if isinstance(chair, Ambiguous) or (isinstance(chair, str) and chair not in ctx.org.people and chair):
        return chair
    recorder = read_one(line.pairs.get(texts.FIELD_RECORDER, ""), texts.FIELD_RECORDER, ctx)
    if isinstance(recorder, Ambiguous) or (isinstance(recorder, str) and recorder not in ctx.org.people and recorder):
        return recorder
    chair, recorder = chair or ctx.person.userid, recorder or ctx.person.userid
    everyone = tuple(dict.fromkeys((ctx.person.userid, chair, recorder, *people)))
    if len(everyone) < 2:
        return texts.alone()
    if len(everyone) > ctx.parameters.meeting_most:
        return texts.too_many(len(everyone), ctx.parameters.meeting_most)
    return Order(
        subject, starts_at, starts_at + length, everyone, chair, recorder, place, rhythm, time_typed
    )


def read_start(typed: str, ctx: Ctx, example: str) -> tuple[datetime, Rhythm | None] | str:
    """Return when a meeting (or the first of a series) begins, or the sentence that says what is wrong."""
    if looks_like_rhythm(typed):
        rhythm = read_rhythm(typed, ctx.calendar)
        if isinstance(rhythm, Rhythm):
            return rhythm.next_after(ctx.now, ctx.calendar), rhythm
        return {"ambiguous": texts.time_ambiguous, "impossible": texts.time_impossible}.get(
            rhythm, texts.time_unclear
        )(typed, example)
    moment = read_ahead(typed, ctx)
    if isinstance(moment, DateProblem):
        return {
            "ambiguous": texts.time_ambiguous, "impossible": texts.time_impossible,
            "contradictory": texts.time_impossible,
        }.get(moment.code, texts.time_unclear)(typed, example)
    if moment.time is None:
        return texts.hour_missing(moment.date, example)
    starts_at = moment.instant(ctx.calendar)
    return texts.past(starts_at, example) if starts_at <= ctx.now else (starts_at, None)


def read_ahead(typed: str, ctx: Ctx) -> Moment | DateProblem:
    """Return a moment to come; 11月20日 said a few days after it means that day, which has passed, not next year's."""
    moment = read_moment(typed, ctx.now, ctx.calendar)
    if isinstance(moment, Moment) and moment.rolled and moment.date - ctx.today > _NOT_MEANT:
        return read_moment(typed, ctx.now, ctx.calendar, nearest=True)
    return moment


def read_length(typed: str) -> timedelta | str:
    """Return how long a meeting takes, or the sentence that says what is wrong."""
    if not typed:
        return LENGTH
    length = read_duration(typed)
    return length if length is not None and _SHORTEST <= length <= _LONGEST else texts.length_unclear(typed)


def read_people(typed: str, ctx: Ctx) -> list[str] | Ambiguous | str:
    """Return userids for a list of names, departments, or 全体; departments' active members each once."""
    if typed.strip() in texts.EVERYONE:
        return [person.userid for person in ctx.org.active_people()]
    departments = {
        name: department.id
        for department in ctx.org.departments.values()
        for name in (department.name, department.name.removesuffix("部"))
    }
    names: list[str] = []
    found: dict[str, None] = {}
    for piece in _pieces(typed):
        department = departments.get(piece)
        if department is None:
            names.append(piece)
            continue
        found.update(
            dict.fromkeys(each.userid for each in ctx.org.active_people() if each.department == department)
        )
    if names:
        for who in find_people("、".join(names), directory_of(ctx.org)):
            userid = settle(who, ctx)
            if isinstance(userid, Ambiguous) or userid not in ctx.org.people:
                return userid
            found[userid] = None
    return list(found)


def read_one(typed: str, field: str, ctx: Ctx) -> str | Ambiguous:
    """Return one userid, "" when nothing was typed, else the sentence that says what is wrong."""
    if not typed.strip():
        return ""
    whos = find_people(typed, directory_of(ctx.org))
    if len(whos) != 1:
        return texts.one_person(field)
    return settle(whos[0], ctx)


def settle(who: Who, ctx: Ctx) -> str | Ambiguous:
    """Return the userid meant, a choice to be made, or the sentence for nobody."""
    if isinstance(who, Found):
        return who.userid
    if isinstance(who, Several):
        chosen = picked(ctx, who.userids)
        return Ambiguous(who.userids) if chosen is None else chosen
    assert isinstance(who, NotFound)
    if who.left:
        return texts.has_left(ctx.name(who.left[0]))
    return texts.nobody_named(who.typed, [ctx.name(userid) for userid in who.nearest])


def _subject_and_time(line: CommandLine, ctx: Ctx) -> tuple[str, str]:
    subject, time_typed = line.pairs.get(texts.FIELD_SUBJECT, ""), line.pairs.get(texts.FIELD_TIME, "")
    words = list(line.tokens)
    if subject and time_typed:
        return subject, time_typed
    if subject:
        return subject, " ".join(words)
    if time_typed:
        return " ".join(words), time_typed
    for cut in range(1, len(words)):
        rest = " ".join(words[cut:])
        if looks_like_rhythm(rest) or _says_time(rest, ctx):
            return " ".join(words[:cut]), rest
    if len(words) > 1:
        return words[0], " ".join(words[1:])
    return " ".join(words), ""


def _says_time(typed: str, ctx: Ctx) -> bool:
    read = read_moment(typed, ctx.now, ctx.calendar)
    return isinstance(read, Moment) or read.code != "unclear"


def _pieces(typed: str) -> Sequence[str]:
    for sign in "，,/;；\n ":
        typed = typed.replace(sign, "、")
    return [piece.strip() for piece in typed.split("、") if piece.strip()]


def _example(line: CommandLine, subject: str, time_typed: str) -> str:
    pairs = [f"{name}={value}" for name, value in line.pairs.items()
             if name not in (texts.FIELD_SUBJECT, texts.FIELD_TIME)]
    return " ".join(part for part in (line.word, subject, time_typed or f"{texts.FIELD_TIME}=", *pairs) if part)
