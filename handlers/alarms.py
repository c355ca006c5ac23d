"""
告警: an emergency reaches somebody who answers, by chat and by phone, at any hour (7.1b).

Everything an alarm says is urgent: no quiet hours hold it. When in doubt it calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from handlers import drills, notices, rota, todo
from handlers.alarm_cards import (
    NOBODY,
    PURPOSE,
    QUESTION_KEY,
    Acknowledge,
    HandOver,
    alarm_face,
    send_alarm,
    settle_alarm,
)
from handlers.alarm_slots import FREED, first_free, passed_over, promise_call, rings_now
from handlers.context import Ctx
from handlers.language.command import CommandLine
from handlers.language.people import Found, Several, directory_of, find_person
from handlers.language.trouble import tells_of_trouble
from handlers.registry import Answer, Say, Show, Topic
from handlers.seen import number_in, unknown, words_after_number
from notifications.phoning import CHECK, UNREACHED
from notifications.texts import alarms as texts
from notifications.texts.general import ANSWER_FINE, GROUP_URGENT
from notifications.texts.words import shortened
from policy import alarms as rules
from policy.alarms import Alarm, AlarmState, Move
from policy.deadlines import Due
from policy.decisions import Refusal
from policy.numbering import noun_of
from policy.terms import ItemState, Lane, Lateness, Noun, Post
from storage.queries import alarms as rows
from storage.queries import calls, items
from storage.queries.alarms import STEP
from storage.queries.due import pending_of
from storage.queries.items import Item, OpenWork

topic = Topic("alarms")

KIND = "alarm"
WAKE, BUNDLE = "alarm.wake", "alarm.bundle"
OPEN_WORK = "alarm"
_CONTROLS = ("7.1b",)
_NOTE_MOST = 500
_KIND_PAIR = "类别"


# --- raising ----------------------------------------------------------------------------------------------------------


@topic.command(
    "告警", "紧急上报", "报警", "紧急求助", group=GROUP_URGENT, usage=texts.USAGE, examples=texts.EXAMPLES,
    controls=_CONTROLS, glued=tells_of_trouble,
)
def alarm(line: CommandLine, ctx: Ctx) -> Answer:
    """Raise an alarm. By anyone, at any hour."""
    return raise_alarm(line, ctx)


def raise_alarm(line: CommandLine, ctx: Ctx) -> Answer:
    """Raise an alarm with everything that was typed behind the word; the line's first person is told at once."""
    words = line.body.strip()
    if not words.strip("。.!！?？ "):
        return Say(texts.empty())
    if len(words) > rules.TEXT_MOST:
        return Say(texts.too_long(rules.TEXT_MOST))
    kind, on_call = rota.on_call_for(ctx, line.pairs.get(_KIND_PAIR, ""), words)
    ladder = rules.ladder_of(ctx.org, ctx.person.userid, on_call)
    if not ladder:
        return Say(texts.nobody())
    first = rows.newest_alarm_of(ctx.unit, ctx.person.userid, ctx.now - rules.BUNDLE_WITHIN)
    if first is not None and first.state in (AlarmState.OPEN, AlarmState.ACKNOWLEDGED) and first.kind == kind:
        return _join(ctx, first, words, line.text)
    alarm = start_alarm(ctx, ladder, words, line.text, kind)
    following = rules.next_in_line(alarm)
    return Say(
        texts.raised(
            alarm.number, words, ctx.name(ladder[0]), ctx.name(following[0]) if following is not None else "",
            ctx.parameters.alarm_step_minutes,
        )
    )


def start_alarm(ctx: Ctx, ladder: Sequence[str], words: str, typed: str, kind: str = "") -> Alarm:
    """Start an alarm that climbs this ladder of userids, its first at once; for topics whose rule says alarm."""
    item, digest = ctx.file_item(
        Noun.ALARM, kind=KIND, title=shortened(words.replace("\n", " "), 60), fields={"words": words},
        original=typed, responsible=ladder[0], state=ItemState.OPEN,
    )
    started = rules.open_alarm(item.number, ctx.person.userid, kind, ladder, ctx.now)
    rows.add_alarm(ctx.unit, started.alarm)
    _carry_out(ctx, item, started)
    ctx.audit("alarm.raised", item.number, digest=digest, ladder=list(ladder), kind=kind)
    return started.alarm


