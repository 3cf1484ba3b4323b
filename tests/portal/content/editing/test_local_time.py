"""Publishing times are entered and shown in the time zone of the record's place."""

import datetime as dt

import pytest
from django.urls import reverse

from seminars.models import Seminar
from tests.admin_forms import errors, filled
from tests.factories.directory import place
from tests.factories.publishing import staff
from tests.factories.seminars import seminar
from tests.unrendered_pages import opened_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def record():
    new_seminar = seminar()
    new_seminar.places.add(place("yangon", time_zone="Asia/Yangon"))
    return new_seminar


@pytest.fixture
def form(client, record):
    client.force_login(staff(is_superuser=True))
    return reverse("admin:seminars_seminar_change", args=[record.pk])


def test_publish_at_is_parsed_in_place_time_zone(client, form):
    typed = {"publish_at_0": "2030-05-06", "publish_at_1": "09:00:00"}

    response = client.post(form, opened_form(client, form) | typed)

    assert response.status_code == 302, errors(response)
    # Myanmar uses UTC+06:30.
    assert Seminar.objects.get().publish_at == dt.datetime(
        2030, 5, 6, 2, 30, tzinfo=dt.UTC
    )


def test_publish_at_is_shown_in_place_time_zone_and_kept(client, form):
    at = dt.datetime(2030, 5, 6, 2, 30, tzinfo=dt.UTC)
    Seminar.objects.update(publish_at=at)

    page = client.get(form)
    form_data = filled(page)
    client.post(form, form_data | {"title_en": "Other words"})

    assert (form_data["publish_at_0"], form_data["publish_at_1"]) == (
        "2030-05-06",
        "09:00:00",
    )
    assert "Time zone: Asia/Yangon." in page.text
    assert Seminar.objects.get().publish_at == at


def test_record_without_place_uses_default_time_zone(client, form):
    Seminar.objects.get().places.clear()
    typed = {"publish_at_0": "2030-05-06", "publish_at_1": "09:00:00"}

    client.post(form, opened_form(client, form) | typed)

    assert Seminar.objects.get().publish_at == dt.datetime(
        2030, 5, 6, 1, 0, tzinfo=dt.UTC
    )
