"""Sample records: their texts, and how they are marked as invented."""

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

pytestmark = pytest.mark.django_db

SCRIPTS = {
    "zh-hans": "[\u4e00-\u9fff]",
    "zh-hant": "[\u4e00-\u9fff]",
    "th": "[\u0e00-\u0e7f]",
    "lo": "[\u0e80-\u0eff]",
    "km": "[\u1780-\u17ff]",
    "my": "[\u1000-\u109f]",
}


def load(records=60) -> None:
    call_command("load_sample", records=records)


def test_samples_cover_every_date_precision(lands):
    load(200)

    known = set(Seminar.objects.values_list("date_precision", flat=True))
    states = set(Seminar.objects.values_list("state", flat=True))
    assert known == {"", "day", "month", "year"}
    assert {"", "held"} <= states


def test_sample_texts_use_script_of_their_language(lands):
    load()

    texts = EntryText.objects.values_list("language", "title", "summary")
    assert {language for language, _title, _summary in texts} >= set(SCRIPTS)
    for language, title, summary in texts:
        assert re.search(SCRIPTS.get(language, "[A-Za-z]"), title or summary), title


def test_samples_cover_single_and_all_languages(lands):
    load()

    numbers = {len(row) for row in Entry.objects.values_list("languages", flat=True)}

    assert {1, 2, 12} <= numbers


def test_sample_page_is_marked(lands, client):
    load(10)

    with collect_failures() as failures:
        for code in CODE_FORMATS:
            if code == "figure":  # has no page
                continue
            with failures.isolated_case(code):
                sample = get_kind(code).model.objects.get(is_sample=True)
                page = client.get(sample.get_absolute_url()).content.decode()
                assert page.count("This is an invented sample.") == 1


def test_real_record_page_is_not_marked(lands, client):
    record = published(seminar("SEM-0001"))

    page = client.get(record.get_absolute_url()).content.decode()

    assert "invented" not in page


def test_list_marks_each_sample(lands, client):
    published(seminar("SEM-0001"))
    load()
    samples = Seminar.objects.filter(is_sample=True).count()

    page = client.get("/en/seminars/").content.decode()

    assert page.count('<li class="card') == samples + 1
    assert page.count("Invented sample") == samples


def test_api_marks_samples(lands, client):
    published(seminar("SEM-0001"))
    load(10)

    results = client.get("/api/v1/seminars/").json()["results"]

    assert {row["code"]: row["is_sample"] for row in results} == {
        "SEM-0001": False,
        "SEM-900001": True,
    }


def test_sample_people_are_fictional_and_not_public(lands, client):
    load(200)
    taking_part = Seminar.objects.filter(is_sample=True, participants__isnull=False)
    names = set(Person.objects.values_list("name_latin", flat=True))

    assert names
    assert all(name.endswith("(sample)") for name in names)
    for record in taking_part.distinct():
        page = client.get(record.get_absolute_url()).content.decode()
        assert not [name for name in names if name in page]


def test_newest_change_has_sample_changed_at(lands):
    load(10)

    newest = Change.objects.order_by("-position").first()

    record = get_kind(newest.kind).model.objects.get(is_sample=True)
    assert newest.changed_at == record.changed_at
    assert record.changed_at < timezone.now()
