"""
通知: what has to be known, to people, departments, grades or everybody, with read confirmations (7.1a).

However many they are, it is one call for each thousand; who has not confirmed is reminded after 4 working hours and
on the next working day at 10:00.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from handlers.actions import CardAction
from handlers.context import Ctx
from handlers.language.command import CommandLine
from handlers.language.people import Found, Several, directory_of, find_person
from handlers.previews import show_first
from handlers.registry import Answer, Say, Show, Topic
from handlers.seen import number_in, unknown, visible_item
from notifications.cards import Button, ButtonInteraction, MainTitle, Pair, TemplateCard
from notifications.recording import UNTAKEN
from notifications.texts import notices as texts
from notifications.texts.general import GROUP_URGENT
from notifications.texts.words import GRADES, shortened
from policy import notices as rules
from policy.deadlines import Due
from policy.decisions import Refusal
from policy.notices import Audience
from policy.numbering import noun_of
from policy.org import Org
from policy.terms import ItemState, Lane, Lateness, Noun
from storage.queries import items
from storage.queries import notices as rows
from storage.queries.notices import Notice

topic = Topic("notices")

KIND = "notice"
PURPOSE = "notice"
REMINDER = "notice.reminder"
_PREVIEW = "notice"
_CONTROLS = ("7.1a",)
_TEN = time(10, 0)
_SHOWN_ON_CARD = 160
_FOR = re.compile(r"对象\s*[=:：]\s*(\S+)")
_IMPORTANT = re.compile(r"(?:^|(?<=\s))重要(?:\s*=\s*(\S+))?(?=\s|$)")
_WORDS_PAIR = re.compile(r"(?:^|(?<=\s))内容\s*[=:：]\s*")
_LISTED = re.compile(r"[、,，/;；]+")
_GRADES = {word: grade for grade, word in GRADES.items()}
_RED, _GREY, _GREEN = 2, 0, 3


@dataclass(frozen=True)
class Read(CardAction, key="notice.read.1"):
    """已读."""

    number: str


# --- sending ----------------------------------------------------------------------------------------------------------


@topic.command("通知", "发通知", group=GROUP_URGENT, usage=texts.USAGE, examples=texts.EXAMPLES, controls=_CONTROLS)
def notify(line: CommandLine, ctx: Ctx) -> Answer:
    """Send a notice; more than 20 people are shown first. With a number: who has read it."""
    number = number_in(line)
    if noun_of(number) is Noun.NOTICE and not line.pairs:
        return _status(line, number, ctx)
    important, typed, words = _split(line.body, ctx)
    if not typed or not words:
        return Say(texts.missing(typed, words))
    if len(words) > rules.TEXT_MOST:
        return Say(texts.too_long(rules.TEXT_MOST, len(words)))
    audience = read_audience(typed, ctx)
    if isinstance(audience, str):
        return Say(audience)
    if not audience.userids:
        return Say(texts.nobody(audience.words))
    refusal = rules.may_send(ctx.org, ctx.person, audience, important=important)
    if isinstance(refusal, Refusal):
        return Say(texts.NOT_EVERYONE if refusal.code == "notice.everyone" else texts.NOT_IMPORTANT)
    if len(audience.userids) > ctx.parameters.small_group:
        kept = {"for": typed, "words": words, "important": important, "typed": line.text}
        shown = texts.preview(important, audience.words, len(audience.userids), words)
        return show_first(ctx, _PREVIEW, kept, line.text, shown)
    return send_notice(ctx, audience, words, line.text, important=important)


@topic.preview(_PREVIEW)
def send_after_preview(kept: Any, ctx: Ctx) -> Answer:
    """Send a notice that its sender has confirmed, to those who are in its audience now."""
    audience = read_audience(str(kept["for"]), ctx)
    if isinstance(audience, str):
        return Say(audience)
    return send_notice(ctx, audience, str(kept["words"]), str(kept["typed"]), important=bool(kept["important"]))


def send_notice(ctx: Ctx, audience: Audience, words: str, typed: str, *, important: bool) -> Answer:
    """Send a notice in the acting person's name; the answer says what became of it."""
    item, digest = ctx.file_item(
        Noun.NOTICE, kind=KIND, title=shortened(words.replace("\n", " "), 60),
        fields={"words": words, "for": audience.words, "important": important}, original=typed,
        responsible=ctx.person.userid, state=ItemState.FILED,
    )
    department = ctx.org.department_of(ctx.person.userid)
    desc = texts.card_desc(ctx.person.name, department.name if department is not None else "", ctx.now)
    pairs = (Pair(texts.ROW_NUMBER, item.number), Pair(texts.ROW_FOR, shortened(audience.words, 30)))

    def make(task_id: str) -> TemplateCard:
        return ButtonInteraction(
            task_id=task_id,
            source=ctx.frank.source(texts.card_source(important), _RED if important else _GREY),
            main_title=MainTitle(shortened(words.replace("\n", " "), 36), shortened(desc, 44)), horizontal=pairs,
            sub_title=shortened(words, _SHOWN_ON_CARD) if len(words) > 36 else "",
            buttons=(Button(texts.BUTTON_READ, Read(item.number).pack(), style=1),),
        )

    lane = Lane.BULK if len(audience.userids) > ctx.parameters.small_group else Lane.DEFAULT
    leaves = ctx.post.card_to_many(
        audience.userids, make, ctx.new_token, key=f"notice:{item.number}", number=item.number, purpose=PURPOSE,
        lane=lane, summary=texts.card_summary(item.number, ctx.person.name, words),
    )
    if len(words) > _SHOWN_ON_CARD:
        ctx.post.text_to_many(
            audience.userids, texts.whole(item.number, words), key=f"notice:{item.number}:whole",
            number=item.number, lane=lane,
        )
    rows.add_notice(
        ctx.unit, Notice(item.number, rows.SENT, ctx.person.userid, important, audience.words, leaves),
        audience.userids,
    )
    ctx.remind(
        REMINDER, item.number, 1, ctx.calendar.add_working_hours(leaves, ctx.parameters.notice_reminder_hours)
    )
    ctx.audit(
        "notice.sent", item.number, digest=digest, count=len(audience.userids), everyone=audience.everyone,
        important=important,
    )
    held = leaves if leaves > ctx.now else None
    return Say(texts.sent(item.number, audience.words, len(audience.userids), held))


