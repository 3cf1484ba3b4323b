"""The public record that is shipped with the project, loaded once for this module."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone, translation

from exchanges.models import Mechanism
from portal.conference.models import Edition
from portal.content.catalogue import operations as catalogue
from portal.content.catalogue.content_digest import ROW_AXIS, row_value
from portal.content.catalogue.formed_titles import collect_keys_in_facts
from portal.content.catalogue.models import Entry, EntryTag, SearchRow
from portal.content.catalogue.registry import all_kinds, get_kind
from portal.content.catalogue.search.marker_tokens import whole_title_token
from portal.content.catalogue.search.tokens import parse_terms
from portal.content.changes.models import Change
from portal.content.publishing.choices import Status
from portal.content.publishing.models import EvidenceOnlyHost, Publishable
from portal.content.publishing.numbering import FIRST_ASSIGNED_NUMBER
from portal.content.spreadsheets.columns import KeyIndex, SourcesColumn
from portal.content.spreadsheets.resources import Resource
from portal.core.accounts.models import User
from portal.core.jobs import operations as jobs
from portal.core.languages import LANGUAGES_BY_CODE, Language
from portal.core.translations.localized_text import LocalizedText
from portal.management.commands.load_record import RECORD, RESOURCES
from portal.reference.directory.models import Country, Organ, Place, Topic
from portal.website.cards import load_titles


def each(*resources: type[Resource]):
    """Return a marker that runs a test once for each of these resources."""
    return pytest.mark.parametrize(
        "resource", resources, ids=lambda resource: resource.file
    )


by_file = each(*RESOURCES)


@pytest.fixture(scope="module")
def record(django_db_setup, django_db_blocker):
    """Load the public record for this module's tests and roll it back afterwards."""
    output = StringIO()
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_record", stdout=output, stderr=StringIO())
        # Nothing is committed here, so no worker is woken for the jobs.
        jobs.run_due_jobs(at=timezone.now(), limit=1000)
        yield output.getvalue()
        transaction.set_rollback(True)


@pytest.fixture
def loaded_output(record, db) -> str:
    """Return the output of ``load_record``; each test runs in its own savepoint."""
    return record


def rows_of(resource: type[Resource]) -> list[dict[str, str]]:
    with (RECORD / resource.file).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def has_sources(resource: type[Resource]) -> bool:
    return any(isinstance(column, SourcesColumn) for column in resource.columns)


def rows_by_sources() -> dict[str, int]:
    """Return file → number of rows, from the table in SOURCES.md."""
    text = (RECORD / "SOURCES.md").read_text(encoding="utf-8")
    return {
        file: int(rows) for file, rows in re.findall(r"\| (\w+\.csv) \| (\d+) \|", text)
    }


def test_every_file_of_the_record_is_loaded():
    shipped = {path.name for path in RECORD.glob("*.csv")}

    assert {resource.file for resource in RESOURCES} == shipped


def test_row_counts_match_sources_md():
    counts = {resource.file: len(rows_of(resource)) for resource in RESOURCES}
    # pages.csv is written by the project; SOURCES.md describes collected data only.
    pages = counts.pop("pages.csv")

    assert counts == rows_by_sources()
    assert sum(counts.values()) == 347
    assert pages == 3


def test_numbers_leave_room_for_records_that_people_enter():
    codes = [
        row[resource().key_column.header]
        for resource in RESOURCES
        for row in rows_of(resource)
    ]

    numbers = [int(code[4:]) for code in codes if re.fullmatch("[A-Z]{3}-[0-9]+", code)]
    assert len(numbers) > 100
    assert max(numbers) < FIRST_ASSIGNED_NUMBER


@by_file
def test_headings_match_columns(resource):
    with (RECORD / resource.file).open(encoding="utf-8", newline="") as stream:
        headings = next(csv.reader(stream))

    assert sorted(headings) == sorted(column.header for column in resource.columns)


@by_file
def test_every_column_has_a_field_of_its_own(resource):
    fields = [column.field for column in resource.columns]

    assert len(set(fields)) == len(fields)
    for column in resource.columns:
        assert resource.model._meta.get_field(column.model_field).model is not None


@by_file
def test_every_cell_is_loaded_into_its_field(resource, loaded_output):
    keys = KeyIndex()
    rows = rows_of(resource)
    records = {
        str(getattr(record, resource.key)): record
        for record in resource.model.objects.all()
    }
    in_file_order = [records[row[resource().key_column.header]] for row in rows]

    exported = resource().get_values(in_file_order)

    assert len(records) == len(rows)
    assert exported == [
        {
            column.field: column.parse_cell(row[column.header], keys)
            for column in resource.columns
        }
        for row in rows
    ]


@each(*(resource for resource in RESOURCES if has_sources(resource)))
def test_every_source_url_is_loaded(resource, loaded_output):
    """The expected number is counted from the raw file, not by the column's parser."""
    written = [row["source_urls"].split(";") for row in rows_of(resource)]
    addresses = sum(1 for cell in written for url in cell if url)

    stored = sum(row.sources.count() for row in resource.model.objects.all())

    assert stored == addresses


@each(*(item for item in RESOURCES if issubclass(item.model, Publishable)))
def test_everything_public_is_published_by_the_system_actor(resource, loaded_output):
    actor = User.objects.get(username="system:record")

    values = set(
        resource.model.objects.values_list("status", "created_by", "updated_by")
    )

    assert values == {(Status.PUBLISHED, actor.pk, actor.pk)}


