"""Migration 0009_enrolment_links: enrolment links never become password links."""

import datetime as dt

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.factories import publishing as states

pytestmark = pytest.mark.django_db(transaction=True)
AT = dt.datetime(2026, 5, 6, 12, tzinfo=dt.UTC)
BEFORE = [("accounts", "0008_key_last_used_at")]
AFTER = [("accounts", "0009_enrolment_links")]


def _migrate(to):
    executor = MigrationExecutor(connection)
    executor.migrate(to)
    return executor.loader.project_state(to).apps.get_model("accounts", "Invitation")


def test_existing_links_keep_their_purpose():
    """Invitations survive both directions; migrating back deletes enrolment links."""
    person = states.staff()
    try:
        older = _migrate(BEFORE)
        older.objects.create(user_id=person.pk, digest="a" * 64, expires_at=AT)

        newer = _migrate(AFTER)
        assert newer.objects.get().purpose == "password"
        newer.objects.create(
            user_id=person.pk, digest="b" * 64, expires_at=AT, purpose="enrolment"
        )

        digests = _migrate(BEFORE).objects.values_list("digest", flat=True)
        assert list(digests) == ["a" * 64]
    finally:
        leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
        MigrationExecutor(connection).migrate(leaves)
