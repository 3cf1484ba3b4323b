"""The invented records of ``corpus/``, published once for all tests of a module."""

import pytest
from django.db import transaction

from tests.corpus import publish_all


@pytest.fixture(scope="module")
def corpus(django_db_setup, django_db_blocker):
    """Opens the database to tests that only read; nothing of it stays."""
    with django_db_blocker.unblock(), transaction.atomic():
        publish_all()
        yield
        transaction.set_rollback(True)
