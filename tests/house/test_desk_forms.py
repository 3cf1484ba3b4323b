"""Every form by which something is added at the desk, as it is shown and sent."""

import re

import pytest
from django import forms
from django.contrib import admin
from django.contrib.staticfiles import finders
from django.db import models
from django.test import Client
from django.urls import reverse

from portal.publishing.typed import WrittenField
from portal.translations.blank import is_blank
from tests.adminforms import errors, filled, rows
from tests.house.addresses import ADMIN_MODELS
from tests.house.crawling import is_ours, path_of, read
from tests.house.desk_world import model_of
from tests.signing_in import confirmed

pytestmark = pytest.mark.django_db

NAMES = sorted(name for name, rights in ADMIN_MODELS.items() if "add" in rights)
# A file that is brought in has a form of its own.
WRITTEN = [name for name in NAMES if name != "publishing/importbatch"]


def _has_days(name: str) -> bool:
    model_admin = admin.site.get_model_admin(model_of(name))
    rows = [model_admin.model, *(inline.model for inline in model_admin.inlines)]
    return any(
        isinstance(field, models.DateField) and field.editable
        for model in rows
        for field in model._meta.fields
    )


# A user is added by name and password alone.
DATED = [name for name in WRITTEN if name != "accounts/user" and _has_days(name)]


def _address(name: str) -> str:
    return reverse("admin:{}_{}_add".format(*name.split("/")))


@pytest.fixture
def clerk(admin_user) -> Client:
    """Who may do anything, and has just shown the password."""
    return confirmed(Client(), admin_user)


@pytest.fixture
def opened(clerk):
    """A function from ``app/model`` to the answer with its empty form."""

    def get(name: str):
        response = clerk.get(_address(name))
        assert response.status_code == 200
        return response

    return get


@pytest.mark.parametrize("name", NAMES)
def test_form_fetches_only_what_is_ours(name, opened):
    page = read(_address(name), opened(name).content.decode())

    # Signs are drawn on the page itself; the other is the desk's own words for scripts.
    made = {_address(name), reverse("admin:jsi18n")}
    files = {path_of(address) for address in page.fetched} - made
    assert [one for one in page.fetched | page.links if not is_ours(one)] == []
    assert [one for one in files if not _is_found(one)] == []
    assert files


def _is_found(path: str) -> bool:
    return finders.find(path.removeprefix("/static/").lstrip("/")) is not None


def test_words_of_a_picture_stand_in_the_switch_of_languages(opened):
    """Its script takes the rows of one text in several languages by their class."""
    response = opened("files/picture")

    page = response.content.decode()
    assert "data-desk-languages" in page
    for code in ("zh_hans", "en", "km"):
        assert f"form-row field-alternative_{code}" in page
    assert "tabs" not in str(response.context["media"])


HUGE = ("9" * 30, "9" * 5000)


def _relations(form) -> list[forms.BoundField]:
    return [one for one in form if isinstance(one.field, forms.ModelChoiceField)]


@pytest.mark.parametrize("key", HUGE, ids=len)
@pytest.mark.parametrize("name", WRITTEN)
def test_key_that_no_row_can_have_is_an_error_of_its_field(name, key, clerk, opened):
    """In each relation of the form, one after the other."""
    response = opened(name)
    sent = filled(response)

    for one in _relations(response.context["adminform"].form):
        refused = clerk.post(_address(name), {**sent, one.html_name: key})

        assert refused.status_code == 200, one.html_name
        told = refused.context["adminform"].form.errors
        assert one.name in told, errors(refused)


@pytest.mark.parametrize("name", WRITTEN)
def test_key_that_no_row_can_have_is_an_error_of_its_row(name, clerk, opened):
    """In all relations of a row of each inline."""
    response = opened(name)
    sent = filled(response)
    inlines = response.context["inline_admin_formsets"]

    for inline in inlines:
        formset = inline.formset
        names = [one.name for one in _relations(formset.empty_form)]
        keys = ("id", getattr(getattr(formset, "fk", None), "name", ""))
        names = [one for one in names if one not in keys]
        row = rows(formset.prefix, dict.fromkeys(names, HUGE[0]))
        refused = clerk.post(_address(name), {**sent, **row})

        assert refused.status_code == 200, formset.prefix
        assert set(names) <= _wrong_in(refused, formset.prefix), formset.prefix


# No day before the first and after the last can be reckoned, nor their hours elsewhere.
DAYS = ("0001-01-01", "9999-12-31")
_DAYS = (forms.DateField, forms.SplitDateTimeField)


def _days(form, day: str) -> tuple[set[str], dict]:
    """The names of its days, and how a browser sends ``day`` as each of them."""
    found = [one for one in form if isinstance(one.field, _DAYS)]
    sent = {}
    for one in found:
        if isinstance(one.field, forms.DateField):
            sent[one.html_name] = day
        else:
            sent |= {f"{one.html_name}_0": day, f"{one.html_name}_1": "23:59"}
    return {one.name for one in found}, sent


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("name", DATED)
def test_day_of_no_known_year_is_an_error_of_its_field(name, day, clerk, opened):
    response = opened(name)
    names, days = _days(response.context["adminform"].form, day)
    wanted = {"": names}
    for inline in response.context["inline_admin_formsets"]:
        prefix = inline.formset.prefix
        wanted[prefix], row = _days(inline.formset.empty_form, day)
        row = {key.removeprefix(f"{prefix}-__prefix__-"): row[key] for key in row}
        days |= rows(prefix, row) if row else {}
    assert days

    refused = clerk.post(_address(name), {**filled(response), **days})

    assert refused.status_code == 200
    assert names <= set(refused.context["adminform"].form.errors)
    for prefix in filter(None, wanted):
        assert wanted[prefix] <= _wrong_in(refused, prefix), prefix


@pytest.mark.parametrize("name", WRITTEN)
def test_text_that_shows_nothing_is_none(name, clerk, opened):
    response = opened(name)
    form = response.context["adminform"].form
    texts = [one.html_name for one in form if type(one.field) is WrittenField]
    blank = dict.fromkeys(texts, "\u200b \u2060")

    answer = clerk.post(_address(name), {**filled(response), **blank})

    if answer.status_code == 302:
        # Nothing in the form has to be written.
        taken = vars(model_of(name).objects.latest("pk"))
    else:
        taken = answer.context["adminform"].form.cleaned_data
    told = {one: taken[one] for one in texts if taken.get(one)}
    assert [one for one in told if is_blank(told[one])] == []


def _wrong_in(refused, prefix: str) -> set[str]:
    found = (one.formset for one in refused.context["inline_admin_formsets"])
    formset = next(one for one in found if one.prefix == prefix)
    return {name for row in formset.errors for name in row}


@pytest.mark.parametrize("name", NAMES)
def test_day_and_time_are_called_by_their_field(name, opened):
    page = opened(name).content.decode()

    inputs = re.findall(r'<input [^>]*class="v(?:Date|Time)Field"[^>]*>', page)
    ids = re.findall(r'<label [^>]*for="([^"]+)"', page)
    for one in inputs:
        is_labelled = re.search(r' id="([^"]+)"', one)[1] in ids
        assert is_labelled or re.search(r' aria-label="[^"]+ – (Date|Time)"', one), one
