"""Fixture that publishes the records of tests/search_corpus.py once per module."""

import pytest

from tests.search_corpus import publish_all


@pytest.fixture(scope="module")
def corpus(rows_of_module):
    with rows_of_module(publish_all):
        yield
