"""The order of the rows of an inline that were entered without a number."""

import pytest

from seminars.models import Seminar
from tests import admin_forms
from tests.factories.publishing import source
from tests.factories.seminars import seminar

pytestmark = pytest.mark.django_db

PREFIX = "publishing-source-content_type-object_id"


def save_with(client, record: Seminar, *addresses: str) -> None:
    """Save the form of a seminar with new sources for which no number is entered."""
    address = f"/admin/seminars/seminar/{record.pk}/change/"
    data = admin_forms.filled(client.get(address))
    first = int(data[f"{PREFIX}-INITIAL_FORMS"])
    data[f"{PREFIX}-TOTAL_FORMS"] = first + len(addresses)
    for number, url in enumerate(addresses, start=first):
        data |= {f"{PREFIX}-{number}-url": url, f"{PREFIX}-{number}-position": "0"}
    response = client.post(address, data)
    assert response.status_code == 302, admin_forms.errors(response)


def test_new_rows_without_a_number_come_last(admin_client):
    record = seminar()
    source(record, url="https://one.example/", position=1)
    source(record, url="https://two.example/", position=4)

    save_with(admin_client, record, "https://three.example/", "https://four.example/")

    assert list(record.sources.values_list("url", "position")) == [
        ("https://one.example/", 1),
        ("https://two.example/", 4),
        ("https://three.example/", 5),
        ("https://four.example/", 6),
    ]


def test_rows_stay_without_numbers_if_no_row_has_one(admin_client):
    record = seminar()
    source(record, url="https://one.example/")

    save_with(admin_client, record, "https://two.example/")

    assert list(record.sources.values_list("url", "position")) == [
        ("https://one.example/", 0),
        ("https://two.example/", 0),
    ]


def test_new_row_after_the_largest_number_has_that_number(admin_client):
    """A larger number could not be stored; equal numbers are in the order of entry."""
    record = seminar()
    source(record, url="https://one.example/", position=32767)

    save_with(admin_client, record, "https://two.example/")

    assert list(record.sources.values_list("url", "position")) == [
        ("https://one.example/", 32767),
        ("https://two.example/", 32767),
    ]
