"""Fixture that publishes the records of tests/search_corpus.py once per module."""

import pytest
from django.db import transaction

from tests.search_corpus import publish_all


@pytest.fixture(scope="module")
def corpus(django_db_setup, django_db_blocker):
    """Publish all corpus records for read-only tests and roll back after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        publish_all()
        yield
        transaction.set_rollback(True)
