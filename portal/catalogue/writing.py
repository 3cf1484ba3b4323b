"""How entries are brought up to date: many at a time, of one kind.

One record and a hundred go the same way, in the same number of queries.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import models

from portal.catalogue.content import (
    Digester,
    asked_names,
    current_version,
    dependencies_of,
)
from portal.catalogue.models import Entry, EntryTag, EntryText
from portal.catalogue.period import UNDATED
from portal.catalogue.registry import Content, Drawn, kind_of
from portal.catalogue.search.gathering import HeldFile, files_of, names_of
from portal.catalogue.search.rows import form_titles, write_rows
from portal.files.operations import PDF
from portal.jobs import operations as jobs
from portal.translations.shown import Shown

# What a calendar shows of an entry, beside its texts.
_IN_CALENDARS = (
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
# Another version alone does not make the entry another one.
_BOOKKEEPING = {"digest_version"}


@dataclass
class Written:
    """What was done with one record.

    ``is_changed``: its entry is new or says something else than before. ``is_revised``:
    the API answers differently, and the record has its next revision. ``is_expected``:
    the entry was written with other versions, so that a difference is no fault.
    """

    record: models.Model
    is_changed: bool
    is_revised: bool
    is_expected: bool


@dataclass
class _Batch:
    """Everything read of records of one kind, by public code."""

    kind: str
    records: Sequence
    drawn: dict[str, Drawn]
    contents: dict[str, Content]
    files: dict[str, list[HeldFile]]
    names: dict
    formed: dict[str, dict[str, Shown]] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)


def put(records: Sequence, *, revise_at: dt.datetime | None = None) -> list[Written]:
    """Write the entries of ``records``, published ones of one kind.

    With ``revise_at`` the records were not edited: where the content that their API
    answers are built from is not the stored one, the record is given its next revision,
    changed at that time. So is a record without an entry. An entry without a digest is
    given one and nothing else. The caller has locked the records and writes the
    changes.
    """
    batch = _read(records)
    known = _known(batch.kind, list(batch.drawn))
    revised = _revise(batch, known, revise_at) if revise_at else set()
    is_expected = {
        code: not entry.digest or entry.digest_version != current_version()
        for code, entry in known.items()
    }
    entries = {**known, **_make(batch, known)}
    texts, changed = _put_rows(batch, entries)
    for record in records:
        code = record.public_code
        is_other = code in revised or entries[code].pk in texts
        if code not in known or _update(entries[code], record, batch, is_other):
            changed.add(entries[code].pk)
    _enqueue_reading(batch)
    changed |= write_rows(
        [
            (entries[code], drawn, batch.files[code])
            for code, drawn in batch.drawn.items()
        ],
        batch.names,
        batch.formed,
    )
    return [
        Written(
            record,
            entries[record.public_code].pk in changed,
            record.public_code in revised,
            is_expected.get(record.public_code, False),
        )
        for record in records
    ]


def _read(records: Sequence) -> _Batch:
    kind = kind_of(records[0].kind)
    with kind.gather(records):
        drawn = {record.public_code: kind.draw(record) for record in records}
        by_pk = kind.read_contents(records)
    held = files_of(records)
    batch = _Batch(
        kind=kind.code,
        records=records,
        drawn=drawn,
        contents={record.public_code: by_pk[record.pk] for record in records},
        files={record.public_code: held[record.pk] for record in records},
        names=names_of(asked_names(drawn.values(), by_pk.values())),
    )
    batch.formed = form_titles(kind.code, drawn, batch.names)
    digester = Digester(batch.names)
    batch.digests = {
        code: digester.digest(
            drawn[code], batch.contents[code], batch.files[code], batch.formed[code]
        )
        for code in drawn
    }
    return batch


def _revise(batch: _Batch, known: Mapping[str, Entry], at: dt.datetime) -> set[str]:
    """Give their next revision to records whose content is not the stored one."""
    revised = []
    for record in batch.records:
        entry = known.get(record.public_code)
        stored = entry.digest if entry else None
        # "" was written before there were digests. A missing entry may have been
        # removed with a withdrawal in the feed, so followers have to read it again.
        if stored not in ("", batch.digests[record.public_code]):
            record.revision += 1
            record.changed_at = at
            revised.append(record)
    if revised:
        rows = models.QuerySet(type(revised[0]))
        rows.filter(pk__in=[record.pk for record in revised]).update(
            revision=models.F("revision") + 1, changed_at=at
        )
    return {record.public_code for record in revised}


def _put_rows(batch: _Batch, entries: Mapping[str, Entry]) -> tuple[set[int], set[int]]:
    """Write texts and tags; the entries whose texts changed, and with either."""
    texts = {entries[code].pk: _texts(facts) for code, facts in batch.drawn.items()}
    tags = {
        entries[code].pk: _tags(
            batch.kind, facts, batch.files[code], batch.contents[code]
        )
        for code, facts in batch.drawn.items()
    }
    changed = _replace(EntryText, ("language", "title", "summary"), texts)
    columns = ("axis", "value", "kind", "part", "sort_on")
    return changed, changed | _replace(EntryTag, columns, tags)


def _enqueue_reading(batch: _Batch) -> None:
    """Have PDFs read whose text is not known yet; the entry follows when it is."""
    unread = {
        held.file.sha256: record.changed_at
        for record in batch.records
        for held in batch.files[record.public_code]
        if held.file.media_type == PDF and not hasattr(held.file, "text")
    }
    for sha256, at in unread.items():
        jobs.enqueue("catalogue.read_file", at=at, sha256=sha256)


def _known(kind: str, codes: list[str]) -> dict[str, Entry]:
    found = Entry.objects.of_kind(kind).filter(code__in=codes)
    return {entry.code: entry for entry in found}


def _make(batch: _Batch, known: Mapping[str, Entry]) -> dict[str, Entry]:
    """Entries for the records that have none yet."""
    new = [
        Entry(
            kind=record.kind,
            code=record.public_code,
            sequence=record.revision,
            content_changed_at=record.changed_at,
            **_fields(record, batch),
        )
        for record in batch.records
        if record.public_code not in known
    ]
    return {entry.code: entry for entry in Entry.objects.bulk_create(new)}


def _update(entry: Entry, record, batch: _Batch, is_other: bool) -> bool:
    """Bring an entry that was there up to date; whether it says something else."""
    fields = _fields(record, batch)
    changed = {
        name: value for name, value in fields.items() if getattr(entry, name) != value
    }
    is_other = is_other or any(name in changed for name in _IN_CALENDARS)
    if is_other:
        # An entry that is removed and made again never counts back: it begins with the
        # revision, which only grows, also through a withdrawal.
        changed["sequence"] = max(record.revision, entry.sequence + 1)
        changed["content_changed_at"] = record.changed_at
    for name, value in changed.items():
        setattr(entry, name, value)
    if changed:
        entry.save(update_fields=list(changed))
    return bool(changed.keys() - _BOOKKEEPING)


def _fields(record, batch: _Batch) -> dict:
    drawn = batch.drawn[record.public_code]
    period = drawn.period
    return {
        "revision": record.revision,
        "path": drawn.path,
        "state": drawn.state,
        "starts_on": period.first,
        "ends_on": period.last,
        "date_precision": period.precision,
        "last_on": period.last_day,
        "year": period.last_day.year if period else None,
        "zone": drawn.zone,
        "sort_on": period.first or UNDATED,
        "countries": drawn.countries,
        "topics": drawn.topics,
        "places": drawn.places,
        "languages": record.languages,
        "facts": drawn.facts,
        "participants": drawn.participants,
        "programme": drawn.programme,
        "is_sample": record.is_sample,
        "published_at": record.published_at,
        "changed_at": record.changed_at,
        "digest": batch.digests[record.public_code],
        "digest_version": current_version(),
    }


def _texts(drawn: Drawn) -> set[tuple[str, str, str]]:
    return {(code, title, summary) for code, (title, summary) in drawn.texts.items()}


def _tags(
    kind: str, drawn: Drawn, files: list[HeldFile], content: Content
) -> set[tuple]:
    axes = {
        "country": drawn.countries,
        "topic": drawn.topics,
        "place": drawn.places,
        "file": [held.file.sha256 for held in files],
        **dependencies_of(content, files),
        **drawn.tags,
    }
    same = (kind, drawn.facts.get("part", ""), drawn.period.first or UNDATED)
    return {
        (axis, str(value), *same) for axis, values in axes.items() for value in values
    }


def _replace(
    model, names: tuple[str, ...], wanted: Mapping[int, set[tuple]]
) -> set[int]:
    """Let each entry have exactly the rows ``wanted`` of it; the pks of those that had
    others."""
    rows = model.objects.filter(entry__in=list(wanted))
    present = {pk: {} for pk in wanted}
    for pk, entry, *values in rows.values_list("pk", "entry_id", *names):
        present[entry][tuple(values)] = pk
    gone, new, changed = [], [], set()
    for entry, rows_wanted in wanted.items():
        old = [pk for row, pk in present[entry].items() if row not in rows_wanted]
        missing = sorted(rows_wanted - present[entry].keys())
        gone += old
        new += [
            model(entry_id=entry, **dict(zip(names, row, strict=True)))
            for row in missing
        ]
        if old or missing:
            changed.add(entry)
    if gone:
        model.objects.filter(pk__in=gone).delete()
    model.objects.bulk_create(new)
    return changed
