"""记录 and 更正: filing by template, asking field by field, correcting as a new revision (P.1, P.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers import previews
from handlers.context import Ctx
from handlers.language.command import CommandLine, read_command
from handlers.record_fields import Wrong, hint, read_field, read_fields, show_value, shown
from handlers.registry import Answer, Say, Topic
from handlers.seen import number_in, unknown, visible_item
from notifications.texts import records as texts
from notifications.texts.general import GROUP_OTHER, GROUP_RECORD, GROUP_SUBMIT
from policy.permissions import may_correct
from policy.templates import Template
from policy.terms import ItemState, Noun
from storage.moments import from_ms, to_ms
from storage.queries import conversations, items
from storage.queries.templates import newest_templates, template_version

topic = Topic("records")

ASKING = "fields"
REASON_MOST = 500
_REASON = texts.FIELD_REASON
_EXAMPLE_BYTES = 1200
_TELL_LATE_HOURS = 2


@topic.command(
    "记录", "登记", "记一笔", group=GROUP_SUBMIT, usage=texts.USAGE_RECORD, examples=texts.EXAMPLES_RECORD,
    controls=("P.1", "P.3"),
)
def record(line: CommandLine, ctx: Ctx) -> Answer:
    """List the templates, show one's fields, or file a record. Source: P.1, contract (Chat)."""
    known = newest_templates(ctx.unit)
    if not line.tokens:
        return Say(texts.templates([(t.name, [f.name for f in t.fields if f.required]) for t in known]))
    template = _template(known, line.tokens[0])
    if template is None:
        return Say(texts.unknown_template(line.tokens[0], [t.name for t in known]))
    line = line.with_colons([field.name for field in template.fields])
    if not line.pairs and len(line.tokens) == 1:
        _ask_next(ctx, template, {}, line.text)
        rows = [(field.name, field.required, hint(field)) for field in template.fields]
        return Say(texts.fields_of(template.name, rows))
    pairs = {name: value for name, value in line.pairs.items() if value.strip()}
    odd = _odd_field(template, line, texts.NOTHING_FILED)
    if odd is not None:
        return odd
    free = list(line.tokens[1:])
    open_fields = [field.name for field in template.fields if field.required and field.name not in pairs]
    if free and (not open_fields or len(free) > len(open_fields) > 1):
        return Say(texts.unassigned(template.name, " ".join(free), _example(template, pairs, open_fields)))
    if len(open_fields) == 1 and free:
        free = [" ".join(free)]
    pairs |= dict(zip(open_fields, free, strict=False))
    values, wrong = read_fields(template, pairs, ctx)
    wrong += _repeated(line)
    if wrong:
        return Say(_wrong(wrong, _example(template, pairs, cleared=[each.field for each in wrong])))
    missing = [field.name for field in template.fields if field.required and field.name not in values]
    if missing:
        return Say(texts.missing_fields(template.name, missing, _fitting(_example(template, pairs, missing))))
    _stop_asking_for(template, ctx)
    return file_record(ctx, template, values, line.text)


@topic.command(
    texts.CANCEL_WORD, *texts.CANCEL_ALIASES, group=GROUP_OTHER, usage=texts.USAGE_CANCEL,
    examples=(texts.CANCEL_WORD,),
)
def cancel(line: CommandLine, ctx: Ctx) -> Answer:
    """Stop filling in; with more behind the word it is what was asked for (取消了订单), or a number to withdraw."""
    if line.body:
        asked = continue_asking(line.text, ctx)
        if not isinstance(asked, bool):
            return asked
        number = number_in(line)
        return Say(texts.cancel_number(number) if number else texts.NOTHING_TO_CANCEL)
    kept = conversations.recall(ctx.unit, ctx.person.userid, ASKING, ctx.now)
    if kept is None:
        return Say(texts.NOTHING_TO_CANCEL if previews.drop(ctx) is None else texts.PREVIEW_CANCELLED)
    conversations.end(ctx.unit, ctx.person.userid, ASKING)
    return Say(texts.CANCELLED)


