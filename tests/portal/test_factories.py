"""Factories save only rows that pass model validation."""

import datetime as dt

import pytest
from django.utils import timezone

from portal.content.publishing.choices import Status
from tests.factories import conference, directory, figures, files, people, publishing

FACTORIES = (
    conference.article,
    conference.document,
    conference.edition,
    conference.page,
    directory.country,
    directory.organ,
    directory.party,
    directory.place,
    directory.topic,
    figures.reported_figure,
    files.stored_file,
    people.person,
    publishing.error_report,
    publishing.evidence_only_host,
    publishing.redirect,
)
RECORDS = (
    conference.article,
    conference.document,
    conference.edition,
    conference.page,
    directory.country,
    directory.organ,
    figures.reported_figure,
)


@pytest.mark.django_db
@pytest.mark.parametrize("factory", FACTORIES)
def test_factory_saves_a_valid_row(factory):
    row = factory()

    row.full_clean()
    assert type(row).objects.get() == row


@pytest.mark.django_db
@pytest.mark.parametrize("factory", RECORDS)
def test_factory_of_a_record_saves_a_draft(factory):
    record = factory()

    assert record.status == Status.DRAFT
    assert not type(record).objects.published(timezone.now()).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("factory", RECORDS)
def test_make_published_publishes_record(factory):
    record = publishing.published(factory())

    assert type(record).objects.published(timezone.now()).get() == record


@pytest.mark.django_db
@pytest.mark.parametrize("factory", RECORDS)
def test_make_scheduled_schedules_record(factory):
    later = timezone.now() + dt.timedelta(days=1)
    record = publishing.scheduled(factory(), later)

    assert record.status == Status.APPROVED
    assert not type(record).objects.published(timezone.now()).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("factory", RECORDS)
def test_make_withdrawn_withdraws_record(factory):
    record = publishing.withdrawn(factory())

    assert record.status == Status.WITHDRAWN
    assert not type(record).objects.published(timezone.now()).exists()
