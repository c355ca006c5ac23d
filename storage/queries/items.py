"""The register: one row per numbered item, its revisions, attachments and open work (P.1, P.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from policy.numbering import day_prefix, number_of, serial_of
from policy.terms import Grade, ItemState, Medium, Noun
from storage.canonical import from_json, revision_digest, to_json
from storage.moments import from_ms, to_ms
from storage.statement import POSTGRESQL, Statement
from storage.tables import ATTACHMENT, ITEM, NOTE, OPEN_WORK, REVISION, SEARCH_TAIL
from storage.unit import Unit


@dataclass(frozen=True)
class Item:
    """One row of the register. Instants are aware UTC, company time."""

    number: str
    noun: Noun
    kind: str
    title: str
    author: str
    department: str
    region: str
    responsible: str
    answerable: Grade
    state: ItemState
    medium: Medium
    template_version: int
    policy_version: int
    revision: int
    parent: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Revision:
    """One revision of an item's content; `fields` is empty once erased (6.1a)."""

    number: str
    revision: int
    author: str
    fields: Mapping[str, Any]
    original: str
    reason: str
    digest: str
    created_at: datetime


@dataclass(frozen=True)
class OpenWork:
    """Something that waits for one person (待办)."""

    userid: str
    number: str
    what: str
    since: datetime
    due_at: datetime | None
    urgent: bool
    title: str
    fen: int | None


@dataclass(frozen=True)
class Attachment:
    """A picture or file that belongs to an item."""

    id: int
    number: str
    owner: str
    kind: str
    media_id: str
    name: str
    state: str
    size: int
    created_at: datetime


# --- numbers --------------------------------------------------------------------------------------------------------

# The shortest-first order keeps 10000 above 9999 on a day that needs five digits.
_NEWEST = Statement(
    select(ITEM.c.number)
    .where(ITEM.c.number >= bindparam("low"), ITEM.c.number < bindparam("high"))
    .order_by(func.length(ITEM.c.number).desc(), ITEM.c.number.desc())
    .limit(1)
)
_NEWEST_PLAIN = Statement(
    select(ITEM.c.number)
    .where(ITEM.c.number >= bindparam("low"), ITEM.c.number < bindparam("high"))
    .order_by(ITEM.c.number.desc())
    .limit(1)
)
_LOCK = Statement({POSTGRESQL: "SELECT pg_advisory_xact_lock(7061003, hashtext(%(prefix)s))"})


def next_number(unit: Unit, noun: Noun, day: date) -> str:
    """
    Return the next free number of a noun on a company day; it is taken once the item is inserted in this unit.

    PostgreSQL: other units that want a number of the same noun and day wait for this one.
    """
    prefix = day_prefix(noun, day)
    if unit.dialect == POSTGRESQL:
        unit.one(_LOCK, prefix=prefix)
    # ":" is the character after "9".
    newest = unit.scalar(_NEWEST_PLAIN, low=prefix, high=prefix + ":")
    if newest is not None and serial_of(newest) >= 9999:
        newest = unit.scalar(_NEWEST, low=prefix, high=prefix + ":")
    return number_of(noun, day, 1 if newest is None else serial_of(newest) + 1)


# --- items ----------------------------------------------------------------------------------------------------------

_COLUMNS = tuple(column.name for column in ITEM.columns)
_ONE = Statement(select(ITEM).where(ITEM.c.number == bindparam("number")))


def add_item(unit: Unit, item: Item, fields: Mapping[str, object], original: str, salt: str, reason: str = "") -> str:
    """
    Insert an item with its first revision and queue it for the search index.

    Returns:
        The digest a signature binds to.

    Raises:
        DuplicateKey: (by the store) the number is taken.
    """
    unit.insert(ITEM, _as_row(item))
    return add_revision(
        unit, item.number, item.revision, item.author, fields, original, salt, reason, item.created_at
    )