def continue_asking(typed: str, ctx: Ctx) -> Answer | bool:
    """
    Take a free message as the value of the field that was asked for; 字=值 of the template's fields as those.

    Returns:
        False when nothing is being asked.
    """
    kept = conversations.recall(ctx.unit, ctx.person.userid, ASKING, ctx.now)
    template = template_version(ctx.unit, kept["template"], kept["version"]) if kept is not None else None
    if kept is None or template is None:
        return False
    if from_ms(kept["until"]) < ctx.now:
        conversations.end(ctx.unit, ctx.person.userid, ASKING)
        return Say(_expired(ctx, template, kept["values"]))
    field = template.field(kept["field"])
    assert field is not None
    said = _several(typed, template) or {field.name: typed}
    for name, value in said.items():
        each = template.field(name)
        assert each is not None
        read = read_field(each, value, ctx)
        if isinstance(read, Wrong):
            return Say(texts.bad_field(read.field, read.why))
        kept["values"][name] = read
    values, whole = kept["values"], f"{kept['typed']}\n{typed}"
    if _ask_next(ctx, template, values, whole):
        needed = [each for each in template.fields if each.required]
        waiting = [each for each in needed if each.name not in values]
        return Say(
            texts.next_field(len(needed) - len(waiting) + 1, len(needed), waiting[0].name, hint(waiting[0]))
        )
    conversations.end(ctx.unit, ctx.person.userid, ASKING)
    return file_record(ctx, template, values, whole)


def _stop_asking_for(template: Template, ctx: Ctx) -> None:
    """Ask no more for what has come in one message, nor for a form of which nothing was filled in yet."""
    kept = conversations.recall(ctx.unit, ctx.person.userid, ASKING, ctx.now)
    if kept is not None and (kept["template"] == template.id or not kept["values"]):
        conversations.end(ctx.unit, ctx.person.userid, ASKING)


def still_asking(ctx: Ctx) -> str:
    """Return the line that reminds of a record being filled in, "" when none is."""
    kept = conversations.recall(ctx.unit, ctx.person.userid, ASKING, ctx.now)
    template = template_version(ctx.unit, kept["template"], kept["version"]) if kept is not None else None
    if kept is None or template is None or from_ms(kept["until"]) < ctx.now:
        return ""
    return texts.still_asking(template.name, kept["field"])


def file_record(ctx: Ctx, template: Template, values: Mapping[str, object], typed: str) -> Answer:
    """Put a record into the register; the author is responsible, their grade answers for it (P.1)."""
    told = shown(template, values)
    title = texts.title_of(template.name, next(iter(told.values())))
    item, digest = ctx.file_item(
        Noun.RECORD, kind=template.id, title=title, fields=dict(values), original=typed,
        responsible=ctx.person.userid, state=ItemState.FILED, template_version=template.version,
    )
    ctx.audit("record.filed", item.number, template=template.id, version=template.version, digest=digest)
    return Say(texts.filed(item.number, template.name, told))


@topic.command(
    "更正", "改", group=GROUP_RECORD, usage=texts.USAGE_CORRECT, examples=texts.EXAMPLES_CORRECT,
    controls=("P.3",),
)
def correct(line: CommandLine, ctx: Ctx) -> Answer:
    """Correct a record: a new revision with its reason, the old one kept. Source: P.3."""
    if not line.tokens:
        return Say(texts.CORRECT_NUMBER)
    number = number_in(line)
    item = visible_item(ctx, number)
    if item is None:
        return unknown(line, number)
    if item.noun is not Noun.RECORD:
        return Say(texts.correct_not_record(number))
    if not may_correct(ctx.org, ctx.person, item.author):
        ctx.access("refused", number)
        return Say(texts.correct_refused(number, ctx.name(item.author)))
    template = template_version(ctx.unit, item.kind, item.template_version)
    revision = items.load_revision(ctx.unit, number, item.revision)
    assert template is not None
    assert revision is not None
    names = [field.name for field in template.fields]
    line = line.with_colons([*names, _REASON])
    pairs = dict(line.pairs)
    reason = pairs.pop(_REASON, "").strip() if template.field(_REASON) is None else ""
    if not pairs:
        return Say(texts.correct_usage(number, names))
    odd = _odd_field(template, line, texts.NOTHING_CHANGED)
    if odd is not None:
        return odd
    typed = " ".join(f"{name}={value}" for name, value in pairs.items())
    if not reason:
        return Say(texts.correct_reason(number, _fitting(f"{line.word} {number} {typed} {_REASON}=")))
    values, wrong = read_fields(template, pairs, ctx)
    wrong += _repeated(line)
    emptied = [name for name, value in pairs.items() if not value.strip()]
    required = {field.name for field in template.fields if field.required}
    wrong += [Wrong(name, texts.EMPTY_FIELD) for name in emptied if name in required]
    if len(reason) > REASON_MOST:
        wrong.append(Wrong(_REASON, texts.REASON_TOO_LONG))
        reason = ""
    if wrong:
        faulty = {each.field for each in wrong}
        kept = " ".join(f"{name}={'' if name in faulty else value}" for name, value in pairs.items())
        example = f"{line.word} {number} {kept} {_REASON}={reason}"
        return Say(_wrong(wrong, example, texts.NOTHING_CHANGED))
    fields = {**revision.fields, **values}
    for name in emptied:
        fields.pop(name, None)
    changed = [name for name in names if fields.get(name) != revision.fields.get(name)]
    if not changed:
        return Say(texts.correct_same(number))
    digest = items.add_revision(
        ctx.unit, number, item.revision + 1, ctx.person.userid, fields, line.text, ctx.new_token(), reason, ctx.now
    )
    first = next(iter(shown(template, fields).values()))
    items.change_item(
        ctx.unit, number, ctx.now, revision=item.revision + 1, title=texts.title_of(template.name, first)
    )
    ctx.audit("record.corrected", number, revision=item.revision + 1, digest=digest, fields=sorted(changed))
    if item.author != ctx.person.userid:
        ctx.post.text(
            item.author, texts.correction_told(number, ctx.person.name, reason),
            key=f"corrected:{number}:{item.revision + 1}", number=number,
        )
    told = [(name, _value_of(template, revision.fields, name), _value_of(template, fields, name)) for name in changed]
    return Say(texts.corrected(number, item.revision + 1, told, reason))


