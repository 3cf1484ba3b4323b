"""What a waiting change names is kept, though no row of the record holds it yet."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from portal.files.uses import uses_of
from portal.publishing.models import Proposal
from tests import reviewing
from tests.adminforms import filled, rows
from tests.factories.conference import article
from tests.factories.files import PNG, picture, stored_file
from tests.factories.publishing import AT, published, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _four_eyes(settings):
    settings.FOUR_EYES = True


@pytest.fixture
def clerk() -> Client:
    client = Client()
    client.force_login(staff(is_superuser=True))
    return client


def propose(client, record, inline: str, **row) -> Proposal:
    address = reverse("admin:conference_article_change", args=[record.pk])
    prefix = f"publishing-{inline}-content_type-object_id"
    client.post(address, filled(client.get(address)) | rows(prefix, row))
    return Proposal.objects.get()


def delete(client, row):
    meta = type(row)._meta
    name = f"admin:{meta.app_label}_{meta.model_name}_delete"
    client.post(reverse(name, args=[row.pk]), {"post": "yes"})
    return type(row).objects.filter(pk=row.pk).exists()


def test_file_that_a_waiting_change_names_is_not_deleted(clerk):
    record, stored = published(article("opening")), stored_file()
    propose(clerk, record, "attachment", file=stored.pk, language="en", position=0)

    assert uses_of(stored) == ["Article “Sample opening”"]
    assert delete(clerk, stored)


def test_picture_and_its_file_stay_too(clerk):
    record, shown = published(article("opening")), picture()
    propose(clerk, record, "illustration", picture=shown.pk, position=0)

    assert uses_of(shown) == ["Article “Sample opening”"]
    assert delete(clerk, shown)
    assert delete(clerk, shown.file)


def test_key_of_another_kind_is_no_use(clerk):
    """The change names a picture whose key a file has as well."""
    record, other = published(article("opening")), stored_file()
    shown = picture(PNG, name="sample.png", pk=other.pk)
    propose(clerk, record, "illustration", picture=shown.pk, position=0)

    assert uses_of(other) == []


def test_file_may_go_once_the_change_is_decided(clerk):
    record, stored = published(article("opening")), stored_file()
    row = {"file": stored.pk, "language": "en", "position": 0}
    proposal = propose(clerk, record, "attachment", **row)
    reviewing.discard(proposal, by=staff("sample.reviewer"), at=AT, reason="")

    assert uses_of(stored) == []
    assert not delete(clerk, stored)


def test_change_of_a_record_that_is_gone_keeps_nothing(clerk):
    record, stored = published(article("opening")), stored_file()
    row = {"file": stored.pk, "language": "en", "position": 0}
    proposal = propose(clerk, record, "attachment", **row)
    kind = ContentType.objects.get_for_model(record)
    Proposal.objects.filter(pk=proposal.pk, content_type=kind).update(object_id=0)

    assert uses_of(stored) == []
