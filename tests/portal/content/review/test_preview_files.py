"""Files in previews of unpublished pages: served only to staff."""

import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from portal.content.publishing.models import Proposal
from portal.content.review.preview import build_preview_links
from tests.admin_forms import rows
from tests.factories.conference import article, document
from tests.factories.files import PDF, PNG, picture, stored_file
from tests.factories.publishing import (
    AT,
    attachment,
    illustration,
    published,
    staff,
)
from tests.unrendered_pages import opened_form

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(AT, tick=False):
        yield AT


@pytest.fixture
def staff_client() -> Client:
    client = Client()
    client.force_login(staff(is_superuser=True))
    return client


def page_of(record, client) -> str:
    links = build_preview_links(record, at=AT)
    return client.get(next(link["url"] for link in links if link["tag"] == "en")).text


def file_url(page: str, stored) -> str:
    """Return the URL by which the page links to the file ``stored``."""
    (url,) = set(re.findall(rf'="([^"]*/{stored.sha256}/[^"]*)"', page))
    return url


def body_of(response) -> bytes:
    return b"".join(response.streaming_content)


def test_preview_serves_draft_file(staff_client, client):
    attached = attachment(record := document())
    url = file_url(page_of(record, staff_client), attached.file)

    response = staff_client.get(url)

    assert body_of(response) == PDF
    assert response["Cache-Control"] == "private, no-store"
    assert client.get(attached.file.get_absolute_url()).status_code == 404


def test_preview_shows_draft_picture(staff_client, client):
    attached_picture = illustration(
        record := article(), picture(PNG, name="sample.png")
    )
    page = page_of(record, staff_client)

    response = staff_client.get(file_url(page, attached_picture.picture.file))

    assert body_of(response)
    assert response["Content-Disposition"].startswith("inline")
    assert (
        client.get(attached_picture.picture.file.get_absolute_url()).status_code == 404
    )


def test_preview_serves_file_of_pending_proposal(staff_client, client, settings):
    settings.TWO_PERSON_APPROVAL = True
    record, stored = published(document()), stored_file()
    form = reverse("admin:conference_document_change", args=[record.pk])
    attachment_data = rows(
        "publishing-attachment-content_type-object_id",
        {"file": stored.pk, "language": "en", "is_public": "on", "position": 0},
    )
    staff_client.post(form, opened_form(staff_client, form) | attachment_data)
    assert Proposal.objects.exists()

    url = file_url(page_of(record, staff_client), stored)

    assert body_of(staff_client.get(url)) == PDF
    assert client.get(stored.get_absolute_url()).status_code == 404


def test_preview_file_link_opens_no_other_file(staff_client):
    attached = attachment(record := document())
    unrelated_file, private_file = (
        stored_file(PNG, "other.png"),
        stored_file(PDF + b"\n", "kept.pdf"),
    )
    attachment(article(), unrelated_file)
    attachment(record, private_file, is_public=False)
    url = file_url(page_of(record, staff_client), attached.file)

    for other_file in (unrelated_file, private_file):
        other_url = url.replace(attached.file.sha256, other_file.sha256)
        other_url = other_url.replace(attached.file.name, other_file.name)
        assert staff_client.get(other_url).status_code == 404


def test_preview_file_requires_staff_with_permission(staff_client, client):
    attached = attachment(record := document())
    url = file_url(page_of(record, staff_client), attached.file)

    assert client.get(url).status_code == 302
    client.force_login(staff("sample.nobody"))
    assert client.get(url).status_code == 403


def test_public_page_uses_public_file_urls(client):
    attached = attachment(record := published(document()))

    page = client.get(record.get_absolute_url()).text

    assert file_url(page, attached.file) == attached.file.get_absolute_url()
