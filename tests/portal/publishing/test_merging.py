"""Two clerks at one record: each sees both versions, and no work is lost."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.conference.models import Article
from tests.adminforms import filled
from tests.factories import directory
from tests.factories.conference import article
from tests.factories.publishing import staff
from tests.factories.seminars import seminar

pytestmark = pytest.mark.django_db


def signed_in(username) -> Client:
    client = Client()
    client.force_login(staff(username, is_superuser=True))
    return client


@pytest.fixture
def refused():
    """A form that was opened before a colleague wrote title and Thai title, and sent
    afterwards with another title and a summary."""
    record = article("opening", title_en="Opened", title_th="เดิม", summary_en="")
    address = reverse("admin:conference_article_change", args=[record.pk])
    first, second = signed_in("sample.first"), signed_in("sample.second")
    mine, theirs = filled(first.get(address)), filled(second.get(address))
    second.post(address, theirs | {"title_en": "Theirs", "title_th": "ของเขา"})
    words = {"title_en": "Mine", "summary_en": "My summary"}
    return first, address, first.post(address, mine | words)


def test_refused_form_shows_both_versions(refused):
    _client, _address, answer = refused

    (both,) = [
        one for one in answer.context["adminform"].form.conflict if "en" in one.name
    ]
    assert (both.opened, both.theirs, both.yours) == ("Opened", "Theirs", "Mine")
    assert "Both versions" in answer.text


def test_both_versions_are_told_in_words():
    country = directory.country("LA")
    places = [directory.place(key) for key in ("hanoi", "nanning")]
    record = seminar(state="planned")
    address = reverse("admin:seminars_seminar_change", args=[record.pk])
    first, second = signed_in("sample.first"), signed_in("sample.second")
    mine, theirs = filled(first.get(address)), filled(second.get(address))
    theirs |= {"state": "held", "participating_countries": [country.pk]}
    second.post(address, theirs | {"places": [places[0].pk]})

    words = {"state": "cancelled", "places": [places[1].pk]}
    answer = first.post(address, mine | words)

    form = answer.context["adminform"].form
    told = {one.name: (one.opened, one.theirs, one.yours) for one in form.conflict}
    assert told["state"] == ("planned", "held", "cancelled")
    assert told["places"] == ("", "Hanoi", "Nanning")
    assert told["participating_countries"] == ("", "LA Lao PDR", "")
    assert "Nanning" in answer.text


def test_words_of_the_colleague_stand_where_one_wrote_nothing(refused):
    _client, _address, answer = refused

    again = filled(answer)

    assert again["title_th"] == "ของเขา"
    assert (again["title_en"], again["summary_en"]) == ("Mine", "My summary")


def test_form_that_was_merged_is_taken(refused):
    client, address, answer = refused

    second = client.post(address, filled(answer))

    assert second.status_code == 302
    record = Article.objects.get()
    assert (record.title_en, record.title_th) == ("Mine", "ของเขา")
    assert record.summary_en == "My summary"


def test_form_is_refused_again_when_the_colleague_went_on(refused):
    client, address, answer = refused
    third = signed_in("sample.third")
    third.post(address, filled(third.get(address)) | {"title_en": "Of the third"})

    second = client.post(address, filled(answer))

    assert second.status_code == 200
    assert "sample.third has changed this record" in second.text
    assert Article.objects.get().title_en == "Of the third"


def test_second_person_at_a_record_is_warned():
    record = article("opening")
    address = reverse("admin:conference_article_change", args=[record.pk])
    signed_in("sample.first").get(address)

    answer = signed_in("sample.second").get(address)

    told = [str(message) for message in answer.context["messages"]]
    assert len(told) == 1
    assert told[0].startswith("sample.first opened this record at ")


def test_nobody_is_warned_of_oneself_or_of_who_has_saved():
    record = article("opening")
    address = reverse("admin:conference_article_change", args=[record.pk])
    first = signed_in("sample.first")
    first.post(address, filled(first.get(address)) | {"title_en": "Saved"})
    second = signed_in("sample.second")
    second.get(address)

    answer = second.get(address)

    assert [str(message) for message in answer.context["messages"]] == []


@pytest.mark.parametrize("stamp", ["never", "yesterday", "2024-01-01", "9" * 400])
def test_stamp_that_is_no_time_is_refused_as_old(stamp):
    record = article("opening", title_en="Opened")
    address = reverse("admin:conference_article_change", args=[record.pk])
    client = signed_in("sample.first")
    client.post(address, filled(client.get(address)) | {"title_en": "Saved"})

    answer = client.post(address, filled(client.get(address)) | {"seen": stamp})

    assert answer.status_code == 200
    assert "has changed this record" in answer.text