def _split(body: str, ctx: Ctx) -> tuple[bool, str, str]:
    """Return whether it is important, whom it is for, and its words, line breaks kept."""
    important = False
    flagged = _IMPORTANT.search(body)
    found = _FOR.search(body)
    # 重要 is a mark only before the words begin: 重要客户 or a later 重要 belongs to them.
    if flagged is not None and (flagged.group(1) or found is None or flagged.start() <= found.end() + 1):
        important = flagged.group(1) is None or flagged.group(1) in texts.YES
        body = f"{body[:flagged.start()]} {body[flagged.end():]}".strip()
        found = _FOR.search(body)
    if found is not None:
        typed = found.group(1)
        words = f"{body[:found.start()].strip()} {body[found.end():].strip()}"
    else:
        first, _, rest = body.partition(" ")
        known = bool(first) and isinstance(read_audience(first, ctx), Audience)
        typed, words = (first, rest) if known else ("", body)
    return important, typed, _WORDS_PAIR.sub("", words, count=1).strip()


def read_audience(typed: str, ctx: Ctx) -> Audience | str:
    """Return whom a list of departments, grades, names and 全员 means, or the sentence that says what is unclear."""
    found: list[str] = []
    names: list[str] = []
    everyone = False
    people = directory_of(ctx.org)
    for part in filter(None, (piece.strip() for piece in _LISTED.split(typed))):
        group = _group(part, ctx.org)
        if group is not None:
            everyone = everyone or part in texts.EVERYONE
            found += group
            names.append(_group_name(part, ctx.org))
            continue
        who = find_person(part, people)
        if isinstance(who, Several):
            return texts.several(part, [ctx.name(userid) for userid in who.userids])
        if not isinstance(who, Found):
            if who.left:
                return texts.left(part)
            return texts.unknown(part, [ctx.name(userid) for userid in who.nearest])
        found.append(who.userid)
        names.append(ctx.name(who.userid))
    me = ctx.actor.userid if ctx.actor is not None else ""
    return Audience("、".join(dict.fromkeys(names)), rules.members(ctx.org, me, found), everyone)