def _join(ctx: Ctx, first: Alarm, words: str, typed: str) -> Answer:
    """Take another alarm of the same person within a minute: kept under its own number, told together."""
    holder = first.acknowledged_by or first.holder
    item, digest = ctx.file_item(
        Noun.ALARM, kind=KIND, title=shortened(words.replace("\n", " "), 60), fields={"words": words},
        original=typed, responsible=holder, state=ItemState.OPEN, parent=first.number,
    )
    if pending_of(ctx.unit, BUNDLE, first.number) is None:
        generation = len(_joined(ctx, first.number))
        ctx.remind(BUNDLE, first.number, generation, ctx.now + rules.BUNDLE_AFTER, since=item.number)
    ctx.audit("alarm.bundled", item.number, digest=digest, into=first.number)
    return Say(texts.bundled(item.number, first.number))


@topic.due(BUNDLE, lateness=Lateness.EACH, controls=_CONTROLS)
def tell_joined(due: Due, ctx: Ctx) -> None:
    """Tell everybody who has the first alarm what joined it since the last time."""
    alarm = rows.load_alarm(ctx.unit, due.subject)
    if alarm is None or alarm.state in (AlarmState.RESOLVED, AlarmState.WITHDRAWN):
        return
    numbers = [item.number for item in _joined(ctx, due.subject)]
    fresh = numbers[numbers.index(str(due.data["since"])):]
    words = [(number, _words(ctx, number)) for number in fresh]
    for userid in alarm.told:
        ctx.post.text(
            userid, texts.joined(due.subject, ctx.name(alarm.sender), words),
            key=f"joined:{due.subject}:{due.generation}:{userid}", number=due.subject, lane=Lane.URGENT,
        )


def _tell_what_joined(ctx: Ctx, item: Item, alarm: Alarm) -> None:
    """Tell somebody who is reached only now what joined before; what waits to be told reaches them with all."""
    numbers = [child.number for child in _joined(ctx, item.number)]
    pending = pending_of(ctx.unit, BUNDLE, item.number)
    if pending is not None:
        numbers = numbers[:pending[1] - 1]  # its generation counts up to the first that it will tell
    if numbers:
        words = [(number, _words(ctx, number)) for number in numbers]
        ctx.post.text(
            alarm.holder, texts.joined(item.number, ctx.name(alarm.sender), words),
            key=f"joined:{item.number}:late:{alarm.holder}", number=item.number, lane=Lane.URGENT,
        )


# --- the ladder -------------------------------------------------------------------------------------------------------


@topic.due(STEP, lateness=Lateness.LATEST, controls=_CONTROLS)
def step(due: Due, ctx: Ctx) -> None:
    """Nobody answered within a step: call, or go on. A jump of the clock moves it one step (design rule 7)."""
    alarm = rows.lock_alarm(ctx.unit, due.subject)
    item = items.load_item(ctx.unit, due.subject)
    if alarm is None or item is None or alarm.state is not AlarmState.OPEN or due.generation != alarm.steps:
        return
    _move(ctx, item, alarm, rules.advance(alarm), late=due.late_seconds)


