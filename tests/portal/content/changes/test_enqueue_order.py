"""A refresh is enqueued after the audit entry, whose lock waits for publications."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.conference.resources import DocumentResource
from portal.content.publishing.models import Counter, EvidenceOnlyHost, ImportBatch
from portal.content.spreadsheets import operations as spreadsheets
from portal.core.audit.models import Head
from portal.core.files.models import Picture
from portal.core.jobs.models import Job
from portal.reference.directory.models import Topic
from portal.reference.directory.resources import TopicResource
from tests.admin_forms import errors
from tests.factories.conference import article
from tests.factories.directory import topic
from tests.factories.publishing import (
    AT,
    actor,
    illustration,
    published,
    source,
    staff,
)
from tests.portal.content.spreadsheets.import_helpers import csv_of, staff_user, written
from tests.portal.content.spreadsheets.load_helpers import loaded, row
from tests.unrendered_pages import opened_form

pytestmark = pytest.mark.django_db
HOST = "copies.example.org"


def send(model, row=None, **values) -> None:
    """Save the change form of ``row``, or the add form if there is no row."""
    client = Client()
    client.force_login(staff("sample.admin", is_superuser=True))
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    address = (
        reverse(f"{name}_change", args=[row.pk]) if row else reverse(f"{name}_add")
    )
    response = client.post(address, opened_form(client, address) | values)
    assert response.status_code == 302, errors(response)


def add_host() -> None:
    send(EvidenceOnlyHost, host=HOST, reason="A copy.")


def rename_topic() -> None:
    send(Topic, Topic.objects.get(), name_en="Another name")


def change_picture() -> None:
    send(Picture, Picture.objects.get(), credit="Another agency")


def load_topic() -> None:
    Topic.objects.update(updated_by=actor("record"), updated_at=AT)
    loaded((TopicResource, [row(TopicResource, name_en="Another name")]))


def import_host() -> None:
    written(csv_of(("host", "reason"), (HOST, "A copy.")), "evidence_only_hosts")


def undo_import() -> None:
    spreadsheets.undo_import(ImportBatch.objects.get(), by=staff_user(), at=AT)


# For each case, the action and an optional action before it.
TABLE = {
    "add a host in the admin": (add_host, None),
    "rename a topic in the admin": (rename_topic, None),
    "change a picture in the admin": (change_picture, None),
    "load a topic": (load_topic, None),
    "import a host": (import_host, None),
    "undo an import of a host": (undo_import, import_host),
}


def positions(queries, sql: str) -> list[int]:
    return [number for number, query in enumerate(queries) if sql in query["sql"]]


@pytest.mark.parametrize("name", TABLE)
def test_refresh_is_enqueued_after_the_audit_entry(name, settings):
    settings.JOBS_EAGER = False
    act, before = TABLE[name]
    record = article(topics=[topic("training")])
    source(record, f"https://{HOST}/1")
    illustration(record)
    published(record)
    if before:
        before()
    jobs = Job.objects.filter(name="catalogue.refresh")
    jobs.delete()

    with CaptureQueriesContext(connection) as captured:
        act()

    audit = positions(captured, f'UPDATE "{Head._meta.db_table}"')
    lookups = positions(captured, '"catalogue_entrytag"."axis"')
    assert jobs.exists()
    assert audit[-1] < lookups[0]


def test_load_locks_counters_before_the_audit_chain():
    """The admin uses the same order when a user adds a record."""
    with CaptureQueriesContext(connection) as captured:
        loaded((DocumentResource, [row(DocumentResource, code="DOC-0007")]))

    counter = positions(captured, f'"{Counter._meta.db_table}"')
    audit = positions(captured, f'"{Head._meta.db_table}"')
    assert counter[-1] < audit[0]
    assert Counter.objects.get(prefix="DOC").last_number == 7