def _group(part: str, org: Org) -> list[str] | None:
    """Return the members of 全员, a grade or a department, None when the word is none of these."""
    people = org.active_people()
    if part in texts.EVERYONE:
        return [person.userid for person in people]
    grade = _GRADES.get(part)
    if grade is not None:
        return [person.userid for person in people if person.grade is grade]
    department = _department(part, org)
    return None if department is None else [person.userid for person in people if person.department == department]


def _group_name(part: str, org: Org) -> str:
    department = _department(part, org)
    return texts.EVERYONE[0] if part in texts.EVERYONE else (org.departments[department].name if department else part)


def _department(part: str, org: Org) -> str | None:
    wanted = part.lower()
    for department in org.departments.values():
        if wanted in (department.id.lower(), department.name.lower(), department.name.lower().removesuffix("部")):
            return department.id
    return None


# --- reading ----------------------------------------------------------------------------------------------------------


@topic.tap(Read, controls=_CONTROLS)
def tap_read(tap: Read, ctx: Ctx) -> Answer:
    """已读 on the card; the tapper's own copy shows when."""
    notice = rows.load_notice(ctx.unit, tap.number)
    reader = rows.reader_of(ctx.unit, tap.number, ctx.person.userid)
    item = items.load_item(ctx.unit, tap.number)
    if notice is None or reader is None or item is None:
        return None
    at = reader.read_at or ctx.now
    _mark_read(ctx, notice)
    return Show(
        ButtonInteraction(
            task_id=ctx.task_id, source=ctx.frank.source(texts.card_source(notice.important), _GREEN),
            main_title=MainTitle(shortened(item.title, 36), ""),
            horizontal=(Pair(texts.ROW_NUMBER, item.number), Pair(texts.ROW_FOR, shortened(notice.audience, 30))),
            sub_title=f"{shortened(_words(ctx, tap.number), 100)}\n{texts.face(at)}",
            buttons=(Button(texts.READ, "settled", style=4),), replace_text=texts.READ,
        )
    )


def read_by_number(number: str, ctx: Ctx) -> Answer:
    """Confirm a notice by its number."""
    notice = rows.load_notice(ctx.unit, number)
    reader = rows.reader_of(ctx.unit, number, ctx.person.userid)
    if notice is None or reader is None:
        return unknown(CommandLine.bare(texts.BUTTON_READ), number)
    if notice.state == rows.RECALLED:
        return Say(texts.recalled_before(number))
    if reader.read_at is not None:
        return Say(texts.read_before(number, reader.read_at))
    _mark_read(ctx, notice)
    return Say(texts.read(number, _words(ctx, number)))


def read_newest(ctx: Ctx) -> Answer:
    """Confirm the newest notice that the person has not confirmed; None when there is none."""
    number = rows.newest_unread(ctx.unit, ctx.person.userid, ctx.now)
    return None if number is None else read_by_number(number, ctx)


def _mark_read(ctx: Ctx, notice: Notice) -> None:
    if rows.mark_read(ctx.unit, notice.number, ctx.person.userid, ctx.now):
        ctx.audit("notice.read", notice.number)


def _status(line: CommandLine, number: str, ctx: Ctx) -> Answer:
    notice = rows.load_notice(ctx.unit, number)
    item = visible_item(ctx, number)
    if notice is None or item is None:
        return unknown(line, number)
    words = _words(ctx, number)
    mine = rows.reader_of(ctx.unit, number, ctx.person.userid)
    note = texts.RECALLED_NOTE if notice.state == rows.RECALLED else ""
    if mine is not None and ctx.person.userid != notice.sender:
        return Say(note + texts.status_own(number, words, ctx.name(notice.sender), notice.leaves_at, mine.read_at))
    readers = rows.readers_of(ctx.unit, number)
    read = [reader for reader in readers if reader.read_at is not None]
    unread = [ctx.name(reader.userid) for reader in readers if reader.read_at is None and reader.reached]
    unreached = [ctx.name(reader.userid) for reader in readers if not reader.reached]
    return Say(note + texts.status(number, words, notice.leaves_at, len(read), len(readers), unread, unreached))


