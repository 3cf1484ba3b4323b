"""Digest of a catalogue entry: changes with the content and triggers change entries."""

import dataclasses
import datetime as dt
import decimal
import logging
from functools import cache

import pytest
from django.db import models
from django.http import QueryDict

from portal.conference.catalogue import build_article_entry
from portal.content.catalogue import content_digest, operations
from portal.content.catalogue.content_digest import (
    current_version,
    host_values,
    row_value,
)
from portal.content.catalogue.filters import parse_filters
from portal.content.catalogue.models import Entry, EntryTag, SearchRow
from portal.content.catalogue.registry import all_kinds, get_kind
from portal.content.catalogue.search.engine import search_entries
from portal.content.changes.models import Change
from portal.content.publishing.choices import Status
from portal.content.publishing.content_reading import _HIDDEN, ContentReader
from portal.core.jobs.models import Job
from portal.core.translations.fields import NameKeysField
from portal.core.translations.querysets import translated_fields
from tests.factories import seminars
from tests.factories.conference import article, edition
from tests.factories.directory import country, topic
from tests.factories.publishing import AT, attachment, published, source
from tests.failures import collect_failures
from tests.project.related_records import enrich, fresh, public

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def stored(record) -> str:
    return Entry.objects.get(kind=record.kind, code=record.public_code).digest


def written(record) -> str:
    """Write the entry again from the database and return its digest."""
    operations.update_entry(type(record).objects.get(pk=record.pk))
    return stored(record)


def changed_value(column: models.Field, value):
    """Return another value for ``column``; it may violate constraints of the table."""
    if column.choices:
        return next(code for code, _label in column.flatchoices if code != value)
    if isinstance(column, models.JSONField):
        return [*(value or []), "xx"]
    if isinstance(column, models.BooleanField):
        return not value
    if isinstance(column, models.DateTimeField):
        return (value or AT) + HOUR
    if isinstance(column, models.DateField):
        return (value or AT.date()) + dt.timedelta(days=1)
    if isinstance(column, models.DecimalField):
        return (value or 0) + decimal.Decimal("1.5")
    if isinstance(column, models.IntegerField):
        return (value or 0) + 1
    return f"{value or ''}x"


def public_columns(model: type[models.Model]) -> list[models.Field]:
    """Return all columns except those that API responses never contain."""
    internal_fields = getattr(model, "internal_fields", ())
    excluded = {*translated_fields(model), *_HIDDEN, *internal_fields}
    return [
        column
        for column in model._meta.concrete_fields
        if not (column.primary_key or column.is_relation or column.generated)
        and not isinstance(column, NameKeysField)
        and column.name not in excluded
    ]


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.code)
def test_digest_differs_after_a_change_of_any_column_or_related_row(kind):
    record = published(enrich(fresh(kind.model), 1, cache(public)))
    before = stored(record)
    assert written(record) == before

    with collect_failures() as failures:
        check_columns(kind, kind.model.objects.get(pk=record.pk), failures)
        check_related_rows(record, before, failures)


def check_columns(kind, record, failures) -> None:
    """Change each column of the record and of its parts in memory, one at a time."""
    read_contents = kind.read_contents
    with kind.prefetch([record]):
        before = read_contents([record])[record.pk]
        parts = [
            (name, row)
            for name in read_contents.parts
            for row in getattr(record, name).all()
        ]
        for part, row in [("", record), *parts]:
            for column in public_columns(type(row)):
                with failures.case(kind.code, part, column.name):
                    value = getattr(row, column.attname)
                    setattr(row, column.attname, changed_value(column, value))
                    after = read_contents([record])[record.pk]
                    setattr(row, column.attname, value)
                    assert after.values != before.values
        assert read_contents([record])[record.pk] == before


def check_related_rows(record, before: str, failures) -> None:
    """Change the files, pictures and sources of the record, one at a time."""
    attached = record.attachments.get()
    picture = record.illustrations.get().picture
    rows = [
        (record.sources.get(), {"url": "https://example.org/other"}),
        (attached, {"title": "Another title"}),
        (attached, {"language": "km"}),
        (attached, {"is_public": False}),
        (attached.file, {"name": "other.pdf"}),
        (picture, {"alternative_lo": "ຮູບ"}),
        (picture, {"caption_zh_hans": "会场"}),
        (picture, {"credit": "Sample agency"}),
    ]
    for row, values in rows:
        old = {name: getattr(row, name) for name in values}
        queryset = type(row).objects.filter(pk=row.pk)
        models.QuerySet.update(queryset, **values)
        with failures.case(record.kind, values):
            assert written(record) != before
        models.QuerySet.update(queryset, **old)

    assert written(record) == before


def test_digest_differs_between_an_attachment_and_a_material_of_one_file():
    record = published(seminars.seminar("SEM-0001"))
    attached = attachment(record)
    with_attachment = written(record)
    stored_file = attached.file
    attached.delete()
    seminars.material(record, file=stored_file, title_en="", is_public=True)

    assert written(record) != with_attachment


