"""The index over the tokens, which the database keeps by itself.

SQLite has an FTS5 table that stores no text of its own and follows the rows by
triggers; a migration that has SQLite make the table of rows anew must call ``create``
after it. PostgreSQL has a generated column with a GIN index. Both take the tokens as
they are: the ASCII tokenizer parts them at spaces only, and no parser is asked.
"""

from collections.abc import Iterator
from contextlib import contextmanager

_SQLITE = (
    """
    CREATE VIRTUAL TABLE catalogue_search_index USING fts5(
        tokens, content='catalogue_searchrow', content_rowid='id',
        detail=none, columnsize=0, tokenize='ascii'
    )
    """,
    """
    CREATE TRIGGER catalogue_search_insert AFTER INSERT ON catalogue_searchrow BEGIN
        INSERT INTO catalogue_search_index(rowid, tokens) VALUES (new.id, new.tokens);
    END
    """,
    """
    CREATE TRIGGER catalogue_search_delete AFTER DELETE ON catalogue_searchrow BEGIN
        INSERT INTO catalogue_search_index(catalogue_search_index, rowid, tokens)
        VALUES ('delete', old.id, old.tokens);
    END
    """,
    """
    CREATE TRIGGER catalogue_search_update
    AFTER UPDATE OF id, tokens ON catalogue_searchrow BEGIN
        INSERT INTO catalogue_search_index(catalogue_search_index, rowid, tokens)
        VALUES ('delete', old.id, old.tokens);
        INSERT INTO catalogue_search_index(rowid, tokens) VALUES (new.id, new.tokens);
    END
    """,
    "INSERT INTO catalogue_search_index(catalogue_search_index) VALUES ('rebuild')",
)
_POSTGRESQL = (
    """
    ALTER TABLE catalogue_searchrow ADD COLUMN lexemes tsvector
    GENERATED ALWAYS AS (array_to_tsvector(string_to_array(tokens, ' '))) STORED
    """,
    """
    CREATE INDEX catalogue_searchrow_lexemes ON catalogue_searchrow
    USING gin (lexemes) WITH (fastupdate = off)
    """,
    # Long values lie apart: all rows of a common word are a few pages.
    "ALTER TABLE catalogue_searchrow SET (toast_tuple_target = 128)",
)
# While thousands of rows come, they wait in a list of a few MB and go in together.
_WAITING = "ALTER INDEX catalogue_searchrow_lexemes SET (fastupdate = {})"
_BACK = {
    "sqlite": (
        "DROP TRIGGER catalogue_search_insert",
        "DROP TRIGGER catalogue_search_delete",
        "DROP TRIGGER catalogue_search_update",
        "DROP TABLE catalogue_search_index",
    ),
    "postgresql": (
        "ALTER TABLE catalogue_searchrow RESET (toast_tuple_target)",
        "ALTER TABLE catalogue_searchrow DROP COLUMN lexemes",
    ),
}


def create(apps, schema_editor) -> None:
    """Make the index; for ``RunPython`` of a migration."""
    vendor = schema_editor.connection.vendor
    for statement in _SQLITE if vendor == "sqlite" else _POSTGRESQL:
        schema_editor.execute(statement)


def drop(apps, schema_editor) -> None:
    """Take the index away; the rows stay."""
    for statement in _BACK[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


@contextmanager
def many_rows(connection) -> Iterator[None]:
    """A time in which many rows are written: PostgreSQL's index takes them in batches.

    Otherwise each row goes into the index at once, so that nobody who searches has to
    read what waits. Should the process be killed within, a little waits always until
    the next time; everything is found all the same.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(_WAITING.format("on"))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(_WAITING.format("off"))
            cursor.execute(
                "SELECT gin_clean_pending_list('catalogue_searchrow_lexemes')"
            )
