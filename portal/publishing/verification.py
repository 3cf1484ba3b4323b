"""Whether the audit log explains what is public and who contributed to what is not.

For the command ``verify_history``. Records are read in batches; what looks wrong is
read again under the lock of the records, because staff may be working meanwhile.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import prefetch_related_objects

from portal.catalogue.registry import kinds
from portal.history.choices import Verb
from portal.history.comparing import plain_text
from portal.history.models import Deed
from portal.history.naming import key_of
from portal.history.snapshots import (
    columns_of,
    language_of,
    name_of,
    owner_columns,
    part_model,
    plain,
)
from portal.publishing.choices import Status
from portal.publishing.models import Contribution, Proposal, Publishable

_BATCH = 200
_EDITS = (Verb.CREATED, Verb.CHANGED, Verb.DELETED)
_PUBLISHED_OR_WITHDRAWN = (Verb.PUBLISHED, Verb.WITHDRAWN)
# Contributions are deleted by these, at most.
_CONTRIBUTIONS_END = (Verb.PUBLISHED, Verb.ACCEPTED, Verb.DISCARDED)

RowKey = tuple[str, str]
FieldKey = tuple[str, str]
# Primary key of a record, and a sentence about it.
Problem = tuple[int, str]


def unexplained_records() -> Iterator[str]:
    """Yield a sentence for each thing about a published record that no audit entry
    explains: its publication, a value, or a row that was added to it or is gone."""
    for kind in kinds():
        published = models.QuerySet(kind.model).filter(status=Status.PUBLISHED)
        yield from _checked(kind.model, published, _unexplained)


def missing_contributions() -> Iterator[str]:
    """Yield a sentence for each person who changed a record that is not published, or
    a waiting change, and is not on record as a contributor."""
    for kind in kinds():
        content_type = ContentType.objects.get_for_model(kind.model)
        waiting = Proposal.objects.open().filter(content_type=content_type)
        undecided = ~models.Q(status=Status.PUBLISHED)
        has_change = models.Q(pk__in=waiting.values("object_id"))
        records = models.QuerySet(kind.model).filter(undecided | has_change)
        yield from _checked(kind.model, records, _without_contribution)


def _checked(
    model: type[Publishable],
    records: models.QuerySet,
    check: Callable[[type[Publishable], list[int]], list[Problem]],
) -> Iterator[str]:
    last = 0
    while pks := list(
        records.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_BATCH]
    ):
        last = pks[-1]
        suspects = sorted({pk for pk, _text in check(model, pks)})
        if not suspects:
            continue
        with transaction.atomic():
            rows = models.QuerySet(model).filter(pk__in=suspects)
            locked = rows.select_for_update(no_key=True).order_by(model.code_field)
            still = list(locked.values_list("pk", flat=True))
            remaining = records.filter(pk__in=still).values_list("pk", flat=True)
            problems = check(model, sorted(remaining))
        for _pk, text in problems:
            yield text


# ------------------------------------------------------------------ published records


@dataclass
class _Entries:
    """What the audit entries of one record say of it.

    ``values`` are the last value of each field of each row with the position of its
    entry, ``rows`` the last verb of each row.
    """

    last_status: str = ""
    is_created: bool = False
    is_imported: bool = False
    rows: dict[RowKey, str] = field(default_factory=dict)
    values: dict[RowKey, dict[FieldKey, tuple[str, int]]] = field(default_factory=dict)

    def add(self, deed: Deed, *, is_import: bool) -> None:
        key = (deed.model, deed.row)
        is_own = key == (deed.record_model, deed.record_row)
        if deed.verb in _PUBLISHED_OR_WITHDRAWN and is_own:
            self.last_status = deed.verb
        elif is_import:
            # It has the cells of a file in place of values, and its parts as one field:
            # what earlier entries say of values and rows may not hold any more.
            self.is_imported, self.rows, self.values = True, {}, {}
        elif deed.verb in _EDITS:
            self.is_created |= is_own and deed.verb == Verb.CREATED
            self.rows[key] = deed.verb
            values = self.values.setdefault(key, {})
            for change in deed.changes:
                if "new" in change:
                    name = (change["field"], change["language"])
                    values[name] = (change["new"], deed.position)


def _unexplained(model: type[Publishable], pks: list[int]) -> list[Problem]:
    records = list(models.QuerySet(model).filter(pk__in=pks).order_by("pk"))
    prefetch_related_objects(records, *model.parts)
    entries = _entries_of(model, pks)
    values = _Values(records)
    found: list[Problem] = []
    for record in records:
        own = entries[str(record.pk)]
        texts = [*_status_problems(own), *_row_problems(record, own, values)]
        found += [(record.pk, f"{_named(record)}: {text}") for text in texts]
    return found


def _entries_of(model: type[Publishable], pks: list[int]) -> dict[str, _Entries]:
    deeds = Deed.objects.filter(
        record_model=model._meta.label_lower, record_row__in=[str(pk) for pk in pks]
    ).exclude(verb=Verb.PROPOSED)
    entries: dict[str, _Entries] = defaultdict(_Entries)
    imports = _times_of(Verb.IMPORTED)
    for deed in deeds.order_by("position").iterator():
        is_import = deed.verb == Verb.UNDONE or (deed.at, deed.by_id) in imports
        entries[deed.record_row].add(deed, is_import=is_import)
    return entries


def _times_of(verb: Verb) -> set[tuple]:
    """Time and user of entries about an import or a person, whose other entries are
    about records."""
    return set(Deed.objects.filter(verb=verb).values_list("at", "by"))


def _named(record: Publishable) -> str:
    return f"{record._meta.label_lower} {record.public_code}"


def _status_problems(entries: _Entries) -> Iterator[str]:
    if not entries.last_status:
        yield "it is published, but no audit entry says so"
    elif entries.last_status == Verb.WITHDRAWN:
        yield "it is published, but the last audit entry says that it was withdrawn"


def _row_problems(
    record: Publishable, entries: _Entries, values: "_Values"
) -> Iterator[str]:
    rows = {_key(row): row for row in (record, *_parts(record))}
    owners = _owner_fields(type(record))
    # Imported records, and those of ``load_sample``, have no entry for every row.
    is_complete = entries.is_created and not entries.is_imported
    for key, verb in entries.rows.items():
        if key not in rows and verb != Verb.DELETED:
            yield f"{' '.join(key)} is gone, but no audit entry says so"
    for key, row in rows.items():
        if key in entries.rows:
            known = entries.values.get(key, {})
            current = values.of(row)
            for owner in owners.get(type(row), ()):
                del current[owner]
            yield from _value_problems(row, known, current, is_complete)
        elif is_complete:
            yield f"{' '.join(key)} was added, but no audit entry says so"


def _owner_fields(
    model: type[Publishable],
) -> dict[type[models.Model], list[FieldKey]]:
    """The foreign keys by which parts point to their record: entries leave them out."""
    found = {}
    for name in model.parts:
        part = part_model(model, name)
        owners = owner_columns(model, name)
        found[part] = [
            (column.name, "") for column in columns_of(part) if column.attname in owners
        ]
    return found


def _value_problems(
    row: models.Model,
    known: dict[FieldKey, tuple[str, int]],
    current: dict[FieldKey, str],
    is_complete: bool,
) -> Iterator[str]:
    defaults = _defaults(type(row))
    for name, text in current.items():
        where = f"{'/'.join(filter(None, name))} of {' '.join(_key(row))}"
        if name in known:
            expected, position = known[name]
            if text != expected:
                yield f"{where} is not what its last audit entry says ({position})"
        elif is_complete and text not in ("", defaults.get(name, "")):
            yield f"{where} is filled in, but no audit entry says so"


def _defaults(model: type[models.Model]) -> dict[FieldKey, str]:
    """The default values: rows that are older than their column have them."""
    return {
        (name_of(column), language_of(column)): plain_text(column.get_default())
        for column in columns_of(model)
        if column.has_default() and not column.is_relation
    }


def _key(row: models.Model) -> RowKey:
    return row._meta.label_lower, str(row.pk)


def _parts(record: Publishable) -> Iterator[models.Model]:
    for name in record.parts:
        yield from getattr(record, name).all()


class _Values:
    """The values of records and their parts as the audit log writes them.

    The keys of related rows are read for all records at once.
    """

    def __init__(self, records: list[Publishable]):
        self._names: dict[type[models.Model], dict[int, str]] = {}
        self._links = _links(records)
        wanted: dict[type[models.Model], set[int]] = defaultdict(set)
        rows = [row for record in records for row in (record, *_parts(record))]
        for row in rows:
            for column in columns_of(type(row)):
                if column.is_relation:
                    wanted[column.related_model].add(getattr(row, column.attname))
        for relation, pks in self._links.items():
            wanted[relation.related_model].update(*pks.values())
        for model, pks in wanted.items():
            self._names[model] = _names(model, pks - {None})

    def of(self, row: models.Model) -> dict[FieldKey, str]:
        found = {}
        for column in columns_of(type(row)):
            value = plain(row, column)
            if column.is_relation:
                pks = [] if value is None else [value]
                text = self._text(column.related_model, pks)
            else:
                text = plain_text(value)
            found[name_of(column), language_of(column)] = text
        for relation, links in self._links.items():
            if relation.model is type(row):
                pks = links.get(row.pk, [])
                found[relation.name, ""] = self._text(relation.related_model, pks)
        return found

    def _text(self, model: type[models.Model], pks: list[int]) -> str:
        return "; ".join(self._names[model].get(pk, f"#{pk}") for pk in pks)


def _names(model: type[models.Model], pks: set[int]) -> dict[int, str]:
    key = key_of(model)
    if not key:
        return {}
    found = models.QuerySet(model).filter(pk__in=pks).values_list("pk", key)
    return {pk: str(name) for pk, name in found}


def _links(records: list[Publishable]) -> dict[models.ManyToManyField, dict]:
    """Each many-to-many relation → primary key of a record → keys in their order."""
    found: dict[models.ManyToManyField, dict[int, list[int]]] = {}
    if not records:
        return found
    for relation in type(records[0])._meta.many_to_many:
        if not relation.editable:
            continue
        owner = f"{relation.m2m_field_name()}_id"
        target = f"{relation.m2m_reverse_field_name()}_id"
        rows = relation.remote_field.through.objects.filter(
            **{f"{owner}__in": [record.pk for record in records]}
        )
        links: dict[int, list[int]] = defaultdict(list)
        for record, pk in rows.order_by("pk").values_list(owner, target):
            links[record].append(pk)
        found[relation] = links
    return found


# ---------------------------------------------------------------------- contributions


def _without_contribution(model: type[Publishable], pks: list[int]) -> list[Problem]:
    content_type = ContentType.objects.get_for_model(model)
    about = {"content_type": content_type, "object_id__in": pks}
    people = _authors(model, pks)
    waiting = Proposal.objects.open().filter(**about, proposed_by__is_actor=False)
    for pk, user in waiting.values_list("object_id", "proposed_by__username"):
        people[pk].add(user)
    contributions = Contribution.objects.filter(**about)
    known = set(contributions.values_list("object_id", "user__username"))
    records = models.QuerySet(model).in_bulk(pks)
    return [
        (pk, f"{_named(records[pk])}: {user} changed it, but is no contributor")
        for pk in pks
        if pk in records
        for user in sorted(people[pk])
        if (pk, user) not in known
    ]


def _authors(model: type[Publishable], pks: list[int]) -> dict[int, set[str]]:
    """Who changed each record, or proposed a change of it, since contributions to it
    were last deleted. The portal's own actors are not named."""
    statuses = models.QuerySet(model).filter(pk__in=pks).values_list("pk", "status")
    changes = {
        # A published record is changed by proposals; what is accepted is no other.
        str(pk): (Verb.PROPOSED,)
        if status == Status.PUBLISHED
        else (*_EDITS, Verb.UNDONE, Verb.PROPOSED)
        for pk, status in statuses
    }
    deeds = Deed.objects.filter(
        record_model=model._meta.label_lower, record_row__in=list(changes)
    ).select_related("by")
    people: dict[int, set[str]] = defaultdict(set)
    # What an erasure changes in a record is no contribution to it, nor is what the
    # acceptance of another person's change writes.
    followed = _times_of(Verb.ERASED)
    for deed in deeds.order_by("position").iterator():
        if deed.verb in _CONTRIBUTIONS_END:
            people[int(deed.record_row)].clear()
        if deed.verb == Verb.ACCEPTED:
            followed.add((deed.at, deed.by_id))
        is_change = deed.verb in changes[deed.record_row]
        is_own = not deed.by.is_actor and (deed.at, deed.by_id) not in followed
        if is_change and is_own:
            people[int(deed.record_row)].add(deed.by.username)
    return people
