"""Write the catalogue entries of many records of one kind.

The number of queries is the same for one record and for a hundred.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import models

from portal.content.catalogue.content_digest import (
    Digester,
    current_version,
    dependencies_of,
    get_name_keys,
)
from portal.content.catalogue.formed_titles import form_titles
from portal.content.catalogue.models import Entry, EntryTag, EntryText
from portal.content.catalogue.period import UNDATED
from portal.content.catalogue.readable_languages import get_readable_languages
from portal.content.catalogue.registry import Content, EntryData, get_kind
from portal.content.catalogue.search.indexing import update_search_rows
from portal.content.catalogue.search.providers import (
    AttachedFile,
    collect_files,
    collect_names,
)
from portal.core.files.operations import PDF
from portal.core.jobs import operations as jobs
from portal.core.translations.localized_text import LocalizedText

# Entry fields shown in calendars, in addition to the texts.
_CALENDAR_FIELDS = (
    "path",
    "state",
    "starts_on",
    "ends_on",
    "date_precision",
    "topics",
    "places",
    "facts",
    "programme",
)
# Fields that do not count as a change of the entry.
_UNCOUNTED_FIELDS = {"digest_version"}


@dataclass
class WrittenEntry:
    """Outcome of writing the entry of one record.

    ``is_changed``: the entry is new or its data changed. ``is_revised``: the API
    responses changed, and the record got its next revision. ``is_expected``: the stored
    entry was written with another digest version, so a difference is not an error.
    """

    record: models.Model
    is_changed: bool
    is_revised: bool
    is_expected: bool


@dataclass
class _Batch:
    """Data loaded for writing the entries of records of one kind.

    The dicts are keyed by public code.
    """

    kind: str
    records: Sequence
    entry_data: dict[str, EntryData]
    contents: dict[str, Content]
    files: dict[str, list[AttachedFile]]
    names: dict
    generated_titles: dict[str, dict[str, LocalizedText]] = field(default_factory=dict)
    languages: dict[str, list[str]] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)


def write_entries(
    records: Sequence, *, revise_at: dt.datetime | None = None
) -> list[WrittenEntry]:
    """Write the entries of ``records``, which are published and of one kind.

    The ``languages`` of the records are brought up to date.
    ``revise_at`` is passed if the records themselves were not edited. A record whose
    content digest differs from the stored one, or which has no entry, then gets its
    next revision, with ``changed_at`` set to that time. An entry without a digest only
    gets its digest. The caller must lock the records and append the changes to the
    feed.
    """
    batch = _load_batch(records)
    _update_languages(batch)
    existing_entries = _get_existing_entries(batch.kind, list(batch.entry_data))
    revised = (
        _increment_revisions(batch, existing_entries, revise_at) if revise_at else set()
    )
    is_expected = {
        code: not entry.digest or entry.digest_version != current_version()
        for code, entry in existing_entries.items()
    }
    entries = {**existing_entries, **_create_entries(batch, existing_entries)}
    texts, changed = _write_texts_and_tags(batch, entries)
    for record in records:
        code = record.public_code
        has_other_content = code in revised or entries[code].pk in texts
        if code not in existing_entries or _update_entry(
            entries[code], record, batch, has_other_content
        ):
            changed.add(entries[code].pk)
    _enqueue_text_extraction(batch)
    changed |= update_search_rows(
        [
            (entries[code], entry_data, batch.files[code])
            for code, entry_data in batch.entry_data.items()
        ],
        batch.names,
        batch.generated_titles,
    )
    return [
        WrittenEntry(
            record,
            entries[record.public_code].pk in changed,
            record.public_code in revised,
            is_expected.get(record.public_code, False),
        )
        for record in records
    ]


def _load_batch(records: Sequence) -> _Batch:
    kind = get_kind(records[0].kind)
    with kind.prefetch(records):
        entry_data_by_code = {
            record.public_code: kind.build_entry(record) for record in records
        }
        contents_by_pk = kind.read_contents(records)
        names = collect_names(
            get_name_keys(
                kind, list(entry_data_by_code.values()), contents_by_pk.values()
            )
        )
        generated_titles = form_titles(kind, entry_data_by_code, names)
        languages = {
            code: get_readable_languages(
                record, entry_data_by_code[code], generated_titles[code]
            )
            for record in records
            for code in [record.public_code]
        }
    files_by_pk = collect_files(records)
    batch = _Batch(
        kind=kind.code,
        records=records,
        entry_data=entry_data_by_code,
        contents={record.public_code: contents_by_pk[record.pk] for record in records},
        files={record.public_code: files_by_pk[record.pk] for record in records},
        names=names,
        generated_titles=generated_titles,
        languages=languages,
    )
    digester = Digester(kind, batch.names)
    batch.digests = {
        code: digester.digest(
            entry_data_by_code[code],
            batch.contents[code],
            batch.files[code],
            batch.generated_titles[code],
        )
        for code in entry_data_by_code
    }
    return batch


def _update_languages(batch: _Batch) -> None:
    """Store the languages of the records in which they can be read."""
    changed = []
    for record in batch.records:
        languages = batch.languages[record.public_code]
        if record.languages != languages:
            record.languages = languages
            changed.append(record)
    if changed:
        models.QuerySet(type(changed[0])).bulk_update(changed, ["languages"])


def _increment_revisions(
    batch: _Batch, existing_entries: Mapping[str, Entry], at: dt.datetime
) -> set[str]:
    """Increment the revision of records whose digest changed; return their codes."""
    revised = []
    for record in batch.records:
        entry = existing_entries.get(record.public_code)
        stored_digest = entry.digest if entry else None
        # Entries from before digests existed have "". A missing entry may have been
        # removed together with a withdrawal in the change feed, so clients have to
        # fetch the record again.
        if stored_digest not in ("", batch.digests[record.public_code]):
            record.revision += 1
            record.changed_at = at
            revised.append(record)
    if revised:
        rows = models.QuerySet(type(revised[0]))
        rows.filter(pk__in=[record.pk for record in revised]).update(
            revision=models.F("revision") + 1, changed_at=at
        )
    return {record.public_code for record in revised}


def _write_texts_and_tags(
    batch: _Batch, entries: Mapping[str, Entry]
) -> tuple[set[int], set[int]]:
    """Write texts and tags.

    Return two sets of entry primary keys: entries whose texts changed, and entries
    whose texts or tags changed.
    """
    texts = {
        entries[code].pk: _build_text_rows(entry_data)
        for code, entry_data in batch.entry_data.items()
    }
    tags = {
        entries[code].pk: _build_tag_rows(
            batch.kind, entry_data, batch.files[code], batch.contents[code]
        )
        for code, entry_data in batch.entry_data.items()
    }
    changed = _sync_rows(EntryText, ("language", "title", "summary"), texts)
    columns = ("axis", "value", "kind", "part", "sort_on")
    return changed, changed | _sync_rows(EntryTag, columns, tags)


def _enqueue_text_extraction(batch: _Batch) -> None:
    """Enqueue text extraction for PDF files without extracted text.

    The job refreshes the entry when the text is available.
    """
    changed_at_by_sha256 = {
        attached_file.file.sha256: record.changed_at
        for record in batch.records
        for attached_file in batch.files[record.public_code]
        if attached_file.file.media_type == PDF
        and not hasattr(attached_file.file, "text")
    }
    for sha256, at in changed_at_by_sha256.items():
        jobs.enqueue("catalogue.read_file", at=at, sha256=sha256)


def _get_existing_entries(kind: str, codes: list[str]) -> dict[str, Entry]:
    entries = Entry.objects.of_kind(kind).filter(code__in=codes)
    return {entry.code: entry for entry in entries}


def _create_entries(
    batch: _Batch, existing_entries: Mapping[str, Entry]
) -> dict[str, Entry]:
    """Create catalogue entries for the records that have none yet."""
    new_entries = [
        Entry(
            kind=record.kind,
            code=record.public_code,
            sequence=record.revision,
            content_changed_at=record.changed_at,
            **_entry_fields(record, batch),
        )
        for record in batch.records
        if record.public_code not in existing_entries
    ]
    return {entry.code: entry for entry in Entry.objects.bulk_create(new_entries)}


def _update_entry(entry: Entry, record, batch: _Batch, content_changed: bool) -> bool:
    """Apply the batch's data to an existing entry; return True if its data changed.

    ``content_changed`` is True if the texts changed or the record was revised.
    """
    fields = _entry_fields(record, batch)
    changed = {
        name: value for name, value in fields.items() if getattr(entry, name) != value
    }
    content_changed = content_changed or any(
        name in changed for name in _CALENDAR_FIELDS
    )
    if content_changed:
        # The sequence must not decrease when an entry is removed and created again: it
        # starts at the revision, which only grows, also when a record is withdrawn.
        changed["sequence"] = max(record.revision, entry.sequence + 1)
        changed["content_changed_at"] = record.changed_at
    for name, value in changed.items():
        setattr(entry, name, value)
    if changed:
        entry.save(update_fields=list(changed))
    return bool(changed.keys() - _UNCOUNTED_FIELDS)


def _entry_fields(record, batch: _Batch) -> dict:
    entry_data = batch.entry_data[record.public_code]
    period = entry_data.period
    return {
        "revision": record.revision,
        "path": entry_data.path,
        "state": entry_data.state,
        "starts_on": period.first,
        "ends_on": period.last,
        "date_precision": period.precision,
        "last_on": period.last_day,
        "year": period.last_day.year if period else None,
        "zone": entry_data.zone,
        "sort_on": period.first or UNDATED,
        "countries": entry_data.countries,
        "topics": entry_data.topics,
        "places": entry_data.places,
        "languages": batch.languages[record.public_code],
        "facts": entry_data.facts,
        "participants": entry_data.participants,
        "programme": entry_data.programme,
        "is_sample": record.is_sample,
        "published_at": record.published_at,
        "changed_at": record.changed_at,
        "digest": batch.digests[record.public_code],
        "digest_version": current_version(),
    }


def _build_text_rows(entry_data: EntryData) -> set[tuple[str, str, str]]:
    return {
        (code, title, summary) for code, (title, summary) in entry_data.texts.items()
    }


def _build_tag_rows(
    kind: str, entry_data: EntryData, files: list[AttachedFile], content: Content
) -> set[tuple]:
    axes = {
        "country": entry_data.countries,
        "topic": entry_data.topics,
        "place": entry_data.places,
        "file": [attached_file.file.sha256 for attached_file in files],
        **dependencies_of(content, files),
        **entry_data.tags,
    }
    shared_columns = (
        kind,
        entry_data.facts.get("part", ""),
        entry_data.period.first or UNDATED,
    )
    return {
        (axis, str(value), *shared_columns)
        for axis, values in axes.items()
        for value in values
    }


def _sync_rows(
    model, columns: tuple[str, ...], expected: Mapping[int, set[tuple]]
) -> set[int]:
    """Insert and delete rows so that each entry has exactly the rows in ``expected``.

    Return the primary keys of the entries whose rows changed.
    """
    rows = model.objects.filter(entry__in=list(expected))
    existing_rows = {pk: {} for pk in expected}
    for pk, entry, *values in rows.values_list("pk", "entry_id", *columns):
        existing_rows[entry][tuple(values)] = pk
    obsolete_pks, new_rows, changed = [], [], set()
    for entry, expected_rows in expected.items():
        obsolete_row_pks = [
            pk for row, pk in existing_rows[entry].items() if row not in expected_rows
        ]
        missing_rows = sorted(expected_rows - existing_rows[entry].keys())
        obsolete_pks += obsolete_row_pks
        new_rows += [
            model(entry_id=entry, **dict(zip(columns, row, strict=True)))
            for row in missing_rows
        ]
        if obsolete_row_pks or missing_rows:
            changed.add(entry)
    if obsolete_pks:
        model.objects.filter(pk__in=obsolete_pks).delete()
    model.objects.bulk_create(new_rows)
    return changed
