"""A house with one published record of every kind, made once for a module of tests."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.contrib.auth.models import Group
from django.db import models, transaction
from django.test import Client

from portal.accounts.models import User
from tests.factories import publishing as states
from tests.house.desk_world import build
from tests.house.samples import publish_one_of_each
from tests.signing_in import confirmed


@pytest.fixture(scope="module")
def rows_of_module(django_db_setup, django_db_blocker) -> Callable:
    """A context: rows made in it are there for the tests of one module, then gone.

    Each test adds its own on top, as always, in a transaction inside of this one.
    """

    @contextmanager
    def rows() -> Iterator[None]:
        with django_db_blocker.unblock():
            outer = transaction.atomic()
            outer.__enter__()
        try:
            yield
        finally:
            with django_db_blocker.unblock():
                transaction.set_rollback(True)
                outer.__exit__(None, None, None)

    return rows


@pytest.fixture(scope="module")
def house(rows_of_module, django_db_blocker) -> Iterator[dict[str, str]]:
    """The words that the examples of the table of addresses need."""
    with rows_of_module():
        with django_db_blocker.unblock():
            words = publish_one_of_each()
            states.redirect("/ywb/old.shtml", "/en/")
        yield words


@pytest.fixture
def address(house, db) -> Callable[[str], str]:
    """A function from an example in the table to an address that is there."""
    return lambda example: example.format(**house)


@pytest.fixture(scope="module")
def desk(rows_of_module, django_db_blocker) -> Iterator[dict[str, models.Model]]:
    """A row of every list at the desk, by ``app/model``."""
    with rows_of_module():
        with django_db_blocker.unblock():
            rows = build()
        yield rows


@pytest.fixture
def signed_in(desk, db) -> Callable[[str], Client]:
    """A function from a role to the client of a colleague who has it and no other."""

    def client_of(role: str) -> Client:
        user = User.objects.create_user(
            f"sample.{role}",
            is_staff=True,
            interface_language="en",
            translates=["vi"] if role == "translator" else [],
        )
        user.groups.set(Group.objects.filter(name=role))
        return confirmed(Client(), user)

    return client_of