@topic.due(UNREACHED, lateness=Lateness.EACH, controls=_CONTROLS)
def unreached(due: Due, ctx: Ctx) -> None:
    """A number cannot be reached: the next one is tried at once, and the sender is told why."""
    call = calls.load_call(ctx.unit, int(due.subject))
    if call is None or noun_of(call.number) is not Noun.ALARM:
        return
    alarm = rows.lock_alarm(ctx.unit, call.number)
    item = items.load_item(ctx.unit, call.number)
    if alarm is None or item is None or alarm.state is not AlarmState.OPEN:
        return
    why = texts.phone_reason(call.state is calls.CallOutcome.LIMITED, call.errcode, call.reason)
    _say_phone_is_off(ctx, call, why)
    skip = alarm.holder == call.userid and rules.may_skip(alarm)
    moved = rules.advance(alarm) if skip else None
    freed_by_now = passed_over(ctx, alarm) if moved is None else ""
    frees_at = promise_call(ctx, alarm) if moved is None and not freed_by_now else None
    if freed_by_now:
        words = texts.calling_freed(item.number, ctx.name(call.userid), why, ctx.name(freed_by_now))
    elif frees_at is not None:
        words = texts.all_limited(item.number, ctx.name(call.userid), why, frees_at)
    else:
        following = ctx.name(moved.alarm.holder) if moved is not None else ""
        words = texts.unreached(item.number, ctx.name(call.userid), why, following)
    ctx.post.text(alarm.sender, words, key=f"unreached:{call.id}", number=item.number, lane=Lane.URGENT)
    if moved is not None:
        _move(ctx, item, alarm, moved, tell_sender=False)
    elif freed_by_now:
        _move(ctx, item, alarm, rules.resume(alarm, freed_by_now), act="alarm.resumed", tell_sender=False)


@topic.due(FREED, lateness=Lateness.LATEST, controls=_CONTROLS)
def freed(due: Due, ctx: Ctx) -> None:
    """A number may ring again after all were used up: it is called at once; the sender was told when."""
    alarm = rows.lock_alarm(ctx.unit, due.subject)
    item = items.load_item(ctx.unit, due.subject)
    if alarm is None or item is None or alarm.state is not AlarmState.OPEN or rings_now(ctx, due.subject):
        return
    userid, at = first_free(ctx, alarm)
    if at > ctx.now:  # another alarm took the slot, or the clock of a rehearsal was moved
        promise_call(ctx, alarm)
        return
    _move(
        ctx, item, alarm, rules.resume(alarm, userid), act="alarm.resumed", late=due.late_seconds, tell_sender=False
    )


@topic.due(CHECK, lateness=Lateness.EACH, controls=_CONTROLS)
def check_call(due: Due, ctx: Ctx) -> None:
    """Ask the platform how a call stands: it tells nothing by itself."""
    call = calls.load_call(ctx.unit, int(due.subject))
    if call is not None and call.state not in calls.OVER:
        ctx.post.ask_after_call(call.userid, call.id, due.generation, number=call.number)


@topic.due(WAKE, lateness=Lateness.LATEST, controls=_CONTROLS)
def wake(due: Due, ctx: Ctx) -> None:
    """Somebody answered and did nothing for half an hour: it wakes again."""
    alarm = rows.lock_alarm(ctx.unit, due.subject)
    item = items.load_item(ctx.unit, due.subject)
    if alarm is None or item is None or alarm.state is not AlarmState.ACKNOWLEDGED:
        return
    moved = rules.wake_again(alarm)
    items.close_open_work(ctx.unit, item.number)
    name = ctx.name(moved.alarm.holder)
    words = texts.woken(item.number, name, ctx.parameters.alarm_wake_minutes)
    _tell_all(ctx, moved.alarm, words, f"woken:{moved.alarm.steps}", but=moved.alarm.holder)
    _move(ctx, item, alarm, moved, act="alarm.woken", tell_sender=False)


