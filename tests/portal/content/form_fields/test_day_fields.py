"""Dates typed in forms: ambiguous dates are rejected, whatever the language."""

import datetime as dt
import json
import re

import pytest
from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from portal.content.form_fields.day_fields import DayField
from portal.content.form_fields.typed_fields import LabelledSplitDateTime
from portal.core.accounts.choices import InterfaceLanguage
from portal.core.languages import LANGUAGES
from seminars.models import Seminar, Session
from tests.admin_forms import errors, filled, rows
from tests.factories import seminars
from tests.factories.publishing import staff
from tests.unrendered_pages import opened_form

CODES = [language.code for language in LANGUAGES]
NUMERIC_DATES = {
    **dict.fromkeys(
        (
            *("2018-04-03", "2018-4-3", "2018/04/03", "2018/4/3", "2018.04.03"),
            *("2018.4.3", "2018年4月3日", "２０１８年４月３日", " 2018-04-03 "),
        ),
        dt.date(2018, 4, 3),
    ),
    **dict.fromkeys(
        (
            *("03/04/2018", "3/4/2018", "03-04-2018", "03.04.2018", "13/04/2018"),
            *("04/13/2018", "03/04/18", "18-04-03", "2018-13-04", "20180403"),
        ),
        None,
    ),
}
# Dates with the name of a month are not ambiguous.
DATES_WITH_MONTH_NAMES = {
    "en": ("April 3, 2018", "Apr 3, 2018", "3 April 2018", "3 Apr 2018"),
    "th": ("3 April 2018", "3 Apr 2018"),
    "id": ("3 April 2018", "3 Apr 2018"),
    "ms": ("3 April 2018", "3 Apr, 2018"),
}


@pytest.fixture
def sign_in():
    """Return a function that signs in a client with the given interface language."""
    person = staff(is_superuser=True)

    def signed_in(code: str) -> Client:
        person.interface_language = code
        person.save()
        client = Client()
        client.force_login(person)
        return client

    return signed_in


def _address(seminar: Seminar) -> str:
    return reverse("admin:seminars_seminar_change", args=[seminar.pk])


@pytest.mark.parametrize("code", CODES)
def test_day_is_read_only_where_month_and_day_are_certain(code):
    cases = NUMERIC_DATES | dict.fromkeys(
        DATES_WITH_MONTH_NAMES.get(code, ()), dt.date(2018, 4, 3)
    )

    with override(code):
        results = {typed: _parse(DayField(), typed) for typed in cases}

    assert results == cases


@pytest.mark.parametrize("code", CODES)
def test_input_holds_a_day_as_its_field_reads_it(code):
    day = dt.date(2018, 4, 3)
    field, time = DayField(widget=AdminDateWidget), LabelledSplitDateTime("Time")

    with override(code):
        input_values = [
            field.widget.format_value(day),
            time.widgets[0].format_value(day),
        ]

        assert input_values == ["2018-04-03"] * 2
        assert [field.clean(text) for text in input_values] == [day] * 2


def _parse(field: forms.Field, typed: str) -> dt.date | None:
    try:
        return field.clean(typed)
    except ValidationError:
        return None


@pytest.mark.django_db
@pytest.mark.parametrize("code", InterfaceLanguage.values)
def test_day_with_two_readings_is_refused_by_the_form(code, sign_in):
    seminar = seminars.seminar()
    client = sign_in(code)
    form_data = opened_form(client, _address(seminar))
    day = {"starts_on": "03/04/2018"}
    time = {"publish_at_0": "03/04/2018", "publish_at_1": "09:00"}
    session = {"starts_at_0": "03/04/2018", "starts_at_1": "09:00", "title_en": "One"}

    response = client.post(
        _address(seminar), form_data | day | time | rows("sessions", session)
    )

    assert response.status_code == 200
    assert {"starts_on", "publish_at"} <= set(response.context["adminform"].form.errors)
    assert any(
        "starts_at" in row
        for formset_errors in errors(response)[1:]
        for row in formset_errors
    )
    assert not Session.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("code", InterfaceLanguage.values)
def test_form_that_is_saved_untouched_keeps_its_days(code, sign_in):
    seminar = seminars.seminar(
        starts_on=dt.date(2018, 4, 3),
        date_precision="day",
        publish_at=dt.datetime(2098, 4, 3, 9, tzinfo=dt.UTC),
    )
    session = Session.objects.create(
        seminar=seminar,
        title_en="One",
        starts_at=dt.datetime(2018, 4, 3, tzinfo=dt.UTC),
    )
    client = sign_in(code)
    page = client.get(_address(seminar))
    input_values = {
        name: _input_value(page.text, name)
        for name in ("starts_on", "publish_at_0", "sessions-0-starts_at_0")
    }

    response = client.post(_address(seminar), filled(page) | input_values)

    assert response.status_code == 302, errors(response)
    assert input_values == {
        "starts_on": "2018-04-03",
        "publish_at_0": "2098-04-03",
        "sessions-0-starts_at_0": "2018-04-03",
    }
    stored = Seminar.objects.get(), Session.objects.get()
    assert (stored[0].starts_on, stored[0].publish_at) == (
        seminar.starts_on,
        seminar.publish_at,
    )
    assert stored[1].starts_at == session.starts_at


def _input_value(page: str, name: str) -> str:
    """Return the value of the input ``name`` in a page."""
    tag = re.search(rf'<input [^>]*name="{name}"[^>]*>', page)[0]
    return re.search(' value="([^"]*)"', tag)[1]


@pytest.mark.django_db
@pytest.mark.parametrize("code", InterfaceLanguage.values)
def test_date_picker_writes_dates_that_the_field_accepts(code, sign_in):
    script = sign_in(code).get(reverse("admin:jsi18n")).text

    formats = re.search(r'"DATE_INPUT_FORMATS": (\[[^\]]*\])', script)[1]

    with override(code):
        assert json.loads(formats)[0] in DayField().input_formats
