"""Edit conflicts: the form shows both versions and no input is lost."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.conference.models import Article
from tests.admin_forms import filled
from tests.factories import directory
from tests.factories.conference import article
from tests.factories.publishing import staff
from tests.factories.seminars import seminar
from tests.unrendered_pages import opened_form

pytestmark = pytest.mark.django_db


def signed_in(username) -> Client:
    client = Client()
    client.force_login(staff(username, is_superuser=True))
    return client


@pytest.fixture
def refused():
    """Return client, URL and response of a form that was refused as stale.

    A colleague changed the title and the Thai title after the form was opened; the
    form changed the title and the summary.
    """
    record = article("opening", title_en="Opened", title_th="เดิม", summary_en="")
    url = reverse("admin:conference_article_change", args=[record.pk])
    first, second = signed_in("sample.first"), signed_in("sample.second")
    own_data, colleague_data = opened_form(first, url), opened_form(second, url)
    second.post(url, colleague_data | {"title_en": "Theirs", "title_th": "ของเขา"})
    values = {"title_en": "Mine", "summary_en": "My summary"}
    return first, url, first.post(url, own_data | values)


def test_conflict_page_shows_both_versions(refused):
    _client, _url, response = refused

    (title_conflict,) = [
        conflict
        for conflict in response.context["adminform"].form.conflicts
        if "en" in conflict.name
    ]
    assert (title_conflict.baseline, title_conflict.theirs, title_conflict.yours) == (
        "Opened",
        "Theirs",
        "Mine",
    )
    assert "Edit conflict" in response.text


def test_conflict_page_shows_labels():
    country = directory.country("LA")
    places = [directory.place(key) for key in ("hanoi", "nanning")]
    record = seminar(state="planned")
    url = reverse("admin:seminars_seminar_change", args=[record.pk])
    first, second = signed_in("sample.first"), signed_in("sample.second")
    own_data, colleague_data = opened_form(first, url), opened_form(second, url)
    colleague_data |= {"state": "held", "participating_countries": [country.pk]}
    second.post(url, colleague_data | {"places": [places[0].pk]})

    values = {"state": "cancelled", "places": [places[1].pk]}
    response = first.post(url, own_data | values)

    form = response.context["adminform"].form
    versions = {
        conflict.name: (conflict.baseline, conflict.theirs, conflict.yours)
        for conflict in form.conflicts
    }
    assert versions["state"] == ("planned", "held", "cancelled")
    assert versions["places"] == ("", "Hanoi (hanoi)", "Nanning (nanning)")
    assert versions["participating_countries"] == ("", "Lao PDR (LA)", "")
    assert "Nanning" in response.text


def test_conflict_form_takes_colleague_value_for_untouched_field(refused):
    _client, _url, response = refused

    form_data = filled(response)

    assert form_data["title_th"] == "ของเขา"
    assert (form_data["title_en"], form_data["summary_en"]) == ("Mine", "My summary")


def test_merged_form_is_accepted(refused):
    client, url, response = refused

    second_response = client.post(url, filled(response))

    assert second_response.status_code == 302
    record = Article.objects.get()
    assert (record.title_en, record.title_th) == ("Mine", "ของเขา")
    assert record.summary_en == "My summary"


def test_merged_form_is_rejected_after_another_save(refused):
    client, url, response = refused
    third = signed_in("sample.third")
    third.post(url, opened_form(third, url) | {"title_en": "Of the third"})

    second_response = client.post(url, filled(response))

    assert second_response.status_code == 200
    assert "sample.third changed this record" in second_response.text
    assert Article.objects.get().title_en == "Of the third"


def test_second_editor_sees_concurrent_editing_warning():
    record = article("opening")
    url = reverse("admin:conference_article_change", args=[record.pk])
    signed_in("sample.first").get(url)

    response = signed_in("sample.second").get(url)

    messages = [str(message) for message in response.context["messages"]]
    assert len(messages) == 1
    assert messages[0].startswith("sample.first opened this record at ")


def test_no_warning_about_self_or_editor_who_saved():
    record = article("opening")
    url = reverse("admin:conference_article_change", args=[record.pk])
    first = signed_in("sample.first")
    first.post(url, opened_form(first, url) | {"title_en": "Saved"})
    second = signed_in("sample.second")
    second.get(url)

    response = second.get(url)

    assert [str(message) for message in response.context["messages"]] == []


@pytest.mark.parametrize("stamp", ["never", "yesterday", "2024-01-01", "9" * 400])
def test_invalid_version_stamp_is_treated_as_stale(stamp):
    record = article("opening", title_en="Opened")
    url = reverse("admin:conference_article_change", args=[record.pk])
    client = signed_in("sample.first")
    client.post(url, opened_form(client, url) | {"title_en": "Saved"})

    response = client.post(url, opened_form(client, url) | {"seen": stamp})

    assert response.status_code == 200
    assert (
        "changed this record after you opened it. Your changes "
        "have not been saved. Compare both versions, correct the "
        "form and save again."
    ) in response.text
