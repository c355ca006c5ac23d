"""
Search by own bigrams: 合同 finds 合同 wherever it stands, on both databases alike (design, search).

The index is fed by a worker from `search_tail`; a query joins it with the short tail that is not indexed yet, so
that what was just filed is found at once. A single character is searched in the base table.
"""

from __future__ import annotations

import re
import unicodedata

from sqlalchemy import bindparam, select

from storage.statement import POSTGRESQL, SQLITE, Statement
from storage.tables import ITEM, NOTE, REVISION, SEARCH_TAIL
from storage.unit import Unit

_RUN = re.compile(r"[0-9a-z]+|[^\W0-9a-z_]+")
_MOST_WORDS = 12


def folded(text: str) -> str:
    """Return the form that is compared: NFKC, lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def tokens(text: str) -> list[list[str]]:
    """Return runs of the text as tokens: pairs of neighbouring characters in hexadecimal, so every index takes them."""
    runs: list[list[str]] = []
    for run in _RUN.findall(folded(text)):
        pairs = [run[at : at + 2] for at in range(len(run) - 1)] or [run]
        runs.append(["x" + pair.encode().hex() for pair in pairs])
    return runs


_PENDING = Statement(
    select(SEARCH_TAIL.c.id, SEARCH_TAIL.c.number).order_by(SEARCH_TAIL.c.id).limit(bindparam("most"))
)
_TAIL = Statement(select(SEARCH_TAIL.c.number).order_by(SEARCH_TAIL.c.id.desc()).limit(2000))
_TITLE = Statement(select(ITEM.c.title).where(ITEM.c.number == bindparam("number")))
_FIELDS = Statement(
    select(REVISION.c.fields)
    .where(REVISION.c.number == bindparam("number"))
    .order_by(REVISION.c.revision.desc())
    .limit(1)
)
_WORDS = Statement(select(NOTE.c.words).where(NOTE.c.number == bindparam("number")))
_REMOVE = Statement(
    {
        SQLITE: "DELETE FROM search_index WHERE number = :number",
        POSTGRESQL: "DELETE FROM search_index WHERE number = %(number)s",
    }
)
_ADD = Statement(
    {
        SQLITE: "INSERT INTO search_index (number, body) VALUES (:number, :body)",
        POSTGRESQL: "INSERT INTO search_index (number, body) VALUES (%(number)s, to_tsvector('simple', %(body)s))",
    }
)
_DONE = Statement(SEARCH_TAIL.delete().where(SEARCH_TAIL.c.id == bindparam("row")))
_MATCH = Statement(
    {
        SQLITE: "SELECT number FROM search_index WHERE search_index MATCH :query ORDER BY number DESC LIMIT :most",
        POSTGRESQL: "SELECT number FROM search_index WHERE body @@ to_tsquery('simple', %(query)s) "
                    "ORDER BY number DESC LIMIT %(most)s",
    }
)


def searchable(unit: Unit, number: str) -> str:
    """Return the text that an item is found by: number, title, newest content, notes."""
    fields = unit.scalar(_FIELDS, number=number) or ""
    words = " ".join(row[0] for row in unit.all(_WORDS, number=number))
    return f"{number} {unit.scalar(_TITLE, number=number) or ''} {fields} {words}"


def index_pending(unit: Unit, most: int) -> int:
    """Index what has changed, at most so many items; return how many were taken."""
    rows = unit.all(_PENDING, most=most)
    for number in dict.fromkeys(number for _, number in rows):
        body = " ".join(" ".join(run) for run in tokens(searchable(unit, number)))
        unit.run(_REMOVE, number=number)
        unit.run(_ADD, number=number, body=body)
    for row, _ in rows:
        unit.run(_DONE, row=row)
    return len(rows)


def find(unit: Unit, text: str, limit: int) -> list[str]:
    """
    Return the numbers of items whose text holds every word of `text`, newest first.

    The caller filters by what the person may see.
    """
    words = folded(text).split()[:_MOST_WORDS]
    if not words:
        return []
    runs = [run for word in words for run in tokens(word)]
    if not runs:
        return []
    found: list[str] = []
    if any(len(run) == 1 and len(bytes.fromhex(run[0][1:]).decode()) == 1 for run in runs):
        found = _scan(unit, words, limit)
    else:
        found = [row[0] for row in unit.all(_MATCH, query=_query(unit.dialect, runs), most=limit * 4)]
    candidates = dict.fromkeys([*found, *(row[0] for row in unit.all(_TAIL))])
    # Phrases of bigrams can meet across a border that the words have not: look at the text itself.
    kept = [
        number for number in candidates if all(word in folded(searchable(unit, number)) for word in words)
    ]
    return sorted(kept, key=lambda number: (number[3:11], number), reverse=True)[:limit]


def _scan(unit: Unit, words: list[str], limit: int) -> list[str]:
    statement = select(ITEM.c.number).order_by(ITEM.c.created_at.desc()).limit(limit * 4)
    for word in words:
        escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        statement = statement.where(
            ITEM.c.title.ilike(f"%{escaped}%", escape="\\")
            | ITEM.c.number.in_(
                select(REVISION.c.number).where(REVISION.c.fields.ilike(f"%{escaped}%", escape="\\"))
            )
        )
    return [row[0] for row in unit.all(statement)]


def _query(dialect: str, runs: list[list[str]]) -> str:
    if dialect == SQLITE:
        return " AND ".join('"' + " ".join(run) + '"' for run in runs)
    return " & ".join("(" + " <-> ".join(run) + ")" for run in runs)
