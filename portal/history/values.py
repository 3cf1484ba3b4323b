"""Values as the history keeps them, in the words of a reader.

What is kept is text, and stays as it was written; here it is told by the field: a
choice by its label, a key by the name of its row. What cannot be told so stays as it
is kept.
"""

import datetime as dt
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from portal.history.naming import date_called, key_of, language_called, may_see, named

# How many-to-many relations are kept, by forms and by spreadsheets.
_BETWEEN = re.compile(r"\s*;\s*")
_NUMBER = re.compile(r"#([0-9]{1,18})")
_YES = ("true", "yes", "True", "on")
_NO = ("false", "no", "False")

Kept = tuple[type[models.Model], str, str]


class Values:
    """Tells values of fields to ``reader`` (a user; None may see no row's name).

    ``kept`` are all that are going to be told, each with model and field: the rows that
    they name are looked up at once, in one query for each model.
    """

    def __init__(self, kept: Iterable[Kept], reader):
        asked: dict[type[models.Model], set[str]] = defaultdict(set)
        for model, name, value in kept:
            related = getattr(_field(model, name), "related_model", None)
            if related and value:
                asked[related].update(_BETWEEN.split(value))
        self._names = {
            model: _names_of(model, tokens, reader)
            for model, tokens in asked.items()
            if reader is not None and may_see(reader, model)
        }

    def told(
        self, model: type[models.Model], name: str, value: str, precision: str = ""
    ) -> str:
        """``value`` of the field ``name`` of ``model``; HTML where it is safe.

        ``precision`` says how exactly a date is known: ``day``, ``month``, ``year``; ""
        where dates of this field are always exact.
        """
        field = _field(model, name)
        if field is None or not value:
            return value
        if field.is_relation:
            return self._related(field, value)
        if name in getattr(model, "language_fields", ()):
            return _languages(value)
        if field.flatchoices:
            labels = {str(code): str(label) for code, label in field.flatchoices}
            return labels.get(value, value)
        if precision and isinstance(field, models.DateField):
            return _date(value, precision)
        return _plain(field, value)

    def _related(self, field: models.Field, value: str) -> str:
        names = self._names.get(field.related_model, {})
        parts = _BETWEEN.split(value)
        if not any(part in names for part in parts):
            return value
        told = ((names.get(part, part),) for part in parts)
        return format_html_join("; ", "{}", told)


def _field(model: type[models.Model], name: str) -> models.Field | None:
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None  # it is gone; its history stays


def _names_of(model: type[models.Model], tokens: set[str], reader) -> dict[str, str]:
    """Names by how the history keeps a row: by its public key, or as ``#12``."""
    pks = [int(found[1]) for one in tokens if (found := _NUMBER.fullmatch(one))]
    asked = models.Q(pk__in=pks)
    key = key_of(model)
    if key:
        column = model._meta.get_field(key)
        is_number = isinstance(column, models.IntegerField)
        keys = [
            one for one in tokens if not is_number or re.fullmatch("[0-9]{1,9}", one)
        ]
        asked |= models.Q(**{f"{key}__in": keys})
    found = {}
    for row, name in named(models.QuerySet(model).filter(asked), reader):
        told = _with_key(name, str(getattr(row, key)) if key else "")
        found[f"#{row.pk}"] = told
        if key:
            found[str(getattr(row, key))] = told
    return found


def _with_key(name: str, key: str) -> str:
    if not key or key == name:
        return name
    return _("%(name)s (%(key)s)") % {"name": name, "key": key}


def _languages(value: str) -> str:
    """Codes of languages by name: a JSON list, as a sheet has it, or one."""
    try:
        codes = json.loads(value)
    except ValueError:
        codes = _BETWEEN.split(value)
    if not isinstance(codes, list) or not all(isinstance(one, str) for one in codes):
        return value
    return "; ".join(language_called(code) for code in codes)


def _plain(field: models.Field, value: str) -> str:
    for kind, tell in _TELLERS:
        if isinstance(field, kind):
            try:
                return tell(value)
            except (ValueError, InvalidOperation, OverflowError):
                return value
    return value


def _yes_or_no(value: str) -> str:
    if value in _YES:
        return _("Yes")
    return _("No") if value in _NO else value


def _moment(value: str) -> str:
    at = dt.datetime.fromisoformat(value)
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def _day(value: str) -> str:
    return date_format(dt.date.fromisoformat(value), "DATE_FORMAT")


def _date(value: str, precision: str) -> str:
    try:
        return date_called(dt.date.fromisoformat(value), precision)
    except ValueError:
        return value


def _time(value: str) -> str:
    return date_format(dt.time.fromisoformat(value), "TIME_FORMAT")


def _decimal(value: str) -> str:
    return format(Decimal(value), "f")


# A moment is a kind of day to Django: it comes first.
_TELLERS: tuple[tuple[type[models.Field], Callable[[str], str]], ...] = (
    (models.BooleanField, _yes_or_no),
    (models.DateTimeField, _moment),
    (models.DateField, _day),
    (models.TimeField, _time),
    (models.DecimalField, _decimal),
)
