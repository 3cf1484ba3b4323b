"""How entries are brought up to date: many at a time, of one kind.

One record and a thousand go the same way, in the same number of queries.
"""

from collections.abc import Mapping, Sequence

from portal.catalogue.models import Entry, EntryTag, EntryText
from portal.catalogue.period import UNDATED
from portal.catalogue.registry import Drawn, kind_of
from portal.catalogue.search.gathering import HeldFile, files_of
from portal.catalogue.search.rows import write_rows
from portal.files.operations import PDF
from portal.jobs import operations as jobs

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


def put(records: Sequence, *, names_changed: bool) -> list[bool]:
    """Write the entries of ``records``, all of one kind; which of them changed.

    ``names_changed`` as in :func:`portal.catalogue.operations.write`.
    """
    kind = kind_of(records[0].kind)
    with kind.gather(records):
        drawn = {record.public_code: kind.draw(record) for record in records}
    held = files_of(records)
    files = {record.public_code: held[record.pk] for record in records}
    known = _known(kind.code, list(drawn))
    entries = {**known, **_made(records, drawn, known)}
    texts, changed = _put_rows(entries, drawn, files)
    for record in records:
        code = record.public_code
        entry, is_other = entries[code], names_changed or entries[code].pk in texts
        if code not in known or _bring_up(entry, record, drawn[code], is_other):
            changed.add(entry.pk)
    _have_read(records, files)
    changed |= write_rows(
        [(entries[code], facts, files[code]) for code, facts in drawn.items()]
    )
    return [entries[record.public_code].pk in changed for record in records]


def _put_rows(
    entries: Mapping[str, Entry],
    drawn: Mapping[str, Drawn],
    files: Mapping[str, list[HeldFile]],
) -> tuple[set[int], set[int]]:
    """Write texts and tags; the entries whose texts changed, and with either."""
    texts = {entries[code].pk: _texts(facts) for code, facts in drawn.items()}
    tags = {
        entries[code].pk: _tags(entries[code].kind, facts, files[code])
        for code, facts in drawn.items()
    }
    changed = _replace(EntryText, ("language", "title", "summary"), texts)
    columns = ("axis", "value", "kind", "part", "sort_on")
    return changed, changed | _replace(EntryTag, columns, tags)


def _have_read(records: Sequence, files: Mapping[str, list[HeldFile]]) -> None:
    """Have PDFs read whose text is not known yet; the entry follows when it is."""
    unread = {
        held.file.sha256: record.changed_at
        for record in records
        for held in files[record.public_code]
        if held.file.media_type == PDF and not hasattr(held.file, "text")
    }
    for sha256, at in unread.items():
        jobs.enqueue("catalogue.read_file", at=at, sha256=sha256)


def _known(kind: str, codes: list[str]) -> dict[str, Entry]:
    found = Entry.objects.of_kind(kind).filter(code__in=codes)
    return {entry.code: entry for entry in found}


def _made(
    records: Sequence, drawn: Mapping[str, Drawn], known: Mapping[str, Entry]
) -> dict[str, Entry]:
    """Entries for the records that have none yet."""
    new = [
        Entry(
            kind=record.kind,
            code=record.public_code,
            sequence=record.revision,
            content_changed_at=record.changed_at,
            **_fields(record, drawn[record.public_code]),
        )
        for record in records
        if record.public_code not in known
    ]
    return {entry.code: entry for entry in Entry.objects.bulk_create(new)}


def _bring_up(entry: Entry, record, drawn: Drawn, is_other: bool) -> bool:
    """Let an entry that was there say what ``drawn`` says; whether it is another."""
    fields = _fields(record, drawn)
    changed = {
        name: value for name, value in fields.items() if getattr(entry, name) != value
    }
    is_other = is_other or any(name in changed for name in _IN_CALENDARS)
    if is_other:
        # An entry that is made anew never counts back: it begins with the revision,
        # which only grows, also through a withdrawal.
        changed["sequence"] = max(record.revision, entry.sequence + 1)
        changed["content_changed_at"] = record.changed_at
    for name, value in changed.items():
        setattr(entry, name, value)
    if changed:
        entry.save(update_fields=list(changed))
    return bool(changed)


def _fields(record, drawn: Drawn) -> dict:
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
    }


def _texts(drawn: Drawn) -> set[tuple[str, str, str]]:
    return {(code, title, summary) for code, (title, summary) in drawn.texts.items()}


def _tags(kind: str, drawn: Drawn, files: list[HeldFile]) -> set[tuple]:
    axes = {
        "country": drawn.countries,
        "topic": drawn.topics,
        "place": drawn.places,
        "file": [held.file.sha256 for held in files],
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
