"""Datasets that the tests of a module share, and PDFs that are typeset once."""

import json
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import Group
from django.db import models
from django.test import Client

from portal.content.publishing.models import Publishable
from portal.core.accounts.models import User
from portal.website.printing import pdf_compiler
from tests.factories import publishing as states
from tests.project.kind_factories import publish_each_kind
from tests.project.reviewed_content import rich_drafts, stored
from tests.project.staff_dataset import build
from tests.sign_in import confirmed

# PDFs and share images by the data that they were made from.
_documents: dict[str, bytes] = {}


@pytest.fixture(scope="module", autouse=True)
def documents_typeset_once() -> Iterator[None]:
    """Typeset each PDF and share image once: the tests here only check how it is sent.

    That the same data gives the same bytes is tested with the compiler itself.
    """
    compile_document = pdf_compiler._compile

    def compile_once(template: str, data: dict, **options) -> bytes:
        key = json.dumps([template, data, options], sort_keys=True)
        if key not in _documents:
            _documents[key] = compile_document(template, data, **options)
        return _documents[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf_compiler, "_compile", compile_once)
        yield


@pytest.fixture(scope="module")
def url_values(rows_of_module) -> Iterator[dict[str, str]]:
    """One published record of every kind; values for the addresses in the table."""
    with rows_of_module(_publish_with_redirect) as values_by_name:
        yield values_by_name


def _publish_with_redirect() -> dict[str, str]:
    states.redirect("/ywb/old.shtml", "/en/")
    return publish_each_kind()


@pytest.fixture
def address(url_values, db) -> Callable[[str], str]:
    """A function that fills in an address of the table."""
    return lambda example: example.format(**url_values)


@pytest.fixture(scope="module")
def staff_rows(rows_of_module) -> Iterator[dict[str, models.Model]]:
    """One row of every model in the admin, by ``app/model``."""
    with rows_of_module(build) as rows:
        yield rows


@pytest.fixture
def signed_in(staff_rows, db) -> Callable[[str], Client]:
    """A function that returns a client signed in with one role and no other."""

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


@pytest.fixture(scope="module")
def rich_rows(rows_of_module) -> Iterator[dict[str, Publishable]]:
    with rows_of_module(rich_drafts) as drafts:
        yield drafts


@pytest.fixture
def rich_draft(rich_rows, db) -> Callable[[str], Publishable]:
    """A function that returns a draft of a kind, with a row in each relation."""
    return lambda code: stored(rich_rows[code])
