"""The page of a draft, for staff alone and for an hour."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from portal.catalogue.models import Entry
from portal.changes.models import Change
from portal.publishing.models import Proposal
from portal.publishing.review.preview import preview_links
from seminars.models import Seminar
from tests.adminforms import filled
from tests.factories.conference import article
from tests.factories.publishing import AT, published, staff
from tests.factories.seminars import seminar

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> Client:
    client = Client()
    client.force_login(staff(is_superuser=True))
    return client


@pytest.fixture
def now():
    with time_machine.travel(AT, tick=False):
        yield AT


def link_to(record, tag="en") -> str:
    return next(one["url"] for one in preview_links(record, at=AT) if one["tag"] == tag)


@pytest.mark.parametrize(("tag", "title"), [("en", "Sample"), ("zh-Hans", "样本")])
def test_draft_is_shown_as_its_page_will_be(clerk, now, tag, title):
    record = seminar(title_en="Sample", title_zh_hans="样本")

    answer = clerk.get(link_to(record, tag))

    assert answer.status_code == 200
    assert f'<html lang="{tag}"' in answer.text
    assert re.search(rf"<h1>\s*{title}\s*</h1>", answer.text)


def test_preview_changes_nothing(clerk, now, client):
    record = article("opening")

    clerk.get(link_to(record))

    record.refresh_from_db()
    assert (record.status, record.revision) == ("draft", 0)
    assert not Entry.objects.exists()
    assert not Change.objects.exists()
    assert client.get("/en/news/opening/").status_code == 404


def test_preview_of_a_published_record_has_the_change_that_waits(
    clerk, now, settings, client
):
    settings.FOUR_EYES = True
    record = published(seminar(title_en="Old title"))
    address = reverse("admin:seminars_seminar_change", args=[record.pk])
    clerk.post(address, filled(clerk.get(address)) | {"title_en": "New title"})
    assert Proposal.objects.exists()

    answer = clerk.get(link_to(record))

    assert "New title" in answer.text
    assert "Old title" in client.get(f"/en/seminars/{record.code}/").text
    assert Seminar.objects.get().title_en == "Old title"


def test_preview_is_kept_by_nobody_and_listed_nowhere(clerk, now):
    answer = clerk.get(link_to(article()))

    assert answer["Cache-Control"] == "private, no-store"
    assert "noindex" in answer["X-Robots-Tag"]


def test_link_expires(clerk, now):
    link = link_to(article())

    with time_machine.travel(AT + dt.timedelta(minutes=61), tick=False):
        assert clerk.get(link).status_code == 404


def test_link_is_of_no_use_to_others(now, client):
    link = link_to(article())

    assert client.get(link).status_code == 302
    client.force_login(staff("sample.nobody"))
    assert client.get(link).status_code == 403


@pytest.mark.parametrize("spoil", [lambda url: url[:20] + "x" + url[21:]])
def test_link_that_was_not_made_here_opens_nothing(clerk, now, spoil):
    assert clerk.get(spoil(link_to(article()))).status_code == 404


def test_language_that_there_is_not_opens_nothing(clerk, now):
    link = link_to(article()).replace("/en/", "/xx/")

    assert clerk.get(link).status_code == 404


def test_form_links_to_the_preview_in_every_language(clerk):
    record = article()

    page = clerk.get(f"/admin/conference/article/{record.pk}/change/").text

    assert len(re.findall('href="/admin/preview/', page)) == 12
