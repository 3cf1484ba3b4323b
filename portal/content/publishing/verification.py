"""Check that the audit log explains published records and lists all contributors.

Used by the command ``verify_history``. Records are read in batches without locks.
Records with problems are checked again under a lock, because staff may be editing
meanwhile.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import prefetch_related_objects

from portal.content.catalogue.registry import all_kinds
from portal.content.publishing.choices import Status
from portal.content.publishing.internal_fields import is_internal_entry
from portal.content.publishing.models import Contribution, Proposal, Publishable
from portal.core.audit.choices import AuditAction
from portal.core.audit.diff import serialize_plain_value
from portal.core.audit.display_names import get_public_key_field
from portal.core.audit.models import Deed
from portal.core.audit.snapshots import (
    get_audited_columns,
    get_child_model,
    get_column_language,
    get_field_name,
    get_parent_columns,
    serialize_column,
)

_BATCH_SIZE = 200
_EDITS = (AuditAction.CREATED, AuditAction.CHANGED, AuditAction.DELETED)
_PUBLISHED_OR_WITHDRAWN = (AuditAction.PUBLISHED, AuditAction.WITHDRAWN)
# Actions that may delete the contributions to a record.
_CONTRIBUTIONS_END = (
    AuditAction.PUBLISHED,
    AuditAction.ACCEPTED,
    AuditAction.DISCARDED,
)

RowKey = tuple[str, str]
FieldKey = tuple[str, str]
# Primary key of a record and a description of the problem.
Problem = tuple[int, str]


def unexplained_records() -> Iterator[str]:
    """Yield a sentence for each fact about a published record that has no audit entry.

    Such a fact is its publication, a value, an added child row or a missing child row.
    """
    for kind in all_kinds():
        published = models.QuerySet(kind.model).filter(status=Status.PUBLISHED)
        yield from _check_in_batches(kind.model, published, _find_unexplained)


def missing_contributions() -> Iterator[str]:
    """Yield a sentence for each user who should be registered as a contributor and is
    not.

    Checks the authors of changes to unpublished records and of open proposals.
    """
    for kind in all_kinds():
        content_type = ContentType.objects.get_for_model(kind.model)
        open_proposals = Proposal.objects.open().filter(content_type=content_type)
        is_unpublished = ~models.Q(status=Status.PUBLISHED)
        has_proposal = models.Q(pk__in=open_proposals.values("object_id"))
        records = models.QuerySet(kind.model).filter(is_unpublished | has_proposal)
        yield from _check_in_batches(kind.model, records, _find_missing_contributors)


def _check_in_batches(
    model: type[Publishable],
    records: models.QuerySet,
    check: Callable[[type[Publishable], list[int]], list[Problem]],
) -> Iterator[str]:
    """Run ``check`` on ``records`` in batches and yield the confirmed problems.

    Records with problems are locked and checked a second time.
    """
    last_pk = 0
    while pks := list(
        records.filter(pk__gt=last_pk)
        .order_by("pk")
        .values_list("pk", flat=True)[:_BATCH_SIZE]
    ):
        last_pk = pks[-1]
        suspects = sorted({pk for pk, _text in check(model, pks)})
        if not suspects:
            continue
        with transaction.atomic():
            rows = models.QuerySet(model).filter(pk__in=suspects)
            locked = rows.select_for_update(no_key=True).order_by(model.code_field)
            locked_pks = list(locked.values_list("pk", flat=True))
            remaining = records.filter(pk__in=locked_pks).values_list("pk", flat=True)
            problems = check(model, sorted(remaining))
        for _pk, text in problems:
            yield text


# ------------------------------------------------------------------ published records


@dataclass
class _Entries:
    """Facts about one record according to its audit entries.

    ``rows`` has the last action on each row. ``values`` has the last value of each
    field of each row and the log position of its entry.
    """

    last_status: str = ""
    is_created: bool = False
    is_imported: bool = False
    rows: dict[RowKey, str] = field(default_factory=dict)
    values: dict[RowKey, dict[FieldKey, tuple[str, int]]] = field(default_factory=dict)

    def add(self, entry: Deed, *, is_import: bool) -> None:
        key = (entry.model, entry.row)
        is_own = key == (entry.record_model, entry.record_row)
        if entry.verb in _PUBLISHED_OR_WITHDRAWN and is_own:
            self.last_status = entry.verb
        elif is_import:
            # Import entries contain spreadsheet cells instead of column values, and
            # child rows as one field, so values and rows from earlier entries may be
            # outdated.
            self.is_imported, self.rows, self.values = True, {}, {}
        elif entry.verb in _EDITS:
            self.is_created |= is_own and entry.verb == AuditAction.CREATED
            self.rows[key] = entry.verb
            values = self.values.setdefault(key, {})
            for change in entry.changes:
                if "new" in change:
                    name = (change["field"], change["language"])
                    values[name] = (change["new"], entry.position)


def _find_unexplained(model: type[Publishable], pks: list[int]) -> list[Problem]:
    """Return a problem for each fact about these records that no audit entry
    explains."""
    records = list(models.QuerySet(model).filter(pk__in=pks).order_by("pk"))
    prefetch_related_objects(records, *model.child_relations)
    entries = _load_entries(model, pks)
    values = _Values(records)
    problems: list[Problem] = []
    for record in records:
        record_entries = entries[str(record.pk)]
        texts = [
            *_find_status_problems(record_entries),
            *_find_row_problems(record, record_entries, values),
        ]
        problems += [(record.pk, f"{_format_record(record)}: {text}") for text in texts]
    return problems


def _load_entries(model: type[Publishable], pks: list[int]) -> dict[str, _Entries]:
    log_entries = Deed.objects.filter(
        record_model=model._meta.label_lower, record_row__in=[str(pk) for pk in pks]
    ).exclude(verb=AuditAction.PROPOSED)
    entries_by_record: dict[str, _Entries] = defaultdict(_Entries)
    imports = _get_entry_times(AuditAction.IMPORTED)
    for entry in log_entries.order_by("position").iterator():
        is_import = (
            entry.verb == AuditAction.IMPORT_UNDONE
            or (entry.at, entry.by_id) in imports
        )
        entries_by_record[entry.record_row].add(entry, is_import=is_import)
    return entries_by_record


def _get_entry_times(verb: AuditAction) -> set[tuple]:
    """Return time and user of all entries with the action ``verb``.

    Entries of records that were written by the same import or erasure have the same
    time and user.
    """
    return set(Deed.objects.filter(verb=verb).values_list("at", "by"))


def _format_record(record: Publishable) -> str:
    return f"{record._meta.label_lower} {record.public_code}"


def _find_status_problems(entries: _Entries) -> Iterator[str]:
    if not entries.last_status:
        yield "it is published, but its publication has no audit entry"
    elif entries.last_status == AuditAction.WITHDRAWN:
        yield "it is published, but according to the last audit entry it was withdrawn"


def _find_row_problems(
    record: Publishable, entries: _Entries, values: "_Values"
) -> Iterator[str]:
    rows = {_get_row_key(row): row for row in (record, *_iterate_child_rows(record))}
    parent_fields = _get_parent_fields(type(record))
    # Imported and sample records do not have an entry for every child row.
    is_complete = entries.is_created and not entries.is_imported
    for key, verb in entries.rows.items():
        if key not in rows and verb != AuditAction.DELETED:
            yield f"{' '.join(key)} was deleted, but this has no audit entry"
    for key, row in rows.items():
        if key in entries.rows:
            recorded = entries.values.get(key, {})
            current = values.of(row)
            for parent_field in parent_fields.get(type(row), ()):
                del current[parent_field]
            yield from _find_value_problems(row, recorded, current, is_complete)
        elif is_complete:
            yield f"{' '.join(key)} was added, but this has no audit entry"


def _get_parent_fields(
    model: type[Publishable],
) -> dict[type[models.Model], list[FieldKey]]:
    """Return the foreign keys from child rows to their record, which audit entries
    omit."""
    fields_by_model = {}
    for name in model.child_relations:
        child_model = get_child_model(model, name)
        parent_columns = get_parent_columns(model, name)
        fields_by_model[child_model] = [
            (column.name, "")
            for column in get_audited_columns(child_model)
            if column.attname in parent_columns
        ]
    return fields_by_model


def _find_value_problems(
    row: models.Model,
    recorded: dict[FieldKey, tuple[str, int]],
    current: dict[FieldKey, str],
    is_complete: bool,
) -> Iterator[str]:
    defaults = _get_default_values(type(row))
    for name, text in current.items():
        location = f"{'/'.join(filter(None, name))} of {' '.join(_get_row_key(row))}"
        if name in recorded:
            expected, position = recorded[name]
            if text != expected:
                yield f"{location} differs from its last audit entry ({position})"
        elif is_complete and text not in ("", defaults.get(name, "")):
            yield f"{location} is filled in, but this has no audit entry"


def _get_default_values(model: type[models.Model]) -> dict[FieldKey, str]:
    """Return the default values of columns, which rows older than the column
    contain."""
    return {
        (get_field_name(column), get_column_language(column)): serialize_plain_value(
            column.get_default()
        )
        for column in get_audited_columns(model)
        if column.has_default() and not column.is_relation
    }


def _get_row_key(row: models.Model) -> RowKey:
    """Return the model label and primary key of ``row``, as audit entries contain
    them."""
    return row._meta.label_lower, str(row.pk)


def _iterate_child_rows(record: Publishable) -> Iterator[models.Model]:
    for name in record.child_relations:
        yield from getattr(record, name).all()


class _Values:
    """Values of records and their child rows in the format of the audit log.

    The public keys of related rows are read for all records at once.
    """

    def __init__(self, records: list[Publishable]):
        self._names: dict[type[models.Model], dict[int, str]] = {}
        self._links = _load_links(records)
        pks_by_model: dict[type[models.Model], set[int]] = defaultdict(set)
        rows = [
            row for record in records for row in (record, *_iterate_child_rows(record))
        ]
        for row in rows:
            for column in get_audited_columns(type(row)):
                if column.is_relation:
                    pks_by_model[column.related_model].add(getattr(row, column.attname))
        for relation, pks in self._links.items():
            pks_by_model[relation.related_model].update(*pks.values())
        for model, pks in pks_by_model.items():
            self._names[model] = _load_public_keys(model, pks - {None})

    def of(self, row: models.Model) -> dict[FieldKey, str]:
        """Return the values of ``row`` by field name and language."""
        values = {}
        for column in get_audited_columns(type(row)):
            value = serialize_column(row, column)
            if column.is_relation:
                pks = [] if value is None else [value]
                text = self._text(column.related_model, pks)
            else:
                text = serialize_plain_value(value)
            values[get_field_name(column), get_column_language(column)] = text
        for relation, links in self._links.items():
            if relation.model is type(row):
                pks = links.get(row.pk, [])
                values[relation.name, ""] = self._text(relation.related_model, pks)
        return values

    def _text(self, model: type[models.Model], pks: list[int]) -> str:
        return "; ".join(self._names[model].get(pk, f"#{pk}") for pk in pks)


def _load_public_keys(model: type[models.Model], pks: set[int]) -> dict[int, str]:
    """Return the public keys of rows of ``model`` by primary key; {} if it has no
    public key."""
    key = get_public_key_field(model)
    if not key:
        return {}
    keys = models.QuerySet(model).filter(pk__in=pks).values_list("pk", key)
    return {pk: str(name) for pk, name in keys}


def _load_links(records: list[Publishable]) -> dict[models.ManyToManyField, dict]:
    """Map each many-to-many relation to the related keys by record key, in stored
    order."""
    links_by_relation: dict[models.ManyToManyField, dict[int, list[int]]] = {}
    if not records:
        return links_by_relation
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
        links_by_relation[relation] = links
    return links_by_relation


# ---------------------------------------------------------------------- contributions


def _find_missing_contributors(
    model: type[Publishable], pks: list[int]
) -> list[Problem]:
    """Return a problem for each author of these records who is not registered as
    contributor."""
    content_type = ContentType.objects.get_for_model(model)
    record_filter = {"content_type": content_type, "object_id__in": pks}
    usernames_by_pk = _collect_authors(model, pks)
    open_proposals = Proposal.objects.open().filter(
        **record_filter, proposed_by__is_actor=False
    )
    for pk, user in open_proposals.values_list("object_id", "proposed_by__username"):
        usernames_by_pk[pk].add(user)
    contributions = Contribution.objects.filter(**record_filter)
    contributors = set(contributions.values_list("object_id", "user__username"))
    records = models.QuerySet(model).in_bulk(pks)
    return [
        (
            pk,
            f"{_format_record(records[pk])}: {user} changed it, but is no contributor",
        )
        for pk in pks
        if pk in records
        for user in sorted(usernames_by_pk[pk])
        if (pk, user) not in contributors
    ]


def _collect_authors(model: type[Publishable], pks: list[int]) -> dict[int, set[str]]:
    """Return the user names of the contributors to each record according to the audit
    log.

    A contributor changed the record, or proposed a change, after contributions to it
    were last deleted. System actors are left out.
    """
    statuses = models.QuerySet(model).filter(pk__in=pks).values_list("pk", "status")
    change_actions = {
        # Published records are changed by proposals; the edit entries that accepting a
        # proposal writes are no further contributions.
        str(pk): (AuditAction.PROPOSED,)
        if status == Status.PUBLISHED
        else (*_EDITS, AuditAction.IMPORT_UNDONE, AuditAction.PROPOSED)
        for pk, status in statuses
    }
    entries = Deed.objects.filter(
        record_model=model._meta.label_lower, record_row__in=list(change_actions)
    ).select_related("by")
    usernames_by_pk: dict[int, set[str]] = defaultdict(set)
    # Entries written by an erasure of personal data, or by accepting another user's
    # proposal, are no contributions.
    excluded_times = _get_entry_times(AuditAction.ERASED)
    for entry in entries.order_by("position").iterator():
        if entry.verb in _CONTRIBUTIONS_END:
            usernames_by_pk[int(entry.record_row)].clear()
        if entry.verb == AuditAction.ACCEPTED:
            excluded_times.add((entry.at, entry.by_id))
        is_change = entry.verb in change_actions[
            entry.record_row
        ] and not is_internal_entry(entry)
        is_own = not entry.by.is_actor and (entry.at, entry.by_id) not in excluded_times
        if is_change and is_own:
            usernames_by_pk[int(entry.record_row)].add(entry.by.username)
    return usernames_by_pk