def _move(
    ctx: Ctx, item: Item, before: Alarm, move: Move, *, act: str = "alarm.moved", late: int = 0,
    tell_sender: bool = True,
) -> None:
    alarm = move.alarm
    rows.save_alarm(ctx.unit, alarm, before)
    ctx.hand_to(item.number, alarm.holder, state=ItemState.OPEN)
    ctx.forget_reminders(item.number, STEP)
    _carry_out(ctx, item, move)
    if alarm.holder not in before.told:
        _tell_what_joined(ctx, item, alarm)
    if tell_sender:
        if not move.chat:
            words = texts.calling(item.number, ctx.name(alarm.holder), ctx.parameters.alarm_step_minutes)
        elif alarm.round > before.round:
            words = texts.again(item.number, ctx.name(alarm.holder))
        else:
            words = texts.climbed(item.number, ctx.name(before.holder), ctx.name(alarm.holder))
        ctx.post.text(
            alarm.sender, words, key=f"moved:{item.number}:{alarm.steps}", number=item.number, lane=Lane.URGENT
        )
    ctx.audit(
        act, item.number, holder=alarm.holder, round=alarm.round, step=alarm.steps, chat=move.chat, call=move.call,
        late=late,
    )


def _carry_out(ctx: Ctx, item: Item, move: Move) -> None:
    """Message, call and the next step's deadline of whoever's turn it is now; the message is always promised first."""
    alarm = move.alarm
    waiting = {work.userid for work in items.open_work_on(ctx.unit, item.number)}
    if alarm.holder not in waiting:
        items.add_open_work(ctx.unit, alarm.holder, item.number, OPEN_WORK, item.title, ctx.now, urgent=True)
    if move.chat:
        send_alarm(ctx, item, alarm, _words(ctx, item.number))
    if move.call:
        call_id = calls.want_call(ctx.unit, item.number, alarm.holder, ctx.now)
        ctx.post.call(alarm.holder, call_id, number=item.number)
    ctx.remind(STEP, item.number, alarm.steps, ctx.now + timedelta(minutes=ctx.parameters.alarm_step_minutes))


# --- answering --------------------------------------------------------------------------------------------------------


@topic.command("收到", group=GROUP_URGENT, usage=texts.USAGE_ACK, controls=("7.1b", "7.1a"))
def received(line: CommandLine, ctx: Ctx) -> Answer:
    """A number names what is answered; a bare 收到 takes the one open alarm, else the newest unread notice."""
    number = number_in(line)
    if number:
        if noun_of(number) is Noun.NOTICE:
            return notices.read_by_number(number, ctx)
        if noun_of(number) is Noun.DRILL:
            return drills.answer_drill(number, ctx) or unknown(line, number)
        return _acknowledge(number, line, ctx)
    open_ones = []
    for work in items.open_work_of(ctx.unit, ctx.person.userid):
        alarm = rows.load_alarm(ctx.unit, work.number) if work.what == OPEN_WORK else None
        if alarm is not None and alarm.state is AlarmState.OPEN:
            open_ones.append((work.number, work.title))
    if len(open_ones) > 1:
        return Say(texts.which_one(open_ones))
    if open_ones:
        return _acknowledge(open_ones[0][0], line, ctx)
    return notices.read_newest(ctx) or Say(ANSWER_FINE)


@topic.tap(Acknowledge, controls=_CONTROLS)
def tap_acknowledge(tap: Acknowledge, ctx: Ctx) -> Answer:
    """收到 on the card; the card shows at once who answered."""
    alarm = rows.lock_alarm(ctx.unit, tap.number)
    item = items.load_item(ctx.unit, tap.number)
    if alarm is None or item is None:
        return None
    done = rules.acknowledge(alarm, ctx.person.userid, ctx.now)
    if isinstance(done, Refusal):
        return _too_late_card(ctx, item, alarm, done)
    _acknowledged(ctx, item, alarm, done)
    ctx.post.text(
        ctx.person.userid, texts.acknowledged_you(item.number, item.title, ctx.parameters.alarm_wake_minutes),
        key=f"acked:{item.number}:{done.version}", number=item.number, lane=Lane.URGENT,
    )
    return Show(alarm_face(ctx, item, done, ctx.task_id, ctx.person.name, ctx.now))


