"""Two users edit one record: a stale form is refused and overwrites nothing."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.conference import article
from tests.factories.publishing import published, staff
from tests.unrendered_pages import opened_form

pytestmark = pytest.mark.django_db


def signed_in(username):
    client = Client()
    client.force_login(staff(username, is_superuser=True))
    return client


@pytest.mark.parametrize("state", [lambda record: record, published])
def test_stale_form_is_rejected(state):
    record = state(article("opening", title_en="Opening"))
    url = reverse("admin:conference_article_change", args=[record.pk])
    first, second = signed_in("sample.first"), signed_in("sample.second")
    first_data, second_data = opened_form(first, url), opened_form(second, url)
    second.post(url, second_data | {"title_en": "Opening in Nanning"})

    response = first.post(url, first_data | {"summary_en": "A summary"})

    record.refresh_from_db()
    assert response.status_code == 200
    assert "sample.second changed this record" in response.text
    assert (record.title_en, record.summary_en) == ("Opening in Nanning", "")


def test_reopened_form_is_accepted():
    record = article("opening", title_en="Opening")
    url = reverse("admin:conference_article_change", args=[record.pk])
    first, second = signed_in("sample.first"), signed_in("sample.second")
    second.post(url, opened_form(second, url) | {"title_en": "In Nanning"})

    form_data = opened_form(first, url) | {"summary_en": "A summary"}
    response = first.post(url, form_data)

    record.refresh_from_db()
    assert response.status_code == 302
    assert (record.title_en, record.summary_en) == ("In Nanning", "A summary")
