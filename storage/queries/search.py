"""
Search by own pairs of characters: 合同 finds 合同 wherever it stands, on both databases alike (design, search).

A worker feeds the index from `search_tail`; a query joins it with the short tail that is not indexed yet, so that
what was just filed is found at once. The index only says which items hold every piece of the words; whether the words
really stand there is looked up in the item's own text, so nothing is found wrongly. Pieces are single characters and
pairs, and four in a row of letters and digits, of which pairs say too little (20261123).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from storage.canonical import from_json, to_json
from storage.statement import POSTGRESQL, SQLITE, Statement
from storage.tables import ITEM, NOTE, REVISION, SEARCH_TAIL
from storage.unit import Unit

_RUN = re.compile(r"[^\W_]+")
_LATIN = re.compile(r"[0-9a-z]{4,}")
_LATIN_PIECE = 4
_MOST_WORDS = 12
_MOST_PAIRS = 64  # of a query; more would not narrow it further
_MOST_TAIL = 2000
_BATCH = 100
_MOST_LOOKED_AT = 20_000  # candidates whose text is read for one query
_NEWEST = 2**62
_MOST_TOKENS = 40_000  # a tsvector holds 1 MiB; a text this varied is a document, found by its first part


@dataclass(frozen=True)
class Within:
    """
    Whose items may be found; `None` in place of it means everything.

    What is handed back may still hold a few more: the caller asks the rules about each item.

    Attributes:
        userid: finds what it is involved in (responsible, signer, in its list).
        authors: userids whose items are found.
        departments: ids of departments whose items are found.
    """

    userid: str
    authors: Collection[str]
    departments: Collection[str]


def folded(text: str) -> str:
    """Return the form that is compared: width, case and compatibility forms do not count."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def tokens_of(text: str) -> list[str]:
    """Return what the index keeps of a text: each piece once, in hexadecimal."""
    found: dict[str, None] = {}
    for run in _RUN.findall(folded(text)):
        found.update(dict.fromkeys((*_pieces(run, 1), *_pieces(run, 2))))
        for latin in _LATIN.findall(run):
            found.update(dict.fromkeys(_pieces(latin, _LATIN_PIECE)))
    return list(found)[:_MOST_TOKENS]


def _asked_for(word: str) -> Iterator[str]:
    """Yield the tokens that a text with this word must have, the most telling first."""
    for run in _RUN.findall(word):
        for latin in _LATIN.findall(run):
            yield from _pieces(latin, _LATIN_PIECE)
        if _LATIN.fullmatch(run) is None:
            yield from _pieces(run, min(2, len(run)))


def _pieces(run: str, size: int) -> Iterator[str]:
    return (_token(run[at : at + size]) for at in range(len(run) - size + 1))


def _token(characters: str) -> str:
    # In hexadecimal every tokenizer and parser takes it as one plain word.
    return "x" + characters.encode().hex()


# --- the text of items ----------------------------------------------------------------------------------------------

_NEWER = REVISION.alias("newer")


def texts_of(unit: Unit, numbers: Collection[str]) -> dict[str, str]:
    """Return the text that each item is found by: number, title, values of the newest revision, notes."""
    wanted = list(numbers)
    parts: dict[str, list[str]] = {}
    for number, title in unit.all(select(ITEM.c.number, ITEM.c.title).where(ITEM.c.number.in_(wanted))):
        parts[number] = [number, title]
    newest = (
        select(func.max(_NEWER.c.revision)).where(_NEWER.c.number == REVISION.c.number).scalar_subquery()
    )
    revisions = select(REVISION.c.number, REVISION.c.fields).where(
        REVISION.c.number.in_(wanted), REVISION.c.revision == newest
    )
    for number, fields in unit.all(revisions):
        if fields:  # "" once erased
            parts.setdefault(number, [number]).extend(_values(from_json(fields)))
    for number, words in unit.all(select(NOTE.c.number, NOTE.c.words).where(NOTE.c.number.in_(wanted))):
        parts.setdefault(number, [number]).append(words)
    return {number: "\n".join(found) for number, found in parts.items()}