def test_reading_contents_takes_as_many_queries_for_many(
    django_assert_max_num_queries,
):
    """For every kind, one and then three records, each with one of every part."""
    for kind in all_kinds():
        counts = []
        pks = [enrich(fresh(kind.model), 1).pk for _ in range(3)]
        for number in (1, 3):
            records = list(kind.model.objects.filter(pk__in=pks[:number]))
            assert len(records) == number
            with (
                kind.prefetch(records),
                django_assert_max_num_queries(8) as captured,
            ):
                kind.read_contents(records)
            counts.append(len(captured))
        assert counts[0] == counts[1], kind.code


def test_every_kind_reads_the_parts_that_answers_contain():
    """Sources, files and materials are not parts here: they are read separately."""
    for kind in all_kinds():
        assert isinstance(kind.read_contents, ContentReader)
        non_parts = {"sources", "attachments", "illustrations", "materials"}
        assert (
            set(kind.read_contents.parts) == set(kind.model.child_relations) - non_parts
        )


# --------------------------------------------------------- changes and refreshes


def test_empty_digest_is_filled_without_a_change():
    record = published(article())
    digest = stored(record)
    Entry.objects.update(digest="", digest_version="")
    changes = Change.objects.count()

    counts = operations.rebuild(at=AT + HOUR)

    record.refresh_from_db()
    assert counts == (1, 0, 0)
    assert stored(record) == digest
    assert (record.revision, Change.objects.count()) == (1, changes)


def test_missing_entry_is_written_again_with_a_change():
    record = published(article("a"))
    Entry.objects.all().delete()
    changes = Change.objects.count()

    counts = [operations.rebuild(at=AT + HOUR) for _ in range(2)]

    record.refresh_from_db()
    assert counts == [(1, 0, 0), (0, 0, 1)]
    assert (record.revision, record.changed_at) == (2, AT + HOUR)
    assert Entry.objects.get().revision == 2
    assert Change.objects.count() == changes + 1
    last = Change.objects.last()
    assert (last.code, last.action, last.revision) == ("a", "updated", 2)


def test_another_schema_version_makes_one_change_for_each_record(monkeypatch, caplog):
    published(article("a"))
    published(article("b"))
    changes = Change.objects.count()
    monkeypatch.setattr(
        content_digest, "SCHEMA_VERSION", content_digest.SCHEMA_VERSION + 1
    )

    counts = [operations.rebuild(at=AT + HOUR) for _ in range(2)]

    assert counts == [(2, 0, 0), (0, 0, 2)]
    assert Change.objects.count() == changes + 2
    assert set(Entry.objects.values_list("revision", flat=True)) == {2}
    assert not caplog.records


def test_another_version_that_alters_no_answer_makes_no_change(monkeypatch):
    record = published(article())
    changes = Change.objects.count()
    monkeypatch.setattr(
        "portal.content.catalogue.content_digest.interface_version", lambda: "new"
    )

    counts = operations.rebuild(at=AT + HOUR)

    assert counts == (0, 0, 1)
    assert Change.objects.count() == changes
    assert "new" in Entry.objects.get(code=record.public_code).digest_version


def test_search_row_in_an_earlier_normal_form_is_replaced_without_a_change(caplog):
    """After an upgrade the row is found in both spellings; the feed says nothing."""
    record = published(article("a", title_my="ဝန်ကြီးဌာန"))
    row, changes = SearchRow.objects.get(), Change.objects.count()
    SearchRow.objects.update(tokens=row.tokens.replace("ဝ", "0"))
    Entry.objects.update(digest_version=current_version().rpartition(" ")[0])
    assert SearchRow.objects.get().tokens != row.tokens

    with caplog.at_level(logging.ERROR):
        counts = [operations.rebuild(at=AT + HOUR) for _ in range(2)]

    record.refresh_from_db()
    assert counts == [(1, 0, 0), (0, 0, 1)]
    assert SearchRow.objects.get().tokens == row.tokens
    assert len(search_entries("၀န်ကြီးဌာန", limit=5).row_ids) == 1
    assert (record.revision, Change.objects.count()) == (1, changes)
    assert caplog.records == []


def test_other_terms_of_the_conversion_change_the_records_that_have_them(
    caplog, monkeypatch
):
    """An upgrade announces the records whose traditional texts are other ones."""
    first = published(article("a", title_zh_hans="检察长须知"))
    second = published(article("b", title_zh_hans="检察长会议"))
    monkeypatch.setattr(content_digest, "convert_if_terms_matter", lambda text: "")
    operations.rebuild(at=AT)
    monkeypatch.undo()
    Entry.objects.update(digest_version="of another release")
    caplog.clear()

    with caplog.at_level(logging.ERROR):
        counts = operations.rebuild(at=AT + HOUR)

    first.refresh_from_db()
    second.refresh_from_db()
    assert counts == (1, 0, 1)
    assert (first.changed_at, second.changed_at) == (AT + HOUR, AT)
    assert caplog.records == []