def add_revision(
    unit: Unit, number: str, revision: int, author: str, fields: Mapping[str, object], original: str, salt: str,
    reason: str, now: datetime,
) -> str:
    """Insert one revision and queue the item for the index; return the revision's digest (P.3)."""
    digest = revision_digest(salt, fields)
    unit.insert(
        REVISION,
        {
            "number": number, "revision": revision, "author": author, "fields": to_json(fields),
            "original": original, "reason": reason, "salt": salt, "digest": digest, "created_at": to_ms(now),
        },
    )
    unit.insert(SEARCH_TAIL, {"number": number})
    return digest


def load_item(unit: Unit, number: str) -> Item | None:
    """Return an item by its number."""
    row = unit.one(_ONE, number=number)
    return None if row is None else _as_item(row)


def change_item(unit: Unit, number: str, now: datetime, **changes: object) -> None:
    """
    Change an item's row; enums are stored by value.

    Raises:
        StaleRow: no such item.
    """
    plain = {name: getattr(value, "value", value) for name, value in changes.items()}
    unit.change_one(ITEM, {"number": number}, {**plain, "updated_at": to_ms(now)})


def _as_row(item: Item) -> dict[str, object]:
    return {
        "number": item.number, "noun": item.noun.value, "kind": item.kind, "title": item.title,
        "author": item.author, "department": item.department, "region": item.region,
        "responsible": item.responsible, "answerable": item.answerable.value, "state": item.state.value,
        "medium": item.medium.value, "template_version": item.template_version,
        "policy_version": item.policy_version, "revision": item.revision, "parent": item.parent,
        "created_at": to_ms(item.created_at), "updated_at": to_ms(item.updated_at),
    }


def _as_item(row: Sequence[Any]) -> Item:
    got = dict(zip(_COLUMNS, row, strict=True))
    return Item(
        number=got["number"], noun=Noun(got["noun"]), kind=got["kind"], title=got["title"], author=got["author"],
        department=got["department"], region=got["region"], responsible=got["responsible"],
        answerable=Grade(got["answerable"]), state=ItemState(got["state"]), medium=Medium(got["medium"]),
        template_version=got["template_version"], policy_version=got["policy_version"], revision=got["revision"],
        parent=got["parent"], created_at=from_ms(got["created_at"]), updated_at=from_ms(got["updated_at"]),
    )


_CHILDREN = Statement(select(ITEM).where(ITEM.c.parent == bindparam("parent")).order_by(ITEM.c.created_at))
_NEWEST_OF = Statement(
    select(ITEM)
    .where(ITEM.c.author == bindparam("author"), ITEM.c.noun != Noun.TASK.value)
    .order_by(ITEM.c.created_at.desc(), ITEM.c.number.desc())
    .limit(bindparam("most"))
)

_FILED_LAST = Statement(
    select(ITEM.c.number, ITEM.c.created_at)
    .where(
        ITEM.c.author == bindparam("author"), ITEM.c.created_at >= bindparam("since"),
        or_(*(ITEM.c.noun == noun.value for noun in (Noun.RECORD, Noun.PURCHASE, Noun.APPROVAL))),
    )
    .order_by(ITEM.c.created_at.desc(), ITEM.c.number.desc()).limit(1)
)


def filed_last(unit: Unit, author: str, since: datetime) -> tuple[str, datetime] | None:
    """Return the record or application that somebody filed last since an instant, and when; None for none."""
    row = unit.one(_FILED_LAST, author=author, since=to_ms(since))
    return None if row is None else (str(row[0]), from_ms(row[1]))


def children_of(unit: Unit, number: str) -> list[Item]:
    """Return the items that grew out of one, oldest first."""
    return [_as_item(row) for row in unit.all(_CHILDREN, parent=number)]


def newest_of(unit: Unit, author: str, most: int) -> list[Item]:
    """Return what somebody filed last (tasks that grew out of it left out), newest first."""
    return [_as_item(row) for row in unit.all(_NEWEST_OF, author=author, most=most)]


def load_items(unit: Unit, numbers: Sequence[str]) -> list[Item]:
    """Return the items of several numbers in the order given; unknown ones are left out."""
    if not numbers:
        return []
    found = {row[0]: _as_item(row) for row in unit.all(select(ITEM).where(ITEM.c.number.in_(list(numbers))))}
    return [found[number] for number in numbers if number in found]