def _value_of(template: Template, fields: Mapping[str, object], name: str) -> str:
    return show_value(template.field(name), fields[name]) if name in fields else ""


def _odd_field(template: Template, line: CommandLine, nothing: str) -> Answer:
    """Refuse a pair whose name the template does not know; None when it knows all of them."""
    names = [field.name for field in template.fields]
    reason = () if nothing == texts.NOTHING_FILED else (_REASON,)
    odd = next((name for name in line.pairs if name not in names and name not in reason), None)
    return None if odd is None else Say(texts.unknown_field(template.name, odd, names, nothing))


def _repeated(line: CommandLine) -> list[Wrong]:
    """Return the fields that were given more than once, which only the person can settle."""
    values: dict[str, list[str]] = {}
    for name, value in line.repeated:
        values.setdefault(name, []).append(value)
    return [Wrong(name, texts.written_twice([*given, line.pairs[name]])) for name, given in values.items()]


def _several(typed: str, template: Template) -> dict[str, str]:
    """Return the template's own fields of a message that names them, {} when it is one plain value."""
    line = read_command(f"{texts.WORD_RECORD} {typed}", {texts.WORD_RECORD: texts.WORD_RECORD})
    assert isinstance(line, CommandLine)
    line = line.with_colons([field.name for field in template.fields])
    known = {name: value for name, value in line.pairs.items() if template.field(name) is not None and value.strip()}
    before = [token for token in line.tokens if token != template.name]
    return known if len(known) == len(line.pairs) and not line.repeated and not before else {}


def _wrong(wrong: list[Wrong], example: str, nothing: str = texts.NOTHING_FILED) -> str:
    by_field = {each.field: each.why for each in reversed(wrong)}
    return texts.wrong_fields(list(reversed(by_field.items())), _fitting(example), nothing)


def _fitting(example: str) -> str:
    """Return an example that fits into an answer, "" when it would be cut: a cut one must not be copied."""
    return example if len(example.encode()) <= _EXAMPLE_BYTES else ""


def _expired(ctx: Ctx, template: Template, values: Mapping[str, object]) -> str:
    told = shown(template, values)
    open_fields = [field.name for field in template.fields if field.required and field.name not in values]
    example = _fitting(_example(template, told, open_fields))
    minutes = ctx.parameters.attach_minutes
    if not example or "\n" in example:
        return texts.asking_expired_long(template.name, minutes)
    return texts.asking_expired(template.name, minutes, example)


def _template(known: list[Template], typed: str) -> Template | None:
    exact = next((template for template in known if template.name == typed), None)
    if exact is not None:
        return exact
    near = [template for template in known if template.name.startswith(typed) or typed.startswith(template.name)]
    return near[0] if len(near) == 1 else None


def _ask_next(ctx: Ctx, template: Template, values: Mapping[str, object], typed: str) -> bool:
    waiting = [field for field in template.fields if field.required and field.name not in values]
    if not waiting:
        return False
    until = ctx.later(minutes=ctx.parameters.attach_minutes)
    # Remembered longer than it is asked, so that a value that comes too late is told so.
    conversations.remember(
        ctx.unit, ctx.person.userid, ASKING,
        {
            "template": template.id, "version": template.version, "values": dict(values), "field": waiting[0].name,
            "typed": typed, "until": to_ms(until),
        },
        ctx.later(hours=_TELL_LATE_HOURS),
    )
    return True


def _example(
    template: Template, pairs: Mapping[str, str], missing: Sequence[str] = (), cleared: Sequence[str] = ()
) -> str:
    """Return the command with what was typed; missing fields and those in `cleared` stand empty."""
    typed = [f"{name}={'' if name in cleared else value}" for name, value in pairs.items() if name not in missing]
    return " ".join([texts.WORD_RECORD, template.name, *typed, *(f"{name}=" for name in missing)])
