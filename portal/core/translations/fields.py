"""Model field with normalised names, for looking up records by name."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.db import DEFAULT_DB_ALIAS, migrations, models, transaction
from django.db.models.lookups import Contains
from modeltranslation.utils import build_localized_fieldname

from portal.core.languages import LANGUAGES_BY_CODE
from portal.core.translations.normal_form import loose_name_key, remove_punctuation

# Number of rows that are read, locked and written in one transaction.
_BATCH_SIZE = 500


class NameKeysField(models.TextField):
    """Text column with the normalised names of a row, one name per line.

    ``sources`` are the model fields that contain names; of a translated field, the
    names in all languages are included. ``filter(column__named="…")`` finds rows with a
    name that contains the given words, regardless of case, marks, spaces and
    punctuation. The column is written when the row is saved; ``save(update_fields=…)``,
    ``bulk_update`` and ``update`` of a name must include this column.
    """

    def __init__(self, *args, sources: Sequence[str] = (), **kwargs):
        self.sources = tuple(sources)
        # db_default: during an upgrade, processes of the previous release insert rows
        # without this column.
        kwargs |= {"editable": False, "blank": True, "default": "", "db_default": ""}
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for option in ("editable", "blank", "default"):
            kwargs.pop(option, None)
        return name, path, args, kwargs | {"sources": self.sources}

    def pre_save(self, model_instance, add):
        keys = "\n".join(build_name_keys(self._names(model_instance)))
        setattr(model_instance, self.attname, keys)
        return keys

    def source_columns(self, model: type[models.Model]) -> tuple[str, ...]:
        """Return the columns of ``model`` from which this column is written."""
        return _source_columns(self.sources, model)

    def _names(self, row: models.Model) -> Iterator[str]:
        for column in self.source_columns(type(row)):
            yield getattr(row, column) or ""


class NameContains(Contains):
    """Lookup for rows with a name that contains the given words.

    The words are normalised like the column. The lookup is named "contains" because it
    compiles to that SQL; it is registered as ``named``.
    """

    def get_prep_lookup(self):
        return comparable_name(str(self.rhs))

    def as_sql(self, compiler, connection):
        # Database back ends define operators for Django's own lookups only.
        return compiler.compile(Contains(self.lhs, self.rhs))


NameKeysField.register_lookup(NameContains, "named")


def build_name_keys(names: Iterable[str]) -> list[str]:
    """Return the distinct normalised forms of ``names``, without empty ones."""
    return [key for key in dict.fromkeys(map(comparable_name, names)) if key]


def fill_name_keys(app: str, *names: str) -> migrations.RunPython:
    """Return a migration operation that fills the NameKeysField columns.

    ``names`` are the models of ``app`` whose existing rows are filled.
    """

    def fill(registry, schema_editor):
        model_classes = [registry.get_model(app, name) for name in names]
        rebuild_name_keys(model_classes, using=schema_editor.connection.alias)

    return migrations.RunPython(fill, migrations.RunPython.noop)


def models_with_name_keys(registry) -> list[type[models.Model]]:
    """Return the models of an app registry that have a NameKeysField.

    ``registry`` is ``django.apps.apps`` or the registry of a migration.
    """
    return [
        model
        for model in registry.get_models()
        if not model._meta.proxy and name_keys_fields(model)
    ]


def rebuild_name_keys(
    model_classes: Iterable[type[models.Model]], *, using: str = DEFAULT_DB_ALIAS
) -> tuple[int, int]:
    """Correct outdated NameKeysField columns in all rows of ``model_classes``.

    No other column and no audit entry is written. Returns the numbers of changed and of
    unchanged rows. ``using`` is the database alias.
    """
    changed = unchanged = 0
    for model in model_classes:
        last = None
        while (batch := _rebuild_batch(model, last, using)).last is not None:
            last = batch.last
            changed += batch.changed
            unchanged += batch.unchanged
    return changed, unchanged


class _Batch(NamedTuple):
    """Result of one batch; ``last`` is the key of its last row, None if it is empty."""

    last: object = None
    changed: int = 0
    unchanged: int = 0


def _rebuild_batch(model: type[models.Model], after: object, using: str) -> _Batch:
    """Correct the columns in the batch of rows that follows primary key ``after``."""
    fields = name_keys_fields(model)
    names = [field.attname for field in fields]
    sources = [name for field in fields for name in field.source_columns(model)]
    # The model's managers may exclude rows, which must be corrected too.
    queryset = models.QuerySet(model, using=using)
    with transaction.atomic(using=using):
        # Rows are locked so that none is renamed between reading and writing.
        batch = queryset.order_by("pk").only("pk", *names, *sources).select_for_update()
        batch = list(
            (batch.filter(pk__gt=after) if after is not None else batch)[:_BATCH_SIZE]
        )
        if not batch:
            return _Batch()
        changed = []
        for row in batch:
            stored_keys = [getattr(row, name) for name in names]
            if stored_keys != [field.pre_save(row, False) for field in fields]:
                changed.append(row)
        if changed:
            queryset.bulk_update(changed, names)
    return _Batch(batch[-1].pk, len(changed), len(batch) - len(changed))


def name_keys_fields(model: type[models.Model]) -> list[NameKeysField]:
    """Return the NameKeysField columns of ``model``."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, NameKeysField)
    ]


@lru_cache(30_000)
def comparable_name(name: str) -> str:
    """Return ``name`` normalised as in a NameKeysField column.

    The result is the loose key of the name (see ``loose_name_key``) without
    punctuation.
    """
    key = loose_name_key(name)
    # Keep the punctuation of a name that has nothing else.
    return remove_punctuation(key) or key


@lru_cache(256)
def _source_columns(
    sources: tuple[str, ...], model: type[models.Model]
) -> tuple[str, ...]:
    columns = []
    for source in sources:
        localized = [
            build_localized_fieldname(source, code) for code in LANGUAGES_BY_CODE
        ]
        columns += localized if _has_field(model, localized[0]) else [source]
    return tuple(columns)


def _has_field(model: type[models.Model], name: str) -> bool:
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True
