"""Asking the database's index, in one query whatever is asked."""

from dataclasses import dataclass

from django.db import connection

MOST = 1000
# Each level's newest hits. Only of the last are facts read: it has all the others.
_SQLITE = """
    SELECT * FROM (
        SELECT {level} AS level, rowid AS id, '' AS kind, '' AS countries, NULL AS year
        FROM catalogue_search_index
        WHERE catalogue_search_index MATCH %s ORDER BY rowid DESC LIMIT {limit}
    )
"""
_SQLITE_LAST = """
    SELECT * FROM (
        SELECT {level} AS level, found.id, found.kind, found.countries, found.year
        FROM catalogue_search_index
        JOIN catalogue_searchrow found ON found.id = catalogue_search_index.rowid
        WHERE catalogue_search_index MATCH %s
        ORDER BY catalogue_search_index.rowid DESC LIMIT {limit}
    )
"""
# The query stands in a SELECT of its own, so that the planner does not know it and
# always asks the index. Of a common word it would read every row's lexemes instead, and
# what that costs it does not know either.
_POSTGRESQL = """
    (
        SELECT {level} AS level, id, kind, countries, year FROM catalogue_searchrow
        WHERE lexemes @@ (SELECT %s::tsquery)
        ORDER BY id DESC LIMIT {limit}
    )
"""


@dataclass(frozen=True)
class Hit:
    """A row found: 0 is the best ``level``; ``key`` is its search row's id. The facts
    beside them are told on the last level only."""

    level: int
    key: int
    kind: str
    countries: tuple[str, ...]
    year: int | None


def newest_hits(levels: list[list[str]], limit: int = MOST + 1) -> list[Hit]:
    """For each level, the newest rows that have all its tokens, ``limit`` at most.

    A row is told once for every level that it is on.
    """
    is_sqlite = connection.vendor == "sqlite"
    arms = [_SQLITE] * (len(levels) - 1) + [_SQLITE_LAST]
    if not is_sqlite:
        arms = [_POSTGRESQL] * len(levels)
    query = " UNION ALL ".join(
        arm.format(level=level, limit=limit) for level, arm in enumerate(arms)
    )
    # Tokens are letters, digits and marks: nothing in them ends a quotation.
    quoted = [
        " ".join(f'"{token}"' for token in tokens)
        if is_sqlite
        else " & ".join(f"'{token}'" for token in tokens)
        for tokens in levels
    ]
    with connection.cursor() as cursor:
        cursor.execute(query, quoted)
        rows = cursor.fetchall()
    return [
        Hit(level, key, kind, tuple(countries.split()), year)
        for level, key, kind, countries, year in rows
    ]
