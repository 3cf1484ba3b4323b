"""Query the full-text index of the database; one SQL query for any search."""

from collections.abc import Container, Iterable, Sequence, Set
from dataclasses import dataclass

from django.db import connection

from portal.content.catalogue.search.marker_tokens import SORT_YEAR_PREFIX

MAX_RESULTS = 1000
# One SELECT per level returns its newest hits. Only the last level reads the data for
# facets, because its hits include those of all other levels.
_SQLITE = """
    SELECT * FROM (
        SELECT {level} AS level, rowid AS id, '' AS kind, '' AS countries, NULL AS year,
            NULL AS title_length
        FROM catalogue_search_index
        WHERE catalogue_search_index MATCH %s ORDER BY rowid DESC LIMIT {limit}
    )
"""
# SQLite stores the column title_length behind the tokens, so reading it costs more.
_SQLITE_WITH_LENGTH = """
    SELECT * FROM (
        SELECT {level} AS level, found.id, '' AS kind, '' AS countries, NULL AS year,
            found.title_length
        FROM catalogue_search_index
        JOIN catalogue_searchrow found ON found.id = catalogue_search_index.rowid
        WHERE catalogue_search_index MATCH %s
        ORDER BY catalogue_search_index.rowid DESC LIMIT {limit}
    )
"""
_SQLITE_LAST_LEVEL = """
    SELECT * FROM (
        SELECT {level} AS level, found.id, found.kind, found.countries, found.year,
            NULL AS title_length
        FROM catalogue_search_index
        JOIN catalogue_searchrow found ON found.id = catalogue_search_index.rowid
        WHERE catalogue_search_index MATCH %s
        ORDER BY catalogue_search_index.rowid DESC LIMIT {limit}
    )
"""
# Years of the _RECENT_ROWS newest rows. Limiting a search to these years is cheap, as
# the index follows the rarer token. NULL if there are fewer rows, or if they span many
# years, which are then no rarer than the search term.
_RECENT_ROWS = 5000
_RECENT_YEARS_CTE = """
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
_YEAR_OF_ROW_ID = (
    "extract(year FROM date '0001-01-01' + ({} >> 40)::integer - 1)::integer"
)
# Search the recent years first, then all rows if that gives too few hits. The tsquery
# is wrapped in its own SELECT, so that the planner does not know its value and always
# uses the index. For a common word it would otherwise choose a sequential scan and read
# the lexemes of every row, the cost of which it underestimates.
_POSTGRESQL = """
    SELECT * FROM (
        WITH recent AS MATERIALIZED (
            SELECT id, kind, countries, year, title_length FROM catalogue_searchrow
            WHERE lexemes @@ (
                SELECT (%s || ' & (' || years || ')')::tsquery FROM span
            )
            ORDER BY id DESC LIMIT {limit}
        ), whole AS (
            SELECT id, kind, countries, year, title_length FROM catalogue_searchrow
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
    """A matching search row.

    ``level`` is the match level, 0 the best; ``row_id`` is the id of the search row.
    ``kind``, ``countries`` and ``year`` are set on the last level only,
    ``title_length`` on levels of names.
    """

    level: int
    row_id: int
    kind: str
    countries: tuple[str, ...]
    year: int | None
    title_length: int | None


@dataclass(frozen=True)
class Condition:
    """A condition on the tokens of a row: "and" or "or" of tokens and conditions."""

    operator: str
    parts: tuple["str | Condition", ...]

    def is_met_by(self, tokens: Set[str]) -> bool:
        """Return whether a text with these tokens meets the condition."""
        results = (
            part in tokens if isinstance(part, str) else part.is_met_by(tokens)
            for part in self.parts
        )
        return all(results) if self.operator == "and" else any(results)


def all_of(parts: "Iterable[str | Condition]") -> Condition:
    """Return the condition that a row has all parts."""
    return _combine("and", parts)


def any_of(parts: "Iterable[str | Condition]") -> Condition:
    """Return the condition that a row has one of the parts."""
    return _combine("or", parts)


def _combine(operator: str, parts: "Iterable[str | Condition]") -> Condition:
    """Return a condition without repeated parts and needless levels."""
    flat: dict[str | Condition, None] = {}
    for part in parts:
        if isinstance(part, Condition) and (
            part.operator == operator or len(part.parts) == 1
        ):
            flat |= dict.fromkeys(part.parts)
        else:
            flat[part] = None
    return Condition(operator, tuple(flat))


def newest_hits(
    levels: Sequence[Condition],
    limit: int = MAX_RESULTS + 1,
    name_levels: Container[int] = (),
) -> list[Hit]:
    """Return, for each level, the newest rows that meet its condition.

    Each level returns at most ``limit`` rows. A row is returned once for every level
    that it matches. ``name_levels`` are the levels of which the length of the titles is
    needed; the last level is not among them.
    """
    is_sqlite = connection.vendor == "sqlite"
    subqueries = [
        _SQLITE_WITH_LENGTH if level in name_levels else _SQLITE
        for level in range(len(levels) - 1)
    ]
    subqueries.append(_SQLITE_LAST_LEVEL)
    if not is_sqlite:
        subqueries = [_POSTGRESQL] * len(levels)
    query = " UNION ALL ".join(
        subquery.format(level=level, limit=limit)
        for level, subquery in enumerate(subqueries)
    )
    expressions = [
        _to_fts5(condition) if is_sqlite else _to_tsquery(condition)
        for condition in levels
    ]
    if not is_sqlite:
        query = _recent_years_sql() + query
        expressions = [
            expression for expression in expressions for _repetition in range(2)
        ]
    with connection.cursor() as cursor:
        cursor.execute(query, expressions)
        rows = cursor.fetchall()
    return [
        Hit(level, row_id, kind, tuple(countries.split()), year, title_length)
        for level, row_id, kind, countries, year, title_length in rows
    ]


def _to_fts5(part: str | Condition) -> str:
    # Tokens consist of letters, digits and marks only, so quoting them is safe.
    if isinstance(part, str):
        return f'"{part}"'
    return f"({f' {part.operator.upper()} '.join(map(_to_fts5, part.parts))})"


def _to_tsquery(part: str | Condition) -> str:
    if isinstance(part, str):
        return f"'{part}'"
    sign = " & " if part.operator == "and" else " | "
    return f"({sign.join(map(_to_tsquery, part.parts))})"


def _recent_years_sql() -> str:
    first_year, last_year = (
        _YEAR_OF_ROW_ID.format("first"),
        _YEAR_OF_ROW_ID.format("last"),
    )
    return _RECENT_YEARS_CTE.format(
        first_year=first_year,
        last_year=last_year,
        mark=SORT_YEAR_PREFIX,
        recent=_RECENT_ROWS,
    )
