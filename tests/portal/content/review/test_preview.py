"""Previews of draft pages: only for staff, by links that are valid for one hour."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from portal.content.catalogue.models import Entry
from portal.content.changes.models import Change
from portal.content.publishing.models import Proposal
from portal.content.review.preview import build_preview_links
from seminars.models import Seminar
from tests.factories.conference import article
from tests.factories.publishing import AT, published, staff
from tests.factories.seminars import seminar
from tests.unrendered_pages import opened_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff_client() -> Client:
    client = Client()
    client.force_login(staff(is_superuser=True))
    return client


@pytest.fixture
def now():
    with time_machine.travel(AT, tick=False):
        yield AT


def link_to(record, tag="en") -> str:
    return next(
        link["url"] for link in build_preview_links(record, at=AT) if link["tag"] == tag
    )


@pytest.mark.parametrize(("tag", "title"), [("en", "Sample"), ("zh-Hans", "样本")])
def test_preview_renders_draft_as_public_page(staff_client, now, tag, title):
    record = seminar(title_en="Sample", title_zh_hans="样本")

    response = staff_client.get(link_to(record, tag))

    assert response.status_code == 200
    assert f'<html lang="{tag}"' in response.text
    assert re.search(rf"<h1>\s*{title}\s*</h1>", response.text)


def test_preview_changes_nothing(staff_client, now, client):
    record = article("opening")

    staff_client.get(link_to(record))

    record.refresh_from_db()
    assert (record.status, record.revision) == ("draft", 0)
    assert not Entry.objects.exists()
    assert not Change.objects.exists()
    assert client.get("/en/news/opening/").status_code == 404


def test_preview_of_published_record_includes_pending_proposal(
    staff_client, now, settings, client
):
    settings.TWO_PERSON_APPROVAL = True
    record = published(seminar(title_en="Old title"))
    url = reverse("admin:seminars_seminar_change", args=[record.pk])
    staff_client.post(url, opened_form(staff_client, url) | {"title_en": "New title"})
    assert Proposal.objects.exists()

    response = staff_client.get(link_to(record))

    assert "New title" in response.text
    assert "Old title" in client.get(f"/en/seminars/{record.code}/").text
    assert Seminar.objects.get().title_en == "Old title"


def test_preview_is_not_cached_and_not_indexed(staff_client, now):
    response = staff_client.get(link_to(article()))

    assert response["Cache-Control"] == "private, no-store"
    assert "noindex" in response["X-Robots-Tag"]


def test_preview_link_expires(staff_client, now):
    link = link_to(article())

    with time_machine.travel(AT + dt.timedelta(minutes=61), tick=False):
        assert staff_client.get(link).status_code == 404


def test_preview_link_requires_staff_with_permission(now, client):
    link = link_to(article())

    assert client.get(link).status_code == 302
    client.force_login(staff("sample.nobody"))
    assert client.get(link).status_code == 403


@pytest.mark.parametrize("spoil", [lambda url: url[:20] + "x" + url[21:]])
def test_forged_preview_link_is_rejected(staff_client, now, spoil):
    assert staff_client.get(spoil(link_to(article()))).status_code == 404


def test_preview_in_unknown_language_returns_404(staff_client, now):
    link = link_to(article()).replace("/en/", "/xx/")

    assert staff_client.get(link).status_code == 404


def test_form_links_to_the_preview_in_every_language(staff_client):
    record = article()

    page = staff_client.get(f"/admin/conference/article/{record.pk}/change/").text

    assert len(re.findall('href="/admin/preview/', page)) == 12