# --- reminding and taking back --------------------------------------------------------------------------------------


@topic.due(REMINDER, lateness=Lateness.LATEST, controls=_CONTROLS)
def remind(due: Due, ctx: Ctx) -> None:
    """Remind those who have not read it: after 4 working hours, then on the next working day at 10:00."""
    notice = rows.load_notice(ctx.unit, due.subject)
    if notice is None or notice.state == rows.RECALLED:
        return
    unread = [
        reader.userid for reader in rows.readers_of(ctx.unit, due.subject)
        if reader.read_at is None and reader.reached and ctx.org.person(reader.userid) is not None
    ]
    if not unread:
        return
    ctx.post.text_to_many(
        unread, texts.reminder(notice.number, ctx.name(notice.sender), notice.leaves_at, _words(ctx, notice.number)),
        key=f"notice:{notice.number}:reminder:{due.generation}", number=notice.number,
        lane=Lane.BULK if len(unread) > ctx.parameters.small_group else Lane.DEFAULT,
    )
    if due.generation == 1:
        ctx.remind(REMINDER, notice.number, 2, _next_ten(ctx))
    else:
        ctx.post.text(
            notice.sender, texts.still_unread(notice.number, [ctx.name(userid) for userid in unread], len(unread)),
            key=f"notice:{notice.number}:unread", number=notice.number,
        )
    ctx.audit("notice.reminded", notice.number, count=len(unread), times=due.generation, late=due.late_seconds)


@topic.due(UNTAKEN, lateness=Lateness.EACH, controls=_CONTROLS)
def tell_untaken(due: Due, ctx: Ctx) -> None:
    """The platform did not take some recipients: the sender is told who they are."""
    number = str(due.data["number"])
    notice = rows.load_notice(ctx.unit, number)
    if notice is None:
        return
    userids = [str(userid) for userid in due.data["userids"]]
    rows.mark_unreached(ctx.unit, number, userids)
    ctx.post.text(
        notice.sender, texts.unreached(number, [ctx.name(userid) for userid in userids]),
        key=f"notice:untaken:{due.subject}", number=number,
    )
    ctx.audit("notice.unreached", number, userids=userids)


@topic.branch("撤回", Noun.NOTICE, controls=_CONTROLS)
def recall(line: CommandLine, ctx: Ctx) -> Answer:
    """The sender takes a notice back within 24 hours; it disappears from every phone."""
    number = number_in(line)
    notice = rows.load_notice(ctx.unit, number)
    item = visible_item(ctx, number)
    if notice is None or item is None:
        return unknown(line, number)
    if notice.sender != ctx.person.userid:
        return Say(texts.not_sender(number, ctx.name(notice.sender)))
    if notice.state == rows.RECALLED:
        return Say(texts.recalled_before(number))
    if ctx.now > notice.leaves_at + rules.RECALL_WITHIN:
        return Say(texts.recall_too_late(number))
    rows.recall_notice(ctx.unit, number)
    ctx.post.take_back(number)
    ctx.forget_reminders(number)
    items.change_item(ctx.unit, number, ctx.now, state=ItemState.WITHDRAWN)
    read = sum(reader.read_at is not None for reader in rows.readers_of(ctx.unit, number))
    ctx.audit("notice.recalled", number, read=read)
    return Say(texts.recalled(number, read))


def _next_ten(ctx: Ctx) -> datetime:
    return ctx.calendar.at(ctx.calendar.next_working_day(ctx.today), _TEN)


def _words(ctx: Ctx, number: str) -> str:
    revision = items.load_revision(ctx.unit, number, 1)
    assert revision is not None
    return str(revision.fields.get("words", ""))
