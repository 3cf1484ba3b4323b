"""The change sequence is locked until commit: positions become visible in order."""

import threading

import pytest
from django.db import connection, transaction

from portal.content.changes import operations
from portal.content.changes.choices import ChangeAction
from portal.content.changes.models import Change, Sequence
from tests.factories.publishing import AT
from tests.row_locks import locking_statements

WAIT_SECONDS = 20


def append_change(code: str) -> Change:
    return operations.append_change(
        kind="article", code=code, action=ChangeAction.PUBLISHED, revision=1, at=AT
    )


@pytest.mark.django_db
def test_append_reads_the_sequence_for_update(monkeypatch):
    append_change("a")

    with locking_statements(monkeypatch) as statements:
        append_change("b")

    assert len(statements) == 1
    assert Sequence._meta.db_table in statements[0]


@pytest.mark.worker  # Another connection must see the database: PostgreSQL only.
@pytest.mark.django_db(transaction=True)
def test_second_writer_waits_until_the_first_one_commits():
    Sequence.objects.get_or_create(pk=1)
    results: list[Change | Exception] = []
    started = threading.Event()

    def append_second():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '20s'")
                started.set()
                results.append(append_change("second"))
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    with transaction.atomic():
        first = append_change("first")
        writer = threading.Thread(target=append_second)
        writer.start()
        started.wait(WAIT_SECONDS)
        writer.join(0.5)
        # Nothing could be appended while the first transaction is open.
        assert results == []
    writer.join(WAIT_SECONDS)

    assert [getattr(result, "position", result) for result in (first, *results)] == [
        1,
        2,
    ]
