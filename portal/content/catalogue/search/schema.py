"""Schema of the full-text index on the search tokens, maintained by the database.

SQLite uses an FTS5 table without content of its own that triggers keep up to date; a
migration that makes SQLite rebuild the table of search rows must call ``create_index``
afterwards. PostgreSQL uses a generated column with a GIN index. Both store the tokens
unchanged: the ASCII tokenizer splits at spaces only, and no text search parser is used.
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
    # Store long values out of line, so that the main rows of a common word fit in a few
    # pages.
    "ALTER TABLE catalogue_searchrow SET (toast_tuple_target = 128)",
)
# With fastupdate, new rows are collected in a pending list of a few MB and added in
# bulk.
_SET_FASTUPDATE = "ALTER INDEX catalogue_searchrow_lexemes SET (fastupdate = {})"
_DROP_STATEMENTS = {
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


def create_index(apps, schema_editor) -> None:
    """Create the full-text index; for ``RunPython`` in a migration."""
    vendor = schema_editor.connection.vendor
    for statement in _SQLITE if vendor == "sqlite" else _POSTGRESQL:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor) -> None:
    """Drop the full-text index; the search rows are not changed."""
    for statement in _DROP_STATEMENTS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


@contextmanager
def bulk_index_updates(connection) -> Iterator[None]:
    """Turn on ``fastupdate`` of the GIN index during a bulk write.

    The pending list is flushed at the end. Otherwise fastupdate is off, so that
    searches do not have to scan a pending list. If the process is killed, fastupdate
    stays on until the next call; results are still correct. No effect on SQLite.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(_SET_FASTUPDATE.format("on"))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(_SET_FASTUPDATE.format("off"))
            cursor.execute(
                "SELECT gin_clean_pending_list('catalogue_searchrow_lexemes')"
            )
