"""Codes are assigned while their counter is locked, so none is assigned twice."""

import pytest

from portal.content.publishing.models import Counter
from portal.content.publishing.numbering import next_code, reserve_code
from tests.row_locks import locking_statements

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "assign", [lambda: next_code("SEM"), lambda: reserve_code("SEM-0007")]
)
def test_code_is_assigned_with_the_counter_locked(monkeypatch, assign):
    next_code("SEM")

    with locking_statements(monkeypatch) as statements:
        assign()

    assert len(statements) == 1
    assert Counter._meta.db_table in statements[0]
