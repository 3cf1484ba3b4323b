"""Files of a page that only staff see: handed out beside it, and to them alone."""

import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from portal.publishing.models import Proposal
from portal.publishing.review.preview import preview_links
from tests.adminforms import filled, rows
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
    links = preview_links(record, at=AT)
    return client.get(next(one["url"] for one in links if one["tag"] == "en")).text


def named(page: str, stored) -> str:
    """The address that the page names ``stored`` by."""
    (address,) = set(re.findall(rf'="([^"]*/{stored.sha256}/[^"]*)"', page))
    return address


def handed_out(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_file_of_a_draft_is_handed_out_in_its_preview(clerk, client):
    attached = attachment(record := document())
    address = named(page_of(record, clerk), attached.file)

    answer = clerk.get(address)

    assert handed_out(answer) == PDF
    assert answer["Cache-Control"] == "private, no-store"
    assert client.get(attached.file.get_absolute_url()).status_code == 404


def test_picture_of_a_draft_is_shown_in_its_preview(clerk, client):
    shown = illustration(record := article(), picture(PNG, name="sample.png"))
    page = page_of(record, clerk)

    answer = clerk.get(named(page, shown.picture.file))

    assert handed_out(answer)
    assert answer["Content-Disposition"].startswith("inline")
    assert client.get(shown.picture.file.get_absolute_url()).status_code == 404


def test_file_that_a_waiting_change_brings_is_handed_out(clerk, client, settings):
    settings.FOUR_EYES = True
    record, stored = published(document()), stored_file()
    form = reverse("admin:conference_document_change", args=[record.pk])
    new = rows(
        "publishing-attachment-content_type-object_id",
        {"file": stored.pk, "language": "en", "is_public": "on", "position": 0},
    )
    clerk.post(form, filled(clerk.get(form)) | new)
    assert Proposal.objects.exists()

    address = named(page_of(record, clerk), stored)

    assert handed_out(clerk.get(address)) == PDF
    assert client.get(stored.get_absolute_url()).status_code == 404


def test_link_opens_no_other_file(clerk):
    attached = attachment(record := document())
    other, kept = stored_file(PNG, "other.png"), stored_file(PDF + b"\n", "kept.pdf")
    attachment(article(), other)
    attachment(record, kept, is_public=False)
    address = named(page_of(record, clerk), attached.file)

    for file in (other, kept):
        asked = address.replace(attached.file.sha256, file.sha256)
        asked = asked.replace(attached.file.name, file.name)
        assert clerk.get(asked).status_code == 404


def test_file_is_of_no_use_to_others(clerk, client):
    attached = attachment(record := document())
    address = named(page_of(record, clerk), attached.file)

    assert client.get(address).status_code == 302
    client.force_login(staff("sample.nobody"))
    assert client.get(address).status_code == 403


def test_page_that_all_can_read_names_files_as_ever(client):
    attached = attachment(record := published(document()))

    page = client.get(record.get_absolute_url()).text

    assert named(page, attached.file) == attached.file.get_absolute_url()