def _too_late_card(ctx: Ctx, item: Item, alarm: Alarm, refusal: Refusal) -> Answer:
    """Answer a tap that changes nothing with what has happened since."""
    if alarm.state is AlarmState.OPEN or alarm.acknowledged_by != ctx.person.userid:
        ctx.post.text(
            ctx.person.userid, _refused(ctx, item.number, alarm, refusal), key=f"late:{ctx.event_key}",
            number=item.number, lane=Lane.URGENT,
        )
    if alarm.state is AlarmState.OPEN:
        return None
    name = ctx.name(alarm.acknowledged_by or alarm.sender)
    return Show(alarm_face(ctx, item, alarm, ctx.task_id, name, alarm.acknowledged_at or item.updated_at))


def _acknowledge(number: str, line: CommandLine, ctx: Ctx) -> Answer:
    found = _found(number, ctx)
    if found is None:
        return unknown(line, number)
    item, alarm = found
    done = rules.acknowledge(alarm, ctx.person.userid, ctx.now)
    if isinstance(done, Refusal):
        return Say(_refused(ctx, item.number, alarm, done))
    _acknowledged(ctx, item, alarm, done)
    return Say(texts.acknowledged_you(item.number, item.title, ctx.parameters.alarm_wake_minutes))


def _acknowledged(ctx: Ctx, item: Item, before: Alarm, alarm: Alarm) -> None:
    userid = ctx.person.userid
    rows.save_alarm(ctx.unit, alarm, before)
    _stop(ctx, item)
    items.add_open_work(ctx.unit, userid, item.number, OPEN_WORK, item.title, ctx.now, urgent=True)
    ctx.hand_to(item.number, userid)
    ctx.remind(WAKE, item.number, alarm.version, ctx.now + timedelta(minutes=ctx.parameters.alarm_wake_minutes))
    settle_alarm(ctx, item, alarm, ctx.person.name)
    _tell_all(
        ctx, alarm, texts.acknowledged_all(item.number, ctx.person.name, ctx.now), f"acked:{alarm.version}", but=userid
    )
    ctx.audit("alarm.acknowledged", item.number, round=alarm.round, step=alarm.steps)


@topic.tap(HandOver, controls=_CONTROLS)
def tap_hand_over(tap: HandOver, ctx: Ctx) -> Answer:
    """转交他人 on the card, to whoever is chosen on it."""
    chosen = (ctx.selected.get(QUESTION_KEY, ()) or (NOBODY,))[0]
    person = ctx.org.person(chosen) if chosen != NOBODY else None
    found = _found(tap.number, ctx)
    if found is None:
        return None
    if person is None:
        ctx.post.text(
            ctx.person.userid, texts.hand_missing(tap.number), key=f"hand:{ctx.event_key}", number=tap.number,
            lane=Lane.URGENT,
        )
        return None
    ctx.post.text(
        ctx.person.userid, _hand_over(ctx, *found, person.userid), key=f"hand:{ctx.event_key}", number=tap.number,
        lane=Lane.URGENT,
    )
    return None


@topic.branch("转交", Noun.ALARM, controls=_CONTROLS)
def hand_over(line: CommandLine, ctx: Ctx) -> Answer:
    """Hand an alarm to somebody else."""
    number = number_in(line)
    found = _found(number, ctx)
    if found is None:
        return unknown(line, number)
    typed = " ".join(line.tokens[1:]).strip()
    if not typed:
        return Say(texts.hand_missing(number))
    who = find_person(typed, directory_of(ctx.org))
    if isinstance(who, Several):
        return Say(texts.hand_several(number, typed, [ctx.name(userid) for userid in who.userids]))
    if not isinstance(who, Found):
        return Say(texts.hand_unknown(number, typed, [ctx.name(userid) for userid in who.nearest]))
    return Say(_hand_over(ctx, *found, who.userid))


def _hand_over(ctx: Ctx, item: Item, alarm: Alarm, to: str) -> str:
    move = rules.hand_over(alarm, ctx.person.userid, to)
    if isinstance(move, Refusal):
        return _refused(ctx, item.number, alarm, move)
    ctx.forget_reminders(item.number, WAKE)
    items.close_open_work(ctx.unit, item.number)
    _tell_all(
        ctx, move.alarm, texts.handed_all(item.number, ctx.person.name, ctx.name(to)), f"handed:{move.alarm.steps}",
        but=ctx.person.userid, also_not=to,
    )
    _move(ctx, item, alarm, move, act="alarm.handed", tell_sender=False)
    return texts.handed(item.number, ctx.name(to))


