"""Asking the database's index, in one query whatever is asked."""

from dataclasses import dataclass

from django.db import connection

from portal.catalogue.search.marks import SORTED_IN

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
# The years of so many of the newest rows: what is found in one of them is found by few
# steps, as the index goes along the rarer token. NULL where there are fewer rows, or
# many years, which are no rarer than the word.
_RECENT = 5000
_SPAN = """
    WITH ends AS (
        SELECT {first_year} AS first, {last_year} AS last FROM (
            SELECT max(id) AS last, (
                SELECT id FROM catalogue_searchrow
                ORDER BY id DESC OFFSET {recent} LIMIT 1
            ) AS first FROM catalogue_searchrow
        ) AS keys
    ), span AS (
        SELECT string_agg('''' || '{mark}' || year || '''', ' | ') AS years
        FROM ends, generate_series(first, last) AS year WHERE last - first < 10
    )
"""
_YEAR = "extract(year FROM date '0001-01-01' + ({} >> 40)::integer - 1)::integer"
# Among those first; among all where that is not enough. The query stands in a SELECT of
# its own, so that the planner does not know it and always asks the index. Of a common
# word it would read every row's lexemes instead, and what that costs it does not know
# either.
_POSTGRESQL = """
    SELECT * FROM (
        WITH recent AS MATERIALIZED (
            SELECT id, kind, countries, year FROM catalogue_searchrow
            WHERE lexemes @@ (
                SELECT (%s || ' & (' || years || ')')::tsquery FROM span
            )
            ORDER BY id DESC LIMIT {limit}
        ), whole AS (
            SELECT id, kind, countries, year FROM catalogue_searchrow
            WHERE lexemes @@ (SELECT %s::tsquery)
            AND NOT EXISTS (SELECT FROM recent OFFSET {limit} - 1)
            ORDER BY id DESC LIMIT {limit}
        )
        SELECT {level} AS level, found.* FROM (
            SELECT * FROM recent WHERE EXISTS (SELECT FROM recent OFFSET {limit} - 1)
            UNION ALL SELECT * FROM whole
        ) AS found
    ) AS level_{level}
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
    if not is_sqlite:
        query = _span() + query
        quoted = [tokens for tokens in quoted for _twice in range(2)]
    with connection.cursor() as cursor:
        cursor.execute(query, quoted)
        rows = cursor.fetchall()
    return [
        Hit(level, key, kind, tuple(countries.split()), year)
        for level, key, kind, countries, year in rows
    ]


def _span() -> str:
    first_year, last_year = _YEAR.format("first"), _YEAR.format("last")
    return _SPAN.format(
        first_year=first_year, last_year=last_year, mark=SORTED_IN, recent=_RECENT
    )