def _values(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, int):
        # Sums are kept in fen; people look for yuan.
        yield from (str(value), f"{value / 100:.2f}", f"{value // 100:,}")
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _values(each)
    elif isinstance(value, Iterable):
        for each in value:
            yield from _values(each)


# --- feeding the index ----------------------------------------------------------------------------------------------

_ONE_AT_A_TIME = Statement({POSTGRESQL: "SELECT pg_try_advisory_xact_lock(7061004)"})
_PENDING = Statement(
    select(SEARCH_TAIL.c.id, SEARCH_TAIL.c.number).order_by(SEARCH_TAIL.c.id).limit(bindparam("most"))
)
_REMOVE = Statement(
    {
        SQLITE: "DELETE FROM search_index WHERE rowid = (SELECT id FROM search_doc WHERE number = :number)",
        POSTGRESQL: "DELETE FROM search_index WHERE id = (SELECT id FROM search_doc WHERE number = %(number)s)",
    }
)
_FORGET = Statement(
    {
        SQLITE: "DELETE FROM search_doc WHERE number = :number",
        POSTGRESQL: "DELETE FROM search_doc WHERE number = %(number)s",
    }
)
_NEXT = Statement(dict.fromkeys((SQLITE, POSTGRESQL), "SELECT coalesce(max(id), 0) + 1 FROM search_doc"))
_REMEMBER = Statement(
    {
        SQLITE: "INSERT INTO search_doc (id, number) VALUES (:id, :number)",
        POSTGRESQL: "INSERT INTO search_doc (id, number) VALUES (%(id)s, %(number)s)",
    }
)
# Without RETURNING: FTS5 with it loses rows (design rule 9). array_to_tsvector needs no parser.
_ADD = Statement(
    {
        SQLITE: "INSERT INTO search_index (rowid, body) VALUES (:id, :body)",
        POSTGRESQL: "INSERT INTO search_index (id, body) "
                    "VALUES (%(id)s, array_to_tsvector(string_to_array(%(body)s, ' ')))",
    }
)
_DONE = Statement(SEARCH_TAIL.delete().where(SEARCH_TAIL.c.id == bindparam("row")))


def index_pending(unit: Unit, most: int) -> int:
    """
    Index what has changed, at most so many rows of the tail; return how many were taken.

    PostgreSQL: 0 while another worker is at it.
    """
    if unit.dialect == POSTGRESQL and not unit.scalar(_ONE_AT_A_TIME):
        return 0
    rows = unit.all(_PENDING, most=most)
    by_last_change = list(dict.fromkeys(number for _, number in reversed(rows)))[::-1]
    texts = texts_of(unit, by_last_change) if rows else {}
    for number in by_last_change:
        unit.run(_REMOVE, number=number)
        unit.run(_FORGET, number=number)
        fresh = int(unit.scalar(_NEXT))
        unit.run(_REMEMBER, id=fresh, number=number)
        unit.run(_ADD, id=fresh, body=" ".join(tokens_of(texts.get(number, number))))
    for row, _ in rows:
        unit.run(_DONE, row=row)
    return len(rows)


# --- finding --------------------------------------------------------------------------------------------------------

