"""申请 and 预览: approvals by kind, each with its own fields and chain (3.1a, 4.1a, 3.2c)."""

from __future__ import annotations

from handlers.application_content import Application, read_application
from handlers.asked import names_asked
from handlers.context import Ctx
from handlers.explain import purchase_problem, refusal_text
from handlers.filing import file_approval, held_note, notes_of, order_of, planned_names
from handlers.language.command import CommandLine, read_command
from handlers.language.purchase import PurchaseProblem, read_purchase
from handlers.registry import Answer, Say, Topic
from notifications.texts import applications as texts
from notifications.texts import purchases as purchase_texts
from notifications.texts.general import GROUP_SUBMIT, PURCHASE_WORD
from policy.approval_kinds import PURCHASE, Kind, kind_named, kinds, plan_of
from policy.chains import Plan
from policy.decisions import Refusal
from policy.steps import Approval

topic = Topic("applications")


@topic.command(
    "申请", group=GROUP_SUBMIT, usage=texts.USAGE, examples=texts.EXAMPLES, controls=("3.1a", "4.1a", "3.2c", "P.1")
)
def apply(line: CommandLine, ctx: Ctx) -> Answer:
    """File an approval of a kind. Source: 3.1a, 4.1a."""
    kind = _kind(line, ctx)
    if isinstance(kind, str):
        return Say(kind)
    read = read_application(kind, line, ctx)
    return Say(read) if isinstance(read, str) else file_application(ctx, kind, read, line.text)


@topic.command("预览", "谁签", group=GROUP_SUBMIT, usage=texts.USAGE_PREVIEW, examples=texts.EXAMPLES_PREVIEW)
def preview(line: CommandLine, ctx: Ctx) -> Answer:
    """Show who would sign; nothing is filed."""
    if not line.body:
        return Say(texts.PREVIEW_EMPTY)
    inner = read_command(line.body, {PURCHASE_WORD: PURCHASE_WORD, texts.WORD: texts.WORD})
    if not isinstance(inner, CommandLine):
        inner = read_command(f"{texts.WORD} {line.body}", {texts.WORD: texts.WORD})
        assert isinstance(inner, CommandLine)
    if inner.word == PURCHASE_WORD:
        read = read_purchase(inner)
        if isinstance(read, PurchaseProblem):
            return Say(texts.preview_of(purchase_problem(read)))
        return _previewed(ctx, PURCHASE, read.subject, read.total_fen)
    kind = _kind(inner, ctx)
    if isinstance(kind, str):
        return Say(texts.preview_of(kind))
    said = read_application(kind, inner, ctx)
    return Say(texts.preview_of(said)) if isinstance(said, str) else _previewed(ctx, kind, said.title, said.fen)


def file_application(
    ctx: Ctx, kind: Kind, said: Application, typed: str, *, parent: str | None = None
) -> Answer:
    """Put an application into the register and ask its first signers."""
    filed = file_approval(ctx, kind, said.title, said.fen, said.fields(), typed, parent)
    if isinstance(filed, Refusal):
        return Say(refusal_text(filed, ctx, "", None))
    number = filed.item.number
    headline = texts.headline(kind.name, number) if parent is None else texts.refiled(kind.name, parent, number)
    return Say(application_answer(ctx, kind, said, filed.approval, filed.plan, headline, held_note(ctx, filed)))


def application_answer(
    ctx: Ctx, kind: Kind, said: Application, approval: Approval, plan: Plan, headline: str, extra: list[str]
) -> str:
    """Return the answer to a filed or amended application."""
    rows = [(one.label, said.own[one.name]) for one in kind.fields if one.name in said.own]
    first = purchase_texts.several(names_asked(ctx, approval))
    return texts.filed(
        headline, approval.number, kind.subject_word, said.reason, said.fen, rows, order_of(ctx, approval), first,
        ctx.parameters.urges_per_item, [*notes_of(ctx, plan), *extra],
    )


def _kind(line: CommandLine, ctx: Ctx) -> Kind | str:
    names = [kind.name for kind in kinds(ctx.parameters)]
    if not line.tokens:
        return texts.no_kind(names)
    if line.tokens[0] == PURCHASE_WORD:
        return texts.use_purchase(" ".join(line.tokens[1:]))
    kind = kind_named(ctx.parameters, line.tokens[0])
    return kind if kind is not None else texts.unknown_kind(line.tokens[0], names, " ".join(line.tokens[1:]))


def _previewed(ctx: Ctx, kind: Kind, title: str, fen: int | None) -> Answer:
    plan = plan_of(ctx.org, kind, ctx.person.userid, fen, ctx.parameters)
    if isinstance(plan, Refusal):
        return Say(refusal_text(plan, ctx, "", None))
    return Say(
        texts.preview(
            kind.name, title, fen, [planned_names(ctx, step) for step in plan.steps],
            [ctx.name(userid) for userid in plan.copies], _notes(ctx, plan),
        )
    )


def _notes(ctx: Ctx, plan: Plan) -> list[str]:
    return notes_of(ctx, plan)
