"""记录 and 更正: filing by template, asking field by field, correcting as a new revision (P.1, P.3)."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.context import Ctx
from handlers.language.command import CommandLine
from handlers.purchases import LAST_ITEM
from handlers.record_fields import Wrong, hint, read_field, read_fields, show_value, shown
from handlers.registry import Answer, Say, Topic
from handlers.seen import number_in, unknown, visible_item
from notifications.texts import records as texts
from notifications.texts.general import GROUP_RECORD, GROUP_SUBMIT
from policy.permissions import may_correct
from policy.templates import Template
from policy.terms import ItemState, Noun
from storage.queries import conversations, items
from storage.queries.templates import newest_templates, template_version

topic = Topic("records")

ASKING = "fields"
_REASON = texts.FIELD_REASON


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
    pairs = dict(line.pairs)
    if not pairs and len(line.tokens) == 1:
        _ask_next(ctx, template, {}, line.text)
        rows = [(field.name, field.required, hint(field)) for field in template.fields]
        return Say(texts.fields_of(template.name, rows))
    for name in pairs:
        if template.field(name) is None:
            return Say(texts.unknown_field(template.name, name, [field.name for field in template.fields]))
    if len(line.tokens) > 1:
        # Free words belong to the first text field that was not named.
        free = next((f.name for f in template.fields if f.name not in pairs and f.required), None)
        if free is not None:
            pairs[free] = " ".join(line.tokens[1:])
    values, wrong = read_fields(template, pairs, ctx)
    if wrong:
        return Say(
            texts.wrong_fields(template.name, [(each.field, each.why) for each in wrong], _example(template, pairs))
        )
    missing = [field.name for field in template.fields if field.required and field.name not in values]
    if missing:
        return Say(texts.missing_fields(template.name, missing, _example(template, pairs, missing)))
    return file_record(ctx, template, values, line.text)


def continue_asking(typed: str, ctx: Ctx) -> Answer | bool:
    """
    Take a free message as the value of the field that was asked for.

    Returns:
        False when nothing is being asked.
    """
    kept = conversations.recall(ctx.unit, ctx.person.userid, ASKING, ctx.now)
    if kept is None:
        return False
    template = template_version(ctx.unit, kept["template"], kept["version"])
    if template is None:
        return False
    if typed.strip() in texts.CANCEL_WORDS:
        conversations.end(ctx.unit, ctx.person.userid, ASKING)
        return Say(texts.CANCELLED)
    field = template.field(kept["field"])
    assert field is not None
    value = read_field(field, typed, ctx)
    if isinstance(value, Wrong):
        return Say(texts.bad_field(field.name, value.why))
    values = {**kept["values"], field.name: value}
    if _ask_next(ctx, template, values, kept["typed"] + "\n" + typed):
        waiting = [each for each in template.fields if each.required and each.name not in values]
        needed = [each for each in template.fields if each.required]
        return Say(
            texts.next_field(len(needed) - len(waiting) + 1, len(needed), waiting[0].name, hint(waiting[0]))
        )
    conversations.end(ctx.unit, ctx.person.userid, ASKING)
    return file_record(ctx, template, values, kept["typed"] + "\n" + typed)


def file_record(ctx: Ctx, template: Template, values: Mapping[str, object], typed: str) -> Answer:
    """Put a record into the register; the author is responsible, their grade answers for it (P.1)."""
    told = shown(template, values)
    title = texts.title_of(template.name, next(iter(told.values())))
    item, digest = ctx.file_item(
        Noun.RECORD, kind=template.id, title=title, fields=dict(values), original=typed,
        responsible=ctx.person.userid, state=ItemState.FILED, template_version=template.version,
    )
    conversations.remember(
        ctx.unit, ctx.person.userid, LAST_ITEM, item.number, ctx.later(minutes=ctx.parameters.attach_minutes)
    )
    ctx.audit("record.filed", item.number, template=template.id, version=template.version, digest=digest)
    return Say(texts.filed(item.number, template.name, told))


@topic.command(
    "更正", "修改", "改", group=GROUP_RECORD, usage=texts.USAGE_CORRECT, examples=texts.EXAMPLES_CORRECT,
    controls=("P.3",),
)
def correct(line: CommandLine, ctx: Ctx) -> Answer:
    """Correct a record: a new revision with its reason, the old one kept. Source: P.3."""
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
    pairs = dict(line.pairs)
    reason = pairs.pop(_REASON, "").strip() if template.field(_REASON) is None else ""
    if not pairs:
        return Say(texts.correct_usage(number))
    for name in pairs:
        if template.field(name) is None:
            return Say(texts.unknown_field(template.name, name, [field.name for field in template.fields]))
    if not reason:
        return Say(texts.correct_reason(number, " ".join(f"{name}={value}" for name, value in pairs.items())))
    values, wrong = read_fields(template, pairs, ctx)
    if wrong:
        return Say(texts.wrong_fields(template.name, [(w.field, w.why) for w in wrong], line.text))
    changes = {name: value for name, value in values.items() if revision.fields.get(name) != value}
    if not changes:
        return Say(texts.correct_same(number))
    fields = {**revision.fields, **changes}
    digest = items.add_revision(
        ctx.unit, number, item.revision + 1, ctx.person.userid, fields, line.text, ctx.new_token(), reason, ctx.now
    )
    first = next(iter(shown(template, fields).values()))
    items.change_item(
        ctx.unit, number, ctx.now, revision=item.revision + 1, title=texts.title_of(template.name, first)
    )
    ctx.audit("record.corrected", number, revision=item.revision + 1, digest=digest, fields=sorted(changes))
    if item.author != ctx.person.userid:
        ctx.post.text(
            item.author, texts.correction_told(number, ctx.person.name, reason),
            key=f"corrected:{number}:{item.revision + 1}", number=number,
        )
    told = [
        (
            name,
            show_value(template.field(name), revision.fields[name]) if name in revision.fields else "",
            show_value(template.field(name), value),
        )
        for name, value in changes.items()
    ]
    return Say(texts.corrected(number, item.revision + 1, told, reason))


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
    conversations.remember(
        ctx.unit, ctx.person.userid, ASKING,
        {
            "template": template.id, "version": template.version, "values": dict(values), "field": waiting[0].name,
            "typed": typed,
        },
        ctx.later(minutes=ctx.parameters.attach_minutes),
    )
    return True


def _example(template: Template, pairs: Mapping[str, str], missing: list[str] | None = None) -> str:
    typed = [f"{name}={value}" for name, value in pairs.items()]
    return " ".join([texts.WORD_RECORD, template.name, *typed, *(f"{name}=" for name in missing or ())])
