"""Every add form of the admin, as it is rendered and submitted."""

import re
from collections.abc import Iterator
from itertools import product

import pytest
from django import forms
from django.contrib import admin
from django.contrib.staticfiles import finders
from django.db import models
from django.test import Client
from django.urls import reverse

from portal.content.form_fields.typed_fields import NonBlankCharField
from portal.core.translations.invisible_text import is_blank
from tests.admin_forms import errors, filled, rows
from tests.factories import publishing as states
from tests.failures import collect_failures
from tests.project.html_crawler import is_ours, parse_page, path_of
from tests.project.staff_dataset import model_of
from tests.project.url_table import ADMIN_MODELS
from tests.sign_in import confirmed

pytestmark = pytest.mark.django_db

NAMES = sorted(name for name, rights in ADMIN_MODELS.items() if "add" in rights)
# An import has a form of its own.
WRITTEN = [name for name in NAMES if name != "publishing/importbatch"]


def _has_days(name: str) -> bool:
    model_admin = admin.site.get_model_admin(model_of(name))
    rows = [model_admin.model, *(inline.model for inline in model_admin.inlines)]
    return any(
        isinstance(field, models.DateField) and field.editable
        for model in rows
        for field in model._meta.fields
    )


# The add form of a user has only name and password.
DATED = [name for name in WRITTEN if name != "accounts/user" and _has_days(name)]


def _address(name: str) -> str:
    return reverse("admin:{}_{}_add".format(*name.split("/")))


@pytest.fixture(scope="module")
def opened_forms(rows_of_module) -> Iterator[tuple[Client, dict]]:
    """A superuser, and the answers with the empty form of every ``app/model``."""
    with rows_of_module(_open_forms) as opened_forms:
        yield opened_forms


def _open_forms() -> tuple[Client, dict]:
    clerk = confirmed(Client(), states.staff("sample.chief", is_superuser=True))
    return clerk, {name: clerk.get(_address(name)) for name in NAMES}


@pytest.fixture
def clerk(opened_forms, db) -> Client:
    """A superuser who has just entered the password."""
    return opened_forms[0]


@pytest.fixture
def opened(opened_forms, db):
    """A function that returns the answer with the empty form of ``app/model``."""

    def fetch(name: str):
        response = opened_forms[1][name]
        assert response.status_code == 200
        return response

    return fetch


def test_admin_form_loads_only_same_origin_resources(opened):
    with collect_failures() as failures:
        for name in NAMES:
            with failures.isolated_case(name):
                page = parse_page(_address(name), opened(name).content.decode())
                # Icons are in the page itself; jsi18n is the catalogue for scripts.
                views = {_address(name), reverse("admin:jsi18n")}
                files = {path_of(address) for address in page.fetched} - views
                assert [u for u in page.fetched | page.links if not is_ours(u)] == []
                assert [path for path in files if not _is_resolvable(path)] == []
                assert files


def _is_resolvable(path: str) -> bool:
    return finders.find(path.removeprefix("/static/").lstrip("/")) is not None


def test_picture_alt_text_rows_have_language_switch_classes(opened):
    """The script of the switch finds the rows of a translated text by their class."""
    response = opened("files/picture")

    page = response.content.decode()
    assert "data-staff-languages" in page
    for code in ("zh_hans", "en", "km"):
        assert f"form-row field-alternative_{code}" in page
    assert "tabs" not in str(response.context["media"])


HUGE_NUMBERS = ("9" * 30, "9" * 5000)


def _relations(form) -> list[forms.BoundField]:
    return [bound for bound in form if isinstance(bound.field, forms.ModelChoiceField)]


def test_out_of_range_foreign_key_is_field_error(clerk, opened):
    """In each relation of the form in turn."""
    with collect_failures() as failures:
        for name in WRITTEN:
            response = opened(name)
            sent = filled(response)
            relations = _relations(response.context["adminform"].form)
            for bound, key in product(relations, HUGE_NUMBERS):
                with failures.isolated_case(name, bound.name, len(key)):
                    values = {**sent, bound.html_name: key}
                    refused = clerk.post(_address(name), values)
                    assert refused.status_code == 200
                    form_errors = refused.context["adminform"].form.errors
                    assert bound.name in form_errors, errors(refused)