@topic.waiting(OPEN_WORK, texts.WAITS)
def open_alarm(work: OpenWork, ctx: Ctx) -> Answer:
    """Say how an alarm is answered and ended."""
    return Say(f"{todo.row(work, ctx)}\n{texts.hint_todo(work.number)}")


# --- its end ----------------------------------------------------------------------------------------------------------


@topic.command("处理", group=GROUP_URGENT, usage=texts.USAGE_HANDLE, controls=_CONTROLS)
def handle(line: CommandLine, ctx: Ctx) -> Answer:
    """Say how far it is; that keeps an answered alarm from waking again."""
    read = _with_note(line, ctx)
    if not isinstance(read, tuple):
        return read
    item, alarm, words = read
    number = item.number
    if not words:
        return Say(texts.handle_missing(number))
    if alarm.state is AlarmState.OPEN:
        done = rules.acknowledge(alarm, ctx.person.userid, ctx.now)
        if isinstance(done, Refusal):
            return Say(_refused(ctx, number, alarm, done))
        _acknowledged(ctx, item, alarm, done)
    elif alarm.state is not AlarmState.ACKNOWLEDGED:
        return Say(texts.already_over(number, alarm.state.value))
    ctx.forget_reminders(number, WAKE)
    items.add_note(ctx.unit, number, ctx.person.userid, words, line.text, ctx.new_token(), ctx.now)
    if alarm.sender != ctx.person.userid:
        ctx.post.text(
            alarm.sender, texts.handled_told(number, ctx.person.name, words), key=f"handled:{ctx.event_key}",
            number=number, lane=Lane.URGENT,
        )
    ctx.audit("alarm.handled", number)
    return Say(texts.handled(number))


@topic.command("解除", group=GROUP_URGENT, usage=texts.USAGE_RESOLVE, controls=_CONTROLS)
def resolve(line: CommandLine, ctx: Ctx) -> Answer:
    """End an alarm; everybody who got it is told."""
    read = _with_note(line, ctx)
    if not isinstance(read, tuple):
        return read
    item, alarm, words = read
    number = item.number
    done = rules.resolve(alarm, ctx.person.userid)
    if isinstance(done, Refusal):
        return Say(_refused(ctx, number, alarm, done))
    if words:
        items.add_note(ctx.unit, number, ctx.person.userid, words, line.text, ctx.new_token(), ctx.now)
    _end(ctx, item, alarm, done, ItemState.DONE)
    _tell_all(
        ctx, done, texts.resolved_all(number, ctx.person.name, ctx.now, words), f"resolved:{done.version}",
        but=ctx.person.userid,
    )
    ctx.audit("alarm.resolved", number, seconds=int((ctx.now - alarm.raised_at).total_seconds()))
    return Say(texts.resolved_you(number, ctx.now - alarm.raised_at))


@topic.branch("撤回", Noun.ALARM, controls=_CONTROLS)
def withdraw(line: CommandLine, ctx: Ctx) -> Answer:
    """The sender takes an alarm back; nobody is called any more."""
    number = number_in(line)
    found = _found(number, ctx)
    if found is None:
        return unknown(line, number)
    item, alarm = found
    number = item.number
    done = rules.withdraw(alarm, ctx.person.userid)
    if isinstance(done, Refusal):
        return Say(_refused(ctx, number, alarm, done))
    _end(ctx, item, alarm, done, ItemState.WITHDRAWN)
    _tell_all(
        ctx, done, texts.withdrawn_all(number, ctx.person.name, ctx.now), f"withdrawn:{done.version}",
        but=ctx.person.userid,
    )
    ctx.audit("alarm.withdrawn", number)
    return Say(texts.withdrawn_you(number, len(alarm.told)))


