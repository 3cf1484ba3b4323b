"""Files and pictures that a pending change refers to cannot be deleted."""

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from portal.content.publishing.models import Proposal
from tests import reviewing
from tests.admin_forms import rows
from tests.factories.conference import article
from tests.factories.files import PNG, picture, stored_file
from tests.factories.publishing import AT, published, staff
from tests.unrendered_pages import opened_form

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _four_eyes(settings):
    settings.TWO_PERSON_APPROVAL = True


@pytest.fixture
def staff_client() -> Client:
    client = Client()
    client.force_login(staff(is_superuser=True))
    return client


def propose(client, record, inline: str, **row) -> Proposal:
    url = reverse("admin:conference_article_change", args=[record.pk])
    prefix = f"publishing-{inline}-content_type-object_id"
    client.post(url, opened_form(client, url) | rows(prefix, row))
    return Proposal.objects.get()


def get_usages(row) -> list[str]:
    return admin.site.get_model_admin(type(row)).get_usages(row)


def delete(client, row):
    meta = type(row)._meta
    name = f"admin:{meta.app_label}_{meta.model_name}_delete"
    client.post(reverse(name, args=[row.pk]), {"post": "yes"})
    return type(row).objects.filter(pk=row.pk).exists()


def test_file_used_by_pending_proposal_cannot_be_deleted(staff_client):
    record, stored = published(article("opening")), stored_file()
    propose(
        staff_client, record, "attachment", file=stored.pk, language="en", position=0
    )

    assert get_usages(stored) == ["News article “Sample opening”"]
    assert delete(staff_client, stored)


def test_picture_used_by_pending_proposal_and_its_file_cannot_be_deleted(staff_client):
    record, attached_picture = published(article("opening")), picture()
    propose(
        staff_client, record, "illustration", picture=attached_picture.pk, position=0
    )

    assert get_usages(attached_picture) == ["News article “Sample opening”"]
    assert delete(staff_client, attached_picture)
    assert delete(staff_client, attached_picture.file)


def test_equal_primary_key_of_other_model_is_not_a_usage(staff_client):
    """The change refers to a picture with the same primary key as the file."""
    record, unrelated_file = published(article("opening")), stored_file()
    attached_picture = picture(PNG, name="sample.png", pk=unrelated_file.pk)
    propose(
        staff_client, record, "illustration", picture=attached_picture.pk, position=0
    )

    assert get_usages(unrelated_file) == []


def test_file_can_be_deleted_after_proposal_is_decided(staff_client):
    record, stored = published(article("opening")), stored_file()
    row = {"file": stored.pk, "language": "en", "position": 0}
    proposal = propose(staff_client, record, "attachment", **row)
    reviewing.discard(proposal, by=staff("sample.reviewer"), at=AT, reason="")

    assert get_usages(stored) == []
    assert not delete(staff_client, stored)


def test_proposal_of_deleted_record_protects_no_files(staff_client):
    record, stored = published(article("opening")), stored_file()
    row = {"file": stored.pk, "language": "en", "position": 0}
    proposal = propose(staff_client, record, "attachment", **row)
    kind = ContentType.objects.get_for_model(record)
    Proposal.objects.filter(pk=proposal.pk, content_type=kind).update(object_id=0)

    assert get_usages(stored) == []