def test_out_of_range_foreign_key_is_inline_row_error(clerk, opened):
    """In all relations of a row of each inline."""
    with collect_failures() as failures:
        for name in WRITTEN:
            response = opened(name)
            sent = filled(response)
            for inline in response.context["inline_admin_formsets"]:
                formset = inline.formset
                with failures.isolated_case(name, formset.prefix):
                    keys = ("id", getattr(getattr(formset, "fk", None), "name", ""))
                    names = {bound.name for bound in _relations(formset.empty_form)}
                    names -= set(keys)
                    row = rows(formset.prefix, dict.fromkeys(names, HUGE_NUMBERS[0]))
                    refused = clerk.post(_address(name), {**sent, **row})
                    assert refused.status_code == 200
                    assert names <= _wrong_in(refused, formset.prefix)


# The first and the last day that Python knows: arithmetic and time zones overflow.
DAYS = ("0001-01-01", "9999-12-31")
_DAYS = (forms.DateField, forms.SplitDateTimeField)


def _days(form, day: str) -> tuple[set[str], dict]:
    """Return the names of the date fields, and the inputs that set each to ``day``."""
    bounds = [bound for bound in form if isinstance(bound.field, _DAYS)]
    sent = {}
    for bound in bounds:
        if isinstance(bound.field, forms.DateField):
            sent[bound.html_name] = day
        else:
            sent |= {f"{bound.html_name}_0": day, f"{bound.html_name}_1": "23:59"}
    return {bound.name for bound in bounds}, sent


def test_out_of_range_year_is_field_error(clerk, opened):
    with collect_failures() as failures:
        for name in DATED:
            response = opened(name)
            for day in DAYS:
                with failures.isolated_case(name, day):
                    _check_day_is_refused(clerk, name, response, day)


def _check_day_is_refused(clerk: Client, name: str, response, day: str) -> None:
    names, days = _days(response.context["adminform"].form, day)
    of_inlines = {}
    for inline in response.context["inline_admin_formsets"]:
        prefix = inline.formset.prefix
        of_inlines[prefix], row = _days(inline.formset.empty_form, day)
        row = {key.removeprefix(f"{prefix}-__prefix__-"): row[key] for key in row}
        days |= rows(prefix, row) if row else {}
    assert days

    refused = clerk.post(_address(name), {**filled(response), **days})

    assert refused.status_code == 200
    assert names <= set(refused.context["adminform"].form.errors)
    for prefix, expected in of_inlines.items():
        assert expected <= _wrong_in(refused, prefix), prefix


def test_invisible_text_counts_as_empty(clerk, opened):
    with collect_failures() as failures:
        for name in WRITTEN:
            with failures.isolated_case(name):
                _check_blank_texts(clerk, name, opened(name))


def _check_blank_texts(clerk: Client, name: str, response) -> None:
    form = response.context["adminform"].form
    texts = [
        bound.html_name for bound in form if type(bound.field) is NonBlankCharField
    ]
    blank = dict.fromkeys(texts, "\u200b \u2060")

    answer = clerk.post(_address(name), {**filled(response), **blank})

    if answer.status_code == 302:
        # No field of the form is required.
        values = vars(model_of(name).objects.latest("pk"))
    else:
        values = answer.context["adminform"].form.cleaned_data
    assert [t for t in texts if values.get(t) and is_blank(values[t])] == []


def _wrong_in(refused, prefix: str) -> set[str]:
    """Return the names of the fields with errors in the rows of an inline."""
    formsets = (inline.formset for inline in refused.context["inline_admin_formsets"])
    formset = next(formset for formset in formsets if formset.prefix == prefix)
    return {name for row in formset.errors for name in row}


def test_date_and_time_inputs_have_accessible_names(opened):
    with collect_failures() as failures:
        for name in NAMES:
            with failures.isolated_case(name):
                page = opened(name).content.decode()
                _check_labels(page)


def _check_labels(page: str) -> None:
    inputs = re.findall(r'<input [^>]*class="v(?:Date|Time)Field"[^>]*>', page)
    ids = re.findall(r'<label [^>]*for="([^"]+)"', page)
    for tag in inputs:
        is_labelled = re.search(r' id="([^"]+)"', tag)[1] in ids
        assert is_labelled or re.search(r' aria-label="[^"]+ – (Date|Time)"', tag), tag
