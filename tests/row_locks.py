"""Row locks on SQLite, which ignores them: the SQL that PostgreSQL would get."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

FOR_UPDATE = " FOR UPDATE"


@contextmanager
def locking_statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Collect the SELECT … FOR UPDATE statements of the block, on both databases."""
    is_ignored = not connection.features.has_select_for_update
    statements: list[str] = []

    def collect(execute, sql, params, many, context):
        if FOR_UPDATE in sql:
            statements.append(sql)
            sql = sql.replace(FOR_UPDATE, "") if is_ignored else sql
        return execute(sql, params, many, context)

    with monkeypatch.context() as patch, connection.execute_wrapper(collect):
        patch.setattr(connection.features, "has_select_for_update", True)
        yield statements