def test_missed_change_is_found_announced_and_logged(caplog):
    training = topic("training")
    record = published(article("a", topics=[training]))
    published(article("b"))
    models.QuerySet(type(training)).update(name_en="Changed by no operation")

    with caplog.at_level(logging.ERROR):
        counts = operations.rebuild(at=AT + HOUR)

    record.refresh_from_db()
    assert counts == (1, 0, 1)
    assert (record.revision, record.changed_at) == (2, AT + HOUR)
    last = Change.objects.last()
    assert (last.code, last.action, last.revision) == ("a", "updated", 2)
    assert [log_record.getMessage() for log_record in caplog.records] == [
        "Catalogue entry of article a was out of date."
    ]


def failing_build_entry(record):
    """Build the entry of an article, but raise for the article with the slug "b"."""
    if record.slug == "b":
        message = "sample failure"
        raise ValueError(message)
    return build_article_entry(record)


@pytest.mark.parametrize("job", ["rebuild", "refresh"])
def test_failing_record_does_not_stop_the_rebuild_of_others(job, monkeypatch, caplog):
    training = topic("training")
    records = [published(article(slug, topics=[training])) for slug in ("a", "b", "c")]
    models.QuerySet(type(training)).update(name_en="Changed by no operation")
    old, changes = stored(records[1]), Change.objects.count()
    kind = dataclasses.replace(get_kind("article"), build_entry=failing_build_entry)
    monkeypatch.setattr(
        "portal.content.catalogue.entry_writer.get_kind", lambda code: kind
    )
    values = [row_value(training)]

    if job == "rebuild":
        counts = operations.rebuild(at=AT + HOUR)
        assert counts == (2, 0, 0)
    else:
        assert operations.refresh_all(axis="row", values=values, at=AT + HOUR) == 2

    for record in records:
        record.refresh_from_db()
    assert [record.revision for record in records] == [2, 1, 2]
    assert list(Entry.objects.order_by("code").values_list("code", "revision")) == [
        ("a", 2),
        ("b", 1),
        ("c", 2),
    ]
    assert stored(records[1]) == old
    assert Change.objects.count() == changes + 2
    failed = [
        message_record for message_record in caplog.records if message_record.exc_info
    ]
    assert [message_record.getMessage() for message_record in failed] == [
        "Cannot write the catalogue entry of article b."
    ]
    assert failed[0].levelno == logging.ERROR


def test_removed_entry_has_the_entries_that_name_its_record_refreshed(caplog):
    vietnam = published(country("VN"))
    record = published(article("a", countries=[vietnam]))
    models.QuerySet(type(vietnam)).update(status=Status.WITHDRAWN)
    Job.objects.all().delete()

    counts = operations.rebuild(at=AT + HOUR)

    assert counts[1] == 1
    jobs = Job.objects.filter(name="catalogue.refresh").values_list(
        "payload", flat=True
    )
    assert row_value(vietnam) in [
        value for payload in jobs for value in payload["values"]
    ]
    assert Entry.objects.filter(code=record.slug).exists()


def test_entry_of_a_deleted_record_is_removed_and_its_withdrawal_announced(caplog):
    record = published(article("a"))
    type(record).objects.all().delete()

    counts = [operations.rebuild(at=AT + HOUR) for _ in range(2)]

    assert counts == [(0, 1, 0), (0, 0, 0)]
    last = Change.objects.last()
    assert (last.code, last.action) == ("a", "withdrawn")


def test_rebuild_continues_after_the_last_batch(monkeypatch):
    monkeypatch.setattr(operations, "BATCH_SIZE", 2)
    for number in range(1, 6):
        published(edition(number))
    published(article("z"))
    Entry.objects.update(digest="")
    Entry.objects.filter(code="3").update(code="99")
    positions, after = [], None

    while not positions or after:
        after = operations.rebuild_next(after=after, at=AT + HOUR).position
        positions.append(after)

    assert len(positions) >= 4
    assert not Entry.objects.filter(digest="").exists()
    assert set(Entry.objects.values_list("code", flat=True)) == set("12345z")


def test_refresh_changes_only_records_whose_content_differs():
    vietnam = published(country("VN"))
    published(article("a", countries=[vietnam]))
    changes = Change.objects.count()

    count = operations.refresh_all(
        axis="row", values=[row_value(vietnam)], at=AT + HOUR
    )

    assert count == 0
    assert Change.objects.count() == changes


# ------------------------------------------------------------------ dependencies


def test_source_depends_on_its_host_and_the_domains_above():
    record = article()
    source(record, "https://a.b.example.org/x")
    published(record)

    hosts = EntryTag.objects.filter(axis="host").values_list("value", flat=True)

    assert set(hosts) == {"a.b.example.org", "b.example.org", "example.org"}
    assert host_values("localhost") == ["localhost"]
    assert all(len(value) <= 100 for value in host_values("x" * 150 + ".org"))


def test_dependencies_are_no_list_filters():
    for kind in all_kinds():
        assert not {"row", "host"} & set(kind.filters)
        query = QueryDict("row=directory.topic:1&host=example.org")
        filters = parse_filters(query, kind.filters)
        assert not filters
