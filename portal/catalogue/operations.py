"""Writing the catalogue. Called by the publishing operations, in their transaction."""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from django.db import transaction

from portal.catalogue.models import Entry
from portal.catalogue.registry import Kind, kind_of, kinds
from portal.catalogue.writing import put

# As many records are read, drawn and written together.
CHUNK = 500


@transaction.atomic
def write(record, *, names_changed: bool = False) -> bool:
    """Bring the entry of a published ``record`` up to date; True when it changed.

    ``names_changed``: what the record names is called otherwise now, which the entry,
    holding keys, cannot see by itself.
    """
    return put([record], names_changed=names_changed)[0]


@transaction.atomic
def write_many(records: Sequence) -> list[bool]:
    """Bring the entries of published records of one kind up to date, as :func:`write`
    does one by one; which of them changed."""
    return put(records, names_changed=False) if records else []


@transaction.atomic
def remove(*, kind: str, code: str) -> bool:
    """Take a record out of the catalogue; False when it was not in it."""
    return remove_many(kind=kind, codes=[code])


@transaction.atomic
def remove_many(*, kind: str, codes: list[str]) -> bool:
    """Take these records out of the catalogue; False when none was in it."""
    deleted, _ = Entry.objects.filter(kind=kind, code__in=codes).delete()
    return bool(deleted)


@transaction.atomic
def rebuild(*, at: dt.datetime) -> tuple[int, int, int]:
    """Make the catalogue what the published records say.

    Returns how many entries were (written anew or changed, removed, left as they were).
    On a healthy database the first two are 0.
    """
    changed = unchanged = removed = 0
    for kind in kinds():
        stale = set(Entry.objects.of_kind(kind.code).values_list("code", flat=True))
        published = kind.model.objects.published(at)
        pks = list(published.order_by("pk").values_list("pk", flat=True))
        for some in _in_chunks(pks):
            records = _published(kind, at, pk__in=some)
            written = write_many(records)
            changed += sum(written)
            unchanged += len(written) - sum(written)
            stale -= {record.public_code for record in records}
        removed += sum(remove(kind=kind.code, code=code) for code in stale)
    known = [kind.code for kind in kinds()]
    orphans = Entry.objects.exclude(kind__in=known).values_list("kind", "code")
    removed += sum(remove(kind=kind, code=code) for kind, code in list(orphans))
    return changed, removed, unchanged


@transaction.atomic
def refresh_using(*, axis: str, value: str, at: dt.datetime) -> int:
    """Write again every entry tagged ``axis=value``; how many changed.

    For when a record changes that others draw on: an organ's country, a place's zone.
    """
    using = Entry.objects.tagged(axis, value).order_by("kind", "code")
    changed = 0
    for kind_code, rows in groupby(
        list(using.values_list("kind", "code")), key=itemgetter(0)
    ):
        kind = kind_of(kind_code)
        for some in _in_chunks([code for _kind, code in rows]):
            records = _published(kind, at, **{f"{kind.model.code_field}__in": some})
            changed += sum(write_many(records))
            gone = set(some) - {record.public_code for record in records}
            changed += sum(remove(kind=kind_code, code=code) for code in gone)
    return changed


def _published(kind: Kind, at: dt.datetime, **which) -> list:
    """Published records, locked: nobody withdraws one while it is written."""
    records = kind.model.objects.published(at).select_for_update(of=("self",))
    return list(records.filter(**which).order_by("pk"))


def _in_chunks(values: list) -> Iterator[list]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))
