"""The digest covers the names of related rows in every language, not only English.

API responses contain these names in the reader's language, so a client of the change
feed must learn of a corrected Thai name.
"""

import datetime as dt

import pytest
from django.db import models

from portal.content.catalogue import operations
from portal.content.catalogue.content_digest import row_value
from portal.content.catalogue.models import Entry
from portal.content.changes.models import Change
from tests.factories.conference import article, edition
from tests.factories.delegations import visit
from tests.factories.directory import any_country, country, organ, place, topic
from tests.factories.exchanges import mechanism
from tests.factories.publishing import AT, published

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def record_of_country():
    row = published(country("TH"))
    return row, published(article(countries=[row]))


def record_of_organ():
    published(country("VN"))
    row = published(organ("sample-organ"))
    return row, published(article(organs=[row]))


def record_of_place():
    row = place("sample-place")
    record = edition(1)
    record.places.add(row)
    return row, published(record)


def record_of_topic():
    row = topic("sample-topic")
    return row, published(article(topics=[row]))


def record_of_area():
    """A record whose title names a place that only its organ refers to."""
    row = place("sample-area")
    return row, published(visit(from_organs=[published(organ(area=row))]))


def record_of_china():
    """A mechanism without a Chinese organ, whose title names China all the same."""
    row = published(country("CN"))
    published(any_country("VN"))
    return row, published(mechanism(other_country=any_country("VN")))


@pytest.mark.parametrize("language", ["zh_hans", "th", "km", "pt"])
@pytest.mark.parametrize(
    "make_record",
    [
        record_of_country,
        record_of_organ,
        record_of_place,
        record_of_topic,
        record_of_area,
        record_of_china,
    ],
)
def test_name_in_another_language_makes_a_change(make_record, language):
    row, record = make_record()
    entry = Entry.objects.get(kind=record.kind, code=record.public_code)
    models.QuerySet(type(row)).filter(pk=row.pk).update(
        **{f"name_{language}": "Another name"}
    )

    count = operations.refresh_all(axis="row", values=[row_value(row)], at=AT + HOUR)

    last = Change.objects.order_by("position").last()
    assert count >= 1
    assert (last.kind, last.code) == (record.kind, record.public_code)
    assert Entry.objects.get(pk=entry.pk).digest != entry.digest
