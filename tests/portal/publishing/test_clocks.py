"""The time to publish is typed and shown as on the clock of the record's place."""

import datetime as dt

import pytest
from django.urls import reverse

from seminars.models import Seminar
from tests.adminforms import errors, filled
from tests.factories.directory import place
from tests.factories.publishing import staff
from tests.factories.seminars import seminar

pytestmark = pytest.mark.django_db


@pytest.fixture
def record():
    made = seminar()
    made.places.add(place("yangon", time_zone="Asia/Yangon"))
    return made


@pytest.fixture
def form(client, record):
    client.force_login(staff(is_superuser=True))
    return reverse("admin:seminars_seminar_change", args=[record.pk])


def test_time_is_read_on_the_clock_of_the_place(client, form):
    typed = {"publish_at_0": "2030-05-06", "publish_at_1": "09:00:00"}

    answer = client.post(form, filled(client.get(form)) | typed)

    assert answer.status_code == 302, errors(answer)
    # Myanmar is six and a half hours ahead.
    assert Seminar.objects.get().publish_at == dt.datetime(
        2030, 5, 6, 2, 30, tzinfo=dt.UTC
    )


def test_time_is_shown_on_the_clock_of_the_place_and_stays(client, form):
    at = dt.datetime(2030, 5, 6, 2, 30, tzinfo=dt.UTC)
    Seminar.objects.update(publish_at=at)

    page = client.get(form)
    sent = filled(page)
    client.post(form, sent | {"title_en": "Other words"})

    assert (sent["publish_at_0"], sent["publish_at_1"]) == ("2030-05-06", "09:00:00")
    assert "On the clock of Asia/Yangon." in page.text
    assert Seminar.objects.get().publish_at == at


def test_record_without_a_place_goes_by_the_clock_of_the_office(client, form):
    Seminar.objects.get().places.clear()
    typed = {"publish_at_0": "2030-05-06", "publish_at_1": "09:00:00"}

    client.post(form, filled(client.get(form)) | typed)

    assert Seminar.objects.get().publish_at == dt.datetime(
        2030, 5, 6, 1, 0, tzinfo=dt.UTC
    )
