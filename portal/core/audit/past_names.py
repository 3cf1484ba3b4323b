"""Names that rows had at the time of an audit entry.

Entries store keys and never names. The name at the time is the present one, unless a
later entry changed it: then it is the value before the first later change. Nothing is
stored for this, so the names of old entries are known too.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _

from portal.core.audit.choices import AuditAction
from portal.core.audit.display_names import can_view_model, is_personal_data_hidden
from portal.core.audit.models import Deed, PersonalValue
from portal.core.audit.snapshots import (
    get_audited_columns,
    get_column_language,
    get_field_name,
)

# Maximum number of later entries that are read at once. Beyond it, rows of which no
# entry was read have their present name.
_MAX_LATER_ENTRIES = 5000
# Actions whose entries contain values that were not, or not yet, those of the row.
_WITHOUT_VALUES = (
    AuditAction.CREATED,
    AuditAction.PROPOSED,
    AuditAction.ROW_ASSIGNED,
)


@dataclass(frozen=True)
class NameFormat:
    """How the rows of a model are named from their own columns.

    ``fields`` are the names of the fields that the name consists of, and ``format``
    returns the name of an instance, "" if it has none.
    """

    fields: tuple[str, ...]
    format: Callable[[models.Model], str]


# Takes a model; returns None if its rows have no name of their own.
NameFormatProvider = Callable[[type[models.Model]], NameFormat | None]
_providers: dict[type[models.Model], NameFormatProvider] = {}


def register_name_format(
    model: type[models.Model],
) -> Callable[[NameFormatProvider], NameFormatProvider]:
    """Return a decorator that registers the name format of ``model`` and subclasses."""

    def register(provider: NameFormatProvider) -> NameFormatProvider:
        _providers[model] = provider
        return provider

    return register


@dataclass(frozen=True)
class RowReference:
    """A row and the record to which its audit entries belong, by label and key."""

    model: type[models.Model]
    pk: int
    record_model: str
    record_row: str


@dataclass
class _Values:
    """Values before one later change: column name to text, None if it was erased."""

    position: int
    is_deletion: bool
    by_column: dict[str, str | None]


class PastNames:
    """Lookup of the names that rows had at positions of the audit log.

    Runs one query for the later entries, one for their personal values and one for
    each model of which a row has another name now.
    """

    def __init__(self, rows: Iterable[RowReference], *, since: int, viewer):
        """Load what changed the names of ``rows`` after the position ``since``.

        ``viewer`` is the user who sees the names: no other name is returned of rows
        with personal data that they may not view.
        """
        self._formats: dict[type[models.Model], NameFormat] = {}
        # Names of the columns of a name, by field and language.
        self._columns: dict[type[models.Model], dict[tuple[str, str], str]] = {}
        references = {
            (row.model._meta.label_lower, str(row.pk)): row
            for row in rows
            if self._is_named(row.model, viewer)
        }
        self._values: dict[tuple[str, str], list[_Values]] = defaultdict(list)
        entries = _load_later_entries(references.values(), since)
        personal_values = _load_personal_values(entries)
        for entry in entries:
            reference = references.get((entry.model, entry.row))
            if reference is None:
                continue
            columns = self._columns[reference.model]
            values = {
                columns[key]: change.get("old", personal_values.get((entry.pk, *key)))
                for change in entry.changes
                if (key := (change["field"], change["language"])) in columns
            }
            is_deletion = entry.verb == AuditAction.DELETED
            if values:
                self._values[entry.model, entry.row].append(
                    _Values(entry.position, is_deletion, values)
                )
        self._rows = self._load_rows(references)

    def get(self, model: type[models.Model], pk: int | str, position: int) -> str:
        """Return the name of a row after the entry at ``position``.

        For the entry of its deletion, and before, it is the name that it had. Returns
        "" if the present name is that of the time, and "(erased)" if the name of the
        time was erased.
        """
        key = (model._meta.label_lower, str(pk))
        columns: dict[str, str | None] = {}
        for values in self._values.get(key, ()):
            if values.position > position or (
                values.is_deletion and values.position == position
            ):
                columns = {**values.by_column, **columns}
        if not columns:
            return ""
        if None in columns.values():
            return _("(deleted)")
        row = self._rows.get(key) or model()
        present = {column: getattr(row, column) for column in columns}
        for column, text in columns.items():
            setattr(row, column, text)
        try:
            return self._formats[model].format(row)
        finally:
            for column, value in present.items():
                setattr(row, column, value)

    def _is_named(self, model: type[models.Model], viewer) -> bool:
        if model not in self._formats:
            if is_personal_data_hidden(model, viewer):
                return False
            provider = next(
                (_providers[base] for base in model.__mro__ if base in _providers), None
            )
            name_format = provider(model) if provider else None
            if name_format is None:
                return False
            self._formats[model] = name_format
            self._columns[model] = _get_text_columns(model, name_format.fields)
        return True

    def _load_rows(self, references) -> dict[tuple[str, str], models.Model]:
        pks_by_model: dict[type[models.Model], list[int]] = defaultdict(list)
        for key in self._values:
            pks_by_model[references[key].model].append(references[key].pk)
        return {
            (model._meta.label_lower, str(row.pk)): row
            for model, pks in pks_by_model.items()
            for row in models.QuerySet(model).filter(pk__in=pks)
        }


def load_person_names(entries: Sequence[Deed]) -> dict[int, str]:
    """Return the names that the persons of entries had, by position.

    ``by`` of the entries should be loaded. User names are shown to everybody who may
    read the entries, also without permission to view accounts.
    """
    if not entries:
        return {}
    users = {entry.by_id: entry.by for entry in entries}
    label = type(entries[0].by)._meta.label_lower
    names = PastNames(
        (RowReference(type(user), pk, label, str(pk)) for pk, user in users.items()),
        since=min(entry.position for entry in entries),
        viewer=None,
    )
    return {
        entry.position: names.get(type(entry.by), entry.by_id, entry.position)
        or str(entry.by)
        for entry in entries
    }


def load_object_names(
    entries: Sequence[Deed], models_by_label: dict[str, type[models.Model]], *, viewer
) -> PastNames:
    """Return the lookup of names of the changed rows of ``entries``.

    ``models_by_label`` has the models of the entries and their records that still
    exist. Names of rows whose record the user may not view are not loaded.
    """
    references = {
        RowReference(
            models_by_label[entry.model],
            int(entry.row),
            entry.record_model,
            entry.record_row,
        )
        for entry in entries
        if entry.model in models_by_label
        and entry.record_model in models_by_label
        and entry.row.isdecimal()
        and can_view_model(viewer, models_by_label[entry.record_model])
    }
    since = min((entry.position for entry in entries), default=1) - 1
    return PastNames(references, since=since, viewer=viewer)


def _load_later_entries(references: Iterable[RowReference], since: int) -> list[Deed]:
    rows_by_record_model: dict[str, set[str]] = defaultdict(set)
    for reference in references:
        rows_by_record_model[reference.record_model].add(reference.record_row)
    if not rows_by_record_model:
        return []
    condition = models.Q()
    for label, rows in rows_by_record_model.items():
        condition |= models.Q(record_model=label, record_row__in=sorted(rows))
    entries = Deed.objects.filter(condition, position__gt=since)
    entries = entries.exclude(verb__in=_WITHOUT_VALUES).exclude(changes=[])
    columns = ("position", "verb", "model", "row", "changes")
    return list(entries.only(*columns).order_by("position")[:_MAX_LATER_ENTRIES])


def _load_personal_values(entries: Sequence[Deed]) -> dict[tuple, str]:
    pks = [
        entry.pk
        for entry in entries
        if any("old_digest" in change for change in entry.changes)
    ]
    if not pks:
        return {}
    values = PersonalValue.objects.filter(deed__in=pks)
    return {
        (deed, field, language): old
        for deed, field, language, old in values.values_list(
            "deed", "field", "language", "old"
        )
    }


def _get_text_columns(
    model: type[models.Model], fields: Sequence[str]
) -> dict[tuple[str, str], str]:
    """Return the names of the text columns of ``fields`` by field and language."""
    return {
        (get_field_name(column), get_column_language(column)): column.attname
        for column in get_audited_columns(model)
        if get_field_name(column) in fields
        and isinstance(column, (models.CharField, models.TextField))
    }