def _end(ctx: Ctx, item: Item, before: Alarm, alarm: Alarm, state: ItemState) -> None:
    rows.save_alarm(ctx.unit, alarm, before)
    _stop(ctx, item)
    ctx.forget_reminders(item.number)
    items.change_item(ctx.unit, item.number, ctx.now, state=state)
    for child in _joined(ctx, item.number):
        items.change_item(ctx.unit, child.number, ctx.now, state=state)
    settle_alarm(ctx, item, alarm, ctx.person.name)


def _stop(ctx: Ctx, item: Item) -> None:
    """Nobody is woken any more: no next step, no call that has not left or waits for its turn."""
    ctx.forget_reminders(item.number, STEP)
    ctx.forget_reminders(item.number, FREED)
    calls.drop_calls(ctx.unit, item.number)
    items.close_open_work(ctx.unit, item.number)


# --- shared by the above ----------------------------------------------------------------------------------------------


def _found(number: str, ctx: Ctx) -> tuple[Item, Alarm] | None:
    """Return an alarm that the person may know of (a joined one leads to the first), locked; None otherwise."""
    item = items.load_item(ctx.unit, number) if number else None
    if item is not None and item.noun is Noun.ALARM and item.parent:
        item = items.load_item(ctx.unit, item.parent)
    alarm = rows.lock_alarm(ctx.unit, item.number) if item is not None else None
    return None if item is None or alarm is None else (item, alarm)


def _with_note(line: CommandLine, ctx: Ctx) -> tuple[Item, Alarm, str] | Answer:
    """Return the alarm named in a line, locked, and the words after its number; else what to answer."""
    number = number_in(line)
    found = _found(number, ctx)
    if found is None:
        return unknown(line, number)
    words = words_after_number(line)
    return Say(texts.too_long(_NOTE_MOST)) if len(words) > _NOTE_MOST else (*found, words)


def _refused(ctx: Ctx, number: str, alarm: Alarm, refusal: Refusal) -> str:
    code = refusal.code.removeprefix("alarm.")
    if code == "acknowledged":
        return texts.already(number, code, ctx.name(alarm.acknowledged_by), alarm.acknowledged_at)
    if code in texts.DONE_WORDS:
        return texts.already_over(number, code)
    if code == "not_sender":
        return texts.not_sender(number, ctx.name(alarm.sender))
    if code == "to_sender":
        return texts.to_sender(number, ctx.name(alarm.sender))
    if code == "to_self":
        return texts.to_self(number)
    return texts.not_yours(number, ctx.name(str(refusal.data["holder"])))


def _tell_all(ctx: Ctx, alarm: Alarm, words: str, key: str, *, but: str, also_not: str = "") -> None:
    """Tell the sender and everybody who got it."""
    for userid in dict.fromkeys((alarm.sender, *alarm.told)):
        if userid not in (but, also_not):
            ctx.post.text(
                userid, words, key=f"{key}:{alarm.number}:{userid}", number=alarm.number, lane=Lane.URGENT
            )


def _words(ctx: Ctx, number: str) -> str:
    revision = items.load_revision(ctx.unit, number, 1)
    assert revision is not None
    return str(revision.fields.get("words", ""))


def _joined(ctx: Ctx, number: str) -> list[Item]:
    return [item for item in items.children_of(ctx.unit, number) if item.noun is Noun.ALARM]


def _say_phone_is_off(ctx: Ctx, call: calls.Call, why: str) -> None:
    """Calls do not work at all: whoever keeps the system is told, once for each alarm."""
    keeper = ctx.org.holder(Post.RECORDS_DIRECTOR)
    first = next((each.id for each in calls.calls_of(ctx.unit, call.number) if each.errcode), call.id)
    if call.errcode and keeper is not None and first == call.id:
        ctx.post.text(
            keeper.userid, texts.phone_off(call.number, why), key=f"phone.off:{call.number}", number=call.number,
            lane=Lane.URGENT,
        )


__all__ = ["PURPOSE", "raise_alarm", "topic"]