_SEEN = {
    SQLITE: " AND (i.author IN (SELECT value FROM json_each(:authors))"
            " OR i.department IN (SELECT value FROM json_each(:departments)) OR i.responsible = :userid"
            " OR EXISTS (SELECT 1 FROM open_work w WHERE w.number = i.number AND w.userid = :userid)"
            " OR EXISTS (SELECT 1 FROM signature g WHERE g.number = i.number AND g.actor = :userid)"
            " OR EXISTS (SELECT 1 FROM approval a WHERE a.number = i.number"
            " AND (instr(a.steps, :quoted) > 0 OR instr(a.facts, :quoted) > 0)))",
    POSTGRESQL: " AND (i.author = ANY(%(authors)s) OR i.department = ANY(%(departments)s)"
                " OR i.responsible = %(userid)s"
                " OR EXISTS (SELECT 1 FROM open_work w WHERE w.number = i.number AND w.userid = %(userid)s)"
                " OR EXISTS (SELECT 1 FROM signature g WHERE g.number = i.number AND g.actor = %(userid)s)"
                " OR EXISTS (SELECT 1 FROM approval a WHERE a.number = i.number"
                " AND (position(%(quoted)s in a.steps) > 0 OR position(%(quoted)s in a.facts) > 0)))",
}
_MATCH = {
    # CROSS JOIN keeps SQLite at the index first; it hands out the highest ids first without sorting.
    SQLITE: "SELECT s.rowid, d.number FROM search_index s CROSS JOIN search_doc d ON d.id = s.rowid "
            "CROSS JOIN item i ON i.number = d.number "
            "WHERE search_index MATCH :query AND s.rowid < :below{seen} ORDER BY s.rowid DESC LIMIT :most",
    POSTGRESQL: "SELECT s.id, d.number FROM search_index s JOIN search_doc d ON d.id = s.id "
                "JOIN item i ON i.number = d.number "
                "WHERE s.body @@ CAST(%(query)s AS tsquery) AND s.id < %(below)s{seen} "
                "ORDER BY s.id DESC LIMIT %(most)s",
}
_TAIL = {
    SQLITE: "SELECT max(t.id), t.number FROM search_tail t JOIN item i ON i.number = t.number "
            "WHERE t.id < :below{seen} GROUP BY t.number ORDER BY 1 DESC LIMIT :most",
    POSTGRESQL: "SELECT max(t.id), t.number FROM search_tail t JOIN item i ON i.number = t.number "
                "WHERE t.id < %(below)s{seen} GROUP BY t.number ORDER BY 1 DESC LIMIT %(most)s",
}


def _with_and_without(texts: Mapping[str, str]) -> dict[bool, Statement]:
    return {
        narrowed: Statement({name: text.format(seen=_SEEN[name] if narrowed else "") for name, text in texts.items()})
        for narrowed in (False, True)
    }


_MATCHES, _TAILS = _with_and_without(_MATCH), _with_and_without(_TAIL)


def find(unit: Unit, text: str, limit: int, within: Within | None = None) -> list[str]:
    """
    Return the numbers of items whose text holds every word of `text`, the newest change first.

    Args:
        text: words apart by spaces; case and width do not count.
        within: whose items may be found; None for everyone's.
    """
    words = list(dict.fromkeys(folded(text).split()))[:_MOST_WORDS]
    asked = list(dict.fromkeys(token for word in words for token in _asked_for(word)))[:_MOST_PAIRS]
    if not asked:
        return []
    found: dict[str, None] = {}
    for batch in _candidates(unit, asked, within):
        texts = {number: folded(each) for number, each in texts_of(unit, batch).items()}
        for number in batch:
            if number not in found and all(word in texts[number] for word in words):
                found[number] = None
        if len(found) >= limit:
            break
    return list(found)[:limit]


def _candidates(unit: Unit, asked: Sequence[str], within: Within | None) -> Iterator[list[str]]:
    narrow = _narrowed(unit.dialect, within)
    yield from _pages(unit, _TAILS[within is not None], narrow, _MOST_TAIL)
    query = (" AND " if unit.dialect == SQLITE else " & ").join(asked)
    yield from _pages(unit, _MATCHES[within is not None], {**narrow, "query": query}, _MOST_LOOKED_AT)


def _pages(unit: Unit, statement: Statement, parameters: Mapping[str, object], most: int) -> Iterator[list[str]]:
    below = _NEWEST
    for _ in range(most // _BATCH):
        rows = unit.all(statement, **parameters, below=below, most=_BATCH)
        if rows:
            yield [number for _, number in rows]
        if len(rows) < _BATCH:
            return
        below = int(rows[-1][0])


def _narrowed(dialect: str, within: Within | None) -> dict[str, object]:
    if within is None:
        return {}
    authors, departments = sorted(within.authors), sorted(within.departments)
    listed: tuple[object, object] = (authors, departments)
    if dialect == SQLITE:
        listed = (to_json(authors), to_json(departments))
    return {
        "userid": within.userid, "authors": listed[0], "departments": listed[1], "quoted": to_json(within.userid)
    }
