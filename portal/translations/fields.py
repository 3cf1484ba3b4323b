"""Columns that hold the comparable form of names, for look-ups in the database."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.db import DEFAULT_DB_ALIAS, migrations, models, transaction
from django.db.models.lookups import Contains
from modeltranslation.utils import build_localized_fieldname

from portal.languages import BY_CODE
from portal.translations.folding import loose_name_key, without_punctuation

# So many rows are read, locked and written at a time.
_ROWS = 500


class NameKeysField(models.TextField):
    """The loose keys of the names in the fields ``sources``, a line for each name.

    Of a translated field the names in all languages count. The column is written when
    the row is saved; ``save(update_fields=…)``, ``bulk_update`` and ``update`` of a
    name have to name this column too. ``filter(column__named="…")`` finds rows with a
    name that contains the words, in whatever form they are written.
    """

    def __init__(self, *args, sources: Sequence[str] = (), **kwargs):
        self.sources = tuple(sources)
        # db_default: processes of the release before insert rows during an upgrade.
        kwargs |= {"editable": False, "blank": True, "default": "", "db_default": ""}
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for given in ("editable", "blank", "default"):
            kwargs.pop(given, None)
        return name, path, args, kwargs | {"sources": self.sources}

    def pre_save(self, model_instance, add):
        keys = "\n".join(keys_of_names(self._names(model_instance)))
        setattr(model_instance, self.attname, keys)
        return keys

    def source_columns(self, model: type[models.Model]) -> tuple[str, ...]:
        """The columns of ``model`` whose names are in this one."""
        return _source_columns(self.sources, model)

    def _names(self, row: models.Model) -> Iterator[str]:
        for column in self.source_columns(type(row)):
            yield getattr(row, column) or ""


class Named(Contains):
    """Whether one of the names contains these words, compared by their loose key.

    To the database it is the look-up ``contains``, so that it keeps that name.
    """

    def get_prep_lookup(self):
        return comparable_name(str(self.rhs))

    def as_sql(self, compiler, connection):
        # Back ends have an operator for the lookups of Django only.
        return compiler.compile(Contains(self.lhs, self.rhs))


NameKeysField.register_lookup(Named, "named")


def keys_of_names(names: Iterable[str]) -> list[str]:
    """The loose key of each of ``names`` once, without punctuation and empty ones."""
    return [key for key in dict.fromkeys(map(comparable_name, names)) if key]


def fill_name_keys(app: str, *names: str) -> migrations.RunPython:
    """The step of a migration that fills the columns of rows which are there already.

    ``names`` are those of the models of ``app`` that have such a column.
    """

    def fill(registry, schema_editor):
        model_classes = [registry.get_model(app, name) for name in names]
        rebuild_name_keys(model_classes, using=schema_editor.connection.alias)

    return migrations.RunPython(fill, migrations.RunPython.noop)


def models_with_name_keys(registry) -> list[type[models.Model]]:
    """The models of ``registry``, such as ``django.apps.apps``, with such a column."""
    return [
        model
        for model in registry.get_models()
        if not model._meta.proxy and name_keys_fields(model)
    ]


def rebuild_name_keys(
    model_classes: Iterable[type[models.Model]], *, using: str = DEFAULT_DB_ALIAS
) -> tuple[int, int]:
    """Correct the columns of all rows of ``model_classes`` that do not fit the names.

    Only these columns are written: no other value, no history. Returns the number of
    rows that were changed, and of those that were not.
    """
    changed = unchanged = 0
    for model in model_classes:
        last = None
        while (batch := _rebuild(model, last, using)).last is not None:
            last = batch.last
            changed += batch.changed
            unchanged += batch.unchanged
    return changed, unchanged


class _Batch(NamedTuple):
    """The key of the last row of a batch, None when there was no row left."""

    last: object = None
    changed: int = 0
    unchanged: int = 0


def _rebuild(model: type[models.Model], after: object, using: str) -> _Batch:
    fields = name_keys_fields(model)
    names = [field.attname for field in fields]
    sources = [name for field in fields for name in field.source_columns(model)]
    # Not the managers of the model: rows that they leave out have names too.
    rows = models.QuerySet(model, using=using)
    with transaction.atomic(using=using):
        # Locked, so that a row is not renamed between reading and writing.
        some = rows.order_by("pk").only("pk", *names, *sources).select_for_update()
        some = list((some.filter(pk__gt=after) if after is not None else some)[:_ROWS])
        if not some:
            return _Batch()
        changed = []
        for row in some:
            before = [getattr(row, name) for name in names]
            if before != [field.pre_save(row, False) for field in fields]:
                changed.append(row)
        if changed:
            rows.bulk_update(changed, names)
    return _Batch(some[-1].pk, len(changed), len(some) - len(changed))


def name_keys_fields(model: type[models.Model]) -> list[NameKeysField]:
    """The columns of ``model`` that are written from other columns when it is saved."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, NameKeysField)
    ]


@lru_cache(30_000)
def comparable_name(name: str) -> str:
    """``name`` as a column holds it."""
    key = loose_name_key(name)
    # A name of signs alone is compared by them.
    return without_punctuation(key) or key


@lru_cache(256)
def _source_columns(
    sources: tuple[str, ...], model: type[models.Model]
) -> tuple[str, ...]:
    columns = []
    for source in sources:
        localized = [build_localized_fieldname(source, code) for code in BY_CODE]
        columns += localized if _has_field(model, localized[0]) else [source]
    return tuple(columns)


def _has_field(model: type[models.Model], name: str) -> bool:
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True
