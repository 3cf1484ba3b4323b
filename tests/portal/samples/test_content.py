"""Sample records: their texts, and how they are marked as invented."""

import datetime as dt
import re

import pytest
from django.core.management import call_command
from django.utils import timezone

from portal.content.catalogue.models import Entry, EntryText
from portal.content.catalogue.registry import get_kind
from portal.content.changes.models import Change
from portal.reference.people.models import Person
from portal.samples.plan import CODE_FORMATS
from seminars.models import Seminar
from tests.factories.publishing import published
from tests.factories.seminars import seminar
from tests.failures import collect_failures
from tests.portal.samples.countries import create_countries

pytestmark = pytest.mark.django_db

# Among fewer samples no seminar has an unknown date.
SAMPLE_COUNT = 100

SCRIPTS = {
    "zh-hans": "[\u4e00-\u9fff]",
    "zh-hant": "[\u4e00-\u9fff]",
    "th": "[\u0e00-\u0e7f]",
    "lo": "[\u0e80-\u0eff]",
    "km": "[\u1780-\u17ff]",
    "my": "[\u1000-\u109f]",
}


@pytest.fixture(scope="module")
def rows(rows_of_module):
    with rows_of_module(create_samples):
        yield


@pytest.fixture
def samples(rows, db):
    """The samples, which the tests of this module share."""


def create_samples() -> None:
    create_countries()
    call_command("load_sample", records=SAMPLE_COUNT)


def test_samples_cover_every_date_precision(samples):
    known = set(Seminar.objects.values_list("date_precision", flat=True))
    states = set(Seminar.objects.values_list("state", flat=True))
    assert known == {"", "day", "month", "year"}
    assert {"", "held"} <= states


def test_sample_texts_use_script_of_their_language(samples):
    texts = EntryText.objects.values_list("language", "title", "summary")
    assert {language for language, _title, _summary in texts} >= set(SCRIPTS)
    for language, title, summary in texts:
        assert re.search(SCRIPTS.get(language, "[A-Za-z]"), title or summary), title


def test_samples_cover_single_and_all_languages(samples):
    numbers = {len(row) for row in Entry.objects.values_list("languages", flat=True)}

    assert {1, 2, 12} <= numbers


def test_sample_page_is_marked(samples, client):
    with collect_failures() as failures:
        for code in CODE_FORMATS:
            if code == "figure":  # has no page
                continue
            with failures.isolated_case(code):
                sample = get_kind(code).model.objects.filter(is_sample=True).first()
                page = client.get(sample.get_absolute_url()).content.decode()
                assert page.count("This is an example, not a real record.") == 1


def test_real_record_page_is_not_marked(samples, client):
    record = published(seminar("SEM-0001"))

    page = client.get(record.get_absolute_url()).content.decode()

    assert "invented" not in page


def test_list_marks_each_sample(samples, client):
    newest = {"starts_on": dt.date(2040, 1, 1), "date_precision": "day"}
    published(seminar("SEM-0001", **newest))

    response = client.get("/en/seminars/")

    page = response.content.decode()
    codes = [card.code for card in response.context["entries"]]
    assert codes[0] == "SEM-0001"
    assert page.count('<li class="card') == len(codes) == 20
    assert page.count("Example data") == 19


def test_api_marks_samples(samples, client):
    published(seminar("SEM-0001"))
    codes = set(Seminar.objects.values_list("code", flat=True))

    results = client.get("/api/v1/seminars/", {"page_size": 200}).json()["results"]

    assert {row["code"]: row["is_sample"] for row in results} == {
        code: code != "SEM-0001" for code in codes
    }


def test_sample_people_are_fictional_and_not_public(samples, client):
    taking_part = Seminar.objects.filter(is_sample=True, participants__isnull=False)
    names = set(Person.objects.values_list("name_latin", flat=True))

    assert names
    assert all(name.endswith("(sample)") for name in names)
    for record in taking_part.distinct():
        page = client.get(record.get_absolute_url()).content.decode()
        assert not [name for name in names if name in page]


def test_newest_change_has_sample_changed_at(samples):
    newest = Change.objects.order_by("-position").first()

    model = get_kind(newest.kind).model
    record = model.objects.get(**{model.code_field: newest.code})
    assert record.is_sample
    assert newest.changed_at == record.changed_at
    assert record.changed_at < timezone.now()
