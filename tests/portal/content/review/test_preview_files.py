"""Files in previews of unpublished pages: served only to staff."""

import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from portal.content.publishing.models import Proposal
from portal.content.review.preview import build_preview_links
from tests.admin_forms import filled, rows
from tests.factories.conference import article, document
from tests.factories.files import PDF, PNG, picture, stored_file
from tests.factories.publishing import (
    AT,
    attachment,
    illustration,
    published,
    staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(AT, tick=False):
        yield AT


@pytest.fixture
def clerk() -> Client:
    client = Client()
    client.force_login(staff(is_superuser=True))
    return client


def page_of(record, client) -> str:
    links = build_preview_links(record, at=AT)
    return client.get(next(link["url"] for link in links if link["tag"] == "en")).text


def named(page: str, stored) -> str:
    """Return the URL by which the page links to the file ``stored``."""
    (url,) = set(re.findall(rf'="([^"]*/{stored.sha256}/[^"]*)"', page))
    return url


def handed_out(response) -> bytes:
    return b"".join(response.streaming_content)


def test_preview_serves_draft_file(clerk, client):
    attached = attachment(record := document())
    url = named(page_of(record, clerk), attached.file)

    response = clerk.get(url)

    assert handed_out(response) == PDF
    assert response["Cache-Control"] == "private, no-store"
    assert client.get(attached.file.get_absolute_url()).status_code == 404


def test_preview_shows_draft_picture(clerk, client):
    shown_picture = illustration(record := article(), picture(PNG, name="sample.png"))
    page = page_of(record, clerk)

    response = clerk.get(named(page, shown_picture.picture.file))

    assert handed_out(response)
    assert response["Content-Disposition"].startswith("inline")
    assert client.get(shown_picture.picture.file.get_absolute_url()).status_code == 404


def test_preview_serves_file_of_pending_proposal(clerk, client, settings):
    settings.TWO_PERSON_APPROVAL = True
    record, stored = published(document()), stored_file()
    form = reverse("admin:conference_document_change", args=[record.pk])
    attachment_data = rows(
        "publishing-attachment-content_type-object_id",
        {"file": stored.pk, "language": "en", "is_public": "on", "position": 0},
    )
    clerk.post(form, filled(clerk.get(form)) | attachment_data)
    assert Proposal.objects.exists()

    url = named(page_of(record, clerk), stored)

    assert handed_out(clerk.get(url)) == PDF
    assert client.get(stored.get_absolute_url()).status_code == 404


def test_preview_file_link_opens_no_other_file(clerk):
    attached = attachment(record := document())
    unrelated_file, private_file = (
        stored_file(PNG, "other.png"),
        stored_file(PDF + b"\n", "kept.pdf"),
    )
    attachment(article(), unrelated_file)
    attachment(record, private_file, is_public=False)
    url = named(page_of(record, clerk), attached.file)

    for other_file in (unrelated_file, private_file):
        other_url = url.replace(attached.file.sha256, other_file.sha256)
        other_url = other_url.replace(attached.file.name, other_file.name)
        assert clerk.get(other_url).status_code == 404


def test_preview_file_requires_staff_with_permission(clerk, client):
    attached = attachment(record := document())
    url = named(page_of(record, clerk), attached.file)

    assert client.get(url).status_code == 302
    client.force_login(staff("sample.nobody"))
    assert client.get(url).status_code == 403


def test_public_page_uses_public_file_urls(client):
    attached = attachment(record := published(document()))

    page = client.get(record.get_absolute_url()).text

    assert named(page, attached.file) == attached.file.get_absolute_url()
