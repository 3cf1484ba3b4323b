"""Every add form of the admin, as it is rendered and submitted."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, product
from urllib.parse import urlencode

import pytest
from django import forms
from django.contrib import admin
from django.contrib.staticfiles import finders
from django.db import models
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import translation

from portal.content.form_fields.typed_fields import NonBlankCharField
from portal.core.translations.invisible_text import is_blank
from tests.admin_forms import errors, filled, rows
from tests.factories import publishing as states
from tests.failures import collect_failures
from tests.project.html_crawler import is_ours, parse_page, path_of
from tests.project.staff_dataset import model_of
from tests.project.url_table import ADMIN_MODELS, RECORD_MODELS
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


def test_labels_name_language_in_language_of_reader(opened):
    """A label is formed when it is shown, and names no code of a language."""
    with collect_failures() as failures:
        for name in WRITTEN:
            with failures.isolated_case(name):
                page = opened(name).content.decode()
                assert re.findall(r"[\[(](?:zh-hans|en|ind?|vi)[\])]:", page) == []
    fields = _form(opened("seminars/seminar")).fields
    names = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            names[language] = str(fields["title_zh_hans"].label)
    assert names["en"] == "Title (Simplified Chinese)"
    assert "标题" in names["zh-hans"]
    assert "简体中文" in names["zh-hans"]


# ---------------------------------------------------------------- values out of range

HUGE_NUMBERS = ("9" * 30, "9" * 5000)
# The first and the last day that Python knows: arithmetic and time zones overflow.
DAYS = ("0001-01-01", "9999-12-31")
_DAYS = (forms.DateField, forms.SplitDateTimeField)


@dataclass
class Inputs:
    """Inputs of a form and of one new row of each inline, and who must refuse them.

    ``refusing`` has the names of the fields by the prefix of the inline, "" for the
    form itself.
    """

    values: dict[str, str] = field(default_factory=dict)
    refusing: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def __or__(self, other: "Inputs") -> "Inputs":
        both = Inputs(self.values | other.values)
        for prefix in self.refusing.keys() | other.refusing.keys():
            both.refusing[prefix] = self.refusing[prefix] | other.refusing[prefix]
        return both


def _formsets(response) -> list:
    return [inline.formset for inline in response.context["inline_admin_formsets"]]


def _relations(form) -> list[forms.BoundField]:
    return [bound for bound in form if isinstance(bound.field, forms.ModelChoiceField)]


def _row_relations(formset) -> list[forms.BoundField]:
    """Return the relations of an empty row, except those to the record itself."""
    keys = ("id", getattr(getattr(formset, "fk", None), "name", ""))
    return [bound for bound in _relations(formset.empty_form) if bound.name not in keys]


def _days(form) -> list[forms.BoundField]:
    return [bound for bound in form if isinstance(bound.field, _DAYS)]


def _set(bounds: list[forms.BoundField], value: str, prefix: str = "") -> Inputs:
    """Set fields to ``value``; with ``prefix``, those of a new row of that inline."""
    sent = {}
    for bound in bounds:
        name = bound.html_name
        if isinstance(bound.field, forms.SplitDateTimeField):
            sent |= {f"{name}_0": value, f"{name}_1": "23:59"}
        else:
            sent[name] = value
    if prefix and sent:
        start = f"{prefix}-__prefix__-"
        sent = rows(prefix, {name.removeprefix(start): sent[name] for name in sent})
    return Inputs(sent, defaultdict(set, {prefix: {bound.name for bound in bounds}}))


def _huge_keys(response, key: str) -> Inputs:
    """Set every relation of the form and of a row of each inline to ``key``."""
    wrong = _set(_relations(_form(response)), key)
    for formset in _formsets(response):
        wrong |= _set(_row_relations(formset), key, formset.prefix)
    return wrong


def _far_days(response, day: str) -> Inputs:
    """Set every date of the form and of a row of each inline to ``day``."""
    wrong = _set(_days(_form(response)), day)
    for formset in _formsets(response):
        wrong |= _set(_days(formset.empty_form), day, formset.prefix)
    return wrong


def _form(response) -> forms.ModelForm:
    return response.context["adminform"].form


def _names_with_errors(form, formsets) -> dict[str, set[str]]:
    """Return the names of the fields with errors, by prefix; "" for the form."""
    reported = {"": set(form.errors)}
    for formset in formsets:
        reported[formset.prefix] = {name for row in formset.errors for name in row}
    return reported


def _submitted(form, sent: dict) -> forms.ModelForm:
    """Return the form as the admin creates it for a request with ``sent``."""
    return type(form)(_posted(sent), {}, instance=type(form.instance)())


def _posted(sent: dict) -> QueryDict:
    return QueryDict(urlencode(sent, doseq=True))


def _check_refused(response, sent: dict, wrong: Inputs) -> None:
    """Validate the form and its inlines as the admin does, without the page."""
    values = sent | wrong.values
    form = _submitted(_form(response), values)
    formsets = [
        type(formset)(
            _posted(values), {}, instance=form.instance, prefix=formset.prefix
        )
        for formset in _formsets(response)
    ]
    reported = _names_with_errors(form, formsets)
    for prefix, names in wrong.refusing.items():
        assert names <= reported[prefix], (prefix, reported)


def test_out_of_range_foreign_key_is_field_error(opened):
    """In each relation of the form in turn."""
    with collect_failures() as failures:
        for name in WRITTEN:
            response = opened(name)
            sent = filled(response)
            for bound, key in product(_relations(_form(response)), HUGE_NUMBERS):
                with failures.isolated_case(name, bound.name, len(key)):
                    form = _submitted(_form(response), sent | {bound.html_name: key})
                    assert bound.name in form.errors


def test_out_of_range_foreign_key_is_inline_row_error(opened):
    """In all relations of a row of each inline."""
    with collect_failures() as failures:
        for name in WRITTEN:
            response = opened(name)
            sent = filled(response)
            for formset, key in product(_formsets(response), HUGE_NUMBERS):
                with failures.isolated_case(name, formset.prefix, len(key)):
                    wrong = _set(_row_relations(formset), key, formset.prefix)
                    _check_refused(response, sent, wrong)


def test_out_of_range_year_is_field_error(opened):
    with collect_failures() as failures:
        for name, day in product(DATED, DAYS):
            with failures.isolated_case(name, day):
                response = opened(name)
                wrong = _far_days(response, day)
                assert any(wrong.refusing.values())
                _check_refused(response, filled(response), wrong)


def test_page_of_refused_form_shows_out_of_range_values(clerk, opened):
    """All of them at once, with each key and day in turn from form to form.

    How an input shows a refused value depends on its kind, and each kind is in several
    forms; the tests above try each value with each field.
    """
    with collect_failures() as failures:
        pairs = cycle(zip(HUGE_NUMBERS, DAYS, strict=True))
        for name, (key, day) in zip(WRITTEN, pairs, strict=False):
            with failures.isolated_case(name, len(key), day):
                response = opened(name)
                wrong = _huge_keys(response, key) | _far_days(response, day)
                values = filled(response) | wrong.values
                if not any(wrong.refusing.values()):
                    continue

                refused = clerk.post(_address(name), values)

                assert refused.status_code == 200, errors(refused)
                reported = _names_with_errors(_form(refused), _formsets(refused))
                for prefix, names in wrong.refusing.items():
                    assert names <= reported[prefix], (prefix, errors(refused))


def test_missing_precision_is_reported_once_at_its_field(opened):
    """For each date that may be known to the month or year only."""
    message = "Choose how exactly the date is known: day, month or year."
    with collect_failures() as failures:
        for name in RECORD_MODELS:
            response = opened(name)
            for date, precision in _form(response).instance.date_precisions.items():
                with failures.isolated_case(name, date):
                    sent = filled(response) | {date: "2024-05-06", precision: ""}
                    form = _submitted(_form(response), sent)
                    reported = [error for row in form.errors.values() for error in row]
                    assert form.errors.get(precision) == [message]
                    assert not [
                        e
                        for e in reported
                        if (
                            "Choose day, month or year for the date, or leave both "
                            "blank."
                        )
                        in e
                    ]


# ------------------------------------------------------------------------------ texts


def test_invisible_text_counts_as_empty(opened):
    with collect_failures() as failures:
        for name in WRITTEN:
            with failures.isolated_case(name):
                _check_blank_texts(opened(name))


def _check_blank_texts(response) -> None:
    texts = [
        bound.html_name
        for bound in _form(response)
        if type(bound.field) is NonBlankCharField
    ]
    blank = dict.fromkeys(texts, "\u200b \u2060")

    form = _submitted(_form(response), filled(response) | blank)

    form.full_clean()
    values = form.cleaned_data
    assert [t for t in texts if values.get(t) and is_blank(values[t])] == []


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


def test_labels_begin_with_a_capital_letter(rf, admin_user):
    """Django capitalises the labels of model fields, but not those of a form class."""
    request = rf.get("/admin/")
    request.user = admin_user
    with collect_failures() as failures:
        for model_admin in admin.site._registry.values():
            forms = [model_admin.get_form(request)]
            for formset, _inline in model_admin.get_formsets_with_inlines(request):
                forms.append(formset.form)
            for form in forms:
                for name, field in form.base_fields.items():
                    with failures.case(model_admin, name):
                        label = str(field.label or "")
                        assert label[:1] == label[:1].upper(), label
