"""Order of row locks: pictures and related names (such as topics) before records."""

import threading

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.conference.models import Article
from portal.content.publishing import operations, reviewed_versions
from portal.content.publishing.dependencies import lock_rows
from portal.content.publishing.models import Proposal
from portal.content.publishing.reviewed_versions import (
    ReviewedVersionError,
    version_of_proposal,
)
from portal.content.review import operations as review
from portal.reference.directory.models import Country, Topic
from tests.admin_forms import rows
from tests.factories.conference import article
from tests.factories.directory import any_country, topic
from tests.factories.files import picture
from tests.factories.publishing import (
    AT,
    actor,
    illustration,
    in_review,
    proposal,
    published,
    staff,
)
from tests.portal.content.changes.test_feed_locks import run_threads
from tests.unrendered_pages import opened_form

ILLUSTRATIONS = "publishing-illustration-content_type-object_id"


@pytest.fixture(autouse=True)
def _four_eyes(settings):
    settings.TWO_PERSON_APPROVAL = True


def editor_client() -> Client:
    client = Client()
    client.force_login(staff("sample.editor", is_superuser=True))
    return client


def form_of(record) -> str:
    return reverse("admin:conference_article_change", args=[record.pk])


def tables_of(captured) -> list[str]:
    return [query["sql"].split('FROM "')[1].split('"')[0] for query in captured]


@pytest.mark.django_db
def test_rows_of_an_import_are_locked_names_first_then_records_by_kind():
    mixed = [any_country(), article("one"), topic("first")]

    with CaptureQueriesContext(connection) as captured:
        lock_rows(mixed)

    models = (Topic, Article, Country)
    assert tables_of(captured) == [model._meta.db_table for model in models]


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_new", [False, True])
def test_acceptance_and_save_of_a_record_with_a_picture_do_not_deadlock(
    is_new, monkeypatch
):
    """The save holds the lock of the record when the acceptance starts."""
    record, attached_picture = article("one", title_en="Title"), picture()
    if not is_new:
        illustration(record, attached_picture)
    published(record)
    client, url = editor_client(), form_of(record)
    added = (
        rows(ILLUSTRATIONS, {"picture": attached_picture.pk, "position": 0})
        if is_new
        else {}
    )
    if is_new:
        client.post(url, opened_form(client, url) | added)
        pending = Proposal.objects.get()
    else:
        pending = proposal(record)
    version = version_of_proposal(pending)
    form_data = opened_form(client, url) | {"title_en": "Other title"}
    is_saving, has_pictures = threading.Event(), threading.Event()
    propose, lock_related = review.propose, reviewed_versions.lock_related
    outcomes = {}

    def observed_propose(*args, **kwargs):
        is_saving.set()
        has_pictures.wait(2)
        return propose(*args, **kwargs)

    def observed_lock(*args):
        locked = lock_related(*args)
        has_pictures.set()
        return locked

    def save():
        outcomes["save"] = client.post(url, form_data).status_code

    def accept():
        assert is_saving.wait(20)
        with pytest.raises(ReviewedVersionError):
            review.accept_proposal(pending, by=actor("other"), at=AT, version=version)
        outcomes["accept"] = "refused"

    monkeypatch.setattr(review, "propose", observed_propose)
    monkeypatch.setattr(reviewed_versions, "lock_related", observed_lock)
    errors = run_threads(save, accept)

    assert errors == []
    assert outcomes == {"save": 302, "accept": "refused"}
    assert Proposal.objects.get().wanted["values"]["title_en"] == "Other title"


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_approval_and_import_of_a_record_and_its_topic_do_not_deadlock(monkeypatch):
    """The approval holds the lock of the topic when the import locks its rows."""
    used_topic = topic("first")
    record = in_review(article("one", topics=[used_topic]))
    version = reviewed_versions.version_of(record)
    has_topic, is_importing = threading.Event(), threading.Event()
    lock_related = reviewed_versions.lock_related

    def observed_lock(*args):
        locked = lock_related(*args)
        has_topic.set()
        is_importing.wait(20)
        # The import now waits for the topic and must not hold the record's lock yet.
        threading.Event().wait(0.5)
        return locked

    def approve():
        operations.approve(record, by=actor("other"), at=AT, version=version)

    def lock_used_rows():
        assert has_topic.wait(20)
        is_importing.set()
        with transaction.atomic():
            lock_rows([Article.objects.get(), used_topic])

    monkeypatch.setattr(reviewed_versions, "lock_related", observed_lock)
    errors = run_threads(approve, lock_used_rows)

    assert errors == []
    assert Article.objects.get().is_published