def test_places_topics_and_hosts_are_loaded(loaded_output):
    counts = [model.objects.count() for model in (Place, Topic, EvidenceOnlyHost)]

    assert counts == [38, 32, 21]


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("editions", 15),
        ("documents", 38),
        ("visits", 28),
        ("meetings", 4),
        ("mechanisms", 4),
        ("seminars", 4),
        ("figures", 7),
        ("articles", 1),
        ("organs", 39),
        ("countries", 12),
        ("pages", 3),
    ],
)
def test_api_returns_the_counts_of_sources_md(kind, count, loaded_output, client):
    response = client.get(f"/api/v1/{kind}/", {"page_size": 200})

    assert len(response.json()["results"]) == count
    assert response.json()["next"] is None


def test_command_prints_summary_table(loaded_output):
    table = [line.split() for line in loaded_output.splitlines()]

    assert table[0] == ["file", "created", "updated", "unchanged", "kept", "rejected"]
    assert table[1:-1] == [
        [resource.file, str(len(rows_of(resource))), "0", "0", "0", "0"]
        for resource in RESOURCES
    ]
    assert table[-1] == ["350", "changes."]


def test_second_run_changes_nothing(loaded_output):
    output = StringIO()
    before = list(Change.objects.order_by("position").values())

    call_command("load_record", stdout=output)

    assert output.getvalue().splitlines()[-1] == "0 changes."
    assert list(Change.objects.order_by("position").values()) == before


def test_rebuilding_the_catalogue_changes_nothing(loaded_output):
    changed, removed, unchanged = catalogue.rebuild(at=timezone.now())

    assert (changed, removed) == (0, 0)
    assert unchanged == Entry.objects.count() == 155


def displayed_titles() -> Iterator[tuple[Publishable, Language, LocalizedText]]:
    """Yield the title of every record that has one, for readers of each language."""
    for kind in all_kinds():
        records = list(kind.model.objects.published(timezone.now()))
        for language in LANGUAGES_BY_CODE.values():
            with translation.override(language.code):
                titles = load_titles(records, language)
            yield from (
                (record, language, title) for record, title in titles.items() if title
            )


def test_displayed_titles_are_the_indexed_titles(loaded_output):
    rows = SearchRow.objects.values_list("entry__kind", "entry__code", "tokens")
    tokens = {(kind, code): set(text.split()) for kind, code, text in rows}

    missing = [
        (record.public_code, language.code, title.text)
        for record, language, title in displayed_titles()
        if whole_title_token(parse_terms(title.text))
        not in tokens[record.kind, record.public_code]
    ]

    assert not missing


def test_records_without_texts_can_be_read_in_the_languages_of_their_titles(
    loaded_output,
):
    missing = [
        (record.public_code, language.code, title.text)
        for record, language, title in displayed_titles()
        if not (record.content_fields or title.is_fallback or title.is_converted)
        and language.code not in record.languages
    ]

    assert not missing


def test_entries_depend_on_every_row_that_their_titles_name(loaded_output):
    models_by_axis = {
        "country": Country,
        "organ": Organ,
        "place": Place,
        "topic": Topic,
    }
    row_values = {
        (axis, getattr(row, model.link_key)): row_value(row)
        for axis, model in models_by_axis.items()
        for row in model.objects.all()
    }
    tags = defaultdict(set)
    for tag in EntryTag.objects.filter(axis=ROW_AXIS):
        tags[tag.entry_id].add(tag.value)

    missing = [
        (entry.code, axis, key)
        for entry in Entry.objects.all()
        for axis, keys in collect_keys_in_facts(
            [(get_kind(entry.kind), entry.facts)]
        ).items()
        for key in keys
        if row_values[axis, key] not in tags[entry.pk]
    ]
    assert not missing


def test_renamed_area_raises_the_revision_of_mechanisms_that_name_it(loaded_output):
    entries = Entry.objects.of_kind("mechanism")
    named = {entry.code: entry.facts["area_a"] for entry in entries}
    key = Counter(filter(None, named.values())).most_common(1)[0][0]
    codes = {code for code, area in named.items() if area == key}
    mechanisms = Mechanism.objects.filter(key__in=codes)
    before = dict(mechanisms.values_list("key", "revision"))
    Place.objects.filter(key=key).update(name_th="ชื่อใหม่")

    place = Place.objects.get(key=key)
    catalogue.refresh_all(axis=ROW_AXIS, values=[row_value(place)], at=timezone.now())

    after = dict(mechanisms.values_list("key", "revision"))
    assert after == {code: revision + 1 for code, revision in before.items()}


def test_changed_cell_of_the_record_is_the_only_change(loaded_output, tmp_path):
    Edition.objects.filter(number=15).update(theme_en="Another theme")
    output = StringIO()

    call_command("load_record", stdout=output)

    table = {line.split()[0]: line.split() for line in output.getvalue().splitlines()}
    assert table["conference_editions.csv"][1:] == ["0", "1", "14", "0", "0"]
    assert output.getvalue().splitlines()[-1] == "1 changes."
    assert Edition.objects.get(number=15).theme_en != "Another theme"


def test_2025_edition_matches_record(loaded_output):
    edition = Edition.objects.get(number=15)

    assert edition.period.iso == "2025-09-22/2025-09-24"
    assert [place.key for place in edition.places.all()] == ["hong-kong"]
    assert edition.host_country.iso2 == "CN"


def test_unknown_values_stay_empty(loaded_output):
    edition = Edition.objects.get(number=5)

    assert (edition.starts_on, edition.date_precision) == (None, "")
    assert not edition.places.exists()
    assert edition.participants is None


def test_evidence_only_hosts_mark_their_sources(loaded_output):
    edition = Edition.objects.get(number=1)

    sources = edition.sources.with_is_evidence_only()

    assert {source.host for source in sources if source.is_evidence_only} == {
        "nbnewpower.cn",
        "neamco.com",
    }
    assert {source.host for source in sources if not source.is_evidence_only} == {
        "english.china.org.cn",
    }
