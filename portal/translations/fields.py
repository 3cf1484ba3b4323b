"""Columns that hold the comparable form of names, for look-ups in the database."""

from collections.abc import Iterator, Sequence

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.lookups import Contains
from modeltranslation.utils import build_localized_fieldname

from portal.languages import BY_CODE
from portal.translations.folding import loose_name_key


class NameKeysField(models.TextField):
    """The loose keys of the names in the fields ``sources``, a line for each name.

    Of a translated field the names in all languages count. The column is written when
    the row is saved; ``save(update_fields=…)``, ``bulk_update`` and ``update`` of a
    name have to name this column too. ``filter(column__named="…")`` finds rows with a
    name that contains the words, in whatever form they are written.
    """

    def __init__(self, *args, sources: Sequence[str] = (), **kwargs):
        self.sources = tuple(sources)
        kwargs |= {"editable": False, "blank": True, "default": ""}
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

    def _names(self, row: models.Model) -> Iterator[str]:
        for source in self.sources:
            localized = [build_localized_fieldname(source, code) for code in BY_CODE]
            for name in localized if _has_field(row, localized[0]) else [source]:
                yield getattr(row, name) or ""


@NameKeysField.register_lookup
class Named(Contains):
    """Whether one of the names contains these words, compared by their loose key."""

    lookup_name = "named"

    def get_prep_lookup(self):
        return loose_name_key(str(self.rhs))

    def as_sql(self, compiler, connection):
        # Back ends have an operator for the lookups of Django only.
        return compiler.compile(Contains(self.lhs, self.rhs))


def keys_of_names(names: Iterator[str] | Sequence[str]) -> list[str]:
    """The loose key of each of ``names`` once, without empty ones."""
    return [key for key in dict.fromkeys(map(loose_name_key, names)) if key]


def _has_field(row: models.Model, name: str) -> bool:
    try:
        row._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True