# --- revisions ------------------------------------------------------------------------------------------------------

_REVISION = Statement(
    select(REVISION).where(
        REVISION.c.number == bindparam("number"), REVISION.c.revision == bindparam("revision")
    )
)
_REVISIONS = Statement(
    select(REVISION).where(REVISION.c.number == bindparam("number")).order_by(REVISION.c.revision)
)
_REVISION_COLUMNS = tuple(column.name for column in REVISION.columns)


def load_revision(unit: Unit, number: str, revision: int) -> Revision | None:
    """Return one revision."""
    row = unit.one(_REVISION, number=number, revision=revision)
    return None if row is None else _as_revision(row)


def revisions_of(unit: Unit, number: str) -> list[Revision]:
    """Return all revisions, oldest first; nothing is ever overwritten (P.3)."""
    return [_as_revision(row) for row in unit.all(_REVISIONS, number=number)]


def _as_revision(row: Sequence[Any]) -> Revision:
    got = dict(zip(_REVISION_COLUMNS, row, strict=True))
    return Revision(
        got["number"], got["revision"], got["author"], from_json(got["fields"]) if got["fields"] else {},
        got["original"], got["reason"], got["digest"], from_ms(got["created_at"]),
    )


# --- notes: questions, answers and remarks on an item ---------------------------------------------------------------


@dataclass(frozen=True)
class Note:
    """Something said about an item; it stands on the record and changes nothing."""

    author: str
    words: str
    at: datetime


_NOTES = Statement(
    select(NOTE.c.author, NOTE.c.words, NOTE.c.at).where(NOTE.c.number == bindparam("number")).order_by(NOTE.c.id)
)


def add_note(unit: Unit, number: str, author: str, words: str, original: str, salt: str, now: datetime) -> None:
    """Keep a remark on an item's record, its words behind a salted digest; the item is found by them too."""
    unit.insert(
        NOTE,
        {
            "number": number, "author": author, "words": words, "original": original, "salt": salt,
            "digest": revision_digest(salt, {"words": words}), "at": to_ms(now),
        },
    )
    unit.insert(SEARCH_TAIL, {"number": number})


def notes_of(unit: Unit, number: str) -> list[Note]:
    """Return what was said about an item, in order."""
    return [Note(author, words, from_ms(at)) for author, words, at in unit.all(_NOTES, number=number)]


# --- open work ------------------------------------------------------------------------------------------------------

_OPEN_OF = Statement(
    select(OPEN_WORK)
    .where(OPEN_WORK.c.userid == bindparam("userid"))
    .order_by(OPEN_WORK.c.urgent.desc(), func.coalesce(OPEN_WORK.c.due_at, OPEN_WORK.c.since), OPEN_WORK.c.number)
)
_OPEN_ON = Statement(select(OPEN_WORK).where(OPEN_WORK.c.number == bindparam("number")))
_CLOSE = Statement(
    OPEN_WORK.delete().where(OPEN_WORK.c.number == bindparam("number"), OPEN_WORK.c.what == bindparam("what"))
)
_CLOSE_FOR = Statement(
    OPEN_WORK.delete().where(
        OPEN_WORK.c.number == bindparam("number"), OPEN_WORK.c.what == bindparam("what"),
        OPEN_WORK.c.userid == bindparam("userid"),
    )
)
_CLOSE_ALL = Statement(OPEN_WORK.delete().where(OPEN_WORK.c.number == bindparam("number")))


def add_open_work(
    unit: Unit, userid: str, number: str, what: str, title: str, now: datetime, *, fen: int | None = None,
    due_at: datetime | None = None, urgent: bool = False,
) -> None:
    """Say that an item waits for somebody from now on."""
    unit.insert(
        OPEN_WORK,
        {
            "userid": userid, "number": number, "what": what, "since": to_ms(now),
            "due_at": None if due_at is None else to_ms(due_at), "urgent": int(urgent), "title": title, "fen": fen,
        },
    )


def close_open_work(unit: Unit, number: str, what: str | None = None) -> None:
    """Say that an item waits for nobody (in that respect) any more."""
    if what is None:
        unit.run(_CLOSE_ALL, number=number)
    else:
        unit.run(_CLOSE, number=number, what=what)


