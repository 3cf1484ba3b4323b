"""Two clerks at one record: the second is told, and writes nothing over."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.adminforms import filled
from tests.factories.conference import article
from tests.factories.publishing import published, staff

pytestmark = pytest.mark.django_db


def signed_in(username):
    client = Client()
    client.force_login(staff(username, is_superuser=True))
    return client


@pytest.mark.parametrize("state", [lambda record: record, published])
def test_form_opened_before_a_colleague_saved_is_refused(state):
    record = state(article("opening", title_en="Opening"))
    address = reverse("admin:conference_article_change", args=[record.pk])
    first, second = signed_in("sample.first"), signed_in("sample.second")
    mine, theirs = filled(first.get(address)), filled(second.get(address))
    second.post(address, theirs | {"title_en": "Opening in Nanning"})

    answer = first.post(address, mine | {"summary_en": "A summary"})

    record.refresh_from_db()
    assert answer.status_code == 200
    assert "sample.second has changed this record" in answer.text
    assert (record.title_en, record.summary_en) == ("Opening in Nanning", "")


def test_form_opened_again_after_a_colleague_saved_is_taken():
    record = article("opening", title_en="Opening")
    address = reverse("admin:conference_article_change", args=[record.pk])
    first, second = signed_in("sample.first"), signed_in("sample.second")
    second.post(address, filled(second.get(address)) | {"title_en": "In Nanning"})

    again = filled(first.get(address)) | {"summary_en": "A summary"}
    answer = first.post(address, again)

    record.refresh_from_db()
    assert answer.status_code == 302
    assert (record.title_en, record.summary_en) == ("In Nanning", "A summary")
