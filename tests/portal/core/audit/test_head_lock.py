"""Audit entries are appended with the chain head locked: the chain cannot fork."""

import pytest

from portal.core.audit import operations
from portal.core.audit.choices import AuditAction
from portal.core.audit.models import Head
from tests.factories.conference import article
from tests.factories.publishing import AT, staff
from tests.row_locks import locking_statements

pytestmark = pytest.mark.django_db


def test_append_reads_the_chain_head_for_update(monkeypatch):
    record, user = article(), staff()
    operations.append_entry(record, action=AuditAction.SUBMITTED, by=user, at=AT)

    with locking_statements(monkeypatch) as statements:
        operations.append_entry(record, action=AuditAction.RETURNED, by=user, at=AT)

    assert len(statements) == 1
    assert Head._meta.db_table in statements[0]