def close_open_work_for(unit: Unit, number: str, what: str, userid: str) -> None:
    """Say that an item no longer waits for one person; it may still wait for others."""
    unit.run(_CLOSE_FOR, number=number, what=what, userid=userid)


def move_open_work(unit: Unit, work: OpenWork, userid: str) -> None:
    """Let what waits for one person wait for another from now on; what waits there already is left as it is."""
    close_open_work_for(unit, work.number, work.what, work.userid)
    if not any(each.userid == userid and each.what == work.what for each in open_work_on(unit, work.number)):
        unit.insert(
            OPEN_WORK,
            {
                "userid": userid, "number": work.number, "what": work.what, "since": to_ms(work.since),
                "due_at": None if work.due_at is None else to_ms(work.due_at), "urgent": int(work.urgent),
                "title": work.title, "fen": work.fen,
            },
        )


def mark_urgent(unit: Unit, number: str) -> None:
    """Lift an item to the top of the lists it stands in (加急)."""
    unit.update(OPEN_WORK, {"number": number}, {"urgent": 1})


def open_work_of(unit: Unit, userid: str) -> list[OpenWork]:
    """Return what waits for a person, most urgent first."""
    return [open_from(row) for row in unit.all(_OPEN_OF, userid=userid)]


def open_work_on(unit: Unit, number: str) -> list[OpenWork]:
    """Return for whom an item waits."""
    return [open_from(row) for row in unit.all(_OPEN_ON, number=number)]


def open_work_of_many(unit: Unit, userids: Sequence[str]) -> list[OpenWork]:
    """Return what waits for several people, oldest first."""
    if not userids:
        return []
    statement = select(OPEN_WORK).where(OPEN_WORK.c.userid.in_(list(userids))).order_by(OPEN_WORK.c.since)
    return [open_from(row) for row in unit.all(statement)]


def open_from(row: Sequence[Any]) -> OpenWork:
    """Return a row of open work as a value."""
    userid, number, what, since, due_at, urgent, title, fen = row
    return OpenWork(
        userid, number, what, from_ms(since), None if due_at is None else from_ms(due_at), bool(urgent), title, fen
    )


# --- attachments ----------------------------------------------------------------------------------------------------

_ATTACHED = Statement(
    select(
        ATTACHMENT.c.id, ATTACHMENT.c.number, ATTACHMENT.c.owner, ATTACHMENT.c.kind, ATTACHMENT.c.media_id,
        ATTACHMENT.c.name, ATTACHMENT.c.state, ATTACHMENT.c.size, ATTACHMENT.c.created_at,
    )
    .where(ATTACHMENT.c.number == bindparam("number"), ATTACHMENT.c.state != "detached")
    .order_by(ATTACHMENT.c.id)
)


def add_attachment(
    unit: Unit, number: str, owner: str, kind: str, media_id: str, name: str, now: datetime
) -> int:
    """Attach a media file that still lies with the platform; a worker fetches it into the vault. Return its id."""
    return unit.insert_id(
        ATTACHMENT,
        {
            "number": number, "owner": owner, "kind": kind, "media_id": media_id, "name": name, "state": "pending",
            "size": 0, "sha256": "", "path": "", "created_at": to_ms(now),
        },
    )


def attachments_of(unit: Unit, number: str) -> list[Attachment]:
    """Return what is attached to an item, oldest first; detached ones are left out."""
    return [Attachment(*(*row[:-1], from_ms(row[-1]))) for row in unit.all(_ATTACHED, number=number)]


_KEY_OF = Statement(
    select(ATTACHMENT.c.number, ATTACHMENT.c.media_id).where(ATTACHMENT.c.id == bindparam("attachment"))
)


def detach(unit: Unit, attachment: int) -> None:
    """Mark an attachment as taken off; the row stays (P.3)."""
    row = unit.one(_KEY_OF, attachment=attachment)
    if row is not None:
        unit.change_one(ATTACHMENT, {"number": row[0], "media_id": row[1]}, {"state": "detached"})
